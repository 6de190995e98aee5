"""Answers to the exercises of notebook 02: right ones in several forms, wrong ones with words of their hint."""

import keras
import numpy as np
import tensorflow as tf
from scipy.signal import convolve2d, correlate2d


def windows(image, kernel):
    return np.lib.stride_tricks.sliding_window_view(image, np.shape(kernel))


def slide(image, kernel):
    rows, columns = image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1
    result = np.zeros((rows, columns))
    for row in range(rows):
        for column in range(columns):
            result[row, column] = (image[row : row + kernel.shape[0], column : column + kernel.shape[1]] * kernel).sum()
    return result


def by_keras(image, kernel):
    image, kernel = (keras.ops.convert_to_tensor(np.asarray(each, "float32")) for each in (image, kernel))
    return keras.ops.conv(image[None, :, :, None], kernel[:, :, None, None])[0, :, :, 0]


def unfilled_slide(image, kernel):
    return np.zeros(image.shape) + ____  # noqa: F821


def one_map(maps, kernels, bias):
    result = bias
    for values, window in zip(maps, kernels, strict=True):
        result = result + slide(values, window)
    return result


def last_map(maps, kernels, bias):
    return slide(maps[-1], kernels[-1])


def convolve(image, kernel, padding, stride):
    return slide(np.pad(image, padding), kernel)[::stride, ::stride]


def convolve_with_loops(image, kernel, padding, stride):
    framed = np.zeros((image.shape[0] + 2 * padding, image.shape[1] + 2 * padding))
    framed[padding : padding + image.shape[0], padding : padding + image.shape[1]] = image
    starts = [range(0, n - k + 1, stride) for n, k in zip(framed.shape, kernel.shape, strict=True)]
    high, wide = kernel.shape
    return [[float((framed[r : r + high, c : c + wide] * kernel).sum()) for c in starts[1]] for r in starts[0]]


def square_only(image, kernel, padding, stride):
    framed, side = np.pad(image, padding), kernel.shape[0]
    starts = [range(0, n - side + 1, stride) for n in framed.shape]
    return [[(framed[r : r + side, c : c + side] * kernel[:, :side]).sum() for c in starts[1]] for r in starts[0]]


def mistaken(image, kernel):
    rows = image.shape[0] - kernel.shape[0] + 1
    columns = image.shape[0] - kernel.shape[1] + 1
    result = np.zeros((rows, columns), int)
    for row in range(rows):
        for column in range(columns):
            window = image[row : row + kernel.shape[0], column : column + kernel.shape[1]]
            result[row, column] = (window * kernel).sum()
    return result


def filter_model(kernel, size=3, shape=(32, 32, 1)):
    model = keras.Sequential([keras.Input(shape), keras.layers.Conv2D(1, size)])
    if kernel is not None:
        model.layers[-1].set_weights([np.array(kernel, "float32")[:, :, None, None], np.zeros(1)])
    return model


def without_bias():
    model = keras.Sequential([keras.Input((32, 32, 1)), keras.layers.Conv2D(1, 3, use_bias=False)])
    model.layers[-1].set_weights([np.array(CONTRAST, "float32")[:, :, None, None]])
    return model


def functional():
    inputs = keras.Input((32, 32, 1))
    model = keras.Model(inputs, keras.layers.Conv2D(1, 3, name="only")(inputs))
    model.get_layer("only").set_weights([np.array(CONTRAST, "float32")[:, :, None, None] + 0.005, np.zeros(1)])
    return model


def strengths(image):
    vertical = np.array([[-1, 0, 1]] * 3)
    return abs(slide_fast(image, vertical)).sum(), abs(slide_fast(image, vertical.T)).sum()


def slide_fast(image, kernel):
    return (windows(image, kernel) * kernel).sum(axis=(2, 3))


def is_one(image):
    across, down = strengths(image)
    return int(across > 1.5 * down and down < 170)


def is_one_as_a_truth_value_in_an_array(image):
    return np.array(float(is_one(image)))


CONTRAST = [[0, -1, 0], [-1, 4, -1], [0, -1, 0]]
RIGHT_KERNEL = [[0, 0, 0], [1, 0, 0], [0, 0, 0]]
ON_MNIST = {"02.8"}

RIGHT = {
    "02.a": [slide, by_keras, lambda a, b: correlate2d(a, b, "valid"), lambda a, b: slide(a, b).tolist()],
    "02.b": [
        one_map,
        lambda maps, kernels, bias: sum(map(slide, maps, kernels)) + bias,
        lambda maps, kernels, bias: one_map(maps, kernels, bias).astype("float32"),
    ],
    "02.c": [
        lambda n, k, p, s: (n - k + 2 * p) // s + 1,
        lambda n, k, p, s: int((n - k + 2 * p) / s) + 1,
        lambda n, k, p, s: len(range(0, n + 2 * p - k + 1, s)),
        lambda n, k, p, s: np.floor((n - k + 2 * p) / s + 1),
    ],
    "02.d": [
        (4_821_600, 122_304, 156),
        [4_821_600, 122_304, 156],
        np.array([4_821_600, 122_304, 156]),
        tf.constant([4_821_600, 122_304, 156]),
    ],
    "02.1": [169, 169.0, np.int64(169), np.array(169), tf.constant(169), tf.constant(169.0), [169]],
    "02.2": [4640, 4640.0, np.float32(4640), tf.constant(4640)],
    "02.3": [
        RIGHT_KERNEL,
        tuple(map(tuple, RIGHT_KERNEL)),
        np.array(RIGHT_KERNEL, bool),
        np.array(RIGHT_KERNEL, "float32"),
        tf.constant(RIGHT_KERNEL),
    ],
    "02.4": [[2, 4, 1, 3], (2, 4, 1, 3), np.array([2.0, 4.0, 1.0, 3.0])],
    "02.5": [convolve, convolve_with_loops, lambda *each: convolve(*each).astype("float32")],
    "02.6": [slide, by_keras, lambda a, b: slide(a, b).tolist()],
    "02.7": [filter_model(CONTRAST), functional(), filter_model(np.array(CONTRAST) * 0.99), without_bias()],
    "02.8": [is_one, lambda image: is_one(image) == 1, is_one_as_a_truth_value_in_an_array],
}
WRONG = {
    "02.a": [
        (lambda a, b: windows(a, b).sum(axis=(2, 3)), "multiply by the kernel first"),
        (lambda a, b: slide(a, b) / b.size, "the means of the products"),
        (lambda a, b: convolve2d(a, b, "valid"), "turned round"),
        (lambda a, b: windows(a, b).sum(axis=(2, 3)) + b.sum(), "add up the products"),
        (lambda a, b: slide(a, b)[:-1], "make a map of shape (3, 4), not (2, 4)"),
        (lambda a, b: slide(a, b) + 1, "multiply the window by the kernel;"),
        (np.zeros((3, 3)), "give the function itself"),
    ],
    "02.b": [
        (last_map, "of the last map alone"),
        (lambda maps, kernels, bias: one_map(maps, kernels, 0), "the bias is missing"),
        (lambda maps, kernels, bias: one_map(maps, kernels, len(maps) * bias), "added once"),
        (lambda maps, kernels, bias: last_map(maps, kernels, bias) + bias, "all parts are added up"),
        (lambda maps, kernels, bias: one_map(maps, kernels, 0) / len(maps) + bias, "not averaged"),
    ],
    "02.c": [
        (lambda n, k, p, s: (n - k + 2 * p) / s + 1, "round down"),
        (lambda n, k, p, s: (n - k + 2 * p) // s, "one window more"),
        (lambda n, k, p, s: (n - k + p) // s + 1, "at both ends"),
        (lambda n, k, p, s: n - k + 2 * p + 1, "with stride 1"),
        (lambda n, k, p, s: (n - k + 2 * p + 1) // s, "after the division"),
        (lambda n, k, p, s: n - k + 2 * p // s + 1, "in brackets"),
        (lambda n, k, p, s: -(-(n - k + 2 * p) // s) + 1, "round down, not up"),
        (lambda n, k, p, s: round((n - k + 2 * p) / s) + 1, "not to the nearest"),
        (lambda n, k, p, s: (n, k), "one number"),
    ],
    "02.d": [
        ([4816896, 122304, 156], "dense: the biases are missing"),
        ([4821600, 117600, 156], "local: the biases are missing"),
        ([4821600, 122304, 150], "shared: the biases are missing"),
        ([156, 122304, 4821600], "in reverse"),
        ([4821600, 20384, 156], "that is one map; there are six"),
        ([4821600, 122304, 122304], "shared: not yet"),
        ([1, 2], "a list of 3 numbers"),
    ],
    "02.1": [
        (13, "along one side"),
        (144, "one place more"),
        (196, "round down"),
        (182.25, "no half place"),
        (676, "stride 1"),
        (256, "with padding"),
        (170, "along one row"),
        ("169", "give the number, without quotes"),
        ((13, 13), "yours has 2."),
        (True, "not True or False"),
    ],
    "02.2": [
        (4608, "without biases"),
        (4609, "a bias of its own"),
        (4624, "a bias belongs to a filter"),
        (5120, "not one for each incoming map"),
        (320, "for one incoming map"),
        (145, "one filter; there are 32"),
        (4.64, "write 4_640 for 4,640"),
        (4641, "how many weights has one filter"),
    ],
    "02.3": [
        ([[0, 0, 0], [0, 0, 1], [0, 0, 0]], "right for a kernel that is flipped"),
        ([[0, 0, 0], [0, 1, 0], [0, 0, 0]], "leaves the image where it is"),
        ([[0, 1, 0], [0, 0, 0], [0, 0, 0]], "moves the image down."),
        ([[1, 0, 0], [0, 0, 0], [0, 0, 0]], "moves the image down and right."),
        ([[0, 0, 0], [2, 0, 0], [0, 0, 0]], "the weight must be 1"),
        ([[1 / 3, 0, 0], [1 / 3, 0, 0], [1 / 3, 0, 0]], "several weights mix"),
        ([[0, 0, 0], [1, 0, -1], [0, 0, 0]], "a single 1 among zeros"),
        (np.zeros((3, 3)), "a single 1 among zeros"),
        ([0, 0, 0, 1, 0, 0, 0, 0, 0], "of shape (3, 3), but yours has shape (9,)"),
        ([[0, 0, 0], [1, 0], [0, 0, 0]], "of shape (3, 3), not a list"),
        ([[0, 0, 0], [float("nan"), 0, 0], [0, 0, 0]], "no finite number"),
    ],
    "02.4": [
        ([1, 4, 2, 3], "A and C are exchanged"),
        ([2, 4, 3, 1], "no negative number"),
        ([4, 2, 1, 3], "equally strong all around"),
        ([3, 4, 1, 3], "a map of edges is 0"),
        ("2413", "without quotes"),
    ],
    "02.5": [
        (lambda image, kernel, padding, stride: convolve(image, kernel, padding, 1), "the stride is not heeded"),
        (lambda image, kernel, padding, stride: convolve(image, kernel, 0, stride), "the padding is not heeded"),
        (
            lambda image, kernel, padding, stride: slide(np.pad(image, padding, mode="edge"), kernel)[
                ::stride, ::stride
            ],
            "made of zeros",
        ),
        (lambda *each: np.trunc(convolve(*each)), "fractions are cut off"),
        (lambda image, kernel, *more: convolve(image, kernel[::-1, ::-1], *more), "turned round"),
        (lambda *each: convolve(*each) + 1, "not the values"),
        (square_only, "kernel 2×3"),
    ],
    "02.6": [
        (mistaken, "gives a map of shape"),
        (lambda a, b: slide(a, b).astype(int), "fractions are still cut off"),
        (lambda a, b: slide(a, b).T, "gives a map of shape"),
        (lambda a, b: slide(a, b) + 1, "the values are wrong"),
    ],
    "02.7": [
        (filter_model(np.zeros((3, 3))), "away from contrast"),
        (filter_model(-np.array(CONTRAST)), "away from contrast"),
        (filter_model(None, size=5), "goes from (32, 32, 1) to (30, 30, 1)"),
        (
            keras.Sequential([keras.Input((32, 32, 1)), keras.layers.Conv2D(2, 3), keras.layers.Conv2D(1, 1)]),
            "may have ten parameters at most",
        ),
        (CONTRAST, "a Keras model, not a list"),
    ],
    "02.8": [
        (lambda image: 0, "it says 0 to every image"),
        (lambda image: 1 - is_one(image), "exchanged"),
        (lambda image: image.sum(), "must give 0 or 1"),
        (lambda image: int(strengths(image)[1] < 20 or image[0, 0] > 0), "every image"),
        (lambda image: int(strengths(image)[0] > strengths(image)[1]), "the goal is half"),
    ],
}
