"""A wide sheet on which numbers are written, and read while they are written (lesson 23)."""

import numpy as np

from ..data import INK, PAPER
from .element import page_element, show_element, squares, svg_address
from .export import export_network
from .still import DRAWING, SAMPLES, drawn

WIDTH = 224
"""Columns of the image that the line is drawn into; 32 rows."""
PASSES = 2
"""How often the network passes over the line: its outputs lie 2 pixels apart."""


def show_strip(model, price):
    """Show a wide sheet to write numbers on, read by a network that is swept over it.

    The line is made 20 pixels high and drawn with a pen 2.8 pixels wide; below it stand the network's outputs, 2 pixels
    apart (`lenet_keras.strings.sweep` in two passes), with the best path through them (`lenet_keras.strings.decode`).

    Args:
        model: a network with an eleventh output for "no digit here", such as `load_lenet5("strings")`.
        price: what a written digit costs on a path.

    Raises:
        ValueError: for a network that cannot be swept or shown, or that has not eleven outputs.
    """
    alt = (
        "A wide sheet to write a number on, read while one writes. It needs scripts; the still picture shows the "
        "digits 3, 1 and 4 in one image, with the windows of the network framed."
    )
    show_element(strip_element(model, price, alt), alt)


def strip_element(model, price, alt=""):
    """The page of `show_strip` as one HTML element, the same for the same arguments.

    Raises:
        ValueError: as `show_strip`.
    """
    from ..strings import space_displacement

    wide = space_displacement(model, WIDTH)
    facts = {
        "network": export_network(wide, (1, (WIDTH - 32) // 4 + 1, 11)),
        "drawing": DRAWING,
        "samples": SAMPLES,
        "price": float(price),
        "passes": PASSES,
    }
    scripts = ["paper.js", "network.js", "drawing.js", "strip.js", "strip_page.js"]
    return page_element("strip", facts, svg_address(_still()), alt, scripts)


def _still():
    """Three digits in a line, and three of the windows."""
    line = np.full((32, 96), PAPER)
    for k, digit in enumerate((3, 1, 4)):
        place = line[:, 28 * k : 28 * k + 32]
        np.maximum(place, drawn(SAMPLES[digit])[..., 0], out=place)

    def shade(value):
        return "#" + 3 * f"{17 * round(15 * (INK - float(value)) / (INK - PAPER)):02x}"

    side = 6
    frames = "".join(
        f'<rect x="{10 + side * left}" y="32" width="{32 * side}" height="{32 * side}" fill="none" '
        f'stroke="#0072B2" stroke-width="2"/>'
        for left in (0, 28, 56)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="596" height="236" font-family="sans-serif" font-size="15">'
        '<rect width="596" height="236" fill="#fff" stroke="#ccc"/><text x="10" y="22">A line of writing, and windows '
        f"of the network on it</text>{squares(line, 10, 32, side, shade)}{frames}</svg>"
    )
