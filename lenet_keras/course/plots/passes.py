"""Trainings by right and spoiled backward passes, and where slopes are wrong (lesson 24)."""

import matplotlib.pyplot as plt
import numpy as np

from .showing import COLOURS, show, style


def pass_curves(every, errors, alt):
    """Error against updates, on a logarithmic axis: a line for the mean of the seeds, a band for all.

    Args:
        every: updates from one measurement to the next; the first is made before any update.
        errors: dict from a name to errors in per cent, an array (seeds, measurements).
        alt: text for those who cannot see the figure.
    """
    with style():
        figure, axis = plt.subplots(figsize=(8, 3.8), layout="constrained")
        marks = zip(errors.items(), [COLOURS[-1], *COLOURS], "o^sDvP", strict=False)
        for (name, runs), colour, mark in marks:
            updates = every * np.arange(runs.shape[1])
            axis.fill_between(updates, runs.min(axis=0), runs.max(axis=0), color=colour, alpha=0.2, linewidth=0)
            axis.plot(updates, runs.mean(axis=0), marker=mark, color=colour, label=name)
        axis.set(yscale="log", xlim=(0, None))
        axis.set_xlabel("updates", fontsize=12)
        axis.set_ylabel("validation error (%)", fontsize=12)
        axis.set_yticks([3, 5, 10, 20, 50, 90], ["3", "5", "10", "20", "50", "90"])
        axis.minorticks_off()
        axis.tick_params(labelsize=12)
        axis.legend(fontsize=12, loc="center left", bbox_to_anchor=(1, 0.5))
        show(figure, alt)


def array_errors(cases, alt):
    """The relative errors of arrays of slopes, on a logarithmic axis: a panel for each case, a row for each array.

    Args:
        cases: dict from a panel's title to a dict from an array's name to its relative error.
        alt: text for those who cannot see the figure.
    """
    with style():
        figure, axes = plt.subplots(1, len(cases), figsize=(9.5, 3.4), sharex=True, sharey=True, layout="constrained")
        for axis, (title, errors) in zip(axes, cases.items(), strict=True):
            values = np.maximum(list(errors.values()), 1e-16)  # a logarithm needs more than 0
            for row, value in enumerate(values):
                axis.plot(
                    value,
                    row,
                    "ox"[int(value > 1e-6)],
                    color=COLOURS[int(value > 1e-6)],
                    markersize=8,
                    markeredgewidth=2,
                )
            axis.set_title(title, fontsize=12)
            axis.set(xscale="log", xlim=(1e-17, 1e3), ylim=(len(values) - 0.5, -0.5))
            axis.set_yticks(range(len(values)), list(errors))
            axis.set_xticks([1e-15, 1e-8, 1])
            axis.minorticks_off()
            axis.grid(axis="y", color="0.9")
            axis.tick_params(labelsize=12)
        figure.supxlabel("relative error", fontsize=12)
        show(figure, alt)
