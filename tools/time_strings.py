"""Time a space displacement network against sliding the window: python tools/time_strings.py

Both read the same images, of several widths, with the same weights, as compiled graphs. The windows are cut out before
the clock starts, so that only the network's own work is compared. The best of the rounds counts, the two taking turns,
since other programs disturb both. Writes data/string_times.json. Compare the ratios: the milliseconds are those of one
machine.
"""

import json
import pathlib
import time

import numpy as np
import record as records

import lenet_keras as lk
from lenet_keras import strings

RECORD = pathlib.Path(__file__).resolve().parent.parent / "data" / "string_times.json"
WIDTHS = (32, 64, 128, 256)
IMAGES = 20
ROUNDS = 30


def main():
    lk.start_keras()
    import tensorflow as tf

    model = lk.lenet5()
    times = []
    for width in WIDTHS:
        wide = strings.space_displacement(model, width)
        images = np.random.default_rng(0).uniform(-0.1, 1.175, (IMAGES, 32, width, 1)).astype("float32")
        windows = np.concatenate([images[:, :, left : left + 32] for left in range(0, width - 31, 4)])
        work = {
            "windows": (tf.function(model.call), tf.constant(windows)),
            "displaced": (tf.function(wide.call), tf.constant(images)),
        }
        best = {}
        for _ in range(ROUNDS + 1):  # the first round also traces the graphs; it is never the best one
            for name, (call, given) in work.items():
                started = time.perf_counter()
                call(given).numpy()
                seconds = time.perf_counter() - started
                best[name] = min(seconds, best.get(name, seconds))
        times.append(
            {"width": width, "outputs": (width - 32) // 4 + 1}
            | {name: round(1000 * seconds / IMAGES, 3) for name, seconds in best.items()}
            | {"ratio": round(best["windows"] / best["displaced"], 1)}
        )
        print(times[-1], flush=True)
    record = {
        "command": "python tools/time_strings.py",
        "conditions": f"milliseconds for one image, {IMAGES} at a time; best of {ROUNDS} rounds; {records.MACHINE}",
        "versions": records.versions(),
        "times": times,
    }
    lines = ",\n  ".join(json.dumps(each) for each in record.pop("times"))
    text = json.dumps(record, indent=1).removesuffix("\n}") + f',\n "times": [\n  {lines}\n ]\n}}\n'
    records.write(RECORD, text)


if __name__ == "__main__":
    main()
