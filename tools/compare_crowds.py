"""Measure the two crowds of writers in MNIST: python tools/compare_crowds.py

Students (NIST's SD-1) and Census employees (SD-3) wrote MNIST. In the training file they take turns, a student first,
until the students' digits end; in the test file the students come first. Recorded in data/crowds.json: the mean slant
along the test file; how many digits of each crowd seven networks of the standard recipe misread, in the test set and
among the validation digits; and how the nearest training digit reads the validation digits of each crowd, with and
without those that stand near in the file, which the same writer may have written. Needs MNIST; two minutes.
"""

import numpy as np
import record as records
import train

import lenet_keras as lk

RECORD = records.DATA / "crowds.json"
SEEDS = range(1, 8)
# From the labels of QMNIST (Yadav and Bottou, 2019), which name each digit's writer.
STUDENTS = {"training": 29_050, "training_writers": 250, "test": 5_001, "test_writers": 249}
CENSUS = {"training": 30_950, "training_writers": 289, "test": 4_999, "test_writers": 48}
BLOCK, NEAR, LAST = 500, 200, 2_000


def by_census(places):
    """Which digits of the training file Census employees wrote: every second one, and all after the students'."""
    places = np.asarray(places)
    return (places % 2 == 1) | (places >= 2 * STUDENTS["training"])


def slants(images):
    """Columns that the ink of each image goes to the right for every row upwards: a line of least squares."""
    ink, places = images.astype("float32"), np.arange(28)
    total = ink.sum(axis=(1, 2))
    rows = places - (ink.sum(axis=2) @ places / total)[:, None]
    columns = places - (ink.sum(axis=1) @ places / total)[:, None]
    return -np.einsum("nij,ni,nj->n", ink, rows, columns) / np.einsum("nij,ni->n", ink, rows**2)


def degrees(slant):
    return round(float(np.degrees(np.arctan(np.mean(slant)))), 1)


def neighbours(flat, asked, among, count):
    """The places of the nearest images, nearest first: (len(asked), count)."""
    from sklearn.neighbors import NearestNeighbors

    finder = NearestNeighbors(n_neighbors=count, algorithm="brute").fit(flat[among])
    return among[finder.kneighbors(flat[asked], return_distance=False)]


def nearest(flat, labels, learn, validate):
    """How the nearest digit to learn from reads the validation digits of each crowd."""
    found = neighbours(flat, validate, learn, 50)
    far = np.abs(found - validate[:, None]) > NEAR
    assert far.any(axis=1).all()
    wrong = labels[found[:, 0]] != labels[validate]
    wrong_without = labels[found[np.arange(len(found)), far.argmax(axis=1)]] != labels[validate]
    result = {}
    for crowd, mine in crowds(validate):
        counts = {"errors": wrong, "errors_without_near_places": wrong_without, "nearest_stands_near": ~far[:, 0]}
        result[crowd] = {"digits": int(mine.sum())} | {key: int(each[mine].sum()) for key, each in counts.items()}
    return result


def crowds(places):
    census = by_census(places)
    return ("students", ~census), ("census", census)


def odd_labels(flat, labels):
    """Places among the last digits of the training file whose five nearest training digits agree on another label."""
    last = np.arange(len(labels))[-LAST:]
    found = labels[neighbours(flat, last, np.arange(len(labels)), 6)[:, 1:]]  # the nearest is the digit itself
    odd = (found == found[:, :1]).all(axis=1) & (found[:, 0] != labels[last])
    return last[odd].tolist()


def main():
    pixels, digits = lk.load_pixels("mnist"), lk.load_digits("mnist")
    learn, validate = lk.split(digits)
    first = np.arange(len(digits.y_test)) < STUDENTS["test"]
    networks = []
    for seed in SEEDS:
        model = train.trained(seed)
        wrong = lk.probabilities(model, digits.x_test).argmax(axis=1) != digits.y_test
        wrong_here = lk.probabilities(model, digits.x_train[validate]).argmax(axis=1) != digits.y_train[validate]
        counts = {"test_students": wrong[first], "test_census": wrong[~first]}
        counts |= {f"validation_{crowd}": wrong_here[mine] for crowd, mine in crowds(validate)}
        networks.append({"seed": seed} | {name: int(each.sum()) for name, each in counts.items()})
        print(networks[-1], flush=True)
    flat = pixels.x_train.reshape(len(pixels.x_train), -1) / np.float32(255)
    slant = slants(pixels.x_test)
    results = {
        "test_slant_in_degrees": [degrees(slant[a : a + BLOCK]) for a in range(0, len(slant), BLOCK)],
        "digits": {"test_students": int(first.sum()), "test_census": int((~first).sum())}
        | {f"validation_{crowd}": int(mine.sum()) for crowd, mine in crowds(validate)},
        "errors": networks,
        "nearest": nearest(flat, digits.y_train, learn, validate),
        "odd_labels": odd_labels(flat, digits.y_train),
    }
    data = "MNIST: the test set; the 6,000 validation digits; for odd labels the last 2,000 training digits"
    settings = {
        "students": STUDENTS,
        "census": CENSUS,
        "block": BLOCK,
        "near": NEAR,
        "last": LAST,
        "recipe": "standard",
    }
    command = "python tools/compare_crowds.py"
    records.write(RECORD, records.head(command, data, settings, "scikit-learn") | {"results": results})


if __name__ == "__main__":
    main()
