"""Answers to the turns and exercises of lesson 26: right ones in several forms, wrong ones with words of their hint."""

import keras
import numpy as np
import tensorflow as tf

import lenet_keras as lk


def whole(parts, sizes):
    return sum(part * size for part, size in zip(parts, sizes, strict=True)) / sum(sizes)


def in_place(parts, sizes):
    for part, size in zip(parts, sizes, strict=True):
        part *= size
    return sum(parts) / sum(sizes)


def sent(workers, numbers):
    return 8 * (workers - 1) * numbers / workers


def update(workers, work, wait, numbers, line):
    return work / workers + 2 * (workers - 1) * wait + sent(workers, numbers) / line


def mended(weights, slopes, rate):
    return weights - rate * sum(slopes) / len(slopes)


def stepping_in_place(weights, slopes, rate):
    weights -= rate * sum(slopes) / len(slopes)
    return weights


def slopes(network, images, labels):
    with tf.GradientTape() as tape:
        losses = keras.losses.sparse_categorical_crossentropy(labels, network(images), from_logits=True)
        loss = keras.ops.mean(losses)
    found = tape.gradient(loss, [each.value for each in network.trainable_variables])
    return np.concatenate([np.ravel(each) for each in found])


def pieces(network, images, labels, part):
    """Slopes and sizes of the parts."""
    cuts = range(0, len(labels), part)
    found = [slopes(network, images[k : k + part], labels[k : k + part]) for k in cuts]
    return found, [len(labels[k : k + part]) for k in cuts]


def accumulated(network, images, labels, part):
    return whole(*pieces(network, images, labels, part))


def large():
    """The network of exercise 26.7, trained as in its solution."""
    digits = lk.load_digits()
    learn, _ = lk.split(digits)
    count = 6_400 if digits.name == "mnist" else 1_280
    sample = np.random.default_rng(26).choice(learn, count, replace=False)
    keras.utils.set_random_seed(0)
    network, updates = lk.fast.lenet5(), 2 * count // 256
    cosine = keras.optimizers.schedules.CosineDecay
    rate = cosine(0.0, updates - updates // 4, warmup_target=0.015, warmup_steps=updates // 4)
    network.compile(keras.optimizers.Adam(rate), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    network.fit(digits.x_train[sample], digits.y_train[sample], batch_size=256, epochs=2, verbose=0)
    return network


def wrapped(network):
    image = keras.Input((32, 32, 1))
    return keras.Model(image, network(image))


LARGE = large()
ON_MNIST = {"26.7"}
EPOCH = 469 * sent(8, 61_706)

RIGHT = {
    "26.a": [
        whole,
        lambda parts, sizes: np.average(parts, axis=0, weights=sizes),
        lambda parts, sizes: tf.constant(whole(parts, sizes)),
    ],
    "26.b": [sent, lambda n, k: 4 * (2 * n - 2) * (k / n), lambda n, k: np.array([sent(n, k)])],
    "26.c": [update, lambda *each: np.float64(update(*each)), lambda *each: [update(*each)]],
    "26.1": [0.4, (48 * 0.5 + 16 * 0.1) / 64, np.float32(0.4), [0.4]],
    "26.2": [EPOCH, round(EPOCH), 469 * 431_942, np.array(EPOCH)],
    "26.3": [
        mended,
        lambda weights, slopes, rate: weights - rate * np.mean(slopes, axis=0),
        lambda weights, slopes, rate: tf.constant(mended(weights, slopes, rate)),
    ],
    "26.4": [
        accumulated,
        lambda *each: np.average(pieces(*each)[0], axis=0, weights=pieces(*each)[1]),
        lambda *each: tf.constant(accumulated(*each)),
    ],
    "26.5": [[4, 64, 128], (4, 64, 128), np.array([4.0, 64.0, 128.0])],
    "26.6": [540, 540.0, 6 * 90, np.int64(540)],
    "26.7": [LARGE, wrapped(LARGE), keras.Sequential([keras.Input((32, 32, 1)), LARGE])],
}
WRONG = {
    "26.a": [
        (lambda parts, sizes: np.mean(parts, axis=0), "the plain mean"),
        (lambda parts, sizes: sum(parts), "the sum of the means"),
        (lambda parts, sizes: whole(parts, sizes) * sum(sizes), "the sum over all digits"),
        (lambda parts, sizes: whole(parts, sizes) * sum(sizes) / len(sizes), "the number of digits"),
        (lambda parts, sizes: parts, "the result is one array"),
        (in_place, "make a new array"),
    ],
    "26.b": [
        (lambda n, k: sent(n, k) / 4, "each has 4 bytes"),
        (lambda n, k: sent(n, k) / 2, "travels around twice"),
        (lambda n, k: 8 * k, "comes near to that"),
        (lambda n, k: sent(n, k) * n, "what all workers send"),
        (lambda n, k: 4 * (2 * n - 2) / n, "not one number"),
        (lambda n, k: 4 * k / n, "that is one step"),
        (lambda n: n, "your function raised TypeError"),
    ],
    "26.c": [
        (lambda n, w, t, k, s: update(n, w, t, k, s) - w / n + w, "is shared among the workers"),
        (lambda n, w, t, k, s: update(n, w, t, k, s) - (n - 1) * t, "2 · (workers − 1) steps"),
        (lambda n, w, t, k, s: update(n, w, 0, k, s), "the waiting is missing"),
        (lambda n, w, t, k, s: update(n, w, t, 0, s), "the bytes that are sent are missing"),
        (lambda n, w, t, k, s: update(n, w, t, k, 1), "bytes a second are seconds"),
        (lambda n, w, t, k, s: w / n + 2 * (n - 1) * t + 4 * k / s, "those of turn 26.b"),
        (lambda n, w, t, k, s: w / n + t + sent(n, k) / s, "each step waits"),
        (lambda n, w, t, k, s: w / n + 2 * n - 1 * t + sent(n, k) / s, "mind the brackets"),
        (lambda n, w, t, k, s: update(n, w, t, k, s) / n - w / n / n + w / n, "only the work is shared"),
    ],
    "26.1": [
        (0.3, "the plain mean"),
        (0.6, "not added"),
        (0.2, "exchanged"),
        (25.6, "the sum over all digits"),
        (12.8, "not by the number of parts"),
    ],
    "26.2": [
        (431_942, "that is one update"),
        (468 * 431_942, "an update too"),
        (468.75 * 431_942, "three quarters"),
        (469 * 431_942 / 4, "each has 4 bytes"),
        (469 * 431_942 * 8, "all eight send"),
        (469 * 8 * 61_706, "(workers − 1) / workers"),
    ],
    "26.3": [
        (lambda w, s, r: w - r * sum(s), "still adds the means"),
        (lambda w, s, r: w + r * sum(s) / len(s), "leads against the slope"),
        (lambda w, s, r: r * sum(s) / len(s), "give back the new weights"),
        (lambda w, s, r: w - r * sum(s) / len(s) ** 2, "divided twice"),
        (lambda w, s, r: w - r * sum(s) / 2, "not by 2"),
        (lambda w, s, r: w - 2 * r * sum(s) / len(s), "twice the mean"),
        (lambda w, s, r: w - r * np.mean(s), "without axis=0"),
        (lambda w, s, r: (w - r * sum(s)) / len(s), "only the slopes are divided"),
        (lambda w, s, r: w - r * s[0], "the first worker's step"),
        (lambda w, s, r: w - r * sum(s) / 16, "not always sixteen"),
        (stepping_in_place, "make a new array"),
    ],
    "26.4": [
        (lambda *each: np.mean(pieces(*each)[0], axis=0), "the plain mean of the parts"),
        (lambda *each: sum(pieces(*each)[0]), "the sum of the parts' means"),
        (lambda *each: accumulated(*each) * 10, "divide by len(labels)"),
        (lambda *each: pieces(*each)[0][-1], "the last part alone"),
        (lambda *each: whole(pieces(*each)[0][:3], [3, 3, 3]), "is left out"),
        (lambda *each: whole(pieces(*each)[0], [3, 3, 3, 3]) * 12 / 10, "the last part has fewer"),
        (lambda network, images, labels, part: slopes(network, images, labels), "computed at once"),
        (lambda *each: 3.0, "one array of all slopes"),
    ],
    "26.5": [
        ([4, 32, 128], "those are the quickest"),
        ([2, 32, 64], "the next ones break it"),
        ([2, 64, 128], "batch 64: with 2 workers"),
        ([4, 128, 128], "a smaller number of workers"),
        ([4, 50, 128], "not among the workers tried"),
        (4, "a list of 3 numbers"),
    ],
    "26.6": [
        (450, "without the kill"),
        (495, "are busy"),
        (3600, "one worker alone"),
        (6, "a round takes 90"),
        (9, "minutes"),
    ],
    "26.7": [
        (lk.lenet5(), "that of guessing"),
        (lk.load_lenet5(), "learned more than two passes"),
        (
            keras.Sequential([keras.Input((32, 32, 1)), keras.layers.Flatten(), keras.layers.Dense(10)]),
            "the goal is for",
        ),
        (lk.lenet5_slides(), "the images are 32×32×1"),
        ("large", "the answer is a Keras model"),
    ],
}
