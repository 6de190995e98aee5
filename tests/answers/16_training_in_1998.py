"""Answers to the exercises of notebook 16: right ones in several forms, wrong ones with words of their hint."""

import math
from fractions import Fraction

import keras
import numpy as np
import tensorflow as tf


def curvature(derivatives):
    return (derivatives**2).sum(axis=1).mean(axis=0)


def by_loops(d):
    images, outputs, weights = d.shape
    return [sum(d[i, o, w] ** 2 for i in range(images) for o in range(outputs)) / images for w in range(weights)]


def in_place(derivatives):
    derivatives *= derivatives
    return derivatives.mean(axis=0).sum(axis=0)


RIGHT = {
    "16.1": [0.01, Fraction(1, 100), 0.0005 / (0.02 + 0.03), np.float32(0.01), [0.01], tf.constant(0.01)],
    "16.2": [0.4, 2 / 5, Fraction(2, 5), np.float32(0.4), (0.4,), np.array(0.4)],
    "16.3": [
        curvature,
        by_loops,
        in_place,
        lambda d: np.einsum("iow,iow->w", d, d) / len(d),
        lambda d: curvature(d.astype("float32")),
        lambda d: tf.reduce_mean(tf.reduce_sum(tf.square(d), axis=1), axis=0),
        lambda d: keras.ops.mean(keras.ops.sum(keras.ops.cast(d, "float32") ** 2, axis=1), axis=0),
        lambda d: d.shape[1] * (d**2).mean(axis=(0, 1)),
    ],
    "16.4": [0.0693, 0.06928, 0.07, np.array(0.0693), np.float32(0.069282), [0.0693], math.sqrt(400 * 0.006**2 / 3)],
}
WRONG = {
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
        ("2/5", "give the number, without quotes"),
        (0.2, "in a single step"),
        (2.5, "upside down"),
        (5, "that is the curvature"),
        (2, "curvature of 1"),
        (0.5, "h = 4"),
        (0.1, "curvature 20"),
        ((2, 5), "yours has 2"),
        (0.3, "by what does a step multiply"),
    ],
    "16.3": [
        (lambda d: (d**2).sum(axis=(0, 1)), "sum over the images"),
        (lambda d: (d**2).mean(axis=(0, 1)), "averages the outputs too"),
        (lambda d: (d.sum(axis=1) ** 2).mean(axis=0), "before you add up the outputs"),
        (lambda d: (d.mean(axis=0) ** 2).sum(axis=0), "before you average over the images"),
        (lambda d: np.abs(d).sum(axis=1).mean(axis=0), "absolute values"),
        (lambda d: d.sum(axis=1).mean(axis=0), "squares are missing"),
        (lambda d: np.sqrt(curvature(d)), "no root"),
        (lambda d: 2 * curvature(d), "takes the factor 2 away"),
        (lambda d: curvature(d) / 2, "is used up"),
        (lambda d: curvature(d)[None], "has shape (1, 11), not (11,)"),
        (lambda d: (d**2).sum(axis=1), "average over the images too"),
        (lambda d: (d**2).mean(axis=0), "add up the outputs too"),
        (lambda d: (d**2).mean(), "each weight has its own"),
        (lambda d: curvature(d) + 1, "squares of derivatives"),
        (lambda: 0, "your function raised TypeError"),
        (5.0, "give the function itself"),
    ],
    "16.4": [
        (0.0048, "that is the variance"),
        (0.003464, "spread of one weight"),
        (1.3856, "standard deviations do not"),
        (0.12, "as if each weight"),
        (2.4, "the largest possible sum"),
        ("0.0693", "without quotes"),
        (0.05, "the variance of a sum"),
    ],
}
