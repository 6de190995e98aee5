"""Notebook 14: its functions, and its two figures."""

import numpy as np
import pytest
import tensorflow as tf
from scipy import signal

import lenet_keras as lk
import notebooks

NOTEBOOK = notebooks.definitions("14_from_scratch")


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


# -------------------------------------------------------------------------------------------------------- figures


@pytest.fixture
def shown(monkeypatch):
    figures = []
    monkeypatch.setattr(lk.plots, "show", lambda figure, alt: figures.append((figure, alt)))
    yield figures
    lk.plots.plt.close("all")


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def test_computation_graph(shown):
    nodes = {"x": (0, 0, 2.0, -3.0), "y = x²": (1, 0, 4.0, 1.0)}
    lk.plots.computation_graph(nodes, [("x", "y = x²", "× 2x")], alt="From x to y.")
    figure, alt = shown[0]
    assert alt == "From x to y."
    assert {"x", "y = x²", "× 2x", "2.00", "−3.00", "4.00", "1.00"} <= set(texts(figure))


def test_a_graph_with_a_link_to_nowhere_is_refused():
    with pytest.raises(ValueError, match="A link leads to z, but the nodes are x."):
        lk.plots.computation_graph({"x": (0, 0, 1, 1)}, [("x", "z", "")], alt="Nothing.")


def test_windows_as_rows(shown):
    image, kernel = np.arange(9).reshape(3, 3), np.array([[1, 0], [0, 10]])
    lk.plots.windows_as_rows(image, kernel)
    figure, alt = shown[0]
    found = texts(figure)
    assert alt.startswith("4 windows")
    for number in (40, 51, 73, 84):  # top left pixel of the window and ten times the bottom right one
        assert found.count(str(number)) == 2  # among the sums, and in the map


def test_sliding_window_is_named_as_asked(shown):
    image = np.ones((3, 3), int)
    lk.plots.sliding_window(image, image[:2, :2], 4 * image[:2, :2], 0, 0, names=("one", "two", "three"))
    assert [text for text in texts(shown[0][0]) if text.isalpha()] == ["one", "two", "three"]
