"""Measure what things cost, and record it: python tools/timings.py SUBJECT

    distortions   a pass of each distortion over some images, by lk.distort and by layers of Keras, as a share of a
                  training epoch over as many
    im2col        LeNet-5's convolutions written in three ways and taken apart, the passes of lesson 24's network, and
                  one update by it and by Keras
    strings       a space displacement network against sliding a window over the string

Writes data/distortion_times.json, im2col_times.json or string_times.json. The ways take turns, and the best round of
each counts, since other programs disturb all of them. Compare the ratios: the times are those of one machine.
"""

import argparse
import functools
import pathlib
import time

import numpy as np
import record as records
import train
from threadpoolctl import threadpool_limits

import lenet_keras as lk
from lenet_keras.course import from_scratch


def distortions():
    import compare_distortions

    keras, distort = lk.start_keras(), lk.distort
    images_count, batch, rounds = 6_000, 128, 20  # short rounds, so that some of them are not disturbed
    digits = lk.load_digits("mnist")
    chosen = np.random.default_rng(0).integers(len(digits.y_train), size=images_count)
    images, labels = digits.x_train[chosen], digits.y_train[chosen]
    model = lk.lenet5()
    in_front = keras.Sequential([keras.Input((32, 32, 1)), *compare_distortions.keras_layers(keras, 0), lk.lenet5()])
    for each in (model, in_front):
        each.compile(keras.optimizers.Adam(0.002), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    rotations = np.random.default_rng(1).uniform(-12, 12, images_count)
    everything = train.RANGES | {"stroke": 0.5, "elastic": 1, "noise": 0.05}
    ways = {
        "rotation": lambda: distort.warped(images, distort.affine_maps(rotation=rotations)),
        "stroke, half a pixel": lambda: distort.stroke(images, 0.5),
        "noise, 0.1": lambda: distort.noise(images, 0, 0.1),
        "elastic, 1 pixel": lambda: distort.elastic(images, 0, 1),
        "training: the ranges of tools/train.py": lambda: distort.distorted(images, 0, train.RANGES),
        "training, with stroke, noise and elastic": lambda: distort.distorted(images, 0, everything),
        "the same maps by lk.distort": lambda: distort.distorted(images, 0, compare_distortions.RANGES),
        "three layers of Keras": lambda: in_front.fit(images, labels, batch_size=batch, shuffle=False, verbose=0),
        "epoch": lambda: model.fit(images, labels, batch_size=batch, shuffle=False, verbose=0),
    }
    best = records.best_of({name: (call, 1) for name, call in ways.items()}, rounds)
    epoch = best.pop("epoch")
    best["three layers of Keras"] -= epoch  # they stand in front of the network
    shares = {name: round(seconds / epoch, 3) for name, seconds in best.items()}
    settings = {"rounds": rounds, "images": images_count, "digits_an_update": batch}
    return settings, {"epoch_seconds": round(epoch, 3), "share_of_an_epoch": shares}


def by_loops(x, kernel, bias):
    """The convolution of lesson 02, with maps and images."""
    size, side = len(kernel), x.shape[1] - len(kernel) + 1
    y = np.empty((len(x), side, side, len(bias)), x.dtype)
    for image, row, column, number in np.ndindex(y.shape):
        window = x[image, row : row + size, column : column + size]
        y[image, row, column, number] = (window * kernel[..., number]).sum() + bias[number]
    return y


def im2col():
    """The functions of lesson 24. Its products of matrices use one core, as in the lesson: for matrices as small as
    these a second one mostly waits. Keras may use all; the time that every core worked is counted, so that other
    programs disturb little."""
    keras, rng = lk.start_keras(), np.random.default_rng(0)
    import tensorflow

    ways = {
        "loops": by_loops,
        "im2col": from_scratch.conv,
        "Keras": tensorflow.function(lambda x, kernel, bias: keras.ops.conv(x, kernel) + bias),
    }
    batch, rounds, microseconds, parts = 64, 12, {}, {}
    best_of = functools.partial(records.best_of, clock=time.process_time)
    # Side, maps in, maps out.
    for layer, (side, maps_in, maps_out) in {"C1": (32, 1, 6), "C3": (14, 6, 16), "C5": (5, 16, 120)}.items():
        shapes = (batch, side, side, maps_in), (5, 5, maps_in, maps_out), (maps_out,)
        arrays = [rng.normal(size=shape).astype("float32") for shape in shapes]
        calls = {}
        for name, way in ways.items():
            given = [keras.ops.convert_to_tensor(array) for array in arrays] if name == "Keras" else arrays
            calls[name] = (lambda way=way, given=given: way(*given)), 1 if name == "loops" else 10
        best = best_of({"loops": calls.pop("loops")}, 3) | best_of(calls, rounds)
        microseconds[layer] = {name: round(1e6 * seconds / batch, 1) for name, seconds in best.items()}
        best = best_of(_parts(*arrays), rounds)
        parts[layer] = {"products": (side - 4) ** 2 * 25 * maps_in * maps_out}
        parts[layer] |= {name: round(1e6 * seconds / batch, 1) for name, seconds in best.items()}
    passes, updates = {}, {}
    for size in (16, 64, 128):
        best = best_of(_passes(size), rounds)
        passes[str(size)] = {name: round(1e3 * seconds, 2) for name, seconds in best.items()}
    for size in (16, 128):
        best = best_of(_updates(size), rounds)
        updates[str(size)] = {name: round(1e3 * seconds, 2) for name, seconds in best.items()}
    pieces = {
        str(count): round(1e9 * seconds / _pieces(count)[1].size, 2)
        for count, seconds in best_of({k: (_pieces(k)[0], 10) for k in (1, 6, 64)}, rounds).items()
    }
    conditions = f"processor time, best of {rounds} rounds (loops: 3); NumPy's matrix products on one core"
    return {"conditions": conditions, "batch": batch}, {
        "microseconds": microseconds,
        "parts_microseconds": parts,
        "col2im_nanoseconds_a_number_by_maps": pieces,
        "pass_milliseconds": passes,
        "update_milliseconds": updates,
    }


def _parts(x, kernel, bias):
    """What a convolution does forward and backward, one piece at a time."""
    maps = from_scratch.conv(x, kernel, bias)
    rows, table, flat = from_scratch.im2col(x, 5), kernel.reshape(-1, len(bias)), maps.reshape(-1, len(bias))
    slopes = flat @ table.T
    return {
        "im2col": (lambda: from_scratch.im2col(x, 5), 10),
        "product forward": (lambda: rows @ table, 10),
        "product along the kernel": (lambda: rows.T @ flat, 10),
        "product along the rows": (lambda: flat @ table.T, 10),
        "col2im": (lambda: from_scratch.col2im(slopes, x, 5), 10),
    }


def _pieces(count):
    """col2im over maps of C3's size, but of another number, and the rows that it adds up."""
    x = np.zeros((16, 14, 14, count), "float32")
    rows = from_scratch.im2col(x, 5) + 1
    return lambda: from_scratch.col2im(rows, x, 5), rows


def _shipped(kind, batch):
    """The shipped network's weights, and images and labels of a batch, with numbers of a kind."""
    digits, model = lk.load_digits("mnist"), lk.load_lenet5()
    weights = {name: [w.astype(kind) for w in model.get_layer(name).get_weights()] for name in from_scratch.SHAPES}
    return weights, digits.x_train[:batch].astype(kind), digits.y_train[:batch]


def _passes(batch):
    """A forward pass, and the backward pass that follows, with 64 bits."""
    weights, images, labels = _shipped("float64", batch)
    values = from_scratch.forward(weights, images)
    g = from_scratch.loss_and_slopes(values[-1], labels)[1]
    return {
        "forward": (lambda: from_scratch.forward(weights, images), 4),
        "backward": (lambda: from_scratch.backward(weights, values, g), 4),
    }


def _updates(batch):
    """One update on a batch, by the lesson's functions with 64-bit and 32-bit numbers, and by Keras with 32-bit ones,
    called batch by batch."""
    keras, model, calls = lk.start_keras(), lk.load_lenet5(), {}
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.SGD(0.01), loss=loss)

    def update(weights, steps, images, labels):
        from_scratch.update(weights, from_scratch.gradient(weights, images, labels), steps, rate=0.01, momentum=0)

    for kind, name in (("float64", "NumPy, 64 bits"), ("float32", "NumPy, 32 bits")):
        weights, images, labels = _shipped(kind, batch)
        steps = {layer: [np.zeros_like(array) for array in arrays] for layer, arrays in weights.items()}
        arguments = (weights, steps, images, labels)
        calls[name] = (lambda arguments=arguments: update(*arguments)), 4
    calls["Keras, 32 bits"] = (lambda: model.train_on_batch(images, labels)), 4
    return calls


def strings():
    """The windows are cut out before the clock starts, so that only the network's own work is compared."""
    lk.start_keras()
    import tensorflow as tf

    model, count, rounds, widths = lk.lenet5(), 20, 30, []
    for width in (32, 64, 128, 256):
        wide = lk.strings.space_displacement(model, width)
        images = np.random.default_rng(0).uniform(-0.1, 1.175, (count, 32, width, 1)).astype("float32")
        windows = np.concatenate([images[:, :, left : left + 32] for left in range(0, width - 31, 4)])
        calls = {}
        for name, network, given in (("windows", model, windows), ("displaced", wide, images)):
            graph, tensor = tf.function(network.call), tf.constant(given)
            calls[name] = (lambda graph=graph, tensor=tensor: graph(tensor).numpy()), 1
        best = records.best_of(calls, rounds)
        row = {"width": width, "outputs": (width - 32) // 4 + 1}
        row |= {name: round(1000 * seconds / count, 3) for name, seconds in best.items()}
        widths.append(row | {"ratio": round(best["windows"] / best["displaced"], 1)})
    return {"rounds": rounds, "images": count, "unit": "milliseconds for one image"}, {"times": widths}


SUBJECTS = {
    "distortions": (distortions, "distortion_times", "images drawn from MNIST's training digits"),
    "im2col": (im2col, "im2col_times", "random numbers for the convolutions, MNIST's digits for the updates"),
    "strings": (strings, "string_times", "random images"),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("subject", choices=SUBJECTS)
    parser.add_argument("--folder", type=pathlib.Path, default=records.DATA, help="where to put the record")
    arguments = parser.parse_args()
    measure, name, data = SUBJECTS[arguments.subject]
    with threadpool_limits(1 if arguments.subject == "im2col" else None):
        settings, results = measure()
    record = records.head(f"python tools/timings.py {arguments.subject}", data, settings, "numpy")
    record["results"] = results
    print(records.layout(results))
    records.write(arguments.folder / f"{name}.json", record)


if __name__ == "__main__":
    main()
