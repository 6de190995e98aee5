"""Handwriting on paper: a photo or scan becomes 32×32 digits as MNIST would have made them.

Ink is whatever is written with strokes and stands out clearly from the paper around it, darker or lighter. Squared and
ruled paper, forms, shadows, the edge of a desk, small print and decimal points are left out; what cannot be told from a
digit is refused. `separate` finds the digits of a page one by one, `prepare` expects a single one. Both take the same
kinds of picture:

- an array (height, width) of grey values, or (height, width, channels): 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA;
- of integers, floats or booleans. Values from 0 to 1, to 255 or to 65535 are brightness on that scale: the largest
  value says which it is, but uint8 always goes to 255. Other values are stretched from their smallest to their largest.
- Or a path to an image file (whatever Pillow reads; a photo is turned as the camera was held), or a Pillow image.

What is transparent is white, but a drawing in one colour on a transparent layer is black on white. All pictures are
brought to 256 grey values; one with more than LONGEST pixels along a side is shrunk first, so time and memory hardly
grow with its size.
"""

from typing import NamedTuple

import numpy as np

from .lines import without_lines
from .marks import find_digits, finish, reading_order
from .opening import as_grey
from .paper import dark_on_light, evened_out, threshold


class Found(NamedTuple):
    """A digit found on a page."""

    box: tuple
    """(top, left, bottom, right) in pixels of the page; bottom and right are the first row and column after it."""
    image: np.ndarray
    """float32 (32, 32, 1), from -0.1 to 1.175."""


def prepare(image, steps=False):
    """Turn a picture of one handwritten digit into the 32×32 image that MNIST would have made of it.

    Args:
        image: a picture, as this module's first lines say. The digit may be anywhere on it, of any size from about
            a fortieth of the picture on, dark on light or light on dark; the light may be uneven; small specks are
            ignored.
        steps: whether to return all steps too.

    Returns:
        float32 (32, 32, 1), from -0.1 (paper) to 1.175 (ink), as the images of `load_digits` are: np.stack makes
        many of them a batch, and prepare(photo)[None] is a batch of one. With steps, (image, dict): the pictures
        "grey" (brightness from 0 to 1), "inverted" (so that ink is brighter than paper), "evened" (0 for paper
        everywhere), "threshold" (0 for all that is not ink), "cropped" (the box of the ink), "fitted" (at most
        20×20, still from 0 to 1), "centred" (uint8, 28×28) and "normalised" (the image), in this order.

    Raises:
        ValueError: for something that is no picture, for a picture without ink, for one with several digits, and for
            one in which lines or a pattern run through everything.

    Source: how MNIST's digits were made (20×20, grey edges, centre of mass); the article, section II-B, for the values.
    """
    pictures = _ink_steps(image)
    digits = find_digits(pictures["threshold"])
    # It may be broken into parts; light on dark ground in a light margin; or a dot or a dash, which is no digit.
    for turned, way in ((False, {"alone": True}), (True, {"alone": True}), (False, {"anything": True})):
        others = _ink_steps(image, turned=True) if turned else pictures
        other_digits = find_digits(others["threshold"], **way)
        if len(other_digits) == 1 and not (turned and _lies_between(other_digits[0][0], [box for box, _ in digits])):
            pictures, digits = others, other_digits
        if len(digits) == 1:
            break
    if not digits:
        raise ValueError("No ink was found: nothing on the picture stands out clearly from its background.")
    if len(digits) > 1:
        raise ValueError(
            f"{len(digits)} separate digits were found, not one: cut the picture, or use lk.ink.separate, "
            f"which prepares each."
        )
    made = {name: pictures[name] for name in ("grey", "inverted", "evened", "threshold")}
    made |= finish(made["threshold"], *digits[0])
    return (made["normalised"], made) if steps else made["normalised"]


def _lies_between(one, boxes):
    """Whether boxes (top, left, bottom, right) stand beside each other, and one shares pixels with them.

    Then what was taken for ink is the paper between digits.
    """
    beside = len(boxes) > 1 and max(box[1] for box in boxes) >= min(box[3] for box in boxes)
    return beside and any(one[0] < box[2] and box[0] < one[2] and one[1] < box[3] and box[1] < one[3] for box in boxes)


def separate(page):
    """Find the digits on a page and prepare each as `prepare` does.

    A digit is a mark of ink that touches no other, together with small marks that lie close to it (the bar of
    a 5) and marks whose boxes lie mostly in each other. Digits that touch each other count as one.

    Args:
        page: a picture, as this module's first lines say.

    Returns:
        list of Found, in reading order: lines from top to bottom, each from left to right. Empty if there is no ink.

    Raises:
        ValueError: for something that is no picture, a picture with very many marks, or one in which lines or a pattern
            run through everything.
    """
    pictures = _ink_steps(page)
    factor, (height, width) = pictures["factor"], pictures["size"]
    found = []
    for box, mask in find_digits(pictures["threshold"]):
        edges = [factor * edge for edge in box]
        edges[2:] = min(edges[2], height), min(edges[3], width)
        found.append(Found(tuple(edges), finish(pictures["threshold"], box, mask)["normalised"]))
    return [found[k] for k in reading_order([digit.box for digit in found])]


def _ink_steps(image, turned=False):
    """All steps up to the threshold, with the picture's size and how much it was shrunk.

    With `turned`, what would be taken for paper is taken for ink.
    """
    from scipy import ndimage

    grey, factor, size = as_grey(image)
    inverted = 1 - grey if dark_on_light(grey) != turned else grey
    smooth = ndimage.gaussian_filter(inverted, min(1.5, max(grey.shape) / 400))  # grain is finer than a stroke
    evened = evened_out(smooth, plain=turned)
    ink = without_lines(threshold(evened))
    return {"grey": grey, "inverted": inverted, "evened": evened, "threshold": ink, "factor": factor, "size": size}
