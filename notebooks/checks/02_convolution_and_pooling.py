"""What the exercises of notebook 02 accept."""

import math

import numpy as np

from lenet_keras.course.exercises import exercise


def unchecked(answer):
    return answer


def _number(answer, right, hint, tolerance=0.0):
    if np.ndim(answer) or not math.isfinite(answer):
        return "the answer is one finite number."
    return None if abs(answer - right) <= tolerance else hint


@exercise("02.1", unchecked, [])
def _(answer):
    hint = "count the places of the window along a row, then along a column; the answer is the whole map."
    return _number(answer, len(range(0, 32 - 7 + 1, 2)) ** 2, hint)


@exercise("02.2", unchecked, [])
def _(answer):
    from lenet_keras import start_keras

    layer = start_keras().layers.Conv2D(32, 3)
    layer.build((None, 5, 5, 16))
    hint = "each filter has a window of 3×3 weights on every input map, and one bias."
    return _number(answer, layer.count_params(), hint)


@exercise("02.3", unchecked, [])
def _(answer):
    from scipy.signal import convolve2d, correlate2d

    kernel = np.asarray(answer, float)
    if kernel.shape != (3, 3):
        return f"the answer is an array of shape (3, 3), but yours has shape {kernel.shape}."
    image = np.random.default_rng(0).integers(0, 10, (8, 9)).astype(float)
    inside = image[1:-1, 1:-1]
    wanted = image[1:-1, :-2]  # each place takes the value of its left neighbour
    if np.allclose(correlate2d(image, kernel, "valid"), wanted):
        return None
    if np.allclose(convolve2d(image, kernel, "valid"), wanted):
        return "that is right for a kernel that is flipped; the layers of a network do not flip it."
    if np.allclose(correlate2d(image, kernel, "valid"), inside):
        return "that kernel leaves the image where it is."
    return "a single 1 among zeros is enough; which pixel of its window must each place take?"


@exercise("02.4", unchecked, [])
def _(answer):
    if not callable(answer):
        return "the answer is the function itself, its name without brackets."
    random = np.random.default_rng(0)
    for shape, size, stride in (((6, 6), 2, 2), ((5, 8), 2, 2), ((9, 7), 3, 2), ((6, 5), 3, 1)):
        maps = random.normal(size=shape) - 3  # mostly negative: a window's maximum need not be above 0
        windows = np.lib.stride_tricks.sliding_window_view(maps, (size, size))[::stride, ::stride]
        wanted = windows.max(axis=(2, 3))
        found = np.asarray(answer(maps.copy(), size, stride))
        case = f"for a map of shape {shape}, size {size} and stride {stride}"
        if found.shape != wanted.shape:
            return f"{case} the result has shape {found.shape}, not {wanted.shape}."
        if not np.allclose(found, wanted):
            return f"{case} the shape is right, but not the values."
    return None


@exercise("02.5", unchecked, [])
def _(answer):
    low, high = 0.0, 10.0  # the slope falls from 1 to nearly 0: halve the interval where it passes 0.01
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if 1 / math.cosh(middle) ** 2 > 0.01 else (low, middle)
    return _number(answer, low, "solve 1 - tanh(a)**2 = 0.01 for a; two decimals are enough.", 0.006)
