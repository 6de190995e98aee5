"""Comparing networks: what the dots and bars of pairs show."""

import lenet_keras as lk


def test_paired_differences_tell_help_from_harm_and_from_luck(shown):
    differences = {"helps": [-2.0, -1.0], "luck": [-1.0, 1.0], "harms": [1.0, 3.0]}
    intervals = {"helps": (-2.5, -0.5), "luck": (-3.0, 3.0), "harms": (0.5, 3.5)}
    lk.plots.paired_differences(differences, intervals, "Three changes, two pairs each.")
    figure, alt = shown[0]
    [axis] = figure.axes
    zero, *rest = axis.lines
    assert list(zero.get_xdata()) == [0, 0] and alt == "Three changes, two pairs each."
    bars, dots = rest[::2], rest[1::2]
    assert [tuple(bar.get_xdata()) for bar in bars] == list(intervals.values())
    assert [list(each.get_xdata()) for each in dots] == list(differences.values())
    assert [label.get_text() for label in axis.get_yticklabels()] == list(differences)
    assert len({each.get_color() for each in dots}) == 3
    assert axis.yaxis_inverted()  # the first row is at the top


def test_scattered_curves_have_a_dot_for_each_value_and_a_line_through_the_medians(shown):
    curves = {"one": {0.1: [1.0, 2.0, 30.0], 0.2: [4.0, 5.0, 6.0]}, "other": {0.1: [7.0]}}
    lk.plots.scattered_curves(curves, "Two curves over two rates.", "rate", "error (%)", logarithmic_x=True)
    figure, alt = shown[0]
    [axis] = figure.axes
    line, first, second, other, _ = axis.lines
    assert alt == "Two curves over two rates." and list(line.get_ydata()) == [2.0, 5.0]
    assert list(first.get_ydata()) == [1.0, 2.0, 30.0] and list(second.get_xdata()) == [0.2] * 3
    assert list(other.get_ydata()) == [7.0] and line.get_color() != other.get_color()
    assert (axis.get_xscale(), axis.get_yscale(), axis.get_xlabel()) == ("log", "log", "rate")
    assert [text.get_text() for text in axis.get_legend().get_texts()] == ["one", "other"]
