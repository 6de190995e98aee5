"""Train a network that comes with the course, and record how: python tools/train.py KIND

    standard      lk.lenet5() on MNIST's training digits: data/lenet5
    distorted     the same network, on digits distorted anew in each epoch: data/lenet5_distorted
    best          the lowest error at this size: distorted elastically too, and under a teacher, a larger network that
                  is trained first: data/lenet5_best
    undistorted   for control: the recipe of "distorted" on the digits as they are: data/lenet5_undistorted
    strings       ten digits and a blank, from the weights of "distorted", on windows composed of training digits
                  that are distorted and put together anew in each epoch (lk.strings.training_images):
                  data/lenet5_strings

Writes NAME.weights.h5, which lk.load_lenet5 loads, and its record NAME.json. Recipes and ranges were fixed
beforehand; of "best", its length, the elastic maps and the teacher were chosen on validation digits. The test digits
are looked at once, after the training; by "strings" not at all.
Needs MNIST. Five to ten minutes on two cores, "best" half an hour with its teacher. `best --seeds 5` trains five
networks, one after the other, in build/networks, unless they are there; the record of the first then holds the errors
of all. That takes an hour and a half.
"""

import argparse
import dataclasses
import pathlib
import shutil
import subprocess
import sys
import time

import numpy as np
import record as records

import lenet_keras as lk

RANGES = {"shift": 2, "scale": 0.12, "squeeze": 0.12, "shear": 0.15, "rotation": 12}
WINDOWS = {"noise": 0.0, "blanks": 0.35, "jitter": 1}
# Of each digit by itself, in each epoch anew: less than RANGES, since in a string a digit has neighbours to lean on
# and a line to stand on; no shift, since its place is what the network must tell.
WINDOW_RANGES = {"scale": 0.1, "squeeze": 0.1, "shear": 0.15, "rotation": 8}
# Of so many digits the windows of an epoch are composed, drawn and distorted anew each time: more cost time only.
DIGITS_AN_EPOCH = 20_000
VALIDATION_WINDOWS = 10_000
DIGITS = "MNIST: nine tenths of the 60,000 training digits; one tenth for validation"
NETWORKS = records.DATA.parent / "build" / "networks"
LONG = lk.Recipe(epochs=30, batch_size=128, optimizer="adam", learning_rate=0.002, decay=True, warm_up=1)
# The digits to learn from are chosen here, so that train need keep none back. 60 epochs: most strings
# that are read wrongly have one misread digit, and their number falls slowly until the rate has come down.
ON_WINDOWS = lk.Recipe(epochs=60, batch_size=64, optimizer="adam", learning_rate=0.002, decay=True, validate=False)
# Once more as long from there: the rate rises again to half, and falls. Of strings of five touching validation digits
# 6 to 7 in 100 were then misread in two passes, before 7 to 8.
AGAIN = dataclasses.replace(ON_WINDOWS, learning_rate=0.001)
BENT = RANGES | {"elastic": 0.7}
TEACHER = lk.Recipe(epochs=16, batch_size=128, optimizer="adam", learning_rate=0.004, decay=True, warm_up=0.5)
KINDS = {
    "standard": ("lenet5", lk.RECIPES["standard"]),
    "distorted": ("lenet5_distorted", LONG),
    "best": ("lenet5_best", lk.RECIPES["best"]),
    "undistorted": ("lenet5_undistorted", LONG),
    "strings": ("lenet5_strings", ON_WINDOWS),
}


def bent(ranges):
    """For lk.train: the digits of an epoch, distorted within these ranges."""

    def fresh(images, labels, numbers):
        seed, epoch = numbers
        return lk.distort.distorted(images, [seed, 1, epoch], ranges), labels

    return fresh


def on_digits(kind, recipe, digits, seed):
    """Train on single digits; the network, its further settings, its results."""
    ranges = {"distorted": RANGES, "best": BENT}.get(kind)
    model = lk.lenet5()  # first, since the teacher has a seed of its own
    guide, further = teacher(digits) if kind == "best" else (None, {})
    history = lk.train(model, digits, recipe, seed=seed, fresh=bent(ranges) if ranges else None, teacher=guide)
    curves = {
        name: [round(share, 5) for share in history[key]]
        for name, key in (("training_error", "error"), ("validation_error", "validation_error"))
    }
    judged = lk.error_rate(digits.y_test, lk.probabilities(model, digits.x_test).argmax(axis=1))
    print(f"test: {judged}")
    last = {name: curve[-1] for name, curve in curves.items()}
    results = last | {"test_errors": judged.errors, "test_digits": judged.total, "curves": curves}
    return model, ({"ranges": ranges} if ranges else {}) | further, results


def teacher(digits):
    """The teacher of "best", from build/networks, or trained now; and what the record says of it."""
    path, told = NETWORKS / "teacher.weights.h5", NETWORKS / "teacher.json"
    settings = {"recipe": dataclasses.asdict(TEACHER), "seed": 0, "ranges": BENT}
    record = records.read(told)
    if not path.exists() or not record or record["settings"] != settings:
        lk.start_keras().utils.set_random_seed(0)
        model, started = larger(), time.perf_counter()
        history = lk.train(model, digits, TEACHER, fresh=bent(BENT))
        results = {
            "parameters": model.count_params(),
            "validation_error": round(history["validation_error"][-1], 5),
            "seconds": round(time.perf_counter() - started),
        }
        sha256 = records.ship(model, larger(), path)
        record = records.head("python tools/train.py best", DIGITS, settings) | {"results": results, "sha256": sha256}
        records.write(told, record)
    model = larger()  # which was never compiled, and expects no optimiser's state
    model.load_weights(path)
    return model, {"teacher": record["results"] | settings | {"sha256": record["sha256"]}}


def larger():
    """A network of today, four times as large as LeNet-5 and more: batch normalisation, dropout, three convolutions."""
    keras = lk.start_keras()
    layers = keras.layers

    def convolution(filters, side, **options):
        return (
            layers.Conv2D(filters, side, padding="same", use_bias=False, **options),
            layers.BatchNormalization(),
            layers.ReLU(),
        )

    return keras.Sequential(
        [
            keras.Input((32, 32, 1)),
            *convolution(32, 5, strides=2),
            *convolution(64, 3),
            layers.MaxPooling2D(),
            *convolution(96, 3),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.3),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.3),
            layers.Dense(10),
        ]
    )


def on_windows(recipe, digits, seed, close=True):
    """Train on windows of strings; the network, its further settings, its results."""
    learn, validate = lk.split(digits)
    x, y = digits.x_train[learn], digits.y_train[learn]

    def windows(images, labels, numbers):
        # Composed of the digits in their own order, whatever the order of the epoch.
        rng = np.random.default_rng(numbers)
        drawn = rng.choice(len(y), min(DIGITS_AN_EPOCH, len(y)), replace=False)
        bent = lk.distort.distorted(x[drawn], rng.integers(2**32), WINDOW_RANGES)
        return lk.strings.training_images(bent, y[drawn], len(labels), rng, **WINDOWS, close=close)

    model = with_blank_class(lk.load_lenet5("distorted"))
    for stage, number in ((recipe, seed), (dataclasses.replace(AGAIN, epochs=recipe.epochs), seed + 1000)):
        lk.train(model, digits.replace(x_train=x, y_train=y), stage, seed=number, fresh=windows)
    # Judged on digits as they are, without inverted pixels, as the strings are; and where one answer is right.
    images, labels = lk.strings.training_images(
        digits.x_train[validate], digits.y_train[validate], VALIDATION_WINDOWS, np.random.default_rng([seed, 1000]),
        **WINDOWS | {"noise": 0.0}, either=0,
    )  # fmt: skip
    wrong = lk.probabilities(model, images).argmax(axis=1) != labels
    print(f"error on validation windows: {wrong.mean():.2%}")
    start = "lenet5_distorted.weights.h5; the blank's weights 0"
    settings = {"start": start, "then_rate": AGAIN.learning_rate, "windows_per_epoch": len(learn)}
    settings |= {"ranges": WINDOW_RANGES, **WINDOWS}
    return model, settings, {"window_error": round(float(wrong.mean()), 5), "validation_windows": len(labels)}


def with_blank_class(plain):
    """The plain network with an eleventh output, whose weights are 0."""
    model = lk.lenet5(outputs=11)
    *below, kernel, bias = plain.get_weights()
    model.set_weights([*below, np.pad(kernel, ((0, 0), (0, 1))), np.pad(bias, (0, 1))])
    return model


def trained(seed):
    """A network trained by the recipe "standard" with that seed: the shipped one is seed 1, the others lie in
    build/networks and are trained if they are not there.
    """
    if seed == 1:
        return lk.load_lenet5()
    path = NETWORKS / str(seed) / "lenet5.weights.h5"
    make("standard", seed, path)
    model = lk.lenet5()
    model.load_weights(path)
    return model


def make(kind, seed, path):
    """Train a network in a process of its own, unless it is there."""
    if not path.exists():
        command = [sys.executable, __file__, kind, "--seed", str(seed), "--folder", str(path.parent)]
        subprocess.run(command, check=True)


def of_seeds(kind, count):
    """Train with the seeds from 1, unless done; the first one's weights, and its record with the results of all."""
    name = KINDS[kind][0]
    paths = [NETWORKS / str(seed) / f"{name}.weights.h5" for seed in range(1, count + 1)]
    for seed, path in enumerate(paths, 1):
        if not (path.parent / f"{name}.json").exists():
            path.unlink(missing_ok=True)  # a run was killed before it wrote its record
        make(kind, seed, path)
    found = [records.read(path.parent / f"{name}.json") for path in paths]
    keys = ("validation_error", "test_errors", "seconds")
    record = found[0] | {"command": f"python tools/train.py {kind} --seeds {count}"}
    record["results"]["seeds"] = {key: [each["results"][key] for each in found] for key in keys}
    return paths[0], record


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--seed", type=int, default=1, help="of the starting weights, the order and what is fresh")
    parser.add_argument("--seeds", type=int, help='"best" alone: train with so many seeds, from 1')
    parser.add_argument("--epochs", type=int, help="instead of the recipe's, to try things")
    parser.add_argument("--folder", type=pathlib.Path, default=records.DATA, help="where to put the files")
    arguments = parser.parse_args()

    kind, seed = arguments.kind, arguments.seed
    name, recipe = KINDS[kind]
    if arguments.seeds is not None:
        if kind != "best" or arguments.seeds < 1 or arguments.epochs or seed != 1:
            parser.error('--seeds needs "best", at least 1, and neither --seed nor --epochs')
        weights, record = of_seeds(kind, arguments.seeds)
        shutil.copyfile(weights, arguments.folder / weights.name)
        records.write(arguments.folder / f"{name}.json", record)
        return
    command = f"python tools/train.py {kind} --seed {seed}"
    if arguments.epochs:
        recipe = dataclasses.replace(recipe, epochs=arguments.epochs)
        command += f" --epochs {arguments.epochs}"
    digits = lk.load_digits("mnist")
    if kind == "best":
        teacher(digits)  # whose seconds its own record tells
    lk.start_keras().utils.set_random_seed(seed)
    started = time.perf_counter()
    train = on_windows if kind == "strings" else lambda *given: on_digits(kind, *given)
    model, further, results = train(recipe, digits, seed)
    results["seconds"] = round(time.perf_counter() - started)

    data = DIGITS if kind != "strings" else DIGITS.replace("MNIST", "windows composed of MNIST's digits", 1)
    record = records.head(command, data, {"recipe": dataclasses.asdict(recipe), "seed": seed} | further)
    record["results"] = results
    weights = arguments.folder / f"{name}.weights.h5"
    record["sha256"] = records.ship(model, lk.lenet5(outputs=model.output_shape[1]), weights)
    records.write(arguments.folder / f"{name}.json", record)


if __name__ == "__main__":
    main()
