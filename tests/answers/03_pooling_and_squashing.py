"""Answers to the exercises of lesson 03: right ones in several forms, wrong ones with words of their hint."""

import math

import keras
import numpy as np
import tensorflow as tf
from scipy.signal import convolve2d


def pool(values, size, summary):
    rows, columns = values.shape[0] // size, values.shape[1] // size
    result = np.zeros((rows, columns))
    for row in range(rows):
        for column in range(columns):
            top, left = size * row, size * column
            result[row, column] = summary(values[top : top + size, left : left + size])
    return result


def pool_by_lists(values, size, summary):
    rows, columns = (n // size for n in values.shape)
    return [
        [float(summary(values[size * r : size * r + size, size * c : size * c + size])) for c in range(columns)]
        for r in range(rows)
    ]


def one_kernel(first, second):
    result = np.zeros((9, 9))
    for row in range(5):
        for column in range(5):
            result[row : row + 5, column : column + 5] += second[row, column] * first
    return result


def slope(f, a, h=1e-5):
    return (f(a + h) - f(a - h)) / (2 * h)


def largest(window):
    best = window.ravel()[0]
    for number in window.ravel():
        best = max(best, number)
    return best


def from_minus_a_thousand(window):
    return max([-1000.0, *window.ravel()])


def exactly_one(bend="tanh", signs=(1, -1)):
    """A model whose weights are set by hand: the sum of two tanh steps, or of two ReLUs, or no bend at all."""
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, activation=bend), keras.layers.Dense(1)])
    if bend == "tanh":
        weights = [np.full((2, 2), 10.0), np.array([-5.0, -15.0]), np.array([[signs[0] / 2], [signs[1] / 2]]), [0.0]]
    else:
        weights = [np.ones((2, 2)), np.array([0.0, -1.0]), np.array([[1.0], [-2.0]]), [0.0]]
    model.set_weights([np.array(each, "float32") for each in weights])
    return model


def smooth(size, padding="same"):
    return lambda maps: keras.ops.average_pool(maps, size, strides=2, padding=padding)


def by_hand(maps):
    framed = np.pad(maps, [(0, 0), (1, 1), (1, 1), (0, 0)])
    windows = np.lib.stride_tricks.sliding_window_view(framed, (4, 4), axis=(1, 2))[:, ::2, ::2]
    return windows.mean(axis=(4, 5))


def whole_mean(maps):
    return np.ones((1, maps.shape[1] // 2, maps.shape[2] // 2, 1)) * maps.mean(axis=(1, 2), keepdims=True)


def mixed(maps):
    return np.repeat(np.asarray(smooth(4)(maps)).mean(axis=3, keepdims=True), maps.shape[3], axis=3)


SQUARES = convolve2d(np.ones((3, 3)), np.ones((3, 3)))
SATURATED = math.atanh(math.sqrt(1 - 0.01 / (1.7159 * 2 / 3))) * 3 / 2
ON_MNIST = {"03.7"}

RIGHT = {
    "03.a": [pool, pool_by_lists, lambda *each: pool(*each).astype("float32")],
    "03.b": [one_kernel, lambda first, second: convolve2d(first, second), lambda a, b: one_kernel(b, a).tolist()],
    "03.c": [
        slope,
        lambda f, a, h=1e-5: (f(a + h / 2) - f(a - h / 2)) / h,
        lambda f, a, h=1e-6: np.array([(f(a + h) - f(a - h)) / (2 * h)]),
    ],
    "03.1": [1600, 1600.0, np.int64(1600), tf.constant(1600)],
    "03.2": [SQUARES, SQUARES.astype(int).tolist(), tf.constant(SQUARES)],
    "03.3": [largest, np.max, lambda window: max(window.ravel().tolist())],
    "03.4": [3, 3.0, np.int64(3), [3]],
    "03.5": [SATURATED, round(SATURATED, 2), np.float32(SATURATED)],
    "03.6": [exactly_one(), exactly_one("relu"), keras.Sequential([keras.Input((2,)), *exactly_one().layers])],
    "03.7": [smooth(4), smooth(6), by_hand],
}
WRONG = {
    "03.a": [
        (lambda values, size, summary: pool(values, size, np.mean), "not the right ones"),
        (lambda values, size, summary: pool(values, size + 1, summary), "gives"),
        (lambda values, size, summary: values[:4, :4], "gives (4, 4), not"),
        (4, "give the function itself"),
    ],
    "03.b": [
        (lambda first, second: convolve2d(first, np.ones((5, 5))), "times a weight of second"),
        (lambda first, second: convolve2d(np.ones((5, 5)), second), "times all weights of first"),
        (lambda first, second: convolve2d(first, second[::-1, ::-1]), "turned round"),
        (lambda first, second: convolve2d(np.ones((5, 5)), first * second), "not only one of them"),
        (lambda first, second: first * second, "9 rows and 9 columns"),
    ],
    "03.c": [
        (lambda f, a, h=1e-5: (f(a + h) - f(a - h)) / h, "2 * h apart"),
        (lambda f, a, h=1e-5: (f(a - h) - f(a + h)) / (2 * h), "comes first"),
        (lambda f, a, h=1e-5: f(a + h) - f(a - h), "divide by the distance"),
        (lambda f, a, h=1e-5: (f(a + h) - f(a)) / (2 * h), "2 * h"),
        (lambda f, a, h=1e-5: f(a), "the two places are"),
    ],
    "03.1": [
        (100, "that is one map"),
        (14400, "what goes in"),
        (12544, "do not overlap"),
        (3600, "windows of 2×2"),
        (1.6, "write 1_600"),
    ],
    "03.2": [
        (SQUARES / 81, "sums, not means"),
        (np.ones((5, 5)), "by more ways"),
        (2 * SQUARES, "how often does the corner"),
        (np.eye(5), "how large is the one kernel"),
        (np.ones((3, 3)), "of shape (5, 5)"),
    ],
    "03.3": [
        (lambda window: max([0.0, *window.ravel()]), "still gives 0"),
        (from_minus_a_thousand, "with large negative numbers"),
        (lambda window: max([-1e6, *window.ravel()]), "with large negative numbers"),
        (lambda window: window.min(), "with positive numbers"),
        (lambda window: abs(window).max(), "with negative numbers only"),
    ],
    "03.4": [
        (20 - 3, "makes better"),
        (4, "whose"),
        (0, "for averages"),
        (19, "whose"),
    ],
    "03.5": [
        (2.99, "plain tanh"),
        (4.49, "counts too"),
        (-round(SATURATED, 2), "the positive one"),
        (SATURATED * 2 / 3, "that is 2a/3"),
        (1, "measure it with slope"),
    ],
    "03.6": [
        (exactly_one("linear"), "no bend in this model"),
        (exactly_one(signs=(1, 1)), "it is wrong for"),
        (exactly_one(signs=(-1, 1)), "it is wrong for"),
        (keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)]), "goes from (2,) to (1,)"),
    ],
    "03.7": [
        (smooth(2), "the goal is 70 %"),
        (whole_mean, "larger than 6×6"),
        (mixed, "by itself"),
        (lambda maps: 2 * np.asarray(smooth(4)(maps)), "full of 1 does not"),
        (lambda maps: np.ones((*np.floor_divide(maps.shape, (1, 2, 2, 1)),)), "full of 3 does not"),
        (lambda maps: maps, "must become (1, 12, 14, 2)"),
        (smooth(8), "larger than 6×6"),
    ],
}
