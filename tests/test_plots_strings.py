"""Strings of digits: the map of outputs under the image, and the share of strings read wrongly."""

import numpy as np

import lenet_keras as lk


def test_map_of_outputs_stands_under_the_middles_of_its_windows(shown):
    image = np.random.default_rng(0).uniform(-0.1, 1.175, (32, 44, 1))
    probabilities = np.eye(11)[[3, 10, 7, 7]]
    lk.plots.map_of_outputs(image, probabilities, centres=[17, 27])
    figure, alt = shown[0]
    above, below = figure.axes[:2]
    np.testing.assert_array_equal(above.images[0].get_array(), image[..., 0])
    np.testing.assert_array_equal(below.images[0].get_array(), probabilities.T)
    assert below.images[0].get_extent() == [14, 30, 10.5, -0.5]  # middles 16, 20, 24, 28
    answers = [(text.get_position()[0], text.get_text()) for text in above.texts]
    assert answers == [(16, "3"), (20, "·"), (24, "7"), (28, "7")]
    assert below.get_xlim() == (-0.5, 43.5) and "4 outputs" in alt
    assert [label.get_text() for label in below.get_yticklabels()][-1] == "blank"


def test_string_errors_are_shares_with_intervals(shown):
    cells = [{"digits": n, "strings": 200, "wrong": {"one way": w, "other": 0}} for n, w in ((5, 50), (2, 10))]
    lk.plots.string_errors(cells, ["one way", "other"], "digits", "digits in the string")
    axis = shown[0][0].axes[0]
    x, y = axis.lines[0].get_data()
    assert list(x) == [2, 5] and list(y) == [5, 25]
    low, high = lk.wilson_interval(50, 200)
    ends = {round(float(value), 6) for line in axis.lines for value in line.get_ydata()}
    assert {round(100 * low, 6), round(100 * high, 6)} <= ends
    assert axis.get_xlabel() == "digits in the string"


def test_strings_in_rows_share_one_scale(shown):
    images = [np.full((32, width, 1), -0.1) for width in (40, 64)]
    lk.plots.strings_in_rows(images, ["near", "far"])
    axes = shown[0][0].axes
    assert [axis.get_title(loc="left") for axis in axes] == ["near", "far"]
    assert {axis.get_xlim() for axis in axes} == {(-0.5, 63.5)}


def test_training_windows_have_their_middle_marked_and_their_class_above(shown):
    lk.plots.training_windows(np.zeros((3, 32, 32, 1)), np.array([7, 10, 0]))
    axes = shown[0][0].axes[:3]
    assert [axis.get_title() for axis in axes] == ["7", "blank", "0"]
    assert all(list(axis.lines[0].get_xdata()) == [16, 16] for axis in axes)


def test_lost_elevens_has_a_dot_for_each_network(shown):
    runs = [
        {"close": close, "passes": {each: {"elevens_collapsed_wrong": 50 + seed - 40 * close} for each in "124"}}
        for seed in range(3)
        for close in (False, True)
    ]
    lk.plots.lost_elevens(runs, 200)
    axis = shown[0][0].axes[0]
    before, after = (line.get_ydata() for line in axis.lines)
    assert sorted(set(before)) == [25, 25.5, 26] and sorted(set(after)) == [5, 5.5, 6] and len(before) == 9
    assert [label.get_text()[0] for label in axis.get_xticklabels()] == ["1", "2", "4"]
