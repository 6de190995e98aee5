"""The optimiser of 1998: stochastic diagonal Levenberg-Marquardt, one digit per update.

Every weight has a learning rate of its own, η / (μ + h): η is the same for all and falls from pass to pass, and h is
an estimate of the second derivative of the loss along that weight, made anew before each pass.

Source: the article, section III-C and appendix C.
"""

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from .layers import AMPLITUDE, SLOPE, EuclideanRBF, PartialConv2D, Subsampling, squash

SCHEDULE = (0.0005,) * 2 + (0.0002,) * 3 + (0.0001,) * 3 + (0.00005,) * 4 + (0.00001,) * 8
"""η of the article's twenty passes."""
MU = 0.02
"""μ of the article."""
SAMPLES = 500
"""Digits from which the article estimates the curvature."""


def weighted_sums(layer, x, weights):
    """The sums of a layer's units before squashing, with other weights in the place of its own.

    Args:
        layer: a Conv2D without padding and with steps of 1, a PartialConv2D, a Subsampling or a Dense layer.
        x: the layer's input, a tensor whose first axis counts images.
        weights: two tensors of the shapes of its own: kernel (or coefficients) and biases.

    Returns:
        tensor of the shape of the layer's output.
    """
    kernel, bias = weights
    if isinstance(layer, Subsampling):
        return 4 * ops.average_pool(x, 2) * kernel + bias
    if isinstance(layer, keras.layers.Dense):
        return x @ kernel + bias
    return ops.conv(x, layer.dense_kernel(kernel) if isinstance(layer, PartialConv2D) else kernel) + bias


def curvature(model, images, scale=0.5):
    """h of every trainable weight, the mean over some images (article, appendix C, equations 23 to 27).

    The second derivative of a loss, scale · |F6 − drawing|², along each connection: the square of the connection's
    input, times the second derivative along the sum of the unit it leads to (25). That runs backward as the square
    of the squashing function's slope, times the squared outgoing weights times their units' second derivatives (27).
    A shared weight's h is the sum over its connections (23). So it is the backward pass of the same layers with
    every input and every weight squared. What is left out: the cross terms between connections, and the terms with
    the second derivative of the squashing function.

    Args:
        model: a built keras.Sequential like `lenet5_1998()`.
        images: (n, height, width, channels).
        scale: of the squared distance in the loss.

    Returns:
        list of tensors, 0 or larger, in the order and of the shapes of `model.trainable_variables`.
    """
    values = [tf.constant(images)]
    for layer in model.layers[:-1]:
        values.append(layer(values[-1]))
    h, found = 2 * scale * ops.ones_like(values[-1]), []
    for layer, x, y in zip(model.layers[-2::-1], values[-2::-1], values[:0:-1], strict=True):
        if not layer.trainable_variables:  # a change of shape
            h = ops.reshape(h, x.shape)
            continue
        slope = SLOPE / AMPLITUDE * (AMPLITUDE**2 - y**2)
        squares = [x**2, *(variable.value**2 for variable in layer.trainable_variables)]
        with tf.GradientTape() as tape:
            tape.watch(squares)
            total = ops.sum(h * slope**2 * weighted_sums(layer, squares[0], squares[1:]))
        h, *of_weights = tape.gradient(total, squares)
        found = [each / len(images) for each in of_weights] + found
    return found


def as_product(layer, maps):
    """What a convolution without padding makes of the maps of one image, as a product of two matrices.

    XLA's own convolution of one small image, and still more its gradient, would take most of the time of an update:
    `python tools/timings.py updates` measures it.

    Args:
        layer: a Conv2D with steps of 1, or a PartialConv2D.
        maps: tensor (1, height, width, maps).

    Returns:
        tensor (1, height - size + 1, width - size + 1, maps of the layer).
    """
    partial = isinstance(layer, PartialConv2D)
    kernel = layer.dense_kernel() if partial else layer.kernel
    size, _, maps_in, maps_out = kernel.shape
    height, width = maps.shape[1] - size + 1, maps.shape[2] - size + 1
    windows = [maps[0, r : r + height, c : c + width] for r in range(size) for c in range(size)]
    windows = ops.reshape(ops.stack(windows, axis=2), (height * width, size * size * maps_in))
    sums = windows @ ops.reshape(kernel, (size * size * maps_in, maps_out)) + layer.bias
    return ops.reshape(layer.activation(sums), (1, height, width, maps_out))


def _fits(layer):
    """Whether `curvature` knows the layer's sums and slope."""
    if isinstance(layer, keras.layers.Conv2D):
        plain = layer.strides == layer.dilation_rate == (1, 1) and layer.padding == "valid" and layer.groups == 1
        return plain and layer.use_bias and layer.activation is squash
    if isinstance(layer, (PartialConv2D, keras.layers.Dense)):
        return layer.activation is squash and getattr(layer, "use_bias", True)
    return isinstance(layer, (Subsampling, keras.layers.Flatten, keras.layers.Reshape))


class DiagonalLevenbergMarquardt:
    """Train a network that ends in `EuclideanRBF`, one digit at a time, with a rate for every weight.

    The loss is equation 9, of `scale` times the squared distances; the curvature h is that of the distance to the
    right drawing alone, as in `curvature`.

    Args:
        model: a built keras.Sequential of the layers of `lenet5_1998()`. It is trained in place.
        mu: μ, in units of the second derivative; keeps rates finite where h is near 0.
        scale: 0.5 for half squared distances, as in the authors' Lush code; 1 for equation 7 as printed.
        junk: j of equation 9; None for equation 8, which is the distance to the right drawing and nothing else.
        compiled: whether a pass is compiled by XLA, to machine code, or run as a plain TensorFlow graph.

    Attributes:
        curvature: list of arrays, h of every trainable weight; zeros before the first estimate, so that every weight
            has the rate η / μ.

    Raises:
        ValueError: for another kind of model, or if mu, scale or junk is not above 0.
    """

    def __init__(self, model, mu=MU, scale=0.5, junk=1.0, compiled=True):
        if not model.built or not isinstance(model.layers[-1], EuclideanRBF):
            raise ValueError("This optimiser needs a built model that ends in an EuclideanRBF layer.")
        if unfit := [layer.name for layer in model.layers[:-1] if not _fits(layer)]:
            wanted = "plain convolutions, PartialConv2D, Subsampling and Dense layers, with biases and `squash`"
            raise ValueError(f"This optimiser knows the curvature of {wanted}, not that of {', '.join(unfit)}.")
        if not (mu > 0 and scale > 0 and (junk is None or junk > 0)):
            raise ValueError(f"mu, scale and junk must be above 0, not {mu}, {scale} and {junk}.")
        self.model, self.mu, self.scale, self.junk = model, mu, scale, junk
        self.weights = [variable.value for variable in model.trainable_variables]
        self._curvature = [tf.Variable(tf.zeros_like(weight)) for weight in self.weights]
        self._eta = tf.Variable(0.0)
        self._pass = tf.function(self._pass_loop, jit_compile=compiled)

    @property
    def curvature(self):
        return [h.numpy() for h in self._curvature]

    def rates(self, eta):
        """The learning rate of every weight, η / (μ + h): a list of arrays."""
        return [eta / (self.mu + h) for h in self.curvature]

    def estimate(self, images):
        """Estimate h, anew, on some images.

        Args:
            images: (n, height, width, channels), finite; 500 in the article.

        Raises:
            ValueError: for images that are not finite or do not fit the model.
        """
        for h, found in zip(self._curvature, curvature(self.model, self._finite(images), self.scale), strict=True):
            h.assign(found)

    def run(self, images, labels, eta, order=None):
        """Make one pass: an update after every digit.

        Args:
            images: (n, height, width, channels), finite.
            labels: (n,), integers from 0 to the number of classes - 1.
            eta: η, the global rate of this pass.
            order: the digits' indices, in the order in which they are learned; None for 0 to n - 1.

        Returns:
            float: the running error, from 0 to 1: the share of digits misread, each just before its own update.

        Raises:
            ValueError: for images or labels that do not fit.
        """
        images, labels = self._finite(images), np.asarray(labels)
        classes = self.model.layers[-1].centres.shape[0]
        if labels.shape != (len(images),):
            raise ValueError(f"There are {len(images)} images, but the labels have shape {labels.shape}.")
        if labels.min() < 0 or labels.max() >= classes:
            raise ValueError(f"Labels are 0 to {classes - 1}, not {labels.min()} to {labels.max()}.")
        order = np.arange(len(images)) if order is None else np.asarray(order)
        self._eta.assign(eta)
        tensors = (
            tf.constant(array, kind) for array, kind in ((images, "float32"), (labels, "int32"), (order, "int32"))
        )
        return float(self._pass(*tensors)) / len(order)

    def distances(self, image):
        """The squared distances (10,) of one image (1, height, width, channels) to the drawings."""
        for layer in self.model.layers:
            product = isinstance(layer, (keras.layers.Conv2D, PartialConv2D))
            image = as_product(layer, image) if product else layer(image)
        return image[0]

    def _finite(self, images):
        images = np.asarray(images, "float32")
        wanted = tuple(self.model.input_shape[1:])
        if images.shape[1:] != wanted or not len(images):
            raise ValueError(f"The network needs images of shape (n, {str(wanted)[1:]}, not {images.shape}.")
        if not np.isfinite(images).all():
            raise ValueError("The images hold values that are not finite numbers (NaN or infinity).")
        return images

    def _pass_loop(self, images, labels, order):
        wrong = 0.0
        for i in order:
            label = tf.gather(labels, i)
            with tf.GradientTape() as tape:
                distances = self.scale * self.distances(tf.gather(images, [i]))
                loss = tf.gather(distances, label)
                if self.junk is not None:
                    loss += tf.reduce_logsumexp(tf.concat([-distances, [-self.junk]], 0))
            gradients = tape.gradient(loss, self.weights)
            for weight, gradient, h in zip(self.weights, gradients, self._curvature, strict=True):
                weight.assign_sub(self._eta / (self.mu + h) * gradient)
            wrong += tf.cast(tf.argmin(distances, output_type="int32") != label, "float32")
        return wrong
