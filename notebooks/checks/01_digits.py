"""What the turns and exercises of notebook 01 accept: means, centres, grey values, and writers told apart."""

import functools
import math

import numpy as np

import lenet_keras as lk
from lenet_keras import data
from lenet_keras.course.exercises import UNKNOWN, a_function, a_number, compare, exercise, numbers


@functools.cache
def digits():
    return data.find()[0]


# ---------------------------------------------------------------------------------------------------- turns


def mean_digit(images, labels, digit):
    """The mean of all images (n, 28, 28) with that label: an array (28, 28)."""
    return images[labels == digit].mean(axis=0)


@exercise(
    "01.a",
    a_function,
    hints=[
        "which images have the label asked for? And which axis counts the images?",
        "labels == digit is the mask; the images are counted along axis 0.",
        "return images[labels == digit].mean(axis=0)",
    ],
    ours=mean_digit,
)
def the_mean_of_a_class(function):
    rng = np.random.default_rng(0)
    for count in (30, 50):
        images = rng.integers(0, 256, (count, 28, 28), dtype=np.uint8)
        labels = np.arange(count) % 3
        for digit in (0, 2):
            found, right = function.array(images, labels, digit), mean_digit(images, labels, digit)
            if found.shape == images[labels == digit].shape[:1]:
                return "that is one number for each image: the axis that is named disappears."
            if found.shape != (28, 28):
                return (
                    f"the result must have shape (28, 28), not {found.shape}: which axis counts the images?"
                )
            if np.allclose(found, right, atol=0.01):
                continue
            if np.allclose(found, images.mean(axis=0), atol=0.01):
                return "that is the mean of all images: pick those with the label first."
            if np.allclose(found, images[labels != digit].mean(axis=0), atol=0.01):
                return "those are the images with any other label."
            return UNKNOWN
    return None


def centre_row(images):
    """The row of the centre of mass of each image (n, 28, 28): an array (n,)."""
    ink = images.sum(axis=2)
    return (ink * np.arange(28)).sum(axis=1) / ink.sum(axis=1)


@exercise(
    "01.b",
    a_function,
    hints=[
        "the ink of a row is the sum over its columns; which axis counts the columns?",
        "axis 2 counts the columns. All the ink of an image is the sum of the ink of its rows.",
        "ink = images.sum(axis=2), and the second blank is ink.sum(axis=1).",
    ],
    ours=centre_row,
)
def the_row_of_the_centre_of_mass(function):
    rng = np.random.default_rng(0)
    for count in (4, 28, 9):
        images = (rng.integers(0, 256, (count, 28, 28)) * (rng.random((count, 28, 28)) < 0.3)).astype(
            np.uint8
        )
        images[:, 20:] = 0
        images[:, :, :5] = 0
        found, right = function.array(images), centre_row(images)
        if found.shape != right.shape:
            return f"for {count} images the result must have shape ({count},), not {found.shape}."
        if np.allclose(found, right, atol=1e-3):
            continue
        if np.allclose(found, centre_row(images.transpose(0, 2, 1)), atol=1e-3):
            return "that is the column: the ink of a row is the sum over its columns, axis 2."
        if np.allclose(found, right * images.sum(axis=(1, 2)) / images.sum(), atol=1e-3):
            return "divide by the ink of each image, not by that of all images together."
        if np.allclose(found, right * images.sum(axis=(1, 2)) / 28, rtol=1e-3):
            return "that is a sum over 28: divide by the ink of each image, not by the number of rows."
        return UNKNOWN
    return None


@exercise(
    "01.c",
    a_function,
    hints=[
        "columns are padded as rows are; padded / 255 is the p / 255 of the formula.",
        "the last pair is (2, 2).",
        "the line of the formula reads x = -0.1 + 1.275 * padded / 255",
    ],
    ours=data.normalise,
)
def padding_and_normalising(function):
    rng = np.random.default_rng(0)
    for count in (3, 1):
        images = rng.integers(0, 256, (count, 28, 28), dtype=np.uint8)
        found, right = function.array(images), data.normalise(images)
        if found.shape != right.shape:
            more = ": is the border there?" if 28 in found.shape[1:3] else "."
            return f"for {count} images the result must have shape {right.shape}, not {found.shape}{more}"
        if np.allclose(found, right, atol=1e-4):
            continue
        if np.allclose(found[:, 2:30, 2:30], right[:, 2:30, 2:30], atol=1e-4):
            return "the border should be paper, -0.1: pad first, then normalise."
        if np.allclose(found, np.pad(images, [(0, 0), (2, 2), (2, 2)])[..., None] / 255, atol=1e-4):
            return "that goes from 0 to 1: multiply by 1.275, and subtract 0.1."
        if np.allclose(found, right + 0.1, atol=1e-4):
            return "the -0.1 of the formula is missing."
        if np.allclose(found, right + 0.2, atol=1e-4):
            return "0.1 is subtracted, not added."
        if np.allclose(found[:, [0, -1]], right[:, [0, -1]], atol=1e-4):
            if np.allclose(np.sort(found, axis=2), np.sort(right, axis=2), atol=1e-4):
                return "as many columns of paper belong before the image as behind it."
            return "the border is right, the ink is not: see the two numbers of the formula."
        return UNKNOWN
    return None


# ------------------------------------------------------------------------------------------------ exercises


@exercise(
    "01.1",
    numbers(2),
    hints=[
        "the mean takes away the two axes that are named; what is left? And what does None add?",
        "the mean over rows and columns leaves one number for each image: (60000,). None adds an axis.",
    ],
)
def the_shape_of_means_with_a_new_axis(pair):
    mistakes = {
        (28, 28): "that would be the mean over axis 0, over all images.",
        (1, 60000): "the new axis comes after the first one: [:, None].",
        (60000, 28): "both axes 1 and 2 are averaged away; what does None make?",
    }
    return None if tuple(pair) == (60000, 1) else mistakes.get(tuple(pair), UNKNOWN)


@exercise(
    "01.2",
    numbers(2),
    hints=[
        "subtracting the mean of all pixels makes the mean 0; what must you divide by for a variance of 1?",
        "divide by the standard deviation; the border counts among the pixels.",
        "(-0.1 - mean) / np.sqrt(variance) and the same with 1.175; both are worked out in section 4.",
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
        return "these are the values of section 4, whose variance is far below 1."
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
    "01.3",
    a_number,
    hints=[
        "10 - 30 is below 0, and uint8 holds no negative numbers: where does it go on?",
        "below 0 it goes on from 255 downwards: 10 - 30 is 20 steps below 0.",
        "256 - 20; and abs changes nothing, since it is not negative.",
    ],
)
def a_difference_of_bytes(answer):
    mistakes = {
        20: "that is what the friend wants; uint8 does something else.",
        -20: "uint8 holds no negative numbers.",
        235: "nearly: after 255 comes 0, so there are 256 numbers in the circle.",
        0: "it does not stop at 0: it goes on from the other end.",
        255: "it does not stop at the other end either.",
    }
    return compare(answer, (10 - 30) % 256, mistakes)


@exercise(
    "01.4",
    a_function,
    hints=[
        "two things were done in section 4, so two must be undone: the border, and the grey values.",
        "cut off two pixels on each side, and solve the formula of section 4 for p.",
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
    "01.5",
    a_number,
    hints=[
        "a mean changes from stretch to stretch if each holds few *different* hands.",
        "each stretch has as many digits at odd places as at even ones. How many writers are in it?",
        "the Census digits stand writer by writer, about a hundred from each: see the correlations.",
    ],
)
def why_the_means_of_the_census_digits_vary(number):
    mistakes = {
        1: "the article says that they wrote more cleanly.",
        3: "each stretch takes as many digits at odd places as at even ones.",
        4: "that would spoil each digit, but a mean over a stretch much less; and nothing shows it.",
    }
    return compare(number, 2, mistakes)


@exercise(
    "01.6",
    a_number,
    hints=[
        "make the mean of each class from the digits to learn from, and measure distances from it.",
        "the answer to a digit is the class with the smallest distance: argmin over the ten distances.",
        "the share of answers that differ from the labels, times 100; take one mean after the other.",
    ],
)
def percentage_misread_by_mean_digits(answer):
    right = misread("held back")
    if any(
        compare(answer, misread(part), within=0.06) is None for part in ("held back", "held back, all means")
    ):
        return None
    mistakes = {
        right / 100: "this is a share; give it in per cent.",
        100 - right: "so many are read rightly; the question is how many are read wrongly.",
        misread("learn"): "that is for the digits to learn from: take those held back.",
        misread("product"): "the largest product is not the smallest distance: subtract, square and add up.",
        misread("steps"): "that is with distances not squared: square the differences, then add up.",
    }
    for wrong, why in mistakes.items():
        if compare(answer, wrong, within=wrong / 100) is None:
            return why
    if 85 < answer < 95:
        return (
            "that is as bad as a guess. Differences of uint8 are wrong below 0: make float32 of them first."
        )
    return UNKNOWN


@functools.cache
def misread(how):
    """Percentage that is read wrongly by the nearest, or the likest, mean digit."""
    learn, held_back = lk.split(digits())
    flat = digits().x_train.reshape(len(digits().x_train), -1).astype("float32") / 255
    labels = digits().y_train
    among = np.arange(len(labels)) if "all means" in how else learn
    means = np.stack([flat[among][labels[among] == digit].mean(axis=0) for digit in range(10)])
    asked = learn if how == "learn" else held_back
    images = flat[asked]
    if how == "product":
        answers = (images @ means.T).argmax(axis=1)
    elif how == "steps":
        answers = np.stack([np.abs(images - mean).sum(axis=1) for mean in means]).argmin(axis=0)
    else:  # |x - m|² is smallest where |m|² - 2 x·m is
        answers = ((means**2).sum(axis=1) - 2 * images @ means.T).argmin(axis=1)
    return 100 * np.mean(answers != labels[asked])


@exercise(
    "01.7",
    a_function,
    hints=[
        "labels of your own: 1 at odd places, 0 at even ones, in the first 58,100; learn them.",
        "one limit of the slant for each class is not quite enough; a network sees more than the slant.",
        "train lk.lenet5(outputs=2) on lk.normalise(images) with these labels, and keep it in your function.",
    ],
)
def telling_the_crowds_apart(function):
    _, held_back = lk.split(digits())
    mixed = held_back[held_back < 58_100]
    found = function.array(digits().x_train[mixed], digits().y_train[mixed], truths=True)
    if found.shape != mixed.shape:
        return f"for {len(mixed):,} digits the result must have shape ({len(mixed):,},), not {found.shape}."
    if not np.isin(found, (0, 1)).all():
        return "the result must hold True and False, or 1 and 0."
    right = 100 * np.mean(found == mixed % 2)
    if digits().name != "mnist" or right >= 72:  # other digits have no crowds
        return None
    if right < 40:
        return f"it is right for {right:.1f} %: are True and False exchanged?"
    return f"it is right for {right:.1f} %; the goal is 72 %."
