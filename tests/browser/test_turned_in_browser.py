"""The bowl that can be turned in a browser: its sliders are moved, and the ways are Python's."""

import numpy as np

from lenet_keras.pages import turned


def moved(page, place, value):
    page.locator("input").nth(place).evaluate(
        "(input, value) => { input.value = value; input.dispatchEvent(new Event('input')); }", value
    )
    ways = "document.querySelector('.lenet-turned').lenetTurned.state.ways.map((way) => way.places)"
    return page.evaluate(ways)


def test_the_sliders_make_the_ways_of_python(open_page):
    page = open_page(viewport={"width": 700, "height": 600}, offline=True)
    page.set_content(f"<!doctype html><meta charset='utf-8'>{turned.turned_element()}")
    assert page.locator("img").count() == 0  # the still picture has made way
    for degrees in (0, 45, 80):
        one, own = moved(page, 0, degrees)
        np.testing.assert_allclose(one, turned.descended(degrees, 15, own=False), atol=1e-9)
        np.testing.assert_allclose(own, turned.descended(degrees, 15, own=True), atol=1e-9)
    one, own = moved(page, 1, 3)
    assert len(one) == len(own) == 4 and page.locator("circle").count() == 8
    assert "a rate for each: loss" in page.locator("p").nth(1).text_content()
