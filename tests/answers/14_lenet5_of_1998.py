"""Answers to the turns and exercises of lesson 14: right ones in several forms, wrong ones with words of their hint."""

import math

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

import lenet_keras as lk
from lenet_keras.layers import TABLE_I, PartialConv2D, Subsampling, UniformByFanIn, squash


def subsampling(call, coefficient=lambda maps: (maps,), bias=lambda maps: (maps,), start=None, config="start"):
    """A class like the lesson's, with another call, other shapes, another start or other settings."""

    class Mine(layers.Layer):
        def __init__(self, start=0.25, **kwargs):
            super().__init__(**kwargs)
            self.start = start

        def build(self, shape):
            begin = keras.initializers.Constant(self.start if start is None else start)
            self.coefficient = self.add_weight(shape=coefficient(shape[-1]), initializer=begin, name="coefficient")
            self.bias = self.add_weight(shape=bias(shape[-1]), initializer="zeros", name="bias")

        def call(self, x):
            return call(self, x)

        def get_config(self):
            return super().get_config() | ({config: self.start} if config else {})

    return Mine


def mean(x):
    return ops.average_pool(x, 2, strides=2)


def sums(x):
    return 4 * mean(x)


def by_reshape(layer, x):
    n, height, width, maps = -1, x.shape[1] // 2, x.shape[2] // 2, x.shape[3]
    blocks = ops.reshape(x[:, : 2 * height, : 2 * width], (n, height, 2, width, 2, maps))
    return squash(ops.sum(blocks, axis=(2, 4)) * layer.coefficient + layer.bias)


def by_slices(layer, x):
    four = x[:, ::2, ::2] + x[:, 1::2, ::2] + x[:, ::2, 1::2] + x[:, 1::2, 1::2]
    return 1.7159 * ops.tanh(2 / 3 * (four * layer.coefficient + layer.bias))


def right_sub(layer, x):
    return squash(sums(x) * layer.coefficient + layer.bias)


def by_numpy(layer, x):
    x = np.asarray(x)
    four = x[:, ::2, ::2] + x[:, 1::2, ::2] + x[:, ::2, 1::2] + x[:, 1::2, 1::2]
    return 1.7159 * np.tanh(2 / 3 * (four * np.asarray(layer.coefficient) + np.asarray(layer.bias)))


def blank(layer, x):
    return ____  # noqa: F821


def partial(call, kernel=None, bias=None, start=None, config=True):
    """A class like the lesson's, with another call, other shapes, another start or no settings."""

    class Mine(layers.Layer):
        def __init__(self, table, **kwargs):
            super().__init__(**kwargs)
            self.table = [list(maps) for maps in table]
            self.links = np.array([(i, o) for o, maps in enumerate(self.table) for i in maps])

        def build(self, shape):
            self.full = (shape[-1], len(self.table), 5, 5)
            begin = start or UniformByFanIn(fan_in=[25 * len(self.table[o]) for _, o in self.links])
            self.kernel = self.add_weight(shape=kernel or (len(self.links), 5, 5), initializer=begin, name="kernel")
            self.bias = self.add_weight(shape=bias or (len(self.table),), initializer="zeros", name="bias")

        def call(self, x):
            placed = ops.transpose(ops.scatter(self.links, self.kernel, self.full), (2, 3, 0, 1))
            return call(self, x, placed)

        def get_config(self):
            return super().get_config() | ({"table": self.table} if config else {})

    return Mine


def map_by_map(layer, x, _):
    maps, place = [], 0
    for o, incoming in enumerate(layer.table):
        windows = ops.transpose(layer.kernel[place : place + len(incoming)], (1, 2, 0))[..., None]
        place += len(incoming)
        maps.append(squash(ops.conv(ops.take(x, incoming, axis=-1), windows) + layer.bias[o]))
    return ops.concatenate(maps, axis=-1)


class BothInOne(layers.Layer):
    """One weight where two are wanted."""

    def build(self, shape):
        self.both = self.add_weight(shape=(2, shape[-1]), name="both")

    def call(self, x):
        return squash(sums(x) * self.both[0] + self.both[1])


def by_where(x, kernel, mask):
    return ops.conv(x, ops.where(mask > 0, kernel, 0.0))


def by_tensorflow(x, kernel, mask):
    return tf.nn.conv2d(x, kernel * mask, 1, "VALID")


def masked_in_place(x, kernel, mask):
    kernel *= mask
    return ops.conv(x, kernel)


def masked_by_numpy(x, kernel, mask):
    return ops.conv(x, np.asarray(kernel) * np.asarray(mask))


def lush(last=squash, start=0.5, table=TABLE_I, f6=False, pool=None):
    how = {"activation": squash, "kernel_initializer": UniformByFanIn()}
    chain = [
        layers.Conv2D(6, 5, **how), pool or Subsampling(start), PartialConv2D(table), pool or Subsampling(start),
        layers.Conv2D(120, 5, **how), layers.Flatten(),
    ]  # fmt: skip
    chain += [layers.Dense(84, **how)] if f6 else []
    return keras.Sequential([keras.Input((32, 32, 1)), *chain, layers.Dense(10, activation=last)])


def lush_with_own_layers():
    how = {"activation": squash, "kernel_initializer": UniformByFanIn()}
    halved, c3 = subsampling(right_sub), partial(lambda layer, x, placed: squash(ops.conv(x, placed) + layer.bias))
    image = x = keras.Input((32, 32, 1))
    table = [[int(i) for i in maps] for maps in TABLE_I]
    chain = [layers.Conv2D(6, 5, **how), halved(0.5), c3(table), halved(0.5), layers.Conv2D(120, 5, **how)]
    for layer in (*chain, layers.Flatten(), layers.Dense(10)):
        x = layer(x)
    return keras.Model(image, squash(x))


FEW = [[i % 6, (i + 1) % 6] for i in range(8)] + [[i % 6] for i in range(8)]
OWN = partial(lambda layer, x, placed: squash(ops.conv(x, placed) + layer.bias))


def few_links(table=FEW, kind=PartialConv2D, name="C3"):
    """The article's network with a small table and ten logits, untrained."""
    body = lk.lenet5_1998().layers[:-1]
    body[2] = kind(table, name=name)
    return keras.Sequential([keras.Input((32, 32, 1)), *body, layers.Dense(10)])


def beside(table=FEW, kind=PartialConv2D):
    """The same with the logits of the shipped network added, so that it need not be trained here."""
    image = keras.Input((32, 32, 1))
    x = image
    for layer in few_links(table, kind).layers:
        x = layer(x)
    return keras.Model(image, lk.load_lenet5()(image) + 0.001 * x)


def wide_c3():
    image = keras.Input((32, 32, 1))
    x = layers.Conv2D(16, 5, name="C3")(layers.AveragePooling2D(2)(layers.Conv2D(4, 5)(image)))
    return keras.Model(image, layers.Dense(10)(layers.Flatten()(x)))


def recorded(name):
    return np.array([run["errors"] for run in lk.load_record("tables")["results"] if run["table"] == name])


def won(other):
    return int((recorded("Table I") < recorded(other)).sum())


def lost(other):
    return int((recorded("Table I") > recorded(other)).sum())


PAIRS = [won("all links"), won("another start")]


def placed_conv(layer, x, placed):
    return ops.conv(x, placed)


IN_THE_RING = [[int(i) for i in maps] for maps in TABLE_I]
IN_THE_RING[4], IN_THE_RING[14] = [4, 5, 0], [2, 3, 5, 0]  # as run of section 4 makes them

ON_MNIST = {"14.6"}

RIGHT = {
    "14.a": [squash, lambda a: 1.7159 * ops.tanh(a * 2 / 3), lambda a: ops.multiply(1.7159, ops.tanh(2 * a / 3))],
    "14.b": [
        Subsampling,
        subsampling(right_sub),
        subsampling(by_reshape),
        subsampling(by_slices),
        subsampling(lambda layer, x: squash(mean(x) * 4 * layer.coefficient + layer.bias)),
    ],
    "14.c": [[5, -2.5, 5, -17.5], (10, -5, 10.0, -35), np.array([[6, -3], [6, -21]]), [4.5, -2.2, 8, -27]],
    "14.d": [
        lambda first, length: [(first + k) % 6 for k in range(length)],
        lambda first, length: np.arange(first, first + length) % 6,
        lambda first, length: tuple([*range(6)] * 3)[first : first + length],
    ],
    "14.e": [
        PartialConv2D,
        partial(lambda layer, x, placed: squash(ops.conv(x, placed) + layer.bias)),
        partial(map_by_map),
    ],
    "14.1": [[4, 5], (4.0, 5.0), np.array([4, 5])],
    "14.2": [[59_700, 310_908], (59700.0, 310908.0), np.array([59_700, 310_908])],
    "14.3": [lambda x, kernel, mask: ops.conv(x, mask * kernel), by_where, by_tensorflow],
    "14.4": [PAIRS, tuple(PAIRS), np.array(PAIRS, float)],
    "14.5": [lush(), lush(table=IN_THE_RING), lush_with_own_layers(), keras.models.clone_model(lush())],
    "14.6": [beside(), beside(kind=OWN), beside(table=[[o % 6] for o in range(16)])],
}
WRONG = {
    "14.a": [
        (ops.tanh, "that is tanh itself"),
        (lambda a: ops.tanh(2 / 3 * a), "amplitude A in front"),
        (lambda a: 1.7159 * ops.tanh(a), "slope S inside"),
        (lambda a: 2 / 3 * ops.tanh(1.7159 * a), "A and S are exchanged"),
        (lambda a: 1.7159 * ops.tanh(3 / 2 * a), "S is two thirds"),
        (lambda a: 1.7159 * np.tanh(2 / 3 * a), "Keras cannot follow NumPy"),
        (lambda a: 1.7159 * math.tanh(2 / 3 * a), "your function raised TypeError"),
        (lambda a: a, "first multiply a by S"),
        (1.7159, "give the function itself"),
    ],
    "14.b": [
        (subsampling(lambda layer, x: squash(mean(x) * layer.coefficient + layer.bias)), "the four numbers are added"),
        (subsampling(lambda layer, x: sums(x) * layer.coefficient + layer.bias), "not squashed yet."),
        (subsampling(lambda layer, x: mean(x) * layer.coefficient + layer.bias), "and the four are added"),
        (subsampling(lambda layer, x: ops.tanh(sums(x) * layer.coefficient + layer.bias)), "not in tanh"),
        (subsampling(lambda layer, x: squash(sums(x) * layer.coefficient)), "the bias is missing"),
        (subsampling(lambda layer, x: squash(sums(x) + layer.bias)), "the coefficient is missing"),
        (subsampling(lambda layer, x: squash((sums(x) + layer.bias) * layer.coefficient)), "first times coefficient"),
        (subsampling(lambda layer, x: squash(sums(x)) * layer.coefficient + layer.bias), "squash comes last"),
        (subsampling(lambda layer, x: squash(ops.max_pool(x, 2) * layer.coefficient + layer.bias)), "their maximum"),
        (subsampling(lambda layer, x: squash(sums(x) * layer.bias + layer.coefficient)), "are exchanged"),
        (subsampling(lambda layer, x: None), "does it end in return"),
        (subsampling(by_numpy), "use keras.ops, not NumPy"),
        (subsampling(lambda layer, x: x.no_such_thing), "your layer raised AttributeError"),
        (
            subsampling(right_sub, coefficient=lambda maps: ()),
            "coefficient should have the shape (3,), but yours has ()",
        ),
        (subsampling(right_sub, coefficient=lambda maps: maps), "a shape is a tuple"),
        (subsampling(right_sub, bias=lambda maps: (1,)), "bias should have the shape (3,), but yours has (1,)"),
        (subsampling(right_sub, start=1.0), "starts at 0.25"),
        (subsampling(right_sub, start=0.25), "made with start=0.5 should begin with 0.5"),
        (subsampling(right_sub, config=None), "get_config must hand on"),
        (BothInOne, "two trainable weights, coefficient and bias, but yours has 1"),
        (Subsampling(), "that is a layer; give the class"),
        (squash, "the answer is a class"),
    ],
    "14.c": [
        ([5, -17.5, 5, -2.5], "OR comes first"),
        ([-2.5, 5, -17.5, 5], "the coefficient comes first"),
        ([1, -0.5, 5, -17.5], "your OR answers"),
        ([5, -2.5, 5, -10], "your AND answers"),
        ([5, 2.5, 5, -17.5], "your OR answers 1.60 to a block with 0 ones"),
        ([5, -2.5], "a list of 4 numbers"),
        ("OR", "without quotes"),
    ],
    "14.d": [
        (lambda first, length: [first + k for k in range(length)], "after 5 comes 0 again"),
        (lambda first, length: [(first + k) % 5 for k in range(length)], "six maps, not five"),
        (lambda first, length: [(first + k) % 7 for k in range(length)], "six maps, not seven"),
        (lambda first, length: [(first + k + 1) % 6 for k in range(length)], "the first one is first itself"),
        (lambda first, length: [(first - k) % 6 for k in range(length)], "go on, not back"),
        (lambda first, length: [first + k % 6 for k in range(length)], "after 5 comes 0 again"),
        (lambda first, length: list(range(length)), "begin with first"),
        (lambda first, length: sorted((first + k) % 6 for k in range(length)), "in the order of the ring"),
        ([4, 5, 0], "give the function itself"),
    ],
    "14.e": [
        (partial(lambda layer, x, placed: ops.conv(x, placed) + layer.bias), "not squashed yet"),
        (partial(placed_conv), "bias and squash are missing"),
        (partial(lambda layer, x, placed: squash(ops.conv(x, placed))), "the bias is missing"),
        (partial(lambda layer, x, placed: squash(ops.conv(x, placed)) + layer.bias), "before squash, not after it"),
        (partial(lambda layer, x, placed: ops.tanh(ops.conv(x, placed) + layer.bias)), "not in tanh"),
        (partial(lambda layer, x, placed: squash(ops.conv(x, placed, padding="same") + layer.bias)), "the shape"),
        (partial(placed_conv, kernel=(3, 5, 5)), "a window of 5×5 for each link"),
        (partial(placed_conv, kernel=(5, 5, 4, 3)), "for each link"),
        (partial(placed_conv, kernel=(6, 3, 3)), "should have the shape (6, 5, 5)"),
        (partial(placed_conv, bias=(6,)), "not for each link"),
        (partial(lambda layer, x, placed: squash(ops.conv(x, placed) + layer.bias), start="zeros"), "random weights"),
        (
            partial(lambda layer, x, placed: squash(ops.conv(x, placed) + layer.bias), config=False),
            "get_config must hand on the table",
        ),
        (BothInOne, "your layer raised"),
        (PartialConv2D(), "that is a layer"),
        (TABLE_I, "the answer is a class"),
    ],
    "14.1": [
        ([5, 4], "columns come first"),
        ([4, 4], "in the same rows"),
        ([5, 5], "it has moved by one"),
        ([3, 5], "one column apart"),
        (20, "a list of 2 numbers"),
        ([1, 5], "the other has not"),
        ([2, 2], "5 columns wide"),
    ],
    "14.2": [
        ([1_216, 310_908], "C3 alone"),
        ([59_684, 310_908], "one for each map"),
        ([59_732, 310_908], "not one for each link"),
        ([60_540, 310_908], "nothing trains them"),
        ([60_000, 310_908], "which has 60 links"),
        ([60_900, 310_908], "all 96 links"),
        ([59_700, 121_600], "the connections of C3 alone"),
        ([59_700, 309_308], "links to C3's biases"),
        ([59_700, 314_108], "the journal's way"),
        ([59_700, 310_068], "840 of the output too"),
        ([59_700, 340_908], "fewer connections too"),
        ([59_700, 1], "the connections are not 1"),
        ([310_908, 59_700], "the parameters come first"),
        (59_700, "a list of 2 numbers"),
    ],
    "14.3": [
        (lambda x, kernel, mask: ops.conv(x, kernel), "nothing is masked yet"),
        (lambda x, kernel, mask: ops.conv(x, kernel * (1 - mask)), "1 where a link is"),
        (lambda x, kernel, mask: ops.conv(x, mask), "not replaced by it"),
        (lambda x, kernel, mask: ops.conv(x, kernel + mask), "do not add it"),
        (lambda x, kernel, mask: ops.conv(x, kernel * mask, padding="same"), "the result has to have the shape"),
        (masked_in_place, "changes what it is given"),
        (masked_by_numpy, "cannot find the slopes"),
        (None.__class__, "your function raised"),
    ],
    "14.4": [
        (PAIRS[::-1], "all links come first") if PAIRS[0] != PAIRS[1] else ([11, 11], "of ten"),
        ([12, PAIRS[1]], "against all links it is not 12 of ten"),
        ([PAIRS[0], 12], "against the other start it is not 12 of ten"),
        (PAIRS[0], "a list of 2 numbers"),
    ],
    "14.5": [
        (lush(last=None), "are squashed too"),
        (lush(last="tanh"), "not in tanh"),
        (lush(last="softmax"), "not in softmax"),
        (lush(last="sigmoid"), "not in a sigmoid"),
        (lush(start=0.25), "start at one half"),
        (lush(table=["012345"] * 16), "linked by Table I"),
        (lush(table=[*TABLE_I[1:], TABLE_I[0]]), "with the same maps of S2 for each"),
        (lush(f6=True), "there is no F6"),
        (lush(pool=layers.AveragePooling2D(2)), "a coefficient and a bias for each map"),
        (lk.lenet5(), "LeNet-5 of lesson 04"),
        (lk.lenet5_1998(), "there is no F6, and"),
        (lk.lenet1(), "the images are 32×32×1"),
    ],
    "14.6": [
        (few_links(), "that of guessing"),
        (few_links([[int(i) for i in maps] for maps in TABLE_I]), "C3 has 60 links, more than 24"),
        (few_links(name="third"), "must be called C3"),
        (wide_c3(), "must get the six maps"),
        (lk.lenet5_slides(), "the images are 32×32×1"),
        (few_links, "a Keras model, not"),
    ],
}
