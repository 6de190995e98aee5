"""What the turns and exercises of lesson 18 accept: the slant, votes, products, and rivals of LeNet-5."""

import itertools

import numpy as np

import lenet_keras as lk
from lenet_keras.course.exercises import (
    a_function,
    a_number,
    compare,
    compare_arrays,
    exercise,
    numbers,
    quiet_digits,
)

PAIRS = list(itertools.combinations(range(10), 2))


def slant(ink):
    """Columns to the right for each row down; ink is an array of True and False."""
    row, column = np.nonzero(ink)
    variance = ((row - row.mean()) ** 2).mean()
    covariance = ((row - row.mean()) * (column - column.mean())).mean()
    return covariance / variance


@exercise(
    "18.a",
    a_function,
    hints=[
        "row - row.mean() is how far each pixel of ink lies below the mean row.",
        "the variance is the mean of its squares: ((row - row.mean()) ** 2).mean().",
        "the covariance: ((row - row.mean()) * (column - column.mean())).mean().",
    ],
    ours=slant,
)
def slant_of_ink(function):
    rng = np.random.default_rng(0)
    for (height, width), lean in (((20, 20), 0.4), ((12, 30), -0.9)):
        rows, columns = np.indices((height, width))
        middle = (width - 1) / 2 + lean * (rows - (height - 1) / 2)
        ink = (np.abs(columns - middle) < 2) & (rng.random((height, width)) < 0.9)
        spread = np.cov(*np.nonzero(ink), ddof=0)  # an independent way
        right, (of_row, both), (_, of_column) = spread[0, 1] / spread[0, 0], spread[0], spread[1]
        row, column = np.nonzero(ink)
        mistakes = {
            -right: "the sign is turned: ink that goes to the right as it goes down has a slant above 0.",
            both / of_column: "this divides by the variance of the column; the slant is in columns a row.",
            both: "this is the covariance; divide it by the variance of the row.",
            both / np.sqrt(of_row * of_column): "this is a correlation: divide by the variance of the row.",
            both / np.sqrt(of_row): "the variance is the mean of the squares, without a root.",
            (row * column).mean()
            / (row**2).mean(): "both moments count from the means: subtract row.mean() and column.mean().",
            (row * column).mean()
            / of_row: "the covariance counts from the means: subtract row.mean() and column.mean().",
            both * len(row) / of_row: "one of the two is a sum and the other a mean: take the mean of both.",
            both / of_row / len(row): "one of the two is a sum and the other a mean: take the mean of both.",
        }
        if wrong := compare(function.number(ink), right, mistakes, within=1e-6):
            return wrong
    return None


def totals(outputs):
    """Scores (n, 10) from outputs (n, 45): what speaks for a class, less what speaks against it."""
    scores = np.zeros((len(outputs), 10))
    for k, (i, j) in enumerate(PAIRS):
        scores[:, i] += outputs[:, k]
        scores[:, j] -= outputs[:, k]
    return scores


def votes(outputs):
    """Votes for each class less votes against it, (n, 10), from outputs (n, 45)."""
    return totals(np.where(outputs > 0, 1, -1))


@exercise(
    "18.b",
    a_function,
    hints=[
        "totals adds each number to the score of i and takes it from the score of j.",
        "so a vote is the number 1 where an output is above 0, and -1 elsewhere.",
        "return totals(np.where(outputs > 0, 1, -1))",
    ],
    ours=votes,
)
def votes_of_the_pairs(function):
    outputs = np.random.default_rng(1).normal(0, 2, (6, 45))
    outputs[0, :3] = 0  # counts as a vote for j
    right = np.zeros((6, 10))
    for row, counted in zip(outputs, right, strict=True):
        for (i, j), output in zip(PAIRS, row, strict=True):
            counted[i if output > 0 else j] += 1
            counted[j if output > 0 else i] -= 1
    found = function.array(outputs)
    mistakes = [
        (-right, "the votes are turned round: an output above 0 is a vote for i."),
        (totals(outputs), "these are the sums again: the size of an output must not count."),
        (totals(outputs > 0), "an output of 0 or below is a vote too, against i: it is -1, not 0."),
        (totals(np.sign(outputs)), "an output of exactly 0 is a vote for j, but np.sign makes it no vote."),
        (totals(np.where(outputs >= 0, 1, -1)), "an output of exactly 0 is a vote for j: take >, not >=."),
        (np.where(outputs > 0, 1, -1), "these are the 45 votes; totals makes ten scores of them."),
        (totals(np.tanh(outputs)), "these are squashed sums: the size of an output must not count at all."),
    ]
    if found.shape == right.shape and np.allclose(found, (right + 9) / 2):
        return None  # votes for each class, as one counts them by hand
    return compare_arrays(found, right, mistakes)


def products(z):
    """Products of any two columns of z, also of one with itself: (n, 40) becomes (n, 820)."""
    i, j = np.triu_indices(z.shape[1])
    return z[:, i] * z[:, j]


@exercise(
    "18.c",
    a_function,
    hints=[
        "z[:, i] holds the first factor of every pair, z[:, j] the second.",
        "multiply the two number by number, with *.",
        "return z[:, i] * z[:, j]",
    ],
    ours=products,
)
def products_of_columns(function):
    z = np.random.default_rng(2).normal(size=(3, 5))
    right = np.array([[row[i] * row[j] for i in range(5) for j in range(i, 5)] for row in z])
    found = function.array(z)
    wide = (z[:, :, None] * z[:, None, :]).reshape(3, 25)
    i, j = np.triu_indices(5)
    mistakes = [
        (wide, "each pair stands there twice, as ab and ba: take each once, as i and j count them."),
        (z[:, i] + z[:, j], "these are sums of the pairs; multiply them."),
        (z**2, "these are squares alone; the products of different columns are missing."),
    ]
    if found.shape == (3, 10):
        return "the product of a column with itself counts too: np.triu_indices without a second argument."
    if found.shape == (5, 5):
        return "that is a product of matrices, @; multiply number by number, with *."
    if found.shape == (3, 3):
        return "that is a product of matrices, @; multiply number by number, with *."
    return compare_arrays(found, right, mistakes)


@exercise(
    "18.1",
    a_number,
    hints=[
        "with 40 components there are 820 products; section 6 counts 1 + 40 + 820 inputs.",
        "30 numbers have 30 squares, and a product for each pair of different ones.",
        "1 + 30 + 30 · 31 / 2.",
    ],
)
def inputs_from_thirty_components(answer):
    pairs = len(list(itertools.combinations_with_replacement(range(30), 2)))
    right = 1 + 30 + pairs
    mistakes = {
        pairs: "these are the products; the components themselves and the bias count too.",
        pairs + 1: "either the components themselves are missing here, or the squares of each.",
        pairs + 30: "the bias is missing: one input that is always 1.",
        1 + 30 + 900: "the order does not matter: ab and ba are one product.",
        861: "that is with 40 components.",
    }
    return compare(answer, right, mistakes)


def _in_one_order(x, seed):
    return x[:, np.random.default_rng(seed).permutation(x.shape[1])]


@exercise(
    "18.2",
    a_function,
    hints=[
        "how often is an order drawn, for n digits?",
        "draw the order once, before the digits are gone through.",
        "order = rng.permutation(x.shape[1]); return x[:, order]",
    ],
)
def one_order_for_all(function):
    x = np.random.default_rng(5).normal(size=(6, 20))
    found, again, other = (function.array(x, seed) for seed in (0, 0, 1))
    if found.shape != x.shape:
        return f"the result has the shape of x, here {x.shape}, not {found.shape}."
    if function.changed:
        return "your function changes the array it is given: make a new one."
    if not np.allclose(np.sort(found, axis=1), np.sort(x, axis=1)):
        if np.allclose(np.sort(found, axis=0), np.sort(x, axis=0)):
            return "this puts the digits into another order; their pixels are meant."
        return "each digit must keep its own pixels, each of them once."
    orders = np.array(
        [
            [int(np.argmin(np.abs(row - value))) for value in mixed]
            for row, mixed in zip(x, found, strict=True)
        ]
    )
    if not (orders == orders[0]).all():
        return "the digits still have different orders: draw the order once."
    if np.allclose(found, x):
        return "the pixels are in their old order."
    if not np.allclose(found, again):
        return "the same seed must give the same order: np.random.default_rng(seed)."
    if np.allclose(found, other):
        return "another seed must give another order."
    return None


def _vote(names):
    counts = {name: names.count(name) for name in names}  # in the order of the first places
    return max(counts, key=counts.get)


@exercise(
    "18.3",
    a_function,
    hints=[
        "how often does each label stand in the list? names.count(label) says it.",
        "go through the list from the first to the last, and keep the first label with the largest count.",
        "max(names, key=names.count) gives the first one of the largest.",
    ],
)
def vote_of_k_neighbours(function):
    cases = [
        [7, 1, 1, 7, 9],
        [9, 2, 2],
        [5, 9, 1],
        [1, 2, 2, 1],
        [4],
        [8, 3, 3, 3, 8, 8, 0],
        [6, 0, 0, 6, 5, 5],
    ]
    for names in cases:
        found, right = function.number(list(names)), _vote(names)
        if found == right:
            continue
        most = max(names.count(name) for name in names)
        equal = [name for name in names if names.count(name) == most]
        if found == names[0]:
            return f"for {names} it gives the nearest, {found}; but {right} is there more often."
        if found == min(equal):
            return f"for {names} it gives {found}, the smallest of equals; the first place decides."
        if found == equal[-1] or found in equal:
            return f"for {names} it gives {found}; of the equally frequent, {right} comes first."
        return f"for {names} it gives {found}, not {right}."
    return None


@exercise(
    "18.4",
    numbers(2),
    hints=[
        "the score of a class is what speaks for it, less what speaks against it.",
        "the right class has nine times 0.1.",
        "the other class has eight times 0.5, less the 0.1 of the pair that it loses.",
    ],
)
def sums_of_the_right_class_and_of_another(answer):
    right = np.array([9 * 0.1, 8 * 0.5 - 0.1])
    mistakes = [
        (right[::-1], "these are the two sums, but the right class comes first."),
        (np.array([9, 8]), "these are votes; add the outputs themselves."),
        (np.array([9, 7]), "these are votes; add the outputs themselves."),
        (np.array([0.9, 4.0]), "the other class loses one pair: what speaks against it is taken off."),
        (np.array([0.9, 4.1]), "what speaks against the other class is taken off, not added."),
        (np.array([0.9, 4.4]), "one of its nine units speaks against it: eight times 0.5, less 0.1."),
        (np.array([0.8, 3.9]), "the right class has nine units for it, also that of the pair of the two."),
        (np.array([0.1, 0.5]), "these are single outputs; a class has nine of them."),
    ]
    return compare_arrays(answer, right, mistakes)


def _nearest_mean(x, labels, check):
    means = np.stack([x[labels == c].mean(axis=0) for c in range(10)])
    return np.array([np.argmin(((row - means) ** 2).sum(axis=1)) for row in check])


@exercise(
    "18.5",
    a_function,
    hints=[
        "x[labels == c].mean(axis=0) is the mean of class c: one number for each pixel.",
        "for each row of check, ((row - means) ** 2).sum(axis=1) has ten squared distances.",
        "the place of the smallest, .argmin(), is the answer.",
    ],
)
def answers_by_the_nearest_mean(function):
    rng = np.random.default_rng(6)
    centres = rng.normal(size=(10, 12)) * np.linspace(0.5, 3, 10)[:, None]
    labels = rng.permutation(np.repeat(np.arange(10), [3, 9, 4, 8, 5, 7, 6, 6, 3, 9]))
    x = centres[labels] + rng.normal(0, 0.7, (len(labels), 12))
    check = centres[rng.integers(10, size=80)] + rng.normal(0, 1.5, (80, 12))
    right, found = _nearest_mean(x, labels, check), function.array(x, labels, check)
    if found.shape != right.shape:
        return (
            f"give one answer for each row of check, here an array of shape {right.shape}, not {found.shape}."
        )
    if np.array_equal(found, right):
        return None
    means = np.stack([x[labels == c].mean(axis=0) for c in range(10)])
    far = np.array([((row - means) ** 2).sum(axis=1).argmax() for row in check])
    dots = (check @ means.T).argmax(axis=1)
    single = labels[[((row - x) ** 2).sum(axis=1).argmin() for row in check]]
    for mistaken, why in (
        (far, "that is the class whose mean is farthest: take argmin."),
        (dots, "the largest dot product is not the smallest distance: the means have different lengths."),
        (single, "that is the nearest single digit; take the nearest of the ten means."),
    ):
        if np.array_equal(found, mistaken):
            return why
    return f"{(found != right).sum()} of {len(right)} answers are not those of the nearest mean."


GOAL = {"mnist": 3.0, "bundled": 6.0}
"""Error in per cent that the project must stay below."""


@exercise(
    "18.6",
    a_function,
    hints=[
        "begin with the machine of this lesson that errs least on deslanted digits.",
        "teach it each digit five times: as it is, and moved by one pixel to every side (np.roll).",
        "with the moved digits more components pay: 60 instead of 40, and their products.",
    ],
)
def a_rival(function):
    digits = quiet_digits()
    learn, validate = lk.split(digits)
    rng = np.random.default_rng(187)
    learned = rng.choice(learn, min(4000, len(learn)), replace=False)
    judged = rng.choice(validate, min(2000, len(validate)), replace=False)
    truth = digits.y_train[judged]
    found = function.array(digits.x_train[learned], digits.y_train[learned], digits.x_train[judged])
    if found.shape != truth.shape:
        return f"give one answer for each image of check: shape {truth.shape}, not {found.shape}."
    error, goal = 100 * np.mean(found != truth), GOAL[digits.name]
    if error > 80:
        return f"it errs on {error:.1f} % of the digits, as guessing does."
    if error >= goal:
        return f"it errs on {error:.1f} % of the digits; the goal is below {goal:g} %."
    return None
