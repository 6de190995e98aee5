"""Answers to the exercises of notebook 02: right ones in several forms, wrong ones with words of their hint."""

import keras
import numpy as np
import tensorflow as tf


def max_pool(image, size, stride):
    rows = (image.shape[0] - size) // stride + 1
    columns = (image.shape[1] - size) // stride + 1
    result = np.zeros((rows, columns))
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride, column * stride
            result[row, column] = image[top : top + size, left : left + size].max()
    return result


def by_windows(a, b, c):
    return np.lib.stride_tricks.sliding_window_view(a, (b, b))[::c, ::c].max(axis=(2, 3)).astype("float32")


def by_lists(image, size, stride):
    rows, columns = (range(0, side - size + 1, stride) for side in image.shape)
    return [[float(np.max(image[r : r + size, c : c + size])) for c in columns] for r in rows]


def by_keras(image, size, stride):
    maps = keras.ops.convert_to_tensor(image[None, :, :, None].astype("float32"))
    return keras.ops.max_pool(maps, size, stride)[0, :, :, 0]


def in_place(image, size, stride):
    result = max_pool(image, size, stride)
    image[:] = 0
    return result


def beginning_with_zero(image, size, stride):
    return np.maximum(max_pool(image, size, stride), 0)


def whole_numbers(image, size, stride):
    return max_pool(image, size, stride).astype(int)


def means(image, size, stride):
    return np.lib.stride_tricks.sliding_window_view(image, (size, size))[::stride, ::stride].mean(axis=(2, 3))


def with_padding(image, size, stride):
    return max_pool(np.pad(image, size - 1, constant_values=-9), size, stride)


RIGHT_KERNEL = [[0, 0, 0], [1, 0, 0], [0, 0, 0]]
RIGHT = {
    "02.1": [169, 169.0, np.int64(169), np.array(169), tf.constant(169), tf.constant(169.0), [169]],
    "02.2": [4640, 4640.0, np.float32(4640), tf.constant(4640)],
    "02.3": [
        RIGHT_KERNEL,
        tuple(map(tuple, RIGHT_KERNEL)),
        np.array(RIGHT_KERNEL, bool),
        np.array(RIGHT_KERNEL, "float32"),
        tf.constant(RIGHT_KERNEL),
    ],
    "02.4": [max_pool, by_windows, by_lists, by_keras, in_place],
    "02.5": [2.99, 2.993, 2.995, np.float32(2.9932), np.arctanh(np.sqrt(0.99)), [2.99]],
}
WRONG = {
    "02.1": [
        (13, "along one side"),
        (144, "one place more"),
        (196, "round down"),
        (182.25, "no half place"),
        (676, "stride 1"),
        (256, "with padding"),
        (170, "along one row"),
        ("169", "give the number, without quotes"),
        ((13, 13), "yours has 2."),
        (True, "not True or False"),
    ],
    "02.2": [
        (4608, "without biases"),
        (4609, "a bias of its own"),
        (4624, "a bias belongs to a filter"),
        (5120, "not one for each incoming map"),
        (320, "for one incoming map"),
        (145, "one filter; there are 32"),
        (4.64, "write 4_640 for 4,640"),
        (4641, "how many weights has one filter"),
    ],
    "02.3": [
        ([[0, 0, 0], [0, 0, 1], [0, 0, 0]], "right for a kernel that is flipped"),
        ([[0, 0, 0], [0, 1, 0], [0, 0, 0]], "leaves the image where it is"),
        ([[0, 1, 0], [0, 0, 0], [0, 0, 0]], "moves the image down."),
        ([[1, 0, 0], [0, 0, 0], [0, 0, 0]], "moves the image down and right."),
        ([[0, 0, 0], [2, 0, 0], [0, 0, 0]], "the weight must be 1"),
        ([[1 / 3, 0, 0], [1 / 3, 0, 0], [1 / 3, 0, 0]], "several weights mix"),
        ([[0, 0, 0], [1, 0, -1], [0, 0, 0]], "a single 1 among zeros"),
        (np.zeros((3, 3)), "a single 1 among zeros"),
        ([0, 0, 0, 1, 0, 0, 0, 0, 0], "of shape (3, 3), but yours has shape (9,)"),
        ([[0, 0, 0], [1, 0], [0, 0, 0]], "of shape (3, 3), not a list"),
        ([[0, 0, 0], [float("nan"), 0, 0], [0, 0, 0]], "no finite number"),
    ],
    "02.4": [
        (lambda image, size, stride: max_pool(image, size, 1), "has shape (5, 5), not (3, 3): that is with stride 1"),
        (lambda image, size, stride: max_pool(image, size, size), "with windows that do not overlap"),
        (lambda image, size, stride: max_pool(image, size, stride).T, "rows and columns are exchanged"),
        (beginning_with_zero, "do not begin with 0"),
        (whole_numbers, "fractions are cut off"),
        (lambda *each: max_pool(*each).astype("uint8"), "not the values"),
        (means, "the means of the windows"),
        (lambda image, size, stride: -max_pool(-image, size, stride), "the minima of the windows"),
        (with_padding, "the result has shape"),
        (lambda image, size, stride: max_pool(image[: len(image.T), : len(image)], size, stride), "has shape"),
        (lambda *each: by_keras(*each)[None, :, :, None], "has shape (1, 3, 3, 1), not (3, 3)"),
        (max_pool(np.zeros((6, 6)), 2, 2), "give the function itself"),
        (lambda image: image, "your function raised TypeError"),
        (lambda *each: [[1], [2, 3]], "an array of numbers, not a list"),
    ],
    "02.5": [
        (3, "two decimals"),
        (2.98, "the slope of tanh at a"),
        (-2.99, "the positive one"),
        (2.65, "there tanh itself is 0.99"),
        (0.995, "the value of tanh"),
        (5.3, "with a square"),
    ],
}
