"""Answers to the exercises of notebook 10: right ones in several forms, wrong ones with words of their hint."""

import keras
import numpy as np
import tensorflow as tf

import lenet_keras as lk

DOWN, RIGHTWARDS = np.mgrid[-2:3, -2:3]


def dots(w):
    return (w * DOWN).sum(), (w * RIGHTWARDS).sum()


def by_projection(weights):
    slopes = np.array([DOWN, RIGHTWARDS]).reshape(2, 25) / 50**0.5
    return float(((slopes @ np.ravel(weights)) ** 2).sum() / (np.ravel(weights) ** 2).sum())


def up_to(model, name):
    return keras.Model(model.inputs, model.get_layer(name).output)


def own_layers(model, name, images):
    values = images
    for layer in model.layers:
        values = layer(values)
        if layer.name == name:
            return values


def another_network(model, name, images):
    return up_to(lk.lenet5(), name)(images)


def means_of(known, labels):
    return np.array([known[labels == digit].mean(axis=0) for digit in range(10)])


def by_tensors(known, labels, values):
    means = tf.constant(means_of(known, labels))
    away = tf.reduce_sum((tf.constant(values)[:, None] - means) ** 2, axis=2)
    return tf.argmin(away, axis=1)


def by_squares(k, y, v):
    means = means_of(k, y)
    return ((means**2).sum(axis=1) - 2 * v @ means.T).argmin(axis=1).tolist()


def by_loops(k, y, v):
    return [min(range(10), key=lambda d: np.linalg.norm(row - k[y == d].mean(axis=0))) for row in v]


def off(values, mean, k):
    changed = np.array(values)
    changed[..., k] = mean[..., k]
    return changed


def off_by_mask(values, mean, k):
    return np.where(np.arange(values.shape[-1]) == k, mean, values)


def off_by_parts(values, mean, k):
    middle = np.broadcast_to(mean[..., k : k + 1], (*values.shape[:-1], 1))
    return tf.concat([values[..., :k], middle, values[..., k + 1 :]], axis=-1)


def off_in_place(values, mean, k):
    values[..., k] = mean[..., k]
    return values


def cosines(w, others):
    w, others = np.ravel(w), np.reshape(others, (len(others), -1))
    return others @ w / np.linalg.norm(others, axis=1) / np.linalg.norm(w)


def alike_by_loop(weights, others):
    best = [abs((weights * o).sum()) / (o**2).sum() ** 0.5 for o in others]
    return best.index(max(best))


def each_off(rest, values, mean, labels):
    return [int(np.sum(np.argmax(rest(off(values, mean, k)), 1) != labels)) for k in range(values.shape[-1])]


def each_off_and_back(rest, values, mean, labels):
    found, values = [], values.copy()
    for k in range(values.shape[-1]):
        kept = values[..., k].copy()
        values[..., k] = mean[..., k]
        found.append(np.sum(rest(values).argmax(axis=1) != labels))
        values[..., k] = kept
    return np.array(found)


def never_back(rest, values, mean, labels, filling=1):
    values, found = values.copy(), []
    for k in range(values.shape[-1]):
        values[..., k] = filling * mean[..., k]
        found.append(int(np.sum(rest(values).argmax(axis=1) != labels)))
    return found


def as_it_stands(rest, values, mean, labels):
    found = []
    for k in range(values.shape[-1]):
        values[..., k] = mean[..., k]
        found.append(int(np.sum(rest(values).argmax(axis=1) != labels)))
    return found


def eight_maps(maps=8, name="C3", f6=84):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((32, 32, 1)),
            layers.Conv2D(6, 5, activation="tanh", name="C1"),
            layers.AveragePooling2D(2, name="S2"),
            layers.Conv2D(maps, 5, activation="tanh", name=name),
            layers.AveragePooling2D(2, name="S4"),
            layers.Conv2D(120, 5, activation="tanh", name="C5"),
            layers.Flatten(name="flatten"),
            layers.Dense(f6, activation="tanh", name="F6"),
            layers.Dense(10, name="output"),
        ]
    )


keras.utils.set_random_seed(0)
LEARNED = eight_maps()
QUICK = lk.Recipe(epochs=1, batch_size=64, decay=True, minimum_updates=400, validate=False)
SMALL = lk.load_digits()
SOME = lk.split(SMALL)[0][:12_000]
lk.train(LEARNED, SMALL.replace(x_train=SMALL.x_train[SOME], y_train=SMALL.y_train[SOME]), QUICK, verbose=False)


def learned(model):
    model.set_weights(LEARNED.get_weights())
    return model


def functional():
    image = keras.Input((32, 32, 1))
    values = image
    for layer in eight_maps().layers:
        values = layer(values)
    return keras.Model(image, values)


CHEAP = [3, 15, 8, 9, 0, 5]

ON_MNIST = {"10.7"}

RIGHT = {
    "10.a": [
        lambda weights: sum(d * d for d in dots(weights)) / 50 / (weights**2).sum(),
        by_projection,
        lambda w: tf.constant(by_projection(w)),
        lambda w: [by_projection(np.float32(w))],
    ],
    "10.b": [
        lambda model, name, images: up_to(model, name).predict(images, batch_size=500, verbose=0),
        lambda model, name, images: up_to(model, name)(images),
        own_layers,
    ],
    "10.c": [by_tensors, by_squares, by_loops],
    "10.d": [off, off_by_mask, off_by_parts, lambda v, m, k: off(v, m, k).tolist()],
    "10.1": [
        [6, 19, 16, 29],
        (6.0, 19.0, 16.0, 29.0),
        np.array([6, 19, 16, 29], "uint8"),
        [[6, 19], [16, 29]],
        tf.constant([6, 19, 16, 29]),
    ],
    "10.2": [2 / 49, 0.041, 4, 4.08, np.float32(2 / 49), [2 / 49]],
    "10.3": [
        lambda w, others: np.abs(cosines(w, others)).argmax(),
        lambda w, others: int(np.argmax(cosines(w, others) ** 2)),
        alike_by_loop,
        lambda w, others: tf.argmax(tf.abs(tf.constant(cosines(w, others)))),
    ],
    "10.4": [each_off, each_off_and_back, lambda *given: tf.constant(each_off(*given))],
    "10.5": [[2, 5], (5, 2), {2, 5}, np.array([5.0, 2.0])],
    "10.6": [LEARNED, learned(eight_maps()), learned(functional())],
    "10.7": [CHEAP, tuple(CHEAP), set(CHEAP), np.array(CHEAP[::-1]), tf.constant(CHEAP), [*CHEAP, 10]],
}

WRONG = {
    "10.a": [
        (lambda w: sum(d * d for d in dots(w)) / (w**2).sum(), "division by 50"),
        (lambda w: sum(d * d for d in dots(w)) / 50**0.5 / (w**2).sum(), "not by its root"),
        (lambda w: sum(dots(w)) ** 2 / 50 / (w**2).sum(), "square each dot product"),
        (lambda w: dots(w)[0] ** 2 / 50 / (w**2).sum(), "downwards alone"),
        (lambda w: dots(w)[1] ** 2 / 50 / (w**2).sum(), "to the right alone"),
        (lambda w: sum(dots(w)) / 50 / (w**2).sum(), "have to be squared"),
        (lambda w: w, "give back one number"),
    ],
    "10.b": [
        (lambda model, name, images: up_to(model, "C1")(images), "it ends at C1"),
        (lambda model, name, images: model(images), "it ends at output"),
        (another_network, "same weights"),
        (lambda model, name, images: up_to(model, name)(images[:1]), "the shape is (3, 10, 10, 16)"),
        (lambda model, name, images: model.get_layer(name), "an array of numbers"),
    ],
    "10.c": [
        (lambda k, y, v: ((v[:, None] - means_of(k, y)) ** 2).sum(axis=2).argmax(axis=1), "*farthest*"),
        (lambda k, y, v: (v @ means_of(k, y).T).argmax(axis=1), "no distance"),
        (lambda k, y, v: (v[:, None] - means_of(k, y)).sum(axis=2).argmin(axis=1), "squared before"),
        (lambda k, y, v: np.argmin([np.linalg.norm(v - m) for m in means_of(k, y)]), "80 classes"),
        (lambda k, y, v: by_squares(np.tile(k.mean(axis=0), (len(k), 1)), y, v), "rows of one class"),
    ],
    "10.d": [
        (off_in_place, "values.copy()"),
        (lambda v, m, k: off(v, 0 * m, k), "that is zero"),
        (lambda v, m, k: off(v, 0 * m + m.mean(), k), "its own mean"),
        (lambda v, m, k: np.broadcast_to(m, v.shape), "only map k"),
        (lambda v, m, k: off(v, v.mean(axis=0), k), "that is given"),
        (lambda v, m, k: v[..., k], "shape of the values"),
        (lambda v, m, k: v.copy(), "nothing was changed"),
    ],
    "10.1": [
        ([6, 20, 16, 30], "only 13 after"),
        ([7, 20, 17, 30], "counted from 0"),
        ([16, 29, 6, 19], "rows come first"),
        ([6, 16, 19, 29], "the order is"),
        ([6, 21, 16, 31], "what a unit of S4 sees"),
        ([3, 16, 8, 21], "two pixels of the image"),
        ([12, 27, 32, 47], "a unit of S4"),
        ([6, 19], "yours has 2"),
    ],
    "10.2": [(0.08, "for 5×5"), (1 / 49, "one slope"), (2 / 7, "49 numbers"), (0.5, "how many directions")],
    "10.3": [
        (lambda w, o: cosines(w, o).argmax(), "left out"),
        (lambda w, o: np.abs((o * w).sum(axis=(1, 2))).argmax(), "lengths of the others"),
        (lambda w, o: ((o - w) ** 2).sum(axis=(1, 2)).argmin(), "smallest distance"),
        (lambda w, o: np.abs(cosines(w, o)).argmin(), "*least* alike"),
        (lambda w, o: np.abs(cosines(w, o)).argmax() + 1, "counted from 0"),
        (lambda w, o: cosines(w, o), "give back one number"),
    ],
    "10.4": [
        (as_it_stands, "still changed"),
        (never_back, "maps before are still off"),
        (lambda r, v, m, y: each_off(r, v, 0 * m, y), "not at zero"),
        (lambda r, v, m, y: np.array(each_off(r, v, m, y)) / len(v), "not their share"),
        (lambda r, v, m, y: 60 - np.array(each_off(r, v, m, y)), "*rightly*"),
        (lambda r, v, m, y: each_off(r, v, m, y)[:2], "5 numbers"),
    ],
    "10.5": [
        ([1, 2], "(1): maps"),
        ([2, 3], "(3): this network"),
        ([4, 5], "2 of 84 dimensions"),
        ([2, 6], "ask"),
        ([2], "yours has 1"),
    ],
    "10.6": [
        (eight_maps(), "was it trained"),
        (eight_maps(16), "C3 has 16 maps"),
        (eight_maps(name="third"), "no layer called C3"),
        (eight_maps(f6=82), "parameters"),
        (lk.lenet5, "a Keras model"),
    ],
    "10.7": [
        ([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], "are misread"),
        ([3, 15, 8], "six maps or more"),
        ([3, 15, 8, 9, 0, 0], "twice"),
        ([3, 15, 8, 9, 0, 16], "0 to 15"),
        ("3, 15, 8, 9, 0, 5", "without quotes"),
    ],
}
