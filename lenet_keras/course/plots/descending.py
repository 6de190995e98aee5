"""Losses drawn: curves by name, and a plane of weights with its lines of equal loss (lessons 06 and 07)."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import LogLocator

from .showing import COLOURS, show, style

LINES = ("-", "--", ":", "-.")


def curves(named, xlabel, ylabel, alt, log="", level=None):
    """Curves of any quantity, a line for each name.

    Args:
        named: dict from a label to (x, y); y may have a row for each of several runs, (runs, points), of which the
            mean is drawn with a band from the least to the greatest. A single point is drawn as a mark.
        xlabel, ylabel: what stands at the axes.
        alt: text for those who cannot see the figure.
        log: the axes with a logarithmic scale: "", "x", "y" or "xy".
        level: (y, label) of a dotted line across; None for none.
    """
    with style():
        plt.rc("font", size=12)
        figure, axis = plt.subplots(figsize=(7.5, 3.8))
        for number, (label, (x, y)) in enumerate(named.items()):
            x, y = np.atleast_1d(x), np.atleast_1d(y)
            look = {"color": COLOURS[number % len(COLOURS)], "label": label}
            if y.ndim > 1:
                axis.fill_between(x, y.min(axis=0), y.max(axis=0), color=look["color"], alpha=0.2, linewidth=0)
                y = y.mean(axis=0)
            line, mark = LINES[number % len(LINES)], "o" if y.size < 12 else None
            if y.size == 1:
                line, mark = "", "D"
            axis.plot(x, y, linestyle=line, marker=mark, linewidth=2, **look)
        if level is not None:
            axis.axhline(level[0], color="0.5", linestyle=":", linewidth=1)
            axis.annotate(level[1], (1, level[0]), xycoords=("axes fraction", "data"), ha="right", va="top")
        axis.set(xlabel=xlabel, ylabel=ylabel)
        axis.set(**{f"{letter}scale": "log" for letter in log})
        low, high = axis.get_ylim()
        if "y" in log and high / low < 30:  # plain numbers, where powers of ten are too far apart
            axis.yaxis.set_minor_locator(LogLocator(subs=(2, 2.5, 3, 4, 5, 7)))
            axis.yaxis.set_minor_formatter("{x:g}")
            axis.yaxis.set_major_formatter("{x:g}")
        if len(named) > 1:
            axis.legend()
        show(figure, alt)


def loss_surface(loss_at, start, middle, end, alt, steps=(16, 13)):
    """The loss in the plane of weights through three places of a training, as lines of equal height.

    Args:
        loss_at: function from a list of weight arrays to a loss.
        start, middle, end: lists of weight arrays, as `get_weights` gives them; the plane holds all three.
        alt: text for those who cannot see the figure.
        steps: how many places along the way, and across it.

    Returns:
        (along, across, losses): where the losses were measured, with the start at (0, 0), the end at (1, 0) and the
        same length across as along, and the losses, float (across, along).
    """
    origin, far, half = (np.concatenate([array.ravel() for array in arrays]) for arrays in (start, end, middle))
    way = far - origin
    aside = half - origin
    aside = aside - way * (aside @ way) / (way @ way)  # square to the way
    aside *= np.linalg.norm(way) / np.linalg.norm(aside)
    along, across = np.linspace(-0.5, 2, steps[0]), np.linspace(-1, 1, steps[1])
    ends = np.cumsum([array.size for array in start])[:-1]
    losses = np.zeros((len(across), len(along)))
    for row, column in np.ndindex(losses.shape):
        parts = np.split(origin + along[column] * way + across[row] * aside, ends)
        losses[row, column] = loss_at([part.reshape(array.shape) for part, array in zip(parts, start, strict=True)])
    with style():
        plt.rc("font", size=12)
        figure, axis = plt.subplots(figsize=(7.5, 4))
        lines = axis.contour(along, across, losses, levels=14, cmap="viridis")
        inner = [level for level in lines.levels if level < losses[0].min()]  # others end at the edge
        axis.clabel(lines, inner, fontsize=12)
        axis.plot([0], [0], "o", color=COLOURS[1], label="start", markersize=8)
        axis.plot([1], [0], "D", color=COLOURS[1], label="after one epoch", markersize=8)
        axis.set(xlabel="along the way of the epoch", ylabel="across it")
        axis.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2)  # above: it hides no line
        show(figure, alt)
    return along, across, losses


def step_errors(alt="Three curves of error against step; each falls with smaller steps, then rises again."):
    """How wrong a measured slope of tanh is against the step, in three cases that the letters do not betray: A is both
    sides in 32 bits, B one side in 64 bits, C both sides in 64 bits. For exercise 06.4.

    Args:
        alt: text for those who cannot see the figure.
    """
    steps, places = 10.0 ** np.arange(-12, 0), np.linspace(-1, 1, 101)
    drawn = {}
    for letter, kind, below in (("A", "float32", 1), ("B", "float64", 0), ("C", "float64", 1)):
        errors = []
        for step in steps:
            up, down = (np.tanh((places + move).astype(kind)).astype("float64") for move in (step, -below * step))
            errors.append(np.abs((up - down) / (step + below * step) - (1 - np.tanh(places) ** 2)).mean())
        drawn[letter] = (steps, np.array(errors))
    curves(drawn, "step h", "mean error of the slope", alt, log="xy")


def descents_in_a_bowl(alt="Three curves: A rises in the end, B falls slowly, C falls fast."):
    """The loss by steps in the bowl of lesson 07 at three rates that the letters do not betray: A is 0.21, B is 0.02,
    C is 0.15. For exercise 07.4.

    Args:
        alt: text for those who cannot see the figure.
    """
    from ...pages.descent import BOWL, descended

    drawn = {}
    for letter, rate in (("A", 0.21), ("B", 0.02), ("C", 0.15)):
        u, v = np.array(descended(rate, 25)).T
        drawn[letter] = (np.arange(26), (BOWL["flat"] * u**2 + BOWL["steep"] * v**2) / 2)
    curves(drawn, "step", "loss", alt, log="y")
