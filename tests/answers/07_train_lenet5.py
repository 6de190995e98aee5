"""Answers to the turns and exercises of lesson 07: right ones in several forms, wrong ones with their hints."""

import math

import keras
import numpy as np
import tensorflow as tf

import lenet_keras as lk


def moving(factor):
    """A step with another factor in place of the rate."""

    def step(weights, gradient, rate):
        for weight, slopes in zip(weights, gradient, strict=True):
            weight.assign_sub(slopes * factor(rate))

    return step


def by_places(weights, gradient, rate):
    for place in range(len(weights)):
        weights[place].assign_sub(tf.constant(gradient[place]) * rate)
    return weights


def by_assign(weights, gradient, rate):
    for weight, slopes in zip(weights, gradient, strict=True):
        weight.assign(weight - rate * slopes)


def stopping(losses, patience, enough=lambda waited, patience: waited >= patience):
    best, waited = 0, 0
    for place in range(1, len(losses)):
        if losses[place] < losses[best]:
            best, waited = place, 0
        else:
            waited += 1
            if enough(waited, patience):
                break
    return best + 1


def by_keras(losses, patience):
    guard = keras.callbacks.EarlyStopping(monitor="loss", patience=patience)
    guard.set_model(keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)]))
    guard.model.stop_training = False
    guard.on_train_begin()
    for epoch, loss in enumerate(losses):
        guard.on_epoch_end(epoch, {"loss": loss})
        if guard.model.stop_training:
            break
    return np.int64(guard.best_epoch + 1)


def descend(steps):
    rate, weight = np.float32(0.1), np.float32(1)
    for _ in range(steps):
        weight = weight - rate * np.float32(2) * (weight - np.float32(3))
    return weight


def shipped():
    network = lk.lenet5()
    network.load_weights(lk.records.DATA / "lenet5.weights.h5")
    return network


def cloned():
    network = keras.models.clone_model(shipped())
    network.set_weights(shipped().get_weights())
    return network


def functional():
    network = shipped()
    return keras.Model(network.inputs, network.outputs)


def as_arrays(count, size):
    starts = np.arange(0, count, size)
    return np.stack([starts, np.minimum(starts + size, count)], axis=1)


keras.utils.set_random_seed(0)
FRESH = lk.lenet5()

ON_MNIST = {"07.6"}

RIGHT = {
    "07.a": [moving(lambda rate: rate), by_places, by_assign, moving(lambda rate: np.float64(rate))],
    "07.b": [stopping, by_keras, lambda losses, patience: float(stopping(losses, patience))],
    "07.1": [1.72, descend(2), np.array([1.72]), 3 - 2 * 0.8 * 0.8, 1 + 0.4 + 0.32],
    "07.2": [1, 1.0, np.float32(1), [1], tf.constant(1.0)],
    "07.3": [
        lambda top, share: top * (1 + np.cos(np.pi * share)) / 2,
        lambda top, share: top * math.cos(math.pi * share / 2) ** 2,
        lambda top, share: keras.optimizers.schedules.CosineDecay(top, 1000)(1000 * share),
    ],
    "07.4": [[3, 1, 2], (3, 1, 2), np.array([3.0, 1.0, 2.0])],
    "07.5": [
        lambda count, size: [(first, min(first + size, count)) for first in range(0, count, size)],
        lambda count, size: [[first, min(first + size, count)] for first in range(0, count, size)],
        as_arrays,
    ],
    "07.6": [shipped(), functional(), cloned()],
}
WRONG = {
    "07.a": [
        (moving(lambda rate: -rate), "uphill"),
        (moving(lambda rate: 1), "multiplied by the rate"),
        (moving(lambda rate: 0.1), "not a fixed number"),
        (moving(lambda rate: rate**2), "twice"),
        (lambda weights, gradient, rate: None, "stay as they are"),
        (moving(lambda rate: 7), "three things"),
        (lambda: None, "your function raised TypeError"),
        (3, "give the function itself"),
    ],
    "07.b": [
        (lambda losses, patience: stopping(losses, patience, lambda w, p: w > p), "goes on too long"),
        (lambda losses, patience: stopping(losses, patience, lambda w, p: False), "goes on too long"),
        (lambda losses, patience: stopping(losses, patience, lambda w, p: True), "stops too soon"),
        (lambda losses, patience: stopping(losses, patience) - 1, "count the epochs from 1"),
        (lambda losses, patience: None, "does it end in return"),
    ],
    "07.1": [
        (1.4, "after one step"),
        (1.976, "after three steps"),
        (1.8, "compute it anew"),
        (0.12, "goes uphill"),
        (1.38, "the 2 is missing"),
        (0.024, "not the loss"),
        (1.6384, "that is the loss there"),
        (1.28, "how far it still is from 3"),
        (1.7, "one more digit"),
        (5, "section 1"),
        ([1.4, 1.72], "yours has 2"),
    ],
    "07.2": [
        (0.5, "in a single step"),
        (0.99, "leads from 1 to 4.96, which is nearer"),
        (0.1, "leads from 1 to 1.4, which is nearer"),
        (0, "above 0"),
        (-1, "above 0"),
        (1.01, "there is a smaller rate"),
        (True, "not True or False"),
    ],
    "07.3": [
        (lambda top, share: top * (1 + np.cos(share)) / 2, "is π, not 1"),
        (lambda top, share: top * (1 + np.cos(180 * share)) / 2, "in radians"),
        (lambda top, share: top * (1 + np.cos(2 * np.pi * share)) / 2, "a whole wave"),
        (lambda top, share: top * (1 - np.cos(np.pi * share)) / 2, "the rate is to fall"),
        (lambda top, share: top * (1 - share), "a straight line"),
        (lambda top, share: top * (1 + np.sin(np.pi * share)) / 2, "at the start it is 1"),
        (lambda top, share: 3 * top, "at the share 0"),
    ],
    "07.4": [
        ([1, 2, 3], "curve A rises"),
        ([3, 2, 1], "C falls faster"),
        ([0.21, 0.02, 0.15], "give the numbers 1, 2 and 3"),
        ([1, 1, 1], "once"),
    ],
    "07.5": [
        (lambda count, size: [(f, f + size) for f in range(0, count - size, size)], "there are 3 batches, not 2"),
        (lambda count, size: [(f, f + size) for f in range(0, count, size)], "must end at 10, not 12"),
        (lambda count, size: [(f, f + size - 1) for f in range(0, count, size)], "the last must end"),
        (lambda count, size: [(f, min(f + size, count) - 1) for f in range(0, count, size)], "the batches are"),
        (lambda count, size: [1, 2, 3], "a list of pairs"),
    ],
    "07.6": [
        (FRESH, "has the network been trained"),
        (lk.lenet5_slides(), "takes images (32, 32, 1)"),
        (lk.lenet5(outputs=11), "gives ten logits, not (11,)"),
        ("network", "the answer is a Keras model"),
    ],
}
