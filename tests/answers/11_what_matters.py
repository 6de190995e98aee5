"""Answers to the exercises of notebook 11: right ones in several forms, wrong ones with words of their hint."""

import keras
import numpy as np
import tensorflow as tf

import lenet_keras as lk

PAPER, INK = lk.data.PAPER, lk.data.INK
RANGE = INK - PAPER


def mixed(image, cover):
    return image + cover * (PAPER - image)


def slopes(network, images, classes, sign=1.0, mean=False):
    pixels = tf.constant(images)
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        logits, hot = network(pixels), tf.one_hot(classes, 10)
        others = tf.reduce_max(tf.where(hot > 0, -np.inf, logits), axis=1)
        margins = tf.reduce_sum(tf.where(hot > 0, logits, 0.0), axis=1) - others
        total = tf.reduce_mean(margins) if mean else tf.reduce_sum(margins)
    return sign * tape.gradient(total, pixels)


def unwatched(network, images, classes):
    pixels = tf.constant(images)
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(network(pixels))
    return tape.gradient(total, pixels).numpy()


def watching_images(network, images, classes):
    pixels = tf.constant(images)
    with tf.GradientTape() as tape:
        tape.watch(images)
        total = tf.reduce_sum(network(pixels))
    return tape.gradient(total, pixels).numpy()


def by_images(network, images, classes):
    pixels = tf.constant(images)
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        total = tf.reduce_sum(network(pixels))
    return tape.gradient(total, images).numpy()


def one_by_one(network, images, classes):
    return np.concatenate([slopes(network, images[k : k + 1], classes[k : k + 1]) for k in range(len(images))])


def deleted(image, order, count):
    return np.where(np.isin(np.arange(1024), order[:count]), PAPER, image.reshape(-1)).reshape(image.shape)


def deleted_by_loop(image, order, count):
    changed = image.copy()
    for place in order[:count]:
        changed[place // 32, place % 32, 0] = PAPER
    return changed


def deleted_in_place(image, order, count):
    image.reshape(-1)[order[:count]] = PAPER
    return image


def stepped(images, signs, size):
    return np.minimum(np.maximum(images + size * RANGE * signs, PAPER), INK)


def by_masks(slope, image):
    ink = (image > -0.09)[..., 0]
    sizes = np.abs(slope)[..., 0]
    return sizes[ink].mean() / sizes[~ink].mean()


def by_weights(slope, image):
    ink = (image > -0.09).astype(float)
    return np.average(abs(slope), weights=ink) / np.average(abs(slope), weights=1 - ink)


def by_lists(slope, image):
    pairs = list(zip(np.ravel(image), np.abs(np.ravel(slope)), strict=True))
    ink, paper = [s for v, s in pairs if v > -0.09], [s for v, s in pairs if v <= -0.09]
    return [sum(ink) / len(ink) / (sum(paper) / len(paper))]


DIGITS = lk.load_digits()
LEARN, VALIDATE = lk.split(DIGITS)


def stands(count=400):
    keras.utils.set_random_seed(0)
    model = lk.lenet5()
    model.compile(keras.optimizers.Adam(0.002), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    for k in range(count):
        batch = LEARN[np.arange(64 * k, 64 * k + 64) % len(LEARN)]
        x, y = DIGITS.x_train[batch], DIGITS.y_train[batch]
        model.train_on_batch(stepped(x, -np.sign(slopes(model, x, y)), 0.05), y)
    return model


STANDS = stands()


def copied(model):
    model.set_weights(STANDS.get_weights())
    return model


def functional():
    image = keras.Input((32, 32, 1))
    values = image
    for layer in lk.lenet5().layers:
        values = layer(values)
    return keras.Model(image, values)


NETWORK = lk.lenet5()
NETWORK.load_weights(lk.records.DATA / "lenet5.weights.h5")
IMAGES, LABELS = DIGITS.x_train[VALIDATE[:1000]], DIGITS.y_train[VALIDATE[:1000]]
NINE = IMAGES[(LABELS == 9) & (np.asarray(NETWORK(IMAGES)).argmax(axis=1) == 9)][0]


def led(target, rounds=40, keep=0.1):
    image = NINE
    for _ in range(rounds):
        image = stepped(image, np.sign(slopes(NETWORK, image[None], [target]))[0], 0.01)
        image = np.clip(image, NINE - keep * RANGE, NINE + keep * RANGE).astype("float32")
    return image


TWO = led(2)

RIGHT = {
    "11.a": [
        lambda image, cover: (1 - cover) * image + cover * PAPER,
        mixed,
        lambda image, cover: tf.constant(mixed(image, cover)),
        lambda image, cover: mixed(image, cover).tolist(),
    ],
    "11.b": [slopes, one_by_one, lambda *given: slopes(*given).numpy().astype("float64")],
    "11.c": [deleted, deleted_by_loop, lambda *given: tf.constant(deleted(*given))],
    "11.d": [
        lambda images, signs, size: np.clip(images + size * RANGE * signs, PAPER, INK),
        stepped,
        lambda images, signs, size: tf.clip_by_value(images + size * RANGE * signs, PAPER, INK),
    ],
    "11.1": [0.1275, 0.1 * RANGE, np.float32(0.1275), [0.1275], 0.13],
    "11.2": [1, 1.0, np.float64(1), [1], tf.constant(1.0)],
    "11.3": [by_masks, by_weights, by_lists],
    "11.4": [
        lambda images, g, size: np.clip(images - size * 1.275 * np.sign(g), -0.1, 1.175),
        lambda images, g, size: stepped(images, -np.sign(g), size),
        lambda images, g, size: tf.clip_by_value(images - size * 1.275 * tf.sign(g), PAPER, INK),
    ],
    "11.5": [[2, 5], (5, 2), {2, 5}, np.array([2, 5])],
    "11.6": [STANDS, copied(lk.lenet5()), copied(functional())],
    "11.7": [TWO, TWO.tolist(), tf.constant(TWO), TWO.astype("float64")],
}

WRONG = {
    "11.a": [
        (lambda image, cover: (1 - cover) * image, "a light grey"),
        (lambda image, cover: cover * image + (1 - cover) * PAPER, "the other way round"),
        (lambda image, cover: image + cover * PAPER, "become less"),
        (lambda image, cover: (1 - cover) * image + cover * INK, "goes to ink"),
        (lambda image, cover: (1 - cover) * image - cover * PAPER, "its own sign"),
    ],
    "11.b": [
        (unwatched, "your function raised"),
        (watching_images, "pixels, not images"),
        (by_images, "pixels, not images"),
        (lambda n, x, c: slopes(n, x, c, sign=-1), "the sign is turned"),
        (lambda n, x, c: slopes(n, x, c, mean=True), "not their mean"),
        (lambda n, x, c: np.abs(slopes(n, x, c)), "signs are wanted"),
        (lambda n, x, c: slopes(n, x, c)[0], "the shape"),
    ],
    "11.c": [
        (lambda image, order, count: deleted(image, order, 1024), "only its first count"),
        (lambda image, order, count: deleted(image, np.arange(1024), count), "not of order"),
        (lambda image, order, count: deleted(image, order[::-1], count), "last of the order"),
        (lambda image, order, count: deleted(image, order[count : count + 1], 1), "one pixel"),
        (deleted_in_place, "work on a copy"),
        (lambda image, order, count: deleted(image, order, count).reshape(-1), "the shape"),
    ],
    "11.d": [
        (lambda images, signs, size: images + size * RANGE * signs, "clip them"),
        (lambda images, signs, size: np.clip(images + size * RANGE * signs, 0, 1), "clip between these"),
        (lambda images, signs, size: np.clip(images + size * signs, PAPER, INK), "share of the range"),
        (lambda images, signs, size: stepped(images, -signs, size), "add them"),
        (lambda images, signs, size: stepped(images, signs, size * INK / RANGE), "from paper to ink"),
    ],
    "11.1": [(0.1, "wider than 1"), (0.1175, "not at 0"), (25.5, "of the file"), (1.275, "whole range"), (3, "share")],
    "11.2": [
        (0, "says nothing about the fall"),
        (-1, "the same sign"),
        (0.93, "does it change here"),
        (1.5, "between −1 and 1"),
        ("one", "without quotes"),
    ],
    "11.3": [
        (lambda s, x: abs(s)[x > -0.09].sum() / abs(s)[x <= -0.09].sum(), "take means"),
        (lambda s, x: abs(s)[x > -0.09].sum() / abs(s).sum(), "a share of the sum"),
        (lambda s, x: 1 / by_masks(s, x), "turn it round"),
        (lambda s, x: abs(s)[x > 0.01].mean() / abs(s)[x <= 0.01].mean(), "more than −0.09"),
        (lambda s, x: s[x > -0.09].mean() / s[x <= -0.09].mean(), "Use np.abs"),
        (lambda s, x: abs(s)[x > -0.09].mean() / abs(s).mean(), "on *paper*"),
        (lambda s, x: abs(s), "give back one number"),
    ],
    "11.4": [
        (lambda x, g, size: x - size * 1.275 * np.sign(g), "np.clip"),
        (lambda x, g, size: stepped(x, np.sign(g), size), "goes up the gradient"),
        (lambda x, g, size: x + size * 1.275 * np.sign(g), "as it was"),
        (lambda x, g, size: stepped(x, -g, size), "keep np.sign"),
    ],
    "11.5": [([1, 2], "base rate"), ([2, 3], "random directions"), ([4, 5], "fresh network"), ([2, 6], "comparison")],
    "11.6": [
        (lk.lenet5(), "was it trained"),
        (NETWORK, "after a step of 5 %"),
        (lk.lenet5_slides(), "it has to take images"),
        (lk.lenet5, "a Keras model"),
    ],
    "11.7": [
        (NINE, "read as a 9"),
        (np.clip(NINE - 0.9, PAPER, INK), "of the range"),
        (NINE - 1, "between −0.1 and 1.175"),
        (TWO[..., 0], "shape (32, 32, 1)"),
    ],
}
