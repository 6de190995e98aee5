"""What the layers of a network do, and what an answer hangs on (lessons 10 and 11)."""

import matplotlib.patheffects as path_effects
import matplotlib.pyplot as plt
import numpy as np

from ...data import INK, PAPER
from .pictures import squared
from .showing import COLOURS, SIGNED, show, style

TEXT = {"font.size": 12, "axes.titlesize": 12, "axes.labelsize": 12}


def map_rows(rows, names, titles=None, alt=None, size=0.9, limit=None):
    """Small maps of values with a sign, in rows that bear names; all share one scale, centred at zero.

    Args:
        rows: arrays (n, height, width), as many maps in each.
        names: one for each row.
        titles: n texts above the first row, or None.
        alt: text for those who cannot see the figure; None for a general one.
        size: width of one map, in inches.
        limit: value of the strongest colour; None for the largest absolute value.

    Raises:
        ValueError: if a row has another number of maps than the first.
    """
    rows = [squared(row) for row in rows]
    if len({len(row) for row in rows}) != 1 or len(names) != len(rows):
        raise ValueError(f"There must be as many maps in each row, and a name for it, not {[len(r) for r in rows]}.")
    limit = limit or max(float(np.abs(row).max()) for row in rows) or 1.0
    count = len(rows[0])
    with style(), plt.rc_context(TEXT):
        figure, axes = plt.subplots(
            len(rows), count, figsize=(count * size + 2, len(rows) * size + 0.3), squeeze=False, layout="constrained"
        )
        for number, (line, row, name) in enumerate(zip(axes, rows, names, strict=True)):
            for k, (axis, values) in enumerate(zip(line, row, strict=True)):
                picture = axis.imshow(values, cmap=SIGNED, vmin=-limit, vmax=limit)
                axis.set(xticks=[], yticks=[])
                axis.spines[:].set(visible=True, color="0.85", linewidth=0.6)
                if number == 0 and titles is not None:
                    axis.set_title(str(titles[k]))
            line[0].set_ylabel(name, rotation=0, ha="right", va="center")
        figure.colorbar(picture, ax=axes, fraction=0.02, pad=0.01)
        show(figure, alt or f"{len(rows)} rows of {count} maps; orange above zero, purple below.")


def layer_errors(names, curves, alt=None):
    """Errors in per cent layer by layer, on a logarithmic axis: a thin line for each network.

    Args:
        names: of the layers, from the left.
        curves: dict from a label to errors (networks, layers), in per cent.
        alt: text for those who cannot see the figure; None for a general one.
    """
    with style(), plt.rc_context(TEXT):
        figure, axes = plt.subplots(figsize=(7, 3.8), layout="constrained")
        for (label, errors), colour, mark in zip(curves.items(), COLOURS, "os^v", strict=False):
            for number, line in enumerate(np.asarray(errors)):
                axes.plot(names, line, f"{mark}-", color=colour, lw=1, ms=4, label="" if number else label)
        axes.set_yscale("log")
        marks = [1, 2, 5, 10, 20, 50]
        axes.set_yticks(marks, marks)
        axes.minorticks_off()
        axes.set(ylabel="nearest mean: % wrong")
        axes.legend()
        show(figure, alt or f"Errors by layer, a line for each network: {', '.join(curves)}.")


def clouds(panels, labels, alt=None):
    """Points in the plane, each drawn as the digit it belongs to, in a panel for each network; with the classes' means.

    Args:
        panels: dict from a title to points (n, 2).
        labels: digits 0 to 9, shape (n,).
        alt: text for those who cannot see the figure; None for a general one.

    Raises:
        ValueError: if points and labels do not fit.
    """
    labels = np.asarray(labels)
    colours = [*COLOURS, "#7F7F7F", "#8B4513", "#332288"]
    halo = [path_effects.withStroke(linewidth=4, foreground="white")]
    for points in panels.values():
        if np.shape(points) != (len(labels), 2):
            raise ValueError(f"points must be (n, 2) and labels (n,), not {np.shape(points)} and {labels.shape}.")
    with style(), plt.rc_context(TEXT):
        figure, axes = plt.subplots(1, len(panels), figsize=(5 * len(panels), 4.6), squeeze=False, layout="constrained")
        for axis, (title, points) in zip(axes[0], panels.items(), strict=True):
            for digit in np.unique(labels):
                mine = np.asarray(points)[labels == digit]
                axis.scatter(*mine.T, marker=f"${digit}$", s=30, lw=0, color=colours[digit], alpha=0.75)
                axis.text(
                    *mine.mean(axis=0), str(digit), color=colours[digit], fontsize=22, weight="bold",
                    ha="center", va="center", path_effects=halo,
                )  # fmt: skip
            axis.set(title=title, xlabel="first component", ylabel="second component")
        show(figure, alt or "Points drawn as digits, coloured by class, with the classes' means.")


def share_table(shares, row_names, column_names, title, alt=None):
    """Shares in per cent as a table of shaded cells with their numbers in them.

    Args:
        shares: (rows, columns), in per cent.
        row_names, column_names: texts.
        title: what the numbers are.
        alt: text for those who cannot see the figure; None for a general one.
    """
    shares = np.asarray(shares, float)
    with style(), plt.rc_context(TEXT):
        figure, axes = plt.subplots(figsize=(0.55 * shares.shape[1] + 1.6, 0.42 * len(shares) + 0.9))
        axes.imshow(np.log1p(shares), cmap="Oranges", aspect="auto", vmax=np.log1p(100))
        for (row, column), value in np.ndenumerate(shares):
            colour = "white" if value > 40 else "black"
            axes.text(column, row, f"{value:.0f}", ha="center", va="center", color=colour)
        axes.set_xticks(range(shares.shape[1]), column_names)
        axes.set_yticks(range(len(shares)), row_names)
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        axes.set_title(title)
        show(figure, alt or f"{title}: a table of {len(shares)} rows and {shares.shape[1]} columns.")


def damages(panels, ylabel, alt=None):
    """For each of several networks, points on a logarithmic axis: what is lost, one point for each thing switched off.

    Args:
        panels: dict from a title to (parts, controls, whole): lists (networks, points) in per cent, and for each
            network the error when nothing is switched off.
        ylabel: of the axis.
        alt: text for those who cannot see the figure; None for a general one.
    """
    with style(), plt.rc_context(TEXT):
        figure, axes = plt.subplots(
            1, len(panels), figsize=(4.8 * len(panels), 3.6), sharey=True, squeeze=False, layout="constrained"
        )
        for axis, (title, (parts, controls, whole)) in zip(axes[0], panels.items(), strict=True):
            for number, (part, control, error) in enumerate(zip(parts, controls, whole, strict=True), start=1):
                first = number == 1
                axis.plot(
                    [number + 0.18] * len(control), control, "x", color="0.45", ms=5, lw=0,
                    label="a random direction" if first else "",
                )  # fmt: skip
                axis.plot(
                    [number - 0.18] * len(part), part, "o", color=COLOURS[1], ms=5, lw=0,
                    label="one map" if first else "",
                )  # fmt: skip
                axis.hlines(error, number - 0.4, number + 0.4, color=COLOURS[0], label="nothing" if first else "")
            axis.set(title=title, xlabel="network", xticks=range(1, len(whole) + 1), yscale="log")
            marks = [1, 2, 5, 10, 20, 50]
            axis.set_yticks(marks, marks)
            axis.minorticks_off()
        axes[0][0].set_ylabel(ylabel)
        axes[0][-1].legend(title="switched off:", loc="upper right")
        show(figure, alt or "What is lost when one part is switched off, for several networks.")


def change_curves(amounts, curves, xlabel, ylabel, alt=None):
    """What grows with an amount, in several ways: the mean over networks as a line, their spread as a band.

    Args:
        amounts: of the horizontal axis.
        curves: dict from a label to lists (networks, amounts).
        xlabel, ylabel: of the axes.
        alt: text for those who cannot see the figure; None for a general one.
    """
    with style(), plt.rc_context(TEXT):
        figure, axes = plt.subplots(figsize=(7, 3.8), layout="constrained")
        for (label, lines), colour, mark in zip(curves.items(), COLOURS, "os^vDP", strict=False):
            lines = np.asarray(lines, float)
            axes.fill_between(amounts, lines.min(axis=0), lines.max(axis=0), color=colour, alpha=0.2, lw=0)
            axes.plot(amounts, lines.mean(axis=0), f"{mark}-", color=colour, label=label)
        axes.set(xlabel=xlabel, ylabel=ylabel, xticks=amounts)
        figure.legend(loc="outside right center")
        show(figure, alt or f"{ylabel} by {xlabel}, in several ways: {', '.join(curves)}.")


def maps_on_digit(image, maps, titles, alt=None, size=2.6):
    """A digit, then maps of values with a sign over its pixels, each with its scale and the digit's outline.

    Args:
        image: (32, 32) or (32, 32, 1), from -0.1 (paper) to 1.175 (ink).
        maps: arrays (32, 32); orange above zero, purple below.
        titles: one for each map.
        alt: text for those who cannot see the figure; None for a general one.
        size: width of one panel, in inches.
    """
    image = squared(np.asarray(image)[None])[0]
    with style(), plt.rc_context(TEXT):
        figure, panels = plt.subplots(
            1, 1 + len(maps), figsize=(size * (1 + 1.2 * len(maps)), size + 0.2), layout="constrained"
        )
        panels[0].imshow(image, cmap="gray_r", vmin=PAPER, vmax=INK)
        panels[0].set(title="the digit")
        for axes, values, title in zip(panels[1:], maps, titles, strict=True):
            limit = float(np.abs(values).max()) or 1.0
            picture = axes.imshow(values, cmap=SIGNED, vmin=-limit, vmax=limit)
            axes.contour(image, [(PAPER + INK) / 2], colors="black", linewidths=0.8)
            axes.set_title(title)
            figure.colorbar(picture, ax=axes, fraction=0.05, pad=0.03)
        for axes in panels:
            axes.set(xticks=[0, 10, 20, 30], yticks=[0, 10, 20, 30])
        figure.get_layout_engine().set(w_pad=0.12)  # the numbers of a scale keep off the next panel
        show(figure, alt or f"A digit, and {len(maps)} maps of values over its pixels, with its outline.")
