"""The space displacement network: one network for images of any width."""

import math

import keras
import numpy as np
from keras import ops
from keras.layers import Activation, AveragePooling2D, Conv2D, Dense, Flatten, MaxPooling2D

from ..data import PAPER
from .compose import SIDE


def space_displacement(model, width=None):
    """The same network with the same weights, for images of any width: a space displacement network.

    The layers up to Flatten stay. A dense layer becomes a convolution: the first one after Flatten with a window of
    the whole map that was flattened, the others with a window of 1×1. Each output is what the model answers to one
    window of the image. The windows lie as far apart as the strides of all layers say: 4 pixels for LeNet-5.

    Args:
        model: a built keras.Sequential for images of one size: layers without padding (Conv2D, pooling,
            Activation), then Flatten, then Dense (and Activation) layers.
        width: of the images in pixels; None for any width.

    Returns:
        keras.Sequential: images (n, 32, W, 1) to (n, 1, (W - 32) // 4 + 1, outputs) for LeNet-5.

    Raises:
        ValueError: if the model is not of that kind, or the width is less than that of its images.

    Source: the article, section VII; built by hand in notebook 23.
    """
    _check(model, width)
    height, _, channels = model.input_shape[1:]
    wide, window = [keras.Input((height, width, channels))], None
    for layer in model.layers:
        if isinstance(layer, Flatten):
            window = tuple(layer.input.shape[1:3])
        elif isinstance(layer, Dense):
            alike = {"use_bias": layer.use_bias, "activation": layer.activation, "name": layer.name}
            wide.append(Conv2D(layer.units, window, **alike))
            window = (1, 1)
        else:
            wide.append(type(layer).from_config(layer.get_config()))
    wide = keras.Sequential(wide, name=f"{model.name}_wide")
    sources = [layer for layer in model.layers if not isinstance(layer, Flatten)]
    for source, target in zip(sources, wide.layers, strict=True):
        # A dense layer's rows are in the order in which Flatten read the map: row, column, map.
        weights = source.get_weights()
        target.set_weights([w.reshape(t.shape) for w, t in zip(weights, target.get_weights(), strict=True)])
    return wide


def _check(model, width):
    """ValueError if `space_displacement` cannot make this model as wide as this."""
    if not isinstance(model, keras.Sequential) or not model.built or not model.layers:
        raise ValueError(f"space_displacement needs a built keras.Sequential model, not a {type(model).__name__}.")
    shape = model.input_shape[1:]
    if len(shape) != 3 or None in shape:
        raise ValueError(f"space_displacement needs a model for images of one size, but its input shape is {shape}.")
    if width is not None and width < shape[1]:
        raise ValueError(f"The images must be at least as wide as the model's {shape[1]} pixels, not {width}.")
    allowed, after = {Conv2D, AveragePooling2D, MaxPooling2D, Activation, Flatten}, ""
    for layer in model.layers:
        kind = type(layer)
        if kind not in allowed:
            raise ValueError(
                f"space_displacement knows convolutions and pooling, then Flatten, then Dense layers, "
                f"but layer {layer.name!r} is of the kind {kind.__name__}{after}."
            )
        if getattr(layer, "data_format", "channels_last") != "channels_last":
            raise ValueError(f"space_displacement needs channels_last images, but {layer.name!r} has others.")
        if getattr(layer, "padding", "valid") != "valid":
            raise ValueError(
                f"Layer {layer.name!r} pads its maps, so that a window inside a wider image differs from an "
                f'image of its own: only padding="valid" can be displaced.'
            )
        if kind is Flatten:
            allowed, after = {Dense}, " after Flatten"
        elif kind is Dense:
            allowed = {Dense, Activation}
    if Activation not in allowed or Flatten in allowed:
        raise ValueError("space_displacement needs a model with a Flatten layer and a Dense layer after it.")


def sweep(network, images, passes=1, batch_size=200):
    """The map of outputs of a space displacement network, as log-probabilities.

    Outputs of one pass lie as far apart as the network's strides say, 4 pixels for LeNet-5. In two passes the image is
    read again, moved by half as much to the left, and the outputs of both are put in turn into one map: 2 pixels apart.

    Args:
        network: from `space_displacement`, with one row of outputs.
        images: (n, 32, W, 1), paper -0.1 to ink 1.175.
        passes: 1, or another divisor of the distance between outputs: 2 or 4 for LeNet-5.
        batch_size: images worked on at once.

    Returns:
        float32 array (n, places, outputs), at most 0; the exponentials at a place add up to 1. What the windows of
        further passes take in to the right of the image is paper.

    Raises:
        ValueError: if the images do not fit the network, or are not finite, or there cannot be so many passes.
    """
    images = np.asarray(images, "float32")
    height = network.input_shape[1]
    if images.ndim != 4 or not len(images) or images.shape[1] != height or images.shape[2] < SIDE:
        raise ValueError(f"sweep needs images of shape (n, {height}, {SIDE} or more, 1), not {images.shape}.")
    if not np.isfinite(images).all():
        raise ValueError("The images hold values that are not finite numbers (NaN or infinity).")
    step = math.prod(getattr(layer, "strides", (1, 1))[1] for layer in network.layers)
    if passes not in range(1, step + 1) or step % passes:
        raise ValueError(f"The outputs lie {step} pixels apart; that is no multiple of {passes} passes.")
    maps = []
    for moved in range(0, step, step // passes):
        paper = ((0, 0), (0, 0), (0, moved), (0, 0))
        shifted = np.pad(images[:, :, moved:], paper, constant_values=PAPER)
        # Called, not .predict: that would build a new graph for every width.
        parts = [network(shifted[i : i + batch_size])[:, 0] for i in range(0, len(images), batch_size)]
        maps.append(np.concatenate([ops.convert_to_numpy(ops.log_softmax(part)) for part in parts]))
    return np.stack(maps, axis=2).reshape(len(images), -1, maps[0].shape[-1])
