"""Judging: counts, intervals, confusions, doubts, rejection (lessons 08 and 09)."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

from ...data import INK, PAPER
from .pictures import axes_grid, squared
from .showing import COLOURS, show, style


def confusions(matrix, alt=None):
    """What is taken for what, in two tables: in per cent of each label, and in per cent of each answer.

    The right answers, on the diagonal, are left out: they would outshine the rest.

    Args:
        matrix: (classes, classes) counts, a row for a label, a column for an answer.
        alt: text for those who cannot see the figure; None for a general one.

    Raises:
        ValueError: if the matrix is not square.
    """
    matrix = np.asarray(matrix)
    if matrix.ndim != 2 or len(set(matrix.shape)) != 1:
        raise ValueError(f"A confusion matrix is square, but the shape is {matrix.shape}.")
    wrong = 100 * (matrix - np.diag(matrix.diagonal()))
    tables = {
        "of 100 digits with this label": wrong / np.maximum(matrix.sum(axis=1, keepdims=True), 1),
        "of 100 digits with this answer": wrong / np.maximum(matrix.sum(axis=0, keepdims=True), 1),
    }
    limit = max(table.max() for table in tables.values()) or 1
    with style():
        figure, axes = plt.subplots(1, 2, figsize=(12, 5.6), layout="constrained")
        for axis, (title, table) in zip(axes, tables.items(), strict=True):
            axis.imshow(table, cmap="Blues", vmin=0, vmax=limit)
            for (row, column), value in np.ndenumerate(table):
                if value:
                    ink = "white" if value > 0.6 * limit else "black"
                    axis.text(column, row, f"{value:.1f}", ha="center", va="center", fontsize=12, color=ink)
            places = range(len(matrix))
            axis.set(xticks=places, yticks=places)
            axis.set_xlabel("answer", fontsize=14)
            axis.set_ylabel("label", fontsize=14)
            axis.set_title(title, fontsize=14)
            axis.spines[["top", "right"]].set_visible(True)
            axis.tick_params(length=0, labelsize=13)
        show(figure, alt or f"Two tables of {len(matrix)} classes: mistakes in per cent of each label, of each answer.")


def marked_digits(images, titles, marked, alt, columns=12):
    """Digits in rows, each with a title; those that are marked have a thick orange frame and a bold title.

    Args:
        images: (n, height, width) or (n, height, width, 1), from -0.1 (paper) to 1.175 (ink).
        titles: n texts.
        marked: n truth values.
        alt: text for those who cannot see the figure.
        columns: digits in a row.
    """
    with style():
        figure, axes = axes_grid(len(images), columns, 1.0, 1.3)
        for axis, image, title, mark in zip(axes, squared(images), titles, marked, strict=False):
            axis.imshow(image, cmap="gray_r", vmin=PAPER, vmax=INK)
            axis.set_title(title, fontsize=14, pad=3, fontweight="bold" if mark else "normal")
            if mark:
                axis.spines[:].set(color=COLOURS[1], linewidth=4)
        show(figure, alt)


def histogram(values, words, alt, band=None, mark=None, whole=False):
    """How often each value occurs.

    Args:
        values: the numbers.
        words: what they are, for the axis.
        alt: text for those who cannot see the figure.
        band: (low, high) of a range to be shaded, or None.
        mark: (value, its name) of a line to be set beside them, or None.
        whole: whether they are whole numbers, each with a bar of its own.
    """
    values = np.asarray(values)
    bins = np.arange(values.min(), values.max() + 2) - 0.5 if whole else 12
    with style():
        figure, axis = plt.subplots(figsize=(9, 2.9))
        axis.hist(values, bins=bins, color=COLOURS[0])
        if band is not None:
            axis.axvspan(*band, color=COLOURS[4], alpha=0.3, zorder=0)
        if mark is not None:
            axis.axvline(mark[0], color=COLOURS[1], linewidth=4, label=mark[1])
            axis.legend(fontsize=13)
        axis.set_xlabel(words, fontsize=13)
        axis.tick_params(labelsize=12)
        axis.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        show(figure, alt)


def candidates(errors, total, ends, alt):
    """Wilson's question to each possible truth: does it expect what was counted?

    Args:
        errors, total: what was counted.
        ends: (low, high), the interval as shares from 0 to 1, drawn where the count lies.
        alt: text for those who cannot see the figure.
    """
    truth = np.linspace(0, 2 * ends[1], 400)
    reach = 1.96 * np.sqrt(truth * (1 - truth) / total)
    with style():
        figure, axis = plt.subplots(figsize=(9, 3.4))
        axis.fill_between(100 * truth, 100 * (truth - reach), 100 * (truth + reach), color=COLOURS[0], alpha=0.25)
        axis.axhline(100 * errors / total, color="black", linestyle="--", linewidth=1, label="counted")
        axis.plot(100 * np.asarray(ends), 2 * [100 * errors / total], color=COLOURS[1], linewidth=5, label="say yes")
        axis.set_xlabel("a candidate for the truth (%)", fontsize=13)
        axis.set_ylabel("what it expects (%)", fontsize=13)
        axis.tick_params(labelsize=12)
        axis.legend(fontsize=13, loc="upper left")
        show(figure, alt)


def promises(sizes, kept, alt, promised=95):
    """How often rules for an interval catch the truth, by the number of digits in a test.

    Args:
        sizes: the numbers of digits.
        kept: dict from the name of a rule to its percentages.
        alt: text for those who cannot see the figure.
        promised: a level to be drawn.
    """
    with style():
        figure, axis = plt.subplots(figsize=(9, 3.4))
        for colour, line, (name, percentages) in zip(COLOURS[1::-1], ("--", "-"), kept.items(), strict=False):
            axis.semilogx(sizes, percentages, line, color=colour, linewidth=1.5, label=name)
        axis.axhline(promised, color="black", linestyle=":", linewidth=1)
        axis.set_xlabel("digits in the test", fontsize=13)
        axis.set_ylabel("truth caught (%)", fontsize=13)
        axis.tick_params(labelsize=12)
        axis.legend(fontsize=13)
        show(figure, alt)


ANSWERS = ("answers", "that are right", "confidence")
"""The words of a reliability diagram of a network."""


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


def doubts(series, alt):
    """Share of wrong answers against doubt (1 − confidence), by groups, on logarithmic axes.

    Bars are 95 % Wilson intervals. A group without an error has a bar that comes from below, and no point.

    Args:
        series: dict from a name to rows of (digits, mean doubt as a share, errors).
        alt: text for those who cannot see the figure.
    """
    from ...evaluation import wilson_interval

    with style():
        figure, axis = plt.subplots(figsize=(8, 4.4))
        axis.loglog((0.002, 100), (0.002, 100), "--", color="0.5", linewidth=1, label="as good as its word")
        for colour, marker, (name, rows) in zip(COLOURS, "os^", series.items(), strict=False):
            for number, (count, doubt, errors) in enumerate(rows):
                low, high = wilson_interval(errors, count)
                axis.plot(2 * [100 * doubt], (max(100 * low, 1e-3), 100 * high), color=colour, linewidth=2)
                share = 100 * errors / count if errors else np.nan
                axis.plot(100 * doubt, share, marker, color=colour, markersize=8, label=None if number else name)
        axis.set_xlabel("mean doubt, 1 − confidence (%)", fontsize=13)
        axis.set_ylabel("wrong answers (%)", fontsize=13)
        axis.set(ylim=(0.003, 130))
        axis.tick_params(labelsize=12)
        axis.legend(fontsize=13, loc="upper left")
        show(figure, alt)


def rejection_curve(curves, target=None, until=None, alt=None):
    """Error of the digits that are answered, against the share that is refused.

    Args:
        curves: dict from label to the RejectionCurve that `lk.rejection_curve` returns.
        target: an error, a share from 0 to 1, drawn as a line; a dot marks where each curve first reaches it.
        until: the largest share refused that is shown; None for all.
        alt: text for those who cannot see the figure; None for a general one.
    """
    with style():
        figure, axis = plt.subplots(figsize=(9, 4))
        lines = ("-", "--", "-.", ":") * 2
        for colour, line, (label, curve) in zip(COLOURS, lines, curves.items(), strict=False):
            axis.step(100 * curve.rejected, 100 * curve.error, line, where="post", color=colour, label=label)
            if target is not None and (curve.error <= target).any():
                first = np.flatnonzero(curve.error <= target)[0]
                axis.plot(100 * curve.rejected[first], 100 * curve.error[first], "o", color=colour)
        if target is not None:
            axis.axhline(100 * target, color="0.5", linewidth=1, linestyle=":")
            axis.annotate(
                f"{100 * target:g} %", (1, 100 * target), xycoords=("axes fraction", "data"), fontsize=12,
                xytext=(3, 0), textcoords="offset points", va="center",
            )  # fmt: skip
        axis.set_xlabel("refused (% of all digits)", fontsize=13)
        axis.set_ylabel("error among the answered (%)", fontsize=13)
        axis.set(ylim=(0, None), xlim=(0, None if until is None else 100 * until))
        axis.tick_params(labelsize=12)
        axis.legend(fontsize=13)
        show(figure, alt or "Error among the answered digits against the share of digits refused.")
