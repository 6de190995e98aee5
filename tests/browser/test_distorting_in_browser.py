"""The digit under sliders, in a browser: moved, and compared with lenet_keras.distort and Keras."""

import numpy as np
import pytest

import lenet_keras as lk
from lenet_keras import distort, pages
from lenet_keras.pages import distorting


@pytest.fixture(scope="module")
def networks():
    return {"plain": lk.load_lenet5(), "distorted": lk.load_lenet5("distorted")}


@pytest.fixture
def page(open_page, networks, tmp_path):
    """The page from disk, with the network off."""
    images = np.stack([pages.drawn(pages.SAMPLES[digit]) for digit in (3, 8)])
    text = distorting.distortions_element(networks, images, ["3", "8"], "alt")
    assert len(text) < 600_000
    (tmp_path / "page.html").write_text(f'<!doctype html><meta charset="utf-8"><body>{text}', encoding="utf-8")
    page = open_page(viewport={"width": 1280, "height": 800}, offline=True)
    page.goto((tmp_path / "page.html").as_uri())
    return page


def state(page):
    return page.evaluate("""() => {
        const state = document.querySelector('.lenet-distorting').lenetDistorting.state;
        return { ...state, image: Array.from(state.image) }; }""")


def move(page, name, value):
    page.get_by_label(name, exact=False).fill(str(value))


def test_nothing_sticks_out_on_a_telephone_and_letters_grow_on_a_projector(page):
    sizes = []
    for width in (360, 1280, 2560):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        font = "parseFloat(getComputedStyle(document.querySelector('.ld-sliders output')).fontSize)"
        sizes.append(page.evaluate(font))
    assert sizes[0] >= 15 and sizes[2] >= 1.5 * sizes[1]


def test_sliders_distort_the_digit_and_both_networks_read_it(page, networks):
    assert state(page)["answers"] == [3, 3] and state(page)["ink"] == 1
    page.get_by_role("button", name="8", exact=True).click()
    for name, value in (("turned", 20), ("size", 0.8), ("to the side", 3), ("stroke", 0.5)):
        move(page, name, value)
    image = np.rint(255 * (pages.drawn(pages.SAMPLES[8])[None] + 0.1) / 1.275) / 255 * 1.275 - 0.1
    wanted = distort.warped(image, distort.affine_maps(rotation=20, scale=0.8), (0, 3))
    wanted = distort.stroke(wanted, 0.5)
    found = state(page)
    np.testing.assert_allclose(found["image"], wanted.ravel(), atol=1e-3)
    assert found["answers"] == [int(np.argmax(network(wanted))) for network in networks.values()]
    assert abs(found["ink"] - (wanted + 0.1).sum() / (image + 0.1).sum()) < 1e-3
    page.get_by_role("button", name="As it was").click()
    np.testing.assert_allclose(state(page)["image"], image.ravel(), atol=1e-6)


def test_noise_inverts_about_its_share_of_the_pixels(page):
    before = np.array(state(page)["image"])
    move(page, "noise", 0.3)
    changed = np.mean(np.abs(np.array(state(page)["image"]) - before) > 1e-6)
    assert 0.25 < changed < 0.35


def test_every_slider_has_a_label(page):
    assert page.get_by_role("slider").count() == 8
    for slider in page.get_by_role("slider").all():
        assert slider.locator("xpath=..").locator("span").text_content()
