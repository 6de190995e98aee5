"""Time one update of the training of 1998, written in four ways: python tools/time_updates.py

Each way trains the same network on the same digits; the best of three rounds counts, the ways taking turns, since
other programs disturb all of them. Writes data/update_times.json. Compare the ratios: the milliseconds are those of
one machine.
"""

import json
import pathlib
import time

import record as records

import lenet_keras as lk
from lenet_keras import training_1998 as sdlm

RECORD = pathlib.Path(__file__).resolve().parent.parent / "data" / "update_times.json"
UPDATES = 1000
ROUNDS = 3


def main():
    keras = lk.start_keras()
    digits = lk.load_digits()
    images, labels = digits.x_train[:UPDATES], digits.y_train[:UPDATES]
    as_product = sdlm._convolve
    ways = {
        "plain graph, Keras's convolution": (False, lambda layer, maps: layer(maps)),
        "plain graph, convolution as a product of matrices": (False, as_product),
        "compiled by XLA, Keras's convolution": (True, lambda layer, maps: layer(maps)),
        "compiled by XLA, convolution as a product of matrices": (True, as_product),
    }
    trainers, best = {}, {}
    for name, (compiled, convolve) in ways.items():
        keras.utils.set_random_seed(0)
        trainers[name] = sdlm.DiagonalLevenbergMarquardt(lk.lenet5_1998(), compiled=compiled)
        sdlm._convolve = convolve
        trainers[name].estimate(images[:100])
        trainers[name].run(images, labels, sdlm.SCHEDULE[0])  # the first call also traces and compiles
    for _ in range(ROUNDS):
        for name, trainer in trainers.items():
            started = time.perf_counter()
            trainer.run(images, labels, sdlm.SCHEDULE[0])
            seconds = time.perf_counter() - started
            best[name] = min(seconds, best.get(name, seconds))
    slowest = max(best.values())
    for name, seconds in best.items():
        print(f"{name:55} {1000 * seconds / UPDATES:6.2f} ms, {slowest / seconds:4.1f} times as fast as the slowest")
    record = {
        "command": "python tools/time_updates.py",
        "conditions": f"best of {ROUNDS} rounds of {UPDATES} updates; {records.MACHINE}",
        "versions": records.versions(),
        "milliseconds": {name: round(1000 * seconds / UPDATES, 2) for name, seconds in best.items()},
    }
    records.write(RECORD, json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
