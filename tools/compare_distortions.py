"""What training on distorted digits mends, and what it does not: python tools/compare_distortions.py

Recorded in data/distortions.json: for each seed, LeNet-5 learns from 4,000 of MNIST's training digits, from the same
start, in the same order and in as many updates: as they are, under random maps by lk.distort, under the same by
Keras's layers, with noise, and with both. Each network is judged on 2,000 validation digits, as they are and
distorted by fixed amounts; for control also distorted and brought back, so that only the lost ink is missing, and
fainter, with as much ink as thinned ones. The seed also draws which digits are learned and judged. The test digits are
not looked at. Some four minutes on one core. Each finished run is added to the record at once, and a run that is there
already is not made again. Needs MNIST.
"""

import argparse
import math
import pathlib
import time

import numpy as np
import record as records

import lenet_keras as lk

RECORD = records.DATA / "distortions.json"
LEARN, JUDGE, REDRAWN = 4_000, 2_000, 300
EPOCHS, BATCH_SIZE, RATE = 8, 64, 0.004
RANGES = {"shift": 2, "scale": 0.12, "squeeze": 0.12, "rotation": 12}
KINDS = {
    "as they are": {},
    "maps": RANGES,
    "Keras's layers": RANGES,
    "noise": {"noise": 0.1},
    "maps and noise": RANGES | {"noise": 0.1},
}
PEN = 1.0
SEEDS = range(5)


def keras_layers(keras, seed):
    """RANGES as layers of Keras."""
    layers, paper = keras.layers, {"fill_mode": "constant", "fill_value": lk.data.PAPER}
    return [
        layers.RandomTranslation(RANGES["shift"] / 32, RANGES["shift"] / 32, seed=seed, **paper),
        layers.RandomZoom(RANGES["scale"], RANGES["squeeze"], seed=seed + 1, **paper),
        layers.RandomRotation(RANGES["rotation"] / 360, seed=seed + 2, **paper),
    ]


def trained_on(keras, kind, images, labels, seed):
    """LeNet-5 after the short training of one kind."""
    keras.utils.set_random_seed(seed)
    network = lk.lenet5()
    model = network
    if kind == "Keras's layers":
        model = keras.Sequential([keras.Input((32, 32, 1)), *keras_layers(keras, seed), network])
    rate = keras.optimizers.schedules.CosineDecay(RATE, EPOCHS * math.ceil(len(labels) / BATCH_SIZE))
    model.compile(keras.optimizers.Adam(rate), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    ranges = {} if kind == "Keras's layers" else KINDS[kind]
    for epoch in range(EPOCHS):
        order = np.random.default_rng([seed, epoch]).permutation(len(labels))
        seen = lk.distort.distorted(images, [seed, 1, epoch], ranges) if ranges else images
        model.fit(seen[order], labels[order], batch_size=BATCH_SIZE, shuffle=False, verbose=0)
    return network


def ink(images):
    """How much ink an image holds, in pixels that are all ink: (n,)."""
    return (images - lk.data.PAPER).sum(axis=(1, 2, 3)) / (lk.data.INK - lk.data.PAPER)


def fainter(images, share):
    """Each image paler, so that a share of its ink is left."""
    return lk.data.PAPER + np.reshape(share, (-1, 1, 1, 1)).astype("float32") * (images - lk.data.PAPER)


def changed(x, seed):
    """The digits to judge, by what was done to them."""
    warped, maps, stroke = lk.distort.warped, lk.distort.affine_maps, lk.distort.stroke
    thin = stroke(x, -1)
    yield "as they are", x
    for name, way in (("up", (-10, 0)), ("down", (10, 0)), ("right 4", (0, 4)), ("left 4", (0, -4))):
        name = f"{name} 10" if way[0] else name
        yield name, warped(x, shift=way)
        if way[0]:
            yield f"{name} and back", warped(warped(x, shift=way), shift=(-way[0], 0))
    for factor in (0.5, 2**-0.5, 2**0.5, 2):
        grown = warped(x, maps(scale=factor))
        yield f"size {factor:.2g}", grown
        yield f"size {factor:.2g} and back", warped(grown, maps(scale=1 / factor))
    for degrees in (-30, -20, 20, 30):
        turned = warped(x, maps(rotation=degrees))
        yield f"turned {degrees}", turned
        if abs(degrees) == 30:
            yield f"turned {degrees} and back", warped(turned, maps(rotation=-degrees))
    yield "noise 0.1", lk.distort.noise(x, [seed, 2], 0.1)
    yield "thicker 1", stroke(x, 1)
    yield "thinner 1", thin
    yield "fainter, as much ink as thinner 1", fainter(x, ink(thin) / ink(x))
    yield f"redrawn by a pen of {PEN:g}", lk.distort.redrawn(x[:REDRAWN], PEN)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", type=pathlib.Path, default=RECORD, help="the file to add to")
    arguments = parser.parse_args()
    keras, digits = lk.start_keras(), lk.load_digits("mnist")
    learn, validate = lk.split(digits)
    settings = {
        "training_digits": LEARN, "judged_digits": JUDGE, "redrawn_digits": REDRAWN, "epochs": EPOCHS,
        "batch_size": BATCH_SIZE, "optimizer": "adam", "learning_rate": RATE, "decay": True, "kinds": KINDS,
    }  # fmt: skip
    runs = records.runs(arguments.record, settings)
    for seed in SEEDS:
        missing = [kind for kind in KINDS if not any((run["seed"], run["kind"]) == (seed, kind) for run in runs)]
        if not missing:
            continue
        rng = np.random.default_rng([seed, 3])
        few, judged = rng.choice(learn, LEARN, replace=False), rng.choice(validate, JUDGE, replace=False)
        x, y = digits.x_train[judged], digits.y_train[judged]
        tests = dict(changed(x, seed))
        left = {
            name: round(float(ink(images).sum() / ink(x[: len(images)]).sum()), 4) for name, images in tests.items()
        }
        for kind in missing:
            started = time.perf_counter()
            network = trained_on(keras, kind, digits.x_train[few], digits.y_train[few], seed)
            seconds = time.perf_counter() - started
            errors = {}
            for name, images in tests.items():
                answers = lk.probabilities(network, images).argmax(axis=1)
                errors[name] = int((answers != y[: len(images)]).sum())
            result = {"seed": seed, "kind": kind, "errors": errors, "ink": left, "seconds": round(seconds, 1)}
            runs.append(result | records.conditions())
            record = {
                "command": "python tools/compare_distortions.py",
                "data": "MNIST's training digits only; the test digits are not used",
                "settings": settings,
                "results": runs,
            }
            records.write(arguments.record, record)
            print(f"seed {seed}, {kind}: {errors['as they are'] / JUDGE:.2%}, {seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main()
