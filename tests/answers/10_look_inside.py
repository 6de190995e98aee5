"""Answers to the exercises of notebook 10: right ones in several forms, wrong ones with words of their hint."""

import numpy as np
import tensorflow as tf
from sklearn.decomposition import PCA


def by_pca(points, share):
    held = np.cumsum(PCA().fit(points).explained_variance_ratio_)
    return int((held < share).sum()) + 1


def by_svd(points, share):
    variances = np.linalg.svd(points - points.mean(axis=0), compute_uv=False) ** 2
    return np.searchsorted(np.cumsum(variances) / variances.sum(), share) + 1


def by_eigenvalues(p, s, power=1.0, order=-1):
    variances = np.linalg.eigvalsh(np.cov(p.T))[::order] ** power
    return float(np.argmax(np.cumsum(variances) >= s * variances.sum()) + 1)


def in_32_bits(x, s):
    x = tf.cast(x, "float32")
    x -= tf.reduce_mean(x, axis=0)
    variances = tf.linalg.svd(x, compute_uv=False) ** 2
    return tf.reduce_sum(tf.cast(tf.cumsum(variances) < s * tf.reduce_sum(variances), "int32")) + 1


def in_place(points, share):
    points -= points.mean(axis=0)
    return [by_svd(points, share)]


def sorted_columns(points, share):
    variances = np.sort(points.var(axis=0))[::-1]
    return int(np.argmax(np.cumsum(variances) / variances.sum() >= share)) + 1


def unsorted_columns(points, share):
    variances = points.var(axis=0)
    return int(np.argmax(np.cumsum(variances) / variances.sum() >= share)) + 1


def not_centred(points, share):
    variances = np.linalg.svd(points, compute_uv=False) ** 2
    return int((np.cumsum(variances) / variances.sum() < share).sum()) + 1


RIGHT = {
    "10.1": [
        [6, 19, 16, 29],
        (6.0, 19.0, 16.0, 29.0),
        np.array([6, 19, 16, 29], "uint8"),
        [[6, 19], [16, 29]],
        ((6, 19), (16, 29)),
        tf.constant([6, 19, 16, 29]),
        [np.int64(6), np.int64(19), np.int64(16), np.int64(29)],
    ],
    "10.2": [12, 12.0, np.int64(12), [12], tf.constant(12)],
    "10.3": [5, 5.0, np.int64(5), [5], np.array(5), tf.constant(5)],
    "10.4": [1, 1.0, 0.9999999999997, 0.9999999, np.float32(0.99999), 100, [1.0]],
    "10.5": [
        by_pca,
        lambda points, share: PCA(n_components=share).fit(points).n_components_,
        by_svd,
        by_eigenvalues,
        in_32_bits,
        in_place,
    ],
}
WRONG = {
    "10.1": [
        ([6, 20, 16, 30], "only 13 after the first"),
        ([7, 20, 17, 30], "counted from 0"),
        ([16, 29, 6, 19], "rows come first"),
        ([6, 16, 19, 29], "first row, last row, first column"),
        ([[6, 16], [19, 29]], "first row, last row, first column"),
        ([6, 14, 16, 14], "not how many there are"),
        ([6, 21, 16, 31], "S4 sees; one of C3 sees less"),
        ([6, 15, 16, 25], "C1 has a window of 5×5 itself"),
        ([6, 10, 16, 20], "reaches over more"),
        ([3, 16, 8, 21], "is two pixels"),
        ([3, 7, 8, 12], "places of S2; pixels"),
        ([12, 27, 32, 47], "that is a unit of S4"),
        ([6, 19, 16, -3], "section 5 says"),
        ([6, 19], "a list of 4 numbers, but yours has 2"),
        ({6, 19, 16, 29}, "a set has no order"),
        ("6, 19, 16, 29", "without quotes"),
    ],
    "10.2": [
        (3, "in places of S4"),
        (6, "after a second pooling"),
        (24, "not three"),
        (4, "by one place"),
        (16, "how wide a unit of S4 sees"),
        (-12, "without a sign"),
        (13, "section 10"),
        ("12", "give the number, without quotes"),
    ],
    "10.3": [
        (6, "counted from 0"),
        (1, "the lowest *row* has the ink"),
        (2, "the lowest one is window[4]"),
        (4, "bias of each filter"),
        (2.66, "that is the sum"),
        (0, "section 1 computes such sums"),
        ("filter 5", "give the number, without quotes"),
        (False, "not True or False"),
        ([2.66, 5], "yours has 2"),
    ],
    "10.4": [
        (0, "says nothing about the fall"),
        (-1, "the same sign"),
        (0.93, "does it change here"),
        (0.999, "does it change here"),
        (1.5, "between −1 and 1"),
        (-0.5, "weighted sums"),
        ("one", "without quotes"),
        (True, "not True or False"),
    ],
    "10.5": [
        (sorted_columns, "variances of columns"),
        (unsorted_columns, "variances of columns"),
        (not_centred, "the mean of each column"),
        (lambda points, share: by_pca(points, share) - 1, "one component too few"),
        (lambda p, s: by_eigenvalues(p, s, power=0.5), "*squares* of the singular values"),
        (lambda p, s: by_eigenvalues(p, s, power=2), "no square"),
        (lambda p, s: by_eigenvalues(p, s, order=1), "largest variance first"),
        (lambda p, s: by_pca((p - p.mean(0)) / p.std(0), s), "divided by their standard deviations"),
        (lambda p, s: by_pca(p, s / 100), "for a share of 0.6"),
        (lambda p, s: np.cumsum(PCA().fit(p).explained_variance_ratio_), "give back one number"),
        (lambda p, s: print(end=""), "does it end in return"),
        (lambda p: 3, "your function raised TypeError"),
        (3, "give the function itself"),
    ],
}
