"""What the exercises of lesson 03 accept: poolings, kernels, slopes, a trained bend."""

import math

import keras
import numpy as np
from scipy.signal import convolve2d

from lenet_keras import data, load_record, models
from lenet_keras.course.exercises import (
    UNKNOWN,
    a_function,
    a_model,
    a_number,
    an_array,
    compare,
    exercise,
)

# ---------------------------------------------------------------------------------------- turns in the lesson


def pool(values, size, summary):
    """A smaller map: `summary` of each size × size window of a map with axes (row, column)."""
    rows, columns = values.shape[0] // size, values.shape[1] // size
    result = np.zeros((rows, columns))
    for row in range(rows):
        for column in range(columns):
            window = values[size * row : size * (row + 1), size * column : size * (column + 1)]
            result[row, column] = summary(window)
    return result


def one_kernel(first, second):
    """The 9×9 kernel that does the work of two 5×5 kernels, one after the other."""
    result = np.zeros((9, 9))
    for row in range(5):
        for column in range(5):
            result[row : row + 5, column : column + 5] += second[row, column] * first
    return result


def slope(f, a, h=1e-5):
    """How steep the curve of f is at a."""
    return (f(a + h) - f(a - h)) / (2 * h)


@exercise(
    "03.a",
    a_function,
    hints=[
        "the window begins in row top; where does it end, if it has size rows?",
        "values[top : top + size, ...] are the rows from top on, size of them.",
        "values[top : top + size, left : left + size]",
    ],
    ours=pool,
)
def summaries_of_windows(function):
    random = np.random.default_rng(0)
    for shape, size in (((4, 6), 2), ((7, 5), 2), ((9, 6), 3)):
        values = random.normal(size=shape)
        for summary in (np.mean, np.max):
            found, wanted = function.array(values, size, summary), pool(values, size, summary)
            if found.shape != wanted.shape:
                return f"a map of shape {shape}, size {size}, gives {found.shape}, not {wanted.shape}."
            if not np.allclose(found, wanted, atol=1e-5):
                return "the windows are not the right ones: each has size rows and size columns."
    return None


@exercise(
    "03.b",
    a_function,
    hints=[
        "a unit of the second layer takes each unit of the first times a weight of second.",
        "that unit is made with all weights of first: they arrive, each times second[row, column].",
        "result[row : row + 5, column : column + 5] += second[row, column] * first",
    ],
    ours=one_kernel,
)
def kernel_of_two_kernels(function):
    first, second = np.random.default_rng(0).normal(size=(2, 5, 5))
    found, wanted = function.array(first, second), convolve2d(first, second)
    if found.shape != (9, 9):
        return f"the kernel has 9 rows and 9 columns, yours has shape {found.shape}."
    if np.allclose(found, wanted, atol=1e-4):
        return None
    spread = np.ones((5, 5))
    mistakes = {
        "first arrives each time, but times a weight of second": convolve2d(first, spread),
        "the weight arrives, but times all weights of first": convolve2d(spread, second),
        "one of the two is turned round; here none is": convolve2d(first, second[::-1, ::-1]),
        "all weights of first arrive, not only one of them": convolve2d(spread, first * second),
    }
    for why, other in mistakes.items():
        if np.allclose(found, other, atol=1e-4):
            return f"{why}."
    return UNKNOWN


@exercise(
    "03.c",
    a_function,
    hints=[
        "the two places are a + h and a - h; how far are they apart?",
        "the difference of the values is f(a + h) - f(a - h); the places are 2 * h apart.",
        "return (f(a + h) - f(a - h)) / (2 * h)",
    ],
    ours=slope,
)
def slope_by_a_tiny_step(function):
    for f, a, right in ((np.tanh, 0.7, 1 - np.tanh(0.7) ** 2), (np.square, 3.0, 6.0), (np.exp, 1.0, math.e)):
        value = function.number(f, a)
        mistakes = {
            2 * right: "the two places are 2 * h apart, not h.",
            -right: "the value at a + h comes first.",
            right * 1e-5: "divide by the distance between the two places, (2 * h), in brackets.",
            right * 2e-5: "divide by the distance between the two places, (2 * h), in brackets.",
            right / 2: "the two values differ by twice what one step makes: 2 * h.",
        }
        wrong = compare(value, right, mistakes, within=1e-4 * abs(right))
        if wrong:
            return wrong
    return None


# -------------------------------------------------------------------------------------------------- exercises


@exercise(
    "03.1",
    a_number,
    hints=[
        "how many windows fit along a side? And does pooling change the number of maps?",
        "10 windows along a side, 16 maps.",
        "16 · 10 · 10",
    ],
)
def numbers_after_pooling(answer):
    mistakes = {
        10 * 10: "that is one map; each of the 16 is pooled by itself.",
        16 * 30 * 30: "that is what goes in.",
        16 * 28 * 28: "the windows of a pooling do not overlap, unless it is said.",
        16 * 15 * 15: "that is with windows of 2×2.",
        16 * 10: "the maps have rows and columns.",
    }
    return compare(answer, 16 * 10 * 10, mistakes)


@exercise(
    "03.2",
    an_array(5, 5),
    hints=[
        "as in your turn 03.b, with windows of 3×3: how large is the one kernel?",
        "lay a 3×3 square of ones at each of the 3×3 places, and add up.",
        "in a row, [1, 1, 1] laid at three places gives [1, 2, 3, 2, 1]; rows and columns are alike.",
    ],
)
def kernel_of_two_squares(kernel):
    right = convolve2d(np.ones((3, 3)), np.ones((3, 3)))
    if np.allclose(kernel, right):
        return None
    if np.allclose(kernel, right / 9) or np.allclose(kernel, right / 81):
        return "the weights are 1, not 1/9: these are sums, not means."
    if np.allclose(kernel, kernel.flat[0]):
        return "the pixel in the middle arrives by more ways than the one in the corner."
    if np.allclose(kernel / (kernel[0, 0] or 1), right):
        return "the shape of the kernel is right; how often does the corner pixel arrive?"
    return UNKNOWN


@exercise(
    "03.3",
    a_function,
    hints=[
        "which numbers can the maps of a convolution hold that a photograph cannot?",
        "try it on a window whose numbers are all negative.",
        "begin with a number of the window: best = window.ravel()[0].",
    ],
)
def mended_largest(function):
    for window, case in (
        (np.array([[3.0, 1.0], [2.0, 0.5]]), "with positive numbers"),
        (np.array([[-3.0, -1.0], [-2.0, -0.5]]), "with negative numbers only"),
        (np.array([[-3e12, -1e12], [-2e12, -5e12]]), "with large negative numbers"),
        (np.array([[0.0, -1.0, 7.0]]), "with one row"),
    ):
        found, wanted = function.number(window), window.max()
        if abs(found - wanted) > 1e-6 * abs(wanted):
            if found == 0:
                return f"{case} it still gives 0, which is in no place of the window."
            return f"{case} it gives {found:g}, not {wanted:g}."
    return None


@exercise(
    "03.4",
    a_number,
    hints=[
        'take the entries whose "network" is "fresh", and of each its "filters".',
        'shift 1 stands at place 1 of the lists: entry["filters"]["maximum 2×2"][1].',
        'count where that number is larger than entry["filters"]["not pooled"][1].',
    ],
)
def networks_that_maxima_make_worse(answer):
    entries = load_record("shifts")["results"]

    def count(kind, way, shift=1, treatment="maximum 2×2"):
        some = [entry[way] for entry in entries if entry["network"] == kind]
        return sum(each[treatment][shift] > each["not pooled"][shift] for each in some)

    right = count("fresh", "filters")
    mistakes = {
        20 - right: "that is how many it makes better.",
        count("trained", "filters"): "that is for the trained networks.",
        count("fresh", "filters", treatment="average 2×2"): "that is for averages.",
    }
    return compare(answer, right, {wrong: why for wrong, why in mistakes.items() if wrong != right})


@exercise(
    "03.5",
    a_number,
    hints=[
        "write the function and measure it with slope (turn 03.c) at 4, 4.1, 4.2 ...: where is it 0.01?",
        "or by a formula: the slope of A · tanh(S · a) is A · S · (1 - tanh(S · a)²).",
        "A · S is 1.7159 · 2/3; solve for tanh(S · a), then for a. math.atanh is the inverse of tanh.",
        "a = math.atanh(math.sqrt(1 - 0.01 / (A * S))) / S",
    ],
)
def sum_at_which_the_squashing_is_saturated(answer):
    low, high = 0.0, 20.0  # the slope falls from 1.14 to nearly 0: halve the interval where it passes 0.01
    for _ in range(60):
        middle = (low + high) / 2
        here = slope(lambda a: 1.7159 * math.tanh(2 * a / 3), middle)
        low, high = (middle, high) if here > 0.01 else (low, middle)
    plain = math.atanh(math.sqrt(0.99))
    mistakes = {
        plain: "that is for plain tanh(a).",
        plain * 3 / 2: "the factor 1.7159 · 2/3 makes the slope larger: it counts too.",
        -low: "that is the negative one; the question is for the positive one.",
        low * 2 / 3: "that is 2a/3; the question is for a.",
    }
    return compare(answer, low, mistakes, within=0.006)


@exercise(
    "03.6",
    a_model,
    hints=[
        "Input((2,)), Dense(8, activation='tanh'), Dense(1); loss mse; the four inputs are all there is.",
        "four inputs an epoch need many epochs: some hundred passes, with Adam(0.05) say.",
        "if it gets stuck, set another seed with keras.utils.set_random_seed, and build it anew.",
    ],
)
def a_model_for_exactly_one(model):
    if tuple(model.input_shape[1:]) != (2,) or tuple(model.output_shape[1:]) not in ((1,), ()):
        return f"the model goes from (2,) to (1,), not from {model.input_shape} to {model.output_shape}."
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], "float32")
    outputs = np.ravel(keras.ops.convert_to_numpy(model(corners, training=False)))
    right = (outputs > 0.5) == (corners.sum(axis=1) == 1)
    if right.all():
        return None
    points = np.random.default_rng(0).normal(size=(3, 2)).astype("float32")
    ends = keras.ops.convert_to_numpy(model(np.stack([points[0], points[1], (points[0] + points[1]) / 2])))
    if abs(ends[0] + ends[1] - 2 * ends[2]).max() < 1e-5:
        return (
            "there is no bend in this model: it is one weighted sum, whatever is trained. Give a layer tanh."
        )
    wrong = ", ".join(str(tuple(map(int, corner))) for corner in corners[~right])
    return f"it is wrong for {wrong}: train longer, or from another start."


@exercise(
    "03.7",
    a_function,
    hints=[
        "larger windows that overlap: which window could be taken around each 2×2 window?",
        "keras.ops.average_pool takes a window and a stride: windows of 4 or 6, stride 2, padding 'same'.",
        "return keras.ops.average_pool(maps, 4, strides=2, padding='same')",
    ],
)
def a_better_pooling(function):
    ones = np.ones((1, 24, 28, 2), "float32")
    flat = function.array(ones)
    if flat.shape != (1, 12, 14, 2):
        return f"maps of shape {ones.shape} must become (1, 12, 14, 2), not {flat.shape}."
    for value, full in ((1, flat), (3, function.array(3 * ones))):
        if full.shape != flat.shape or abs(full[:, 3:-3, 3:-3] - value).max() > 1e-3:
            return f"a map full of {value} does not become a map full of {value}."
    noise = np.random.default_rng(0).normal(size=ones.shape).astype("float32")
    touched = noise.copy()
    touched[0, 12, 13, 0] += 5
    moved = np.argwhere(abs(function.array(touched) - function.array(noise)) > 1e-4)
    if len(moved) and (np.ptp(moved[:, 1]) > 2 or np.ptp(moved[:, 2]) > 2):
        return (
            "one number of a map reaches more than 3×3 numbers of the result: the window is larger than 6×6."
        )
    if len(moved) and moved[:, 3].max() > 0:
        return "each map must be pooled by itself."
    pixels = data.find()[0]
    places = np.random.default_rng(0).choice(len(pixels.x_train), 100, replace=False)
    images = np.pad(data.normalise(pixels.x_train[places]) + 0.1, [(0, 0), (8, 8), (8, 8), (0, 0)])
    left = [share_left(function, images, seed) for seed in range(5)]
    if not max(left) <= 70:
        shares = ", ".join(f"{share:.0f}" for share in left)
        return f"of the change are left {shares} %; the goal is 70 % or less."
    return None


def share_left(function, images, seed):
    """How many per cent of the change of fresh maps, at a shift by one pixel, a pooling leaves."""
    keras.utils.set_random_seed(seed)
    kernel = models.lenet5().get_layer("C1").get_weights()[0]
    maps = [
        np.array(keras.ops.convert_to_numpy(keras.ops.conv(np.roll(images, k, 2), kernel))) for k in (0, 1)
    ]

    def change(before, after):
        return np.sqrt(((after - before) ** 2).sum(axis=(1, 2, 3)) / (before**2).sum(axis=(1, 2, 3))).mean()

    return 100 * change(*[function.array(each) for each in maps]) / change(*maps)
