"""tools/compare_networks.py and tools/compare_attacks.py: their measures, on cases whose result is known."""

import compare_attacks
import compare_networks
import keras
import numpy as np

import lenet_keras as lk


def test_a_slope_is_all_edge_and_a_blot_all_ink():
    down, right = np.mgrid[-2:3, -2:3]
    filters = np.stack([down + 2.0 * right, np.full((5, 5), -3.0), down * right], axis=-1)
    np.testing.assert_allclose(compare_networks.edge_shares(filters), [1, 0, 0], atol=1e-12)
    np.testing.assert_allclose(compare_networks.ink_shares(filters), [0, 1, 0], atol=1e-12)
    chance = compare_networks.edge_shares(np.random.default_rng(0).normal(size=(5, 5, 20_000)))
    assert abs(chance.mean() - 2 / 25) < 0.002


def test_a_direction_along_an_axis_is_a_map():
    values, mean = np.random.default_rng(1).normal(size=(4, 3, 3, 5)), np.ones((3, 3, 5))
    changed = compare_networks.without(values, np.eye(5)[2], mean)
    np.testing.assert_allclose(changed[..., 2], 1)
    np.testing.assert_allclose(np.delete(changed, 2, axis=-1), np.delete(values, 2, axis=-1))
    direction = np.full(5, 5**-0.5)
    mixed = compare_networks.without(values, direction, mean)
    np.testing.assert_allclose(mixed @ direction, 5**0.5)


def test_margins_are_distances_to_the_best_rival():
    logits = np.array([[1.0, 4, 2], [1, 4, 2]])
    np.testing.assert_array_equal(compare_attacks.margins(logits, [1, 0]), [2, -3])


def test_the_gradient_of_the_margin_agrees_with_differences():
    keras.utils.set_random_seed(0)
    model, image = lk.lenet5(), np.random.default_rng(2).uniform(-0.1, 1.175, (1, 32, 32, 1)).astype("float32")
    slope = compare_attacks.margin_gradients(model, image, [3])[0]
    direction = np.sign(slope)
    pair = np.stack([image[0] + 1e-3 * direction, image[0] - 1e-3 * direction])
    above, below = compare_attacks.margins(model(pair).numpy(), [3, 3])
    np.testing.assert_allclose((above - below) / 2e-3, np.abs(slope).sum(), rtol=0.02)


def test_a_step_keeps_between_paper_and_ink_and_a_window_fades_most_in_its_middle():
    images = np.full((1, 32, 32, 1), lk.data.PAPER, "float32")
    assert compare_attacks.step(images, -np.ones_like(images), 0.1).min() == np.float32(lk.data.PAPER)
    np.testing.assert_allclose(compare_attacks.step(images, np.ones_like(images), 0.1), 0.0275, atol=1e-6)
    window = compare_attacks.windows()[32 * 10 + 7]
    assert window[10, 7] == window.max() == 1 and abs(window[10, 7 + 3] - 0.5**4) < 1e-6
    assert compare_attacks.squares(1)[32 * 10 + 7].sum() == 49
