"""Curves and dots of repeated measurements (lesson 03)."""

import matplotlib.pyplot as plt
import numpy as np

from .showing import COLOURS, show, style


def curves_with_bands(x, curves, xlabel, ylabel, alt):
    """The mean of several runs as a line, and the range from the smallest to the largest as a band.

    Args:
        x: (points,).
        curves: dict from a name to an array (runs, points).
        xlabel, ylabel: what stands at the axes.
        alt: text for those who cannot see the figure.
    """
    with style():
        figure, axis = plt.subplots(figsize=(8, 3.6), layout="constrained")
        marks = zip(curves.items(), COLOURS, ("-", "--", "-", "-."), "osv^", strict=False)
        for (name, runs), colour, line, mark in marks:
            runs = np.asarray(runs)
            axis.fill_between(x, runs.min(axis=0), runs.max(axis=0), color=colour, alpha=0.15, linewidth=0)
            axis.plot(x, runs.mean(axis=0), line, marker=mark, color=colour, label=name)
        axis.set_xlabel(xlabel, fontsize=12)
        axis.set_ylabel(ylabel, fontsize=12)
        axis.set(xticks=x, ylim=(0, None))
        axis.tick_params(labelsize=12)
        axis.legend(fontsize=12, loc="center left", bbox_to_anchor=(1.0, 0.5))
        show(figure, alt)


def dots_by_row(groups, xlabel, alt):
    """A row for each group, a dot for each of its numbers, a line at their mean.

    Args:
        groups: dict from a title to a dict from a row's name to its numbers; a panel for each title.
        xlabel: what stands below every panel.
        alt: text for those who cannot see the figure.
    """
    with style():
        figure, axes = plt.subplots(
            1, len(groups), figsize=(4 * len(groups) + 1, 2.8), sharex=True, sharey=True, squeeze=False,
            layout="constrained",
        )  # fmt: skip
        for axis, (title, rows) in zip(axes.flat, groups.items(), strict=True):
            for place, values in enumerate(rows.values()):
                axis.plot(values, np.full(len(values), place), "o", color=COLOURS[0], alpha=0.6, markersize=7)
                axis.plot([np.mean(values)] * 2, [place - 0.3, place + 0.3], color=COLOURS[1], linewidth=2)
            axis.set_title(title, fontsize=12)
            axis.set_xlabel(xlabel, fontsize=12)
            axis.set(xlim=(0, None), ylim=(len(rows) - 0.5, -0.5))
            axis.set_yticks(range(len(rows)), list(rows))
            axis.tick_params(labelsize=12)
        show(figure, alt)
