"""Answers to the exercises of notebook 24: right ones in several forms, wrong ones with words of their hint."""

from decimal import Decimal

import numpy as np
import tensorflow as tf


def taped(forward, dtype="float64"):
    """A backward function in the notebook's form, by TensorFlow's tape."""

    def backward(g, x, y, *weights):
        arrays = [tf.constant(array, dtype) for array in (x, *weights)]
        with tf.GradientTape() as tape:
            tape.watch(arrays)
            total = tf.reduce_sum(tf.constant(g, dtype) * forward(*arrays))
        return tuple(tape.gradient(total, arrays))

    return backward


def pool_by_maximum(x):
    return tf.nn.max_pool2d(x, 2, 2, "VALID")


def subsample(x, coefficient, bias):
    return 4 * tf.nn.avg_pool2d(x, 2, 2, "VALID") * coefficient + bias


def repeated(array):
    return array.repeat(2, axis=1).repeat(2, axis=2)


def relu_by_loops(g, x, y):
    slopes = [slope if number > 0 else 0 for slope, number in zip(g.ravel(), x.ravel(), strict=True)]
    return (np.reshape(slopes, x.shape).tolist(),)


def relu_on_g(g, x, y):
    g[x <= 0] = 0
    return (g,)


def relu_on_x(g, x, y):
    positive = x > 0
    x *= 0
    return (g * positive,)


def max_pool_by_windows(g, x, y):
    slopes = np.zeros_like(x)
    for image, row, column, each in np.ndindex(y.shape):
        window = x[image, 2 * row : 2 * row + 2, 2 * column : 2 * column + 2, each]
        down, right = np.unravel_index(window.argmax(), (2, 2))
        slopes[image, 2 * row + down, 2 * column + right, each] = g[image, row, column, each]
    return [slopes]


def max_pool_on_x(g, x, y):
    x[:] = repeated(g) * (x == repeated(y))
    return (x,)


def subsampling_backward(g, x, y, coefficient, bias):
    return repeated(g * coefficient), (g * (y - bias) / coefficient).sum((0, 1, 2)), g.sum((0, 1, 2))


def with_other_slopes(place, change):
    """subsampling_backward with one of its three results replaced."""

    def backward(g, x, y, coefficient, bias):
        found = list(subsampling_backward(g, x, y, coefficient, bias))
        found[place] = change(g, found[place])
        return tuple(found)

    return backward


def coefficient_moved(g, x, y, coefficient, bias):
    found = subsampling_backward(g, x, y, coefficient, bias)
    coefficient -= found[1]
    return found


SLOPE = (np.tanh(0.9) - 1) / np.cosh(0.9) ** 2
RIGHT = {
    "24.1": [SLOPE, -0.138, [SLOPE], (SLOPE,), np.array([SLOPE]), np.float32(SLOPE), Decimal("-0.1381")],
    "24.2": [23_328, 23328.0, np.int32(23_328), [23_328], Decimal(23_328)],
    "24.3": [
        taped(tf.nn.relu),
        taped(tf.nn.relu, "float32"),
        lambda g, x, y: (g * (x > 0),),
        lambda g, x, y: [np.where(y > 0, g, 0)],
        relu_by_loops,
        relu_on_g,
    ],
    "24.4": [
        taped(pool_by_maximum),
        taped(pool_by_maximum, "float32"),
        lambda g, x, y: (repeated(g) * (x == repeated(y)),),
        max_pool_by_windows,
    ],
    "24.5": [taped(subsample), taped(subsample, "float32"), subsampling_backward],
}
WRONG = {
    "24.1": [
        (3 * SLOPE, "slope along w"),
        (SLOPE / 2, "slope along x"),
        (-SLOPE, "the sign"),
        (2 * SLOPE, "half the square"),
        (np.tanh(0.9) - 1, "still goes through tanh"),
        (1 / np.cosh(0.9) ** 2, "slope of tanh alone"),
        ((np.tanh(0.9) - 1) ** 2 / 2, "the loss itself"),
        ((np.tanh(1.5) - 1) / np.cosh(1.5) ** 2, "added before tanh"),
        (-0.5305, "three factors"),
        ("-0.1381", "give the number, without quotes"),
    ],
    "24.2": [
        (18 * 18 * 9, "for one map"),
        (20 * 20 * 72, "without padding"),
        (17 * 17 * 72, "20 - 3 + 1"),
        (18 * 18, "so many rows"),
        (72, "in one row"),
        (3200, "so many numbers go in"),
        (18 * 18 * 8, "a whole window"),
        (16 * 16 * 25 * 8, "how many places"),
        ("23,328", "give the number, without quotes"),
        ((23, 328), "write 23328 if you mean 23,328"),
        (23.328, "write 23_328"),
    ],
    "24.3": [
        (np.zeros(3), "function itself"),
        (lambda g, x, y: g * (x > 0), "comma"),
        (lambda g, x, y: (g * (x > 0), x), "mind the comma in (array,), not a tuple that has 2"),
        (lambda g, x, y: (g * (x >= 0),), "x > 0, not x >= 0"),
        (lambda g, x, y: (np.where(x == 0, 1, g * (x > 0)),), "exactly 0"),
        (relu_on_x, "but x, which others still need, changed"),
        (lambda g, x, y: (g,), "nothing of g comes through"),
        (lambda g, x, y: (x > 0,), "must give back numbers in each array"),
        (lambda g, x, y: ((x > 0) * 1.0,), "multiply them by g"),
        (lambda g, x, y: (g * y,), "g times y"),
        (lambda g, x, y: (g * x,), "g times x"),
        (lambda g, x, y: (np.maximum(g, 0),), "not g"),
        (lambda g, x, y: (g * (x < 0),), "the other way round"),
        (lambda g, x, y: (2 * g * (x > 0),), "along x are not those of finite differences"),
        (lambda g, x: (g * (x > 0),), "raised TypeError"),
    ],
    "24.4": [
        (taped(lambda x: tf.nn.avg_pool2d(x, 2, 2, "VALID")), "average pooling"),
        (lambda g, x, y: (repeated(g),), "the other three get 0"),
        (lambda g, x, y: ((x == repeated(y)) * 1.0,), "multiply them by g"),
        (lambda g, x, y: (repeated(g * y) * (x == repeated(y)),), "not the maximum itself"),
        (lambda g, x, y: (repeated(g) * (x == x.max()),), "along x are not those"),
        (lambda g, x, y: (g,), "shape (2, 2, 3, 3), not (2, 4, 6, 3)"),
        (max_pool_on_x, "but x, which others still need, changed"),
    ],
    "24.5": [
        (taped(lambda x, c, b: subsample(x, c, b) - 3 * b), "along the biases"),
        (taped(lambda x, c, b: subsample(x, c, b) + c), "along the coefficients"),
        (lambda *all: tuple(2 * slopes for slopes in subsampling_backward(*all)), "along x"),
        (lambda *all: subsampling_backward(*all)[:2], "3 arrays, not a tuple that has 2"),
        (lambda *all: subsampling_backward(*all)[0], "3 arrays"),
        (taped(lambda x, c, b: tf.nn.avg_pool2d(x, 2, 2, "VALID") * c + b), "not averaged"),
        (with_other_slopes(0, lambda g, slopes: repeated(g)), "lack the factor"),
        (with_other_slopes(1, lambda g, slopes: slopes / 4), "not the mean"),
        (with_other_slopes(1, lambda g, slopes: slopes / 12), "a sum, not a mean"),
        (with_other_slopes(1, lambda g, slopes: g.sum((0, 1, 2))), "the sum of the four numbers"),
        (with_other_slopes(2, lambda g, slopes: g.mean((0, 1, 2))), "a sum, not a mean"),
        (with_other_slopes(2, lambda g, slopes: 4 * slopes), "added once to a window"),
        (with_other_slopes(2, lambda g, slopes: g.sum((1, 2))), "the biases have shape (2, 3), not (3,)"),
        (coefficient_moved, "but the coefficients, which"),
    ],
}
