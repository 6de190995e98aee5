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


def with_another_activation():
    first = keras.layers.Conv2D(3, 3, activation="relu", name="C1")
    return keras.Sequential([keras.Input((8, 8, 1)), first, *tiny().layers[1:]])


IMAGES = np.random.default_rng(7).normal(size=(10, 8, 8, 1)).astype("float32")


def connections(layer, height, width):
    """The connections of a layer of `tiny`: (incoming place, outgoing place, which weight, its place), one by one."""
    if isinstance(layer, keras.layers.Dense):
        units = layer.kernel.shape
        return [((i,), (o,), 0, (i, o)) for i in range(units[0]) for o in range(units[1])]
    if isinstance(layer, lk.layers.Subsampling):
        return [
            ((2 * r + u, 2 * c + v, m), (r, c, m), 0, (m,))
            for r in range(height) for c in range(width) for m in range(3) for u in (0, 1) for v in (0, 1)
        ]  # fmt: skip
    if isinstance(layer, lk.layers.PartialConv2D):
        links, size = [(link, i, o) for link, (i, o) in enumerate(layer.links.tolist())], 2
    else:
        links, size = [(None, 0, o) for o in range(3)], 3
    return [
        ((r + u, c + v, i), (r, c, o), 0, (u, v, i, o) if link is None else (link, u, v))
        for r in range(height) for c in range(width) for link, i, o in links for u in range(size) for v in range(size)
    ]  # fmt: skip


def by_connections(model, image, scale):
    """Appendix C in NumPy, connection by connection: h of each weight for one image."""
    values = [image[None]]
    for layer in model.layers[:-1]:
        values.append(np.asarray(layer(values[-1]), "float64"))
    h, found = np.full(5, 2 * scale), []
    for layer, x, y in zip(model.layers[-2::-1], values[-2::-1], values[:0:-1], strict=True):
        x, y = x[0], y[0]
        if "flatten" in layer.name:
            h = h.reshape(x.shape)
            continue
        slope = 1.7159 * 2 / 3 * (1 - (y / 1.7159) ** 2)  # of A tanh(S a), from its value
        units, before = h * slope**2, np.zeros(x.shape)
        weights = [np.asarray(variable, "float64") for variable in layer.trainable_variables]
        own = [np.zeros(weight.shape) for weight in weights]
        for source, target, which, place in connections(layer, *y.shape[:2] if y.ndim > 1 else (1, 1)):
            own[which][place] += x[source] ** 2 * units[target]
            before[source] += weights[which][place] ** 2 * units[target]
        for target in np.ndindex(*y.shape):
            own[1][target[-1]] += units[target]
        h, found = before, own + found
    return found


@pytest.mark.parametrize("scale", [0.5, 1.0])
def test_curvature_is_that_of_appendix_c_connection_by_connection(scale):
    model = tiny()
    optimiser = training_1998.DiagonalLevenbergMarquardt(model, scale=scale)
    optimiser.estimate(IMAGES[:4])
    each = [by_connections(model, image, scale) for image in IMAGES[:4]]
    for found, *wanted in zip(optimiser.curvature, *each, strict=True):
        assert found.shape == wanted[0].shape
        np.testing.assert_allclose(found, np.mean(wanted, axis=0), rtol=2e-4, atol=1e-6)


def test_curvature_of_the_last_layer_is_the_gauss_newton_diagonal():
    model = tiny(4)
    inside = keras.Model(model.inputs[0], model.layers[-2].output)
    kernel = model.layers[-2].kernel
    start, found = np.asarray(kernel).copy(), np.empty(kernel.shape)
    for place in np.ndindex(*found.shape):
        outputs = []
        for step in (1e-2, -1e-2):
            moved = start.copy()
            moved[place] += step
            kernel.assign(moved)
            outputs.append(np.asarray(inside(IMAGES), "float64"))
        found[place] = (((outputs[0] - outputs[1]) / 2e-2) ** 2).sum(axis=1).mean()
    kernel.assign(start)
    h = training_1998.curvature(model, IMAGES)[-2]
    np.testing.assert_allclose(h, found, rtol=5e-3, atol=1e-4)


def test_an_update_is_the_slope_of_equation_9_times_each_weights_rate():
    model = tiny(3)
    optimiser = training_1998.DiagonalLevenbergMarquardt(model, mu=0.1, scale=0.5, junk=2.0)
    optimiser.estimate(IMAGES)
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
        optimiser.estimate(IMAGES)
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
    distances = training_1998.DiagonalLevenbergMarquardt(model).distances(tf.constant(image))
    np.testing.assert_allclose(distances, model(image)[0], rtol=1e-4)


def test_without_junk_the_loss_is_equation_8():
    model = tiny(9)
    optimiser = training_1998.DiagonalLevenbergMarquardt(model, mu=0.1, scale=1.0, junk=None)
    before = [np.asarray(v).copy() for v in model.trainable_variables]
    with tf.GradientTape() as tape:
        value = lk.layers.MaximumLikelihood()(np.array([1]), model(IMAGES[2:3]))
    slopes = tape.gradient(value, [v.value for v in model.trainable_variables])
    optimiser.run(IMAGES, np.full(10, 1), 0.01, order=[2])
    for old, slope, variable in zip(before, slopes, model.trainable_variables, strict=True):
        np.testing.assert_allclose(np.asarray(variable), old - 0.1 * slope.numpy(), rtol=1e-4, atol=1e-6)


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
        (lambda o: training_1998.DiagonalLevenbergMarquardt(with_another_activation()), r"`squash`, not that of C1"),
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
