"""Digits and maps side by side: what is drawn is what was given."""

import numpy as np
import pytest

import lenet_keras as lk


def test_digit_grid(shown):
    images = np.random.default_rng(0).uniform(-0.1, 1.175, (12, 32, 32, 1))
    lk.plots.digit_grid(images, titles=range(12), columns=5)
    figure, alt = shown[0]
    drawn = [axis for axis in figure.axes if axis.images]
    assert len(figure.axes) == 15 and len(drawn) == 12 and "12 digits" in alt
    for number, axis in enumerate(drawn):
        np.testing.assert_array_equal(axis.images[0].get_array(), images[number, ..., 0])
        assert axis.get_title() == str(number) and axis.images[0].get_clim() == (-0.1, 1.175)
        assert axis.images[0].get_cmap().name == "gray_r"  # ink is dark


def test_signed_maps_are_centred_at_zero(shown):
    maps = np.array([[[-3.0, 1.0]], [[0.0, 2.0]]])
    lk.plots.signed_maps(maps, titles="ab")
    lk.plots.signed_maps(maps, limit=5)
    for (figure, _), limit in zip(shown, (3, 5), strict=True):
        pictures = [axis.images[0] for axis in figure.axes if axis.images]
        assert [picture.get_clim() for picture in pictures] == 2 * [(-limit, limit)]
        np.testing.assert_array_equal([picture.get_array() for picture in pictures], maps)
    red, _, blue, _ = shown[0][0].axes[0].images[0].get_cmap()(1.0)
    assert red > blue  # above zero is orange
    assert [axis.get_title() for axis in shown[0][0].axes[:2]] == ["a", "b"]


def test_maps_of_zeros_are_white(shown):
    lk.plots.signed_maps(np.zeros((1, 2, 2)))
    picture = shown[0][0].axes[0].images[0]
    assert min(picture.get_cmap()(picture.norm(0.0))) > 0.96


@pytest.mark.parametrize("images", [np.zeros((32, 32)), np.zeros((0, 32, 32)), np.zeros((2, 32, 32, 3))])
def test_wrong_shapes_are_refused(images):
    for figure in (lk.plots.digit_grid, lk.plots.signed_maps):
        with pytest.raises(ValueError, match=r"shape \(n, height, width\)"):
            figure(images)
