"""Distortions against maps whose result is known."""

import numpy as np
import pytest

from lenet_keras import distort


def bar(row=16, column=16):
    """One pixel of ink on paper."""
    image = np.full((32, 32), -0.1, "float32")
    image[row, column] = 1.175
    return image


def test_the_identity_changes_nothing_and_a_whole_shift_moves_pixels():
    image = np.random.default_rng(0).uniform(-0.1, 1.175, (32, 32)).astype("float32")
    np.testing.assert_allclose(distort.affine(image, np.eye(2)), image, atol=1e-6)
    moved = distort.affine(image, np.eye(2), (3, -2))
    np.testing.assert_allclose(moved[3:, :-2], image[:-3, 2:], atol=1e-6)
    np.testing.assert_allclose(moved[:3], -0.1, atol=1e-6)


def test_half_a_pixel_shares_the_ink():
    moved = distort.affine(bar(), np.eye(2), (0, 0.5))
    np.testing.assert_allclose(moved[16, 16:18], [-0.1 + 1.275 / 2] * 2, atol=1e-6)


def test_a_doubling_moves_a_pixel_twice_as_far_from_the_centre():
    grown = distort.affine(bar(16, 20), np.eye(2) / 2)
    row, column = np.unravel_index(grown.argmax(), grown.shape)
    # The centre is 15.5: 20 lies 4.5 to the right of it and goes to 24.5, 16 lies 0.5 below and goes to 16.5.
    assert (row, column) in {(16, 24), (16, 25), (17, 24), (17, 25)}


def test_random_matrices_keep_to_their_ranges_and_never_rotate():
    rng = np.random.default_rng(0)
    for _ in range(200):
        matrix = distort.random_matrix(rng, {"shift": 0, "scale": 0.1, "squeeze": 0.2, "shear": 0.3})
        forward = np.linalg.inv(matrix)
        height, width = forward[0, 0], forward[1, 1]
        assert matrix[0, 1] == 0  # rows depend on rows only: a horizontal shear, no rotation
        assert 0.9**2 <= height * width <= 1.1**2  # size
        assert 0.8 - 1e-9 <= np.sqrt(height / width) <= 1.2 + 1e-9  # narrower and taller, or the reverse
        assert abs(matrix[1, 0] / matrix[0, 0]) <= 0.3 * 1.2**2


def test_the_same_seed_gives_the_same_digits_and_another_seed_others():
    images = np.stack([bar(10, 10), bar(20, 14)])[..., None]
    one, same, other = (distort.distorted(images, seed) for seed in ([1, 2], [1, 2], [1, 3]))
    assert one.shape == images.shape and one.dtype == np.float32
    np.testing.assert_array_equal(one, same)
    assert np.abs(one - other).max() > 0.1
    assert one.min() >= -0.1 - 1e-5 and one.max() <= 1.175 + 1e-5


@pytest.mark.parametrize(
    "images, message",
    [
        (np.zeros((3, 32, 32)), r"\(n, height, width, 1\), not \(3, 32, 32\)"),
        (np.zeros((3, 32, 32, 3)), r"\(n, height, width, 1\), not \(3, 32, 32, 3\)"),
        (np.full((1, 32, 32, 1), np.nan), r"not finite"),
    ],
)
def test_bad_images_are_named(images, message):
    with pytest.raises(ValueError, match=message):
        distort.distorted(images, 0)
