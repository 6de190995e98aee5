"""The parts of the network of 1998: curves of its units, and tables of links (lesson 14)."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import ListedColormap

from .showing import COLOURS, show, style


def lines(x, curves, xlabel, ylabel, alt, points=False, marks=()):
    """Several curves over one axis, told apart by colour and by line.

    Args:
        x: (points,).
        curves: dict from a curve's name to its values, (points,).
        xlabel, ylabel: what stands at the axes.
        alt: text for those who cannot see the figure.
        points: whether each value is marked, and x has no other ticks than its values.
        marks: places (x, y) to be marked by black points.
    """
    with style():
        figure, axis = plt.subplots(figsize=(8, 3.6), layout="constrained")
        axis.axhline(0, color="0.8", linewidth=0.8, zorder=0)
        looks = zip(curves.items(), COLOURS, ("-", "--", ":", "-."), "osD^", strict=False)
        for (name, values), colour, line, mark in looks:
            axis.plot(x, values, line, marker=mark if points else None, color=colour, label=name, linewidth=2)
        for place in marks:
            axis.plot(*place, "o", color="black", markersize=6, zorder=3)
        axis.set_xlabel(xlabel, fontsize=12)
        axis.set_ylabel(ylabel, fontsize=12)
        if points:
            axis.set_xticks(list(x))
        axis.tick_params(labelsize=12)
        axis.legend(fontsize=12, loc="center left", bbox_to_anchor=(1.0, 0.5))
        show(figure, alt)


def link_tables(tables, alt, maps_in=6):
    """Which incoming map each map is linked to, as a board of squares for each table.

    Args:
        tables: dict from a table's name to the table: for each outgoing map the numbers of the incoming ones.
        alt: text for those who cannot see the figure.
        maps_in: how many incoming maps there are.
    """
    filled = ListedColormap(["#E8E8E8", COLOURS[0]])
    with style():
        figure, axes = plt.subplots(len(tables), 1, figsize=(7, 2.8 * len(tables)), squeeze=False, layout="constrained")
        for axis, (name, table) in zip(axes.flat, tables.items(), strict=True):
            board = np.array([[i in maps for maps in table] for i in range(maps_in)])
            axis.imshow(board, filled, vmin=0, vmax=1)
            axis.set_xticks(range(len(table)))
            axis.set_yticks(range(maps_in))
            axis.set_xticks(np.arange(len(table) - 1) + 0.5, minor=True)
            axis.set_yticks(np.arange(maps_in - 1) + 0.5, minor=True)
            axis.grid(which="minor", color="white", linewidth=2)
            axis.tick_params(which="both", length=0, labelsize=12)
            axis.spines[:].set_visible(False)
            axis.set_title(f"{name}: {board.sum()} links", fontsize=12)
            axis.set_ylabel("map of S2", fontsize=12)
        axes.flat[-1].set_xlabel("map of C3", fontsize=12)
        show(figure, alt)
