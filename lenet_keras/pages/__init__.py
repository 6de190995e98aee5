"""Pages for the browser: the drawing pad, on which the student draws a digit and sees the network read it, and those
of single lessons, each in a file of its own.

Python writes the page, JavaScript reads the digit. A page is one piece of HTML (element.py). That of the pad holds the
network's weights (export.py), a still picture (still.py), and the forward pass (network.js), the preparation of a
drawing (drawing.js) and the page's own part (pad.js) in plain JavaScript. It needs no kernel, no network and no
widgets, and works the same in JupyterLab, on Colab, in VS Code and from a file.
"""

import contextlib
import html
import os
import pathlib
import string

from .descent import draw_descent
from .element import FILES, page_element, show_element, svg_address
from .exploring import show_fading, show_units
from .export import export_network
from .quiz import show_quiz
from .still import DRAWING, SAMPLES, drawn, still_picture
from .turned import draw_turned_bowl
from .window import show_window, window_element

__all__ = [
    "SAMPLES",
    "description",
    "draw_descent",
    "draw_pad",
    "draw_turned_bowl",
    "drawn",
    "pad_element",
    "save_pad",
    "show_fading",
    "show_quiz",
    "show_units",
    "show_window",
    "window_element",
]


def draw_pad(model):
    """Show a pad to draw digits on, and what the network makes of them while they are drawn.

    Beside the paper stand the image that the network is given, its ten outputs, and the values of every layer. The
    drawing is prepared as MNIST's digits were: its box is fitted into 20×20 pixels with grey edges, drawn with a pen
    2.8 pixels wide, and its centre of mass is put at the centre. Where no scripts run, a still picture is seen instead.

    Args:
        model: a built keras.Sequential of Conv2D, AveragePooling2D or MaxPooling2D, Flatten, Dense and Activation
            layers with tanh, ReLU or no activation, from one image (height, width, 1) of 28 pixels a side or more to
            ten outputs. Its weights are put into the page as 16-bit floats; training it further does not change the
            pad.

    Raises:
        ValueError: for any other network.
    """
    show_element(pad_element(model), description(model))


def save_pad(model, path):
    """Write the pad of `draw_pad` as a page of its own, which any browser opens from disk, without a network.

    Args:
        model: as in `draw_pad`.
        path: the file to write, such as "pad.html"; a file of that name is replaced.

    Returns:
        The path, as pathlib.Path.

    Raises:
        ValueError: for a network that the pad cannot show, or a file that cannot be written.
    """
    template = string.Template((FILES / "page.html").read_text(encoding="utf-8"))
    page = template.substitute(element=pad_element(model), title=html.escape(f"Drawing pad: {model.name}"))
    try:
        path = pathlib.Path(path)
        _write(path, page)
    except (OSError, TypeError, ValueError) as error:  # also for a name that no system takes
        reason = getattr(error, "strerror", None) or error
        raise ValueError(
            f"The pad cannot be written to {str(path)!r} ({reason}): "
            "path must name a file in a folder that exists, such as pad.html."
        ) from None
    return path


def _write(path, text):
    """The file is there whole or not at all."""
    unfinished = path.with_name(path.name + ".part")
    try:
        unfinished.write_text(text, encoding="utf-8")
        os.replace(unfinished, path)
    finally:
        with contextlib.suppress(OSError, ValueError):
            unfinished.unlink()


def pad_element(model):
    """The pad as one HTML element: the still picture, and the script that puts the live pad in its place.

    Args:
        model: as in `draw_pad`.

    Returns:
        HTML text. It is the same for the same network, and begins with what is shown (the picture, and in JSON the
        network and the samples); style and script come last.

    Raises:
        ValueError: as `draw_pad`.
    """
    contents = {"network": export_network(model), "drawing": DRAWING, "samples": SAMPLES}
    picture = svg_address(still_picture(model))
    return page_element("pad", contents, picture, description(model), ["network.js", "drawing.js", "pad.js"])


def description(model):
    """One sentence or two in place of the pad, where it cannot be seen."""
    return (
        f"A pad to draw digits on, read by the network {model.name}. It needs a program that runs scripts; "
        "the still picture shows a drawn 7, the image that the network is given, and its answer as ten bars."
    )
