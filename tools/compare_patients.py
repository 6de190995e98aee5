"""Are the patients of lesson 12 told apart by their charts? Over seeds: python tools/compare_patients.py

Each seed draws 2,000 digits to learn from and 2,000 for validation among MNIST's training digits, and starts every
network anew. For each patient the record, data/patients.json, keeps its chart and whom the lesson's table suspects.
Controls are trained too: the healthy network on raw grey values from 0 to 255, with its Adam and with patient G's plain
descent, and at a tenth of its rate; patient G with the healthy one's Adam; and patient D without momentum, in two ways,
and with momentum of another kind. A seed takes about a minute on one core. What is recorded already is not made again:
a seed, or a control of it. The test digits are not looked at. Needs MNIST.
"""

import argparse
import pathlib

import numpy as np
import record as records

import lenet_keras as lk

RECORD = records.DATA / "patients.json"
DIGITS, SEEDS = 2_000, 5
NAMES = ("healthy", *"ABCDEFGHIJ")


def draw(digits, seed):
    """The digits of a seed: a pair to learn from, and a pair for validation."""
    rng = np.random.default_rng(seed)
    chosen = [rng.choice(part, DIGITS, replace=False) for part in lk.split(digits)]
    return [(digits.x_train[each], digits.y_train[each]) for each in chosen]


def rounded(value):
    """A chart with four significant figures."""
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    if isinstance(value, list):
        return [rounded(each) for each in value]
    return float(f"{value:.4g}")


def controls(keras, learn, validate, seed):
    """The trainings beside the patients: a function without arguments that makes each, by name."""
    optimizers = keras.optimizers

    def compiled(name, optimizer=None, grey=False):
        patient = lk.broken.admit(name, learn, validate, seed)
        if grey:
            other = lk.broken.admit("G", learn, validate, seed)
            patient.learn, patient.validate = other.learn, other.validate
        patient.compile(optimizer)
        return patient

    return {
        "grey values, tanh and Adam": lambda: compiled("healthy", grey=True),
        "grey values, tanh and plain descent": lambda: compiled("healthy", optimizers.SGD(0.05), grey=True),
        "grey values, ReLU and Adam": lambda: compiled("G"),
        "a tenth of the rate": lambda: compiled("healthy", optimizers.Adam(0.0002)),
        "D, Adam without momentum": lambda: compiled("D", optimizers.Adam(0.002, beta_1=0.0)),
        "D, plain descent": lambda: compiled("D", optimizers.SGD(0.1)),
        "D, descent with momentum": lambda: compiled("D", optimizers.SGD(0.01, momentum=0.9)),
    }


def judged(patient):
    """The history of a training, the most frequent answer in the end, and its share."""
    history = patient.train()
    counts = np.bincount(patient.model(patient.validate[0]).numpy().argmax(axis=1), minlength=10)
    return {"history": history, "answer": int(counts.argmax()), "favourite": float(counts.max() / counts.sum())}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", type=pathlib.Path, default=RECORD, help="the file to add to")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="how many seeds, from 0 on")
    arguments = parser.parse_args()

    keras = lk.start_keras()
    digits = lk.load_digits("mnist")
    runs = records.runs(arguments.record, settings())
    for seed in range(arguments.seeds):
        learn, validate = draw(digits, seed)
        run = next((run for run in runs if run["seed"] == seed), None)
        if run is None:
            charts = {name: lk.broken.chart(name, learn, validate, seed) for name in NAMES}
            suspected = {name: lk.broken.suspect(chart) for name, chart in charts.items()}
            run = {"seed": seed, "suspected": suspected, "charts": rounded(charts), "controls": {}}
            run |= records.conditions()
            runs.append(run)
        elif {key: run[key] for key in records.CONDITIONS} != records.conditions():
            raise SystemExit(f"Seed {seed} was recorded on another machine or with other versions.")
        known = run["controls"]
        wanted = controls(keras, learn, validate, seed)
        run["controls"] = {
            name: known[name] if name in known else rounded(judged(make())) for name, make in wanted.items()
        }
        write(arguments.record, runs)
        print(f"seed {seed}:", *run["suspected"].values(), flush=True)


def settings():
    return {
        "training_digits": DIGITS,
        "validation_digits": DIGITS,
        "epochs": lk.broken.EPOCHS,
        "batch_size": lk.broken.BATCH,
    }


def write(path, runs):
    record = {
        "command": "python tools/compare_patients.py",
        "data": "MNIST's training digits only, drawn anew for each seed; the test digits are not used",
        "settings": settings(),
        "results": sorted(runs, key=lambda run: run["seed"]),
    }
    records.write(path, record)


if __name__ == "__main__":
    main()
