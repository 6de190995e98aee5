"""What the file of digits betrays of its history (lesson 01)."""

import matplotlib.pyplot as plt
import numpy as np

from .showing import COLOURS, show, style


def slants_along_the_file(kinds, count, alt):
    """Mean slants along a file in which kinds of digits take turns: a line for each kind.

    Args:
        kinds: dict from a kind's name to the slopes of its digits, in the order of the file.
        count: how many digits of a kind a mean is taken of.
        alt: text for those who cannot see the figure.

    Returns:
        The means of each kind, in degrees: a list of arrays.
    """
    parts = [[some[k : k + count].mean() for k in range(0, len(some) - count + 1, count)] for some in kinds.values()]
    means = [np.degrees(np.arctan(each)) for each in parts]
    with style():
        figure, axes = plt.subplots(figsize=(9, 3.4))
        for name, line, colour in zip(kinds, means, COLOURS, strict=False):
            axes.plot(len(kinds) * count * np.arange(len(line)), line, color=colour, lw=1.5, label=name)
        axes.set_xlabel("place in the file", fontsize=12)
        axes.set_ylabel("mean slant (degrees)", fontsize=12)
        axes.xaxis.set_major_formatter(lambda place, _: f"{place:,.0f}")
        axes.tick_params(labelsize=12)
        axes.legend(fontsize=12, loc="center left", bbox_to_anchor=(1, 0.5))
        show(figure, alt)
    return means


def grey_counts(counts, marks, alt, span=(10, 246)):
    """How often each grey value occurs, with marks below the curve.

    Args:
        counts: (256,), how many pixels have each grey value.
        marks: dict from a name to the grey values to mark.
        alt: text for those who cannot see the figure.
        span: the first grey value drawn, and the one after the last: paper and full ink would hide all others.
    """
    greys = np.arange(*span)
    with style():
        figure, axes = plt.subplots(figsize=(9, 3.4))
        top = counts[greys].max() / 1000
        axes.plot(greys, counts[greys] / 1000, drawstyle="steps-mid", color="0.3", lw=1)
        for step, ((name, values), sign) in enumerate(zip(marks.items(), "v^s", strict=False)):
            height = (0.06 + 0.09 * step) * top
            axes.plot(values, np.full(len(values), height), sign, ms=9, color=COLOURS[step], label=name)
        axes.set_xlabel("grey value", fontsize=12)
        axes.set_ylabel("pixels (thousands)", fontsize=12)
        axes.tick_params(labelsize=12)
        axes.set_ylim(0, None)
        axes.legend(fontsize=12, loc="center left", bbox_to_anchor=(1, 0.5))
        show(figure, alt)
