"""Answers to the exercises of notebook 18: right ones in several forms, wrong ones with words of their hint."""

import math
from fractions import Fraction

import keras
import numpy as np
import tensorflow as tf

import lenet_keras as lk


def moments(ink):
    rows, columns = np.indices(np.shape(ink))
    row, column = (np.sum(ink * axis) / np.sum(ink) for axis in (rows, columns))
    covariance = np.sum(ink * (rows - row) * (columns - column)) / np.sum(ink)
    variances = [np.sum(ink * (axis - at) ** 2) / np.sum(ink) for axis, at in ((rows, row), (columns, column))]
    return covariance, *variances


def slant(ink):
    covariance, of_row, _ = moments(ink)
    return covariance / of_row


def by_covariance(image):
    spread = np.cov(np.argwhere(image > -1).T, aweights=image.ravel())
    return spread[0, 1] / spread[0, 0]


def by_a_fitted_line(ink):
    rows, columns = np.nonzero(ink)
    return np.polyfit(rows, columns, 1, w=np.sqrt(ink[rows, columns]))[0]


def by_loops(ink):
    points = [(r, c, ink[r][c]) for r in range(len(ink)) for c in range(len(ink[0]))]
    mass = sum(m for _, _, m in points)
    row, column = sum(r * m for r, _, m in points) / mass, sum(c * m for _, c, m in points) / mass
    return sum(m * (r - row) * (c - column) for r, c, m in points) / sum(m * (r - row) ** 2 for r, _, m in points)


def in_place(ink):
    ink /= ink.sum()
    return slant(ink)


def for_32_rows(ink):
    rows, columns = np.indices((32, 32))
    return (ink * rows * columns).sum()


def divided_by_the_column(ink):
    covariance, _, of_column = moments(ink)
    return covariance / of_column


def correlation(ink):
    covariance, of_row, of_column = moments(ink)
    return covariance / math.sqrt(of_row * of_column)


RIGHT = {
    "18.1": [325, 325.0, np.int64(325), [325], np.array([325]), math.comb(26, 2), Fraction(325), 26 * 25 / 2],
    "18.2": [3_278, 3278.0, np.int32(3_278), (3_278,), tf.constant(3_278), np.float32(3_278)],
    "18.3": [
        slant,
        by_covariance,
        by_a_fitted_line,
        by_loops,
        in_place,
        lambda ink: np.array([slant(ink)]),  # an array of shape (1,)
        lambda ink: [slant(ink)],
        lambda ink: slant(ink.astype("float32")),
        lambda ink: keras.ops.convert_to_tensor(slant(ink), dtype="float32"),
    ],
    "18.4": [2_862_209, 2862209.0, np.int64(2_862_209), [2_862_209], np.float32(2_862_209), math.comb(259, 3)],
    "18.5": [185, 185.0, np.int64(185), [185], tf.constant(185), 60_000 * 784 // lk.anatomy(lk.lenet4()).macs],
}
WRONG = {
    "18.1": [
        (676, "no letter is paired with itself"),
        (650, "counted twice"),
        (351, "has 26 letters"),
        (26, "one for each pair"),
        (45, "for ten digits"),
        ("325", "give the number, without quotes"),
        (300, "section 4"),
    ],
    "18.2": [
        (3_266, "biases of C3 are missing"),
        (3_314, "not one for each link"),
        (1_212, "C3 alone"),
        (1_200, "kernels of C3 alone"),
        (2_578, "as it is, with 20 links"),
        (2_066, "C3 is left out"),
        ("3,278", "give the number, without quotes"),
        ((3, 278), "write 3278 if you mean 3,278"),
        (3.278, "write 3_278 for 3,278"),
        (3_000, "only C3 changes"),
    ],
    "18.3": [
        (divided_by_the_column, "variance of the column"),
        (lambda ink: -slant(ink), "the sign is turned"),
        (lambda ink: slant(ink > 0), "all ink counts alike"),
        (lambda ink: slant(ink > 0.5), "all ink counts alike"),
        (lambda ink: slant(ink + 0.1), "paper is 0 already"),
        (lambda ink: 100 * slant(ink), "in per cent"),
        (correlation, "this is a correlation"),
        (lambda ink: moments(ink)[0], "this is the covariance"),
        (lambda ink: np.degrees(np.arctan(slant(ink))), "this is an angle"),
        (lambda ink: math.atan(slant(ink)), "this is an angle"),
        (for_32_rows, "your function raised ValueError"),
        (lambda ink: np.zeros(3), "give back one number, not an array of shape (3,)"),
        (lambda ink: slant(ink) + 1, "section 3 measures the slant"),
        (0.4, "give the function itself"),
    ],
    "18.4": [
        (2_862_208, "the empty product"),
        (2_796_417, "may come twice"),
        (2_763_520, "three different pixels"),
        (2_829_056, "exactly 3 pixels"),
        (16_777_216, "the order does not matter"),
        (16_843_009, "the order does not matter"),
        (math.comb(787, 3), "28×28"),
        (math.comb(260, 4), "up to 4"),
        (33_153, "up to 2"),
        ((2, 862, 209), "write 2862209 if you mean 2,862,209"),
        ("2,862,209", "without quotes"),
        (3_000_000, "count the products"),
    ],
    "18.5": [
        (185.51, "round down"),
        (60_000 * 784 / 253_570, "round down"),
        (186, "round down"),
        (148, "48,000 digits"),
        (148.4, "48,000 digits"),
        (216, "test digits are not stored"),
        (94, "20×20"),
        (242, "32×32"),
        (180, "round figure of the article"),
        (178, "connections"),
        (2_770, "parameters"),
        (0.0054, "upside down"),
        (47_040_000, "K-NN's products"),
        (253_570, "how often do they go into"),
        ("185", "without quotes"),
        (30, "every pixel of every stored digit"),
    ],
}
