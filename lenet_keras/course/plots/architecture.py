"""A network drawn to scale (lesson 03)."""

import math

import matplotlib.pyplot as plt
import numpy as np

from ...data import INK, PAPER
from .style import COLOURS, SIGNED, show, style


def architecture(model, image=None, alt=None):
    """Draw a network to scale, in the manner of the paper's Fig. 2, over what `lk.anatomy` counts.

    One pixel of a map, and one unit of a column, has the same size everywhere. A window with two lines
    shows what one unit of the next layer sees; the distance between the maps of a stack is only for the eye.

    Args:
        model: a keras.Sequential that `lk.anatomy` can count, of images with one channel. Flatten is left out.
        image: (height, width, 1), from -0.1 to 1.175: drawn as input, and the maps show what the network makes
            of it (orange above zero, purple below, each layer with its own scale). None for plain maps.
        alt: text for those who cannot see the figure; None for one made from the counts.
    """
    from ...counting import anatomy

    table = anatomy(model)
    rows = [row for row in table.rows if row.kind not in ("Flatten", "Activation")]
    values = {} if image is None else _activations(model, image)
    with style():
        figure, axes = plt.subplots(figsize=(10, 3.8))
        places = []
        for row in rows:
            places.append(_place(row.output_shape, places))
        top, bottom = max(place["top"] for place in places) + 2, min(place["bottom"] for place in places) - 7.5
        for place, row in zip(places, rows, strict=True):
            _draw_layer(axes, place, row, values.get(row.name))
            _label(axes, place, row, model, top, bottom)
        for before, place, row in zip(places, places[1:], rows[1:], strict=False):
            _draw_window(axes, before, place, row, model)
        if rows[-1].output_shape == (10,):
            _draw_answers(axes, places[-1], values.get(rows[-1].name))
        for line, text in enumerate(("shape", "parameters", "connections"), start=1):
            axes.text(-3, bottom - 3.2 - 4.6 * line, text, ha="right", va="center", fontsize=8.5, color="0.4")
        right = places[-1]["x"] + places[-1]["width"] + 12
        axes.set(xlim=(-18, right), ylim=(bottom - 20, top + 6), aspect="equal")
        axes.axis("off")
        names = ", ".join(f"{row.name} {'×'.join(map(str, row.output_shape))}" for row in rows)
        show(figure, alt or f"The network drawn to scale: {names}; {table.parameters:,} parameters in all.")


_KIND_COLOUR = {
    "Conv2D": COLOURS[0],
    "AveragePooling2D": COLOURS[2],
    "MaxPooling2D": COLOURS[2],
    "Dense": "#9A6700",
}


_KIND_TEXT = {
    "Conv2D": "convolution\n{}×{}",
    "AveragePooling2D": "average\npooling {}×{}",
    "MaxPooling2D": "max\npooling {}×{}",
    "Dense": "fully\nconnected",
}


def _activations(model, image):
    """Each layer's values for one image, by layer name."""
    import keras

    image = np.asarray(image)
    every_layer = keras.Model(model.inputs[0], [layer.output for layer in model.layers])
    outputs = [np.asarray(output)[0] for output in every_layer(image[None])]
    return {"input": image} | {layer.name: output for layer, output in zip(model.layers, outputs, strict=True)}


def _place(shape, before):
    """Where to draw a layer, right of those before: maps in a stack, single units in up to three columns."""
    height, width, maps = shape if len(shape) == 3 else (1, 1, shape[0])
    if height * width > 1:
        shift = 0.9
        top, size = (height + shift * (maps - 1)) / 2, width + shift * (maps - 1)
        corners = [(shift * j, top - shift * j) for j in range(maps)]  # upper left; the last map is in front
    else:
        columns = 1 if maps <= 40 else 3
        tall = math.ceil(maps / columns)
        top, size = tall / 2, columns
        corners = [(j // tall, top - j % tall) for j in range(maps)]
    x = 0
    if before:
        x = before[-1]["x"] + before[-1]["width"] + 7
        x = max(x, before[-1]["x"] + before[-1]["width"] / 2 + 23 - size / 2)  # room for the labels
    return {
        "x": x,
        "top": top,
        "bottom": corners[-1][1] - height if height * width > 1 else -top,
        "width": size,
        "map": (height, width),
        "corners": [(x + right, y) for right, y in corners],
    }


def _draw_layer(axes, place, row, values):
    from matplotlib.colors import to_rgb

    colour = _KIND_COLOUR.get(row.kind, "0.35")
    height, width = place["map"]
    maps = None if values is None else values.reshape(height, width, -1)
    limit = 1.0 if values is None else float(np.abs(maps).max()) or 1.0
    low, high, colours = (PAPER, INK, "gray_r") if not row.kind else (-limit, limit, SIGNED)
    single = height * width == 1
    strength = 0.6 if single else 0.22
    plain = [1 - strength * (1 - part) for part in to_rgb(colour)]
    edge = {"edgecolor": "white" if single and maps is None else colour, "lw": 0.3 if single else 0.6}
    for number, (x, y) in enumerate(place["corners"]):
        order = 2 + number / 1000
        if maps is not None:
            extent = (x, x + width, y - height, y)
            axes.imshow(maps[..., number], colours, vmin=low, vmax=high, extent=extent, zorder=order)
        face = plain if maps is None else "none"
        axes.add_patch(plt.Rectangle((x, y - height), width, height, facecolor=face, zorder=order, **edge))


def _draw_window(axes, before, place, row, model):
    """What one unit of a layer sees of the layer before: a window on its front map, or all of its units."""
    size, step = _window(row, model)
    if size is None or before["map"] == (1, 1):
        x, y, height, width = before["x"], before["top"], before["top"] - before["bottom"], before["width"]
        down, across = 0, 0
    else:
        height, width = size
        down, across = place["map"][0] // 3, place["map"][1] * 3 // 5  # which unit
        x, y = before["corners"][-1]
        x, y = x + across * step[1], y - down * step[0]
    single = place["map"] == (1, 1)
    unit = place["corners"][len(place["corners"]) // 6 if single else -1]
    unit = (unit[0] + across, unit[1] - down)
    ink = {"color": "black", "lw": 0.6, "zorder": 5}
    axes.add_patch(plt.Rectangle((x, y - height), width, height, fill=False, **(ink | {"lw": 1})))
    axes.add_patch(plt.Rectangle((unit[0], unit[1] - 1), 1, 1, facecolor="black", zorder=6))
    for corner in (y, y - height):
        axes.plot([x + width, unit[0]], [corner, unit[1] - 0.5], **ink)


def _window(row, model):
    """Window and stride of a convolution or pooling layer; None, None for another."""
    layer = model.get_layer(row.name)
    return getattr(layer, "kernel_size", getattr(layer, "pool_size", None)), getattr(layer, "strides", None)


def _label(axes, place, row, model, top, bottom):
    """Name above a layer; below it what it computes, its shape and its counts."""
    colour = _KIND_COLOUR.get(row.kind, "0.35")
    centre = place["x"] + place["width"] / 2
    axes.text(centre, top, row.name, ha="center", va="bottom", fontsize=12, weight="bold", color=colour)
    counts = (f"{row.parameters:,}", f"{row.connections:,}") if row.kind else ("–", "–")
    if row.kind:
        does = _KIND_TEXT[row.kind].format(*(_window(row, model)[0] or ()))
        axes.text(centre, bottom, does, ha="center", va="center", fontsize=8.5, color=colour)
    for line, text in enumerate(("×".join(map(str, row.output_shape)), *counts), start=1):
        axes.text(centre, bottom - 3.2 - 4.6 * line, text, ha="center", va="center", fontsize=9)


def _draw_answers(axes, place, values):
    """The digits that ten outputs stand for, spread out to be read."""
    for digit, (x, y) in enumerate(place["corners"]):
        height = 3.6 * (4.5 - digit)
        chosen = values is not None and digit == int(values.argmax())
        axes.plot([x + 1.3, x + 5.2], [y - 0.5, height], color="0.7", lw=0.5)
        look = {"color": "black", "weight": "bold"} if chosen else {"color": "0.45"}
        axes.text(x + 6, height, str(digit), va="center", fontsize=9, **look)
