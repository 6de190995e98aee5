"""Training and judging: what the curves, bars and cells show, against values worked out here."""

import math

import matplotlib.pyplot as plt
import numpy as np
import pytest

import lenet_keras as lk
from lenet_keras.course.plots.judging import reliability_figure


def test_confusions_are_shares_of_rows_and_of_columns_without_the_diagonal(shown):
    lk.plots.confusions([[50, 3, 0], [0, 60, 1], [2, 0, 40]])
    by_label, by_answer = shown[0][0].axes
    found = {text.get_position(): text.get_text() for text in by_label.texts}  # by (answer, label)
    assert found == {(1, 0): "5.7", (2, 1): "1.6", (0, 2): "4.8"}  # of 53, 61, 42
    found = {text.get_position(): text.get_text() for text in by_answer.texts}
    assert found == {(1, 0): "4.8", (2, 1): "2.4", (0, 2): "3.8"}  # of 63, 41, 52
    assert (by_label.get_xlabel(), by_label.get_ylabel()) == ("answer", "label")
    colours = {text.get_text(): text.get_color() for text in by_label.texts}
    assert colours["5.7"] == "white" and colours["1.6"] == "black"  # to be read on dark and on light
    lk.plots.confusions([[5, 0], [0, 0]])
    assert not shown[1][0].axes[0].texts  # without mistakes, and with a class that nobody has


def test_a_matrix_that_is_not_square_is_refused():
    with pytest.raises(ValueError, match=r"square, but the shape is \(2, 3\)"):
        lk.plots.confusions(np.zeros((2, 3)))


def test_marked_digits_have_a_thick_frame(shown):
    lk.plots.marked_digits(np.zeros((3, 32, 32, 1)), ["4 → 6", "b", "c"], [False, True, False], "Three.", columns=2)
    figure, alt = shown[0]
    assert [axis.get_title() for axis in figure.axes] == ["4 → 6", "b", "c", ""] and alt == "Three."
    widths = [axis.spines["left"].get_linewidth() for axis in figure.axes[:3]]
    assert widths[1] > 3 > widths[0] == widths[2]


def test_a_histogram_of_whole_numbers_has_a_bar_for_each(shown):
    lk.plots.histogram([3, 3, 5], "errors", "Counts.", band=(3, 4), whole=True)
    lk.plots.histogram([-9.5, -8.0, -7.0], "fit", "Fits.", mark=(-2, "printed"))
    first, second = (figure.axes[0] for figure, _ in shown)
    assert [bar.get_height() for bar in first.patches[:3]] == [2, 0, 1] and first.get_xlabel() == "errors"
    assert [text.get_text() for text in second.get_legend().get_texts()] == ["printed"]
    assert set(second.lines[0].get_xdata()) == {-2}


def test_candidates_say_yes_inside_the_band(shown):
    low, high = lk.wilson_interval(3, 200)
    lk.plots.candidates(3, 200, (low, high), "A band.")
    axis = shown[0][0].axes[0]
    _, yes = axis.lines
    np.testing.assert_allclose(yes.get_xydata(), [[100 * low, 1.5], [100 * high, 1.5]])
    edges = axis.collections[0].get_paths()[0].vertices
    at_the_end = edges[np.abs(edges[:, 0] - 100 * high).argsort()[:4], 1]
    assert np.abs(at_the_end - 1.5).min() < 0.05  # the count lies on the band's edge there


def test_promises_are_drawn_for_each_rule(shown):
    lk.plots.promises([50, 500], {"plain": [40, 90], "Wilson": [97, 95]}, "Two curves.")
    axis = shown[0][0].axes[0]
    assert [line.get_ydata().tolist() for line in axis.lines[:2]] == [[40, 90], [97, 95]]
    assert set(axis.lines[2].get_ydata()) == {95} and axis.get_xscale() == "log"


def wilson(right, count, z=1.959964):
    """The ends of the 95 % interval: the shares p for which right/count is z standard errors away."""
    share, shrunk = right / count, 1 + z * z / count
    middle = (share + z * z / (2 * count)) / shrunk
    reach = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / shrunk
    return middle - reach, middle + reach


def test_reliability_draws_shares_with_intervals_and_counts():
    figure = reliability_figure([0.55, 0.7, 0.95], [0.5, np.nan, 0.9], [10, 0, 200])
    above, below = figure.axes
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
    plt.close(figure)


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


def test_doubts_are_drawn_beside_what_was_counted(shown):
    lk.plots.doubts({"before": [(100, 0.01, 2), (50, 0.2, 0)], "after": [(10, 0.5, 5)]}, "Groups.")
    axis = shown[0][0].axes[0]
    _, *lines = axis.lines
    bars, points = lines[::2], lines[1::2]
    assert bars[0].get_xydata().tolist() == [[1, pytest.approx(100 * wilson(2, 100)[0], abs=1e-3)]] + [
        [1, pytest.approx(100 * wilson(2, 100)[1], abs=1e-3)]
    ]
    shares = [point.get_ydata()[0] for point in points]
    assert shares[0] == 2 and np.isnan(shares[1]) and shares[2] == 50  # no error: no point on a logarithmic axis
    names = [text.get_text() for text in axis.get_legend().get_texts()]
    assert names == ["as good as its word", "before", "after"]
