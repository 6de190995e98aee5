"""What the turns and exercises of lesson 16 accept: steps, curvatures, eigenvalues, rates and starts."""

from fractions import Fraction

import numpy as np

import lenet_keras as lk
from lenet_keras.course.exercises import (
    UNKNOWN,
    a_function,
    a_model,
    a_number,
    compare,
    compare_arrays,
    exercise,
    numbers,
    quiet_digits,
)

# ------------------------------------------------------------------------------------------ turns


def _moved(weight, slope, h, eta, mu):
    return weight - eta / (mu + h) * slope


@exercise(
    "16.a",
    a_function,
    hints=[
        "a step of descent is weight - rate * slope; the rate of this weight is given above.",
        "the rate is eta / (mu + h), with brackets round the sum.",
        "return weight - eta / (mu + h) * slope",
    ],
    ours=_moved,
)
def a_step_with_its_own_rate(function):
    weight, slope, h = np.array([1.0, -2.0, 0.5]), np.array([3.0, -1.0, 2.0]), np.array([0.03, 4.0, 0.0])
    eta, mu = 0.01, 0.1
    right = _moved(weight, slope, h, eta, mu)
    mistakes = [
        (weight + eta / (mu + h) * slope, "that goes uphill: take the step away."),
        (weight - eta * slope, "that is one rate, η, for all: divide it by μ + h."),
        (weight - eta / mu * slope, "h is missing: the rate is η/(μ + h)."),
        (weight - eta / mu + h * slope, "for Python that is η/μ, and then + h: put brackets round mu + h."),
        (weight - (eta / mu + h) * slope, "for Python that is η/μ, and then + h: put brackets round mu + h."),
        (weight - eta * (mu + h) * slope, "divide by μ + h: the steeper, the shorter the step."),
        (weight - slope / (mu + h), "η is missing: the rate is η/(μ + h)."),
        (eta / (mu + h) * slope, "that is the step; where does the weight end?"),
        (-eta / (mu + h) * slope, "that is the step; where does the weight end?"),
        (eta / (mu + h) + 0 * weight, "that is the rate; where does the weight end?"),
    ]
    found = function.array(weight, slope, h, eta, mu)
    if function.changed:
        return "your function changes what it is given (-= does so): give back a new array."
    return compare_arrays(found, right, mistakes)


def _backward(x, w, slope, h_out):
    h_sum = slope**2 * h_out
    return x[:, None] ** 2 * h_sum, w**2 @ h_sum


def _with(of_slope, of_x, of_w):
    """The rule with other functions in the place of the squares."""

    def mistaken(x, w, slope, h_out):
        h_sum = of_slope(slope) * h_out
        return of_x(x)[:, None] * h_sum, of_w(w) @ h_sum

    return mistaken


_BACKWARD = [
    (_with(lambda s: s, np.square, np.square), "the slope of f is squared: h_a = f′(a)² · h_y."),
    (_with(np.square, lambda x: x, np.square), "the input is squared: h_w = x² · h_a."),
    (_with(np.square, np.square, lambda w: w), "the weights are squared: h_x = Σ w² · h_a."),
    (
        _with(lambda s: s, lambda x: x, lambda w: w),
        "these are slopes; for curvatures every factor is squared.",
    ),
    (_with(np.ones_like, np.square, np.square), "f′(a)² is missing: h_a = f′(a)² · h_y."),
    (_with(np.square, np.abs, np.square), "the input is squared: h_w = x² · h_a."),
]


@exercise(
    "16.b",
    a_function,
    hints=[
        "the three rules above, in their order: h_a from h_y, h_w from h_a, h_x from h_a.",
        "h_sum = slope**2 * h_out, (units,); h_weights is the column x[:, None]**2 times h_sum.",
        "h_inputs = w**2 @ h_sum: for each input the sum over the units that it feeds.",
    ],
    ours=_backward,
)
def curvatures_through_a_layer(function):
    rng = np.random.default_rng(0)
    for inputs, units in ((4, 3), (3, 3), (1, 2)):
        x, w = rng.normal(size=inputs), rng.normal(size=(inputs, units))
        slope, h_out = rng.uniform(0.1, 1.1, units), rng.uniform(0.2, 2, units)
        weights, below = function.arrays(2, x, w, slope, h_out)
        if function.changed:
            return "your function changes the arrays that it is given: make new ones."
        right = _backward(x, w, slope, h_out)
        if weights.shape == right[1].shape and below.shape == right[0].shape and weights.shape != below.shape:
            return "the two are in the wrong order: first h_weights, then h_inputs."
        if weights.shape != w.shape:
            return f"h_weights has the shape of w, here {w.shape}, not {weights.shape}."
        if below.shape != x.shape:
            return f"h_inputs has the shape of x, here {x.shape}, not {below.shape}."
        if _near(weights, right[0]) and _near(below, right[1]):
            continue
        for mistaken, why in _BACKWARD:
            if all(_near(a, b) for a, b in zip((weights, below), mistaken(x, w, slope, h_out), strict=True)):
                return why
        if _near(weights, right[0]):
            return "h_weights is right; h_inputs is the sum of w² · h_a over the units: w**2 @ h_sum."
        if _near(below, right[1]):
            return "h_inputs is right; h_weights is x² · h_a: the column x[:, None]**2 times h_sum."
        return UNKNOWN
    return None


def _near(found, wanted):
    return np.shape(found) == np.shape(wanted) and np.allclose(found, wanted, rtol=1e-4, atol=1e-6)


def _largest(times, v, rounds):
    for _ in range(rounds):
        v = times(v / np.linalg.norm(v))
    return np.linalg.norm(v)


@exercise(
    "16.c",
    a_function,
    hints=[
        "a list of numbers gets the length 1 if it is divided by its length.",
        "the length of v is np.linalg.norm(v).",
        "v = v / np.linalg.norm(v)",
    ],
    ours=_largest,
)
def power_iteration(function):
    rng = np.random.default_rng(1)
    turn = np.linalg.qr(rng.normal(size=(5, 5)))[0]
    matrix = turn @ np.diag([9.0, 4.0, 2.0, 1.0, 0.5]) @ turn.T
    start = rng.normal(size=5)
    with np.errstate(all="ignore"):
        found = function.number(lambda v: matrix @ np.asarray(v), start, 40)
    plain = start
    for _ in range(40):
        plain = matrix @ plain
    mistakes = {
        np.linalg.norm(plain): "the length grows without end: divide v by its length in every round.",
        1: "that is the length of v after the division; the length of M v is asked for.",
        np.linalg.norm(matrix @ start): "v begins anew in every round: divide the v of the round before.",
        np.linalg.norm(matrix @ start)
        / np.linalg.norm(start): "v begins anew in every round: take the v of the round before.",
    }
    return compare(found, _largest(lambda v: matrix @ v, start, 40), mistakes, within=1e-3)


# -------------------------------------------------------------------------------------- exercises


@exercise(
    "16.1",
    a_number,
    hints=[
        "section 1 gives the rate of a weight as η/(μ + h); the cell below it prints the values of η.",
        "in the first pass η is 0.0005; μ is 0.02 in all passes.",
        "0.0005 / (0.02 + 0.03).",
    ],
)
def rate_of_a_weight_in_the_first_pass(answer):
    eta, mu, curvature = Fraction(5, 10_000), Fraction(2, 100), Fraction(3, 100)
    right = eta / (mu + curvature)
    mistakes = {
        eta / curvature: "the μ is missing below: the rate is η/(μ + h).",
        Fraction("0.017"): "the μ is missing below: the rate is η/(μ + h).",
        eta / mu: "the curvature is missing below: the rate is η/(μ + h).",
        1 / (mu + curvature): "the η is missing above: the rate is η/(μ + h).",
        1 / curvature: "that is one over the curvature; the optimiser takes η/(μ + h).",
        1 / right: "upside down: the rate is η/(μ + h).",
        eta / mu + curvature: "for Python that is η/μ + h: put brackets round μ + h.",
        **{
            later / (mu + curvature): "that is in a later pass; η is larger in the first." for later in _LATER
        },
    }
    return compare(answer, right, mistakes, within=5e-5)


_LATER = [Fraction(each) for each in ("0.0002", "0.0001", "0.00005", "0.00001")]


@exercise(
    "16.2",
    numbers(2),
    hints=[
        "a step along the first weight goes cos 30° along the steep side and sin 30° along the flat one.",
        "a parabola sees each part squared: at the angle t from the steep side, 20 · cos²t + 1 · sin²t.",
        "cos² of 30 degrees is 3/4 and sin² is 1/4: 20 · 3/4 + 1/4, and 20/4 + 3/4.",
    ],
)
def curvatures_of_the_turned_bowl(answer):
    right = np.diag(lk.pages.turned.second_derivatives(30)).copy()
    if _near(answer, right):
        return None
    c, s = np.cos(np.pi / 6), np.sin(np.pi / 6)
    mistakes = [
        (
            right[::-1],
            "these are the right two in the other order: the first weight is nearer to the steep side.",
        ),
        (np.array([20.0, 1.0]), "these are the curvatures before it is turned."),
        (np.array([10.5, 10.5]), "that is for 45 degrees; here it is 30."),
        (np.array([20 * c + s, 20 * s + c]), "squares are missing: 20 · cos²t + sin²t."),
        (np.array([20 * c**2, 20 * s**2]), "the flat direction adds its part: 1 · sin²t and 1 · cos²t."),
        (
            np.diag(lk.pages.turned.second_derivatives(np.rad2deg(30))),
            "np.cos takes radians: 30 degrees are np.pi / 6.",
        ),
    ]
    return compare_arrays(answer, right, mistakes, within=0.005)


def _below_seven():
    """At how many rates each way's mean error is below 7 %, from the start with the root."""
    record = lk.load_record("updates")
    errors = {}
    for run in record["results"]:
        if run["start"] == "±2.4 / √F":
            share = 100 * run["errors"] / record["settings"]["judged_digits"]
            errors.setdefault(run["way"], {}).setdefault(run["rate"], []).append(share)
    return [sum(np.mean(found) < 7 for found in errors[way].values()) for way in WAYS]


WAYS = ("every weight", "one rate", "Adam, 1 digit")


@exercise(
    "16.3",
    numbers(3),
    hints=[
        "the lines above the figure have five means each; count those below 7 %.",
        "in the figure they are the points whose line lies below 7.",
        "every weight: 6.3, 5.7, 6.4 and 5.6 are below 7, and 8.1 is not; so go on with the two others.",
    ],
)
def rates_with_few_errors(answer):
    right = np.array(_below_seven(), float)
    if np.array_equal(answer, right):
        return None
    if np.array_equal(answer, 5 - right):
        return "these are the rates at which it makes more; asked are those with less than 7 %."
    if sorted(answer) == sorted(right):
        return "the right numbers in another order: every weight, one rate, Adam with 1 digit."
    names = [name for name, each, wanted in zip(WAYS, answer, right, strict=True) if each != wanted]
    if len(names) == 1:
        return f"two are right; count again for {names[0]}."
    return UNKNOWN


def _shared(x, h_sums, size):
    return np.array([(x[j : j + len(h_sums)] ** 2 * h_sums).sum() for j in range(size)])


@exercise(
    "16.4",
    a_function,
    hints=[
        "weight j meets the input x[p + j] at place p: what is its h there, by x² · h_a?",
        "a shared weight's h is the sum of these over the places, no mean.",
        "for each j: (x[j : j + len(h_sums)] ** 2 * h_sums).sum()",
    ],
)
def curvature_of_shared_weights(function):
    rng = np.random.default_rng(4)
    for places, size in ((6, 3), (1, 4), (5, 5)):
        x, h_sums = rng.normal(size=places + size - 1), rng.uniform(0.1, 2, places)
        right = _shared(x, h_sums, size)
        windows = np.array([x[j : j + places] for j in range(size)])
        mistakes = [
            (right / places, "equation 23 adds up over the connections; this is their mean."),
            ((windows * h_sums).sum(axis=1), "the inputs are squared: x² · h_a."),
            ((windows.sum(axis=1)) ** 2 * h_sums.sum(), "square each input before you add up."),
            (
                (windows * np.sqrt(h_sums)).sum(axis=1) ** 2,
                "that keeps the cross terms: square each term, then add up.",
            ),
            ((windows**2).sum(axis=1), "each place has its own h_a, h_sums[p]: multiply by it."),
            (
                (windows**2).sum(axis=1) * h_sums.sum(),
                "each place has its own h_a: multiply first, then add up.",
            ),
            (
                (windows**2).sum(axis=1) * h_sums.mean(),
                "each place has its own h_a: multiply first, then add up.",
            ),
            (right[::-1], "weight j meets x[p + j]; yours begins at the other end."),
        ]
        found = function.array(x, h_sums, size)
        if function.changed:
            return "your function changes the arrays that it is given: make new ones."
        if found.shape != (size,):
            return f"each of the {size} weights has one h, but your result has the shape {found.shape}."
        if wrong := compare_arrays(found, right, mistakes):
            return wrong
    return None


def _highest_rates():
    """The highest rate of the first pass for the starting weights of seeds 0 to 4, from 500 digits."""
    import keras

    digits = quiet_digits()
    sample = digits.x_train[lk.split(digits)[0][: lk.training_1998.SAMPLES]]
    found = []
    for seed in range(5):
        keras.utils.set_random_seed(seed)
        smallest = min(float(h.numpy().min()) for h in lk.training_1998.curvature(lk.lenet5_1998(), sample))
        found.append(lk.training_1998.SCHEDULE[0] / (lk.training_1998.MU + smallest))
    return found


@exercise(
    "16.5",
    numbers(2),
    hints=[
        "for each seed: set_random_seed, lk.lenet5_1998(), then lk.training_1998.curvature(network, sample).",
        "the highest rate belongs to the smallest h of all arrays: 0.0005 / (0.02 + h).",
        "collect the five highest rates; give the smallest and the largest of them.",
    ],
)
def the_highest_rate_over_seeds(answer):
    found = _highest_rates()
    right = np.array([min(found), max(found)])
    within = 0.02 * right
    if (np.abs(answer - right) <= within).all():
        return None
    if (np.abs(answer[::-1] - right) <= within).all():
        return "first the smallest, then the largest."
    if np.abs(answer[1] - 0.025) < 1e-4:
        return "0.025 is η/μ, the most there can be: the h is missing, or all are 0."
    if np.abs(answer - right)[1] <= within[1] or np.abs(answer - right)[0] <= within[0]:
        return "one of the two is right; take seeds 0 to 4, and the first 500 digits, sample."
    if (answer < 1e-4).all():
        return "these are low rates, of the largest h; asked are the highest ones, of the smallest h."
    return UNKNOWN


GOAL = {"mnist": 12.0, "bundled": 30.0}
"""Validation error in per cent that the project must stay below."""


@exercise(
    "16.6",
    a_model,
    hints=[
        "section 6: not the start fails, but a rate of 0.025 for all weights, once the signal has grown.",
        "an optimiser that never estimates has h = 0 and the rate η/μ everywhere: run it with η = 0.001 · μ.",
        "run(x, y, 0.002 * lk.training_1998.MU) over 6,000 digits, without estimate.",
    ],
)
def trained_from_the_printed_start(model):
    if model.input_shape[1:] != (32, 32, 1) or model.output_shape[1:] != (10,):
        return "give the network that lk.lenet5_1998(power=1.0) made, trained."
    if type(model.layers[-1]).__name__ != "EuclideanRBF":
        return "give the network of 1998: its output is ten distances to drawings."
    digits = quiet_digits()
    validate = lk.split(digits)[1]
    distances = model.predict(digits.x_train[validate], batch_size=1000, verbose=0)
    if not np.isfinite(distances).all():
        return "its distances are not finite numbers: the training blew up; take a smaller rate."
    error = 100 * np.mean(distances.argmin(axis=1) != digits.y_train[validate])
    goal = GOAL[digits.name]
    if error > 80:
        return f"its validation error is {error:.1f} %, that of guessing: it is locked, or has hardly moved."
    if error >= goal:
        return f"its validation error is {error:.1f} %; the goal is below {goal:.0f} %."
    return None
