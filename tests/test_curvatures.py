"""True second derivatives: against a loss whose derivatives are known, and against the article's recursion."""

import keras
import numpy as np
import tensorflow as tf

import lenet_keras as lk

IMAGES = np.random.default_rng(1).normal(size=(20, 6, 6, 1)).astype("float32")
LABELS = np.random.default_rng(2).integers(3, size=20)


def test_a_linear_network_has_the_curvature_of_its_inputs():
    x = np.random.default_rng(0).normal(size=(30, 4)).astype("float32")
    chain = [keras.layers.Dense(2), lk.layers.EuclideanRBF([[1, 1], [-1, 1], [1, -1]])]
    model = keras.Sequential([keras.Input((4,)), *chain])
    second, squares = lk.curvatures.by_differences(model, x, np.arange(30) % 3)
    wanted = np.concatenate([np.repeat((x**2).mean(axis=0), 2), [1, 1]])
    np.testing.assert_allclose(second, wanted, rtol=2e-3)
    np.testing.assert_allclose(squares, wanted, rtol=2e-3)


def test_the_tiny_network_is_left_as_it_was_and_its_last_layer_has_no_cross_terms():
    model = lk.curvatures.tiny_network()
    before = model.get_weights()
    second, squares = lk.curvatures.by_differences(model, IMAGES, LABELS)
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    assert second.shape == squares.shape == (69,) and (squares > 0).all() and (second < 0).sum() == 7
    recursion = np.concatenate([np.ravel(h) for h in lk.training_1998.curvature(model, IMAGES)])
    np.testing.assert_allclose(recursion[-45:], squares[-45:], rtol=5e-3)
    assert abs(np.log(recursion[:-45] / squares[:-45])).max() > 0.5


def test_random_signs_find_the_squares_with_their_cross_terms():
    model = lk.curvatures.tiny_network()
    _, squares = lk.curvatures.by_differences(model, IMAGES, LABELS)
    found = lk.curvatures.by_signs(model, np.repeat(IMAGES, 20, axis=0))
    assert [each.shape for each in found] == [tuple(v.shape) for v in model.trainable_variables]
    # A draw's relative deviation is about the root of 2 at most; 400 draws leave 7 %, and this allows 5 of those.
    np.testing.assert_allclose(np.concatenate([np.ravel(each) for each in found]), squares, rtol=0.35)


def test_steps_together_are_the_sum_over_weights_of_slope_times_slope():
    model = lk.curvatures.tiny_network()
    inside = keras.Model(model.inputs[0], model.layers[-2].output)
    variables = [each.value for each in model.trainable_variables]
    with tf.GradientTape(persistent=True) as tape:
        z = inside(IMAGES[:1])[0]
        parts = [z[i] for i in range(5)]
    slopes = [[np.ravel(slope) for slope in tape.gradient(part, variables)] for part in parts]
    divisors = [tf.fill(each.shape, 1.0 + place) for place, each in enumerate(variables)]
    wide = np.concatenate([np.full(slope.size, 1.0 + place) for place, slope in enumerate(slopes[0])])
    table = np.array([np.concatenate(each) for each in slopes])
    v = np.array([1, -1, 0.5, 2, 0], "float32")
    found = lk.curvatures.moved_together(model)(IMAGES[0], v, divisors)
    np.testing.assert_allclose(found, table / wide @ table.T @ v, rtol=1e-4)
