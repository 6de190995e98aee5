"""Train LeNet-5 as its authors did, and record the run: python tools/reproduce_1998.py --seed 0 [--distort]

Twenty passes over the 60,000 training digits, one pattern per update, with the second-order optimiser of the paper.
A run takes five to fifteen minutes on one core. It keeps its state after each pass in --folder, so that it goes on
where it was stopped; when it is done, its curves, seed, versions and wall time are added to data/reproduction.json
(a run of the same seed and setting is replaced). Needs MNIST. The test digits are looked at after each pass, as in
the paper's Fig. 5; nothing is chosen by them.
"""

import argparse
import json
import os
import pathlib
import platform
import tempfile
import time

import numpy as np

import lenet_keras as lk
from lenet_keras import distort, sdlm

RECORD = pathlib.Path(__file__).resolve().parent.parent / "data" / "reproduction.json"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0, help="of the starting weights, the order and the distortions")
    parser.add_argument("--distort", action="store_true", help="train on randomly distorted digits")
    parser.add_argument("--passes", type=int, default=len(sdlm.SCHEDULE), help="stop early; fewer are not recorded")
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()))
    arguments = parser.parse_args()

    keras = lk.start_keras()
    digits = lk.load_digits("mnist")
    seed = arguments.seed
    keras.utils.set_random_seed(seed)
    model = lk.lenet5_1998()
    optimiser = sdlm.DiagonalLevenbergMarquardt(model)
    order = np.random.default_rng([seed, 0]).permutation(len(digits.y_train))
    state = arguments.folder / f"reproduction-{seed}{'-distorted' if arguments.distort else ''}.npz"
    curves = {"running_training_error": [], "test_errors": [], "lowest_rate": [], "highest_rate": [], "seconds": []}
    if state.exists():
        with np.load(state, allow_pickle=False) as saved:
            model.set_weights([saved[f"weights{i}"] for i in range(len(model.weights))])
            curves = json.loads(str(saved["curves"]))

    for number in range(len(curves["test_errors"]), arguments.passes):
        started, eta = time.perf_counter(), sdlm.SCHEDULE[number]
        images = digits.x_train
        if arguments.distort:
            # One digit in ten stays as it is, as in the paper's 60,000 + 540,000 patterns.
            as_it_is = np.random.default_rng([seed, 1, number]).random(len(images)) < 0.1
            images = np.where(as_it_is[:, None, None, None], images, distort.distorted(images, [seed, 2, number]))
        sample = np.random.default_rng([seed, 3, number]).choice(len(images), sdlm.SAMPLES, replace=False)
        optimiser.estimate(images[sample], [seed, 4, number])
        rates = optimiser.rates(eta)
        running = optimiser.run(images, digits.y_train, eta, order)
        answers = model.predict(digits.x_test, batch_size=1000, verbose=0).argmin(axis=1)
        curves["running_training_error"].append(round(running, 5))
        curves["test_errors"].append(int((answers != digits.y_test).sum()))
        curves["lowest_rate"].append(float(f"{min(rate.min() for rate in rates):.3g}"))
        curves["highest_rate"].append(float(f"{max(rate.max() for rate in rates):.3g}"))
        curves["seconds"].append(round(time.perf_counter() - started, 1))
        unfinished = state.with_suffix(".part")
        with open(unfinished, "wb") as file:
            weights = {f"weights{i}": weight for i, weight in enumerate(model.get_weights())}
            np.savez(file, curves=json.dumps(curves), **weights)
        os.replace(unfinished, state)
        print(
            f"pass {number + 1:2}: running training error {100 * running:.2f} %, "
            f"test error {curves['test_errors'][-1] / len(answers):.2%}, {curves['seconds'][-1]:.0f} s",
            flush=True,
        )
    if len(curves["test_errors"]) == len(sdlm.SCHEDULE):
        record(keras, seed, arguments.distort, curves)


def record(keras, seed, distorted, curves):
    """Add a finished run to data/reproduction.json."""
    import tensorflow

    runs = json.loads(RECORD.read_text(encoding="utf-8"))["runs"] if RECORD.exists() else []
    runs = [run for run in runs if (run["seed"], run["distorted"]) != (seed, distorted)]
    runs.append(
        {
            "seed": seed,
            "distorted": distorted,
            **curves,
            "wall_seconds": round(sum(curves["seconds"])),
            "versions": {
                "python": platform.python_version(),
                "tensorflow": tensorflow.__version__,
                "keras": keras.__version__,
            },
            "machine": f"{platform.machine()}, {os.cpu_count()} processor cores",
        }
    )
    runs.sort(key=lambda run: (run["distorted"], run["seed"]))
    settings = {
        "command": "python tools/reproduce_1998.py --seed SEED [--distort]",
        "data": "MNIST: 60,000 training digits, 10,000 test digits",
        "schedule": sdlm.SCHEDULE,
        "mu": sdlm.MU,
        "curvature_patterns": sdlm.SAMPLES,
        "loss": "equation 9 of half squared distances, j = 1",
        "starting_weights": "uniform in ±2.4 / the square root of the fan-in",
        "distortion_ranges": distort.RANGES,
        "runs": runs,
    }
    unfinished = RECORD.with_suffix(".part")
    unfinished.write_text(json.dumps(settings, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(unfinished, RECORD)


if __name__ == "__main__":
    main()
