"""What the turns and exercises of lesson 15 accept: distances, equation 9 and its slopes, codes."""

import keras
import numpy as np
from keras import ops
from scipy import special, stats

import lenet_keras as lk
from lenet_keras.course.exercises import (
    UNKNOWN,
    Function,
    Refused,
    a_function,
    a_number,
    a_reader,
    compare,
    compare_arrays,
    exercise,
    numbers,
)
from lenet_keras.layers import EuclideanRBF, bitmaps

# -------------------------------------------------------------------------------------- the student's turns


def distances(x, vectors):
    """Squared distances, (n, 10), between n rows of 84 numbers and ten vectors."""
    return ((x[:, None] - vectors) ** 2).sum(axis=2)


@exercise(
    "15.a",
    a_function,
    hints=[
        "a square is a difference times itself; then add up along the axis of the 84 points.",
        "differences has the axes (image, drawing, point), numbered from 0: the points are axis 2.",
        "squares = differences * differences, and return squares.sum(axis=2)",
    ],
    ours=distances,
)
def distances_to_vectors(function):
    x = np.random.default_rng(0).uniform(-1.7, 1.7, (6, 84))
    gaps = x[:, None] - bitmaps()
    right = distances(x, bitmaps())
    found = function.array(x, bitmaps())
    if found.shape == gaps.shape:
        return "that is a number for each point still: add up along the axis of the points, axis=2."
    if found.shape == (6, 84):
        return "that adds up along the ten drawings: the points are the last axis, axis=2."
    if found.shape == (10, 84):
        return "that adds up along the images: the points are the last axis, axis=2."
    known = [
        (gaps.sum(axis=2), "square each difference before you add up."),
        (abs(gaps).sum(axis=2), "that adds up the differences without their sign; square them instead."),
        (np.sqrt(right), "that is the root; the article's distance is the sum of the squares."),
        (right / 84, "that is the mean of the squares; the sum is asked."),
        (gaps.sum(axis=2) ** 2, "square first, then add up."),
        (right / 2, "the half is not in equation 7."),
    ]
    return compare_arrays(found, right, known, within=1e-3)


class Equation9(keras.losses.Loss):
    """Equation 9 as cross-entropy with an eleventh logit."""

    def __init__(self, j=1.0):
        super().__init__()
        self.j = j

    def call(self, labels, distances):
        rubbish = ops.full_like(distances[:, :1], -self.j)
        logits = ops.concatenate([-distances, rubbish], axis=1)
        return keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)


def equation_9(y, labels, j):
    """Equation 9 as it is printed, for each row of distances."""
    inside = np.column_stack([-y, np.full(len(y), -j)])
    return y[np.arange(len(y)), labels] + special.logsumexp(inside, axis=1)


@exercise(
    "15.b",
    a_function,
    hints=[
        "the ten logits are minus the distances; the eleventh is already there, as rubbish.",
        "the first blank is -distances: the nearest drawing gets the largest logit.",
        "from_logits=True, since softmax is still to come.",
    ],
    ours=Equation9,
)
def equation_9_as_a_loss(function):
    rng = np.random.default_rng(1)
    y, labels = rng.uniform(0, 30, (20, 10)).astype("float32"), rng.integers(0, 10, 20)
    for j in (1.0, 20.0):
        loss = function(j)
        if not isinstance(loss, keras.losses.Loss):
            raise Refused("give the class itself, MyEquation9, a keras.losses.Loss.")
        found = Function(loss.call).array(labels, y)
        right = equation_9(y.astype(float), labels, j)
        if found.size == 1:
            return "call gives one number for each image; Keras takes the mean itself."
        chosen = y[np.arange(20), labels]
        eleven = np.column_stack([-y, np.full(20, -j)]).astype(float)
        first = np.column_stack([np.full(20, -j), -y]).astype(float)
        ten = special.logsumexp(-y.astype(float), axis=1)
        known = [
            (
                special.logsumexp(-eleven, axis=1) - chosen,
                "the logits are minus the distances: the nearest drawing must get the largest.",
            ),
            (
                special.logsumexp(np.column_stack([y, np.full(20, -j)]).astype(float), axis=1) - chosen,
                "the logits are minus the distances: the nearest drawing must get the largest.",
            ),
            (
                special.logsumexp(first, axis=1) - first[np.arange(20), labels],
                "rubbish stands in the first column, so that label 0 means rubbish: put it last.",
            ),
            (chosen + ten, "the eleventh logit is missing."),
            (chosen, "that is equation 8: the logarithm is missing."),
            (np.full(20, np.log(11)), "these are logits, no probabilities yet: from_logits=True."),
            (-right, "the sign: a probability is below 1, and the loss is minus its logarithm."),
            (np.exp(-right), "that is the probability; the loss is minus its logarithm."),
        ]
        with np.errstate(over="ignore"):
            wrong = compare_arrays(found, right, known, within=1e-3)
        if wrong:
            return wrong
    return None


def slopes(distances, label, j):
    """Ten slopes of equation 9, for ten distances of one image with that label."""
    p = special.softmax(np.append(-distances, -j))
    found = -p[:10]
    found[label] += 1
    return found


@exercise(
    "15.c",
    a_function,
    hints=[
        "on each logit the slope is p; each logit is minus a distance, which turns the sign.",
        "so on a wrong distance it is −p; on the right one 1 − p. The eleventh p is left out.",
        "slopes = -1 * p[:10], and slopes[label] += 1",
    ],
    ours=slopes,
)
def slopes_of_equation_9(function):
    for y, label, j in (
        ([3.0, 2.5, 4, 9, 9, 9, 7, 8, 9, 5], 0, 3.0),
        ([30, 2.5, 2, 9, 3, 9, 7, 8, 9, 5], 2, 1.0),
    ):
        y = np.array(y, float)
        p = special.softmax(np.append(-y, -j))
        right, one = slopes(y, label, j), np.eye(10)[label]
        found = function.array(y, label, j)
        if found.shape == (11,):
            return "the eleventh logit, -j, never changes: give the slopes on the ten distances only, p[:10]."
        known = [
            (
                p[:10] - one,
                "these are the slopes on the logits; a logit is *minus* a distance: turn all signs round.",
            ),
            (p[:10] + one, "on a wrong distance the slope is −p: making it larger makes the loss smaller."),
            (-p[:10], "at the right class 1 is to be added: its distance is in the loss itself."),
            (-p[:10] - one, "at the right class 1 is to be added, not taken away."),
            (
                one - special.softmax(-y),
                "the eleventh class is missing: p must be the softmax of all eleven logits.",
            ),
            (one, "that is equation 8: the logarithm has slopes too."),
        ]
        wrong = compare_arrays(found, right, known, within=1e-5)
        if wrong:
            return wrong
    return None


# -------------------------------------------------------------------------------------------------- exercises


@exercise(
    "15.1",
    numbers(2),
    hints=[
        "each point in which they differ adds (1 − (−1))² to their distance.",
        "halfway, each of these points is 0: how far is 0 from 1, squared?",
        "20 · 4, and 20 · 1.",
    ],
)
def distance_and_half_way(values):
    whole, half = values
    if np.allclose([whole, half], [80, 20]):
        return None
    if np.isclose(whole, 20):
        return "the first: a point in which they differ has a difference of 2, not of 1, to be squared."
    if np.isclose(whole, 40):
        return "the first: square the difference of 2 in each of the 20 points."
    if np.isclose(whole, 80**0.5) or np.isclose(whole, 20**0.5):
        return "no root: the article's distance is the sum of the squares."
    if np.isclose(whole, 80) and np.isclose(half, 40):
        return "the first is right; halfway it is not half of it, for the difference of 1 is squared."
    if np.allclose([whole, half], [20, 80]):
        return "first the distance between the two drawings, then that of the point halfway."
    return "the first is right; the second is not." if np.isclose(whole, 80) else UNKNOWN


@exercise(
    "15.2",
    numbers(3),
    hints=[
        "the probabilities first: e⁻² : e⁻³ : e⁻⁵⁰ : e⁻¹, each divided by the sum of the four.",
        "0.1353, 0.0498, 0.0000 and 0.3679 add up to 0.5530.",
        "1 − 0.1353 / 0.5530, then −0.0498 / 0.5530, then −0.",
    ],
)
def slopes_by_hand(values):
    y, j = np.array([2.0, 3.0, 50.0]), 1.0
    p = special.softmax(np.append(-y, -j))[:3]
    ten = special.softmax(-y)
    one = np.array([1.0, 0, 0])
    known = [
        (p - one, "turn all signs round: a logit is minus a distance."),
        (p + one, "on a wrong distance the slope is −p."),
        (-p, "at the right class 1 is to be added."),
        (one - ten, "the term for j is missing in the sum."),
        (p, "these are the probabilities: on the wrong distances the slope is −p, on the right one 1 − p."),
        (one, "that is equation 8; equation 9 has the logarithm too."),
        (
            one - special.softmax(np.append(-y, j))[:3],
            "the term for j is e to the −j; here it got e to the +j.",
        ),
    ]
    return compare_arrays(np.asarray(values), one - p, known, within=0.0015)


@exercise(
    "15.3",
    a_number,
    hints=[
        "the probability of rubbish is e to the −j, divided by itself and twice e to the −11.",
        "try j = 11, 12, 13 ... in Python, with special.softmax([-11, -11, -j]).",
        "the first j for which special.softmax([-11, -11, -j])[2] is below 0.01.",
    ],
)
def smallest_j_that_leaves_rubbish_out(answer):
    def rubbish(j):
        return float(special.softmax([-11.0, -11.0, -j])[2])

    right = next(j for j in range(1, 100) if rubbish(j) < 0.01)
    mistakes = {
        next(j for j in range(1, 100) if rubbish(j) < 0.1): "that is for 10 %.",
        next(j for j in range(1, 100) if rubbish(j) < 0.5): "there it falls below 50 %.",
        11: "at j = 11 all three are equally probable.",
        next(j for j in range(1, 100) if special.softmax([-11.0, -j])[1] < 0.01): (
            "both digits count: there are two terms of e to the −11."
        ),
    }
    mistakes.pop(right, None)
    if abs(answer - round(answer)) > 1e-6:
        return "give a whole number."
    return compare(answer, right, mistakes)


@exercise(
    "15.4",
    a_function,
    hints=[
        "compare with section 2: over which classes does the sum go?",
        "the right class is in the sum too; then the fraction is a probability, and E never below 0.",
        "return distances[label] + np.log(np.exp(-j) + np.exp(-distances).sum())",
    ],
)
def equation_9_mended(function):
    for y, label, j in (([0.5, 30, 40], 0, 20.0), ([4, 6, 50], 1, 1.0), ([3, 2, 5, 9], 2, 4.0)):
        y = np.array(y, float)
        right = float(equation_9(y[None], [label], j)[0])
        found = function.number(y, label, j)
        wrong = compare(
            found,
            right,
            {
                y[label] + special.logsumexp(np.append(-np.delete(y, label), -j)): (
                    "the right class is still left out of the sum."
                ),
                y[label] + special.logsumexp(-y): "the term for j is gone.",
                y[label] + special.logsumexp(np.append(-y, j)): "the term for j is e to the −j.",
                -right: "that is the logarithm of the probability; the loss is minus that.",
                special.logsumexp(np.append(-y, -j)): "the distance to the right drawing is missing.",
            },
            within=1e-6,
        )
        if wrong:
            return wrong
    return None


def _five(name):
    """Errors of the five seeds of a case in data/codes.json, in per cent."""
    record = lk.load_record("codes")
    runs = [run["errors"] for run in record["results"] if run["setting"] == name]
    return 100 * np.array(runs) / record["settings"]["judged_digits"]


def _interval(gaps, factor=None, ddof=1):
    """The ends of the interval of a mean, by Student's t unless another factor is given."""
    factor = factor or stats.t.ppf(0.975, len(gaps) - 1)
    half = factor * gaps.std(ddof=ddof) / np.sqrt(len(gaps))
    return np.array([gaps.mean() - half, gaps.mean() + half])


@exercise(
    "15.5",
    numbers(2),
    hints=[
        'share("error-correcting code") - share("random codes") gives the five differences.',
        "report, of section 5, prints the interval of any five differences, and gives back its ends.",
        'answer = report("code", share("error-correcting code") - share("random codes"))',
    ],
)
def interval_of_another_difference(values):
    code, random, drawings = (_five(name) for name in ("error-correcting code", "random codes", "drawings"))
    gaps = code - random
    known = [
        (-_interval(gaps)[::-1], "the other way round: error-correcting code minus random codes."),
        (_interval(gaps)[::-1], "the lower end comes first."),
        (_interval(gaps, 1.96), "1.96 is for many pairs; for five take t."),
        (_interval(gaps, ddof=0), "std(ddof=1)."),
        (_interval(code - drawings), "that is minus the drawings; subtract the random codes, seed by seed."),
        (_interval(random - drawings), "that is random codes minus drawings."),
        (
            _interval(code - drawings) - _interval(random - drawings),
            "intervals are not to be subtracted, but the errors, seed by seed.",
        ),
        (_interval(gaps) / 100, "that is in shares; give percentage points."),
    ]
    return compare_arrays(np.asarray(values), _interval(gaps), known, within=0.006)


@exercise(
    "15.6",
    a_reader(32),
    hints=[
        "begin with rng.choice([-1.0, 1.0], (10, 84)), or draw your own; count the points that differ.",
        "network = lk.lenet5_1998(centres=codes); then compile and fit as in section 4.",
        "20,000 digits and four passes are enough; more are better.",
    ],
)
def a_network_with_a_code_of_ones_own(model):
    last = model.layers[-1]
    if not isinstance(last, EuclideanRBF):
        return "the last layer must be lk.layers.EuclideanRBF with your codes: lk.lenet5_1998(centres=codes)."
    codes = np.asarray(last.vectors)
    if not np.isin(codes, (-1, 1)).all():
        return "the codes must be made of +1 and −1 only."
    points = (codes[:, None] != codes).sum(axis=2)[np.triu_indices(10, 1)]
    if points.min() < 25:
        return f"two of your codes differ in {points.min()} points only; let it be 25 or more."
    digits = lk.data.find()[0]
    _, validate = lk.split(digits)
    some = np.random.default_rng(15).choice(validate, size=min(2000, len(validate)), replace=False)
    found = model.predict(lk.normalise(digits.x_train[some]), batch_size=500, verbose=0)
    error = 100 * (found.argmin(axis=1) != digits.y_train[some]).mean()
    largest = 100 * (found.argmax(axis=1) != digits.y_train[some]).mean()
    if largest < min(error, 50):  # an untrained network misreads nine in ten either way
        return "the largest output answers better than the smallest: is this trained with lk.layers' losses?"
    goal = 3.5 if digits.name == "mnist" else 12
    if error >= goal:
        return f"it misreads {error:.1f} % of the digits; the goal is below {goal:g} %: train on."
    return None
