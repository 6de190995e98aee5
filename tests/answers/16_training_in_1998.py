"""Answers to the turns and exercises of lesson 16: right ones in several forms, wrong ones with words of their hint."""

import functools
import math
from fractions import Fraction

import keras
import numpy as np
import tensorflow as tf

import lenet_keras as lk


def moved(weight, slope, h, eta, mu):
    return weight - eta / (mu + h) * slope


def moved_in_place(weight, slope, h, eta, mu):
    weight -= eta / (mu + h) * slope
    return weight


def backward(x, w, slope, h_out):
    h_sum = slope**2 * h_out
    return x[:, None] ** 2 * h_sum, w**2 @ h_sum


def backward_by_loops(x, w, slope, h_out):
    h_sum = [s * s * h for s, h in zip(slope, h_out, strict=True)]
    table = [[x[i] ** 2 * h for h in h_sum] for i in range(len(x))]
    return table, [sum(w[i, u] ** 2 * h for u, h in enumerate(h_sum)) for i in range(len(x))]


def backward_by_outer(x, w, slope, h_out):
    return np.outer(x**2, slope**2 * h_out), (w * w).dot(slope**2 * h_out)


def mistaken(slope_power=2, x_power=2, w_power=2):
    def rule(x, w, slope, h_out):
        h_sum = slope**slope_power * h_out
        return x[:, None] ** x_power * h_sum, w**w_power @ h_sum

    return rule


def largest(times, v, rounds):
    for _ in range(rounds):
        v = v / np.linalg.norm(v)
        v = times(v)
    return np.linalg.norm(v)


def largest_by_root(times, v, rounds):
    for _ in range(rounds):
        v = times(v / math.sqrt(sum(v**2)))
    return float(np.sqrt(v @ v))


def largest_as_tensor(times, v, rounds):
    for _ in range(rounds):
        v = tf.constant(times(v / tf.norm(v)))
    return tf.norm(v)


def without_division(times, v, rounds):
    for _ in range(rounds):
        v = times(v)
    return np.linalg.norm(v)


def divided_last(times, v, rounds):
    for _ in range(rounds):
        v = times(v)
        v = v / np.linalg.norm(v)
    return np.linalg.norm(v)


def shared(x, h_sums, size):
    return [(x[j : j + len(h_sums)] ** 2 * h_sums).sum() for j in range(size)]


def shared_by_correlation(x, h_sums, size):
    return np.correlate(x**2, h_sums, "valid")


def shared_by_places(x, h_sums, size):
    total = np.zeros(size)
    for place, h in enumerate(h_sums):
        total += x[place : place + size] ** 2 * h
    return total


def windows(x, h_sums, size):
    return np.array([x[j : j + len(h_sums)] for j in range(size)])


@functools.cache
def highest():
    digits = lk.load_digits()
    sample = digits.x_train[lk.split(digits)[0][:500]]
    found = []
    for seed in range(5):
        keras.utils.set_random_seed(seed)
        found.append(
            max((0.0005 / (0.02 + h.numpy())).max() for h in lk.training_1998.curvature(lk.lenet5_1998(), sample))
        )
    return [min(found), max(found)]


class Late:
    """A list that is computed when it is first looked at."""

    def __init__(self, change=lambda pair: pair):
        self.change = change

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self.change(np.array(highest())), dtype)


@functools.cache
def fitted(count=10_000):
    """A network that reaches the goal in a second: its F6 solves for the drawings, on the layers as they start."""
    digits = lk.load_digits()
    learn = lk.split(digits)[0][:count]
    keras.utils.set_random_seed(0)
    network = lk.lenet5_1998()
    below = keras.Model(network.inputs[0], network.get_layer("flatten").output)
    found = below.predict(digits.x_train[learn], batch_size=1000, verbose=0)
    with_bias = np.concatenate([found, np.ones((len(found), 1))], axis=1)
    table = np.linalg.lstsq(with_bias, lk.layers.bitmaps()[digits.y_train[learn]], rcond=None)[0]
    network.get_layer("F6").set_weights([table[:-1], table[-1]])
    return network


def copied(network):
    again = keras.models.clone_model(network)
    again.set_weights(network.get_weights())
    return again


def with_softmax():
    return keras.Sequential([keras.Input((32, 32, 1)), keras.layers.Flatten(), keras.layers.Dense(10)])


ON_MNIST = {"16.6"}

RIGHT = {
    "16.a": [moved, lambda w, s, h, e, m: w - s * e / (h + m), lambda w, s, h, e, m: tf.constant(moved(w, s, h, e, m))],
    "16.b": [backward, backward_by_loops, backward_by_outer, lambda *a: [tf.constant(each) for each in backward(*a)]],
    "16.c": [largest, largest_by_root, largest_as_tensor],
    "16.1": [0.01, Fraction(1, 100), 0.0005 / (0.02 + 0.03), np.float32(0.01), [0.01], tf.constant(0.01)],
    "16.2": [[15.25, 5.75], (15.25, 5.75), np.diag(lk.pages.turned.second_derivatives(30)), tf.constant([15.25, 5.75])],
    "16.3": [[4, 3, 3], (4, 3, 3), np.array([4.0, 3.0, 3.0])],
    "16.4": [shared, shared_by_correlation, shared_by_places],
    "16.5": [Late(), Late(lambda pair: pair.round(4)), Late(lambda pair: pair.astype("float32"))],
    "16.6": [fitted(), copied(fitted()), fitted(20_000)],
}
WRONG = {
    "16.a": [
        (lambda w, s, h, e, m: w + e / (m + h) * s, "uphill"),
        (lambda w, s, h, e, m: w - e * s, "one rate, η, for all"),
        (lambda w, s, h, e, m: w - e / m * s, "h is missing"),
        (lambda w, s, h, e, m: w - e / m + h * s, "brackets"),
        (lambda w, s, h, e, m: w - (e / m + h) * s, "brackets"),
        (lambda w, s, h, e, m: w - e * (m + h) * s, "the steeper, the shorter"),
        (lambda w, s, h, e, m: w - s / (m + h), "η is missing"),
        (lambda w, s, h, e, m: e / (m + h) * s, "where does the weight end"),
        (lambda w, s, h, e, m: e / (m + h), "that is the rate"),
        (moved_in_place, "changes what it is given"),
        (lambda w, s, h, e, m: 0 * w, "a step of descent"),
        (3, "give the function itself"),
    ],
    "16.b": [
        (mistaken(slope_power=1), "the slope of f is squared"),
        (mistaken(x_power=1), "the input is squared"),
        (mistaken(w_power=1), "the weights are squared"),
        (mistaken(1, 1, 1), "for curvatures every factor is squared"),
        (mistaken(slope_power=0), "f′(a)² is missing"),
        (lambda *a: backward(*a)[::-1], "wrong order"),
        (lambda *a: (backward(*a)[0].T, backward(*a)[1]), "h_weights has the shape of w"),
        (lambda *a: (backward(*a)[0], backward(*a)[1].sum()), "h_inputs has the shape of x"),
        (lambda *a: (backward(*a)[0], backward(*a)[1] + 1), "h_weights is right"),
        (lambda *a: (backward(*a)[0] + 1, backward(*a)[1]), "h_inputs is right"),
        (lambda *a: (backward(*a)[0] + 1, backward(*a)[1] + 1), "the three rules above"),
        (lambda *a: backward(*a)[0], "a tuple of 2 arrays"),
        (3, "give the function itself"),
    ],
    "16.c": [
        (without_division, "grows without end"),
        (divided_last, "the length of v after the division"),
        (lambda times, v, rounds: np.linalg.norm(times(v)), "begins anew"),
        (lambda times, v, rounds: np.linalg.norm(times(v / np.linalg.norm(v))), "begins anew"),
        (lambda times, v, rounds: 5.0, "gets the length 1"),
        (lambda times, v, rounds: times(v), "one number"),
    ],
    "16.1": [
        (0.0005 / 0.03, "the μ is missing"),
        (0.0167, "the μ is missing"),
        (0.017, "the μ is missing"),
        (0.025, "the curvature is missing"),
        (20.0, "the η is missing"),
        (1 / 0.03, "one over the curvature"),
        (100, "upside down"),
        (0.0005 / 0.02 + 0.03, "brackets"),
        (0.004, "a later pass"),
        (0.0002, "a later pass"),
        ("0.01", "give the number, without quotes"),
        (0.001, "a later pass"),
        (0.3, "section 1 gives the rate"),
    ],
    "16.2": [
        ([5.75, 15.25], "the other order"),
        ([20, 1], "before it is turned"),
        ([10.5, 10.5], "for 45 degrees"),
        ([20 * math.cos(math.pi / 6) + 0.5, 10 + math.cos(math.pi / 6)], "squares are missing"),
        ([15, 5], "the flat direction adds its part"),
        ([20 * math.cos(30) ** 2 + math.sin(30) ** 2, 20 * math.sin(30) ** 2 + math.cos(30) ** 2], "radians"),
        ([1, 2], "cos 30°"),
        (15.25, "a list of 2 numbers"),
    ],
    "16.3": [
        ([1, 2, 2], "asked are those with less"),
        ([3, 4, 3], "another order"),
        ([4, 3, 2], "count again for Adam, 1 digit"),
        ([5, 3, 3], "count again for every weight"),
        ([5, 5, 5], "five means each"),
        ([4, 3], "a list of 3 numbers"),
    ],
    "16.4": [
        (lambda x, h, size: [(x[j : j + len(h)] ** 2 * h).mean() for j in range(size)], "this is their mean"),
        (lambda x, h, size: (windows(x, h, size) * h).sum(axis=1), "the inputs are squared"),
        (lambda x, h, size: windows(x, h, size).sum(axis=1) ** 2 * h.sum(), "before you add up"),
        (lambda x, h, size: (windows(x, h, size) * np.sqrt(h)).sum(axis=1) ** 2, "keeps the cross terms"),
        (lambda x, h, size: (windows(x, h, size) ** 2).sum(axis=1), "multiply by it"),
        (lambda x, h, size: (windows(x, h, size) ** 2).sum(axis=1) * h.mean(), "multiply first"),
        (lambda x, h, size: shared(x, h, size)[::-1], "the other end"),
        (lambda x, h, size: sum(shared(x, h, size)), "each of the 3 weights has one h"),
        (lambda x, h, size: [0] * size, "weight j meets"),
        (3, "give the function itself"),
    ],
    "16.5": [
        (Late(lambda pair: pair[::-1]), "first the smallest"),
        ([0.025, 0.025], "the most there can be"),
        (Late(lambda pair: np.array([pair[0], 0.5])), "one of the two is right"),
        ([1.4e-5, 1.9e-5], "these are low rates"),
        ([0.4, 0.5], "for each seed"),
        (0.02, "a list of 2 numbers"),
    ],
    "16.6": [
        (lk.lenet5(), "network of 1998"),
        (with_softmax(), "network of 1998"),
        (lk.lenet5_1998(power=1.0), "that of guessing"),
        (keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10)]), "power=1.0"),
        (3, "the answer is a Keras model"),
    ],
}
