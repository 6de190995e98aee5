"""What the turns and exercises of lesson 07 accept: steps of descent, stopping, and a trained network."""

import math

import numpy as np

from lenet_keras.course.exercises import (
    UNKNOWN,
    Refused,
    Unanswered,
    a_function,
    a_model,
    a_number,
    compare,
    exercise,
    numbers,
    quiet_digits,
)

# -------------------------------------------------------------------------------------- the student's turns


def step(weights, gradient, rate):
    """One step of gradient descent."""
    for weight, slopes in zip(weights, gradient, strict=True):
        weight.assign_sub(rate * slopes)


class Weight:
    """As much of a Keras variable as a step needs."""

    def __init__(self, value):
        self.value = np.asarray(value, float)

    def __array__(self, dtype=None, copy=None):
        return np.array(self.value, dtype=dtype)

    def assign(self, value):
        self.value = np.asarray(value, float)

    def assign_sub(self, change):
        self.assign(self.value - np.asarray(change))

    def assign_add(self, change):
        self.assign(self.value + np.asarray(change))


def a_step(answer):
    """A kind: a function that changes weights; hands on a function from weights to the changed ones."""
    if not callable(answer):
        raise Refused("give the function itself, its name without brackets: answer = my_function.")

    def changed(values, gradient, rate):
        weights = [Weight(value) for value in values]
        try:
            answer(weights, gradient, rate)
        except NameError as error:
            if error.name == "____":
                raise Unanswered from None
            raise Refused(f"your function raised NameError: {error}.") from error
        except Exception as error:
            raise Refused(f"your function raised {type(error).__name__}: {error}.") from error
        return [weight.value for weight in weights]

    return changed


@exercise(
    "07.a",
    a_step,
    hints=[
        "the rule above has three things: the old weight, the learning rate and the slope.",
        "assign_sub does the minus; the slopes are to be multiplied by the rate.",
        "weight.assign_sub(slopes * rate)",
    ],
    ours=step,
)
def one_step(changed):
    values = [np.array([1.0, 2.0]), np.array([[3.0]])]
    gradient = [np.array([0.5, -1.0]), np.array([[2.0]])]

    def moved(factor):
        return [value - factor * slopes for value, slopes in zip(values, gradient, strict=True)]

    found = changed(values, gradient, 0.3)
    known = [
        (moved(-0.3), "that goes uphill: assign_sub takes away by itself, so no minus is needed."),
        (moved(1), "the slopes are to be multiplied by the rate."),
        (moved(0), "the weights stay as they are."),
        (moved(0.1), "take the rate that the function is given, `rate`, not a fixed number."),
        (moved(0.09), "the rate is multiplied in twice."),
    ]
    if all(np.allclose(a, b) for a, b in zip(found, moved(0.3), strict=True)):
        return None
    for wrong, why in known:
        if all(np.allclose(a, b) for a, b in zip(found, wrong, strict=True)):
            return why
    return UNKNOWN


def stopping(losses, patience):
    """The epoch, counted from 1, whose weights early stopping takes."""
    best, waited = 0, 0
    for place in range(1, len(losses)):
        if losses[place] < losses[best]:
            best, waited = place, 0
        else:
            waited += 1
            if waited >= patience:
                break
    return best + 1


@exercise(
    "07.b",
    a_function,
    hints=[
        "`waited` counts the epochs since the lowest loss; when are they enough?",
        "stop when as many epochs as the patience have passed without a lower loss.",
        "if waited >= patience:",
    ],
    ours=stopping,
)
def early_stopping(function):
    cases = [
        ([1.0, 0.8, 0.9, 0.85, 0.7, 0.6], 1, 2),
        ([1.0, 0.8, 0.9, 0.85, 0.7, 0.6], 2, 2),
        ([1.0, 0.8, 0.9, 0.85, 0.7, 0.6], 3, 6),
        ([1.0, 0.9, 0.8], 2, 3),
        ([0.5, 0.6, 0.4], 5, 3),
    ]
    for losses, patience, right in cases:
        found = function.number(losses, patience)
        if found == right:
            continue
        asked = f"losses {losses}, patience {patience}"
        if found == right - 1:
            return f"for {asked} it gives {found}: count the epochs from 1."
        if found > right:
            return f"for {asked} it goes on too long and gives {found}; the epoch is {right}."
        return f"for {asked} it stops too soon and gives {found}; the epoch is {right}."
    return None


# -------------------------------------------------------------------------------------------- the exercises


@exercise(
    "07.1",
    a_number,
    hints=[
        "section 1: new weight = old weight − learning rate · slope.",
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
    "07.2",
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


@exercise(
    "07.3",
    a_function,
    hints=[
        "the blank is 1 at the start, 0 in the middle and −1 at the end: half a cosine wave.",
        "cos(0) is 1 and cos(π) is −1: the angle is π times the share.",
        "np.cos(np.pi * share)",
    ],
)
def rate_along_a_cosine(function):
    for share in (0, 0.25, 0.5, 0.8, 1):
        found, right = function.number(0.4, share), 0.4 * math.cos(math.pi * share / 2) ** 2
        known = [
            (0.2 * (1 + math.cos(share)), "the angle at the end is π, not 1."),
            (0.2 * (1 + math.cos(180 * share)), "np.cos takes the angle in radians: π, not 180."),
            (
                0.2 * (1 + math.cos(2 * math.pi * share)),
                "that is a whole wave: at the end it is at the top again.",
            ),
            (0.2 * (1 - math.cos(math.pi * share)), "that rises; the rate is to fall."),
            (0.4 * (1 - share), "that is a straight line, not a cosine."),
            (0.2 * (1 + math.sin(math.pi * share)), "the cosine is wanted: at the start it is 1."),
        ]
        if not math.isclose(found, right, abs_tol=1e-6):
            why = next((why for wrong, why in known if math.isclose(found, wrong, abs_tol=1e-9)), None)
            return (
                why
                or f"at the share {share} of the way the rate is {right:.4g}, for top = 0.4, not {found:.4g}."
            )
    return None


@exercise(
    "07.4",
    numbers(3),
    hints=[
        "the steep direction never comes nearer from a rate of 0.2 on: what does the loss do then?",
        "of the two others, the flat direction is faster with the larger rate.",
        "0.21 rises in the end; 0.02 falls slowly; 0.15 falls fast.",
    ],
)
def which_rate_is_which(values):
    if list(values) == [3, 1, 2]:
        return None
    if np.allclose(values, [0.21, 0.02, 0.15]):
        return "right, but give the numbers 1, 2 and 3 of the rates."
    if sorted(values) != [1, 2, 3]:
        return "give each of 1, 2 and 3 once, in the order of the curves A, B, C."
    if values[0] != 3:
        return "curve A rises in the end: with which rate does the steep direction never come nearer?"
    return "C falls faster than B: with which of the two rates left does the flat direction come down faster?"


@exercise(
    "07.5",
    a_function,
    hints=[
        "try it with 10 digits and 4 in a batch: which digits are in no batch?",
        "range(0, count, size) begins a batch wherever one digit is left; the last must end at count.",
        "[(first, min(first + size, count)) for first in range(0, count, size)]",
    ],
)
def places_of_batches(function):
    for count, size in ((10, 4), (8, 4), (3, 5)):
        found = function(count, size)
        try:
            pairs = [(int(first), int(last)) for first, last in found]
        except (TypeError, ValueError):
            raise Refused("your function must give back a list of pairs of whole numbers.") from None
        right = [(k * size, min((k + 1) * size, count)) for k in range(-(-count // size))]
        if pairs == right:
            continue
        if pairs and pairs[-1][1] > count:
            return f"for {count} digits, {size} in a batch, the last must end at {count}, not {pairs[-1][1]}."
        if len(pairs) < len(right):
            return f"for {count} digits, {size} in a batch, there are {len(right)} batches, not {len(pairs)}."
        return f"for {count} digits, {size} in a batch, the batches are {right}, not {pairs}."
    return None


@exercise(
    "07.6",
    a_model,
    hints=[
        "section 3 has a training with about 6 % error; what did it do otherwise than the first?",
        "Adam with a rate of 0.002, batches of 64 and 15 epochs or more, the rate kept or falling to 0.",
        "keras.optimizers.schedules.CosineDecay(0.002, 15 * 47) falls to 0 in 15 epochs of 47 updates.",
    ],
)
def network_of_few_digits(model):
    import lenet_keras as lk

    if model.input_shape[1:] != (32, 32, 1) or model.output_shape[1:] != (10,):
        return f"the network takes images (32, 32, 1) and gives ten logits, not {model.output_shape[1:]}."
    digits = quiet_digits()
    held_back = lk.split(digits)[1]
    others = held_back[3000:] if len(held_back) > 4000 else held_back
    answers = lk.probabilities(model, digits.x_train[others]).argmax(axis=1)
    error = float((answers != digits.y_train[others]).mean())
    if error < 0.07:
        return None
    if error > 0.5:
        return f"the error on the other digits is {100 * error:.1f} %: has the network been trained?"
    return f"the error on the other digits is {100 * error:.1f} %, not below 7 %: more epochs, another rate?"
