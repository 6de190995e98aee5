"""What the turns and exercises of lesson 06 accept: losses, slopes, and rules of a differentiator."""

import math

import numpy as np
from scipy.special import log_softmax, logsumexp, softmax

from lenet_keras.course.exercises import (
    UNKNOWN,
    Refused,
    a_function,
    a_model,
    a_number,
    compare,
    exercise,
    numbers,
    quiet_digits,
)

# -------------------------------------------------------------------------------------- the student's turns


def cross_entropy(z, right):
    """-log of the softmax probability of the right answer, safe for logits of any size."""
    z = z - z.max()
    return np.log(np.exp(z).sum()) - z[right]


def number(function, z, right):
    """What a student's loss gives back, be it finite or not."""
    found = function.array(z, right)
    if found.size != 1:
        raise Refused(f"your function must give back one number, not {found.size}.")
    return float(found.reshape(()))


@exercise(
    "06.a",
    a_function,
    hints=[
        "the first blank is the largest logit, z.max().",
        "the second blank is the formula above it: a logarithm of a sum of exponentials, minus one logit.",
        "return np.log(np.exp(z).sum()) - z[right]",
    ],
    ours=cross_entropy,
)
def cross_entropy_from_logits(function):
    z = np.array([0.5, -1.0, 2.0, 0.3])
    with np.errstate(all="ignore"):  # what overflows in the student's function shows in its result
        found = [number(function, z, right) for right in range(4)]
        wanted = -log_softmax(z)
        known = [
            (
                -wanted,
                "the sign: a probability is below 1, its logarithm below 0, and the loss is minus that.",
            ),
            (wanted / np.log(10), "that is the logarithm to the base 10; take np.log, the natural one."),
            (softmax(z), "that is the probability; the loss is minus its logarithm."),
            (np.full(4, logsumexp(z)), "the logit of the right answer is to be taken away."),
            (
                np.full(4, logsumexp(z - z.max())),
                "the logit of the right answer is to be taken away at the end, z[right].",
            ),
            (
                logsumexp(z - z.max()) - z,
                "the largest logit is taken away in the first part only: both parts use the new z.",
            ),
            (wanted + z.max(), "the largest logit was taken from both parts: do not add it again."),
        ]
        if not np.allclose(found, wanted, rtol=1e-5, atol=1e-6):
            return next(
                (why for wrong, why in known if np.allclose(found, wrong, rtol=1e-5, atol=1e-6)), UNKNOWN
            )
        for z in (np.array([1000.0, 999.0]), np.array([-1000.0, -1001.0])):
            if not np.isclose(number(function, z, 1), -log_softmax(z)[1], rtol=1e-5):
                return (
                    f"it is right for small logits, not for {z.tolist()}: take the largest logit away first."
                )
        if not np.isclose(number(function, np.array([1000.0, 0.0]), 1), 1000, rtol=1e-5):
            return (
                "for the logits [1000, 0] the loss of answer 1 is 1000: take away the largest, not another, "
                "and use the formula without the division."
            )
    return None


def slopes_of_the_unit(x=1.5, w=-0.5, t=0.5, step=1e-6):
    """Along d, y, a and w, by differences of what follows each of them."""
    a = w * x
    y = math.tanh(a)
    followed = [
        (lambda d: d**2 / 2, y - t),
        (lambda y: (y - t) ** 2 / 2, y),
        (lambda a: (math.tanh(a) - t) ** 2 / 2, a),
        (lambda w: (math.tanh(w * x) - t) ** 2 / 2, w),
    ]
    return [(f(at + step) - f(at - step)) / (2 * step) for f, at in followed]


def by_hand(x=1.5, w=-0.5, t=0.5):
    """The slopes along d, y, a and w, multiplied."""
    y = math.tanh(w * x)
    return [y - t, y - t, (y - t) * (1 - y**2), (y - t) * (1 - y**2) * x]


@exercise(
    "06.b",
    numbers(4),
    hints=[
        "start from 1 and multiply: by d, then by 1, then by 1 − y², then by x.",
        "the first is 1 · d, which the cell above has printed; the second is that times 1.",
        "mine = [d, d * 1, d * (1 - y_unit**2), d * (1 - y_unit**2) * x]",
    ],
    ours=by_hand(),
)
def backward_by_hand(values):
    d, y, a, w = slopes_of_the_unit()
    if np.allclose(values, [d, y, a, w], atol=0.012):  # two decimals, multiplied by hand, will do
        return None
    out = math.tanh(-0.75)
    known = [
        ([w, a, y, d], "these are the right slopes in the opposite order: along d, y, a, w."),
        ([d, y, a, a * -0.5], "along w the factor is x; w is the factor along x."),
        ([d, y, y * (1 - out), y * (1 - out) * 1.5], "the slope of tanh is 1 − y², with a square."),
        ([d, y, y * (1 - 0.75**2), y * (1 - 0.75**2) * 1.5], "the slope of tanh is 1 − y², not 1 − a²."),
        ([2 * d, 2 * y, 2 * a, 2 * w], "E is half the square, so its slope along d is d, without a 2."),
        ([-d, -y, -a, -w], "the sign: d = y − t is negative."),
        (
            [d, 1, 1 - out**2, 1.5],
            "these are the local slopes; each is to be multiplied by what came back to it.",
        ),
    ]
    for wrong, why in known:
        if np.allclose(values, wrong, atol=2e-3):
            return why
    for name, found, right in zip("dyaw", values, (d, y, a, w), strict=True):
        if abs(found - right) > 0.012:
            return (
                f"the slope along {name} is the first that is wrong: the one before it, times a local slope."
            )
    return UNKNOWN


def two_functions(answer):
    """A kind: a list of two functions; hands on two guarded ones."""
    if callable(answer) or not isinstance(answer, (list, tuple)) or len(answer) != 2:
        raise Refused("give a list of the two functions, back_multiply and back_tanh.")
    return [a_function(each) for each in answer]


def back_multiply(g, a, b):
    """Slopes along a and b, where the result was a · b."""
    return g * b, g * a


def back_tanh(g, y):
    """Slope along a, where the result was y = tanh(a)."""
    return g * (1 - y**2)


@exercise(
    "06.c",
    two_functions,
    hints=[
        "every rule multiplies g by a local slope.",
        "along a the local slope of a·b is b, and along b it is a; that of tanh is 1 − y².",
        "return g * b, g * a   and   return g * (1 - y**2)",
    ],
    ours=[back_multiply, back_tanh],
)
def two_local_rules(functions):
    multiplied, bent = functions
    g, a, b = np.random.default_rng(0).normal(size=(3, 5))
    of_a, of_b = multiplied.arrays(2, g, a, b)
    if not (near(of_a, g * b) and near(of_b, g * a)):
        if near(of_a, g * a) and near(of_b, g * b):
            return "back_multiply: the other way round; if a grows, a·b grows b times as fast."
        if near(of_a, b) and near(of_b, a):
            return "back_multiply: these are the local slopes; multiply them by g."
        return "back_multiply: along a the slope is g times the local slope, which is b; along b likewise."
    y = np.tanh(a)
    found = bent(g, y)
    if isinstance(found, tuple) and len(found) == 1:  # the notebook puts it into a tuple itself
        return "back_tanh: return the slope itself, without a tuple around it."
    found = bent.array(g, y)
    known = [
        (1 - y**2, "that is the local slope; multiply it by g."),
        (g * y, "the local slope is 1 − y², not y."),
        (g * (1 - y), "the local slope is 1 − y², with a square."),
        (g * (1 - np.tanh(y) ** 2), "y is tanh(a) already; do not take tanh again."),
        (g * (1 - g**2), "the square is that of y, not of g."),
    ]
    if not near(found, g * (1 - y**2)):
        return "back_tanh: " + next(
            (why for wrong, why in known if near(found, wrong)), "it is g · (1 − y²)."
        )
    if multiplied.changed or bent.changed:
        return "the slopes are right, but an argument was changed in place: work on a copy."
    return None


def near(found, wanted):
    return np.shape(found) == np.shape(wanted) and np.allclose(found, wanted, rtol=1e-5, atol=1e-8)


class Value:
    """As the lesson builds it."""

    def __init__(self, data, parents=(), back=None):
        self.data, self.parents, self.back = np.asarray(data, float), parents, back
        self.slope = np.zeros_like(self.data)


def backward(loss):
    """Hand the slopes back from the loss to all that it was made of; returns them in order."""
    order, waiting = [], [loss]

    def visit(value):
        for parent in value.parents:
            if not any(parent is each for each in order):
                visit(parent)
        order.append(value)

    visit(waiting[0])
    loss.slope = np.ones_like(loss.data)
    for value in reversed(order):
        if value.parents:
            for parent, slope in zip(value.parents, value.back(value.slope), strict=True):
                parent.slope = parent.slope + slope
    return order


@exercise(
    "06.d",
    a_function,
    hints=[
        "a parent that was used twice gets a slope twice: where ways meet, slopes are added.",
        "the new slope of a parent is the one that comes now, plus the one that it has.",
        "parent.slope = slope + parent.slope",
    ],
    ours=backward,
)
def the_backward_pass(function):
    def graph():
        v, w = Value(3.0), Value(5.0)
        square = Value(9.0, (v, v), lambda g: (g * 3.0, g * 3.0))
        return Value(45.0, (square, w), lambda g: (g * 5.0, g * 9.0))

    order = function(graph())
    if not isinstance(order, (list, tuple)) or not all(hasattr(each, "slope") for each in order):
        return "my_backward must give back the list `order`, as in the cell."
    slopes = {float(each.data): float(each.slope) for each in order}
    if set(slopes) != {3.0, 5.0, 9.0, 45.0}:
        return "the list must hold every value of the graph once."
    wanted = {45.0: 1.0, 9.0: 5.0, 5.0: 9.0, 3.0: 30.0}
    if slopes == wanted:
        return None
    if slopes[3.0] == 15.0:
        return "a value that is used twice, as v in v·v, keeps the slope of one way only: add to what it has."
    if slopes[3.0] == 0.0:
        return "the parents keep the slope 0: it is `slope` that is to be added."
    if slopes[9.0] in (1.0, 6.0):
        return "`value.slope` is that of the result; here the parent's own slope is wanted."
    return UNKNOWN


# -------------------------------------------------------------------------------------------- the exercises


@exercise(
    "06.1",
    a_number,
    hints=[
        "the cross-entropy is −log(p), with the natural logarithm: compute it before and after.",
        "the difference of two logarithms is the logarithm of the quotient, here of 0.2/0.02.",
        "math.log(0.2 / 0.02)",
    ],
)
def growth_of_the_loss(answer):
    before, after = -math.log(0.2), -math.log(0.02)
    mistakes = {
        before - after: "the loss grows, so the answer is positive.",
        1: "that is the logarithm to the base 10; take the natural one.",
        math.log2(10): "that is the logarithm to the base 2; take the natural one.",
        10: "the probability is divided by 10; the loss grows by the logarithm of that.",
        0.18: "that is by how much the probability falls; the loss is minus its logarithm.",
        after: "that is the loss afterwards; how much was it before?",
        before: "that is the loss before; how much is it afterwards?",
        after / before: "that is how many times as large it is; the difference is asked for.",
    }
    return compare(answer, after - before, mistakes, within=0.004)


@exercise(
    "06.2",
    numbers(3),
    hints=[
        "the slopes are p − y; first find the probabilities: exp(0) is 1, exp(log 2) is 2.",
        "the probabilities are 1/4, 1/4 and 2/4; y is 0, 0, 1.",
        "[0.25, 0.25, 0.5 - 1]",
    ],
)
def slopes_of_three_logits(values):
    p = softmax([0, 0, math.log(2)])
    wrong = {
        (p[0], p[1], p[2]): "these are the probabilities; take away 1 at the right answer.",
        (-p[0], -p[1], 1 - p[2]): "the sign: p − y, not y − p.",
        (p[0] - 1, p[1], p[2]): "the right answer is the last class.",
        (1 / 3, 1 / 3, -2 / 3): "the probabilities are not equal: the third logit is larger.",
        (0, 0, math.log(2) - 1): "p − y takes the probabilities, not the logits: softmax first.",
    }
    if np.allclose(values, p - [0, 0, 1], atol=5e-3):
        return None
    for known, why in wrong.items():
        if np.allclose(values, known, atol=5e-3):
            return why
    if abs(values.sum()) > 0.02:
        return "the slopes of a row add up to 0; yours do not."
    return UNKNOWN


@exercise(
    "06.3",
    a_number,
    hints=[
        "draw the graph: w goes to u, and w goes to E as well. Two ways, two slopes.",
        "the way through u: w · x = 2 · 3; the direct way: u = 6.",
        "2 · 3 + 6; or differentiate E = w²·x.",
    ],
)
def slope_of_a_weight_used_twice(answer):
    def loss(w):
        return (w * 3) * w

    right = round((loss(2 + 1e-5) - loss(2 - 1e-5)) / 2e-5, 6)
    mistakes = {
        6: "that is one way only; w is used twice, and the slopes of both ways are added.",
        36: "the slopes of two ways are added, not multiplied.",
        24: "the way through u has the factors w and x; the direct way has u.",
        4: "that is the slope along x.",
        2: "that is the slope along u.",
    }
    return compare(answer, right, mistakes)


@exercise(
    "06.4",
    numbers(3),
    hints=[
        "a large step meets the bend of the curve; a small one divides a few roundings by a tiny number.",
        "fewer digits show at small steps: the curve that rises earliest on the way to small steps has them.",
        "at large steps, compare the slants: which error falls by 100 when the step falls by 10?",
        "A lies highest at small steps (32 bits); C reaches the least error (both sides, 64 bits).",
    ],
)
def which_curve_is_which(values):
    if list(values) == [2, 3, 1]:
        return None
    if sorted(values) != [1, 2, 3]:
        return "give each of the cases 1, 2 and 3 once, in the order of the curves A, B, C."
    if values[0] != 2:
        return "curve A rises earliest on the way to small steps: which case has the fewest digits?"
    return "at large steps, C falls by 100 where B falls by 10: which of them looks to both sides?"


@exercise(
    "06.5",
    a_function,
    hints=[
        "if one of the four numbers grows by 1, by how much does their mean grow?",
        "the local slope is 1/4, for each of the four.",
        "return np.repeat(np.repeat(g, 2, axis=0), 2, axis=1) / 4",
    ],
)
def average_backward(function):
    g = np.random.default_rng(1).normal(size=(2, 3))
    found = function.array(g)
    if found.shape != (4, 6):
        return f"for g of shape (2, 3) the result has shape (4, 6), not {found.shape}."
    spread = np.kron(g, np.ones((2, 2)))
    known = [
        (
            spread,
            "the four numbers of a window get the whole slope each; what is the slope of a mean of four?",
        ),
        (spread / 2, "the mean is over four numbers, not over two."),
        (4 * spread, "divide by four; do not multiply."),
        (
            np.tile(g, (2, 2)) / 4,
            "np.tile puts copies of the whole beside each other; each number is to be repeated.",
        ),
    ]
    if near(found, spread / 4):
        return None
    return next((why for wrong, why in known if near(found, wrong)), UNKNOWN)


def ten_arrays(answer):
    """A kind: the ten weight arrays of LeNet-5, kernels in any shape of the right size; or a model."""
    import keras

    if isinstance(answer, keras.Model):
        answer = a_model(answer).get_weights()
    if isinstance(answer, (str, bytes)) or not isinstance(answer, (list, tuple)) or len(answer) != 10:
        raise Refused("the answer is a list of the ten arrays, [each.data for each in weights].")
    try:
        arrays = [np.asarray(each, float) for each in answer]
    except (TypeError, ValueError):
        raise Refused("the list must hold arrays: each.data, not the Values themselves.") from None
    return arrays


@exercise(
    "06.6",
    ten_arrays,
    hints=[
        "in a step call backward(loss_of(...)) for each digit: the slopes add up by themselves.",
        "then for each weight: each.data = each.data - rate * each.slope / 50; each.slope = 0 * each.slope.",
        "a rate of 0.2 needs some tens of steps; loss_of(...).data is the loss of a digit.",
    ],
)
def trained_with_ones_own_differentiator(arrays):
    import keras

    import lenet_keras as lk

    network = lk.lenet5()
    shapes = [weight.shape for weight in network.get_weights()]
    sizes = [int(np.prod(shape)) for shape in shapes]
    if [array.size for array in arrays] != sizes:
        return f"the ten arrays have {', '.join(f'{size:,}' for size in sizes)} numbers, in this order."
    if not all(np.isfinite(array).all() for array in arrays):
        return "some of the weights are no finite numbers: the rate was too large."
    network.set_weights([array.reshape(shape) for array, shape in zip(arrays, shapes, strict=True)])
    digits = quiet_digits()
    learn, _ = lk.split(digits)
    logits = keras.ops.convert_to_numpy(network(digits.x_train[learn[:50]])).astype(float)
    labels = digits.y_train[learn[:50]]
    loss = float(np.mean(logsumexp(logits, axis=1) - logits[np.arange(50), labels]))
    if loss < 1:
        return None
    if loss > 2 * math.log(10):
        return f"the mean loss is {loss:.2f}, far more than that of knowing nothing: is the rate too large?"
    return f"the mean loss of the 50 digits is {loss:.2f}; go on until it is below 1."
