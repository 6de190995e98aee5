"""Rates of every weight, and units over updates: what the strips and lines show."""

import numpy as np
import pytest

import lenet_keras as lk


def test_a_strip_holds_its_array_from_end_to_end(shown):
    rates = {"few": np.array([0.002, 0.001]), "many": np.linspace(0.01, 0.02, 30_000).reshape(3, -1)}
    lk.plots.rate_strips(rates, (0.0015, 0.016), "Two strips of rates, and a band.")
    figure, alt = shown[0]
    [axis] = figure.axes
    few, few_median, many, many_median = axis.lines
    assert sorted(few.get_xdata()) == [0.001, 0.002] and list(few_median.get_xdata()) == [0.0015] * 2
    assert (min(many.get_xdata()), max(many.get_xdata())) == (0.01, 0.02) and len(many.get_xdata()) == 2000
    assert many_median.get_xdata()[0] == pytest.approx(0.015)
    assert axis.get_xscale() == "log" and axis.yaxis_inverted()
    assert [label.get_text() for label in axis.get_yticklabels()] == list(rates)
    [band] = axis.patches
    assert (band.get_x(), band.get_x() + band.get_width()) == (0.0015, 0.016) and alt.startswith("Two strips")


def test_units_have_a_line_each_and_the_limit_two(shown):
    outputs = np.random.default_rng(0).normal(size=(31, 5))
    lk.plots.units_over_updates({"one": outputs, "other": -outputs}, 1.7, "Two panels with five lines each.")
    figure, _ = shown[0]
    first, second = figure.axes
    assert [axis.get_title() for axis in (first, second)] == ["one", "other"]
    ends = [line.get_ydata()[-1] for line in first.lines[:5]]
    assert ends == sorted(outputs[-1]) and len(first.lines) == 7
    assert [line.get_ydata()[0] for line in first.lines[5:]] == [-1.7, 1.7]


def test_errors_by_rate_count_the_rates_from_the_middle_one(shown):
    curves = {"one": {0.1: [1.0, 2.0, 30.0], 0.2: [4.0, 5.0, 6.0], 0.4: [7.0, 8.0, 9.0]}, "other": {5: [9.5]}}
    lk.plots.errors_by_rate(curves, "Two ways over rates.")
    figure, alt = shown[0]
    [axis] = figure.axes
    line, first = axis.lines[:2]
    assert alt == "Two ways over rates." and list(line.get_ydata()) == [2.0, 5.0, 8.0]
    assert list(line.get_xdata()) == [-1, 0, 1] and list(first.get_ydata()) == [1.0, 2.0, 30.0]
    assert [label.get_text() for label in axis.get_xticklabels()][1] == "the middle rate"
    assert [text.get_text() for text in axis.get_legend().get_texts()] == ["one", "other"]
