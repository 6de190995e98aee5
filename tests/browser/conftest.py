"""A browser for the tests in this folder: Debian's Chromium, driven by Playwright. Without it they are skipped."""

import os
import shutil
import urllib.parse

import pytest

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--force-color-profile=srgb"]
HOW = "needs Chromium: on Debian or Ubuntu install it with  sudo apt-get install chromium  or name it in CHROMIUM"


def chromium():
    """The path of a Chromium or Chrome on this machine, or None."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="module")
def browser():
    """One for each file, closed before the notebooks run: Playwright keeps an event loop going."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs Playwright: see requirements.txt")
    if not chromium():
        pytest.skip(HOW)
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=chromium(), headless=True, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def open_page(browser):
    """A function that opens an empty page, with the options of a Playwright context.

    Afterwards it is checked that no script failed, and that nothing was asked of another machine.
    """
    contexts, outside, failures = [], [], []

    def seen(request):
        parts = urllib.parse.urlsplit(request.url)
        if parts.scheme not in ("file", "data", "blob", "about") and parts.hostname != "127.0.0.1":
            outside.append(request.url)

    def make(**options):
        context = browser.new_context(**options)
        contexts.append(context)
        context.on("request", seen)
        context.on("weberror", lambda error: failures.append(str(error.error)))
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    assert outside == []
    assert failures == []
