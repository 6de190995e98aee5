"""What the file of digits betrays: what is drawn is what was given."""

import numpy as np

import lenet_keras as lk


def test_slants_along_the_file_are_means_of_so_many_digits_in_degrees(shown):
    kinds = {"even": np.array([1.0, 1.0, 0.0, 0.0, 9.0]), "odd": np.array([0.0, 2.0, -1.0, -1.0])}
    even, odd = lk.plots.slants_along_the_file(kinds, 2, "Two lines.")
    np.testing.assert_allclose([even, odd], [[45, 0], [45, -45]])  # the last, alone, is left out
    figure, alt = shown[0]
    (axes,) = figure.axes
    assert alt == "Two lines." and axes.get_ylabel() == "mean slant (degrees)"
    assert [line.get_label() for line in axes.lines] == ["even", "odd"]
    np.testing.assert_allclose(axes.lines[1].get_xydata(), [(0, 45), (4, -45)])


def test_grey_counts_leave_paper_and_full_ink_out_and_mark_what_is_asked_for(shown):
    counts = np.arange(256) * 1000
    lk.plots.grey_counts(counts, {"fourths": [64, 128], "ninths": [28]}, "Counts.")
    (axes,) = shown[0][0].axes
    curve, fourths, ninths = axes.lines
    np.testing.assert_array_equal(curve.get_xydata(), np.stack([np.arange(10, 246)] * 2, axis=1))
    assert list(fourths.get_xdata()) == [64, 128] and list(ninths.get_xdata()) == [28]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["fourths", "ninths"]
