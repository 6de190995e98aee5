"""The texts: links lead somewhere, and each number stated is one that the cells, their checks or a record state."""

import re

import nbformat
import pytest
from course_files import COURSE, NOTEBOOKS, SOLUTIONS, read
from notebook_form import code_cells, texts

import lenet_keras as lk
import notebooks

README = (COURSE / "README.md").read_text(encoding="utf-8")
CARDS = (COURSE / "data" / "README.md").read_text(encoding="utf-8")
RUN_TIMES = lk.load_record("run_times")["results"]
LINK = re.compile(r"\]\(([^)\s]+)\)")
NUMBER = re.compile(r"(?<![\w.^])\d[\d,_]*(?:\.\d+)?(?:e-?\d+)?(?![\w])")
# Names that hold a number: notebooks, exercises, sections, figures, equations, versions, years, pages; 95 % intervals.
NAMES = re.compile(
    r"\b(notebooks?|notebook's|lessons?|lesson's|[Ee]xercises?|Part|section|Fig\.|Figs\.|Table|equations?|layer|Python|Keras|TensorFlow|LeNet-)"
    r"\s*\d[\d.]*((, \d\d)*,? (and|to|or) \d\d\b)?|\*\*(Your turn )?\d\d\.[\da-z]\*\*"
    r"|\b\d\d · |^#+ \d+ |\b(19|20)\d\d\b"
    r"|\bpages \d+ to \d+|\b95 %(?= (?:\w+ )?(?:intervals?\b|of such samples))",
    re.M,
)


def numbers(text):
    """The numbers of a text, as floats; 60,000 and 60_000 are one number."""
    return {float(found.rstrip(",_").replace(",", "").replace("_", "")) for found in NUMBER.findall(text)}


LOADED = re.compile(r'load_record\("(\w+)"\)|load_lenet5\((?:"(\w+)")?\)')
SHIPPED = {"": "lenet5", "standard": "lenet5"}
SHIPPED |= {kind: f"lenet5_{kind}" for kind in ("distorted", "best", "undistorted", "strings")}


def recorded(path):
    """Every number in the records that a notebook or its solutions load, by themselves or with a shipped network."""
    code = "\n".join(cell.source for cell in all_cells(path))
    names = {record or SHIPPED[network] for record, network in LOADED.findall(code)}
    return set().union(*(numbers((COURSE / "data" / f"{name}.json").read_text(encoding="utf-8")) for name in names))


def all_cells(path):
    """The code cells of a notebook and of its solutions, which its exercises ask for."""
    solutions = path.parent / "solutions" / path.name
    return code_cells(read(path)) + (code_cells(read(solutions)) if solutions.exists() else [])


def stated_by_cells(path):
    """Numbers in the code and outputs of a notebook and of its solutions, and in the checks of its exercises."""
    cells = all_cells(path)
    checks = (COURSE / "notebooks" / "checks" / f"{path.stem}.py").read_text(encoding="utf-8")
    printed = [text for cell in cells for text in texts(cell, pages=False)]
    return numbers("\n".join([cell.source for cell in cells] + printed + [checks]))


def prose(path):
    text = "\n\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    text = re.sub(r"\*\*Before you start\.\*\*.*", "", text)  # minutes are an estimate, seconds have their own test
    text = re.sub(r"\]\([^)]*\)", "]", text)
    return NAMES.sub(" ", text)


@pytest.mark.parametrize("path", NOTEBOOKS + SOLUTIONS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_numbers_in_a_notebook_text_are_stated_by_its_cells(path):
    small = {float(n) for n in range(13)}
    lesson = COURSE / "notebooks" / path.name
    assert not numbers(prose(path)) - stated_by_cells(lesson) - recorded(lesson) - small


def test_the_number_test_can_fail():
    assert numbers("60,000 digits, 0.95 %, 28×28 and 2e-6") == {60000, 0.95, 28, 2e-6}
    assert numbers(
        NAMES.sub(" ", "# 03 · Build\n## 2 Next\nin 1998, notebook 05, Fig. 9, section 3 and **03.1** 77")
    ) == {77}


def test_numbers_in_the_readme_are_founded():
    founded = set().union(*(stated_by_cells(path) | numbers(prose(path)) for path in NOTEBOOKS))
    for name in ("requirements.txt", "pyproject.toml", "data/README.md", "lenet_keras/data/__init__.py"):
        founded |= numbers((COURSE / name).read_text(encoding="utf-8"))
    text = re.sub(r"\]\([^)]*\)", "]", re.sub(r"```.*?```", "", README, flags=re.S))
    rows = re.sub(r"^\|.*\|$", "", text, flags=re.M)  # the course map's times have their own test
    assert not numbers(NAMES.sub(" ", rows)) - founded - {float(n) for n in range(13)}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_stated_times_are_the_recorded_ones_and_agree(path):
    shown = notebooks.shown(RUN_TIMES[path.stem])
    text = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    assert re.findall(r"running about (\d+) seconds", text) == [str(shown)]
    row = next(line for line in README.splitlines() if line.startswith("|") and f"(notebooks/{path.name})" in line)
    minutes = notebooks.minutes(read(path))
    assert re.findall(r"Reading takes about (\d+) minutes", text) == [str(minutes)]
    assert row.rstrip().endswith(f"| {minutes} min | {shown} s |")
    assert RUN_TIMES[path.stem] <= 90
    assert minutes <= 45


def test_minutes_are_counted_from_words_and_lines():
    new = nbformat.v4
    text = new.new_markdown_cell("one two three " * 60)
    code, spaced = new.new_code_cell("a = 1\n" * 15), new.new_code_cell("b = 1\n\n" * 15)
    assert notebooks.minutes(new.new_notebook(cells=[text, code, spaced])) == 7


def heading_anchors(text):
    """GitHub's anchors of a Markdown text's headings."""
    headings = re.findall(r"^#+ (.*)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def broken_links(text, folder):
    broken = []
    for target in LINK.findall(text):
        if target.startswith(("https://", "http://", "mailto:")):
            continue
        name, _, anchor = target.partition("#")
        path = (folder / name).resolve() if name else None
        if path and (not path.exists() or not path.is_relative_to(COURSE)):
            broken.append(target)
        elif anchor and (not path or path.suffix == ".md"):
            page = path.read_text(encoding="utf-8") if path else text
            if anchor not in heading_anchors(page):
                broken.append(target)
    return broken


@pytest.mark.parametrize("path", NOTEBOOKS + SOLUTIONS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_links_in_notebooks_resolve(path):
    text = "\n\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    assert broken_links(text, path.parent) == []


@pytest.mark.parametrize("path", [*COURSE.glob("*.md"), COURSE / "data" / "README.md"], ids=lambda path: path.name)
def test_links_in_other_texts_resolve(path):
    assert broken_links(path.read_text(encoding="utf-8"), path.parent) == []


def test_the_link_test_can_fail():
    text = "# A page\n[good](README.md) [anchor](#a-page) [bad](gone.md) [outside](../../etc/passwd) [no](#nowhere)"
    assert broken_links(text, COURSE) == ["gone.md", "../../etc/passwd", "#nowhere"]


def test_the_course_map_has_a_row_for_each_notebook():
    rows = re.findall(r"^\| \[\d\d\]\(notebooks/(\S+)\) \|", README, re.M)
    assert rows == [path.name for path in NOTEBOOKS]


def test_the_readmes_picture_is_the_one_that_the_tool_takes_out():
    end, _, picture = notebooks.PICTURE
    (path,) = (path for path in NOTEBOOKS if path.stem.endswith(end))
    assert notebooks.picture(read(path)) == picture.read_bytes()
    assert f"]({picture.relative_to(COURSE).as_posix()})" in README


def test_every_record_has_a_card():
    for path in (COURSE / "data").glob("*.json"):
        assert f"`{path.name}`" in CARDS


FORBIDDEN = re.compile(r"\b(simply|obviously|amazing|awesome|incredible|revolutionary|cutting-edge|seamless)\b", re.I)


@pytest.mark.parametrize("path", NOTEBOOKS + SOLUTIONS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_plain_words(path):
    assert FORBIDDEN.findall(prose(path)) == []


def test_plain_words_in_the_readmes():
    assert FORBIDDEN.findall(README + CARDS) == []
