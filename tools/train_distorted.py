"""Train LeNet-5 on distorted digits, and record how: python tools/train_distorted.py [--plain]

The network is `lk.lenet5()`; each epoch's digits are distorted anew. Writes data/lenet5_distorted.weights.h5 and its
record data/lenet5_distorted.json. With --plain, for control: the same training on the digits as they are, of which
only the record is kept, data/lenet5_undistorted.json. The recipe and the ranges were fixed beforehand; the test digits
are looked at once, after the training. Needs MNIST. Five to ten minutes on two cores.
"""

import argparse
import json
import pathlib
import time

import numpy as np
import record as records

import lenet_keras as lk

DATA = pathlib.Path(__file__).resolve().parent.parent / "data"
EPOCHS, BATCH, RATE, WARM_UP = 30, 128, 0.002, 1
RANGES = {"shift": 2, "scale": 0.12, "squeeze": 0.12, "shear": 0.15, "rotation": 12}


def train(model, digits, ranges, seed):
    """Train; the curves by epoch."""
    keras = lk.start_keras()
    learn, validate = lk.split(digits)
    updates = -(-len(learn) // BATCH)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, (EPOCHS - WARM_UP) * updates, warmup_target=RATE, warmup_steps=WARM_UP * updates
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate), loss, metrics=["accuracy"])
    curves = {"training_error": [], "validation_error": []}
    for epoch in range(EPOCHS):
        started = time.perf_counter()
        order = np.random.default_rng([seed, epoch]).permutation(learn)
        images = digits.x_train[order]
        if ranges:
            images = lk.distort.distorted(images, [seed, 1, epoch], ranges)
        figures = model.fit(images, digits.y_train[order], batch_size=BATCH, shuffle=False, verbose=0).history
        _, accuracy = model.evaluate(digits.x_train[validate], digits.y_train[validate], batch_size=1000, verbose=0)
        curves["training_error"].append(round(1 - figures["accuracy"][0], 5))
        curves["validation_error"].append(round(1 - accuracy, 5))
        seconds = time.perf_counter() - started
        print(
            f"epoch {epoch + 1:2}:",
            {name: f"{v[-1]:.2%}" for name, v in curves.items()},
            f"{seconds:.0f} s",
            flush=True,
        )
    return curves


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plain", action="store_true", help="for control: the digits as they are")
    parser.add_argument("--seed", type=int, default=1, help="of the starting weights, the order and the distortions")
    parser.add_argument("--folder", type=pathlib.Path, default=DATA, help="where to put the files")
    arguments = parser.parse_args()

    keras = lk.start_keras()
    digits = lk.load_digits("mnist")
    keras.utils.set_random_seed(arguments.seed)
    model = lk.lenet5()
    ranges = {} if arguments.plain else RANGES
    curves = train(model, digits, ranges, arguments.seed)
    result = lk.error_rate(digits.y_test, lk.probabilities(model, digits.x_test).argmax(axis=1))
    print(f"test: {result}")

    arguments.folder.mkdir(parents=True, exist_ok=True)
    record = {
        "command": f"python tools/train_distorted.py --seed {arguments.seed}{' --plain' * arguments.plain}",
        "data": "MNIST: nine tenths of the 60,000 training digits; one tenth, as it is, for validation",
        "ranges": ranges,
        "recipe": {
            "epochs": EPOCHS,
            "batch_size": BATCH,
            "optimizer": "adam",
            "learning_rate": RATE,
            "schedule": f"up from 0 in the first {WARM_UP} of the epochs, then down to 0 along half a cosine",
        },
        "seed": arguments.seed,
        "versions": records.versions(),
        "curves": curves,
        "test_errors": result.errors,
        "test_digits": result.total,
    }
    name = "lenet5_undistorted" if arguments.plain else "lenet5_distorted"
    if not arguments.plain:
        record["sha256"] = records.ship(model, lk.lenet5(), arguments.folder / f"{name}.weights.h5")
    records.write(arguments.folder / f"{name}.json", json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
