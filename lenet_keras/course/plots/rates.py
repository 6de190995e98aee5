"""A learning rate for every weight, and what becomes of a layer's units when it is too large (lesson 16)."""

import matplotlib.pyplot as plt
import numpy as np

from .showing import COLOURS, show, style


def rate_strips(rates, band, alt, weights=2000):
    """A strip for each array of weights: a point for every weight at its rate, on a logarithmic axis.

    Args:
        rates: dict from a name to an array of rates.
        band: (lowest, highest), drawn as a band behind the strips.
        alt: text for those who cannot see the figure.
        weights: of a larger array so many are drawn, spread evenly from its lowest rate to its highest.
    """
    rng = np.random.default_rng(0)
    with style():
        figure, axis = plt.subplots(figsize=(8, 0.9 + 0.34 * len(rates)))
        axis.axvspan(*band, color=COLOURS[1], alpha=0.18, linewidth=0, label="the article's rates")
        for row, values in enumerate(rates.values()):
            values = np.sort(np.ravel(values))
            drawn = values[np.unique(np.linspace(0, len(values) - 1, weights).astype(int))]
            rows = row + rng.uniform(-0.3, 0.3, len(drawn))
            axis.plot(drawn, rows, ".", color=COLOURS[0], markersize=3 if len(drawn) > 100 else 6, alpha=0.6)
            axis.plot([np.median(values)] * 2, [row - 0.4, row + 0.4], color="black", linewidth=2)
        axis.set_yticks(range(len(rates)), list(rates))
        axis.set(xscale="log", ylim=(len(rates) - 0.5, -0.5))
        axis.set_xlabel("learning rate (black: the median)", fontsize=12)
        axis.tick_params(labelsize=12)
        axis.legend(fontsize=12, loc="lower left", bbox_to_anchor=(0, 1))
        show(figure, alt)


def units_over_updates(panels, limit, alt):
    """A panel for each training: a line for every unit of a layer, update by update.

    Args:
        panels: dict from a title to the units' outputs, (updates, units).
        limit: the largest output that there can be, drawn dotted on both sides of 0.
        alt: text for those who cannot see the figure.
    """
    with style():
        figure, axes = plt.subplots(1, len(panels), figsize=(4.4 * len(panels), 3.2), sharey=True, squeeze=False)
        for axis, (title, outputs) in zip(axes.flat, panels.items(), strict=True):
            outputs = np.asarray(outputs)
            order = np.argsort(outputs[-1])  # a colour by where the unit ends
            colours = plt.get_cmap("PuOr_r")(np.linspace(0, 1, len(order)))
            for unit, colour in zip(order, colours, strict=True):
                axis.plot(outputs[:, unit], color=colour, linewidth=0.9)
            for side in (-limit, limit):
                axis.axhline(side, color="0.3", linestyle=":", linewidth=1.5)
            axis.set_title(title, fontsize=12)
            axis.set_xlabel("updates", fontsize=12)
            axis.tick_params(labelsize=12)
        axes.flat[0].set_ylabel("output of each unit", fontsize=12)
        show(figure, alt)


def errors_by_rate(curves, alt):
    """Errors against a learning rate, each way's rates counted from its middle one: medians, and a dot for each seed.

    Args:
        curves: dict from a way's name to a dict from its rates, an odd number of them, each twice the one before, to
            errors in per cent.
        alt: text for those who cannot see the figure.
    """
    with style():
        figure, axis = plt.subplots(figsize=(9, 3.8))
        for colour, marker, (name, errors) in zip(COLOURS, "osD^v<>", curves.items(), strict=False):
            half = len(errors) // 2
            medians = [np.median(values) for values in errors.values()]
            axis.plot(range(-half, half + 1), medians, marker=marker, color=colour, label=name)
            for place, values in enumerate(errors.values(), -half):
                axis.plot([place] * len(values), values, marker, color=colour, alpha=0.4, markersize=4)
        axis.set_yscale("log")
        ticks = [tick for tick in (1, 2, 3, 5, 7, 10, 15, 20, 30, 50) if axis.get_ylim()[0] < tick < axis.get_ylim()[1]]
        axis.set_yticks(ticks, [str(tick) for tick in ticks])
        axis.minorticks_off()
        half = max(len(errors) for errors in curves.values()) // 2
        names = {-2: "a quarter", -1: "half", 0: "the middle rate", 1: "double", 2: "four times"}
        axis.set_xticks(range(-half, half + 1), [names.get(each, "") for each in range(-half, half + 1)])
        axis.tick_params(labelsize=12)
        axis.set_xlabel("rate", fontsize=12)
        axis.set_ylabel("error (%), median", fontsize=12)
        axis.legend(fontsize=12, loc="center left", bbox_to_anchor=(1, 0.5))
        show(figure, alt)
