"""Notebook 14: the functions its record times, and the record."""

import json
import types

import numpy as np
import pytest
import tensorflow as tf
import time_im2col
from scipy import signal

import lenet_keras as lk

NOTEBOOK = time_im2col.definitions()


def random_layer(side=7, maps_in=3, maps_out=4, size=3):
    rng = np.random.default_rng(5)
    shapes = (2, side, side, maps_in), (size, size, maps_in, maps_out), (maps_out,)
    return [rng.normal(size=shape) for shape in shapes]


def test_each_way_to_convolve_is_scipys_correlation():
    x, kernel, bias = random_layer()
    for name, way in time_im2col.ways(NOTEBOOK).items():
        found = np.asarray(way(x, kernel, bias))
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


def test_the_best_round_counts_and_the_first_call_does_not(monkeypatch):
    moments = iter([0, 9, 13, 13, 16])  # a start that does not count, then rounds of 4 and 3 seconds
    monkeypatch.setattr(time_im2col, "time", types.SimpleNamespace(perf_counter=lambda: next(moments)))
    calls = []
    assert time_im2col.best_times({"a": (lambda: calls.append(1), 2)}, rounds=2) == {"a": 1.5}
    assert len(calls) == 6


def test_the_record_has_what_the_notebook_says_of_it():
    record = json.loads(time_im2col.RECORD.read_text(encoding="utf-8"))
    assert list(record["microseconds"]) == list(time_im2col.LAYERS)
    for times in record["microseconds"].values():
        assert times["loops"] > 100 * times["im2col"] and times["windows"] > 2 * times["im2col"]
    c1, c3, c5 = (times["im2col"] / times["Keras"] for times in record["microseconds"].values())
    assert c1 > 1 > 5 * c5 and 0.5 < c3 < 2
    small, large = record["update_milliseconds"].values()
    for way in ("NumPy, 64 bits", "NumPy, 32 bits"):
        assert small[way] < 2 * small["Keras, 32 bits"] and large[way] > 2 * large["Keras, 32 bits"]
        assert 6 < large[way] / small[way] < 11 and large["Keras, 32 bits"] / small["Keras, 32 bits"] < 4
