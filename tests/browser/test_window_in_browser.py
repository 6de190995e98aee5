"""The window that slides over a digit, in a browser: moved, and compared with NumPy."""

import numpy as np
import pytest
import scipy.signal

from lenet_keras import pages

KERNELS = {"vertical": [[-1, 0, 1]] * 3, "five": np.arange(25).reshape(5, 5) / 10}
IMAGE = np.random.default_rng(0).uniform(-0.1, 1.175, (32, 32)).round(4)
MAPS = {name: scipy.signal.correlate2d(IMAGE, kernel, "valid") for name, kernel in KERNELS.items()}


@pytest.fixture
def page(open_page, tmp_path):
    """The page from disk, with the network off."""
    text = pages.window_element(IMAGE, KERNELS, at=(4, 7))
    (tmp_path / "window.html").write_text(f'<!doctype html><meta charset="utf-8"><body>{text}', encoding="utf-8")
    page = open_page(viewport={"width": 900, "height": 700}, offline=True)
    page.goto((tmp_path / "window.html").as_uri())
    return page


def state(page):
    return page.evaluate("document.querySelector('.lenet-window').lenetWindow.state")


def point_at(page, number, across, down):
    box = page.locator("canvas").nth(number).bounding_box()
    page.mouse.move(box["x"] + box["width"] * across, box["y"] + box["height"] * down)


def said(value):
    return f"sum {value:.2f}".replace("-0.00", "0.00").replace("-", "−")


def test_the_pointer_moves_the_window_and_its_sum_is_told(page):
    assert page.locator(".lp-reads").text_content() == said(MAPS["vertical"][4, 7])
    for column, row in ((3, 3), (20, 9), (31, 31)):
        point_at(page, 0, (column + 0.5) / 32, (row + 0.5) / 32)
        top, left = min(row - 1, 29), min(column - 1, 29)
        found = state(page)
        assert (found["row"], found["column"]) == (top, left)
        assert abs(found["sum"] - MAPS["vertical"][top, left]) < 1e-9
        assert page.locator(".lp-reads").text_content() == said(MAPS["vertical"][top, left])
    seen = page.locator("table[aria-label='the window'] td").all_text_contents()
    assert seen == [f"{value:.2f}".replace("-", "−") for value in IMAGE[29:, 29:].ravel()]


def test_the_map_is_filled_where_the_window_was(page):
    page.get_by_role("button", name="Empty it").click()
    point_at(page, 1, 10.5 / 30, 2.5 / 30)
    point_at(page, 1, 11.5 / 30, 2.5 / 30)
    filled = np.array(state(page)["filled"])
    assert sorted(map(tuple, np.argwhere(filled).tolist())) == [(2, 10), (2, 11), (4, 7)]
    page.get_by_role("button", name="Fill the whole map").click()
    assert np.array(state(page)["filled"]).all()
    np.testing.assert_allclose(
        page.evaluate("document.querySelector('.lenet-window').lenetWindow.map()"), MAPS["vertical"], atol=1e-9
    )


def test_arrow_keys_move_it_and_another_kernel_starts_anew(page):
    page.locator("canvas").first.focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    assert (state(page)["row"], state(page)["column"]) == (6, 8)
    assert page.get_by_role("status").text_content() == f"Row 6, column 8: {said(MAPS['vertical'][6, 8])}."
    page.get_by_role("button", name="five").click()
    found = state(page)
    assert np.array(found["filled"]).shape == (28, 28) and np.array(found["filled"]).sum() == 1
    assert page.locator("button[aria-pressed=true]").all_text_contents() == ["five"]
    assert page.locator("table[aria-label='the kernel'] td").count() == 25
    assert page.locator(".lp-reads").text_content() == said(MAPS["five"][6, 8])


def test_without_scripts_the_still_picture_is_seen(open_page, tmp_path):
    path = tmp_path / "window.html"
    path.write_text(f'<meta charset="utf-8">{pages.window_element(IMAGE, KERNELS)}', encoding="utf-8")
    page = open_page(java_script_enabled=False)
    page.goto(path.as_uri())
    assert page.locator("img").is_visible() and page.locator("img").bounding_box()["width"] > 300
    assert page.locator("canvas").count() == 0
