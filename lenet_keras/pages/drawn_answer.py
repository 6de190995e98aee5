"""A pad on which F6's answer is seen as the drawing that it is, beside the ten that it is compared with (lesson 15)."""

import numpy as np

from ..layers import EuclideanRBF
from .element import page_element, show_element, squares, svg_address
from .export import export_network
from .still import DRAWING, SAMPLES, drawn

ROWS, COLUMNS = 12, 7
SHADES = 8
"""Greys of a still picture: few, so that rounding on another machine hardly shows."""


def show_drawn_answer(model, limit=None):
    """Show a pad to draw on, F6's 84 numbers as a picture of 7×12 points, and the distances to the ten drawings.

    Where no scripts run, a still picture is seen instead, with a drawn 7.

    Args:
        model: a network such as `lk.lenet5_1998()`: the last layer an EuclideanRBF with ten vectors of 84 numbers.
        limit: a distance beyond which the page says that this is no digit; None for never.

    Raises:
        ValueError: for another network.
    """
    show_element(drawn_answer_element(model, limit), ALT)


ALT = (
    "A pad to draw a digit on; beside it F6's 84 outputs as a picture of 7 by 12 points, and the ten drawings with "
    "their distances. It needs scripts; the still picture shows what a drawn 7 gives."
)


def drawn_answer_element(model, limit=None):
    """The page of `show_drawn_answer` as one HTML element.

    Args:
        model, limit: as for `show_drawn_answer`.

    Returns:
        HTML text, the same for the same arguments.

    Raises:
        ValueError: as `show_drawn_answer`.
    """
    network = export_network(model)
    if not isinstance(model.layers[-1], EuclideanRBF) or model.layers[-1].centres.shape != (10, ROWS * COLUMNS):
        raise ValueError("The page needs a network that ends in distances to ten drawings, such as lk.lenet5_1998().")
    if limit is not None and not (np.isfinite(limit) and limit > 0):
        raise ValueError(f"limit is a distance above 0, or None, not {limit!r}.")
    facts = {"network": network, "drawing": DRAWING, "samples": SAMPLES}
    facts |= {"limit": None if limit is None else round(float(limit), 1)}
    scripts = ["paper.js", "network.js", "drawing.js", "drawn_answer.js"]
    return page_element("drawn", facts, svg_address(_still(model)), ALT, scripts)


def _ink(value):
    """The grey of a point: black at 1 and above, white at -1 and below."""
    share = np.rint(SHADES * (1 + np.clip(value, -1, 1)) / 2) / SHADES
    return "#" + 3 * f"{round(255 * (1 - share)):02x}"


def _still(model):
    """What the network makes of the sample 7, as SVG text."""
    values = drawn(SAMPLES[7], model.input_shape[1:3])[np.newaxis]
    for layer in model.layers[:-1]:
        values = layer(values, training=False)
    f6, distances = np.asarray(values)[0], np.asarray(model.layers[-1](values))[0]
    vectors = np.asarray(model.layers[-1].vectors)
    strokes = "".join(
        f'<polyline points="{" ".join(f"{10 + 200 * x:.1f},{30 + 200 * y:.1f}" for x, y in stroke)}"/>'
        for stroke in SAMPLES[7]
    )

    def picture(values, left, top, side):
        frame = f'x="{left}" y="{top}" width="{side * COLUMNS}" height="{side * ROWS}" fill="#fff" stroke="#999"'
        return f"<rect {frame}/>{squares(values.reshape(ROWS, COLUMNS), left, top, side, _ink)}"

    ten = ""
    for digit, vector in enumerate(vectors):
        left, top = 375 + 80 * (digit % 5), 30 + 108 * (digit // 5)
        weight = 700 if digit == distances.argmin() else 400
        ten += picture(vector, left, top, 6)
        ten += f'<text x="{left}" y="{top + 90}" font-weight="{weight}">{digit}: {distances[digit]:.0f}</text>'
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="780" height="245" font-family="sans-serif" font-size="14">'
        '<rect width="780" height="245" fill="#fff" stroke="#ccc"/>'
        '<text x="10" y="20">Draw a digit here</text><text x="235" y="20">F6 draws</text>'
        '<text x="375" y="20">The ten drawings, and their distances from F6</text>'
        '<rect x="10" y="30" width="200" height="200" fill="#fff" stroke="#999"/>'
        f'<g fill="none" stroke="#000" stroke-width="15" stroke-linecap="round" stroke-linejoin="round">{strokes}</g>'
        f"{picture(f6, 235, 30, 16)}{ten}</svg>"
    )
