"""What the layers of a network do (lessons 10 and 11)."""

import matplotlib.patheffects as path_effects
import matplotlib.pyplot as plt
import numpy as np

from ...data import INK, PAPER
from .pictures import squared
from .showing import COLOURS, SIGNED, show, style


def picture_table(pictures, row_name, column_name, signed=None, alt=None, size=0.5):
    """A table of small pictures, its rows and columns numbered from 0.

    Args:
        pictures: (rows, columns, height, width): patches of images from -0.1 (paper) to 1.175 (ink), or values
            with a sign, which share one scale centred at zero.
        row_name, column_name: what the rows and the columns are.
        signed: for values with a sign, what they are: the label of their colour bar. None for images.
        alt: text for those who cannot see the figure; None for a general one.
        size: width of one picture, in inches.

    Raises:
        ValueError: if the pictures have another shape.
    """
    pictures = np.asarray(pictures, "float64")
    if pictures.ndim != 4 or not pictures.size:
        raise ValueError(f"Pictures must have shape (rows, columns, height, width), not {pictures.shape}.")
    rows, columns, height, width = pictures.shape
    gap = max(1, round(width / 8))
    framed = np.pad(pictures, ((0, 0), (0, 0), (0, gap), (0, gap)), constant_values=np.nan)
    whole = framed.transpose(0, 2, 1, 3).reshape(rows * (height + gap), -1)[:-gap, :-gap]
    limit = float(np.abs(pictures).max()) or 1.0
    colours, low, high = (SIGNED, -limit, limit) if signed else ("gray_r", PAPER, INK)
    with style():
        figure, axes = plt.subplots(figsize=(columns * size + 0.6, rows * size + 0.4))
        axes.set_facecolor("#9db4c0")  # the gaps, which hold no number
        picture = axes.imshow(whole, cmap=colours, vmin=low, vmax=high)
        axes.set_xticks((width - 1) / 2 + (width + gap) * np.arange(columns), range(columns))
        axes.set_yticks((height - 1) / 2 + (height + gap) * np.arange(rows), range(rows))
        axes.set(xlabel=column_name, ylabel=row_name)
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        if signed:
            figure.colorbar(picture, ax=axes, fraction=0.02, pad=0.02, label=signed)
        show(figure, alt or f"{rows} rows of {columns} small pictures.")


def maps_on_digit(image, maps, titles, alt=None, size=2.6):
    """A digit, then maps of values with a sign over its pixels, each with its scale and the digit's outline.

    Args:
        image: (32, 32) or (32, 32, 1), from -0.1 (paper) to 1.175 (ink).
        maps: arrays (32, 32); orange above zero, purple below.
        titles: one for each map.
        alt: text for those who cannot see the figure; None for a general one.
        size: width of one panel, in inches.
    """
    image = squared(np.asarray(image)[None])[0]
    with style():
        figure, panels = plt.subplots(
            1, 1 + len(maps), figsize=(size * (1 + 1.2 * len(maps)), size), layout="constrained"
        )
        panels[0].imshow(image, cmap="gray_r", vmin=PAPER, vmax=INK)
        panels[0].set(title="the digit", ylabel="row")
        for axes, values, title in zip(panels[1:], maps, titles, strict=True):
            limit = float(np.abs(values).max()) or 1.0
            picture = axes.imshow(values, cmap=SIGNED, vmin=-limit, vmax=limit)
            axes.contour(image, [(PAPER + INK) / 2], colors="black", linewidths=0.8)
            axes.set_title(title)
            figure.colorbar(picture, ax=axes, fraction=0.05, pad=0.03)
        for axes in panels:
            axes.set(xlabel="column", xticks=[0, 10, 20, 30], yticks=[0, 10, 20, 30])
        show(figure, alt or f"A digit, and {len(maps)} maps of values over its pixels, with its outline.")


def digit_scatter(points, labels, names, alt=None):
    """Points in the plane, each drawn as the digit it belongs to; a large digit marks the mean of each class.

    Args:
        points: (n, 2).
        labels: digits 0 to 9, shape (n,).
        names: of the two axes.
        alt: text for those who cannot see the figure; None for a general one.
    """
    points, labels = np.asarray(points), np.asarray(labels)
    if points.ndim != 2 or points.shape[1] != 2 or labels.shape != points.shape[:1]:
        raise ValueError(f"points must be (n, 2) and labels (n,), not {points.shape} and {labels.shape}.")
    colours = [*COLOURS, "#7F7F7F", "#8B4513", "#332288"]
    halo = [path_effects.withStroke(linewidth=4, foreground="white")]
    with style():
        figure, axes = plt.subplots(figsize=(7, 6))
        for digit in np.unique(labels):
            mine = points[labels == digit]
            axes.scatter(*mine.T, marker=f"${digit}$", s=30, lw=0, color=colours[digit], alpha=0.75)
            axes.text(
                *mine.mean(axis=0), str(digit), color=colours[digit], fontsize=24, weight="bold",
                ha="center", va="center", path_effects=halo,
            )  # fmt: skip
        axes.set(xlabel=names[0], ylabel=names[1])
        show(figure, alt or "Points drawn as digits, coloured by class, with the classes' means.")
