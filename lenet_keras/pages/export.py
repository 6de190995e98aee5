"""A network as a page takes it: its layers, and its weights as 16-bit floats in base64. network.js computes with it."""

import base64

import keras
import numpy as np

from ..data import INK, PAPER
from ..data.placing import FIELD
from ..layers import EuclideanRBF, PartialConv2D, Subsampling, squash

KINDS = {
    keras.layers.Conv2D: "convolution",
    keras.layers.AveragePooling2D: "average",
    keras.layers.MaxPooling2D: "max",
    keras.layers.Flatten: "flatten",
    keras.layers.Dense: "dense",
    keras.layers.Activation: "activation",
    PartialConv2D: "convolution",
    Subsampling: "subsampling",
    EuclideanRBF: "distances",
}
ACTIVATIONS = ("linear", "tanh", "relu", "sigmoid")


def export_network(model, outputs=(10,)):
    """Describe a network for network.js.

    Args:
        model: a network as `draw_pad` takes it.
        outputs: the shape that its outputs must have.

    Returns:
        dict that JSON can hold: "input" (height, width), "grey" (paper, ink), "ends" ("logits", "softmax" or
        "distances"), "layers" (a dict each: kind, name, shape of its values, activation, kernel, window, strides,
        margins, where it has them), and "weights" (base64): for each layer its kernel as Keras keeps it (that of a
        PartialConv2D as a full one), then its biases. Dropout, which does nothing when a digit is read, is left out;
        so is a softmax at the end, which the page computes itself.

    Raises:
        ValueError: for a network that network.js does not know, or weights that 16-bit floats cannot hold.
    """
    if not isinstance(model, keras.Sequential) or not model.built:
        found = "one that is not built" if isinstance(model, keras.Sequential) else type(model).__name__
        raise ValueError(f"The pad shows a built keras.Sequential, such as lk.load_lenet5(), not {found}.")
    shape, result = tuple(model.input_shape[1:]), tuple(model.output_shape[1:])
    if len(shape) != 3 or shape[2] != 1 or None in shape or min(shape[:2]) < FIELD:
        raise ValueError(
            f"The pad needs a network for images of shape (height, width, 1), {FIELD} pixels or more, not {shape}."
        )
    if result != outputs:
        raise ValueError(f"The pad needs a network with ten outputs, of shape {outputs}, not {result}.")
    layers = [layer for layer in model.layers if not isinstance(layer, keras.layers.Dropout)]
    last = layers[-1]
    ends = "distances" if isinstance(last, EuclideanRBF) else "logits"
    if isinstance(last, keras.layers.Softmax) or getattr(last, "activation", None) is keras.activations.softmax:
        ends = "softmax"
    if ends == "softmax" and not isinstance(last, keras.layers.Dense):
        layers.pop()
    described = [_described(layer, ends == "softmax" and layer is last) for layer in layers]
    return {
        "input": list(shape[:2]),
        "grey": [PAPER, INK],
        "ends": ends,
        "layers": described,
        "weights": _weights(layers),
    }


def _described(layer, ends_in_softmax=False):
    """What network.js must know of a layer, besides its weights."""
    kind = type(layer)
    if kind not in KINDS:
        raise ValueError(
            "The pad knows Conv2D, AveragePooling2D, MaxPooling2D, Flatten, Dense, Dropout and Activation layers, and "
            f"those of 1998, not {kind.__name__} (layer {layer.name})."
        )
    if getattr(layer, "data_format", "channels_last") != "channels_last":
        raise ValueError(f"The pad knows values by row, column and map (channels_last), not {layer.name}'s order.")
    shape = list(layer.output.shape[1:])
    facts = {"kind": KINDS[kind], "name": layer.name, "shape": shape if len(shape) == 3 else [1, 1, *shape]}
    if kind is Subsampling:
        facts |= {"activation": "squash", "window": [2, 2], "strides": [2, 2], "margins": [0, 0]}
    elif hasattr(layer, "activation"):
        facts["activation"] = "linear" if ends_in_softmax else _activation(layer)
    if kind in (keras.layers.Conv2D, keras.layers.Dense):
        facts |= {"kernel": list(layer.kernel.shape), "bias": layer.use_bias}
    if kind is PartialConv2D:
        facts |= {"kernel": list(layer.dense_kernel().shape), "bias": True}
        facts |= {"window": [layer.size] * 2, "strides": [1, 1], "margins": [0, 0]}
    if kind is EuclideanRBF:
        facts |= {"kernel": list(layer.centres.shape), "bias": False}
    if kind is keras.layers.Conv2D:
        if layer.groups != 1 or tuple(layer.dilation_rate) != (1, 1):
            raise ValueError(f"The pad knows plain convolutions, without groups or dilation (layer {layer.name}).")
        facts |= _windows(layer, layer.kernel_size)
    if kind in (keras.layers.AveragePooling2D, keras.layers.MaxPooling2D):
        facts |= _windows(layer, layer.pool_size)
    if kind is keras.layers.Dense and len(layer.input.shape) != 2:
        raise ValueError(f"The pad needs a Flatten layer before the dense layer {layer.name}.")
    return facts


def _activation(layer):
    if layer.activation is squash:
        return "squash"
    name = getattr(layer.activation, "__name__", type(layer.activation).__name__)
    if name not in ACTIVATIONS or layer.activation is not getattr(keras.activations, name):
        known = "tanh, relu, sigmoid, the course's squash, softmax at the end, and no activation"
        raise ValueError(f"The pad knows {known}, not {name} (layer {layer.name}).")
    return name


def _windows(layer, size):
    """Sides and strides of the windows, and how far the first one sticks out above and to the left."""
    margins = [0, 0]
    if layer.padding == "same":
        for axis in (0, 1):
            before, after = layer.input.shape[1 + axis], layer.output.shape[1 + axis]
            margins[axis] = max(0, (after - 1) * layer.strides[axis] + size[axis] - before) // 2
    return {"window": list(size), "strides": list(layer.strides), "margins": margins}


def _weights(layers):
    """The weights of all layers, one after the other."""
    arrays = [np.ravel(array) for layer in layers for array in _arrays(layer)]
    with np.errstate(over="ignore"):  # what is too large is refused below
        weights = np.concatenate([np.zeros(0), *arrays]).astype("<f2")
    if not np.isfinite(weights).all():
        raise ValueError("The network has weights that are not finite, or too large for 16-bit floats (65,504).")
    return base64.b64encode(weights.tobytes()).decode()


def _arrays(layer):
    """The weights of one layer, its kernel as network.js takes it."""
    if isinstance(layer, PartialConv2D):
        return [np.asarray(layer.dense_kernel()), np.asarray(layer.bias)]
    return layer.get_weights()
