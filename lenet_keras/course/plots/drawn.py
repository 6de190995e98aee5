"""Answers that are drawings: pictures of 84 points; slopes against distances (lesson 15)."""

import matplotlib.pyplot as plt
import numpy as np

from ...data import INK, PAPER
from .showing import COLOURS, show, style


def drawings(rows, alt, titles=None, place=None, again=False):
    """Rows of small pictures: digits from paper to ink, or drawings of 7×12 points from white at -1 to black at 1.

    Args:
        rows: dict from a row's name to its pictures, (n, 32, 32) or (n, 32, 32, 1) for digits, (n, 84) for drawings.
        alt: text for those who cannot see the figure.
        titles: n texts above the first row, or None.
        place, again: as for `show`, for a figure that grows while a network learns.
    """
    count = max(len(pictures) for pictures in rows.values())
    with style():
        figure, axes = plt.subplots(len(rows), count, figsize=(0.8 * count + 1, 1.05 * len(rows) + 0.3), squeeze=False)
        for line, (name, pictures) in zip(axes, rows.items(), strict=True):
            drawn = np.shape(pictures)[1:] == (84,)
            for axis, picture in zip(line, pictures, strict=True):
                shape, ends = ((12, 7), (-1, 1)) if drawn else ((32, 32), (PAPER, INK))
                axis.imshow(np.reshape(picture, shape), cmap="gray_r", vmin=ends[0], vmax=ends[1])
                axis.set(xticks=[], yticks=[])
                axis.spines[:].set(visible=True, color="0.6", linewidth=0.6)
            line[0].set_ylabel(name, fontsize=12, rotation=0, ha="right", va="center")
        for axis, title in zip(axes[0], titles or [], strict=False):
            axis.set_title(title, fontsize=12, pad=4)
        show(figure, alt, place, again)


def slopes_by_distance(distances, slopes, alt, marks=()):
    """How hard each loss pushes a wrong drawing away, against the distance.

    Args:
        distances: (points,).
        slopes: dict from the name of a loss to its slopes, (points,).
        alt: text for those who cannot see the figure.
        marks: pairs (distance, text), each a dotted line.
    """
    with style():
        figure, axis = plt.subplots(figsize=(8, 3.4))
        lines = zip(slopes.items(), COLOURS, ("-", "--", "-.", ":"), strict=False)
        for (name, values), colour, line in lines:
            axis.plot(distances, values, line, color=colour, linewidth=2, label=name)
        for distance, text in marks:
            axis.axvline(distance, color="0.4", linestyle=":", linewidth=1)
            axis.annotate(text, (distance, 1), (0, 4), xycoords=("data", "axes fraction"),
                          textcoords="offset points", fontsize=12, va="bottom")  # fmt: skip
        axis.set_xlabel("distance to both drawings, the right one and a wrong one", fontsize=12)
        axis.set_ylabel("slope on the wrong one", fontsize=12)
        axis.tick_params(labelsize=12)
        axis.legend(fontsize=12, loc="center left", bbox_to_anchor=(1, 0.5))
        show(figure, alt)
