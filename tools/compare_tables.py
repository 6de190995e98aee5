"""C3's table of links: Table I, all links, and tables drawn at random: python tools/compare_tables.py

Recorded in data/tables.json, for lesson 14. Two networks, which differ in their output: `lk.lenet5_1998`, with the
article's squared distances and its equation 9; and the same layers as far as F6 with ten logits and softmax, as lesson
14 trains it. Four tables each:

    Table I         the article's, 60 of 96 links
    another start   Table I again, from other starting weights: a control, for how much luck there is
    all links       96
    random          60 links drawn at random, another table for each seed

A seed decides which of MNIST's training digits are learned, which others are judged, the starting weights, and the
order; so two tables may be compared pair by pair. The test digits are not looked at. Of each network are kept its
errors; how alike the sixteen maps of C3 are, before and after the training; and the coefficients of S2 and S4.

Each finished run is added to the record at once, and is not made again; on other versions or another machine the record
begins anew. A training takes about 8 seconds on one core, all of them about 5 minutes. Needs MNIST.
"""

import argparse
import pathlib

import numpy as np
import record as records

import lenet_keras as lk
from lenet_keras.layers import TABLE_I

RECORD = records.DATA / "tables.json"
TABLES = ("Table I", "another start", "all links", "random")
OUTPUTS = ("logits", "distances")
SEEDS = range(5)
LINKS, S2_MAPS, C3_MAPS = 60, 6, 16
SETTINGS = {
    "seeds": list(SEEDS),
    "learned_digits": 10_000,
    "judged_digits": 10_000,
    "passes": 4,
    "batch_size": 32,
    "optimizer": "adam",
    "learning_rate": 0.001,
    "looked_at_digits": 200,
}


def random_table(seed):
    """Sixteen lists of S2 maps, with 60 links in all, drawn at random until each map of C3 has one."""
    rng = np.random.default_rng([14, seed])
    while True:
        linked = np.zeros(S2_MAPS * C3_MAPS, bool)
        linked[rng.choice(linked.size, LINKS, replace=False)] = True
        table = [np.flatnonzero(row).tolist() for row in linked.reshape(C3_MAPS, S2_MAPS)]
        if all(table):
            return table


def table_of(name, seed):
    """The table of links of a run."""
    if name == "random":
        return random_table(seed)
    return [list(range(S2_MAPS))] * C3_MAPS if name == "all links" else [[int(i) for i in maps] for maps in TABLE_I]


def network(keras, output, table):
    """The article's network with that table, fresh, and its loss; of "logits", the output is ten logits."""
    model = lk.lenet5_1998(table=table)
    if output == "distances":
        return model, lk.layers.MaximumAPosteriori()
    model = keras.Sequential([keras.Input((32, 32, 1)), *model.layers[:-1], keras.layers.Dense(10, name="output")])
    return model, keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def likeness(keras, model, images):
    """How alike the maps of C3 are: the mean size of the correlation between two of them, over digits and places."""
    maps = images
    for name in ("C1", "S2", "C3"):
        maps = model.get_layer(name)(maps)
    correlations = np.corrcoef(keras.ops.convert_to_numpy(maps).reshape(-1, C3_MAPS).T)
    return round(float(np.abs(correlations[np.triu_indices(C3_MAPS, 1)]).mean()), 4)


def run(keras, output, name, seed, digits):
    """Train and judge one network; what the record keeps of it."""
    learned, judged = SETTINGS["learned_digits"], SETTINGS["judged_digits"]
    rng = np.random.default_rng(seed)
    drawn = rng.permutation(len(digits.y_train))[: learned + judged]
    learn, judge = drawn[:learned], drawn[learned:]
    order = np.concatenate([rng.permutation(learn) for _ in range(SETTINGS["passes"])])
    keras.backend.clear_session()
    keras.utils.set_random_seed(seed + 1000 * (name == "another start"))
    table = table_of(name, seed)
    model, loss = network(keras, output, table)
    looked_at = digits.x_train[judge[: SETTINGS["looked_at_digits"]]]
    found = {"links": sum(map(len, table)), "fresh_likeness": likeness(keras, model, looked_at)}
    adam = keras.optimizers.Adam(SETTINGS["learning_rate"])
    model.compile(adam, loss, jit_compile=False, steps_per_execution=25)
    model.fit(digits.x_train[order], digits.y_train[order], batch_size=SETTINGS["batch_size"], shuffle=False, verbose=0)
    outputs = model.predict(digits.x_train[judge], batch_size=500, verbose=0)
    answers = outputs.argmin(axis=1) if output == "distances" else outputs.argmax(axis=1)
    found |= {"errors": int((answers != digits.y_train[judge]).sum()), "likeness": likeness(keras, model, looked_at)}
    for layer in ("S2", "S4"):
        coefficients = model.get_layer(layer).get_weights()[0]
        found[f"{layer}_coefficients"] = [round(float(each), 3) for each in coefficients]
    return found


def write(path, runs):
    """Write the record of the runs made so far, in their order."""
    keys = [(output, name, seed) for output in OUTPUTS for name in TABLES for seed in SEEDS]
    results = sorted(runs, key=lambda each: keys.index((each["output"], each["table"], each["seed"])))
    data = "MNIST's training digits only; the test digits are not used"
    records.write(path, records.head("python tools/compare_tables.py", data, SETTINGS) | {"results": results})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", type=pathlib.Path, default=RECORD, help="the file to add to")
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS), help="all if none is named")
    path, seeds = (arguments := parser.parse_args()).record, arguments.seeds
    keras = lk.start_keras()
    digits = lk.load_digits("mnist")
    runs = records.runs(path, SETTINGS)
    made = {(each["output"], each["table"], each["seed"]) for each in runs}
    for seed in seeds:
        for output in OUTPUTS:
            for name in TABLES:
                if (output, name, seed) not in made:
                    key = {"output": output, "table": name, "seed": seed}
                    runs.append(key | run(keras, output, name, seed, digits))
                    write(path, runs)
                    print({k: v for k, v in runs[-1].items() if "coeff" not in k}, flush=True)


if __name__ == "__main__":
    main()
