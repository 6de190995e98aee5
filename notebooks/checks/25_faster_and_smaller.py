"""What the turns and exercises of lesson 25 accept: floors, larger windows, rates, few bits, few weights."""

import numpy as np

import lenet_keras as lk
from lenet_keras.course.exercises import (
    UNKNOWN,
    a_function,
    a_number,
    a_reader,
    compare,
    exercise,
    numbers,
    quiet_digits,
)


def _close(found, right):
    return found.shape == right.shape and np.allclose(found, right, rtol=1e-5, atol=1e-6)


# ------------------------------------------------------------------------------------------ turns


@exercise(
    "25.a",
    a_function,
    hints=[
        "each digit needs its links once forward and twice backward.",
        "so many multiply-accumulates in all, divided by those of one second.",
        "return 3 * links * seen / speed",
    ],
    ours=lambda links, seen, speed: 3 * links * seen / speed,
)
def the_floor(function):
    links, seen, speed = 400_000, 1_000, 2e9
    right = 3 * links * seen / speed
    mistakes = {
        right / 3: "that is the forward pass alone; the backward pass costs twice as much again.",
        2 * right / 3: "that is the backward pass alone; add the forward pass.",
        right / seen: "that is one digit: times seen.",
        1 / right: "seconds are multiply-accumulates divided by speed, not the other way round.",
        3 * links * seen: "so many there are in all; divide them by those of a second.",
        3 * links * seen * speed: "divide by speed: a quicker machine needs fewer seconds.",
        right / 64: "seen counts digits, not batches: leave the 64 out.",
        right // 1: "seconds have a part behind the point, which // cuts off: divide by /.",
    }
    wrong = compare(function.number(links, seen, speed), right, mistakes)
    return wrong or compare(function.number(7, 11, 13.0), 3 * 7 * 11 / 13)


def _windows(kernel, pool=2):
    side, _, channels, maps = kernel.shape
    whole = side + pool - 1
    found = np.zeros((whole, whole, channels, pool * pool, maps), kernel.dtype)
    for place in range(pool * pool):
        down, right = divmod(place, pool)
        found[down : down + side, right : right + side, :, place, :] = kernel
    return found


def _wrong_windows(found, right, pool):
    if found.shape != right.shape:
        return f"the result has the shape {right.shape} here, not {found.shape}."
    if _close(found, right):
        return None
    turned = right.reshape(*right.shape[:3], pool, pool, right.shape[4]).swapaxes(3, 4).reshape(right.shape)
    if _close(found, turned):
        return "the places are in another order: row by row, so that the second is one to the right."
    if all(_close(found[:, :, :, k], right[:, :, :, 0]) for k in range(pool * pool)):
        return "all kernels stand in the same corner: begin at row down and at column right."
    if _close(found[:, :, :, ::-1], right):
        return "the kernels stand in the opposite corners: place 0 is moved neither down nor right."
    if _close(found * pool * pool, right):
        return "the mean is taken later, after tanh: write the kernels as they are."
    return UNKNOWN


@exercise(
    "25.b",
    a_function,
    hints=[
        "the kernel fills five rows, from down on, and five columns, from right on.",
        "a slice from a to a + 5, without the last, is a : a + 5.",
        "windows[down : down + 5, right : right + 5, :, place, :] = kernel",
    ],
    ours=_windows,
)
def four_windows_within_one(function):
    kernel = np.random.default_rng(0).normal(size=(5, 5, 2, 3)).astype("float32")
    return _wrong_windows(function.array(kernel), _windows(kernel), 2)


def _cycle(update, updates, peak, top=None):
    top = 0.3 * updates if top is None else top
    if update < top:
        return peak * update / top
    return peak * (1 + np.cos(np.pi * (update - top) / (updates - top))) / 2


@exercise(
    "25.c",
    a_function,
    hints=[
        "the rise: 0 at update 0, peak at update top: peak times a part that grows from 0 to 1.",
        "the fall: part is how far update is from top, divided by how far the end is from it.",
        "return peak * update / top; part = (update - top) / (updates - top)",
    ],
    ours=_cycle,
)
def a_rate_that_rises_and_falls(function):
    updates, peak = 200, 0.5
    rise, fall = np.arange(0, 60, 7), np.arange(60, 201, 7)
    rises = np.array([function.number(int(each), updates, peak) for each in rise])
    falls = np.array([function.number(int(each), updates, peak) for each in fall])
    if not _close(rises, np.array([_cycle(each, updates, peak) for each in rise])):
        if _close(rises, rise / 60):
            return "the rise ends at peak, not at 1."
        if _close(rises, peak * rise / updates):
            return "the rise is over after 30 % of the updates: divide by top."
        if np.allclose(rises, peak):
            return "before top the rate rises evenly from 0."
        return "the rise is not right: 0 at update 0, peak at update top, evenly in between."
    if _close(falls, np.array([_cycle(each, updates, peak) for each in fall])):
        return None
    if np.isclose(falls[0], peak) and falls[-1] > 0.01 * peak:
        return "the fall does not end at 0: part must be 1 at update number updates."
    if _close(falls[:-1], np.array([_cycle(each, updates - 1, peak, top=60) for each in fall[:-1]])):
        return "the fall is over one update too early: 0 comes at update number updates, one after the last."
    if not np.isclose(falls[0], peak):
        return "the fall does not begin at peak: part must be 0 at update top."
    return UNKNOWN


def _whole_numbers(array, bits):
    step = np.abs(array).max() / (2 ** (bits - 1) - 1)
    return np.round(array / step), step


def _wrong_whole_numbers(function, array, bits, *given):
    """What is wrong with the whole numbers and the step of an array; None if nothing is."""
    whole, step = function.arrays(2, array, *given)
    right, right_step = _whole_numbers(array, bits)
    if function.changed:
        return "your function changes the array that it is given: make a new one."
    if whole.shape != array.shape:
        return (
            f"first come the whole numbers, in the shape of the array, here {array.shape}, not {whole.shape}."
        )
    largest = 2 ** (bits - 1) - 1
    if np.array_equal(whole, right) and step.size == 1 and np.isclose(step, right_step):
        return None
    if step.size == 1 and np.isclose(step, array.max() / largest) and not np.isclose(step, right_step):
        return "the largest in size may be negative: np.abs(array).max()."
    if step.size == 1 and np.isclose(step, 1 / right_step):
        return "the step is the largest weight divided by the largest whole number, not the other way round."
    if step.size != 1 or not np.isclose(step, right_step):
        return "the step is the largest size in the array divided by the largest whole number."
    if np.allclose(whole, array / right_step) and not np.allclose(whole, right):
        return "these are no whole numbers yet: np.round."
    if np.allclose(whole, right * right_step):
        return "these are the weights again; give the whole numbers."
    if np.allclose(whole, np.trunc(array / right_step)):
        return "the part behind the point is cut off: round to the nearest whole number first, np.round."
    too_early = np.round(array) / right_step
    if np.allclose(whole, np.round(array)) or np.allclose(whole, too_early):
        return "the weights themselves are rounded, most of them to 0: first divide by the step, then round."
    if np.allclose(whole, np.round(array * right_step)):
        return "how many steps is a weight? Divide by the step."
    return UNKNOWN


@exercise(
    "25.d",
    a_function,
    hints=[
        "the step makes the largest weight in size the largest whole number.",
        "step = np.abs(array).max() / largest; how many steps is a weight?",
        "whole = np.round(array / step)",
    ],
    ours=_whole_numbers,
)
def few_bits(function):
    array = np.array([[0.38, -1.0], [0.79, 0.02], [-0.46, 0.6]])
    return _wrong_whole_numbers(function, array, 8, 8) or _wrong_whole_numbers(function, array, 4, 4)


# -------------------------------------------------------------------------------------- exercises


@exercise(
    "25.1",
    a_number,
    hints=[
        "turn 25.a has the formula: three times the forward pass.",
        "3 · 2 million · 60,000 multiply-accumulates, 50 billion of them in a second.",
        "3 * 2e6 * 60_000 / 50e9",
    ],
)
def a_floor_in_seconds(answer):
    right = 3 * 2e6 * 60_000 / 50e9
    mistakes = {
        right / 3: "that is the forward pass alone.",
        2 * right / 3: "that is the backward pass alone.",
        1000 * right: "50 billion are 50 · 10⁹.",
        right / 60_000: "that is for one digit.",
    }
    return compare(answer, right, mistakes, within=0.005)


@exercise(
    "25.2",
    a_number,
    hints=[
        "nine windows of 5×5, each one pixel from the next: how large is the window around all of them?",
        "5 + 3 − 1 = 7: each of nine maps has a window of 7×7 in the place of 5×5.",
        "49 / 25",
    ],
)
def more_products(answer):
    mistakes = {
        36 / 25: "that is pooling over 2×2; here the window around them is larger.",
        25 / 49: "the other way round: there are more products than before.",
        64 / 25: "three windows side by side, each a pixel further, reach over 5 + 2 pixels.",
        49 / 225: "each of the nine places has its own map with a whole window.",
        9 * 49 / 25: "the nine places were computed before, too.",
        7 / 5: "windows have two sides.",
        49: "so many products has the window for one of the nine places; divide by those of one before.",
    }
    return compare(answer, 49 / 25, mistakes, within=0.005)


@exercise(
    "25.3",
    a_function,
    hints=[
        "turn 25.b, with side in the place of 5, and pool² places in the place of four.",
        "divmod(place, pool) gives how far down and how far right the place lies.",
        "windows[down : down + side, right : right + side, :, place, :] = kernel",
    ],
)
def windows_for_any_pooling(function):
    rng = np.random.default_rng(1)
    for side, pool in ((5, 2), (3, 3)):
        kernel = rng.normal(size=(side, side, 2, 4)).astype("float32")
        wrong = _wrong_windows(function.array(kernel, pool), _windows(kernel, pool), pool)
        if wrong is not None:
            return wrong
    return None


@exercise(
    "25.4",
    a_function,
    hints=[
        "array.max() is not the largest in size; and astype cuts off what stands behind the point.",
        "np.abs(array).max(), and np.round before astype.",
        'return np.round(array / step).astype("int8"), step',
    ],
)
def whole_numbers_mended(function):
    for array in (np.array([0.9, -0.9, 0.26, 1.0, -0.3]), np.array([[0.31, -1.0], [0.77, 0.02]])):
        wrong = _wrong_whole_numbers(function, array, 8)
        if wrong is not None:
            return wrong
        given = function(array)[0]
        if np.asarray(given).dtype != np.int8:
            return f"the whole numbers are of the type int8, one byte each, not {np.asarray(given).dtype}."
    return None


@exercise(
    "25.5",
    numbers(2),
    hints=[
        "twice the errors without pruning, which the lines print: look for the last line below it.",
        "and at random: at which of its shares do all five lie above what the first share left?",
        "70 % of the smallest leave 88 errors; at random 30 % leave fewer once, 50 % always leave more.",
    ],
)
def read_off_the_figure(answer):
    first, second = (each / 100 if each > 1 else each for each in answer)
    if np.allclose([first, second], [0.7, 0.5]):
        return None
    if np.allclose([first, second], [0.5, 0.7]):
        return "the right numbers in the wrong order: first the share of the smallest."
    if np.isclose(first, 0.8):
        return "at 0.8 the errors are already more than twice as many."
    if np.isclose(first, 0.7) and np.isclose(second, 0.3):
        return "at 0.3 one of the five random removals leaves fewer errors: it must be all five."
    if np.isclose(first, 0.7):
        return (
            "the first number is right; the second is the smallest share tried at random that does more harm."
        )
    if np.isclose(second, 0.5):
        return "the second number is right; the first is larger or smaller: compare with twice the errors."
    return UNKNOWN


def _error(model):
    """The validation error in per cent, and the name of the digits."""
    digits = quiet_digits()
    validate = lk.split(digits)[1]
    logits = model.predict(digits.x_train[validate], batch_size=1000, verbose=0)
    wrong = ~np.isfinite(logits).all(axis=1) | (logits.argmax(axis=1) != digits.y_train[validate])
    return 100 * wrong.mean(), digits.name


def _reaches(model, goals):
    error, name = _error(model)
    if error > 80:
        return f"its validation error is {error:.1f} %, that of guessing: was it trained?"
    if error > goals[name]:
        return f"its validation error is {error:.2f} %; the goal is at most {goals[name]} %."
    return None


PRUNED = {"mnist": 2.4, "bundled": 8.0}
SMALL = {"mnist": 1.0, "bundled": 8.0}
"""Validation errors in per cent that the networks may make at most; the small one reads 99 % rightly."""
FEWEST = 3_000


@exercise(
    "25.6",
    a_reader(32),
    hints=[
        "without(network.get_weights(), 0.9) sets the smallest to 0; array != 0 says what stays.",
        "fit on some hundred digits, then set the weights to themselves times what stays; again and again.",
        "Adam at a rate of 0.001 over 20,000 digits, with the zeros restored 40 times, is enough.",
    ],
)
def pruned_and_trained(model):
    kernels = [array for array in model.get_weights() if array.ndim > 1]
    size, zeros = sum(a.size for a in kernels), sum(int((a == 0).sum()) for a in kernels)
    if size != 61_470:
        return f"its kernels have {size:,} weights, not 61,470: begin with lk.load_lenet5()."
    if zeros < 0.9 * size:
        return (
            f"{100 * zeros / size:.1f} % of its kernel weights are 0; at least 90 % must be, in the end too."
        )
    wrong = _reaches(model, PRUNED)
    return wrong and f"{wrong} More rounds of training and restoring the zeros help."


@exercise(
    "25.7",
    a_reader(32),
    hints=[
        "most of LeNet-5's parameters lie in C5 and F6: leave both out, and let the maps be few.",
        "a convolution with steps of 2, then two of 3×3, each with batch normalisation; then ten outputs.",
        "8 maps of 5×5; 12 and 12 of 3×3, max pooling after both; digits moved by a pixel, anew each pass.",
    ],
)
def the_fewest_parameters(model):
    if model.count_params() > FEWEST:
        return f"it has {model.count_params():,} parameters, more than {FEWEST:,}."
    return _reaches(model, SMALL)
