"""What the turns and exercises of lesson 17 accept: errors of errors, an exponent, few bits, verdicts."""

import numpy as np

import lenet_keras as lk
from lenet_keras.course.exercises import (
    UNKNOWN,
    Refused,
    a_function,
    a_model,
    a_number,
    compare,
    compare_arrays,
    exercise,
    numbers,
    quiet_digits,
)

SIZES = (15_000, 30_000, 60_000)


def _runs(digits=60_000):
    """The recorded runs with the article's training and without distortions, by seed."""
    wanted = {"digits": digits, "distorted": False, "variant": "none", "optimiser": "second order"}
    runs = lk.load_record("reproduction")["results"]
    return [run for run in runs if all(run[key] == value for key, value in wanted.items())]


def _gaps():
    """Test minus training error after the last pass, in points: an array (size, seed)."""
    return np.array(
        [
            [
                100 * (run["test_errors"][-1] / 10_000 - run["training_errors"][-1] / size)
                for run in _runs(size)[:3]
            ]
            for size in SIZES
        ]
    )


# ------------------------------------------------------------------------------------------ turns


def _standard_error(error, n):
    return np.sqrt(error * (100 - error) / n)


@exercise(
    "17.a",
    a_function,
    hints=[
        "with shares it is p(1 − p)/n under the root; in per cent, 100 takes the place of 1.",
        "the root is there already; under it stands error times (100 - error), divided by n.",
        "return np.sqrt(error * (100 - error) / n)",
    ],
    ours=_standard_error,
)
def the_standard_error(function):
    for error, n in ((0.95, 2500), (20.0, 400)):
        found, right = function.number(error, n), _standard_error(error, n)
        share = error / 100
        wrong = compare(
            found,
            right,
            {
                right / 100: "that is a share; error is in per cent, and so is the result.",
                np.sqrt(share * (1 - share) / n): "that is a share; the result is asked for in per cent.",
                np.sqrt(error * (1 - error) / n)
                if error < 1
                else np.nan: "with per cent, 1 − p becomes 100 − error.",
                np.sqrt(error * (100 - error)) / n: "n stands under the root too.",
                np.sqrt(error * (100 - error)): "divide by n, under the root.",
                np.sqrt(error * (100 - error) * n): "divide by n: more digits, less luck.",
                right**2: "that is the square of it: the root is missing.",
                np.sqrt(error / n): "that is nearly so for small errors; the factor 100 − error is missing.",
            },
            within=1e-9,
        )
        if wrong is not None:
            return wrong
    return None


def _exponent(sizes, gaps):
    return -np.polyfit(np.log(sizes), np.log(gaps), 1)[0]


@exercise(
    "17.b",
    a_function,
    hints=[
        "the straight line goes through the logarithms of both: np.log(sizes) and np.log(gaps).",
        "the slope of the line is −α.",
        "slope, height = np.polyfit(np.log(sizes), np.log(gaps), 1); return -slope",
    ],
    ours=_exponent,
)
def the_exponent_of_a_law(function):
    sizes = np.array([1000.0, 3000.0, 20_000.0])
    for gaps in (40 * sizes**-0.5, np.array([2.0, 1.7, 0.4])):
        found, right = function.number(sizes, gaps), _exponent(sizes, gaps)
        logs = np.log(sizes), np.log(gaps)
        wrong = compare(
            found,
            right,
            {
                -right: "the slope is −α: change its sign.",
                np.polyfit(*logs, 1)[1]: "that is the height at 0; α is in the slope.",
                -np.polyfit(sizes, gaps, 1)[0]: "take the logarithms of both, sizes and gaps.",
                np.polyfit(sizes, gaps, 1)[0]: "take the logarithms of both, sizes and gaps.",
                -np.polyfit(sizes, logs[1], 1)[0]: "take the logarithm of the sizes too.",
                -np.polyfit(logs[0], gaps, 1)[0]: "take the logarithm of the gaps too.",
                -1 / np.polyfit(*logs[::-1], 1)[0]: "x are the sizes, y the gaps: exchange them.",
                -np.polyfit(*logs[::-1], 1)[0]: "x are the sizes, y the gaps: exchange them.",
            },
            within=1e-6,
        )
        if wrong is not None:
            return wrong
    return None


def _rounded(weights, bits):
    step = np.abs(weights).max() / (2 ** (bits - 1) - 1)
    return np.rint(weights / step) * step


def _right_rounding(function, cases):
    """What is wrong with a function that rounds; None if nothing is."""
    for weights, bits in cases:
        found, largest = function.array(weights, bits), 2 ** (bits - 1) - 1
        if function.changed:
            return "your function changes the weights themselves: give back a new array."
        one_sided = weights.max() / largest
        mistakes = [
            (weights, "nothing is rounded: divide by the step, np.rint, then times the step."),
            (
                np.rint(weights / one_sided) * one_sided,
                "the largest *size* makes the step: np.abs(weights).max().",
            ),
            (
                np.clip(np.rint(weights / one_sided), -largest, largest) * one_sided,
                "weights below −max are cut off: the step needs the largest size, np.abs(weights).max().",
            ),
            (
                np.rint(weights / _step(weights, bits)),
                "these are the multiples; times the step, they are weights.",
            ),
            (
                np.floor(weights / _step(weights, bits)) * _step(weights, bits),
                "np.rint rounds to the nearest, not down.",
            ),
            (
                np.trunc(weights / _step(weights, bits)) * _step(weights, bits),
                "np.rint rounds to the nearest; int cuts off.",
            ),
            (_rounded(weights, bits + 1), "the step is the largest size divided by 2 ** (bits - 1) - 1."),
            (np.rint(weights / (2 * _step(weights, bits))) * 2 * _step(weights, bits), UNKNOWN),
        ]
        if (wrong := compare_arrays(found, _rounded(weights, bits), mistakes)) is not None:
            return wrong
    return None


def _step(weights, bits):
    return np.abs(weights).max() / (2 ** (bits - 1) - 1)


@exercise(
    "17.c",
    a_function,
    hints=[
        "the step is the largest size divided by 2 ** (bits - 1) - 1.",
        "how many steps is a weight? weights / step. Round that, then multiply by the step.",
        "step = np.abs(weights).max() / (2 ** (bits - 1) - 1); return np.rint(weights / step) * step",
    ],
    ours=_rounded,
)
def weights_in_few_bits(function):
    rng = np.random.default_rng(0)
    return _right_rounding(function, [(rng.normal(size=(5, 7)), 4), (np.array([-3.0, 0.2, 1.1, 0.7]), 3)])


VERDICTS = ("holds", "differs", "unclear")
RIGHT = {
    2: "differs",
    3: "holds",
    4: "holds",
    8: "holds",
    62: "unclear",
    79: "differs",
    85: "differs",
    96: "holds",
}


def a_dict_of_verdicts(answer):
    """A kind: a dict from each of the eight numbers to a verdict."""
    if not isinstance(answer, dict):
        raise Refused('the answer is a dict such as {2: "holds", 3: "differs"}, with all eight numbers.')
    try:
        found = {int(number): str(verdict).strip().lower() for number, verdict in answer.items()}
    except (TypeError, ValueError):
        raise Refused("each key is the number of a claim, such as 2.") from None
    if missing := set(RIGHT) - set(found):
        raise Refused(
            f"there are eight claims; a verdict is missing for {', '.join(map(str, sorted(missing)))}."
        )
    if unknown := set(found) - set(RIGHT):
        raise Refused(f"there is no claim {', '.join(map(str, sorted(unknown)))} among the eight.")
    if other := {verdict for verdict in found.values() if verdict not in VERDICTS}:
        raise Refused(
            f'a verdict is "holds", "differs" or "unclear", not {", ".join(map(repr, sorted(other)))}.'
        )
    return found


WHY = {
    2: "claim 2 has two parts: does the training error fall, and does the gap *grow*?",
    3: "claim 3 compares 1 with all digits an update.",
    4: "claim 4: compare the change of the slopes with the slopes.",
    8: "claim 8: neighbours are 1 apart, and 0 would be no correlation.",
    62: "claim 62: pair by seed. In how many of the five does the large rate bear the shaking better?",
    79: "claim 79: does the norm first become smaller?",
    85: "claim 85 has two parts: as many errors, and *fewer* digits refused.",
    96: "claim 96 is about 16 greys; look at the errors with 256.",
}


@exercise(
    "17.d",
    a_dict_of_verdicts,
    hints=[
        "go through the printed lines one by one; where a claim has two parts, both must be seen.",
        f"of the eight, {sum(verdict == 'holds' for verdict in RIGHT.values())} hold and the others differ.",
        "those that differ are "
        + ", ".join(str(number) for number, verdict in RIGHT.items() if verdict == "differs")
        + ".",
    ],
    ours=RIGHT,
)
def verdicts_on_eight_claims(found):
    return next((WHY[number] for number in RIGHT if found[number] != RIGHT[number]), None)


# -------------------------------------------------------------------------------------- exercises


@exercise(
    "17.1",
    a_number,
    hints=[
        "standard_error(0.95, n) must be 0.01: square both sides, and solve for n.",
        "n = error · (100 − error) / 0.01².",
        "0.95 * (100 - 0.95) / 0.01**2",
    ],
)
def digits_for_a_small_standard_error(answer):
    right = 0.95 * 99.05 / 0.01**2
    mistakes = {
        right / 100: "square the 0.01 too: 0.01² is 0.0001.",
        np.sqrt(right): "that is the root of the number: square both sides.",
        right * 1e-4: "that share is in per cent: use error · (100 − error).",
        0.95 * 0.05 / 1e-4: "with per cent, 1 − p becomes 100 − error.",
        1_000_000: "that is what 0.1 at 10,000 gives by rule of three; compute it from 0.95 · 99.05.",
        0.9 * 99.1 / 0.01**2: "take the standard error at 0.95 %.",
        4 * right: "that is for half of 0.01, or for the 95 % interval; asked is one standard error.",
    }
    return compare(answer, right, mistakes, within=500 if answer > 100_000 else 1)  # a rounded number will do


@exercise(
    "17.2",
    a_number,
    hints=[
        "four times as many digits: the gap is multiplied by 4 to the power −α.",
        "take the means that section 3 prints: np.mean(alphas), and gaps[2].mean().",
        "gaps[2].mean() * 4 ** -np.mean(alphas)",
    ],
)
def the_gap_with_four_times_the_digits(answer):
    gaps = _gaps()
    alpha = np.mean([_exponent(SIZES, gaps[:, k]) for k in range(3)])
    last = gaps[2].mean()
    mistakes = {
        last / 4: "that would be α = 1.",
        last * 4**alpha: "more digits, a smaller gap: the exponent is −α.",
        last * 2**-alpha: "240,000 is four times 60,000, not twice.",
        last
        * 16**-alpha: "240,000 is 16 times 15,000: begin with the gap at 15,000, or take 4 times 60,000.",
        last: "that is the gap at 60,000.",
        100 * last * 4**-alpha: "give it in percentage points, as section 3 prints the gaps.",
    }
    return compare(answer, last * 4**-alpha, mistakes, within=0.011)


def _settled(errors, within):
    errors = np.asarray(errors, float)
    outside = np.flatnonzero(np.abs(errors - errors[-1]) > within + 1e-12)
    return int(outside[-1]) + 2 if len(outside) else 1


@exercise(
    "17.3",
    a_function,
    hints=[
        "look for the *last* pass whose error is further than within from errors[-1]; then add one.",
        "np.flatnonzero(np.abs(errors - errors[-1]) > within) gives the places of those outside, from 0.",
        "outside[-1] + 2, counted from 1, where outside are those places; 1 if there is none.",
    ],
)
def the_pass_from_which_all_is_settled(function):
    cases = [
        ([5, 3, 2, 1.1, 1.0, 0.9, 1.0], 0.15),
        ([5, 1.0, 3, 1.0, 1.0], 0.1),
        ([1, 1, 1], 0.5),
        ([3, 0.2, 1.0, 2.0], 0.5),
        ([2.0, 2.0, 1.0, 0.0], 0.1),
    ]
    for errors, within in cases:
        errors = np.array(errors, float)
        found, right = function.number(errors, within), _settled(errors, within)
        if function.changed:
            return "your function changes the errors that it is given."
        if found == right:
            continue
        inside = np.abs(errors - errors[-1]) <= within
        if found == right - 1 and right > 1:
            return "passes count from 1, places in an array from 0."
        if found == 1 + int(inside.argmax()):
            return "*all* errors from there on must be near: for 5, 1, 3, 1, 1 the second pass is too early."
        if found == int(inside.argmax()):
            return "passes count from 1; and *all* errors from there on must be near the last."
        if found == 1 + int(np.append(0, 1 + np.flatnonzero(errors - errors[-1] > within)).max()):
            return "an error below the last one may be too far as well: take np.abs of the difference."
        low = errors.min()
        if found == 1 + int((np.abs(errors - low) <= within).argmax()):
            return "compare with the last error, not with the lowest."
        return UNKNOWN
    return None


@exercise(
    "17.4",
    a_function,
    hints=[
        "try it on weights whose largest size is negative, such as -3 and 1.",
        "the step comes from weights.max(), so weights below -weights.max() are cut off.",
        "step = np.abs(weights).max() / largest; the rest may stay.",
    ],
)
def rounding_without_cutting_off(function):
    rng = np.random.default_rng(1)
    cases = [
        (np.array([-3.0, -1.0, 0.37, 1.0]), 8),
        (rng.normal(size=20) - 1, 8),
        (np.array([0.5, -0.2, 2.0]), 4),
    ]
    return _right_rounding(function, cases)


@exercise(
    "17.5",
    numbers(2),
    hints=[
        "running.mean(axis=0), after.mean(axis=0), test.mean(axis=0) are the means, one a pass.",
        "a comparison gives True and False; its .sum() counts the True.",
        "(running.mean(axis=0) > after.mean(axis=0)).sum(), then the same with test",
    ],
)
def passes_with_the_error_on_the_fly_above(answer):
    plain = _runs()
    running = np.mean([run["running_training_error"] for run in plain], axis=0)
    after = np.mean([np.array(run["training_errors"]) / 60_000 for run in plain], axis=0)
    test = np.mean([np.array(run["test_errors"]) / 10_000 for run in plain], axis=0)
    right = np.array([(running > after).sum(), (running > test).sum()], float)
    if np.array_equal(answer, right):
        return None
    if np.array_equal(answer, right[::-1]):
        return "first the comparison with the error after the pass, then that with the test error."
    if np.array_equal(answer, 20 - right) or np.array_equal(answer, [right[0], 20 - right[1]]):
        return "count the passes in which the error on the fly lies *above*."
    if answer[0] == right[0]:
        return "the first number is right; compare with the test error again."
    if answer[1] == right[1]:
        return "the second number is right; compare with the error after the pass again."
    if np.all((0 <= answer) & (answer <= 1)):
        return "count the passes; do not give a share."
    return UNKNOWN


@exercise(
    "17.6",
    numbers(2),
    hints=[
        "on the page choose lesson 17, and read how many claims are left; then press holds.",
        'mine = [row for row in ledger if row["lesson"] and row["lesson"].startswith("17")]',
        'len(mine), and sum(row["verdict"] == "holds" for row in mine)',
    ],
)
def claims_of_this_lesson(answer):
    ledger = lk.load_record("claims")["results"]
    mine = [row for row in ledger if (row["lesson"] or "").startswith("17")]
    holds = sum(row["verdict"] == "holds" for row in mine)
    if np.array_equal(answer, [len(mine), holds]):
        return None
    if np.array_equal(answer, [len(ledger), sum(row["verdict"] == "holds" for row in ledger)]):
        return "that is the whole ledger; choose lesson 17."
    if np.array_equal(answer, [holds, len(mine)]):
        return "first all that it tries, then those that hold."
    if answer[0] == len(mine):
        return "the first number is right; count those of them that hold."
    if np.array_equal(answer, [len(mine) - holds, holds]):
        return "the first number is of all claims that it tries, whatever the verdict."
    return UNKNOWN


GOAL = {"mnist": 1.3, "bundled": 8.0}
"""Validation error in per cent that the project must stay below."""
LEVELS = 7


@exercise(
    "17.7",
    a_model,
    hints=[
        "take a step smaller than largest / 3, and cut off with np.clip(np.rint(weights / step), -3, 3).",
        "for each array try steps from 0.3 to 1 times largest / 3; take that of the least squared change.",
        "change = ((step * np.clip(np.rint(w / step), -3, 3) - w) ** 2).sum(); the least change wins.",
    ],
)
def a_network_in_three_bits(model):
    shapes = model.input_shape[1:], model.output_shape[1:]
    if shapes != ((32, 32, 1), (10,)):
        return f"the model leads from (32, 32, 1) to 10 logits, not from {shapes[0]} to {shapes[1]}."
    if model.count_params() != 61_706:
        return f"it has {model.count_params():,} parameters; lk.lenet5() has 61,706."
    for weight in model.get_weights():
        values = np.unique(weight)
        if len(values) > LEVELS:
            return f"one of its arrays has {len(values)} different values; at most {LEVELS} are allowed."
        step = np.diff(np.unique(np.append(values, 0))).min(initial=np.inf)
        if np.abs(values / step - np.rint(values / step)).max() > 1e-3 or np.abs(values).max() > 3.001 * step:
            return "the values must be -3 to 3 times one step, as rounded(weights, 3) makes them."
    digits = quiet_digits()
    validate = lk.split(digits)[1]
    logits = model.predict(digits.x_train[validate], batch_size=1000, verbose=0)
    error = 100 * np.mean(logits.argmax(axis=1) != digits.y_train[validate])
    goal = GOAL[digits.name]
    if error > 80:
        return f"its validation error is {error:.1f} %, that of guessing."
    if error >= goal:
        return f"its validation error is {error:.2f} %; the goal is below {goal} %."
    return None
