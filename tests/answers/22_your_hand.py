"""Answers to the turns and exercises of lesson 22: right ones in several forms, wrong ones with words of their hint."""

import keras
import numpy as np
import tensorflow as tf
from scipy import stats

import lenet_keras as lk
from lenet_keras.pages import collecting

TOP, FOOT = np.array([0.72, 0.15]), np.array([0.72, 0.85])
ON_MNIST = {"22.5", "22.6", "22.7"}


def flag(length, angle, stem=0.7):
    turn = np.radians(angle)
    return [[TOP + stem * length * np.array([-np.sin(turn), np.cos(turn)]), TOP, FOOT]]


def shares(writers, labels, answers):
    return {code: np.mean((labels != answers)[writers == code]) for code in np.unique(writers)}


def t_interval(errors, ddof=1, t=None, n=None):
    errors = np.asarray(errors, float)
    t = stats.t.ppf(0.975, len(errors) - 1) if t is None else t
    half = t * errors.std(ddof=ddof) / np.sqrt(n or len(errors))
    return errors.mean() - half, errors.mean() + half


def plain():
    model = lk.lenet5()
    model.load_weights(lk.models.DATA / "lenet5.weights.h5")
    return model


def images_of(draws):
    return np.stack([lk.pages.drawn([[(x - lean * (y - 0.5), y) for x, y in flag(n, a)[0]]]) for n, a, lean in draws])


def taught(x, y, others=400, rate=0.02):
    """The plain network, taught these digits; with so many others, MNIST's if they are there."""
    pixels, _ = lk.data.find()
    chosen = np.random.default_rng(0).choice(len(pixels.y_train), others, replace=False)
    model = plain()
    model.compile(keras.optimizers.SGD(rate), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    x = np.concatenate([x, lk.normalise(pixels.x_train[chosen])])
    y = np.concatenate([y, pixels.y_train[chosen]])
    order = np.random.default_rng(1).permutation(len(y))
    model.fit(x[order], y[order], batch_size=32, epochs=10, shuffle=False, verbose=0)
    return model


def hand(style, times):
    """The digits of one drawn hand, as if they had been collected."""
    drawings = lk.hands.drawings(style, times, seed=7)
    images, labels = np.stack([lk.pages.drawn(s) for _, s in drawings]), np.array([d for d, _ in drawings])
    codes, test = np.full(len(labels), "me"), np.arange(len(labels)) % 4 == 0
    parts = [(images[part], labels[part]) for part in (~test, test)]
    return collecting.Collected(*parts, codes[~test], codes[test])


RNG = np.random.default_rng(3)
ONES = images_of(zip(RNG.uniform(0.7, 1, 30), RNG.uniform(25, 50, 30), RNG.uniform(-0.1, 0.3, 30), strict=True))
READS = taught(ONES, np.ones(30, int))
MINE = hand("long upstrokes, leaning", 5)
LEARNED = taught(MINE.x_train, MINE.y_train)
USUAL = hand("as the samples", 5)
PLAIN = plain()
LIKE_PLAIN = plain()
LIKE_PLAIN.layers[-1].bias.assign(LIKE_PLAIN.layers[-1].bias + 0.1)  # other numbers, the same answers
EMPTY = lk.lenet5()
FORGETS = lk.lenet5()
FORGETS.set_weights([0 * weight for weight in FORGETS.get_weights()])
FORGETS.layers[-1].bias.assign(np.eye(10)[1])  # always the answer 1

RIGHT = {
    "22.a": [
        lambda length, angle: flag(length, angle),
        lambda length, angle=40: np.array(flag(length, angle)).tolist(),
        lambda length, angle: tf.constant(flag(length, angle)),
    ],
    "22.b": [
        lambda writers, held: np.isin(writers, held),
        lambda writers, held: [writer in held for writer in writers],
        lambda writers, held: (writers[:, None] == np.array(held)).any(axis=1).astype(int),
    ],
    "22.1": [
        [2.1, 16.2],
        100 * np.array(lk.wilson_interval(3, 50)),
        lk.wilson_interval(3, 50),
        tf.constant([2.06, 16.22]),
    ],
    "22.2": [450, 450.0, [450], np.int64(450)],
    "22.3": [
        shares,
        lambda writers, labels, answers: {str(c): 100 * float(s) for c, s in shares(writers, labels, answers).items()},
        lambda writers, labels, answers: {c: np.array([s]) for c, s in shares(writers, labels, answers).items()},
    ],
    "22.4": [
        t_interval,
        lambda errors: list(stats.t.interval(0.95, len(errors) - 1, np.mean(errors), stats.sem(errors))),
        lambda errors: np.maximum(t_interval(errors), 0),
        lambda errors: tf.constant(t_interval(errors)),
    ],
    "22.5": [30, 30.0, [30], 0.3],
    "22.6": [READS, keras.Sequential([keras.Input((32, 32, 1)), READS]), taught(ONES[:20], np.ones(20, int))],
    "22.7": [[MINE, LEARNED], (MINE, LEARNED), [USUAL, taught(USUAL.x_train, USUAL.y_train)]],
}
WRONG = {
    "22.a": [
        (lambda length, angle: flag(length, angle, 1), "0.7 long, not 1"),
        (lambda length, angle: flag(1, angle), "length does not enter"),
        (lambda length, angle: flag(length, angle)[0], "one stroke of three points"),
        (lambda length, angle: flag(-length, angle), "how long must the flag be"),
    ],
    "22.b": [
        (lambda writers, held: ~np.isin(writers, held), "True for the others"),
        (lambda writers, held: np.isin(held, writers), "the other way round"),
        (lambda writers, held: [True] * 5, "12 truth values"),
        (lambda writers, held: writers == held[0], "np.isin"),
        (lambda writers, held: writers == held, "asks for each of its elements"),
        (lambda writers, held: writers in held, "asks for each of its elements"),
    ],
    "22.1": [
        ([16.2, 2.1], "the lower end comes first"),
        ([-0.6, 12.6], "Wilson's is wanted"),
        ([83.8, 97.9], "read rightly"),
        ([6, 6], "gives the two ends"),
    ],
    "22.2": [
        (200, "kept to test with"),
        (500, "less than a quarter"),
        (487.5, "no writer is split"),
        (9, "digits are wanted"),
        (650, "not a whole number"),
    ],
    "22.3": [
        (lambda w, y, a: {c: 1 - s for c, s in shares(w, y, a).items()}, "read rightly"),
        (lambda w, y, a: {c: s * (w == c).sum() for c, s in shares(w, y, a).items()}, "those are counts"),
        (lambda w, y, a: {c: s * (w == c).mean() for c, s in shares(w, y, a).items()}, "not of all"),
        (lambda w, y, a: list(shares(w, y, a).values()), "return a dict"),
        (lambda w, y, a: {"ana": 0.5}, "the writers are ana, bo, cai"),
    ],
    "22.4": [
        (lambda errors: t_interval(errors, ddof=0), "ddof=1"),
        (lambda errors: t_interval(errors, t=1.96), "for few, t is larger"),
        (lambda errors: t_interval(errors, n=1), "the mean varies less"),
        (lambda errors: t_interval(errors)[::-1], "the lower end comes first"),
        (lambda errors: (3.3, 7.6), "not 400 writers"),
        (lambda errors: errors.mean(), "two ends are wanted"),
    ],
    "22.5": [
        (40, "one of the thirty is lost"),
        (20, "still read by both"),
        (3, "in per cent"),
        (100, "the last point"),
    ],
    "22.6": [
        (PLAIN, "nine in ten is the goal"),
        (FORGETS, "rehearse more digits"),
        (taught(ONES, np.ones(30, int), others=0, rate=0.1), "teach in smaller steps"),
        (keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10)]), "32×32×1"),
        (None.__class__, "a Keras model"),
    ],
    "22.7": [
        ([hand("European", 2), PLAIN], "20 digits were collected"),
        ([MINE, FORGETS], "test digits"),
        ([USUAL, PLAIN], "as it was"),
        ([MINE, LIKE_PLAIN], "has yours learned them?"),
        ([PLAIN, MINE], "what lk.collect gave back"),
        (PLAIN, "give a list of two"),
    ],
}
