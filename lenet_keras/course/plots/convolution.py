"""Convolutions in pictures: kernels and their maps, maps that are added up, layers as tables (lessons 02 and 03)."""

import matplotlib.pyplot as plt
import numpy as np

from ...data import INK, PAPER
from .showing import COLOURS, SIGNED, show, style


def _bare(axis):
    axis.set(xticks=[], yticks=[])
    axis.spines[:].set(visible=True, color="0.7", linewidth=0.6)


def _signed(axis, values, limit=None):
    limit = limit or float(np.abs(values).max()) or 1.0
    axis.imshow(values, cmap=SIGNED, vmin=-limit, vmax=limit)


def kernels_and_maps(image, kernels, maps, alt):
    """A digit; in the upper row the kernels of a layer, in the lower one the map that each makes of it.

    Args:
        image: (rows, columns), from -0.1 (paper) to 1.175 (ink).
        kernels: (n, rows, columns); all share one scale, and so do the maps.
        maps: (n, rows, columns).
        alt: text for those who cannot see the figure.
    """
    count = len(kernels)
    with style():
        figure, axes = plt.subplots(2, count + 1, figsize=(1.2 * (count + 1), 2.7), layout="constrained")
        for axis in axes.flat:
            _bare(axis)
        axes[0, 0].imshow(image, cmap="gray_r", vmin=PAPER, vmax=INK)
        axes[0, 0].set_title("the digit", fontsize=12)
        axes[1, 0].axis("off")
        axes[1, 0].text(0.95, 0.5, "its map:" if count == 1 else "its maps:", ha="right", va="center", fontsize=12)
        for number, (above, below) in enumerate(axes.T[1:]):
            _signed(above, kernels[number], np.abs(kernels).max())
            above.set_title("kernel" if count == 1 else f"kernel {number}", fontsize=12)
            _signed(below, maps[number], np.abs(maps).max())
        show(figure, alt)


def sum_of_maps(maps, kernels, parts, result, alt):
    """One filter of a later layer: the maps it gets, its window on each, the map that each makes, and their sum.

    Args:
        maps: (n, rows, columns), what the filter gets.
        kernels: (n, rows, columns), its windows.
        parts: (n, rows, columns), what each window makes of its map.
        result: (rows, columns), their sum with the bias.
        alt: text for those who cannot see the figure.
    """
    count = len(maps)
    with style():
        figure, axes = plt.subplots(3, count + 1, figsize=(1.2 * (count + 1), 3.9), layout="constrained")
        rows = (("map", maps), ("window", kernels), ("part", parts))
        for line, (name, values) in zip(axes, rows, strict=True):
            for number, axis in enumerate(line[:count]):
                _bare(axis)
                _signed(axis, values[number], np.abs(values).max())
                axis.set_title(f"{name} {number}", fontsize=12)
            line[count].axis("off")
        for number in range(count):
            sign = "=" if number == count - 1 else "+"
            axes[2, number].text(1.13, 0.5, sign, transform=axes[2, number].transAxes, ha="center", va="center")
        axes[2, count].axis("on")
        _bare(axes[2, count])
        _signed(axes[2, count], result)
        axes[2, count].set_title("sum + bias", fontsize=12)
        show(figure, alt)


def grey_row(images, alt):
    """Digits and what became of them, side by side, each filling its panel.

    Args:
        images: dict from a title to (rows, columns), from -0.1 (paper) to 1.175 (ink).
        alt: text for those who cannot see the figure.
    """
    with style():
        figure, axes = plt.subplots(
            1, len(images), figsize=(1.5 * len(images), 1.9), squeeze=False, layout="constrained"
        )
        for axis, (title, values) in zip(axes.flat, images.items(), strict=True):
            _bare(axis)
            axis.imshow(values, cmap="gray_r", vmin=PAPER, vmax=INK)
            axis.set_title(title, fontsize=12)
        show(figure, alt)


def weight_tables(side, window, alt):
    """A layer on an image as three tables of weights, a row for each output, a column for each pixel.

    Dense, local, and local with shared weights; equal weights have equal colours.

    Args:
        side: rows and columns of the image.
        window: rows and columns of the window.
        alt: text for those who cannot see the figure.

    Returns:
        The tables: int arrays (outputs, pixels) with 0 for no weight, otherwise the number of the weight, from 1 on.
    """
    places = np.arange(side * side).reshape(side, side)
    windows = np.lib.stride_tricks.sliding_window_view(places, (window, window)).reshape(-1, window * window)
    dense = 1 + np.arange(windows.shape[0] * side * side).reshape(-1, side * side)
    local, shared = np.zeros_like(dense), np.zeros_like(dense)
    np.put_along_axis(local, windows, 1 + np.arange(windows.size).reshape(windows.shape), axis=1)
    np.put_along_axis(shared, windows, 1 + np.arange(windows.shape[1]), axis=1)
    counts = dense.max(), local.max(), shared.max()
    titles = (f"dense: {counts[0]} weights", f"local: {counts[1]}", f"local and shared: {counts[2]}")
    tables = dict(zip(titles, (dense, local, shared), strict=True))
    with style():
        figure, axes = plt.subplots(1, len(tables), figsize=(3.2 * len(tables), 2.6), layout="constrained")
        for axis, (title, table) in zip(np.atleast_1d(axes), tables.items(), strict=True):
            few = table.max() <= len(COLOURS)
            for (row, column), weight in np.ndenumerate(table):
                # Where there are many, neighbours get colours that lie far apart.
                shade = COLOURS[weight - 1] if few else plt.get_cmap("turbo")(0.618 * weight % 1)
                colour = shade if weight else "white"
                axis.add_patch(plt.Rectangle((column, row), 1, 1, facecolor=colour, edgecolor="0.6", linewidth=0.5))
            rows, columns = table.shape
            axis.set(xlim=(0, columns), ylim=(rows, 0), aspect="equal", xticks=[], yticks=[])
            axis.set_title(title, fontsize=12)
            axis.set_xlabel(f"{columns} pixels", fontsize=12)
            axis.set_ylabel(f"{rows} outputs", fontsize=12)
        show(figure, alt)
    return list(tables.values())
