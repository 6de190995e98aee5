"""The explorable of descent in a browser: its sliders are moved, and the way is Python's."""

import numpy as np

from lenet_keras.pages import descent


def moved(page, place, value):
    page.locator("input").nth(place).evaluate(
        "(input, value) => { input.value = value; input.dispatchEvent(new Event('input')); }", value
    )
    return page.evaluate("document.querySelector('.lenet-descent').lenetDescent.state")


def test_the_sliders_make_the_way_of_python(open_page):
    page = open_page(viewport={"width": 700, "height": 500}, offline=True)
    page.set_content(f"<!doctype html><meta charset='utf-8'>{descent.descent_element()}")
    assert page.locator("img").count() == 0  # the still picture has made way
    for rate, words in ((0.05, "walks down"), (0.15, "jumps across"), (0.21, "too large")):
        state = moved(page, 0, rate)
        np.testing.assert_allclose(state["places"], descent.descended(rate, 20), rtol=1e-9)
        assert words in page.locator("p").text_content()
    state = moved(page, 1, 3)
    assert len(state["places"]) == 4 and page.locator("circle").count() == 5


def test_without_scripts_the_still_picture_stays(open_page):
    page = open_page(java_script_enabled=False)
    page.set_content(descent.descent_element())
    assert page.locator("img").get_attribute("alt") == descent.ALT and page.locator("input").count() == 0
