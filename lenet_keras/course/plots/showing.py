"""The style of every figure, and how one is shown."""

import base64
import io

import matplotlib.pyplot as plt

# Okabe and Ito's colours: told apart also by colour-blind readers.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]


SIGNED = "PuOr_r"  # negative purple, zero white, positive orange


STYLE = {
    "figure.dpi": 144,
    "font.size": 10,
    "axes.titlesize": 10,
    "axes.prop_cycle": plt.cycler(color=COLOURS),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "legend.frameon": False,
    "image.interpolation": "nearest",
}


def style():
    """The course's style, for figures drawn in a notebook: with lk.plots.style(): ...

    It starts from Matplotlib's own defaults, so that a style set elsewhere, such as a dark one, does not get mixed in.
    """
    return plt.style.context(["default", STYLE])


def show(figure, alt, place=None, again=False):
    """Show a Matplotlib figure in the notebook, with a text for those who cannot see it, and close it.

    Args:
        figure: the figure.
        alt: what there is to see, in a sentence or two. It is stored beside the picture, and compared when the
            notebooks are tested: put no unrounded figures into it.
        place: a name for the place where it stands, if it is to be drawn there again; None if not.
        again: whether it takes the place of the figure that was shown there before.
    """
    from IPython.display import display

    picture = png(figure)
    width = int.from_bytes(picture[16:20], "big")  # from the PNG header
    display(
        {"image/png": base64.b64encode(picture).decode(), "text/plain": alt},
        metadata={"image/png": {"alt": alt, "width": round(width * 96 / 144)}},
        raw=True,
        **({} if place is None else {"display_id": place, "update": again}),
    )


def png(figure):
    """A Matplotlib figure as the bytes of a PNG file, the same at every run; the figure is closed.

    Its paper is white and opaque: a figure can be read on a dark page too.
    """
    picture = io.BytesIO()
    paper = {"facecolor": "white", "transparent": False}
    figure.savefig(picture, format="png", dpi=144, bbox_inches="tight", metadata={"Software": None}, **paper)
    plt.close(figure)
    return picture.getvalue()
