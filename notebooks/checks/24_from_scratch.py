"""What the exercises of notebook 24 accept: slopes, the rows of im2col, and backward functions."""

import math

import numpy as np

from lenet_keras.course.exercises import a_function, a_number, compare, exercise


@exercise(
    "24.1",
    a_number,
    hints=[
        "go back from E as in section 1: three factors, y - t, the slope of tanh, and that of adding b.",
        "y is tanh(3 · 0.5 - 0.6) = tanh(0.9); the slope of tanh is 1 - y².",
        "(y - 1) · (1 - y²) · 1 with y = 0.7163.",
    ],
)
def slope_along_the_bias(answer):
    x, w, t = 3, 0.5, 1

    def loss(b, share=0.5):
        return share * (math.tanh(w * x + b) - t) ** 2

    def slope(**kind):
        return (loss(-0.6 + 1e-5, **kind) - loss(-0.6 - 1e-5, **kind)) / 2e-5

    y = math.tanh(w * x - 0.6)
    mistakes = {
        x * slope(): "that is the slope along w; the bias is not multiplied by x.",
        w * slope(): "that is the slope along x; the bias is not multiplied by w.",
        -slope(): "the sign: y is below its target, so y - t is negative.",
        slope(share=1): "the loss is half the square, so its slope is y - t, without a factor 2.",
        y - t: "that is the slope along y; it still goes through tanh, whose slope is 1 - y².",
        1 - y**2: "that is the slope of tanh alone; multiply it by y - t.",
        loss(-0.6): "that is the loss itself, not its slope.",
        (math.tanh(w * x) - t) / math.cosh(w * x) ** 2: "the bias is added before tanh.",
    }
    return compare(answer, slope(), mistakes, within=5e-4)


@exercise(
    "24.2",
    a_number,
    hints=[
        "how many places has the window, and how many numbers are in it, over all maps?",
        "a window of 3 fits 20 - 3 + 1 = 18 times along a side, and there is a row for each place.",
        "18 · 18 rows of 3 · 3 · 8 numbers.",
    ],
)
def numbers_in_the_rows(answer):
    def size(side=20, maps=8):
        return np.lib.stride_tricks.sliding_window_view(np.zeros((side, side, maps)), (3, 3), (0, 1)).size

    mistakes = {
        size(maps=1): "that is for one map; a row holds the window on every one of the 8.",
        size(side=22): "without padding the window does not fit at 20 · 20 places.",
        size(side=19): "the window fits 20 - 3 + 1 times along a side.",
        18 * 18: "so many rows there are; how many numbers stand in each?",
        3 * 3 * 8: "so many numbers stand in one row; how many rows are there?",
        20 * 20 * 8: "so many numbers go in; most of them stand in several rows.",
        18 * 18 * 8: "in a row stands a whole window of 3×3 numbers on each map.",
        size() * 8: "the rows for one image: 8 maps, not 8 images.",
    }
    return compare(answer, size(), mistakes)


# ------------------------------------------------------------------------------------ backward functions


def judged(function, forward, names, arrays, mistakes):
    """What is wrong with a backward function, held against finite differences of the forward function.

    Args:
        function: the student's, from g, x, y and the weights to the slopes along x and the weights.
        forward: from x and the weights to y.
        names: of x and the weights, for the sentence.
        arrays: x and the weights.
        mistakes: function from g to a list for each array: wrong slopes along it, each with what is wrong.
    """
    y = forward(*arrays)
    g = np.random.default_rng(1).normal(size=y.shape)
    found = function.arrays(len(arrays), g, arrays[0], y, *arrays[1:])
    moved = [place for place in function.changed if place not in (0, 2)]  # g and y are needed no more
    for name, array, slopes, known in zip(names, arrays, found, mistakes(g), strict=True):
        if slopes.shape != array.shape:
            return f"the slopes along {name} have shape {slopes.shape}, not {array.shape}."
        right = finite_differences(lambda: (g * forward(*arrays)).sum(), array)
        if not near(slopes, right):
            place = np.unravel_index(np.abs(slopes - right).argmax(), right.shape)
            unknown = (
                f"the slopes along {name} are not those of finite differences: at {[int(k) for k in place]} "
                f"they give {right[place]:.4f}, your function {slopes[place]:.4f}."
            )
            return next((why for wrong, why in known if near(slopes, wrong)), unknown)
    if moved:
        name = names[max(0, moved[0] - 2)]
        return f"the slopes are right, but {name}, which others still need, changed: work on a copy."
    return None


def finite_differences(f, array, step=1e-5):
    """Slope of the number f() along each entry of the array, which f uses."""
    slopes = np.empty_like(array)
    for place in np.ndindex(array.shape):
        value, sums = array[place], []
        for moved in (value + step, value - step):
            array[place] = moved
            sums.append(f())
        array[place] = value
        slopes[place] = (sums[0] - sums[1]) / (2 * step)
    return slopes


def near(found, wanted):
    return found.shape == np.shape(wanted) and np.allclose(found, wanted, rtol=1e-4, atol=1e-5)


def maps():
    return np.random.default_rng(0).normal(size=(2, 4, 6, 3))


def windows(x):
    """The four numbers of each 2×2 window of maps (image, row, column, map), on a last axis of their own."""
    n, rows, columns, each = x.shape
    grouped = x.reshape(n, rows // 2, 2, columns // 2, 2, each)
    return grouped.transpose(0, 1, 3, 5, 2, 4).reshape(n, rows // 2, columns // 2, each, 4)


def spread(g):
    """Each number of g at the four places of its window."""
    return np.kron(g, np.ones((1, 2, 2, 1)))


def relu(x):
    return np.maximum(x, 0)


@exercise(
    "24.3",
    a_function,
    hints=[
        "where x is positive, y moves as far as x does; elsewhere y does not move: which factors are these?",
        "the slope that comes back, g, passes where x > 0, and is 0 elsewhere.",
        "to check yours as in section 3, write relu_forward(x) first, then give both to check_layer.",
        "return (g * (x > 0),): a tuple with one array, so mind the comma.",
    ],
)
def relu_backward(function):
    x = maps()

    def mistakes(g):
        known = (
            (g, "where x is not positive, nothing of g comes through."),
            (x > 0, "these are the local slopes; multiply them by g."),
            (g * relu(x), "that is g times y; the local slope is 1 where x is positive, not x."),
            (g * x, "that is g times x; the local slope is 1 where x is positive, not x."),
            (relu(g), "it is x that decides what passes, not g."),
            (g * (x < 0), "the other way round: g passes where x is positive."),
        )
        return [known]

    wrong = judged(function, relu, ["x"], [x], mistakes)
    if wrong:
        return wrong
    x[:, ::2] = 0
    (found,) = function.arrays(1, np.ones_like(x), x, relu(x))
    return None if near(found, x > 0) else "where x is exactly 0, the slope counts as 0: x > 0, not x >= 0."


@exercise(
    "24.4",
    a_function,
    hints=[
        "only the largest of the four numbers reaches the output, unchanged; so where does the slope go?",
        "y.repeat(2, axis=1).repeat(2, axis=2) has the maximum at all four places; do so with g too.",
        "where x equals this larger y stands the maximum: there goes g, elsewhere 0.",
        "to check yours as in section 3, write max_pool_forward(x) first, then give both to check_layer.",
    ],
)
def max_pool_backward(function):
    x = maps()

    def forward(x):
        return windows(x).max(axis=-1)

    largest = x == spread(forward(x))

    def mistakes(g):
        known = (
            (
                spread(g) / 4,
                "that is average pooling; here the largest of the four numbers alone has any effect.",
            ),
            (spread(g), "only the largest of the four numbers has any effect; the other three get 0."),
            (largest, "these are the local slopes; multiply them by g."),
            (spread(g * forward(x)) * largest, "the factor at the maximum is 1, not the maximum itself."),
        )
        return [known]

    return judged(function, forward, ["x"], [x], mistakes)


@exercise(
    "24.5",
    a_function,
    hints=[
        "one output is coefficient · (the sum of four) + bias: what is its slope along each of the three?",
        "along each of the four numbers the coefficient, along the coefficient the sum, along the bias 1.",
        "coefficient and bias serve all places and images: their slopes are summed over axes (0, 1, 2).",
        "to check yours as in section 3, write the forward function first, then give both to check_layer.",
    ],
)
def subsampling_backward(function):
    rng = np.random.default_rng(2)
    x, coefficient, bias = maps(), rng.normal(size=3), rng.normal(size=3)

    def forward(x, coefficient, bias):
        return windows(x).sum(axis=-1) * coefficient + bias

    def mistakes(g):
        sums, axes = windows(x).sum(axis=-1), (0, 1, 2)
        along_x = (
            (
                spread(g * coefficient) / 4,
                "the four numbers are added, not averaged: the factor is the coefficient.",
            ),
            (spread(g), "the slopes along x lack the factor that multiplies the sum, the coefficient."),
        )
        along_coefficient = (
            ((g * sums).mean(axis=axes), "the slopes along the coefficients are a sum, not a mean."),
            ((g * sums).sum(axis=axes) / 4, "the coefficient multiplies the sum of the four, not the mean."),
            (g.sum(axis=axes), "the factor along a coefficient is the sum of the four numbers."),
            (
                (g * forward(x, coefficient, bias)).sum(axis=axes),
                "along a coefficient g meets the sum, not y.",
            ),
        )
        along_bias = (
            (g.mean(axis=axes), "the slopes along the biases are a sum, not a mean."),
            (4 * g.sum(axis=axes), "the bias is added once to a window, not to each of the four numbers."),
        )
        return [along_x, along_coefficient, along_bias]

    return judged(
        function, forward, ["x", "the coefficients", "the biases"], [x, coefficient, bias], mistakes
    )
