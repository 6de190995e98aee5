"""Train one network on several devices that are one processor: python tools/devices.py WEIGHTS.npy DEVICES

A logical device is a part of a processor that TensorFlow treats as a device of its own; this must be settled before
TensorFlow computes anything, so that a notebook cannot do it. Whatever the number of devices, the same network is
trained on the same batches, by MirroredStrategy: every device holds the same weights and takes its part of each batch.
Writes the weights in one array, and prints the loss. Lesson 26 uses it.
"""

import argparse
import os
import pathlib

import numpy as np

DIGITS, BATCH, RATE = 2_560, 64, 0.1


def trained(strategy, digits):
    """The weights after one pass, in one array, and the mean loss."""
    import lenet_keras as lk

    keras = lk.start_keras()
    keras.utils.set_random_seed(0)
    with strategy.scope():
        network = lk.lenet5()
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        network.compile(keras.optimizers.SGD(RATE), loss)
    # Whole batches only: Keras takes the plain mean of the devices' slopes, also where their parts are unequal.
    count = min(DIGITS, len(digits.y_train)) // BATCH * BATCH
    images, labels = lk.normalise(digits.x_train[:count]), digits.y_train[:count]
    history = network.fit(images, labels, batch_size=BATCH, shuffle=False, verbose=0).history
    return np.concatenate([array.ravel() for array in network.get_weights()]), history["loss"][0]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=pathlib.Path, help="where to write the weights")
    parser.add_argument("devices", type=int)
    arguments = parser.parse_args()
    if arguments.devices < 1 or BATCH % arguments.devices:
        parser.error(f"a batch of {BATCH} digits cannot be shared out evenly among {arguments.devices} devices")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf

    import lenet_keras as lk

    processor = tf.config.list_physical_devices("CPU")[0]
    parts = [tf.config.LogicalDeviceConfiguration()] * arguments.devices
    tf.config.set_logical_device_configuration(processor, parts)
    strategy = tf.distribute.MirroredStrategy([f"CPU:{number}" for number in range(arguments.devices)])
    weights, loss = trained(strategy, lk.data.find()[0])
    np.save(arguments.weights, weights)
    print(f"devices: {strategy.num_replicas_in_sync}, loss {loss:.3f}")


if __name__ == "__main__":
    main()
