"""The drawing pad: a page in which the student draws a digit and sees the network read it, layer by layer.

One piece of HTML with the network's weights in it and the forward pass in plain JavaScript (pad.js): it needs no
kernel, no network and no widgets, and works the same in JupyterLab, on Colab, in VS Code and from a file.
"""

import base64
import html
import json
import os
import pathlib

import keras
import numpy as np

from ..data import INK, PAPER

BOX, FIELD, MARGIN = 20, 28, 4
PEN = 2.8
"""Width of the pen in pixels, in the box of 20×20 that MNIST's digits were fitted into."""
SMALLEST = 0.08
"""A drawing smaller than this share of the paper's side, such as a dot, is not enlarged to fill the box."""
_SCRIPT = pathlib.Path(__file__).with_name("pad.js")
_ACTIVATIONS = ("linear", "tanh", "relu")


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


def draw_pad(model):
    """Show a pad to draw digits on, and what the network makes of them while they are drawn.

    Beside the paper stand the image that the network is given, its ten outputs, and the values of every layer. The
    drawing is prepared as MNIST's digits were: its box is fitted into 20×20 pixels with grey edges, drawn with a pen
    of PEN pixels, and its centre of mass is put at the centre. Where no scripts run, a still picture is seen instead.

    Args:
        model: a built keras.Sequential of Conv2D, AveragePooling2D or MaxPooling2D, Flatten and Dense layers with
            tanh, ReLU or no activation, from one image (height, width, 1) of 28 pixels a side or more to ten
            outputs. Its weights are put into the page as 16-bit floats; training it further does not change the pad.

    Raises:
        ValueError: for any other network.
    """
    from IPython.display import display

    display({"text/html": _element(model), "text/plain": _alt(model)}, raw=True)


def save_pad(model, path):
    """Write the pad of `draw_pad` as a page of its own, which any browser opens from disk, without a network.

    Args:
        model: as in `draw_pad`.
        path: the file to write, such as "pad.html"; a file of that name is replaced.

    Raises:
        ValueError: for a network that the pad cannot show, or a folder that does not exist.
    """
    path = pathlib.Path(path)
    if path.is_dir() or not path.parent.is_dir():
        raise ValueError(f"path must name a file in a folder that exists, such as pad.html, not {path}.")
    element = _element(model)
    page = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        # The browser itself then refuses every request to the outside.
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; '
        "script-src 'unsafe-inline'; style-src 'unsafe-inline'\">\n"
        f"<title>Drawing pad: {html.escape(model.name)}</title>\n</head>\n<body>\n{element}\n</body>\n</html>\n"
    )
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_text(page, encoding="utf-8")
    os.replace(unfinished, path)


def drawn(strokes):
    """The image that a network is given for a drawing: what the pad's script computes, here in NumPy.

    Args:
        strokes: list of strokes, each a list of points (across, down) on a paper from 0 to 1; not empty.

    Returns:
        float32 array (32, 32, 1), paper -0.1 to ink 1.175.

    Raises:
        ValueError: if there is no point.
    """
    points = [np.asarray(stroke, float).reshape(-1, 2) for stroke in strokes]
    if not sum(map(len, points)):
        raise ValueError("There is no point in these strokes: a blank paper is no digit.")
    every = np.concatenate(points)
    low, high = every.min(axis=0), every.max(axis=0)
    scale = (BOX - PEN) / max(*(high - low), SMALLEST)
    fine = 8  # each pixel is drawn 8×8 times finer, then averaged: grey edges
    places = (np.indices((FIELD * fine, FIELD * fine)).transpose(1, 2, 0)[..., ::-1] + 0.5) / fine
    black = np.zeros(places.shape[:2], bool)
    for stroke in points:
        corners = MARGIN + PEN / 2 + (stroke - low) * scale
        for a, b in zip(corners, corners[1:] if len(corners) > 1 else corners, strict=False):
            along = np.clip((places - a) @ (b - a) / max((b - a) @ (b - a), 1e-12), 0, 1)
            black |= ((places - a - along[..., np.newaxis] * (b - a)) ** 2).sum(axis=2) <= (PEN / 2) ** 2
    ink = np.rint(255 * black.reshape(FIELD, fine, FIELD, fine).mean(axis=(1, 3))) / 255
    return (PAPER + (INK - PAPER) * np.pad(_centred(ink), 2)).astype("float32")[..., np.newaxis]


def _centred(ink):
    """Moved by whole pixels until the centre of mass is at pixel (14, 14), as far as the field allows."""
    for axis in (0, 1):
        profile = ink.sum(axis=1 - axis)
        filled = np.flatnonzero(profile)
        wanted = int(np.floor(FIELD / 2 - profile @ np.arange(FIELD) / profile.sum() + 0.5 + 1e-6))  # as pad.js
        ink = np.roll(ink, int(np.clip(wanted, -filled[0], FIELD - 1 - filled[-1])), axis)
    return ink


# ------------------------------------------------------------------------------------------------ the network


def _network(model):
    """What pad.js needs of a network: its layers, and all weights as 16-bit floats in base64."""
    if not isinstance(model, keras.Sequential) or not model.built:
        raise ValueError(
            "The pad shows a built keras.Sequential, such as lk.load_lenet5(), "
            f"not {'one that is not built' if isinstance(model, keras.Sequential) else type(model).__name__}."
        )
    shape, result = tuple(model.input_shape[1:]), tuple(model.output_shape[1:])
    if len(shape) != 3 or shape[2] != 1 or None in shape or min(shape[:2]) < FIELD:
        raise ValueError(
            f"The pad needs a network for images of shape (height, width, 1), 28 pixels or more, not {shape}."
        )
    if result != (10,):
        raise ValueError(f"The pad needs a network with ten outputs, of shape (10,), not {result}.")
    numbers, layers = [], []
    for layer in model.layers:
        layers.append(_layer(layer, numbers))
    weights = np.concatenate([np.zeros(0, "<f2"), *numbers])
    if not np.isfinite(weights).all():
        raise ValueError("The network has weights that are not finite, or too large for 16-bit floats (65,504).")
    return {
        "input": list(shape[:2]),
        "grey": [PAPER, INK],
        "drawing": {"box": BOX, "pen": PEN, "smallest": SMALLEST},
        "samples": SAMPLES,
        "layers": layers,
        "weights": base64.b64encode(weights.tobytes()).decode(),
    }


def _layer(layer, numbers):
    """One layer for pad.js; its weights are added to the list of arrays."""

    def stored(array):
        begin = sum(map(len, numbers))
        with np.errstate(over="ignore"):  # what is too large is found when all are together
            numbers.append(np.asarray(array, "float32").ravel().astype("<f2"))
        return begin

    kind = type(layer)
    if getattr(layer, "data_format", "channels_last") != "channels_last":
        raise ValueError(f"The pad knows values by row, column and map (channels_last), not {layer.name}'s order.")
    facts = {"name": layer.name, "shape": _shape(layer)}
    if kind in (keras.layers.Conv2D, keras.layers.Dense, keras.layers.Activation):
        activation = getattr(layer.activation, "__name__", type(layer.activation).__name__)
        if activation not in _ACTIVATIONS or layer.activation is not getattr(keras.activations, activation):
            raise ValueError(f"The pad knows tanh, relu and no activation, not {activation} (layer {layer.name}).")
        facts["activation"] = activation
    if kind in (keras.layers.Conv2D, keras.layers.Dense):
        kernel, *bias = layer.get_weights()
        facts |= {"at": stored(kernel), "bias": stored(bias[0]) if bias else -1}
    if kind is keras.layers.Conv2D:
        if layer.groups != 1 or tuple(layer.dilation_rate) != (1, 1):
            raise ValueError(f"The pad knows plain convolutions, without groups or dilation (layer {layer.name}).")
        facts |= {"kind": "convolution", "kernel": list(kernel.shape), **_windows(layer, layer.kernel_size)}
    elif kind in (keras.layers.AveragePooling2D, keras.layers.MaxPooling2D):
        facts["kind"] = "max" if kind is keras.layers.MaxPooling2D else "average"
        facts |= {"window": list(layer.pool_size), **_windows(layer, layer.pool_size)}
    elif kind is keras.layers.Dense:
        if len(layer.input.shape) != 2:
            raise ValueError(f"The pad needs a Flatten layer before the dense layer {layer.name}.")
        facts |= {"kind": "dense", "units": layer.units}
    elif kind in (keras.layers.Flatten, keras.layers.Activation):
        facts["kind"] = kind.__name__.lower()
    else:
        raise ValueError(
            "The pad knows Conv2D, AveragePooling2D, MaxPooling2D, Flatten, Dense and Activation layers, "
            f"not {kind.__name__} (layer {layer.name})."
        )
    return facts


def _shape(layer):
    """Height, width and maps of a layer's values; those of a dense layer lie in one place."""
    shape = tuple(layer.output.shape[1:])
    return list(shape) if len(shape) == 3 else [1, 1, *shape]


def _windows(layer, size):
    """Strides, and the rows and columns by which the first window sticks out above and to the left."""
    margins = [0, 0]
    if layer.padding == "same":
        for axis in (0, 1):
            before, after = layer.input.shape[1 + axis], layer.output.shape[1 + axis]
            margins[axis] = max(0, (after - 1) * layer.strides[axis] + size[axis] - before) // 2
    return {"strides": list(layer.strides), "margins": margins}


# ---------------------------------------------------------------------------------------------------- the page


def _element(model):
    """The pad as one HTML element: the still picture, and the script that puts the live pad in its place."""
    network = _network(model)
    values = json.dumps(network, separators=(",", ":")).replace("<", "\\u003c")  # no name ends the script
    script = f"{_SCRIPT.read_text(encoding='utf-8').rstrip()}({values});"
    picture = base64.b64encode(_still(model).encode()).decode()
    image = f'<img src="data:image/svg+xml;base64,{picture}" alt="{html.escape(_alt(model))}">'
    return f'<div class="lenet-pad">{image}<script>{script}</script></div>'


def _alt(model):
    return (
        f"A pad to draw digits on, read by the network {model.name}. It needs a program that runs scripts; "
        "the still picture shows a drawn 7, the image that the network is given, and its answer as ten bars."
    )


def _still(model):
    """The pad as a picture (SVG), with the sample 7 drawn and answered."""
    sample = drawn(SAMPLES[7])
    height, width = model.input_shape[1:3]
    image = np.full((height, width), PAPER, "float32")
    top, left = (height - FIELD) // 2, (width - FIELD) // 2
    image[top : top + FIELD, left : left + FIELD] = sample[2:30, 2:30, 0]
    shares = np.asarray(keras.ops.softmax(model(image[np.newaxis, ..., np.newaxis], training=False)))[0]
    paths = "".join(
        f'<polyline points="{" ".join(f"{10 + 200 * x:.1f},{30 + 200 * y:.1f}" for x, y in stroke)}"/>'
        for stroke in SAMPLES[7]
    )
    side = 140 / height
    pixels = "".join(
        f'<rect x="{230 + side * column:.2f}" y="{30 + side * row:.2f}" width="{side:.2f}" height="{side:.2f}" '
        f'fill="rgb({grey},{grey},{grey})"/>'
        for (row, column), grey in np.ndenumerate(np.rint(255 * (INK - image) / (INK - PAPER)).astype(int))
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
