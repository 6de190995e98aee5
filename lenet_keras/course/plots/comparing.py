"""Comparing networks: what a change brings, pair by pair (lesson 13)."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from .showing import COLOURS, show, style


def paired_differences(differences, intervals, alt):
    """A row for each change: a dot for each pair of trainings, a bar for the interval of their mean, a line at zero.

    Args:
        differences: dict from the change's name to its differences in percentage points, below 0 where it helps.
        intervals: dict from the same names to (low, high).
        alt: text for those who cannot see the figure.
    """
    names = list(differences)
    with style():
        figure, axis = plt.subplots(figsize=(8, 0.9 + 0.45 * len(names)))
        axis.axvline(0, color="0.5", linewidth=1)
        for row, name in enumerate(names):
            low, high = intervals[name]
            colour = COLOURS[6] if low <= 0 <= high else COLOURS[0] if high < 0 else COLOURS[1]
            axis.plot([low, high], [row, row], color=colour, linewidth=7, alpha=0.35, solid_capstyle="butt")
            rows = row + np.linspace(-0.2, 0.2, len(differences[name]))
            axis.plot(differences[name], rows, "o", color=colour, markersize=4)
        axis.set_yticks(range(len(names)), names)
        axis.set(ylim=(len(names) - 0.5, -0.5))
        axis.set_xlabel("← fewer errors      difference in percentage points      more errors →")
        axis.tick_params(labelsize=12)
        axis.xaxis.label.set_size(12)
        show(figure, alt)


def scattered_curves(curves, alt, xlabel, ylabel, logarithmic_x=False, top=None):
    """Values against a number, on a logarithmic axis: a line through the medians, and a dot for each seed.

    Args:
        curves: dict from a curve's name to a dict from the number to its values.
        alt: text for those who cannot see the figure.
        xlabel, ylabel: what the axes show.
        logarithmic_x: whether the numbers stand on a logarithmic axis too.
        top: where the figure ends above; None: where the values end.
    """
    with style():
        figure, axis = plt.subplots(figsize=(6.5, 3.6))
        legend = []
        for colour, marker, (name, points) in zip(COLOURS, "osD^v<>", curves.items(), strict=False):
            axis.plot(list(points), [np.median(values) for values in points.values()], color=colour)
            for number, values in points.items():
                axis.plot([number] * len(values), values, marker, color=colour, alpha=0.6, markersize=5)
            legend.append(Line2D([], [], marker=marker, color=colour, label=name))
        axis.set(yscale="log", xscale="log" if logarithmic_x else "linear")
        axis.set_ylim(top=top)
        low, high = axis.get_ylim()
        if high < 100 * low:  # too few powers of ten for labels
            axis.yaxis.set_major_locator(LogLocator(subs=(1, 2, 3, 4, 5, 7)))
            axis.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.yaxis.set_minor_formatter(NullFormatter())
        if logarithmic_x:
            axis.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.tick_params(labelsize=12)
        axis.set_xlabel(xlabel, size=12)
        axis.set_ylabel(ylabel, size=12)
        axis.legend(
            handles=legend, fontsize=12, loc="upper left", bbox_to_anchor=(1, 1)
        )  # beside, not upon, the curves
        show(figure, alt)
