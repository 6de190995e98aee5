"""What the exercises of lesson 02 accept: windows counted, kernels tried, a filter learned, ones told."""

import math

import keras
import numpy as np
from scipy.signal import convolve2d, correlate2d

from lenet_keras import data, training
from lenet_keras.course.exercises import (
    UNKNOWN,
    a_function,
    a_model,
    a_number,
    an_array,
    compare,
    exercise,
    numbers,
)

# ---------------------------------------------------------------------------------------- turns in the lesson


def slide(image, kernel):
    """The map that a kernel makes of an image, both with axes (row, column)."""
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return (windows * kernel).sum(axis=(2, 3))


def one_map(maps, kernels, bias):
    """The map that one filter makes of several maps, all with axes (map, row, column)."""
    return bias + sum(slide(values, window) for values, window in zip(maps, kernels, strict=True))


def output_size(n, k, p, s):
    """Windows of k pixels that fit into n pixels with p of padding at each end, s apart."""
    return (n - k + 2 * p) // s + 1


def differs(found, wanted, mistakes):
    """What is wrong with an array, by known mistakes (sentence: array); None if nothing is."""
    if found.shape != wanted.shape:
        for why, other in mistakes.items():
            if other.shape == found.shape and np.allclose(found, other, atol=1e-4):
                return f"{why}."
        return f"the result has shape {found.shape}, not {wanted.shape}."
    if np.allclose(found, wanted, atol=1e-4):
        return None
    for why, other in mistakes.items():
        if other.shape == wanted.shape and np.allclose(found, other, atol=1e-4):
            return f"{why}."
    return UNKNOWN


@exercise(
    "02.a",
    a_function,
    hints=[
        "multiply the window by the kernel; the map has a place for each start of the window.",
        "a window of 2 rows starts in row 0, 1 or 2 of an image of 4 rows: 4 - 2 + 1 places.",
        "rows, columns = image.shape[0] - high + 1, image.shape[1] - wide + 1; (window * kernel).sum()",
    ],
    ours=slide,
)
def map_of_a_kernel(function):
    random = np.random.default_rng(0)
    for image_shape, kernel_shape in (((4, 5), (2, 2)), ((6, 4), (3, 2))):
        image, kernel = random.normal(size=image_shape), random.normal(size=kernel_shape)
        found, windows = (
            function.array(image, kernel),
            np.lib.stride_tricks.sliding_window_view(image, kernel_shape),
        )
        mistakes = {
            "these are the sums of the windows: multiply by the kernel first": windows.sum(axis=(2, 3)),
            "these are the means of the products: the map holds their sums": slide(image, kernel)
            / kernel.size,
            "the kernel is turned round; here it is not": convolve2d(image, kernel, "valid"),
            "add up the products, not the numbers of window and kernel": windows.sum(axis=(2, 3))
            + kernel.sum(),
        }
        wanted = correlate2d(image, kernel, "valid")
        if found.shape != wanted.shape:
            case = f"an image of shape {image_shape} and a kernel of shape {kernel_shape}"
            return f"{case} make a map of shape {wanted.shape}, not {found.shape}: count the window's places."
        if wrong := differs(found, wanted, mistakes):
            return wrong
    return None


@exercise(
    "02.b",
    a_function,
    hints=[
        "each window makes a part of its own map, as in section 1; all parts are added up, the bias once.",
        "a part is slide(values, window).",
        "parts = [slide(values, window) for ...]; return sum(parts) + bias",
    ],
    ours=one_map,
)
def map_of_several_maps(function):
    random = np.random.default_rng(0)
    for count in (2, 3):
        maps, kernels, bias = random.normal(size=(count, 6, 7)), random.normal(size=(count, 3, 3)), 0.7
        parts = [correlate2d(values, window, "valid") for values, window in zip(maps, kernels, strict=True)]
        mistakes = {
            "that is the part of the last map alone": parts[-1],
            "the bias is missing": sum(parts),
            "the bias is added once, not once for every map": sum(parts) + count * bias,
            "that is the bias and the last part only: all parts are added up": parts[-1] + bias,
            "the parts are added up, not averaged": sum(parts) / count + bias,
        }
        if wrong := differs(function.array(maps, kernels, bias), sum(parts) + bias, mistakes):
            return wrong
    return None


@exercise(
    "02.c",
    a_function,
    hints=[
        "the text above has the rule; floor of a division is // in Python.",
        "with padding the row has n + 2 * p pixels.",
        "return (n - k + 2 * p) // s + 1",
    ],
    ours=output_size,
)
def windows_in_a_row(function):
    cases = (
        (32, 5, 0, 1),
        (8, 3, 0, 2),
        (7, 3, 1, 2),
        (28, 5, 2, 3),
        (11, 4, 1, 3),
        (8, 3, 0, 3),
        (6, 3, 1, 1),
    )
    found = [function.number(*case) for case in cases]

    def all_are(rule):
        return np.allclose(found, [rule(*case) for case in cases])

    if all_are(output_size):
        return None
    mistakes = {
        "there is no half window: round down, with //.": lambda n, k, p, s: (n - k + 2 * p) / s + 1,
        "there is one window more: the first one, before any step.": lambda n, k, p, s: (n - k + 2 * p) // s,
        "padding is at both ends: 2 * p.": lambda n, k, p, s: (n - k + p) // s + 1,
        "that is without padding.": lambda n, k, p, s: (n - k) // s + 1,
        "that is with stride 1: divide by s.": lambda n, k, p, s: n - k + 2 * p + 1,
        "the 1 is added after the division.": lambda n, k, p, s: (n - k + 2 * p + 1) // s,
        "// comes before + and -: put n - k + 2 * p in brackets.": lambda n, k, p, s: n - k + 2 * p // s + 1,
        "a window that sticks out does not count: round down, not up.": lambda n, k, p, s: (
            -(-(n - k + 2 * p) // s) + 1
        ),
        "round always down, not to the nearest number: //.": lambda n, k, p, s: (
            round((n - k + 2 * p) / s) + 1
        ),
    }
    return next((why for why, rule in mistakes.items() if all_are(rule)), UNKNOWN)


C1 = (28 * 28 * 6 * (32 * 32 + 1), 28 * 28 * 6 * (5 * 5 + 1), 6 * (5 * 5 + 1))


@exercise(
    "02.d",
    numbers(3),
    hints=[
        "how many units are there, and how many weights and biases has each? Then: which are the same?",
        "28 · 28 · 6 units; a dense one has 32 · 32 weights and a bias, a local one 5 · 5 and a bias.",
        "28 * 28 * 6 * (32 * 32 + 1), 28 * 28 * 6 * (5 * 5 + 1), 6 * (5 * 5 + 1)",
    ],
    ours=C1,
)
def parameters_of_c1_in_three_steps(values):
    units = 28 * 28 * 6
    mistakes = [
        {
            units * 1024: "dense: the biases are missing, one for each unit.",
            units * 1024 + 6: "dense: a bias a unit.",
        },
        {
            units * 25: "local: the biases are missing, one for each unit.",
            28 * 28 * 26: "local: that is one map; there are six.",
        },
        {
            150: "shared: the biases are missing, one for each map.",
            26: "shared: that is one map; there are six.",
        },
    ]
    if list(values) == list(reversed(C1)):
        return "these are the right numbers in reverse: dense, local, local and shared."
    for name, value, right, known in zip(("dense", "local", "shared"), values, C1, mistakes, strict=True):
        wrong = compare(value, right, known)
        if wrong:
            return wrong if wrong is not UNKNOWN else f"{name}: not yet. " + parameters_hint(name)
    return None


def parameters_hint(name):
    """What is to be counted in one of the three cases."""
    return {
        "dense": "28 · 28 · 6 units, each with a weight for every pixel and a bias",
        "local": "28 · 28 · 6 units, each with 5 · 5 weights and a bias of its own",
        "shared": "six maps, each with one set of 5 · 5 weights and one bias",
    }[name] + "."


# -------------------------------------------------------------------------------------------------- exercises


@exercise(
    "02.1",
    a_number,
    hints=[
        "count the places of the window along one row; section 7 has the rule.",
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
    numbers(4),
    hints=[
        "a map of edges is 0 where the image does not change; the mean of nine pixels is never negative.",
        "vertical edges are strong where the ring runs downwards: at its left and right.",
        "the kernel of spots answers along the whole ring, on both sides of each border, in thin lines.",
    ],
)
def kernels_of_four_maps(values):
    right = [2, 4, 1, 3]
    if list(values) == right:
        return None
    if list(values) == [1, 4, 2, 3]:
        return "A and C are exchanged: a kernel of vertical edges is blind where the border runs level."
    if values[3] != 3:
        return "one map has no negative number: which kernel cannot make any?"
    if values[1] != 4:
        return "map B is equally strong all around the ring: which kernel has no direction?"
    return UNKNOWN


def with_frame(image, kernel, padding, stride):
    """The course's convolution with padding and stride."""
    return slide(np.pad(image, padding), kernel)[::stride, ::stride]


@exercise(
    "02.5",
    a_function,
    hints=[
        "first the frame: np.pad(image, padding) puts so many zeros on each side. Then slide.",
        "with a stride, the window for place (row, column) begins at (row * stride, column * stride).",
        "or: make the whole map with slide, and keep every stride-th row and column: [::stride, ::stride].",
    ],
)
def convolution_with_padding_and_stride(function):
    random = np.random.default_rng(0)
    for shape, sides, padding, stride in (
        ((7, 7), (3, 3), 0, 1),
        ((6, 9), (3, 3), 1, 2),
        ((8, 5), (2, 2), 2, 3),
        ((9, 9), (4, 4), 0, 2),
        ((7, 8), (2, 3), 1, 1),
    ):
        image, kernel = random.normal(size=shape), random.normal(size=sides)
        found, wanted = (
            function.array(image, kernel, padding, stride),
            with_frame(image, kernel, padding, stride),
        )
        mistakes = {
            "the stride is not heeded": with_frame(image, kernel, padding, 1),
            "the frame is on one side only": slide(np.pad(image, ((padding, 0), (padding, 0))), kernel)[
                ::stride, ::stride
            ],
            "the padding is not heeded": slide(image, kernel)[::stride, ::stride],
            "the frame is made of zeros": slide(np.pad(image, padding, mode="edge"), kernel)[
                ::stride, ::stride
            ],
            "fractions are cut off, so make the result an array of floats": np.trunc(wanted),
            "the kernel is turned round; here it is not": with_frame(
                image, kernel[::-1, ::-1], padding, stride
            ),
        }
        if wrong := differs(found, wanted, mistakes):
            size = f"{sides[0]}×{sides[1]}"
            case = f"for an image of shape {shape}, kernel {size}, padding {padding}, stride {stride}"
            return (
                f"{case}: {wrong}"
                if wrong is not UNKNOWN
                else f"{case} the shape is right, but not the values."
            )
    return None


@exercise(
    "02.6",
    a_function,
    hints=[
        "try it on an image with more columns than rows, and on an image of fractions.",
        "how many columns the map has depends on the image's columns: shape[1].",
        "an array of int keeps no fractions: leave the int out.",
    ],
)
def mended_slide(function):
    random = np.random.default_rng(0)
    whole = random.integers(0, 9, (5, 5))
    for image in (
        whole,
        random.integers(0, 9, (4, 7)),
        random.integers(0, 9, (7, 4)),
        random.normal(size=(5, 6)),
    ):
        kernel = random.normal(size=(2, 3)) if image.dtype == float else random.integers(-3, 3, (2, 3))
        found, wanted = function.array(image, kernel), correlate2d(image, kernel, "valid")
        if found.shape != wanted.shape:
            return f"an image of shape {image.shape} gives a map of shape {found.shape}, not {wanted.shape}."
        if not np.allclose(found, wanted, atol=1e-4):
            if np.allclose(found, np.trunc(wanted), atol=1e-4):
                return "that is half of it: fractions are still cut off."
            return "on whole numbers or on fractions the values are wrong."
    return None


def validation_digits(count):
    """That many validation digits, drawn at random (all, if there are fewer): images and labels."""
    pixels = data.find()[0]
    _, validate = training.split(pixels)
    places = np.random.default_rng(0).choice(validate, min(count, len(validate)), replace=False)
    return data.normalise(pixels.x_train[places]), pixels.y_train[places]


@exercise(
    "02.7",
    a_model,
    hints=[
        "as in section 5: a Sequential of Input((32, 32, 1)) and Conv2D(1, 3), with loss mse, then fit.",
        "the wanted maps are contrast(images), of shape (n, 30, 30, 1). Twenty passes may be too few.",
        "Adam(0.1), 500 digits, 40 passes, batches of 20.",
    ],
)
def a_filter_of_contrast(model):
    if tuple(model.input_shape[1:]) != (32, 32, 1) or tuple(model.output_shape[1:]) != (30, 30, 1):
        found = f"{model.input_shape} to {model.output_shape}"
        return f"the model goes from (32, 32, 1) to (30, 30, 1), not from {found}."
    if model.count_params() > 10:
        found = model.count_params()
        return f"the model may have ten parameters at most, nine weights and a bias; yours has {found}."
    images, _ = validation_digits(100)
    kernel = np.array([[0, -1, 0], [-1, 4, -1], [0, -1, 0]])
    wanted = np.stack([slide(image, kernel) for image in images[..., 0]])
    apart = np.abs(model.predict(images, verbose=0)[..., 0] - wanted).max()
    if not apart <= 0.1:
        return (
            f"on other digits it is up to {apart:.2f} away from contrast: fit longer, or with another rate."
        )
    return None


@exercise(
    "02.8",
    a_function,
    hints=[
        "a 1 has strong vertical edges and weak horizontal ones: measure both, as section 3 does.",
        "a limit for the ratio may just do; how large is the sum of the horizontal edges of a 1?",
        "say 1 if abs(slide(image, horizontal)).sum() is below a number; find it on training digits.",
    ],
)
def a_reader_of_ones(function):
    images, labels = validation_digits(500)
    ones = labels == 1
    given = function.function  # True counts as 1 and False as 0
    function.function = lambda image: (
        found * 1 if isinstance(found := given(image), (bool, np.bool_)) else found
    )
    answers = np.array([function.number(image) for image in images[..., 0]])
    if not np.isin(answers, (0, 1)).all():
        return "the function must give 0 or 1."
    if len(set(answers)) == 1:
        return f"it says {answers[0]:g} to every image."
    wrong, base = (answers != ones).mean(), ones.mean()
    if wrong > 0.5:
        return f"it is wrong on {100 * wrong:.1f} %: are 0 and 1 exchanged?"
    if wrong > base / 2:
        goal = f"always saying 0 is on {100 * base:.1f} %; the goal is half of that"
        return f"it is wrong on {100 * wrong:.1f} %, {goal}."
    return None
