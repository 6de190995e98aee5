"""Answers to turns and exercises of notebook 09: right ones in several forms, wrong ones with words of their hint."""

import keras
import numpy as np
import tensorflow as tf
from scipy import optimize, special

import lenet_keras as lk


def measured_ece(confidence, right, bins=10, sign=False, weights="share"):
    number = np.minimum((confidence * bins).astype(int), bins - 1)
    total = 0
    for k in np.unique(number):
        inside = number == k
        gap = confidence[inside].mean() - right[inside].mean()
        weight = {"share": inside.mean(), "count": inside.sum(), "none": 1}[weights]
        total += (gap if sign else abs(gap)) * weight
    return total


def ece_by_bincount(confidence, right, bins=10):
    number = np.minimum((confidence * bins).astype(int), bins - 1)
    return np.abs(np.bincount(number, confidence - right)).sum() / len(confidence)


def ece_in_32_bits(confidence, right):
    return np.float32(measured_ece(np.asarray(confidence, "float32"), np.asarray(right)))


def stable(logits, temperature):
    scaled = logits / temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def unstable(logits, temperature):
    with np.errstate(over="ignore", invalid="ignore"):
        powers = np.exp(logits / temperature)
        return powers / powers.sum(axis=1, keepdims=True)


def losses(logits, labels, temperatures, times=False):
    rows = np.arange(len(labels))
    scaled = [logits * t if times else logits / t for t in temperatures]
    return [-special.log_softmax(each, axis=1)[rows, labels].mean() for each in scaled]


GRID = np.arange(0.5, 4.001, 0.02)


def scanned(logits, labels):
    return GRID[np.argmin(losses(logits, labels, GRID))]


def minimised(logits, labels):
    found = optimize.minimize_scalar(lambda t: losses(logits, labels, [t])[0], bounds=(0.5, 4), method="bounded")
    return found.x


def by_keras(logits, labels):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    values = [float(loss(labels, tf.constant(logits / t))) for t in GRID]
    return float(GRID[int(np.argmin(values))])


def cost(confidence, wrong, threshold, error=20, refusal=2):
    kept = confidence >= threshold
    return error * (wrong & kept).sum() + refusal * (~kept).sum()


def cheapest(confidence, wrong, **prices):
    return min([0, *confidence, 1.01], key=lambda t: cost(confidence, wrong, t, **prices))


def cheapest_by_order(confidence, wrong):
    order = np.argsort(confidence)
    left = wrong[order][::-1].cumsum()[::-1]
    costs = 20 * left + 2 * np.arange(len(order))
    if 2 * len(order) <= costs.min():
        return 1.01
    return confidence[order][np.argmin(costs)]


def cheapest_without_the_refused_errors(confidence, wrong):
    """As if a refused digit cost nothing where the answer would have been wrong."""
    candidates = [0, *confidence, 1.01]
    return min(candidates, key=lambda t: (20 * (wrong & (confidence >= t)) + 2 * (~wrong & (confidence < t))).sum())


def nearly_cheapest(confidence, wrong):
    """A few places above the best one."""
    order = np.sort(confidence)
    return order[np.searchsorted(order, cheapest(confidence, wrong)) + 6]


def share_kept(confidence, wrong, threshold):
    kept = confidence >= threshold
    return wrong[kept].mean()


def by_loop(confidence, wrong, threshold):
    kept = [w for c, w in zip(confidence, wrong, strict=True) if c >= threshold]
    return sum(kept) / len(kept)


def with_a_limit(limit):
    """The shipped network with an eleventh logit: what its answer is compared with."""
    network = lk.lenet5()
    network.load_weights(lk.records.DATA / "lenet5_distorted.weights.h5")
    wider = lk.lenet5(outputs=11)
    *below, kernel, bias = network.get_weights()
    wider.set_weights([*below, np.pad(kernel, ((0, 0), (0, 1))), np.append(bias, limit)])
    return wider


def deaf():
    """Refuses everything."""
    return with_a_limit(1000.0)


RIGHT = {
    "09.a": [
        lambda p: (1 - p.max(axis=1)).sum(),
        lambda p: len(p) - np.max(p, axis=1).sum(),
        lambda p: sum(1 - max(row) for row in p),
        lambda p: tf.reduce_sum(1 - tf.reduce_max(tf.constant(p, "float32"), axis=1)),
    ],
    "09.b": [measured_ece, ece_by_bincount, ece_in_32_bits, lambda c, r: [measured_ece(c, r)]],
    "09.c": [
        lambda z, t: special.softmax(z / t, axis=1),
        stable,
        lambda z, t: tf.nn.softmax(z / t),
        lambda z, t: keras.ops.softmax(z / t, axis=-1),
    ],
    "09.d": [100 * 60 / 258, 23, 23.3, 60 / 258, np.float32(23.26), 100 * 0.006 / (0.006 + 0.0198)],
    "09.1": [0.76, 0.01 + 0.1 + 0.2 + 0.45, np.float32(0.76), [0.76]],
    "09.2": [5, 5.000000000000238, 100 * (1 - 0.95), 100 * abs(0.95 - 1), [5]]
    + [100 * (1 - np.float32(0.95)), 100 * (1 - np.full(1000, 0.95, "float32").mean())],
    "09.3": [100 * np.exp(2) / (np.exp(2) + np.exp(1) + 1), 66.5, 67, [66.52], tf.nn.softmax([2.0, 1.0, 0.0])[0] * 100],
    "09.4": [share_kept, by_loop, lambda c, w, t: np.float32(w[c >= t].mean()), lambda c, w, t: [share_kept(c, w, t)]],
    "09.5": [100 * 19 / 109, 17.4, 17, 19 / 109, 18],
    "09.6": [scanned, minimised, by_keras],
    "09.7": [cheapest, cheapest_by_order, lambda c, w: np.float64(cheapest(c, w))],
    "09.8": [with_a_limit(7.4), with_a_limit(7.6), with_a_limit(7.8)],
}
WRONG = {
    "09.a": [
        (lambda p: (1 - p.max(axis=1)).mean(), "the mean doubt"),
        (lambda p: p.max(axis=1).sum(), "the right answers foretold"),
        (lambda p: (1 - p).sum(), "all ten probabilities"),
        (lambda p: 1 - p.max(), "max needs axis=1"),
        (lambda p: 3.0, "it gives 3, not"),
    ],
    "09.b": [
        (lambda c, r: measured_ece(c, r, sign=True), "without its sign"),
        (lambda c, r: -measured_ece(c, r, sign=True), "without its sign"),
        (lambda c, r: measured_ece(c, r, weights="none"), "weigh each gap"),
        (lambda c, r: measured_ece(c, r, weights="count"), "their share, inside.mean()"),
        (lambda c, r: 100 * measured_ece(c, r), "in per cent"),
        (lambda c, r: 0.0, "the gap in a bin lies between"),
    ],
    "09.c": [
        (lambda z, t: special.softmax(z * t, axis=1), "multiplies by the temperature"),
        (lambda z, t: special.softmax(z, axis=1), "is not used"),
        (lambda z, t: special.softmax(z / t), "axis=1"),
        (unstable, "subtract the largest"),
        (lambda z, t: special.softmax(z / t, axis=1).max(axis=1), "must give shape (20, 10), not (20,)"),
    ],
    "09.d": [
        (60, "the other way round"),
        (258, "so many are refused in all"),
        (76.7, "give the rest"),
        (0.6, "of the *refused*"),
        (2, "of 10,000 images"),
        ("23", "without quotes"),
    ],
    "09.1": [
        (3.24, "right answers foretold"),
        (0.19, "add the doubts up"),
        (76, "a doubt of 10 % is 0.1 of an error"),
        (1, "need not be whole"),
        (0, "need not be whole"),
        (2.5, "turn each confidence into a doubt"),
    ],
    "09.2": [
        (0.05, "give it in per cent"),
        (1 - 0.95, "give it in per cent"),
        (-5, "without its sign"),
        (-0.05, "without its sign"),
        (0, "not the same as calibrated"),
        (95, "that is the confidence"),
        (100, "the share that is right"),
        (2.5, "one bin"),
        ("5 %", "give the number, without quotes"),
    ],
    "09.3": [
        (86.7, "at T = 1"),
        (98.2, "multiplies the logits by 2"),
        (0.665, "give it in per cent"),
        (43.35, "not the probability"),
        (50, "divide the three logits"),
    ],
    "09.4": [
        (lambda c, w, t: (w & (c >= t)).sum() / len(w), "still divides by all digits"),
        (lambda c, w, t: 100 * share_kept(c, w, t), "in per cent"),
        (lambda c, w, t: 1 - share_kept(c, w, t), "the share that is right"),
        (lambda c, w, t: w[c < t].mean(), "error of the refused"),
        (lambda c, w, t: 0.5, "divided by how many"),
    ],
    "09.5": [
        (82.6, "these are the letters"),
        (1, "the other way round"),
        (10, "gets through"),
        (19, "19 digits are refused"),
        (50, "take 2,000 marks"),
    ],
    "09.6": [
        (lambda z, y: GRID[np.argmin(losses(z, y, GRID, times=True))], "1/T"),
        (lambda z, y: 0.5, "an end of the range"),
        (lambda z, y: min(losses(z, y, GRID)), "the least loss"),
        (lambda z, y: 2.9, "for made-up logits it gives 2.9"),
    ],
    "09.7": [
        (lambda c, w: cheapest(c, w, error=2, refusal=20), "an error cost 2"),
        (lambda c, w: 300, "give back the threshold"),
        (lambda c, w: 0.999999, "higher than without"),
        (nearly_cheapest, "can be reached"),
        (cheapest_without_the_refused_errors, "whether it was read rightly or not"),
        (0.9, "the function itself"),
    ],
    "09.8": [
        (lk.lenet5(), "eleven values"),
        (lk.lenet5(outputs=11), "of the digits"),
        (deaf(), "it reads 0 % of the digits"),
        (lk.lenet5, "is a Keras model, not a function"),
    ],
}
