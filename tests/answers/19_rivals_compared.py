"""Answers to the turns and exercises of lesson 19: right ones in several forms, wrong ones with words of their hint."""

import math

import keras
import numpy as np
import tensorflow as tf
from scipy import stats

import lenet_keras as lk
from lenet_keras.layers import PartialConv2D, Subsampling, UniformByFanIn, squash

layers = keras.layers
TABLE = ["0", "01", "01", "1", "01", "01", "2", "23", "23", "3", "23", "23"]


def average():
    return layers.AveragePooling2D(2)


def lenet1(table=TABLE, first=Subsampling, last=Subsampling, side=28):
    return keras.Sequential(
        [
            keras.Input((side, side, 1)),
            layers.Conv2D(4, 5, activation=squash),
            first(),
            PartialConv2D(table, 5),
            last(),
            layers.Flatten(),
            layers.Dense(10),
        ]
    )


def sizes(links, biases=16, f5=120 * 401, places=100, bias_places=100):
    parameters = 104 + 16 + 32 + 1210 + 25 * links + biases + f5
    connections = 784 * 104 + 196 * 40 + 25 * 80 + 1210 + places * 25 * links + bias_places * biases + f5
    return parameters, connections


def only(a, b):
    return len([digit for digit in a if digit not in b])


def mcnemar(a, b):
    return stats.binomtest(only(a, b), only(a, b) + only(b, a)).pvalue


def by_masks(a, b):
    wrong_a, wrong_b = (np.isin(np.arange(10_000), each) for each in (a, b))
    one, other = int((wrong_a & ~wrong_b).sum()), int((wrong_b & ~wrong_a).sum())
    return min(1, 2 * stats.binom.cdf(min(one, other), one + other, 0.5))


def by_symmetric_difference(a, b):
    return [stats.binomtest(len(set(b).difference(a)), len(set(a) ^ set(b))).pvalue]


def chi_squared(a, b):
    one, other = only(a, b), only(b, a)
    return stats.chi2.sf((one - other) ** 2 / (one + other), 1)


def front(points, beats=lambda c, e, cost, error: c <= cost and e <= error and (c < cost or e < error)):
    return [n for n, (cost, error) in points.items() if not any(beats(c, e, cost, error) for c, e in points.values())]


def by_walking(points):
    """In the order of their costs, each that errs less than all before; twins of the last one too."""
    found = []
    for name in sorted(points, key=points.get):
        if not found or points[name][1] < points[found[-1]][1] or points[name] == points[found[-1]]:
            found.append(name)
    return set(found)


def refused_for(scores, labels, error, confidence=lambda s: np.sort(s, 1)[:, -1] - np.sort(s, 1)[:, -2], of_all=False):
    wrong = (scores.argmax(axis=1) != labels)[np.argsort(confidence(scores), kind="stable")]
    n = len(labels)
    for refused in range(n):
        if wrong[refused:].sum() <= error * (n if of_all else n - refused):
            return refused / n
    return 1.0


def by_sums(scores, labels, error):
    two = -np.partition(-scores, 1, axis=1)[:, :2]
    order = np.argsort(two[:, 0] - two[:, 1], kind="stable")
    left = (scores.argmax(1) != labels)[order][::-1].cumsum()[::-1] / np.arange(len(labels), 0, -1)
    reached = np.flatnonzero(left <= error)
    return reached[0] / len(labels) if len(reached) else 1.0


def passes_for(size, batch_size, updates, passes):
    return max(passes, math.ceil(updates / math.ceil(size / batch_size)))


def counted(size, batch_size, updates, passes):
    each, done = -(-size // batch_size), 0
    while done < passes or done * each < updates:
        done += 1
    return done


def printed(table=("012",) * 15 + ("01",), copies=2, units=120, last=Subsampling, outputs=10, side=32):
    start = {"activation": squash, "kernel_initializer": UniformByFanIn()}
    image = keras.Input((side, side, 1))
    maps = layers.Conv2D(4, 5, **start)(image)
    maps = Subsampling()(layers.Concatenate()([maps] * copies) if copies > 1 else maps)
    maps = last()(PartialConv2D(table, 5)(maps))
    inside = layers.Flatten()(layers.Conv2D(units, 5, **start)(maps)) if units else layers.Flatten()(maps)
    return keras.Model(image, layers.Dense(outputs)(inside))


def by_dense():
    """F5 as a dense layer, pairs by repeating, another table."""
    image = keras.Input((32, 32, 1))
    maps = layers.Conv2D(4, 5, activation=squash)(image)
    maps = Subsampling()(keras.ops.repeat(maps, 2, axis=-1))
    table = [[k % 8, (k + 1) % 8, (k + 2) % 8][: 3 - (k == 7)] for k in range(16)]
    maps = Subsampling()(PartialConv2D(table, 5)(maps))
    return keras.Model(image, layers.Dense(10)(layers.Dense(120, activation="tanh")(layers.Flatten()(maps))))


def by_halves(shared=False):
    image = keras.Input((32, 32, 1))
    maps = layers.Conv2D(4, 5, activation=squash)(image)
    one, other = [Subsampling()] * 2 if shared else (Subsampling(), Subsampling())
    maps = PartialConv2D(["012"] * 15 + ["01"], 5)(layers.Concatenate()([one(maps), other(maps)]))
    maps = layers.Flatten()(layers.Conv2D(120, 5, activation=squash)(Subsampling()(maps)))
    return keras.Model(image, layers.Dense(10)(maps))


def upright(images):
    return lk.distort.deslanted(images).reshape(len(images), -1)


def svm(images, labels, new_images, **how):
    from sklearn.svm import SVC

    return SVC(**{"C": 10} | how).fit(upright(images), labels).predict(upright(new_images))


def nearest(images, labels, new_images):
    from sklearn.neighbors import KNeighborsClassifier

    rows = [each.reshape(len(each), -1) for each in (images, new_images)]
    return KNeighborsClassifier(1).fit(rows[0], labels).predict(rows[1])


def spoiling(images, labels, new_images):
    answers = svm(images, labels, new_images)
    images *= 2
    return answers


ON_MNIST = {"19.7"}

RIGHT = {
    "19.a": [
        lenet1,
        lk.lenet1,
        lambda: lenet1([[int(each) for each in maps] for maps in TABLE]),
        lambda: lenet1([maps[::-1] for maps in TABLE]),
    ],
    "19.b": [sizes, lambda links: list(sizes(links)), lambda links: np.array(sizes(links))],
    "19.c": [mcnemar, by_masks, by_symmetric_difference],
    "19.d": [front, by_walking, lambda points: tuple(front(points))],
    "19.1": [3278, 3278.0, [3278], np.int64(3278), tf.constant(3278)],
    "19.2": [262, 262.0, [262], 60_000 * 400 // 91_520],
    "19.3": [refused_for, by_sums, lambda *each: tf.constant(refused_for(*each)), lambda *each: [refused_for(*each)]],
    "19.4": [passes_for, counted, lambda *each: float(passes_for(*each)), lambda *each: np.array([passes_for(*each)])],
    "19.5": [[190, 9.5], (190, 9.5), np.array([190, 9.5]), tf.constant([190, 9.5])],
    "19.6": [printed(), by_dense(), by_halves(), printed(("0123", "01") + ("456",) * 13 + ("07",))],
    "19.7": [svm, lambda *each: svm(*each).tolist(), lambda *each: tf.constant(svm(*each))],
}
WRONG = {
    "19.a": [
        (lambda: lenet1(TABLE[:6] * 2), "the first half is right"),
        (lambda: lenet1(TABLE[:11]), "yours has 11"),
        (lambda: lenet1(["01", "01", *TABLE[2:]]), "map 1"),
        (lambda: lenet1(first=average), "yours has 1 of them"),
        (lambda: lenet1(side=32), "on images of 28×28"),
        (lambda: TABLE, "gives back the keras.Sequential"),
        (lambda: lenet1(["1", *TABLE[1:]]), "map 1"),
        (lambda: lenet1(["1", "12", "12", "2", "12", "12", "3", "34", "34", "4", "34", "34"]), "raised ValueError"),
    ],
    "19.b": [
        (lambda links: sizes(links)[::-1], "first the parameters"),
        (lambda links: sizes(links, biases=0), "the 16 biases of C3"),
        (lambda links: sizes(links, biases=links), "not one for each of its links"),
        (lambda links: sizes(links, f5=48_000), "the 120 biases of F5"),
        (lambda links: sizes(links, f5=0), "F5 is missing"),
        (lambda links: sizes(links, places=1, bias_places=1), "used at 10×10 places"),
        (lambda links: sizes(links, bias_places=1), "at each of 100 places"),
        (lambda links: sizes(links)[0], "give back two numbers"),
    ],
    "19.c": [
        (lambda a, b: stats.binomtest(len(a), len(a) + len(b)).pvalue, "both misread"),
        (chi_squared, "that is the approximation"),
        (only, "that is a count"),
        (lambda a, b: mcnemar(a, b) / 2, "either"),
        (lambda a, b: stats.binomtest(only(a, b), len(set(a) | set(b))).pvalue, "the tosses are only_a + only_b"),
        (lambda a, b: 17, "between 0 and 1"),
    ],
    "19.d": [
        (lambda points: [name for name in points if name not in front(points)], "these are the beaten ones"),
        (lambda points: front(points, lambda c, e, cost, error: c <= cost and e <= error), "must not beat itself"),
        (lambda points: front(points, lambda c, e, cost, error: c < cost and e < error), "equal in one"),
        (lambda points: front(points, lambda c, e, cost, error: c < cost or e < error), "must not beat itself"),
        (list, "is beaten"),
        (len, "a list of names"),
    ],
    "19.1": [
        (3266, "the biases of C3 are missing"),
        (1212, "that is C3 alone"),
        (2578, "with 20 links"),
        (3314, "one bias"),
        ("3278", "without quotes"),
    ],
    "19.2": [
        (513, "cropped to 20×20"),
        (243, "these are its connections"),
        (9309, "the numbers it stores"),
        (262.24, "round down"),
        (263, "round down"),
        (1, "count products"),
    ],
    "19.3": [
        (lambda s, y, e: refused_for(s, y, e, lambda s: s.max(axis=1)), "the best score alone"),
        (lambda s, y, e: refused_for(s, y, e, of_all=True), "not of all"),
        (lambda s, y, e: refused_for(s, y, e) * len(y), "not their number"),
        (lambda s, y, e: 100 * refused_for(s, y, e), "not per cent"),
        (lambda s, y, e: 1 - refused_for(s, y, e), "that is the share that is answered"),
        (lambda s, y, e: refused_for(s, y, e, lambda s: -np.sort(s, 1)[:, -1] + np.sort(s, 1)[:, -2]), "smallest"),
        (lambda s, y, e: s, "one number"),
    ],
    "19.4": [
        (lambda s, b, u, p: u // (s // b) if s >= b else 0, "rounding down leaves too few"),
        (lambda s, b, u, p: max(p, u // math.ceil(s / b)), "too few updates"),
        (lambda s, b, u, p: math.ceil(u / math.ceil(s / b)), "fall below `passes`"),
        (lambda s, b, u, p: max(p, math.ceil(u / max(1, s // b))), "smaller batch of a pass"),
        (lambda s, b, u, p: p + 0.5, "a whole number"),
        (lambda s, b, u, p: u * b // s, "it is 157, not 160"),
        (lambda s, b, u, p: u // (s // b), "smaller batch is an update too"),
    ],
    "19.5": [
        ([380, 19], "counted once"),
        ([400, 20], "counted once"),
        ([190, 180.5], "does not tell apart"),
        ([190, 0.05], "for one pair"),
        ([190, 10], "on the average"),
        ([190], "a list of 2 numbers"),
    ],
    "19.6": [
        (printed(copies=1), "8 subsampling maps"),
        (printed(table=("012",) * 16), "yours has 48"),
        (printed(units=84), "120 units, not 84"),
        (printed(units=37), "as printed there are 120"),
        (printed(units=0), "there are 120 units"),
        (printed(last=average), "yours has 1"),
        (printed(outputs=9), "to ten numbers"),
        (lk.lenet4(), "8 subsampling maps"),
        (by_halves(shared=True), "8 subsampling maps"),
        (printed, "is a Keras model"),
    ],
    "19.7": [
        (nearest, "the goal is below 5 %"),
        (lambda images, labels, new: np.zeros(len(new)), "that of guessing"),
        (lambda images, labels, new: svm(images, labels, new)[:, np.newaxis], "of shape (3000,)"),
        (spoiling, "changes the arrays"),
    ],
}
