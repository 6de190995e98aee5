"""Pages that lessons 10 and 11 explore a network with: units under the pointer, a digit that fades under it.

Each is one piece of HTML, as the drawing pad is: a still picture first, then the network and some digits in JSON, then
style and scripts.
"""

import keras
import numpy as np

from ..data import INK, PAPER
from .element import digits_in_base64, page_element, show_element, squares, svg_address
from .export import export_network

SHADES = 4
"""Strengths of either colour in a still picture: few, so that it is the same on every machine."""


def show_units(model, images, titles):
    """Show the maps of digits; a unit under the pointer is told, with the part of the image that it sees.

    A button puts a fresh network in the place of the trained one, for comparison.

    Args:
        model: as `draw_pad` takes it.
        images: some digits, (n, 32, 32, 1), as `load_digits` gives them.
        titles: n texts for their buttons.

    Raises:
        ValueError: for another network, or images of another shape.
    """
    alt = (
        "A digit and the maps that the network makes of it. It needs a program that runs scripts: then the unit under "
        "the pointer is told, and the part of the digit that it sees is framed. The still picture shows the sixteen "
        "maps of C3, and the frame of one unit."
    )
    facts = contents(model, images, titles)
    _show("units", facts, _units_still(model, images[0]), alt)


def show_fading(model, images, titles):
    """Show a digit that fades under the pointer, or is covered by a square, and what the network reads then.

    Args:
        model: as `draw_pad` takes it.
        images: some digits, (n, 32, 32, 1), as `load_digits` gives them.
        titles: n texts for their buttons.

    Raises:
        ValueError: for another network, or images of another shape.
    """
    alt = (
        "A digit that fades under the pointer, and the network's answer as ten bars. It needs a program that runs "
        "scripts. The still picture shows the digit whole, faded in the middle, and under squares of grey and of ink."
    )
    facts = contents(model, images, titles)
    _show("fading", facts, _fading_still(np.asarray(images)[0, ..., 0]), alt)


def contents(model, images, titles):
    """What a page holds: the network as `export_network` tells it, the digits as bytes in base64, their titles.

    Raises:
        ValueError: for another network, or images of another shape.
    """
    images = np.asarray(images)
    if images.ndim != 4 or images.shape[1:] != tuple(model.input_shape[1:]) or len(titles) != len(images):
        raise ValueError(f"There must be images {tuple(model.input_shape[1:])}, and a title for each.")
    return {
        "network": export_network(model),
        "digits": digits_in_base64(images),
        "titles": [str(title) for title in titles],
    }


def _show(kind, facts, picture, alt):
    names = ["network.js", f"{kind}.js", f"{kind}_page.js"]
    show_element(page_element(kind, facts, svg_address(picture), alt, names), alt)


def _grey(value):
    part = int(np.rint(255 * (INK - value) / (INK - PAPER)))
    return f"#{part:02x}{part:02x}{part:02x}"


def _signed(value):
    share = np.rint(SHADES * np.clip(value, -1, 1)) / SHADES
    end = (230, 97, 1) if share > 0 else (94, 60, 153)
    return "#" + "".join(f"{int(255 + (part - 255) * abs(share)):02x}" for part in end)


def _units_still(model, image):
    """The digit, the maps of C3, and what one unit of it sees."""
    number = [layer.name for layer in model.layers].index("C3")
    maps = np.asarray(keras.Model(model.inputs[0], model.layers[number].output)(image[np.newaxis]))[0]
    side, row, column = 8, 3, 4
    parts = [squares(image[..., 0], 10, 30, side, _grey)]
    for k in range(maps.shape[-1]):
        left, top = 300 + 66 * (k % 8), 60 + 66 * (k // 8)
        parts.append(squares(maps[..., k], left, top, 6, _signed))
        parts.append(f'<rect x="{left}" y="{top}" width="60" height="60" fill="none" stroke="#999"/>')
    frame = 'fill="none" stroke="#D55E00" stroke-width="3"'
    parts.append(f'<rect x="{10 + 2 * column * side}" y="{30 + 2 * row * side}" width="112" height="112" {frame}/>')
    parts.append(f'<rect x="{300 + 6 * column}" y="{60 + 6 * row}" width="6" height="6" {frame}/>')
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="840" height="300" font-family="sans-serif" font-size="15">'
        '<rect width="840" height="300" fill="#fff" stroke="#ccc"/>'
        '<text x="10" y="20">The digit, and what one unit of C3 sees of it</text>'
        '<text x="300" y="50">The sixteen maps of C3: orange above zero, purple below</text>'
        f'<rect x="10" y="30" width="256" height="256" fill="#fff" stroke="#999"/>{"".join(parts)}</svg>'
    )


def _fading_still(image):
    """The digit whole, faded in its middle, and covered there by squares."""
    rows, columns = np.mgrid[0:32, 0:32]
    share = 0.5 ** (((rows - 12) ** 2 + (columns - 16) ** 2) / 9)
    square = (abs(rows - 12) <= 3) & (abs(columns - 16) <= 3)
    pictures = [
        ("whole", image),
        ("faded", (1 - share) * image + share * PAPER),
        ("a square of grey", np.where(square, (PAPER + INK) / 2, image)),
        ("a square of ink", np.where(square, INK, image)),
    ]
    parts = "".join(
        f'<text x="{10 + 205 * k}" y="22">{name}</text>{squares(picture, 10 + 205 * k, 30, 6, _grey)}'
        f'<rect x="{10 + 205 * k}" y="30" width="192" height="192" fill="none" stroke="#999"/>'
        for k, (name, picture) in enumerate(pictures)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="830" height="235" font-family="sans-serif" font-size="15">'
        f'<rect width="830" height="235" fill="#fff" stroke="#ccc"/>{parts}</svg>'
    )
