"""The result of 1998 made again: errors by pass, by the number of digits, and with what the sources leave open
(lesson 17).
"""

import matplotlib.pyplot as plt
import numpy as np

from .showing import COLOURS, show, style


def errors_by_pass(curves, printed, alt):
    """Errors after each pass: the mean over the seeds, a band from the best to the worst, and printed figures.

    Args:
        curves: dict from a name to an array (seed, pass), in per cent.
        printed: dict from a name to (first pass, last pass, error in per cent); drawn as a dotted line.
        alt: text for those who cannot see the figure.
    """
    with style():
        figure, axis = plt.subplots(figsize=(8, 3.8))
        for (name, values), colour, line in zip(curves.items(), COLOURS, ("-", "--", "-.", ":"), strict=False):
            passes = np.arange(1, values.shape[1] + 1)
            axis.plot(passes, values.mean(axis=0), line, color=colour, label=name)
            axis.fill_between(passes, values.min(axis=0), values.max(axis=0), color=colour, alpha=0.25, linewidth=0)
        for (name, (first, last, error)), marker in zip(printed.items(), "sD^", strict=False):
            axis.plot([first, last], [error, error], ":", marker=marker, color="black", markersize=5, label=name)
        axis.set(xlim=(0, None), ylim=(0, 6), xticks=range(0, 21, 5))
        _large(axis, "pass", "error (%)")
        axis.legend(fontsize=12)
        show(figure, alt)


def errors_by_size(errors, alt, limit=2.2):
    """Errors against the number of digits learned from, as the article's Fig. 6: a dot a seed, a line of means.

    Args:
        errors: dict from a name to a dict from the number of digits to errors in per cent.
        alt: text for those who cannot see the figure.
        limit: the upper end of the error axis, in per cent.
    """
    with style():
        figure, axis = plt.subplots(figsize=(8, 3.6))
        for (name, points), colour, marker in zip(errors.items(), COLOURS, "os^", strict=False):
            sizes = sorted(points)
            axis.plot([size / 1000 for size in sizes], [np.mean(points[size]) for size in sizes], color=colour)
            for size in sizes:
                label = name if size == sizes[0] else None
                axis.plot([size / 1000] * len(points[size]), points[size], marker, color=colour, alpha=0.7, label=label)
        axis.set(xlim=(0, 100), ylim=(0, limit))
        _large(axis, "digits learned from (thousands)", "error (%)")
        axis.legend(fontsize=12, loc="upper right")
        show(figure, alt)


def ranges_and_runs(rows, alt):
    """A row for each setting: a dot for each run, in per cent, on a bar from the lowest to the highest of `others`.

    Args:
        rows: dict from a name to (errors of its runs, others): the runs that it is compared with.
        alt: text for those who cannot see the figure.
    """
    with style():
        figure, axis = plt.subplots(figsize=(8, 0.9 + 0.45 * len(rows)))
        for row, (errors, others) in enumerate(rows.values()):
            axis.plot([min(others), max(others)], [row, row], color="0.8", linewidth=14, solid_capstyle="butt")
            axis.plot(errors, [row] * len(errors), "o", color=COLOURS[0], alpha=0.8)
        axis.set_yticks(range(len(rows)), list(rows))
        axis.set(ylim=(len(rows) - 0.5, -0.5))
        _large(axis, "test error (%)", "")
        show(figure, alt)


def _large(axis, xlabel, ylabel):
    axis.tick_params(labelsize=12)
    axis.set_xlabel(xlabel, size=12)
    axis.set_ylabel(ylabel, size=12)
