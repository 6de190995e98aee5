"""Ink placed as MNIST's digits were: by hand, and on the bundled digits."""

import numpy as np
import pytest

from lenet_keras.data import placing


def test_crop_keeps_the_box_of_what_is_not_zero():
    ink = np.zeros((5, 7))
    ink[1, 4], ink[3, 2] = 0.01, 1
    np.testing.assert_array_equal(placing.crop(ink), [[0, 0, 0.01], [0, 0, 0], [1, 0, 0]])


def test_resize_by_hand():
    """4×2 resized to 2 has one column; 3×3 to 2: each new pixel covers one and a half old ones a side."""
    np.testing.assert_allclose(placing.resize(np.array([[1, 0], [1, 0], [0, 0], [0, 1.0]]), 2), [[0.5], [0.25]])
    np.testing.assert_allclose(placing.resize(np.diag([1.0, 0, 0]), 2), [[4 / 9, 0], [0, 0]])
    image = np.random.default_rng(0).random((60, 36))
    np.testing.assert_allclose(placing.resize(image), image.reshape(20, 3, 12, 3).mean(axis=(1, 3)))


def test_small_ink_is_enlarged_evenly():
    """A wedge from 0 to 1 over two pixels: between their middles at 5 and 15 it rises linearly, outside it is flat."""
    places = np.clip((np.arange(20) + 0.5 - 5) / 10, 0, 1)
    np.testing.assert_allclose(placing.resize(np.array([[0.0, 1.0]])), np.tile(places, (10, 1)), atol=1e-12)


def test_centre_by_hand():
    """A column with masses 3, 1, 1, 1: its centre of mass lies at row (0 + 1 + 2 + 3) / 6 = 1."""
    placed = placing.centre(np.array([[1.0], [1 / 3], [1 / 3], [1 / 3]]))
    assert placed.dtype == np.uint8 and placed.shape == (28, 28)
    assert placed[13:17, 14].tolist() == [255, 85, 85, 85] and placed.sum() == 510


@pytest.mark.parametrize("end", [0, -1])
def test_ink_is_never_pushed_over_the_edge(end):
    tail = np.full((20, 20), 0.01)
    tail[end] = 1
    placed = placing.centre(tail)
    rows, columns = placed.any(axis=1), placed.any(axis=0)
    assert rows.sum() == columns.sum() == 20
    assert rows[0 if end == -1 else -1]  # as far as it goes


def test_bundled_digits_are_placed_as_mnist(bundled):
    """Box of ink 20 on its longer side, centre of mass at pixel 14 of 28, which is pixel 16 of 32."""
    ink = (bundled.x_test[..., 0].astype(float) + 0.1) / 1.275
    place = np.arange(32)
    rows, columns = ink.sum(2) @ place / ink.sum((1, 2)), ink.sum(1) @ place / ink.sum((1, 2))
    assert np.abs(rows - 16).max() <= 0.51 and np.abs(columns - 16).max() <= 0.51
    for image in ink:
        sides = [np.ptp(np.flatnonzero(image.max(axis) > 1e-6)) + 1 for axis in (0, 1)]
        assert max(sides) == 20
    assert ((ink > 0.05) & (ink < 0.95)).mean() > 0.05  # grey edges


def test_a_bar_is_cropped_enlarged_and_centred():
    """A vertical bar of two pixels, 2×1, becomes 20×10 solid ink around pixel (14, 14)."""
    bar = np.array([[0, 1.0, 0], [0, 1.0, 0], [0, 0, 0]])
    placed = placing.centre(placing.resize(placing.crop(bar)))
    solid = np.argwhere(placed == 255)
    assert solid.min(0).tolist() in ([4, 9], [4, 10], [5, 9], [5, 10])
    assert np.ptp(solid, axis=0).tolist() == [19, 9] and (placed > 0).sum() == 200
