"""The ledger of claims in a browser: its buttons, its choice and its field narrow the table down."""

import lenet_keras as lk
from lenet_keras.pages import ledger

ROWS = lk.load_record("claims")["results"]


def numbers(page):
    return [int(text) for text in page.locator("tbody tr td:first-child").all_text_contents()]


def test_the_table_is_narrowed_down_by_verdict_lesson_and_words(open_page):
    page = open_page(viewport={"width": 1000, "height": 800}, offline=True)
    page.set_content(f"<!doctype html><meta charset='utf-8'>{ledger.ledger_element(ROWS)}")
    assert page.locator("img").count() == 0  # the still picture has made way
    assert sorted(numbers(page)) == [row["id"] for row in ROWS]
    page.locator("button", has_text="differs").click()
    assert numbers(page) == [row["id"] for row in ROWS if row["verdict"] == "differs"]
    assert page.locator("button[aria-pressed=true]").text_content().startswith("differs")
    page.locator("button", has_text="all").click()
    page.locator("select").select_option("17")
    mine = [row["id"] for row in ROWS if (row["lesson"] or "").startswith("17")]
    assert sorted(numbers(page)) == mine
    page.locator("select").select_option("")
    page.locator("input").fill("one byte")
    assert numbers(page) == [95] and "1 of 111 claims" in page.locator(".lg-said").text_content()


def test_without_scripts_the_still_picture_stays(open_page):
    page = open_page(java_script_enabled=False)
    page.set_content(ledger.ledger_element(ROWS))
    assert "111 claims" in page.locator("img").get_attribute("alt") and page.locator("table").count() == 0
