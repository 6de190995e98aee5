"""The collector in a browser: digits are written with the mouse, saved as a file, and read by `lk.collect`."""

import json

import numpy as np
import pytest

import lenet_keras as lk
from lenet_keras import pages


@pytest.fixture
def page(open_page, tmp_path):
    """The page from disk, on a telephone's screen, with the network off."""
    path = lk.save_collector(tmp_path / "collect.html", rounds=1)
    page = open_page(viewport={"width": 360, "height": 740}, offline=True, accept_downloads=True)
    page.goto(path.as_uri())
    return page


def write(page, strokes):
    box = page.locator("canvas").bounding_box()
    for stroke in strokes:
        places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place)
        page.mouse.up()


def test_ten_digits_are_written_saved_and_read(page, tmp_path):
    box = page.locator("canvas").bounding_box()
    assert box["width"] > 300 and box["x"] + box["width"] <= 360
    button = {name: page.get_by_role("button", name=name) for name in ("Next", "Wipe", "One back", "Save the file")}
    assert button["Next"].is_disabled() and button["Save the file"].is_disabled()
    order = page.evaluate("document.querySelector('.lenet-collect').lenetCollect.order()")
    assert sorted(order) == list(range(10))
    for number, digit in enumerate(order):
        assert page.locator(".lp-asked").text_content() == f"Write a {digit}"
        write(page, pages.SAMPLES[digit])
        if number == 3:  # wiped, written again; taken back, and gone on
            button["Wipe"].click()
            assert button["Next"].is_disabled()
            write(page, pages.SAMPLES[digit])
        button["Next"].click()
        if number == 5:
            button["One back"].click()
            button["Next"].click()
    assert page.locator(".lp-asked").text_content() == "All are written: save the file."
    assert button["Save the file"].is_disabled()  # there is no code yet
    page.get_by_label("Your code").fill("ana-1")
    with page.expect_download() as saved:
        button["Save the file"].click()
    assert saved.value.suggested_filename == "digits-ana-1.json"
    saved.value.save_as(tmp_path / saved.value.suggested_filename)
    digits = lk.collect(tmp_path, share=0.2)
    images, labels = [*digits.x_train, *digits.x_test], [*digits.y_train, *digits.y_test]
    assert sorted(labels) == list(range(10))
    for image, label in zip(images, labels, strict=True):
        assert np.abs(image - pages.drawn(pages.SAMPLES[label])).mean() < 0.03  # the mouse moves by whole pixels


def test_what_was_written_is_still_there_when_the_page_is_opened_again(page):
    write(page, pages.SAMPLES[1])
    page.locator("canvas").press("Enter")
    page.get_by_label("Your code").fill("b2")
    page.reload()
    assert "1 of 10 written" in page.locator("p.lp-caption").text_content()
    found = page.evaluate("document.querySelector('.lenet-collect').lenetCollect.collection()")
    assert found["writer"] == "b2" and len(found["digits"]) == 1
    assert len(json.dumps(found)) < 3000
