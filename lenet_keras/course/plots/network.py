"""A network drawn to scale, what its units see, and its answers along a wide image (lesson 04)."""

import math

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_rgb

from ...data import INK, PAPER
from .showing import COLOURS, SIGNED, show, style

_CONVOLUTION, _POOLING, _DENSE, _OTHER = COLOURS[0], COLOURS[2], "#9A6700", "0.35"

_SPREAD = 4.4  # between the names of two answers
_SCALE = 0.0425  # inches for a pixel of a map, the same for every network
_SMALL, _LARGE = 11.5, 13  # points

# By kind of layer: its colour, and what it does; the braces hold height and width of its window.
_LOOKS = {
    "Conv2D": (_CONVOLUTION, "convolution\n{}×{}"),
    "PartialConv2D": (_CONVOLUTION, "partial\nconvolution\n{}×{}"),
    "AveragePooling2D": (_POOLING, "average\npooling\n{}×{}"),
    "MaxPooling2D": (_POOLING, "max\npooling\n{}×{}"),
    "Subsampling": (_POOLING, "scaled\nsums\n{}×{}"),
    "Dense": (_DENSE, "fully\nconnected"),
    "EuclideanRBF": (_DENSE, "squared\ndistances"),
}


def architecture(model, image=None, alt=None):
    """Draw a network to scale, in the manner of the article's Fig. 2, over what `lk.anatomy` counts.

    One pixel of a map, and one unit of a column, has the same size everywhere. A window with two lines shows what one
    unit of the next layer sees; the distance between the maps of a stack is only for the eye. Below a layer that is
    linked to some of the maps before it only, as C3 by Table I, stands a table of the links: a row for each map
    before, a column for each of its own.

    Args:
        model: a keras.Sequential that `lk.anatomy` can count, of images with one channel. Flatten is left out.
        image: (height, width, 1), from -0.1 to 1.175: drawn as input, and the maps show what the network makes
            of it (orange above zero, purple below, each layer with its own scale). None for plain maps.
        alt: text for those who cannot see the figure; None for one made from the counts.

    Raises:
        ValueError: if `lk.anatomy` cannot count the model.
    """
    from ...counting import anatomy

    table = anatomy(model)
    rows = [row for row in table.rows if row.kind not in ("Flatten", "Activation")]
    values = {} if image is None else _activations(model, image)
    with style():
        figure, axes = plt.subplots()
        places = []
        for row in rows:
            places.append(_place(row.output_shape, places))
        spread = _SPREAD * (rows[-1].output_shape[-1] - 1) / 2 + 1.5 if _is_answers(rows[-1]) else 0
        top = max(spread, *(place["top"] for place in places)) + 2
        bottom = min(-spread, *(place["bottom"] for place in places)) - 7.5
        for place, row in zip(places, rows, strict=True):
            _draw_layer(axes, place, row, values.get(row.name))
            _label(axes, place, row, top, bottom)
        for before, place, row_before, row in zip(places, places[1:], rows, rows[1:], strict=False):
            if row.kind == "PartialConv2D":
                _draw_links(axes, len(before["corners"]), place, model.get_layer(row.name).links)
            _draw_window(axes, before, place, row_before, row)
        if _is_answers(rows[-1]):
            _draw_answers(axes, places[-1], rows[-1], values.get(rows[-1].name))
        for line, text in enumerate(("shape", "parameters", "connections"), start=1):
            axes.text(-3, bottom - 7 - 4.9 * line, text, ha="right", va="center", fontsize=_SMALL, color="0.3")
        right = places[-1]["x"] + places[-1]["width"] + 12
        axes.set(xlim=(-24, right), ylim=(bottom - 25, top + 6), aspect="equal", position=(0, 0, 1, 1))
        figure.set_size_inches(_SCALE * (right + 24), _SCALE * (top - bottom + 31))
        axes.axis("off")
        names = ", ".join(f"{row.name} {'×'.join(map(str, row.output_shape))}" for row in rows)
        show(figure, alt or f"The network drawn to scale: {names}; {table.parameters:,} parameters in all.")


def _is_answers(row):
    return row.output_shape in ((10,), (11,))


def _look(kind):
    """Colour and text of a kind of layer; a kind that is not known bears its own name."""
    return _LOOKS.get(kind, (_OTHER, kind))


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
        x = max(x, before[-1]["x"] + before[-1]["width"] / 2 + 24 - size / 2)  # room for the labels
    return {
        "x": x,
        "top": top,
        "bottom": corners[-1][1] - height if height * width > 1 else -top,
        "width": size,
        "map": (height, width),
        "corners": [(x + right, y) for right, y in corners],
    }


def _draw_layer(axes, place, row, values):
    colour, _ = _look(row.kind)
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


def _draw_links(axes, maps_before, place, links):
    """Which maps before (rows) each map (columns) is linked to, as a small table under the stack."""
    columns = len(place["corners"])
    side = min(1.5, place["width"] / columns, 9 / maps_before)
    table = np.full((maps_before, columns), 0.12)
    table[links[:, 0], links[:, 1]] = 1
    left, top = place["x"] + (place["width"] - side * columns) / 2, place["bottom"] - 1
    extent = (left, left + side * columns, top - side * maps_before, top)
    colours = LinearSegmentedColormap.from_list("links", ["white", _CONVOLUTION])
    axes.imshow(table, colours, vmin=0, vmax=1, extent=extent)
    axes.text(left - 1, (extent[2] + top) / 2, "links", ha="right", va="center", fontsize=_SMALL, color=_CONVOLUTION)


def _draw_window(axes, before, place, row_before, row):
    """What one unit of a layer sees of the layer before: a window on its front map, or all of its units."""
    if row.window is None or before["map"] == (1, 1):
        x, y, height, width = before["x"], before["top"], before["top"] - before["bottom"], before["width"]
        down, across = 0, 0
    else:
        height, width = row.window
        step = [own // earlier for own, earlier in zip(row.stride, row_before.stride, strict=True)]
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


def _label(axes, place, row, top, bottom):
    """Name above a layer; below it what it computes, its shape and its counts."""
    colour, does = _look(row.kind)
    centre = place["x"] + place["width"] / 2
    axes.text(centre, top, row.name, ha="center", va="bottom", fontsize=_LARGE, weight="bold", color=colour)
    counts = (f"{row.parameters:,}", f"{row.connections:,}") if row.kind else ("–", "–")
    if row.kind:
        does = does.format(*(row.window or ()))
        axes.text(centre, bottom + 4.5, does, ha="center", va="top", fontsize=_SMALL, color=colour)
    for line, text in enumerate(("×".join(map(str, row.output_shape)), *counts), start=1):
        axes.text(centre, bottom - 7 - 4.9 * line, text, ha="center", va="center", fontsize=_SMALL)


def _draw_answers(axes, place, row, values):
    """What the outputs stand for, spread out to be read: ten digits, and an eleventh for a blank."""
    answer = None
    if values is not None:  # of distances the smallest is the answer
        answer = int(values.argmin() if row.kind == "EuclideanRBF" else values.argmax())
    names = [*map(str, range(10)), "blank"][: len(place["corners"])]
    for number, (name, (x, y)) in enumerate(zip(names, place["corners"], strict=True)):
        height = _SPREAD * ((len(names) - 1) / 2 - number)
        axes.plot([x + 1.3, x + 5.2], [y - 0.5, height], color="0.7", lw=0.5)
        look = {"color": "black", "weight": "bold"} if number == answer else {"color": "0.45"}
        axes.text(x + 6, height, name, va="center", fontsize=_SMALL, **look)


def receptive_fields(image, fields, alt=None):
    """What one unit of each layer sees of an image, as frames within each other.

    Frames that share an edge are drawn a little inside each other, the smaller field inside, so that all are seen.

    Args:
        image: (height, width, 1), from -0.1 to 1.175.
        fields: dict from a layer's name to (left, right, top, bottom), the first and last column and row that its unit
            sees; from the smallest field to the largest.
        alt: text for those who cannot see the figure; None for one made from the fields.
    """
    with style():
        figure, axis = plt.subplots(figsize=(5.2, 4.6))
        axis.imshow(np.asarray(image)[..., 0], cmap="gray_r", vmin=PAPER, vmax=INK, alpha=0.45)
        for number, (name, (left, right, top, bottom)) in enumerate(fields.items()):
            inset = 0.18 * (len(fields) - 1 - number)
            sides = right - left + 1, bottom - top + 1
            axis.add_patch(
                plt.Rectangle(
                    (left - 0.5 + inset, top - 0.5 + inset), sides[0] - 2 * inset, sides[1] - 2 * inset, fill=False,
                    edgecolor=COLOURS[number], lw=2.4, clip_on=False, label=f"{name}: {_by(sides)}",
                )
            )  # fmt: skip
        axis.set_xlabel("column", fontsize=12)
        axis.set_ylabel("row", fontsize=12)
        axis.tick_params(labelsize=12)
        legend = axis.legend(loc="center left", bbox_to_anchor=(1.04, 0.5), fontsize=12, title="seen by a unit of")
        legend.get_title().set_fontsize(12)
        said = ", ".join(f"{name} {_by((f[1] - f[0] + 1, f[3] - f[2] + 1))}" for name, f in fields.items())
        show(figure, alt or f"A digit with the part of it that one unit of each layer sees: {said}.")


def answers_along(scene, shares, step, alt=None):
    """A wide image, and under the middle of each window the answer to it and how much it is believed.

    Args:
        scene: (height, width, 1), from -0.1 to 1.175.
        shares: (windows, classes), the probabilities for each window from left to right.
        step: columns between two windows, which are as wide as the scene is high.
        alt: text for those who cannot see the figure; None for one made from the answers.
    """
    height, width = scene.shape[:2]
    answers = shares.argmax(axis=1)
    with style():
        figure, axis = plt.subplots(figsize=(width / 6, height / 6 + 1.2))
        axis.imshow(scene[..., 0], cmap="gray_r", vmin=PAPER, vmax=INK)
        axis.spines[:].set(visible=True, color="0.7")
        for number, answer in enumerate(answers):
            middle = height / 2 + number * step - 0.5
            colour = COLOURS[number % len(COLOURS)]
            axis.plot([middle, middle], [height - 0.5, height + 0.8], color=colour, lw=2, clip_on=False)
            axis.text(
                middle, height + 3, str(answer), ha="center", va="center", fontsize=15, weight="bold", color=colour
            )
            axis.text(middle, height + 6, f"{100 * shares[number].max():.0f}", ha="center", va="center", fontsize=12)
        ends = [(-0.5, COLOURS[0]), ((len(answers) - 1) * step - 0.5, COLOURS[(len(answers) - 1) % len(COLOURS)])]
        for row, (left, colour) in enumerate(ends):
            axis.plot([left + 0.3, left + height - 0.3], [-1.6 - 1.2 * row] * 2, color=colour, lw=3, clip_on=False)
        for below, text in ((3, "answer"), (6, "probability (%)")):
            axis.text(height / 2 - 4, height + below, text, ha="right", va="center", fontsize=12)
        axis.set(xticks=[], yticks=[], xlim=(-0.5, width - 0.5), ylim=(height - 0.5, -0.5))
        show(figure, alt or f"An image {width} pixels wide with the answers {', '.join(map(str, answers))} below it.")


def _by(sides):
    return "×".join(map(str, sides))
