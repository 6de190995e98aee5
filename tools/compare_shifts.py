"""Measure how much a small shift of a digit changes the maps of C1, by pooling: python tools/compare_shifts.py

Of 200 validation digits, moved by 0 to 4 pixels down and to the right, for the filters of 20 networks before training
and of six trained networks (tools/train.py standard, seeds 1 to 6): the length of the change of the maps over the
length of the maps, averaged over the digits and the two directions. Once for the filters alone, as lesson 03 measures
them, and once for the layer with its biases and tanh; there the map of blank paper is subtracted first. Recorded in
data/shifts.json. Needs MNIST. The test digits are not looked at. A minute on one core, if the networks are there.
"""

import keras
import numpy as np
import record as records
import train

import lenet_keras as lk

RECORD = records.DATA / "shifts.json"
DIGITS, FRAME, SHIFTS = 200, 8, (0, 1, 2, 3, 4)
FRESH, TRAINED = tuple(range(20)), (1, 2, 3, 4, 5, 6)
TREATMENTS = {
    "not pooled": lambda maps: maps,
    "every second": lambda maps: maps[:, ::2, ::2],
    "average 2×2": lambda maps: keras.ops.average_pool(maps, 2),
    "maximum 2×2": lambda maps: keras.ops.max_pool(maps, 2),
}


def changes(layer, images):
    """By treatment, the relative change in per cent for each shift.

    Args:
        layer: a function from images to maps (n, rows, columns, maps).
        images: (n, rows, columns, 1), with enough paper around that nothing is lost when they move.
    """
    blank = np.full_like(images[:1], images.min())
    found = {name: np.zeros(len(SHIFTS)) for name in TREATMENTS}
    for axis in (1, 2):
        maps = [layer(np.roll(images, shift, axis)) for shift in SHIFTS]
        for name, treat in TREATMENTS.items():
            nothing = keras.ops.convert_to_numpy(treat(layer(blank)))
            treated = [keras.ops.convert_to_numpy(treat(each)) - nothing for each in maps]
            length = np.sqrt((treated[0] ** 2).sum(axis=(1, 2, 3)))
            moved = [np.sqrt(((each - treated[0]) ** 2).sum(axis=(1, 2, 3))) / length for each in treated]
            found[name] += 100 * np.mean(moved, axis=1) / 2
    return {name: values.round(1).tolist() for name, values in found.items()}


def fresh(seed):
    """LeNet-5 with its starting weights."""
    keras.utils.set_random_seed(seed)
    return lk.lenet5()


def main():
    digits = lk.load_digits("mnist")
    _, validate = lk.split(digits)
    chosen = np.random.default_rng(0).choice(validate, DIGITS, replace=False)
    sides = [(0, 0), (FRAME, FRAME), (FRAME, FRAME), (0, 0)]
    images = np.pad(digits.x_train[chosen], sides, constant_values=lk.data.PAPER)
    results = []
    for kind, seeds, network in (("fresh", FRESH, fresh), ("trained", TRAINED, train.trained)):
        for seed in seeds:
            c1 = network(seed).get_layer("C1")
            kernel = c1.kernel.numpy()
            entry = {"network": kind, "seed": seed}
            entry["filters"] = changes(lambda x, kernel=kernel: keras.ops.conv(x, kernel), images)
            entry["with tanh"] = changes(c1, images)
            results.append(entry)
            print(kind, seed, entry["filters"]["not pooled"], entry["filters"]["average 2×2"], flush=True)
    settings = {"digits": DIGITS, "shifts": list(SHIFTS), "treatments": list(TREATMENTS)}
    data = "MNIST: 200 of the validation digits, which are training digits; the test digits are not used"
    record = records.head("python tools/compare_shifts.py", data, settings)
    records.write(RECORD, record | {"results": results})


if __name__ == "__main__":
    main()
