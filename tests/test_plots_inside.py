"""What the layers do: tables of pictures, maps over a digit, points drawn as digits."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

import lenet_keras as lk


def test_picture_table_puts_each_picture_into_its_cell(shown):
    pictures = np.random.default_rng(0).uniform(-0.1, 1.175, (2, 3, 8, 16))
    lk.plots.picture_table(pictures, "layer", "digit")
    axes = shown[0][0].axes[0]
    whole = axes.images[0].get_array()
    assert whole.shape == (2 * 8 + 2, 3 * 16 + 2 * 2)  # a gap of an eighth of the width
    for row in range(2):
        for column in range(3):
            part = whole[10 * row : 10 * row + 8, 18 * column : 18 * column + 16]
            np.testing.assert_array_equal(part, pictures[row, column])
    assert axes.images[0].get_clim() == (-0.1, 1.175) and len(shown[0][0].axes) == 1
    assert list(axes.get_xticks()) == [7.5, 25.5, 43.5] and list(axes.get_yticks()) == [3.5, 13.5]
    assert (axes.get_ylabel(), axes.get_xlabel()) == ("layer", "digit")


def test_a_table_of_signed_values_is_centred_at_zero(shown):
    lk.plots.picture_table(np.array([[[[-4.0, 1]], [[2, 3]]]]), "r", "c", signed="weight")
    axes, bar = shown[0][0].axes
    assert axes.images[0].get_clim() == (-4, 4) and bar.get_ylabel() == "weight"


def test_other_shapes_of_pictures_are_refused():
    for shape in ((2, 8, 8), (0, 3, 8, 8)):
        with pytest.raises(ValueError, match=r"\(rows, columns, height, width\), not"):
            lk.plots.picture_table(np.zeros(shape), "r", "c")


def test_maps_on_digit_each_with_its_own_scale_and_the_outline(shown):
    image = np.full((32, 32, 1), -0.1)
    image[10:20, 12:15] = 1.175
    maps = [np.full((32, 32), -2.0), np.eye(32)]
    lk.plots.maps_on_digit(image, maps, ["one", "two"])
    digit, one, two = shown[0][0].axes[:3]
    np.testing.assert_array_equal(digit.images[0].get_array(), image[..., 0])
    for axes, values, limit, title in ((one, maps[0], 2, "one"), (two, maps[1], 1, "two")):
        np.testing.assert_array_equal(axes.images[0].get_array(), values)
        assert axes.images[0].get_clim() == (-limit, limit) and axes.get_title() == title
        outline = np.concatenate([path.vertices for path in axes.collections[0].get_paths()])
        # Halfway between ink and paper, that is between the last row of paper and the first of ink.
        np.testing.assert_allclose([*outline.min(axis=0), *outline.max(axis=0)], [11.5, 9.5, 14.5, 19.5], atol=0.01)


def test_digit_scatter_draws_points_and_means(shown):
    points, labels = np.array([[0.0, 0], [2, 4], [5, 5]]), np.array([3, 3, 8])
    lk.plots.digit_scatter(points, labels, ("across", "up"))
    axes = shown[0][0].axes[0]
    threes, eights = axes.collections
    np.testing.assert_array_equal(threes.get_offsets(), points[:2])
    np.testing.assert_array_equal(eights.get_offsets(), points[2:])
    means = {text.get_text(): text.get_position() for text in axes.texts}
    assert means == {"3": (1, 2), "8": (5, 5)}
    for text, drawn in zip(axes.texts, (threes, eights), strict=True):  # a mean has the colour of its points
        np.testing.assert_allclose(to_rgb(text.get_color()), drawn.get_facecolor()[0][:3])
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("across", "up")


def test_points_without_labels_are_refused():
    with pytest.raises(ValueError, match=r"points must be \(n, 2\) and labels \(n,\), not \(3, 2\) and \(2,\)"):
        lk.plots.digit_scatter(np.zeros((3, 2)), [1, 2], ("x", "y"))
