"""What the layers do, and what answers hang on: rows of maps, errors by layer, clouds, tables, maps over a digit."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

import lenet_keras as lk


def test_rows_of_maps_share_one_scale_and_bear_their_names(shown):
    rows = [np.full((2, 3, 3), -4.0), np.ones((2, 3, 3))]
    lk.plots.map_rows(rows, ["trained", "fresh"], ["a", "b"])
    axes = shown[0][0].axes[:4]
    assert all(axis.images[0].get_clim() == (-4, 4) for axis in axes)
    np.testing.assert_array_equal(axes[2].images[0].get_array(), rows[1][0])
    assert [axis.get_ylabel() for axis in axes] == ["trained", "", "fresh", ""]
    assert [axis.get_title() for axis in axes] == ["a", "b", "", ""]


def test_rows_of_different_length_are_refused():
    with pytest.raises(ValueError, match=r"as many maps in each row.*\[2, 3\]"):
        lk.plots.map_rows([np.zeros((2, 3, 3)), np.zeros((3, 3, 3))], ["a", "b"])


def test_errors_by_layer_have_a_line_for_each_network(shown):
    lk.plots.layer_errors(["pixels", "C1"], {"fresh": [[20, 21], [20, 22]], "trained": [[20, 15]]})
    axes = shown[0][0].axes[0]
    assert [list(line.get_ydata()) for line in axes.lines] == [[20, 21], [20, 22], [20, 15]]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["fresh", "trained"]
    assert axes.get_yscale() == "log"


def test_clouds_draw_points_and_means_in_each_panel(shown):
    points, labels = np.array([[0.0, 0], [2, 4], [5, 5]]), np.array([3, 3, 8])
    lk.plots.clouds({"one": points, "two": points[::-1]}, labels)
    one, two = shown[0][0].axes
    threes, eights = one.collections
    np.testing.assert_array_equal(threes.get_offsets(), points[:2])
    np.testing.assert_array_equal(eights.get_offsets(), points[2:])
    assert {text.get_text(): text.get_position() for text in one.texts} == {"3": (1, 2), "8": (5, 5)}
    for text, drawn in zip(one.texts, (threes, eights), strict=True):  # a mean has the colour of its points
        np.testing.assert_allclose(to_rgb(text.get_color()), drawn.get_facecolor()[0][:3])
    assert (one.get_title(), two.get_title()) == ("one", "two")


def test_points_without_labels_are_refused():
    with pytest.raises(ValueError, match=r"points must be \(n, 2\) and labels \(n,\), not \(3, 2\) and \(2,\)"):
        lk.plots.clouds({"x": np.zeros((3, 2))}, [1, 2])


def test_a_table_of_shares_prints_each_number(shown):
    lk.plots.share_table([[0.4, 73.2], [100, 5]], ["a", "b"], [0, 1], "wrong")
    axes = shown[0][0].axes[0]
    assert [text.get_text() for text in axes.texts] == ["0", "73", "100", "5"]
    assert axes.get_title() == "wrong"


def test_damages_show_parts_controls_and_the_whole(shown):
    lk.plots.damages({"C1": ([[2, 3], [4, 5]], [[1], [9]], [1, 1.5])}, "% wrong")
    axes = shown[0][0].axes[0]
    values = [list(line.get_ydata()) for line in axes.lines]
    assert values == [[1], [2, 3], [9], [4, 5]]
    assert [segment[0][1] for lines in axes.collections for segment in lines.get_segments()] == [1, 1.5]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["a random direction", "one map", "nothing"]


def test_change_curves_show_means_and_spread(shown):
    lk.plots.change_curves([5, 10], {"a": [[1, 2], [3, 6]], "b": [[0, 0], [1, 1]]}, "deleted", "changed")
    axes = shown[0][0].axes[0]
    assert [list(line.get_ydata()) for line in axes.lines] == [[2, 4], [0.5, 0.5]]
    spread = axes.collections[0].get_paths()[0].vertices[:, 1]
    assert (spread.min(), spread.max()) == (1, 6)


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
