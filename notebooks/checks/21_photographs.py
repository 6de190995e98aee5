"""What the exercises of notebook 21 accept: steps of the preparation, and a pad."""

import re

import numpy as np

from lenet_keras.course.exercises import UNKNOWN, Refused, a_file, a_function, exercise, numbers


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


def photo_of_a_stroke(ground, ink, corner=0):
    """A stroke on 4 % of a picture whose ground rises by 25 to the right, or changes in one corner."""
    rows, columns = np.indices((80, 90))
    light = corner * np.clip(2 * (rows / 80 + columns / 90 - 1), 0, 1) if corner else 25 * columns / 90
    picture = ground + light + np.random.default_rng(12).normal(0, 2, (80, 90))
    picture[20:60, 20:28] += ink - ground
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
    "21.2",
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


@exercise(
    "21.3",
    a_function,
    hints=[
        "ndimage.label takes a structure that says which neighbours connect; its default leaves corners out.",
        "with structure=np.ones((3, 3)) all eight neighbours connect.",
        "np.bincount of the labels counts the pixels of each component; number 0 is the paper.",
        "(np.bincount(components.ravel())[1:] >= smallest).sum() is the number of marks.",
    ],
)
def count_marks(function):
    page = np.zeros((40, 50), bool)
    page[2:6, 2:6] = page[6:9, 6:9] = True  # 16 and 9 that touch at a corner
    page[20, 3:10] = True
    page[30:33, 30] = True
    marks, by_sides = [25, 7, 3], [16, 9, 7, 3]
    limits = (1, 3, 4, 7, 8, 17, 26)

    def counts(sizes):
        return [sum(size >= limit for size in sizes) for limit in limits]

    mistakes = (
        (counts(by_sides), "marks that touch at a corner only are one mark."),
        (counts([*marks, page.size - 35]), "one too many: the paper, which is number 0, is no mark."),
        (counts([size - 1 for size in marks]), "a mark of exactly `smallest` pixels counts too."),
        ([3] * len(limits), "marks with fewer than `smallest` pixels do not count."),
    )
    for each in (page, page[:, ::-1]):  # corners may touch in two directions
        found = [function.number(each, limit) for limit in limits]
        for limit, wanted, mine in zip(limits, counts(marks), found, strict=True):
            if abs(mine - wanted) > 1e-6:
                known = next((f": {why}" for wrong, why in mistakes if found == wrong), ".")
                return f"of marks of 25, 7 and 3 pixels {wanted} have at least {limit}, not {mine:g}{known}"
    return None


CROSS = ((0, 0), (0, 1), (0, -1), (1, 0), (-1, 0))
SQUARE = tuple((down, right) for down in (-1, 0, 1) for right in (-1, 0, 1))


def of_neighbours(image, places, outside=-1.0, extreme=np.max):
    """The extreme of each pixel of (32, 32) and its neighbours at these places."""
    padded = np.pad(image, 1, constant_values=outside)
    return extreme([padded[1 + down : 33 + down, 1 + right : 33 + right] for down, right in places], axis=0)


@exercise(
    "21.4",
    a_function,
    hints=[
        "this is dilation: ndimage.grey_dilation, or five views of one array as in exercise 11.4.",
        "the footprint is a cross, [[0, 1, 0], [1, 1, 1], [0, 1, 0]].",
        'SciPy works on (32, 32): take image[..., 0], and mode="nearest" for the border.',
    ],
)
def thicken(function):
    random = np.random.default_rng(4).uniform(-0.1, 1.175, (32, 32, 1)).astype("float32")
    blank = np.full((32, 32, 1), -0.1, "float32")
    for image in (random, blank):  # zeros outside do not show on ink, but on blank paper
        found = function.array(image)
        if found.size != image.size:
            return f"the result has shape {found.shape}, not {image.shape}."
        found, before = found.reshape(32, 32), image[..., 0]
        right = of_neighbours(before, CROSS)

        def near(wanted, found=found, inside=slice(None)):
            return np.allclose(found[inside, inside], wanted[inside, inside], atol=1e-5)

        if near(right):
            continue
        if not near(right, inside=slice(1, -1)):
            if near(of_neighbours(before, SQUARE), inside=slice(1, -1)):
                return "these are eight neighbours; only those above, below, left and right count."
            if near(of_neighbours(before, CROSS, extreme=np.min), inside=slice(1, -1)):
                return "that is the smallest of the five values: it makes strokes thinner."
            if near(before):
                return "the image comes back as it was."
            return "a pixel inside is not the largest of itself and its four neighbours."
        if near(of_neighbours(before, CROSS, outside=0)):
            return "inside all is right, but not at the border: outside is paper, -0.1, and not 0."
        if near(np.max([np.roll(before, place, (0, 1)) for place in CROSS], axis=0)):
            return "inside all is right, but not at the border: np.roll brings in the opposite side."
        return "inside all is right; look at the border."
    return None


@exercise(
    "21.5",
    a_file,
    hints=[
        "begin with keras.Input((32, 32, 1)) and Flatten; then dense layers, the last with ten outputs.",
        'lk.save_pad(network, "my_pad.html") writes the page, trained or not.',
        'then answer = "my_pad.html", in quotes.',
    ],
)
def pad_without_convolutions(path):
    page = path.read_text(encoding="utf-8", errors="replace")
    kinds = re.findall(r'"kind": ?"(\w+)"', page)
    if "lenet-pad" not in page or not kinds:
        return "that file is not a pad; lk.save_pad writes one."
    if "convolution" in kinds:
        return "the network in that pad has a convolution."
    return None if "dense" in kinds else "the network in that pad has no dense layer."
