"""Trainings by right and spoiled passes, drawn."""

import numpy as np

import lenet_keras as lk


def test_pass_curves(shown):
    errors = {"right": np.array([[90.0, 10, 4], [80, 12, 5]]), "no flip": np.array([[90.0, 20, 7]] * 2)}
    lk.plots.pass_curves(250, errors, alt="Two passes, the right one lower.")
    figure, _ = shown[0]
    (axis,) = figure.axes
    first, second = axis.get_lines()
    np.testing.assert_allclose(first.get_xdata(), [0, 250, 500])
    np.testing.assert_allclose(first.get_ydata(), [85, 11, 4.5])
    assert second.get_label() == "no flip" and axis.get_yscale() == "log"


def test_array_errors(shown):
    cases = {"A": {"C1 kernel": 3.0, "C1 bias": 0.0}, "B": {"C1 kernel": 0.0, "C1 bias": 0.2}}
    lk.plots.array_errors(cases, alt="Two panels, each with one wrong array.")
    figure, _ = shown[0]
    for axis, wrong in zip(figure.axes, (0, 1), strict=True):
        marks = [line.get_marker() for line in axis.get_lines()]
        assert marks == ["x" if row == wrong else "o" for row in (0, 1)]
        assert min(float(line.get_xdata()[0]) for line in axis.get_lines()) > 0
