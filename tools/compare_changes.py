"""Compare networks that differ in one thing, over seeds: python tools/compare_changes.py

Three comparisons, recorded in data/changes.json: learning rates for the network of 1998's habits; the listing of the
lecture's slides and what each of its oddities costs; and the changes from 1998's habits to today's, one at a time.
Every network learns from the same 10,000 of MNIST's training digits and is judged on 6,000 others of them; the test
digits are not looked at. A run takes about ten seconds on one core, all of them twenty to thirty minutes. Each
finished run is added to the record at once, and a run that is there already is not made again. Needs MNIST.
"""

import argparse
import dataclasses
import pathlib
import time

import numpy as np
import record as records

import lenet_keras as lk

RECORD = records.DATA / "changes.json"
LEARN = 10_000
# Which digits are judged is chosen here, so that train need keep none back.
RECIPE = lk.Recipe(epochs=4, batch_size=32, decay=True, validate=False)


@dataclasses.dataclass(frozen=True)
class Setting:
    """A network and its optimiser; the defaults are 1998's habits, in the network that is called LeNet-5 today."""

    group: str
    side: int = 32
    """Pixels along a side of the image; 28 is MNIST without its border of paper."""
    third_window: int = 5
    activation: str = "tanh"
    f6_units: int | None = 84
    """None for no layer F6."""
    f6_activation: str = "tanh"
    output_activation: str | None = None
    pooling: str = "average"
    optimizer: str = "sgd"
    learning_rate: float = 0.2
    seeds: int = 5


LISTING = Setting(
    "listing", 28, 4, f6_units=82, f6_activation="relu", output_activation="relu", optimizer="adam",
    learning_rate=0.002, seeds=20,
)  # fmt: skip
MENDED = dataclasses.replace(LISTING, output_activation=None, seeds=10)
# The rates are half of those with the least error in the group "rates", to leave room for the other changes.
HABITS = Setting("habits")
TODAY = {"optimizer": "adam", "learning_rate": 0.004}
RELU = {"activation": "relu", "f6_activation": "relu"}
SETTINGS = {
    **{f"SGD, rate {rate}": Setting("rates", learning_rate=rate, seeds=2) for rate in (0.1, 0.2, 0.4, 0.8)},
    **{
        f"Adam, rate {rate}": Setting("rates", optimizer="adam", learning_rate=rate, seeds=2)
        for rate in (0.002, 0.004, 0.008, 0.016)
    },
    "the listing": LISTING,
    "the listing, SGD": dataclasses.replace(LISTING, optimizer="sgd", learning_rate=0.1, seeds=10),
    "no ReLU on the logits": MENDED,
    "84 units": dataclasses.replace(MENDED, f6_units=84),
    "32 pixels": dataclasses.replace(MENDED, side=32, third_window=5),
    "tanh in F6": dataclasses.replace(MENDED, f6_activation="tanh"),
    "1998's habits": HABITS,
    "ReLU": dataclasses.replace(HABITS, **RELU),
    "max pooling": dataclasses.replace(HABITS, pooling="max"),
    "no F6": dataclasses.replace(HABITS, f6_units=None),
    "Adam": dataclasses.replace(HABITS, **TODAY),
    "all four": dataclasses.replace(HABITS, **RELU, **TODAY, pooling="max", f6_units=None),
}


def network(keras, setting):
    """The network of a setting, with fresh weights."""
    layers = keras.layers
    pool = {"average": layers.AveragePooling2D, "max": layers.MaxPooling2D}[setting.pooling]
    stack = [
        keras.Input((setting.side, setting.side, 1)),
        layers.Conv2D(6, 5, activation=setting.activation, name="C1"),
        pool(2, name="S2"),
        layers.Conv2D(16, 5, activation=setting.activation, name="C3"),
        pool(2, name="S4"),
        layers.Conv2D(120, setting.third_window, activation=setting.activation, name="C5"),
        layers.Flatten(name="flatten"),
    ]
    if setting.f6_units:
        stack.append(layers.Dense(setting.f6_units, activation=setting.f6_activation, name="F6"))
    stack.append(layers.Dense(10, activation=setting.output_activation, name="output"))
    return keras.Sequential(stack)


def run(keras, setting, seed, digits):
    """Train and judge one network; what the record keeps of it."""
    learn, validate = lk.split(digits)
    border = (32 - setting.side) // 2
    images = digits.x_train[:, border : 32 - border, border : 32 - border]
    started = time.perf_counter()
    keras.utils.set_random_seed(seed)
    model = network(keras, setting)
    recipe = dataclasses.replace(RECIPE, optimizer=setting.optimizer, learning_rate=setting.learning_rate)
    chosen = digits.replace(x_train=images[learn[:LEARN]], y_train=digits.y_train[learn[:LEARN]])
    history = lk.train(model, chosen, recipe, seed=seed, verbose=False)
    labels = digits.y_train[validate]
    outputs = model.predict(images[validate], batch_size=1000, verbose=0)
    right = outputs.argmax(axis=1) == labels
    return {
        "parameters": model.count_params(),
        "training_loss": [round(loss, 4) for loss in history["loss"]],
        "validation_errors": int((~right).sum()),
        "right_by_class": np.bincount(labels[right], minlength=10).tolist(),
        "outputs_never_above_zero": int((outputs.max(axis=0) <= 0).sum()),
        "seconds": round(time.perf_counter() - started, 1),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", type=pathlib.Path, default=RECORD, help="the file to add to")
    parser.add_argument("--groups", nargs="+", choices=("rates", "listing", "habits"), help="all if none is named")
    arguments = parser.parse_args()

    keras = lk.start_keras()
    digits = lk.load_digits("mnist")
    _, validate = lk.split(digits)
    runs = []
    if kept := records.read(arguments.record):
        # A run stays while its setting is what it was.
        before, now = kept["settings"]["networks"], {name: dataclasses.asdict(each) for name, each in SETTINGS.items()}
        runs = [done for done in kept["results"] if same(before[done["setting"]], now.get(done["setting"]))]
    # The seed in the outer loop: a record that is not finished yet has about as many runs of every setting.
    for seed in range(max(setting.seeds for setting in SETTINGS.values())):
        for name, setting in SETTINGS.items():
            done = any((each["setting"], each["seed"]) == (name, seed) for each in runs)
            if done or seed >= setting.seeds or setting.group not in (arguments.groups or [setting.group]):
                continue
            result = run(keras, setting, seed, digits)
            runs.append({"setting": name, "seed": seed, **result, **records.conditions()})
            write(arguments.record, runs, digits.y_train[validate])
            share = result["validation_errors"] / len(validate)
            print(f"{name}, seed {seed}: validation error {share:.2%}, {result['seconds']:.0f} s", flush=True)


def same(setting, other):
    """Whether two recorded settings are the same, however many seeds they ask for."""
    return other is not None and setting | {"seeds": 0} == other | {"seeds": 0}


def write(path, runs, validation_labels):
    """Write the record of the runs made so far, in the order of SETTINGS."""
    order = list(SETTINGS)
    settings = {
        "training_digits": LEARN,
        "validation_digits": len(validation_labels),
        "validation_digits_by_class": np.bincount(validation_labels, minlength=10).tolist(),
        "epochs": RECIPE.epochs,
        "batch_size": RECIPE.batch_size,
        "decay": "the learning rate falls to 0 along half a cosine",
        "networks": {name: dataclasses.asdict(setting) for name, setting in SETTINGS.items()},
    }
    record = {
        "command": "python tools/compare_changes.py",
        "data": "MNIST's training digits only; the test digits are not used",
        "settings": settings,
        "results": sorted(runs, key=lambda each: (order.index(each["setting"]), each["seed"])),
    }
    records.write(path, record)


if __name__ == "__main__":
    main()
