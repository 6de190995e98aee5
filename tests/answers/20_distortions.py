"""Answers to the turns and exercises of lesson 20: right ones in several forms, wrong ones with words of their hint."""

import functools

import keras
import numpy as np
import tensorflow as tf

import lenet_keras as lk

PAPER, INK = lk.data.PAPER, lk.data.INK


def source(row, column, matrix, shift, centre=15.5):
    return matrix @ ([row, column] - shift - centre) + centre


def from_the_centre(work):
    """A function of the turn: what work makes of the place counted from the centre."""
    return lambda row, column, matrix, shift: work(np.array([row, column]) - 15.5, matrix, shift)


def ink_left(before, after, paper=PAPER):
    return 100 * (after - paper).sum() / (before - paper).sum()


def layers(down=2 / 32, right=2 / 32, turn=12 / 360, fill=PAPER, mode="constant"):
    paper = {"fill_mode": mode, "fill_value": fill}
    return [
        keras.layers.RandomTranslation(down, right, **paper),
        keras.layers.RandomZoom(0.12, 0.12, **paper),
        keras.layers.RandomRotation(turn, **paper),
    ]


def kept(image):
    return np.abs(image - (PAPER + INK) / 2)


@functools.cache
def neighbours(shifts):
    from sklearn.neighbors import KNeighborsClassifier

    digits = lk.load_digits()
    learn, validate = (chosen[:1000] for chosen in lk.split(digits))
    x, y = digits.x_train, digits.y_train
    moved = np.concatenate([lk.distort.warped(x[learn], shift=shift) for shift in shifts])
    machine = KNeighborsClassifier(n_neighbors=3).fit(moved.reshape(len(moved), -1), np.tile(y[learn], len(shifts)))
    return int((machine.predict(x[validate].reshape(len(validate), -1)) != y[validate]).sum())


AROUND = ((1, 0), (-1, 0), (0, 1), (0, -1))
BEFORE, AFTER, ONLY_COPIES = neighbours(((0, 0),)), neighbours(((0, 0), *AROUND)), neighbours(AROUND)
JUDGED = min(1000, len(lk.split(lk.load_digits())[1]))


@functools.cache
def robust(count=20_000, epochs=4, **ranges):
    """LeNet-5, trained on digits that are distorted anew in each epoch."""
    digits = lk.load_digits()
    learn = lk.split(digits)[0][:count]
    keras.utils.set_random_seed(0)
    model = lk.lenet5()
    rate = keras.optimizers.schedules.CosineDecay(0.004, epochs * (len(learn) // 64 + 1))
    model.compile(keras.optimizers.Adam(rate), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    for epoch in range(epochs):
        images = lk.distort.distorted(digits.x_train[learn], epoch, ranges)
        model.fit(images, digits.y_train[learn], batch_size=64, verbose=0)
    return model


STANDS = robust(rotation=30, noise=0.1)

ON_MNIST = {"20.5", "20.6"}

RIGHT = {
    "20.a": [
        source,
        lambda row, column, matrix, shift: source(row, column, matrix, shift).tolist(),
        lambda row, column, matrix, shift: tf.constant(source(row, column, matrix, shift), tf.float32),
        from_the_centre(lambda q, matrix, shift: matrix.dot(q - shift) + 15.5),
        from_the_centre(lambda q, matrix, shift: np.einsum("ij,j->i", matrix, q - shift) + [15.5, 15.5]),
    ],
    "20.b": [
        ink_left,
        lambda before, after: 100 * np.mean(after - PAPER) / np.mean(before - PAPER),
        lambda before, after: tf.reduce_sum(after - PAPER) / tf.reduce_sum(before - PAPER) * 100,
        lambda before, after: [ink_left(before.astype(float), after.astype(float))],
        lambda before, after: 100 * (after - after.min()).sum() / (before - before.min()).sum(),
    ],
    "20.c": [layers, lambda: tuple(layers()), lambda: layers(0.0625, (-0.0625, 0.0625), 0.033)],
    "20.1": [
        [11, 8],
        (11.0, 8.0),
        np.array([[11, 8]]),  # as np.argwhere gives it
        [11.0000000001, 8],
        tf.constant([11.0, 8.0]),
        np.array([[11], [8]], "float32"),
    ],
    "20.2": [[6, 9], [9, 6], {6, 9}, np.array([[9, 6]]), (6.0, 9.0), frozenset({6, 9})],
    "20.3": [43.2, 43.20000001, np.float32(43.2), [43.2], tf.constant(43.2), 0.12 * 360],
    "20.4": [
        kept,
        lambda image: kept(image) ** 2,
        lambda image: INK - kept(image),
        lambda image: np.maximum(image, PAPER + INK - image),
        lambda image: tf.abs(image - (PAPER + INK) / 2),
        lambda image: np.minimum(image, PAPER + INK - image).tolist(),
    ],
    "20.5": [
        [BEFORE, AFTER],
        (BEFORE, AFTER),
        np.array([BEFORE, AFTER], "float32"),
        {"before": BEFORE, "after": AFTER}.values(),
        tf.constant([BEFORE, AFTER]),
    ],
    "20.6": [STANDS, keras.models.clone_model(STANDS), keras.Sequential([keras.Input((32, 32, 1)), STANDS])],
}
RIGHT["20.5"][3] = list(RIGHT["20.5"][3])
RIGHT["20.6"][1].set_weights(STANDS.get_weights())

WRONG = {
    "20.a": [
        (from_the_centre(lambda q, matrix, shift: matrix @ (q - shift)), "add 15.5"),
        (lambda *given: source(*given, centre=16), "15.5, not"),
        (from_the_centre(lambda q, matrix, shift: matrix @ q + 15.5), "the shift is missing"),
        (from_the_centre(lambda q, matrix, shift: matrix @ (q + shift) + 15.5), "not added"),
        (from_the_centre(lambda q, matrix, shift: matrix @ q - shift + 15.5), "first the shift"),
        (lambda *given: source(*given) + given[3], "not added again"),
        (from_the_centre(lambda q, matrix, shift: np.linalg.inv(matrix) @ (q - shift) + 15.5), "no inverse"),
        (from_the_centre(lambda q, matrix, shift: (q - shift) @ matrix + 15.5), "not pair @ matrix"),
        (from_the_centre(lambda q, matrix, shift: matrix * (q - shift) + 15.5), "by @, not by *"),
        (lambda row, column, matrix, shift: matrix @ ([row, column] - shift), "count from the centre"),
        (lambda *given: source(*given)[::-1], "the row comes first"),
        (lambda *given: source(*given)[0], "the place is a pair"),
        ([8, 20], "give the function itself"),
    ],
    "20.b": [
        (lambda before, after: ink_left(before, after) / 100, "times 100"),
        (lambda before, after: 100 - ink_left(before, after), "asked is what is left"),
        (lambda before, after: ink_left(after, before), "the other way round"),
        (lambda before, after: ink_left(before, after, 0), "paper must count as 0"),
        (lambda before, after: ink_left(before, after, -PAPER), "minus, since it is"),
        (lambda before, after: (after - PAPER).sum(), "divide by the ink of before"),
        (lambda before, after: after - PAPER, "one number"),
        (
            lambda before, after: 100 * ((after - PAPER).sum((1, 2, 3)) / (before - PAPER).sum((1, 2, 3))).mean(),
            "then divide once",
        ),
    ],
    "20.c": [
        (lambda: layers(turn=0.12), "43 degrees"),
        (lambda: layers(turn=12 / 180), "360 degrees"),
        (lambda: layers(turn=6 / 360), "12 degrees either way"),
        (lambda: layers(2 / 28), "not 28"),
        (lambda: layers(0.02), "no 2 %"),
        (lambda: layers(2 / 32, 4 / 32), "2 pixels either way"),
        (lambda: layers(0.3), "2 of 32 pixels as a share"),
        (lambda: layers(fill=0.0), "lacks **paper"),
        (lambda: layers(mode="reflect"), "lacks **paper"),
        (lambda: layers()[:2], "a list of three layers"),
        (lambda: keras.Sequential(layers()), "a list of three layers"),
        (lambda: layers(turn=0.2), "12 of 360 degrees as a share"),
    ],
    "20.1": [
        ([20, 23], "if turned clockwise"),
        ([23, 11], "by 180 degrees"),
        ([8, 11], "the row comes first"),
        ([20, 8], "a mirror"),
        ([12, 8], "not at 16"),
        ([10, 8], "not at 15"),
        ([3, 3], "turns about its centre"),
        (11, "a list of 2 numbers, but yours has 1"),
        ([11, 8, 0], "yours has 3"),
        ({11, 8}, "a set has no order"),
        ({"row": 11, "column": 8}, "not a dict"),
        ("[11, 8]", "without quotes"),
    ],
    "20.2": [
        ([2, 5], "mirror images"),
        ([6, 8], "turn the sheet upside down"),
        ([6, 6], "two different digits"),
        ([6, 90], "from 0 to 9"),
        ([6, 8, 9], "yours has 3"),
        (69, "yours has 1"),
        (["6", "9"], "without quotes"),
        ({"6", "9"}, "without quotes"),
    ],
    "20.3": [
        (12, "what was wanted"),
        (43, "one digit after the point"),
        (0.12, "how many degrees"),
        (21.6, "360 degrees"),
        (86.4, "either way"),
        (6.8755, "not in radians"),
        (12 / 360, "what should stand there"),
        (90, "a share of something"),
    ],
    "20.4": [
        (lambda image: image, "it changes when pixels are inverted"),
        (lambda image: np.abs(image), "neither 0 nor 0.5"),
        (lambda image: np.abs(image - 0.5), "neither 0 nor 0.5"),
        (lambda image: np.zeros(image.shape), "the same for every image"),
        (lambda image: image * np.nan, "no finite numbers"),
        (lambda image: kept(image).sum(), "the result has shape ()"),
        (kept(np.zeros((32, 32))), "give the function itself"),
    ],
    "20.5": [
        ([AFTER, BEFORE], "first without copies"),
        ([JUDGED - BEFORE, JUDGED - AFTER], "count the errors"),
        ([BEFORE, BEFORE], "are the copies moved"),
        ([BEFORE, ONLY_COPIES], "belong to the 5,000, too"),
        ([BEFORE / JUDGED, AFTER / JUDGED], "not shares"),
        ([100 * BEFORE / JUDGED, 100 * AFTER / JUDGED], "not shares"),
        ([BEFORE, 3], "the first number is right"),
        (BEFORE, "yours has 1"),
    ],
    "20.6": [
        (lk.lenet5(), "was it trained"),
        (lk.load_lenet5("undistorted"), "turned by 30 degrees"),
        (lk.load_lenet5("distorted"), "with noise"),
        (robust(2_000, 1, noise=0.1), "as they are, it misreads"),
        (lk.lenet5_slides(), "the images are 32×32×1"),
        ("mine.keras", "the answer is a Keras model"),
    ],
}
