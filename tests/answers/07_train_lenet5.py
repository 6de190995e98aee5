"""Answers to the exercises of notebook 07: right ones in several forms, wrong ones with words of their hint."""

import math

import keras
import numpy as np
import tensorflow as tf
from scipy import special


def by_hand(logits):
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def in_place(x):
    x -= x.max(axis=1)[:, None]
    np.exp(x, out=x)
    x /= x.sum(1)[:, None]
    return x


def as_lists(z):
    return [[math.exp(each - max(row)) / sum(math.exp(other - max(row)) for other in row) for each in row] for row in z]


def overflowing(z):
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def of_the_whole(z):
    exponentials = np.exp(z - z.max())
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def only_positive(z):
    exponentials = np.exp(z - np.maximum(z.max(axis=1, keepdims=True), 0))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def without_keepdims(z):
    return np.exp(z) / np.exp(z).sum(axis=1)


def descend(steps):
    rate, weight = np.float32(0.1), np.float32(1)
    for _ in range(steps):
        weight = weight - rate * np.float32(2) * (weight - np.float32(3))
    return weight


RIGHT = {
    "07.1": [math.log(4), 1.39, 1.386, -np.log(1 / 4), np.float32(1.3862944), tf.math.log(4.0), [1.3863]],
    "07.2": [by_hand, in_place, as_lists, tf.nn.softmax, keras.ops.softmax]
    + [lambda each: special.softmax(each, axis=1).astype("float32"), lambda z: keras.activations.softmax(z)],
    "07.3": [5064, 5064.0, np.int64(5064), [5064], tf.constant(5064), 3 * math.ceil(54_000 / 32)],
    "07.4": [1.72, descend(2), np.array([1.72]), 3 - 2 * 0.8 * 0.8, 1 + 0.4 + 0.32],
    "07.5": [1, 1.0, np.float32(1), [1], tf.constant(1.0)],
}
WRONG = {
    "07.1": [
        (2, "to the base 2"),
        (0.602, "to the base 10"),
        (-math.log(4), "*minus*"),
        (0.25, "that is the probability"),
        (0.75, "1 minus the probability"),
        (2.303, "for 10 classes"),
        (5.545, "only the right class"),
        (0.3466, "do not weight it"),
        (1.4, "give at least three"),
        (1.38, "fourth digit"),
        (1.2, "section 2 has the rule"),
        ("1.386", "give the number, without quotes"),
    ],
    "07.2": [
        (special.softmax, "not by that of all"),
        (lambda z: special.softmax(z, axis=0), "axis=1"),
        (lambda z: special.log_softmax(z, axis=1), "logarithms of the probabilities"),
        (np.exp, "must add up to 1"),
        (lambda z: z / z.sum(axis=1, keepdims=True), "go through exp"),
        (lambda z: by_hand(z).ravel(), "shape of the logits, here (2, 3), not (6,)"),
        (lambda z: by_hand(2 * z), "softmax for one row"),
        (overflowing, "not for [10000, 9999]"),
        (lambda z: overflowing(np.clip(z, -500, 500)), "not for [10000, 9999]"),
        (only_positive, "far below 0"),
        (of_the_whole, "not the largest of the whole array"),
        (without_keepdims, "your function raised ValueError"),
        (lambda: 1, "your function raised TypeError"),
        (lambda z: print(end=""), "does it end in return"),
        (lambda z: "probabilities", "an array of numbers, not a text"),
        (by_hand(np.eye(3)), "give the function itself"),
    ],
    "07.3": [
        (5625, "is kept back"),
        (564, "for those kept back"),
        (1688, "that is one epoch; the recipe has 3"),
        (5061, "round up in each epoch"),
        (5062.5, "round up in each epoch"),
        (5062, "round up in each epoch"),
        (5063, "round up in each epoch"),
        (162_000, "for each batch of 32 digits"),
        (40_500, "recipe standard"),
        (5.064, "write 5_064 for 5,064"),
        ((), "yours has 0"),
        (1600, "table of section 8"),
    ],
    "07.4": [
        (1.4, "after one step"),
        (1.976, "after three steps"),
        (1.8, "compute it anew"),
        (0.12, "goes uphill"),
        (1.38, "the 2 is missing"),
        (0.024, "not the loss"),
        (1.6384, "that is the loss there"),
        (1.28, "how far it still is from 3"),
        (1.7, "one more digit"),
        (5, "section 5"),
        ([1.4, 1.72], "yours has 2"),
    ],
    "07.5": [
        (0.5, "in a single step"),
        (0.99, "leads from 1 to 4.96, which is nearer"),
        (0.1, "leads from 1 to 1.4, which is nearer"),
        (0, "above 0"),
        (-1, "above 0"),
        (1.01, "there is a smaller rate"),
        (2, "there is a smaller rate"),
        (True, "not True or False"),
    ],
}
