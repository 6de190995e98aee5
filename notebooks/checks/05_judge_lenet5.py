"""What the exercises of notebook 05 accept."""

import math

import numpy as np

from lenet_keras.course.exercises import exercise


def unchecked(answer):
    return answer


def _number(answer, right, hint, tolerance=0.0):
    if np.ndim(answer) or not math.isfinite(answer):
        return "the answer is one finite number."
    return None if abs(answer - right) <= tolerance else hint


@exercise("05.1", unchecked, [])
def _(answer):
    values = np.asarray(answer, float)
    if values.shape != (2,) or not np.isfinite(values).all():
        return "the answer is a pair (low, high), in per cent."
    # At the bounds the share lies 1.96 of the bound's own standard errors away: a quadratic equation.
    share, total, z = 5 / 200, 200, 1.96
    right = 100 * np.sort(np.roots([1 + z * z / total, -2 * share - z * z / total, share * share]))
    if np.allclose(values, right, atol=0.02):
        return None
    if np.allclose(100 * values, right, atol=0.02):
        return "these are shares; give them in per cent."
    plain = 100 * (share + z * math.sqrt(share * (1 - share) / total) * np.array([-1, 1]))
    if np.allclose(values, plain, atol=0.02):
        return "this is the share with 1.96 standard errors to each side, not the Wilson interval."
    return "put 5 errors and 200 answers into the formula of section 2."


@exercise("05.2", unchecked, [])
def _(answer):
    values = np.asarray(answer, float)
    if values.shape != (2,) or not np.isfinite(values).all():
        return "the answer is a pair (precision, recall)."
    labels = np.repeat([0, 0, 1, 1, 1, 2, 2], [8, 2, 1, 6, 3, 1, 11])
    answers = np.repeat([0, 1, 0, 1, 2, 1, 2], [8, 2, 1, 6, 3, 1, 11])
    precision, recall = np.mean(labels[answers == 1] == 1), np.mean(answers[labels == 1] == 1)
    if np.allclose(values, (precision, recall), atol=0.005):
        return None
    if np.allclose(values, (recall, precision), atol=0.005):
        return "precision comes first; it looks down a column."
    if np.allclose(values, (100 * precision, 100 * recall), atol=0.5):
        return "these are per cent; give shares between 0 and 1."
    return "precision divides by the sum of the column of 1, recall by the sum of its row."


@exercise("05.3", unchecked, [])
def _(answer):
    hint = "solve 1.96 times the standard error = 0.05 % for the number of digits; work in shares."
    if np.ndim(answer) or not math.isfinite(answer) or answer < 1:
        return "the answer is one number, at least 1."
    # So many digits must make 1.96 standard errors equal to 0.05 %, to within a hundredth of that.
    half_width = 1.96 * math.sqrt(0.0095 * (1 - 0.0095) / answer)
    if math.isclose(half_width, 0.0005, rel_tol=0.011):
        return None
    if math.isclose(half_width, 1.96 * 0.0005, rel_tol=0.011):
        return "with so many, one standard error is 0.05 %; the interval takes 1.96 of them to each side."
    return hint


@exercise("05.4", unchecked, [])
def _(answer):
    return _number(
        answer, 5, "all answers are in one bin: how far apart are confidence and share right there?"
    )


@exercise("05.5", unchecked, [])
def _(answer):
    if not callable(answer):
        return "the answer is a function: write answer = top_two_error, without brackets."
    rng = np.random.default_rng(5)
    for classes in (10, 3):
        probabilities = rng.dirichlet(np.full(classes, 0.5), size=500)
        labels = rng.integers(classes, size=500)
        own = probabilities[np.arange(500), labels][:, np.newaxis]
        right = float(((probabilities > own).sum(axis=1) >= 2).mean())  # wrong: two others are likelier
        given = float(answer(probabilities, labels))
        if abs(given - right) > 1e-9:
            one = float((probabilities.argmax(axis=1) != labels).mean())
            if abs(given - one) < 1e-9:
                return "this counts the first guess only."
            if abs(given - (1 - right)) < 1e-9:
                return "this is the share that is right; the error is the rest."
            return "the share of the labels that are not among the two likeliest classes is asked for."
    return None
