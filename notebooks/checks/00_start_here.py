"""What the exercises of notebook 00 accept."""

import math

import numpy as np

from lenet_keras.course.exercises import exercise


def unchecked(answer):
    return answer


def _number(answer, right, hint, tolerance=0.0):
    if np.ndim(answer) or not math.isfinite(answer):
        return "the answer is one finite number."
    return None if abs(answer - right) <= tolerance else hint


@exercise("00.1", unchecked, [])
def _(answer):
    return _number(answer, 32 * 32, "an image has 32 rows; how many values has each?")


@exercise("00.2", unchecked, [])
def _(answer):
    return _number(answer, 9000, "the chance to be right is one in ten for each digit.")


@exercise("00.3", unchecked, [])
def _(answer):
    hint = "multiply the images by the grey values of one, and divide by the parameters."
    return _number(answer, 60_000 * 32 * 32 / 61_706, hint, tolerance=1)
