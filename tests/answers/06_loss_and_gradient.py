"""Answers to the turns and exercises of lesson 06: right ones in several forms, wrong ones with words of their hint."""

import math

import keras
import numpy as np
import tensorflow as tf
from scipy import special

import lenet_keras as lk


def safe(z, right):
    z = z - z.max()
    return np.log(np.exp(z).sum()) - z[right]


def by_keras(z, right):
    return keras.losses.sparse_categorical_crossentropy(np.array([right]), z[np.newaxis], from_logits=True)


def naive(z, right):
    return -np.log(np.exp(z)[right] / np.exp(z).sum())


def half_safe(z, right):
    z = z - z.max()
    return -np.log(np.exp(z)[right] / np.exp(z).sum())


def forgotten_logit(z, right):
    return np.log(np.exp(z - z.max()).sum())


def old_logit(z, right):
    return np.log(np.exp(z - z.max()).sum()) - z[right]


OUT = math.tanh(-0.75)
D = OUT - 0.5
A = D * (1 - OUT**2)


def times(g, a, b):
    return g * b, g * a


def bend(g, y):
    return g * (1 - y**2)


def ordered(value, found):
    for parent in value.parents:
        if parent not in found:
            ordered(parent, found)
    found.append(value)
    return found


def walk(rule):
    """A backward pass with another rule for the slope of a parent."""

    def backward(loss):
        order = ordered(loss, [])
        loss.slope = np.ones_like(loss.data)
        for value in reversed(order):
            if value.parents:
                for parent, slope in zip(value.parents, value.back(value.slope), strict=True):
                    parent.slope = rule(parent, slope, value)
        return order

    return backward


def in_place(loss):
    order = ordered(loss, [])
    loss.slope = loss.slope + 1
    for value in order[::-1]:
        for parent, slope in zip(value.parents, value.back(value.slope) if value.parents else (), strict=True):
            parent.slope += slope
    return tuple(order)


def spread(g):
    return np.repeat(np.repeat(g, 2, axis=0), 2, axis=1)


def spread_by_loops(g):
    return [[g[r // 2, c // 2] / 4 for c in range(2 * g.shape[1])] for r in range(2 * g.shape[0])]


def trained():
    network = lk.lenet5()
    network.load_weights(lk.records.DATA / "lenet5.weights.h5")
    return network


TRAINED = trained()
WEIGHTS = TRAINED.get_weights()
keras.utils.set_random_seed(3)
FRESH = lk.lenet5().get_weights()

RIGHT = {
    "06.a": [safe, by_keras, lambda z, right: special.logsumexp(z) - z[right]]
    + [lambda z, right: -special.log_softmax(z)[right], lambda z, right: -tf.nn.log_softmax(z)[right]],
    "06.b": [[D, D, A, A * 1.5], (D, D * 1, A, np.float32(1.5 * A)), np.array([D, D, A, 1.5 * A]).reshape(4, 1)]
    + [[-1.135, -1.135, -0.677, -1.016], [-1.14, -1.14, -0.68, -1.02]],
    "06.c": [[times, bend], (lambda g, a, b: [b * g, a * g], lambda g, y: g - g * y * y)]
    + [(times, lambda g, y: tf.constant(g) * (1 - y**2))],
    "06.d": [walk(lambda parent, slope, value: parent.slope + slope), in_place]
    + [walk(lambda parent, slope, value: np.add(slope, parent.slope))],
    "06.1": [math.log(10), 2.303, 2.30, np.float32(2.3025851), [2.3026], -np.log(0.02) + np.log(0.2)],
    "06.2": [[0.25, 0.25, -0.5], (1 / 4, 1 / 4, -1 / 2), np.array([[0.25, 0.25, -0.5]], "float32")],
    "06.3": [12, 12.0, np.int64(12), [12], tf.constant(12.0)],
    "06.4": [[2, 3, 1], (2, 3, 1), np.array([2, 3, 1]), [2.0, 3.0, 1.0]],
    "06.5": [lambda g: spread(g) / 4, spread_by_loops, lambda g: np.kron(g, np.full((2, 2), 0.25))],
    "06.6": [WEIGHTS, tuple(WEIGHTS), TRAINED]
    + [[each.reshape(-1, each.shape[-1]) if each.ndim > 1 else each for each in WEIGHTS]],
}
WRONG = {
    "06.a": [
        (naive, "take the largest logit away first"),
        (half_safe, "without the division"),
        (forgotten_logit, "right answer is to be taken away"),
        (old_logit, "both parts use the new z"),
        (lambda z, right: safe(z, right) + z.max(), "do not add it again"),
        (lambda z, right: np.log(np.exp(z - z[right]).sum()), "not another"),
        (lambda z, right: -safe(z, right), "the sign"),
        (lambda z, right: safe(z, right) / math.log(10), "base 10"),
        (lambda z, right: special.softmax(z)[right], "that is the probability"),
        (lambda z, right: 7.0, "first blank is the largest logit"),
        (3, "give the function itself"),
    ],
    "06.b": [
        ([A * 1.5, A, D, D], "opposite order"),
        ([D, D, A, -A / 2], "along w the factor is x"),
        ([D, D, D * (1 - OUT), D * (1 - OUT) * 1.5], "with a square"),
        ([-D, -D, -A, -1.5 * A], "the sign"),
        ([2 * D, 2 * D, 2 * A, 3 * A], "without a 2"),
        ([D, 1, 1 - OUT**2, 1.5], "these are the local slopes"),
        ([D, D, A, 7], "slope along w"),
        ([D, D, A], "yours has 3"),
    ],
    "06.c": [
        ([lambda g, a, b: (g * a, g * b), bend], "the other way round"),
        ([lambda g, a, b: (b, a), bend], "multiply them by g"),
        ([lambda g, a, b: g * b, bend], "a tuple of 2 arrays"),
        ([times, lambda g, y: 1 - y**2], "local slope; multiply it by g"),
        ([times, lambda g, y: g * y], "not y"),
        ([times, lambda g, y: (g * (1 - y**2),)], "without a tuple"),
        ([times, lambda g, y: g * (1 - np.tanh(y) ** 2)], "tanh(a) already"),
        (times, "list of the two functions"),
    ],
    "06.d": [
        (walk(lambda parent, slope, value: slope), "keeps the slope of one way only"),
        (walk(lambda parent, slope, value: parent.slope), "keep the slope 0"),
        (walk(lambda parent, slope, value: slope + value.slope), "own slope is wanted"),
        (walk(lambda parent, slope, value: parent.slope - slope), "used twice gets a slope twice"),
        (lambda loss: None, "does it end in return"),
        (lambda loss: 3, "the list `order`"),
    ],
    "06.1": [
        (-2.303, "is positive"),
        (1, "to the base 10"),
        (3.3219, "to the base 2"),
        (10, "logarithm of that"),
        (3.912, "the loss afterwards"),
        (1.609, "the loss before"),
        (0.18, "the probability falls"),
        ("2.303", "give the number, without quotes"),
    ],
    "06.2": [
        ([0.25, 0.25, 0.5], "take away 1"),
        ([-0.25, -0.25, 0.5], "the sign"),
        ([-0.75, 0.25, 0.5], "the last class"),
        ([1 / 3, 1 / 3, -2 / 3], "are not equal"),
        ([0, 0, -0.307], "softmax first"),
        ([0.5, 0.5, 0.5], "add up to 0"),
        ([0.25, -0.5], "yours has 2"),
    ],
    "06.3": [
        (6, "one way only"),
        (36, "not multiplied"),
        (4, "slope along x"),
        (2, "slope along u"),
        (11, "draw the graph"),
    ],
    "06.4": [
        ([1, 2, 3], "fewest digits"),
        ([2, 1, 3], "looks to both sides"),
        ([2, 2, 1], "each of the cases"),
        (["B", "C", "A"], "without quotes"),
    ],
    "06.5": [
        (spread, "slope of a mean of four"),
        (lambda g: spread(g) / 2, "not over two"),
        (lambda g: spread(g) * 4, "do not multiply"),
        (lambda g: np.tile(g, (2, 2)) / 4, "copies of the whole"),
        (lambda g: g / 4, "has shape (4, 6)"),
        (lambda g: spread(g) / 3, "grows by 1"),
    ],
    "06.6": [
        (FRESH, "go on until it is below 1"),
        ([100 * each for each in WEIGHTS], "more than that of knowing nothing"),
        (WEIGHTS[:9], "a list of the ten arrays"),
        (WEIGHTS[::-1], "numbers, in this order"),
        ([each * np.nan for each in WEIGHTS], "no finite numbers"),
    ],
}
