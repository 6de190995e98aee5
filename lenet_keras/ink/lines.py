"""The lines of forms, tables and exercise books, and boxes around digits, taken out of the ink."""

from typing import NamedTuple

import numpy as np


def without_lines(ink):
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
    pieces: int = 1
    """Of how many runs it consists: a printed line has gaps where it is pale."""


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
    return _chained(lines, 1.5 * reach)


def _chained(lines, gap):
    """Lines of which one goes on where another ends, or at most `gap` pixels away from there, as one."""
    chains = []
    for line in sorted(lines, key=lambda line: line.first):
        for number, chain in enumerate(chains):
            beside = abs(line.rows[0] - chain.rows[-1]) <= chain.thick + 1 and abs(line.thick - chain.thick) <= 1
            if beside and line.last > chain.last and abs(line.first - chain.last) <= gap:
                columns = np.r_[chain.first : chain.last, max(line.first, chain.last) : line.last]
                rows = np.r_[chain.rows, line.rows[max(chain.last - line.first, 0) :]]
                rows = np.interp(np.arange(chain.first, line.last), columns, rows)
                thick = max(chain.thick, line.thick)
                chains[number] = _Line(chain.first, line.last, thick, rows, chain.pieces + 1)
                break
        else:
            chains.append(line)
    return chains


def _is_ruled(line, lines, side):
    """Whether a line goes nearly from edge to edge, or through half of the picture in pieces or with others like it."""
    alike = sum(other.last - other.first > 0.5 * side for other in lines)
    whole = line.first < 0.08 * side and line.last > 0.92 * side
    return whole or (line.last - line.first > 0.5 * side and (alike > 1 or line.pieces > 1))


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
