"""The ledger of claims: its source, the record made of it, what the lessons named there print, and its page."""

import base64
import json
import pathlib
import re
import shutil
import subprocess

import ledger as tool
import nbformat
import pytest

import lenet_keras as lk
from lenet_keras.pages import ledger
from lenet_keras.records import COURSE

ENTRIES = tool.blocks(tool.SOURCE.read_text(encoding="utf-8"))
ROWS = lk.load_record("claims")["results"]


def test_the_ledger_has_every_claim_with_a_verdict():
    assert [row["id"] for row in ROWS] == list(range(1, 112))
    assert {row["verdict"] for row in ROWS} <= set(ledger.VERDICTS)
    assert all(row["claim"].endswith(".") and row["figure"].endswith(".") for row in ROWS)
    assert len({row["claim"] for row in ROWS}) == len(ROWS)
    untested = [row for row in ROWS if row["lesson"] is None]
    assert all(row["verdict"] in tool.WITHOUT_CELL for row in untested) and len(untested) < 20


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry["id"]))
def test_the_lesson_named_prints_the_figure(entry):
    """And the record says so: after a lesson was stored anew, tools/ledger.py must be run."""
    assert tool.located(entry) == ROWS[entry["id"] - 1]


GOOD = """1 | I | holds | 04
It works.
60,000 of C3's digits.
@ worked on

2 | II | not tried | -
It flies.
Nobody has wings."""


def lesson(folder, printed):
    cells = [
        nbformat.v4.new_markdown_cell("# Title\n## 3 A section"),
        nbformat.v4.new_code_cell("1", execution_count=7),
    ]
    cells[1].outputs = [nbformat.v4.new_output("stream", name="stdout", text=printed)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "04_some.ipynb")


def test_a_claim_is_located_in_its_lesson(tmp_path):
    lesson(tmp_path, "it worked on 60,000 digits\n")
    first, second = (tool.located(entry, tmp_path) for entry in tool.blocks(GOOD))
    assert (first["lesson"], first["heading"], first["cell"]) == ("04_some", "3 A section", 7)
    assert (second["lesson"], second["cell"], second["printed"]) == (None, None, None)


@pytest.mark.parametrize(
    "printed, words",
    [("nothing", "no cell of 04_some.ipynb prints 'worked on'"), ("worked on 6,000", r"does not print \[60000.0\]")],
)
def test_a_lesson_that_does_not_print_it_is_refused(printed, words, tmp_path):
    lesson(tmp_path, printed)
    with pytest.raises(ValueError, match=words):
        tool.located(tool.blocks(GOOD)[0], tmp_path)


def test_a_lesson_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ValueError, match="Claim 1: there is no lesson 04"):
        tool.located(tool.blocks(GOOD)[0], tmp_path)


@pytest.mark.parametrize(
    "text, words",
    [
        (GOOD.replace("holds", "true"), "a verdict is one of"),
        (GOOD.replace("\n@ worked on", ""), "belong together"),
        (GOOD.replace("not tried", "holds"), "belong together"),
        (GOOD.replace("2 |", "3 |"), "without a gap"),
    ],
)
def test_sources_of_another_form_are_refused(text, words):
    with pytest.raises(ValueError, match=words):
        tool.blocks(text)


def test_numbers_of_names_do_not_count():
    assert tool.numbers("of SD-1 68, of C3's 16 maps −0.1; 60,000 and 28×28, LeNet-5, 1e-5, 9 %") == {
        *(68, 16, 0.1, 60_000, 28, 1e-5, 9),
    }


# ------------------------------------------------------------------------------------------------------ the page


def test_the_page_holds_the_rows_and_nothing_from_outside():
    text = ledger.ledger_element(ROWS)
    facts = json.loads(re.search(r'<script type="application/json">(.*?)</script>', text)[1])
    assert [row["id"] for row in facts["rows"]] == [row["id"] for row in ROWS]
    assert facts["verdicts"] == ledger.VERDICTS
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text) and text.startswith('<div class="lenet-ledger">')
    assert text == ledger.ledger_element(ROWS) != ledger.ledger_element(ROWS[1:])


def test_the_still_picture_shows_each_claim_under_its_verdict():
    text = ledger.ledger_element(ROWS)
    picture = base64.b64decode(re.search(r"base64,([^\"]*)", text)[1]).decode()
    for verdict, count in ledger.counts(ROWS).items():
        assert (f">{verdict}: {count}</text>" in picture) == (count > 0)
    assert re.findall(r'fill="#fff">(\d+)<', picture) == [
        str(row["id"]) for verdict in ledger.VERDICTS for row in ROWS if row["verdict"] == verdict
    ]


def test_it_is_shown_as_html_and_as_a_text(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    lk.pages.show_ledger(ROWS)
    assert shown[0]["text/html"] == ledger.ledger_element(ROWS)
    assert f"{len(ROWS)} claims" in shown[0]["text/plain"]


@pytest.mark.parametrize("rows", [[], [ROWS[0] | {"verdict": "perhaps"}]])
def test_other_rows_are_refused(rows):
    with pytest.raises(ValueError, match="A claim's verdict is one of"):
        lk.pages.show_ledger(rows)


@pytest.mark.skipif(shutil.which("node") is None, reason="it needs Node.js, which tests the pages' JavaScript")
def test_the_javascript_chooses_rows():
    file = pathlib.Path(__file__).parent / "pages" / "ledger" / "ledger.test.js"
    result = subprocess.run(["node", "--test", file], capture_output=True, text=True)
    assert result.returncode == 0 and re.search(r"pass [1-9]", result.stdout), result.stdout + result.stderr


def test_the_lesson_has_the_cells_that_its_rows_name():
    """Each row of lesson 17 leads to a cell of it that exists."""
    notebook = nbformat.read(COURSE / "notebooks" / "17_the_result.ipynb", as_version=4)
    counts = {cell.execution_count for cell in notebook.cells if cell.cell_type == "code"}
    mine = [row for row in ROWS if row["lesson"] == "17_the_result"]
    assert len(mine) > 15 and {row["cell"] for row in mine} <= counts
