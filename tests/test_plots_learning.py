"""Learning while it happens, and numbers that depend on luck: what is drawn is what was given."""

import numpy as np

import lenet_keras as lk


def test_a_live_curve_is_drawn_anew_in_its_place(monkeypatch):
    published = []
    monkeypatch.setattr("IPython.display.display", lambda data, **options: published.append((data, options)))
    first, second = lk.plots.LiveCurve("It falls."), lk.plots.LiveCurve("Another.")
    first.add(0, 93.7)
    first.add(64, 70.0)
    second.add(0, 90.0)
    places = [options["display_id"] for _, options in published]
    assert places[0] == places[1] != places[2]
    assert [options["update"] for _, options in published] == [False, True, False]
    assert [data["text/plain"] for data, _ in published] == ["It falls.", "It falls.", "Another."]
    assert published[0][0]["image/png"] != published[1][0]["image/png"]


def test_a_live_curve_holds_all_points_and_names_the_last(shown):
    curve = lk.plots.LiveCurve("It falls.", end=40_000)
    for digits, error in [(0, 93.7), (64, 71.25), (320, 50.1)]:
        curve.add(digits, error)
    axes = shown[-1][0].axes[0]
    np.testing.assert_array_equal(axes.lines[1].get_xydata(), [(0, 93.7), (64, 71.25), (320, 50.1)])
    assert [text.get_text() for text in axes.texts] == ["a guess", "50.1 %"]
    assert list(axes.lines[0].get_ydata()) == [90, 90]
    assert axes.get_xticklabels()[-1].get_text() == "40,000"


def test_dots_in_rows(shown):
    lk.plots.dots_in_rows({"networks": [83, 95.5], "guesses": [90, 91, 89]}, "wrong (%)", "Two rows.", line=90)
    figure, alt = shown[0]
    (axes,) = figure.axes
    assert alt == "Two rows." and axes.get_xlabel() == "wrong (%)"
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names == ["guesses", "networks"]  # the first row is on top
    rows = {int(line.get_ydata()[0]): list(line.get_xdata()) for line in axes.lines[1:]}
    assert rows == {0: [90, 91, 89], 1: [83, 95.5]} and list(axes.lines[0].get_xdata()) == [90, 90]
