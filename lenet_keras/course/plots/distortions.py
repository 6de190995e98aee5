"""Digits that are moved, and what that does to the answers (lesson 20)."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import ConnectionPatch

from ...data import INK, PAPER
from ...evaluation import wilson_interval
from .showing import COLOURS, show, style


def fetching(original, result, places, alt):
    """An image and what became of it, with an arrow from some pixels of the result to where they were fetched.

    Args:
        original, result: (height, width), from -0.1 (paper) to 1.175 (ink).
        places: pairs ((row, column) in the result, (row, column) in the original).
        alt: text for those who cannot see the figure.
    """
    with style():
        figure, axes = plt.subplots(1, 2, figsize=(8.4, 3.9))
        for axis, image, title in zip(axes, (original, result), ("the original", "the result"), strict=True):
            axis.imshow(image, cmap="gray_r", vmin=PAPER, vmax=INK)
            axis.set_title(title, fontsize=12)
            axis.set(xticks=[0, 10, 20, 30], yticks=[0, 10, 20, 30])
            axis.tick_params(labelsize=12)
            axis.set_xlabel("column", fontsize=12)
        axes[0].set_ylabel("row", fontsize=12)
        for number, (to, origin) in enumerate(places):
            colour = COLOURS[(1, 0, 2, 3)[number % 4]]
            between = {"coordsA": "data", "coordsB": "data", "axesA": axes[1], "axesB": axes[0]}
            look = {"arrowstyle": "-|>", "color": colour, "linewidth": 1.8, "mutation_scale": 16}
            figure.add_artist(ConnectionPatch(tuple(to)[::-1], tuple(origin)[::-1], **between, **look))
            axes[1].plot(to[1], to[0], "s", color=colour, markersize=7, markerfacecolor="none", markeredgewidth=2)
        show(figure, alt)


def error_curves(curves, ink, total, base, marks=None, alt=None):
    """Error against the amount of each of several distortions, and how much ink is left; four panels in a row.

    Args:
        curves: dict from a distortion, the name of its axis, to (amounts, errors): errors is a dict from a network's
            name to as many shares from 0 to 1. Amounts that are all above 0 are factors, on a logarithmic axis.
        ink: dict from distortion to the ink that is left at each amount, in per cent.
        total: digits behind each error, for its 95 % interval, the band.
        base: the error of the best constant answer, a share: a dotted line.
        marks: dict from distortion to amounts that get a vertical dotted line; None for no marks.
        alt: text for those who cannot see the figure; None for a general one.
    """
    with style():
        columns = min(4, len(curves))
        rows = -(-len(curves) // columns)
        size = {"figsize": (2.5 * columns, 2.5 * rows + 0.5)}
        figure, panels = plt.subplots(rows, columns, sharey=True, squeeze=False, layout="constrained", **size)
        for panel in panels.flat[len(curves) :]:
            panel.axis("off")
        for panel, (name, (amounts, errors)) in zip(panels.flat, curves.items(), strict=False):
            for mark in (marks or {}).get(name, ()):
                panel.axvline(mark, color="0.6", linestyle=":", linewidth=1.4)
            panel.axhline(100 * base, color="0.6", linestyle=":", linewidth=1.4, label="best constant answer")
            panel.plot(amounts, np.minimum(ink[name], 100), "-.", color="0.4", linewidth=1.6, label="ink left")
            for colour, line, (label, values) in zip(COLOURS, ("-", "--", ":"), errors.items(), strict=False):
                counts = np.rint(np.asarray(values) * total).astype(int)
                low, high = 100 * np.transpose([wilson_interval(count, total) for count in counts])
                panel.fill_between(amounts, low, high, color=colour, alpha=0.2, linewidth=0)
                panel.plot(amounts, 100 * counts / total, line, color=colour, linewidth=1.8, label=f"error, {label}")
            panel.set_xlabel(name, fontsize=12)
            panel.set(ylim=(0, 103), yticks=[0, 50, 100])
            panel.tick_params(labelsize=12)
            if min(amounts) > 0:
                panel.set_xscale("log", base=2)
                ticks = [tick for tick in (0.5, 0.7, 1, 1.4, 2) if min(amounts) <= tick <= max(amounts)]
                panel.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        for first in panels[:, 0]:
            first.set_ylabel("per cent", fontsize=12)
        handles, labels = panels.flat[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper center", ncols=len(labels), fontsize=12)
        show(figure, alt or f"Error and ink left against amount, for {len(curves)} distortions.")
