"""From 1998's style to today's, one change at a time, over seeds: python tools/compare_changes.py

Recorded in data/changes.json, for lesson 13. Four groups of networks:

    old     LeNet-5 in the old style; the same from another start, as a control; and one change at a time
    today   four changes together; the same by plain descent; and one addition more at a time
    few     the same networks, taught 1,000 digits, which they pass over as often as makes as many updates
    deep    stacks of two and of twenty 3×3 convolutions, with and without skip connections

A seed decides everything: which of MNIST's training digits are learned, which 10,000 others are judged, the starting
weights, the order. So two networks of one seed may be compared pair by pair, and the seeds are nearly independent. The
test digits are not looked at.

Every network learns at its own best rate (and strength, if it has one). That is the best in a scan made before, on
other seeds: rates that double, as far as the error falls. Each finished run is added to the record at once, and a run
that is there already is not made again; on other versions or another machine the record begins anew. A training takes
about 5 seconds on one core, one of the deepest stacks about 20; all of them take about half an hour. Needs MNIST.
"""

import argparse
import dataclasses
import pathlib

import numpy as np
import record as records

import lenet_keras as lk

RECORD = records.DATA / "changes.json"
JUDGED = 10_000
SEEDS = {"old": range(8), "today": range(8), "few": range(5), "deep": range(5)}
SCANNED, DEEP_SCANNED = range(100, 102), range(100, 101)


@dataclasses.dataclass(frozen=True)
class Setting:
    """A network, its digits and its optimiser; the defaults are the old style."""

    group: str = "old"
    activation: str = "tanh"
    pooling: str = "average"
    optimizer: str = "sgd"
    schedule: str = "constant"
    """Or "cosine": the rate falls to 0 along half a cosine."""
    extra: str | None = None
    """"dropout", "batch normalisation" or "weight decay"."""
    strengths: tuple = (None,)
    """Of dropout or weight decay; the scan chooses one of them."""
    depth: int = 0
    """3×3 convolutions of a deep stack; 0 for LeNet-5."""
    skip: bool = False
    start: str = "glorot_uniform"
    learn: int = 10_000
    passes: int = 4
    batch_size: int = 32
    another_start: int = 0
    """Added to the seed of the starting weights."""


TODAY = Setting("today", "relu", "max", "adam", "cosine")
FEW = dataclasses.replace(TODAY, group="few", learn=1_000, passes=40)
DEEP = dataclasses.replace(TODAY, group="deep", passes=3, batch_size=64)
ADDITIONS = {
    "dropout": {"extra": "dropout", "strengths": (0.2, 0.5)},
    "batch normalisation": {"extra": "batch normalisation"},
    "weight decay": {"extra": "weight decay", "strengths": (0.1, 1.0)},
}
SETTINGS = {
    "old style": Setting(),
    "another start": Setting(another_start=1000),
    "ReLU": Setting(activation="relu"),
    "max pooling": Setting(pooling="max"),
    "momentum": Setting(optimizer="momentum"),
    "Adam": Setting(optimizer="adam"),
    "falling rate": Setting(schedule="cosine"),
    "today": TODAY,
    "plain descent": dataclasses.replace(TODAY, optimizer="sgd"),
    **{name: dataclasses.replace(TODAY, **addition) for name, addition in ADDITIONS.items()},
    "few: today": FEW,
    **{f"few: {name}": dataclasses.replace(FEW, **addition) for name, addition in ADDITIONS.items()},
    "few: weight decay": dataclasses.replace(FEW, extra="weight decay", strengths=(0.1,)),
    **{f"plain {depth}": dataclasses.replace(DEEP, depth=depth) for depth in (2, 20)},
    **{f"skip {depth}": dataclasses.replace(DEEP, depth=depth, skip=True) for depth in (2, 20)},
    "plain 20, He's start": dataclasses.replace(DEEP, depth=20, start="he_normal"),
}
BASE = {"old": "old style", "today": "today", "few": "few: today"}
"""What the others of a group are compared with."""
FIRST_RATE = {"sgd": 0.2, "momentum": 0.02, "adam": 0.002}


def network(keras, setting, strength=None):
    """The network of a setting, with fresh weights."""
    layers, normed = keras.layers, setting.extra == "batch normalisation"

    def bent(x):
        return layers.Activation(setting.activation)(layers.BatchNormalization()(x) if normed else x)

    def convolved(x, maps, size, **how):
        return layers.Conv2D(maps, size, kernel_initializer=setting.start, **how)(x)

    def dropped(x):
        return layers.Dropout(strength)(x) if setting.extra == "dropout" else x

    pool = {"average": layers.AveragePooling2D, "max": layers.MaxPooling2D}[setting.pooling]
    image = keras.Input((32, 32, 1))
    if setting.depth:
        x = pool(2)(bent(convolved(image, 16, 5, strides=2, padding="same")))
        for _ in range(setting.depth // 2):
            inside = bent(convolved(x, 16, 3, padding="same"))
            inside = convolved(inside, 16, 3, padding="same")
            x = bent(layers.Add()([x, inside]) if setting.skip else inside)
        x = layers.Flatten()(x)
    else:
        x = pool(2)(bent(convolved(image, 6, 5)))
        x = pool(2)(bent(convolved(x, 16, 5)))
        x = dropped(layers.Flatten()(bent(convolved(x, 120, 5))))
        x = dropped(bent(layers.Dense(84)(x)))
    return keras.Model(image, layers.Dense(10)(x))


def optimizer(keras, setting, rate, strength=None):
    """The optimiser of a setting, at that rate."""
    updates = -(-setting.learn * setting.passes // setting.batch_size)
    if setting.schedule == "cosine":
        rate = keras.optimizers.schedules.CosineDecay(rate, updates)
    decay = {"weight_decay": strength} if setting.extra == "weight decay" else {}
    if setting.optimizer == "adam":
        return keras.optimizers.Adam(rate, **decay)
    return keras.optimizers.SGD(rate, momentum=0.9 if setting.optimizer == "momentum" else 0.0, **decay)


def run(keras, setting, digits, seed, rate, strength):
    """Train and judge one network; what the record keeps of it."""
    rng = np.random.default_rng(seed)
    drawn = rng.permutation(len(digits.y_train))[: setting.learn + JUDGED]
    learn, judge = drawn[: setting.learn], drawn[setting.learn :]
    order = np.concatenate([rng.permutation(learn) for _ in range(setting.passes)])
    keras.backend.clear_session()
    keras.utils.set_random_seed(seed + setting.another_start)
    model = network(keras, setting, strength)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer(keras, setting, rate, strength), loss, jit_compile=False, steps_per_execution=25)
    images, labels = digits.x_train, digits.y_train
    model.fit(images[order], labels[order], batch_size=setting.batch_size, shuffle=False, verbose=0)

    def errors(chosen):
        logits = model.predict(images[chosen], batch_size=500, verbose=0)
        return int((logits.argmax(axis=1) != labels[chosen]).sum())

    return {"errors": errors(judge), "training_errors": errors(learn[:1000]), "parameters": model.count_params()}


def best(tried):
    """The rate with the fewest errors, and the next rate to try, None if the best has tried neighbours.

    Args:
        tried: dict from rate to mean errors.
    """
    rate = min(tried, key=lambda each: (tried[each], each))
    if rate == max(tried):
        return rate, 2 * rate
    return rate, rate / 2 if rate == min(tried) else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", type=pathlib.Path, default=RECORD, help="the file to add to")
    parser.add_argument("--groups", nargs="+", default=["old", "today", "few", "deep"], help="all if none is named")
    arguments = parser.parse_args()

    runs = records.runs(arguments.record, settings(), "networks")
    made = maker(runs, lambda: write(arguments.record, runs))
    for name, setting in SETTINGS.items():
        if setting.group in arguments.groups:
            compare(name, made, runs)


def maker(runs, written):
    """A function that gives a run from those there are, or makes it, adds it to them and calls `written`."""
    keras, digits = lk.start_keras(), lk.load_digits("mnist")

    def made(name, seed, rate, strength):
        key = {"setting": name, "seed": seed, "rate": rate, "strength": strength}
        for done in runs:
            if key.items() <= done.items():
                return done
        runs.append(key | run(keras, SETTINGS[name], digits, seed, rate, strength))
        written()
        print(runs[-1], flush=True)
        return runs[-1]

    return made


def compare(name, made, runs):
    """Scan the rates and strengths of a setting, then train it with each of its seeds."""
    setting = SETTINGS[name]
    if setting.another_start:
        rate, strength = chosen(runs)[BASE[setting.group]]
    else:
        scanned = DEEP_SCANNED if setting.group == "deep" else SCANNED
        for strength in setting.strengths:
            tried = {}
            rate = FIRST_RATE[setting.optimizer]
            while rate:
                tried[rate] = np.mean([made(name, seed, rate, strength)["errors"] for seed in scanned])
                rate = best(tried)[1]
        rate, strength = chosen(runs)[name]
    for seed in SEEDS[setting.group]:
        made(name, seed, rate, strength)


def tasks():
    """For tools/study.py: settings, each with those that learn at the rate it finds."""
    follow = {BASE[setting.group]: [name] for name, setting in SETTINGS.items() if setting.another_start}
    return [[name, *follow.get(name, [])] for name, setting in SETTINGS.items() if not setting.another_start]


def work(task):
    """The runs of some settings."""
    runs = []
    made = maker(runs, lambda: None)
    for name in task:
        compare(name, made, runs)
    return runs


def merge(path, results):
    """Write the record; results is a list of (task, what work gave)."""
    write(path, [one for _, runs in results for one in runs])


def chosen(runs):
    """What the scan chose: dict from the setting's name to the rate and strength with the fewest errors in it."""
    scanned = {}
    for each in runs:
        if each["seed"] in SCANNED:
            scanned.setdefault((each["setting"], each["rate"], each["strength"]), []).append(each["errors"])
    found = {}
    for name, rate, strength in sorted(scanned, key=lambda each: (np.mean(scanned[each]), each[1])):
        found.setdefault(name, (rate, strength))
    return found


def networks():
    """The settings as the record keeps them: what differs from the defaults, and the group."""
    default = dataclasses.asdict(Setting())
    return {
        name: {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in dataclasses.asdict(setting).items()
            if key == "group" or value != default[key]
        }
        for name, setting in SETTINGS.items()
    }


def settings():
    """What the record says of how the runs were made."""
    return {
        "judged_digits": JUDGED,
        "scanned_seeds": list(SCANNED),
        "compared_with": BASE,
        "defaults": dataclasses.asdict(Setting()) | {"strengths": [None]},
        "networks": networks(),
    }


def write(path, runs):
    """Write the record of the runs made so far, in the order of SETTINGS."""
    order = list(SETTINGS)
    data = "MNIST's training digits only; the test digits are not used"
    results = sorted(runs, key=lambda each: (order.index(each["setting"]), each["seed"], each["rate"]))
    head = records.head("python tools/compare_changes.py", data, settings())
    records.write(path, head | {"results": results})


if __name__ == "__main__":
    main()
