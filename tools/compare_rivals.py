"""The rivals of the article's section III-C again: python tools/compare_rivals.py [rival ...]

Trains each rival on the 60,000 training digits, one thread, and adds it to data/rivals.json: its errors on the test
digits and which they are, what refusing buys, the numbers it stores, its multiply-accumulates, seconds of the
processor, versions and machine. Rivals that begin from chance are run with three seeds. Those in CURVES are also run on
1,000, 4,000 and 15,000 digits, drawn by each seed. First every rival once, then the curves, then the other seeds; each
run is written when it is done. A run that is in the record is left out, so that the program goes on where it was
stopped; a rival whose settings or versions have changed, or that is named, begins anew. Needs MNIST; about 40 minutes
of one core. Nothing is chosen by the test digits: what was chosen, was chosen on validation digits (lk.split).
"""

import os

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")
ENVIRONMENT = dict.fromkeys(THREADS, "1")
"""One thread; tools/study.py gives it to its tasks."""
if __name__ == "__main__":
    os.environ.update(ENVIRONMENT)  # before NumPy and TensorFlow are loaded

import argparse  # noqa: E402
import hashlib  # noqa: E402
import itertools  # noqa: E402
import json  # noqa: E402
import pathlib  # noqa: E402
import time  # noqa: E402
from typing import NamedTuple  # noqa: E402

import numpy as np  # noqa: E402
import record as records  # noqa: E402

import lenet_keras as lk  # noqa: E402
from lenet_keras import distort  # noqa: E402

RECORD = records.DATA / "rivals.json"
BUILD = records.DATA.parent / "build" / "rivals"
ALL = 60_000
SIZES = (1_000, 4_000, 15_000)
SEEDS = (0, 1, 2)
REFUSED = tuple(share / 200 for share in range(21))
"""Shares of the test digits that are refused, those with the smallest difference of the two best scores first."""
NETWORKS = lk.Recipe(
    epochs=8, batch_size=64, optimizer="adam", learning_rate=0.002, decay=True, minimum_updates=2500, validate=False
)
RECIPE = (
    f"cross-entropy, Adam, rate {NETWORKS.learning_rate} falling to 0 along half a cosine, "
    f"batch {NETWORKS.batch_size}, {NETWORKS.epochs} epochs, or more: {NETWORKS.minimum_updates} updates at least"
)


class Rival(NamedTuple):
    """A way to read digits."""

    settings: str
    """All that was chosen, in words."""
    prepare: object
    """From images (n, 32, 32, 1) to what it sees."""
    fit: object
    """From that, labels and a seed to (function that scores ten classes, stored numbers, multiply-accumulates)."""
    seeds: tuple


RIVALS = {}


def rival(name, settings, prepare, seeds=(0,)):
    """Register the function below."""

    def register(function):
        RIVALS[name] = Rival(settings, prepare, function, seeds)
        return function

    return register


# ------------------------------------------------------------------------------------------------- preparation


def flat(images):
    """The 28×28 values of each digit, as one row; the frame around them is paper on every digit."""
    return images[:, 2:30, 2:30, 0].reshape(len(images), -1)


def flat_deslanted(images):
    return distort.deslanted(images).reshape(len(images), -1)


def as_they_are(images):
    return images


# --------------------------------------------------------------------------------- least squares, and neighbours


def with_one(x):
    return np.hstack([x, np.ones((len(x), 1))]).astype("float64")


def solved(inputs, targets, ridge):
    """Weights of the least squares, with `ridge` times the sum of their squares added."""
    return np.linalg.solve(inputs.T @ inputs + ridge * np.eye(inputs.shape[1]), inputs.T @ targets)


def targets_of(y):
    return np.where(np.asarray(y)[:, None] == np.arange(10), 1.0, -1.0)


def linear(x, y, seed):
    weights = solved(with_one(x), targets_of(y), 1)
    return lambda images: with_one(images) @ weights, weights.size, weights.size - 10


LINEAR = "least squares on targets of ±1, 1 added to the diagonal"
rival("linear", LINEAR, flat)(linear)
rival("linear, deslanted", f"{LINEAR}; deslanted 20×20", flat_deslanted)(linear)

PAIRS = list(itertools.combinations(range(10), 2))
FOR_AND_AGAINST = np.array([[(i == pair[0]) - (i == pair[1]) for i in range(10)] for pair in PAIRS])


def pairwise(votes):
    """45 machines, one for a pair of digits; their outputs are summed, or their signs."""

    def fit(x, y, seed):
        weights = []
        for pair in PAIRS:
            of_pair = np.isin(y, pair)
            weights.append(solved(with_one(x[of_pair]), np.where(y[of_pair] == pair[0], 1.0, -1.0), 1))
        weights = np.stack(weights, axis=1)

        def scores(images):
            outputs = with_one(images) @ weights
            # Of equal votes, the larger sum decides.
            return (np.sign(outputs) + outputs * 1e-6 if votes else outputs) @ FOR_AND_AGAINST

        return scores, weights.size, weights.size - len(PAIRS)

    return fit


PAIRWISE = f"45 machines i/j, {LINEAR}; score of i: sum over i/x minus sum over y/i of the"
rival("pairwise linear", f"{PAIRWISE} outputs", flat)(pairwise(votes=False))
rival("pairwise linear, votes", f"{PAIRWISE} outputs' signs", flat)(pairwise(votes=True))


def neighbours(x, y, seed):
    """Three nearest digits vote; of equal votes the nearest digit decides."""
    order = np.argsort(y, kind="stable")
    x, y = x[order], y[order]
    squares, first = (x**2).sum(axis=1), np.searchsorted(y, np.arange(10))

    def scores(images):
        found = []
        for some in np.array_split(images, max(1, len(images) // 250)):
            distances = squares - 2 * (some @ x.T) + (some**2).sum(axis=1)[:, None]
            nearest = y[np.argpartition(distances, 3, axis=1)[:, :3]]
            votes = (nearest[:, :, None] == np.arange(10)).sum(axis=1)
            found.append(votes - 1e-4 * np.sqrt(np.maximum(np.minimum.reduceat(distances, first, axis=1), 0)))
        return np.concatenate(found)

    return scores, x.size, x.size


K_NN = "3 nearest digits, Euclidean, vote; the score of a class: its votes, then how near its nearest digit is"
rival("K-NN", K_NN, flat)(neighbours)
rival("K-NN, deslanted", f"{K_NN}; deslanted 20×20", flat_deslanted)(neighbours)


SMOOTH, NEAR = 1.0, 200


def smooth16(images):
    """16×16 digits, smoothed, whose tangents are the better for it: (n, 28, 28)."""
    from scipy import ndimage

    return ndimage.gaussian_filter(distort.reduced(images)[..., 0], (0, SMOOTH, SMOOTH))


def middle(images):
    """The middle 20×20 pixels, in one row."""
    return images[..., 4:24, 4:24].reshape(*images.shape[:-2], 400)


def tangents(images):
    """How digits (n, 28, 28) change under seven small changes: an orthonormal basis (n, 400, 7) of the directions."""
    images = images[..., None]

    def between(**ends):
        (name, (low, high)), *_ = ends.items()
        after, before = (distort.warped(images, distort.affine_maps(**{name: end})) for end in (high, low))
        return after - before

    changes = [
        distort.warped(images, shift=end) - distort.warped(images, shift=-np.array(end)) for end in ((0.5, 0), (0, 0.5))
    ]
    changes += [between(scale=(0.95, 1.05)), between(rotation=(-4, 4)), between(shear=(-0.07, 0.07))]
    changes += [between(squeeze=(0.95, 1.05)), distort.stroke(images, 0.5) - distort.stroke(images, -0.5)]
    return np.linalg.qr(middle(np.stack(changes, axis=1)[..., 0]).transpose(0, 2, 1))[0]


@rival(
    "tangent distance, 16×16",
    "the nearest digit, by the distance to the plane that seven small changes of the digit to be read span (shifts "
    "down and right, scale, rotation, shear, squeeze, thickness); 16×16 pixels, smoothed by a Gaussian of 1 pixel (0, "
    "0.7 and 1 gave 4.3, 3.1 and 2.7 % errors on validation digits, from 6,000 digits; without tangents 5.5 % with "
    "1); among the 200 nearest by Euclidean distance",
    smooth16,
)
def _(x, y, seed):
    known = middle(x)
    squares = (known**2).sum(axis=1)

    def scores(images):
        found = []
        for some in np.array_split(images, max(1, len(images) // 250)):
            flat_some, planes = middle(some), tangents(some)
            nearest = np.argpartition(squares - 2 * (flat_some @ known.T), NEAR, axis=1)[:, :NEAR]
            for digit, plane, near in zip(flat_some, planes, nearest, strict=True):
                apart = known[near] - digit
                distances = np.sqrt(np.maximum((apart**2).sum(axis=1) - ((apart @ plane) ** 2).sum(axis=1), 0))
                of_class = np.full(10, distances.max())  # a class that is not near
                np.minimum.at(of_class, y[near], distances)
                found.append(-of_class)
        return np.array(found)

    return scores, known.size, known.size + NEAR * 7 * 400


def quadratic(linear_terms):
    """40 principal components, all products of pairs of them, and a linear machine on these."""

    def fit(x, y, seed):
        mean = x.mean(axis=0, dtype="float64")
        components = np.linalg.eigh(np.cov((x - mean).astype("float64").T))[1][:, -40:]
        rows, columns = np.triu_indices(40)

        def products(images):
            few = (images - mean) @ components
            return with_one(np.hstack([few] * linear_terms + [few[:, rows] * few[:, columns]]))

        weights = solved(products(x), targets_of(y), 1e-3)
        stored = mean.size + components.size + weights.size
        return lambda images: products(images) @ weights, stored, components.size + len(rows) + weights.size - 10

    return fit


QUADRATIC = "40 principal components, {}; least squares on targets of ±1, 0.001 added to the diagonal"
rival("40 PCA + quadratic", QUADRATIC.format("the 820 products of pairs and a 1: 821 inputs"), flat)(quadratic(False))
rival("40 PCA + quadratic, 861", QUADRATIC.format("themselves, their 820 products of pairs and a 1: 861 inputs"), flat)(
    quadratic(True)
)

WIDTHS = (1, 2, 4, 8)


@rival(
    "1000 RBF + linear",
    "100 centres for each class by k-means on its digits (scikit-learn, one start, at most 30 rounds); Gaussians of "
    f"one width, whose square is one of {WIDTHS} times the mean squared distance to the nearest centre, by validation "
    "digits; regularised pseudo-inverse (0.001 added to the diagonal) on targets of ±1",
    flat,
    SEEDS,
)
def _(x, y, seed):
    from sklearn.cluster import KMeans

    centres = np.concatenate([KMeans(100, n_init=1, max_iter=30, random_state=seed).fit(x[y == digit]).cluster_centers_
                              for digit in range(10)])  # fmt: skip

    def squared(images):
        distances = (images**2).sum(axis=1)[:, None] - 2 * images @ centres.T + (centres**2).sum(axis=1)
        return np.maximum(distances, 0)

    distances = squared(x)
    unit = float(distances.min(axis=1).mean())

    def bumps(distances, width):
        return with_one(np.exp(-distances / (2 * width * unit)))

    learn, validate = lk.split(lk.Digits(None, y, None, None, "mnist"))
    errors = {}
    for width in WIDTHS:
        weights = solved(bumps(distances[learn], width), targets_of(y[learn]), 1e-3)
        errors[width] = int(((bumps(distances[validate], width) @ weights).argmax(axis=1) != y[validate]).sum())
    width = min(errors, key=errors.get)
    weights = solved(bumps(distances, width), targets_of(y), 1e-3)
    return (
        lambda images: bumps(squared(images), width) @ weights,
        centres.size + 1 + weights.size,
        centres.size + 10_000,
    )


@rival(
    "SVM, polynomial of degree 4",
    "SVC(kernel='poly', degree=4, coef0=1, gamma='scale', C=10); C by validation digits, from 10,000 digits: 3.47, "
    "3.45 and 3.45 % errors with 1, 10 and 100; 45 machines; the score of a class is its smallest output against the "
    "nine others",
    flat,
)
def _(x, y, seed):
    from sklearn.svm import SVC

    shape = {"decision_function_shape": "ovo", "cache_size": 2000}
    model = SVC(kernel="poly", degree=4, coef0=1, C=10, **shape).fit(x, y)
    vectors = len(model.support_)
    # Kept: the support vectors, their nine coefficients each, and the 45 machines' constants.

    def scores(images):
        outputs = model.decision_function(images)
        against = np.full((len(images), 10, 10), np.inf)
        for number, (i, j) in enumerate(PAIRS):
            against[:, i, j], against[:, j, i] = outputs[:, number], -outputs[:, number]
        return against.min(axis=2)

    return scores, vectors * (784 + 9) + 45, vectors * (784 + 9)


# --------------------------------------------------------------------------------------------------- from Keras


def network(name, build, distorted=False):
    """A Keras network, trained by one recipe; kept in build/rivals, for what is built on it."""

    def fit(x, y, seed):
        def distorted_digits(images, labels, numbers):
            return distort.distorted(images, numbers), labels

        lk.start_keras().utils.set_random_seed(seed)
        model, digits = build(), lk.Digits(x, y, None, None, "mnist")
        lk.train(model, digits, NETWORKS, seed=seed, fresh=distorted_digits if distorted else None, verbose=False)
        if len(y) == ALL:
            BUILD.mkdir(parents=True, exist_ok=True)
            unfinished = BUILD / f"{os.getpid()}.weights.h5"  # a kill, or a second program, meets no half of a file
            model.save_weights(unfinished)
            os.replace(unfinished, kept(name, seed))
        return answers_of(model)

    return fit


def kept(name, seed):
    """Where a network's weights are kept: another place for another recipe, or other versions."""
    made = json.dumps([RIVALS[name].settings, records.conditions()["versions"]])
    return BUILD / f"{name}-{seed}-{hashlib.sha256(made.encode()).hexdigest()[:8]}.weights.h5"


def answers_of(model):
    counts = lk.anatomy(model)

    def scores(images):
        return model.predict(images, batch_size=500, verbose=0)

    return scores, counts.parameters, counts.macs


def perceptron(*hidden, inputs=784):
    """A multi-layer perceptron: tanh units in hidden layers, ten outputs."""

    def build():
        keras = lk.start_keras()
        layers = [keras.layers.Dense(units, activation="tanh") for units in hidden]
        return keras.Sequential([keras.Input((inputs,)), *layers, keras.layers.Dense(10)])

    return build


def rival_network(name, layers, prepare, build, distorted=False):
    settings = "; ".join([layers, *["distorted anew in each epoch (lk.distort.RANGES)"] * distorted, RECIPE])
    rival(name, settings, prepare, SEEDS)(network(name, build, distorted))


TANH = "perceptron, tanh"
rival_network("300 HU", f"{TANH}, 784-300-10", flat, perceptron(300))
rival_network(
    "300 HU, deslanted 20×20", f"{TANH}, 400-300-10; deslanted 20×20", flat_deslanted, perceptron(300, inputs=400)
)
rival_network("1000 HU", f"{TANH}, 784-1000-10", flat, perceptron(1000))
rival_network("300-100", f"{TANH}, 784-300-100-10", flat, perceptron(300, 100))
rival_network("500-150", f"{TANH}, 784-500-150-10", flat, perceptron(500, 150))
rival_network(
    "LeNet-1", "lk.lenet1() on 16×16 pixels (lenet_keras.distort.reduced)", distort.reduced, lambda: lk.lenet1()
)
rival_network("LeNet-4", "lk.lenet4(), a stand-in of the printed size", as_they_are, lambda: lk.lenet4())


def trained_lenet4(x, y, seed):
    """The rival LeNet-4 of that seed, from build/rivals if it is there."""
    if not kept("LeNet-4", seed).exists():
        RIVALS["LeNet-4"].fit(x, y, seed)
    model = lk.lenet4()
    model.load_weights(kept("LeNet-4", seed))
    return model


@rival(
    "LeNet-4, K-NN last layer",
    f"the 37 units of F5 of the LeNet-4 above; {K_NN}",
    as_they_are,
    SEEDS,
)
def _(x, y, seed):
    keras, model = lk.start_keras(), trained_lenet4(x, y, seed)
    inside, counts = keras.Model(model.inputs, model.get_layer("F5").output), lk.anatomy(model)
    scores, stored, macs = neighbours(inside.predict(x, batch_size=500, verbose=0), y, seed)
    body = counts.parameters - 380, counts.macs - 370  # without the ten outputs
    return lambda images: scores(inside.predict(images, batch_size=500, verbose=0)), stored + body[0], macs + body[1]


@rival("three LeNet-4, added", "the probabilities of the three LeNet-4 above, added; no boosting", as_they_are)
def _(x, y, seed):
    models = [trained_lenet4(x, y, number) for number in SEEDS]
    counts = lk.anatomy(models[0])
    return (
        lambda images: sum(lk.probabilities(model, images) for model in models),
        len(models) * counts.parameters,
        len(models) * counts.macs,
    )


rival_network("LeNet-5", "lk.lenet5()", as_they_are, lambda: lk.lenet5())
rival_network("LeNet-5, distorted", "lk.lenet5()", as_they_are, lambda: lk.lenet5(), distorted=True)

for _name, _kind in (("LeNet-5 of lesson 07", "standard"), ("LeNet-5 of lesson 20, distorted", "distorted")):
    rival(
        _name, f'lk.load_lenet5("{_kind}"), which comes with the course: another recipe and 54,000 digits', as_they_are
    )(lambda x, y, seed, kind=_kind: answers_of(lk.load_lenet5(kind)))

CURVES = ("linear", "K-NN", "40 PCA + quadratic, 861", "SVM, polynomial of degree 4", "300 HU", "LeNet-1", "LeNet-5")


# ----------------------------------------------------------------------------------------------------- the record


def plan():
    """(rival, training digits, seed) of every run, what matters most first."""
    curves = [(name, size, seed) for seed in SEEDS for size in SIZES for name in CURVES]
    once = [(name, ALL, seed) for seed in SEEDS for name in RIVALS if seed in RIVALS[name].seeds]
    late = [run for run in once if run[0] == "three LeNet-4, added"]
    first, others = ([run for run in once if (run[2] == 0) == begin and run not in late] for begin in (True, False))
    few = [run for run in curves if run[2] == 0]
    return first + few + others + late + [run for run in curves if run[2]]


def run(name, size, seed, digits):
    """One run, judged on the test digits: (what belongs to the rival, what belongs to the run)."""
    rival = RIVALS[name]
    chosen = slice(None) if size >= len(digits.y_train) else np.random.default_rng(seed).permutation(ALL)[:size]
    images, labels = digits.x_train[chosen], digits.y_train[chosen]
    started = time.process_time()
    scores_of, stored, macs = rival.fit(rival.prepare(images), labels, seed)
    trained = time.process_time()
    scores = scores_of(rival.prepare(digits.x_test))
    classified = time.process_time()
    answers = scores.argmax(axis=1)
    result = lk.error_rate(digits.y_test, answers)
    print(
        f"{name}, {size:,}, seed {seed}: {result}; {trained - started:.0f} + {classified - trained:.1f} s", flush=True
    )
    found = {
        "training_digits": size,
        "seed": seed,
        "stored_numbers": int(stored),
        "multiply_accumulates": int(macs),
        "test_errors": result.errors,
        "seconds_to_train": round(trained - started, 1),
        "seconds_to_classify": round(classified - trained, 2),
    }
    return found | (refusing(scores, digits.y_test) if size == ALL else {})


def refusing(scores, labels):
    """Which digits are misread as what, and what refusing by the difference of the two best scores buys."""
    wrong = np.flatnonzero(scores.argmax(axis=1) != labels)
    best = np.sort(scores, axis=1)[:, -2:]
    order = np.argsort(best[:, 1] - best[:, 0], kind="stable")
    left = np.r_[np.isin(order, wrong)[::-1].cumsum()[::-1], 0]  # errors that are left when so many are refused
    answered = len(labels) - np.arange(len(labels) + 1)
    return {
        "refused_for_half_percent": int(np.flatnonzero(left <= 0.005 * answered)[0]),
        "errors_left": [int(left[round(share * len(labels))]) for share in REFUSED],
        "misread": wrong.tolist(),
        "read_as": "".join(map(str, scores.argmax(axis=1)[wrong])),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rivals", nargs="*", metavar="rival", help=f"one of: {'; '.join(RIVALS)}")
    parser.add_argument("--record", type=pathlib.Path, default=RECORD, help="the file to add to")
    parser.add_argument("--seconds", type=float, default=np.inf, help="begin no run after so many of the processor's")
    arguments = parser.parse_args()
    if unknown := set(arguments.rivals) - set(RIVALS):
        parser.error(f"there is no rival {', '.join(unknown)}; there are: {'; '.join(RIVALS)}")
    digits = lk.load_digits("mnist")
    if arguments.rivals:
        others = up_to_date(arguments.record, without=arguments.rivals)
        write(arguments.record, others) if others else arguments.record.unlink(missing_ok=True)
    for name, size, seed in plan():
        if arguments.rivals and name not in arguments.rivals:
            continue
        known = up_to_date(arguments.record).get(name, entry_of(name))["runs"]
        if any((one["training_digits"], one["seed"]) == (size, seed) for one in known):
            continue
        if time.process_time() > arguments.seconds:
            break
        merge(arguments.record, [((name, size, seed), run(name, size, seed, digits))])


def tasks():
    """The plan, for tools/study.py."""
    return [list(each) for each in plan()]


def work(task):
    """One of its runs."""
    return run(*task, lk.load_digits("mnist"))


def merge(path, results):
    """Add the runs to the record; results is a list of (task, what work gave)."""
    found = up_to_date(path)  # read again: a second program may have added its own
    for (name, size, seed), one in results:
        entry = found.setdefault(name, entry_of(name))
        others = [run for run in entry["runs"] if (run["training_digits"], run["seed"]) != (size, seed)]
        entry["runs"] = sorted([*others, one], key=lambda run: (run["training_digits"], run["seed"]))
    write(path, found)


def entry_of(name):
    return {"settings": RIVALS[name].settings, **records.conditions("numpy", "scikit-learn"), "runs": []}


def up_to_date(path, without=()):
    """What is recorded, but for the rivals that are to be run again: named ones, or of other settings or versions."""
    kept, now = records.read(path), records.conditions("numpy", "scikit-learn")["versions"]
    return {
        name: entry
        for name, entry in (kept["results"] if kept else {}).items()
        if name in RIVALS
        and name not in without
        and (entry["settings"], entry["versions"]) == (RIVALS[name].settings, now)
    }


def write(path, found):
    """Write the record of the rivals found so far, in the order of RIVALS."""
    settings = {
        "test_digits": 10_000,
        "drawn": "fewer digits than all are the first of default_rng(seed).permutation(60_000)",
        "refused_shares": REFUSED,
        "distortion_ranges": distort.RANGES,
        "seconds": "of one thread of the processor, not of the clock; training includes preparing the digits and "
        "choosing by validation, classifying is that of all test digits",
    }
    record = {
        "command": "python tools/compare_rivals.py",
        "data": "MNIST: 60,000 training digits or fewer, 10,000 test digits",
        "settings": settings,
        "results": {name: found[name] for name in RIVALS if name in found and found[name]["runs"]},
    }
    records.write(path, record)


if __name__ == "__main__":
    main()
