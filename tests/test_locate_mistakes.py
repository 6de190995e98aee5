"""tools/locate_mistakes.py: lists placed into a file, against trying all ways; and what its record says."""

import itertools

import locate_mistakes as locate
import numpy as np
import pytest
from course_files import needs_mnist

import lenet_keras as lk

FOUND_BEFORE = [
    247, 449, 659, 674, 938, 1232, 1319, 1393, 1530, 1621, 1681, 1878, 1901, 1955, 2035, 2043, 2109, 2118, 2129, 2130,
    2135, 2414, 2462, 2654, 2939, 3780, 3808, 3941, 4176, 4224, 4265, 4497, 4575, 4601, 6101, 6557, 6558, 6560, 6597,
    6783, 9770, 9792,
]  # fmt: skip
"""Where another program, with other networks, had found mistakes of Fig. 8 with more than 90 %."""


def test_all_ways_are_added_up():
    rng = np.random.default_rng(0)
    labels = np.array([0, 2, 1, 0, 2, 0, 2, 0, 1])
    weights = rng.normal(-2, 1, (9, 10))
    mistakes = np.array([[0, 1], [2, 0], [0, 2]])
    total, chances = locate.place(mistakes, weights, labels)
    ways, wanted = 0, np.zeros((3, 9))
    for places in itertools.combinations(range(9), 3):
        if (labels[list(places)] == mistakes[:, 0]).all():
            weight = np.exp(sum(weights[place, answer] for place, (_, answer) in zip(places, mistakes, strict=True)))
            ways += weight
            wanted[range(3), places] += weight
    assert ways > 0 and total == pytest.approx(np.log(ways))
    np.testing.assert_allclose(chances, wanted / ways, atol=1e-12)


def test_the_networks_weights_are_odds_of_each_answer():
    probabilities = np.full((2, 4, 10), 0.02)
    labels = np.array([3, 1, 4, 1])
    probabilities[:, np.arange(4), labels] = 0.82
    weights, all_right = locate.mistake_weights(probabilities, labels)
    assert weights[0, 3] == 0 and weights[0, 7] == pytest.approx(np.log(0.02 / 0.82), rel=1e-3)
    assert all_right == pytest.approx(4 * np.log(0.82), rel=1e-2)


def test_a_network_s_own_list_of_mistakes():
    places, pairs = locate.own_mistakes(np.eye(10)[[1, 2, 3, 9]], np.array([1, 3, 3, 4]))
    assert places.tolist() == [1, 3] and pairs.tolist() == [[3, 2], [4, 9]]


def test_the_list_of_the_article_is_whole():
    listed = locate.article_mistakes()
    paper = lk.load_record("paper")["results_in_percent"]
    assert listed.shape == (paper["errors_drawn_in_fig_8"], 2) and (listed[:, 0] != listed[:, 1]).all()
    pairs = [tuple(pair) for pair in listed.tolist()]
    assert pairs.count((9, 4)) == 8 and [pairs.count(pair) for pair in ((3, 5), (4, 9), (6, 0), (6, 5))] == [4] * 4
    assert (listed[:, 0] == 9).sum() == 16 and (listed[:, 0] == 6).sum() == 13


def test_the_record_places_the_list_in_order_and_better_than_shuffled_ones():
    record = lk.load_record("mistakes_1998")
    article, shuffled = record["results"]["article"], record["results"]["shuffled"]
    listed = locate.article_mistakes()
    assert article["labels"] == listed[:, 0].tolist() and article["answers"] == listed[:, 1].tolist()
    sure = np.array(article["probabilities"]) > record["settings"]["located_above"]
    positions = np.array(article["positions"])[sure]
    assert (np.diff(positions) > 0).all() and sure.sum() > 50
    assert set(FOUND_BEFORE) <= set(positions.tolist())
    assert article["log_likelihood"] > max(shuffled["log_likelihood"]) + 150
    assert article["shared_with_ours"] > max(shuffled["shared_with_ours"]) + 10
    assert len(shuffled["located"]) == locate.SHUFFLES


def test_the_record_finds_again_what_is_known():
    record = lk.load_record("mistakes_1998")
    known = record["results"]["known"]
    assert list(known) == record["settings"]["placed_by"] and len(known) >= 5
    assert record["settings"]["our_mistakes"] == lk.load_record("lenet5")["results"]["test_errors"]
    for each in known.values():
        assert each["located"] - 2 <= each["rightly"] <= each["located"] <= each["mistakes"]
        assert abs(each["shared_with_ours"] - each["shared_foretold"]) < 3


@needs_mnist
def test_the_located_digits_have_the_labels_of_the_list():
    labels = lk.load_pixels("mnist").y_test
    article = lk.load_record("mistakes_1998")["results"]["article"]
    assert labels[article["positions"]].tolist() == article["labels"]
