"""What the exercises of notebook 14 accept."""

import math

import numpy as np

from lenet_keras.course.exercises import exercise


def unchecked(answer):
    return answer


def _number(answer, right, hint, tolerance=0.0):
    if np.ndim(answer) or not math.isfinite(answer):
        return "the answer is one finite number."
    return None if abs(answer - right) <= tolerance else hint


def _backward_hint(backward, forward, x, *weights):
    """A hint if a backward function's gradients are not those of finite differences; None if they are."""
    if not callable(backward):
        return "the answer is the function itself, its name without brackets."
    arrays = [x, *weights]
    y = forward(*arrays)
    g = np.random.default_rng(1).normal(size=y.shape)
    found = backward(g.copy(), x.copy(), y.copy(), *[array.copy() for array in weights])
    if not isinstance(found, (tuple, list)) or len(found) != len(arrays):
        count = "one array; mind the comma in (array,)." if len(arrays) == 1 else f"{len(arrays)} arrays."
        return f"the function must return a tuple of {count}"
    for name, array, gradient in zip(("x", "the coefficients", "the biases"), arrays, found, strict=False):
        if np.shape(gradient) != array.shape:
            return f"the slopes along {name} have shape {np.shape(gradient)}, not {array.shape}."
        wanted = np.empty_like(array)
        for place in np.ndindex(array.shape):
            moved = array.copy()
            sums = []
            for step in (1e-5, -1e-5):
                moved[place] = array[place] + step
                sums.append((g * forward(*[moved if a is array else a for a in arrays])).sum())
            wanted[place] = (sums[0] - sums[1]) / 2e-5
        if not np.allclose(gradient, wanted, rtol=1e-5, atol=1e-7):
            return f"the slopes along {name} are not those of finite differences; check them as in section 3."
    return None


def _windows(x):
    """The four numbers of each 2×2 window of maps (image, row, column, map), on a last axis of their own."""
    n, rows, columns, maps = x.shape
    grouped = x.reshape(n, rows // 2, 2, columns // 2, 2, maps)
    return grouped.transpose(0, 1, 3, 5, 2, 4).reshape(n, rows // 2, columns // 2, maps, 4)


@exercise("14.1", unchecked, [])
def _(answer):
    losses = [(math.tanh(2 * 0.5 + b) - 1) ** 2 / 2 for b in (-0.6 + 1e-5, -0.6 - 1e-5)]
    right = (losses[0] - losses[1]) / 2e-5
    if isinstance(answer, (int, float)) and abs(answer - 2 * right) < 2e-3:
        return "that is the slope along w; the bias is not multiplied by x."
    return _number(
        answer, right, "three factors: y − t, the slope of tanh, and that of adding b.", tolerance=1e-3
    )


@exercise("14.2", unchecked, [])
def _(answer):
    maps = np.zeros((20, 20, 8))
    right = np.lib.stride_tricks.sliding_window_view(maps, (3, 3), axis=(0, 1)).size
    return _number(
        answer, right, "how many places has the window, and how many numbers are in it, over all maps?"
    )


@exercise("14.3", unchecked, [])
def _(answer):
    x = np.random.default_rng(0).normal(size=(2, 4, 4, 3))
    return _backward_hint(answer, lambda x: np.maximum(x, 0), x)


@exercise("14.4", unchecked, [])
def _(answer):
    x = np.random.default_rng(0).normal(size=(2, 4, 6, 3))
    return _backward_hint(answer, lambda x: _windows(x).max(axis=-1), x)


@exercise("14.5", unchecked, [])
def _(answer):
    rng = np.random.default_rng(0)
    x, coefficient, bias = rng.normal(size=(2, 4, 6, 3)), rng.normal(size=3), rng.normal(size=3)
    return _backward_hint(answer, lambda x, c, b: _windows(x).sum(axis=-1) * c + b, x, coefficient, bias)
