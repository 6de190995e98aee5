"""Pages for the browser: the drawing pad, on which the student draws a digit and sees the network read it, and those
of single lessons, each in a file of its own.

Python writes the page, JavaScript reads the digit. A page is one piece of HTML (element.py). That of the pad holds the
network's weights (export.py), a still picture (still.py), and in plain JavaScript the forward pass (network.js), the
preparation of a drawing (drawing.js), a sheet to write on (paper.js) and the page's own part (pad.js). It needs no
kernel, no network and no widgets, and works the same in JupyterLab, on Colab, in VS Code and from a file.
"""

import contextlib
import html
import os
import pathlib
import string

from .collecting import collect, collector_element
from .descent import draw_descent
from .distorting import show_distortions
from .drawn_answer import drawn_answer_element, show_drawn_answer
from .element import FILES, page_element, show_element, svg_address
from .exploring import show_fading, show_units
from .export import export_network
from .learning import show_learning
from .ledger import show_ledger
from .quiz import show_quiz
from .still import DRAWING, SAMPLES, drawn, still_picture
from .strip import show_strip
from .window import show_window, window_element

__all__ = [
    "SAMPLES",
    "collect",
    "description",
    "draw_descent",
    "draw_pad",
    "drawn",
    "drawn_answer_element",
    "pad_element",
    "save_collector",
    "save_pad",
    "show_distortions",
    "show_drawn_answer",
    "show_fading",
    "show_ledger",
    "show_learning",
    "show_quiz",
    "show_strip",
    "show_units",
    "show_window",
    "window_element",
]


def draw_pad(model):
    """Show a pad to draw digits on, and what the network makes of them while they are drawn.

    Beside the paper stand the image that the network is given, its ten outputs, and the values of every layer; what a
    unit under the pointer sees, and how its value comes about, is shown too. The drawing is prepared as MNIST's digits
    were: its box is fitted into 20×20 pixels with grey edges, drawn with a pen 2.8 pixels wide, and its centre of mass
    is put at the centre. Where no scripts run, a still picture is seen instead.

    Args:
        model: a built keras.Sequential of Conv2D, AveragePooling2D, MaxPooling2D, Flatten, Dense and Activation layers
            with tanh, ReLU, sigmoid or no activation, Dropout, softmax at the end, and the layers of 1998, from one
            image (height, width, 1) of 28 pixels a side or more to ten outputs; or a dict from names to such networks,
            between which the pad can be switched. Their weights are put into the page as 16-bit floats; training them
            further does not change the pad.

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
    return _save(pad_element(model), f"Drawing pad: {', '.join(_named(model))}", path)


def _named(model):
    """The networks by their names."""
    if isinstance(model, dict):
        if not model:
            raise ValueError("The pad needs a network, such as lk.load_lenet5().")
        return {str(name): each for name, each in model.items()}
    return {getattr(model, "name", "network"): model}


def save_collector(path="collect.html", rounds=5):
    """Write a page that collects digits on telephones, tablets and computers, without a network.

    It asks for the ten digits in turn, keeps what was written in the browser until it is saved, and saves one file,
    digits-CODE.json, with the writer's code. `collect` reads a folder of such files.

    Args:
        path: the file to write; a file of that name is replaced.
        rounds: how often each digit is asked for, 1 to 50.

    Returns:
        The path, as pathlib.Path.

    Raises:
        ValueError: for another number of rounds, or a file that cannot be written.
    """
    return _save(collector_element(rounds), "Write digits", path)


def _save(element, title, path):
    """Write a page of its own, and return its path."""
    template = string.Template((FILES / "page.html").read_text(encoding="utf-8"))
    page = template.substitute(element=element, title=html.escape(title))
    try:
        path = pathlib.Path(path)
        _write(path, page)
    except (OSError, TypeError, ValueError) as error:  # also for a name that no system takes
        reason = getattr(error, "strerror", None) or error
        raise ValueError(
            f"The page cannot be written to {str(path)!r} ({reason}): "
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
    models = _named(model)
    networks = {name: export_network(each) for name, each in models.items()}
    contents = {"networks": networks, "drawing": DRAWING, "samples": SAMPLES}
    picture = svg_address(still_picture(next(iter(models.values()))))
    scripts = ["paper.js", "network.js", "drawing.js", "fields.js", "unit.js", "pad.js"]
    return page_element("pad", contents, picture, description(model), scripts)


def description(model):
    """One sentence or two in place of the pad, where it cannot be seen."""
    return (
        f"A pad to draw digits on, read by the network {' or '.join(_named(model))}. It needs scripts; "
        "the still picture shows a drawn 7, the image that the network is given, and its answer as ten bars."
    )
