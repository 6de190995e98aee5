"""What the exercises of notebook 09 accept."""

import math

import numpy as np

from lenet_keras.course.exercises import exercise


def unchecked(answer):
    return answer


def _number(answer, right, hint, tolerance=0.0):
    if np.ndim(answer) or not math.isfinite(answer):
        return "the answer is one finite number."
    return None if abs(answer - right) <= tolerance else hint


@exercise("09.1", unchecked, [])
def _(answer):
    return _number(
        answer, 0.0005 / (0.02 + 0.48), "η/(μ + h); the values of η and μ are in section 1.", tolerance=5e-5
    )


@exercise("09.2", unchecked, [])
def _(answer):
    hint = "by what does a step multiply the distance from the lowest point? When is that below -1?"
    return _number(answer, 2 / 5, hint, tolerance=1e-3)


@exercise("09.3", unchecked, [])
def _(answer):
    if not callable(answer):
        return "the answer is the function itself, its name without brackets."
    derivatives = np.random.default_rng(0).normal(size=(7, 5, 11))
    found = np.asarray(answer(derivatives.copy()))
    if found.shape != (11,):
        return f"for an array of shape (7, 5, 11) the result has shape {found.shape}, not (11,)."
    wanted = np.einsum("iow,iow->w", derivatives, derivatives) / 7
    return (
        None
        if np.allclose(found, wanted)
        else "square first, then add up the outputs and average the images."
    )


@exercise("09.4", unchecked, [])
def _(answer):
    hint = "the variance of a sum of independent numbers is the sum of their variances."
    return _number(answer, 2.4 / math.sqrt(400 * 3), hint, tolerance=1e-3)
