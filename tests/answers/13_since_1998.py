"""Answers to the turns and exercises of lesson 13: right ones in several forms, wrong ones with words of their hint."""

import keras
import numpy as np
import tensorflow as tf
from scipy import stats

import lenet_keras as lk

layers = keras.layers


def interval(d, factor=None, ddof=1, root=np.sqrt):
    half = (factor or stats.t.ppf(0.975, len(d) - 1)) * d.std(ddof=ddof) / root(len(d))
    return d.mean() - half, d.mean() + half


def by_scipy(d):
    return stats.t.interval(0.95, len(d) - 1, loc=d.mean(), scale=stats.sem(d))


def dropped(values, share, rng, divide=True):
    stays = rng.random(values.shape) >= share
    return np.where(stays, values / (1 - share) if divide else values, 0)


def in_place(values, share, rng):
    values *= (rng.random(values.shape) >= share) / (1 - share)
    return values


def normalised(x, scale, shift):
    return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 0.001) * scale + shift


def by_keras(x, scale, shift):
    layer = layers.BatchNormalization()
    layer.build(x.shape)
    layer.gamma.assign(scale)
    layer.beta.assign(shift)
    return layer(x, training=True)


def block(x, skip, start="glorot_uniform", inner=None, padding="same", around=True, outer=None):
    inside = layers.Conv2D(16, 3, padding="same", activation="relu", kernel_initializer=start)(x)
    inside = layers.Conv2D(16, 3, padding=padding, activation=inner, kernel_initializer=start)(inside)
    if skip and around:
        inside = layers.Add()([inside, x])
    return inside if outer == "none" else layers.ReLU()(inside)


def block_by_plus(x, skip, start="glorot_uniform"):
    inside = layers.Conv2D(16, 3, padding="same", kernel_initializer=start)(x)
    inside = layers.Conv2D(16, (3, 3), padding="same", kernel_initializer=start)(layers.ReLU()(inside))
    return layers.Activation("relu")(inside + x if skip else inside)


def block_without(x, skip, start="glorot_uniform", **how):
    inside = layers.Conv2D(16, 3, padding="same", activation="relu", kernel_initializer=start)(x)
    inside = layers.Conv2D(16, 3, padding="same", **how)(inside)
    return layers.ReLU()(layers.add([x, inside]) if skip else inside)


def block_by_ops(x, skip, start):
    inside = layers.Conv2D(16, 3, padding="same", activation="relu", kernel_initializer=start)(x)
    inside = layers.Conv2D(16, 3, padding="same", kernel_initializer=start)(inside)
    return keras.ops.relu(keras.ops.add(x, inside) if skip else inside)


def one_convolution(x, skip, start):
    return layers.ReLU()(layers.Conv2D(16, 3, padding="same")(x))


def errors_of(name):
    record = lk.load_record("changes")
    runs = [run for run in record["results"] if run["setting"] == name and run["seed"] < 100]
    return np.array([100 * run["errors"] / record["settings"]["judged_digits"] for run in runs])


RELU = errors_of("ReLU") - errors_of("old style")


def momentum(w, velocity, slope, rate, kept):
    velocity = kept * velocity - rate * slope
    return w + velocity, velocity


def momentum_in_place(w, velocity, slope, rate, kept):
    velocity *= kept
    velocity -= rate * slope
    return w + velocity, velocity


def answering(x, mean, variance, scale, shift):
    return (x - mean) / np.sqrt(variance + 0.001) * scale + shift


def answering_by_keras(x, mean, variance, scale, shift):
    layer = layers.BatchNormalization()
    layer.build(x.shape)
    layer.set_weights([scale, shift, mean, variance])
    return layer(x)


def counted(few):
    names = ("another start", "ReLU", "max pooling", "momentum", "Adam", "falling rate")
    rows = [errors_of(name) - errors_of("old style") for name in names]
    if few:
        names = ("dropout", "batch normalisation", "weight decay")
        rows = [errors_of(p + name) - errors_of(p + "today") for p in ("", "few: ") for name in names]
    return sum(bool(low <= 0 <= high) for low, high in map(interval, rows))


ZERO = [counted(False), counted(True)]


def shrinking(skip=1, bias=True, activation=None, blocks=3, maps=32, add=None, bend=None, skip_bend=None):
    add, bend = add or layers.add, bend or layers.ReLU()
    x = image = keras.Input((32, 32, 1))
    x = layers.Conv2D(16, 5, strides=2, padding="same", activation="relu")(x)
    x = layers.MaxPooling2D(2)(x)
    for number, (width, step) in enumerate([(16, 1), (maps, 2), (maps, 1)][:blocks]):
        inside = layers.Conv2D(width, 3, strides=step, padding="same", activation="relu")(x)
        inside = layers.Conv2D(width, 3, padding="same")(inside)
        if number == 1:
            how = {"strides": 2, "padding": "same", "use_bias": bias, "activation": skip_bend}
            x = layers.Conv2D(width, skip, **how)(x)
        x = bend(add([x, inside]))
    return keras.Model(image, layers.Dense(10, activation=activation)(layers.Flatten()(x)))


def trained(piece):
    """The course's trained network with a piece of this lesson in it that changes nothing."""
    shipped = lk.load_lenet5()
    return keras.Sequential([keras.Input((32, 32, 1)), *shipped.layers[:-1], piece, shipped.layers[-1]])


def around():
    shipped = lk.load_lenet5()
    image = keras.Input((32, 32, 1))
    logits = shipped(image)
    return keras.Model(image, layers.Add()([logits, logits]))


ON_MNIST = {"13.6"}

RIGHT = {
    "13.a": [interval, by_scipy, lambda d: np.array(interval(d)), lambda d: list(interval(d))],
    "13.b": [
        dropped,
        lambda values, share, rng: values * (rng.random(values.shape) < 1 - share) / (1 - share),
        lambda values, share, rng: tf.constant(dropped(values, share, rng)),
    ],
    "13.c": [normalised, by_keras, lambda *each: tf.constant(normalised(*each))],
    "13.d": [block, block_by_plus, block_by_ops],
    "13.1": [40.13, 40.1, 40, 0.4013, 100 * (1 - 0.95**10), [40.1]],
    "13.2": [
        momentum,
        lambda *each: list(momentum(*each)),
        lambda *each: tuple(tf.constant(part) for part in momentum(*each)),
    ],
    "13.3": [answering, answering_by_keras, lambda *each: tf.constant(answering(*each))],
    "13.4": [ZERO, tuple(ZERO), np.array(ZERO), [float(each) for each in ZERO]],
    "13.5": [
        shrinking(),
        shrinking(activation="linear"),
        shrinking(add=lambda pair: pair[0] + pair[1], bend=layers.Activation("relu")),
        shrinking(bend=keras.ops.relu),
        keras.models.clone_model(shrinking()),
    ],
    "13.6": [trained(layers.Dropout(0.5)), trained(layers.BatchNormalization()), around()],
}
WRONG = {
    "13.a": [
        (lambda d: interval(d, root=lambda n: 1), "divide by np.sqrt(n)"),
        (lambda d: interval(d, root=lambda n: n), "not by n"),
        (lambda d: interval(d, factor=1), "multiply it by t"),
        (lambda d: interval(d, factor=1.96), "1.96 is for many"),
        (lambda d: interval(d, ddof=0), "std(ddof=1)"),
        (lambda d: interval(d)[::-1], "the lower end comes first"),
        (lambda d: np.array(interval(d)) - d.mean(), "add differences.mean()"),
        (lambda d: interval(d)[0], "give back two numbers"),
        (interval(RELU), "give the function itself"),
    ],
    "13.b": [
        (lambda *each: dropped(*each, divide=False), "must be divided by 1 - share"),
        (lambda v, s, rng: v * (rng.random(v.shape) < s) / (1 - s), "it drops what should stay"),
        (lambda v, s, rng: v * (rng.random(v.shape) >= s) / s, "not by share"),
        (lambda v, s, rng: v * (rng.random((len(v), 1)) >= s) / (1 - s), "draw a random number for each"),
        (lambda v, s, rng: dropped(v, s, np.random.default_rng(0)), "from rng"),
        (lambda v, s, rng: rng.random(v.shape) >= s, "must give back an array of numbers"),
        (in_place, "give back a new array"),
        (lambda v, s, rng: v, "here 0 % are"),
    ],
    "13.c": [
        (lambda x, g, b: (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 0.001), "scale and shift are missing"),
        (
            lambda x, g, b: (x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + 0.001) * g + b,
            "axis=0, not axis=1",
        ),
        (lambda x, g, b: (x - x.mean()) / np.sqrt(x.var() + 0.001) * g + b, "a variance of its own"),
        (lambda x, g, b: (x - x.mean(axis=0)) / (x.var(axis=0) + 0.001) * g + b, "the root of the variance"),
        (lambda x, g, b: (x - x.mean(axis=0)) / x.std(axis=0) * g + b, "the 0.001 under the root is missing"),
        (lambda x, g, b: (x - x.mean(axis=0)) / (x.std(axis=0) + 0.001) * g + b, "before the root"),
        (lambda x, g, b: x.mean(axis=0), "the result has the shape of x"),
    ],
    "13.d": [
        (lambda x, skip, start: block(x, skip, start, around=False), "what comes in is not added"),
        (lambda x, skip, start: block(x, skip, start, inner="relu"), "add first, then ReLU"),
        (lambda x, skip, start: block(x, True, start), "nothing may lead around"),
        (one_convolution, "a block has two convolutions, not 1"),
        (lambda x, skip, start: block(x, False, start, padding="valid"), "keep the maps at 8×8×16"),
        (block_without, "draw their weights by start"),
        (lambda *each: block_without(*each, use_bias=False), "both convolutions have biases"),
        (lambda x, skip, start: 7, "a stack of maps"),
        (lambda x: block(x, True), "your function raised TypeError"),
    ],
    "13.1": [
        (50, "counts the cases twice"),
        (0.5, "on the average"),
        (5, "that is one interval"),
        (59.87, "none of them misses 0"),
        (0.5987, "none of them misses 0"),
        (31.5, "exactly one"),
        ("40 %", "give the number, without quotes"),
    ],
    "13.2": [
        (lambda *each: momentum(*each)[::-1], "first w, then the velocity"),
        (lambda w, v, s, r, k: (w - r * s, k * v - r * s), "not only the slope's part"),
        (lambda w, v, s, r, k: (w + v, k * v - r * s), "you took the old one"),
        (lambda w, v, s, r, k: (w + k * v + r * s, k * v + r * s), "the step leads against the slope"),
        (lambda w, v, s, r, k: (w - k * v - r * s, k * v + r * s), "leads downhill"),
        (lambda w, v, s, r, k: (w + r * (k * v - s), k * v - s), "part of the velocity"),
        (lambda w, v, s, r, k: (w + k * v - r * s, v), "the velocity to give back is the new one"),
        (lambda *each: momentum(*each)[0], "a tuple of 2 arrays"),
        (momentum_in_place, "changes the arrays"),
    ],
    "13.3": [
        (lambda x, m, v, g, b: normalised(x, g, b), "still the batch's own mean and variance"),
        (lambda x, m, v, g, b: (x - x.mean(axis=0)) / np.sqrt(v + 0.001) * g + b, "still the batch's own mean"),
        (lambda x, m, v, g, b: (x - m) / (v + 0.001) * g + b, "the root of the variance"),
        (lambda x, m, v, g, b: (x - m) / np.sqrt(v + 0.001), "scale and shift are missing"),
        (lambda x, m, v, g, b: (x - m) / np.sqrt(v) * g + b, "the 0.001 under the root is missing"),
        (lambda x, m, v, g, b: x[0], "the result has the shape of x"),
    ],
    "13.4": [
        ([6 - ZERO[0], 6 - ZERO[1]], "asked are the others"),
        ([ZERO[0] - 1, ZERO[1]], "the control counts too"),
        ([ZERO[0], ZERO[1] + 7], "the first number is right"),
        ([ZERO[0] + 7, ZERO[1]], "the second number is right"),
        (sum(ZERO), "a list of 2 numbers"),
    ],
    "13.5": [
        (shrinking(skip=3), "the window of the skip is 1×1"),
        (shrinking(bias=False), "that of the skip too"),
        (shrinking(skip_bend="relu"), "see where the ReLUs are"),
        (shrinking(bend=layers.Identity()), "see where the ReLUs are"),
        (shrinking(activation="softmax"), "no activation, but it has softmax"),
        (shrinking(blocks=2), "yours has 2"),
        (shrinking(maps=16), "the three sums have shapes"),
        (lk.lenet5_slides(), "from (32, 32, 1) to 10 logits"),
        ("a model", "the answer is a Keras model"),
    ],
    "13.6": [
        (lk.lenet5(), "nothing of this lesson"),
        (lk.lenet5("relu"), "that of guessing"),
        (
            keras.Sequential([keras.Input((32, 32, 1)), layers.Flatten(), layers.Dense(300), layers.Dense(10)]),
            "more than",
        ),
        (lk.lenet5_slides(), "from (32, 32, 1) to 10 logits"),
        ("modern", "the answer is a Keras model"),
    ],
}
