"""Answers to the turns and exercises of lesson 15: right ones in several forms, wrong ones with words of their hint."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops
from scipy import special, stats

import lenet_keras as lk

D = lk.layers.bitmaps()


def by_sums(x, vectors):
    return (x**2).sum(axis=1, keepdims=True) - 2 * x @ vectors.T + (vectors**2).sum(axis=1)


def loss_of(rule):
    """A loss class whose call is `rule(labels, distances, j)`."""

    class Mine(keras.losses.Loss):
        def __init__(self, j=1.0):
            super().__init__()
            self.j = j

        def call(self, labels, distances):
            return rule(labels, distances, self.j)

    return Mine


def eleven(distances, j, sign=-1, first=False):
    rubbish = ops.full_like(distances[:, :1], -j)
    parts = [rubbish, sign * distances] if first else [sign * distances, rubbish]
    return ops.concatenate(parts, axis=1)


def crossed(labels, logits, from_logits=True):
    return keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=from_logits)


def printed(labels, distances, j):
    right = ops.take_along_axis(distances, ops.reshape(labels, (-1, 1)), axis=1)[:, 0]
    return right + ops.logsumexp(eleven(distances, j), axis=1)


def by_shares(labels, distances, j):
    p = ops.softmax(eleven(distances, j))
    return -ops.log(ops.sum(p * ops.one_hot(labels, 11), axis=1))


def slopes(y, label, j, one=1.0, sign=-1, rubbish=True):
    p = special.softmax(np.append(-y, -j) if rubbish else -y)[:10]
    found = sign * p
    found[label] += one
    return found


def slopes_by_tape(y, label, j):
    y = tf.constant(y[None])
    with tf.GradientTape() as tape:
        tape.watch(y)
        loss = lk.layers.MaximumAPosteriori(j)(np.array([label]), y)
    return tape.gradient(loss, y)[0]


def slopes_in_a_list(y, label, j):
    return list(slopes(y, label, j))


P = special.softmax([-2.0, -3.0, -50.0, -1.0])[:3]
HAND = np.array([1.0, 0, 0]) - P


def mended(y, label, j):
    return y[label] + np.log(np.exp(-j) + np.exp(-y).sum())


def errors_of(name):
    record = lk.load_record("codes")
    runs = [run["errors"] for run in record["results"] if run["setting"] == name]
    return 100 * np.array(runs) / record["settings"]["judged_digits"]


def interval(gaps):
    return np.array(stats.t.interval(0.95, len(gaps) - 1, loc=gaps.mean(), scale=stats.sem(gaps)))


CODE, RANDOM = errors_of("error-correcting code"), errors_of("random codes")
ENDS = interval(CODE - RANDOM)


def codes(seed=0, fewest=25):
    for number in range(seed, 1000):
        found = np.random.default_rng(number).choice([-1.0, 1.0], (10, 84))
        if (found[:, None] != found).sum(axis=2)[np.triu_indices(10, 1)].min() >= fewest:
            return found
    raise AssertionError


def reader(code, last=None, negative=False):
    """A network that reads as the course's trained one does, and then writes the digit's code."""
    body = [*lk.load_lenet5().layers, layers.Softmax()]
    code = np.asarray(code, "float32")
    last = last or lk.layers.EuclideanRBF(code)
    model = keras.Sequential([keras.Input((32, 32, 1)), *body, layers.Dense(84, use_bias=False), last])
    model.layers[-2].set_weights([-code if negative else code])
    return model


ON_MNIST = {"15.6"}

RIGHT = {
    "15.a": [
        lambda x, v: ((x[:, None] - v) ** 2).sum(axis=2),
        by_sums,
        lambda x, v: tf.reduce_sum((x[:, None] - v) ** 2, axis=-1),
        lambda x, v: [[sum((a - b) ** 2) for b in v] for a in x],
    ],
    "15.b": [
        loss_of(lambda labels, y, j: crossed(labels, eleven(y, j))),
        loss_of(printed),
        loss_of(by_shares),
        loss_of(lambda labels, y, j: np.asarray(printed(labels, y, j), "float64")),
    ],
    "15.c": [slopes, slopes_by_tape, slopes_in_a_list],
    "15.1": [[80, 20], (80.0, 20.0), np.array([80, 20])],
    "15.2": [HAND, list(HAND.round(3)), tuple(HAND.round(4)), [0.755, -0.09, 0]],
    "15.3": [15, 15.0, np.int64(15), [15]],
    "15.4": [
        mended,
        lambda y, label, j: tf.constant(mended(y, label, j)),
        lambda y, label, j: y[label] + special.logsumexp(np.append(-y, -j)),
        lambda y, label, j: -np.log(special.softmax(np.append(-y, -j))[label]),
    ],
    "15.5": [ENDS, tuple(ENDS), [round(end, 2) for end in ENDS.tolist()]],
    "15.6": [reader(codes()), reader(codes(500)), reader(codes(100, 30))],
}
WRONG = {
    "15.a": [
        (lambda x, v: (x[:, None] - v) ** 2, "add up along the axis of the points"),
        (lambda x, v: ((x[:, None] - v) ** 2).sum(axis=1), "adds up along the ten drawings"),
        (lambda x, v: ((x[:, None] - v) ** 2).sum(axis=0), "adds up along the images"),
        (lambda x, v: abs(x[:, None] - v).sum(axis=2), "without their sign"),
        (lambda x, v: np.sqrt(((x[:, None] - v) ** 2).sum(axis=2)), "that is the root"),
        (lambda x, v: ((x[:, None] - v) ** 2).mean(axis=2), "that is the mean"),
        (lambda x, v: (x[:, None] - v).sum(axis=2) ** 2, "square first"),
        (lambda x, v: (x[:, None] - v).sum(axis=2), "square each difference"),
        (D, "give the function itself"),
    ],
    "15.b": [
        (loss_of(lambda labels, y, j: crossed(labels, eleven(y, j, sign=1))), "minus the distances"),
        (loss_of(lambda labels, y, j: crossed(labels, eleven(y, j, first=True))), "put it last"),
        (loss_of(lambda labels, y, j: crossed(labels, -y)), "the eleventh logit is missing"),
        (loss_of(lambda labels, y, j: -printed(labels, y, j)), "the sign"),
        (loss_of(lambda labels, y, j: ops.exp(-printed(labels, y, j))), "that is the probability"),
        (loss_of(lambda labels, y, j: ops.mean(printed(labels, y, j))), "one number for each image"),
        (loss_of(lambda labels, y, j: y[np.arange(len(y)), labels]), "that is equation 8"),
        (loss_of(lambda labels, y, j: crossed(labels, eleven(y, j), from_logits=False)), "from_logits=True"),
        (lambda j: 3, "give the class itself"),
        (lk.layers.MaximumAPosteriori(1.0), "your function raised TypeError"),
    ],
    "15.c": [
        (lambda y, label, j: -slopes(y, label, j), "these are the slopes on the logits"),
        (lambda y, label, j: slopes(y, label, j, sign=1), "on a wrong distance the slope is −p"),
        (lambda y, label, j: slopes(y, label, j, one=0.0), "1 is to be added"),
        (lambda y, label, j: slopes(y, label, j, one=-1.0), "not taken away"),
        (lambda y, label, j: slopes(y, label, j, rubbish=False), "the eleventh class is missing"),
        (lambda y, label, j: np.eye(10)[label], "that is equation 8"),
        (lambda y, label, j: np.append(slopes(y, label, j), 0), "the eleventh logit, -j, never changes"),
    ],
    "15.1": [
        ([20, 5], "a difference of 2"),
        ([40, 20], "square the difference of 2"),
        ([80, 40], "halfway it is not half"),
        ([20, 80], "a difference of 2"),
        ([80**0.5, 20**0.5], "no root"),
        ([80, 7], "the second is not"),
        (80, "a list of 2 numbers"),
    ],
    "15.2": [
        (P - [1, 0, 0], "turn all signs round"),
        (-P, "1 is to be added"),
        (P, "these are the probabilities"),
        ([1, 0, 0] - special.softmax([-2.0, -3, -50]), "the term for j is missing"),
        ([1, 0, 0], "that is equation 8"),
        ([1, 0, 0] - special.softmax([-2.0, -3, -50, 1])[:3], "e to the +j"),
        ([1, 2], "a list of 3 numbers"),
    ],
    "15.3": [
        (11, "all three are equally probable"),
        (13, "that is for 10 %"),
        (16, "two terms"),
        (14.9, "a whole number"),
        ("15", "without quotes"),
    ],
    "15.4": [
        (
            lambda y, label, j: y[label] + np.log(np.exp(-j) + np.exp(-np.delete(y, label)).sum()),
            "the right class is still left out",
        ),
        (lambda y, label, j: y[label] + np.log(np.exp(-y).sum()), "the term for j is gone"),
        (lambda y, label, j: y[label] + np.log(np.exp(j) + np.exp(-y).sum()), "e to the −j"),
        (lambda y, label, j: -mended(y, label, j), "the logarithm of the probability"),
        (lambda y, label, j: mended(y, label, j) - y[label], "the distance to the right drawing is missing"),
    ],
    "15.5": [
        (-ENDS[::-1], "the other way round"),
        (ENDS[::-1], "the lower end comes first"),
        (interval(CODE - errors_of("drawings")), "minus the drawings"),
        (interval(RANDOM - errors_of("drawings")), "random codes minus drawings"),
        ((CODE - RANDOM).mean(), "a list of 2 numbers"),
        (ENDS / 100, "give percentage points"),
    ],
    "15.6": [
        (lk.lenet5(), "the last layer must be"),
        (lk.lenet5_1998(), "differ in 11 points only"),
        (lk.lenet5_1998(centres=codes()), "the goal is below"),
        (lk.lenet5_1998(centres=0.5 * codes()), "+1 and −1 only"),
        (reader(codes(), negative=True), "the largest output answers better"),
        ("mine", "the answer is a Keras model"),
    ],
}
