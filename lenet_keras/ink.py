"""Handwriting on paper: a photo or scan becomes 32×32 digits as MNIST would have made them.

Ink is whatever stands out clearly from what most of the picture shows, darker or lighter. `separate` finds the
digits of a page one by one, `prepare` expects a single one. Both take the same kinds of picture:

- an array (height, width) of grey values, or (height, width, channels): 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA;
- of integers, floats or booleans. Values from 0 to 1, to 255 or to 65535 are brightness on that scale: the largest
  value says which it is, but uint8 always goes to 255. Other values are stretched from their smallest to their largest.
- Or a path to an image file (whatever Pillow reads; a photo is turned as the camera was held), or a Pillow image.

What is transparent is white. All pictures are brought to 256 grey values; one with more than LONGEST pixels along a
side is shrunk first, so time and memory hardly grow with its size.
"""

import os
import warnings
from typing import NamedTuple

import numpy as np

from . import data

LONGEST = 2000
"""Pixels along the longer side of a picture beyond which it is shrunk, by averaging squares of pixels."""
LARGEST = 400_000_000
"""Pixels beyond which a picture is refused. (Of a file Pillow itself refuses more than 179 million.)"""
MOST_MARKS = 2000
"""Separate marks beyond which a page is taken for something other than handwriting."""
SPECK = 0.12
"""A mark whose longer side is less than this share of the largest mark's is dirt."""
FAINTEST = 0.06
"""The least contrast of ink, as a share of what lies between the paper and the other end of the scale."""


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
            ignored. Some paper must be seen around the ink: most of the picture is taken for paper.
        steps: whether to return all steps too.

    Returns:
        float32 (32, 32, 1), from -0.1 (paper) to 1.175 (ink), as the images of `load_digits` are: np.stack makes
        many of them a batch, and prepare(photo)[None] is a batch of one. With steps, (image, dict): the pictures
        "grey" (brightness from 0 to 1), "inverted" (so that ink is brighter than paper), "evened" (0 for paper
        everywhere), "threshold" (0 for all that is not ink), "cropped" (the box of the ink), "fitted" (at most
        20×20, still from 0 to 1), "centred" (uint8, 28×28) and "normalised" (the image), in this order.

    Raises:
        ValueError: for something that is no picture, for a picture without ink, and for one with several digits.

    Source: how MNIST's digits were made (20×20, grey edges, centre of mass); the article, section II-B, for the values.
    """
    pictures = _ink_steps(image)
    digits = _digits(pictures["threshold"])
    if not digits:
        raise ValueError("No ink was found: nothing on the picture stands out clearly from its background.")
    if len(digits) > 1:
        raise ValueError(
            f"{len(digits)} separate digits were found, not one: cut the picture, or use lk.ink.separate, "
            f"which prepares each."
        )
    made = {name: pictures[name] for name in ("grey", "inverted", "evened", "threshold")}
    made |= _finish(made["threshold"], *digits[0])
    return (made["normalised"], made) if steps else made["normalised"]


def separate(page):
    """Find the digits on a page and prepare each as `prepare` does.

    A digit is a mark of ink that touches no other, together with small marks that lie close to it (the bar of
    a 5) and marks whose boxes lie mostly in each other. Digits that touch each other count as one.

    Args:
        page: a picture, as this module's first lines say.

    Returns:
        list of Found, in reading order: lines from top to bottom, each from left to right. Empty if there is no ink.

    Raises:
        ValueError: for something that is no picture, or a picture with very many marks.
    """
    pictures = _ink_steps(page)
    factor, (height, width) = pictures["factor"], pictures["size"]
    found = []
    for box, mask in _digits(pictures["threshold"]):
        edges = [factor * edge for edge in box]
        edges[2:] = min(edges[2], height), min(edges[3], width)
        found.append(Found(tuple(edges), _finish(pictures["threshold"], box, mask)["normalised"]))
    return [found[k] for k in _reading_order([digit.box for digit in found])]


# --------------------------------------------------------------------------------------- from a picture to grey


def _ink_steps(image):
    """All steps up to the threshold, with the size of the picture and how much it was shrunk."""
    from scipy import ndimage

    grey, factor, size = _grey(image)
    inverted = 1 - grey if _dark_on_light(grey) else grey
    evened = _evened(ndimage.gaussian_filter(inverted, min(1.5, max(grey.shape) / 400)))  # grain is finer than a stroke
    steps = {"grey": grey, "inverted": inverted, "evened": evened, "threshold": _threshold(evened)}
    return steps | {"factor": factor, "size": size}


def _grey(image):
    """Brightness float32 from 0 to 1 of at most LONGEST pixels a side, the factor of shrinking, and the size before."""
    from PIL import Image

    if isinstance(image, (str, os.PathLike)):
        image = _from_file(image)
    if not isinstance(image, Image.Image) or image.mode.startswith(("I", "F")):  # these modes have more than 8 bits
        image = _from_array(image)
    _check_size(image.height, image.width)
    factor = -(-max(image.size) // LONGEST)
    if "A" in image.getbands() or "transparency" in image.info:
        small = image.convert("RGBA").reduce(factor)
        small = Image.alpha_composite(Image.new("RGBA", small.size, "white"), small).convert("L")
    else:
        small = image.convert("L").reduce(factor)
    return np.asarray(small, "float32") / 255, factor, (image.height, image.width)


def _from_file(path):
    """The Pillow image in a file, upright."""
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # large is fine
            with Image.open(path) as file:
                return ImageOps.exif_transpose(file)
    except FileNotFoundError:
        raise ValueError(f"There is no file {os.fspath(path)}.") from None
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError(f"{os.fspath(path)} cannot be read as an image: {error}.") from None


def _from_array(image):
    """An array of grey values or colours, with or without alpha, as a Pillow image of 8 bits a channel."""
    from PIL import Image

    try:
        image = np.asarray(image)
    except (ValueError, TypeError):
        raise ValueError("The picture is no array: its rows differ in length.") from None
    if image.dtype.kind not in "buif":
        raise ValueError(f"A picture holds integers, floats or booleans, not values of type {image.dtype}.")
    if image.ndim not in (2, 3) or (image.ndim == 3 and image.shape[2] not in (1, 2, 3, 4)):
        raise ValueError(f"A picture has shape (height, width) or (height, width, 1 to 4 channels), not {image.shape}.")
    _check_size(*image.shape[:2])
    parts = [image[..., :-1], image[..., -1:]] if image.shape[2:] in ((2,), (4,)) else [image]
    bands = np.dstack([_eight_bits(part) for part in parts])  # alpha has a scale of its own
    return Image.fromarray(bands[..., 0] if bands.shape[2] == 1 else bands)


def _check_size(height, width):
    if not height * width:
        raise ValueError(f"The picture has no pixels: its shape is ({height}, {width}).")
    if height * width > LARGEST:
        raise ValueError(f"The picture has {height:,}×{width:,} pixels, more than {LARGEST:,}: make it smaller.")


def _eight_bits(values):
    """Values on one of the usual scales, or on one of their own, as uint8 from 0 to 255."""
    if values.dtype == np.uint8:
        return values
    low, top = float(values.min()), float(values.max())
    if not np.isfinite([low, top]).all():
        raise ValueError("The picture holds values that are not finite numbers (NaN or infinity).")
    if max(-low, top) > 1e30:
        raise ValueError(f"The picture holds values from {low:.1e} to {top:.1e}, which are no grey values.")
    usual = [white for white, least in ((1, 0), (255, 16), (65535, 4096)) if least <= top <= white]
    low, white = (0, usual[0]) if low >= 0 and usual else (low, top)
    return np.rint((values - np.float64(low)) * (255 / ((white - low) or 1))).astype("uint8")


# ------------------------------------------------------------------------------------------- from grey to ink


def _dark_on_light(grey):
    """Ink is the smaller part: it pulls the differences from the surroundings to one side."""
    from scipy import ndimage

    small = _reduced(grey, 400)
    difference = small - ndimage.gaussian_filter(small, max(small.shape) / 8, mode="nearest")
    return float((difference.astype(float) ** 3).sum()) <= 0


def _reduced(grey, longest):
    return data.resize(grey, longest).astype("float32") if max(grey.shape) > longest else grey


def _evened(inverted):
    """How far each pixel is on the way from the paper around it to full ink.

    Light multiplies: a pixel of brightness b on paper of brightness p reflects b / p of it, and is ink for 1 - b / p.
    """
    from scipy import ndimage

    paper = _paper_surface(_reduced(inverted, 64))
    if paper.shape != inverted.shape:
        scale = [new / old for new, old in zip(inverted.shape, paper.shape, strict=True)]
        paper = ndimage.zoom(paper, scale, order=1, grid_mode=True, mode="nearest")
    evened = (inverted - paper) / np.maximum(1 - paper, 0.05)
    return evened - _paper_level(evened)[0]


def _paper_surface(small):
    """The paper beneath the ink: a surface of the second degree through what is paper, and what is smooth in the rest.

    What is paper is not known before: it is what lies near the surface, and the surface is what fits the paper.
    """
    from scipy import ndimage

    y, x = (axis / max(small.shape) - 0.5 for axis in np.indices(small.shape))
    powers = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)
    surface = np.zeros_like(small)
    for _ in range(7):
        rest = small - surface
        middle, noise = _paper_level(rest, 2)
        paper = rest <= middle + 2.5 * noise + 1e-4
        part = powers[paper]  # least squares by the normal equations: six unknowns, many pixels
        surface = powers @ (np.linalg.pinv(part.T @ part, hermitian=True) @ (part.T @ small[paper]))
    width = max(small.shape) / 12
    near = ndimage.gaussian_filter(paper.astype(float), width)
    return surface + ndimage.gaussian_filter(np.where(paper, small - surface, 0), width) / np.maximum(near, 0.05)


def _paper_level(evened, rounds=5):
    """The grey of paper and the standard deviation of its noise, from the pixels that are not far above the median."""
    values = evened.ravel()[:: -(-evened.size // 200_000)]
    for _ in range(rounds):
        middle = np.median(values)
        noise = 1.4826 * np.median(np.abs(values - middle))
        values = values[values <= middle + 3 * noise]
    return middle, float(noise)


def _threshold(evened):
    """Ink from 0 to 1 with its grey edges; 0 elsewhere.

    What rises above the noise of the paper is kept where it hangs together with what is surely ink.
    """
    from scipy import ndimage

    noise = _paper_level(evened)[1]
    floor = max(4 * noise, 0.02)
    raised = evened[evened > floor]
    if not raised.size:
        return np.zeros_like(evened)
    level = max(floor, 0.35 * np.percentile(raised, 98), _otsu(np.concatenate([raised, np.zeros_like(raised)])))
    ink = raised[raised > level]
    if not ink.size or np.median(ink) < max(FAINTEST, 6 * noise):
        return np.zeros_like(evened)
    kept = ndimage.binary_propagation(evened > level, np.ones((3, 3)), mask=evened > floor)
    return np.where(kept, np.clip(evened, 0, 1), np.float32(0))


def _otsu(values):
    """N. Otsu's threshold (1979): the means of the two classes that it makes differ most for their sizes."""
    counts, edges = np.histogram(values, 256)
    middles = (edges[1:] + edges[:-1]) / 2
    below, sums = counts.cumsum()[:-1], (counts * middles).cumsum()
    above = below[-1] + counts[-1] - below
    between = below * above * (sums[:-1] / np.maximum(below, 1) - (sums[-1] - sums[:-1]) / np.maximum(above, 1)) ** 2
    return float(edges[1 + between.argmax()])


# ------------------------------------------------------------------------------------------- from ink to digits


def _digits(ink):
    """The digits: for each its box (top, left, bottom, right), and where in that box its ink is."""
    from scipy import ndimage

    labels, count = ndimage.label(ink > 0, np.ones((3, 3)))
    if not count:
        return []
    boxes = np.array([[s.start for s in slices] + [s.stop for s in slices] for slices in ndimage.find_objects(labels)])
    longer = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    marks = np.flatnonzero(longer >= SPECK * longer.max())
    if len(marks) > MOST_MARKS:
        raise ValueError(f"{len(marks):,} separate marks were found: this does not look like a page of digits.")
    groups = _joined(boxes[marks])
    digits = []
    for group in np.unique(groups):
        members = marks[groups == group]
        box = (*boxes[members, :2].min(axis=0).tolist(), *boxes[members, 2:].max(axis=0).tolist())
        mask = np.isin(labels[box[0] : box[2], box[1] : box[3]], members + 1)
        digits.append((box, mask))
    return digits


def _joined(boxes):
    """A number for each box, the same for boxes of one digit."""
    groups = np.arange(len(boxes))
    for k, one in enumerate(boxes):
        others = boxes[:k]
        overlap = np.minimum(one[2:], others[:, 2:]) - np.maximum(one[:2], others[:, :2])  # negative: a gap
        sides, other_sides = one[2:] - one[:2], others[:, 2:] - others[:, :2]
        height = np.maximum(sides[0], other_sides[:, 0])
        part = np.minimum(sides[0], other_sides[:, 0]) < 0.7 * height  # a bar or a broken stroke, no digit
        near = (overlap > -height[:, None] * [0.2, 0.1]).all(axis=1)
        smaller = np.minimum(sides.prod(), other_sides.prod(axis=1))
        inside = (overlap > 0).all(axis=1) & (overlap.prod(axis=1) > 0.5 * smaller)
        for other in np.flatnonzero(part & near | inside):
            groups[groups == groups[other]] = groups[k]
    return groups


def _reading_order(boxes):
    """Indices of boxes, line by line; a digit belongs to the line whose last three digits it stands beside."""
    boxes, lines = np.array(boxes).reshape(-1, 4), []
    for k in np.argsort(boxes[:, 1], kind="stable").tolist():
        top, _, bottom, _ = boxes[k]
        ends = [boxes[line[-3:]].mean(axis=0) for line in lines]
        beside = [(min(bottom, end[2]) - max(top, end[0])) / min(bottom - top, end[2] - end[0]) for end in ends]
        if max(beside, default=0) >= 0.4:
            lines[int(np.argmax(beside))].append(k)
        else:
            lines.append([k])
    lines.sort(key=lambda line: boxes[line][:, [0, 2]].mean())
    return [k for line in lines for k in line]


def _finish(ink, box, mask):
    """The steps from a digit's box on; its darkest parts become full ink."""
    cropped = np.where(mask, ink[box[0] : box[2], box[1] : box[3]], 0)
    cropped = np.clip(cropped / np.percentile(cropped[mask], 90), 0, 1)
    fitted = data.resize(cropped)
    centred = data.centre(fitted)
    return {"cropped": cropped, "fitted": fitted, "centred": centred, "normalised": data.normalise(centred[None])[0]}
