"""Deslanted digits and margins: what their figures show."""

import numpy as np
from sklearn.svm import SVC

import lenet_keras as lk
from lenet_keras.course import rivals


def test_deslanting_shows_both_rows_with_the_axis_and_the_frame(shown):
    images = np.full((2, 32, 32, 1), -0.1)
    images[:, 6:26, 14:18] = 1.175
    lk.plots.deslanting(images, images, [0.5, -1.0], "Two digits, their axes and frames.")
    figure, alt = shown[0]
    assert alt == "Two digits, their axes and frames." and len(figure.axes) == 4
    for axis, slant in zip(figure.axes, (0.5, -1.0, 0, 0), strict=True):
        [line] = axis.lines
        (x0, x1), (y0, y1) = line.get_data()
        assert (x1 - x0) / (y1 - y0) == slant
        assert (x0 + x1) / 2 == 15.5 and (y0 + y1) / 2 == 15.5  # through the middle of the ink
    frames = [axis.patches for axis in figure.axes]
    assert [len(each) for each in frames] == [0, 0, 1, 1]
    assert frames[2][0].get_bbox().bounds == (5.5, 5.5, 20, 20)
    assert [axis.get_title() for axis in figure.axes] == ["0.50", "-1.00", "", ""]


def test_margins_ring_the_support_vectors(shown):
    points = np.array([[0.0, 0], [0, 1], [3, 0], [3, 1], [-2, 0]])
    kinds = np.array([4, 4, 9, 9, 4])
    machines = {"hard": SVC(kernel="linear", C=1e3).fit(points, kinds)}
    lk.plots.margins(points, kinds, machines, "Five points and a strip.")
    figure, alt = shown[0]
    [axis] = figure.axes
    assert alt == "Five points and a strip." and axis.get_title() == "hard"
    groups, rings = axis.lines[:2], axis.lines[2]
    assert [line.get_label() for line in groups] == ["4", "9"] and len(groups[0].get_xdata()) == 3
    np.testing.assert_array_equal(np.stack(rings.get_data(), axis=1), machines["hard"].support_vectors_)
    assert -2 not in rings.get_xdata()


RECORD = {
    "settings": {"judged_digits": 200},
    "results": [
        {"rival": "m", "digits": "regular", "learned": "few", "seed": 1, "wrong": {"errors": 20}},
        {"rival": "m", "digits": "regular", "learned": "few", "seed": 0, "wrong": {"errors": 10}},
        {"rival": "m", "digits": "regular", "learned": "all", "seed": 0, "wrong": {"errors": 4}},
        {"rival": "m", "digits": "deslanted", "learned": "few", "seed": 0, "wrong": {"errors": 2}},
    ],
}


def test_the_record_is_read_by_machine_digits_and_seed(monkeypatch, capsys):
    paper = {"fig_9_test_error_in_percent": {"linear": 12.0}}
    monkeypatch.setattr(rivals, "load_record", {"machines": RECORD, "paper": paper}.get)
    np.testing.assert_allclose(rivals.errors("m", "regular"), [5, 10])
    np.testing.assert_allclose(rivals.errors("m", "regular", "all"), [2])
    assert not len(rivals.errors("m", "deslanted", "all"))
    rivals.summary("m", article=["linear"])
    first, second = capsys.readouterr().out.splitlines()
    assert first.split() == "m regular 7.5 ( 5.0 to 10.0), all 2.0; deslanted 1.0 ( 1.0 to 1.0)".split()
    assert second.strip() == "the article, linear: 12.0"
