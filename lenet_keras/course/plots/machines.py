"""Machines without convolution: digits deslanted, and margins between two groups of points (lesson 18)."""

import matplotlib.pyplot as plt
import numpy as np

from ...data import INK, PAPER
from .pictures import squared
from .showing import COLOURS, show, style

BOX = 20
"""Side of the middle of an image that deslanted digits are cropped to."""


def deslanting(images, upright, slants, alt):
    """Digits above, each with its slant as a line; below, each upright, with an upright line and the frame of 20×20.

    Args:
        images: (n, height, width) or (n, height, width, 1), paper -0.1 to ink 1.175.
        upright: the same deslanted, but not cropped.
        slants: (n,), columns to the right for each row down.
        alt: text for those who cannot see the figure.
    """
    images, upright = squared(images), squared(upright)
    _, height, width = images.shape
    with style():
        figure, axes = plt.subplots(2, len(images), figsize=(0.9 * len(images) + 0.2, 2.1), squeeze=False)
        for pictures, row, leaning in ((images, axes[0], slants), (upright, axes[1], np.zeros(len(images)))):
            for axis, picture, slant in zip(row, pictures, leaning, strict=True):
                axis.imshow(picture, cmap="gray_r", vmin=PAPER, vmax=INK)
                ink = picture > (PAPER + INK) / 2
                down, across = (places.mean() for places in np.nonzero(ink))
                ends = np.array([-10, 10])
                axis.plot(across + slant * ends, down + ends, color=COLOURS[1], linewidth=1.5)
                axis.set(xticks=[], yticks=[], xlim=(-0.5, width - 0.5), ylim=(height - 0.5, -0.5))
                axis.spines[:].set(visible=True, color="0.85", linewidth=0.6)
        for axis in axes[1]:
            corner = ((width - BOX) / 2 - 0.5, (height - BOX) / 2 - 0.5)
            axis.add_patch(plt.Rectangle(corner, BOX, BOX, fill=False, edgecolor=COLOURS[0], linewidth=1.2))
        for axis, slant in zip(axes[0], slants, strict=True):
            axis.set_title(f"{slant:.2f}", fontsize=12, pad=3)
        figure.subplots_adjust(wspace=0.06, hspace=0.06)
        show(figure, alt)


def margins(points, kinds, machines, alt):
    """Two groups of points, once for each machine, with its line, its margin and its support vectors in rings.

    Args:
        points: (n, 2).
        kinds: (n,), two different labels.
        machines: dict from a title to a fitted scikit-learn SVC with a linear kernel.
        alt: text for those who cannot see the figure.
    """
    points, kinds = np.asarray(points), np.asarray(kinds)
    low, high = points.min(axis=0), points.max(axis=0)
    room = 0.08 * (high - low)
    across = np.linspace(low[0] - room[0], high[0] + room[0], 200)
    down = np.linspace(low[1] - room[1], high[1] + room[1], 200)
    places = np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2)
    with style():
        figure, axes = plt.subplots(
            1, len(machines), figsize=(4.2 * len(machines), 3.4), squeeze=False, layout="constrained"
        )
        for axis, (title, machine) in zip(axes.flat, machines.items(), strict=True):
            heights = machine.decision_function(places).reshape(len(down), len(across))
            axis.contourf(across, down, heights, [-1, 1], colors=["0.88"])
            axis.contour(across, down, heights, [-1, 0, 1], colors="0.3", linestyles=["--", "-", "--"], linewidths=1.2)
            for kind, colour, marker in zip(np.unique(kinds), COLOURS, "os", strict=False):
                group = points[kinds == kind]
                axis.plot(*group.T, marker, color=colour, markersize=5, label=str(kind))
            axis.plot(*machine.support_vectors_.T, "o", mfc="none", mec="black", markersize=10, linewidth=1)
            axis.set_title(title, fontsize=12)
            axis.set(xticks=[], yticks=[])
        axes[0, 0].legend(fontsize=12, loc="best")
        show(figure, alt)
