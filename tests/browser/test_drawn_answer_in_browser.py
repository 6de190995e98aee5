"""F6's answer as a drawing, in a browser: drawn on, and compared with Keras."""

import keras
import numpy as np
import pytest

import lenet_keras as lk
from lenet_keras import pages

LIMIT = 100


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    return lk.lenet5_1998()


@pytest.fixture
def page(open_page, model, tmp_path):
    """The page from disk, with the network off."""
    path = tmp_path / "drawn.html"
    text = pages.drawn_answer_element(model, LIMIT)
    path.write_text(f'<!DOCTYPE html><meta charset="utf-8">{text}', encoding="utf-8")
    page = open_page(viewport={"width": 900, "height": 600}, offline=True)
    page.goto(path.as_uri())
    return page


def state(page):
    return page.evaluate("document.querySelector('.lenet-drawn').lenetDrawn.state")


def said(page):
    return page.locator(".ld-says").inner_text()


def test_a_sample_gives_what_keras_gives(page, model):
    assert said(page) == "The pad is blank: draw a digit." and state(page)["f6"] is None
    page.get_by_role("button", name="Sample 4").click()
    image = pages.drawn(pages.SAMPLES[4])[np.newaxis]
    f6 = np.asarray(keras.Model(model.inputs[0], model.get_layer("F6").output)(image))[0]
    found, distances = state(page), np.asarray(model(image))[0]
    np.testing.assert_allclose(found["f6"], f6, atol=5e-3)
    np.testing.assert_allclose(found["distances"], distances, rtol=2e-3)
    first, second = np.argsort(distances)[:2]
    assert f"Nearest is the drawing of {first}, at {distances[first]:.0f}"[:-1] in said(page)
    assert f"then that of {second}," in said(page)
    assert page.locator(".ld-best span").inner_text().startswith(f"{first}: ")
    assert (f"Beyond {LIMIT}: refused." in said(page)) == (distances[first] > LIMIT)


def test_the_mouse_draws_and_escape_clears(page):
    box = page.locator(".lp-paper").bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 200, steps=5)
    page.mouse.up()
    assert said(page).startswith("Nearest is the drawing of")
    answer = page.locator(".ld-answer").evaluate("c => Array.from(c.getContext('2d').getImageData(0, 0, 7, 12).data)")
    greys, f6 = np.reshape(answer, (84, 4))[:, 0], np.array(state(page)["f6"])
    np.testing.assert_allclose(greys, 255 * (1 - np.clip(f6, -1, 1)) / 2, atol=0.51)
    page.keyboard.press("Escape")
    assert said(page) == "The pad is blank: draw a digit."
    page.keyboard.press("7")
    assert said(page).startswith("Nearest is the drawing of")


def test_the_still_picture_is_seen_where_no_scripts_run(open_page, model, tmp_path):
    path = tmp_path / "still.html"
    path.write_text(pages.drawn_answer_element(model), encoding="utf-8")
    page = open_page(java_script_enabled=False, offline=True)
    page.goto(path.as_uri())
    assert page.locator("img").is_visible() and page.locator("img").bounding_box()["width"] == 780
