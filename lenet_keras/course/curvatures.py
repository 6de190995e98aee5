"""Second derivatives by other ways than the article's, and the step of all weights together (lesson 16)."""

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from ..layers import EuclideanRBF, Subsampling, squash


def tiny_network(seed=1):
    """A relative of LeNet-5 with 69 weights: 6×6 pixels, a convolution, subsampling, five units, three vectors.

    Args:
        seed: of the starting weights; it is set for all that follows.

    Returns:
        keras.Sequential: images (n, 6, 6, 1) to squared distances (n, 3).
    """
    keras.utils.set_random_seed(seed)
    vectors = np.random.default_rng(0).choice([-1.0, 1.0], (3, 5))
    convolution = keras.layers.Conv2D(2, 3, activation=squash)
    units = keras.layers.Dense(5, activation=squash)
    chain = [convolution, Subsampling(), keras.layers.Flatten(), units, EuclideanRBF(vectors)]
    return keras.Sequential([keras.Input((6, 6, 1)), *chain])


def by_differences(model, images, labels, step=0.01):
    """Move each weight up and down a little, and see how the slope of the loss and the outputs change.

    The loss is half the squared distance to the vector of the label, E = ½ Σ (z - t)², where z enters the last layer.

    Args:
        model: a built keras.Sequential that ends in EuclideanRBF; it is left as it was.
        images, labels: over which E is the mean.
        step: how far a weight is moved.

    Returns:
        (second, squares), float arrays with a number for each weight, in the order of `trainable_variables`: the true
        second derivative of E, and the mean of Σ (∂z/∂w)², which is the same without the bend of z.
    """
    inside = keras.Model(model.inputs[0], model.layers[-2].output)
    targets = model.layers[-1].centres[np.asarray(labels)]

    def at(variable, value):
        variable.assign(value)
        with tf.GradientTape() as tape:
            z = inside(images)
            loss = ops.sum((z - targets) ** 2) / 2 / len(images)
        return tape.gradient(loss, variable.value).numpy(), z.numpy()

    second, squares = [], []
    for variable in model.trainable_variables:
        start = variable.numpy()
        for move in step * np.eye(start.size, dtype=start.dtype).reshape(-1, *start.shape):
            (up, z_up), (down, z_down) = at(variable, start + move), at(variable, start - move)
            second.append((up - down)[move > 0][0] / (2 * step))
            squares.append((((z_up - z_down) / (2 * step)) ** 2).sum(axis=1).mean())
        variable.assign(start)
    return np.array(second), np.array(squares)


def by_signs(model, images, seed=0):
    """The mean of Σ (∂z/∂w)² over images and outputs, with all cross terms, by M. F. Hutchinson's random signs.

    The outputs z before the last layer are added up with random signs. The square of this number's slope along a
    weight is Σ (∂z/∂w)² and products of different outputs, which have random signs and cancel on average.

    Args:
        model: a built keras.Sequential that ends in EuclideanRBF.
        images: one backward pass is made for each.
        seed: of the signs.

    Returns:
        list of arrays, in the order and of the shapes of `model.trainable_variables`.
    """
    inside = keras.Model(model.inputs[0], model.layers[-2].output)
    variables, rng = [variable.value for variable in model.trainable_variables], np.random.default_rng(seed)
    squares = [np.zeros(variable.shape) for variable in variables]
    for image in images:
        signs = rng.choice([-1.0, 1.0], inside.output_shape[-1]).astype("float32")
        with tf.GradientTape() as tape:
            total = ops.sum(inside(image[np.newaxis]) * signs)
        for square, slope in zip(squares, tape.gradient(total, variables), strict=True):
            square += slope.numpy() ** 2 / len(images)
    return squares


def moved_together(model):
    """How far the outputs z before the last layer move if all weights step together.

    To first order the step of all weights that corrects v, a list of errors of z, moves z by M v: one pass backward
    (how does each weight step?), then one forward (how far does z move?).

    Args:
        model: a built keras.Sequential; its weights at the time of a call count.

    Returns:
        function: from an image, a float32 array v of as many numbers as z has, and the divisor of each weight's slope,
        a list of arrays as `model.trainable_variables`, to M v, an array.
    """
    inside = keras.Model(model.inputs[0], model.layers[-2].output)
    variables = [variable.value for variable in model.trainable_variables]

    @tf.function
    def both_passes(image, v, divisors):
        with tf.GradientTape() as tape:
            total = tf.reduce_sum(inside(image[None])[0] * v)
        slopes = tape.gradient(total, variables)
        steps = [slope / divisor for slope, divisor in zip(slopes, divisors, strict=True)]
        with tf.autodiff.ForwardAccumulator(variables, steps) as forward:
            z = inside(image[None])
        return forward.jvp(z)[0]

    return lambda image, v, divisors: both_passes(image, v, divisors).numpy()
