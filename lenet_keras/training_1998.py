"""The optimiser of 1998: stochastic diagonal Levenberg-Marquardt, one digit per update.

Every weight has a learning rate of its own, η / (μ + h): η is the same for all and falls from pass to pass, and h is
an estimate of the second derivative of the loss along that weight, made anew before each pass.

Source: the article, section III-C and appendix C.
"""

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from .layers import PartialConv2D

SCHEDULE = (0.0005,) * 2 + (0.0002,) * 3 + (0.0001,) * 3 + (0.00005,) * 4 + (0.00001,) * 8
"""η of the article's twenty passes."""
MU = 0.02
"""μ of the article."""
SAMPLES = 500
"""Digits from which the article estimates the curvature."""


def as_product(layer, maps):
    """What a convolution without padding makes of the maps of one image, as a product of two matrices.

    XLA's own convolution of one small image, and still more its gradient, would take most of the time of an update
    (measured: data/update_times.json).

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


def forward(layers, image, convolve=as_product):
    """What a list of layers makes of one image (1, height, width, channels); plain convolutions are `convolve`'s."""
    for layer in layers:
        plain = isinstance(layer, keras.layers.Conv2D) and (
            layer.strides == layer.dilation_rate == (1, 1) and layer.padding == "valid" and layer.use_bias
        )
        image = convolve(layer, image) if plain or isinstance(layer, PartialConv2D) else layer(image)
    return image


class DiagonalLevenbergMarquardt:
    """Train a network that ends in `EuclideanRBF`, one digit at a time, with a rate for every weight.

    The loss is equation 9, of `scale` times the squared distances. The curvature h is the diagonal of the
    Gauss-Newton matrix of `scale` times the squared distance to the right vector: as that distance is a sum of
    squares of what enters the output layer, z, and v is a vector of random signs, it is the mean over digits and
    signs of 2 · scale · (∂(v·z) / ∂w)².

    Args:
        model: a built keras.Sequential whose last layer is EuclideanRBF, such as `lenet5_1998()`. It is trained
            in place.
        mu: μ, in units of the second derivative; keeps rates finite where h is near 0.
        scale: 0.5 for half squared distances, as in the authors' Lush code; 1 for equation 7 as printed.
        junk: j of equation 9.
        compiled: whether the loop is compiled by XLA, to machine code, or run as a plain TensorFlow graph.
        convolve: a function of a convolutional layer and one image's maps that returns the layer's output.

    Attributes:
        curvature: list of arrays, h of every trainable weight; zeros before the first estimate.

    Raises:
        ValueError: for another kind of model, or if mu, scale or junk is not above 0.
    """

    def __init__(self, model, mu=MU, scale=0.5, junk=1.0, compiled=True, convolve=as_product):
        if not model.built or type(model.layers[-1]).__name__ != "EuclideanRBF":
            raise ValueError("This optimiser needs a built model that ends in an EuclideanRBF layer.")
        if not (mu > 0 and scale > 0 and junk > 0):
            raise ValueError(f"mu, scale and junk must be above 0, not {mu}, {scale} and {junk}.")
        self.model, self.mu, self.scale, self.junk, self.convolve = model, mu, scale, junk, convolve
        self.weights = [variable.value for variable in model.trainable_variables]
        self._curvature = [tf.Variable(tf.zeros_like(weight)) for weight in self.weights]
        self._eta = tf.Variable(0.0)
        self._estimate = tf.function(self._estimate_loop, jit_compile=compiled)
        self._pass = tf.function(self._pass_loop, jit_compile=compiled)

    @property
    def curvature(self):
        return [h.numpy() for h in self._curvature]

    def rates(self, eta):
        """The learning rate of every weight, η / (μ + h): a list of arrays."""
        return [eta / (self.mu + h) for h in self.curvature]

    def estimate(self, images, seed=0):
        """Estimate h, anew, on some images.

        Args:
            images: (n, height, width, channels), finite; 500 in the article.
            seed: decides the random signs.

        Raises:
            ValueError: for images that are not finite or do not fit the model.
        """
        images = self._finite(images)
        numbers = self.model.layers[-1].centres.shape[1]
        signs = np.random.default_rng(seed).choice([-1.0, 1.0], (len(images), numbers)).astype("float32")
        self._estimate(tf.constant(images), tf.constant(signs))

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

    def _finite(self, images):
        images = np.asarray(images, "float32")
        wanted = tuple(self.model.input_shape[1:])
        if images.shape[1:] != wanted or not len(images):
            raise ValueError(f"The network needs images of shape (n, {str(wanted)[1:]}, not {images.shape}.")
        if not np.isfinite(images).all():
            raise ValueError("The images hold values that are not finite numbers (NaN or infinity).")
        return images

    def _estimate_loop(self, images, signs):
        for h in self._curvature:
            h.assign(tf.zeros_like(h))
        for i in tf.range(tf.shape(images)[0]):
            with tf.GradientTape() as tape:
                z = forward(self.model.layers[:-1], tf.gather(images, [i]), self.convolve)
                projection = tf.reduce_sum(z[0] * tf.gather(signs, i))
            gradients = tape.gradient(projection, self.weights)
            for h, gradient in zip(self._curvature, gradients, strict=True):
                h.assign_add(2 * self.scale * gradient**2)
        count = tf.cast(tf.shape(images)[0], "float32")
        for h in self._curvature:
            h.assign(h / count)

    def _pass_loop(self, images, labels, order):
        wrong = 0.0
        for i in order:
            label = tf.gather(labels, i)
            with tf.GradientTape() as tape:
                distances = self.scale * forward(self.model.layers, tf.gather(images, [i]), self.convolve)[0]
                competitors = tf.reduce_logsumexp(tf.concat([-distances, [-self.junk]], 0))
                loss = tf.gather(distances, label) + competitors
            gradients = tape.gradient(loss, self.weights)
            for weight, gradient, h in zip(self.weights, gradients, self._curvature, strict=True):
                weight.assign_sub(self._eta / (self.mu + h) * gradient)
            wrong += tf.cast(tf.argmin(distances, output_type="int32") != label, "float32")
        return wrong
