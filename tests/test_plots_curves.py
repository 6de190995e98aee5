"""Curves and dots of repeated measurements: means, ranges, and every dot."""

import numpy as np

import lenet_keras as lk


def test_a_curve_is_the_mean_and_its_band_the_range(shown):
    runs = np.array([[1.0, 2.0, 6.0], [3.0, 4.0, 0.0]])
    lk.plots.curves_with_bands([0, 1, 2], {"a": runs, "b": 2 * runs}, "x", "y", alt="Two curves.")
    (axis,) = shown[0][0].axes
    assert [line.get_ydata().tolist() for line in axis.lines] == [[2, 3, 3], [4, 6, 6]]
    corners = axis.collections[0].get_paths()[0].vertices
    assert corners[:, 1].min() == 0 and corners[:, 1].max() == 6
    assert [text.get_text() for text in axis.get_legend().texts] == ["a", "b"]


def test_every_number_is_a_dot(shown):
    lk.plots.dots_by_row({"one": {"a": [1, 2], "b": [5]}, "two": {"a": [3, 3], "b": [4]}}, "error", alt="Dots.")
    first, second = shown[0][0].axes
    assert [line.get_xdata().tolist() for line in first.lines] == [[1, 2], [1.5, 1.5], [5], [5, 5]]
    assert [label.get_text() for label in first.get_yticklabels()] == ["a", "b"]
    assert second.get_title() == "two" and first.get_ylim()[0] > first.get_ylim()[1]  # the first row is on top


def test_every_function_has_its_slope_beside_it(shown):
    x = np.array([-1.0, 0.0, 1.0])
    lk.plots.curves_and_slopes(x, {"square": (x**2, 2 * x), "line": (x, x * 0 + 1)}, alt="Two functions.")
    square, line = shown[0][0].axes
    assert [each.get_ydata().tolist() for each in square.lines] == [[1, 0, 1], [-2, 0, 2]]
    assert [text.get_text() for text in line.get_legend().texts] == ["line(a)", "its slope"]


def test_paths_begin_before_the_first_step(shown):
    lk.plots.paths_over_steps({"short": [0.1, 0.5], "long": [-1, -1, 0, 0.5]}, alt="Two paths.")
    (axis,) = shown[0][0].axes
    assert [len(line.get_ydata()) for line in axis.lines] == [2, 4] and axis.get_xscale() == "log"
    assert [text.get_text() for text in axis.get_legend().texts] == ["short", "long"]
