"""The optimiser of 1998 against derivatives taken one by one, and against an update worked out in NumPy."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import lenet_keras as lk
from lenet_keras import training_1998


def tiny(seed=0):
    """A network with every kind of layer of 1998, small enough for exact second derivatives."""
    keras.utils.set_random_seed(seed)
    own = lk.layers
    centres = np.random.default_rng(seed).choice([-1.0, 1.0], (3, 5))
    return keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            keras.layers.Conv2D(3, 3, activation=own.squash),
            own.Subsampling(),
            own.PartialConv2D(["01", "12", "012"], 2),
            keras.layers.Flatten(),
            keras.layers.Dense(5, activation=own.squash),
            own.EuclideanRBF(centres),
        ]
    )


IMAGES = np.random.default_rng(7).normal(size=(10, 8, 8, 1)).astype("float32")


def exact_gauss_newton(model, images, scale):
    """2 · scale · the mean over images of the sum over outputs of squared derivatives, by finite differences."""
    inside = keras.Model(model.inputs[0], model.layers[-2].output)
    curvatures = []
    for variable in model.trainable_variables:
        start = np.asarray(variable).copy()
        found = np.empty(start.shape)
        for place in np.ndindex(*start.shape):
            shifted = []
            for step in (1e-2, -1e-2):
                moved = start.copy()
                moved[place] += step
                variable.assign(moved)
                shifted.append(np.asarray(inside(images), "float64"))
            slope = (shifted[0] - shifted[1]) / 2e-2
            found[place] = 2 * scale * (slope**2).sum(axis=1).mean()
        variable.assign(start)
        curvatures.append(found)
    return curvatures


@pytest.mark.parametrize("scale", [0.5, 1.0])
def test_curvature_is_the_gauss_newton_diagonal_within_sampling_error(scale):
    model = tiny()
    optimiser = training_1998.DiagonalLevenbergMarquardt(model, scale=scale)
    draws = 400
    optimiser.estimate(np.repeat(IMAGES, draws, axis=0), seed=1)
    for found, wanted in zip(optimiser.curvature, exact_gauss_newton(model, IMAGES, scale), strict=True):
        assert found.shape == wanted.shape
        # A draw's relative deviation is about the root of 2; 4,000 draws leave 2 %, and this allows 5 of those.
        np.testing.assert_allclose(found, wanted, rtol=5 * np.sqrt(2 / (draws * len(IMAGES))), atol=1e-4)


def test_an_update_is_the_slope_of_equation_9_times_each_weights_rate():
    model = tiny(3)
    optimiser = training_1998.DiagonalLevenbergMarquardt(model, mu=0.1, scale=0.5, junk=2.0)
    optimiser.estimate(IMAGES, seed=0)
    rates, before = optimiser.rates(0.01), [np.asarray(v).copy() for v in model.trainable_variables]
    for rate, h in zip(rates, optimiser.curvature, strict=True):
        np.testing.assert_allclose(rate, 0.01 / (0.1 + h), rtol=1e-6)
    loss = lk.layers.MaximumAPosteriori(junk=2.0)
    with tf.GradientTape() as tape:
        value = loss(np.array([2]), 0.5 * model(IMAGES[4:5]))
    slopes = tape.gradient(value, [v.value for v in model.trainable_variables])
    optimiser.run(IMAGES, np.full(10, 2), 0.01, order=[4])
    for old, rate, slope, variable in zip(before, rates, slopes, model.trainable_variables, strict=True):
        np.testing.assert_allclose(np.asarray(variable), old - rate * slope.numpy(), rtol=1e-4, atol=1e-6)


def test_compiled_and_plain_passes_agree_and_learn():
    labels = np.arange(10) % 3
    results = []
    for compiled in (True, False):
        model = tiny(5)
        optimiser = training_1998.DiagonalLevenbergMarquardt(model, compiled=compiled)
        optimiser.estimate(IMAGES, seed=0)
        running = [optimiser.run(IMAGES, labels, 0.02) for _ in range(60)]
        results.append([np.asarray(v) for v in model.trainable_variables])
        assert running[-1] < 0.5 < running[0]
    for one, other in zip(*results, strict=True):
        np.testing.assert_allclose(one, other, atol=2e-3)


def test_the_running_error_counts_answers_before_their_update():
    model = tiny(6)
    answers = np.asarray(model(IMAGES)).argmin(axis=1)
    optimiser = training_1998.DiagonalLevenbergMarquardt(model)
    labels = np.where(np.arange(10) < 7, answers, (answers + 1) % 3)
    assert optimiser.run(IMAGES, labels, eta=0.0) == pytest.approx(0.3)


def test_lenet5_as_a_product_of_matrices_is_lenet5():
    keras.utils.set_random_seed(0)
    model = lk.lenet5_1998()
    image = np.random.default_rng(0).normal(size=(1, 32, 32, 1)).astype("float32")
    np.testing.assert_allclose(training_1998.forward(model.layers, tf.constant(image)), model(image), rtol=1e-4)


def test_convolutions_may_be_left_to_another_function():
    calls, weights = [], []
    for convolve in (training_1998.as_product, lambda layer, maps: calls.append(layer.name) or layer(maps)):
        model = tiny(8)
        optimiser = training_1998.DiagonalLevenbergMarquardt(model, compiled=False, convolve=convolve)
        optimiser.estimate(IMAGES, seed=0)
        optimiser.run(IMAGES, np.arange(10) % 3, 0.01)
        weights.append([np.asarray(v) for v in model.trainable_variables])
    assert set(calls) == {layer.name for layer in model.layers if "conv" in layer.name}
    for one, other in zip(*weights, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4)


def test_the_schedule_is_the_articles():
    assert len(training_1998.SCHEDULE) == 20
    assert [training_1998.SCHEDULE.count(eta) for eta in (5e-4, 2e-4, 1e-4, 5e-5, 1e-5)] == [2, 3, 3, 4, 8]
    assert (training_1998.MU, training_1998.SAMPLES) == (0.02, 500)


@pytest.mark.parametrize(
    "wrong, message",
    [
        (lambda o: o.run(IMAGES[:, :7], np.zeros(10, int), 1e-3), r"shape \(n, 8, 8, 1\), not \(10, 7, 8, 1\)"),
        (lambda o: o.run(IMAGES, np.zeros(9, int), 1e-3), r"10 images, but the labels have shape \(9,\)"),
        (lambda o: o.run(IMAGES, np.full(10, 3), 1e-3), r"Labels are 0 to 2, not 3 to 3"),
        (lambda o: o.run(IMAGES, np.full(10, -1), 1e-3), r"Labels are 0 to 2, not -1 to -1"),
        (lambda o: o.run(IMAGES * np.nan, np.zeros(10, int), 1e-3), r"not finite"),
        (lambda o: o.estimate(IMAGES[:0]), r"shape \(n, 8, 8, 1\), not \(0, 8, 8, 1\)"),
        (lambda o: training_1998.DiagonalLevenbergMarquardt(lk.lenet5()), r"ends in an EuclideanRBF layer"),
        (lambda o: training_1998.DiagonalLevenbergMarquardt(tiny(), mu=0), r"above 0, not 0"),
    ],
)
def test_bad_input_is_named_and_nothing_changes(wrong, message):
    model = tiny()
    optimiser = training_1998.DiagonalLevenbergMarquardt(model)
    before = [np.asarray(v).copy() for v in model.variables]
    with pytest.raises(ValueError, match=message):
        wrong(optimiser)
    for old, variable in zip(before, model.variables, strict=True):
        np.testing.assert_array_equal(old, variable)
