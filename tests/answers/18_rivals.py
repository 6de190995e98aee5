"""Answers to the turns and exercises of lesson 18: right ones in several forms, wrong ones with words of their hint."""

import collections
import itertools
import math

import numpy as np
import tensorflow as tf

import lenet_keras as lk


def slant(ink):
    row, column = np.nonzero(ink)
    return ((row - row.mean()) * (column - column.mean())).mean() / ((row - row.mean()) ** 2).mean()


def by_a_fitted_line(ink):
    return np.polyfit(*np.nonzero(ink), 1)[0]


def by_covariance(ink):
    spread = np.cov(*np.nonzero(ink))
    return spread[0, 1] / spread[0, 0]


def by_loops(ink):
    points = [(r, c) for r in range(len(ink)) for c in range(len(ink[0])) if ink[r][c]]
    row, column = (sum(p[k] for p in points) / len(points) for k in (0, 1))
    return sum((r - row) * (c - column) for r, c in points) / sum((r - row) ** 2 for r, _ in points)


def of(variance, covariance):
    def function(ink):
        row, column = np.nonzero(ink)
        down, right = row - row.mean(), column - column.mean()
        return covariance(row, column, down, right) / variance(row, column, down, right)

    return function


def mean_square(row, column, down, right):
    return (down**2).mean()


def mean_product(row, column, down, right):
    return (down * right).mean()


PAIRS = list(itertools.combinations(range(10), 2))


def totals(outputs):
    scores = np.zeros((len(outputs), 10))
    for k, (i, j) in enumerate(PAIRS):
        scores[:, i] += outputs[:, k]
        scores[:, j] -= outputs[:, k]
    return scores


def counted(outputs):
    scores = np.zeros((len(outputs), 10))
    for k, (i, j) in enumerate(PAIRS):
        scores[:, i] += outputs[:, k] > 0
        scores[:, j] += outputs[:, k] <= 0
    return scores


def products(z):
    i, j = np.triu_indices(z.shape[1])
    return z[:, i] * z[:, j]


def by_columns(z):
    n = z.shape[1]
    return np.stack([z[:, i] * z[:, j] for i in range(n) for j in range(i, n)], axis=1)


def shuffle(x, seed):
    return x[:, np.random.default_rng(seed).permutation(x.shape[1])]


def by_take(x, seed):
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(x[0]))
    return np.array([row[order] for row in x])


def each_its_own(x, seed):
    rng = np.random.default_rng(seed)
    return np.array([row[rng.permutation(len(row))] for row in x])


def in_place(x, seed):
    x[:] = shuffle(x, seed)
    return x


def by_counter(names):
    return collections.Counter(names).most_common(1)[0][0]


def by_loop(names):
    best = names[0]
    for name in names:
        if names.count(name) > names.count(best):
            best = name
    return best


def nearest_mean(x, labels, check):
    means = np.stack([x[labels == c].mean(axis=0) for c in range(10)])
    return ((check[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)


def by_scikit_learn(x, labels, check):
    from sklearn.neighbors import NearestCentroid

    return NearestCentroid().fit(x, labels).predict(check)


def by_lists(x, labels, check):
    means = [np.mean([row for row, label in zip(x, labels, strict=True) if label == c], axis=0) for c in range(10)]
    return [min(range(10), key=lambda c: np.linalg.norm(row - means[c])) for row in check]


def single(x, labels, check):
    return labels[((check[:, None] - x) ** 2).sum(axis=2).argmin(axis=1)]


def dots(x, labels, check):
    return (check @ np.stack([x[labels == c].mean(axis=0) for c in range(10)]).T).argmax(axis=1)


def moved(images, labels, check):
    """The polynomial machine on 60 components of deslanted digits, each learned five times."""
    from sklearn.decomposition import PCA

    upright, sides = lk.distort.deslanted(images), ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1))
    x = np.concatenate([np.roll(upright, by, axis=(1, 2)).reshape(-1, 400) for by in sides])
    components = PCA(60, svd_solver="covariance_eigh").fit(x)
    parts = [components.transform(part) for part in (x, lk.distort.deslanted(check).reshape(-1, 400))]
    learned, judged = (np.hstack([np.ones((len(z), 1)), z, products(z)]) for z in parts)
    targets = np.tile(np.where(labels[:, None] == np.arange(10), 1, -1), (5, 1))
    weights = np.linalg.solve(learned.T @ learned + 10 * np.eye(learned.shape[1]), learned.T @ targets)
    return (judged @ weights).argmax(axis=1)


def plain(images, labels, check):
    return nearest_mean(images.reshape(len(images), -1), labels, check.reshape(len(check), -1))


RIGHT = {
    "18.a": [
        slant,
        by_a_fitted_line,
        by_covariance,
        by_loops,
        of(lambda *m: (m[2] ** 2).sum(), lambda *m: (m[2] * m[3]).sum()),
        of(lambda *m: m[0].var(), mean_product),
        lambda ink: np.float32(slant(ink)),
        lambda ink: [slant(ink)],
    ],
    "18.b": [
        lambda outputs: totals(np.where(outputs > 0, 1, -1)),
        lambda outputs: totals(2.0 * (outputs > 0) - 1),
        counted,
        lambda outputs: tf.constant(counted(outputs)),
        lambda outputs: counted(outputs).tolist(),
    ],
    "18.c": [
        products,
        by_columns,
        lambda z: tf.constant(products(z)),
        lambda z: products(z).astype("float32"),
        lambda z: np.stack([np.outer(row, row)[np.triu_indices(len(row))] for row in z]),
    ],
    "18.1": [496, 496.0, np.int64(496), [496], tf.constant(496), 1 + 30 + math.comb(31, 2)],
    "18.2": [shuffle, by_take, lambda x, seed: np.random.default_rng(seed).permutation(x, axis=1)],
    "18.3": [by_counter, by_loop, lambda names: max(names, key=names.count), lambda names: [by_loop(names)]],
    "18.4": [
        [0.9, 3.9],
        (0.9, 3.9),
        np.array([0.9, 3.9], "float32"),
        [9 * 0.1, 8 * 0.5 - 0.1],
        tf.constant([0.9, 3.9]),
    ],
    "18.5": [nearest_mean, by_scikit_learn, by_lists, lambda *a: tf.constant(nearest_mean(*a))],
    "18.6": [moved, lambda *a: moved(*a).tolist(), lambda *a: tf.constant(moved(*a))],
}
WRONG = {
    "18.a": [
        (lambda ink: -slant(ink), "the sign is turned"),
        (of(lambda *m: (m[3] ** 2).mean(), mean_product), "variance of the column"),
        (of(lambda *m: 1, mean_product), "this is the covariance"),
        (of(lambda *m: m[0].std() * m[1].std(), mean_product), "this is a correlation"),
        (of(lambda *m: m[0].std(), mean_product), "without a root"),
        (of(lambda *m: (m[0] ** 2).mean(), lambda *m: (m[0] * m[1]).mean()), "both moments count from the means"),
        (of(mean_square, lambda *m: (m[0] * m[1]).mean()), "the covariance counts from the means"),
        (of(mean_square, lambda *m: (m[2] * m[3]).sum()), "take the mean of both"),
        (of(lambda *m: (m[2] ** 2).sum(), mean_product), "take the mean of both"),
        (lambda ink: 0.1, "row - row.mean()"),
        (lambda ink: ink, "must give back one number"),
    ],
    "18.b": [
        (totals, "the sums again"),
        (lambda outputs: totals(outputs > 0), "it is -1, not 0"),
        (lambda outputs: totals(np.sign(outputs)), "np.sign makes it no vote"),
        (lambda outputs: totals(np.where(outputs >= 0, 1, -1)), "take >, not >="),
        (lambda outputs: totals(np.where(outputs > 0, -1, 1)), "turned round"),
        (lambda outputs: np.where(outputs > 0, 1, -1), "has to have the shape (6, 10)"),
        (lambda outputs: totals(np.tanh(outputs)), "squashed sums"),
        (lambda outputs: np.zeros((6, 10)), "totals adds each number"),
    ],
    "18.c": [
        (lambda z: (z[:, :, None] * z[:, None]).reshape(len(z), -1), "has to have the shape (3, 15)"),
        (lambda z: z[:, np.triu_indices(5)[0]] + z[:, np.triu_indices(5)[1]], "sums of the pairs"),
        (lambda z: z**2, "has to have the shape (3, 15)"),
        (lambda z: z[:, np.triu_indices(5, 1)[0]] * z[:, np.triu_indices(5, 1)[1]], "with itself counts too"),
        (lambda z: z.T @ z, "product of matrices"),
        (lambda z: np.zeros((3, 15)), "the first factor"),
    ],
    "18.1": [
        (465, "these are the products"),
        (466, "components themselves are missing"),
        (495, "the bias is missing"),
        (931, "ab and ba are one product"),
        (861, "with 40 components"),
        (500, "820 products"),
    ],
    "18.2": [
        (each_its_own, "draw the order once"),
        (lambda x, seed: x, "in their old order"),
        (lambda x, seed: np.random.default_rng(seed).permutation(x), "the digits into another order"),
        (lambda x, seed: shuffle(x, None), "same seed must give the same order"),
        (lambda x, seed: shuffle(x, 0), "another seed must give another order"),
        (lambda x, seed: x[:, np.random.default_rng(seed).integers(20, size=20)], "keep its own pixels"),
        (in_place, "changes the array"),
    ],
    "18.3": [
        (lambda names: names[0], "gives the nearest"),
        (lambda names: int(np.bincount(names).argmax()), "the smallest of equals; the first place decides"),
        (lambda names: max(reversed(names), key=names.count), "the first place decides"),
        (lambda names: names[0] if len(set(names)) == len(names) else max(names[::-1], key=names.count), "comes first"),
        (lambda names: 12, "not 7"),
        (lambda names: None, "gives nothing back"),
    ],
    "18.4": [
        ([3.9, 0.9], "the right class comes first"),
        ([9, 8], "these are votes"),
        ([0.9, 4.0], "loses one pair"),
        ([0.9, 4.1], "taken off, not added"),
        ([0.9, 4.4], "one of its nine units"),
        ([0.8, 3.9], "nine units for it"),
        ([0.1, 0.5], "single outputs"),
        (3.9, "a list of 2 numbers"),
        ([1, 2], "what speaks for it"),
    ],
    "18.5": [
        (single, "nearest single digit"),
        (dots, "is not the smallest distance"),
        (lambda x, labels, check: nearest_mean(x, labels, -check), "are not those of the nearest mean"),
        (lambda x, labels, check: nearest_mean(x, labels, check[:5]), "one answer for each row"),
    ],
    "18.6": [
        (plain, "the goal is below"),
        (lambda images, labels, check: np.ones(len(check)), "as guessing does"),
        (lambda images, labels, check: labels[:5], "one answer for each image of check"),
    ],
}
ON_MNIST = {"18.6"}
