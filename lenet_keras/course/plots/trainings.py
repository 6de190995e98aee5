"""Many trainings in one figure (lesson 05)."""

import matplotlib.pyplot as plt

from .showing import COLOURS, show, style


def error_dots(errors, alt):
    """Every training as a dot: a row for each kind of training, errors on a logarithmic axis.

    Args:
        errors: dict from the row's name to the errors in per cent, one for each training.
        alt: text for those who cannot see the figure.
    """
    with style():
        figure, axis = plt.subplots(figsize=(6.4, 0.5 * len(errors) + 0.8))
        for row, values in enumerate(errors.values()):
            look = {"color": COLOURS[row % 2], "markersize": 7, "alpha": 0.6}
            axis.plot(values, [row] * len(values), "o", **look)
        axis.set(xscale="log", ylim=(len(errors) - 0.5, -0.5))
        axis.set_xlabel("validation error (%), log scale", fontsize=12)
        axis.set_yticks(range(len(errors)), list(errors), fontsize=12)
        axis.set_xticks([3, 5, 10, 20, 50], ["3", "5", "10", "20", "50"], fontsize=12)
        axis.minorticks_off()
        show(figure, alt)
