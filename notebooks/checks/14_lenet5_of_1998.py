"""What the exercises of notebook 14 accept: the parts that LeNet-5 had in 1998."""

import math

import numpy as np

from lenet_keras.course.exercises import UNKNOWN, a_function, a_number, compare, exercise
from lenet_keras.layers import Subsampling, bitmaps


@exercise(
    "14.1",
    a_number,
    hints=[
        "section 2 says in which order the layer works: a sum, a coefficient, a bias, and then?",
        "the four inputs add up to 4, coefficient and bias make a = 2 of it; what is f of that?",
        "1.7159 · tanh(2/3 · 2).",
    ],
)
def output_of_a_subsampling_unit(answer):
    layer = Subsampling()
    layer.build((None, 2, 2, 1))
    layer.set_weights([np.array([0.5]), np.array([0.0])])
    right = float(np.asarray(layer(np.ones((1, 2, 2, 1), "float32"))).item())
    mistakes = {
        2: "that is not squashed yet: what is f of it?",
        math.tanh(2): "that is tanh alone; f stretches it in both directions.",
        math.tanh(4 / 3): "the amplitude in front of tanh is missing.",
        1.7159 * math.tanh(2): "the slope of two thirds inside tanh is missing.",
        1.7159 * math.tanh(1 / 3): "that is with the mean of the four inputs; subsampling adds them up.",
        1.7159 * math.tanh(8 / 3): "the coefficient is missing: it multiplies the sum.",
        1: "that is f(1); add all four inputs before you multiply by the coefficient.",
    }
    return compare(answer, right, mistakes, within=0.005)


@exercise(
    "14.2",
    a_number,
    hints=[
        "only C3 changes: count its kernels, and its biases.",
        "with three inputs a map of C3 has three kernels of 5×5 and one bias.",
        "60,000 without the 1,516 of C3 in section 3, and 16 · (3 · 25 + 1) in their place.",
    ],
)
def parameters_with_three_links_each(answer):
    def parameters(c3):
        subsampling = 2 * 6 + 2 * 16
        return 6 * (25 + 1) + subsampling + c3 + 120 * (25 * 16 + 1) + 84 * (120 + 1)

    links, biases = 16 * 3, 16
    mistakes = {
        links * 25 + biases: "that is C3 alone; the whole network is asked.",
        parameters(links * 25): "the biases of C3 are missing: one for each map.",
        parameters(links * (25 + 1)): "a map of C3 has one bias, not one for each link.",
        parameters(links * 25 + biases)
        + 840: "the 840 numbers of the drawings are fixed; nothing trains them.",
        parameters(60 * 25 + biases): "that is with Table I, which has 60 links; here there are fewer.",
        parameters(96 * 25 + biases): "that is with all 96 links; here each map of C3 has three.",
    }
    return compare(answer, parameters(links * 25 + biases), mistakes)


@exercise(
    "14.3",
    a_number,
    hints=[
        "section 6 has both equations: what does equation 9 have that equation 8 has not?",
        "the sum has a term for j and one for each of the three digits, the right one too.",
        "log(exp(-1) + exp(-4) + exp(-6) + exp(-50)).",
    ],
)
def equation_9_minus_equation_8(answer):
    def log_of_sum(*exponents):
        # The largest taken out first, as the toolbox does it.
        largest = max(exponents)
        return largest + math.log(math.fsum(math.exp(each - largest) for each in exponents))

    right = log_of_sum(-1, -4, -6, -50)
    mistakes = {
        4 + right: "that is equation 9 itself; subtract equation 8, the distance to the right drawing.",
        -right: "that is equation 8 minus equation 9, the other way round.",
        log_of_sum(-4, -6, -50): "the term for j is missing in the sum.",
        log_of_sum(-1, -6, -50): "the sum goes over all digits, the right one too.",
        log_of_sum(0, -4, -6, -50): "the term for j is exp(-j), not j.",
        log_of_sum(1, -4, -6, -50): "the term for j is exp(-j); here it got exp(+j).",
        log_of_sum(1, 4, 6, 50): "the exponents are negative: a large distance must give a small term.",
        right / math.log(10): "take the natural logarithm, not the one to base 10.",
    }
    found = compare(answer, right, mistakes, within=1e-3)
    nearly = found is UNKNOWN and abs(answer - right) < 0.01
    return "nearly: give at least three digits." if nearly else found


@exercise(
    "14.4",
    a_function,
    hints=[
        "section 4: the answer is the digit whose drawing is nearest; lk.layers.bitmaps() gives all ten.",
        "the distance is the sum of squared differences over the 84 points; compute ten for each row.",
        "f6[:, None] - drawings has shape (n, 10, 84): square, sum over the last axis, argmin along axis 1.",
    ],
)
def digit_of_the_nearest_drawing(function):
    drawings = bitmaps().astype(float)
    rows, methods = _rows_that_tell_methods_apart(drawings)
    for chosen in (slice(None), slice(0, 10), slice(3, 4)):
        f6, labels = rows[chosen], methods["right"][chosen]
        found = function.array(f6)
        if found.shape == (len(f6), 10) and len(f6) > 1:
            return "these are ten numbers for each row; which of the ten digits is the answer?"
        if found.shape != labels.shape:
            along = " (argmin along the drawings, not along the rows)" if found.shape == (10,) else ""
            return f"for {len(f6)} rows the result has shape {found.shape}, not {labels.shape}{along}."
        if np.array_equal(found, labels):
            continue
        for why, answers in methods.items():
            if np.array_equal(found, answers[chosen]):
                return why
        wrong = np.flatnonzero(found != labels)
        return (
            f"{len(wrong)} of {len(f6)} rows are read otherwise: "
            "which drawing has the smallest sum of squared differences?"
        )
    return None


def _rows_that_tell_methods_apart(drawings):
    """Rows of F6's outputs, and the answers of several ways to read them, by what is wrong with each way.

    Some rows are clear; on the others one of the wrong ways answers something else. No row lies so near to
    the middle between two drawings that rounding could decide.
    """
    rng = np.random.default_rng(0)
    clear = drawings[rng.permutation(np.arange(40) % 10)] + rng.normal(0, 0.3, (40, 84))
    rows = np.concatenate([clear, rng.uniform(-1.7, 1.7, (2000, 84))]).astype("float32")
    # All drawings are equally long, so the nearest is the one with the largest dot product.
    products = rows.astype(float) @ drawings.T
    second, first = np.sort(products, axis=1)[:, -2:].T
    rows, products = rows[first - second > 0.5], products[first - second > 0.5]
    centred = drawings - drawings.mean(axis=1, keepdims=True)
    correlations = rows @ (centred / np.linalg.norm(centred, axis=1, keepdims=True)).T
    absolute = np.abs(rows[:, None] - drawings).sum(axis=2)
    methods = {
        "right": products.argmax(axis=1),
        "this looks at the signs of F6 only; how far each output is from ±1 counts too.": (
            np.sign(rows) @ drawings.T
        ).argmax(axis=1),
        "this adds up the differences without squaring them.": absolute.argmin(axis=1),
        "this is the drawing farthest away; the nearest is asked.": products.argmin(axis=1),
        "a correlation takes the mean out of each drawing first; the distance does not.": correlations.argmax(
            axis=1
        ),
    }
    keep = set(range(40))
    for answers in methods.values():
        keep.update(np.flatnonzero(answers != methods["right"])[:20])
    keep = np.array(sorted(keep))
    return rows[keep], {why: answers[keep] for why, answers in methods.items()}
