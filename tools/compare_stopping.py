"""When to stop a training, tried over seeds: python tools/compare_stopping.py

Recorded in data/stopping.json: LeNet-5 learns from the same 3,000 of MNIST's training digits, from several seeds, with
a rate that falls to 0 within 5 epochs, with one that falls within 15, and with one that is kept for 30. After each
epoch it is measured on 3,000 validation digits, by which a stop may be chosen, and on 3,000 others, which choose
nothing and judge it. The test digits are not looked at. All of it takes some six minutes on one core. Each finished run
is added to the record at once, and a run that is there already is not made again. Needs MNIST.
"""

import argparse
import pathlib
import time

import record as records

import lenet_keras as lk

RECORD = records.DATA / "stopping.json"
LEARN, VALIDATE = 3_000, 3_000
BATCH_SIZE, RATE = 64, 0.002
ARMS = {"falls in 5": (5, True), "falls in 15": (15, True), "kept": (30, False)}
"""How the rate behaves: epochs, and whether it falls to 0 along half a cosine."""
SEEDS = range(6)


def run(keras, digits, arm, seed):
    """Train one network; its five curves, a number for each epoch."""
    learn, held_back = lk.split(digits)
    learn, choose, judge = learn[:LEARN], held_back[:VALIDATE], held_back[VALIDATE:]
    x, y = digits.x_train, digits.y_train
    epochs, falls = ARMS[arm]
    updates = epochs * -(-LEARN // BATCH_SIZE)
    started = time.perf_counter()
    keras.utils.set_random_seed(seed)
    model = lk.lenet5()
    rate = keras.optimizers.schedules.CosineDecay(RATE, updates) if falls else RATE
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate), loss, metrics=["accuracy"])
    curves = {name: [] for name in ("loss", "error", "validation_loss", "validation_error", "judged_error")}
    for _ in range(epochs):
        fitted = model.fit(x[learn], y[learn], batch_size=BATCH_SIZE, verbose=0).history
        chosen = model.evaluate(x[choose], y[choose], batch_size=1000, verbose=0)
        judged = model.evaluate(x[judge], y[judge], batch_size=1000, verbose=0)
        found = fitted["loss"][0], 1 - fitted["accuracy"][0], chosen[0], 1 - chosen[1], 1 - judged[1]
        for curve, figure in zip(curves.values(), found, strict=True):
            curve.append(round(float(figure), 5))
    return curves | {"seconds": round(time.perf_counter() - started, 1)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", type=pathlib.Path, default=RECORD, help="the file to add to")
    arguments = parser.parse_args()
    keras = lk.start_keras()
    digits = lk.load_digits("mnist")
    settings = {
        "training_digits": LEARN, "validation_digits": VALIDATE, "judging_digits": len(digits.y_train) // 10 - VALIDATE,
        "batch_size": BATCH_SIZE, "optimizer": "adam", "learning_rate": RATE,
        "arms": {arm: {"epochs": epochs, "falls": falls} for arm, (epochs, falls) in ARMS.items()},
    }  # fmt: skip
    runs = records.runs(arguments.record, settings)
    for seed in SEEDS:
        for arm in ARMS:
            if any((each["seed"], each["arm"]) == (seed, arm) for each in runs):
                continue
            result = run(keras, digits, arm, seed)
            runs.append({"seed": seed, "arm": arm, **result, **records.conditions()})
            record = {
                "command": "python tools/compare_stopping.py",
                "data": "MNIST's training digits only; the test digits are not used",
                "settings": settings,
                "results": runs,
            }
            records.write(arguments.record, record)
            print(f"seed {seed}, {arm}: error {result['judged_error'][-1]:.2%}, {result['seconds']:.0f} s", flush=True)


if __name__ == "__main__":
    main()
