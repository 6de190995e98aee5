"""What lesson 08's turns and exercises accept: intervals, confusions, comparisons, lists in a file."""

import itertools
import math
import time

import numpy as np
from scipy import stats

import lenet_keras as lk
from lenet_keras.course.exercises import UNKNOWN, a_function, a_model, a_number, compare, exercise, numbers


def wilson(k, n, z=1.96):
    """Wilson's 95 % interval of k errors among n digits."""
    share = k / n
    middle = share + z**2 / (2 * n)
    reach = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    scale = 1 + z**2 / n
    return (middle - reach) / scale, (middle + reach) / scale


@exercise(
    "08.a",
    a_function,
    hints=[
        "the first blank is h, the second is what both ends are divided by.",
        "h is z times a root; under it stand share * (1 - share) / n and z**2 / (4 * n**2), added.",
        "reach = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) and scale = 1 + z**2 / n.",
    ],
    ours=wilson,
)
def wilson_interval(function):
    z = 1.96
    for k, n in ((3, 200), (95, 10_000), (0, 50), (7, 7)):
        share, error = k / n, math.sqrt(k / n * (1 - k / n) / n)
        # The ends lie 1.96 of their own standard errors from the share: the roots of a quadratic equation.
        right = np.sort(np.roots([1 + z * z / n, -2 * share - z * z / n, share * share]).real)
        found = np.array([part.reshape(-1)[0] for part in function.arrays(2, k, n)])
        middle, scale, half = share + z * z / (2 * n), 1 + z * z / n, np.ptp(right) / 2
        known = [
            (right[::-1], "give the low end first."),
            (middle + np.array([-1, 1]) * half * scale, "the ends are not divided by 1 + z²/n yet."),
            (share + np.array([-1, 1]) * z * error, "this is the plain interval."),
            ((middle + np.array([-1, 1]) * z * error) / scale, "z²/(4n²) is missing under the root."),
            ((middle + np.array([-1, 1]) * half * scale / z) / scale, "the root is to be multiplied by z."),
            (100 * right, "these are per cent; give shares."),
        ]
        if np.abs(found - right).max() < 2e-4:
            continue
        for wrong, why in known:
            if np.abs(found - wrong).max() < 2e-4:
                return why
        return f"for {k} errors in {n} digits it gives {found[0]:.4f} to {found[1]:.4f}."
    counts = np.arange(5)
    found = function.arrays(2, counts, 200)
    if any(part.shape != (5,) for part in found):
        return "for an array of counts it must give two arrays: use np.sqrt rather than math.sqrt."
    return None


def count_confusions(labels, answers):
    """Counts of shape (10, 10): row = label, column = answer."""
    matrix = np.zeros((10, 10), int)
    for label, answer in zip(labels, answers, strict=True):
        matrix[label, answer] += 1
    return matrix


@exercise(
    "08.b",
    a_function,
    hints=[
        "add 1 to one place of the matrix for each digit.",
        "the place in row 4 and column 9 is matrix[4, 9].",
        "matrix[label, answer] = matrix[label, answer] + 1, or shorter matrix[label, answer] += 1.",
    ],
    ours=count_confusions,
)
def confusion_counts(function):
    rng = np.random.default_rng(3)
    labels = rng.integers(10, size=400)
    answers = np.where(rng.random(400) < 0.7, labels, rng.integers(10, size=400))
    right = np.histogram2d(labels, answers, bins=np.arange(11) - 0.5)[0]
    found = function.array(labels, answers)
    if found.shape != (10, 10):
        return f"the matrix must have shape (10, 10), not {found.shape}."
    if np.array_equal(found, right):
        return None
    if np.array_equal(found, right.T):
        return "rows and columns are exchanged: the row is the label."
    if np.array_equal(found, right > 0):
        return "this sets each place to 1; add 1 to what stands there."
    if np.array_equal(found, np.diag(np.bincount(labels, minlength=10))):
        return "this looks at the label only: the column is the answer."
    return UNKNOWN


@exercise(
    "08.c",
    a_number,
    hints=[
        "number the six digits; then write down each pair: a 4, and a 3 behind it.",
        "the first 4 has three 3s behind it.",
        "the second 4 has two 3s behind it; add the two numbers.",
    ],
    ours=5,
)
def ways_by_hand(answer):
    mistakes = {
        6: "this counts every 4 with every 3; the 3 must stand behind the 4.",
        3: "there is a second 4.",
        1: "there are several 4s and several 3s; each fitting pair is one way.",
        2: "these are the 4s; each has several 3s behind it.",
        4: "one pair is missing: does the first 4 take all three 3s?",
    }
    right = sum(pair == (4, 3) for pair in itertools.combinations((4, 3, 8, 4, 3, 3), 2))
    return compare(answer, right, mistakes)


def _near(values, pair, within):
    return np.abs(values - pair).max() <= within + 1e-9


@exercise(
    "08.1",
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
    "08.2",
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
    "08.3",
    a_function,
    hints=[
        "which sum belongs below the line: that of a row, or that of a column?",
        "axis=0 adds up down each column, axis=1 along each row.",
        "recall looks along a row: np.diag(matrix) / matrix.sum(axis=1).",
    ],
)
def recall_of_each_class(function):
    for classes in (10, 3):
        matrix = np.random.default_rng(classes).integers(1, 30, size=(classes, classes))
        right = np.array([matrix[k, k] / sum(matrix[k]) for k in range(classes)])
        found = function.array(matrix)
        if found.shape != (classes,):
            return (
                f"for a matrix of {classes} classes it must give {classes} shares, not shape {found.shape}."
            )
        if np.abs(found - right).max() < 1e-6 or np.abs(found - 100 * right).max() < 1e-4:
            continue
        if np.abs(found - np.diag(matrix) / matrix.sum(axis=0)).max() < 1e-6:
            return "that is precision: it divides by the sums of the columns."
        if np.abs(found - np.diag(matrix) / matrix.sum()).max() < 1e-6:
            return "that divides by the number of all digits; divide by those with this label."
        return UNKNOWN
    return None


@exercise(
    "08.4",
    a_number,
    hints=[
        "go through known.values(), and look at each['shared_with_ours'] - each['shared_foretold'].",
        "the sign does not count: take abs() of the difference.",
        "max(abs(each['shared_with_ours'] - each['shared_foretold']) for each in known.values())",
    ],
)
def how_well_sharing_is_foretold(answer):
    known = lk.load_record("mistakes_1998")["results"]["known"]
    differences = [each["shared_with_ours"] - each["shared_foretold"] for each in known.values()]
    right = max(differences, key=abs)
    mistakes = {
        float(np.mean(np.abs(differences))): "that is the mean of the differences; the largest is asked for.",
        sum(differences): "that is their sum; the largest is asked for.",
        min(differences, key=abs): "that is the smallest difference.",
        known["distorted"]["shared_with_ours"]: "that is a count of shared mistakes; take the difference.",
    }
    mistakes.pop(abs(right), None)
    return compare(abs(answer), abs(right), mistakes, within=0.051)


@exercise(
    "08.5",
    a_function,
    hints=[
        "count the digits on which only the first network is wrong, and those on which only the second is.",
        "stats.binomtest(k, n).pvalue: k of n tosses; n is the sum of both counts.",
        "k may be either count, as an int: int((a & ~b).sum()); it is two-sided, as binomtest is by itself.",
    ],
)
def paired_p_value(function):
    rng = np.random.default_rng(6)
    labels = rng.integers(10, size=3000)
    for first_rate, second_rate in ((0.03, 0.01), (0.02, 0.02), (0.05, 0.045)):
        hard = rng.random(3000) < 0.01
        first, second = (np.where(hard | (rng.random(3000) < rate), (labels + 1) % 10, labels) for rate in
                         (first_rate, second_rate))  # fmt: skip
        a, b = (
            int(((first != labels) & (second == labels)).sum()),
            int(((second != labels) & (first == labels)).sum()),
        )
        right = stats.binomtest(min(a, b), a + b).pvalue
        found = function.number(labels, first, second)
        if math.isclose(found, right, abs_tol=1e-6):
            continue
        corrected, plain = (stats.chi2.sf((abs(a - b) - c) ** 2 / (a + b), 1) for c in (1, 0))
        if min(abs(found - corrected), abs(found - plain)) < 1e-6:  # McNemar's own formula
            continue
        one_sided = [
            stats.binomtest(k, a + b, alternative=side).pvalue for k in (a, b) for side in ("less", "greater")
        ]
        if min(abs(found - each) for each in one_sided) < 1e-6:
            return "that is one-sided: a difference to either side counts."
        wrong = int((first != labels).sum()), int((second != labels).sum())
        if any(math.isclose(found, stats.binomtest(k, sum(wrong)).pvalue, abs_tol=1e-6) for k in wrong):
            return "leave out the digits that both misread: they say nothing."
        if found == a + b or found in (a, b):
            return "that is a count; give the p-value of binomtest."
        return f"for networks with {a} and {b} errors of their own it gives {found:.4g}, not {right:.4g}."
    return None


@exercise(
    "08.6",
    a_model,
    hints=[
        "more passes, or more digits: lesson 07 measured what each of them brings.",
        "a third of the digits and six epochs suffice: learn, _ = lk.split(digits); few = learn[::3].",
        "fewer = digits.replace(x_train=digits.x_train[few], y_train=digits.y_train[few]); then "
        "lk.train(model, fewer, lk.Recipe(epochs=6, batch_size=64, decay=True, validate=False)).",
    ],
)
def a_network_with_a_promise(model):
    digits = lk.data.find()[0]
    limit = 0.04 if digits.name == "mnist" else 0.25
    _, validate = lk.split(digits)
    images, labels = lk.normalise(digits.x_train[validate]), digits.y_train[validate]
    if tuple(model.input_shape[1:]) != (32, 32, 1) or model.output_shape[-1] != 10:
        return "it must take images of shape (32, 32, 1) and give ten values, as lk.lenet5() does."
    judged = lk.error_rate(labels, model.predict(images, batch_size=1000, verbose=0).argmax(axis=1))
    if judged.interval[1] < limit:
        return None
    if judged.rate > 0.8:
        return f"it errs on {100 * judged.rate:.0f} % of the validation digits: was it trained at all?"
    if judged.rate < limit:
        reached = f"the interval reaches {100 * judged.interval[1]:.2f} %."
        return f"its error, {100 * judged.rate:.2f} %, is low enough, but {reached}"
    return f"its error is {100 * judged.rate:.2f} %: it needs a longer training, or more digits."


@exercise(
    "08.7",
    a_function,
    hints=[
        "go once through the file, and keep for each k in how many ways the first k entries fit so far.",
        "a digit that equals entry k adds, to the ways for k entries, the ways for k - 1 entries before it.",
        "counts = [1] + [0] * len(listed); for each digit, for k from the last entry down to the first: "
        "if listed[k - 1] == digit: counts[k] += counts[k - 1].",
        "Python's own int never overflows; NumPy's int64 does, for long lists.",
    ],
)
def ways_to_place_a_list(function):
    rng = np.random.default_rng(82)
    for length, entries in ((6, 2), (9, 3), (12, 3)):
        file, listed = rng.integers(3, size=length).tolist(), rng.integers(3, size=entries).tolist()
        right = sum(list(pick) == listed for pick in itertools.combinations(file, entries))
        found = function.number(file, listed)
        if found != right:
            free = math.prod(file.count(entry) for entry in listed)
            if found == free:
                return "this lets each entry stand anywhere; it must stand behind the one before it."
            return f"for the file {file} and the list {listed} it gives {found}, not {right}."
    if function.number([1, 2], [2, 1]) != 0 or function.number([7, 7, 7], [7]) != 3:
        return "a list that does not fit has 0 ways, and one entry has as many ways as there are such digits."
    for length in (16, 18, 20, 22, 24, 26):  # up to 10 million ways, or 338 steps of a table
        began = time.perf_counter()
        function.number([5] * length, [5] * (length // 2))
        if time.perf_counter() - began > 0.5:
            return "right, but seems to try all ways, which never ends for 10,000 digits; add up as you go."
    # 200 equal labels, a list of 60 of them: 60 out of 200.
    right = math.comb(200, 60)
    if not math.isclose(function.number([5] * 200, [5] * 60), right, rel_tol=1e-6):
        return "for long lists the number overflows: count with Python's int, or with float."
    return None
