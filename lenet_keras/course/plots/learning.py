"""Learning while it happens, and numbers that depend on luck (lesson 00)."""

import itertools

import matplotlib.pyplot as plt

from .showing import COLOURS, show, style

_places = itertools.count()


class LiveCurve:
    """The error of a network that learns, drawn anew in its place each time a point is added.

    Args:
        alt: text for those who cannot see the figure.
        guess: the error of somebody who guesses, in per cent: a dashed line.
        end: how many digits will be learned from: the last number of the axis.
    """

    def __init__(self, alt, guess=90, end=54_000):
        self.alt, self.guess, self.end, self.points = alt, guess, end, []
        self._place = f"live-curve-{next(_places)}"

    def add(self, digits, error):
        """Add a point, and draw.

        Args:
            digits: how many digits the network has learned from, 0 or more.
            error: percentage of wrong answers.
        """
        self.points.append((digits, error))
        with style():
            figure, axes = plt.subplots(figsize=(7.5, 3.6))
            axes.axhline(self.guess, color="0.4", ls="--", lw=1)
            axes.text(self.end, self.guess + 1, "a guess", ha="right", va="bottom", fontsize=12, color="0.4")
            axes.plot(*zip(*self.points, strict=True), ".-", color=COLOURS[0], lw=1.5, ms=7, clip_on=False)
            axes.annotate(
                f"{error:.1f} %", (digits, error), (0, 9), textcoords="offset points", ha="center", fontsize=13,
                weight="bold", color=COLOURS[1],
            )  # fmt: skip
            # Even steps up to the first batch, then equal factors: the beginning is where most happens.
            axes.set_xscale("symlog", linthresh=64, linscale=0.5)
            ticks = (0, 64, 320, 1_280, 6_400, self.end)
            axes.set_xticks(ticks, [f"{tick:,}" for tick in ticks], fontsize=12)
            axes.set_yticks((0, 25, 50, 75, 100), ("0", "25", "50", "75", "100"), fontsize=12)
            axes.minorticks_off()
            axes.set(xlim=(0, 1.5 * self.end), ylim=(0, 105))
            axes.set_xlabel("digits learned from", fontsize=12)
            axes.set_ylabel("wrong answers (%)", fontsize=12)
            show(figure, self.alt, place=self._place, again=len(self.points) > 1)


def dots_in_rows(rows, label, alt, line=None):
    """One row of dots for each name, on a common axis: how far a number depends on luck.

    Args:
        rows: dict from a row's name to its numbers.
        label: what the numbers are, with their unit.
        alt: text for those who cannot see the figure.
        line: a number to mark in all rows; None for none.
    """
    with style():
        figure, axes = plt.subplots(figsize=(7.5, 0.9 + 0.6 * len(rows)))
        if line is not None:
            axes.axvline(line, color="0.4", ls="--", lw=1)
        for height, numbers in enumerate(reversed(rows.values())):
            axes.plot(numbers, [height] * len(numbers), "o", ms=9, alpha=0.6, mew=0, color=COLOURS[height % 3])
        axes.set_yticks(range(len(rows)), list(rows)[::-1], fontsize=12)
        axes.tick_params(axis="x", labelsize=12)
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel(label, fontsize=12)
        axes.set_ylim(-0.6, len(rows) - 0.4)
        show(figure, alt)
