"""Answers to the turns and exercises of lesson 23: right ones in several forms, wrong ones with words of their hint."""

import functools
import itertools

import keras
import numpy as np
import tensorflow as tf

import lenet_keras as lk

RIGHT_ROWS = [-4, -8, -5, -8, -7, -6]


def step(best, now, cost):
    arriving = best[:, None] - cost * (1 - np.eye(len(cost)))
    return arriving.max(axis=0) + now, arriving.argmax(axis=0)


def step_by_loops(best, now, cost):
    n = len(best)
    found = [max((best[k] - (cost[to] if k != to else 0), -k) for k in range(n)) for to in range(n)]
    return [value + now[to] for to, (value, _) in enumerate(found)], [-k for _, k in found]


def step_by_where(best, now, cost):
    paid = np.where(np.eye(len(cost), dtype=bool), 0, cost)
    arriving = np.array(best)[:, None] - paid
    return arriving.max(0) + now, arriving.argmax(0)


def step_paying(paid):
    def wrong(best, now, cost):
        arriving = best[:, None] - paid(cost)
        return arriving.max(axis=0) + now, arriving.argmax(axis=0)

    return wrong


def by_table(read, written, replacing=1, border=1):
    table = np.zeros((len(read) + 1, len(written) + 1), int)
    table[:, 0], table[0] = border * np.arange(len(read) + 1), border * np.arange(len(written) + 1)
    for i, j in itertools.product(range(len(read)), range(len(written))):
        steps = table[i, j + 1] + 1, table[i + 1, j] + 1, table[i, j] + replacing * (read[i] != written[j])
        table[i + 1, j + 1] = min(steps)
    return table[-1, -1]


def by_recursion(a, b):
    if not a or not b:
        return len(a) + len(b)
    if a[0] == b[0]:
        return by_recursion(a[1:], b[1:])
    return 1 + min(by_recursion(a[1:], b), by_recursion(a, b[1:]), by_recursion(a[1:], b[1:]))


def hamming(a, b):
    return sum(x != y for x, y in itertools.zip_longest(a, b))


@functools.cache
def shipped():
    return lk.load_lenet5("strings")


@functools.cache
def of_digits():
    return lk.load_lenet5("distorted")


def wrapped_anew():
    return keras.Sequential([keras.Input((32, 32, 1)), *shipped().layers])


def ending_in(*layers):
    return keras.Sequential([keras.Input((32, 32, 1)), *shipped().layers, *layers])


def copied():
    model = lk.lenet5(outputs=11)
    model.set_weights(shipped().get_weights())
    return model


def without_close_blanks():
    """The shipped network, whose blank is so dear that two close ones become one."""
    model = copied()
    *rest, bias = model.get_weights()
    model.set_weights([*rest, bias - 4 * (np.arange(11) == 10)])
    return model


def always_blank():
    model = copied()
    *rest, bias = model.get_weights()
    model.set_weights([*rest, bias + 100 * (np.arange(11) == 10)])
    return model


def reader(network=None, swept=True, cut=True):
    """Cut where the pieces are as many as the digits read by sweeping."""
    single = of_digits()
    wide = lk.strings.space_displacement(network or shipped())

    def read(image):
        text = str(lk.strings.decode(lk.strings.sweep(wide, image[None], 2), 1.5)[0])
        pieces = lk.strings.cut(image)
        if not swept or (cut and len(pieces) == len(text)):
            text = "".join(map(str, np.asarray(single(pieces)).argmax(axis=1))) if len(pieces) else ""
        return text

    return read


def np_text(image):
    return np.str_(reader()(image))


ON_MNIST = {"23.6", "23.7"}
RIGHT = {
    "23.a": [123_720, 123720.0, np.int64(123_720), [123_720]],
    "23.b": [RIGHT_ROWS, np.array(RIGHT_ROWS), np.reshape(RIGHT_ROWS, (2, 3)), tuple(map(float, RIGHT_ROWS))],
    "23.c": [step, step_by_loops, step_by_where],
    "23.1": [43, 43.0, [43], np.array(43), tf.constant(43), np.float32(43)],
    "23.2": [6, (6,), np.int64(6), 6.0],
    "23.3": [6, 6.0, [6]],
    "23.4": [12, 12.0, np.float32(12)],
    "23.5": [by_table, by_recursion, lambda a, b: float(by_table(b, a)), lambda a, b: np.array([by_table(a, b)])],
    "23.6": [shipped(), wrapped_anew(), copied()],
    "23.7": [reader(), reader(copied()), np_text],
}
WRONG = {
    "23.a": [
        (416_520, "a whole window"),
        (58_920, "C1's and C3's maps grow too"),
        (64_800, "at one more place besides"),
        (112_800, "F6 and the output layer"),
        (75_720, "C3's maps"),
        (106_920, "C1's maps"),
        (83_720, "150 products a point"),
        (125_918, "these are connections"),
        (1, "four more columns"),
        ("123,720", "give the number, without quotes"),
        ((123, 720), "write 123720 if you mean 123,720"),
    ],
    "23.b": [
        ([-3, -6, -5, -7, -4, -5], "pays 2"),
        ([-5, -8, -5, -11, -8, -7], "pays nothing"),
        ([-3, -4, -2, -3, -4, -2], "add the log-probability"),
        ([-1, -4, -3, -4, -1, -2], "the log-probabilities themselves"),
        ([4, 8, 5, 8, 7, 6], "mind the signs"),
        ([-4, -8, -8, -7, -5, -6], "rows one after the other"),
        ([-4, -8, -5, -8, -7, -9], "the number at place 6"),
        ([-4, -8, -5], "a list of 6 numbers"),
    ],
    "23.c": [
        (step_paying(lambda cost: cost), "who stays in a class pays nothing"),
        (step_paying(lambda cost: cost[:, None] * (1 - np.eye(len(cost)))), "the columns"),
        (step_paying(lambda cost: cost * np.eye(len(cost))), "there it pays"),
        (step_paying(lambda cost: 0), "nothing is paid"),
        (lambda best, now, cost: best, "a tuple of 2 arrays"),
        (7, "give the function itself"),
    ],
    "23.1": [
        (42, "the first window"),
        (50, "the last window must end"),
        (6, "not 32"),
        (6.25, "not 32"),
        (169, "by 4 columns"),
        (86, "two passes"),
        (430, "with its classes"),
        (44, "the first window ends at column 32"),
        ("43", "give the number, without quotes"),
        (lambda width: 43, "not a function"),
    ],
    "23.2": [(4, "as it is"), (3, "a stride of 2 already"), (5, "not added"), (12, "not after them"), (7, "product")],
    "23.3": [
        (5, "the two zeros"),
        (4, "a place of its own"),
        (9, "only between equal"),
        (11, "only between equal"),
        (8, "each digit"),
    ],
    "23.4": [
        (15, "once is right"),
        (3, "how often"),
        (4, "so often"),
        (-12, "a number above 0"),
        (0, "charge"),
        (7, "who pays"),
    ],
    "23.5": [
        (hamming, "from '1234' to '234' it takes 1, your function says 4: so many places differ"),
        (lambda a, b: by_table(a, b, replacing=2), "one change, not two"),
        (lambda a, b: a != b, "one number, not True or False"),
        (lambda a, b: int(a != b), "not only whether any is"),
        (lambda a, b: abs(len(a) - len(b)), "not only the lengths"),
        (lambda a, b: by_table(a, b, border=0), "from '7' to '' it takes 1, your function says 0."),
        (lambda a, b: by_table(a, b) / 2, "from '7' to '' it takes 1, your function says 0.5."),
        ("123", "give the function itself"),
    ],
    "23.6": [
        (lk.lenet5(), "eleven outputs"),
        (lk.strings.space_displacement(shipped()), "the wide network"),
        (always_blank(), "is empty"),
        (without_close_blanks(), "blanks between close digits"),
        (ending_in(keras.layers.Activation("softmax")), "without softmax"),
        (ending_in(keras.layers.Dropout(0.5)), "of the kind Dropout"),
        (7, "a Keras model"),
    ],
    "23.7": [
        (reader(swept=False), "of 200 are not read exactly"),
        (reader(cut=False), "of 200 are not read exactly; the goal is fewer than 30"),
        (lambda image: "", "Many texts are empty"),
        (lambda image: 12345, "a text such as"),
        ("12345", "give the function itself"),
    ],
}
