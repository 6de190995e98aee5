"""The checks behind the exercises: check("03.1", answer) says whether an answer is right, and if not, hints.

A check computes what is right by another way than the solution does. It is a function from the answer to a hint,
or to None where the answer is right.
"""

import contextlib
import functools
import io
import math

import numpy as np

from .anatomy import anatomy

_CHECKS = {}


def exercise(name):
    """Register the function below as the check of the exercise of that name, such as "03.1"."""

    def register(function):
        _CHECKS[name] = function
        return function

    return register


def check(name, answer):
    """Print whether an answer is right. None counts as not answered yet.

    Args:
        name: the exercise, such as "03.1": notebook, then number.
        answer: what the exercise asks for: a number, a list, an array or a function.

    Raises:
        ValueError: if there is no such exercise.
    """
    hint = hint_for(name, answer)
    print(f"Exercise {name}: {'right.' if hint is None else hint}")


def hint_for(name, answer):
    """What `check` prints for an answer that is not right; None for a right one. Raises as it does."""
    if name not in _CHECKS:
        raise ValueError(f"There is no exercise {name!r}; there are {', '.join(sorted(_CHECKS))}.")
    if answer is None:
        return "no answer yet."
    try:
        hint = _CHECKS[name](answer)
    except Exception as error:  # the student's own function, or an answer of another kind
        hint = f"checking it raised {type(error).__name__} ({error})."
    return hint and f"not yet: {hint}"


def _number(answer, right, hint, tolerance=0.0):
    """The usual check of a number."""
    if np.ndim(answer) or not math.isfinite(answer):
        return "the answer is one finite number."
    return None if abs(answer - right) <= tolerance else hint


# ------------------------------------------------------------------------------------------------ 00 start here


@exercise("00.1")
def _(answer):
    return _number(answer, 32 * 32, "an image has 32 rows; how many values has each?")


@exercise("00.2")
def _(answer):
    return _number(answer, 9000, "the chance to be right is one in ten for each digit.")


@exercise("00.3")
def _(answer):
    hint = "multiply the images by the grey values of one, and divide by the parameters."
    return _number(answer, 60_000 * 32 * 32 / 61_706, hint, tolerance=1)


# -------------------------------------------------------------------------------------------------- 01 the digits


@functools.cache
def _pixels():
    """The stored digits, without the line that load_pixels prints."""
    from . import data

    return data._find("auto")[0]


@exercise("01.1")
def _(answer):
    from . import data

    stored = _pixels().x_test[:500]
    images = answer(data.normalise(stored))
    if not isinstance(images, np.ndarray) or images.shape != stored.shape or images.dtype != np.uint8:
        return "the function must return an array of uint8, of shape (n, 28, 28)."
    worst = np.abs(images.astype(int) - stored).max()
    if worst == 1:
        return "some pixels are off by 1: astype cuts off fractions, so round first (np.rint)."
    return None if worst == 0 else "take off the border, solve the formula of section 8 for p, and round."


@functools.cache
def _nearest_mean_error():
    pixels = _pixels()
    flat, labels = pixels.x_train.reshape(len(pixels.x_train), -1).astype("float32"), pixels.y_train
    means = np.eye(10, dtype="float32")[labels].T @ flat / np.bincount(labels, minlength=10)[:, None]
    # |x - m|² is smallest where |m|² - 2 x·m is; the scale of the grey values does not matter.
    answers = ((means**2).sum(axis=1) - 2 * flat @ means.T).argmin(axis=1)
    return 100 * np.mean(answers != labels)


@exercise("01.2")
def _(answer):
    hint = "compare each training digit with the ten means; the answer is a percentage, from 0 to 100."
    return _number(answer, _nearest_mean_error(), hint, tolerance=0.5)


@exercise("01.3")
def _(answer):
    paper, ink = answer
    counts = sum(np.bincount(image.ravel(), minlength=256) for image in _pixels().x_train)
    counts[0] += len(_pixels().x_train) * (32 * 32 - 28 * 28)  # the border
    share, grey = counts / counts.sum(), np.arange(256) / 255
    mean = share @ grey
    deviation = math.sqrt(share @ (grey - mean) ** 2)
    if abs(paper + mean / deviation) > 0.01 or abs(ink - (1 - mean) / deviation) > 0.01:
        return "subtract the mean of the padded pixels, divide by their standard deviation: what become of 0 and 255?"
    return None


@exercise("01.4")
def _(answer):
    rng = np.random.default_rng(0)
    for stored in _pixels().x_train[:40]:
        rows, columns = np.flatnonzero(stored.any(axis=1)), np.flatnonzero(stored.any(axis=0))
        down = rng.integers(-rows[0], 28 - rows[-1])
        right = rng.integers(-columns[0], 28 - columns[-1])
        moved = np.roll(stored, (down, right), axis=(0, 1))
        image = np.asarray(answer(moved.copy()))
        if image.shape != (28, 28) or image.dtype != np.uint8:
            return "the function must return a uint8 image of shape (28, 28)."
        if image.sum() != stored.sum():
            return "ink was lost or added: move the image by whole pixels, for example with np.roll."
        centres = [
            (each.sum(axis=1) @ np.arange(28) / each.sum(), each.sum(axis=0) @ np.arange(28) / each.sum())
            for each in (image, stored)
        ]
        if np.abs(np.array(centres) - 14).max() > 0.6 or not np.array_equal(image, stored):
            return "the centre of mass is not as near to row 14, column 14 as moves by whole pixels allow."
    return None


@exercise("01.5")
def _(answer):
    hint = "take one validation digit: its copy is any of the other images; how many of those are for training?"
    return _number(answer, 100 * 90_000 / 99_999, hint, tolerance=1)


# ------------------------------------------------------------------------------- 02 convolution and pooling


@exercise("02.1")
def _(answer):
    hint = "count the places of the window along a row, then along a column; the answer is the whole map."
    return _number(answer, len(range(0, 32 - 7 + 1, 2)) ** 2, hint)


@exercise("02.2")
def _(answer):
    from .environment import start_keras

    layer = start_keras().layers.Conv2D(32, 3)
    layer.build((None, 5, 5, 16))
    hint = "each filter has a window of 3×3 weights on every input map, and one bias."
    return _number(answer, layer.count_params(), hint)


@exercise("02.3")
def _(answer):
    from scipy.signal import convolve2d, correlate2d

    kernel = np.asarray(answer, float)
    if kernel.shape != (3, 3):
        return f"the answer is an array of shape (3, 3), but yours has shape {kernel.shape}."
    image = np.random.default_rng(0).integers(0, 10, (8, 9)).astype(float)
    inside = image[1:-1, 1:-1]
    wanted = image[1:-1, :-2]  # each place takes the value of its left neighbour
    if np.allclose(correlate2d(image, kernel, "valid"), wanted):
        return None
    if np.allclose(convolve2d(image, kernel, "valid"), wanted):
        return "that is right for a kernel that is flipped; the layers of a network do not flip it."
    if np.allclose(correlate2d(image, kernel, "valid"), inside):
        return "that kernel leaves the image where it is."
    return "a single 1 among zeros is enough; which pixel of its window must each place take?"


@exercise("02.4")
def _(answer):
    if not callable(answer):
        return "the answer is the function itself, its name without brackets."
    random = np.random.default_rng(0)
    for shape, size, stride in (((6, 6), 2, 2), ((5, 8), 2, 2), ((9, 7), 3, 2), ((6, 5), 3, 1)):
        maps = random.normal(size=shape) - 3  # mostly negative: a window's maximum need not be above 0
        windows = np.lib.stride_tricks.sliding_window_view(maps, (size, size))[::stride, ::stride]
        wanted = windows.max(axis=(2, 3))
        found = np.asarray(answer(maps.copy(), size, stride))
        case = f"for a map of shape {shape}, size {size} and stride {stride}"
        if found.shape != wanted.shape:
            return f"{case} the result has shape {found.shape}, not {wanted.shape}."
        if not np.allclose(found, wanted):
            return f"{case} the shape is right, but not the values."
    return None


@exercise("02.5")
def _(answer):
    low, high = 0.0, 10.0  # the slope falls from 1 to nearly 0: halve the interval where it passes 0.01
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if 1 / math.cosh(middle) ** 2 > 0.01 else (low, middle)
    return _number(answer, low, "solve 1 - tanh(a)**2 = 0.01 for a; two decimals are enough.", 0.006)


# ------------------------------------------------------------------------------------------- 03 build LeNet-5


@exercise("03.1")
def _(answer):
    right = sum(3 * 3 * 6 + 1 for _ in range(16))
    return _number(answer, right, "each of the 16 filters has a 3×3 window on each of 6 maps, and one bias.")


@exercise("03.2")
def _(answer):
    from .environment import start_keras

    if not callable(answer):
        return "give the function itself: answer = connections, without brackets."
    keras = start_keras()
    for side, window, maps_in, maps_out in ((32, 5, 1, 6), (14, 5, 6, 16), (9, 3, 2, 4), (5, 5, 16, 120)):
        layer = keras.layers.Conv2D(maps_out, window)
        right = anatomy(keras.Sequential([keras.Input((side, side, maps_in)), layer])).connections
        if answer(side, window, maps_in, maps_out) != right:
            call = f"connections({side}, {window}, {maps_in}, {maps_out})"
            return f"{call} should be {right:,}; multiply the number of units by the links of one unit."
    return None


@exercise("03.3")
def _(answer):
    maps_in, parameters = 1, 0
    for maps_out in (8, 16, 120):
        parameters += (25 * maps_in + 1) * maps_out
        maps_in = maps_out
    parameters += (120 + 1) * 84 + (84 + 1) * 10
    return _number(answer, parameters, "two layers change: C1 itself, and the one that sees C1's maps.")


@exercise("03.4")
def _(answer):
    # From one unit of S4 backwards: how many points of each layer before, then pixels, it is made from.
    points = 1
    for window, stride in ((2, 2), (3, 1), (2, 2), (3, 1)):
        points = (points - 1) * stride + window
    return _number(answer, points, "use the rule of section 4, with the windows 3, 2, 3, 2.")


@exercise("03.5")
def _(answer):
    along_one_side = 28 * 5 - 2 * (2 + 1)
    right = 6 * (along_one_side**2 + 28 * 28)
    hint = "units near the border have fewer links; count the links one by one, as in section 3."
    return _number(answer, right, hint)


# -------------------------------------------------------------------------------------------- 04 train LeNet-5


@exercise("04.1")
def _(answer):
    from scipy.stats import entropy

    return _number(answer, float(entropy([0.25] * 4)), "the right class has probability 1/4.", 1e-3)


@exercise("04.2")
def _(answer):
    from scipy.special import softmax

    if not callable(answer):
        return "the answer is the function itself, without brackets: answer = my_function."
    ordinary, large = np.array([[0.5, -1.0, 2.0], [3.0, 0.0, 0.0]]), np.array([[1e4, 9999.0], [-1e4, 0.0]])
    with np.errstate(all="ignore"):
        if np.shape(answer(ordinary)) != ordinary.shape:
            return "the probabilities have the shape of the logits, here (2, 3)."
        if not np.allclose(answer(ordinary), softmax(ordinary, axis=1), rtol=1e-5):
            return "each row is divided by its own sum; look at axis and keepdims."
        if not np.allclose(answer(large), softmax(large, axis=1), rtol=1e-5):
            return "it is right for small logits; what happens to a logit of 10000?"


@exercise("04.3")
def _(answer):
    from .training import RECIPES

    recipe = RECIPES["standard"]
    right = recipe.epochs * len(range(0, 54_000, recipe.batch_size))
    return _number(answer, right, "the last batch of an epoch is smaller, but it is an update too.")


@exercise("04.4")
def _(answer):
    return _number(answer, 3 - 2 * 0.8**2, "the first slope is 2(1 - 3); the second is another.", 1e-6)


@exercise("04.5")
def _(answer):
    return _number(answer, 1, "when does a step end at the same distance on the other side?", 1e-6)


# ------------------------------------------------------------------------------------------------ 05 judge LeNet-5


@exercise("05.1")
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


@exercise("05.2")
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


@exercise("05.3")
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


@exercise("05.4")
def _(answer):
    return _number(answer, 5, "all answers are in one bin: how far apart are confidence and share right there?")


@exercise("05.5")
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


# ------------------------------------------------------------------------------------------- 06 look inside


@functools.cache
def _trained_lenet5():
    from .models import load_lenet5

    with contextlib.redirect_stdout(io.StringIO()):  # its one line was printed in the notebook already
        return load_lenet5()


@exercise("06.1")
def _(answer):
    from .models import lenet5

    row = anatomy(lenet5())["C3"]
    starts = [place * step for place, step in zip((3, 8), row.stride, strict=True)]
    sizes = row.receptive_field
    right = [starts[0], starts[0] + sizes[0] - 1, starts[1], starts[1] + sizes[1] - 1]
    if np.shape(answer) != (4,):
        return "the answer is a list of four numbers."
    if np.array_equal(answer, right):
        return None
    return "one step in C3 is two pixels of the image, and a unit of C3 sees 14×14 pixels: what is the last of 14?"


@exercise("06.2")
def _(answer):
    from .models import lenet5

    right = 3 * anatomy(lenet5())["S4"].stride[1]
    hint = "each pooling layer doubles the step, and one place of S4 is one step of S4."
    return _number(answer, right, hint)


@exercise("06.3")
def _(answer):
    line = np.full((1, 5, 5, 1), -0.1, "float32")
    line[0, :, 2] = 1.175
    layer = _trained_lenet5().get_layer("C1")
    sums = np.asarray(layer(line)).ravel()  # tanh keeps the order
    hint = "multiply window and filter number by number, add up, and add the bias."
    return _number(answer, int(sums.argmax()), hint)


@exercise("06.4")
def _(answer):
    hint = "such a network is a linear function of the pixels; how well does a gradient describe that?"
    return _number(answer, 1, hint, 1e-9)


@exercise("06.5")
def _(answer):
    if not callable(answer):
        return "the answer is a function: write its name, without brackets."
    rng = np.random.default_rng(0)
    for share in (0.3, 0.6, 0.9, 0.97):
        points = rng.normal(size=(60, 8)) * rng.uniform(0.2, 3, 8) + 5
        variances = np.linalg.eigvalsh(np.cov(points.T))[::-1]
        right = next(n for n in range(1, 9) if variances[:n].sum() >= share * variances.sum())
        found = answer(points, share)
        if found != right:
            return f"for {share:.0%} of the variance of some points it says {found}, and {right} are needed."
    return None


# ------------------------------------------------------------------------------------------ 07 slides to Keras


@exercise("07.1")
def _(answer):
    right = 6 * 26 + 16 * 151 + 120 * (16 * 16 + 1) + 84 * 121 + 10 * 85
    return _number(
        answer, right, "two units more in F6, each with its inputs and bias, and one more input each to 10 outputs."
    )


@exercise("07.2")
def _(answer):
    if not callable(answer):
        return "the answer is the function itself, its name without brackets."
    rng = np.random.default_rng(7)
    for maps, rows, columns, out in ((2, 3, 3, 4), (3, 2, 5, 1), (6, 4, 4, 10)):
        weight, images = rng.normal(size=(out, maps * rows * columns)), rng.normal(size=(5, maps, rows, columns))
        kernel = np.asarray(answer(weight.copy(), maps, rows, columns))
        if kernel.shape != (rows * columns * maps, out):
            return f"for {maps} maps of {rows}×{columns} and {out} outputs the shape is {kernel.shape}."
        if not np.allclose(images.transpose(0, 2, 3, 1).reshape(5, -1) @ kernel, images.reshape(5, -1) @ weight.T):
            return "the shape is right, but not the order of the rows: undo PyTorch's flattening first."
    return None


@exercise("07.3")
def _(answer):
    # The upper end is the share of which 0 in 5 is 1.96 standard errors away: p² = z² p (1 - p) / 5.
    right = 100 * 1.959964**2 / (5 + 1.959964**2)
    if np.ndim(answer) == 0 and abs(100 * answer - right) < 0.6:
        return "this is a share; give it in per cent."
    return _number(answer, right, "lk.wilson_interval takes the number counted, and out of how many.", 0.6)


@exercise("07.4")
def _(answer):
    if not callable(answer):
        return "the answer is the function itself, its name without brackets."
    stored = _pixels().x_test[:20]
    images = answer(255 - stored)
    if not isinstance(images, np.ndarray) or images.shape != (20, 32, 32, 1) or images.dtype != np.float32:
        return "the function must return an array of float32, of shape (n, 32, 32, 1)."
    right = np.full((20, 32, 32, 1), -0.1)
    right[:, 2:-2, 2:-2, 0] += 1.275 * stored / 255
    if np.allclose(images, right, atol=1e-5):
        return None
    if np.allclose(images[:, 2:-2, 2:-2], right[:, 2:-2, 2:-2], atol=1e-5):
        return "the digit is right, but not the border: it must be paper."
    return "turn the grey values round first, so that paper is 0, and then prepare them as in notebook 01."


# --------------------------------------------------------------------------------------------- 08 LeNet-5 of 1998


@exercise("08.1")
def _(answer):
    hint = "add the four inputs, multiply by the coefficient, add the bias, and squash."
    return _number(answer, 1.7159 * math.tanh(2 / 3), hint, tolerance=1e-3)


@exercise("08.2")
def _(answer):
    return _number(answer, 60_000 - 1_516 + 16 * (3 * 25 + 1), "only C3 changes: count its kernels, and its biases.")


@exercise("08.3")
def _(answer):
    right = math.log(sum(math.exp(-value) for value in (1, 4, 6, 50)))
    return _number(answer, right, "the sum has a term for j and one for each of the three digits.", tolerance=1e-3)


@exercise("08.4")
def _(answer):
    from .layers import bitmaps

    if not callable(answer):
        return "the answer is the function itself, its name without brackets."
    labels = np.random.default_rng(0).integers(0, 10, 50)
    f6 = bitmaps()[labels] + np.random.default_rng(1).normal(0, 0.3, (50, 84))
    found = np.asarray(answer(f6.astype("float32")))
    if found.shape != labels.shape:
        return f"for {len(labels)} rows the result has shape {found.shape}, not {labels.shape}."
    return None if np.array_equal(found, labels) else "which drawing has the smallest sum of squared differences?"


# --------------------------------------------------------------------------------------------- 09 training in 1998


@exercise("09.1")
def _(answer):
    return _number(answer, 0.0005 / (0.02 + 0.48), "η/(μ + h); the values of η and μ are in section 1.", tolerance=5e-5)


@exercise("09.2")
def _(answer):
    hint = "by what does a step multiply the distance from the lowest point? When is that below -1?"
    return _number(answer, 2 / 5, hint, tolerance=1e-3)


@exercise("09.3")
def _(answer):
    if not callable(answer):
        return "the answer is the function itself, its name without brackets."
    derivatives = np.random.default_rng(0).normal(size=(7, 5, 11))
    found = np.asarray(answer(derivatives.copy()))
    if found.shape != (11,):
        return f"for an array of shape (7, 5, 11) the result has shape {found.shape}, not (11,)."
    wanted = np.einsum("iow,iow->w", derivatives, derivatives) / 7
    return None if np.allclose(found, wanted) else "square first, then add up the outputs and average the images."


@exercise("09.4")
def _(answer):
    hint = "the variance of a sum of independent numbers is the sum of their variances."
    return _number(answer, 2.4 / math.sqrt(400 * 3), hint, tolerance=1e-3)


# ---------------------------------------------------------------------------------------------------- 10 rivals


@exercise("10.1")
def _(answer):
    return _number(answer, sum(range(26)), "A is paired with 25 letters, B with 24 more, and so on.")


@exercise("10.2")
def _(answer):
    from .environment import start_keras
    from .models import lenet1

    full = start_keras().layers.Conv2D(12, 5)
    full.build((None, 12, 12, 4))
    right = sum(row.parameters for row in anatomy(lenet1()).rows if row.name != "C3") + full.count_params()
    return _number(answer, right, "a kernel has 5×5 numbers; how many links are there, and how many biases?")


@exercise("10.3")
def _(answer):
    if not callable(answer):
        return "the answer is the function itself, without brackets: answer = slant."
    rng = np.random.default_rng(0)
    for shape in ((20, 20), (9, 14)):
        ink = rng.uniform(0, 1, shape) ** 3
        places = np.argwhere(ink >= 0)
        spread = np.cov(places.T, aweights=ink.ravel(), ddof=0)
        found = answer(ink)
        if np.ndim(found) or not abs(found - spread[0, 1] / spread[0, 0]) < 1e-6:
            return "divide the covariance of row and column by the variance of the row, all weighted by the ink."
    return None


@exercise("10.4")
def _(answer):
    right = sum(math.comb(256 + k - 1, k) for k in range(4))
    return _number(answer, right, "count the products of exactly 0, 1, 2 and 3 pixels; a pixel may come twice.")


@exercise("10.5")
def _(answer):
    from .models import lenet4

    right = len(range(anatomy(lenet4()).macs, 60_000 * 28 * 28 + 1, anatomy(lenet4()).macs))
    return _number(answer, right, "K-NN multiplies every pixel of every stored digit; lk.anatomy counts LeNet-4.")


# ------------------------------------------------------------------------------------------------ 11 distortions


@exercise("11.1")
def _(answer):
    if np.shape(answer) != (2,):
        return "the answer is a list of two numbers."
    image = np.zeros((32, 32))
    image[8, 20] = 1
    for turns, what in ((3, "clockwise"), (2, "by 180 degrees")):
        if np.array_equal(np.argwhere(np.rot90(image, turns)), [answer]):
            return f"so it would be if turned {what}."
    if np.array_equal(np.argwhere(np.rot90(image)), [answer]):
        return None
    return "the centre is at row 15.5, column 15.5: what lies to the right of it is above it after the turn."


@exercise("11.2")
def _(answer):
    return _number(answer, 0.1 * (32 * 32 - 20 * 20), "count the pixels outside; one in ten of them, on average.", 1e-6)


@exercise("11.3")
def _(answer):
    if np.shape(answer) != (2,):
        return "the answer is a list of two digits."
    return None if sorted(answer) == [6, 9] else "turn each of your digits upside down: does it become the other?"


@exercise("11.4")
def _(answer):
    from scipy import ndimage

    if not callable(answer):
        return "the answer is the function itself, its name without brackets."
    cross = ndimage.generate_binary_structure(2, 1)
    for shape in ((32, 32), (5, 9)):
        image = np.random.default_rng(0).uniform(-0.1, 1.175, shape).astype("float32")
        found = np.asarray(answer(image.copy()))
        if found.shape != shape:
            return f"for an image of shape {shape} the result has shape {found.shape}."
        right = ndimage.grey_erosion(image, footprint=cross, mode="constant", cval=-0.1)
        if np.allclose(found, ndimage.grey_erosion(image, size=3, mode="constant", cval=-0.1)):
            return "these are eight neighbours; only those above, below, left and right count."
        if np.allclose(found, right):
            continue
        if np.allclose(found[1:-1, 1:-1], right[1:-1, 1:-1]):
            return "the inside is right, but not the edge: the neighbours outside of the image are paper, -0.1."
        return "which of the five values is the smallest? That becomes the pixel."
    return None


@exercise("11.5")
def _(answer):
    if not callable(answer):
        return "the answer is the function itself, its name without brackets."
    rng = np.random.default_rng(0)
    for _ in range(5):
        matrix, shift, point = np.eye(2) + 0.3 * rng.normal(size=(2, 2)), rng.normal(size=2), rng.normal(size=2)
        back, back_shift = (np.asarray(part, float) for part in answer(matrix.copy(), shift.copy()))
        if back.shape != (2, 2) or back_shift.shape != (2,):
            return "return two things: a matrix (2, 2) and a shift (2,)."
        fetched = matrix @ (back @ (point - back_shift) - shift)  # from the second result to the first original
        if not np.allclose(fetched, point):
            if np.allclose(matrix @ back, np.eye(2)):
                return "the matrix is right; the shift must be measured in the original, where the way back ends."
            return "p = A(q - s): solve it for q, and bring that into the same form."
    return None


# ------------------------------------------------------------------------------------------- 12 your own digits


@exercise("12.1")
def _(answer):
    answer = np.asarray(answer, float)
    if answer.shape != (2,):
        return "the answer is a list of two numbers: rows, columns."
    if answer[0] < answer[1]:
        return "rows come first; the box has more rows than columns."
    return None if answer.tolist() == [20, 7] else "the longer side becomes 20; what becomes of the proportions?"


@exercise("12.2")
def _(answer):
    rng = np.random.default_rng(12)
    for ground, ink in ((200, 40), (40, 200), (230, 120), (90, 160), (10, 250), (100, 20), (150, 215)):
        picture = np.tile(np.linspace(0, 25, 90), (80, 1)) + ground + rng.normal(0, 2, (80, 90))
        picture[20:60, 40:48] += ink - ground  # a stroke of 4 % of the picture
        found = answer(np.clip(picture, 0, 255).astype("uint8"))
        if not isinstance(found, (bool, np.bool_)):
            return "the function returns True or False."
        if found != (ink > ground):
            return f"a stroke of brightness {ink} on a ground of {ground} is {'' if ink > ground else 'not '}chalk."
    return None


@exercise("12.3")
def _(answer):
    page = np.zeros((40, 40), bool)
    page[2:6, 2:6] = page[6:9, 6:9] = True  # touch at a corner: 25 pixels
    page[20, 3:10] = True  # 7
    page[30:33, 30] = True  # 3
    for smallest, right in ((1, 3), (4, 2), (7, 2), (8, 1), (17, 1), (26, 0)):
        found = answer(page.copy(), smallest)
        if found == right + 1 and smallest < 10:
            return "one mark too many: do marks that touch at a corner only count as one?"
        if found != right:
            return f"marks of 25, 7 and 3 pixels hold {right} of at least {smallest}, not {found}."
    return None


@exercise("12.4")
def _(answer):
    image = np.random.default_rng(4).uniform(-0.1, 1.175, (32, 32, 1)).astype("float32")
    before = image.copy()
    found = np.asarray(answer(image))
    if not np.array_equal(image, before):
        return "the function changed the image that it was given; work on a copy."
    if found.shape != image.shape:
        return f"the result has shape {found.shape}, not {image.shape}."
    padded = np.pad(before[..., 0], 1, constant_values=-1)
    right = np.max([padded[1:-1, 1:-1], padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:]], 0)
    if np.abs(found[..., 0] - right)[1:-1, 1:-1].max() > 1e-6:
        return "a pixel inside is not the largest of itself and its neighbours above, below, left and right."
    blank = np.full((32, 32, 1), -0.1, "float32")
    if np.abs(found[..., 0] - right).max() > 1e-6 or np.abs(np.asarray(answer(blank.copy())) - blank).max() > 1e-6:
        return "inside all is right; look at the border."
    return None


@exercise("12.5")
def _(answer):
    import pathlib

    path = pathlib.Path(answer)
    if not path.is_file():
        return f"there is no file {path.name}."
    page = path.read_text(encoding="utf-8", errors="replace")
    if "lenet-pad" not in page:
        return "that file is not a pad; lk.save_pad writes one."
    if '"kind":"convolution"' in page:
        return "the network in that pad has a convolution."
    return None if '"kind":"dense"' in page else "the network in that pad has no dense layer."


# ------------------------------------------------------------------------------------------------ 13 many digits


@exercise("13.1")
def _(answer):
    hint = "the first window ends at column 32; how many steps of 4 pixels are left after it?"
    return _number(answer, len(range(32, 200 + 1, 4)), hint)


@exercise("13.2")
def _(answer):
    if answer == 4:
        return "that is the step of the network as it is; what does S4 with a stride of 3 make of S2's step?"
    return _number(answer, math.prod([1, 2, 1, 3]), "multiply the strides of all layers before C5.")


@exercise("13.3")
def _(answer):
    from .models import lenet5
    from .strings import space_displacement

    wide = [anatomy(space_displacement(lenet5(), width)).macs for width in (200, 204)]
    if answer == anatomy(lenet5()).macs:
        return "that is what a whole window costs; most of its maps have been computed already."
    hint = "four more columns of C1's maps, two more of C3's, and one more place for each layer after S4."
    return _number(answer, wide[1] - wide[0], hint)


@exercise("13.4")
def _(answer):
    if not callable(answer):
        return "the answer is the function itself, its name without brackets."
    rng = np.random.default_rng(13)
    for rows, columns, maps, units in ((5, 5, 16, 3), (2, 3, 4, 5), (1, 1, 6, 2)):
        dense = rng.normal(size=(rows * columns * maps, units))
        kernel = np.asarray(answer(dense.copy(), rows, columns))
        if kernel.shape != (rows, columns, maps, units):
            return f"for {maps} maps of {rows}×{columns} and {units} units the shape is {kernel.shape}."
        window = rng.normal(size=(rows, columns, maps))
        if not np.allclose(np.einsum("rcm,rcmu->u", window, kernel), window.ravel() @ dense):
            return "the shape is right, but not the order: Flatten reads row by row, and in a row map by map."
    return None


@exercise("13.5")
def _(answer):
    if not callable(answer):
        return "the answer is the function itself, its name without brackets."

    @functools.cache
    def fewest(a, b):
        if not a or not b:
            return len(a) + len(b)
        return min(fewest(a[1:], b) + 1, fewest(a, b[1:]) + 1, fewest(a[1:], b[1:]) + (a[0] != b[0]))

    pairs = [("", ""), ("7", ""), ("", "12"), ("123", "123"), ("1234", "234"), ("1123", "123"), ("5678", "8765")]
    rng = np.random.default_rng(5)
    pairs += [tuple("".join(map(str, rng.integers(0, 3, n))) for n in rng.integers(0, 8, 2)) for _ in range(30)]
    for read, wanted in pairs:
        found = answer(read, wanted)
        if np.ndim(found) or found != fewest(read, wanted):
            return f"from {read!r} to {wanted!r} it takes {fewest(read, wanted)} changes, your function says {found}."
    return None


# ---------------------------------------------------------------------------------------------- 14 from scratch


def _backward_hint(backward, forward, x, *weights):
    """A hint if a backward function's gradients are not those of finite differences; None if they are."""
    if not callable(backward):
        return "the answer is the function itself, its name without brackets."
    arrays = [x, *weights]
    y = forward(*arrays)
    g = np.random.default_rng(1).normal(size=y.shape)
    found = backward(g.copy(), x.copy(), y.copy(), *[array.copy() for array in weights])
    if not isinstance(found, (tuple, list)) or len(found) != len(arrays):
        count = "one array; mind the comma in (array,)." if len(arrays) == 1 else f"{len(arrays)} arrays."
        return f"the function must return a tuple of {count}"
    for name, array, gradient in zip(("x", "the coefficients", "the biases"), arrays, found, strict=False):
        if np.shape(gradient) != array.shape:
            return f"the slopes along {name} have shape {np.shape(gradient)}, not {array.shape}."
        wanted = np.empty_like(array)
        for place in np.ndindex(array.shape):
            moved = array.copy()
            sums = []
            for step in (1e-5, -1e-5):
                moved[place] = array[place] + step
                sums.append((g * forward(*[moved if a is array else a for a in arrays])).sum())
            wanted[place] = (sums[0] - sums[1]) / 2e-5
        if not np.allclose(gradient, wanted, rtol=1e-5, atol=1e-7):
            return f"the slopes along {name} are not those of finite differences; check them as in section 3."
    return None


def _windows(x):
    """The four numbers of each 2×2 window of maps (image, row, column, map), on a last axis of their own."""
    n, rows, columns, maps = x.shape
    grouped = x.reshape(n, rows // 2, 2, columns // 2, 2, maps)
    return grouped.transpose(0, 1, 3, 5, 2, 4).reshape(n, rows // 2, columns // 2, maps, 4)


@exercise("14.1")
def _(answer):
    losses = [(math.tanh(2 * 0.5 + b) - 1) ** 2 / 2 for b in (-0.6 + 1e-5, -0.6 - 1e-5)]
    right = (losses[0] - losses[1]) / 2e-5
    if isinstance(answer, (int, float)) and abs(answer - 2 * right) < 2e-3:
        return "that is the slope along w; the bias is not multiplied by x."
    return _number(answer, right, "three factors: y − t, the slope of tanh, and that of adding b.", tolerance=1e-3)


@exercise("14.2")
def _(answer):
    maps = np.zeros((20, 20, 8))
    right = np.lib.stride_tricks.sliding_window_view(maps, (3, 3), axis=(0, 1)).size
    return _number(answer, right, "how many places has the window, and how many numbers are in it, over all maps?")


@exercise("14.3")
def _(answer):
    x = np.random.default_rng(0).normal(size=(2, 4, 4, 3))
    return _backward_hint(answer, lambda x: np.maximum(x, 0), x)


@exercise("14.4")
def _(answer):
    x = np.random.default_rng(0).normal(size=(2, 4, 6, 3))
    return _backward_hint(answer, lambda x: _windows(x).max(axis=-1), x)


@exercise("14.5")
def _(answer):
    rng = np.random.default_rng(0)
    x, coefficient, bias = rng.normal(size=(2, 4, 6, 3)), rng.normal(size=3), rng.normal(size=3)
    return _backward_hint(answer, lambda x, c, b: _windows(x).sum(axis=-1) * c + b, x, coefficient, bias)
