"""JupyterLab in a browser, as a student uses it: open a notebook, Run All, answer, draw on the pad, in dark too."""

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

import nbformat
import pytest

from lenet_keras import pages
from lenet_keras.course.exercises import names

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
FAINTEST = """selector => {
    const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
    const light = colour => numbers(colour).slice(0, 3).map(part => part / 255)
        .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, k) => sum + part * [0.2126, 0.7152, 0.0722][k], 0);
    const paper = element => {
        const colour = getComputedStyle(element).backgroundColor, opacity = numbers(colour)[3] ?? 1;
        return opacity === 1 || !element.parentElement ? colour : paper(element.parentElement);
    };
    const contrast = element => {
        const [one, other] = [getComputedStyle(element).color, paper(element)].map(light).sort((a, b) => a - b);
        return (other + 0.05) / (one + 0.05);
    };
    const texts = Array.from(document.querySelectorAll(selector))
        .filter(element => Array.from(element.childNodes).some(node => node.nodeType === 3 && node.data.trim()));
    return texts.length ? Math.min(...texts.map(contrast)) : 0;
}"""
"""The contrast of the text that is hardest to read, by the Web's guidelines: 4.5 or more is to be read by all."""
CELLS = """() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.toJSON().cells
    .filter(cell => cell.cell_type === 'code')"""


class Lab:
    """A JupyterLab of its own on this machine, with a copy of the notebooks, so that the course's stay as they are."""

    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.token = secrets.token_hex(16)
        self.log, self.progress = folder / "lab.log", folder / "mine.json"
        self.notebooks = folder / "course" / "notebooks"
        shutil.copytree(COURSE / "notebooks", self.notebooks)
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
                stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
                env={**os.environ, **own, "LENET_PROGRESS": str(self.progress)},
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


def test_the_pad_of_lesson_22_reads_what_is_drawn_in_jupyterlab(lab, open_page):
    page = open_page(viewport={"width": 1200, "height": 900})
    page.set_default_timeout(300_000)
    lab.open(page, "22_your_hand.ipynb")
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
    to_dark(page)
    assert page.evaluate(FAINTEST, ".lenet-pad *") >= 4.5


def to_dark(page):
    page.evaluate("() => window.jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Dark' })")
    page.locator("body[data-jp-theme-name='JupyterLab Dark']").wait_for(state="attached")


def run(page, number, says, text=""):
    """Type at the end of the first line of a code cell, run it with the keyboard, and wait for what it says."""
    cell = page.locator(".jp-CodeCell").nth(number)
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Home")
    page.keyboard.press("End")
    if text and cell.locator(".cm-content").text_content().startswith("answer = None"):
        for _ in "None":
            page.keyboard.press("Backspace")
    page.keyboard.type(text)
    page.keyboard.press("Shift+Enter")
    cell.locator(".jp-OutputArea-output").filter(has_text=says).first.wait_for()


def test_what_a_student_does_is_kept_and_written_for_the_instructor(lab, open_page):
    lesson = nbformat.read(lab.notebooks / "04_build_lenet5.ipynb", as_version=4)
    code = [cell.source for cell in lesson.cells if cell.cell_type == "code"]
    exercises = [cell for name in ("04.1", "04.3") for cell in code if f'check("{name}"' in cell]
    code = [code[0] + '\nprint("ready")', *exercises, ""]
    cells = [nbformat.v4.new_code_cell(source) for source in code]
    mine = nbformat.v4.new_notebook(cells=cells, metadata=lesson.metadata)  # which names the kernel
    nbformat.write(mine, lab.notebooks / "mine.ipynb")
    earlier = {f"02.{k}": {"answer": k, "sure": 60.0, "right": k > 2} for k in range(1, 5)}
    lab.progress.write_text(json.dumps({"exercises": {}, "predictions": earlier, "test_openings": {}}))

    page = open_page(viewport={"width": 1200, "height": 900})
    page.set_default_timeout(60_000)
    lab.open(page, "mine.ipynb")
    run(page, 0, "ready")
    run(page, 1, "Exercise 04.1: right.", "16 * (3 * 3 * 6 + 1)")
    run(page, 2, "Exercise 04.3: not yet: that is LeNet-5 with 6 maps in C1.", "61_706")
    run(page, 3, "000", "len(lk.load_digits().x_test) * 1000")
    run(page, 4, "Hint 1 of 3 for 04.3: two layers change", 'lk.hint("04.3")')
    run(page, 5, "Prediction 04.1: 90, 80 % sure. Read on to see.", 'lk.predict("04.1", 90, sure=80)')
    run(page, 6, "Prediction 04.1: you said 90, it is 98: not so.", 'lk.reveal("04.1", 98, within=2)')
    run(page, 7, "Written: progress.html", 'lk.progress("progress.html", "a student")')
    printed = page.locator(".jp-CodeCell").nth(7).locator(".jp-OutputArea-output")
    there = {lesson: sum(name.startswith(lesson) for name in names()) for lesson in ("02", "04")}
    assert printed.first.text_content().splitlines() == [
        f"02: 0 of {there['02']} exercises solved; 2 of 4 predictions came true",
        f"04: 1 of {there['04']} exercises solved; hints for 1; 0 of 1 prediction came true; "
        "test digits opened in 1 cell",
        " 60 to  80 % sure: 2 of 4 predictions came true",
        " 80 to  95 % sure: 0 of 1 prediction came true",
    ]
    assert printed.locator("img").evaluate("image => image.naturalWidth") > 400
    assert json.loads(lab.progress.read_text()) == {
        "exercises": {
            "04.1": {"tries": 1, "hints": 0, "solved": True},
            "04.3": {"tries": 1, "hints": 1, "solved": False},
        },
        "predictions": earlier | {"04.1": {"answer": 90, "sure": 80.0, "right": False}},
        "test_openings": {"04": 1},
    }
    run(page, 8, "mult.-accum.", "lk.anatomy(lk.lenet5())")
    assert page.evaluate(FAINTEST, ".jp-RenderedHTMLCommon table *") >= 4.5
    to_dark(page)
    assert page.evaluate(FAINTEST, ".jp-RenderedHTMLCommon table *") >= 4.5

    for width, scheme in ((1280, "light"), (400, "dark")):
        report = open_page(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)
        report.goto((lab.notebooks / "progress.html").as_uri())
        assert report.get_by_role("heading", level=1).text_content() == "Progress of a student"
        assert report.evaluate("document.documentElement.scrollWidth") == width  # nothing sticks out
        assert report.evaluate("document.querySelector('img').naturalWidth") > 400
        paper = report.evaluate("getComputedStyle(document.body).backgroundColor")
        assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(24, 24, 24)"}[scheme]
        assert report.evaluate(FAINTEST, "body *") >= 4.5
        lesson = report.get_by_role("row").filter(has_text="opened in 1 cell")
        assert f"1 of {there['04']}: 04.1" in lesson.text_content() and "0 of 1 came true" in lesson.text_content()
