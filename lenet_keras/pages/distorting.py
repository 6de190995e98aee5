"""A digit under sliders: moved, turned, squeezed, drawn thicker and soiled, and read by networks side by side."""

import numpy as np

from ..data import INK, PAPER
from ..distort import affine_maps, noise, stroke, warped
from .element import digits_in_base64, page_element, show_element, squares, svg_address
from .export import export_network


def show_distortions(networks, images, titles):
    """Show a digit under sliders, and what networks make of it while it changes.

    The sliders shift, turn, scale, squeeze and shear the digit (`lenet_keras.distort.warped`), make its strokes
    thicker or thinner (`stroke`), and invert pixels (`noise`). Where no scripts run, a still picture is seen instead.

    Args:
        networks: dict from a name to a network as `draw_pad` takes it; all for images of one size.
        images: some digits, (n, height, width, 1), as `load_digits` gives them.
        titles: n texts for their buttons.

    Raises:
        ValueError: for another network, or images of another shape.
    """
    alt = (
        f"A digit under sliders that distort it, read by the networks {' and '.join(map(str, networks))}. It needs "
        "scripts. The still picture shows the digit as it was, turned, squeezed, with thick strokes, and with noise."
    )
    show_element(distortions_element(networks, images, titles, alt), alt)


def distortions_element(networks, images, titles, alt=""):
    """The page of `show_distortions` as one HTML element, the same for the same arguments.

    Raises:
        ValueError: as `show_distortions`.
    """
    images = np.asarray(images)
    if not networks:
        raise ValueError("There must be a network, with its name: {name: network}.")
    for name, model in networks.items():
        wanted = tuple(model.input_shape[1:])
        if images.ndim != 4 or images.shape[1:] != wanted or len(titles) != len(images):
            raise ValueError(f"The network {name!r} needs images {wanted}, and a title for each; not {images.shape}.")
    chances = np.random.default_rng(0).integers(0, 1000, images[0].size) / 1000
    facts = {
        "networks": {str(name): export_network(model) for name, model in networks.items()},
        "digits": digits_in_base64(images),
        "titles": [str(title) for title in titles],
        "chances": chances.tolist(),
    }
    scripts = ["network.js", "distort.js", "distorting_page.js"]
    return page_element("distorting", facts, svg_address(_still(images[:1])), alt, scripts)


def _still(image):
    pictures = [
        ("as it was", image),
        ("turned", warped(image, affine_maps(rotation=25))),
        ("squeezed", warped(image, affine_maps(squeeze=1.3))),
        ("thick strokes", stroke(image, 1)),
        ("with noise", noise(image, 0, 0.1)),
    ]
    side = 4
    wide, high = side * image.shape[2], side * image.shape[1]

    def shade(value):
        # A few greys only: the same on every machine.
        part = 17 * round(15 * (INK - float(value)) / (INK - PAPER))
        return "#" + 3 * f"{part:02x}"

    parts = "".join(
        f'<text x="{10 + (wide + 12) * k}" y="22">{name}</text>'
        f"{squares(picture[0, ..., 0], 10 + (wide + 12) * k, 32, side, shade)}"
        f'<rect x="{10 + (wide + 12) * k}" y="32" width="{wide}" height="{high}" fill="none" stroke="#999"/>'
        for k, (name, picture) in enumerate(pictures)
    )
    width = 8 + (wide + 12) * len(pictures)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{high + 44}" font-family="sans-serif" '
        f'font-size="15"><rect width="{width}" height="{high + 44}" fill="#fff" stroke="#ccc"/>{parts}</svg>'
    )
