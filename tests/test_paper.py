"""The paper simulator: the same page for the same seed, another for another, and each setting does what it says."""

import numpy as np
import pytest

import lenet_keras as lk
from lenet_keras.course import paper


@pytest.mark.parametrize("kind", paper.KINDS)
def test_a_page_is_decided_by_its_seed(kind):
    page = paper.photographed_page("407", kind, seed=[3, 1])
    assert page.dtype == np.uint8 and page.ndim == 2
    assert np.array_equal(page, paper.photographed_page("407", kind, seed=[3, 1]))
    assert not np.array_equal(page, paper.photographed_page("407", kind, seed=[3, 2]))
    assert not np.array_equal(page, paper.photographed_page("401", kind, seed=[3, 1]))


def test_settings_do_what_they_say():
    def page(**changes):
        return paper.photographed_page("58", "felt-tip", seed=1, **changes).astype(float)

    plain = page()
    assert page(pen=(0.02, 0.02)).mean() > plain.mean()  # less ink
    assert np.median(page(paper=0.5)) < np.median(plain) - 40
    assert page(falloff=0.8).min() < plain.min()
    even = page(falloff=0)
    assert page(falloff=0, lines="squared").mean() < page(falloff=0, lines="ruled").mean() < even.mean()
    assert 0.4 < np.percentile(page(shadow=0.5), 10) / np.percentile(plain, 10) < 0.7
    assert np.abs(page(tilt=0.12) - plain).mean() > 5
    blocks = np.abs(np.diff(page(quality=6), axis=1)).mean(axis=0)
    assert blocks[7::8].mean() > 1.3 * np.delete(blocks, np.s_[7::8]).mean()  # JPEG's blocks of 8 pixels


def test_lines_of_a_text_stand_below_each_other_and_are_read_in_order():
    found = lk.ink.separate(paper.photographed_page("314\n159", "felt-tip", seed=2))
    answers = np.asarray(lk.load_lenet5()(np.stack([digit.image for digit in found]))).argmax(axis=1)
    assert answers.tolist() == [3, 1, 4, 1, 5, 9]


@pytest.mark.parametrize("kind", ["felt-tip", "ballpoint", "squared", "askew"])
@pytest.mark.parametrize("text", ["27", "14", "305"])
def test_several_digits_are_never_taken_for_one(kind, text):
    with pytest.raises(ValueError, match=f"{len(text)} separate digits were found"):
        lk.prepare(paper.photographed_page(text, kind, seed=1))


@pytest.mark.parametrize("kind", ["ruled", "shadow"])
def test_lines_printed_pale_and_the_edge_of_a_shadow_through_low_pages_cost_no_digit(kind):
    pages = [paper.photographed_page("89240", kind, seed=[number, 22]) for number in range(100, 106)]
    assert [len(lk.ink.separate(page)) for page in pages] == [5] * len(pages)


def test_what_is_no_page_is_refused():
    for text in ("", "4 5", "7\n", "ten"):
        with pytest.raises(ValueError, match="holds digits and line breaks"):
            paper.photographed_page(text)
    with pytest.raises(ValueError, match="The kinds are clean scan, felt-tip"):
        paper.photographed_page("1", "crayon")
    with pytest.raises(ValueError, match="their settings are pen, dark"):
        paper.photographed_page("1", colour="red")
