"""Answers to the exercises of notebook 23: right ones in several forms, wrong ones with words of their hint."""

import itertools

import numpy as np
import tensorflow as tf


def as_convolution(kernel, rows, columns):
    return kernel.reshape(rows, columns, -1, kernel.shape[1])


def by_loops(dense, height, width):
    maps = len(dense) // (height * width)
    kernel = np.zeros((height, width, maps, dense.shape[1]), "float32")
    for row, column, each in np.ndindex(height, width, maps):
        kernel[row, column, each] = dense[(row * width + column) * maps + each]
    return kernel


def by_tensors(kernel, rows, columns):
    return tf.reshape(tf.constant(kernel), (rows, columns, -1, kernel.shape[1]))


def maps_first(kernel, rows, columns):
    return kernel.reshape(-1, rows, columns, kernel.shape[1]).transpose(1, 2, 0, 3)


def columns_first(kernel, rows, columns):
    return kernel.reshape(columns, rows, -1, kernel.shape[1]).swapaxes(0, 1)


def by_table(read, written, replacing=1, border=1):
    table = np.zeros((len(read) + 1, len(written) + 1), int)
    table[:, 0], table[0] = border * np.arange(len(read) + 1), border * np.arange(len(written) + 1)
    for i, j in itertools.product(range(len(read)), range(len(written))):
        steps = table[i, j + 1] + 1, table[i + 1, j] + 1, table[i, j] + replacing * (read[i] != written[j])
        table[i + 1, j + 1] = min(steps)
    return table[-1, -1]


def by_recursion(a, b):
    if not a or not b:
        return len(a) + len(b)
    if a[0] == b[0]:
        return by_recursion(a[1:], b[1:])
    return 1 + min(by_recursion(a[1:], b), by_recursion(a, b[1:]), by_recursion(a[1:], b[1:]))


def hamming(a, b):
    return sum(x != y for x, y in itertools.zip_longest(a, b))


RIGHT = {
    "23.1": [43, 43.0, [43], np.array(43), tf.constant(43), np.float32(43)],
    "23.2": [6, (6,), np.int64(6), 6.0],
    "23.3": [123_720, 123720.0, np.int64(123_720), [123_720]],
    "23.4": [as_convolution, by_loops, by_tensors, lambda *each: as_convolution(*each).tolist()],
    "23.5": [by_table, by_recursion, lambda a, b: float(by_table(b, a)), lambda a, b: np.array([by_table(a, b)])],
}
WRONG = {
    "23.1": [
        (42, "the first window"),
        (50, "the last window must end"),
        (6, "not 32"),
        (6.25, "not 32"),
        (169, "by 4 columns"),
        (430, "ten classes"),
        (44, "the first window ends at column 32"),
        ("43", "give the number, without quotes"),
        (lambda width: 43, "not a function"),
    ],
    "23.2": [(4, "as it is"), (3, "a stride of 2 already"), (5, "not added"), (12, "not after them"), (7, "product")],
    "23.3": [
        (416_520, "a whole window"),
        (5_612_760 + 123_720, "all of the image"),
        (58_920, "C1's and C3's maps grow too"),
        (64_800, "at one more place besides"),
        (112_800, "F6 and the output layer"),
        (75_720, "C3's maps"),
        (106_920, "C1's maps"),
        (125_918, "these are connections"),
        (1, "four more columns"),
        ("123,720", "give the number, without quotes"),
        ((123, 720), "write 123720 if you mean 123,720"),
        (123.72, "write 123_720"),
    ],
    "23.4": [
        (maps_first, "the maps come last"),
        (columns_first, "not column by column"),
        (lambda *each: as_convolution(*each)[::-1, ::-1], "flipped"),
        (lambda *each: as_convolution(*each)[:, :, ::-1], "in a row map by map"),
        (lambda kernel, rows, columns: kernel, "the shape is (5, 5, 16, 3), not (400, 3)"),
        (lambda kernel: kernel, "raised TypeError"),
    ],
    "23.5": [
        (hamming, "from '1234' to '234' it takes 1, your function says 4: so many places differ"),
        (lambda a, b: by_table(a, b, replacing=2), "one change, not two"),
        (lambda a, b: a != b, "one number, not True or False"),
        (lambda a, b: int(a != b), "not only whether any is"),
        (lambda a, b: abs(len(a) - len(b)), "not only the lengths"),
        (lambda a, b: by_table(a, b, border=0), "from '7' to '' it takes 1, your function says 0."),
        (lambda a, b: by_table(a, b) / 2, "from '7' to '' it takes 1, your function says 0.5."),
        ("123", "give the function itself"),
    ],
}
