"""Notebook 24: its functions."""

import numpy as np
import pytest
import tensorflow as tf
from scipy import signal

import lenet_keras as lk
import notebooks

NOTEBOOK = notebooks.definitions("24_from_scratch")


def random_layer(side=7, maps_in=3, maps_out=4, size=3):
    rng = np.random.default_rng(5)
    shapes = (2, side, side, maps_in), (size, size, maps_in, maps_out), (maps_out,)
    return [rng.normal(size=shape) for shape in shapes]


def test_each_way_to_convolve_is_scipys_correlation():
    x, kernel, bias = random_layer()
    for name in ("conv_by_loops", "conv_by_windows", "conv_forward"):
        found = NOTEBOOK[name](x, kernel, bias)
        for image, number in np.ndindex(2, 4):
            maps = [signal.correlate2d(x[image, :, :, k], kernel[:, :, k, number], mode="valid") for k in range(3)]
            np.testing.assert_allclose(found[image, :, :, number], sum(maps) + bias[number], atol=1e-10, err_msg=name)


@pytest.mark.parametrize("name", ["conv_backward", "conv_backward_by_windows"])
def test_the_gradients_of_a_convolution_are_tensorflows(name):
    arrays = [tf.constant(array) for array in random_layer()]
    with tf.GradientTape() as tape:
        tape.watch(arrays)
        y = tf.nn.conv2d(arrays[0], arrays[1], 1, "VALID") + arrays[2]
        total = tf.reduce_sum(y**3 / 3)
    found = NOTEBOOK[name](y.numpy() ** 2, arrays[0].numpy(), y.numpy(), arrays[1].numpy(), arrays[2].numpy())
    for mine, theirs in zip(found, tape.gradient(total, arrays), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-9)


def test_the_network_of_the_notebook_is_the_courses():
    model = lk.lenet5()
    weights = {name: model.get_layer(name).get_weights() for name in NOTEBOOK["SHAPES"]}
    images = np.random.default_rng(0).uniform(-0.1, 1.175, (3, 32, 32, 1)).astype("float32")
    np.testing.assert_allclose(NOTEBOOK["forward"](weights, images)[-1], model(images), atol=1e-5)
