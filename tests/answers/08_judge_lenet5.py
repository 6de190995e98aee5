"""Answers to the exercises of notebook 08: right ones in several forms, wrong ones with words of their hint."""

import keras
import numpy as np
import tensorflow as tf
from sklearn.metrics import precision_score, recall_score, top_k_accuracy_score

import lenet_keras as lk

LABELS = np.repeat([0, 0, 1, 1, 1, 2, 2], [8, 2, 1, 6, 3, 1, 11])
ANSWERS = np.repeat([0, 1, 0, 1, 2, 1, 2], [8, 2, 1, 6, 3, 1, 11])
WILSON = 100 * np.array(lk.wilson_interval(5, 200))


def measured_calibration(count):
    """The error as cells of section 5 compute it: bins by confidence, gaps weighted by the share of answers."""
    confidence, right = np.full(count, 0.95), np.ones(count)
    bins = np.minimum((10 * confidence).astype(int), 9)
    gaps = [abs(confidence[bins == k].mean() - right[bins == k].mean()) for k in np.unique(bins)]
    return 100 * np.sum([np.mean(bins == k) * gap for k, gap in zip(np.unique(bins), gaps, strict=True)])


def by_argsort(probabilities, labels):
    two = np.argsort(probabilities, axis=1)[:, -2:]
    return 1 - (two == np.asarray(labels)[:, np.newaxis]).any(axis=1).mean()


def in_32_bits(p, y):
    two = np.argsort(p, axis=1)[:, -2:]
    return np.float32(1) - (two == y[:, None]).any(axis=1).astype("float32").mean()


def by_in_top_k(probabilities, labels):
    return 1 - keras.ops.mean(keras.ops.cast(keras.ops.in_top_k(labels, probabilities, 2), "float32"))


def by_metric(probabilities, labels):
    metric = keras.metrics.SparseTopKCategoricalAccuracy(k=2)
    metric.update_state(labels, probabilities)
    return 1 - metric.result()


def by_sklearn(p, y):
    return 1 - top_k_accuracy_score(y, p, k=2, labels=range(p.shape[1]))


def in_place(p, y):
    own = p[np.arange(len(y)), y].copy()
    p.sort(axis=1)
    return [np.mean(own < p[:, -2])]


def by_loop(p, y):
    missed = 0
    for row, label in zip(p, y, strict=True):
        missed += label not in sorted(range(len(row)), key=row.__getitem__)[-2:]
    return missed / len(y)


def guesses(first, last, right=False):
    def function(p, y):
        hit = (np.argsort(p, axis=1)[:, first:last] == y[:, None]).any(axis=1).mean()
        return hit if right else 1 - hit

    return function


RIGHT = {
    "08.1": [tuple(WILSON), list(WILSON), WILSON.astype("float32"), (1.07, 5.72), (1.1, 5.7), tf.constant(WILSON)],
    "08.2": [
        (2 / 3, 0.6),
        [0.67, 0.6],
        np.float32([2 / 3, 3 / 5]),
        (66.7, 60),
        (
            precision_score(LABELS, ANSWERS, labels=[1], average=None),
            recall_score(LABELS, ANSWERS, labels=[1], average=None),
        ),
    ],
    "08.3": [144_594, 1.96**2 * 0.0095 * 0.9905 / 0.0005**2, 145_000, 144_600.0, np.int64(144_595), [144_594]],
    "08.4": [5, 5.000000000000238, 100 * (1 - 0.95), 100 * abs(0.95 - 1), measured_calibration(1000), [5]]
    + [100 * (1 - np.float32(0.95)), 100 * (1 - np.full(1000, 0.95, "float32").mean())],
    "08.5": [by_argsort, in_32_bits, by_in_top_k, by_metric, by_sklearn, in_place, by_loop, guesses(-2, None)],
}
WRONG = {
    "08.1": [
        (WILSON / 100, "these are shares"),
        ((0.011, 0.057), "these are shares"),
        ((5.72, 1.07), "low end first"),
        ((0.34, 4.66), "not the Wilson interval"),
        ((0.0034, 0.0466), "not the Wilson interval"),
        ((1.4, 3.6), "one standard error to each side"),
        (WILSON * (1 + 1.96**2 / 200), "division by 1 + z²/n is missing"),
        ((3.395, 2.327), "the middle and half the width"),
        ((1.27, 5.52), "z²/(4n²) is missing"),
        ((0.82, 5.74), "put the share 5/200"),
        (2.5, "a list of 2 numbers, but yours has 1"),
        ("1.07 to 5.72", "without quotes"),
    ],
    "08.2": [
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
    "08.3": [
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
    "08.4": [
        (0.05, "give it in per cent"),
        (1 - 0.95, "give it in per cent"),
        (-5, "without its sign"),
        (-0.05, "without its sign"),
        (0, "not the same as calibrated"),
        (95, "that is the confidence"),
        (100, "the share that is right"),
        (2.5, "one bin"),
        ("5 %", "give the number, without quotes"),
    ],
    "08.5": [
        (guesses(-1, None), "first guess only"),
        (guesses(-2, -1), "second guess only"),
        (guesses(-2, None, right=True), "the share that is right"),
        (guesses(-3, None), "three guesses"),
        (guesses(0, 2), "*least* likely"),
        (lambda p, y: len(y) * by_argsort(p, y), "a number of digits"),
        (lambda p, y: 100 * by_argsort(p, y), "in per cent"),
        (lambda p, y: 0.5, "with 10 classes it gives 0.5, not"),
        (lambda p, y: (np.argsort(p, axis=1)[:, -2:] == y[:, None]).any(axis=1), "give back one number"),
        (lambda p, y: by_argsort(p.reshape(-1, 10), y), "your function raised ValueError"),
        (lambda p: 0.3, "your function raised TypeError"),
        (lambda p, y: print(end=""), "does it end in return"),
        (0.31, "give the function itself"),
    ],
}
