"""JupyterLab in a browser, as a student uses it: open a notebook, Run All, draw on the pad."""

import json
import os
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from lenet_keras import pages

COURSE = pathlib.Path(__file__).resolve().parents[2]
READY = """async () => {
    const app = window.jupyterapp;
    await app.restored;
    for (let k = 0; k < 600; k++) {
        const panel = app.shell.currentWidget;
        if (panel && panel.context && panel.sessionContext) {
            await panel.context.ready;
            await panel.sessionContext.ready;
            const kernel = panel.sessionContext.session && panel.sessionContext.session.kernel;
            if (kernel && kernel.connectionStatus === 'connected' && kernel.status === 'idle') return;
        }
        await new Promise(resolve => setTimeout(resolve, 100));
    }
    throw new Error('the kernel did not get ready');
}"""
CELLS = """() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.toJSON().cells
    .filter(cell => cell.cell_type === 'code')"""


class Lab:
    """A JupyterLab of its own on this machine, with a copy of the notebooks, so that the course's stay as they are."""

    def __init__(self, folder):
        shutil.copytree(COURSE / "notebooks", folder / "course" / "notebooks")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.token = secrets.token_hex(16)
        self.log = folder / "lab.log"
        own = {f"JUPYTER{name}_DIR": str(folder / name) for name in ("_CONFIG", "_DATA", "_RUNTIME", "LAB_SETTINGS")}
        options = [
            *("--no-browser", "--ip=127.0.0.1", f"--port={self.port}", "--ServerApp.port_retries=0"),
            *(f"--IdentityProvider.token={self.token}", f"--ServerApp.root_dir={folder / 'course'}"),
            *("--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"),
            *("--LabApp.extension_manager=readonly", "--LabApp.expose_app_in_browser=True"),
        ]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            options.append("--allow-root")
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "jupyterlab", *options],
                stdout=log, stderr=subprocess.STDOUT, env={**os.environ, **own}, start_new_session=True,
            )  # fmt: skip
        self._wait(f"http://127.0.0.1:{self.port}/api/status?token={self.token}")

    def _wait(self, address):
        for _ in range(300):
            try:
                with urllib.request.urlopen(address, timeout=5) as answer:
                    json.load(answer)
                return
            except OSError:
                assert self.process.poll() is None, self.log.read_text()
                time.sleep(0.2)
        raise AssertionError(f"JupyterLab did not start:\n{self.log.read_text()}")

    def open(self, page, notebook):
        page.goto(f"http://127.0.0.1:{self.port}/lab/tree/notebooks/{notebook}?token={self.token}&reset")
        page.wait_for_function("() => window.jupyterapp", timeout=60_000)
        page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
        page.evaluate(READY)

    def stop(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(20)


@pytest.fixture(scope="module")
def lab(browser, tmp_path_factory):  # browser: without one there is nothing to start JupyterLab for
    running = Lab(tmp_path_factory.mktemp("lab"))
    yield running
    running.stop()


def run_all(page):
    """Forget the stored outputs, Run All, and wait until every cell has run. Returns the code cells."""
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    assert not any(cell["outputs"] for cell in page.evaluate(CELLS))
    page.evaluate("() => { window.ran = window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
    page.evaluate("() => window.ran")
    cells = page.evaluate(CELLS)
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    errors = [output for cell in cells for output in cell["outputs"] if output["output_type"] == "error"]
    assert errors == []
    return cells


def test_notebook_00_runs_in_jupyterlab(lab, open_page):
    page = open_page(viewport={"width": 1200, "height": 900})
    page.set_default_timeout(300_000)
    lab.open(page, "00_start_here.ipynb")
    cells = run_all(page)
    assert sum(bool(cell["outputs"]) for cell in cells) >= 0.7 * len(cells)


def show_pad(page):
    """Bring the cell with the pad into view: JupyterLab draws only what is near it."""
    page.evaluate("""() => {
        const notebook = window.jupyterapp.shell.currentWidget.content;
        const cells = notebook.widgets.map(cell => cell.model.sharedModel.toJSON());
        const number = cells.findIndex(cell => JSON.stringify(cell.outputs || []).includes('lenet-pad'));
        return notebook.scrollToItem(number, 'start'); }""")


def test_the_pad_of_notebook_12_reads_what_is_drawn_in_jupyterlab(lab, open_page):
    page = open_page(viewport={"width": 1200, "height": 900})
    page.set_default_timeout(300_000)
    lab.open(page, "12_your_own_digits.ipynb")
    # A notebook that was not run here is not trusted: its scripts do not run, and the still picture is seen.
    show_pad(page)
    page.locator("img[alt*='still picture']").first.wait_for(state="visible")
    assert page.get_by_text("lp-paper").count() == page.get_by_text("convolution(layer").count() == 0  # no code is read
    assert page.locator(".lp-paper").count() == 0
    run_all(page)
    show_pad(page)
    paper = page.locator(".lp-paper").first
    paper.scroll_into_view_if_needed()
    box = paper.bounding_box()
    for stroke in pages.SAMPLES[7]:
        points = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in stroke]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point)
        page.mouse.up()
    reads = page.locator(".lp-reads").first
    assert reads.text_content().startswith("The network reads 7 (")
    # In JupyterLab, 0 0 would ask whether to restart the kernel: the pad keeps its keys to itself.
    page.keyboard.press("0")
    page.keyboard.press("0")
    assert reads.text_content().startswith("The network reads 0 (")
    assert page.locator(".jp-Dialog").count() == 0
    page.locator(".lenet-pad").first.get_by_role("button", name="Clear").click()
    assert reads.text_content() == "The pad is blank: draw a digit."
