"""Time the distortions against a training epoch: python tools/time_distortions.py

A pass of each kind over 60,000 images, and an epoch of `lk.lenet5()` on as many, 128 an update; the best of five
rounds counts, all taking turns, since other programs disturb them. Writes data/distortion_times.json. The ratios are
what counts: the seconds are those of one machine.
"""

import json
import pathlib
import time

import numpy as np
import record as records
from train_distorted import RANGES

import lenet_keras as lk
from lenet_keras import distort

RECORD = pathlib.Path(__file__).resolve().parent.parent / "data" / "distortion_times.json"
IMAGES, BATCH, ROUNDS = 60_000, 128, 5


def main():
    keras = lk.start_keras()
    import tensorflow as tf

    digits = lk.load_digits()
    chosen = np.random.default_rng(0).integers(len(digits.y_train), size=IMAGES)
    images, labels = digits.x_train[chosen], digits.y_train[chosen]
    model = lk.lenet5()
    model.compile(keras.optimizers.Adam(0.002), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(images[: 4 * BATCH], labels[: 4 * BATCH], batch_size=BATCH, verbose=0)  # the first call also traces
    rotations = np.random.default_rng(1).uniform(-12, 12, IMAGES)
    everything = RANGES | {"stroke": 0.5, "elastic": 1, "noise": 0.05}
    batches = tf.data.Dataset.from_tensor_slices((images, labels)).batch(BATCH).enumerate()
    batches = batches.map(distort.in_pipeline(0, RANGES))
    ways = {
        "rotation": lambda: distort.warped(images, distort.affine_maps(rotation=rotations)),
        "stroke, half a pixel": lambda: distort.stroke(images, 0.5),
        "noise, 0.1": lambda: distort.noise(images, 0, 0.1),
        "elastic, 1 pixel": lambda: distort.elastic(images, 0, 1),
        "training: ranges of tools/train_distorted.py": lambda: distort.distorted(images, 0, RANGES),
        "training, in a tf.data pipeline": lambda: [None for _ in batches],
        "training, with stroke, noise and elastic": lambda: distort.distorted(images, 0, everything),
        "epoch": lambda: model.fit(images, labels, batch_size=BATCH, shuffle=False, verbose=0),
    }
    best = {}
    for _ in range(ROUNDS):
        for name, work in ways.items():
            started = time.perf_counter()
            work()
            seconds = time.perf_counter() - started
            best[name] = min(seconds, best.get(name, seconds))
    ratios = {name: round(seconds / best["epoch"], 3) for name, seconds in best.items() if name != "epoch"}
    for name, ratio in ratios.items():
        print(f"{name:46} {best[name]:5.2f} s, {ratio:6.1%} of an epoch")
    record = {
        "command": "python tools/time_distortions.py",
        "conditions": f"{IMAGES:,} images; best of {ROUNDS} rounds; {records.MACHINE}",
        "versions": records.versions(),
        "epoch_seconds": round(best["epoch"], 2),
        "share_of_an_epoch": ratios,
    }
    records.write(RECORD, json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
