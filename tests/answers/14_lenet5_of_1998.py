"""Answers to the exercises of notebook 14: right ones in several forms, wrong ones with words of their hint."""

import math

import keras
import numpy as np
import tensorflow as tf

import lenet_keras as lk

DRAWINGS = lk.layers.bitmaps()


def distances(f6):
    return ((np.asarray(f6)[:, None] - DRAWINGS) ** 2).sum(axis=2)


def by_loop(outputs):
    return [int(np.argmin([np.linalg.norm(row - drawing) for drawing in DRAWINGS])) for row in outputs]


def by_the_toolbox(f6):
    return keras.ops.argmin(lk.layers.EuclideanRBF()(f6), axis=1)


def by_products(f6):
    return (f6 @ DRAWINGS.T).argmax(axis=1)  # the drawings are equally long


def in_place(f6):
    f6 *= 2  # scaling changes no order of the products
    return by_products(f6)


def by_tensorflow(f6):
    return tf.argmin(tf.reduce_sum((f6[:, None] - DRAWINGS.astype("float32")) ** 2, axis=2), axis=1)


def by_signs(f6):
    return distances(np.where(f6 >= 0, 1, -1)).argmin(axis=1)


def by_absolute_differences(f6):
    return np.abs(f6[:, None] - DRAWINGS).sum(axis=2).argmin(axis=1)


def by_correlation(f6):
    return np.corrcoef(f6, DRAWINGS)[: len(f6), len(f6) :].argmax(axis=1)


RIGHT = {
    "14.1": [1.493, 1.49, 1.7159 * math.tanh(4 / 3), np.float32(1.4931), tf.constant(1.493), [1.493], np.array(1.493)],
    "14.2": [59_700, 59700.0, np.int64(59_700), [59_700], lk.anatomy(lk.lenet5_1998(table=["012"] * 16)).parameters],
    "14.3": [-0.945, -0.94501, np.float32(-0.945), tf.constant(-0.945), np.array([-0.945])],
    "14.4": [
        lambda f6: distances(f6).argmin(axis=1),
        by_loop,
        by_the_toolbox,
        by_products,
        by_tensorflow,
        in_place,
        lambda f6: distances(f6.astype("float64")).argmin(axis=1).astype("float32"),
        lambda f6: tuple(np.sqrt(distances(f6)).argmin(axis=1)),
    ],
}
WRONG = {
    "14.1": [
        (2, "not squashed yet"),
        (0.964, "that is tanh alone"),
        (0.870, "the amplitude in front"),
        (1.654, "the slope of two thirds"),
        (0.5517, "subsampling adds them up"),
        (1.699, "the coefficient is missing"),
        (1.0, "that is f(1)"),
        ("1.493", "give the number, without quotes"),
        (-1.493, "section 2 says"),
    ],
    "14.2": [
        (1_216, "C3 alone"),
        (59_684, "biases of C3"),
        (59_732, "not one for each link"),
        (60_540, "nothing trains them"),
        (60_000, "with Table I"),
        (60_900, "all 96 links"),
        ((59, 700), "write 59700 if you mean 59,700"),
        (59.7, "write 59_700 for 59,700"),
        (59_000, "only C3 changes"),
    ],
    "14.3": [
        (3.055, "equation 9 itself"),
        (0.945, "the other way round"),
        (-3.873, "the term for j is missing"),
        (-0.9933, "the right one too"),
        (0.0206, "exp(-j), not j"),
        (1.0076, "exp(+j)"),
        (50.0, "the exponents are negative"),
        (-0.4104, "natural logarithm"),
        (-0.94, "at least three digits"),
        ("-0.945", "without quotes"),
        (-1, "section 6 has both equations"),
    ],
    "14.4": [
        (by_signs, "the signs of F6 only"),
        (by_absolute_differences, "without squaring"),
        (by_correlation, "takes the mean out"),
        (lambda f6: distances(f6).argmax(axis=1), "farthest away"),
        (distances, "these are ten numbers for each row"),
        (lambda f6: distances(f6).min(axis=1), "rows are read otherwise"),
        (lambda f6: distances(f6).argmin(axis=1)[:, None], ", 1), not ("),
        (lambda f6: distances(f6).argmin(axis=0), "not along the rows"),
        (lambda f6: distances(f6).argmin(), "has shape (), not ("),
        (lambda f6: np.zeros(len(f6)), "rows are read otherwise"),
        (lambda f6: f6.no_such_thing, "your function raised AttributeError"),
        ([0, 1, 2], "give the function itself"),
    ],
}
