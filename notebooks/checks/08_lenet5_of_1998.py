"""What the exercises of notebook 08 accept."""

import math

import numpy as np

from lenet_keras.course.exercises import exercise


def unchecked(answer):
    return answer


def _number(answer, right, hint, tolerance=0.0):
    if np.ndim(answer) or not math.isfinite(answer):
        return "the answer is one finite number."
    return None if abs(answer - right) <= tolerance else hint


@exercise("08.1", unchecked, [])
def _(answer):
    hint = "add the four inputs, multiply by the coefficient, add the bias, and squash."
    return _number(answer, 1.7159 * math.tanh(2 / 3), hint, tolerance=1e-3)


@exercise("08.2", unchecked, [])
def _(answer):
    return _number(
        answer, 60_000 - 1_516 + 16 * (3 * 25 + 1), "only C3 changes: count its kernels, and its biases."
    )


@exercise("08.3", unchecked, [])
def _(answer):
    right = math.log(sum(math.exp(-value) for value in (1, 4, 6, 50)))
    return _number(
        answer, right, "the sum has a term for j and one for each of the three digits.", tolerance=1e-3
    )


@exercise("08.4", unchecked, [])
def _(answer):
    from lenet_keras.layers import bitmaps

    if not callable(answer):
        return "the answer is the function itself, its name without brackets."
    labels = np.random.default_rng(0).integers(0, 10, 50)
    f6 = bitmaps()[labels] + np.random.default_rng(1).normal(0, 0.3, (50, 84))
    found = np.asarray(answer(f6.astype("float32")))
    if found.shape != labels.shape:
        return f"for {len(labels)} rows the result has shape {found.shape}, not {labels.shape}."
    return (
        None
        if np.array_equal(found, labels)
        else "which drawing has the smallest sum of squared differences?"
    )
