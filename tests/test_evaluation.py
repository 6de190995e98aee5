"""Error rates, intervals, mistakes and rejection against counting by hand."""

import math
import statistics

import numpy as np
import pytest

import lenet_keras as lk


@pytest.mark.parametrize("errors, total, low, high", [
    # By hand from Wilson's formula with z = 1.959964, to four digits.
    (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (5, 10, 0.2366, 0.7634), (95, 10000, 0.0078, 0.0116),
    (np.int32(2_000_000_000), 2.1e9, 0.9524, 0.9524),
])  # fmt: skip
def test_wilson_interval(errors, total, low, high):
    found = lk.wilson_interval(errors, total)
    assert found == pytest.approx((low, high), abs=6e-5)


def test_wilson_bounds_solve_the_score_equation():
    """The bounds are the shares p at which |errors/total − p| is z standard deviations of a share p."""
    z = statistics.NormalDist().inv_cdf(0.975)
    for errors, total in ((1, 7), (95, 10000), (300, 360)):
        for p in lk.wilson_interval(errors, total):
            assert abs(errors / total - p) == pytest.approx(z * math.sqrt(p * (1 - p) / total), rel=1e-9)


@pytest.mark.parametrize("errors, total", [(-1, 10), (11, 10), (0, 0), (0.5, 10), (math.nan, 10), (1, math.inf)])
def test_impossible_counts(errors, total):
    with pytest.raises(ValueError, match=f"not {errors} of {total}"):
        lk.wilson_interval(errors, total)


def test_error_rate_and_its_words():
    labels, answers = np.zeros(10000, int), np.zeros(10000, int)
    answers[:95] = 1
    result = lk.error_rate(labels, answers)
    assert (result.errors, result.total, result.rate) == (95, 10000, 0.0095)
    assert str(result) == "0.95 % error (95 of 10,000), 95 % interval 0.78 to 1.16 %"


@pytest.mark.parametrize("labels, answers", [([1, 2], [1]), ([], []), ([[1]], [[1]])])
def test_error_rate_refuses(labels, answers):
    with pytest.raises(ValueError, match=r"shape \(n,\)"):
        lk.error_rate(labels, answers)


def test_probabilities_against_softmax_by_hand(bundled):
    model = lk.lenet5()
    images = bundled.x_test[:7]
    logits = model(images).numpy().astype("float64")
    expected = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    found = lk.probabilities(model, images)
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_probabilities_of_huge_logits_are_finite(bundled):
    model = lk.lenet5()
    model.set_weights([1000 * w for w in model.get_weights()])
    found = lk.probabilities(model, bundled.x_test[:5])
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found.sum(1), 1, atol=1e-5)


@pytest.mark.parametrize("images, words", [
    (np.zeros((2, 28, 28, 1)), "2×28×28×1"), (np.zeros((32, 32, 1)), "32×32×1"), (np.zeros((0, 32, 32, 1)), "0×32"),
    (np.full((1, 32, 32, 1), np.nan), "not finite"),
])  # fmt: skip
def test_probabilities_refuse(images, words):
    with pytest.raises(ValueError, match=words):
        lk.probabilities(lk.lenet5(), images)


# Confidence, answer and label of five digits; the second and the fourth are mistakes.
PROBABILITIES = np.array([[0.9, 0.1], [0.3, 0.7], [0.45, 0.55], [0.8, 0.2], [0.02, 0.98]])
LABELS = np.array([0, 0, 1, 1, 1])


def test_most_confident_mistakes():
    assert lk.most_confident_mistakes(PROBABILITIES, LABELS).tolist() == [3, 1]
    assert lk.most_confident_mistakes(PROBABILITIES, LABELS, count=1).tolist() == [3]


def test_rejection_curve_by_hand():
    """In the order of confidence: 0.55 right, 0.7 wrong, 0.8 wrong, 0.9 right, 0.98 right."""
    curve = lk.rejection_curve(PROBABILITIES, LABELS)
    np.testing.assert_allclose(curve.rejected, [0, 0.2, 0.4, 0.6, 0.8])
    np.testing.assert_allclose(curve.error, [2 / 5, 2 / 4, 1 / 3, 0, 0])
    np.testing.assert_allclose(curve.threshold, [0.55, 0.7, 0.8, 0.9, 0.98])
    assert curve.reach(0.4) == 0
    assert curve.reach(0.35) == pytest.approx(0.4)
    assert curve.reach(0.0) == pytest.approx(0.6)


def test_rejection_of_equal_confidence_is_all_or_none():
    probabilities = np.array([[0.6, 0.4], [0.6, 0.4], [0.6, 0.4], [0.9, 0.1]])
    curve = lk.rejection_curve(probabilities, np.array([0, 1, 0, 0]))
    np.testing.assert_allclose(curve.rejected, [0, 0.75])
    np.testing.assert_allclose(curve.error, [0.25, 0])


def test_an_error_that_no_rejection_reaches():
    curve = lk.rejection_curve(np.array([[0.9, 0.1], [0.6, 0.4]]), np.array([1, 0]))
    assert curve.reach(0.1) == 1.0


@pytest.mark.parametrize("function", [lk.most_confident_mistakes, lk.rejection_curve])
@pytest.mark.parametrize(
    "p, labels", [(PROBABILITIES, LABELS[:3]), (PROBABILITIES[0], LABELS), (PROBABILITIES[:0], [])]
)
def test_shapes_that_do_not_fit(function, p, labels):
    with pytest.raises(ValueError, match="must have shape"):
        function(p, labels)
