"""Pages of digits, and how ink is told from paper (lesson 21)."""

import matplotlib.pyplot as plt
import numpy as np

from ...ink.opening import as_grey
from .pictures import axes_grid
from .showing import COLOURS, show, style

SHADES = 16
"""Shades of grey in a picture of paper: with all 256 of them its noise would make the file ten times as large."""


def grey_pictures(pictures, titles, alt, columns=3, size=2.6):
    """Pictures of different shapes in rows, each as bright as it is, with a title.

    Args:
        pictures: arrays (height, width), from 0 to 255 or 0 to 1.
        titles: one text for each.
        alt: text for those who cannot see the figure.
        columns: pictures in a row.
        size: width of one picture, in inches.
    """
    height = size * max(picture.shape[0] / picture.shape[1] for picture in pictures) + 0.35
    with style():
        figure, axes = axes_grid(len(pictures), columns, size, height)
        for axis, picture, title in zip(axes, pictures, titles, strict=False):
            axis.imshow(picture, cmap=plt.get_cmap("gray", SHADES), vmin=0, vmax=255 if np.max(picture) > 1.5 else 1)
            axis.set_title(title, fontsize=12, pad=3)
        show(figure, alt)


def page_with_boxes(page, found, answers, alt):
    """A page with a box around each digit, and the answer above it.

    Args:
        page: a picture, as `lk.ink.separate` takes it.
        found: what it gave back.
        answers: one for each.
        alt: text for those who cannot see the figure.
    """
    grey, factor, _ = as_grey(page)
    with style():
        figure, axis = plt.subplots(figsize=(7, min(7, 7 * grey.shape[0] / grey.shape[1])))
        axis.imshow(grey, cmap=plt.get_cmap("gray", SHADES), vmin=0, vmax=1)
        axis.axis("off")
        for digit, answer in zip(found, answers, strict=True):
            top, left, bottom, right = (edge / factor for edge in digit.box)
            frame = plt.Rectangle((left - 3, top - 3), right - left + 6, bottom - top + 6, fill=False, lw=1.5)
            frame.set_edgecolor(COLOURS[4])
            axis.add_patch(frame)
            label = {"color": "black", "backgroundcolor": COLOURS[4], "fontsize": 12, "va": "bottom"}
            axis.text(left, top - 8, str(answer), **label)
        show(figure, alt)


def threshold_choice(ink, criterion, chosen, alt):
    """How often each amount of ink occurs, and below it what a threshold there would be worth.

    Args:
        ink: array of any shape.
        criterion: (thresholds, values).
        chosen: the best threshold.
        alt: text for those who cannot see the figure.
    """
    with style():
        figure, (above, below) = plt.subplots(2, 1, figsize=(7, 4.2), sharex=True, layout="constrained")
        above.hist(np.ravel(ink), bins=100, color=COLOURS[0])
        above.set_yscale("log")
        above.set_ylabel("pixels", fontsize=12)
        below.plot(*criterion, color=COLOURS[0])
        below.set_ylabel("criterion", fontsize=12)
        below.set_xlabel("ink: 1 minus the share of the light", fontsize=12)
        for axis in (above, below):
            axis.axvline(chosen, color=COLOURS[1], ls="--")
            axis.tick_params(labelsize=12)
        show(figure, alt)
