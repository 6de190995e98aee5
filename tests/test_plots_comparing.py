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
