"""A browser for the tests in this folder: Debian's Chromium, driven by Playwright. Without it they are skipped."""

import importlib.util
import os
import shutil
import urllib.parse

import pytest

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--force-color-profile=srgb"]


def missing():
    """What there is to be installed before these tests can run, as the end of a sentence; None if nothing."""
    if importlib.util.find_spec("playwright") is None:
        return "need Playwright: install requirements.txt"
    if chromium() is None:
        return "need Chromium: on Debian or Ubuntu, sudo apt-get install chromium; elsewhere name one in CHROMIUM"
    return None


def chromium():
    """The path of a Chromium or Chrome on this machine, or None."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


def pytest_terminal_summary(terminalreporter):
    if missing():
        terminalreporter.write_line(f"The tests in tests/browser were skipped: they {missing()}.")


@pytest.fixture(scope="module")
def browser():
    """One for each file, closed before the notebooks run: Playwright keeps an event loop going."""
    if missing():
        pytest.skip(f"they {missing()}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
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
