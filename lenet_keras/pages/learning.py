"""A pad that learns the digits that one draws on it, in the browser, and says what it forgets meanwhile (lesson 22)."""

import numpy as np

from .element import digits_in_base64, page_element, show_element, svg_address
from .export import export_network
from .still import DRAWING, still_picture

RATE, STEPS = 0.02, 30
"""Rate of the plain gradient descent on one's own digits, and how many steps a press of the button makes."""


def show_learning(model, images, labels):
    """Show a pad that keeps the digits drawn on it, and learns them by gradient descent in the browser.

    Each step is one of gradient descent on all digits drawn so far, with a rate of 0.02; the slopes are those of the
    tape. Some digits by others, which it does not learn from, show what is forgotten. Nothing leaves the page.

    Args:
        model: as `draw_pad` takes it, but without the layers of 1998.
        images, labels: digits by others, (n, height, width, 1) and (n,): a hundred, say.

    Raises:
        ValueError: for another network, images of another shape, or labels that are not 0 to 9.
    """
    alt = (
        f"A pad on which the network {model.name} learns the digits that you draw. It needs scripts; the still picture "
        "shows a drawn 7, the image that the network is given, and its answer as ten bars."
    )
    show_element(learning_element(model, images, labels, alt), alt)


def learning_element(model, images, labels, alt=""):
    """The page of `show_learning` as one HTML element, the same for the same arguments.

    Raises:
        ValueError: as `show_learning`.
    """
    network = export_network(model)
    known = {"convolution", "average", "max", "flatten", "dense", "activation"}
    if unknown := [layer["name"] for layer in network["layers"] if layer["kind"] not in known]:
        raise ValueError(f"The pad that learns does not know the way back through the layer {unknown[0]}.")
    images, labels = np.asarray(images), np.asarray(labels)
    wanted = tuple(model.input_shape[1:])
    if images.shape[1:] != wanted or labels.shape != (len(images),) or not np.isin(labels, range(10)).all():
        raise ValueError(f"There must be images {wanted}, and a label from 0 to 9 for each; not {images.shape}.")
    facts = {
        "network": network,
        "drawing": DRAWING,
        "digits": digits_in_base64(images),
        "labels": labels.tolist(),
        "rate": RATE,
        "steps": STEPS,
    }
    scripts = ["paper.js", "network.js", "drawing.js", "learn.js", "learning_page.js"]
    return page_element("learning", facts, svg_address(still_picture(model)), alt, scripts)
