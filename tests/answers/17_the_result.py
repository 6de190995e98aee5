"""Answers to the turns and exercises of lesson 17: right ones in several forms, wrong ones with words of their hint."""

from fractions import Fraction

import numpy as np
import tensorflow as tf

import lenet_keras as lk

SIZES = (15_000, 30_000, 60_000)


def standard_error(error, n):
    return np.sqrt(error * (100 - error) / n)


def exponent(sizes, gaps):
    return -np.polyfit(np.log(sizes), np.log(gaps), 1)[0]


def by_least_squares(sizes, gaps):
    table = np.stack([np.log(sizes), np.ones(len(sizes))], axis=1)
    return -np.linalg.lstsq(table, np.log(gaps), rcond=None)[0][0]


def rounded(weights, bits, size=None, move=np.rint):
    largest = 2 ** (bits - 1) - 1
    step = (np.abs(weights).max() if size is None else size) / largest
    return step * move(weights / step)


def in_place(weights, bits):
    weights[:] = rounded(weights, bits)
    return weights


def cut_off(weights, bits):
    largest = 2 ** (bits - 1) - 1
    step = weights.max() / largest
    return step * np.clip(np.rint(weights / step), -largest, largest)


VERDICTS = {2: "differs", 3: "holds", 4: "holds", 8: "holds", 62: "unclear", 79: "differs", 85: "differs", 96: "holds"}


def turned(*numbers):
    """The verdicts with those of some claims turned over."""
    other = {"holds": "differs", "differs": "holds", "unclear": "holds"}
    return {number: other[verdict] if number in numbers else verdict for number, verdict in VERDICTS.items()}


def runs(digits=60_000):
    wanted = {"digits": digits, "distorted": False, "variant": "none", "optimiser": "second order"}
    every = lk.load_record("reproduction")["results"]
    return [run for run in every if all(run[key] == value for key, value in wanted.items())]


def gap(run):
    return 100 * (run["test_errors"][-1] / 10_000 - run["training_errors"][-1] / run["digits"])


GAPS = np.array([[gap(run) for run in runs(size)[:3]] for size in SIZES])
ALPHA = np.mean([exponent(SIZES, GAPS[:, k]) for k in range(3)])
LAST = GAPS[2].mean()


def settled(errors, within):
    last = len(errors)
    while last > 0 and abs(errors[last - 1] - errors[-1]) <= within:
        last -= 1
    return last + 1


def settled_by_numpy(errors, within):
    outside = np.flatnonzero(np.abs(np.asarray(errors) - errors[-1]) > within)
    return np.append(outside, -1).max() + 2


def first_near(errors, within):
    return 1 + int((np.abs(errors - errors[-1]) <= within).argmax())


def near_the_lowest(errors, within):
    return 1 + int((np.abs(errors - errors.min()) <= within).argmax())


def above_the_last(errors, within):
    return 1 + max(np.flatnonzero(errors - errors[-1] > within) + 1, default=0)


RUNNING = np.mean([run["running_training_error"] for run in runs()], axis=0)
AFTER = np.mean([np.array(run["training_errors"]) / 60_000 for run in runs()], axis=0)
TEST = np.mean([np.array(run["test_errors"]) / 10_000 for run in runs()], axis=0)
ABOVE = [int((RUNNING > AFTER).sum()), int((RUNNING > TEST).sum())]

LEDGER = lk.load_record("claims")["results"]
MINE = [row for row in LEDGER if (row["lesson"] or "").startswith("17")]
HOLDS = sum(row["verdict"] == "holds" for row in MINE)
ALL = [len(LEDGER), sum(row["verdict"] == "holds" for row in LEDGER)]


def best_in_3(weights, count=36):
    """Weights on seven levels with the step that changes them least."""
    steps = np.abs(weights).max() / 3 * np.linspace(0.3, 1, count)
    levels = [step * np.clip(np.rint(weights / step), -3, 3) for step in steps]
    return min(levels, key=lambda each: ((each - weights) ** 2).sum())


def in_levels(way, kind="standard"):
    model = lk.load_lenet5(kind)
    model.set_weights([way(weight) for weight in model.get_weights()])
    return model


ON_MNIST = {"17.7"}

RIGHT = {
    "17.a": [standard_error, lambda e, n: (e * (100 - e) / n) ** 0.5, lambda e, n: tf.sqrt(e * (100 - e) / n)],
    "17.b": [exponent, by_least_squares, lambda p, g: np.float32(exponent(p, g)), lambda p, g: [exponent(p, g)]],
    "17.c": [
        rounded,
        lambda w, b: tf.constant(rounded(w, b)),
        lambda w, b: np.round(w * (2 ** (b - 1) - 1) / abs(w).max()) * abs(w).max() / (2 ** (b - 1) - 1),
    ],
    "17.d": [VERDICTS, dict(reversed(VERDICTS.items())), {str(k): v.upper() for k, v in VERDICTS.items()}],
    "17.1": [940_975, 941_000, [940_975], 0.95 * (100 - 0.95) / 0.01**2, Fraction(940_975)],
    "17.2": [LAST * 4**-ALPHA, round(LAST * 4**-ALPHA, 2), np.float32(LAST * 4**-ALPHA), [LAST * 4**-ALPHA]],
    "17.3": [settled, settled_by_numpy, lambda e, w: np.int64(settled(e, w)), lambda e, w: float(settled(e, w))],
    "17.4": [rounded, lambda w, b: tf.constant(rounded(w, b)), lambda w, b: rounded(w, b, max(w.max(), -w.min()))],
    "17.5": [ABOVE, tuple(ABOVE), np.array(ABOVE), [float(each) for each in ABOVE]],
    "17.6": [[len(MINE), HOLDS], (len(MINE), HOLDS), np.array([len(MINE), HOLDS])],
    "17.7": [in_levels(best_in_3), in_levels(best_in_3, "distorted"), in_levels(lambda w: best_in_3(w, 71))],
}
WRONG = {
    "17.a": [
        (lambda e, n: standard_error(e, n) / 100, "that is a share"),
        (lambda e, n: np.sqrt(e * (1 - e) / n) if e < 1 else 0.1, "1 − p becomes 100 − error"),
        (lambda e, n: np.sqrt(e * (100 - e)) / n, "n stands under the root too"),
        (lambda e, n: e * (100 - e) / n, "the root is missing"),
        (lambda e, n: np.sqrt(e * (100 - e)), "divide by n"),
        (lambda e, n: np.sqrt(e / n), "the factor 100 − error is missing"),
        (0.1, "give the function itself"),
    ],
    "17.b": [
        (lambda p, g: -exponent(p, g), "change its sign"),
        (lambda p, g: np.polyfit(np.log(p), np.log(g), 1)[1], "the height at 0"),
        (lambda p, g: -np.polyfit(p, g, 1)[0], "the logarithms of both"),
        (lambda p, g: -np.polyfit(p, np.log(g), 1)[0], "the logarithm of the sizes too"),
        (lambda p, g: -np.polyfit(np.log(p), g, 1)[0], "the logarithm of the gaps too"),
        (lambda p, g: -np.polyfit(np.log(g), np.log(p), 1)[0], "exchange them"),
        (lambda p, g: np.polyfit(np.log(p), np.log(g), 1), "one number"),
    ],
    "17.c": [
        (lambda w, b: rounded(w, b, w.max()), "the largest *size* makes the step"),
        (lambda w, b: np.rint(w / (abs(w).max() / (2 ** (b - 1) - 1))), "times the step, they are weights"),
        (lambda w, b: rounded(w, b, move=np.floor), "rounds to the nearest, not down"),
        (lambda w, b: rounded(w, b, move=np.trunc), "int cuts off"),
        (lambda w, b: rounded(w, b + 1), "2 ** (bits - 1) - 1"),
        (lambda w, b: w, "nothing is rounded"),
        (in_place, "give back a new array"),
        (lambda w, b: rounded(w, b)[0], "has to have the shape"),
    ],
    "17.d": [
        (turned(2), "does the gap *grow*"),
        (turned(79), "first become smaller"),
        (turned(85), "*fewer* digits refused"),
        (turned(62), "In how many of the five"),
        ({2: "holds"}, "a verdict is missing for 3, 4, 8"),
        (VERDICTS | {5: "holds"}, "there is no claim 5"),
        (VERDICTS | {2: "true"}, "not 'true'"),
        (["holds"] * 8, "the answer is a dict"),
        ({"two": "holds"}, "the number of a claim"),
    ],
    "17.1": [
        (940_975 / 100, "square the 0.01 too"),
        (970.04, "the root of the number"),
        (94.0975, "use error · (100 − error)"),
        (1_000_000, "rule of three"),
        (4 * 940_975, "half of 0.01"),
        (7, "square both sides"),
    ],
    "17.2": [
        (LAST / 4, "α = 1"),
        (LAST * 4**ALPHA, "the exponent is −α"),
        (LAST * 2**-ALPHA, "not twice"),
        (LAST, "the gap at 60,000"),
        (100 * LAST * 4**-ALPHA, "in percentage points"),
    ],
    "17.3": [
        (lambda e, w: settled(e, w) - 1, "passes count from 1"),
        (first_near, "*all* errors from there on must be near"),
        (near_the_lowest, "not with the lowest"),
        (above_the_last, "take np.abs"),
        (lambda e, w: 99, "look for the *last* pass"),
        (3, "give the function itself"),
    ],
    "17.4": [
        (cut_off, "cut off"),
        (lambda w, b: rounded(w, b, w.max()), "the largest *size* makes the step"),
        (lambda w, b: w, "nothing is rounded"),
        (lambda w, b: rounded(w, b + 1), "2 ** (bits - 1) - 1"),
        (lambda w, b: np.rint(w), "try it on weights"),
    ],
    "17.5": [
        (ABOVE[::-1], "first the comparison with the error after the pass"),
        ([ABOVE[0], 20 - ABOVE[1]], "lies *above*"),
        ([ABOVE[0], ABOVE[1] + 1], "the first number is right"),
        ([ABOVE[0] + 1, ABOVE[1]], "the second number is right"),
        ([0.5, 0.25], "do not give a share"),
        ([3, 17], "are the means, one a pass"),
        (5, "a list of 2 numbers"),
    ],
    "17.6": [
        (ALL, "that is the whole ledger"),
        ([HOLDS, len(MINE)], "first all that it tries"),
        ([len(MINE), HOLDS + 1], "the first number is right"),
        ([1, 1], "choose lesson 17"),
    ],
    "17.7": [
        (in_levels(lambda w: rounded(w, 3)), "the goal is below"),
        (lk.load_lenet5(), "different values; at most 7"),
        (in_levels(lambda w: best_in_3(w) + 0.3), "-3 to 3 times one step"),
        (lk.lenet5(outputs=11), "to 10 logits"),
        (in_levels(lambda w: 0 * w), "that of guessing"),
        (3, "is a Keras model"),
    ],
}
