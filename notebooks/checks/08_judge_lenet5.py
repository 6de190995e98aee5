"""What the exercises of notebook 08 accept: intervals, precision and recall, calibration, two guesses."""

import math

import numpy as np

from lenet_keras.course.exercises import UNKNOWN, a_function, a_number, compare, exercise, numbers


@exercise(
    "08.1",
    numbers(2),
    hints=[
        "put the share 5/200, n = 200 and z = 1.96 into the formula of section 2.",
        "the numerator is a middle, share + z²/(2n), minus and plus z times a root.",
        "both ends are divided by 1 + z²/n, and multiplied by 100 for per cent.",
    ],
)
def wilson_interval_of_five_errors(values):
    share, total, z = 5 / 200, 200, 1.96
    # At the bounds the share lies 1.96 of the bound's own standard errors away: a quadratic equation.
    low, high = np.sort(np.roots([1 + z * z / total, -2 * share - z * z / total, share * share]))
    error, scale = math.sqrt(share * (1 - share) / total), 1 + z * z / total
    middle = (low + high) / 2
    plain = "this is the share with 1.96 standard errors to each side, not the Wilson interval."
    mistakes = [
        ((high, low), "give the low end first."),
        ((share - z * error, share + z * error), plain),
        ((max(0, share - error), share + error), plain.replace("1.96 standard errors", "one standard error")),
        ((low * scale, high * scale), "the division by 1 + z²/n is missing."),
        ((middle, high - middle), "these are the middle and half the width; give (low, high)."),
        ((middle - z * error / scale, middle + z * error / scale), "z²/(4n²) is missing under the root."),
    ]
    if _near(values, (100 * low, 100 * high), 0.05):
        return None
    if _near(values, (low, high), 0.0005):
        return "these are shares; give them in per cent."
    for pair, why in mistakes:
        if _near(values, 100 * np.array(pair), 0.03) or _near(values, pair, 0.0003):
            return why
    return UNKNOWN


def _near(values, pair, within):
    return np.abs(values - pair).max() <= within + 1e-9


@exercise(
    "08.2",
    numbers(2),
    hints=[
        "section 3: precision looks down the column of 1, recall along its row.",
        "both have the 6 digits above the line of a fraction, and a sum below it.",
        "precision divides 6 by the sum of the column (2, 6, 1), recall by that of the row (1, 6, 3).",
    ],
)
def precision_and_recall_of_one(values):
    labels = np.repeat([0, 0, 1, 1, 1, 2, 2], [8, 2, 1, 6, 3, 1, 11])
    answers = np.repeat([0, 1, 0, 1, 2, 1, 2], [8, 2, 1, 6, 3, 1, 11])

    def measures(digit):
        return np.mean(labels[answers == digit] == digit), np.mean(answers[labels == digit] == digit)

    if (values > 1).all():  # in per cent
        values = values / 100
    precision, recall = measures(1)
    if _near(values, (precision, recall), 0.005):
        return None
    if _near(values, (recall, precision), 0.005):
        return "precision comes first; it looks down a column."
    for digit in (0, 2):
        if _near(values, measures(digit), 0.005):
            return f"that is the digit {digit}; the digit 1 is asked for."
    if _near(values[:1], precision, 0.005):
        return "the precision is right; recall divides by the sum of the row of 1."
    if _near(values[1:], recall, 0.005):
        return "the recall is right; precision divides by the sum of the column of 1."
    return UNKNOWN


@exercise(
    "08.3",
    a_number,
    hints=[
        "section 2 has the standard error of a share; 1.96 times it is to be 0.05 percentage points.",
        "work in shares: p = 0.0095, and 0.05 percentage points are 0.0005.",
        "solve 1.96 · √(p(1 − p)/n) = 0.0005 for n: square both sides first.",
    ],
)
def digits_for_a_narrow_interval(answer):
    p, half = 0.0095, 0.0005
    units = "in shares, 0.95 % is 0.0095 and 0.05 percentage points are 0.0005."
    mistakes = {
        p * (1 - p) / half**2: "so many make *one* standard error 0.05 points; take 1.96 of them.",
        4 * p * (1 - p) / half**2: "a little too many: take 1.96 standard errors, to the nearest thousand.",
        1.96 * p * (1 - p) / half**2: "the 1.96 has to be squared too.",
        1.96**2 * p / half**2: "nearly: the factor 1 − p is missing.",
        1.96**2 * p * (1 - p) / (2 * half) ** 2: "the interval is to reach 0.05 points to *each* side.",
        1.96**2 * p * (1 - p) / (100 * half) ** 2: units,
        1.96**2 * 0.95 * 0.05 / (100 * half) ** 2: units,
        1.96**2 * 0.95 * 0.05 / half**2: units,
        1.96 * math.sqrt(p * (1 - p)) / half: "both sides have to be squared: n is under a root.",
    }
    # Half a per cent to either side: the nearest thousand, and hardly more.
    return compare(answer, round(1.96**2 * p * (1 - p) / half**2), mistakes, within=0.005 * abs(answer))


@exercise(
    "08.4",
    a_number,
    hints=[
        "section 5: all answers lie in one bin; how far apart are confidence and share right there?",
        "in that bin the mean confidence is 95 %, and the share right is 100 %.",
    ],
)
def calibration_error_of_a_modest_network(answer):
    mistakes = {
        0.05: "this is a share; give it in per cent.",
        -5: "the gap counts without its sign.",
        -0.05: "this is a share, and the gap counts without its sign.",
        0: "always right is not the same as calibrated: what confidence should such a network have?",
        95: "that is the confidence; the error is its distance from the share that is right.",
        100: "that is the share that is right; the error is its distance from the confidence.",
    }
    return compare(answer, 5, mistakes, within=0.01)


@exercise(
    "08.5",
    a_function,
    hints=[
        "np.argsort(probabilities, axis=1) puts the classes of each row in rising order of probability.",
        "the last two columns of that are the two guesses; compare both with labels[:, np.newaxis].",
        "a digit counts as an error if neither of its two guesses equals its label: 1 - hit.mean().",
    ],
)
def share_missed_by_two_guesses(function):
    random = np.random.default_rng(5)
    for classes in (10, 3):
        # 32 bits, as a network gives them: Keras's own top-k functions take no others.
        probabilities = random.dirichlet(np.full(classes, 0.5), size=500).astype("float32")
        labels = random.integers(classes, size=500)
        own = probabilities[np.arange(500), labels][:, np.newaxis]
        place = (probabilities > own).sum(axis=1)  # how many classes are likelier than the label
        right = (place >= 2).mean()
        found = function.number(probabilities, labels)
        if math.isclose(found, right, abs_tol=1e-4):
            continue
        known = {
            (place >= 1).mean(): "this counts the first guess only.",
            (place != 1).mean(): "this counts the second guess only; the first may be right too.",
            (place < 2).mean(): "this is the share that is right; the error is the rest.",
            (place >= 3).mean(): "this looks at three guesses; two are asked for.",
            (place < classes - 2).mean(): "these are the two *least* likely; argsort begins with them.",
            500 * right: "this is a number of digits; divide it by how many there are.",
            100 * right: "this is in per cent; give back a share from 0 to 1.",
        }
        for mistaken, why in known.items():
            if math.isclose(found, mistaken, abs_tol=1e-4):
                return why
        return f"for 500 made-up answers with {classes} classes it gives {found:.4g}, not {right:.4g}."
    return None
