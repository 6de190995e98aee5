"""What ten drawings do in LeNet-5's last layer, and what its two losses do: python tools/compare_codes.py

Recorded in data/codes.json, for lesson 15. The network is `lk.lenet5_1998()`. What differs is its end:

    the loss        equation 8, and equation 9 with several j, all with the course's drawings
    the code        the drawings; random ±1 numbers, anew for each seed; ten rows of a Hadamard matrix, an
                    error-correcting code; a place code, one squashed unit for each class; softmax
    the targets     the drawings at ±1.7, the end of the units' range, in place of ±1

A seed decides which of MNIST's training digits are learned, which others are judged, the starting weights, and the
order: networks of one seed are compared pair by pair. The test digits are not looked at. Every network has the same
short training. Of each the record keeps errors (also counted with two answers allowed), the posterior probability of
equation 9's rubbish class, and what several scores refuse: digits that were misread, and images that are no digits.

Then the drawings are let go: with all layers up to C5 as trained on the drawings, F6 and the ten vectors learn on, by
equation 8 and by equation 9; for control F6 alone. Of this the record keeps the distances between the vectors, the
loss, and the errors.

Each finished run is added to the record at once, and a run that is there already is not made again; on other versions
or another machine the record begins anew. A training takes about 6 seconds on one core, all take about 6 minutes.
Needs MNIST.
"""

import argparse
import pathlib

import numpy as np
import record as records
from scipy import special

import lenet_keras as lk

RECORD = records.DATA / "codes.json"
SEEDS = range(5)
LEARN, JUDGED, PASSES, BATCH, RATE = 10_000, 5_000, 3, 32, 0.002
REFUSED, STRANGERS = 0.05, 500
"""The share of digits that a score refuses; images of each kind that is no digit."""
SETTINGS = {
    "drawings": {"code": "drawings", "j": 1},
    "equation 8": {"code": "drawings", "j": None},
    "j = 20": {"code": "drawings", "j": 20},
    "j = 100": {"code": "drawings", "j": 100},
    "random codes": {"code": "random", "j": 1},
    "random codes, j = 100": {"code": "random", "j": 100},
    "error-correcting code": {"code": "hadamard", "j": 1},
    "place code": {"code": "place", "j": None},
    "softmax": {"code": "softmax", "j": None},
    "drawings at ±1.7": {"code": "far drawings", "j": None},
}
"""j None is equation 8; with softmax it is the usual cross-entropy."""
MOVING = {
    "moving, equation 8": {"adaptive": True, "j": None},
    "moving, equation 9": {"adaptive": True, "j": 1},
    "not moving, equation 9": {"adaptive": False, "j": 1},
}
"""How F6 learns on; the last is the control, with the drawings fixed as before."""
MOVING_PASSES, MOVING_BATCH = 40, 100


def hadamard(order=84):
    """A Hadamard matrix by Paley's construction: any two rows of ±1 differ in half of their places.

    Args:
        order: one more than a prime that leaves 3 when divided by 4, such as 83.
    """
    q = order - 1
    squares = {k * k % q for k in range(1, q)}
    sign = np.array([0] + [1 if k in squares else -1 for k in range(1, q)])
    matrix = np.ones((order, order), int)
    matrix[1:, 0] = -1
    matrix[1:, 1:] = sign[(np.arange(q) - np.arange(q)[:, np.newaxis]) % q] + np.eye(q, dtype=int)
    return matrix


def code(kind, seed):
    """The ten vectors (10, numbers) that the output layer compares with; None for softmax."""
    if kind == "random":
        return np.random.default_rng([seed, 84]).choice([-1.0, 1.0], (10, 84))
    return {
        "drawings": lk.layers.bitmaps(),
        "far drawings": 1.7 * lk.layers.bitmaps(),
        "hadamard": hadamard()[1:11],
        "place": 2 * np.eye(10) - 1,
        "softmax": None,
    }[kind]


def network(keras, kind, seed):
    """A network with fresh weights, from images to distances; with softmax, to minus its logits."""
    centres = code(kind, seed)
    body = lk.lenet5_1998().layers[:-1]
    if kind == "place":
        weights = {"activation": lk.layers.squash, "kernel_initializer": lk.layers.UniformByFanIn()}
        body.append(keras.layers.Dense(10, name="places", **weights))
    last = keras.layers.Dense(10, name="output") if centres is None else lk.layers.EuclideanRBF(centres, name="output")
    return keras.Sequential([keras.Input((32, 32, 1)), *body, last])


def loss(keras, kind, j):
    """The loss of a setting."""
    if kind == "softmax":
        return keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    return lk.layers.MaximumLikelihood() if j is None else lk.layers.MaximumAPosteriori(j)


def drawn(seed, total):
    """Which digits are learned, and which are judged."""
    chosen = np.random.default_rng(seed).permutation(total)[: LEARN + JUDGED]
    return chosen[:LEARN], chosen[LEARN:]


def trained(keras, setting, seed, digits):
    """A network of a setting after the common training."""
    learn, _ = drawn(seed, len(digits.y_train))
    rng = np.random.default_rng([seed, 1])
    order = np.concatenate([rng.permutation(learn) for _ in range(PASSES)])
    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)
    model = network(keras, setting["code"], seed)
    rate = keras.optimizers.schedules.CosineDecay(RATE, len(order) // BATCH)
    how = {"jit_compile": False, "steps_per_execution": 24}
    model.compile(keras.optimizers.Adam(rate), loss(keras, setting["code"], setting["j"]), **how)
    model.fit(digits.x_train[order], digits.y_train[order], batch_size=BATCH, shuffle=False, verbose=0)
    return model


def scores(model, images):
    """Penalties (n, 10), the smallest is the answer; ways to say how sure it is; the last layer's inputs (n, units)."""
    parts = []
    for values in np.array_split(images, -(-len(images) // 500)):
        for layer in model.layers[:-1]:
            values = layer(values)
        parts.append([np.asarray(values), np.asarray(model.layers[-1](values))])
    units, outputs = map(np.concatenate, zip(*parts, strict=True))
    if hasattr(model.layers[-1], "centres"):
        penalties, ways = outputs, {"distance": -outputs.min(axis=1)}
    else:
        penalties, ways = -outputs, {"largest logit": outputs.max(axis=1)}
    ways["share"] = special.softmax(-penalties.astype(float), axis=1).max(axis=1)
    if model.layers[-2].name == "places":
        ways["largest unit"] = units.max(axis=1)
    return penalties, ways, units


def refusals(penalties, ways, labels, strange):
    """What each score refuses where it refuses REFUSED of other digits, in per cent; errors among what is answered.

    Args:
        penalties, ways: what `scores` says of digits: a half sets the limits, the other half is judged.
        labels: of these digits.
        strange: dict from a kind of image that is no digit to what `scores` says of such images.
    """
    wrong = penalties.argmin(axis=1) != labels
    half = len(labels) // 2
    found = {}
    for name, values in ways.items():
        limit = np.quantile(values[:half], REFUSED)
        kept = values[half:] >= limit
        found[name] = {
            "digits": round(100 * float(1 - kept.mean()), 1),
            "answered": int(kept.sum()),
            "errors_left": int((wrong[half:] & kept).sum()),
            "limit": round(float(limit), 3),
        }
        for kind, (_, others, _) in strange.items():
            found[name][kind] = round(100 * float((others[name] < limit).mean()), 1)
    return found


def judged(model, setting, images, labels, strange):
    """What the record keeps of a trained network."""
    penalties, ways, units = scores(model, images)
    order = np.argsort(penalties, axis=1, kind="stable")
    sorted_penalties = np.sort(penalties, axis=1)
    found = {
        "errors": int((order[:, 0] != labels).sum()),
        "errors_of_two": int((order[:, :2] != labels[:, np.newaxis]).all(axis=1).sum()),
    }
    if setting["code"] != "softmax":
        found["median_distance"] = round(float(np.median(sorted_penalties[:, 0])), 2)
        found["median_second_distance"] = round(float(np.median(sorted_penalties[:, 1])), 1)
        found["units_beyond_1.5"] = round(float((np.abs(units) > 1.5).mean()), 4)
    if setting["code"] != "softmax" and setting["j"] is not None:
        logits = np.column_stack([-penalties.astype(float), np.full(len(labels), -setting["j"])])
        rubbish = special.softmax(logits, axis=1)[:, -1]
        found["median_rubbish"] = round(float(np.median(rubbish)), 4)
        found["rubbish_wins"] = int((sorted_penalties[:, 0] > setting["j"]).sum())
    told = {kind: scores(model, pictures) for kind, pictures in strange.items()}
    return found | {"refusing": refusals(penalties, ways, labels, told)}


def let_go(keras, model, adaptive, j, seed, digits):
    """F6 learns on, with the vectors if they are adaptive, by equation 8 (j None) or 9: a row after some passes."""
    learn, judge = drawn(seed, len(digits.y_train))
    below = keras.Sequential([keras.Input((32, 32, 1)), *model.layers[:-2]])
    inputs = {name: below.predict(digits.x_train[part], batch_size=500, verbose=0) for name, part in
              (("learn", learn), ("judge", judge))}  # fmt: skip
    labels = digits.y_train[judge]
    keras.utils.set_random_seed(seed)
    f6 = keras.layers.Dense(84, activation=lk.layers.squash)
    output = lk.layers.EuclideanRBF(adaptive=adaptive)
    head = keras.Sequential([keras.Input((120,)), f6, output])
    f6.set_weights(model.get_layer("F6").get_weights())
    measure = loss(keras, "drawings", j)
    head.compile(keras.optimizers.Adam(RATE), measure, jit_compile=False, steps_per_execution=25)
    rows = []
    for done in range(MOVING_PASSES + 1):
        if done:
            head.fit(inputs["learn"], digits.y_train[learn], batch_size=MOVING_BATCH, verbose=0)
        if done % 10 == 0:
            distances = head.predict(inputs["judge"], batch_size=500, verbose=0)
            vectors = np.asarray(output.vectors)
            between = ((vectors[:, np.newaxis] - vectors) ** 2).sum(axis=2)[np.triu_indices(10, 1)]
            rows.append({
                "passes": done,
                "nearest_two": round(float(between.min()), 3),
                "mean_between": round(float(between.mean()), 2),
                "loss": round(float(measure(labels, distances)), 3),
                "errors": int((distances.argmin(axis=1) != labels).sum()),
            })  # fmt: skip
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", type=pathlib.Path, default=RECORD, help="the file to add to")
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS), help="all if none is named")
    arguments = parser.parse_args()

    keras = lk.start_keras()
    digits = lk.load_digits("mnist")
    runs = records.runs(arguments.record, settings(), "networks")

    def add(run):
        runs.append(run)
        write(arguments.record, runs)
        print({key: value for key, value in run.items() if key not in ("refusing", "course")}, flush=True)

    for seed in arguments.seeds:
        done = {run["setting"] for run in runs if run["seed"] == seed}
        _, judge = drawn(seed, len(digits.y_train))
        images, labels = digits.x_train[judge], digits.y_train[judge]
        strange = lk.strangers.strangers(images[:STRANGERS], seed)
        for name, setting in SETTINGS.items():
            moving = {each: how for each, how in MOVING.items() if name == "drawings" and each not in done}
            if name in done and not moving:
                continue
            model = trained(keras, setting, seed, digits)
            if name not in done:
                add({"setting": name, "seed": seed, **judged(model, setting, images, labels, strange)})
            for each, how in moving.items():
                add({"setting": each, "seed": seed, "course": let_go(keras, model, **how, seed=seed, digits=digits)})


def settings():
    """What the record says of how the runs were made."""
    return {
        "learned_digits": LEARN,
        "judged_digits": JUDGED,
        "passes": PASSES,
        "batch_size": BATCH,
        "optimizer": "Adam",
        "rate": RATE,
        "rate_falls": "to 0 along half a cosine",
        "digits_refused": REFUSED,
        "strangers_of_a_kind": STRANGERS,
        "passes_of_moving_vectors": MOVING_PASSES,
        "batch_size_of_moving_vectors": MOVING_BATCH,
        "networks": SETTINGS | MOVING,
    }


def write(path, runs):
    """Write the record of the runs made so far, in the order of SETTINGS."""
    order = [*SETTINGS, *MOVING]
    data = "MNIST's training digits only, and images made by lk.strangers; the test digits are not used"
    results = sorted(runs, key=lambda each: (order.index(each["setting"]), each["seed"]))
    records.write(path, records.head("python tools/compare_codes.py", data, settings()) | {"results": results})


if __name__ == "__main__":
    main()
