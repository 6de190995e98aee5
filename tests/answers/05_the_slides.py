"""Answers to the exercises of notebook 05: right ones in several forms, wrong ones with words of their hint."""

import keras
import numpy as np
import tensorflow as tf

import lenet_keras as lk


def by_reshape(weight, maps, rows, columns):
    return weight.reshape(len(weight), maps, rows, columns).transpose(2, 3, 1, 0).reshape(-1, len(weight))


def by_index(w, m, r, c):
    return w[:, np.arange(m * r * c).reshape(m, r, c).transpose(1, 2, 0).ravel()].T.astype("float64")


def by_loops(weight, maps, rows, columns):
    kernel = []
    for row in range(rows):
        for column in range(columns):
            for one_map in range(maps):
                kernel.append([each[(one_map * rows + row) * columns + column] for each in weight])
    return kernel


def by_keras(weight, maps, rows, columns):
    out = len(weight)
    places = keras.ops.transpose(keras.ops.reshape(weight, (out, maps, rows, columns)), (2, 3, 1, 0))
    return keras.ops.reshape(places, (rows * columns * maps, out))


def axes_not_flattened(weight, maps, rows, columns):
    return weight.reshape(-1, maps, rows, columns).transpose(2, 3, 1, 0)


def rows_and_columns_swapped(weight, maps, rows, columns):
    return weight.reshape(-1, maps, rows, columns).transpose(3, 2, 1, 0).reshape(-1, len(weight))


def outputs_first(weight, maps, rows, columns):
    return by_reshape(weight, maps, rows, columns).T


def maps_in_the_middle(weight, maps, rows, columns):
    return weight.reshape(-1, maps, rows, columns).transpose(2, 1, 3, 0).reshape(-1, len(weight))


def prepare(photographs, border=-0.1, ink=1.275):
    images = np.full((len(photographs), 32, 32, 1), border, "float32")
    images[:, 2:30, 2:30, 0] = -0.1 + ink * (1 - photographs / 255)
    return images


def by_padding(photographs):
    return np.pad(1.175 - 1.275 * (photographs / 255.0), ((0, 0), (2, 2), (2, 2)), constant_values=-0.1)[..., None]


def by_tensorflow(photographs):
    inked = 1 - tf.cast(photographs, "float32") / 255
    return tf.pad(inked, [[0, 0], [2, 2], [2, 2]])[..., tf.newaxis] * 1.275 - 0.1


def in_place(photographs):
    np.subtract(255, photographs, out=photographs)
    return lk.normalise(photographs)


def padded_before_turning(photographs):
    return -0.1 + 1.275 * (1 - np.pad(photographs, ((0, 0), (2, 2), (2, 2)))[..., None] / 255)


def stretched(photographs, axis=None):
    ink = np.pad(255.0 - photographs, ((0, 0), (2, 2), (2, 2)))[..., None]
    low, high = ink.min(axis=axis, keepdims=True), ink.max(axis=axis, keepdims=True)
    return -0.1 + 1.275 * (ink - low) / (high - low)


RIGHT = {
    "05.1": [44_426, 44426.0, np.int32(44_426), [44_426], np.array([44_426]), tf.constant(44_426), np.float32(44_426)],
    "05.2": [by_reshape, by_index, by_loops, by_keras, lambda *each: tf.constant(by_reshape(*each))],
    "05.3": [43.448, 43, 43.4, 43.45, np.float64(43.4483), [43.4], 100 * lk.wilson_interval(0, 5)[1]],
    "05.4": [
        prepare,
        by_padding,  # float64
        by_tensorflow,
        in_place,
        lambda photographs: lk.normalise(255 - photographs),
        lambda photographs: keras.ops.convert_to_tensor(prepare(photographs)),
        lambda photographs: prepare(photographs).tolist(),
    ],
}
WRONG = {
    "05.1": [
        (44_164, "with 82 units"),
        (44_406, "each of the ten outputs has two inputs more"),
        (44_184, "weights and biases of their own"),
        (44_424, "biases of the two units"),
        (61_706, "the window of C5 is 4×4"),
        ("44,426", "give the number, without quotes"),
        ((44, 426), "write 44426 if you mean 44,426"),
        (44.426, "write 44_426 for 44,426"),
        ([156, 2416, 30840, 10164, 850], "yours has 5"),
        (44_000, "which layers change"),
    ],
    "05.2": [
        (lambda weight, *_: weight.T, "still in PyTorch's order"),
        (rows_and_columns_swapped, "rows and columns have changed places"),
        (lambda weight, *_: weight.reshape(-1, len(weight)), "reshape alone"),
        (outputs_first, "Dense has them last"),
        (lambda weight, *_: weight, "Dense has them last"),
        (axes_not_flattened, "flatten the first three into one"),
        (maps_in_the_middle, "undo PyTorch's flattening first"),
        (lambda weight, *_: weight.ravel(), "the shape is (72,), but it should be (18, 4)"),
        (lambda weight, maps: weight, "your function raised TypeError"),
        (np.zeros((18, 4)), "give the function itself"),
    ],
    "05.3": [
        (44, "do not round up"),
        (44.4, "1.96 standard errors"),
        (43.9, "nearly"),
        (0.43448, "this is a share"),
        (0.43, "this is a share"),
        (0, "the lower end"),
        (28, "none of ten"),
        (56.55, "count those that die"),
        (60, "rule for many"),
        (45.07, "exact to one side"),
        (52.18, "Clopper's and Pearson's"),
        ((0, 43.4), "yours has 2"),
        ("43 %", "give the number, without quotes"),
        (20, "as notebook 08 counts errors"),
    ],
    "05.4": [
        (stretched, "a faint digit was stretched"),
        (lambda photographs: stretched(photographs, (1, 2)), "a faint digit was stretched"),
        (lambda photographs: prepare(photographs, border=0), "not the border: it must be paper"),
        (padded_before_turning, "the border is ink"),
        (lambda photographs: lk.normalise(photographs), "still the wrong way round"),
        (lambda photographs: prepare(photographs)[..., 0], "the last axis, that of maps, is missing"),
        (lambda photographs: prepare(photographs)[:, 2:30, 2:30], "the border is missing"),
        (lambda photographs: prepare(photographs)[0], "the shape is (32, 32, 1), but it should be (5, 32, 32, 1)"),
        (lambda photographs: prepare(photographs).astype("float16"), "float16 has too few digits"),
        (lambda photographs: (prepare(photographs) + 0.1) / 1.275, "go from 0 to 1"),
        (lambda photographs: 255 * (prepare(photographs) + 0.1) / 1.275, "grey values from 0 to 255"),
        (lambda photographs: prepare(photographs, ink=1), "which number stands for paper"),
        (prepare(np.zeros((1, 28, 28))), "give the function itself"),
        (lambda photographs: print(end=""), "does it end in return"),
    ],
}
