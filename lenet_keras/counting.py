"""What a network is made of: shapes, parameters, connections, multiply-accumulates, receptive fields."""

import math
from typing import NamedTuple

import keras


class LayerAnatomy(NamedTuple):
    """One row of the table: the counts of one layer, for one image."""

    name: str
    kind: str
    output_shape: tuple
    """Without the batch axis: (height, width, maps) or (units,)."""
    parameters: int
    """Trainable numbers."""
    connections: int
    """Links into the layer's units; a bias counts as one link into each unit that has it."""
    macs: int
    """Multiplications of a weight by a value, each followed by an addition."""
    receptive_field: tuple | None
    """Height and width, in pixels of the input, of what one unit can see."""
    stride: tuple | None
    """Pixels of the input between neighbouring units, down and across; None where units have no place."""


class Anatomy:
    """The rows of `LayerAnatomy`, with totals; prints as a plain-text table, shows as an HTML table.

    Attributes:
        rows: list of LayerAnatomy, input first.
        parameters, connections, macs: totals over the rows.
    """

    _HEADINGS = ("layer", "kind", "output shape", "parameters", "connections", "multiply-accumulates", "sees", "step")

    def __init__(self, rows):
        self.rows = list(rows)
        self.parameters = sum(row.parameters for row in self.rows)
        self.connections = sum(row.connections for row in self.rows)
        self.macs = sum(row.macs for row in self.rows)

    def __getitem__(self, name):
        """The row of the layer of that name."""
        for row in self.rows:
            if row.name == name:
                return row
        raise KeyError(f"no layer is called {name!r}; there are {', '.join(row.name for row in self.rows)}")

    def _cells(self):
        lines = [
            (
                row.name,
                row.kind,
                "×".join(map(str, row.output_shape)),
                f"{row.parameters:,}",
                f"{row.connections:,}",
                f"{row.macs:,}",
                "×".join(map(str, row.receptive_field or "")) or "–",
                _step(row.stride),
            )
            for row in self.rows
        ]
        return lines + [("total", "", "", f"{self.parameters:,}", f"{self.connections:,}", f"{self.macs:,}", "", "")]

    def __str__(self):
        table = [self._HEADINGS, *self._cells()]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        rule = "-" * (sum(widths) + 2 * (len(widths) - 1))
        text = []
        for cells in table:
            aligned = [
                cell.ljust(width) if column < 3 else cell.rjust(width)
                for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
            ]
            text.append("  ".join(aligned).rstrip())
        return "\n".join([text[0], rule, *text[1:-1], rule, text[-1]])

    __repr__ = __str__

    def _repr_html_(self):
        left, right = 'style="text-align:left"', 'style="text-align:right"'
        head = "".join(f"<th {left if i < 3 else right}>{heading}</th>" for i, heading in enumerate(self._HEADINGS))
        *body, total = [
            "".join(f"<td {left if i < 3 else right}>{cell}</td>" for i, cell in enumerate(cells))
            for cells in self._cells()
        ]
        rows = "".join(f"<tr>{cells}</tr>" for cells in body)
        return (
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"
            f'<tfoot style="font-weight:bold"><tr>{total}</tr></tfoot></table>'
        )


def anatomy(model):
    """Count what each layer of a Sequential model is made of.

    A connection is one link into a unit. A bias counts as one; plain pooling has the links of its window and no
    bias. Links that would start in zero padding do not exist and are counted neither as connections nor as
    multiply-accumulates.

    In the layers of 1998, a unit of Subsampling has four links and a bias, as the paper counts; its one product
    with the coefficient is no multiply-accumulate. EuclideanRBF has a link, and a product, for each fixed number.

    Args:
        model: a built keras.Sequential of Conv2D, AveragePooling2D, MaxPooling2D, Flatten, Dense, Activation,
            Subsampling, PartialConv2D and EuclideanRBF layers, with a fixed input shape.

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
    spatial = len(shape) == 3
    field, step = ((1, 1), (1, 1)) if spatial else (None, None)
    rows = [LayerAnatomy("input", "", tuple(shape), 0, 0, 0, field, step)]
    for layer in model.layers:
        row = _layer_anatomy(keras.layers, layer, rows[-1])
        if row.kind == "Flatten" and len(rows[-1].output_shape) == 3:
            # From here on a unit may see all units of the map it flattens.
            previous = rows[-1]
            seen = tuple(
                (size - 1) * by + sees
                for size, by, sees in zip(
                    previous.output_shape, previous.stride, previous.receptive_field, strict=False
                )
            )
            row = row._replace(receptive_field=seen, stride=None)
        rows.append(row)
    return Anatomy(rows)


def _layer_anatomy(layers, layer, before):
    kind = type(layer).__name__
    shape = tuple(layer.output.shape[1:])
    parameters = sum(math.prod(weight.shape) for weight in layer.trainable_weights)
    unchanged = LayerAnatomy(layer.name, kind, shape, parameters, 0, 0, before.receptive_field, before.stride)
    units = math.prod(shape)
    # Exact types: a subclass may compute something else.
    if type(layer) in (layers.Flatten, layers.Activation):
        return unchanged
    if type(layer) is layers.Dense:
        macs = units * before.output_shape[-1]
        return unchanged._replace(macs=macs, connections=macs + units * layer.use_bias)
    if kind in ("Subsampling", "PartialConv2D", "EuclideanRBF"):
        return _layer_of_1998(layer, unchanged, before)
    if type(layer) not in (layers.Conv2D, layers.AveragePooling2D, layers.MaxPooling2D):
        raise ValueError(
            f"anatomy knows Conv2D, AveragePooling2D, MaxPooling2D, Flatten, Dense and Activation layers, "
            f"and those of 1998, but layer {layer.name!r} is a {kind}."
        )
    if layer.data_format != "channels_last":
        raise ValueError(f"anatomy needs channels_last images, but layer {layer.name!r} is {layer.data_format}.")
    convolution = type(layer) is layers.Conv2D
    window = layer.kernel_size if convolution else layer.pool_size
    dilation = layer.dilation_rate if convolution else (1, 1)
    taps = [
        _taps(before.output_shape[axis], shape[axis], window[axis], layer.strides[axis], dilation[axis])
        for axis in (0, 1)
    ]
    maps_in_window = layer.kernel.shape[2] if convolution else 1
    links = taps[0] * taps[1] * maps_in_window * shape[2]
    field, step = before.receptive_field, before.stride
    return unchanged._replace(
        connections=links + (units if convolution and layer.use_bias else 0),
        macs=links if convolution else 0,
        receptive_field=tuple(field[a] + (window[a] - 1) * dilation[a] * step[a] for a in (0, 1)),
        stride=tuple(step[a] * layer.strides[a] for a in (0, 1)),
    )


def _layer_of_1998(layer, unchanged, before):
    units, field, step = math.prod(unchanged.output_shape), before.receptive_field, before.stride
    if unchanged.kind == "EuclideanRBF":
        links = units * before.output_shape[-1]
        return unchanged._replace(connections=links, macs=links)
    window, stride = (2, 2) if unchanged.kind == "Subsampling" else (layer.size, 1)
    if unchanged.kind == "Subsampling":
        links, macs = units * window**2, 0
    else:
        places = math.prod(unchanged.output_shape[:2])
        links = macs = places * window**2 * len(layer.links)
    return unchanged._replace(
        connections=links + units,
        macs=macs,
        receptive_field=tuple(field[a] + (window - 1) * step[a] for a in (0, 1)),
        stride=tuple(step[a] * stride for a in (0, 1)),
    )


def _taps(size_in, size_out, window, stride, dilation):
    """Links along one axis, summed over the output positions; those that fall into padding left out."""
    reach = (window - 1) * dilation + 1
    padding = max((size_out - 1) * stride + reach - size_in, 0)  # 0 with padding="valid"
    start = -(padding // 2)
    return sum(
        0 <= start + position * stride + tap * dilation < size_in
        for position in range(size_out)
        for tap in range(window)
    )


def _step(stride):
    if stride is None:
        return "–"
    return str(stride[0]) if stride[0] == stride[1] else "×".join(map(str, stride))
