"""Machines without convolution, tried over seeds: python tools/compare_machines.py

Recorded in data/machines.json, as lesson 18 builds them: each machine learns from 4,000 regular digits, drawn anew for
each of five seeds, from the same digits deslanted, and from all 54,000 that lk.split gives to learn from; and a
dense network and LeNet-5 learn from 4,000 digits as written and with their pixels shuffled. All are judged on the 6,000
validation digits. Nothing was chosen by these but the width of the bumps, and the test digits are not looked at.

All of it takes some ten minutes on one core. Each finished run is added to the record at once, and a run that is there
already is not made again. Needs MNIST.
"""

import argparse
import pathlib
import time

import numpy as np
import record as records

import lenet_keras as lk
from lenet_keras import distort

RECORD = records.DATA / "machines.json"
SEEDS = range(5)
FEW = 4_000
PASSES, BATCH_SIZE = {"few": 20, "all": 8}, 64
"""Passes of a descent over the digits; its rate falls along a straight line to 0."""
RATES = {"squared": 0.01, "squashed": 0.01, "cross-entropy": 0.1, "pairs, squared": 0.01, "pairs, squashed": 0.03}
NETWORK = {"epochs": 12, "batch_size": 64, "optimizer": "adam", "learning_rate": 0.002}
PAIRS = [(i, j) for i in range(10) for j in range(i + 1, 10)]
SIZE, STEEPNESS = 1.7159, 2 / 3
COMPONENTS, CENTRES, WIDTH, RIDGE = 40, 100, 2, 1e-3
SVM = {"kernel": "poly", "degree": 4, "coef0": 1, "C": 10}


# ------------------------------------------------------------------------------------------------------- machines
# Each is a function from (images to learn from, labels, images to answer for, seed) to its answers, or to several kinds
# of answers by name; images are rows of numbers.


def with_bias(x):
    return np.hstack([np.ones((len(x), 1), x.dtype), x])


def classes(labels, other=-1.0):
    """Targets: 1 for the class, another number for the others."""
    return np.where(labels[:, np.newaxis] == np.arange(10), 1.0, other).astype("float32")


def pairs(labels):
    """Targets of the 45 machines: 1 for the first class of the pair, -1 for the second, 0 for what is not learned."""
    return np.stack([1.0 * (labels == i) - (labels == j) for i, j in PAIRS], axis=1).astype("float32")


def solve(x, targets, ridge=0.0):
    """The least squares solution; the smallest, if there are many. The sums over the digits are 64-bit."""
    x, targets = x.astype("float64"), targets.astype("float64")
    return np.linalg.lstsq(x.T @ x + ridge * np.eye(x.shape[1]), x.T @ targets, rcond=None)[0]


def squash(sums):
    """The article's squashing function."""
    return SIZE * np.tanh(STEEPNESS * sums)


def of_squared(sums, targets):
    """What goes back into the sums: the derivative of half the squared difference."""
    return sums - targets


def of_squashed(sums, targets):
    outputs = squash(sums)
    return (outputs - targets) * STEEPNESS * (SIZE - outputs**2 / SIZE)


def of_cross_entropy(sums, targets):
    powers = np.exp(sums - sums.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True) - targets


def of_trained(slope):
    """The same where only targets that are not 0 are learned."""
    return lambda sums, targets: slope(sums, targets) * (targets != 0)


SLOPES = {
    "squared": of_squared,
    "squashed": of_squashed,
    "cross-entropy": of_cross_entropy,
    "pairs, squared": of_trained(of_squared),
    "pairs, squashed": of_trained(of_squashed),
}


def descend(x, targets, way, seed):
    """Weights found by descent from 0."""
    rng, passes = np.random.default_rng(seed), PASSES["few" if len(x) <= FEW else "all"]
    weights = np.zeros((x.shape[1], targets.shape[1]), x.dtype)
    for epoch in range(passes):
        rate = RATES[way] * (1 - epoch / passes)
        for batch in np.array_split(rng.permutation(len(x)), len(x) // BATCH_SIZE):
            slopes = SLOPES[way](x[batch] @ weights, targets[batch])
            weights -= (rate / len(batch)) * (x[batch].T @ slopes)
    return weights


def solved(x, labels, judged, seed):
    return (with_bias(judged) @ solve(with_bias(x), classes(labels))).argmax(axis=1)


def descended(way):
    def machine(x, labels, judged, seed):
        targets = classes(labels, 0.0 if way == "cross-entropy" else -1.0)
        return (with_bias(judged) @ descend(with_bias(x), targets, way, seed)).argmax(axis=1)

    return machine


def totals(outputs):
    """The score of each class: what the machines for it say, less what the machines against it say."""
    return outputs @ np.array([[(c == i) - (c == j) for c in range(10)] for i, j in PAIRS])


def pairwise(way):
    def machine(x, labels, judged, seed):
        outputs = with_bias(judged) @ descend(with_bias(x), pairs(labels), way, seed)
        scores = {"sums": outputs, "squashed sums": np.tanh(outputs), "votes": np.sign(outputs)}
        return {name: totals(values).argmax(axis=1) for name, values in scores.items()}

    return machine


def neighbours(x, labels, judged, seed):
    from sklearn.neighbors import KNeighborsClassifier

    answers = {}
    for levels in (256, 16, 4, 2) if len(x) <= FEW else (256, 16):
        grey = [np.rint((part + 0.1) / 1.275 * (levels - 1)).astype("float32") for part in (x, judged)]
        found = KNeighborsClassifier(3, algorithm="brute").fit(grey[0], labels).kneighbors(grey[1])[1]
        first, second, third = labels[found].T
        answers[f"{levels} levels"] = np.where(second == third, second, first)  # a tie goes to the nearest
    return answers


def polynomial(x, labels, judged, seed):
    from sklearn.decomposition import PCA

    components = PCA(COMPONENTS, svd_solver="covariance_eigh").fit(x.astype("float64"))
    first, second = np.triu_indices(COMPONENTS)
    answers = {}
    for inputs in (41, 821, 861):
        parts = []
        for images in (x, judged):
            z = components.transform(images.astype("float64"))
            columns = {41: [z], 821: [z[:, first] * z[:, second]], 861: [z, z[:, first] * z[:, second]]}[inputs]
            parts.append(with_bias(np.hstack(columns)))
        answers[f"{inputs} inputs"] = (parts[1] @ solve(parts[0], classes(labels))).argmax(axis=1)
    return answers


def bumps(x, labels, judged, seed):
    from sklearn.cluster import KMeans

    def clusters(images):
        return KMeans(CENTRES, n_init=1, max_iter=20, random_state=seed).fit(images).cluster_centers_

    answers = {}
    drawn = np.random.default_rng(seed).choice(len(x), 10 * CENTRES, replace=False)
    for name, centres in (
        ("centres by class", np.concatenate([clusters(x[labels == c]) for c in range(10)])),
        ("digits as centres", x[drawn]),
    ):
        squares = [
            (part**2).sum(axis=1)[:, np.newaxis] - 2 * part @ centres.T + (centres**2).sum(axis=1)
            for part in (x, judged)
        ]
        unit = squares[0].min(axis=1).mean()
        heights = [with_bias(np.exp(-each / (2 * WIDTH * unit))) for each in squares]
        answers[name] = (heights[1] @ solve(heights[0], classes(labels), RIDGE)).argmax(axis=1)
    return answers


def svm(x, labels, judged, seed):
    from sklearn.svm import SVC

    return SVC(**SVM).fit(x, labels).predict(judged)


MACHINES = {
    "solved": solved,
    "squared": descended("squared"),
    "squashed": descended("squashed"),
    "cross-entropy": descended("cross-entropy"),
    "pairs, squared": pairwise("pairs, squared"),
    "pairs, squashed": pairwise("pairs, squashed"),
    "neighbours": neighbours,
    "polynomial": polynomial,
    "bumps": bumps,
    "SVM": svm,
}
ALL_REGULAR = [name for name in MACHINES if name != "SVM"]  # which all digits take long; lesson 19 has it
ALL_DESLANTED = ["solved", "squared", "squashed", "cross-entropy", "neighbours"]  # as the article has them


# ------------------------------------------------------------------------------------------------------- networks


def shuffled(images, seed):
    """Images of 32×32 pixels whose inner 28×28 are put into another order, the same for all."""
    order = np.random.default_rng([seed, 1]).permutation(28 * 28)
    result = images.copy()
    result[:, 2:30, 2:30] = images[:, 2:30, 2:30].reshape(-1, 28 * 28)[:, order].reshape(-1, 28, 28, 1)
    return result


def network(name):
    def machine(x, labels, judged, seed):
        keras = lk.start_keras()
        keras.utils.set_random_seed(seed)
        if name == "LeNet-5":
            model = lk.lenet5()
        else:
            layers = [keras.layers.Dense(300, activation="tanh"), keras.layers.Dense(10)]
            model = keras.Sequential([keras.Input((32, 32, 1)), keras.layers.Flatten(), *layers])
        if name == "dense, start moved":  # each pixel keeps the starting weights that it has as written
            places = shuffled(np.arange(32 * 32).reshape(1, 32, 32, 1), seed).ravel()
            first, *rest = model.get_weights()
            model.set_weights([first[places], *rest])
        updates = NETWORK["epochs"] * -(-len(x) // NETWORK["batch_size"])
        rate = keras.optimizers.schedules.CosineDecay(NETWORK["learning_rate"], updates)
        model.compile(keras.optimizers.Adam(rate), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        model.fit(x, labels, batch_size=NETWORK["batch_size"], epochs=NETWORK["epochs"], verbose=0)
        return model.predict(judged, batch_size=1000, verbose=0).argmax(axis=1)

    return machine


NETWORKS = {name: network(name) for name in ("dense", "dense, start moved", "LeNet-5")}


# ----------------------------------------------------------------------------------------------------- the record


def rows(images):
    return images.reshape(len(images), -1)


PREPARED = {
    "regular": lambda images, seed: rows(images[:, 2:30, 2:30]),
    "deslanted": lambda images, seed: rows(distort.deslanted(images)),
    "as written": lambda images, seed: images,
    "shuffled": shuffled,
}


def plan():
    """What is run, as dicts."""
    for seed in SEEDS:
        for machines, kinds in ((NETWORKS, ("as written", "shuffled")), (MACHINES, ("regular", "deslanted"))):
            for name in machines:
                chosen = [kind for kind in kinds if (name, kind) != ("dense, start moved", "as written")]
                yield from ({"rival": name, "digits": kind, "learned": "few", "seed": seed} for kind in chosen)
    for kind, names in (("regular", ALL_REGULAR), ("deslanted", ALL_DESLANTED)):
        yield from ({"rival": name, "digits": kind, "learned": "all", "seed": 0} for name in names)


def run(digits, rival, digits_are, learned, seed):
    """The errors of one run, by the kind of answer; "errors" if there is one kind."""
    learn, judge = lk.split(digits)
    chosen = np.random.default_rng([seed, 0]).choice(learn, FEW, replace=False) if learned == "few" else learn
    x, judged = (PREPARED[digits_are](digits.x_train[part], seed) for part in (chosen, judge))
    answers = (MACHINES | NETWORKS)[rival](x, digits.y_train[chosen], judged, seed)
    answers = answers if isinstance(answers, dict) else {"errors": answers}
    return {name: int((each != digits.y_train[judge]).sum()) for name, each in answers.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", type=pathlib.Path, default=RECORD, help="the file to add to")
    arguments = parser.parse_args()
    digits = lk.load_digits("mnist")
    learn, judge = lk.split(digits)
    settings = {
        "few": FEW, "all": len(learn), "judged_digits": len(judge), "passes": PASSES, "batch_size": BATCH_SIZE,
        "rates": RATES, "components": COMPONENTS, "centres": CENTRES, "squared_width": WIDTH, "ridge": RIDGE,
        "SVM": SVM, "networks": NETWORK, "dense": "300 tanh units, 10 outputs",
    }  # fmt: skip
    runs = records.runs(arguments.record, settings)
    for what in plan():
        if any(what.items() <= each.items() for each in runs):
            continue
        started = time.perf_counter()
        errors = run(digits, what["rival"], what["digits"], what["learned"], what["seed"])
        seconds = round(time.perf_counter() - started, 1)
        runs.append({**what, "wrong": errors, "seconds": seconds, **records.conditions("scikit-learn")})
        record = {
            "command": "python tools/compare_machines.py",
            "data": "MNIST's training digits only: lk.split says which are learned and which judge",
            "settings": settings,
            "results": runs,
        }
        records.write(arguments.record, record)
        print(what, errors, seconds, flush=True)


if __name__ == "__main__":
    main()
