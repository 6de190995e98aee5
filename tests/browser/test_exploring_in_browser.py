"""The pages of lessons 10 and 11 in a browser: a unit under the pointer, a digit that fades under it."""

import numpy as np
import pytest

import lenet_keras as lk


@pytest.fixture(scope="module")
def model():
    return lk.load_lenet5()


@pytest.fixture(scope="module")
def images():
    digits = lk.load_digits("bundled")
    return np.array([digits.x_train[digits.y_train == digit][0] for digit in (7, 4)])


@pytest.fixture
def opened(open_page, model, images, tmp_path, monkeypatch):
    """A function that opens the page of that name from disk, with the network off."""

    def make(name):
        shown = []
        monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data["text/html"]))
        getattr(lk.pages, f"show_{name}")(model, images, ["a 7", "a 4"])
        path = tmp_path / f"{name}.html"
        path.write_text(f'<!DOCTYPE html><meta charset="utf-8">{shown[0]}', encoding="utf-8")
        page = open_page(viewport={"width": 900, "height": 800}, offline=True)
        page.goto(path.as_uri())
        return page

    return make


def point(page, canvas, across, down):
    box = page.locator("canvas").nth(canvas).bounding_box()
    page.mouse.move(box["x"] + box["width"] * across, box["y"] + box["height"] * down)


def said(page):
    return page.locator(".lu-says").inner_text()


def test_a_unit_under_the_pointer_is_told_with_its_value_and_field(opened, model, images):
    page = opened("units")
    number, wide = 3, 8 * 11 - 1  # the canvases: digit, C1, S2, C3; 8 maps of 10 columns and a gap in a row
    point(page, number, (2 * 11 + 4.5) / wide, 3.5 / 21)  # map 2, row 3, column 4
    keras = lk.start_keras()
    values = np.asarray(keras.Model(model.inputs[0], model.get_layer("C3").output)(images[:1]))
    text = said(page)
    assert text.startswith(f"C3, map 2, row 3, column 4: {values[0, 3, 4, 2]:.2f}.")
    assert "rows 6 to 19, columns 8 to 21" in text


def test_arrow_keys_choose_a_unit_and_a_fresh_network_answers_otherwise(opened):
    page = opened("units")
    page.locator("canvas").nth(1).focus()
    page.keyboard.press("ArrowRight")
    before = said(page)
    assert before.startswith("C1, map 0, row 0, column 1:") and "rows 0 to 4, columns 1 to 5" in before
    page.get_by_role("button", name="a fresh network").click()
    first = said(page)
    page.get_by_role("button", name="a fresh network").click()
    assert len({before, first, said(page)}) == 3
    page.get_by_role("button", name="the trained network").click()
    assert said(page) == before


def test_a_digit_fades_under_the_pointer_and_comes_back(opened):
    page = opened("fading")
    whole = said(page)
    assert whole.startswith("Read as 7")
    point(page, 0, 0.5, 0.4)
    assert said(page) != whole
    page.mouse.move(850, 780)
    assert said(page) == whole
    page.get_by_role("button", name="a 4").click()
    assert said(page).startswith("Read as 4")


def test_only_paper_leaves_empty_paper_alone(opened):
    page = opened("fading")
    whole = said(page)
    for name, same in (("square of paper", True), ("square of grey", False), ("square of ink", False)):
        page.get_by_role("button", name=name).click()
        point(page, 0, 0.12, 0.12)
        assert (said(page) == whole) == same, name
