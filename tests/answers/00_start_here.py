"""Answers to the turns and exercises of notebook 00: right ones, and wrong ones with words of their hint."""

import keras
import numpy as np
import tensorflow as tf

import lenet_keras as lk
from lenet_keras import data

MNIST = data.find()[0].name == "mnist"


def by_loop(answers, labels):
    return 100 * sum(int(a != b) for a, b in zip(answers, labels, strict=True)) / len(labels)


def network(maps=(6, 16, 120), outputs=10, side=32, bend="tanh", pool=keras.layers.AveragePooling2D):
    """LeNet-5 with other numbers."""
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((side, side, 1)),
            layers.Conv2D(maps[0], 5, activation=bend),
            pool(2),
            layers.Conv2D(maps[1], 5, activation=bend),
            pool(2),
            layers.Conv2D(maps[2], 5, activation=bend),
            layers.Flatten(),
            layers.Dense(84, activation="tanh"),
            layers.Dense(outputs),
        ]
    )


def softmaxed(model):
    return keras.Sequential([keras.Input((32, 32, 1)), *model.layers, keras.layers.Softmax()])


def functional():
    images = keras.Input((32, 32, 1))
    return keras.Model(images, network()(images))


def sure_but_wrong(probabilities, labels):
    return ((probabilities.argmax(axis=1) != labels) & (probabilities.max(axis=1) >= 0.9)).sum()


def counted_by_hand(probabilities, labels):
    count = 0
    for row, label in zip(probabilities, labels, strict=True):
        if max(row) >= 0.9 and list(row).index(max(row)) != label:
            count += 1
    return count


def in_tensorflow(probabilities, labels):
    wrong = tf.argmax(probabilities, axis=1) != labels
    return tf.reduce_sum(tf.cast(wrong & (tf.reduce_max(probabilities, axis=1) >= 0.9), "int32"))


def all_wrong(probabilities, labels):
    return (probabilities.argmax(axis=1) != labels).sum()


def read(kind):
    return lk.load_lenet5(kind)


def with_softmax():
    return keras.Sequential([keras.Input((32, 32, 1)), read("standard"), keras.layers.Softmax()])


ALWAYS_1 = 100 * float((data.find()[0].y_train[lk.split(data.find()[0])[0]] != 1).mean())
RIGHT = {
    "00.a": [
        lambda answers, labels: 100 * (answers != labels).mean(),
        lambda answers, labels: np.float32(100 * np.mean(answers != labels)),
        by_loop,
        lambda answers, labels: 100 - 100 * (answers == labels).sum() / len(answers),
        lambda answers, labels: tf.reduce_mean(tf.cast(answers != labels, "float32")) * 100,
    ],
    "00.b": [network, lk.lenet5, functional],
    "00.1": [(200, 10), [200, 10], np.array([200, 10]), tf.constant([200, 10])],
    "00.2": [ALWAYS_1, round(ALWAYS_1, 1), np.float32(ALWAYS_1), ALWAYS_1 / 100, [ALWAYS_1]],
    "00.3": [sure_but_wrong, counted_by_hand, in_tensorflow],
    "00.4": [3, 3.0, np.int64(3), [3]],
    "00.5": [2, 2.0, np.array(2)],
    "00.6": [
        network((12, 16, 120)),
        keras.Sequential([keras.Input((32, 32, 1)), *network((12, 16, 120)).layers]),
        network((12, 16, 120)),
    ],
    "00.7": [14.2, 13.6, np.float32(14.7), [14.0], 12.5],
    "00.8": [read("standard"), read("distorted"), with_softmax()],
}
WRONG = {
    "00.a": [
        (lambda answers, labels: (answers != labels).mean(), "multiply it by 100"),
        (lambda answers, labels: 100 * (answers == labels).mean(), "of the right answers"),
        (lambda answers, labels: 100 * (answers != labels).sum(), "a count times 100"),
        (lambda answers, labels: (answers != labels).sum(), "that is a count"),
        (lambda answers, labels: 100 * (answers != labels), "must give back one number"),
        (lambda answers, labels: print(end=""), "does it end in return"),
        (50.0, "give the function itself"),
    ],
    "00.b": [
        (lambda: network(outputs=9), "how many are that"),
        (lambda: network(outputs=1), "one number for each possible answer"),
        (lambda: network(maps=(7, 16, 120)), "another layer was changed too"),
        (lambda: softmaxed(network()), "without activation"),
        (lambda: 10, "must give back the model"),
        (network(), "raised"),
    ],
    "00.1": [
        ((10, 200), "the images come first"),
        ((32, 32), "the shape of an image"),
        ((200, 1), "one image gives ten numbers"),
        ((200, 32, 32, 1), "a list of 2 numbers, but yours has 4"),
        (("200", "10"), "without quotes"),
        ({200, 10}, "a set has no order"),
    ],
    "00.2": [
        (100 - ALWAYS_1, "read rightly"),
        (1 - ALWAYS_1 / 100, "the share of the 1s"),
        (50, "right wherever the label is 1"),
        (1, "right wherever the label is 1"),
        ("88.8", "without quotes"),
        (int((data.find()[0].y_train[lk.split(data.find()[0])[0]] != 1).sum()), "that is a count"),
    ],
    "00.3": [
        (all_wrong, "sure or not"),
        (lambda probabilities, labels: (probabilities.max(axis=1) >= 0.9).sum(), "wrong or right"),
        (lambda p, labels: ((p.argmax(axis=1) != labels) & (p.max(axis=1) > 0.9)).sum(), "use >="),
        (lambda p, labels: sure_but_wrong(p, labels) / len(labels), "that is a share"),
        (lambda p, labels: ((p.argmax(axis=1) == labels) & (p.max(axis=1) >= 0.9)).sum(), "that are right"),
        (lambda p, labels: ((p.argmax(axis=1) != labels) & (p.max(axis=1) >= 90)).sum(), "0.9 and not 90"),
        (lambda p, labels: (p.argmax(axis=0) != labels).sum(), "your function raised"),
        (7, "give the function itself"),
    ],
    "00.4": [(1, "a fresh model"), (2, "those of the lesson"), (4, "if nothing was learned"), (5, "seen these digits")],
    "00.5": [(1, "if slowly"), (3, "learns to read"), ("2", "without quotes"), (0, "belong together")],
    "00.6": [
        (network(), "still has 6 maps"),
        (network((12, 12, 120)), "12, 16 and 120 maps"),
        (network((6, 12, 120)), "still has 6 maps"),
        (network((12, 16, 120), side=36), "images of (32, 32, 1)"),
        (network((12, 16, 120), pool=keras.layers.MaxPooling2D), "the pooling should be"),
        (network((12, 16, 120), bend="relu"), 'should have activation="tanh"'),
        (softmaxed(network((12, 16, 120))), "without activation"),
        (64_262, "is a Keras model"),
        (keras.Sequential, "is a Keras model"),
    ],
    "00.7": [
        (0, "the 320 digits themselves"),
        (0.142, "that is a share"),
        (85.8, "read rightly"),
        (40, "are the first 320"),
        ("14", "without quotes"),
    ],
    "00.8": [
        (network(), "was it trained?"),
        (read("strings"), "give ten numbers"),
        (network(side=36), "images of (32, 32, 1)"),
        (1.8, "is a Keras model"),
    ],
}
if MNIST:
    WRONG["00.2"] += [(90, "a guess"), (89, "give one decimal")]
    WRONG["00.7"] += [(9.6, "of different digits"), (11.5, "of different digits")]
