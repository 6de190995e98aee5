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


def curves_and_slopes(x, curves, alt):
    """Functions side by side, each with its slope as a dashed line.

    Args:
        x: (points,).
        curves: dict from a name to (values, slopes), each (points,).
        alt: text for those who cannot see the figure.
    """
    with style():
        figure, axes = plt.subplots(1, len(curves), figsize=(4 * len(curves), 2.9), layout="constrained", squeeze=False)
        for axis, (name, (values, slopes)) in zip(axes.flat, curves.items(), strict=True):
            axis.plot(x, values, label=f"{name}(a)", linewidth=2)
            axis.plot(x, slopes, "--", label="its slope", linewidth=2)
            axis.set_xlabel("weighted sum a", fontsize=12)
            axis.set(ylim=(-1.2, 2.5), xticks=[-4, -2, 0, 2, 4])
            axis.tick_params(labelsize=12)
            axis.legend(fontsize=12, loc="upper left")
        show(figure, alt)


def paths_over_steps(paths, alt):
    """The output of a unit, step by step, from several starts; each mark of the axis is ten times as many steps.

    Args:
        paths: dict from a name to the outputs, the first before any step.
        alt: text for those who cannot see the figure.
    """
    with style():
        figure, axis = plt.subplots(figsize=(8, 3), layout="constrained")
        for (name, outputs), colour in zip(paths.items(), COLOURS, strict=False):
            axis.semilogx(range(1, len(outputs) + 1), outputs, linewidth=2, label=name, color=colour)
        axis.set_xlabel("steps (each mark ten times as many)", fontsize=12)
        axis.set_ylabel("output", fontsize=12)
        axis.tick_params(labelsize=12)
        axis.legend(fontsize=12, loc="center left", bbox_to_anchor=(1, 0.5))
        show(figure, alt)
