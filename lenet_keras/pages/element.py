"""A page as one piece of HTML: first what is shown, a still picture and facts in JSON; then the style and the scripts.

It needs no kernel, no network and no widgets. Where no scripts run, the still picture is seen instead.
"""

import base64
import html
import json
import pathlib

import numpy as np

from ..data import INK, PAPER

FILES = pathlib.Path(__file__).parent


def page_element(kind, facts, picture, alt, scripts):
    """A page as HTML text, the same for the same arguments; notebooks/pages.cfg says what of it is compared.

    Args:
        kind: the page's name; its class is "lenet-" and this, and its last script ends with startOnce of that class.
        facts: what the scripts are given; anything that JSON can hold.
        picture: the still picture, as the address of an image: `svg_address` makes one of SVG text.
        alt: text for those who cannot see it.
        scripts: names of files in this folder, in their order; parts.js comes before them.
    """
    facts = json.dumps(facts, separators=(",", ":")).replace("<", "\\u003c")  # no name ends the script
    style = (FILES / "pages.css").read_text(encoding="utf-8")
    script = "".join((FILES / name).read_text(encoding="utf-8") for name in ("parts.js", *scripts))
    return (
        f'<div class="lenet-{kind}"><img src="{picture}" alt="{html.escape(alt)}">'
        f'<script type="application/json">{facts}</script>\n<style>\n{style}</style>\n'
        f'<script>\n(function () {{\n"use strict";\n{script}}})();\n</script></div>'
    )


def svg_address(picture):
    """SVG text as the address of an image."""
    return f"data:image/svg+xml;base64,{base64.b64encode(picture.encode()).decode()}"


def digits_in_base64(images):
    """Images, paper -0.1 to ink 1.175, as text: a byte a pixel, 0 paper to 255 ink. parts.js decodes it."""
    grey = np.rint(255 * (np.asarray(images) - PAPER) / (INK - PAPER)).astype("uint8")
    return base64.b64encode(grey.tobytes()).decode()


def squares(values, left, top, side, colour):
    """A picture (rows, columns) as squares of SVG, each coloured by its value; white ones are left out."""
    return "".join(
        f'<rect x="{left + side * column:g}" y="{top + side * row:g}" width="{side:g}" height="{side:g}" '
        f'fill="{fill}"/>'
        for (row, column), value in np.ndenumerate(values)
        if (fill := colour(value)) != "#ffffff"
    )


def show_element(element, alt):
    """Show a page in a notebook, with a text for those who cannot see it."""
    from IPython.display import display

    display({"text/html": element, "text/plain": alt}, raw=True)
