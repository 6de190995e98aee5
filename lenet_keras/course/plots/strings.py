"""Strings of digits (lesson 23)."""

import matplotlib.pyplot as plt
import numpy as np

from ...data import INK, PAPER
from .pictures import axes_grid, squared
from .showing import COLOURS, show, style


def map_of_outputs(image, probabilities, centres=None, alt=None, step=4, window=32):
    """A string of digits and, below it, the map of outputs: each column of the map under the middle of its window.

    The answers stand over the image: at each place the class with the largest output, a dot for the blank. A bar
    shows how much of the image the first window takes in.

    Args:
        image: (32, W) or (32, W, 1), from -0.1 (paper) to 1.175 (ink).
        probabilities: (places, classes); with 11 classes the last is the blank.
        centres: columns at which the digits stand, drawn as dotted lines; None for none.
        alt: text for those who cannot see the figure; None for a general one.
        step, window: pixels between two places, and the width of a window.
    """
    image, probabilities = squared(np.asarray(image)[None])[0], np.asarray(probabilities)
    places, classes = probabilities.shape
    middles = step * np.arange(places) + window / 2
    names = [*map(str, range(min(classes, 10))), *["blank"] * (classes - 10)]
    with style():
        figure, (above, below) = plt.subplots(
            2, 1, figsize=(7, 4.2), sharex=True, height_ratios=(1, 1.25), layout="constrained"
        )
        above.imshow(image, cmap="gray_r", vmin=PAPER, vmax=INK, extent=(-0.5, image.shape[1] - 0.5, 31.5, -0.5))
        above.plot((-0.5, window - 0.5), (30.5, 30.5), color=COLOURS[0], linewidth=3, solid_capstyle="butt")
        for middle, answer in zip(middles, probabilities.argmax(axis=1), strict=True):
            blank = answer == 10
            look = {"color": "0.5"} if blank else {"color": COLOURS[1], "weight": "bold"}
            above.text(middle, -3.5, "·" if blank else str(answer), ha="center", fontsize=11 if step > 2 else 9, **look)
        extent = (middles[0] - step / 2, middles[-1] + step / 2, classes - 0.5, -0.5)
        picture = below.imshow(probabilities.T, cmap="Blues", vmin=0, vmax=1, extent=extent, aspect="auto")
        for centre in () if centres is None else centres:
            above.axvline(centre, color=COLOURS[2], linestyle=":", linewidth=1)
            below.axvline(centre, color=COLOURS[2], linestyle=":", linewidth=1)
        above.set(yticks=[], ylabel="image", aspect="auto")
        below.set(yticks=range(classes), yticklabels=names, ylabel="output", xlabel="column of the image (pixels)")
        below.set_xlim(-0.5, image.shape[1] - 0.5)
        below.tick_params(axis="y", labelsize=9)
        figure.colorbar(picture, ax=below, label="probability", fraction=0.03, pad=0.01)
        show(figure, alt or f"A string of digits and, below it, the map of its {places} outputs.")


def strings_in_rows(images, titles, alt=None):
    """Strings one below the other, each with a title.

    Args:
        images: a list of (32, W) or (32, W, 1), paper -0.1 to ink 1.175; they need not be equally wide.
        titles: a text for each.
        alt: text for those who cannot see the figure; None for a general one.
    """
    widest = max(np.shape(image)[1] for image in images)
    with style():
        figure, axes = plt.subplots(len(images), 1, figsize=(7, 1.15 * len(images)), squeeze=False)
        for axis, image, title in zip(axes[:, 0], images, titles, strict=True):
            axis.imshow(squared(np.asarray(image)[None])[0], cmap="gray_r", vmin=PAPER, vmax=INK)
            axis.set_xlim(-0.5, widest - 0.5)
            axis.set_title(title, fontsize=12, loc="left", pad=2)
            axis.axis("off")
        figure.tight_layout(pad=0.3)
        show(figure, alt or f"{len(images)} strings of digits, one below the other.")


def training_windows(windows, classes, columns=10, alt=None):
    """Windows with their middle column drawn as a dotted line, and above each its class.

    Args:
        windows: (n, 32, 32, 1), paper -0.1 to ink 1.175.
        classes: (n,), 0 to 9, or 10 for the blank.
        columns: windows in a row.
        alt: text for those who cannot see the figure; None for a general one.
    """
    with style():
        figure, axes = axes_grid(len(windows), columns, 0.9, 1.15)
        for axis, window, number in zip(axes, squared(windows), classes, strict=False):
            axis.imshow(window, cmap="gray_r", vmin=PAPER, vmax=INK)
            axis.axvline(window.shape[1] / 2, color=COLOURS[1], linestyle=":", linewidth=1.5)
            axis.set_title("blank" if number == 10 else str(number), fontsize=12, pad=3)
        show(figure, alt or f"{len(windows)} windows, with their middle marked and their class above.")


def lost_elevens(runs, strings, alt=None):
    """Strings of two ones that are not read exactly when collapsed, by number of passes; a dot for each network.

    Args:
        runs: results of tools/compare_blanks.py: dicts with "close" and, by passes, "elevens_collapsed_wrong".
        strings: how many strings were read.
        alt: text for those who cannot see the figure; None for a general one.
    """
    passes = sorted(runs[0]["passes"], key=int)
    with style():
        figure, axis = plt.subplots(figsize=(6.4, 3.4))
        for close, mark, label in ((False, "s", "no blanks between close digits"), (True, "o", "blanks there too")):
            mine = [run for run in runs if run["close"] == close]
            shares = [
                [100 * run["passes"][each]["elevens_collapsed_wrong"] / strings for each in passes] for run in mine
            ]
            places = np.arange(len(passes)) + np.linspace(-0.12, 0.12, len(mine))[:, None]
            look = {"color": COLOURS[int(close)], "linestyle": "none", "marker": mark, "label": label}
            axis.plot(places.ravel(), np.ravel(shares), **look)
        names = [f"{each}\n({4 // int(each)} pixels apart)" for each in passes]
        axis.set_xticks(range(len(passes)), names)
        axis.set(xlabel="passes over the image", ylabel='"11" not read exactly (%)', ylim=(0, None))
        axis.legend(fontsize=11)
        show(
            figure, alt or f"Strings of two ones not read exactly, for {len(runs)} networks, by passes over the image."
        )


def string_errors(cells, ways, x, name, alt=None):
    """Share of strings that are not read exactly, against a property of the strings, with 95 % intervals.

    Args:
        cells: a list of dicts, each with the property and "wrong", a dict from way of reading to errors, and "strings",
            how many there were.
        ways: the ways of reading that are drawn.
        x: the key of the property.
        name: what the property is, for the axis.
        alt: text for those who cannot see the figure; None for a general one.
    """
    from ...evaluation import wilson_interval

    cells = sorted(cells, key=lambda cell: cell[x])
    with style():
        figure, axis = plt.subplots(figsize=(7.6, 3.8))
        for way, colour, mark in zip(ways, COLOURS, "os^Dv", strict=False):
            shares = np.array([100 * cell["wrong"][way] / cell["strings"] for cell in cells])
            bounds = np.array([wilson_interval(cell["wrong"][way], cell["strings"]) for cell in cells])
            reach = np.abs(100 * bounds.T - shares)
            places = [cell[x] for cell in cells]
            axis.errorbar(places, shares, reach, fmt=f"{mark}-", color=colour, markersize=4, capsize=2, label=way)
        axis.set(xlabel=name, ylabel="strings not read exactly (%)", ylim=(0, None))
        axis.legend(fontsize=11, loc="upper left", bbox_to_anchor=(1.0, 1.0))
        show(figure, alt or f"Strings not read exactly, in per cent, against {name}.")
