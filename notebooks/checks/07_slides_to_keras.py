"""What the exercises of notebook 07 accept."""

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


@exercise("07.1", unchecked, [])
def _(answer):
    right = 6 * 26 + 16 * 151 + 120 * (16 * 16 + 1) + 84 * 121 + 10 * 85
    return _number(
        answer,
        right,
        "two units more in F6, each with its inputs and bias, and one more input each to 10 outputs.",
    )


@exercise("07.2", unchecked, [])
def _(answer):
    if not callable(answer):
        return "the answer is the function itself, its name without brackets."
    rng = np.random.default_rng(7)
    for maps, rows, columns, out in ((2, 3, 3, 4), (3, 2, 5, 1), (6, 4, 4, 10)):
        weight, images = (
            rng.normal(size=(out, maps * rows * columns)),
            rng.normal(size=(5, maps, rows, columns)),
        )
        kernel = np.asarray(answer(weight.copy(), maps, rows, columns))
        if kernel.shape != (rows * columns * maps, out):
            return f"for {maps} maps of {rows}×{columns} and {out} outputs the shape is {kernel.shape}."
        if not np.allclose(
            images.transpose(0, 2, 3, 1).reshape(5, -1) @ kernel, images.reshape(5, -1) @ weight.T
        ):
            return "the shape is right, but not the order of the rows: undo PyTorch's flattening first."
    return None


@exercise("07.3", unchecked, [])
def _(answer):
    # The upper end is the share of which 0 in 5 is 1.96 standard errors away: p² = z² p (1 - p) / 5.
    right = 100 * 1.959964**2 / (5 + 1.959964**2)
    if np.ndim(answer) == 0 and abs(100 * answer - right) < 0.6:
        return "this is a share; give it in per cent."
    return _number(answer, right, "lk.wilson_interval takes the number counted, and out of how many.", 0.6)


@exercise("07.4", unchecked, [])
def _(answer):
    if not callable(answer):
        return "the answer is the function itself, its name without brackets."
    stored = _pixels().x_test[:20]
    images = answer(255 - stored)
    if not isinstance(images, np.ndarray) or images.shape != (20, 32, 32, 1) or images.dtype != np.float32:
        return "the function must return an array of float32, of shape (n, 32, 32, 1)."
    right = np.full((20, 32, 32, 1), -0.1)
    right[:, 2:-2, 2:-2, 0] += 1.275 * stored / 255
    if np.allclose(images, right, atol=1e-5):
        return None
    if np.allclose(images[:, 2:-2, 2:-2], right[:, 2:-2, 2:-2], atol=1e-5):
        return "the digit is right, but not the border: it must be paper."
    return "turn the grey values round first, so that paper is 0, and then prepare them as in notebook 01."
