"""The drawing of the windows within one window."""

import lenet_keras as lk


def test_every_window_lies_within_the_dashed_one(shown):
    lk.plots.windows_within(5, 2, "Four windows within one.")
    figure, alt = shown[0]
    [axis] = figure.axes
    *windows, whole = axis.patches
    assert len(windows) == 4 and alt == "Four windows within one."
    assert (whole.get_x(), whole.get_y(), whole.get_width()) == (1, 1, 6)
    corners = {(int(each.get_x()), int(each.get_y())) for each in windows}
    assert corners == {(1, 1), (2, 1), (1, 2), (2, 2)} and len({each.get_edgecolor() for each in windows}) == 4
    assert all(each.get_x() + each.get_width() < 7 and 4 < each.get_width() < 5 for each in windows)
