"""Lesson 12: patients side by side, each beside the healthy network."""

import numpy as np
from matplotlib import pyplot as plt

from .showing import COLOURS, show, style

TEXT = {"font.size": 12, "axes.titlesize": 12, "xtick.labelsize": 12, "ytick.labelsize": 12, "legend.fontsize": 12}


def _panels(names, height, **options):
    """A panel for each name, four in a row."""
    rows = -(-len(names) // 4)
    figure, axes = plt.subplots(rows, 4, figsize=(10, height * rows), layout="constrained", squeeze=False, **options)
    for axis in axes.flat[len(names) :]:
        axis.set_visible(False)
    return figure, dict(zip(names, axes.flat, strict=False))


def ward_curves(histories, key, guess, alt):
    """The curves of each patient in training (solid) and validation (dashed), the healthy network's in grey.

    Args:
        histories: dict from "healthy" and the patients' names to histories as `Patient.train` returns them.
        key: "loss", drawn on a scale that goes up by factors, from 0.1 to 100, or "error", in per cent.
        guess: the value of somebody who guesses, drawn as a dotted line.
        alt: text for those who cannot see the figure.
    """
    names = [name for name in histories if name != "healthy"]
    unit = 100 if key == "error" else 1
    with style(), plt.rc_context(TEXT):
        figure, axes = _panels(names, 2.4, sharex=True, sharey=True)
        for name, axis in axes.items():
            for one, colours in (("healthy", ("0.6", "0.6")), (name, COLOURS[:2])):
                for prefix, line, colour in zip(("", "validation_"), ("o-", "s--"), colours, strict=True):
                    values = unit * np.array(histories[one][prefix + key])
                    axis.plot(np.arange(1, len(values) + 1), values, line, color=colour, markersize=4)
            axis.axhline(unit * guess, linestyle=":", color="black", linewidth=1)
            axis.set(title=f"patient {name}", xticks=[1, 2, 3])
            if key == "loss":
                axis.set(yscale="log", ylim=(0.1, 100))  # what overflows begins outside
            else:
                axis.set_ylim(0, 105)
        figure.supxlabel("epoch")
        figure.supylabel("loss" if key == "loss" else "error (%)")
        show(figure, alt)


def ward_bars(values, healthy, labels, xlabel, ylabel, alt):
    """Bars of each patient, the healthy network's as grey outlines.

    Args:
        values: dict from a patient's name to its numbers.
        healthy: the healthy network's numbers.
        labels: what stands under each bar.
        xlabel, ylabel: what the axes of all panels are.
        alt: text for those who cannot see the figure.
    """
    places = np.arange(len(labels))
    with style(), plt.rc_context(TEXT):
        figure, axes = _panels(list(values), 2.4, sharex=True, sharey=True)
        for name, axis in axes.items():
            axis.bar(places, values[name], color=COLOURS[0])
            axis.bar(places, healthy, facecolor="none", edgecolor="0.5", linewidth=1.2)
            axis.set(title=f"patient {name}")
            axis.set_xticks(places, labels)
        figure.supxlabel(xlabel)
        figure.supylabel(ylabel)
        show(figure, alt)


def answers_in_order(classes, answers, alt):
    """The answer that a network gives most after each update, beside the class that it has just been shown.

    Args:
        classes: the class of each update of one epoch, a list.
        answers: dict from a title to the answers after each update, over several epochs.
        alt: text for those who cannot see the figure.
    """
    with style(), plt.rc_context(TEXT):
        figure, axes = plt.subplots(
            len(answers), 1, figsize=(10, 2.2 * len(answers)), sharex=True, layout="constrained"
        )
        for axis, (title, given) in zip(np.atleast_1d(axes), answers.items(), strict=True):
            times = np.arange(1, len(given) + 1)
            shown = np.resize(classes, len(given))
            axis.step(times, shown, where="mid", color="0.6", linewidth=4, label="class in the batch")
            axis.plot(times, given, ".", color=COLOURS[1], markersize=5, label="most frequent answer")
            axis.set(yticks=range(0, 10, 3), ylabel="digit")
            axis.set_title(title, loc="left")
        axis.set_xlabel("update")
        np.atleast_1d(axes)[0].legend(loc="lower right", bbox_to_anchor=(1, 0.97), ncols=2)
        show(figure, alt)
