"""Answers to the turns and exercises of notebook 01: right ones, and wrong ones with words of their hint."""

import functools

import keras
import numpy as np
import tensorflow as tf

from lenet_keras import data


def stored(images):
    inner = images[:, 2:30, 2:30, 0]
    return np.rint((inner + 0.1) * 255 / 1.275).astype("uint8")


def by_loops(images):
    result = np.empty((len(images), 28, 28), "uint8")
    for number, row, column in np.ndindex(result.shape):
        result[number, row, column] = int((images[number, row + 2, column + 2, 0] + 0.1) * 200 + 0.5)
    return result


def in_place(images):
    images += 0.1
    images *= 200
    return images[:, 2:-2, 2:-2, 0].round().astype(np.uint8)


def by_keras(images):
    inner = keras.ops.round((keras.ops.convert_to_tensor(images)[:, 2:30, 2:30, 0] + 0.1) * 200)
    return keras.ops.cast(inner, "uint8")


def looked_up(images):
    return data.find()[0].x_train[: len(images)]


def mean_by_loop(images, labels, digit):
    mine = [image.astype(float) for image, label in zip(images, labels, strict=True) if label == digit]
    return sum(mine) / len(mine)


def centre_row(images):
    ink = images.sum(axis=2)
    return (ink * np.arange(28)).sum(axis=1) / ink.sum(axis=1)


def centre_by_loop(images):
    return [sum(row * int(image[row].sum()) for row in range(28)) / int(image.sum()) for image in images]


def prepared(images):
    padded = np.pad(images, [(0, 0), (2, 2), (2, 2)])
    return (-0.1 + 1.275 * padded / 255).astype("float32")[..., None]


def prepared_without_padding(images):
    return (-0.1 + 1.275 * images / 255).astype("float32")[..., None]


def padded_afterwards(images):
    return np.pad(prepared_without_padding(images), [(0, 0), (2, 2), (2, 2), (0, 0)])


@functools.cache
def places():
    return {image.tobytes(): place for place, image in enumerate(data.find()[0].x_train)}


def by_census(images, labels):
    """Looked up: no network is trained here."""
    return np.array([places()[image.tobytes()] % 2 == 1 for image in images])


def leaning(images, labels):
    """One limit for the slant."""
    ink, line = images.astype("float32"), np.arange(28)
    total = ink.sum(axis=(1, 2))
    rows = line - (ink.sum(axis=2) @ line / total)[:, None]
    columns = line - (ink.sum(axis=1) @ line / total)[:, None]
    slant = -np.einsum("nij,ni,nj->n", ink, rows, columns) / np.einsum("nij,ni->n", ink, rows**2)
    return slant > 0.12


MNIST = data.find()[0].name == "mnist"
RIGHT = {
    "01.a": [
        lambda images, labels, digit: images[labels == digit].mean(axis=0),
        lambda images, labels, digit: np.mean(images[np.flatnonzero(labels == digit)], axis=0, dtype="float32"),
        mean_by_loop,
    ],
    "01.b": [centre_row, centre_by_loop, lambda images: centre_row(images.astype("float32"))],
    "01.c": [prepared, data.normalise, lambda images: keras.ops.convert_to_tensor(prepared(images))],
    "01.1": [(60000, 1), [60000, 1], np.array([60000, 1]), (60_000.0, 1.0)],
    "01.2": [
        (-0.36, 3.27),
        [-0.36, 3.27],
        np.array([-0.36, 3.27], "float32"),
        np.array([[-0.363, 3.267]]),
        tf.constant([-0.36, 3.27]),
    ],
    "01.3": [236, 236.0, np.uint8(236), np.array([236], "uint8")],
    "01.4": [stored, by_loops, in_place, by_keras, lambda scans: stored(np.asarray(scans, "float64"))],
    "01.5": [2, 2.0, np.array(2)],
    "01.6": [19.4, 19.38, np.float32(19.383333), tf.constant(19.35), [19.4]],
    "01.7": [
        by_census,
        lambda images, labels: by_census(images, labels).astype(int),
        lambda images, labels: by_census(images, labels).tolist(),
    ],
}
WRONG = {
    "01.a": [
        (lambda images, labels, digit: images.mean(axis=0), "the mean of all images"),
        (lambda images, labels, digit: images[labels != digit].mean(axis=0), "with any other label"),
        (lambda images, labels, digit: images[labels == digit].mean(axis=1), "which axis counts the images"),
        (lambda images, labels, digit: images[labels == digit].mean(axis=(1, 2)), "one number for each image"),
        (lambda images, labels, digit: images[digit].mean(axis=0), "must have shape (28, 28)"),
    ],
    "01.b": [
        (lambda images: centre_row(images.transpose(0, 2, 1)), "that is the column"),
        (lambda images: centre_row(images) * images.sum(axis=(1, 2)) / images.sum(), "of all images together"),
        (lambda images: (images.sum(axis=2) * np.arange(28)).sum(axis=1) / 28, "by the number of rows"),
        (lambda images: centre_row(images) + 0.5, "which axis counts the columns"),
        (lambda images: centre_row(images)[:2], "must have shape (4,)"),
    ],
    "01.c": [
        (prepared_without_padding, "is the border there?"),
        (padded_afterwards, "pad first"),
        (lambda images: prepared(images) + np.float32(0.1), "of the formula is missing"),
        (lambda images: (prepared(images) + np.float32(0.1)) / 1.275, "subtract 0.1"),
        (lambda images: prepared(images) + np.float32(0.2), "not added"),
        (lambda images: -0.1 + 1.175 * (prepared(images) + 0.1) / 1.275, "the two numbers of the formula"),
        (lambda images: np.roll(prepared(images), 2, axis=2), "before the image as behind"),
        (lambda images: prepared(images)[..., 0], "must have shape (3, 32, 32, 1)"),
        (lambda images: prepared(images) * 2, "columns are padded"),
    ],
    "01.1": [
        ((28, 28), "the mean over axis 0"),
        ((1, 60000), "after the first one"),
        ((60000, 28), "what does None make"),
        ((60000,), "a list of 2 numbers, but yours has 1"),
        ((28, 1), "what is left"),
    ],
    "01.2": [
        ((3.27, -0.36), "the other way round"),
        ((-0.42, 2.82), "the border of the padded images"),
        ((-0.4, 3.3), "give two decimals"),
        ((-1.32, 11.88), "the square root of the variance"),
        ((0.1, 0.28), "what do 0 and 255 become"),
        ((25.5, 70.2), "what do 0 and 255 become"),
        ((-0.1, 1.175), "the values of section 4"),
        ((-1, 1), "subtracting the mean"),
        (np.float64(3.27), "a list of 2 numbers, but yours has 1"),
        (("-0.36", "3.27"), "without quotes"),
        ({-0.36, 3.27}, "a set has no order"),
    ],
    "01.3": [
        (20, "what the friend wants"),
        (-20, "no negative numbers"),
        (235, "256 numbers"),
        (0, "does not stop at 0"),
        (255, "at the other end"),
        (40, "below 0"),
    ],
    "01.4": [
        (lambda images: ((images[:, 2:30, 2:30, 0] + 0.1) * 200).astype("uint8"), "off by 1"),
        (lambda images: stored(images).astype(int), "must be uint8, not int64"),
        (lambda images: stored(images).tolist(), "must be uint8, not int64"),
        (lambda images: (images[:, 2:30, 2:30, 0] + 0.1) * 200, "must be uint8, not float"),
        (lambda images: np.rint((images + 0.1) * 200).astype("uint8"), "not (20, 32, 32, 1): cut off the border"),
        (lambda images: stored(images)[..., None], "take off the last axis"),
        (lambda images: np.rint((images[:, 4:, 4:, 0] + 0.1) * 200).astype("uint8"), "on each of the four sides"),
        (lambda images: np.rint((images[:, :28, :28, 0] + 0.1) * 200).astype("uint8"), "on each of the four sides"),
        (lambda images: np.rint((images[:, 2:30, 2:30, 0] + 0.1) / 1.275).astype("uint8"), "from 0 to 255"),
        (lambda images: np.rint(images[:, 2:30, 2:30, 0] * 200).clip(0).astype("uint8"), "so two must be undone"),
        (looked_up, "so two must be undone"),
        (lambda images: stored(images)[:1], "for 20 images"),
        (np.zeros((2, 28, 28), "uint8"), "give the function itself"),
        (lambda images: stored(images).astype(str), "must give back an array of numbers"),
    ],
    "01.5": [(1, "more cleanly"), (3, "as many digits"), (4, "nothing shows it"), (5, "few *different* hands")],
    "01.6": [
        ("18", "without quotes"),
        (50, "make the mean of each class"),
        (0.5, "make the mean of each class"),
    ],
    "01.7": [
        (lambda images, labels: by_census(images, labels)[:5], "the result must have shape"),
        (lambda images, labels: 2 * labels + 5, "must hold True and False"),
        (lambda images, labels: None, "does it end in return"),
    ],
}
if MNIST:
    WRONG["01.6"] += [
        (0.194, "this is a share"),
        (80.6, "read rightly"),
        (19.2, "the digits to learn from"),
        (37.8, "the largest product"),
        (34.3, "not squared"),
        (88.8, "as bad as a guess"),
    ]
    WRONG["01.7"] += [
        (leaning, "the goal is 72 %"),
        (lambda images, labels: labels >= 0, "the goal is 72 %"),
        (lambda images, labels: ~by_census(images, labels), "are True and False exchanged"),
    ]
else:  # other digits, other numbers
    RIGHT["01.6"] = [11.8, np.float32(11.81), [11.1]]
    RIGHT["01.2"] = [(-0.47, 3.48), [-0.47, 3.48], np.array([-0.47, 3.48], "float32")]
    WRONG["01.2"] = [((3.48, -0.47), "the other way round"), ((-0.5, 3.5), "two decimals"), ((-1, 1), "subtracting")]
