"""Strings of digits composed of single ones, windows to train with, and a string cut into pieces again."""

from typing import NamedTuple

import numpy as np

from .. import distort
from ..data import INK, PAPER

BLANK = 10
"""The class that stands for "no digit here"; in a string it is not written."""
SIDE = 32
THRESHOLD = PAPER + 0.2 * (INK - PAPER)
"""A pixel that is darker than this counts as ink where a digit's ink box or a gap is looked for. The value is ours."""
FAR, NEAR = 4, 2
"""Pixels from a digit's centre from which on the answer is the blank; and between close digits. The values are ours."""
ONES = 0.1
"""The share of windows with two ones side by side: by chance they are rare, and they are hard. The value is ours."""
LEAST_INK = 12 * (INK - PAPER)
"""A piece of a cut string with less ink than twelve black pixels is dirt, no digit. The value is ours."""


class Strings(NamedTuple):
    """Composed strings of digits."""

    images: np.ndarray
    """float32 (n, 32, W, 1), paper -0.1 to ink 1.175, W = 32 + 4k, the same for all."""
    texts: np.ndarray
    """What is written in them, n texts."""
    centres: np.ndarray
    """(n, length): where column 16 of each digit's own image stands, its centre of mass to half a pixel."""


def ink_columns(images):
    """The ink box of each image: its first and its last column with ink.

    Args:
        images: (n, 32, width, 1), paper -0.1 to ink 1.175.

    Returns:
        int array (n, 2).

    Raises:
        ValueError: if an image has no ink.
    """
    inked = _inked(images)
    if not inked.any(axis=1).all():
        raise ValueError("An image without ink has no ink box: leave blank images out.")
    return np.stack([inked.argmax(axis=1), inked.shape[1] - 1 - inked[:, ::-1].argmax(axis=1)], axis=1)


def _inked(images):
    """Whether there is ink in each column of images (..., 32, width, 1): booleans (..., width)."""
    return np.asarray(images)[..., 0].max(axis=-2) > THRESHOLD


def compose(images, labels, count, length, spacing, rng, jitter=0):
    """Strings of digits, composed of single digits. Where two of them overlap, the darker ink stays.

    Args:
        images: (n, 32, 32, 1), paper -0.1 to ink 1.175.
        labels: (n,), digits 0 to 9.
        count, length: how many strings, of how many digits.
        spacing: columns between the ink boxes of neighbours. With 0 the boxes touch; below 0 they overlap, but never
            by more than half of the narrower one.
        rng: a numpy.random.Generator. It decides which digits, where in the image, and the jitter.
        jitter: largest number of rows by which a digit is moved up or down.

    Returns:
        Strings.

    Raises:
        ValueError: if images and labels do not fit, an image has no ink, or count or length is less than 1.
    """
    images, labels = _checked_digits(images, labels)
    if count < 1 or length < 1:
        raise ValueError(f"count and length must be at least 1, not {count} and {length}.")
    boxes = ink_columns(images)
    chosen = rng.integers(0, len(images), (count, length))
    lefts = np.pad(np.cumsum(_advances(boxes[chosen], spacing), axis=1), ((0, 0), (1, 0)))
    lefts -= lefts.min(axis=1, keepdims=True)
    needed = lefts.max(axis=1) + SIDE
    width = SIDE + 4 * -(-(needed.max() - SIDE) // 4)
    lefts += rng.integers(0, width - needed + 1)[:, None]
    strings = np.full((count, SIDE, width, 1), PAPER, "float32")
    rows = rng.integers(-jitter, jitter + 1, (count, length))
    for k in range(count):
        for number, left, down in zip(chosen[k], lefts[k], rows[k], strict=True):
            paste(strings[k], images[number], left, down)
    texts = np.array(["".join(map(str, labels[row])) for row in chosen])
    return Strings(strings, texts, lefts + SIDE // 2)


def training_images(
    images, labels, count, rng, noise=0.1, blanks=0.35, jitter=1, close=True, either=1 / 8, gaps=(-1, 4)
):
    """Windows to train with, cut out of strings of three digits; some have no digit at their centre.

    As in the article (section VII), the digit at the centre has a neighbour on each side, whose box stands -1 to 4
    pixels away; sometimes the centre is empty; some pixels are inverted. The rest is our choice. The digit at the
    centre stands up to 2 pixels off the middle, so that outputs 2 pixels apart (`sweep` in two passes) report it more
    than once. From 4 pixels on the answer is the blank; at 3 it is one or the other, by chance. Where two centres are
    close, less than 8 pixels apart, the digit is the answer up to 1 pixel and the blank from 2 on. One neighbour in
    six is missing, as at the ends of a string. Of the windows of the blank, six in ten stand between two digits.
    In one string of ten the middle digit and a neighbour are ones.

    Args:
        images, labels: as in `compose`.
        count: how many windows.
        rng: a numpy.random.Generator.
        noise: the probability with which each pixel is inverted; 0.1 in the article.
        blanks: the share of windows that are made for the class BLANK, without a digit at the centre.
        jitter: as in `compose`.
        close: whether windows stand between close digits, too. False: only where the centres are 8 pixels apart or
            more, so that no window shows a blank between two narrow digits; lesson 23 shows what that does.
        either: the share of the windows of a digit, without close neighbours, in which it stands 3 pixels off; half
            of them have the label BLANK. 0 to judge a network.
        gaps: the least and the largest number of columns between the boxes of neighbours; -1 and 4 in the article.

    Returns:
        (float32 array (count, 32, 32, 1), int32 array (count,) of labels 0 to 10).

    Raises:
        ValueError: if images and labels do not fit, an image has no ink, or noise, blanks or gaps are not as above.
    """
    images, labels = _checked_digits(images, labels)
    if not (0 <= noise <= 1 and 0 <= blanks <= 1):
        raise ValueError(f"noise and blanks are shares from 0 to 1, not {noise} and {blanks}.")
    if len(gaps) != 2 or gaps[0] > gaps[1]:
        raise ValueError(f"gaps are the least and the largest number of columns between two boxes, not {gaps}.")
    chosen = rng.integers(0, len(images), (count, 3))
    between_boxes = rng.integers(gaps[0], gaps[1] + 1, (count, 2))
    rows = rng.integers(-jitter, jitter + 1, (count, 3))
    there = rng.random((count, 3)) >= 1 / 6
    blank = rng.random(count) < blanks
    between = blank & (rng.random(count) < 0.6)
    sides, every = rng.choice([0, 2], count), np.arange(count)
    ones, pair = np.flatnonzero(labels == 1), rng.random(count) < ONES
    if len(ones):
        chosen[pair, 1] = rng.choice(ones, pair.sum())
        chosen[every[pair], sides[pair]] = rng.choice(ones, pair.sum())
    advance = _advances(ink_columns(images)[chosen], between_boxes)
    lefts = np.stack([-advance[:, 0], np.zeros(count, int), advance[:, 1]], axis=1)
    reach = lefts[every, sides]
    away = np.where(close & (abs(reach) < 2 * FAR), NEAR, FAR)
    between &= abs(reach) >= 2 * away
    steps = away + (rng.random(count) * (abs(reach) - 2 * away + 1)).astype(int)  # from away to reach - away
    there[:, 1] = ~blank | between
    there[every[between], sides[between]] = True
    apart = np.where(there[:, ::2], abs(lefts[:, ::2]), SIDE).min(axis=1)
    either = ~blank & (apart >= 2 * FAR) & (rng.random(count) < either)
    off = np.where(apart < 2 * FAR, rng.integers(-1, 2, count), rng.integers(-2, 3, count))
    off[either] = rng.choice([1 - FAR, FAR - 1], either.sum())
    moves = np.where(between, np.sign(reach) * steps, off)
    blank[either] = rng.random(either.sum()) < 0.5
    lefts -= moves[:, None]
    there &= either[:, None] | ~blank[:, None] | (abs(lefts) >= np.where(between, away, FAR)[:, None])
    windows = np.full((count, SIDE, SIDE, 1), PAPER, "float32")
    for k, each in np.argwhere(there):
        paste(windows[k], images[chosen[k, each]], lefts[k, each], rows[k, each])
    if noise:
        windows = distort.noise(windows, rng, noise)
    return windows, np.where(blank, BLANK, labels[chosen[:, 1]]).astype("int32")


def _checked_digits(images, labels):
    images, labels = np.asarray(images, "float32"), np.asarray(labels)
    if images.ndim != 4 or images.shape[1:] != (SIDE, SIDE, 1) or labels.shape != images.shape[:1] or not len(images):
        raise ValueError(f"Digits must be (n, 32, 32, 1) with labels (n,), not {images.shape} with {labels.shape}.")
    return images, labels


def _advances(boxes, gaps):
    """From each 32×32 image in a row to the next, so that there are `gaps` columns between their ink boxes.

    Args:
        boxes: (rows, length, 2), from `ink_columns`.
        gaps: (rows, length - 1), or one number for all.

    Returns:
        int array (rows, length - 1) of columns.
    """
    first, last = boxes[..., 0], boxes[..., 1]
    widths = last - first + 1
    overlap = np.minimum(widths[:, :-1], widths[:, 1:]) // 2
    return last[:, :-1] + 1 + np.maximum(gaps, -overlap) - first[:, 1:]


def paste(canvas, image, left, down=0):
    """Put an image (32, width, 1) into a canvas (32, W, 1): the darker ink stays, what lies outside is lost."""
    first, last = max(left, 0), min(left + image.shape[1], canvas.shape[1])
    if first < last:
        top, bottom = max(down, 0), min(SIDE + down, SIDE)
        place = canvas[top:bottom, first:last]
        np.maximum(place, image[top - down : bottom - down, first - left : last - left], out=place)


def cut(image):
    """Cut a string at its columns without ink: each piece becomes an image of its own, centred as MNIST's digits are.

    Args:
        image: (32, W, 1), paper -0.1 to ink 1.175.

    Returns:
        float32 array (pieces, 32, 32, 1), from left to right. The centre of mass of each piece stands in column 16.
        Its rows stay; the ends of a piece that is too wide are lost. Dirt is left out.
    """
    from scipy import ndimage

    image = np.asarray(image, "float32")
    pieces = []
    for (columns,) in ndimage.find_objects(ndimage.label(_inked(image))[0]):
        ink = (image[:, columns] - PAPER).astype(float)
        if ink.sum() >= LEAST_INK:
            pieces.append(np.full((SIDE, SIDE, 1), PAPER, "float32"))
            paste(pieces[-1], image[:, columns], round(SIDE / 2 - ndimage.center_of_mass(ink)[1]))
    return np.array(pieces, "float32").reshape(-1, SIDE, SIDE, 1)
