"""Answers to turns and exercises of notebook 08: right ones in several forms, wrong ones with words of their hint."""

import itertools
import math

import keras
import numpy as np
import tensorflow as tf
from scipy import stats
from sklearn.metrics import confusion_matrix, precision_score, recall_score

import lenet_keras as lk

LABELS = np.repeat([0, 0, 1, 1, 1, 2, 2], [8, 2, 1, 6, 3, 1, 11])
ANSWERS = np.repeat([0, 1, 0, 1, 2, 1, 2], [8, 2, 1, 6, 3, 1, 11])
KNOWN = lk.load_record("mistakes_1998")["results"]["known"]
DIFFERENCES = [each["shared_with_ours"] - each["shared_foretold"] for each in KNOWN.values()]
LARGEST = max(map(abs, DIFFERENCES))


def interval(k, n, z=1.96, root=True, scaled=True, factor=None, plain=False):
    share = k / n
    middle = share if plain else share + z**2 / (2 * n)
    inner = share * (1 - share) / n + (z**2 / (4 * n**2) if root and not plain else 0)
    reach = (z if factor is None else factor) * np.sqrt(inner)
    scale = 1 + z**2 / n if scaled and not plain else 1
    return (middle - reach) / scale, (middle + reach) / scale


def by_searching(k, n):
    ends = []
    for count in np.atleast_1d(k):
        candidates = np.linspace(0, 1, 200_001)
        reach = 1.96 * np.sqrt(candidates * (1 - candidates) / n)
        yes = candidates[abs(count / n - candidates) <= reach + 1e-12]
        ends.append((yes.min(), yes.max()))
    low, high = np.array(ends).T
    return low, high


def by_math(k, n):
    low, high = lk.wilson_interval(k, n)
    return low, high


def counted(update):
    def function(labels, answers):
        matrix = np.zeros((10, 10), int)
        for label, answer in zip(labels, answers, strict=True):
            update(matrix, label, answer)
        return matrix

    return function


def add(matrix, label, answer):
    matrix[label, answer] += 1


def add_turned(matrix, label, answer):
    matrix[answer, label] += 1


def put_one(matrix, label, answer):
    matrix[label, answer] = 1


def add_diagonal(matrix, label, answer):
    matrix[label, label] += 1


def own_errors(labels, first, second):
    a, b = np.asarray(first) != labels, np.asarray(second) != labels
    return int((a & ~b).sum()), int((b & ~a).sum())


def paired(labels, first, second, alternative="two-sided"):
    one, two = own_errors(labels, first, second)
    return stats.binomtest(one, one + two, alternative=alternative).pvalue


def by_mcnemar(labels, first, second):
    one, two = own_errors(labels, first, second)
    return stats.chi2.sf((abs(one - two) - 1) ** 2 / (one + two), 1)


def unpaired(labels, first, second):
    one, two = int((first != labels).sum()), int((second != labels).sum())
    return stats.binomtest(one, one + two).pvalue


def shipped(kind):
    network = lk.lenet5()
    network.load_weights(lk.records.DATA / f"{kind}.weights.h5")
    return network


def with_softmax():
    return keras.Sequential([keras.Input((32, 32, 1)), shipped("lenet5"), keras.layers.Softmax()])


def ways(file, listed, exact=True):
    counts = [1] + [0] * len(listed)
    for digit in file:
        for k in range(len(listed), 0, -1):
            if listed[k - 1] == digit:
                counts[k] += counts[k - 1]
    return counts[-1]


def ways_in_floats(file, listed):
    counts = np.zeros(len(listed) + 1)
    counts[0] = 1
    for digit in file:
        fits = np.asarray(listed) == digit
        counts[1:] += np.where(fits, counts[:-1], 0)
    return counts[-1]


def ways_by_table(file, listed):
    table = [[0] * (len(listed) + 1) for _ in range(len(file) + 1)]
    for row in table:
        row[0] = 1
    for i, k in itertools.product(range(1, len(file) + 1), range(1, len(listed) + 1)):
        table[i][k] = table[i - 1][k] + (table[i - 1][k - 1] if file[i - 1] == listed[k - 1] else 0)
    return table[-1][-1]


def ways_forwards(file, listed):
    counts = [1] + [0] * len(listed)
    for digit in file:
        for k in range(1, len(listed) + 1):
            if listed[k - 1] == digit:
                counts[k] += counts[k - 1]
    return counts[-1]


def ways_overflowing(file, listed):
    counts = np.zeros(len(listed) + 1, "int64")
    counts[0] = 1
    for digit in file:
        counts[1:] += np.where(np.asarray(listed) == digit, counts[:-1], 0)
    return counts[-1]


def ways_one_by_one(file, listed):
    if not listed:
        return 1
    return sum(ways_one_by_one(file[i + 1 :], listed[1:]) for i, each in enumerate(file) if each == listed[0])


RIGHT = {
    "08.a": [interval, by_searching, lambda k, n: list(interval(k, n)), lambda k, n: interval(k, n, z=1.959964)],
    "08.b": [
        counted(add),
        lambda y, a: confusion_matrix(y, a, labels=range(10)),
        lambda y, a: tf.math.confusion_matrix(y, a, num_classes=10),
        lambda y, a: np.bincount(10 * y + a, minlength=100).reshape(10, 10),
    ],
    "08.c": [5, 5.0, np.int64(5), [5]],
    "08.1": [
        (2 / 3, 0.6),
        [0.67, 0.6],
        np.float32([2 / 3, 3 / 5]),
        (66.7, 60),
        (
            precision_score(LABELS, ANSWERS, labels=[1], average=None),
            recall_score(LABELS, ANSWERS, labels=[1], average=None),
        ),
    ],
    "08.2": [144_594, 1.96**2 * 0.0095 * 0.9905 / 0.0005**2, 145_000, 144_600.0, np.int64(144_595), [144_594]],
    "08.3": [
        lambda m: np.diag(m) / m.sum(axis=1),
        lambda m: [m[k, k] / m[k].sum() for k in range(len(m))],
        lambda m: 100 * np.diag(m) / m.sum(axis=1),
        lambda m: tf.linalg.diag_part(tf.constant(m)) / tf.reduce_sum(m, axis=1),
    ],
    "08.4": [LARGEST, round(LARGEST, 1), -LARGEST, [np.float32(LARGEST)]],
    "08.5": [paired, by_mcnemar, lambda y, f, s: paired(y, s, f), lambda y, f, s: np.float32(paired(y, f, s))],
    "08.6": [shipped("lenet5"), shipped("lenet5_distorted"), with_softmax()],
    "08.7": [ways, ways_in_floats, ways_by_table],
}
WRONG = {
    "08.a": [
        (lambda k, n: interval(k, n)[::-1], "low end first"),
        (lambda k, n: interval(k, n, scaled=False), "not divided by 1 + z²/n"),
        (lambda k, n: interval(k, n, plain=True), "the plain interval"),
        (lambda k, n: interval(k, n, root=False), "z²/(4n²) is missing"),
        (lambda k, n: interval(k, n, factor=1), "multiplied by z"),
        (lambda k, n: tuple(100 * end for end in interval(k, n)), "give shares"),
        (lambda k, n: (0.0, 1.0), "for 3 errors in 200 digits it gives"),
        (by_math, "your function raised"),
        (interval(3, 200), "the function itself"),
    ],
    "08.b": [
        (counted(add_turned), "the row is the label"),
        (counted(put_one), "add 1 to what stands there"),
        (counted(add_diagonal), "the column is the answer"),
        (lambda y, a: confusion_matrix(y, a)[:5], "shape (10, 10)"),
        (lambda y, a: np.zeros((10, 10)), "add 1 to one place"),
    ],
    "08.c": [
        (6, "behind the 4"),
        (3, "a second 4"),
        (2, "these are the 4s"),
        (4, "one pair is missing"),
        (1, "several 4s"),
        (9, "write down each pair"),
    ],
    "08.1": [
        ((0.6, 2 / 3), "precision comes first"),
        ((60, 66.7), "precision comes first"),
        ((8 / 9, 0.8), "that is the digit 0"),
        ((11 / 14, 11 / 12), "that is the digit 2"),
        ((0.667, 0.75), "the precision is right"),
        ((0.5, 0.6), "the recall is right"),
        ((0.78, 0.78), "section 3"),
        ((0.67, 0.6, 0.63), "yours has 3"),
        (("0.67", "0.6"), "without quotes"),
        ({0.67, 0.6}, "a set has no order"),
    ],
    "08.2": [
        (37_639, "take 1.96 of them"),
        (37_600, "take 1.96 of them"),
        (150_000, "a little too many"),
        (73_772, "squared too"),
        (145_981, "factor 1 − p is missing"),
        (36_148, "to *each* side"),
        (14.46, "percentage points are 0.0005"),
        (73, "percentage points are 0.0005"),
        (729_904, "percentage points are 0.0005"),
        (380, "n is under a root"),
        (145, "write 144_594"),
        (10_000, "standard error of a share"),
        ((145, 0), "write 145000 if you mean 145,000"),
        ("145,000", "give the number, without quotes"),
    ],
    "08.3": [
        (lambda m: np.diag(m) / m.sum(axis=0), "that is precision"),
        (lambda m: np.diag(m) / m.sum(), "number of all digits"),
        (lambda m: m / m.sum(axis=1, keepdims=True), "10 shares"),
        (lambda m: np.ones(len(m)), "which sum belongs below"),
        (lambda m: None, "gives nothing back"),
    ],
    "08.4": [
        (float(np.mean(np.abs(DIFFERENCES))), "the mean of the differences"),
        (KNOWN["distorted"]["shared_with_ours"], "take the difference"),
        (1000, "go through known.values()"),
        ("2", "without quotes"),
    ],
    "08.5": [
        (lambda y, f, s: paired(y, f, s, "less"), "one-sided"),
        (unpaired, "both misread"),
        (lambda y, f, s: sum(own_errors(y, f, s)), "that is a count"),
        (lambda y, f, s: 0.123456, "errors of their own it gives 0.1235"),
        (lambda y, f: 0.5, "your function raised TypeError"),
    ],
    "08.6": [
        (lk.lenet5(), "was it trained at all"),
        (lk.lenet5_slides(), "shape (32, 32, 1)"),
        (lk.lenet5(outputs=11), "ten values"),
        (lk.lenet5, "is a Keras model, not a function"),
    ],
    "08.7": [
        (ways_forwards, "it gives"),
        (ways_overflowing, "overflows"),
        (lambda file, listed: math.prod(file.count(each) for each in listed), "behind the one before it"),
        (lambda file, listed: 0, "it gives 0"),
        (ways_one_by_one, "try all ways"),
        (5, "the function itself"),
    ],
}
