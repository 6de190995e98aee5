"""What the exercises of notebook 01 accept: grey values, centres and distances worked out by other ways."""

import functools
import math

import numpy as np

from lenet_keras import data
from lenet_keras.course.exercises import UNKNOWN, a_function, a_number, compare, exercise, numbers


@functools.cache
def digits():
    return data.find()[0]


@exercise(
    "01.1",
    a_function,
    hints=[
        "two things were done in section 8, so two must be undone: the border, and the grey values.",
        "cut off two pixels on each side, and solve the formula of section 8 for p.",
        "p = (x + 0.1) · 255 / 1.275; round it with np.rint, and only then make it uint8 with astype.",
    ],
)
def undoing_the_normalisation(function):
    rng = np.random.default_rng(0)
    for count in (20, 1, 3):
        stored = rng.integers(0, 256, (count, 28, 28), dtype=np.uint8)  # made up, so nothing can be looked up
        wrong = not_as_stored(function.array(data.normalise(stored)), stored)
        if wrong:
            return wrong
    return None


def not_as_stored(found, stored):
    if found.shape != stored.shape:
        what = f"for {len(stored)} images the result must have shape {stored.shape}, not {found.shape}"
        sides = found.shape[1:3]
        more = {(32, 32): ": cut off the border", (28, 28): ": take off the last axis"}.get(sides, "")
        return f"{what}{more}."
    if found.dtype != np.uint8:
        return f"the result must be uint8, not {found.dtype}: round it, then end with astype."
    worst = np.abs(found.astype(int) - stored).max()
    if worst == 0:
        return None
    if worst == 1:
        return "some pixels are off by 1: astype cuts off fractions, so round first (np.rint)."
    if found.max() <= 1:
        return "the result must go from 0 to 255, not from 0 to 1."
    padded = np.pad(stored, [(0, 0), (2, 2), (2, 2)]).astype(int)
    for top, left in np.ndindex(5, 5):
        if (top, left) != (2, 2) and np.abs(padded[:, top : top + 28, left : left + 28] - found).max() <= 1:
            return "the grey values are right, but the border is two pixels wide on each of the four sides."
    return UNKNOWN


@exercise(
    "01.2",
    a_number,
    hints=[
        "make the mean of each class, as in section 4, and measure how far each training digit is from it.",
        "the answer to a digit is the class with the smallest distance: argmin over the ten distances.",
        "the share of answers that differ from y_train, times 100; take one mean after the other.",
    ],
)
def percentage_misread_by_mean_digits(answer):
    right = misread("distance")
    if compare(answer, right, within=0.5) is None:
        return None
    mistakes = {
        right / 100: "this is a share; give it in per cent.",
        100 - right: "so many are read rightly; the question is how many are read wrongly.",
        misread("product"): "the largest product is not the smallest distance: subtract, square and add up.",
        misread("steps"): "that is with distances not squared: take the Euclidean distance of section 4.",
    }
    if digits().name == "mnist":  # known, so that no test digits need be opened to recognise it
        mistakes[17.97] = "that is the percentage of the test digits: use the training digits."
    for wrong, why in mistakes.items():
        if compare(answer, wrong, within=wrong / 50) is None:
            return why
    return UNKNOWN


@functools.cache
def misread(by):
    """Percentage of the training digits that are read wrongly by the nearest, or the likest, mean digit."""
    x_train, labels = digits().x_train, digits().y_train
    images = x_train.reshape(len(x_train), -1).astype("float32") / 255
    means = np.eye(10, dtype="float32")[labels].T @ images / np.bincount(labels, minlength=10)[:, None]
    if by == "distance":
        # |x - m|² is smallest where |m|² - 2 x·m is; border and scale of the grey values do not matter.
        answers = ((means**2).sum(axis=1) - 2 * images @ means.T).argmin(axis=1)
    elif by == "product":  # of the grey values that the networks take, border and all
        low, high = data.PAPER, data.INK - data.PAPER
        border = (32 * 32 - 28 * 28) * low**2
        answers = ((low + high * images) @ (low + high * means).T + border).argmax(axis=1)
    else:
        answers = np.stack([np.abs(images - mean).sum(axis=1) for mean in means]).argmin(axis=0)
    return 100 * np.mean(answers != labels)


@exercise(
    "01.3",
    numbers(2),
    hints=[
        "subtracting the mean of all pixels makes the mean 0; what must you divide by for a variance of 1?",
        "divide by the standard deviation; the border counts among the pixels.",
        "(0 - mean) / deviation and (255 - mean) / deviation, of the training images padded to 32×32.",
    ],
)
def grey_values_of_mean_0_and_variance_1(pair):
    def near(*wanted, within=0.01):
        return np.abs(pair - wanted).max() <= within

    mean, deviation = mean_and_deviation(border=True)
    right = -mean / deviation, (1 - mean) / deviation
    if near(*right):
        return None
    plain_mean, plain_deviation = mean_and_deviation(border=False)
    if near(*right[::-1]):
        return "give the pair the other way round: first paper, then ink."
    if near(-plain_mean / plain_deviation, (1 - plain_mean) / plain_deviation):
        return "that is for 28×28 pixels: the border of the padded images counts too."
    if near(-mean / deviation**2, (1 - mean) / deviation**2):
        return "divide by the standard deviation, the square root of the variance."
    if near(mean, deviation) or near(255 * mean, 255 * deviation, within=0.5):
        return "these are mean and standard deviation; what do 0 and 255 become with them?"
    if near(data.PAPER, data.INK):
        return "these are the values of section 8, whose variance is far below 1."
    if near(*right, within=0.06):
        return "nearly: give two decimals."
    return UNKNOWN


@functools.cache
def mean_and_deviation(border):
    """Of all training pixels, grey from 0 to 1, out of the count of each grey value."""
    counts = sum(np.bincount(image.ravel(), minlength=256) for image in digits().x_train)
    counts[0] += border * len(digits().x_train) * (32 * 32 - 28 * 28)
    share, grey = counts / counts.sum(), np.arange(256) / 255
    mean = share @ grey
    return mean, math.sqrt(share @ (grey - mean) ** 2)


@exercise(
    "01.4",
    a_function,
    hints=[
        "where is the centre of mass now, and how far is it from row 14, column 14?",
        "section 6 moves digits like this; the image must not change otherwise, so do not fit it into a box.",
        "the difference between 14 and the centre, rounded, is the move; np.roll moves by whole pixels.",
    ],
)
def centring_by_whole_pixels(function):
    rng = np.random.default_rng(0)
    for height, width in ((12, 7), (20, 14), (9, 16), (5, 5), (18, 20), (16, 10), (7, 12), (20, 20)):
        ink = lopsided(height, width, rng)
        top, left = rng.integers((29 - height, 29 - width))
        best = best_place(ink)
        while (top, left) == best:
            top, left = rng.integers((29 - height, 29 - width))
        wrong = not_centred(function.array(placed(ink, top, left)), ink, (top, left), best)
        if wrong:
            return wrong
    return None


def lopsided(height, width, rng):
    """Ink in a box, more of it towards one corner: its centre of mass is not in the middle of the box."""
    rows, columns = np.linspace(0, 1, height)[:, None], np.linspace(0, 1, width)
    ramp = (rows if rng.integers(2) else 1 - rows) * (columns if rng.integers(2) else 1 - columns)
    return np.clip(1 + 254 * ramp ** rng.uniform(0.3, 1), 1, 255).astype(np.uint8)


def placed(ink, top, left):
    image = np.zeros((28, 28), np.uint8)
    image[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return image


def centre_of_mass(image):
    weight = image / image.sum()
    return weight.sum(axis=1) @ np.arange(28), weight.sum(axis=0) @ np.arange(28)


def best_place(ink):
    """Where the box must lie for the centre of mass to come nearest to (14, 14): all places are tried."""
    places = np.ndindex(29 - ink.shape[0], 29 - ink.shape[1])
    return min(places, key=lambda place: math.dist(centre_of_mass(placed(ink, *place)), (14, 14)))


def not_centred(found, ink, before, best):
    if found.shape != (28, 28):
        return f"the function must return an image of shape (28, 28), not {found.shape}."
    if np.array_equal(found, placed(ink, *best)):
        return None
    if not found.any():
        return "the function returned a blank image."
    if np.array_equal(found, placed(ink, *before)):
        return "the image came back where it was."
    moves = (np.roll(found, move, axis=(0, 1)) for move in np.ndindex(28, 28))
    if not any(np.array_equal(moved, placed(ink, *best)) for moved in moves):
        rows, columns = (1 + np.ptp(np.flatnonzero(found.any(axis=axis))) for axis in (1, 0))
        if max(abs(rows - ink.shape[0]), abs(columns - ink.shape[1])) > 1:
            return f"ink of {ink.shape[0]}×{ink.shape[1]} pixels became {rows}×{columns}: only move it."
        return "ink was changed: move the image by whole pixels, for example with np.roll."
    row, column = centre_of_mass(found)
    return (
        f"after your move a centre of mass is at row {row:.2f}, column {column:.2f}; "
        f"another move brings it nearer to row 14, column 14."
    )


@exercise(
    "01.5",
    a_number,
    hints=[
        "take one validation digit: its copy is any one of the other images.",
        "how many of the other 99,999 images are for training?",
        "90,000 of 99,999, in per cent.",
    ],
)
def percentage_of_copies_in_training(answer):
    images, validation = 100_000, 10_000
    learn = images - validation
    to_learn, to_validate = learn / images, validation / images
    right = 100 * learn / (images - 1)
    mistakes = {
        right / 100: "this is a share; give it in per cent.",
        100 - right: "for so many the copy is in the validation set too; the question is the training set.",
        100 * to_learn**2: "the digit itself is known to be for validation: only its copy is open.",
        100 * 2 * to_learn * to_validate: "that is the percentage of all pairs that are split; "
        "the question starts from a digit that is for validation.",
    }
    # Within 0.9, because the share varies by that much where it is acted out with 10,000 digits.
    return compare(answer, right, mistakes, within=0.9)
