"""Train one network on several devices that are one processor: python tools/devices.py WEIGHTS.npz [DEVICES ...]

A logical device is a part of a processor that TensorFlow treats as a device of its own; this must be settled before
TensorFlow computes anything, so that a notebook cannot do it. For each number of devices the same network is trained on
the same batches by MirroredStrategy: every device holds the same weights and takes its part of each batch. Writes the
weights, an array for each number of devices, and prints a line for each. Lesson 26 uses it.
"""

import argparse
import os
import pathlib

import numpy as np

DIGITS, BATCH, RATE = 2_560, 64, 0.1


def trained(strategy, digits, batch):
    """The weights after one pass, in one array, and the mean loss."""
    import lenet_keras as lk

    keras = lk.start_keras()
    keras.utils.set_random_seed(0)
    with strategy.scope():
        network = lk.lenet5()
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        network.compile(keras.optimizers.SGD(RATE), loss)
    images, labels = lk.normalise(digits.x_train[:DIGITS]), digits.y_train[:DIGITS]
    history = network.fit(images, labels, batch_size=batch, shuffle=False, verbose=0).history
    return np.concatenate([array.ravel() for array in network.get_weights()]), history["loss"][0]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=pathlib.Path, help="where to write the weights")
    parser.add_argument("devices", type=int, nargs="*", default=[1, 2, 4])
    parser.add_argument("--batch", type=int, default=BATCH, help="digits in an update, of all devices together")
    arguments = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf

    import lenet_keras as lk

    processor = tf.config.list_physical_devices("CPU")[0]
    parts = [tf.config.LogicalDeviceConfiguration()] * max(arguments.devices)
    tf.config.set_logical_device_configuration(processor, parts)
    digits, found = lk.data.find()[0], {}
    for count in arguments.devices:
        strategy = tf.distribute.MirroredStrategy([f"CPU:{number}" for number in range(count)])
        found[str(count)], loss = trained(strategy, digits, arguments.batch)
        print(f"devices: {strategy.num_replicas_in_sync}, loss {loss:.3f}", flush=True)
    np.savez(arguments.weights, **found)


if __name__ == "__main__":
    main()
