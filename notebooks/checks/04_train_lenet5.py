"""What the exercises of notebook 04 accept."""

import math

import numpy as np

from lenet_keras.course.exercises import exercise


def unchecked(answer):
    return answer


def _number(answer, right, hint, tolerance=0.0):
    if np.ndim(answer) or not math.isfinite(answer):
        return "the answer is one finite number."
    return None if abs(answer - right) <= tolerance else hint


@exercise("04.1", unchecked, [])
def _(answer):
    from scipy.stats import entropy

    return _number(answer, float(entropy([0.25] * 4)), "the right class has probability 1/4.", 1e-3)


@exercise("04.2", unchecked, [])
def _(answer):
    from scipy.special import softmax

    if not callable(answer):
        return "the answer is the function itself, without brackets: answer = my_function."
    ordinary, large = np.array([[0.5, -1.0, 2.0], [3.0, 0.0, 0.0]]), np.array([[1e4, 9999.0], [-1e4, 0.0]])
    with np.errstate(all="ignore"):
        if np.shape(answer(ordinary)) != ordinary.shape:
            return "the probabilities have the shape of the logits, here (2, 3)."
        if not np.allclose(answer(ordinary), softmax(ordinary, axis=1), rtol=1e-5):
            return "each row is divided by its own sum; look at axis and keepdims."
        if not np.allclose(answer(large), softmax(large, axis=1), rtol=1e-5):
            return "it is right for small logits; what happens to a logit of 10000?"


@exercise("04.3", unchecked, [])
def _(answer):
    from lenet_keras.training import RECIPES

    recipe = RECIPES["standard"]
    right = recipe.epochs * len(range(0, 54_000, recipe.batch_size))
    return _number(answer, right, "the last batch of an epoch is smaller, but it is an update too.")


@exercise("04.4", unchecked, [])
def _(answer):
    return _number(answer, 3 - 2 * 0.8**2, "the first slope is 2(1 - 3); the second is another.", 1e-6)


@exercise("04.5", unchecked, [])
def _(answer):
    return _number(answer, 1, "when does a step end at the same distance on the other side?", 1e-6)
