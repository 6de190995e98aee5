"""What the turns and exercises of lesson 26 accept: slopes put together, bytes counted, large batches."""

import keras
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

WEIGHTS = 61_706


def _close(found, right):
    return found.shape == right.shape and np.allclose(found, right, rtol=1e-5, atol=1e-6)


# ------------------------------------------------------------------------------------------ turns


def _whole(parts, sizes):
    return sum(part * size for part, size in zip(parts, sizes, strict=True)) / sum(sizes)


@exercise(
    "26.a",
    a_function,
    hints=[
        "a mean times its number of digits is a sum; add the sums, and divide by all digits.",
        "each part's array times its size, added up, divided by sum(sizes).",
        "return sum(part * size for part, size in zip(parts, sizes)) / sum(sizes)",
    ],
    ours=_whole,
)
def slopes_of_the_whole(function):
    parts, sizes = (
        [np.array([1.0, -2.0, 4.0]), np.array([3.0, 0.5, -1.0]), np.array([0.0, 6.0, 2.0])],
        [6, 3, 1],
    )
    found, right = function.array(parts, sizes), _whole(parts, sizes)
    if function.changed:
        return "your function changes what it is given: make a new array."
    if found.shape != right.shape:
        return f"the result is one array, of the shape of each part, here {right.shape}, not {found.shape}."
    if _close(found, np.mean(parts, axis=0)):
        return "that is the plain mean; a part with more digits counts more."
    if _close(found, sum(parts)):
        return "that is the sum of the means: weight each by its size, and divide by all digits."
    if _close(found, right * sum(sizes)):
        return "that is the sum over all digits; the mean divides it by their number."
    if _close(found, right * sum(sizes) / len(sizes)):
        return "divide by the number of digits, sum(sizes), not by the number of parts."
    return None if _close(found, right) else UNKNOWN


def _bytes(workers, numbers):
    return 4 * 2 * (workers - 1) * numbers / workers


@exercise(
    "26.b",
    a_function,
    hints=[
        "there are 2 * workers - 2 steps, and a step sends numbers / workers numbers.",
        "steps times numbers of a step, times 4 bytes.",
        "return 4 * 2 * (workers - 1) * numbers / workers",
    ],
    ours=_bytes,
)
def bytes_of_a_ring(function):
    for workers, count in ((4, 1000), (10, 300), (1, 50)):
        right = _bytes(workers, count)
        mistakes = {
            right / 4: "those are numbers; each has 4 bytes.",
            right / 2: "each part travels around twice: once to gather the sums, once to hand them out.",
            8
            * count: "a ring with many workers comes near to that; each sends (workers − 1) / workers of it.",
            right * workers: "that is what all workers send together, or whole arrays in the place of parts.",
            right / count: "a step sends not one number but numbers / workers of them.",
            4 * count / workers: "that is one step; there are 2 * workers - 2 of them.",
            8 * (workers + 1) * count / workers: "there are workers − 1 steps for each time around.",
        }
        mistakes.pop(right, None)
        if (wrong := compare(function.number(workers, count), right, mistakes)) is not None:
            return wrong
    return None


def _update(workers, work, wait, numbers, line):
    return work / workers + 2 * (workers - 1) * wait + _bytes(workers, numbers) / line


@exercise(
    "26.c",
    a_function,
    hints=[
        "three terms, as in the formula above: work shared, steps that wait, bytes that travel.",
        "the bytes are those of turn 26.b, divided by line.",
        "work / workers + 2 * (workers - 1) * wait + sent_bytes(workers, numbers) / line",
    ],
    ours=_update,
)
def seconds_of_an_update(function):
    given = (4, 2.0, 0.01, 1000, 5000.0)
    work, waits, line = 2.0 / 4, 2 * 3 * 0.01, _bytes(4, 1000) / 5000.0
    mistakes = {
        2.0 + waits + line: "the work is shared among the workers.",
        work + waits / 2 + line: "there are 2 · (workers − 1) steps.",
        work + line: "the waiting is missing.",
        work + 0.01 + line: "each step waits, and there are 2 · (workers − 1) of them.",
        work + 2 * 4 - 1 * 0.01 + line: "mind the brackets: 2 * (workers - 1).",
        work + waits: "the bytes that are sent are missing.",
        work + waits + _bytes(4, 1000): "bytes divided by the line's bytes a second are seconds.",
        work + waits + line / 4: "a number has 4 bytes.",
        work + waits + 1000 / 5000.0: "the bytes are those of turn 26.b, not one for each number.",
        work + waits + 4000 / 5000.0: "the bytes are those of turn 26.b, sent_bytes(workers, numbers).",
        work + waits + 8000 / 5000.0: "the bytes are those of turn 26.b, sent_bytes(workers, numbers).",
        work + (waits + line) / 4: "only the work is shared; every worker waits and sends.",
    }
    wrong = compare(function.number(*given), work + waits + line, mistakes, within=1e-9)
    if wrong is not None:
        return wrong
    return compare(function.number(1, 2.0, 0.01, 1000, 5000.0), 2.0, {}, within=1e-9)


# -------------------------------------------------------------------------------------- exercises


@exercise(
    "26.1",
    a_number,
    hints=[
        "turn 26.a, with numbers in the place of arrays.",
        "48 digits with 0.5 and 16 with 0.1; divide by 64.",
        "(48 * 0.5 + 16 * 0.1) / 64",
    ],
)
def a_slope_of_two_parts(answer):
    mistakes = {
        0.3: "that is the plain mean; the first part has three times as many digits.",
        0.6: "slopes are means: they are not added.",
        0.2: "the weights are exchanged: 48 digits have 0.5.",
        25.6: "that is the sum over all digits; divide by their number.",
        12.8: "divide by the number of digits, 64, not by the number of parts.",
    }
    return compare(answer, 0.4, mistakes, within=1e-3)


@exercise(
    "26.2",
    a_number,
    hints=[
        "how many updates are in an epoch, the last one with fewer digits?",
        "469 updates; in each a worker sends sent_bytes(8, 61_706).",
        "469 * 4 * 2 * 7 / 8 * 61_706",
    ],
)
def bytes_of_an_epoch(answer):
    once = _bytes(8, WEIGHTS)
    mistakes = {
        once: "that is one update; an epoch has many.",
        468 * once: "60,000 / 128 is 468.75: the last, smaller batch is an update too.",
        468.75 * once: "there is no three quarters of an update: the last, smaller batch is a whole one.",
        469 * once / 4: "those are numbers; each has 4 bytes.",
        469 * once / 2: "each part travels around twice.",
        469 * once * 8: "that is what all eight send together.",
        3750 * once: "128 digits are the batch of all workers together, not of each: 60,000 / 128 updates.",
        469 * 8 * WEIGHTS: "a worker sends (workers − 1) / workers of that: its turn 26.b, with 8 workers.",
        60_000 * once: "slopes are sent once for each update, not for each digit.",
    }
    return compare(answer, 469 * once, mistakes, within=500)


@exercise(
    "26.3",
    a_function,
    hints=[
        "each worker's slopes are a mean already; what is the sum of sixteen equal means?",
        "the mean of the workers' slopes is that of all digits, since they have equally many.",
        "return weights - rate * sum(slopes) / len(slopes)",
    ],
)
def a_step_that_does_not_grow(function):
    weights = np.array([1.0, -1.0, 0.5])
    for workers in (5, 2):
        slopes = [np.array([0.5, 2.0, -3.0]) * (k + 1) for k in range(workers)]
        found, step = function.array(weights, slopes, 0.1), 0.1 * np.mean(slopes, axis=0)
        if function.changed:
            return "your function changes what it is given: make a new array."
        if _close(found, weights - step):
            continue
        if _close(found, weights - step * workers):
            return "this still adds the means: with sixteen workers the step is sixteen times as long."
        if _close(found, weights + step):
            return "the step leads against the slope: weights minus rate times slope."
        if _close(found, step) or _close(found, -step):
            return "that is the step; give back the new weights."
        if _close(found, weights - 0.1 * np.mean(slopes)):
            return "np.mean without axis=0 makes one number of all slopes; each weight has its own."
        if _close(found, weights / workers - step):
            return "mind the brackets: only the slopes are divided, not the weights."
        if _close(found, weights - 0.1 * slopes[0]):
            return "that is the first worker's step alone: all workers' slopes are needed."
        if _close(found, weights - step * workers / 16):
            return "not always sixteen: divide by the number of workers, len(slopes)."
        if _close(found, weights - step / workers):
            return "divided twice: the mean of the slopes divides by the number of workers once."
        if _close(found, weights - 2 * step):
            return "that is twice the mean: take the mean itself; the rate can be chosen anew."
        if _close(found, weights - step * workers / 2):
            return "divide by the number of workers, len(slopes), not by 2."
        return UNKNOWN
    return None


def _slopes(network, images, labels):
    import tensorflow as tf

    with tf.GradientTape() as tape:
        losses = keras.losses.sparse_categorical_crossentropy(labels, network(images), from_logits=True)
        loss = keras.ops.mean(losses)
    found = tape.gradient(loss, [each.value for each in network.trainable_variables])
    return np.concatenate([np.ravel(each) for each in found])


class _Watched:
    """A network that notes how many digits it is given at once; it is handed on as it is, not copied."""

    def __init__(self, network):
        self.network, self.most = network, 0

    def __deepcopy__(self, memory):
        return self

    def __call__(self, images, **more):
        self.most = max(self.most, len(images))
        return self.network(images, **more)

    def __getattr__(self, name):
        return getattr(self.network, name)


@exercise(
    "26.4",
    a_function,
    hints=[
        "a loop over range(0, len(labels), part); images[begin : begin + part] is one part.",
        "add up slopes times the number of digits of the part, and divide by len(labels) in the end.",
        "total = total + slopes(network, images[own], labels[own]) * len(labels[own])",
    ],
)
def slopes_part_by_part(function):
    keras.utils.set_random_seed(4)
    network, rng = lk.lenet5(), np.random.default_rng(4)
    images, labels = rng.uniform(-0.1, 1.175, (10, 32, 32, 1)).astype("float32"), np.arange(10)
    right = _slopes(network, images, labels)
    parts = [_slopes(network, images[k : k + 3], labels[k : k + 3]) for k in (0, 3, 6, 9)]
    watched = _Watched(network)
    found = function.array(watched, images, labels, 3)
    if found.shape != right.shape:
        return f"the result is one array of all slopes, of the shape {right.shape}, not {found.shape}."

    def near(wanted):
        return np.abs(found - wanted).max() < 1e-3 * np.abs(right).max()

    if watched.most > 3:
        return f"{watched.most} digits are computed at once; a part has at most 3 of the {len(labels)}."
    if near(right):
        return None
    for wanted, why in (
        (np.mean(parts, axis=0), "that is the plain mean of the parts; the last part has fewer digits."),
        (sum(parts), "that is the sum of the parts' means: weight each by its digits, and divide by all."),
        (right * 10, "that is the sum over all digits: divide by len(labels)."),
        (sum(parts[:3]) / 3, "the last, smaller part is left out."),
        (sum(parts[:3]) * 3 / 10, "the last, smaller part is left out."),
        (sum(parts) * 3 / 10, "the last part has fewer digits than part: len(labels[own])."),
        (parts[-1], "that is the last part alone: add up over the loop."),
    ):
        if near(wanted):
            return why
    return UNKNOWN


def _below_half(work, count):
    """The smallest number of workers tried that is less than half as fast as the ideal."""
    alone = _update(1, work, 1e-4, count, 125e6)
    return next(many for many in TRIED if alone / _update(many, work, 1e-4, count, 125e6) < many / 2)


TRIED = (1, 2, 4, 8, 16, 32, 64, 128)


@exercise(
    "26.5",
    numbers(3),
    hints=[
        "half of the ideal with 8 workers is 4 times as fast as one; compare each row with half its workers.",
        "in the figure: at that many workers the curve lies lower than the ideal line one point earlier.",
        "batch 64 with 4 workers: 1.2 is less than 2. Batch 4,096: 17.9 is more than 16, but less than 32.",
    ],
)
def less_than_half(answer):
    rows = {
        "batch 64": (64e-4, WEIGHTS),
        "batch 4,096": (0.4096, WEIGHTS),
        "large network": (40.96, 100 * WEIGHTS),
    }
    right = [_below_half(*row) for row in rows.values()]
    found = [float(each) for each in answer]
    if found == [4, 32, 128]:
        return "those are the quickest; asked is where the speed falls below half of the ideal."
    if found == [each // 2 for each in right]:
        return "those are the largest that keep the rule; the next ones break it."
    for name, mine, wanted in zip(rows, found, right, strict=True):
        if mine not in TRIED:
            return f"{name}: {mine:g} is not among the workers tried, {', '.join(map(str, TRIED))}."
        if mine < wanted:
            return f"{name}: with {mine:.0f} workers it is still at least {mine / 2:g} times as fast."
        if mine > wanted:
            return f"{name}: a smaller number of workers breaks the rule already."
    return None


@exercise(
    "26.6",
    a_number,
    hints=[
        "eight tasks are done at once, then only seven, and one task must be done again.",
        "after 90 s, 7 tasks are done; 33 are left, for 7 workers.",
        "33 tasks on 7 workers take 5 rounds; with the first that makes 6 rounds of 90 s.",
    ],
)
def a_study_with_a_killed_worker(answer):
    mistakes = {
        450: "so long it takes without the kill; after the first 90 s, 33 tasks are left for seven workers.",
        495: "the seven others are busy when the eighth dies, and take up its task when they are through.",
        3600: "that is one worker alone.",
        6: "so many rounds there are; a round takes 90 seconds.",
        9: "those are minutes; seconds are asked.",
        585: "the killed task costs no round of its own: 33 tasks are left, and 5 rounds of seven hold 35.",
        630: "5 rounds of seven are 35 tasks, enough for the 33 left.",
        round(40 * 90 / 7, 3): "a task is not cut into pieces: seven workers do at most seven at once.",
        round(41 * 90 / 7, 3): "a task is not cut into pieces: seven workers do at most seven at once.",
    }
    return compare(answer, 540, mistakes, within=0.5)


GOAL = {"mnist": 9.0, "bundled": 40.0}
"""Validation error in per cent that the project must stay below."""
TOO_GOOD = 2.5
"""An error in per cent that two passes over the sample do not reach."""


@exercise(
    "26.7",
    a_reader(32),
    hints=[
        "with 50 updates in all, Adam gets further than plain descent; a warm-up lets it bear a high rate.",
        "a rate that rises over a quarter of the updates, then falls to 0 along a cosine, as in lesson 25.",
        "Adam, up to 0.015, fits; the solution does so.",
    ],
)
def large_batches(model):
    digits = quiet_digits()
    if model.count_params() != WEIGHTS:
        return f"it has {model.count_params():,} parameters; the goal is for LeNet-5 with {WEIGHTS:,}."
    validate = lk.split(digits)[1]
    logits = model.predict(digits.x_train[validate], batch_size=1000, verbose=0)
    wrong = ~np.isfinite(logits).all(axis=1) | (logits.argmax(axis=1) != digits.y_train[validate])
    error, goal = 100 * wrong.mean(), GOAL[digits.name]
    if error > 80:
        return f"its validation error is {error:.1f} %, that of guessing: take a smaller rate, or a warm-up."
    if error < TOO_GOOD:
        return f"its validation error is {error:.1f} %: it has learned more than two passes over the sample."
    return f"its validation error is {error:.2f} %; the goal is below {goal} %." if error >= goal else None
