"""A drawing without a browser: the samples, strokes made into a network's image, and the still picture of the pad."""

import keras
import numpy as np

from ..data import INK, PAPER, placing
from ..data.placing import BOX, FIELD
from ..layers import EuclideanRBF

PEN = 2.8
"""Width of the pen in pixels, in the box of 20×20 that MNIST's digits were fitted into."""
SMALLEST = 0.08
"""A drawing smaller than this share of the paper's side, such as a dot, is not enlarged to fill the box."""
FINE = 8
"""Each pixel is drawn 8×8 times finer, then averaged: grey edges."""
DRAWING = {"field": FIELD, "box": BOX, "pen": PEN, "smallest": SMALLEST, "fine": FINE}
"""The same for drawing.js."""


def _arc(x, y, across, down, begin, end):
    """Points of an ellipse from one angle to another, in degrees clockwise from the right."""
    angles = np.radians(np.linspace(begin, end, max(3, abs(end - begin) // 15 + 1)))
    return [(round(x + across * np.cos(a), 3), round(y + down * np.sin(a), 3)) for a in angles]


SAMPLES = [
    [_arc(0.5, 0.5, 0.2, 0.32, -90, 270)],
    [[(0.5, 0.16), (0.5, 0.84)]],
    [[*_arc(0.5, 0.36, 0.19, 0.19, -170, 40), (0.3, 0.82)], [(0.3, 0.82), (0.72, 0.82)]],
    [[*_arc(0.47, 0.33, 0.19, 0.16, -150, 90), *_arc(0.47, 0.66, 0.21, 0.17, -90, 150)]],
    [[(0.36, 0.16), (0.28, 0.54), (0.72, 0.54)], [(0.64, 0.18), (0.6, 0.86)]],
    [[(0.7, 0.17), (0.38, 0.17), (0.35, 0.46), *_arc(0.48, 0.62, 0.2, 0.2, -110, 140)]],
    [[(0.6, 0.14), (0.44, 0.3), (0.35, 0.5), *_arc(0.49, 0.66, 0.16, 0.18, 180, -180)]],
    [[(0.28, 0.18), (0.72, 0.18), (0.46, 0.86)]],
    [[*_arc(0.5, 0.32, 0.16, 0.16, 90, -270), *_arc(0.5, 0.67, 0.19, 0.19, -90, 270)]],
    [[*_arc(0.5, 0.35, 0.17, 0.18, 0, -360), (0.67, 0.5), (0.62, 0.86)]],
]
"""Digits 0 to 9 of our own, each as strokes on a paper from 0 to 1: points (across, down)."""


def drawn(strokes, size=(32, 32)):
    """The image that a network is given for a drawing: what drawing.js computes, here in NumPy.

    Args:
        strokes: list of strokes, each a list of points (across, down) on a paper from 0 to 1. There must be a point.
        size: height and width of the image, each 28 or more.

    Returns:
        float32 array (height, width, 1), paper -0.1 to ink 1.175.

    Raises:
        ValueError: for anything else.
    """
    if min(size) < FIELD:
        raise ValueError(f"A drawing needs an image of {FIELD} pixels or more a side, not {size}.")
    points = _points(strokes)
    every = np.concatenate(points)
    low, high = every.min(axis=0), every.max(axis=0)
    scale = (BOX - PEN) / max(*(high - low), SMALLEST)
    places = (np.indices((FIELD * FINE, FIELD * FINE)).transpose(1, 2, 0)[..., ::-1] + 0.5) / FINE
    black = np.zeros(places.shape[:2], bool)
    for stroke in points:
        corners = (FIELD - BOX) / 2 + PEN / 2 + (stroke - low) * scale
        for a, b in zip(corners, corners[1:] if len(corners) > 1 else corners, strict=False):
            # Only the places around this piece of a stroke can turn black.
            begin = np.floor(FINE * (np.minimum(a, b)[::-1] - PEN / 2)).astype(int).clip(0)
            end = np.ceil(FINE * (np.maximum(a, b)[::-1] + PEN / 2)).astype(int) + 1
            near = slice(begin[0], end[0]), slice(begin[1], end[1])
            along = np.clip((places[near] - a) @ (b - a) / max((b - a) @ (b - a), 1e-12), 0, 1)
            off = places[near] - a - along[..., np.newaxis] * (b - a)
            black[near] |= (off**2).sum(axis=2) <= (PEN / 2) ** 2
    ink = np.rint(255 * black.reshape(FIELD, FINE, FIELD, FINE).mean(axis=(1, 3))) / 255
    digit = placing.centre(placing.crop(ink))
    top, left = (size[0] - FIELD) // 2, (size[1] - FIELD) // 2
    image = np.full((*size, 1), PAPER, "float32")
    image[top : top + FIELD, left : left + FIELD, 0] = PAPER + (INK - PAPER) * digit / 255
    return image


def _points(strokes):
    """The strokes as arrays (points, 2) of numbers from 0 to 1, without those that are empty."""
    if not isinstance(strokes, list | tuple | np.ndarray):
        raise ValueError(f"The strokes must be a list of lists of points (across, down), not {type(strokes).__name__}.")
    arrays = []
    for number, stroke in enumerate(strokes, start=1):
        try:
            points = np.asarray(stroke, float)
        except (TypeError, ValueError, OverflowError):
            points = np.array(np.nan)
        if points.shape == (0,):
            continue
        if points.ndim != 2 or points.shape[1] != 2 or not ((0 <= points) & (points <= 1)).all():
            raise ValueError(
                f"Each stroke must be a list of points (across, down), two numbers from 0 to 1; stroke {number} is not."
            )
        arrays.append(points)
    if not arrays:
        raise ValueError("There is no point in these strokes: a blank paper is no digit.")
    return arrays


def shares_of(model, image):
    """The shares of the ten answers, as network.js computes them."""
    outputs, last = model(image[np.newaxis], training=False)[0], model.layers[-1]
    if isinstance(last, keras.layers.Softmax) or getattr(last, "activation", None) is keras.activations.softmax:
        return np.asarray(outputs)
    return np.asarray(keras.ops.softmax(-outputs / 2 if isinstance(last, EuclideanRBF) else outputs))


def still_picture(model):
    """The pad as a picture (SVG text), with the sample 7 drawn and answered by the network."""
    image = drawn(SAMPLES[7], model.input_shape[1:3])
    shares = shares_of(model, image)
    paths = "".join(
        f'<polyline points="{" ".join(f"{10 + 200 * x:.1f},{30 + 200 * y:.1f}" for x, y in stroke)}"/>'
        for stroke in SAMPLES[7]
    )
    side = 140 / len(image)
    pixels = "".join(
        f'<rect x="{230 + side * column:.2f}" y="{30 + side * row:.2f}" width="{side:.2f}" height="{side:.2f}" '
        f'fill="rgb({grey},{grey},{grey})"/>'
        for (row, column), grey in np.ndenumerate(np.rint(255 * (INK - image[..., 0]) / (INK - PAPER)).astype(int))
        if grey < 255
    )
    bars = "".join(
        f'<text x="400" y="{53 + 18 * digit}">{digit}</text>'
        f'<rect x="416" y="{43 + 18 * digit}" width="{max(1, round(100 * share))}" height="11" '
        f'fill="{"#D55E00" if digit == shares.argmax() else "#0072B2"}"/>'
        f'<text x="525" y="{53 + 18 * digit}">{round(100 * share)} %</text>'
        for digit, share in enumerate(shares.astype(float))
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="580" height="245" font-family="sans-serif" font-size="13">'
        '<rect width="580" height="245" fill="#fff" stroke="#ccc"/>'
        '<text x="10" y="20">Draw a digit here</text><text x="230" y="20">What the network sees</text>'
        f'<text x="400" y="20">The network reads {shares.argmax()}</text>'
        '<g fill="#fff" stroke="#999"><rect x="10" y="30" width="200" height="200"/>'
        '<rect x="230" y="30" width="140" height="140"/></g>'
        f'<g fill="none" stroke="#000" stroke-width="15" stroke-linecap="round" stroke-linejoin="round">{paths}</g>'
        f"{pixels}{bars}</svg>"
    )
