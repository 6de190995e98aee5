"""Judging: confusions, reliability, rejection (lessons 08 and 09)."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

from .showing import COLOURS, show, style


def confusion_matrix(matrix, unit="digits", alt=None):
    """A confusion matrix as a coloured table: a row for a label, a column for an answer, zeros left empty.

    Args:
        matrix: (classes, classes), none negative: integers, or other figures, printed with one decimal.
        unit: what the figures are, for the colour bar.
        alt: text for those who cannot see the figure; None for a general one.

    Raises:
        ValueError: if the matrix is not square.
    """
    matrix = np.asarray(matrix)
    if matrix.ndim != 2 or len(set(matrix.shape)) != 1:
        raise ValueError(f"A confusion matrix is square, but the shape is {matrix.shape}.")
    form = "d" if np.issubdtype(matrix.dtype, np.integer) else ".1f"
    limit = matrix.max() or 1
    with style():
        figure, axis = plt.subplots(figsize=(5.6, 4.6))
        picture = axis.imshow(matrix, cmap="Blues", vmin=0, vmax=limit)
        for (row, column), value in np.ndenumerate(matrix):
            if value:
                ink = "white" if value > 0.6 * limit else "black"
                axis.text(column, row, format(value, form), ha="center", va="center", fontsize=7, color=ink)
        axis.set(xlabel="answer", ylabel="label", xticks=range(len(matrix)), yticks=range(len(matrix)))
        axis.spines[["top", "right"]].set_visible(True)
        axis.tick_params(length=0)
        ticks = MaxNLocator(integer=form == "d")
        figure.colorbar(picture, label=unit, ticks=ticks, fraction=0.046, pad=0.03)
        show(figure, alt or f"Confusion matrix of {len(matrix)} classes, in {unit}.")


ANSWERS = ("answers", "that are right", "confidence")
"""The words of a reliability diagram of a network."""


def reliability(confidence, right, count, alt=None):
    """Show a reliability diagram, see `reliability_figure`.

    Args:
        confidence, right, count: as there.
        alt: text for those who cannot see the figure; None for a general one.
    """
    show(
        reliability_figure(confidence, right, count),
        alt or "Share of right answers against confidence, with the number of answers below.",
    )


def reliability_figure(confidence, right, count, who="the network", words=ANSWERS):
    """Reliability diagram: how often answers of a confidence are right, above how many there are.

    A bin without answers is left out. Bars are 95 % Wilson intervals.

    Args:
        confidence: (bins,), the mean confidence of the answers in each bin, a share from 0 to 1.
        right: (bins,), the share of them that is right.
        count: (bins,), how many they are.
        who: whose answers they are.
        words: what is counted, when it is right, and how sure it was, for the axes; as `ANSWERS`.

    Returns:
        the Matplotlib figure.
    """
    from ...evaluation import wilson_interval

    filled = np.asarray(count) > 0
    confidence, right, count = (np.asarray(values)[filled] for values in (confidence, right, count))
    bounds = np.array([wilson_interval(round(s * n), n) for s, n in zip(right, count, strict=True)])
    x, y = 100 * confidence, 100 * right
    reach = np.abs(100 * bounds.T - y)
    with style():
        figure, (above, below) = plt.subplots(
            2, 1, figsize=(5, 5.2), sharex=True, height_ratios=(3, 1), gridspec_kw={"hspace": 0.12}
        )
        above.plot((0, 100), (0, 100), "--", color="0.5", linewidth=1, label="as sure as it should be")
        above.errorbar(x, y, reach, fmt="o", color=COLOURS[0], markersize=4, capsize=2, label=who)
        above.set(ylabel=f"{words[0]} {words[1]} (%)", xlim=(0, 102), ylim=(-2, 102))
        above.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, fontsize=9)  # above: it hides no interval
        below.bar(x, count, width=4, color=COLOURS[0])
        for place, number in zip(x, count, strict=True):
            below.annotate(f"{number:,}", (place, number), (0, 2), textcoords="offset points", ha="center", fontsize=7)
        below.set(xlabel=f"{words[2]} (%)", ylabel=words[0], ylim=(0, 1.4 * count.max()))
        below.yaxis.set_major_locator(MaxNLocator(3, integer=True))
        if count.max() > 100:
            below.set(yscale="log", ylim=(0.5, 8 * count.max()))
    return figure


def rejection_curve(curves, target=None, until=None, alt=None):
    """Error of the digits that are answered, against the share that is refused.

    Args:
        curves: dict from label to the RejectionCurve that `lk.rejection_curve` returns.
        target: an error, a share from 0 to 1, drawn as a line; a dot marks where each curve first reaches it.
        until: the largest share refused that is shown; None for all.
        alt: text for those who cannot see the figure; None for a general one.
    """
    with style():
        figure, axis = plt.subplots(figsize=(6.4, 3.6))
        lines = ("-", "--", "-.", ":") * 2
        for colour, line, (label, curve) in zip(COLOURS, lines, curves.items(), strict=False):
            axis.step(100 * curve.rejected, 100 * curve.error, line, where="post", color=colour, label=label)
            if target is not None and (curve.error <= target).any():
                first = np.flatnonzero(curve.error <= target)[0]
                axis.plot(100 * curve.rejected[first], 100 * curve.error[first], "o", color=colour)
        if target is not None:
            axis.axhline(100 * target, color="0.5", linewidth=1, linestyle=":")
            axis.annotate(
                f"{100 * target:g} %", (1, 100 * target), xycoords=("axes fraction", "data"), fontsize=9,
                xytext=(3, 0), textcoords="offset points", va="center",
            )  # fmt: skip
        axis.set(xlabel="refused (% of all digits)", ylabel="error among the answered (%)", ylim=(0, None))
        axis.set(xlim=(0, None if until is None else 100 * until))
        axis.legend()
        show(figure, alt or "Error among the answered digits against the share of digits refused.")
