"""What a network is made of: shapes, parameters, connections, multiply-accumulates, receptive fields."""

import html
import math
from typing import NamedTuple

import keras
from keras import layers

from .layers import Counts


class LayerAnatomy(NamedTuple):
    """One row of the table: the counts of one layer, for one image."""

    name: str
    kind: str
    """The class of the layer, such as "Conv2D"; empty for the input."""
    output_shape: tuple
    """Without the batch axis: (height, width, maps) or (units,)."""
    parameters: int
    """Trainable numbers."""
    connections: int
    macs: int
    """As in `Counts`: links into the layer's units, and multiplications of a weight by a value."""
    receptive_field: tuple | None
    """Height and width, in pixels of the input, of what one unit can see."""
    stride: tuple | None
    """Pixels of the input between neighbouring units, down and across; None where units have no place."""
    window: tuple | None = None
    """As in `Counts`."""


class Anatomy:
    """The rows of `LayerAnatomy`, with totals; prints as a plain-text table, shows as an HTML table.

    Attributes:
        rows: list of LayerAnatomy, input first.
        parameters, connections, macs: totals over the rows.
    """

    # Short, so that a row of the plain text is no wider than a laptop's window.
    _HEADINGS = ("layer", "kind", "shape", "parameters", "connections", "mult.-accum.", "sees", "step")

    def __init__(self, rows):
        self.rows = list(rows)
        self.parameters = sum(row.parameters for row in self.rows)
        self.connections = sum(row.connections for row in self.rows)
        self.macs = sum(row.macs for row in self.rows)

    def __getitem__(self, name):
        """The row of the layer of that name; KeyError if there is none."""
        for row in self.rows:
            if row.name == name:
                return row
        raise KeyError(f"no layer is called {name!r}; there are {', '.join(row.name for row in self.rows)}")

    def _cells(self):
        def counts(of):
            return f"{of.parameters:,}", f"{of.connections:,}", f"{of.macs:,}"

        lines = [
            (row.name, row.kind, _sides(row.output_shape), *counts(row), _sides(row.receptive_field), _step(row.stride))
            for row in self.rows
        ]
        return [*lines, ("total", "", "", *counts(self), "", "")]

    def __str__(self):
        table = [self._HEADINGS, *self._cells()]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        form = "  ".join(f"{{:{'<' if column < 3 else '>'}{width}}}" for column, width in enumerate(widths))
        head, *body, total = [form.format(*cells).rstrip() for cells in table]
        rule = "-" * len(form.format(*self._HEADINGS))
        return "\n".join([head, rule, *body, rule, total])

    __repr__ = __str__

    def _repr_html_(self):
        # The columns are as wide as what stands in them: JupyterLab makes all equal, too narrow on a laptop.
        lines = [
            "".join(
                f'<{tag} style="text-align:{"left" if column < 3 else "right"}">{html.escape(cell)}</{tag}>'
                for column, cell in enumerate(cells)
            )
            for tag, cells in [("th", self._HEADINGS), *(("td", cells) for cells in self._cells())]
        ]
        rows = "".join(f"<tr>{line}</tr>" for line in lines[1:-1])
        return (
            f'<table style="table-layout:auto"><thead><tr>{lines[0]}</tr></thead><tbody>{rows}</tbody>'
            f'<tfoot style="font-weight:bold"><tr>{lines[-1]}</tr></tfoot></table>'
        )


def anatomy(model):
    """Count what each layer of a Sequential model is made of.

    A connection is one link into a unit. A bias counts as one; plain pooling has the links of its window and no bias.
    Links that would start in zero padding do not exist, and are not counted.

    Args:
        model: a built keras.Sequential with a fixed input shape. Its layers are Conv2D, AveragePooling2D,
            MaxPooling2D, Flatten, Dense or Activation layers of Keras, or have a method `counts`, as those of 1998 do:
            it takes the shape of the layer's input for one image, and returns `lenet_keras.layers.Counts`.

    Returns:
        Anatomy: a row for the input and for each layer; totals in `.parameters`, `.connections`, `.macs`.

    Raises:
        ValueError: if the model is not such a model; the message names what was found.
    """
    if not isinstance(model, keras.Sequential):
        raise ValueError(f"anatomy needs a keras.Sequential model, but was given a {type(model).__name__}.")
    if not model.built or not model.layers:
        raise ValueError("anatomy needs a built model: begin the Sequential with keras.Input((32, 32, 1)).")
    shape = model.input_shape[1:]
    if None in shape:
        raise ValueError(f"anatomy needs a fixed input shape, but the model's is {shape}: build it for one image size.")
    field, step = ((1, 1), (1, 1)) if len(shape) == 3 else (None, None)
    rows = [LayerAnatomy("input", "", tuple(shape), 0, 0, 0, field, step)]
    for layer in model.layers:
        rows.append(_row(layer, rows[-1]))
    return Anatomy(rows)


def _row(layer, before):
    """The row of a layer, given that of the layer before it."""
    shape_in = before.output_shape
    counts = layer.counts(shape_in) if hasattr(layer, "counts") else _keras_counts(layer, shape_in)
    field, step = before.receptive_field, before.stride
    if counts.window:
        field = tuple(field[axis] + (counts.window[axis] - 1) * step[axis] for axis in (0, 1))
        step = tuple(step[axis] * counts.strides[axis] for axis in (0, 1))
    elif type(layer) is layers.Flatten and step:
        # From here on a unit may see all units of the map that was flattened.
        field = tuple(field[axis] + (shape_in[axis] - 1) * step[axis] for axis in (0, 1))
        step = None
    shape = tuple(layer.output.shape[1:])
    parameters = sum(math.prod(weight.shape) for weight in layer.trainable_weights)
    links = counts.connections, counts.macs
    return LayerAnatomy(layer.name, type(layer).__name__, shape, parameters, *links, field, step, counts.window)


def _keras_counts(layer, shape_in):
    """`Counts` of a layer of Keras's own, for one image whose values have the shape `shape_in`."""
    kind, shape = type(layer), layer.output.shape[1:]  # the exact type: a subclass may compute something else
    if kind in (layers.Flatten, layers.Activation):
        return Counts()
    if kind is layers.Dense:
        macs = math.prod(shape) * shape_in[-1]
        return Counts(macs + layer.use_bias * math.prod(shape), macs)
    if kind not in (layers.Conv2D, layers.AveragePooling2D, layers.MaxPooling2D):
        known = "Conv2D, AveragePooling2D, MaxPooling2D, Flatten, Dense and Activation layers, and those of 1998"
        raise ValueError(f"anatomy knows {known}, but layer {layer.name!r} is a {kind.__name__}.")
    if layer.data_format != "channels_last":
        raise ValueError(f"anatomy needs channels_last images, but layer {layer.name!r} is {layer.data_format}.")
    pooling = kind is not layers.Conv2D
    window, dilation = (layer.pool_size, (1, 1)) if pooling else (layer.kernel_size, layer.dilation_rate)
    down, across = map(_taps, shape_in[:2], shape[:2], window, layer.strides, dilation)
    reach = tuple((window[axis] - 1) * dilation[axis] + 1 for axis in (0, 1))
    if pooling:
        return Counts(down * across * shape[2], 0, reach, layer.strides)
    macs = down * across * layer.kernel.shape[2] * shape[2]
    return Counts(macs + layer.use_bias * math.prod(shape), macs, reach, layer.strides)


def _taps(size_in, size_out, window, stride, dilation):
    """Links along one axis, summed over the output positions; those that fall into padding left out."""
    reach = (window - 1) * dilation + 1
    padding = max((size_out - 1) * stride + reach - size_in, 0)  # 0 with padding="valid"
    starts = range(-(padding // 2), size_out * stride - padding // 2, stride)
    return sum(0 <= start + tap * dilation < size_in for start in starts for tap in range(window))


def _sides(shape):
    return "–" if shape is None else "×".join(map(str, shape))


def _step(stride):
    return str(stride[0]) if stride and stride[0] == stride[1] else _sides(stride)
