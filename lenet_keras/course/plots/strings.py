"""Strings of digits (lesson 23)."""

import matplotlib.pyplot as plt
import numpy as np

from ...data import INK, PAPER
from .pictures import squared
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
            above.text(middle, -3.5, "·" if blank else str(answer), ha="center", fontsize=9, **look)
        extent = (middles[0] - step / 2, middles[-1] + step / 2, classes - 0.5, -0.5)
        picture = below.imshow(probabilities.T, cmap="Blues", vmin=0, vmax=1, extent=extent, aspect="auto")
        for centre in () if centres is None else centres:
            above.axvline(centre, color=COLOURS[2], linestyle=":", linewidth=1)
            below.axvline(centre, color=COLOURS[2], linestyle=":", linewidth=1)
        above.set(yticks=[], ylabel="image", aspect="auto")
        below.set(yticks=range(classes), yticklabels=names, ylabel="output", xlabel="column of the image (pixels)")
        below.set_xlim(-0.5, image.shape[1] - 0.5)
        below.tick_params(axis="y", labelsize=8)
        figure.colorbar(picture, ax=below, label="probability", fraction=0.03, pad=0.01)
        show(figure, alt or f"A string of digits and, below it, the map of its {places} outputs.")


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
        figure, axis = plt.subplots(figsize=(6.4, 3.6))
        for way, colour, mark in zip(ways, COLOURS, "os^Dv", strict=False):
            shares = np.array([100 * cell["wrong"][way] / cell["strings"] for cell in cells])
            bounds = np.array([wilson_interval(cell["wrong"][way], cell["strings"]) for cell in cells])
            reach = np.abs(100 * bounds.T - shares)
            places = [cell[x] for cell in cells]
            axis.errorbar(places, shares, reach, fmt=f"{mark}-", color=colour, markersize=4, capsize=2, label=way)
        axis.set(xlabel=name, ylabel="strings not read exactly (%)", ylim=(0, None))
        axis.legend(fontsize=9, loc="upper left", bbox_to_anchor=(1.0, 1.0))
        show(figure, alt or f"Strings not read exactly, in per cent, against {name}.")
