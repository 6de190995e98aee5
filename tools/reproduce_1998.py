"""Train LeNet-5 as its authors did, and record the run: python tools/reproduce_1998.py --seed 0 [--distort]

Twenty passes over the 60,000 training digits, one pattern per update, with the second-order optimiser of the article.
With --digits 15000 or 30000: over that many of them, drawn anew for each seed, as for the article's Fig. 6. With
--variant: one thing that the sources leave open is done otherwise. With --adam, for comparison: Adam, 64 digits per
update, its rate falling along half a cosine. A run takes five to ten minutes on one processor core. It keeps its
state after each pass in --folder, so that it goes on where it was stopped; when it is done, its curves, seed,
versions and wall time are added to data/reproduction.json (a run of the same seed and setting is replaced). Needs
MNIST. The test digits are looked at after each pass, as in the article's Fig. 5; nothing is chosen by them.
"""

import argparse
import json
import os
import pathlib
import tempfile
import time

import numpy as np
import record as records

import lenet_keras as lk
from lenet_keras import distort, training_1998

RECORD, FOLDER = records.DATA / "reproduction.json", pathlib.Path(tempfile.gettempdir())
PASSES = len(training_1998.SCHEDULE)
ADAM = {"learning_rate": 0.002, "digits_per_update": 64}
WIDER = {name: 1.5 * value for name, value in distort.RANGES.items()}
VARIANTS = {
    "equation 8": {"junk": None},
    "j = 20": {"junk": 20.0},
    "whole distances": {"scale": 1.0},
    "wider distortions": {},
}
"""What the sources leave open, done otherwise: arguments of the optimiser, or the ranges in `WIDER`."""
PLAN = {
    **{("second order", False, size, "none"): range(3) for size in (15_000, 30_000)},
    ("second order", False, 60_000, "none"): range(5),
    ("second order", True, 60_000, "none"): range(3),
    **{("second order", name == "wider distortions", 60_000, name): range(1) for name in VARIANTS},
    ("Adam", False, 60_000, "none"): range(1),
}
"""The recorded runs: optimiser, whether distorted, digits and variant, with the seeds of each."""
KEYS = ("optimiser", "distorted", "digits", "variant", "seed")


def second_order(model, order, seed, variant):
    """The article's training: a function that makes one pass over images and labels, and what a resumed run needs."""
    optimiser = training_1998.DiagonalLevenbergMarquardt(model, **VARIANTS.get(variant, {}))

    def one_pass(number, images, labels):
        eta = training_1998.SCHEDULE[number]
        sample = np.random.default_rng([seed, 3, number]).choice(order, training_1998.SAMPLES, replace=False)
        optimiser.estimate(images[sample])
        rates = optimiser.rates(eta)
        return {
            "running_training_error": round(optimiser.run(images, labels, eta, order), 5),
            "lowest_rate": float(f"{min(rate.min() for rate in rates):.3g}"),
            "highest_rate": float(f"{max(rate.max() for rate in rates):.3g}"),
        }

    return one_pass, model.variables


def adam(model, order, seed, _):
    """Today's habit, for comparison, with the same loss; the same two things as `second_order`."""
    keras = lk.start_keras()
    size = ADAM["digits_per_update"]
    rate = keras.optimizers.schedules.CosineDecay(ADAM["learning_rate"], PASSES * -(-len(order) // size))

    def wrong(labels, distances):
        return keras.ops.not_equal(keras.ops.argmin(distances, axis=1), keras.ops.cast(labels, "int64")[:, 0])

    equation_9 = lk.layers.MaximumAPosteriori()

    def loss(labels, distances):
        return equation_9(labels, distances / 2)

    optimiser = keras.optimizers.Adam(rate)
    model.compile(optimiser, loss, metrics=[wrong], jit_compile=True)
    optimiser.build(model.trainable_variables)

    def one_pass(number, images, labels):
        now = np.random.default_rng([seed, 5, number]).permutation(order)
        history = model.fit(images[now], labels[now, None], batch_size=size, shuffle=False, verbose=0).history
        return {"running_training_error": round(history["wrong"][0], 5)}

    return one_pass, [*model.variables, *optimiser.variables]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0, help="of the starting weights, the order and the distortions")
    parser.add_argument("--distort", action="store_true", help="train on randomly distorted digits")
    parser.add_argument("--digits", type=int, default=60_000, help="how many of the training digits to learn from")
    parser.add_argument("--variant", choices=list(VARIANTS), help="do otherwise what the sources leave open")
    parser.add_argument("--adam", action="store_true", help="train with Adam and batches, for comparison")
    parser.add_argument("--passes", type=int, default=PASSES, help="stop early; fewer than all are not recorded")
    parser.add_argument("--folder", type=pathlib.Path, default=FOLDER, help="where the state is kept")
    parser.add_argument("--record", type=pathlib.Path, default=RECORD, help="the file to add to")
    arguments = parser.parse_args()

    if arguments.variant and arguments.adam:
        parser.error("the variants are those of the training of 1998: leave out --adam or --variant")
    if (arguments.variant == "wider distortions") > arguments.distort:
        parser.error("wider distortions need --distort")
    setting = (
        "Adam" if arguments.adam else "second order",
        arguments.distort,
        arguments.digits,
        arguments.variant or "none",
    )
    setting = dict(zip(KEYS, (*setting, arguments.seed), strict=True))
    curves = reproduce(setting, arguments.folder, arguments.passes)
    if len(curves["test_errors"]) == PASSES:
        record(arguments.record, [(setting, curves | records.conditions())])


def reproduce(setting, folder, passes=PASSES):
    """One run, from where its state in the folder was left; its curves.

    Args:
        setting: dict of the KEYS.
        folder: where the state is kept after each pass.
        passes: stop after so many.
    """
    adams, distorted = setting["optimiser"] == "Adam", setting["distorted"]
    seed, variant = setting["seed"], setting["variant"]
    keras = lk.start_keras()
    digits = lk.load_digits("mnist")
    ranges = WIDER if variant == "wider distortions" else distort.RANGES
    keras.utils.set_random_seed(seed)
    model = lk.lenet5_1998()
    order = np.random.default_rng([seed, 0]).permutation(len(digits.y_train))[: setting["digits"]]
    one_pass, variables = (adam if adams else second_order)(model, order, seed, variant)
    name = "-".join(str(value).lower().replace(" ", "-") for value in setting.values())
    state = folder / f"reproduction-{name}.npz"
    curves, versions = {"test_errors": [], "seconds": []}, json.dumps(records.conditions()["versions"])
    if state.exists():
        with np.load(state, allow_pickle=False) as saved:
            if "versions" in saved and str(saved["versions"]) == versions:  # else it begins anew
                curves = json.loads(str(saved["curves"]))
                for i, variable in enumerate(variables):
                    variable.assign(saved[f"variable{i}"])

    for number in range(len(curves["test_errors"]), passes):
        started, images = time.perf_counter(), digits.x_train
        if distorted:
            # One digit in ten stays as it is, as in the article's 60,000 + 540,000 patterns.
            as_it_is = np.random.default_rng([seed, 1, number]).random(len(images)) < 0.1
            images = np.where(
                as_it_is[:, None, None, None], images, distort.distorted(images, [seed, 2, number], ranges)
            )
        figures = one_pass(number, images, digits.y_train)
        figures["training_errors"] = errors(model, digits.x_train[order], digits.y_train[order])
        figures["test_errors"] = errors(model, digits.x_test, digits.y_test)
        figures["seconds"] = round(time.perf_counter() - started, 1)
        for key, value in figures.items():
            curves.setdefault(key, []).append(value)
        unfinished = state.with_suffix(".part")
        kept = {f"variable{i}": np.asarray(variable) for i, variable in enumerate(variables)}
        try:
            with open(unfinished, "wb") as file:
                np.savez(file, curves=json.dumps(curves), versions=versions, **kept)
            os.replace(unfinished, state)
        finally:
            unfinished.unlink(missing_ok=True)
        print(
            f"pass {number + 1:2}: running training error {figures['running_training_error']:.2%}, "
            f"after it {figures['training_errors'] / len(order):.2%}, "
            f"test error {figures['test_errors'] / len(digits.y_test):.2%}, {figures['seconds']:.0f} s",
            flush=True,
        )
    return curves


def errors(model, images, labels):
    """How many of the images are misread; the smallest distance is the answer."""
    return int((model.predict(images, batch_size=1000, verbose=0).argmin(axis=1) != labels).sum())


def record(path, finished):
    """Add finished runs, each a setting and its curves with versions and machine, to the record."""
    runs = (records.read(path) or {"results": []})["results"]
    for setting, curves in finished:
        runs = [run for run in runs if any(run.get(key) != value for key, value in setting.items())]
        runs.append(setting | curves | {"wall_seconds": round(sum(curves["seconds"]))})
    settings = {
        "schedule": training_1998.SCHEDULE,
        "mu": training_1998.MU,
        "curvature_digits": training_1998.SAMPLES,
        "curvature": "equations 23 to 27, of half the squared distance to the right drawing",
        "loss": "equation 9 of half squared distances, j = 1",
        "starting_weights": "uniform in ±2.4 / the square root of the fan-in",
        "distortion_ranges": distort.RANGES,
        "wider_distortion_ranges": WIDER,
        "adam": ADAM,
        "conditions": "other programs were running",
    }
    record = {
        "command": "python tools/reproduce_1998.py --seed SEED [--distort] [--digits N] [--variant NAME] [--adam]",
        "data": "MNIST: 60,000 training digits, 10,000 test digits",
        "settings": settings,
        "results": sorted(runs, key=place),
    }
    records.write(path, record)


def tasks():
    """The runs of the plan, for tools/study.py."""
    return [dict(zip(KEYS, (*setting, seed), strict=True)) for setting, seeds in PLAN.items() for seed in seeds]


def work(task):
    """One of them, from start or where it was left."""
    return reproduce(task, FOLDER) | records.conditions()


def merge(path, results):
    """Add them to the record; results is a list of (task, what work gave)."""
    record(path, results)


def place(run):
    """Where a run stands in the record: the article's training first, then its variants, then Adam."""
    return (
        run["optimiser"] == "Adam",
        run["variant"] != "none",
        run["variant"],
        run["distorted"],
        -run["digits"],
        run["seed"],
    )


if __name__ == "__main__":
    main()
