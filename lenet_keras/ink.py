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

import contextlib
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
SPECK, SMALL = 0.12, 0.35
"""Shares of the size of a digit: a mark smaller than the first is dirt; one smaller than the second is no digit by
itself, but a part of one, or a point, a comma or a letter of small print."""
GROWTH = 0.64
"""From what is surely ink, ink goes on to where it is so many times as dark as that."""
GRAIN = 0.03
"""Differences of brightness smaller than this are the paper's grain, where dark and light are told apart."""
MOST_HOLES = 4
"""A digit has two holes at most, and untidy writing one or two more; a pattern or a grid of lines has many."""
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
    # It may be broken into parts; light on dark ground in a light margin; or a dot or a dash, which is no digit.
    for turned, way in ((False, {"alone": True}), (True, {"alone": True}), (False, {"anything": True})):
        others = _ink_steps(image, turned=True) if turned else pictures
        other_digits = _digits(others["threshold"], **way)
        if len(other_digits) == 1:
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


def _ink_steps(image, turned=False):
    """All steps up to the threshold, with the picture's size and how much it was shrunk.

    With `turned`, what would be taken for paper is taken for ink.
    """
    from scipy import ndimage

    grey, factor, size = as_grey(image)
    inverted = 1 - grey if _dark_on_light(grey) != turned else grey
    smooth = ndimage.gaussian_filter(inverted, min(1.5, max(grey.shape) / 400))  # grain is finer than a stroke
    evened = _evened(smooth, plain=turned)
    ink = _without_lines(_threshold(evened))
    return {"grey": grey, "inverted": inverted, "evened": evened, "threshold": ink, "factor": factor, "size": size}


def as_grey(image):
    """Brightness float32 from 0 to 1 of at most LONGEST pixels a side, the factor of shrinking, and the size before."""
    from PIL import Image

    if isinstance(image, (str, os.PathLike)):
        image = _from_file(image)
    if not isinstance(image, Image.Image) or image.mode.startswith(("I", "F")):  # these modes have more than 8 bits
        image = _from_array(image)
    _check_size(image.height, image.width)
    try:
        image.load()
    except (OSError, ValueError, NotImplementedError) as error:
        raise ValueError(f"The picture cannot be read: {str(error).rstrip('.')}.") from None
    factor = -(-max(image.size) // LONGEST)
    if "A" in image.getbands() or "transparency" in image.info:
        small = image.convert("RGBA").reduce(factor)
        ground = Image.new("RGBA", small.size, "white")
        if _one_colour(np.asarray(small)):
            small = Image.composite(Image.new("RGBA", small.size, "black"), ground, small.getchannel("A"))
        small = Image.alpha_composite(ground, small).convert("L")
    else:
        small = image.convert("L").reduce(factor)
    return np.asarray(small, "float32") / 255, factor, (image.height, image.width)


def _one_colour(rgba):
    """Whether a picture is a drawing in one colour on a transparent layer: it is seen best in black on white."""
    drawn = rgba[..., 3] > 127
    return drawn.any() and not drawn.all() and np.ptp(rgba[drawn][:, :3], axis=0).max() < 16


def _from_file(path):
    """The Pillow image in a file, upright."""
    from PIL import Image, ImageOps

    path = os.fspath(path)
    if path.startswith(("http://", "https://")):
        raise ValueError("Addresses are not fetched: save the picture as a file first, and name that file.")
    with contextlib.suppress(ImportError):
        import pillow_heif

        pillow_heif.register_heif_opener()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # large is fine
            with Image.open(path) as file:
                return ImageOps.exif_transpose(file)
    except FileNotFoundError:
        folder, name = os.path.split(os.path.abspath(path))
        raise ValueError(f"There is no file {name} in the folder {folder}.") from None
    except (OSError, SyntaxError, ValueError, NotImplementedError, Image.DecompressionBombError) as error:
        raise ValueError(f"{os.path.basename(path)} cannot be read as an image: {_why_not(path, error)}") from None


def _why_not(path, error):
    """What a file is that Pillow cannot read, and what to do with it."""
    if os.path.isdir(path):
        return "it is a folder; name a picture in it."
    with open(path, "rb") as file:
        begin = file.read(64)
    if begin[4:8] == b"ftyp":
        return "it is HEIC, as iPhones save photos; send it as JPEG, or run pip install pillow-heif and restart."
    if begin.startswith(b"%PDF"):
        return "it is a PDF; save the page as PNG or JPEG."
    if b"<svg" in begin or begin.startswith(b"<?xml"):
        return "it is a drawing in SVG; save it as PNG."
    what = str(error).split(" image file ")[0] if "cannot identify" in str(error) else str(error)
    return f"{what.rstrip('.')}."


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
    """Whether ink is darker than paper.

    Strokes are narrow, and the paper between them is not: what is dark and narrower than a given width is filled up (a
    grey closing), what is light and narrower is cut off (an opening). With growing width, what the one or the other
    changes grows: at once to all there is for the ink, by and by for the paper. And paper lies along the border.
    """
    from scipy import ndimage

    small = data.resize(grey, min(400, max(160, *grey.shape)))
    widths = [max(3, round(max(small.shape) / part) | 1) for part in (64, 32, 16, 8, 4)]
    dark = [np.maximum(ndimage.grey_closing(small, width) - small, GRAIN).mean() - GRAIN for width in widths]
    light = [np.maximum(small - ndimage.grey_opening(small, width), GRAIN).mean() - GRAIN for width in widths]
    low, high = np.percentile(small, (1, 99))
    edge = np.concatenate([small[0], small[-1], small[:, 0], small[:, -1]])
    border = 2 * (edge > (low + high) / 2).mean() - 1
    return _soon(dark) - _soon(light) + 0.3 * border >= 0


def _soon(changes):
    """How soon changes reach their largest, from 0 to 2; looked at twice, since the widest may take in a shadow."""
    return sum(np.mean(part) / max(max(part), 1e-9) for part in (changes[:-1], changes))


def _reduced(grey, longest):
    return data.resize(grey, longest).astype("float32") if max(grey.shape) > longest else grey


def _evened(inverted, plain=False):
    """How far each pixel is on the way from the paper around it to full ink.

    Light multiplies: a pixel of brightness b on paper of brightness p reflects b / p of it, and is ink for 1 - b / p.
    What is left of the picture when everything narrow is cut off (a grey opening) is paper: strokes go, and a shadow
    or a desk stays, up to its edge. What is narrow is known better when strokes have been seen once. Light that falls
    off slowly is taken away before, where that leaves less to be taken for ink; with `plain`, it is taken to be even.
    """
    width = max(3, max(inverted.shape) // 3)
    levels = [inverted] if plain else [inverted, _above(inverted, _surface(inverted))]
    seen = [_above_paper(level, width) for level in levels]
    thick = [_thickness(evened) for evened in seen]
    wrong = [
        np.clip(each, 0, 1).mean() + 2 * _paper_level(each)[1] if t else np.inf
        for each, t in zip(seen, thick, strict=True)
    ]
    best = int(np.argmin(wrong))
    narrow = int(8 * thick[best]) + 8
    return _above_paper(levels[best], narrow) if narrow < width else seen[best]


def _surface(inverted):
    """`_paper_surface` of a picture of any size."""
    from scipy import ndimage

    paper = _paper_surface(_reduced(inverted, 64))
    if paper.shape == inverted.shape:
        return paper
    scale = [new / old for new, old in zip(inverted.shape, paper.shape, strict=True)]
    return ndimage.zoom(paper, scale, order=1, grid_mode=True, mode="nearest")


def _above(inverted, paper):
    return (inverted - paper) / np.maximum(1 - paper, 0.05)


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


def _above_paper(level, width):
    """What rises above paper, and above all that is at least `width` pixels wide."""
    from scipy import ndimage

    evened = _above(level, ndimage.grey_opening(level, width))
    # An opening follows the darkest grain of the paper: it lies below the paper's mean.
    middle, noise = _paper_level(evened)
    paper = (evened <= middle + 3 * noise + 1e-4).astype("float32")
    reach = max(3, max(evened.shape) // 6)
    near = ndimage.uniform_filter(paper, reach)
    return evened - ndimage.uniform_filter(paper * evened, reach) / np.maximum(near, 0.02)


def _thickness(evened):
    """How thick the strokes are, in pixels; 0 if there are none."""
    from scipy import ndimage

    raised, level = _raised(evened)
    labels, count = ndimage.label(raised & (evened > level), np.ones((3, 3)))
    if not count:
        return 0.0
    area = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    depth = ndimage.maximum(ndimage.distance_transform_edt(labels > 0), labels, np.arange(1, count + 1))
    return 2 * _usual(np.asarray(depth), area)


def _paper_level(evened, rounds=5):
    """The grey of paper and the standard deviation of its noise, from the pixels that are not far above the median."""
    values = evened.ravel()[:: -(-evened.size // 200_000)]
    for _ in range(rounds):
        middle = np.median(values)
        noise = 1.4826 * np.median(np.abs(values - middle))
        values = values[values <= middle + 3 * noise]
    return middle, float(noise)


def _threshold(evened):
    """Ink from 0 to 1, with its grey edges, 0 elsewhere.

    What rises above the noise of the paper, and is not much fainter than the ink, is kept where it hangs together
    with what is surely ink. The fainter lines of squared paper are not.
    """
    from scipy import ndimage

    raised, level = _raised(evened)
    sure = raised & (evened > level)
    if not sure.any() or np.median(evened[sure]) < max(FAINTEST, 6 * _paper_level(evened)[1]):
        return np.zeros_like(evened)
    labels, count = ndimage.label(raised & (evened > GROWTH * level), np.ones((3, 3)))
    kept = np.bincount(labels[sure], minlength=count + 1) > 0
    return np.where(kept[labels] & (labels > 0), np.clip(evened, 0, 1), np.float32(0))


def _raised(evened):
    """What rises above the noise of the paper, and the value from which it is surely ink."""
    floor = max(4 * _paper_level(evened)[1], 0.02)
    raised = evened > floor
    # A desk is as dark as ink. What is fainter, such as the grey of a corner, may hang together with digits.
    raised &= ~_at_the_border(evened > max(floor, 0.5 * _ink_level(evened[raised], floor)))
    return raised, _ink_level(evened[raised], floor)


def _ink_level(values, floor):
    """From which value on something raised is surely ink; 1 if nothing is raised."""
    if not values.size:
        return 1.0
    split = otsu(np.concatenate([values, np.zeros_like(values)]))
    return max(floor, 0.35 * np.percentile(values, 98), split)


def _at_the_border(raised):
    """Large things that reach into the picture, a desk or a shadow; nothing, if there is nothing else."""
    from scipy import ndimage

    labels, count = ndimage.label(raised, np.ones((3, 3)))
    edge = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    contact = np.bincount(edge, minlength=count + 1) / max(raised.shape)
    longer = [max(s.stop - s.start for s in box) for box in ndimage.find_objects(labels)]
    along = contact * max(raised.shape) > 0.5 * np.array([0, *longer])  # a stroke meets the border with its end only
    area = np.bincount(labels.ravel(), minlength=count + 1)
    outside = (contact > 0.1) & along & (area > 0.002 * raised.size)
    outside[0] = False
    inside = area.copy()
    inside[0] = 0
    inside[contact > 0] = 0
    if not outside.any() or inside.max() < 0.0004 * raised.size:
        return np.zeros_like(raised)
    return outside[labels]


def otsu(values):
    """N. Otsu's threshold (1979): the means of the two classes that it makes differ most for their sizes."""
    counts, edges = np.histogram(values, 256)
    middles = (edges[1:] + edges[:-1]) / 2
    below, sums = counts.cumsum()[:-1], (counts * middles).cumsum()
    above = below[-1] + counts[-1] - below
    between = below * above * (sums[:-1] / np.maximum(below, 1) - (sums[-1] - sums[:-1]) / np.maximum(above, 1)) ** 2
    return float(edges[1 + between.argmax()])


# ---------------------------------------------------------------------------------------------- lines and frames


def _without_lines(ink):
    """Ink without the lines of a form, a table or an exercise book; strokes that cross them stay whole."""
    mask = ink > 0
    # First along the rows, then, on the transposed picture, along the columns.
    found = [_straight(mask, mask.shape[1]), _straight(mask.T, mask.shape[0])]
    rows = [line for line in found[0] if _is_ruled(line, found[0], mask.shape[1])]
    if not rows:
        return _without_frames(ink)
    # The walls of a comb or a table are as thin as its rows, and meet two of them or more.
    thick = 1.5 * np.median([line.thick for line in rows])
    columns = [line for line in found[1] if line.thick <= thick and _meets(line, rows) > 1]
    ruled = rows, columns
    cleaned = mask.copy()
    for lines, view in zip(ruled, (cleaned, cleaned.T), strict=True):
        for line in lines:
            _erase(view, line)
    return _without_frames(np.where(cleaned, ink, np.float32(0)))


class _Line(NamedTuple):
    """A straight thin run of ink, nearly along a row."""

    first: int
    last: int
    thick: float
    rows: np.ndarray
    """The middle row at each column from first to last."""


def _straight(mask, side):
    """The long thin lines of a mask, nearly along its rows, as a list of `_Line`."""
    from scipy import ndimage

    reach = max(12, side // 20)
    core = ndimage.minimum_filter1d(mask.astype("uint8"), reach, axis=1, mode="constant")
    core = ndimage.maximum_filter1d(core, reach, axis=1, mode="constant", origin=-(1 - reach % 2))
    # A line that lies a little askew is a chain of such runs, each one row beside the one before.
    labels, _ = ndimage.label(core, np.ones((3, 3)))
    lines = []
    for number, (down, across) in enumerate(ndimage.find_objects(labels), 1):
        extent = across.stop - across.start
        piece = labels[down, across] == number
        thick = float(np.median(piece.sum(axis=0)))
        if extent >= max(2 * reach, 15 * thick) and down.stop - down.start <= 3 * thick + extent / 15:
            columns = np.arange(across.start, across.stop)
            rows = down.start + (piece * np.arange(len(piece))[:, None]).sum(axis=0) / np.maximum(piece.sum(axis=0), 1)
            filled = piece.any(axis=0)
            rows = np.interp(columns, columns[filled], rows[filled])
            lines.append(_Line(across.start, across.stop, thick, rows))
    return lines


def _is_ruled(line, lines, side):
    """Whether a line goes from edge to edge, or through half of the picture with others like it."""
    alike = sum(other.last - other.first > 0.5 * side for other in lines)
    whole = line.first < 0.04 * side and line.last > 0.96 * side
    return whole or (line.last - line.first > 0.5 * side and alike > 1)


def _meets(line, others):
    """How many of the lines across it a line meets, or nearly."""
    place, slack = line.rows.mean(), 4 + 0.2 * (line.last - line.first)
    met = 0
    for other in others:
        row = other.rows[min(max(round(place) - other.first, 0), len(other.rows) - 1)]
        across = other.first - slack <= place <= other.last + slack
        met += across and line.first - slack <= row <= line.last + slack
    return met


def _erase(mask, line):
    """Take a line out of a mask, in place, but where a stroke crosses it or stands on it."""
    most, reach = 1.6 * line.thick + 2, int(2 * line.thick) + 3
    for column, row in zip(range(line.first, line.last), np.rint(line.rows).astype(int), strict=True):
        top = max(row - reach, 0)
        run = mask[top : row + reach + 1, column]
        here = np.flatnonzero(run)
        if not here.size:
            continue
        start = end = here[np.abs(here - (row - top)).argmin()]
        while start > 0 and run[start - 1]:
            start -= 1
        while end + 1 < len(run) and run[end + 1]:
            end += 1
        if end - start < most:
            run[start : end + 1] = False


def _without_frames(ink):
    """Ink without boxes drawn around digits: thin marks with straight sides that have something in them."""
    from scipy import ndimage

    labels, count = ndimage.label(ink > 0, np.ones((3, 3)))
    boxes = ndimage.find_objects(labels)
    middles = np.array([[(s.start + s.stop) / 2 for s in box] for box in boxes]).reshape(-1, 2)
    result = ink.copy()
    for number, box in enumerate(boxes, 1):
        height, width = (s.stop - s.start for s in box)
        inside = [(middles[:, a] > box[a].start + 2) & (middles[:, a] < box[a].stop - 2) for a in (0, 1)]
        piece = labels[box] == number
        if (inside[0] & inside[1]).sum() < 2 or min(height, width) < 12 or piece.mean() > 0.25:
            continue
        margin = max(2, min(height, width) // 6)
        sides = piece[:margin].any(0), piece[-margin:].any(0), piece[:, :margin].any(1), piece[:, -margin:].any(1)
        if min(side.mean() for side in sides) > 0.8:
            result[box][piece] = 0
    return result


# ------------------------------------------------------------------------------------------- from ink to digits


def _digits(ink, alone=False, anything=False):
    """The digits: for each its box (top, left, bottom, right), and where in that box its ink is.

    With `alone`, there is one digit: parts above each other belong together whatever their size. With `anything`,
    the only mark need not look like a digit.
    """
    from scipy import ndimage

    labels, count = ndimage.label(ink > 0, np.ones((3, 3)))
    if not count:
        return []
    boxes = np.array([[s.start for s in slices] + [s.stop for s in slices] for slices in ndimage.find_objects(labels)])
    area = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    sides = boxes[:, 2:] - boxes[:, :2]
    longer = sides.max(axis=1)
    size = _usual(longer, area * longer)
    depth = 2 * np.asarray(ndimage.maximum(ndimage.distance_transform_edt(labels > 0), labels, np.arange(1, count + 1)))
    blob = depth > 3 * _usual(depth, area * longer)  # a shadow's or a desk's corner: no pen draws so thick
    cut = (boxes[:, :2] == 0).any(axis=1) | (boxes[:, 2:] == ink.shape).any(axis=1)  # by the border
    marks = np.flatnonzero((longer >= SPECK * size) & ~blob & ~(cut & (longer > 1.8 * size)))
    if len(marks) > MOST_MARKS:
        raise ValueError(f"{len(marks):,} separate marks were found: this does not look like a page of digits.")
    tallest = np.inf if alone else 1.35 * _usual(sides[:, 0], area * longer)
    groups = _joined(boxes[marks], sides[marks, 0] >= SMALL * size, tallest)
    digits, whole, patterned = [], [], False
    for group in np.unique(groups):
        members = marks[groups == group]
        box = (*boxes[members, :2].min(axis=0).tolist(), *boxes[members, 2:].max(axis=0).tolist())
        mask = np.isin(labels[box[0] : box[2], box[1] : box[3]], members + 1)
        if anything or (len(mask) >= SMALL * size and not _is_solid(mask)):
            patterned |= (pattern := _holes(mask) > MOST_HOLES)
            if pattern:
                continue
            digits.append((box, mask))
            whole.append(not cut[members].any())
    if patterned and not digits:
        raise ValueError("Lines or a pattern run through the ink, so that no digit can be told from them.")
    # What the border cuts off is a digit only where that is the usual thing, in a picture cut close.
    if sum(area.sum() for (_, area), uncut in zip(digits, whole, strict=True) if uncut) > sum(
        area.sum() for (_, area), uncut in zip(digits, whole, strict=True) if not uncut
    ):
        digits = [digit for digit, uncut in zip(digits, whole, strict=True) if uncut]
    return digits


def _holes(mask):
    """How many holes a mark has, leaving out those of a few pixels."""
    from scipy import ndimage

    labels, count = ndimage.label(np.pad(~mask, 1, constant_values=True))
    return int((np.bincount(labels.ravel())[1:] > mask.size / 400).sum()) - 1


def _is_solid(mask):
    """Whether a mark is an area rather than a stroke: it fills its box, which is nearly a square."""
    return mask.mean() > 0.82 and min(mask.shape) > 0.6 * max(mask.shape)


def _usual(values, weights):
    """The median of values, counted by their weights."""
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(total, total[-1] / 2)])


def _joined(boxes, large, tallest):
    """A number for each box, the same for boxes of one digit, which is no taller than `tallest`.

    Two that are not `large` are not joined: letters of small print make no digit.
    """
    groups = np.arange(len(boxes))
    for k, one in enumerate(boxes):
        others = boxes[:k]
        overlap = np.minimum(one[2:], others[:, 2:]) - np.maximum(one[:2], others[:, :2])  # negative: a gap
        sides, other_sides = one[2:] - one[:2], others[:, 2:] - others[:, :2]
        height = np.maximum(sides[0], other_sides[:, 0])
        narrower = np.minimum(sides[1], other_sides[:, 1])
        part = np.minimum(sides[0], other_sides[:, 0]) < 0.7 * height  # a bar or a broken stroke, no digit
        near = (overlap > -height[:, None] * [0.2, 0.1]).all(axis=1)
        # A point or a comma stands low, and beside the digit.
        shorter_middle = np.where(sides[0] < other_sides[:, 0], one[[0, 2]].mean(), others[:, [0, 2]].mean(axis=1))
        tops = np.where(sides[0] < other_sides[:, 0], others[:, 0], one[0])
        point = (shorter_middle > tops + 0.7 * height) & (overlap[:, 1] < 0.3 * narrower)
        smaller = np.minimum(sides.prod(), other_sides.prod(axis=1))
        inside = (overlap > 0).all(axis=1) & (overlap.prod(axis=1) > 0.5 * smaller)
        both = np.maximum(one[2], others[:, 2]) - np.minimum(one[0], others[:, 0])
        stacked = (overlap[:, 1] > 0.5 * narrower) & (overlap[:, 0] > -0.2 * both) & (both <= tallest)
        for other in np.flatnonzero((part & near & ~point | inside | stacked) & (large[k] | large[:k])):
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
    """The steps from a digit's box on; its darkest parts become full ink, before it is shrunk and after it."""
    cropped = np.where(mask, ink[box[0] : box[2], box[1] : box[3]], 0)
    cropped = np.clip(cropped / np.percentile(cropped[mask], 90), 0, 1)
    fitted = data.resize(cropped)
    # A thin stroke covers a small part of each pixel that it becomes: it would be a ghost, such as MNIST has none.
    fitted = np.clip(fitted / min(1, np.percentile(fitted[fitted > 0], 90) / 0.85), 0, 1)
    centred = data.centre(fitted)
    return {"cropped": cropped, "fitted": fitted, "centred": centred, "normalised": data.normalise(centred[None])[0]}
