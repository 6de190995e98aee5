"""Marks of ink put together to digits, and each finished as MNIST's were."""

import numpy as np

from .. import data
from .paper import usual

MOST_MARKS = 2000
"""Separate marks beyond which a page is taken for something other than handwriting."""
SPECK, SMALL = 0.12, 0.35
"""Shares of the size of a digit: a mark smaller than the first is dirt; one smaller than the second is no digit by
itself, but a part of one, or a point, a comma or a letter of small print."""
MOST_HOLES = 4
"""A digit has two holes at most, and untidy writing one or two more; a pattern or a grid of lines has many."""


def find_digits(ink, alone=False, anything=False):
    """The digits: for each its box (top, left, bottom, right), and where in that box its ink is.

    With `alone`, there is one digit: parts above each other belong together whatever their size. With `anything`,
    the only mark need not look like a digit.

    Raises:
        ValueError: if there are very many marks, or nothing but a pattern.
    """
    from scipy import ndimage

    labels, count = ndimage.label(ink > 0, np.ones((3, 3)))
    if not count:
        return []
    boxes = np.array([[s.start for s in slices] + [s.stop for s in slices] for slices in ndimage.find_objects(labels)])
    area = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    sides = boxes[:, 2:] - boxes[:, :2]
    longer = sides.max(axis=1)
    size = usual(longer, area * longer)
    depth = 2 * np.asarray(ndimage.maximum(ndimage.distance_transform_edt(labels > 0), labels, np.arange(1, count + 1)))
    blob = depth > 3 * usual(depth, area * longer)  # a shadow's or a desk's corner: no pen draws so thick
    cut = (boxes[:, :2] == 0).any(axis=1) | (boxes[:, 2:] == ink.shape).any(axis=1)  # by the border
    marks = np.flatnonzero((longer >= SPECK * size) & ~blob & ~(cut & (longer > 1.8 * size)))
    if len(marks) > MOST_MARKS:
        raise ValueError(f"{len(marks):,} separate marks were found: this does not look like a page of digits.")
    tallest = np.inf if alone else 1.35 * usual(sides[:, 0], area * longer)
    groups = _joined(boxes[marks], sides[marks, 0] >= SMALL * size, tallest)
    digits, amounts, patterned = [], {True: 0, False: 0}, False  # amounts of ink: cut by the border, or whole
    for group in np.unique(groups):
        members = marks[groups == group]
        box = (*boxes[members, :2].min(axis=0).tolist(), *boxes[members, 2:].max(axis=0).tolist())
        mask = np.isin(labels[box[0] : box[2], box[1] : box[3]], members + 1)
        if not anything and (len(mask) < SMALL * size or _is_solid(mask)):
            continue
        if _holes(mask) > MOST_HOLES:
            patterned = True
            continue
        is_cut = bool(cut[members].any())
        amounts[is_cut] += mask.sum()
        digits.append((box, mask, is_cut))
    if patterned and not digits:
        raise ValueError("Lines or a pattern run through the ink, so that no digit can be told from them.")
    # What the border cuts off is a digit only where that is the usual thing, in a picture cut close.
    return [(box, mask) for box, mask, is_cut in digits if not is_cut or amounts[True] >= amounts[False]]


def _holes(mask):
    """How many holes a mark has, leaving out those of a few pixels."""
    from scipy import ndimage

    labels, count = ndimage.label(np.pad(~mask, 1, constant_values=True))
    return int((np.bincount(labels.ravel())[1:] > mask.size / 400).sum()) - 1


def _is_solid(mask):
    """Whether a mark is an area rather than a stroke: it fills its box, which is nearly a square."""
    return mask.mean() > 0.82 and min(mask.shape) > 0.6 * max(mask.shape)


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


def reading_order(boxes):
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


def finish(ink, box, mask):
    """The steps from a digit's box on; its darkest parts become full ink, before it is shrunk and after it."""
    cropped = np.where(mask, ink[box[0] : box[2], box[1] : box[3]], 0)
    cropped = np.clip(cropped / np.percentile(cropped[mask], 90), 0, 1)
    fitted = data.resize(cropped)
    # A thin stroke covers a small part of each pixel that it becomes: it would be a ghost, such as MNIST has none.
    fitted = np.clip(fitted / min(1, np.percentile(fitted[fitted > 0], 90) / 0.85), 0, 1)
    centred = data.centre(fitted)
    return {"cropped": cropped, "fitted": fitted, "centred": centred, "normalised": data.normalise(centred[None])[0]}
