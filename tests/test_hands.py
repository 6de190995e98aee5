"""Drawn hands: every style draws every digit, on the paper, and rare forms are harder to read."""

import numpy as np
import pytest

import lenet_keras as lk
from lenet_keras import pages
from lenet_keras.course import hands


@pytest.mark.parametrize("style", [*hands.STYLES, *hands.UNUSUAL])
def test_every_digit_is_drawn_on_the_paper(style):
    found = hands.drawings(style, times=2)
    assert [digit for digit, _ in found] == [digit for digit in range(10) for _ in range(2)]
    for (_, first), (_, second) in zip(found[::2], found[1::2], strict=True):
        points = [np.concatenate(strokes) for strokes in (first, second)]
        assert all((each >= 0).all() and (each <= 1).all() for each in points)
        assert 0.001 < np.abs(points[0] - points[1]).mean() < 0.1  # it trembles, and is still the same digit
    assert found == hands.drawings(style, times=2) != hands.drawings(style, times=2, seed=1)


def test_rare_forms_are_harder_than_usual_ones():
    model, wrong = lk.load_lenet5(), []
    for styles in (hands.STYLES, hands.UNUSUAL):
        drawn = [each for style in styles for each in hands.drawings(style, times=2, seed=3)]
        images = np.stack([pages.drawn(strokes) for _, strokes in drawn])
        answers = lk.probabilities(model, images).argmax(axis=1)
        wrong.append(np.mean(answers != [digit for digit, _ in drawn]))
    assert wrong[0] < 0.02 and wrong[1] > 2 * wrong[0] + 0.03


def test_another_style_is_refused():
    with pytest.raises(ValueError, match="no style 'Gothic'; there are as the samples"):
        hands.drawings("Gothic", 1)
