"""Fig. 9 of the article again: python tools/compare_rivals.py [rival ...]

Trains each rival on the 60,000 training digits, one thread, and adds it to data/rivals.json with its test errors, the
numbers it stores, its multiply-accumulates, the seconds it took, versions and conditions. A rival that is in the
record is left out, so that the program goes on where it was stopped; one that is named is run again. Needs MNIST; an
hour or less. Nothing is chosen by the test digits: settings were fixed beforehand, or by the error on validation
digits (lk.split), which is recorded too.
"""

import os

if __name__ == "__main__":
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
        os.environ[variable] = "1"  # before NumPy and TensorFlow are loaded

import argparse  # noqa: E402
import pathlib  # noqa: E402
import time  # noqa: E402

import numpy as np  # noqa: E402
import record as records  # noqa: E402

import lenet_keras as lk  # noqa: E402
from lenet_keras import distort  # noqa: E402

RECORD = records.DATA / "rivals.json"
NETWORKS = lk.Recipe(epochs=8, batch_size=64, optimizer="adam", learning_rate=0.002, decay=True, validate=False)
RIVALS = {}


def rival(name, settings, prepare):
    """Register the function below: from prepared images and labels to (function that answers, stored, macs, notes)."""

    def register(function):
        RIVALS[name] = (settings, prepare, function)
        return function

    return register


# ------------------------------------------------------------------------------------------------- preparation


def flat(images):
    """The 28×28 values of each digit, as one row; the frame around them is paper on every digit."""
    return images[:, 2:30, 2:30, 0].reshape(len(images), -1)


def flat_deslanted(images):
    """The 20×20 values of each digit, deslanted as the article has it, as one row."""
    return distort.deslanted(images).reshape(len(images), -1)


def as_they_are(images):
    return images


# ----------------------------------------------------------------------------------------- from scikit-learn


def linear(x, y):
    from sklearn.linear_model import RidgeClassifier

    model = RidgeClassifier(alpha=1.0).fit(x, y)
    return model.predict, model.coef_.size + model.intercept_.size, model.coef_.size, {}


LINEAR = "RidgeClassifier(alpha=1.0): least squares on targets of ±1"
rival("linear", LINEAR, flat)(linear)
rival("linear, deslanted", LINEAR, flat_deslanted)(linear)


@rival("pairwise linear", "OneVsOneClassifier(RidgeClassifier(alpha=1.0)): 45 machines, one for each pair", flat)
def _(x, y):
    from sklearn.linear_model import RidgeClassifier
    from sklearn.multiclass import OneVsOneClassifier

    model = OneVsOneClassifier(RidgeClassifier(alpha=1.0)).fit(x, y)
    weights = sum(machine.coef_.size for machine in model.estimators_)
    return model.predict, weights + len(model.estimators_), weights, {}


def neighbours(x, y):
    from sklearn.neighbors import KNeighborsClassifier

    model = KNeighborsClassifier(3, algorithm="brute").fit(x, y)
    return model.predict, x.size, x.size, {}


K_NN = 'KNeighborsClassifier(3, algorithm="brute"), Euclidean'
rival("K-NN", K_NN, flat)(neighbours)
rival("K-NN, deslanted", K_NN, flat_deslanted)(neighbours)


@rival("40 PCA + quadratic", "PCA(40, svd_solver='covariance_eigh'), QuadraticDiscriminantAnalysis()", flat)
def _(x, y):
    from sklearn.decomposition import PCA
    from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis
    from sklearn.pipeline import make_pipeline

    x = x.astype("float64")
    model = make_pipeline(PCA(40, svd_solver="covariance_eigh"), QuadraticDiscriminantAnalysis()).fit(x, y)
    # Kept: the mean digit, the components, and for each class a mean, a symmetric matrix and a constant.
    stored = 784 + 40 * 784 + 10 * (40 + 40 * 41 // 2 + 1)
    return model.predict, stored, 40 * 784 + 10 * (40 * 40 + 40), {}


@rival(
    "1000 RBF + linear",
    "MiniBatchKMeans(1000) for the centres, Gaussians of one width, RidgeClassifier(alpha=0.001); "
    "width by the validation digits",
    flat,
)
def _(x, y):
    from sklearn.cluster import MiniBatchKMeans
    from sklearn.linear_model import RidgeClassifier
    from sklearn.metrics.pairwise import euclidean_distances

    centres = MiniBatchKMeans(1000, batch_size=4096, n_init=1, random_state=0).fit(x).cluster_centers_

    def squared(images):
        return euclidean_distances(images, centres, squared=True)

    distances = squared(x)
    unit = float(distances.min(axis=1).mean())
    learn, validate = split(y)
    errors = {}
    for width in (1, 2, 4, 8):
        features = np.exp(-distances / (2 * width * unit))
        model = RidgeClassifier(alpha=0.001).fit(features[learn], y[learn])
        errors[width] = round(float((model.predict(features[validate]) != y[validate]).mean()), 5)
    best = min(errors, key=errors.get)
    model = RidgeClassifier(alpha=0.001).fit(np.exp(-distances / (2 * best * unit)), y)

    def answer(images):
        return model.predict(np.exp(-squared(images) / (2 * best * unit)))

    notes = {"validation_error_by_squared_width": errors, "squared_width": best}
    return answer, centres.size + 1 + 10 * 1001, centres.size + 10 * 1000, notes


@rival(
    "SVM, polynomial of degree 4",
    "SVC(kernel='poly', degree=4, coef0=1, gamma='scale'); C by the validation digits, from 10,000 training digits",
    flat,
)
def _(x, y):
    from sklearn.svm import SVC

    learn, validate = split(y)
    errors = {}
    for c in (1, 10, 100):
        model = SVC(kernel="poly", degree=4, coef0=1, C=c, cache_size=2000).fit(x[learn[:10_000]], y[learn[:10_000]])
        errors[c] = round(float((model.predict(x[validate]) != y[validate]).mean()), 5)
    best = min(errors, key=errors.get)
    model = SVC(kernel="poly", degree=4, coef0=1, C=best, cache_size=4000).fit(x, y)
    vectors = len(model.support_)
    # Kept: the support vectors, their nine coefficients each, and the 45 machines' constants.
    notes = {"validation_error_by_C": errors, "C": best, "support_vectors": vectors}
    return model.predict, vectors * (784 + 9) + 45, vectors * (784 + 9), notes


# --------------------------------------------------------------------------------------------------- from Keras


def network(build, distorted=False):
    """A Keras network, trained by one recipe."""

    def fit(x, y):
        def distorted_digits(images, labels, numbers):
            # Distorted in the digits' own order, then put into that of the epoch.
            order = np.random.default_rng(numbers).permutation(len(y))
            return distort.distorted(x, numbers)[order], y[order]

        lk.start_keras().utils.set_random_seed(0)
        model, digits = build(), lk.Digits(x, y, None, None, "mnist")
        lk.train(model, digits, NETWORKS, seed=0, fresh=distorted_digits if distorted else None)
        return *answers_of(model), {}

    return fit


def answers_of(model):
    """What the record needs to know of a network: how it answers, its parameters, its multiply-accumulates."""
    counts = lk.anatomy(model)

    def answer(images):
        return model.predict(images, batch_size=1000, verbose=0).argmax(axis=1)

    return answer, counts.parameters, counts.macs


def perceptron(*hidden):
    """A multi-layer perceptron: tanh units in hidden layers, ten outputs."""

    def build():
        keras = lk.start_keras()
        layers = [keras.layers.Dense(units, activation="tanh") for units in hidden]
        return keras.Sequential([keras.Input((784,)), *layers, keras.layers.Dense(10)])

    return build


RECIPE = (
    f"cross-entropy, Adam, rate {NETWORKS.learning_rate} falling to 0 along half a cosine, "
    f"{NETWORKS.epochs} epochs, batch {NETWORKS.batch_size}"
)
rival("linear, cross-entropy", f"Dense(10); {RECIPE}", flat)(network(perceptron()))
rival("300 HU", f"Dense(300, tanh), Dense(10); {RECIPE}", flat)(network(perceptron(300)))
rival("1000 HU", f"Dense(1000, tanh), Dense(10); {RECIPE}", flat)(network(perceptron(1000)))
rival("300-100", f"Dense(300, tanh), Dense(100, tanh), Dense(10); {RECIPE}", flat)(network(perceptron(300, 100)))
rival("LeNet-1", f"lk.lenet1() on lenet_keras.distort.reduced digits; {RECIPE}", distort.reduced)(
    network(lambda: lk.lenet1())
)
rival("LeNet-4", f"lk.lenet4(); {RECIPE}", as_they_are)(network(lambda: lk.lenet4()))


@rival("LeNet-5", "lk.load_lenet5(), the network that comes with the course: see lenet5.json", as_they_are)
def _(x, y):
    return *answers_of(lk.load_lenet5()), {"seconds_to_train": None}


rival(
    "LeNet-5, distorted", f"lk.lenet5(), digits distorted anew in each epoch (lk.distort.RANGES); {RECIPE}", as_they_are
)(network(lambda: lk.lenet5(), distorted=True))


# ----------------------------------------------------------------------------------------------------- the record


def split(labels):
    """lk.split, of labels alone."""
    return lk.split(lk.Digits(None, labels, None, None, "mnist"))


def run(name, digits):
    settings, prepare, fit = RIVALS[name]
    started = time.perf_counter()
    answer, stored, macs, notes = fit(prepare(digits.x_train), digits.y_train)
    trained = time.perf_counter()
    answers = answer(prepare(digits.x_test))
    classified = time.perf_counter()
    result = lk.error_rate(digits.y_test, answers)
    print(f"{name}: {result}; {trained - started:.0f} s + {classified - trained:.1f} s", flush=True)
    return {
        "settings": settings,
        "test_errors": result.errors,
        "stored_numbers": int(stored),
        "multiply_accumulates": int(macs),
        "seconds_to_train": round(trained - started, 1),
        "seconds_to_classify": round(classified - trained, 2),
        **notes,
        **records.conditions("numpy", "scikit-learn"),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rivals", nargs="*", metavar="rival", help=f"one of: {'; '.join(RIVALS)}")
    parser.add_argument("--record", type=pathlib.Path, default=RECORD, help="the file to add to")
    arguments = parser.parse_args()
    if unknown := set(arguments.rivals) - set(RIVALS):
        parser.error(f"there is no rival {', '.join(unknown)}; there are: {'; '.join(RIVALS)}")
    digits = lk.load_digits("mnist")
    found = (records.read(arguments.record) or {"results": {}})["results"]
    for name in arguments.rivals or RIVALS:
        if name not in found or arguments.rivals:
            found[name] = run(name, digits)
            write(arguments.record, found)


def write(path, found):
    """Write the record of the rivals found so far, in the order of RIVALS."""
    settings = {
        "training_digits": 60_000,
        "test_digits": 10_000,
        "seed": 0,
        "distortion_ranges": distort.RANGES,
        "conditions": "one thread of a virtual machine with 2 processor cores that other programs used at the same "
        "time: seconds are indicative; they include preparing the digits and choosing by validation",
    }
    record = {
        "command": "python tools/compare_rivals.py",
        "data": "MNIST: 60,000 training digits, 10,000 test digits",
        "settings": settings,
        "results": {name: found[name] for name in RIVALS if name in found},
    }
    records.write(path, record)


if __name__ == "__main__":
    main()
