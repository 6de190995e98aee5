"""The wide sheet in a browser: a number is written, and read as Keras reads it."""

import numpy as np
import pytest

import lenet_keras as lk
from lenet_keras import pages, strings
from lenet_keras.pages import strip


@pytest.fixture(scope="module")
def model():
    return lk.load_lenet5("strings")


@pytest.fixture
def page(open_page, model, tmp_path):
    """The page from disk, with the network off."""
    text = strip.strip_element(model, 2, "alt")
    assert len(text) < 600_000
    (tmp_path / "page.html").write_text(f'<!doctype html><meta charset="utf-8"><body>{text}', encoding="utf-8")
    page = open_page(viewport={"width": 1280, "height": 800}, offline=True)
    page.goto((tmp_path / "page.html").as_uri())
    return page


def state(page):
    return page.evaluate("""() => {
        const { state } = document.querySelector('.lenet-strip').lenetStrip;
        return { ...state, image: state.image && Array.from(state.image) }; }""")


def test_a_number_written_with_the_mouse_is_read_while_it_is_written(page, model):
    box = page.locator(".lp-paper").bounding_box()
    for place, digit in enumerate((2, 0, 7)):
        for stroke in pages.SAMPLES[digit]:
            points = [
                (
                    box["x"] + box["height"] * (0.3 + 0.75 * place + 0.85 * x),
                    box["y"] + box["height"] * (0.05 + 0.85 * y),
                )
                for x, y in stroke
            ]
            page.mouse.move(*points[0])
            page.mouse.down()
            for point in points[1:]:
                page.mouse.move(*point)
            page.mouse.up()
        assert state(page)["text"] == "207"[: place + 1]
    assert page.locator(".ls-reads").text_content() == "The network reads 207."
    found = state(page)
    image = np.array(found["image"], "float32").reshape(1, 32, strip.WIDTH, 1)
    maps = strings.sweep(strings.space_displacement(model), image, strip.PASSES)
    np.testing.assert_allclose(np.exp(found["map"]), np.exp(maps[0]), atol=5e-3)
    assert strings.decode(maps, 2)[0] == "207"


def test_the_example_and_an_empty_sheet(page):
    assert page.locator(".ls-reads").text_content() == "The sheet is blank: write a number on it."
    page.get_by_role("button", name="An example").click()
    assert state(page)["text"] == "31415"
    page.get_by_role("button", name="Clear").click()
    assert state(page)["text"] == "" and state(page)["map"] is None
