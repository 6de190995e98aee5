"""Answers to the exercises of notebook 01: right ones in several forms, wrong ones with words of their hint."""

import keras
import numpy as np
import tensorflow as tf
from scipy import ndimage

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


def centred(image):
    move = [round(14 - centre) for centre in ndimage.center_of_mass(image)]
    return np.roll(image, move, axis=(0, 1))


def shifted(order, dtype):
    def move(image):
        down, right = (int(np.rint(14 - centre)) for centre in ndimage.center_of_mass(image))
        return ndimage.shift(image.astype(dtype), (down, right), order=order)

    return move


def by_hand(image):
    weight = image.astype(float)
    row = (weight.sum(axis=1) * np.arange(28)).sum() / weight.sum()
    column = (weight.sum(axis=0) * np.arange(28)).sum() / weight.sum()
    down, right = int(np.floor(14 - row + 0.5)), int(np.floor(14 - column + 0.5))
    result = np.zeros_like(image)
    for r, c in np.argwhere(image):
        result[r + down, c + right] = image[r, c]
    return result


def as_list_in_place(image):
    image[:] = centred(image)
    return image.tolist()


def towards(middle=14.0, by=round, swapped=False, weigh=lambda image: image):
    """`centred`, with one mistake."""

    def move(image):
        steps = [by(middle - centre) for centre in ndimage.center_of_mass(weigh(image))]
        return np.roll(image, steps[::-1] if swapped else steps, axis=(0, 1))

    return move


def overflowing(image):
    total = image.sum(dtype="uint8") or 1
    row = (image.sum(axis=1, dtype="uint8") * np.arange(28, dtype="uint8")).sum(dtype="uint8") / total
    column = (image.sum(axis=0, dtype="uint8") * np.arange(28, dtype="uint8")).sum(dtype="uint8") / total
    return np.roll(image, (round(14 - row), round(14 - column)), axis=(0, 1))


def box_in_the_middle(image):
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    steps = [round(13.5 - (each[0] + each[-1]) / 2) for each in (rows, columns)]
    return np.roll(image, steps, axis=(0, 1))


def refitted(image):
    return data.centre(data.resize(data.crop(image / 255)))


RIGHT = {
    "01.1": [stored, by_loops, in_place, by_keras, lambda scans: stored(np.asarray(scans, "float64"))],
    "01.2": [19.2, 19, 19.0, 19.7, np.float64(19.2017), np.float32(19.2), tf.constant(19.2), [19.2]],
    "01.3": [
        (-0.36, 3.27),
        [-0.36, 3.27],
        np.array([-0.36, 3.27], "float32"),
        np.array([[-0.363, 3.267]]),
        tf.constant([-0.36, 3.27]),
    ],
    "01.4": [centred, by_hand, as_list_in_place, shifted(0, "uint8"), shifted(1, "uint8"), shifted(1, "float32")],
    "01.5": [90, 90.0, 89.9991, 100 * 90_000 / 99_999, 89.4, np.array(90), [90]],
}
WRONG = {
    "01.1": [
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
    "01.2": [
        (0.192, "this is a share"),
        (17.97, "use the training digits"),
        (18.0, "use the training digits"),
        (80.8, "read rightly"),
        (29.7, "the largest product"),
        (34.9, "not squared"),
        (20, "make the mean of each class"),
        ("19.2", "without quotes"),
    ],
    "01.3": [
        ((3.27, -0.36), "the other way round"),
        ((-0.42, 2.82), "the border of the padded images"),
        ((-0.4, 3.3), "give two decimals"),
        ((-1.32, 11.88), "the square root of the variance"),
        ((0.1, 0.28), "what do 0 and 255 become"),
        ((25.5, 70.2), "what do 0 and 255 become"),
        ((-0.1, 1.175), "the values of section 8"),
        ((-1, 1), "subtracting the mean"),
        (np.float64(3.27), "a list of 2 numbers, but yours has 1"),
        (("-0.36", "3.27"), "without quotes"),
        ({-0.36, 3.27}, "a set has no order"),
    ],
    "01.4": [
        (refitted, "only move it"),
        (lambda image: (255 * refitted(image)).astype("uint8"), "only move it"),
        (towards(13.5), "another move brings it nearer"),
        (towards(by=int), "another move brings it nearer"),
        (towards(swapped=True), "another move brings it nearer"),
        (towards(weigh=lambda image: image > 0), "another move brings it nearer"),
        (overflowing, "another move brings it nearer"),
        (box_in_the_middle, "another move brings it nearer"),
        (
            lambda image: ndimage.shift(image, np.subtract(14, ndimage.center_of_mass(image)), order=1),
            "move the image by whole pixels",
        ),
        (lambda image: centred(image) // 2, "move the image by whole pixels"),
        (lambda image: image, "came back where it was"),
        (lambda image: np.zeros_like(image), "a blank image"),
        (lambda image: centred(image)[4:24, 4:24], "of shape (28, 28), not (20, 20)"),
        (lambda image: None, "does it end in return"),
        (np.zeros((28, 28), "uint8"), "give the function itself"),
    ],
    "01.5": [
        (0.9, "this is a share"),
        (10, "in the validation set too"),
        (81, "only its copy is open"),
        (18, "of all pairs that are split"),
        (91, "take one validation digit"),
        (99, "take one validation digit"),
        (95, "take one validation digit"),
        (50, "take one validation digit"),
    ],
}
if data.find()[0].name != "mnist":  # other digits, other numbers
    RIGHT["01.2"] = [9.67, 9.7, np.float32(9.67)]
    RIGHT["01.3"] = [(-0.47, 3.48), [-0.47, 3.48], np.array([-0.47, 3.48], "float32")]
    WRONG["01.2"] = [(0.0967, "a share"), (90.3, "read rightly"), (12, "make the mean of each class")]
    WRONG["01.3"] = [((3.48, -0.47), "the other way round"), ((-0.5, 3.5), "two decimals"), ((-1, 1), "subtracting")]
