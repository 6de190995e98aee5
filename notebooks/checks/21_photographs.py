"""What the turns and exercises of lesson 21 accept: steps from a photo to ink, and one's own photograph."""

import functools

import numpy as np
from scipy import ndimage

import lenet_keras as lk
from lenet_keras.course import paper
from lenet_keras.course.exercises import (
    UNKNOWN,
    Refused,
    a_function,
    a_number,
    compare,
    compare_arrays,
    exercise,
    numbers,
)


def dark(grey):
    """The course's own answer to turn 21.a."""
    return grey < (grey.min() + grey.max()) / 2


@exercise(
    "21.a",
    a_function,
    hints=[
        "grey.min() is the value of the darkest pixel, grey.max() that of the brightest.",
        "the middle of two numbers is half their sum.",
        "middle = (grey.min() + grey.max()) / 2",
    ],
    ours=dark,
)
def one_threshold(function):
    for seed in range(3):
        grey = np.random.default_rng(seed).uniform(0.1 * seed, 0.9, (6, 8))
        found = function.array(grey, truths=True)
        if found.shape != grey.shape:
            return f"the result has to have the shape {grey.shape}, not {found.shape}."
        found = np.asarray(found, float)
        if np.array_equal(found, grey > (grey.min() + grey.max()) / 2):
            return "True stands where there is paper: ink is darker, so its values are smaller."
        if not np.array_equal(found, dark(grey)):
            if np.array_equal(found, grey < grey.mean()):
                return (
                    "that is the mean of all pixels; the middle of the darkest and the brightest is wanted."
                )
            if np.array_equal(found, grey < (grey.max() - grey.min()) / 2):
                return "half the difference is how far the middle lies above the darkest: take half the sum."
            return UNKNOWN
    return None


def share_of_light(grey, width=41):
    """The course's own answer to turn 21.b."""
    return grey / ndimage.grey_closing(grey, (width, width))


def page_half_in_shadow(seed=0):
    """Grey values: paper of 0.8 and 0.4, with strokes of up to 9 pixels that reflect a quarter."""
    rng = np.random.default_rng(seed)
    light = np.where(np.arange(120) < 60, 0.8, 0.4) * np.ones((100, 1))
    grey = light.copy()
    for left in (20, 80):
        width = int(rng.integers(4, 9))
        grey[30:70, left : left + width] *= 0.25
    return grey, light


@exercise(
    "21.b",
    a_function,
    hints=[
        "light multiplies: where there is half the light, the same ink takes away half as much.",
        "what would be there if nothing were missing? The paper alone.",
        "return 1 - missing / paper",
    ],
    ours=share_of_light,
)
def a_share(function):
    for seed in range(2):
        grey, _ = page_half_in_shadow(seed)
        wide = ndimage.grey_closing(grey, (41, 41))
        mistakes = [
            (wide / grey, "that is the other way round: ink would be larger than 1."),
            (wide - grey, "light multiplies: in the shadow the difference is smaller too. Divide."),
            (grey - wide, "light multiplies: in the shadow the difference is smaller too. Divide."),
            (1 - grey / wide, "that is the ink; the share of the light is wanted, 1 for paper."),
            (wide, "that is the paper alone."),
            (2 - wide / grey, "a share of what would be there without ink: of the paper, not of the grey."),
            (1 - (wide - grey) / wide.max(), "a share of the paper at the same place, not of the brightest."),
        ]
        wrong = compare_arrays(function.array(grey), grey / wide, mistakes)
        if wrong is not None:
            return wrong
    return None


def criterion(values, t):
    """The course's own answer to turn 21.c."""
    above, below = values[values > t], values[values <= t]
    if len(above) == 0 or len(below) == 0:
        return 0.0
    w1 = len(above) / len(values)
    return (1 - w1) * w1 * (above.mean() - below.mean()) ** 2


@exercise(
    "21.c",
    a_function,
    hints=[
        "the two shares add up to 1, so w0 is 1 - w1.",
        "above.mean() and below.mean() are the two means; ** 2 is the square.",
        "return (1 - w1) * w1 * (above.mean() - below.mean()) ** 2",
    ],
    ours=criterion,
)
def otsus_criterion(function):
    for seed in range(3):
        rng = np.random.default_rng(seed)
        values = np.concatenate([rng.normal(0, 0.1, 60), rng.normal(0.7, 0.1, 20)])
        t = 0.3 + 0.1 * seed
        above, below = values[values > t], values[values <= t]
        w1, apart = len(above) / len(values), above.mean() - below.mean()
        mistakes = {
            (1 - w1) * w1 * apart: "the difference of the means is squared.",
            apart**2: "the shares are missing: without them one single dark pixel would be the best class.",
            w1 * apart**2: "one of the two shares is missing: the other is 1 - w1.",
            (1 - w1) * w1 * (above.sum() - below.sum()) ** 2: "the means are wanted, not the sums.",
        }
        wrong = compare(function.number(values, t), criterion(values, t), mistakes, within=1e-9)
        if wrong is not None:
            return wrong
    return None


def darkened(fitted):
    """The course's own answer to turn 21.d."""
    return np.clip(fitted / np.percentile(fitted[fitted > 0], 90), 0, 1)


@exercise(
    "21.d",
    a_function,
    hints=[
        "the 90th percentile of the whole array would be paper, where there is little ink.",
        "fitted > 0 is an array of True and False; in square brackets it picks the values where it is True.",
        "level = np.percentile(fitted[fitted > 0], 90)",
    ],
    ours=darkened,
)
def full_ink_again(function):
    for seed in range(2):
        fitted = np.zeros((20, 11))
        fitted[:, 4:6] = np.random.default_rng(seed).uniform(0.05, 0.35, (20, 2))
        fitted[2, 2] = 0.3
        try:
            found = function.array(fitted)
        except Refused as refused:
            if "boolean subtract" in str(refused):
                return "fitted > 0 is True or False at each place; the values there are fitted[fitted > 0]."
            if isinstance(refused.__cause__, IndexError):
                return "in square brackets goes what is True where there is ink: fitted[fitted > 0]."
            raise
        if found.shape != fitted.shape:
            return f"the result has to have the shape {fitted.shape}."
        mistakes = [
            (
                np.clip(fitted / np.percentile(fitted, 90), 0, 1),
                "so paper counts too: only values above 0 are ink.",
            ),
            (fitted / fitted.max(), "that is the largest value; one single dark pixel would decide."),
            (fitted, "the array comes back as it was."),
            (fitted / np.percentile(fitted[fitted > 0], 90), "what is above 1 then is to be cut off at 1."),
        ]
        wrong = compare_arrays(found, darkened(fitted), mistakes)
        if wrong is not None:
            return wrong
    return None


@exercise(
    "21.1",
    numbers(2),
    hints=[
        "the longer side becomes 20; what becomes of the proportions?",
        "66 rows become 20, so everything shrinks by the factor 20/66, the columns too.",
        "20 · 24 / 66, rounded to whole pixels.",
    ],
)
def size_after_fitting(answer):
    rows, columns = 66, 24
    narrow = min(range(1, 21), key=lambda width: abs(width * rows - 20 * columns))  # nearest in proportion

    def near(size):
        return np.allclose(answer, size, atol=1e-3)

    if near((20, narrow)):
        return None
    if near((narrow, 20)):
        return "rows come first; the box has more rows than columns."
    if abs(answer[0] - 20) < 1e-3 and narrow < answer[1] < narrow + 0.5:
        return "a whole number of pixels is wanted: round to the nearest."
    mistakes = (
        ((20, narrow + 1), "round to the nearest whole number, not up."),
        ((20, 20), "the box keeps its shape; only its longer side becomes 20."),
        ((55, 20), "it is the longer side that becomes 20."),
        ((28, round(28 * columns / rows)), "28×28 is the field; the digit fits 20×20."),
        ((32, round(32 * columns / rows)), "32×32 is the image; the digit fits 20×20."),
    )
    return next((why for size, why in mistakes if near(size)), UNKNOWN)


@exercise(
    "21.2",
    a_number,
    hints=[
        "how many old pixels wide is one new pixel, if 900 rows become 20?",
        "a new pixel is 45 old pixels wide, and 9 of them are ink.",
        "the average of 9 columns of full ink and 36 of paper.",
    ],
)
def ink_of_a_thin_stroke(answer):
    side = 900 / 20
    mistakes = {
        9 / 900: "that is the stroke's share of the whole digit; a new pixel is 45 old ones wide.",
        9 / side**2: "the stroke runs through the whole height of the pixel, so only widths count.",
        9 / 20: "a new pixel is 900 / 20 old ones wide, not 20.",
        side / 9: "that is the other way round.",
        1 - 9 / side: "that is the share of paper.",
    }
    return compare(answer, 9 / side, mistakes, within=1e-3, share=True)


@functools.cache
def kinds_lost():
    """How many kinds of paper have no page on which one threshold finds the right number of marks."""
    lost = 0
    for kind in paper.KINDS:
        counts = []
        for number in range(5):
            digits = "".join(map(str, np.random.default_rng([number, 21]).permutation(10)[:5]))
            grey = ndimage.gaussian_filter(paper.photographed_page(digits, kind, [number, 22]) / 255, 1)
            labels, _ = ndimage.label(dark(grey), np.ones((3, 3)))
            tall = [rows.stop - rows.start for rows, _ in ndimage.find_objects(labels)]
            counts.append(sum(height >= 0.4 * max(tall) for height in tall))
        lost += 5 not in counts
    return lost


@exercise(
    "21.3",
    a_number,
    hints=[
        "look at the column of one threshold, and count the rows with 0.",
        'results["one threshold"] is a dict from kind to digits read.',
        'sum(right == 0 for right in results["one threshold"].values())',
    ],
)
def kinds_without_any_digit(answer):
    right = kinds_lost()
    mistakes = {10 - right: "those are the kinds of which something is read; count the others."}
    mistakes |= {right - 1: "there is one more.", right + 1: "one too many: a small number is not 0."}
    return compare(answer, right, mistakes)


@exercise(
    "21.4",
    a_function,
    hints=[
        "there are two faults: how the paper is found, and what is done with it.",
        "a blurred page is darker where there is ink: it is not the paper alone. Section 4 has a better way.",
        "light multiplies, so divide by the paper; a closing with a window wider than 10 pixels gives it.",
        "return grey / ndimage.grey_closing(grey, (41, 41))",
    ],
)
def light_made_even(function):
    for seed in range(2):
        grey, light = page_half_in_shadow(seed)
        found = function.array(grey)
        if found.shape != grey.shape:
            return f"the result has to have the shape {grey.shape}, not {found.shape}."
        is_ink = grey < 0.5 * light
        blank = ~ndimage.binary_dilation(is_ink, iterations=12)
        blank[:, 45:75] = False  # the edge of the shadow
        if np.abs(found[blank] - 1).max() > 0.03:
            return "paper should come out as 1, in the light and in the shadow."
        left, right = (found[:, part][is_ink[:, part]].mean() for part in (slice(60), slice(60, None)))
        if abs(left - right) > 0.05:
            return f"ink is {left:.2f} in the light and {right:.2f} in the shadow: divide, do not subtract."
        if abs(left - 0.25) > 0.05:
            return f"ink that reflects 0.25 comes out as {left:.2f}: is the paper found without the ink?"
    return None


def photo_of_a_stroke(ground, ink, corner=0):
    """A stroke on 4 % of a picture whose ground rises by 25 to the right, or changes in one corner."""
    rows, columns = np.indices((80, 90))
    light = corner * np.clip(2 * (rows / 80 + columns / 90 - 1), 0, 1) if corner else 25 * columns / 90
    picture = ground + light + np.random.default_rng(12).normal(0, 2, (80, 90))
    picture[22:58, 32:41] += ink - ground  # so far from the edges that a window of 41 does not reach both
    return np.clip(picture, 0, 255).astype("uint8")


def truth(found):
    """True or False, or the 1 or 0 that stands for it."""
    try:
        value = np.asarray(found).item()
    except (TypeError, ValueError):  # no single value
        value = None
    if value not in (0, 1):
        raise Refused("your function must give back True or False.")
    return bool(value)


@exercise(
    "21.5",
    a_function,
    hints=[
        "most of the picture is ground: which number tells the brightness that most pixels have?",
        "the median is ground; ink lies on one side of it.",
        "compare the brightest pixels with the median, and the darkest: which are further away?",
        "np.percentile(photo, [0.5, 50, 99.5]) gives the three numbers to compare.",
    ],
)
def is_chalk(function):
    pictures = [(200, 40), (40, 200), (230, 120), (90, 160), (10, 250), (100, 20), (150, 215)]
    pictures += [(100, 200, -60), (160, 60, 60)]
    for ground, ink, *corner in pictures:
        photo = photo_of_a_stroke(ground, ink, *corner)
        right = ink > ground
        if truth(function(photo)) == right:
            continue
        if truth(function(photo.astype(float))) == right:
            return "uint8 has no numbers below 0: begin with photo = photo.astype(float)."
        where = f"of {ground}"
        if corner:
            where += f" that {'falls' if corner[0] < 0 else 'rises'} to {ground + corner[0]} in one corner"
        return f"a stroke of brightness {ink} on a ground {where} is {'' if right else 'not '}chalk."
    return None


LINES = [
    [(10, 12, 60, 40), (22, 55, 70, 90), (8, 100, 50, 130)],
    [(95, 20, 140, 45), (80, 60, 128, 88), (104, 110, 150, 140)],
    [(170, 5, 220, 30)],
]
"""Boxes in reading order, in three lines: neighbours overlap in height, the ends of one line need not."""


@exercise(
    "21.6",
    a_function,
    hints=[
        "sort by the top first; then decide for each mark whether it begins a new line.",
        "a mark begins a new line if its top lies below the bottoms of all marks of the line so far.",
        "then sort the marks of each line by their left sides.",
        "lines = []; for k in np.argsort(boxes[:, 0]): new line if not lines or boxes[k, 0] >= the largest "
        "bottom of lines[-1], else lines[-1].append(k).",
    ],
)
def reading_order(function):
    boxes = np.array([box for line in LINES for box in line])
    for seed in range(6):
        order = np.random.default_rng(seed).permutation(len(boxes))
        mixed = boxes[order] + 7 * seed * np.array([1, 0, 1, 0])  # fixed bands of rows do not fit
        wanted = np.argsort(order)
        found = function.array(mixed)
        if found.shape != wanted.shape:
            return f"there are {len(boxes)} marks, so give back {len(boxes)} numbers."
        if np.array_equal(found, wanted):
            continue
        if np.array_equal(np.sort(found), np.arange(1, len(boxes) + 1)):
            return "the marks are numbered from 0 on."
        if np.array_equal(found, np.argsort(mixed[:, 0])):
            return "sorted by the top alone: within a line, what stands a little lower may be farther left."
        if np.array_equal(found, np.argsort(mixed[:, 1])):
            return "sorted by the left side alone: the lines are mixed."
        if np.array_equal(found, order):
            return "that is for each mark its place; for each place its mark is wanted (np.argsort)."
        return UNKNOWN
    return None


def a_photo_and_its_digits(answer):
    """A kind: a picture, and the digits on it as a text."""
    if not isinstance(answer, (list, tuple)) or len(answer) != 2:
        raise Refused("give a list of two: the photo, and a text with its digits.")
    photo, digits = answer
    if not isinstance(digits, str) or not digits.replace(" ", "").replace("\n", "").isdigit():
        raise Refused("the second is a text of digits only, in quotes.")
    digits = digits.replace(" ", "").replace("\n", "")
    try:
        return lk.ink.separate(photo), digits
    except ValueError as error:
        raise Refused(str(error)) from None


@exercise(
    "21.7",
    a_photo_and_its_digits,
    hints=[
        "lk.plots.page_with_boxes shows which marks were taken for digits.",
        "too many or too few? Let no digits touch, and keep the edge of the table out of the picture.",
        "wrong answers? Look at the prepared images, found[k].image, with lk.plots.digit_grid.",
    ],
)
def own_photograph(answer):
    found, digits = answer
    if len(digits) < 20:
        return f"write at least twenty digits, not {len(digits)}."
    if len(found) != len(digits):
        return f"{len(found)} digits were found on the photo, not the {len(digits)} of your text."
    answers = network()(np.stack([digit.image for digit in found])).numpy().argmax(axis=1)
    right = sum(int(a) == int(b) for a, b in zip(answers, digits, strict=True))
    if right < 0.9 * len(digits):
        return f"{right} of {len(digits)} are read rightly; nine in ten is the goal."
    return None


@functools.cache
def network():
    """The course's standard network, without a word."""
    model = lk.lenet5()
    model.load_weights(lk.models.DATA / "lenet5.weights.h5")
    return model
