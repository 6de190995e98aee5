"""Answers to the turns and exercises of lesson 04: right ones in several forms, wrong ones with words of their hint."""

from fractions import Fraction

import keras
import numpy as np
import tensorflow as tf
from keras import layers

import lenet_keras as lk


def conv(filters=6, window=5, name="C1", activation="tanh", **more):
    return layers.Conv2D(filters, window, activation=activation, name=name, **more)


def pool(name="S2", kind=layers.AveragePooling2D, **more):
    return kind(2, name=name, **more)


def dense(units=84, name="F6", activation="tanh"):
    return layers.Dense(units, activation=activation, name=name)


def connections(n, k, m, M):  # noqa: N803
    units = (n - k + 1) ** 2 * M
    return units * (k**2 * m + 1)


def by_keras(a, b, c, d):
    return lk.anatomy(keras.Sequential([keras.Input((a, a, c)), keras.layers.Conv2D(d, b)])).connections


def without_bias(a, b, c, d):
    return (a - b + 1) ** 2 * d * b**2 * c


def by_loop(a, b, c, d):
    return sum(b * b * c + 1 for _ in range((a - b + 1) ** 2) for _ in range(d))


def by_keyword(*, n, k, m, M):  # noqa: N803
    return connections(n, k, m, M)


def parameters(a, b, c, d):
    return d * (b**2 * c + 1)


def through_the_layers(width):
    return int(np.floor((np.floor((width - 4) / 2) - 4) / 2)) - 4


def by_model(width):
    stack = [layer for layer in lk.lenet5().layers if layer.name != "flatten"]
    return keras.Sequential([keras.Input((32, width, 1)), *stack]).output_shape[2]


def plan(activation="tanh", kind=layers.AveragePooling2D, last=None, side=28, filters=4, outputs=10):
    return keras.Sequential(
        [
            keras.Input((side, side, 1)),
            layers.Conv2D(filters, 5, activation=activation), kind(2),
            layers.Conv2D(12, 5, activation=activation), kind(2),
            layers.Flatten(), layers.Dense(outputs, activation=last),
        ]
    )  # fmt: skip


def functional():
    image = keras.Input((28, 28, 1))
    x = layers.AveragePooling2D(2)(layers.Activation("tanh")(layers.Conv2D(4, (5, 5))(image)))
    x = layers.AveragePooling2D(2)(keras.ops.tanh(layers.Conv2D(12, (5, 5))(x)))
    return keras.Model(image, layers.Dense(10)(layers.Reshape((192,))(x)))


def small(*chain, side=32, last=None):
    return keras.Sequential([keras.Input((side, side, 1)), *chain, layers.Flatten(), layers.Dense(10, activation=last)])


def strided(activation="relu", **more):
    return [
        layers.Conv2D(3, 6, strides=2, activation=activation), layers.MaxPooling2D(2),
        layers.Conv2D(8, 5, activation="tanh"), layers.Conv2D(16, 3, activation="tanh", **more),
    ]  # fmt: skip


def pooled_first():
    return [
        layers.AveragePooling2D(2), layers.Conv2D(4, 5), layers.Activation("tanh"), layers.AveragePooling2D(2),
        layers.Conv2D(8, 5, activation="relu"), layers.MaxPooling2D(2),
    ]  # fmt: skip


def lenet_layers():
    return [layer for layer in lk.lenet5().layers[:5]]


RIGHT = {
    "04.a": [
        (conv(), (28, 28, 6), 156),
        [conv(6, (5, 5)), [28, 28, 6], 156.0],
        (conv(strides=1, padding="valid"), np.array([28, 28, 6]).tolist(), np.int64(156)),
    ],
    "04.b": [
        (pool(), (14, 14, 6), 0),
        (pool(strides=2), [14, 14, 6], 0.0),
        [layers.AveragePooling2D((2, 2), name="S2"), (14, 14, 6), 0],
    ],
    "04.c": [
        (conv(16, name="C3"), (10, 10, 16), 2416),
        [conv(16, (5, 5), "C3"), [10, 10, 16], 2416],
        (conv(16, name="C3"), (10, 10, 16), (5 * 5 * 6 + 1) * 16.0),
    ],
    "04.d": [
        (pool("S4"), (5, 5, 16), 0),
        [pool("S4"), [5, 5, 16], 0],
        (pool("S4", strides=(2, 2)), (5, 5, 16), 0.0),
    ],
    "04.e": [
        (conv(120, name="C5"), (1, 1, 120), 48_120),
        [conv(120, name="C5"), [1, 1, 120], 48_120],
        (conv(120, (5, 5), "C5"), (1, 1, 120), np.float64(48_120)),
    ],
    "04.f": [(dense(), (84,), 10_164), (dense(), 84, 10_164), [dense(), [84], 10_164.0]],
    "04.g": [
        (dense(10, "output", None), (10,), 850),
        (dense(10, "output", "linear"), 10, 850),
        [layers.Dense(10, name="output"), [10], 850],
    ],
    "04.h": [connections, by_keras, by_loop, lambda *each: np.array([float(connections(*each))])],
    "04.i": [
        lambda r, t, k, s: (r + (k - 1) * t, t * s),
        lambda r, t, k, s: [r + k * t - t, s * t],
        lambda r, t, k, s: (np.float64(r + (k - 1) * t), np.array(t * s)),
    ],
    "04.1": [880, 880.0, np.int64(880), np.float32(880), tf.constant(880), np.array([880]), [880], Fraction(880)],
    "04.2": [lambda width: (width - 32) // 4 + 1, through_the_layers, by_model, lambda w: w // 4 - 7],
    "04.3": [62_558, 62558.0, np.array(62558)],
    "04.4": [[14, 27], (14, 27), np.array([14.0, 27.0])],
    "04.5": ["C3", "c3", " C3 "],
    "04.6": [plan(), functional(), lk.models.keras.models.clone_model(plan())],
    "04.7": [
        small(*strided()),
        small(*pooled_first()),
        small(*strided("tanh"), layers.Dense(12, activation="relu")),
    ],
}  # fmt: skip
WRONG = {
    "04.a": [
        (conv(), "the layer alone"),
        ((conv(), (28, 28, 6)), "three things"),
        ((28, 28, 6), "the first of the three is a layer"),
        ((conv(), (None, 28, 28, 6), 156), "leave None out"),
        ((pool("C1"), (28, 28, 6), 156), "of the kind Conv2D, but yours is AveragePooling2D"),
        ((conv(5, 6), (28, 28, 6), 156), "number of filters should be 6, but yours is 5"),
        ((conv(activation=None), (28, 28, 6), 156), "activation should be tanh, but yours is none"),
        ((conv(padding="same"), (32, 32, 6), 156), "padding should be valid"),
        ((conv(name="c1"), (28, 28, 6), 156), "name should be C1"),
        ((conv(), (6, 28, 28), 156), "in another order"),
        ((conv(), (32, 32, 6), 156), "fewer than 32 places"),
        ((conv(), (27, 27, 6), 156), "and one more"),
        ((conv(), (28, 28), 156), "how many maps"),
        ((conv(), "28x28", 156), "is a shape"),
        ((conv(), (28, 28, 6), 150), "has a bias"),
        ((conv(), (28, 28, 6), 151), "a bias of its own"),
        ((conv(), (28, 28, 6), 900), "but not the number of parameters"),
        ((conv(), (28, 28, 6), "156"), "without quotes"),
    ],
    "04.b": [
        ((pool(kind=layers.MaxPooling2D), (14, 14, 6), 0), "S2 should be of the kind AveragePooling2D"),
        ((pool(), (14, 14, 6), None), "0 if the layer has no parameters"),
        ((pool(), (14, 14, 1), 0), "6 maps come out"),
        ((pool(strides=1), (27, 27, 6), 0), "stride should be (2, 2), but yours is (1, 1)"),
        ((pool(), (27, 27, 6), 0), "move by 2"),
        ((pool(), (14, 14, 6), 12), "the article's S2"),
    ],
    "04.c": [
        ((conv(16, name="C3"), (10, 10, 16), 416), "a window on all 6"),
        ((conv(16, name="C3"), (10, 10, 16), 2400), "without biases"),
        ((conv(16, name="C3"), (10, 10, 96), 2416), "16 filters make 16 maps"),
        ((conv(16, name="C3"), (10, 10, 16), 1516), "the article's C3"),
        ((conv(6, name="C3"), (10, 10, 16), 2416), "number of filters should be 16"),
    ],
    "04.d": [
        ((pool("S4"), (9, 9, 16), 0), "not by 1"),
        ((pool("S2"), (5, 5, 16), 0), "name should be S4"),
        ((pool("S4"), (5, 5, 16), 32), "nothing to learn"),
    ],
    "04.e": [
        ((conv(120, name="C5"), (120,), 48_120), "still three axes"),
        ((conv(120, name="C5"), (1, 1, 120), 48_000), "without biases"),
        ((dense(120, "C5"), (1, 1, 120), 48_120), "of the kind Conv2D, but yours is Dense"),
        ((conv(120, name="C5"), (5, 5, 120), 48_120), "at one place only"),
    ],
    "04.f": [
        ((dense(82), (82,), 9_922), "number of units should be 84, but yours is 82"),
        ((dense(), (84,), 10_080), "without biases"),
        ((dense(activation="relu"), (84,), 10_164), "activation should be tanh, but yours is relu"),
    ],
    "04.g": [
        ((dense(10, "output", "softmax"), (10,), 850), "activation should be none, but yours is softmax"),
        ((dense(10, "output", None), (10,), 840), "without biases"),
        ((dense(10, "output", None), (10,), 1_210), "84 numbers, not 120"),
    ],
    "04.h": [
        (without_bias, "biases are missing"),
        (parameters, "not the parameters"),
        (lambda a, b, c, d: without_bias(a, b, c, d) + d, "not each map only one"),
        (lambda a, b, c, d: (a - b + 1) ** 2 * d * (b * b + 1) * c, "not one for each incoming map"),
        (lambda a, b, c, d: (a - b + 1) ** 2 * d * (b * b + 1), "not on one"),
        (lambda a, b, c, d: a**2 * d * (b * b * c + 1), "fewer than n · n"),
        (lambda a, b, c, d: connections(a, b, d, c), "exchanged"),
        (by_keyword, "your function raised TypeError"),
        (lambda a, b, c, d: a**2, "should be 122,304, but it is 1,024"),
        (connections(32, 5, 1, 6), "give the function itself"),
        (lambda a, b, c, d: print(end=""), "does it end in return"),
    ],
    "04.i": [
        (lambda r, t, k, s: (r + k - 1, t * s), "t pixels apart"),
        (lambda r, t, k, s: (r + k * t, t * s), "only k - 1 of them"),
        (lambda r, t, k, s: (r + (k - 1) * s, t * s), "apart, not s"),
        (lambda r, t, k, s: (r + (k - 1) * t * s, t * s), "comes later"),
        (lambda r, t, k, s: (r + (k - 1) * t, s), "has a step too"),
        (lambda r, t, k, s: (r + (k - 1) * t, t), "stride is missing"),
        (lambda r, t, k, s: (r + (k - 1) * t, t + s), "multiplied"),
        (lambda r, t, k, s: r + (k - 1) * t, "a tuple of 2 arrays"),
    ],
    "04.1": [
        (864, "without biases"),
        (2416, "not 5×5"),
        (960, "not one for each incoming map"),
        (160, "for one incoming map"),
        (900, "window of 3×3 numbers"),
        ("880", "give the number, without quotes"),
        ("one", "without quotes"),
        ((880, 3), "yours has 2"),
        (connections, "not a function"),
        (float("nan"), "one finite number"),
        (True, "not True or False"),
    ],
    "04.2": [
        (lambda width: (width - 32) // 4, "at the left edge"),
        (lambda width: width - 31, "4 pixels apart"),
        (lambda width: (width - 32) / 4 + 1, "round down"),
        (lambda width: width // 32, "the windows overlap"),
        (lambda width: width // 4, "a whole field of 32"),
        (lambda width: -(-(width - 32) // 4) + 1, "hang over the edge"),
        (lambda width: (width - 32) // 2 + 1, "two pooling layers"),
        (6, "give the function itself"),
    ],
    "04.3": [(61_758, "C3 too sees 8"), (62_506, "C1 itself too"), (61_706, "6 maps in C1"), (61_714, "two layers")],
    "04.4": [
        ([7, 20], "not 1 but 2"),
        ([14, 28], "13 further on"),
        ([15, 28], "counted from 0"),
        ([8, 21], "in column 4"),
        ([27, 14], "first, then last"),
        ([10, 23], "2 pixels apart"),
        (14, "a list of 2 numbers"),
    ],
    "04.5": [
        ("F6", "look where these come from"),
        ("C5", "look further back"),
        ("S4", "what does it get"),
        ("C1", "not 1,080"),
        ("output", "1,080 + 1"),
        ("C7", "the layers are called"),
        (3, "as text"),
    ],
    "04.6": [
        (plan("relu"), "end in ReLU"),
        (plan(None), "no tanh"),
        (plan(kind=layers.MaxPooling2D), "not the maximum"),
        (plan(last="softmax"), "no activation"),
        (plan(side=32), "the images are 28×28×1"),
        (plan(filters=6), "have the shape (5, 5, 1, 6), but should have (5, 5, 1, 4)"),
        (plan(outputs=84), "ten numbers come out"),
        (keras.Sequential, "a Keras model, not"),
    ],
    "04.7": [
        (small(*lenet_layers()), "needs 406,800 multiply-accumulates"),
        (small(*strided(), side=36), "the images are 32×32×1"),
        (small(*strided(), last="softmax"), "no activation"),
        (small(*strided(None)), "does not end in tanh or ReLU"),
        (small(*strided()[:3]), "sees 24×24 pixels"),
        (small(layers.Conv2D(2, 5, activation="tanh")), "but yours has 1"),
        (small(*strided(padding="same")), "without padding"),
        (functional(), "the images are 32×32×1"),
    ],
}
