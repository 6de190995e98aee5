"""What the exercises of notebook 07 accept: loss, updates and steps of descent computed by hand."""

import numpy as np
from scipy.special import log_softmax, softmax

from lenet_keras.course.exercises import UNKNOWN, a_function, a_number, compare, exercise
from lenet_keras.training import RECIPES


@exercise(
    "07.1",
    a_number,
    hints=[
        "section 2 has the rule; the right class has the probability 1/4, whichever it is.",
        "the logarithm is the natural one, np.log or math.log; the sign makes the result positive.",
        "-math.log(1 / 4)",
    ],
)
def cross_entropy_of_four_equal_classes(answer):
    right = np.logaddexp.reduce(np.zeros(4))  # log(Σ exp z) − z of the right class, with equal logits
    mistakes = {
        2: "that is the logarithm to the base 2; take the natural one.",
        np.log10(4): "that is the logarithm to the base 10; take the natural one.",
        -right: "the loss is *minus* the logarithm, so it is not negative.",
        1 / 4: "that is the probability; the loss is minus its logarithm.",
        3 / 4: "that is 1 minus the probability; the loss is minus the logarithm of the probability.",
        np.log(10): "that is for 10 classes; here there are 4.",
        4 * right: "only the right class counts; do not add up the loss over all four.",
        right / 4: "the logarithm itself is the loss; do not weight it with the probability.",
        1.4: "that has two digits; give at least three.",
        1.38: "nearly: look at the fourth digit before you leave it out.",
    }
    return compare(answer, right, mistakes, within=0.005)


@exercise(
    "07.2",
    a_function,
    hints=[
        "section 1 has softmax for one row, and section 3 says what to take away before exp.",
        "axis=1 goes along a row, and keepdims=True keeps one number for each row as a column.",
        "e = np.exp(logits - logits.max(axis=1, keepdims=True)); then divide e by its own sums along axis=1.",
    ],
)
def softmax_of_each_row(function):
    ordinary = np.array([[0.5, -1.0, 2.0], [3.0, 0.0, 0.5]])
    with np.errstate(all="ignore"):  # what overflows in the student's function shows in its result
        found = function.array(ordinary)
        if found.shape != ordinary.shape:
            return f"the probabilities have the shape of the logits, here (2, 3), not {found.shape}."
        if not _close(found, softmax(ordinary, axis=1)):
            return _mistake_in_softmax(found, ordinary)
        high, low = np.array([[1e4, 9999.0]]), np.array([[-1e4, -9998.0]])
        if not _close(function.array(high), softmax(high, axis=1)):
            return "it is right for small logits, not for [10000, 9999]: what does section 3 take away first?"
        if not _close(function.array(low), softmax(low, axis=1)):
            return "it is not right for logits far below 0, [-10000, -9998]: take away the largest, -9998."
        both = np.concatenate([high, low])
        if not _close(function.array(both), softmax(both, axis=1)):
            return "take away the largest logit of each row, not the largest of the whole array."
    return None


def _close(found, right):
    return found.shape == right.shape and np.allclose(found, right, rtol=1e-5, atol=1e-6)


def _mistake_in_softmax(found, logits):
    known = [
        (softmax(logits, axis=0), "the sums go down the columns; one image is a row: axis=1."),
        (
            softmax(logits),
            "each row is divided by its own sum, not by that of all: see axis and keepdims.",
        ),
        (log_softmax(logits, axis=1), "these are the logarithms of the probabilities."),
        (logits / logits.sum(axis=1, keepdims=True), "the logits go through exp before they are divided."),
    ]
    for mistaken, why in known:
        if _close(found, mistaken):
            return why
    if not np.allclose(found.sum(axis=1), 1, atol=1e-3):
        return "the probabilities of a row must add up to 1: divide the exponentials of a row by their sum."
    return UNKNOWN


@exercise(
    "07.3",
    a_number,
    hints=[
        "the table of section 8 has the epochs and the batch size of the recipe; each batch is one update.",
        "54,000 digits are left to learn from; the last batch of an epoch may be smaller, but it counts.",
        "54,000 / 32, rounded up, times 3 epochs.",
    ],
)
def updates_of_a_recipe(answer):
    epochs, size = RECIPES["descent"].epochs, RECIPES["descent"].batch_size
    in_an_epoch = len(range(0, 54_000, size))  # where each batch begins
    smaller = "an epoch ends with a smaller batch, which is an update too: round up in each epoch."
    standard = RECIPES["standard"]
    mistakes = {
        epochs * len(range(0, 60_000, size)): "one digit in ten is kept back: nothing is learned from it.",
        epochs * len(range(0, 6_000, size)): "that is for those kept back; nine digits in ten are learned.",
        in_an_epoch: f"that is one epoch; the recipe has {epochs}.",
        epochs * (54_000 // size): smaller,
        epochs * 54_000 / size: smaller,
        int(epochs * 54_000 / size): smaller,
        int(epochs * 54_000 / size) + 1: smaller,
        epochs * 54_000: f"there is an update for each batch of {size} digits, not for each digit.",
        standard.epochs * len(range(0, 54_000, standard.batch_size)): "that is the recipe standard.",
    }
    return compare(answer, epochs * in_an_epoch, mistakes)


@exercise(
    "07.4",
    a_number,
    hints=[
        "section 5: new weight = old weight − learning rate · slope.",
        "the first slope is 2(1 − 3) = −4, so the first step leads to 1.4; the second slope is another.",
        "1.4 − 0.1 · 2(1.4 − 3)",
    ],
)
def weight_after_two_steps(answer):
    left = 1 - 2 * 0.1  # this part of the distance to 3 is left by each step
    right = 3 - 2 * left**2
    mistakes = {
        3 - 2 * left: "that is after one step; take another.",
        3 - 2 * left**3: "that is after three steps.",
        1 + 2 * 0.4: "the slope is another at the second step: compute it anew where the first step ended.",
        3 - 2 * 1.2**2: "that goes uphill: the step is *against* the slope, so mind the sign of the slope.",
        3 - 2 * 0.9**2: "the slope is 2(w − 3); the 2 is missing.",
        1 - 0.1 * 4 - 0.1 * (0.6 - 3) ** 2: "a step uses the slope, not the loss.",
        (right - 3) ** 2: "that is the loss there; the weight is asked for.",
        3 - right: "that is how far it still is from 3; the weight is asked for.",
        1.7: "give one more digit.",
    }
    return compare(answer, right, mistakes)


@exercise(
    "07.5",
    a_number,
    hints=[
        "how far from 3 is the weight before a step, and how far after it? Try some rates.",
        "a step multiplies the distance w − 3 by 1 − 2 · rate.",
        "when is 1 − 2 · rate equal to −1, so that the weight jumps to the same distance on the other side?",
    ],
)
def smallest_rate_that_never_comes_nearer(answer):
    known = compare(answer, 1, {0.5: "with this rate the weight lands on 3 in a single step."})
    if known is not UNKNOWN:
        return known
    if answer <= 0:
        return "the rate is to be above 0."
    if answer < 1:
        return f"with this rate one step leads from 1 to {1 + 4 * answer:.4g}, which is nearer to 3."
    return "with this rate the weight never comes nearer, but there is a smaller rate of which that is true."
