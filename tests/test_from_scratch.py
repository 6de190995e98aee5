"""lenet_keras/course/from_scratch.py: the functions of lesson 24, and the mistakes made on purpose."""

import numpy as np
import pytest
import tensorflow as tf
from scipy import signal

import lenet_keras as lk
from lenet_keras.course import from_scratch


def random_layer(side=7, maps_in=3, maps_out=4, size=3):
    rng = np.random.default_rng(5)
    shapes = (2, side, side, maps_in), (size, size, maps_in, maps_out), (maps_out,)
    return [rng.normal(size=shape) for shape in shapes]


def random_batch(images=3):
    rng = np.random.default_rng(0)
    return rng.uniform(-0.1, 1.175, (images, 32, 32, 1)), rng.integers(10, size=images)


def gradients_by_tape(weights, images, labels):
    model = lk.lenet5()
    model.set_weights([array for arrays in weights.values() for array in arrays])
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, model(images)))
    return float(loss), tape.gradient(loss, model.trainable_weights)


def test_a_convolution_is_scipys_correlation():
    x, kernel, bias = random_layer()
    found = from_scratch.conv(x, kernel, bias)
    for image, number in np.ndindex(2, 4):
        maps = [signal.correlate2d(x[image, :, :, k], kernel[:, :, k, number], mode="valid") for k in range(3)]
        np.testing.assert_allclose(found[image, :, :, number], sum(maps) + bias[number], atol=1e-10)


def test_the_gradients_of_a_convolution_are_tensorflows():
    arrays = [tf.constant(array) for array in random_layer()]
    with tf.GradientTape() as tape:
        tape.watch(arrays)
        y = tf.nn.conv2d(arrays[0], arrays[1], 1, "VALID") + arrays[2]
        total = tf.reduce_sum(y**3 / 3)
    x, kernel, bias = (array.numpy() for array in arrays)
    found = from_scratch.conv_backward(y.numpy() ** 2, x, y.numpy(), kernel, bias)
    for mine, theirs in zip(found, tape.gradient(total, arrays), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-9)


def test_col2im_adds_what_im2col_wrote_down_several_times():
    x = np.ones((1, 4, 4, 1))
    times = from_scratch.col2im(from_scratch.im2col(x, 3), x, 3)[0, :, :, 0]
    np.testing.assert_array_equal(times, np.outer([1, 2, 2, 1], [1, 2, 2, 1]))


def test_the_full_convolution_of_the_lesson_is_kerass_transposed_one():
    keras = lk.start_keras()
    g, kernel = np.random.default_rng(0).normal(size=(1, 3, 3, 1)), np.random.default_rng(1).normal(size=(2, 2, 1, 1))
    image = np.zeros((1, 4, 4, 1))
    of_image = from_scratch.conv_backward(g, image, None, kernel, np.zeros(1))[0]
    np.testing.assert_allclose(of_image, keras.ops.conv_transpose(g, kernel), atol=1e-6)


def test_the_network_and_its_gradients_are_the_courses():
    weights, (images, labels) = from_scratch.random_weights(0), random_batch()
    loss, wanted = gradients_by_tape(weights, images, labels)
    values = from_scratch.forward(weights, images)
    assert from_scratch.loss_and_slopes(values[-1], labels)[0] == pytest.approx(loss, rel=1e-5)
    found = from_scratch.gradient(weights, images, labels)
    for mine, theirs in zip((array for arrays in found.values() for array in arrays), wanted, strict=True):
        assert np.linalg.norm(mine - theirs) < 1e-4 * np.linalg.norm(theirs)


def test_each_mistake_is_one():
    weights, (images, labels) = from_scratch.random_weights(0), random_batch()
    right = from_scratch.gradient(weights, images, labels)
    for name, layers in (from_scratch.PASSES | from_scratch.CONTROLS).items():
        found = from_scratch.gradient(weights, images, labels, layers)
        wrong = [each for each in right if not np.allclose(found[each][0], right[each][0], rtol=1e-9, atol=0)]
        assert bool(wrong) == (name != "right"), name
        if name == "no quarter":
            np.testing.assert_array_equal(found["C1"][0], 16 * right["C1"][0])
            np.testing.assert_array_equal(found["C3"][0], 4 * right["C3"][0])
            assert wrong == ["C1", "C3"]


def test_the_four_mistakes_of_the_exercise_can_be_told_apart():
    cases = from_scratch.four_mistakes(from_scratch.random_weights(0), *random_batch())
    wrong = [{name for name, error in errors.items() if error > 1e-6} for errors in cases]
    assert wrong[1] == {"F6 bias"} and wrong[2] == {"C1 kernel", "C1 bias"}
    assert wrong[0] == set(cases[0]) - {"output kernel", "output bias"} and wrong[3] == set(cases[3])


def test_an_update_with_momentum():
    weights, slopes, steps = {"F6": [np.array([1.0])]}, {"F6": [np.array([2.0])]}, {"F6": [np.array([0.5])]}
    from_scratch.update(weights, slopes, steps, rate={"F6": 0.1}, momentum=0.8)
    assert steps["F6"][0][0] == pytest.approx(0.2) and weights["F6"][0][0] == pytest.approx(1.2)


def test_errors_are_told_as_powers_of_ten():
    assert from_scratch.power([1.05], np.array([1.0])) == "10^-1"
    assert from_scratch.power([16.0], np.array([1.0])) == "10^1"
    assert from_scratch.power([1 + 1e-14], np.array([1.0])) == "<10^-12" == from_scratch.power([1], np.array([1.0]))


def test_the_error_rate_counts_wrong_answers_in_portions():
    weights, (images, _) = from_scratch.random_weights(0), random_batch(7)
    answers = from_scratch.forward(weights, images)[-1].argmax(axis=1)
    labels = np.where(np.arange(7) < 2, (answers + 1) % 10, answers)
    assert from_scratch.error_rate(weights, images, labels, portion=3) == pytest.approx(2 / 7)
