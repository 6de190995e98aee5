"""The pad that learns, in a browser: digits are kept, learned and forgotten, and the answers change."""

import numpy as np
import pytest

import lenet_keras as lk
from lenet_keras import pages
from lenet_keras.pages import learning


@pytest.fixture
def page(open_page, tmp_path):
    """The page from disk, with the network off."""
    digits = lk.load_digits()
    chosen = np.random.default_rng(0).choice(len(digits.y_train), 100, replace=False)
    text = learning.learning_element(lk.load_lenet5(), digits.x_train[chosen], digits.y_train[chosen], "alt")
    assert len(text) < 600_000
    (tmp_path / "page.html").write_text(f'<!doctype html><meta charset="utf-8"><body>{text}', encoding="utf-8")
    page = open_page(viewport={"width": 1280, "height": 800}, offline=True)
    page.goto((tmp_path / "page.html").as_uri())
    return page


def state(page):
    return page.evaluate("document.querySelector('.lenet-learning').lenetLearning.state")


def test_a_digit_of_ones_own_is_learned_and_others_may_be_forgotten(page):
    learn, again = page.get_by_role("button", name="Learn"), page.get_by_role("button", name="Forget all this")
    assert learn.is_disabled() and again.is_disabled() and state(page)["before"] <= 30
    # A 3 that is to be called 5 from now on: what no network reads so by itself.
    box = page.locator(".lp-paper").bounding_box()
    for stroke in pages.SAMPLES[3]:
        page.mouse.move(box["x"] + stroke[0][0] * box["width"], box["y"] + stroke[0][1] * box["height"])
        page.mouse.down()
        for x, y in stroke[1:]:
            page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
        page.mouse.up()
    assert state(page)["answer"] == 3
    page.get_by_role("button", name="It is a 5").click()
    assert page.locator("figure.ll-wrong figcaption").text_content() == "5, read as 3"
    for presses in range(1, 4):
        learn.click()
        page.wait_for_function(
            f"document.querySelector('.lenet-learning').lenetLearning.state.steps === {30 * presses}"
        )
    page.wait_for_function("!document.querySelector('.lenet-learning').lenetLearning.state.busy")
    found = state(page)
    assert found["losses"][-1] < 0.1 * found["losses"][0]
    assert page.locator("figcaption").text_content() == "5, read as 5"
    assert f"before it learned, {found['before']}" in page.locator(".ll-told").text_content()
    again.click()
    found = state(page)
    assert found["steps"] == 0 and found["after"] == found["before"]
    assert page.locator("figcaption").text_content() == "5, read as 3"


def test_layers_of_1998_are_refused():
    with pytest.raises(ValueError, match="does not know the way back through the layer S2"):
        learning.learning_element(lk.lenet5_1998(), np.zeros((1, 32, 32, 1)), [1])
    with pytest.raises(ValueError, match=r"images \(32, 32, 1\), and a label from 0 to 9"):
        learning.learning_element(lk.lenet5(), np.zeros((1, 32, 32, 1)), [10])
