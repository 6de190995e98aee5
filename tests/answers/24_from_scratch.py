"""Answers to the turns and exercises of lesson 24: right ones in several forms, wrong ones with words of their hint."""

import functools
from decimal import Decimal

import numpy as np
import tensorflow as tf

import lenet_keras as lk
from lenet_keras.course import from_scratch
from lenet_keras.course.from_scratch import col2im, im2col


def taped(forward, dtype="float64"):
    """A backward function in the lesson's form, by TensorFlow's tape."""

    def backward(g, x, y, *weights):
        arrays = [tf.constant(array, dtype) for array in (x, *weights)]
        with tf.GradientTape() as tape:
            tape.watch(arrays)
            total = tf.reduce_sum(tf.constant(g, dtype) * forward(*arrays))
        return tuple(tape.gradient(total, arrays))

    return backward


def instead(function, place, change):
    """A backward function with one of its results replaced, by a function of g, x and the right result."""

    def backward(g, x, *others):
        found = list(function(g, x, *others))
        found[place] = change(g, x, found[place])
        return tuple(found)

    return backward


dense_with = functools.partial(instead, from_scratch.dense_backward)
conv_with = functools.partial(instead, from_scratch.conv_backward)


def dense_by_sums(g, x, y, W, b):
    return [np.einsum("no,io->ni", g, W), np.einsum("ni,no->io", x, g).tolist(), sum(g)]


def dense_that_moves(g, x, y, W, b):
    found = from_scratch.dense_backward(g, x, y, W, b)
    W -= found[1]
    return found


def dense_of_one(g, x, y, W, b):
    return g @ W.T, np.outer(x[0], g[0]), g[0]


def repeated(array):
    return array.repeat(2, axis=1).repeat(2, axis=2)


def bent(g, x, y):
    return (g * (1 - y**2),)


def shared_out(g, x, y):
    return (repeated(g) / 4,)


def pool_by_places(g, x, y):
    slopes = np.zeros_like(x)
    for row in (0, 1):
        for column in (0, 1):
            slopes[:, row::2, column::2] = g / 4
    return [slopes]


def loss_by_keras(z, labels):
    z = tf.constant(z)
    with tf.GradientTape() as tape:
        tape.watch(z)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, z))
    return loss, tape.gradient(loss, z)


def loss_in_a_list(z, labels):
    return list(from_scratch.loss_and_slopes(z, labels))


def loss_with(change):
    """The right loss with other slopes, made of p, y and the number of images."""

    def found(z, labels):
        loss, slopes = from_scratch.loss_and_slopes(z, labels)
        y = np.eye(10)[labels]
        return loss, change(len(z) * slopes + y, y, len(z))

    return found


def summed_loss(z, labels):
    loss, slopes = from_scratch.loss_and_slopes(z, labels)
    return len(z) * loss, slopes


def slide(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return (windows * kernel).sum(axis=(2, 3))


def of_map(turn, frame=None):
    """The slopes of a map with another kernel along the image, and perhaps another frame."""
    return lambda g, image, kernel: (
        slide(image, g),
        slide(np.pad(g, len(kernel) - 1 if frame is None else frame), turn(kernel)),
    )


def map_by_tape(g, image, kernel):
    image, kernel = tf.constant(image)[None, :, :, None], tf.constant(kernel)[:, :, None, None]
    with tf.GradientTape() as tape:
        tape.watch([image, kernel])
        total = tf.reduce_sum(tf.nn.conv2d(image, kernel, 1, "VALID")[0, :, :, 0] * g)
    of_image, of_kernel = tape.gradient(total, [image, kernel])
    return of_kernel[:, :, 0, 0], of_image[0, :, :, 0]


def both_flipped(kernel):
    return kernel[::-1, ::-1]


def conv_by_rows(g, x, y, kernel, bias):
    rows, table, flat = im2col(x, len(kernel)), kernel.reshape(-1, len(bias)), g.reshape(-1, len(bias))
    return col2im(flat @ table.T, x, len(kernel)), (rows.T @ flat).reshape(kernel.shape), flat.sum(axis=0)


def pull(x, kernel, bias):
    return tf.nn.conv2d(x, kernel, 1, "VALID") + bias


def moved_by(change):
    """An update, of a function from weight, slope, step, rate and momentum to the new weight and the new step."""

    def update(weights, slopes, steps, rate, momentum):
        for name in weights:
            for weight, slope, step in zip(weights[name], slopes[name], steps[name], strict=True):
                weight[...], step[...] = change(weight, slope, step.copy(), rate, momentum)

    return update


def right_step(w, slope, step, rate, momentum):
    step = momentum * step - rate * slope
    return w + step, step


def update_in_place(weights, slopes, steps, rate, momentum):
    for name in weights:
        for place in range(len(weights[name])):
            steps[name][place] *= momentum
            steps[name][place] -= rate * slopes[name][place]
            weights[name][place] += steps[name][place]
    return weights


def update_of_copies(weights, slopes, steps, rate, momentum):
    for name in weights:
        for weight, slope, step in zip(weights[name], slopes[name], steps[name], strict=True):
            step = momentum * step - rate * slope
            weight = weight + step


def update_that_spoils_slopes(weights, slopes, steps, rate, momentum):
    update_in_place(weights, slopes, steps, rate, momentum)
    for name in slopes:
        slopes[name][0] *= 0


def pool_by_maximum(x):
    return tf.nn.max_pool2d(x, 2, 2, "VALID")


def relu_by_loops(g, x, y):
    slopes = [slope if number > 0 else 0 for slope, number in zip(g.ravel(), x.ravel(), strict=True)]
    return (np.reshape(slopes, x.shape).tolist(),)


def relu_on_g(g, x, y):
    g[x <= 0] = 0
    return (g,)


def relu_on_x(g, x, y):
    positive = x > 0
    x *= 0
    return (g * positive,)


def max_pool_by_windows(g, x, y):
    slopes = np.zeros_like(x)
    for image, row, column, each in np.ndindex(y.shape):
        window = x[image, 2 * row : 2 * row + 2, 2 * column : 2 * column + 2, each]
        down, right = np.unravel_index(window.argmax(), (2, 2))
        slopes[image, 2 * row + down, 2 * column + right, each] = g[image, row, column, each]
    return [slopes]


def max_pool_on_x(g, x, y):
    x[:] = repeated(g) * (x == repeated(y))
    return (x,)


class Trained(dict):
    """A dict of weights that is trained, once for all, when a check first looks into it."""

    kept = {}

    def __init__(self, kind="float64", updates=2000, seed=0, rate=0.01):
        super().__init__()
        self.wanted = kind, updates, seed, rate

    def found(self):
        kind, *key = self.wanted
        if tuple(key) not in Trained.kept:
            Trained.kept[tuple(key)] = trained(*key)
        return {name: [array.astype(kind) for array in arrays] for name, arrays in Trained.kept[tuple(key)].items()}

    def __iter__(self):
        return iter(from_scratch.SHAPES)

    def __len__(self):
        return len(from_scratch.SHAPES)

    def __getitem__(self, name):
        return self.found()[name]


def trained(updates, seed, rate):
    """Weights of LeNet-5 with ReLU and max pooling."""
    pairs = {
        from_scratch.tanh: (lambda x: np.maximum(x, 0), lambda g, x, y: (g * (x > 0),)),
        from_scratch.pool: (
            lambda x: np.maximum.reduce([x[:, i::2, j::2] for i in (0, 1) for j in (0, 1)]),
            lambda g, x, y: (repeated(g) * (x == repeated(y)),),
        ),
    }
    layers = [(name, *pairs.get(front, (front, back))) for name, front, back in from_scratch.LAYERS]
    digits = lk.load_digits()
    learn, _ = lk.split(digits)
    weights = from_scratch.random_weights(seed)
    steps = {name: [0 * array for array in arrays] for name, arrays in weights.items()}
    for places in np.random.default_rng(seed).choice(learn, size=(updates, 16)):
        slopes = from_scratch.gradient(weights, digits.x_train[places].astype(float), digits.y_train[places], layers)
        from_scratch.update(weights, slopes, steps, rate, 0.9)
    return weights


def shipped():
    model = lk.load_lenet5()
    return {name: model.get_layer(name).get_weights() for name in from_scratch.SHAPES}


def of_other_shape():
    return from_scratch.random_weights(0) | {"F6": [np.zeros((84, 120)), np.zeros(84)]}


def infinite():
    return from_scratch.random_weights(0) | {"output": [np.full((84, 10), np.inf), np.zeros(10)]}


class AsTuples(Trained):
    def __getitem__(self, name):
        return tuple(tf.constant(array) for array in self.found()[name])


ON_MNIST = {"24.6"}
RIGHT = {
    "24.a": [from_scratch.dense_backward, taped(lambda x, W, b: x @ W + b), dense_by_sums],
    "24.b": [
        [bent, shared_out],
        (taped(tf.tanh), taped(lambda x: tf.nn.avg_pool2d(x, 2, 2, "VALID"))),
        [bent, pool_by_places],
    ],
    "24.c": [from_scratch.loss_and_slopes, loss_by_keras, loss_in_a_list],
    "24.d": [of_map(both_flipped), map_by_tape, of_map(lambda kernel: np.rot90(kernel, 2))],
    "24.e": [conv_by_rows, taped(pull), from_scratch.conv_backward],
    "24.f": [from_scratch.update, moved_by(right_step), update_in_place],
    "24.1": [-1, -1.0, [-1], (-1,), np.array(-1), Decimal(-1)],
    "24.2": [
        taped(tf.nn.relu),
        taped(tf.nn.relu, "float32"),
        lambda g, x, y: (g * (x > 0),),
        lambda g, x, y: [np.where(y > 0, g, 0)],
        relu_by_loops,
        relu_on_g,
    ],
    "24.3": [
        taped(pool_by_maximum),
        taped(pool_by_maximum, "float32"),
        lambda g, x, y: (repeated(g) * (x == repeated(y)),),
        max_pool_by_windows,
    ],
    "24.4": [from_scratch.dense_backward, taped(lambda x, W, b: x @ W + b), dense_by_sums],
    "24.5": [[3, 2, 4, 1], (3, 2, 4, 1), np.array([3.0, 2, 4, 1])],
    "24.6": [Trained(), Trained("float32"), AsTuples()],
}
WRONG = {
    "24.a": [
        (3, "function itself"),
        (dense_with(1, lambda g, x, W: W.T), "the slopes along W have shape (3, 5)"),
        (dense_with(1, lambda g, x, W: W / len(x)), "along W are a sum"),
        (dense_with(1, lambda g, x, W: np.outer(x[0], g[0])), "all images use W"),
        (dense_with(2, lambda g, x, b: g.mean(axis=0)), "along b are a sum"),
        (dense_with(2, lambda g, x, b: g[-1]), "all images use b"),
        (dense_with(2, lambda g, x, b: g), "along b have shape (4, 3)"),
        (dense_with(2, lambda g, x, b: np.ones(3)), "that is the local slope"),
        (dense_with(0, lambda g, x, of_x: -of_x), "not those of finite differences"),
        (dense_that_moves, "but W, which others still need, changed"),
        (lambda g, x, y, W, b: (g @ W, x.T @ g, g.sum(axis=0)), "raised ValueError"),
    ],
    "24.b": [
        (bent, "list of 2 functions"),
        ([lambda g, x, y: g * (1 - y**2), shared_out], "mind the comma"),
        ([lambda g, x, y: (1 - y**2,), shared_out], "tanh: that is the local slope"),
        ([lambda g, x, y: (g * (1 - x**2),), shared_out], "not of x"),
        ([lambda g, x, y: (g * (1 - y),), shared_out], "with a square"),
        ([lambda g, x, y: (g * (1 - y) ** 2,), shared_out], "square y first"),
        ([lambda g, x, y: (g,), shared_out], "1 − y², is missing"),
        ([bent, lambda g, x, y: (repeated(g),)], "pooling: the quarter is missing"),
        ([bent, lambda g, x, y: (np.tile(g, (1, 2, 2, 1)) / 4,)], "repeat, not tile"),
        ([bent, lambda g, x, y: (g.repeat(2, axis=1) / 4,)], "shape (2, 4, 3, 3)"),
    ],
    "24.c": [
        (loss_with(lambda p, y, n: p - y), "the loss is a mean"),
        (loss_with(lambda p, y, n: (p - y) / 10), "not by that of the classes"),
        (loss_with(lambda p, y, n: p - y / n), "mind the brackets"),
        (loss_with(lambda p, y, n: (p - y) / y.size), "not by that of all numbers"),
        (loss_with(lambda p, y, n: p), "that is p"),
        (loss_with(lambda p, y, n: p / n), "still to be taken away"),
        (loss_with(lambda p, y, n: (y - p) / n), "the sign"),
        (loss_with(lambda p, y, n: ((p - y) / n)[0]), "the slopes have shape (10,)"),
        (summed_loss, "mean of the losses"),
        (lambda z, labels: from_scratch.loss_and_slopes(z, labels)[1], "must give back"),
    ],
    "24.d": [
        (of_map(lambda kernel: kernel), "must be flipped, in both directions"),
        (of_map(lambda kernel: kernel[::-1]), "top to bottom only"),
        (of_map(lambda kernel: kernel[:, ::-1]), "left to right only"),
        (of_map(lambda kernel: kernel.T), "not flipped"),
        (of_map(both_flipped, frame=1), "for a kernel of 3×3"),
        (of_map(both_flipped, frame=0), "is the frame"),
        (lambda g, image, kernel: (slide(image, g[::-1, ::-1]), of_map(both_flipped)(g, image, kernel)[1]), "as it is"),
        (
            lambda g, image, kernel: (slide(image, kernel), of_map(both_flipped)(g, image, kernel)[1]),
            "what slides is g",
        ),
    ],
    "24.e": [
        (from_scratch.without_the_flip, "a flip too many"),
        (from_scratch.last_image_only(conv_by_rows), "slopes of all images are added"),
        (conv_with(1, lambda g, x, kernel: kernel / len(x)), "a sum, not a mean"),
        (conv_with(1, lambda g, x, kernel: kernel.reshape(-1, 4).T.reshape(kernel.shape)), "are exchanged"),
        (conv_with(2, lambda g, x, bias: g.mean(axis=(0, 1, 2))), "along the biases the slopes are a sum"),
        (conv_with(2, lambda g, x, bias: g[-1].sum(axis=(0, 1))), "along the biases the slopes of all"),
        (conv_with(0, lambda g, x, of_x: 2 * of_x), "not those of finite differences"),
    ],
    "24.f": [
        (update_of_copies, "neither weights nor steps changed"),
        (update_that_spoils_slopes, "the slopes changed"),
        (
            moved_by(lambda w, s, step, rate, m: (w + m * step + rate * s, m * step + rate * s)),
            "the sign: the step goes",
        ),
        (moved_by(lambda w, s, step, rate, m: (w - rate * s, -rate * s)), "the last step is missing"),
        (moved_by(lambda w, s, step, rate, m: (w + step - rate * s, step - rate * s)), "multiply it by the momentum"),
        (moved_by(lambda w, s, step, rate, m: (w + m * step - s, m * step - s)), "multiplied by the rate"),
        (moved_by(lambda w, s, step, rate, m: (w - m * step + rate * s, m * step - rate * s)), "minus is in the step"),
        (moved_by(lambda w, s, step, rate, m: (w + step, m * step - rate * s)), "so the step comes first"),
        (moved_by(lambda w, s, step, rate, m: (w - rate * s, m * step - rate * s)), "by the whole step"),
        (moved_by(lambda w, s, step, rate, m: (w, m * step - rate * s)), "have not moved"),
    ],
    "24.1": [
        (6, "must be flipped"),
        (5, "top to bottom only"),
        (0, "left to right only"),
        (2, "the weight that the pixel meets"),
        (17, "all four windows"),
        ("-1", "give the number, without quotes"),
    ],
    "24.2": [
        (np.zeros(3), "function itself"),
        (lambda g, x, y: g * (x > 0), "comma"),
        (lambda g, x, y: (g * (x > 0), x), "mind the comma in (array,), not a tuple that has 2"),
        (lambda g, x, y: (g * (x >= 0),), "x > 0, not x >= 0"),
        (lambda g, x, y: (np.where(x == 0, 1, g * (x > 0)),), "exactly 0"),
        (relu_on_x, "but x, which others still need, changed"),
        (lambda g, x, y: (g,), "nothing of g comes through"),
        (lambda g, x, y: (x > 0,), "must give back numbers in each array"),
        (lambda g, x, y: ((x > 0) * 1.0,), "multiply them by g"),
        (lambda g, x, y: (g * y,), "g times y"),
        (lambda g, x, y: (g * x,), "g times x"),
        (lambda g, x, y: (np.maximum(g, 0),), "not g"),
        (lambda g, x, y: (g * (x < 0),), "the other way round"),
        (lambda g, x, y: (2 * g * (x > 0),), "along x are not those of finite differences"),
        (lambda g, x: (g * (x > 0),), "raised TypeError"),
    ],
    "24.3": [
        (taped(lambda x: tf.nn.avg_pool2d(x, 2, 2, "VALID")), "average pooling"),
        (lambda g, x, y: (repeated(g),), "the other three get 0"),
        (lambda g, x, y: ((x == repeated(y)) * 1.0,), "multiply them by g"),
        (lambda g, x, y: (repeated(g * y) * (x == repeated(y)),), "not the maximum itself"),
        (lambda g, x, y: (g,), "have shape (2, 2, 3, 3), not (2, 4, 6, 3)"),
        (max_pool_on_x, "but x, which others still need, changed"),
    ],
    "24.4": [
        (dense_of_one, "still takes the first image only"),
        (dense_with(1, lambda g, x, W: W / len(x)), "along W are a sum"),
        (dense_with(2, lambda g, x, b: g[-1]), "all images use b"),
        (dense_with(2, lambda g, x, b: g.mean(axis=0)), "along b are a sum"),
        (lambda g, x, y, W, b: g @ W.T, "3 arrays"),
    ],
    "24.5": [
        ([4, 2, 1, 3], "for each panel its mistake"),
        ([4, 2, 3, 1], "nearer to C1"),
        ([1, 2, 4, 3], "look again at A and D"),
        ([1, 1, 2, 3], "once"),
        ([3, 2, 4], "a list of 4 numbers"),
    ],
    "24.6": [
        (3, "dict of weights"),
        ({"C1": [0, 0]}, "needs the layers"),
        (of_other_shape(), "F6 needs a kernel of shape (120, 84)"),
        (infinite(), "no finite numbers"),
        (from_scratch.random_weights(0), "better than chance"),
        (shipped(), "with ReLU and max pooling"),
    ],
}
