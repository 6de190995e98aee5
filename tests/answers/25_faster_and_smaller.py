"""Answers to the turns and exercises of lesson 25: right ones in several forms, wrong ones with words of their hint."""

import keras
import numpy as np
import tensorflow as tf

import lenet_keras as lk

layers = keras.layers


def windows(kernel, pool=2, across_first=False, corner=False, reverse=False):
    side, _, channels, maps = kernel.shape
    found = np.zeros((side + pool - 1, side + pool - 1, channels, pool * pool, maps), "float32")
    for place in range(pool * pool):
        down, right = divmod(place, pool)
        if across_first:
            down, right = right, down
        if corner:
            down = right = 0
        if reverse:
            down, right = pool - 1 - down, pool - 1 - right
        found[down : down + side, right : right + side, :, place] = kernel
    return found


def by_padding(kernel, pool=2):
    places = [divmod(place, pool) for place in range(pool * pool)]
    return np.stack([np.pad(kernel, ((d, pool - 1 - d), (r, pool - 1 - r), (0, 0), (0, 0))) for d, r in places], axis=3)


def cycle(update, updates, peak, top=0.3, start=0.0, end=0.0):
    top = top * updates
    if update < top:
        return start + (peak - start) * update / top
    return end + (peak - end) * (1 + np.cos(np.pi * (update - top) / (updates - top))) / 2


def by_interpolation(update, updates, peak):
    rise = np.interp(update, [0, 0.3 * updates], [0, peak])
    part = np.clip((update - 0.3 * updates) / (0.7 * updates), 0, 1)
    return min(rise, peak * np.cos(np.pi * part / 2) ** 2)


def whole(array, bits, size=np.abs, rounding=np.round):
    step = size(array).max() / (2 ** (bits - 1) - 1)
    return rounding(array / step), step


def eight(array, size=np.abs, rounding=np.round, kind="int8"):
    found, step = whole(array, 8, size, rounding)
    return found.astype(kind), step


def in_place(array, bits):
    step = np.abs(array).max() / (2 ** (bits - 1) - 1)
    array /= step
    return np.round(array), step


def pruned(share):
    """The shipped network without its smallest weights, not trained again."""
    network = lk.load_lenet5()
    weights = network.get_weights()
    limit = np.quantile(np.concatenate([np.abs(a).ravel() for a in weights if a.ndim > 1]), share)
    network.set_weights([a * (np.abs(a) >= limit) if a.ndim > 1 else a for a in weights])
    return network


def sparse():
    """The network of exercise 25.6, trained as in its solution."""
    network, digits = pruned(0.9), lk.load_digits()
    learn, _ = lk.split(digits)
    stays = [array != 0 for array in network.get_weights()]
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(keras.optimizers.Adam(0.001), loss, steps_per_execution=20)
    order = np.random.default_rng(0).permutation(learn)
    for part in np.array_split(order[:20_000], 40):
        network.fit(digits.x_train[part], digits.y_train[part], batch_size=25, verbose=0)
        network.set_weights([a * s if a.ndim > 1 else a for a, s in zip(network.get_weights(), stays, strict=True)])
    return network


def small():
    """The network of exercise 25.7, trained as in its solution."""
    keras.utils.set_random_seed(0)
    network = tiny()
    recipe = lk.Recipe(epochs=11, batch_size=64, learning_rate=0.01, decay=True, warm_up=2, minimum_updates=600)
    lk.train(network, lk.load_digits(), recipe, fresh=moved, verbose=False)
    return network


def moved(images, labels, key):
    """Each digit up to one pixel down or up, right or left."""
    down, right = np.random.default_rng(key).integers(-1, 2, (2, len(images)))
    changed = np.empty_like(images)
    for place in range(9):
        rows, columns = place // 3 - 1, place % 3 - 1
        some = (down == rows) & (right == columns)
        changed[some] = np.roll(images[some], (rows, columns), axis=(1, 2))
    return changed, labels


def tiny(last=12):
    """Three convolutions with batch normalisation; with 12 maps in the last it has 2,946 parameters."""
    parts = [keras.Input((32, 32, 1))]
    for many, side, step in ((8, 5, 2), (12, 3, 1), (last, 3, 1)):
        parts.append(layers.Conv2D(many, side, strides=step, use_bias=False))
        parts += [layers.BatchNormalization(scale=False), layers.ReLU()]
        if step == 1:
            parts.append(layers.MaxPooling2D(2))
    return keras.Sequential([*parts, layers.Flatten(), layers.Dense(10)])


def nearly():
    """A network that is small enough, and not trained enough: one short pass."""
    keras.utils.set_random_seed(0)
    network = tiny()
    lk.train(network, lk.load_digits(), lk.Recipe(epochs=1, batch_size=256, minimum_updates=20), verbose=False)
    return network


def wrapped(network):
    image = keras.Input((32, 32, 1))
    return keras.Model(image, network(image))


def again(network):
    copy = keras.models.clone_model(network)
    copy.set_weights(network.get_weights())
    return copy


SPARSE, SMALL = sparse(), small()
ON_MNIST = {"25.6", "25.7"}

RIGHT = {
    "25.a": [
        lambda links, seen, speed: 3 * links * seen / speed,
        lambda links, seen, speed: np.array([seen / speed * (links + 2 * links)]),
        lambda links, seen, speed: tf.constant(3.0 * links * seen / speed),
    ],
    "25.b": [windows, by_padding, lambda kernel: tf.constant(windows(kernel))],
    "25.c": [cycle, by_interpolation, lambda *each: np.array(cycle(*each)), lambda *each: tf.constant(cycle(*each))],
    "25.d": [
        whole,
        lambda array, bits: list(whole(array, bits)),
        lambda array, bits: (np.rint(array / (s := np.abs(array).max() / (2 ** (bits - 1) - 1))).astype("int8"), s),
    ],
    "25.1": [7.2, 3 * 2_000_000 * 60_000 / 50e9, np.float32(7.2), [7.2]],
    "25.2": [1.96, 49 / 25, 7**2 / 5**2, np.array(1.96)],
    "25.3": [windows, by_padding, lambda kernel, pool: tf.constant(windows(kernel, pool))],
    "25.4": [
        eight,
        lambda array: list(eight(array)),
        lambda array: (np.rint(127 * array / np.abs(array).max()).astype(np.int8), np.abs(array).max() / 127),
    ],
    "25.5": [[0.7, 0.5], (0.7, 0.5), np.array([0.7, 0.5]), [70, 50]],
    "25.6": [SPARSE, wrapped(SPARSE), again(SPARSE)],
    "25.7": [SMALL, wrapped(SMALL), again(SMALL)],
}
WRONG = {
    "25.a": [
        (lambda links, seen, speed: links * seen / speed, "the forward pass alone"),
        (lambda links, seen, speed: 2 * links * seen / speed, "the backward pass alone"),
        (lambda links, seen, speed: 3 * links / speed, "times seen"),
        (lambda links, seen, speed: speed / (3 * links * seen), "not the other way round"),
        (lambda links, seen, speed: 3 * links * seen, "divide them by those of a second"),
        (lambda links, seen, speed: 3 * links * seen / 64 / speed, "not batches"),
        (lambda links, seen, speed: 3 * links * seen // speed, "cuts off"),
        (lambda links, seen: 3 * links * seen, "your function raised TypeError"),
    ],
    "25.b": [
        (lambda kernel: windows(kernel, across_first=True), "row by row"),
        (lambda kernel: windows(kernel, corner=True), "the same corner"),
        (lambda kernel: windows(kernel, reverse=True), "opposite corners"),
        (lambda kernel: windows(kernel) / 4, "as they are"),
        (lambda kernel: kernel, "the result has the shape"),
        (lambda kernel: None, "gives nothing back"),
    ],
    "25.c": [
        (lambda u, n, p: cycle(u, n, p) / p, "ends at peak, not at 1"),
        (lambda u, n, p: p * u / n if u < 0.3 * n else cycle(u, n, p), "divide by top"),
        (lambda u, n, p: cycle(u, n, p, start=p), "before top the rate rises"),
        (lambda u, n, p: cycle(u, n, p, start=p / 25), "the rise is not right"),
        (lambda u, n, p: cycle(u, n, p, end=p / 2), "does not end at 0"),
        (lambda u, n, p: cycle(u, n, p) if u < 0.3 * n else cycle(u - 0.3 * n, 0.7 * n - 1, p, top=0), "too early"),
        (
            lambda u, n, p: p * u / (0.3 * n) if u < 0.3 * n else p * (1 + np.cos(np.pi * u / n)) / 2,
            "does not begin at peak",
        ),
    ],
    "25.d": [
        (lambda array, bits: whole(array, bits, size=lambda a: a), "may be negative"),
        (lambda array, bits: whole(array, bits, rounding=np.trunc), "cut off"),
        (lambda array, bits: whole(array, bits, rounding=lambda a: a), "no whole numbers yet"),
        (lambda array, bits: (np.round(array), whole(array, bits)[1]), "first divide by the step"),
        (
            lambda array, bits: (np.round(array) / whole(array, bits)[1], whole(array, bits)[1]),
            "first divide by the step",
        ),
        (lambda array, bits: (np.round(array * whole(array, bits)[1]), whole(array, bits)[1]), "how many steps"),
        (lambda array, bits: (whole(array, bits)[0], 1 / whole(array, bits)[1]), "not the other way round"),
        (lambda array, bits: (np.prod(whole(array, bits)[1]) * whole(array, bits)[0], whole(array, bits)[1]), "again"),
        (lambda array, bits: whole(array, 8), "the step is the largest size"),
        (lambda array, bits: whole(array, bits)[0], "a tuple of 2 arrays"),
        (in_place, "make a new one"),
    ],
    "25.1": [
        (2.4, "the forward pass alone"),
        (4.8, "the backward pass alone"),
        (7200, "10⁹"),
        ("7.2", "without quotes"),
    ],
    "25.2": [
        (1.44, "over 2×2"),
        (25 / 49, "the other way round"),
        (1.4, "two sides"),
        (64 / 25, "5 + 2 pixels"),
        (9 * 49 / 25, "computed before"),
        (49, "one of the nine places"),
    ],
    "25.3": [
        (lambda kernel, pool: windows(kernel, pool, across_first=True), "row by row"),
        (lambda kernel, pool: windows(kernel, pool, corner=True), "the same corner"),
        (lambda kernel, pool: windows(kernel, 2), "the result has the shape"),
        (lambda kernel: windows(kernel), "your function raised TypeError"),
    ],
    "25.4": [
        (lambda array: eight(array, size=lambda a: a), "may be negative"),
        (lambda array: eight(array, rounding=lambda a: a), "cut off"),
        (lambda array: eight(array, kind="float32"), "of the type int8"),
        (lambda array: eight(array)[0], "a tuple of 2 arrays"),
    ],
    "25.5": [
        ([0.8, 0.5], "already more than twice"),
        ([0.5, 0.7], "in the wrong order"),
        ([0.7, 0.3], "it must be all five"),
        ([0.7, 0.1], "the first number is right"),
        ([0.6, 0.5], "the second number is right"),
        (0.7, "a list of 2 numbers"),
    ],
    "25.6": [
        (lk.load_lenet5(), "at least 90 % must be"),
        (pruned(0.9), "its validation error is"),
        (tiny(), "not 61,470"),
        ("pruned", "the answer is a Keras model"),
    ],
    "25.7": [
        (lk.load_lenet5(), "more than 3,000"),
        (tiny(24), "4,758 parameters"),
        (tiny(), "was it trained?"),
        (nearly(), "the goal is at most"),
        (lk.lenet5_slides(), "the images are 32×32×1"),
        ("small", "the answer is a Keras model"),
    ],
}
