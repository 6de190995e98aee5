"""Train LeNet-5 in NumPy by spoiled backward passes, beside the right one: python tools/compare_passes.py

The network, its passes and the five mistakes are those of lenet_keras/course/from_scratch.py. Every pass learns 10,000
of MNIST's training digits by plain gradient descent, 1,500 updates of 16 digits; a seed decides the starting weights
and the order. The error on 2,000 validation digits is measured on the way. Three seeds for each mistake, five for the
right pass, for the one without the quarter, and for the right one at other rates, in all layers or in some; for
control three more in which the slope from the value before tanh is not let below 0.
Recorded in data/passes.json, each run as soon as it is finished. Needs MNIST; the test digits are not looked at.
About four minutes on one core.
"""

import argparse
import pathlib
import time

import numpy as np
import record as records
from threadpoolctl import threadpool_limits

import lenet_keras as lk
from lenet_keras.course import from_scratch

RECORD = records.DATA / "passes.json"
LEARN, JUDGE, BATCH, UPDATES, EVERY, RATE = 10_000, 2_000, 16, 1_500, 250, 0.1
FACTORS = {
    "twice the rate": dict.fromkeys(from_scratch.SHAPES, 2),
    "4 times the rate": dict.fromkeys(from_scratch.SHAPES, 4),
    "16 times in C1": {"C1": 16},
    "4 times in C3": {"C3": 4},
}
"""The right pass at other rates: how many times as large, by layer."""
LISTS = from_scratch.PASSES | from_scratch.CONTROLS
SEEDS = dict.fromkeys(LISTS, 3) | {"right": 5, "no quarter": 5} | dict.fromkeys(FACTORS, 5)


def run(digits, name, seed, updates=UPDATES, every=EVERY):
    """Train one network; its errors among the validation digits, the first before any update."""
    started = time.perf_counter()
    learn, validate = (part[:count] for part, count in zip(lk.split(digits), (LEARN, JUDGE), strict=True))
    layers = LISTS.get(name, from_scratch.LAYERS)
    rate = {layer: RATE * FACTORS.get(name, {}).get(layer, 1) for layer in from_scratch.SHAPES}
    start = from_scratch.random_weights(seed)
    weights = {layer: [array.astype("float32") for array in arrays] for layer, arrays in start.items()}
    steps = {layer: [np.zeros_like(array) for array in arrays] for layer, arrays in weights.items()}
    rng, order, errors = np.random.default_rng(seed), np.array([], int), []

    def measure():
        share = from_scratch.error_rate(weights, digits.x_train[validate], digits.y_train[validate])
        errors.append(round(share * len(validate)))

    with np.errstate(over="ignore", invalid="ignore"):  # one of the mistakes drives the weights beyond all bounds
        measure()
        for number in range(1, updates + 1):
            if len(order) < BATCH:
                order = rng.permutation(learn)
            batch, order = order[:BATCH], order[BATCH:]
            slopes = from_scratch.gradient(weights, digits.x_train[batch], digits.y_train[batch], layers)
            from_scratch.update(weights, slopes, steps, rate, momentum=0)
            if number % every == 0:
                measure()
    return {"errors": errors, "seconds": round(time.perf_counter() - started, 1)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", type=pathlib.Path, default=RECORD, help="the file to add to")
    arguments = parser.parse_args()
    digits = lk.load_digits("mnist")
    runs = records.runs(arguments.record, settings())
    for name, seeds in SEEDS.items():
        for seed in range(seeds):
            asked = {"pass": name, "seed": seed}
            if any(asked.items() <= done.items() for done in runs):
                continue
            with threadpool_limits(1):
                runs.append(asked | run(digits, name, seed) | records.conditions("numpy"))
            write(arguments.record, runs)
            print(asked, runs[-1]["errors"], f"{runs[-1]['seconds']:.0f} s", flush=True)


def settings():
    return {
        "training_digits": LEARN,
        "judged_digits": JUDGE,
        "batch_size": BATCH,
        "updates": UPDATES,
        "measured_every": EVERY,
        "rate": RATE,
        "factors_of_the_rate": FACTORS,
        "kind": "float32, NumPy's matrix products on one core",
    }


def write(path, runs):
    record = {
        "command": "python tools/compare_passes.py",
        "data": "MNIST's training digits only; the test digits are not used",
        "settings": settings(),
        "results": runs,
    }
    records.write(path, record)


if __name__ == "__main__":
    main()
