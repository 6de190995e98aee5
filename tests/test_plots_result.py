"""Figures of the result of 1998: every mean, band, dot and printed figure is where it should be."""

import numpy as np

import lenet_keras as lk


def test_errors_by_pass_are_means_bands_and_printed_figures(shown):
    runs = np.array([[4.0, 2.0, 1.0], [2.0, 2.0, 0.5]])
    lk.plots.errors_by_pass({"test": runs, "training": runs / 2}, {"printed": (2, 3, 0.95)}, alt="Two curves.")
    (axis,) = shown[0][0].axes
    assert [line.get_ydata().tolist() for line in axis.lines] == [[3, 2, 0.75], [1.5, 1, 0.375], [0.95, 0.95]]
    assert axis.lines[0].get_xdata().tolist() == [1, 2, 3] and list(axis.lines[2].get_xdata()) == [2, 3]
    band = axis.collections[0].get_paths()[0].vertices[:, 1]
    assert (band.min(), band.max()) == (0.5, 4)
    assert [text.get_text() for text in axis.get_legend().texts] == ["test", "training", "printed"]


def test_errors_by_size_have_a_dot_for_each_seed(shown):
    lk.plots.errors_by_size({"test": {60_000: [1.0, 0.8], 15_000: [1.6, 1.4]}}, alt="A falling line.")
    (axis,) = shown[0][0].axes
    mean, *dots = axis.lines
    assert list(mean.get_xdata()) == [15, 60]
    np.testing.assert_allclose(mean.get_ydata(), [1.5, 0.9])
    assert [list(each.get_ydata()) for each in dots] == [[1.6, 1.4], [1.0, 0.8]]
    assert axis.get_xlim() == (0, 100) and axis.get_ylim() == (0, 2.2)
    assert [text.get_text() for text in axis.get_legend().texts] == ["test"]


def test_runs_stand_on_the_range_of_the_others(shown):
    lk.plots.ranges_and_runs({"seeds": ([1.0, 0.8], [1.0, 0.8]), "another": ([1.3], [1.0, 0.8])}, alt="Two rows.")
    (axis,) = shown[0][0].axes
    assert [list(line.get_xdata()) for line in axis.lines] == [[0.8, 1.0], [1.0, 0.8], [0.8, 1.0], [1.3]]
    assert [list(line.get_ydata()) for line in axis.lines[2:]] == [[1, 1], [1]]
    assert [label.get_text() for label in axis.get_yticklabels()] == ["seeds", "another"]
    assert axis.get_ylim()[0] > axis.get_ylim()[1]  # the first row is on top
