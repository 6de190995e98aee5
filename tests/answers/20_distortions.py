"""Answers to the exercises of notebook 20: right ones in several forms, wrong ones with words of their hint."""

import numpy as np
import tensorflow as tf
from scipy import ndimage

import lenet_keras as lk

CROSS = [[0, 1, 0], [1, 1, 1], [0, 1, 0]]


def by_views(image, outside=-0.1, extreme=np.min):
    framed = np.pad(image, 1, constant_values=outside)
    return extreme([framed[:-2, 1:-1], framed[2:, 1:-1], framed[1:-1, :-2], framed[1:-1, 2:], image], axis=0)


def by_the_toolbox(image, steps=-1):
    return lk.distort.stroke(image[np.newaxis, ..., np.newaxis], steps)[0, ..., 0]


def by_rolling(image):
    return np.min([image] + [np.roll(image, step, axis) for step in (1, -1) for axis in (0, 1)], axis=0)


def by_loops(image, into=np.copy):
    result = into(image)
    for row, column in np.ndindex(image.shape):
        values = [-0.1, *(image[place] for place in around(row, column, image.shape))]
        result[row, column] = min(values if len(values) < 6 else values[1:])
    return result


def around(row, column, shape):
    places = (row, column), (row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)
    return [place for place in places if 0 <= place[0] < shape[0] and 0 <= place[1] < shape[1]]


def in_place(image):
    image[:] = by_views(image)
    return image


def undo(matrix, shift):
    return np.linalg.inv(matrix), -matrix @ shift


def undo_by_cramer(a, s):
    (p, q), (r, t) = a.tolist()
    area = p * t - q * r
    return [[t / area, -q / area], [-r / area, p / area]], [-p * s[0] - q * s[1], -r * s[0] - t * s[1]]


def undo_in_32_bits(matrix, shift):
    matrix, shift = tf.constant(matrix, tf.float32), tf.constant(shift, tf.float32)
    return tf.linalg.inv(matrix), -tf.linalg.matvec(matrix, shift)


RIGHT = {
    "20.1": [
        [11, 8],
        (11.0, 8.0),
        np.array([[11, 8]]),  # as np.argwhere gives it
        [11.0000000001, 8],
        tf.constant([11.0, 8.0]),
        np.array([[11], [8]], "float32"),
    ],
    "20.2": [62.4, 62.4000001, np.float32(62.4), [62.4], tf.constant(62.4)],
    "20.3": [[6, 9], [9, 6], {6, 9}, np.array([[9, 6]]), (6.0, 9.0), frozenset({6, 9})],
    "20.4": [
        by_views,
        by_the_toolbox,
        by_loops,
        in_place,
        lambda image: by_views(image).round(6),
        lambda image: by_views(image).tolist(),
        lambda image: tf.constant(by_views(image)),
        lambda image: ndimage.grey_erosion(image, footprint=CROSS, mode="constant", cval=-0.1),
    ],
    "20.5": [
        undo,
        undo_by_cramer,
        undo_in_32_bits,
        lambda matrix, shift: [np.linalg.inv(matrix), -matrix @ shift[:, np.newaxis]],
    ],
}
WRONG = {
    "20.1": [
        ([20, 23], "if turned clockwise"),
        ([23, 11], "by 180 degrees"),
        ([8, 11], "the row comes first"),
        ([20, 8], "a mirror"),
        ([12, 8], "not at 16"),
        ([10, 8], "not at 15"),
        ([3, 3], "turns about its centre"),
        (11, "a list of 2 numbers, but yours has 1"),
        ([11, 8, 0], "yours has 3"),
        ({11, 8}, "a set has no order"),
        ({"row": 11, "column": 8}, "not a dict"),
        ("[11, 8]", "without quotes"),
    ],
    "20.2": [
        (62, "need not be a whole number"),
        (102.4, "take away the box"),
        (40, "inside the box"),
        (38.4, "not 28×28"),
        (24, "how many pixels lie outside"),
        (624, "one in ten"),
        (561.6, "stay as they are"),
        (14.4, "not the square"),
    ],
    "20.3": [
        ([2, 5], "mirror images"),
        ([6, 8], "turn the sheet upside down"),
        ([6, 6], "two different digits"),
        ([6, 90], "from 0 to 9"),
        ([6, 8, 9], "yours has 3"),
        (69, "yours has 1"),
        (["6", "9"], "without quotes"),
        ({"6", "9"}, "without quotes"),
    ],
    "20.4": [
        (lambda image: ndimage.grey_erosion(image, size=3, mode="constant", cval=-0.1), "eight neighbours"),
        (by_rolling, "np.roll"),
        (lambda image: by_views(image, outside=0), "-0.1, and not 0"),
        (lambda image: ndimage.grey_erosion(image, footprint=CROSS, mode="nearest"), "outside of the image are paper"),
        (lambda image: by_the_toolbox(image, 1), "thicker"),
        (lambda image: by_loops(image, into=np.asarray), "write into a new array"),
        (lambda image: image, "comes back as it was"),
        (lambda image: by_the_toolbox(image, -2), "the smallest"),
        (lambda image: image[1:-1, 1:-1], "the result has shape (3, 7)"),
        (lambda image: image.mine, "raised AttributeError"),
        (np.zeros((32, 32)), "give the function itself"),
    ],
    "20.5": [
        (lambda matrix, shift: (np.linalg.inv(matrix), -shift), "measured in the original"),
        (lambda matrix, shift: (np.linalg.inv(matrix), matrix @ shift), "wrong sign"),
        (lambda matrix, shift: (np.linalg.inv(matrix), -np.linalg.inv(matrix) @ shift), "not its inverse"),
        (lambda matrix, shift: (matrix.T, -matrix @ shift), "a rotation only"),
        (lambda matrix, shift: (matrix, -shift), "its inverse"),
        (lambda matrix, shift: (np.linalg.inv(matrix), -matrix * shift), "of shapes (2, 2) and (2, 2)"),
        (lambda matrix, shift: (2 * matrix, -shift), "solve it for q"),
        (lambda matrix, shift: np.column_stack(undo(matrix, shift)), "must give back a tuple of 2 arrays, not"),
        (lambda matrix, shift: {"matrix": matrix, "shift": shift}, "a tuple of 2 arrays, not a dict"),
        (lambda matrix, shift: np.linalg.inv(matrix), "a tuple of 2 arrays"),
    ],
}
