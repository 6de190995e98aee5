"""Curves by name and a plane of weights: what stands in the figures."""

import numpy as np
import pytest

import lenet_keras as lk


def test_curves_draw_lines_marks_and_bands(shown):
    runs = np.array([[1.0, 2.0, 3.0], [3.0, 2.0, 5.0]])
    named = {"mean": ([1, 2, 3], runs), "plain": ([1, 2], [4.0, 5.0]), "point": (2, 7.0)}
    lk.plots.curves(named, "x", "loss", alt="Three curves.", log="y", level=(2.3, "nothing"))
    figure, alt = shown[0]
    axis = figure.axes[0]
    lines = {line.get_label(): line for line in axis.lines}
    np.testing.assert_array_equal(lines["mean"].get_ydata(), [2, 2, 4])
    np.testing.assert_array_equal(lines["plain"].get_ydata(), [4, 5])
    assert lines["point"].get_marker() == "D" and len(axis.collections) == 1
    assert alt == "Three curves." and axis.get_yscale() == "log" and axis.get_xscale() == "linear"
    assert [text.get_text() for text in axis.texts] == ["nothing"]
    assert axis.xaxis.label.get_size() >= 12


def test_the_surface_holds_the_three_places(shown):
    """On a quadratic loss of the weights, which is known everywhere."""
    start, middle, end = ([np.array([a, b]), np.array([[c]])] for a, b, c in ((0, 0, 0), (1, 1, 0), (2, 0, 0)))
    calls = []

    def loss_at(weights):
        calls.append(weights)
        return float((weights[0] ** 2).sum())

    along, across, losses = lk.plots.loss_surface(loss_at, start, middle, end, alt="A bowl.", steps=(6, 5))
    wanted = (2 * along[np.newaxis]) ** 2 + (2 * across[:, np.newaxis]) ** 2
    np.testing.assert_allclose(losses, wanted, atol=1e-12)
    assert len(calls) == 30 and calls[0][1].shape == (1, 1)
    assert shown[0][1] == "A bowl." and [line.get_label() for line in shown[0][0].axes[0].lines][0] == "start"


def test_an_axis_that_is_none_is_refused():
    with pytest.raises(AttributeError):
        lk.plots.curves({"a": ([1], [2])}, "x", "y", alt="Nothing.", log="z")


def test_the_three_errors_are_what_the_exercise_says(shown):
    """32 bits are the worst at small steps; both sides fall a hundredfold where one side falls tenfold."""
    lk.plots.step_errors()
    a, b, c = (line.get_ydata() for line in shown[0][0].axes[0].lines)
    assert a[2] > 100 * b[2] and c.min() < b.min() < a.min()
    np.testing.assert_allclose([b[-1] / b[-2], c[-1] / c[-2]], [10, 100], rtol=0.2)


def test_the_three_descents_are_what_the_exercise_says(shown):
    """0.21 is too large for the steep direction; 0.15 is faster than 0.02 along the flat one."""
    lk.plots.descents_in_a_bowl()
    a, b, c = (line.get_ydata() for line in shown[0][0].axes[0].lines)
    assert a[0] == b[0] == c[0] and a[-1] > a[0] > b[-1] > 10 * c[-1]
    flat = 0.5 * 4.5**2 * np.array([0.98**50, 0.85**50])  # what the flat direction leaves after 25 steps
    np.testing.assert_allclose([b[-1], c[-1]], flat, rtol=0.01)
