"""What the exercises of notebook 02 accept: maps and windows counted, kernels and poolings tried."""

import math

import keras
import numpy as np
from scipy.signal import convolve2d, correlate2d

from lenet_keras.course.exercises import UNKNOWN, a_function, a_number, an_array, compare, exercise


@exercise(
    "02.1",
    a_number,
    hints=[
        "count the places of the window along one row; section 6 has the formula.",
        "(32 - 7) / 2, rounded down, plus 1 places along a side; the map is a square of so many.",
    ],
)
def numbers_in_a_map(answer):
    along_a_side = len(range(0, 32 - 7 + 1, 2))
    mistakes = {
        along_a_side: "that is along one side; the map has as many rows as columns.",
        (along_a_side - 1) ** 2: "along a side there is one place more: the first one, before any step.",
        (along_a_side + 1) ** 2: "the last window must lie inside too: round down.",
        ((32 - 7) / 2 + 1) ** 2: "there is no half place: round down before you square.",
        (32 - 7 + 1) ** 2: "that is with stride 1.",
        (32 // 2) ** 2: "that is with padding; here the window stays inside.",
    }
    return compare(answer, along_a_side**2, mistakes)


@exercise(
    "02.2",
    a_number,
    hints=[
        "how many weights has one filter? It has a window on every one of the 16 maps.",
        "each filter has 3 · 3 · 16 weights and one bias.",
        "32 · (3 · 3 · 16 + 1).",
    ],
)
def parameters_of_a_layer(answer):
    layer = keras.layers.Conv2D(32, 3)
    layer.build((None, 5, 5, 16))
    weights = math.prod(layer.kernel.shape)
    mistakes = {
        weights: "that is without biases: each filter has one.",
        weights + 1: "each of the 32 filters has a bias of its own, not all of them one.",
        weights + 16: "a bias belongs to a filter: one for each map that comes out, not goes in.",
        weights + 16 * 32: "a filter has one bias, not one for each incoming map.",
        32 * (3 * 3 + 1): "that is for one incoming map; each filter has a window on all 16.",
        3 * 3 * 16 + 1: "that is one filter; there are 32.",
    }
    return compare(answer, layer.count_params(), mistakes)


@exercise(
    "02.3",
    an_array(3, 3),
    hints=[
        "a single 1 among zeros is enough; which pixel of its window must each place take?",
        "after the move, each place holds what its left neighbour held before.",
        "the middle of the window is the place itself: put the 1 to the left of the middle.",
    ],
)
def kernel_that_moves_to_the_right(kernel):
    image = np.random.default_rng(0).integers(0, 10, (8, 9)).astype(float)
    found = correlate2d(image, kernel, "valid")
    wanted = image[1:-1, :-2]  # each place takes the value of its left neighbour
    if np.allclose(found, wanted):
        return None
    if np.allclose(convolve2d(image, kernel, "valid"), wanted):
        return "that is right for a kernel that is flipped; the layers of a network do not flip it."
    for row, column in np.ndindex(3, 3):
        if np.allclose(found, image[row : row + 6, column : column + 7]):
            if (row, column) == (1, 1):
                return "that kernel leaves the image where it is."
            ways = [{0: "down", 2: "up"}.get(row), {0: "right", 2: "left"}.get(column)]
            return f"that kernel moves the image {' and '.join(way for way in ways if way)}."
    largest = np.abs(kernel).max()
    if largest and np.allclose(kernel / largest, [[0, 0, 0], [1, 0, 0], [0, 0, 0]]):
        return "that moves the image, but also makes every value larger or smaller: the weight must be 1."
    if np.isclose(kernel.sum(), 1) and np.count_nonzero(kernel) > 1:
        return "several weights mix neighbouring pixels: one weight is enough."
    return UNKNOWN


@exercise(
    "02.4",
    a_function,
    hints=[
        "how many windows fit along each side? Section 6 has the formula; no padding here.",
        "window number k begins at row k * stride and is size rows high; the same for columns.",
        "two loops: result[row, column] = image[top : top + size, left : left + size].max().",
    ],
)
def maxima_of_overlapping_windows(function):
    random = np.random.default_rng(0)
    for shape, size, stride in (((6, 6), 2, 2), ((5, 8), 2, 2), ((9, 7), 3, 2), ((6, 5), 3, 1)):
        maps = random.normal(size=shape) - 3  # mostly negative: a window's maximum need not be above 0
        every = np.lib.stride_tricks.sliding_window_view(maps, (size, size))
        windows = every[::stride, ::stride]
        wanted = windows.max(axis=(2, 3))
        found = function.array(maps, size, stride)
        case = f"for a map of shape {shape}, size {size} and stride {stride}"
        if found.shape != wanted.shape:
            known = {
                every.shape[:2]: ": that is with stride 1",
                every[::size, ::size].shape[:2]: ": that is with windows that do not overlap",
            }
            why = known.get(found.shape, "")
            return f"{case} the result has shape {found.shape}, not {wanted.shape}{why}."
        if np.allclose(found, wanted, atol=1e-4):
            continue
        mistakes = {
            "these are the means of the windows": windows.mean(axis=(2, 3)),
            "these are the minima of the windows": windows.min(axis=(2, 3)),
            "a maximum may be below 0, so do not begin with 0": np.maximum(wanted, 0),
            "fractions are cut off, so make the result an array of floats": np.trunc(wanted),
            "rows and columns are exchanged": wanted.T,
        }
        for why, other in mistakes.items():
            if other.shape == found.shape and np.allclose(found, other, atol=1e-4):
                return f"{case} the shape is right, but {why}."
        return f"{case} the shape is right, but not the values."
    return None


@exercise(
    "02.5",
    a_number,
    hints=[
        "the slope of tanh at a is 1 - tanh(a)²: where is it 0.01?",
        "solve 1 - tanh(a)² = 0.01 first for tanh(a), then for a; math.atanh is the inverse of tanh.",
        "a = atanh(√0.99), to two decimals.",
    ],
)
def sum_at_which_tanh_is_saturated(answer):
    low, high = 0.0, 10.0  # the slope falls from 1 to nearly 0: halve the interval where it passes 0.01
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if 1 / math.cosh(middle) ** 2 > 0.01 else (low, middle)
    mistakes = {
        3: "nearly: give two decimals.",
        -low: "that is the negative one; the question is for the positive one.",
        math.atanh(0.99): "there tanh itself is 0.99; its slope is 1 - tanh(a)².",
        math.tanh(low): "that is the value of tanh there; the question is for a.",
        math.acosh(100): "the slope is 1 - tanh(a)², with a square.",
    }
    return compare(answer, low, mistakes, within=0.006)
