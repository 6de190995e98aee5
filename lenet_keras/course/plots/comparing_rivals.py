"""Many ways to read the same digits: their errors, then and now, and what they cost (lesson 19)."""

import matplotlib.pyplot as plt
from matplotlib.ticker import FuncFormatter, NullFormatter

from .showing import COLOURS, show, style

TICKS = (0.2, 0.5, 1, 2, 5, 10, 20, 50)


def _logarithmic(axis, label):
    """A logarithmic axis of errors in per cent, with numbers that can be read."""
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_formatter(NullFormatter())
    low, high = axis.get_view_interval()
    axis.set_ticks([tick for tick in TICKS if low <= tick <= high])
    axis.set_label_text(label, size=12)


def errors_then_and_now(rows, alt, label="test error (%); ◇ the article, ● ours, bar: 95 % interval"):
    """A row for each way to read: a hollow diamond for the article's error, dots for ours, a bar for their interval.

    Args:
        rows: dict from name to (the article's error in per cent, or None; our errors, one for each seed; (low, high)).
        alt: text for those who cannot see the figure.
        label: what is shown; another share than the error will do.
    """
    with style():
        figure, axis = plt.subplots(figsize=(9, 1.2 + 0.33 * len(rows)))
        for row, (name, (before, ours, (low, high))) in enumerate(rows.items()):
            colour = COLOURS[1] if "LeNet" in name else COLOURS[0]
            axis.plot([low, high], [row, row], color=colour, linewidth=7, alpha=0.35, solid_capstyle="butt")
            axis.plot(ours, [row] * len(ours), "o", color=colour, markersize=4)
            if before is not None:
                axis.plot(before, row, "D", color="0.25", fillstyle="none", markersize=7)
        axis.set(xscale="log", ylim=(len(rows) - 0.5, -0.5))
        axis.set_yticks(range(len(rows)), list(rows))
        _logarithmic(axis.xaxis, label)
        axis.tick_params(labelsize=12)
        axis.grid(axis="x", color="0.9")
        show(figure, alt)


def errors_and_costs(points, front, alt, label):
    """Error against cost, both logarithmic; each point has a number, and the list beside it says whose it is.

    Args:
        points: dict from name to (cost, error in per cent).
        front: the names that no other one beats, in the order of their costs: they are joined by a line.
        alt: text for those who cannot see the figure.
        label: what the cost is.
    """
    names = sorted(points, key=points.get)
    with style():
        figure, axis = plt.subplots(figsize=(9, 5.6))
        axis.plot(*zip(*(points[name] for name in front), strict=True), color="0.6", drawstyle="steps-post", zorder=0)
        for number, name in enumerate(names, 1):
            colour = COLOURS[1] if "LeNet" in name else COLOURS[0]
            axis.plot(*points[name], "o", color=colour, markersize=16, fillstyle="full" if name in front else "none")
            fill = "white" if name in front else "black"
            axis.annotate(str(number), points[name], color=fill, size=10, ha="center", va="center_baseline")
        axis.set(xscale="log", yscale="log")
        _logarithmic(axis.yaxis, "test error (%)")
        axis.set_xlabel(label, size=12)
        axis.tick_params(labelsize=12)
        whose = "\n".join(f"{number:2}  {name}" for number, name in enumerate(names, 1))
        axis.text(1.03, 1, whose, size=12, va="top", linespacing=1.35, transform=axis.transAxes)
        show(figure, alt)
