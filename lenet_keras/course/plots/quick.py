"""The same sums in another order: four windows that lie within one (lesson 25)."""

import matplotlib.pyplot as plt

from .showing import COLOURS, show, style


def windows_within(side, pool, alt):
    """The windows whose answers are pooled together, each with a colour and a corner of its own, and the one around.

    Args:
        side: of a window, in pixels.
        pool: of the pooling: so many windows by so many.
        alt: text for those who cannot see the figure.
    """
    whole = side + pool - 1
    with style():
        figure, axis = plt.subplots(figsize=(4.2, 4.2))
        axis.pcolormesh(range(whole + 3), range(whole + 3), [[0.93] * (whole + 2)] * (whole + 2), vmin=0, vmax=1,
                        cmap="gray", edgecolors="white", linewidth=1.5)  # fmt: skip
        for place in range(pool * pool):
            down, right = divmod(place, pool)
            inset = 0.1 + 0.08 * place
            corner, length = (1 + right + inset, 1 + down + inset), side - 2 * inset
            colour = COLOURS[place % len(COLOURS)]
            axis.add_patch(plt.Rectangle(corner, length, length, fill=False, edgecolor=colour, linewidth=2.5))
        axis.add_patch(plt.Rectangle((1, 1), whole, whole, fill=False, edgecolor="black", linewidth=2, linestyle="--"))
        axis.set(aspect="equal", xlim=(0, whole + 2), ylim=(whole + 2, 0))
        axis.axis("off")
        show(figure, alt)
