"""What the exercises of notebook 01 accept."""

import functools
import math

import numpy as np

from lenet_keras.course.exercises import exercise


def unchecked(answer):
    return answer


def _number(answer, right, hint, tolerance=0.0):
    if np.ndim(answer) or not math.isfinite(answer):
        return "the answer is one finite number."
    return None if abs(answer - right) <= tolerance else hint


@functools.cache
def _pixels():
    from lenet_keras import data

    return data.find()[0]


@exercise("01.1", unchecked, [])
def _(answer):
    from lenet_keras import data

    stored = _pixels().x_test[:500]
    images = answer(data.normalise(stored))
    if not isinstance(images, np.ndarray) or images.shape != stored.shape or images.dtype != np.uint8:
        return "the function must return an array of uint8, of shape (n, 28, 28)."
    worst = np.abs(images.astype(int) - stored).max()
    if worst == 1:
        return "some pixels are off by 1: astype cuts off fractions, so round first (np.rint)."
    return None if worst == 0 else "take off the border, solve the formula of section 8 for p, and round."


@functools.cache
def _nearest_mean_error():
    pixels = _pixels()
    flat, labels = pixels.x_train.reshape(len(pixels.x_train), -1).astype("float32"), pixels.y_train
    means = np.eye(10, dtype="float32")[labels].T @ flat / np.bincount(labels, minlength=10)[:, None]
    # |x - m|² is smallest where |m|² - 2 x·m is; the scale of the grey values does not matter.
    answers = ((means**2).sum(axis=1) - 2 * flat @ means.T).argmin(axis=1)
    return 100 * np.mean(answers != labels)


@exercise("01.2", unchecked, [])
def _(answer):
    hint = "compare each training digit with the ten means; the answer is a percentage, from 0 to 100."
    return _number(answer, _nearest_mean_error(), hint, tolerance=0.5)


@exercise("01.3", unchecked, [])
def _(answer):
    paper, ink = answer
    counts = sum(np.bincount(image.ravel(), minlength=256) for image in _pixels().x_train)
    counts[0] += len(_pixels().x_train) * (32 * 32 - 28 * 28)  # the border
    share, grey = counts / counts.sum(), np.arange(256) / 255
    mean = share @ grey
    deviation = math.sqrt(share @ (grey - mean) ** 2)
    if abs(paper + mean / deviation) > 0.01 or abs(ink - (1 - mean) / deviation) > 0.01:
        return "subtract the mean of the padded pixels, divide by their standard deviation: what become of 0 and 255?"
    return None


@exercise("01.4", unchecked, [])
def _(answer):
    rng = np.random.default_rng(0)
    for stored in _pixels().x_train[:40]:
        rows, columns = np.flatnonzero(stored.any(axis=1)), np.flatnonzero(stored.any(axis=0))
        down = rng.integers(-rows[0], 28 - rows[-1])
        right = rng.integers(-columns[0], 28 - columns[-1])
        moved = np.roll(stored, (down, right), axis=(0, 1))
        image = np.asarray(answer(moved.copy()))
        if image.shape != (28, 28) or image.dtype != np.uint8:
            return "the function must return a uint8 image of shape (28, 28)."
        if image.sum() != stored.sum():
            return "ink was lost or added: move the image by whole pixels, for example with np.roll."
        centres = [
            (each.sum(axis=1) @ np.arange(28) / each.sum(), each.sum(axis=0) @ np.arange(28) / each.sum())
            for each in (image, stored)
        ]
        if np.abs(np.array(centres) - 14).max() > 0.6 or not np.array_equal(image, stored):
            return "the centre of mass is not as near to row 14, column 14 as moves by whole pixels allow."
    return None


@exercise("01.5", unchecked, [])
def _(answer):
    hint = (
        "take one validation digit: its copy is any of the other images; how many of those are for training?"
    )
    return _number(answer, 100 * 90_000 / 99_999, hint, tolerance=1)
