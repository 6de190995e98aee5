"""What the exercises of notebook 10 accept."""

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


@exercise("10.1", unchecked, [])
def _(answer):
    return _number(answer, sum(range(26)), "A is paired with 25 letters, B with 24 more, and so on.")


@exercise("10.2", unchecked, [])
def _(answer):
    from lenet_keras import start_keras
    from lenet_keras.models import lenet1

    full = start_keras().layers.Conv2D(12, 5)
    full.build((None, 12, 12, 4))
    right = sum(row.parameters for row in anatomy(lenet1()).rows if row.name != "C3") + full.count_params()
    return _number(answer, right, "a kernel has 5×5 numbers; how many links are there, and how many biases?")


@exercise("10.3", unchecked, [])
def _(answer):
    if not callable(answer):
        return "the answer is the function itself, without brackets: answer = slant."
    rng = np.random.default_rng(0)
    for shape in ((20, 20), (9, 14)):
        ink = rng.uniform(0, 1, shape) ** 3
        places = np.argwhere(ink >= 0)
        spread = np.cov(places.T, aweights=ink.ravel(), ddof=0)
        found = answer(ink)
        if np.ndim(found) or not abs(found - spread[0, 1] / spread[0, 0]) < 1e-6:
            return (
                "divide the covariance of row and column by the variance of the row, all weighted by the ink."
            )
    return None


@exercise("10.4", unchecked, [])
def _(answer):
    right = sum(math.comb(256 + k - 1, k) for k in range(4))
    return _number(
        answer, right, "count the products of exactly 0, 1, 2 and 3 pixels; a pixel may come twice."
    )


@exercise("10.5", unchecked, [])
def _(answer):
    from lenet_keras.models import lenet4

    right = len(range(anatomy(lenet4()).macs, 60_000 * 28 * 28 + 1, anatomy(lenet4()).macs))
    return _number(
        answer, right, "K-NN multiplies every pixel of every stored digit; lk.anatomy counts LeNet-4."
    )
