"""Strings of digits composed of single ones, windows to train with, and a string cut into pieces again."""

from typing import NamedTuple

import numpy as np

from .. import distort
from ..data import INK, PAPER

BLANK = 10
"""The class that stands for "no digit here"; in a string it is not written."""
SIDE = 32
THRESHOLD = PAPER + 0.2 * (INK - PAPER)
"""A pixel darker than this counts as ink, where the box of a digit or a gap is looked for; our choice."""
SPECK = 12
"""A piece with less ink than so many black pixels is no digit, where a string is cut at its gaps; our choice."""


class Strings(NamedTuple):
    """Composed strings of digits."""

    images: np.ndarray
    """float32 (n, 32, W, 1), paper -0.1 to ink 1.175, W = 32 + 4k, the same for all."""
    texts: np.ndarray
    """What is written in them, n texts."""
    centres: np.ndarray
    """(n, length): the column of each digit's centre of mass, to half a pixel (column 16 of its own image)."""


def ink_columns(images):
    """First and last column with ink of each image (n, 32, width, 1), as an array (n, 2).

    Raises:
        ValueError: if an image has no ink.
    """
    inked = np.asarray(images)[..., 0].max(axis=1) > THRESHOLD
    if not inked.any(axis=1).all():
        raise ValueError("An image without ink has no ink box: leave blank images out.")
    return np.stack([inked.argmax(axis=1), inked.shape[1] - 1 - inked[:, ::-1].argmax(axis=1)], axis=1)


def compose(images, labels, count, length, spacing, rng, jitter=0):
    """Strings of digits, composed of single ones; where two overlap, the darker ink stays.

    Args:
        images: (n, 32, 32, 1), paper -0.1 to ink 1.175.
        labels: (n,), digits 0 to 9.
        count, length: how many strings, of how many digits.
        spacing: columns without ink between the ink boxes of neighbours: 0 if the boxes touch, negative if they
            overlap, but never by more than half of the narrower one.
        rng: a numpy.random.Generator: which digits, where in the image, and the jitter.
        jitter: largest number of rows by which a digit is moved up or down.

    Returns:
        Strings.

    Raises:
        ValueError: if the digits do not fit together, or count or length is less than 1.
    """
    images, labels = _checked(images, labels)
    if count < 1 or length < 1:
        raise ValueError(f"count and length must be at least 1, not {count} and {length}.")
    boxes = ink_columns(images)
    chosen = rng.integers(0, len(images), (count, length))
    lefts = np.array([_lefts(boxes[row], np.full(length - 1, spacing)) for row in chosen])
    lefts -= lefts.min(axis=1, keepdims=True)
    needed = lefts.max(axis=1) + SIDE
    width = SIDE + 4 * -(-(needed.max() - SIDE) // 4)
    lefts += rng.integers(0, width - needed + 1)[:, None]
    strings = np.full((count, SIDE, width, 1), PAPER, "float32")
    rows = rng.integers(-jitter, jitter + 1, (count, length))
    for k in range(count):
        for number, left, down in zip(chosen[k], lefts[k], rows[k], strict=True):
            _paste(strings[k], images[number], left, down)
    texts = np.array(["".join(map(str, labels[row])) for row in chosen])
    return Strings(strings, texts, lefts + SIDE // 2)


def training_images(images, labels, count, rng, noise=0.1, blanks=0.35, jitter=1):
    """Windows on a string to train with: a character and its two neighbours, or none at the centre.

    As in the paper, the neighbours' boxes stand 1 to 4 pixels away or overlap the centre's, by 1 to 4
    pixels here; sometimes the centre is left out; some pixels are inverted. Ours: the centre stands up to 2
    pixels from the middle, since the outputs are 4 pixels apart; a neighbour is missing in one of six cases, as at the
    ends of a string; and half of the windows without a centre stand between two characters instead, at least 4
    pixels from the centre of either, where there is room.

    Args:
        images, labels: as in `compose`.
        count: how many windows.
        rng: a numpy.random.Generator.
        noise: the probability with which each pixel is inverted, paper to ink and back; 0.1 in the paper.
        blanks: the share of windows of the class BLANK.
        jitter: as in `compose`.

    Returns:
        (float32 array (count, 32, 32, 1), int32 array (count,) of labels 0 to 10).

    Raises:
        ValueError: if the digits do not fit together, or noise or blanks is no share.
    """
    images, labels = _checked(images, labels)
    if not (0 <= noise <= 1 and 0 <= blanks <= 1):
        raise ValueError(f"noise and blanks are shares from 0 to 1, not {noise} and {blanks}.")
    boxes = ink_columns(images)
    chosen = rng.integers(0, len(images), (count, 3))
    gaps = rng.choice([-4, -3, -2, -1, 1, 2, 3, 4], (count, 2))
    moves = rng.integers(-2, 3, count)
    blank = rng.random(count) < blanks
    between, sides = rng.random(count) < 0.5, rng.choice([0, 2], count)
    there = rng.random((count, 3)) >= 1 / 6
    there[:, 1] = True
    rows = rng.integers(-jitter, jitter + 1, (count, 3))
    windows = np.full((count, SIDE, SIDE, 1), PAPER, "float32")
    for k in range(count):
        lefts = _lefts(boxes[chosen[k]], gaps[k])
        lefts -= lefts[1]
        move = moves[k]
        if blank[k]:
            reach = abs(lefts[sides[k]])
            there[k, 1] = between[k] and reach >= 8
            if there[k, 1]:
                move = np.sign(lefts[sides[k]]) * rng.integers(4, reach - 3)
            there[k] &= abs(lefts - move) >= 4
        for number, left, down, is_there in zip(chosen[k], lefts - move, rows[k], there[k], strict=True):
            if is_there:
                _paste(windows[k], images[number], left, down)
    if noise:
        windows = distort.noise(windows, rng, noise)
    return windows, np.where(blank, BLANK, labels[chosen[:, 1]]).astype("int32")


def _checked(images, labels):
    images, labels = np.asarray(images, "float32"), np.asarray(labels)
    if images.ndim != 4 or images.shape[1:] != (SIDE, SIDE, 1) or labels.shape != images.shape[:1] or not len(images):
        raise ValueError(f"Digits must be (n, 32, 32, 1) with labels (n,), not {images.shape} with {labels.shape}.")
    return images, labels


def _lefts(boxes, gaps):
    """The left edges of 32×32 images in a row, so that there are `gaps` columns between their ink boxes."""
    lefts = [0]
    for (first, last), (next_first, next_last), gap in zip(boxes, boxes[1:], gaps, strict=False):
        overlap = min(last - first + 1, next_last - next_first + 1) // 2
        lefts.append(lefts[-1] + last + 1 + max(gap, -overlap) - next_first)
    return np.array(lefts)


def _paste(canvas, image, left, down=0):
    """Put an image (32, width, 1) into a canvas (32, W, 1): the darker ink stays, what lies outside is lost."""
    first, last = max(left, 0), min(left + image.shape[1], canvas.shape[1])
    if first < last:
        top, bottom = max(down, 0), min(SIDE + down, SIDE)
        place = canvas[top:bottom, first:last]
        np.maximum(place, image[top - down : bottom - down, first - left : last - left], out=place)


def cut(image):
    """Cut a string at its columns without ink: each piece as an image of its own, centred as MNIST's digits are.

    Args:
        image: (32, W, 1), paper -0.1 to ink 1.175.

    Returns:
        float32 array (pieces, 32, 32, 1), from left to right. The centre of mass of each piece stands in
        column 16; its rows stay, and of a piece that is too wide the ends are lost. Specks are left out.
    """
    image = np.asarray(image, "float32")
    inked = np.r_[False, image[..., 0].max(axis=0) > THRESHOLD, False]
    edges = np.flatnonzero(inked[1:] != inked[:-1]).reshape(-1, 2)
    pieces = []
    for first, last in edges:
        ink = (image[:, first:last] - PAPER).sum(axis=(0, 2))
        if ink.sum() < SPECK * (INK - PAPER):
            continue
        left = round(SIDE / 2 - (ink * np.arange(last - first)).sum() / ink.sum())
        piece = np.full((SIDE, SIDE, 1), PAPER, "float32")
        _paste(piece, image[:, first:last], left)
        pieces.append(piece)
    return np.array(pieces, "float32").reshape(-1, SIDE, SIDE, 1)
