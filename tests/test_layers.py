"""The layers and losses of 1998 against NumPy, written out."""

import importlib.util
import itertools
import os
import subprocess
import sys

import keras
import numpy as np
import pytest

import lenet_keras as lk
from lenet_keras.layers import (
    TABLE_I,
    EuclideanRBF,
    MaximumAPosteriori,
    MaximumLikelihood,
    PartialConv2D,
    Subsampling,
    bitmaps,
    squash,
)


def f(a):
    return 1.7159 * np.tanh(2 / 3 * a)


def test_squash_is_one_at_one_and_bounded():
    found = np.asarray(squash(np.array([-1, 0, 1, 1000], "float32")))
    np.testing.assert_allclose(found, [-1, 0, 1, 1.7159], atol=2e-5)


def test_table_i_is_the_articles():
    links = [{int(s2_map) for s2_map in maps} for maps in TABLE_I]
    assert [len(maps) for maps in links] == [3] * 6 + [4] * 9 + [6]
    assert all(sum(s2_map in maps for maps in links) == 10 for s2_map in range(6))
    # Maps 0 to 11 are runs of neighbours around the ring of six; 12 to 14 are not.
    assert links[:6] == [{i, (i + 1) % 6, (i + 2) % 6} for i in range(6)]
    assert links[6:12] == [{(i + n) % 6 for n in range(4)} for i in range(6)]
    assert links[12:] == [{0, 1, 3, 4}, {1, 2, 4, 5}, {0, 2, 3, 5}, set(range(6))]


def test_partial_convolution_is_a_masked_full_one():
    rng = np.random.default_rng(0)
    maps = rng.normal(size=(2, 14, 14, 6)).astype("float32")
    full = rng.normal(size=(5, 5, 6, 16)).astype("float32")
    mask = np.array([[str(s2_map) in inputs for inputs in TABLE_I] for s2_map in range(6)])
    bias = rng.normal(size=16).astype("float32")
    layer = PartialConv2D()
    layer.build(maps.shape)
    stored = [full[:, :, int(s2_map), c3_map] for c3_map, inputs in enumerate(TABLE_I) for s2_map in inputs]
    layer.set_weights([np.stack(stored), bias])
    windows = np.lib.stride_tricks.sliding_window_view(maps, (5, 5), axis=(1, 2))
    wanted = f(np.einsum("nhwirc,rcio->nhwo", windows, full * mask) + bias)
    np.testing.assert_allclose(layer(maps), wanted, atol=2e-5)
    assert layer.count_params() == 1516 and layer.kernel.shape == (60, 5, 5)
    np.testing.assert_array_equal(layer.dense_kernel(), full * mask)


def test_subsampling_by_loops():
    rng = np.random.default_rng(1)
    maps, coefficient, bias = rng.normal(size=(1, 5, 6, 3)).astype("float32"), rng.normal(size=3), rng.normal(size=3)
    layer = Subsampling()
    layer.build(maps.shape)
    np.testing.assert_array_equal(layer.get_weights(), [[0.25] * 3, [0] * 3])
    layer.set_weights([coefficient, bias])
    found = np.asarray(layer(maps))
    assert found.shape == (1, 2, 3, 3)  # the fifth row is left over
    for row, column, m in itertools.product(range(2), range(3), range(3)):
        total = sum(maps[0, 2 * row + r, 2 * column + c, m] for r in (0, 1) for c in (0, 1))
        assert found[0, row, column, m] == pytest.approx(f(coefficient[m] * total + bias[m]), abs=1e-5)


def test_the_start_of_the_coefficients_is_kept_in_the_settings():
    layer = Subsampling(start=0.5, name="S2")
    again = Subsampling.from_config(layer.get_config())
    again.build((None, 4, 4, 3))
    np.testing.assert_array_equal(again.get_weights(), [[0.5] * 3, [0] * 3])
    assert again.name == "S2"


ELSEWHERE = """
import sys, numpy as np, lenet_keras.layers as own
rng, found = np.random.default_rng(0), []
x = rng.normal(size=(2, 14, 14, 6)).astype("float32")
for layer in (own.Subsampling(), own.PartialConv2D()):
    layer.build(x.shape)
    layer.set_weights([rng.normal(size=weight.shape) for weight in layer.weights])
    found.append(own.ops.convert_to_numpy(layer(x)))
np.savez(sys.argv[1], *found)
"""


@pytest.mark.parametrize("backend", ["torch", "jax"])
def test_the_layers_compute_the_same_on_other_backends(backend, tmp_path):
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"needs {backend}")
    results = []
    for name in ("tensorflow", backend):
        path = tmp_path / f"{name}.npz"
        environment = os.environ | {"KERAS_BACKEND": name, "TF_CPP_MIN_LOG_LEVEL": "3"}
        subprocess.run([sys.executable, "-c", ELSEWHERE, str(path)], env=environment, check=True, capture_output=True)
        results.append(np.load(path))
    assert len(results[0].files) == 2
    for name in results[0].files:
        np.testing.assert_allclose(results[0][name], results[1][name], atol=1e-5)


def test_drawings_are_ten_different_digits_of_84_points():
    points = bitmaps()
    assert points.shape == (10, 84) and points.dtype == np.float32 and set(np.unique(points)) == {-1, 1}
    # The 1 has its foot in the last row, the 7 its bar in the first, and the 4 neither.
    assert points[1].reshape(12, 7)[-1].tolist() == [-1, 1, 1, 1, 1, 1, 1]
    assert points[7].reshape(12, 7)[0].tolist() == [1] * 7
    assert (points[4].reshape(12, 7)[0] == [1, 1, -1, -1, -1, 1, 1]).all()
    differing = (points[:, None] != points).sum(axis=2) + 84 * np.eye(10, dtype=int)
    assert differing.min() >= 10
    # Digits that look alike are drawn alike.
    assert differing[3, 8] < differing[3, 1] and differing[8, 6] < differing[8, 7]


def test_rbf_is_the_squared_distance():
    z = np.random.default_rng(2).normal(size=(4, 84)).astype("float32")
    wanted = [[sum((z[n, j] - bitmaps()[i, j]) ** 2 for j in range(84)) for i in range(10)] for n in range(4)]
    layer = EuclideanRBF()
    np.testing.assert_allclose(layer(z), wanted, rtol=1e-5)
    np.testing.assert_array_equal(np.asarray(layer(bitmaps())).argmin(axis=1), range(10))
    assert not layer.trainable_weights


def test_vectors_that_may_adapt_are_trained_and_the_configuration_keeps_it():
    model = keras.Sequential([keras.Input((84,)), EuclideanRBF(adaptive=True)])
    assert model.count_params() == sum(int(np.prod(weight.shape)) for weight in model.trainable_weights) == 840
    model.compile(keras.optimizers.SGD(0.1), MaximumLikelihood(), jit_compile=False)
    model.fit(np.zeros((1, 84)), np.array([3]), verbose=0)
    vectors = np.asarray(model.layers[-1].vectors)
    np.testing.assert_allclose(vectors[3], 0.8 * bitmaps()[3], rtol=1e-5)  # w - 0.1 · 2 (w - 0)
    np.testing.assert_array_equal(vectors[4], bitmaps()[4])
    again = EuclideanRBF.from_config(model.layers[-1].get_config())
    assert again.adaptive and not EuclideanRBF().adaptive


def test_equation_9_is_cross_entropy_with_an_eleventh_logit():
    rng = np.random.default_rng(4)
    distances, labels = rng.uniform(0, 60, (50, 10)), rng.integers(0, 10, 50)
    for junk in (1.0, 20.0):
        logits = np.column_stack([-distances, np.full(50, -junk)])
        wanted = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels, logits)
        assert float(MaximumAPosteriori(junk)(labels, distances)) == pytest.approx(float(wanted), rel=1e-5)


def test_the_losses_of_equations_8_and_9_by_numpy():
    rng = np.random.default_rng(3)
    distances, labels = rng.uniform(0, 12, (6, 10)), rng.integers(0, 10, 6)
    right = distances[range(6), labels]
    for junk in (0.5, 1.0, 7.0):
        wanted = np.mean(right + np.log(np.exp(-junk) + np.exp(-distances).sum(axis=1)))
        assert float(MaximumAPosteriori(junk)(labels, distances)) == pytest.approx(wanted, rel=1e-5)
    assert float(MaximumLikelihood()(labels, distances)) == pytest.approx(right.mean(), rel=1e-6)
    assert float(MaximumLikelihood()(labels[:, None], distances)) == pytest.approx(right.mean(), rel=1e-6)


def test_the_losses_are_finite_far_from_every_drawing():
    distances = keras.ops.convert_to_tensor(np.full((1, 10), 5000.0), "float32")
    # Every e^-y underflows: log(10 e^-5000) = log 10 - 5000.
    found = float(MaximumAPosteriori(junk=1e4)(np.array([3]), distances))
    assert found == pytest.approx(np.log(10), abs=1e-3)


@pytest.mark.parametrize(
    "wrong, message",
    [
        (lambda: lk.lenet5_1998(table=["016"]), r"names the incoming map 6, but there are 6 maps, numbered 0 to 5"),
        (lambda: lk.lenet5_1998(table=[[0, -1]]), r"names the incoming map -1"),
        (lambda: PartialConv2D(table=[]), r"at least one incoming map for every map"),
        (lambda: PartialConv2D(table=["01", ""]), r"at least one incoming map for every map"),
        (lambda: PartialConv2D(table=["011"]), r"same map twice: \[0, 1, 1\]"),
        (lambda: PartialConv2D().build((None, 4, 4, 6)), r"at least 5×5 pixels, not \(None, 4, 4, 6\)"),
        (lambda: Subsampling().build((None, 1, 8, 6)), r"2×2 or larger, not \(None, 1, 8, 6\)"),
        (lambda: EuclideanRBF(np.zeros(84)), r"shape \(classes, numbers\), not of shape \(84,\)"),
        (lambda: EuclideanRBF([[np.nan, 1.0]]), r"with NaN or infinity"),
        (lambda: EuclideanRBF().build((None, 82)), r"shape \(n, 84\), not \(None, 82\)"),
        (lambda: MaximumAPosteriori(junk=0), r"above 0, not 0"),
        (lambda: MaximumAPosteriori(junk=float("nan")), r"above 0, not nan"),
        (lambda: MaximumLikelihood()(np.array([1]), np.zeros(10)), r"shape \(n, classes\), not \(10,\)"),
    ],
)
def test_bad_input_is_named(wrong, message):
    with pytest.raises(ValueError, match=message):
        wrong()
