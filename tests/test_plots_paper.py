"""Pages of digits, and the choice of a threshold, drawn."""

import numpy as np

import lenet_keras as lk


def test_each_page_has_its_title_and_its_own_brightness(shown):
    lk.plots.grey_pictures([np.full((4, 9), 200), np.full((5, 5), 0.5)], ["a", "b"], "Two pictures.")
    figure, alt = shown[0]
    axes = [axis for axis in figure.axes if axis.images]
    assert alt == "Two pictures." and [axis.get_title() for axis in axes] == ["a", "b"]
    assert [axis.images[0].get_clim() for axis in axes] == [(0, 255), (0, 1)]


def test_boxes_lie_around_the_digits(shown):
    page = lk.paper.photographed_page("27", seed=1)
    found = lk.ink.separate(page)
    lk.plots.page_with_boxes(page, found, [2, 7], "A page.")
    axis = shown[0][0].axes[0]
    assert [text.get_text() for text in axis.texts] == ["2", "7"]
    for patch, digit in zip(axis.patches, found, strict=True):
        top, left, bottom, right = digit.box
        assert patch.get_xy() == (left - 3, top - 3)
        assert (patch.get_width(), patch.get_height()) == (right - left + 6, bottom - top + 6)


def test_the_chosen_threshold_is_marked_in_both_panels(shown):
    lk.plots.threshold_choice(np.linspace(0, 1, 50), ([0, 0.5, 1], [0, 2, 0]), 0.5, "A choice.")
    above, below = shown[0][0].axes
    assert above.get_yscale() == "log"
    assert [axis.lines[-1].get_xdata()[0] for axis in (above, below)] == [0.5, 0.5]
