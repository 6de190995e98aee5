"""What the exercises of notebook 10 accept: places in the image, what C1 makes of a line, components."""

import functools

import numpy as np

from lenet_keras.counting import anatomy
from lenet_keras.course.exercises import UNKNOWN, a_function, a_number, compare, exercise, numbers
from lenet_keras.models import lenet5
from lenet_keras.records import DATA, checked_record


@exercise(
    "10.1",
    numbers(4),
    hints=[
        "section 5 says where the window of a unit of C3 begins, and how many pixels it has along each side.",
        "row 3 begins at pixel row 2 · 3, column 8 at pixel column 2 · 8.",
        "the window has 14 pixels along each side, so the last is 13 after the first.",
    ],
)
def window_of_a_unit_of_c3(values):
    row = anatomy(lenet5())["C3"]
    (step, _), (size, _) = row.stride, row.receptive_field

    def window(step=step, size=size, first=0):
        return [first + step * 3, first + step * 3 + size - 1, first + step * 8, first + step * 8 + size - 1]

    top, bottom, left, right = window()
    mistakes = [
        ([top, bottom + 1, left, right + 1], "the last of 14 pixels is only 13 after the first."),
        (window(first=1), "rows and columns are counted from 0."),
        ([left, right, top, bottom], "rows come first, then columns."),
        ([top, left, bottom, right], "the order is first row, last row, first column, last column."),
        ([top, size, left, size], "give the last row and the last column, not how many there are."),
        (window(size=16), "16×16 pixels are what a unit of S4 sees; one of C3 sees less."),
        (window(size=10), "a place of S2 is made from more than 2×2 pixels: C1 has a window of 5×5 itself."),
        (window(size=5), "a window of 5×5 *places of S2* reaches over more than 5×5 pixels."),
        (window(step=1), "one place of C3 is two pixels of the image."),
        (window(step=1, size=5), "these are places of S2; pixels of the image are asked for."),
        (window(step=4, size=16), "that is a unit of S4; C3 comes before it, with half the step."),
    ]
    if np.array_equal(values, window()):
        return None
    for mistaken, why in mistakes:
        if np.array_equal(values, mistaken):
            return why
    return UNKNOWN


@exercise(
    "10.2",
    a_number,
    hints=[
        "section 10: a layer's step is 1 pixel for C1 and doubles after each pooling layer.",
        "there are two pooling layers up to S4, so one place of S4 is 4 pixels.",
    ],
)
def shift_by_three_places_of_s4(answer):
    step = anatomy(lenet5())["S4"].stride[1]
    mistakes = {
        3: "that is in places of S4; one place is several pixels.",
        3 * step // 2: "that moves S2 by three places; S4 comes after a second pooling.",
        3 * step * 2: "there are two pooling layers up to S4, not three.",
        step: "that moves S4 by one place.",
        16: "that is how wide a unit of S4 sees; how far apart do its neighbours look?",
        -3 * step: "give the number of pixels without a sign.",
    }
    return compare(answer, 3 * step, mistakes)


@exercise(
    "10.3",
    a_number,
    hints=[
        "section 1 computes such sums for edges: put your window in the place of an edge.",
        "the window is np.full((5, 5), -0.1), and then window[4] = 1.175.",
        "for each filter: (window * filter).sum() and its bias; np.argmax gives the number of the largest.",
    ],
)
def filter_that_likes_a_low_line(answer):
    layer = _trained_lenet5().get_layer("C1")
    lowest, top, upright = np.full((3, 5, 5), -0.1, "float32")
    lowest[4], top[0], upright[:, 4] = 1.175, 1.175, 1.175
    windows = np.stack([lowest, top, upright])[..., np.newaxis]
    sums = np.arctanh(np.asarray(layer(windows))).reshape(3, 6)  # before tanh
    mistakes = {
        6: "filters are counted from 0, so the last is 5.",
        sums[2].argmax(): "that is for ink in the last column; the lowest *row* has the ink.",
        sums[1].argmax(): "that is for ink in the top row; the lowest one is window[4].",
        (sums[0] - np.asarray(layer.bias)).argmax(): "the bias of each filter has to be added.",
    }
    if not float(answer).is_integer() and abs(answer - sums[0].max()) < 0.1:
        return "that is the sum; give the number of the filter that has it."
    return compare(answer, sums[0].argmax(), mistakes)


@functools.cache
def _trained_lenet5():
    """The network that comes with the course, without the line that load_lenet5 prints."""
    weights = DATA / "lenet5.weights.h5"
    checked_record(weights)
    model = lenet5()
    model.load_weights(weights)
    return model


@exercise(
    "10.4",
    a_number,
    hints=[
        "a dense layer without activation gives weighted sums: what is the slope of such a sum?",
        "its gradient is the same everywhere, so it foretells large changes as exactly as small ones.",
        "what is the correlation of two lists of equal numbers?",
    ],
)
def correlation_of_a_linear_network(answer):
    mistakes = {
        0: "0 would mean that the gradient says nothing about the fall.",
        -1: "both are *falls* of the logit, so they have the same sign.",
    }
    found = compare(answer, 1, mistakes, within=1e-4, share=True)
    if found is UNKNOWN and 0 < answer < 1:
        return "that would be for a network whose slope changes on the way; does it change here?"
    if found is UNKNOWN and abs(answer) > 1:
        return "a correlation lies between −1 and 1."
    return found


@exercise(
    "10.5",
    a_function,
    hints=[
        "section 9 fits a PCA; its explained_variance_ratio_ has the share of each component.",
        "the largest comes first; np.cumsum of the shares says what the first components hold together.",
        "count the components until the sum reaches share: (held < share).sum() + 1.",
    ],
)
def components_that_hold_a_share(function):
    random = np.random.default_rng(0)
    cases, found = [], []
    for share in (0.3, 0.6, 0.9, 0.999):
        turn, _ = np.linalg.qr(random.normal(size=(8, 8)))  # so that no axis is a principal one
        cases.append((random.normal(size=(60, 8)) * random.uniform(0.4, 3, 8) @ turn + 5, share))
        found.append(function.number(*cases[-1]))

    def needed(variances):
        """For each case, how many of its variances make up its share."""
        made = []
        for points, share in cases:
            each = variances(points)
            made.append(next(n for n in range(1, 9) if each[:n].sum() >= share * each.sum()))
        return np.array(made)

    def principal(points):
        return np.linalg.eigvalsh(np.cov(points.T))[::-1]

    right = needed(principal)
    if np.allclose(found, right):
        return None
    mistakes = [
        (right - 1, "it counts one component too few: the first of them has the index 0."),
        (
            needed(lambda p: np.sort(p.var(axis=0))[::-1]),
            "these are variances of columns, not of components.",
        ),
        (needed(lambda p: p.var(axis=0)), "these are variances of columns, not of components."),
        (
            needed(lambda p: np.linalg.eigvalsh(p.T @ p)[::-1]),
            "the mean of each column must be taken away first.",
        ),
        (needed(lambda p: principal(p) ** 0.5), "the variances are the *squares* of the singular values."),
        (needed(lambda p: principal(p) ** 2), "the eigenvalues of the covariance are variances: no square."),
        (needed(lambda p: principal(p)[::-1]), "take the largest variance first."),
        (
            needed(lambda p: np.linalg.eigvalsh(np.corrcoef(p.T))[::-1]),
            "the columns are not to be divided by their standard deviations.",
        ),
    ]
    for mistaken, why in mistakes:
        if np.allclose(found, mistaken):
            return why
    wrong = next(k for k in range(4) if not np.isclose(found[k], right[k]))
    share = cases[wrong][1]
    return f"for a share of {share} of some variance it says {found[wrong]:g}, not {right[wrong]}."
