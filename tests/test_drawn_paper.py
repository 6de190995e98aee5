"""Handwriting on real kinds of paper, drawn by tests/drawn_paper.py: nearly all of it is read, the rest is refused."""

import numpy as np
import pytest
from drawn_paper import MANY_DIGITS, ONE_DIGIT, OTHER_STROKES, line_of, photographed, written

import lenet_keras as lk

PICTURES = 6


@pytest.fixture(scope="module")
def networks():
    return [lk.load_lenet5(), lk.load_lenet5("distorted")]


def answers(network, images):
    return "".join(map(str, np.asarray(network(np.stack(images))).argmax(axis=1))) if len(images) else ""


def read_rightly(network, images, text):
    """How many digits of the text are read; none where another number of digits was found."""
    read = answers(network, images)
    return sum(a == b for a, b in zip(read, text, strict=True)) if len(read) == len(text) else 0


@pytest.mark.parametrize("kind", MANY_DIGITS, ids=lambda kind: kind.__name__)
def test_a_row_or_page_of_digits_is_read(kind, networks):
    right, total = np.zeros(2), 0
    for number in range(PICTURES):
        rng = np.random.default_rng([number, 7])
        text = "".join(map(str, rng.integers(0, 10, rng.integers(3, 9))))
        images = [digit.image for digit in lk.ink.separate(kind(text, rng))]
        right += [read_rightly(network, images, text) for network in networks]
        total += len(text)
    assert (right >= 0.95 * total).all(), right / total


@pytest.mark.parametrize("kind", ONE_DIGIT, ids=lambda kind: kind.__name__)
def test_a_single_digit_is_read(kind, networks):
    texts = "0123456789" * 2
    images = [lk.prepare(kind(text, np.random.default_rng([k, 7]))) for k, text in enumerate(texts)]
    for network in networks:
        assert read_rightly(network, images, texts) >= 0.95 * len(texts), answers(network, images)


def test_the_standard_network_reads_other_ways_of_writing_and_is_the_better_one_at_it(networks):
    texts, images = [], []
    for digit in OTHER_STROKES:
        for number in range(20):
            rng = np.random.default_rng([number, int(digit)])
            ink = written((400, 460), [(digit, 100, 70, 300)], rng.uniform(6, 40), rng, OTHER_STROKES)
            texts.append(digit)
            images.append(lk.prepare(photographed(ink, rng)))
    standard, distorted = (read_rightly(network, images, texts) for network in networks)
    assert standard >= 0.95 * len(texts) and standard >= distorted


def test_a_pattern_is_refused_with_its_reason():
    """A net of slanting lines, as dark as the pen: nobody can say what is digit and what is net."""
    rng = np.random.default_rng(0)
    ink = written((420, 420), line_of("5", 100, 80, 260, 0, rng), 12, rng)
    y, x = np.mgrid[:420, :420]
    net = ((x + y) % 40 < 4) | ((x - y) % 40 < 4)
    net &= (np.abs(x - 210) < 170) & (np.abs(y - 210) < 170)
    picture = photographed(np.maximum(ink, net), rng)
    for function in (lk.prepare, lk.ink.separate):
        with pytest.raises(ValueError, match="Lines or a pattern run through the ink"):
            function(picture)


def test_areas_are_no_digits():
    """A dark card on the paper beside a digit, and a card alone."""
    rng = np.random.default_rng(0)
    ink = written((600, 400), line_of("3", 80, 100, 200, 0, rng), 14, rng)
    ink[150:260, 380:500] = 0.8
    assert len(lk.ink.separate(photographed(ink, rng))) == 1
    ink[:, :350] = 0
    assert lk.ink.separate(photographed(ink, rng)) == []
