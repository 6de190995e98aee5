"""What the turns and exercises of lesson 24 accept: backward functions, held against finite differences."""

import numpy as np
from scipy.special import log_softmax, softmax

from lenet_keras.course import from_scratch
from lenet_keras.course.exercises import (
    UNKNOWN,
    Function,
    Refused,
    a_function,
    a_number,
    compare,
    exercise,
    numbers,
    quiet_digits,
)


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
        right = from_scratch.differences(lambda: (g * forward(*arrays)).sum(), array)
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


def near(found, wanted):
    return np.shape(found) == np.shape(wanted) and np.allclose(found, wanted, rtol=1e-4, atol=1e-5)


def maps(zeros=False):
    x = np.random.default_rng(0).normal(size=(2, 4, 6, 3))
    if zeros:
        x[:, ::2] = 0
    return x


def windows(x):
    """The four numbers of each 2×2 window of maps (image, row, column, map), on a last axis of their own."""
    n, rows, columns, each = x.shape
    grouped = x.reshape(n, rows // 2, 2, columns // 2, 2, each)
    return grouped.transpose(0, 1, 3, 5, 2, 4).reshape(n, rows // 2, columns // 2, each, 4)


def spread(g):
    """Each number of g at the four places of its window."""
    return np.kron(g, np.ones((1, 2, 2, 1)))


def several(answer, count, example):
    """The student's functions, in a list of so many."""
    if not isinstance(answer, (list, tuple)) or len(answer) != count:
        raise Refused(f"give a list of {count} functions: {example}.")
    return [a_function(each) for each in answer]


# -------------------------------------------------------------------------------------- the student's turns


def judged_dense(function, images=4):
    rng = np.random.default_rng(0)
    x, W, b = (rng.normal(size=shape) for shape in ((images, 5), (5, 3), 3))

    def mistakes(g):
        wrong = "the slopes along {} are a sum over the images, not a mean."
        first = "that is one image's; all images use {}, so their slopes are added."
        return [
            [(g @ np.abs(W).T, "along x the factor is W as it is, with its signs.")],
            [
                (x.T @ g / images, wrong.format("W")),
                (np.outer(x[0], g[0]), first.format("W")),
                (np.outer(x[-1], g[-1]), first.format("W")),
            ],
            [
                (g.mean(axis=0), wrong.format("b")),
                (g[0], first.format("b")),
                (g[-1], first.format("b")),
                (b * g.sum(axis=0), "along a bias the factor is 1, not the bias."),
                (np.ones(3), "that is the local slope; multiply it by g, and add over the images."),
            ],
        ]

    return judged(function, from_scratch.dense, ["x", "W", "b"], [x, W, b], mistakes)


@exercise(
    "24.a",
    a_function,
    hints=[
        "look at the shapes: which product of g, x and W (some with .T) gives (images, inputs)?",
        "along x, add over the outputs: g @ W.T. Along W, add over the images: x.T in front of g.",
        "of_x = g @ W.T;  of_W = x.T @ g;  of_b = g.sum(axis=0)",
    ],
    ours=from_scratch.dense_backward,
)
def backward_of_a_dense_layer(function):
    return judged_dense(function)


def two_backward_functions(answer):
    return several(answer, 2, "[my_tanh_backward, my_pool_backward]")


@exercise(
    "24.b",
    two_backward_functions,
    hints=[
        "each slope of g is multiplied by the local slope: of tanh 1 − y², of the mean of four numbers 1/4.",
        "for pooling every slope must stand at four places: repeat g along axis 1, then along axis 2.",
        "return (g * (1 - y**2),)   and   return (g.repeat(2, axis=1).repeat(2, axis=2) / 4,)",
    ],
    ours=[from_scratch.tanh_backward, from_scratch.pool_backward],
)
def backward_of_tanh_and_of_pooling(functions):
    x = maps()
    y = np.tanh(x)

    def of_tanh(g):
        known = (
            (1 - y**2, "that is the local slope; multiply it by g."),
            (g * (1 - x**2), "the square is that of y, the value after tanh, not of x."),
            (g * (1 - np.tanh(y) ** 2), "y is tanh(x) already; do not take tanh again."),
            (g * (1 - y), "the local slope is 1 − y², with a square."),
            (g * (1 - y) ** 2, "square y first, then take it from 1: 1 - y**2."),
            (g * y, "the local slope is 1 − y², not y."),
            (g, "the local slope, 1 − y², is missing."),
        )
        return [known]

    def of_pooling(g):
        known = (
            (spread(g), "the quarter is missing: each of the four numbers has the factor 1/4."),
            (
                np.tile(g, (1, 2, 2, 1)) / 4,
                "the slopes of a window must stand side by side: repeat, not tile.",
            ),
            (spread(g) / 2, "each of the four numbers has the factor 1/4."),
        )
        return [known]

    for name, function, forward, mistakes in (
        ("tanh", functions[0], np.tanh, of_tanh),
        ("pooling", functions[1], lambda x: windows(x).mean(axis=-1), of_pooling),
    ):
        if wrong := judged(function, forward, ["x"], [x], mistakes):
            return f"{name}: {wrong}"
    return None


@exercise(
    "24.c",
    a_function,
    hints=[
        "softmax: every exponential divided by its row's sum, and both stand there already.",
        "the loss is the mean over the images, so each image's p − y is divided by their number, len(z).",
        "p = np.exp(z) / sums;  return losses.mean(), (p - y) / len(z)",
    ],
    ours=from_scratch.loss_and_slopes,
)
def loss_of_a_batch(function):
    z = 3 * np.random.default_rng(0).normal(size=(4, 10))
    labels = np.array([3, 1, 4, 1])
    loss, slopes = function.arrays(2, z, labels)
    y, p = np.eye(10)[labels], softmax(z, axis=1)
    if loss.size != 1 or not np.isclose(
        float(loss.reshape(())), -(log_softmax(z, axis=1) * y).sum(axis=1).mean()
    ):
        return "the loss is the mean of the losses: leave that part as it was."
    if slopes.shape != z.shape:
        return f"the slopes have shape {slopes.shape}, not {z.shape}."
    known = [
        (p - y, "the loss is a mean: divide by the number of images."),
        (p - y / 4, "mind the brackets: p − y as a whole is divided, (p - y) / len(z)."),
        ((p - y) / 40, "divide by the number of images, not by that of all numbers."),
        ((p - y) / 10, "divide by the number of images, not by that of the classes."),
        (p, "that is p; the slope is p − y, divided by the number of images."),
        (p / 4, "from p the one-hot row y is still to be taken away."),
        ((y - p) / 4, "the sign: p − y, so that the right answer's slope is negative."),
        ((softmax(z) - y) / 4, "the sum runs along each row: every image has its own ten probabilities."),
    ]
    if not near(slopes, (p - y) / 4):
        return next((why for wrong, why in known if near(slopes, wrong)), UNKNOWN)
    if function.changed:
        return "the slopes are right, but an argument was changed in place: work on a copy."
    return None


def slide(image, kernel):
    found = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return (found * kernel).sum(axis=(2, 3))


def map_backward(g, image, kernel):
    """The slopes along a kernel and along an image, from those of the map that the one makes of the other."""
    framed = np.pad(g, len(kernel) - 1)
    return slide(image, g), slide(framed, kernel[::-1, ::-1])


@exercise(
    "24.d",
    a_function,
    hints=[
        "along the kernel: g slides over the image, in the kernel's place.",
        "a kernel of 2×2 needs a frame of 1; write it so that it serves other kernels too: len(kernel) - 1.",
        "slide(image, g);  np.pad(g, len(kernel) - 1);  slide(framed, kernel[::-1, ::-1])",
    ],
    ours=map_backward,
)
def backward_of_a_map(function):
    for rows in (2, 3):
        rng = np.random.default_rng(rows)
        image, kernel = rng.normal(size=(6, 6)), rng.normal(size=(rows, rows))
        g = rng.normal(size=(7 - rows, 7 - rows))
        found = function.arrays(2, g, image, kernel)
        wanted = map_backward(g, image, kernel)
        for name, slopes, right in zip(("kernel", "image"), found, wanted, strict=True):
            if slopes.shape != right.shape:
                frame = ": is the frame len(kernel) - 1 wide?" if name == "image" else ": what slides is g."
                return (
                    f"for a kernel of {rows}×{rows} the slopes along the {name} have shape {slopes.shape}, "
                    f"not {right.shape}{frame}"
                )
        if not near(found[0], wanted[0]):
            return "along the kernel, g slides over the image as it is."
        framed = np.pad(g, rows - 1)
        known = [
            (slide(framed, kernel), "along the image the kernel must be flipped, in both directions."),
            (slide(framed, kernel[::-1]), "the kernel is flipped top to bottom only: left to right too."),
            (slide(framed, kernel[:, ::-1]), "the kernel is flipped left to right only: top to bottom too."),
            (slide(framed, kernel.T), "that is the kernel with rows and columns exchanged, not flipped."),
        ]
        if not near(found[1], wanted[1]):
            unknown = "along the image, the flipped kernel slides over the framed g."
            return next((why for wrong, why in known if near(found[1], wrong)), unknown)
    return None


@exercise(
    "24.e",
    a_function,
    hints=[
        "it is a dense layer: rows is its input, table its W, flat its g.",
        "along the table: rows.T in front of flat. Along the rows: flat in front of table.T.",
        "of_table = rows.T @ flat;  of_rows = flat @ table.T",
    ],
    ours=from_scratch.conv_backward,
)
def backward_of_a_convolution(function):
    rng = np.random.default_rng(0)
    x, kernel, bias = (rng.normal(size=shape) for shape in ((2, 6, 6, 2), (3, 3, 2, 4), 4))

    def mistakes(g):
        flipped, last = (
            from_scratch.without_the_flip,
            from_scratch.last_image_only(from_scratch.conv_backward),
        )
        y = from_scratch.conv(x, kernel, bias)
        rows, flat = from_scratch.im2col(x, 3), g.reshape(-1, 4)
        return [
            [
                (
                    flipped(g, x, y, kernel, bias)[0],
                    "along x a flip too many or too few: table.T as it is, then col2im.",
                )
            ],
            [
                (last(g, x, y, kernel, bias)[1], "along the kernel the slopes of all images are added."),
                (
                    (flat.T @ rows).reshape(kernel.shape),
                    "along the table rows and columns are exchanged: rows.T in front of flat.",
                ),
                (
                    (rows.T @ flat).reshape(kernel.shape) / 2,
                    "along the kernel the slopes are a sum, not a mean.",
                ),
                (
                    (rows.T @ flat).reshape(kernel.shape) / len(flat),
                    "along the kernel the slopes are a sum, not a mean.",
                ),
            ],
            [
                (g.mean(axis=(0, 1, 2)), "along the biases the slopes are a sum, not a mean."),
                (last(g, x, y, kernel, bias)[2], "along the biases the slopes of all images are added."),
            ],
        ]

    return judged(function, from_scratch.conv, ["x", "the kernel", "the biases"], [x, kernel, bias], mistakes)


@exercise(
    "24.f",
    a_function,
    hints=[
        "the new step is made of the last one and of the slope; the weight then moves by the whole step.",
        "momentum times the last step, minus rate times the slope: this is the first blank.",
        "step[...] = momentum * step - rate * slope;  weight += step",
    ],
    ours=from_scratch.update,
)
def update_with_momentum(function):
    rng = np.random.default_rng(0)
    weights, slopes, steps = ({"F6": [rng.normal(size=(3, 2)), rng.normal(size=2)]} for _ in range(3))

    def moved(weights, slopes, steps):
        """What a call leaves in the weights and in the steps, in one row."""
        function.function(weights, slopes, steps, 0.1, 0.8)
        return np.concatenate([np.ravel(each) for tree in (weights, steps, slopes) for each in tree["F6"]])

    found = Function(moved).array(weights, slopes, steps).reshape(3, -1)
    w, s, old = (np.concatenate([each.ravel() for each in tree["F6"]]) for tree in (weights, slopes, steps))
    step = 0.8 * old - 0.1 * s
    if near(found[0], w) and near(found[1], old):
        return (
            "neither weights nor steps changed: write into the arrays themselves, step[...] = and weight +=."
        )
    if not near(found[2], s):
        return "the slopes changed; only weights and steps should."
    known = [
        (0.8 * old + 0.1 * s, "the sign: the step goes against the slope, minus rate times slope."),
        (-0.1 * s, "the last step is missing: momentum * step."),
        (0.1 * old - 0.8 * s, "rate and momentum have changed places."),
        (old - 0.1 * s, "the last step counts only in part: multiply it by the momentum."),
        (0.8 * (old - 0.1 * s), "the momentum multiplies the last step only, not the slope."),
        (0.8 * old - s, "the slope is to be multiplied by the rate."),
    ]
    if not near(found[1], step):
        return next((why for wrong, why in known if near(found[1], wrong)), UNKNOWN)
    if not near(found[0], w + step):
        known = [
            (w - step, "the sign: the minus is in the step already, so the step is added."),
            (w + old, "the weight moves by the new step, so the step comes first."),
            (w - 0.1 * s, "the weight moves by the whole step, not by the slope alone."),
            (w + 0.1 * step, "the rate is in the step already."),
            (w, "the weights have not moved: weight += ..., in place."),
        ]
        return next((why for wrong, why in known if near(found[0], wrong)), "the weight moves by the step.")
    return None


# ------------------------------------------------------------------------------------------------ exercises


@exercise(
    "24.1",
    a_number,
    hints=[
        "the pixel in the middle lies under all four windows; which weight does it meet in each?",
        "in the window at the top left it meets the bottom right weight, −1; there the slope is 2.",
        "2 · (−1) + 0 · 3 + 1 · 2 + (−1) · 1, with the kernel (1, 2), (3, −1).",
    ],
)
def slope_along_the_middle(answer):
    kernel, g = np.array([[1, 2], [3, -1]]), np.array([[2, 0], [1, -1]])

    def total(weights):
        return float((g * weights).sum())

    mistakes = {
        total(
            kernel
        ): "the kernel must be flipped: in the top left window the pixel meets the bottom right weight.",
        total(kernel[::-1]): "the kernel is flipped top to bottom only: left to right too.",
        total(kernel[:, ::-1]): "the kernel is flipped left to right only: top to bottom too.",
        float(g.sum()): "each slope is multiplied by the weight that the pixel meets in that window.",
    }
    return compare(answer, total(kernel[::-1, ::-1]), mistakes)


def relu(x):
    return np.maximum(x, 0)


@exercise(
    "24.2",
    a_function,
    hints=[
        "where x is positive, y moves as far as x does; elsewhere y does not move: which factors are these?",
        "the slope that comes back, g, passes where x > 0, and is 0 elsewhere.",
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

    if wrong := judged(function, relu, ["x"], [x], mistakes):
        return wrong
    x = maps(zeros=True)
    (found,) = function.arrays(1, np.ones_like(x), x, relu(x))
    return None if near(found, x > 0) else "where x is exactly 0, the slope counts as 0: x > 0, not x >= 0."


@exercise(
    "24.3",
    a_function,
    hints=[
        "only the largest of the four numbers reaches the output, unchanged; so where does the slope go?",
        "y.repeat(2, axis=1).repeat(2, axis=2) has the maximum at all four places; do so with g too.",
        "where x equals this larger y stands the maximum: there goes g, elsewhere 0.",
    ],
)
def max_pool_backward(function):
    x = maps()

    def forward(x):
        return windows(x).max(axis=-1)

    largest = x == spread(forward(x))

    def mistakes(g):
        average = "that is average pooling; here the largest of the four numbers alone has any effect."
        known = (
            (spread(g) / 4, average),
            (spread(g), "only the largest of the four numbers has any effect; the other three get 0."),
            (largest, "these are the local slopes; multiply them by g."),
            (spread(g * forward(x)) * largest, "the factor at the maximum is 1, not the maximum itself."),
        )
        return [known]

    return judged(function, forward, ["x"], [x], mistakes)


@exercise(
    "24.4",
    a_function,
    hints=[
        "which images does g @ W.T serve, and which do the other two?",
        "all images use the same weights: their slopes are added, over all rows of x and g.",
        "return g @ W.T, x.T @ g, g.sum(axis=0)",
    ],
)
def mended_for_batches(function):
    rng = np.random.default_rng(3)
    g, x, W, b = (rng.normal(size=shape) for shape in ((2, 3), (2, 5), (5, 3), 3))
    found = function.arrays(3, g, x, x @ W + b, W, b)
    if near(found[1], np.outer(x[0], g[0])) and near(found[2], g[0]):
        return "it still takes the first image only; the slopes of all images are added."
    return judged_dense(function)


@exercise(
    "24.5",
    numbers(4),
    hints=[
        "slopes go from the output to C1: a mistake spoils what comes after it on this way, nothing before.",
        "mistake 1 happens before all layers, so it spoils every array; mistake 4 only what lies before S2.",
        "mistake 2 is handed on to nobody; mistake 3 leaves only the output's own slopes right.",
    ],
)
def where_the_mistake_is(answer):
    right = [3, 2, 4, 1]  # the order of from_scratch.four_mistakes
    if sorted(answer) != [1, 2, 3, 4]:
        return "give each of the numbers 1 to 4 once."
    if list(answer) == right:
        return None
    if list(answer) == [right.index(k) + 1 for k in (1, 2, 3, 4)]:
        return "the list says for each panel its mistake, not for each mistake its panel."
    wrong = {
        panel: (int(said), each)
        for panel, said, each in zip("ABCD", answer, right, strict=True)
        if said != each
    }
    if wrong.get("C", (0,))[0] == 3 or wrong.get("A", (0,))[0] == 4:
        return (
            "a mistake spoils the layers that lie before it in the network, nearer to C1, not those after it."
        )
    return f"look again at {' and '.join(wrong)}: which arrays are right there?"


def weights_of_the_network(answer):
    """A kind: a dict from the names of the five layers to kernel and bias. Hands on one with float arrays."""
    if not isinstance(answer, dict):
        raise Refused("the answer is the dict of weights, from a layer's name to its kernel and bias.")
    if set(answer) != set(from_scratch.SHAPES):
        raise Refused(f"the dict needs the layers {', '.join(from_scratch.SHAPES)}.")
    found = {}
    for name, shape in from_scratch.SHAPES.items():
        try:
            found[name] = [np.asarray(array, float) for array in answer[name]]
        except (TypeError, ValueError):
            raise Refused(f"{name} needs a list of two arrays of numbers, kernel and bias.") from None
        if [array.shape for array in found[name]] != [shape, shape[-1:]]:
            raise Refused(f"{name} needs a kernel of shape {shape} and a bias of shape {shape[-1:]}.")
        if not all(np.isfinite(array).all() for array in found[name]):
            raise Refused("some of the weights are no finite numbers: the rate was too large.")
    return found


@exercise(
    "24.6",
    weights_of_the_network,
    hints=[
        "in the dict LAYERS put your pairs, (forward, backward), in the place of squash and of halve.",
        "gradient and update need no change; begin with copies(start) and copies(start, 0), as in section 6.",
        "2,000 updates of 16 digits, a rate of 0.01 and a momentum of 0.9 are enough.",
    ],
)
def lenet5_of_today(weights):
    import lenet_keras as lk

    digits = quiet_digits()
    _, validate = lk.split(digits)
    validate = validate[:2000]
    others = {from_scratch.tanh: relu, from_scratch.pool: lambda x: windows(x).max(axis=-1)}

    def error(others):
        layers = [(name, others.get(function, function), None) for name, function, _ in from_scratch.LAYERS]
        images, labels = digits.x_train[validate], digits.y_train[validate]
        return 100 * from_scratch.error_rate(weights, images, labels, layers=layers)

    goal = 5 if digits.name == "mnist" else 10
    reached = error(others)
    if reached < goal:
        return None
    if error({}) < goal:
        return "with tanh and average pooling these weights reach the goal, with ReLU and max pooling not."
    chance = " That is no better than chance: is the rate too large?" if reached > 80 else ""
    return f"with ReLU and max pooling {reached:.1f} % are misread; the goal is less than {goal} %.{chance}"
