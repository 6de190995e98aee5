"""Training and judging: what the curves, bars and cells show, against values worked out here."""

import math

import matplotlib.pyplot as plt
import numpy as np
import pytest

import lenet_keras as lk
from lenet_keras.course.plots.judging import reliability_figure


def test_confusion_matrix_has_labels_in_rows_and_leaves_zeros_empty(shown):
    matrix = np.array([[50, 3, 0], [0, 60, 1], [2, 0, 40]])
    lk.plots.confusion_matrix(matrix)
    axis = shown[0][0].axes[0]
    np.testing.assert_array_equal(axis.images[0].get_array(), matrix)
    found = {text.get_position(): text.get_text() for text in axis.texts}  # by (answer, label)
    assert found == {(0, 0): "50", (1, 0): "3", (1, 1): "60", (2, 1): "1", (0, 2): "2", (2, 2): "40"}
    assert (axis.get_xlabel(), axis.get_ylabel()) == ("answer", "label")
    colours = {text.get_text(): text.get_color() for text in axis.texts}
    assert colours["60"] == "white" and colours["1"] == "black"  # to be read on dark and on light


def test_confusion_matrix_of_shares(shown):
    lk.plots.confusion_matrix([[99.04, 0.96], [0.0, 100.0]], unit="% of the label")
    figure, alt = shown[0]
    assert [text.get_text() for text in figure.axes[0].texts] == ["99.0", "1.0", "100.0"]
    assert figure.axes[1].get_ylabel() == "% of the label" and "% of the label" in alt


def test_a_matrix_that_is_not_square_is_refused():
    with pytest.raises(ValueError, match=r"square, but the shape is \(2, 3\)"):
        lk.plots.confusion_matrix(np.zeros((2, 3)))


def wilson(right, count, z=1.959964):
    """The ends of the 95 % interval: the shares p for which right/count is z standard errors away."""
    share, shrunk = right / count, 1 + z * z / count
    middle = (share + z * z / (2 * count)) / shrunk
    reach = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / shrunk
    return middle - reach, middle + reach


def test_reliability_draws_shares_with_intervals_and_counts(shown):
    lk.plots.reliability([0.55, 0.7, 0.95], [0.5, np.nan, 0.9], [10, 0, 200])
    above, below = shown[0][0].axes
    _, points = above.lines[:2]
    np.testing.assert_allclose(points.get_xydata(), [[55, 50], [95, 90]])  # the empty group is left out
    (bars,) = [collection for collection in above.collections if collection.get_paths()]
    ends = [path.vertices[:, 1].tolist() for path in bars.get_paths()]
    wanted = 100 * np.array([wilson(5, 10), wilson(180, 200)])
    np.testing.assert_allclose(np.sort(ends), wanted, atol=1e-3)
    assert [bar.get_height() for bar in below.patches] == [10, 200]
    assert [text.get_text() for text in below.texts] == ["10", "200"]
    diagonal = above.lines[0].get_xydata()
    assert diagonal.tolist() == [[0, 0], [100, 100]]


def test_reliability_of_a_student_has_their_words():
    figure = reliability_figure([0.5, 0.9], [0, 1], [2, 1], "Ana", ("guesses", "that were good", "hope"))
    above, below = figure.axes
    assert (above.get_ylabel(), below.get_ylabel()) == ("guesses that were good (%)", "guesses")
    assert below.get_xlabel() == "hope (%)" and below.get_yscale() == "linear"
    assert [text.get_text() for text in above.get_legend().get_texts()] == ["as sure as it should be", "Ana"]
    plt.close(figure)


def test_rejection_curve_marks_where_the_target_is_reached(shown):
    confidence = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    wrong = np.array([False, False, False, True, True])
    probabilities = np.column_stack([confidence, 1 - confidence])
    labels = np.where(wrong, 1, 0)
    curve = lk.rejection_curve(probabilities, labels)
    lk.plots.rejection_curve({"all": curve}, target=0.25, until=0.8)
    axis = shown[0][0].axes[0]
    line, dot, target = axis.lines
    assert line.get_drawstyle() == "steps-post"  # an error holds until the next digit is refused
    # Refusing the least sure 0, 1, 2 ... of five: errors 2/5, 1/4, 0/3 ...
    by_share = dict(zip(np.round(line.get_xdata()).tolist(), line.get_ydata().tolist(), strict=True))
    for refused, error in ((0, 40), (20, 25), (40, 0), (60, 0)):
        assert by_share[refused] == pytest.approx(error)
    assert dot.get_xydata().tolist() == [[pytest.approx(20), pytest.approx(25)]]
    assert set(target.get_ydata()) == {25} and axis.get_xlim() == (0, 80)
    assert [text.get_text() for text in axis.texts] == ["25 %"]
