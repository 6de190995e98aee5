"""What the exercises of notebook 06 accept."""

import contextlib
import functools
import io
import math

import numpy as np

from lenet_keras.counting import anatomy
from lenet_keras.course.exercises import exercise


def unchecked(answer):
    return answer


def _number(answer, right, hint, tolerance=0.0):
    if np.ndim(answer) or not math.isfinite(answer):
        return "the answer is one finite number."
    return None if abs(answer - right) <= tolerance else hint


@functools.cache
def _trained_lenet5():
    from lenet_keras.models import load_lenet5

    with contextlib.redirect_stdout(io.StringIO()):  # its one line was printed in the notebook already
        return load_lenet5()


@exercise("06.1", unchecked, [])
def _(answer):
    from lenet_keras.models import lenet5

    row = anatomy(lenet5())["C3"]
    starts = [place * step for place, step in zip((3, 8), row.stride, strict=True)]
    sizes = row.receptive_field
    right = [starts[0], starts[0] + sizes[0] - 1, starts[1], starts[1] + sizes[1] - 1]
    if np.shape(answer) != (4,):
        return "the answer is a list of four numbers."
    if np.array_equal(answer, right):
        return None
    return "one step in C3 is two pixels of the image, and a unit of C3 sees 14×14 pixels: what is the last of 14?"


@exercise("06.2", unchecked, [])
def _(answer):
    from lenet_keras.models import lenet5

    right = 3 * anatomy(lenet5())["S4"].stride[1]
    hint = "each pooling layer doubles the step, and one place of S4 is one step of S4."
    return _number(answer, right, hint)


@exercise("06.3", unchecked, [])
def _(answer):
    line = np.full((1, 5, 5, 1), -0.1, "float32")
    line[0, :, 2] = 1.175
    layer = _trained_lenet5().get_layer("C1")
    sums = np.asarray(layer(line)).ravel()  # tanh keeps the order
    hint = "multiply window and filter number by number, add up, and add the bias."
    return _number(answer, int(sums.argmax()), hint)


@exercise("06.4", unchecked, [])
def _(answer):
    hint = "such a network is a linear function of the pixels; how well does a gradient describe that?"
    return _number(answer, 1, hint, 1e-9)


@exercise("06.5", unchecked, [])
def _(answer):
    if not callable(answer):
        return "the answer is a function: write its name, without brackets."
    rng = np.random.default_rng(0)
    for share in (0.3, 0.6, 0.9, 0.97):
        points = rng.normal(size=(60, 8)) * rng.uniform(0.2, 3, 8) + 5
        variances = np.linalg.eigvalsh(np.cov(points.T))[::-1]
        right = next(n for n in range(1, 9) if variances[:n].sum() >= share * variances.sum())
        found = answer(points, share)
        if found != right:
            return f"for {share:.0%} of the variance of some points it says {found}, and {right} are needed."
    return None
