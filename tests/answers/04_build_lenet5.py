"""Answers to the exercises of notebook 04: right ones in several forms, wrong ones with words of their hint."""

from fractions import Fraction

import keras
import numpy as np
import tensorflow as tf

import lenet_keras as lk


def connections(side, window, maps_in, maps_out):
    units = (side - window + 1) ** 2 * maps_out
    return units * (window**2 * maps_in + 1)


def by_keras(a, b, c, d):
    return lk.anatomy(keras.Sequential([keras.Input((a, a, c)), keras.layers.Conv2D(d, b)])).connections


def without_bias(side, window, maps_in, maps_out):
    return (side - window + 1) ** 2 * maps_out * window**2 * maps_in


def by_loop(a, b, c, d):
    return sum(b * b * c + 1 for _ in range((a - b + 1) ** 2) for _ in range(d))


def by_keyword(*, side, window, maps_in, maps_out):
    return connections(side, window, maps_in, maps_out)


def parameters(side, window, maps_in, maps_out):
    return maps_out * (window**2 * maps_in + 1)


RIGHT = {
    "04.1": [880, 880.0, np.int64(880), np.float32(880), tf.constant(880), np.array([880]), [880], Fraction(880)],
    "04.2": [connections, by_keras, by_loop, lambda *each: np.array([float(connections(*each))])],
    "04.3": [62_558, 62558.0, np.array(62558)],
    "04.4": [10, np.float64(10), (10,)],
    "04.5": [112_440, 112440.0, np.int32(112440)],
}
WRONG = {
    "04.1": [
        (864, "without biases"),
        (2416, "not 5×5"),
        (960, "not one for each incoming map"),
        (160, "for one incoming map"),
        (900, "window of 3×3 numbers"),
        ("880", "give the number, without quotes"),
        ("one", "without quotes"),
        ((880, 3), "yours has 2"),
        (connections, "not a function"),
        (float("nan"), "one finite number"),
        (True, "not True or False"),
    ],
    "04.2": [
        (without_bias, "biases are missing"),
        (parameters, "not the parameters"),
        (lambda a, b, c, d: without_bias(a, b, c, d) + d, "not each map only one"),
        (lambda a, b, c, d: (a - b + 1) ** 2 * d * (b * b + 1) * c, "not one for each incoming map"),
        (lambda a, b, c, d: (a - b + 1) ** 2 * d * (b * b + 1), "not on one"),
        (lambda a, b, c, d: a**2 * d * (b * b * c + 1), "fewer than side"),
        (lambda a, b, c, d: connections(a, b, d, c), "exchanged"),
        (by_keyword, "your function raised TypeError"),
        (lambda a, b, c, d: float("nan"), "give back one finite number, not nan"),
        (lambda a, b, c, d: a**2, "should be 122,304, but it is 1,024"),
        (connections(32, 5, 1, 6), "give the function itself"),
        (lambda a, b: 1, "your function raised TypeError"),
        (lambda a, b, c, d: print(end=""), "does it end in return"),
        (lambda a, b, c, d: "122304", "give back one number, not a text"),
    ],
    "04.3": [(61_758, "C3 too sees 8"), (62_506, "C1 itself too"), (61_706, "6 maps in C1"), (61_714, "two layers")],
    "04.4": [((10, 10), "yours has 2"), (100, "not its area"), (16, "windows of 5×5"), (8, "C3 sees"), (12, "rule of")],
    "04.5": [
        (122_304, "into the padding"),
        (107_736, "biases are missing"),
        (18_740, "one map"),
        (107_742, "near the border"),
        ((112, 440), "write 112440 if you mean 112,440"),
        (112.44, "write 112_440 for 112,440"),
    ],
}
