"""What the exercises of notebook 16 accept: rates, curvatures and starting weights."""

from fractions import Fraction

import numpy as np

from lenet_keras.course.exercises import UNKNOWN, a_function, a_number, compare, exercise


@exercise(
    "16.1",
    a_number,
    hints=[
        "section 1 gives the rate of a weight as η/(μ + h); its table has the values of η.",
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
    a_number,
    hints=[
        "by what does a step multiply the distance from the lowest point?",
        "by 1 - rate · h; the distance grows when that is below -1.",
        "1 - rate · 5 = -1.",
    ],
)
def rate_from_which_descent_moves_away(answer):
    h = 5
    # The largest rate, in steps of 1/100, with which a step ends no farther away than it began.
    right = max(Fraction(k, 100) for k in range(1, 101) if abs(1 - Fraction(k, 100) * h) <= 1)
    mistakes = {
        1 / h: "that rate reaches the lowest point in a single step; how far beyond may a step go?",
        h / 2: "upside down: the larger the curvature, the smaller the rate must be.",
        h: "that is the curvature; the rate follows from it.",
        2: "that holds for a curvature of 1.",
        2 / 4: "that is for h = 4, the example of section 1; here h is 5.",
        2 / 20: "that is for the curvature 20 of section 1; here it is 5.",
    }
    return compare(answer, right, mistakes, within=1e-3)


@exercise(
    "16.3",
    a_function,
    hints=[
        "section 2 has the formula: squares of derivatives, added up over outputs, averaged over digits.",
        "the axes are (images, outputs, weights): which of them is added up, which averaged, which stays?",
        "square first; then sum(axis=1) for the outputs; then mean(axis=0) for the images.",
    ],
)
def gauss_newton_curvature(function):
    rng = np.random.default_rng(0)
    for shape in ((7, 5, 11), (3, 84, 1), (1, 2, 4)):
        d = rng.normal(size=shape)
        images, outputs, weights = shape
        right = np.einsum("iow,iow->w", d, d) / images
        found = function.array(d)
        if found.shape != (weights,):
            known = {
                (images, weights): ": average over the images too",
                (outputs, weights): ": add up the outputs too",
                (): ": each weight has its own curvature",
            }.get(found.shape, "")
            return (
                f"for an array of shape {shape} the result has shape {found.shape}, not ({weights},){known}."
            )

        def near(value, found=found, right=right):
            return np.allclose(found, value, rtol=1e-5, atol=1e-6 * right.max())

        if near(right):
            continue
        mistakes = (
            (right * images, "this is a sum over the images; average over them."),
            (right / outputs, "this averages the outputs too; add them up."),
            ((d.sum(axis=1) ** 2).mean(axis=0), "square each derivative before you add up the outputs."),
            ((d.mean(axis=0) ** 2).sum(axis=0), "square each derivative before you average over the images."),
            (np.abs(d).sum(axis=1).mean(axis=0), "these are absolute values; take squares."),
            (d.sum(axis=1).mean(axis=0), "the squares are missing."),
            (np.sqrt(right), "there is no root in the formula."),
            (
                right * 2,
                "the half of the loss takes the factor 2 away: (z - t)²/2 has the second derivative 1.",
            ),
            (right / 2, "the half of the loss is used up: (z - t)²/2 has the second derivative 1, not 1/2."),
        )
        return next((why for value, why in mistakes if near(value)), UNKNOWN)
    return None


@exercise(
    "16.4",
    a_number,
    hints=[
        "the variance of a sum of independent numbers is the sum of their variances.",
        "a sign does not change a variance, so 400 weights have together 400 times the variance of one.",
        "the root of 400 · c²/3, with c = 2.4/400.",
    ],
)
def spread_of_a_sum_of_400(answer):
    # The variance of one weight, from many points spread evenly between -c and c.
    c = 2.4 / 400
    points = (np.arange(100_000) + 0.5) / 50_000 - 1
    variance = np.mean((c * points) ** 2)
    mistakes = {
        400 * variance: "that is the variance; the standard deviation is its root.",
        variance**0.5: "that is the spread of one weight; the sum has 400 of them.",
        400 * variance**0.5: "variances add up, standard deviations do not (and F is 400, not its root).",
        20 * c: "that is as if each weight were 2.4/400 itself; spread evenly it has the variance c²/3.",
        400 * c: "that is the largest possible sum, not the standard deviation.",
    }
    return compare(answer, (400 * variance) ** 0.5, mistakes, within=1e-3)
