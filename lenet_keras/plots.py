"""Every figure of the course, in one style.

A function here draws, then hands its figure to `show` with a text that says what can be seen in it.
"""

import base64
import io
import math

import matplotlib.patheffects as path_effects
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

from .data import INK, PAPER

# Okabe and Ito's colours: told apart also by colour-blind readers.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
SIGNED = "PuOr_r"  # negative purple, zero white, positive orange
STYLE = {
    "figure.dpi": 144,
    "font.size": 10,
    "axes.titlesize": 10,
    "axes.prop_cycle": plt.cycler(color=COLOURS),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "legend.frameon": False,
    "image.interpolation": "nearest",
}


def style():
    """The course's style, for figures drawn in a notebook: with lk.plots.style(): ..."""
    return plt.rc_context(STYLE)


def show(figure, alt):
    """Show a Matplotlib figure in the notebook, with a text for those who cannot see it, and close it.

    Args:
        figure: the figure.
        alt: what there is to see, in a sentence or two. It is stored beside the picture, and compared when the
            notebooks are tested: put no unrounded figures into it.
    """
    from IPython.display import display

    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=144, bbox_inches="tight", metadata={"Software": None})
    plt.close(figure)
    width = int.from_bytes(picture.getvalue()[16:20], "big")  # from the PNG header
    display(
        {"image/png": base64.b64encode(picture.getvalue()).decode(), "text/plain": alt},
        metadata={"image/png": {"alt": alt, "width": round(width * 96 / 144)}},
        raw=True,
    )


def _grid(count, columns, width, height):
    """Axes for `count` small pictures with a faint frame, in rows; the ones left over are blank."""
    columns = min(columns, count)
    rows = math.ceil(count / columns)
    figure, axes = plt.subplots(rows, columns, figsize=(columns * width, rows * height), squeeze=False)
    for axis in axes.flat[:count]:
        axis.set(xticks=[], yticks=[])
        axis.spines[:].set(visible=True, color="0.85", linewidth=0.6)
    for axis in axes.flat[count:]:
        axis.axis("off")
    return figure, list(axes.flat)


def _squared(images):
    """Images as (n, height, width), whether or not they come with an axis for one channel."""
    images = np.asarray(images)
    if images.ndim == 4 and images.shape[-1] == 1:
        images = images[..., 0]
    if images.ndim != 3 or not len(images):
        raise ValueError(f"Images must have shape (n, height, width) or (n, height, width, 1), not {images.shape}.")
    return images


def digit_grid(images, titles=None, columns=10, alt=None, size=0.85):
    """Digits in rows, dark ink on light paper, each with a title if titles are given.

    Args:
        images: (n, height, width) or (n, height, width, 1), from -0.1 (paper) to 1.175 (ink).
        titles: n texts, or None.
        columns: digits in a row.
        alt: text for those who cannot see the figure; None for a general one.
        size: width of one digit, in inches.
    """
    images = _squared(images)
    with style():
        figure, axes = _grid(len(images), columns, size, size * (1.3 if titles is not None else 1.05))
        for number, (axis, image) in enumerate(zip(axes, images, strict=False)):
            axis.imshow(image, cmap="gray_r", vmin=PAPER, vmax=INK)
            if titles is not None:
                axis.set_title(str(titles[number]), fontsize=9, pad=3)
        show(figure, alt or f"{len(images)} digits, dark ink on light paper.")


def signed_maps(maps, titles=None, columns=8, alt=None, size=1.0, limit=None):
    """Small maps of values with a sign (filters, feature maps, gradients): orange above zero, purple below.

    Args:
        maps: (n, height, width); all share one scale, centred at zero, shown by a colour bar.
        titles, columns, alt, size: as for `digit_grid`.
        limit: value of the strongest colour; None for the largest absolute value.
    """
    maps = _squared(maps)
    limit = limit or float(np.abs(maps).max()) or 1.0
    with style():
        figure, axes = _grid(len(maps), columns, size, size * (1.25 if titles is not None else 1.05))
        for number, (axis, values) in enumerate(zip(axes, maps, strict=False)):
            picture = axis.imshow(values, cmap=SIGNED, vmin=-limit, vmax=limit)
            if titles is not None:
                axis.set_title(str(titles[number]), fontsize=9, pad=3)
        figure.colorbar(picture, ax=list(axes), fraction=0.02, pad=0.02)
        show(figure, alt or f"{len(maps)} maps; orange above zero, purple below, white at zero.")


def training_curves(histories, alt=None):
    """Loss and error by epoch: solid in training (averaged over the epoch), dashed in validation (after it).

    Args:
        histories: the history that `train` returns, or a dict from label to history.
        alt: text for those who cannot see the figure; None for a general one.
    """
    if "loss" in histories:
        histories = {"": histories}
    with style():
        figure, axes = plt.subplots(1, 2, figsize=(9, 3.2))
        for colour, (label, history) in zip(COLOURS, histories.items(), strict=False):
            epochs = np.arange(1, len(history["loss"]) + 1)
            for axis, key, scale in ((axes[0], "loss", 1), (axes[1], "error", 100)):
                for line, prefix, what in (("-", "", "training"), ("--", "validation_", "validation")):
                    axis.plot(
                        epochs,
                        scale * np.asarray(history[prefix + key]),
                        line,
                        color=colour,
                        marker="o" if len(epochs) < 15 else None,
                        markersize=3,
                        label=f"{label}, {what}" if label else what,
                    )
        axes[0].set(xlabel="epoch", ylabel="cross-entropy loss", ylim=(0, None))
        axes[1].set(xlabel="epoch", ylabel="error (%)", ylim=(0, None))
        axes[1].legend(fontsize=8)
        show(figure, alt or f"Loss and error by epoch, training and validation, of {len(histories)} runs.")


# ------------------------------------------------------------------------------------------- 03 build LeNet-5


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
    from .anatomy import anatomy

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
    from .environment import start_keras

    keras = start_keras()
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


# ------------------------------------------------------------------------------- 02 convolution and pooling


def _number_grid(axis, values, left, name, marked, fill):
    """A grid of whole numbers with its top left corner at (left, 0); the cells of `marked` are coloured."""
    rows, columns = values.shape
    for row in range(rows):
        for column in range(columns):
            colour = fill if marked[row, column] else "white"
            axis.add_patch(plt.Rectangle((left + column, row), 1, 1, facecolor=colour, edgecolor="0.6"))
            axis.text(left + column + 0.5, row + 0.5, f"{values[row, column]:d}", ha="center", va="center")
    axis.text(left + columns / 2, -0.25, name, ha="center", va="bottom")


def sliding_window(image, kernel, result, row, column, alt=None, names=("image", "kernel", "map")):
    """A small convolution in numbers: the window at one place of the image, the kernel, the number it makes.

    Args:
        image, kernel, result: int arrays (rows, columns), `result` being the map that the kernel makes.
        row, column: the place in `result`, whose window is coloured in the image.
        alt: text for those who cannot see the figure; None for a general one.
        names: what stands above the three.
    """
    window = np.zeros(image.shape, bool)
    window[row : row + kernel.shape[0], column : column + kernel.shape[1]] = True
    place = np.zeros(result.shape, bool)
    place[row, column] = True
    whole = np.ones(kernel.shape, bool)
    parts = zip((image, kernel, result), names, (window, whole, place), strict=True)
    with style():
        figure, axis = plt.subplots(figsize=(6.2, 2.4))
        left = 0
        for (values, name, marked), fill in zip(parts, ("#BFE1F6", "#F7D9C4", "#BFE8DA"), strict=True):
            _number_grid(axis, values, left, name, marked, fill)
            left += values.shape[1] + 1.5
        axis.set(xlim=(-0.1, left - 1.4), ylim=(max(len(image), len(result)) + 0.1, -1), aspect="equal")
        axis.axis("off")
        show(figure, alt or f"The window at row {row}, column {column}, and the number that the kernel makes of it.")


def window_positions(cases, alt=None):
    """Where a window stands along one row of an image, for sizes, paddings and strides.

    Args:
        cases: list of (n, k, p, s): pixels in the row, pixels of the window, padding at each end, stride.
        alt: text for those who cannot see the figure; None for a general one.
    """
    widest = max(n + 2 * p for n, _, p, _ in cases)
    top = 0.0
    with style():
        figure, axis = plt.subplots(figsize=(6.6, 5.4))
        for n, k, p, s in cases:
            for pixel in range(n + 2 * p):
                fill, line = ("0.88", "-") if p <= pixel < n + p else ("white", ":")
                axis.add_patch(plt.Rectangle((pixel, top), 1, 1, facecolor=fill, edgecolor="0.4", linestyle=line))
            starts = range(0, n + 2 * p - k + 1, s)
            for number, start in enumerate(starts):
                left, height, colour = start + 0.1, top + 1.3 + 0.45 * number, COLOURS[number % 2]
                axis.add_patch(plt.Rectangle((left, height), k - 0.2, 0.25, facecolor=colour))
            axis.text(widest + 1, top + 0.5, f"n = {n}, k = {k}, p = {p}, s = {s}", va="center")
            axis.text(widest + 1, top + 1.6, f"{len(starts)} windows", va="center")
            top += 2 + 0.45 * len(starts)
        axis.set(xlim=(-0.1, widest + 7), ylim=(top, -0.1), aspect="equal")
        axis.axis("off")
        show(figure, alt or f"The places where a window stands along a row, in {len(cases)} cases.")


# ------------------------------------------------------------------------------------------------ 05 judge LeNet-5


def confusion_matrix(matrix, unit="digits", alt=None):
    """A confusion matrix as a coloured table: a row for a label, a column for an answer, zeros left empty.

    Args:
        matrix: (classes, classes), none negative: integers, or other figures, printed with one decimal.
        unit: what the figures are, for the colour bar.
        alt: text for those who cannot see the figure; None for a general one.

    Raises:
        ValueError: if the matrix is not square.
    """
    matrix = np.asarray(matrix)
    if matrix.ndim != 2 or len(set(matrix.shape)) != 1:
        raise ValueError(f"A confusion matrix is square, but the shape is {matrix.shape}.")
    form = "d" if np.issubdtype(matrix.dtype, np.integer) else ".1f"
    limit = matrix.max() or 1
    with style():
        figure, axis = plt.subplots(figsize=(5.6, 4.6))
        picture = axis.imshow(matrix, cmap="Blues", vmin=0, vmax=limit)
        for (row, column), value in np.ndenumerate(matrix):
            if value:
                ink = "white" if value > 0.6 * limit else "black"
                axis.text(column, row, format(value, form), ha="center", va="center", fontsize=7, color=ink)
        axis.set(xlabel="answer", ylabel="label", xticks=range(len(matrix)), yticks=range(len(matrix)))
        axis.spines[["top", "right"]].set_visible(True)
        axis.tick_params(length=0)
        ticks = MaxNLocator(integer=form == "d")
        figure.colorbar(picture, label=unit, ticks=ticks, fraction=0.046, pad=0.03)
        show(figure, alt or f"Confusion matrix of {len(matrix)} classes, in {unit}.")


def reliability(confidence, right, count, alt=None):
    """Reliability diagram: how often answers of a confidence are right, above how many there are.

    A bin without answers is left out. Bars are 95 % Wilson intervals.

    Args:
        confidence: (bins,), the mean confidence of the answers in each bin, a share from 0 to 1.
        right: (bins,), the share of them that is right.
        count: (bins,), how many they are.
        alt: text for those who cannot see the figure; None for a general one.
    """
    from .evaluation import wilson_interval

    filled = np.asarray(count) > 0
    confidence, right, count = (np.asarray(values)[filled] for values in (confidence, right, count))
    bounds = np.array([wilson_interval(round(s * n), n) for s, n in zip(right, count, strict=True)])
    x, y = 100 * confidence, 100 * right
    reach = np.abs(100 * bounds.T - y)
    with style():
        figure, (above, below) = plt.subplots(
            2, 1, figsize=(5, 5.2), sharex=True, height_ratios=(3, 1), gridspec_kw={"hspace": 0.12}
        )
        above.plot((0, 100), (0, 100), "--", color="0.5", linewidth=1, label="as sure as it should be")
        above.errorbar(x, y, reach, fmt="o", color=COLOURS[0], markersize=4, capsize=2, label="the network")
        above.set(ylabel="answers that are right (%)", xlim=(0, 102), ylim=(-2, 102))
        above.legend(loc="upper left", fontsize=9)
        below.bar(x, count, width=4, color=COLOURS[0])
        for place, number in zip(x, count, strict=True):
            below.text(place, number * 1.25, f"{number:,}", ha="center", fontsize=7)
        below.set(xlabel="confidence (%)", ylabel="answers", yscale="log", ylim=(0.5, 8 * count.max()))
        show(figure, alt or "Share of right answers against confidence, with the number of answers below.")


def rejection_curve(curves, target=None, until=None, alt=None):
    """Error of the digits that are answered, against the share that is refused.

    Args:
        curves: dict from label to the RejectionCurve that `lk.rejection_curve` returns.
        target: an error, a share from 0 to 1, drawn as a line; a dot marks where each curve first reaches it.
        until: the largest share refused that is shown; None for all.
        alt: text for those who cannot see the figure; None for a general one.
    """
    with style():
        figure, axis = plt.subplots(figsize=(6.4, 3.6))
        lines = ("-", "--", "-.", ":") * 2
        for colour, line, (label, curve) in zip(COLOURS, lines, curves.items(), strict=False):
            axis.step(100 * curve.rejected, 100 * curve.error, line, where="post", color=colour, label=label)
            if target is not None and (curve.error <= target).any():
                first = np.flatnonzero(curve.error <= target)[0]
                axis.plot(100 * curve.rejected[first], 100 * curve.error[first], "o", color=colour)
        if target is not None:
            axis.axhline(100 * target, color="0.5", linewidth=1, linestyle=":")
            axis.annotate(
                f"{100 * target:g} %", (1, 100 * target), xycoords=("axes fraction", "data"), fontsize=9,
                xytext=(3, 0), textcoords="offset points", va="center",
            )  # fmt: skip
        axis.set(xlabel="refused (% of all digits)", ylabel="error among the answered (%)", ylim=(0, None))
        axis.set(xlim=(0, None if until is None else 100 * until))
        axis.legend()
        show(figure, alt or "Error among the answered digits against the share of digits refused.")


# ------------------------------------------------------------------------------------------- 06 look inside


def picture_table(pictures, row_name, column_name, signed=None, alt=None, size=0.5):
    """A table of small pictures, its rows and columns numbered from 0.

    Args:
        pictures: (rows, columns, height, width): patches of images from -0.1 (paper) to 1.175 (ink), or values
            with a sign, which share one scale centred at zero.
        row_name, column_name: what the rows and the columns are.
        signed: for values with a sign, what they are: the label of their colour bar. None for images.
        alt: text for those who cannot see the figure; None for a general one.
        size: width of one picture, in inches.

    Raises:
        ValueError: if the pictures have another shape.
    """
    pictures = np.asarray(pictures, "float64")
    if pictures.ndim != 4 or not pictures.size:
        raise ValueError(f"Pictures must have shape (rows, columns, height, width), not {pictures.shape}.")
    rows, columns, height, width = pictures.shape
    gap = max(1, round(width / 8))
    framed = np.pad(pictures, ((0, 0), (0, 0), (0, gap), (0, gap)), constant_values=np.nan)
    whole = framed.transpose(0, 2, 1, 3).reshape(rows * (height + gap), -1)[:-gap, :-gap]
    limit = float(np.abs(pictures).max()) or 1.0
    colours, low, high = (SIGNED, -limit, limit) if signed else ("gray_r", PAPER, INK)
    with style():
        figure, axes = plt.subplots(figsize=(columns * size + 0.6, rows * size + 0.4))
        axes.set_facecolor("#9db4c0")  # the gaps, which hold no number
        picture = axes.imshow(whole, cmap=colours, vmin=low, vmax=high)
        axes.set_xticks((width - 1) / 2 + (width + gap) * np.arange(columns), range(columns))
        axes.set_yticks((height - 1) / 2 + (height + gap) * np.arange(rows), range(rows))
        axes.set(xlabel=column_name, ylabel=row_name)
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        if signed:
            figure.colorbar(picture, ax=axes, fraction=0.02, pad=0.02, label=signed)
        show(figure, alt or f"{rows} rows of {columns} small pictures.")


def maps_on_digit(image, maps, titles, alt=None, size=2.6):
    """A digit, then maps of values with a sign over its pixels, each with its scale and the digit's outline.

    Args:
        image: (32, 32) or (32, 32, 1), from -0.1 (paper) to 1.175 (ink).
        maps: arrays (32, 32); orange above zero, purple below.
        titles: one for each map.
        alt: text for those who cannot see the figure; None for a general one.
        size: width of one panel, in inches.
    """
    image = _squared(np.asarray(image)[None])[0]
    with style():
        figure, panels = plt.subplots(
            1, 1 + len(maps), figsize=(size * (1 + 1.2 * len(maps)), size), layout="constrained"
        )
        panels[0].imshow(image, cmap="gray_r", vmin=PAPER, vmax=INK)
        panels[0].set(title="the digit", ylabel="row")
        for axes, values, title in zip(panels[1:], maps, titles, strict=True):
            limit = float(np.abs(values).max()) or 1.0
            picture = axes.imshow(values, cmap=SIGNED, vmin=-limit, vmax=limit)
            axes.contour(image, [(PAPER + INK) / 2], colors="black", linewidths=0.8)
            axes.set_title(title)
            figure.colorbar(picture, ax=axes, fraction=0.05, pad=0.03)
        for axes in panels:
            axes.set(xlabel="column", xticks=[0, 10, 20, 30], yticks=[0, 10, 20, 30])
        show(figure, alt or f"A digit, and {len(maps)} maps of values over its pixels, with its outline.")


def digit_scatter(points, labels, names, alt=None):
    """Points in the plane, each drawn as the digit it belongs to; a large digit marks the mean of each class.

    Args:
        points: (n, 2).
        labels: digits 0 to 9, shape (n,).
        names: of the two axes.
        alt: text for those who cannot see the figure; None for a general one.
    """
    points, labels = np.asarray(points), np.asarray(labels)
    if points.ndim != 2 or points.shape[1] != 2 or labels.shape != points.shape[:1]:
        raise ValueError(f"points must be (n, 2) and labels (n,), not {points.shape} and {labels.shape}.")
    colours = [*COLOURS, "#7F7F7F", "#8B4513", "#332288"]
    halo = [path_effects.withStroke(linewidth=4, foreground="white")]
    with style():
        figure, axes = plt.subplots(figsize=(7, 6))
        for digit in np.unique(labels):
            mine = points[labels == digit]
            axes.scatter(*mine.T, marker=f"${digit}$", s=30, lw=0, color=colours[digit], alpha=0.75)
            axes.text(
                *mine.mean(axis=0), str(digit), color=colours[digit], fontsize=24, weight="bold",
                ha="center", va="center", path_effects=halo,
            )  # fmt: skip
        axes.set(xlabel=names[0], ylabel=names[1])
        show(figure, alt or "Points drawn as digits, coloured by class, with the classes' means.")


# -------------------------------------------------------------------------------------------- 11 distortions


def answer_strip(images, titles, probabilities, label, alt=None, size=0.8):
    """Digits in a row, each with the network's answer and certainty below it; wrong answers in an orange frame.

    Args:
        images: (n, height, width) or (n, height, width, 1), from -0.1 (paper) to 1.175 (ink).
        titles: n texts, above the digits.
        probabilities: (n, 10), from 0 to 1: the largest is the answer, and how large it is the certainty.
        label: the right answer, 0 to 9, or n of them.
        alt: text for those who cannot see the figure; None for a general one.
        size: width of one digit, in inches.
    """
    images, answers = _squared(images), np.argmax(probabilities, axis=1)
    wrong = answers != label
    with style():
        figure, axes = _grid(len(images), len(images), size, size * 1.75)
        for axis, image, title, answer, row, bad in zip(
            axes, images, titles, answers, probabilities, wrong, strict=True
        ):
            axis.imshow(image, cmap="gray_r", vmin=PAPER, vmax=INK)
            axis.set_title(str(title), fontsize=9, pad=3)
            axis.set_xlabel(f"{answer}\n{100 * row[answer]:.0f} %", color=COLOURS[1] if bad else "black")
            if bad:
                axis.spines[:].set(color=COLOURS[1], linewidth=2)
        show(figure, alt or f"{len(images)} digits in a row, {wrong.sum()} of them read wrongly.")


def moving_digit(images, titles, probabilities, label, alt):
    """A moving picture: a digit that changes, there and back, beside the ten outputs of the network.

    It is an animated PNG, which browsers play as they do a GIF; what knows still pictures only shows the first frame.

    Args:
        images, titles, probabilities: as for `answer_strip`, an entry for each frame.
        label: the right answer, whose bar is blue; the longest of the others is orange where the answer is wrong.
        alt: text for those who cannot see it, or where no moving pictures are shown.
    """
    from IPython.display import display
    from PIL import Image

    images = _squared(images)
    with style():
        figure, (left, right) = plt.subplots(1, 2, figsize=(3.8, 2.2), dpi=84, layout="constrained")
        picture = left.imshow(images[0], cmap="gray_r", vmin=PAPER, vmax=INK)
        left.set(xticks=[], yticks=[])
        left.spines[:].set(visible=True, color="0.7")
        bars = right.barh(range(10), np.zeros(10))
        right.set(xlim=(0, 100), ylim=(9.6, -0.6), xticks=[0, 50, 100], yticks=range(10))
        right.set_xlabel("output (%)", fontsize=8)
        right.tick_params(labelsize=8)
        frames = []
        for image, title, row in zip(images, titles, probabilities, strict=True):
            picture.set_data(image)
            left.set_title(str(title), fontsize=9)
            for digit, (bar, value) in enumerate(zip(bars, row, strict=True)):
                bar.set_width(100 * value)
                answer = digit == np.argmax(row)
                bar.set_color(COLOURS[0] if digit == label else COLOURS[1] if answer else "0.7")
            figure.canvas.draw()
            figure.set_layout_engine("none")  # once laid out, it stays: drawing is faster, and nothing jumps
            frames.append(Image.fromarray(np.asarray(figure.canvas.buffer_rgba())[..., :3].copy()))
        plt.close(figure)
    # One palette for all: the greys of the digit, white, and the colours of the bars.
    colours = [[grey] * 3 for grey in np.linspace(0, 255, 14, dtype=int)]
    colours += [[int(code[k : k + 2], 16) for k in (1, 3, 5)] for code in COLOURS[:2]]
    palette = Image.new("P", (1, 1))
    palette.putpalette([int(part) for colour in colours for part in colour])
    frames = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    film = io.BytesIO()
    frames[0].save(film, "PNG", save_all=True, append_images=frames[1:] + frames[-2:0:-1], duration=160, loop=0)
    data = {"image/png": base64.b64encode(film.getvalue()).decode(), "text/plain": alt}
    display(data, metadata={"image/png": {"alt": alt}}, raw=True)


def error_curves(curves, marks=None, columns=4, alt=None):
    """Error against the amount of each of several distortions, side by side.

    Args:
        curves: dict from a distortion, the name of its axis, to (amounts, errors): errors is a dict from label to as
            many shares from 0 to 1. Amounts that are all above 0 are factors and stand on a logarithmic axis.
        marks: dict from distortion to amounts that get a dotted line; None for no marks.
        columns: panels in a row.
        alt: text for those who cannot see the figure; None for a general one.
    """
    with style():
        columns = min(columns, len(curves))
        rows = math.ceil(len(curves) / columns)
        figure, panels = plt.subplots(
            rows, columns, figsize=(2.1 * columns, 1.9 * rows), sharey=True, squeeze=False, layout="constrained"
        )
        for panel in panels.flat[len(curves) :]:
            panel.axis("off")
        for panel, (name, (amounts, errors)) in zip(panels.flat, curves.items(), strict=False):
            for mark in (marks or {}).get(name, ()):
                panel.axvline(mark, color="0.5", linestyle=":", linewidth=1.2)
            for colour, line, (label, values) in zip(COLOURS, ("-", "--", "-.", ":"), errors.items(), strict=False):
                panel.plot(amounts, 100 * np.asarray(values), line, color=colour, linewidth=1.2, label=label)
            panel.set(xlabel=name, ylim=(0, 100))
            if min(amounts) > 0:
                panel.set_xscale("log", base=2)
                ticks = [tick for tick in (0.25, 0.5, 0.7, 1, 1.4, 2, 4) if min(amounts) <= tick <= max(amounts)]
                panel.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        for first in panels[:, 0]:
            first.set_ylabel("error (%)")
        handles, labels = panels.flat[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper center", ncols=len(labels))
        show(figure, alt or f"Error against amount, for {len(curves)} distortions.")


# ------------------------------------------------------------------------------------------------ 13 many digits


def map_of_outputs(image, probabilities, centres=None, alt=None, step=4, window=32):
    """A string of digits and, below it, the map of outputs: each column of the map under the middle of its window.

    The answers stand over the image: at each place the class with the largest output, a dot for the blank. A bar
    shows how much of the image the first window takes in.

    Args:
        image: (32, W) or (32, W, 1), from -0.1 (paper) to 1.175 (ink).
        probabilities: (places, classes); with 11 classes the last is the blank.
        centres: columns at which the digits stand, drawn as dotted lines; None for none.
        alt: text for those who cannot see the figure; None for a general one.
        step, window: pixels between two places, and the width of a window.
    """
    image, probabilities = _squared(np.asarray(image)[None])[0], np.asarray(probabilities)
    places, classes = probabilities.shape
    middles = step * np.arange(places) + window / 2
    names = [*map(str, range(min(classes, 10))), *["blank"] * (classes - 10)]
    with style():
        figure, (above, below) = plt.subplots(
            2, 1, figsize=(7, 4.2), sharex=True, height_ratios=(1, 1.25), layout="constrained"
        )
        above.imshow(image, cmap="gray_r", vmin=PAPER, vmax=INK, extent=(-0.5, image.shape[1] - 0.5, 31.5, -0.5))
        above.plot((-0.5, window - 0.5), (30.5, 30.5), color=COLOURS[0], linewidth=3, solid_capstyle="butt")
        for middle, answer in zip(middles, probabilities.argmax(axis=1), strict=True):
            blank = answer == 10
            look = {"color": "0.5"} if blank else {"color": COLOURS[1], "weight": "bold"}
            above.text(middle, -3.5, "·" if blank else str(answer), ha="center", fontsize=9, **look)
        extent = (middles[0] - step / 2, middles[-1] + step / 2, classes - 0.5, -0.5)
        picture = below.imshow(probabilities.T, cmap="Blues", vmin=0, vmax=1, extent=extent, aspect="auto")
        for centre in () if centres is None else centres:
            above.axvline(centre, color=COLOURS[2], linestyle=":", linewidth=1)
            below.axvline(centre, color=COLOURS[2], linestyle=":", linewidth=1)
        above.set(yticks=[], ylabel="image", aspect="auto")
        below.set(yticks=range(classes), yticklabels=names, ylabel="output", xlabel="column of the image (pixels)")
        below.set_xlim(-0.5, image.shape[1] - 0.5)
        below.tick_params(axis="y", labelsize=8)
        figure.colorbar(picture, ax=below, label="probability", fraction=0.03, pad=0.01)
        show(figure, alt or f"A string of digits and, below it, the map of its {places} outputs.")


def string_errors(cells, ways, x, name, alt=None):
    """Share of strings that are not read exactly, against a property of the strings, with 95 % intervals.

    Args:
        cells: a list of dicts, each with the property and "wrong", a dict from way of reading to errors, and "strings",
            how many there were.
        ways: the ways of reading that are drawn.
        x: the key of the property.
        name: what the property is, for the axis.
        alt: text for those who cannot see the figure; None for a general one.
    """
    from .evaluation import wilson_interval

    cells = sorted(cells, key=lambda cell: cell[x])
    with style():
        figure, axis = plt.subplots(figsize=(6.4, 3.6))
        for way, colour, mark in zip(ways, COLOURS, "os^Dv", strict=False):
            shares = np.array([100 * cell["wrong"][way] / cell["strings"] for cell in cells])
            bounds = np.array([wilson_interval(cell["wrong"][way], cell["strings"]) for cell in cells])
            reach = np.abs(100 * bounds.T - shares)
            places = [cell[x] for cell in cells]
            axis.errorbar(places, shares, reach, fmt=f"{mark}-", color=colour, markersize=4, capsize=2, label=way)
        axis.set(xlabel=name, ylabel="strings not read exactly (%)", ylim=(0, None))
        axis.legend(fontsize=9, loc="upper left", bbox_to_anchor=(1.0, 1.0))
        show(figure, alt or f"Strings not read exactly, in per cent, against {name}.")


# ---------------------------------------------------------------------------------------------- 14 from scratch


def computation_graph(nodes, links, alt):
    """Quantities in boxes, the value above each and the slope of the last one below; arrows forward and back.

    Args:
        nodes: dict from a quantity's name to (column, row, value, slope): its place in the figure, and two numbers.
        links: (from, to, label) for each arrow; the label, the local slope, stands at the way back.
        alt: text for those who cannot see the figure.

    Raises:
        ValueError: if a link names a quantity that is not among the nodes.
    """
    if unknown := {name for link in links for name in link[:2]} - set(nodes):
        raise ValueError(f"A link leads to {', '.join(sorted(unknown))}, but the nodes are {', '.join(nodes)}.")
    places = {name: np.array([2.9 * column, -1.75 * row]) for name, (column, row, *_) in nodes.items()}
    low, high = np.min(list(places.values()), axis=0), np.max(list(places.values()), axis=0)
    arrow = {"arrowstyle": "-|>", "color": COLOURS[0], "shrinkA": 0, "shrinkB": 0}
    with style():
        width, height = high - low + (1.7, 2.6)
        figure, axis = plt.subplots(figsize=(0.72 * width, 0.72 * height))
        for start, end, label in links:
            first, last = places[start] + (0.79, 0), places[end] - (0.79, 0)  # the sides of the boxes
            axis.annotate("", last + (0, 0.08), first + (0, 0.08), arrowprops=arrow)
            back = arrow | {"color": COLOURS[1], "linestyle": (0, (4, 2))}
            axis.annotate("", first - (0, 0.08), last - (0, 0.08), arrowprops=back)
            rises = last[1] > first[1]
            x, y = (first + last) / 2 - (0, 0.16)
            place = {"ha": "left" if rises else "right" if last[1] < first[1] else "center", "va": "top"}
            axis.text(x, y, label, color=COLOURS[1], fontsize=9, **place)
        for name, (_, _, value, slope) in nodes.items():
            x, y = places[name]
            axis.add_patch(plt.Rectangle((x - 0.77, y - 0.24), 1.54, 0.48, facecolor="white", edgecolor="0.4"))
            axis.text(x, y - 0.02, name, ha="center", va="center")
            value, slope = (f"{number:.2f}".replace("-", "−") for number in (value, slope))
            axis.text(x, y + 0.3, value, color=COLOURS[0], ha="center", va="bottom", weight="bold")
            axis.text(x, y - 0.32, slope, color=COLOURS[1], ha="center", va="top", weight="bold")
        axis.text(low[0] - 0.77, high[1] + 1.2, "above: the values, forward", color=COLOURS[0])
        axis.text(low[0] + 4.2, high[1] + 1.2, "below: the slopes, backward", color=COLOURS[1])
        axis.set(xlim=(low[0] - 0.85, high[0] + 0.85), ylim=(low[1] - 0.9, high[1] + 1.7), aspect="equal")
        axis.axis("off")
        show(figure, alt)


def windows_as_rows(image, kernel, alt=None):
    """A small convolution as one product of matrices: each window of the image becomes a row.

    Args:
        image, kernel: int arrays (rows, columns).
        alt: text for those who cannot see the figure; None for a general one.
    """
    fills = ["#BFE1F6", "#F7D9C4", "#BFE8DA", "#F3D3E4", "#F8E3B0", "#D9D9D9"]
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    down, across = windows.shape[:2]
    height = image.shape[0] + 0.6  # of one small image, with the gap below it
    total = down * across * height - 0.6

    def cell(left, top, value, fill):
        axis.add_patch(plt.Rectangle((left, top), 1, 1, facecolor=fill, edgecolor="0.6"))
        axis.text(left + 0.5, top + 0.5, f"{value:d}", ha="center", va="center")

    with style():
        width = image.shape[1] + kernel.size + across + 11
        figure, axis = plt.subplots(figsize=(0.33 * width, 0.33 * (total + 1.5)))
        rows_left = image.shape[1] + 2.2
        kernel_left = rows_left + kernel.size + 1.4
        sums_left, map_left = kernel_left + 2.4, kernel_left + 6
        for number, (row, column) in enumerate(np.ndindex(down, across)):
            fill, top = fills[number % len(fills)], number * height
            for i, j in np.ndindex(image.shape):
                inside = row <= i < row + kernel.shape[0] and column <= j < column + kernel.shape[1]
                cell(j, top + i, image[i, j], fill if inside else "white")
            middle = top + image.shape[0] / 2
            arrow = {"arrowstyle": "-|>", "color": "0.3", "shrinkA": 0, "shrinkB": 0}
            axis.annotate("", (rows_left - 0.2, middle), (image.shape[1] + 0.2, middle), arrowprops=arrow)
            for place, value in enumerate(windows[row, column].flat):
                cell(rows_left + place, middle - 0.5, value, fill)
            result = int((windows[row, column] * kernel).sum())
            cell(sums_left, middle - 0.5, result, fill)
            cell(map_left + column, total / 2 - down / 2 + row, result, fill)
        for place, weight in enumerate(kernel.flat):
            cell(kernel_left, total / 2 - kernel.size / 2 + place, weight, "white")
        axis.text(kernel_left - 0.7, total / 2, "×", ha="center", va="center", fontsize=14)
        axis.text(kernel_left + 1.7, total / 2, "=", ha="center", va="center", fontsize=14)
        axis.annotate("", (map_left - 0.2, total / 2), (sums_left + 1.2, total / 2), arrowprops=arrow)
        titles = {image.shape[1] / 2: "windows", rows_left + kernel.size / 2: "rows", kernel_left + 0.5: "kernel"}
        for x, title in (titles | {sums_left + 0.5: "sums", map_left + across / 2: "map"}).items():
            axis.text(x, -0.4, title, ha="center", va="bottom")
        axis.set(xlim=(-0.1, map_left + across + 0.1), ylim=(total + 0.1, -1.5), aspect="equal")
        axis.axis("off")
        show(figure, alt or f"{down * across} windows of an image, each made a row; rows times kernel is the map.")
