"""The stored notebooks: their form, the order of a lesson, its exercises; how outputs are compared and stored."""

import copy
import hashlib
import html
import itertools
import os
import re
import string
import subprocess
import sys

import nbformat
import pytest
from course_files import COURSE, NOTEBOOKS, SOLUTIONS, read
from nbval.plugin import IPyNbFile, get_sanitize_patterns
from notebook_form import METADATA, code_cells, problems, texts

import lenet_keras as lk
from lenet_keras import pages
from lenet_keras.course import exercises

SETUP = code_cells(read(NOTEBOOKS[0]))[0].source
EXERCISE = re.compile(r"^\*\*(?:Your turn )?(\d\d\.(?:\d+|[a-z]))\*\*", re.M)


def identify(path):
    return f"{path.parent.name}-{path.stem}"


every_notebook = pytest.mark.parametrize("path", NOTEBOOKS + SOLUTIONS, ids=identify)
every_lesson = pytest.mark.parametrize("path", NOTEBOOKS, ids=identify)


@every_notebook
def test_stored_form(path):
    notebook = read(path)
    nbformat.validate(notebook)
    assert problems(notebook, path.stat().st_size) == []


@every_notebook
def test_setup_cell_is_the_same_everywhere(path):
    assert code_cells(read(path))[0].source == SETUP


@every_lesson
def test_order_of_a_lesson(path):
    notebook = read(path)
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    number = path.stem[:2]
    assert re.findall(r"^# .*", text, re.M) == [text.splitlines()[0]]
    assert text.startswith(f"# {number} · ")
    marks = ["**You will**", "**Before you start.**", "\n## 1 ", "\n## What you learned", "\n## Exercises", "**Next:**"]
    places = [text.find(mark) for mark in marks]
    assert -1 not in places and places == sorted(places), dict(zip(marks, places, strict=True))
    objectives = re.findall(r"^- ", text[places[0] : places[1]], re.M)
    lessons = re.findall(r"^- ", text[places[3] : places[4]], re.M)
    assert 3 <= len(objectives) <= 5
    assert len(lessons) == len(objectives)
    assert code_cells(notebook)[0] is next(cell for cell in notebook.cells if cell.cell_type == "code")


@every_lesson
def test_exercises_and_solutions_agree(path):
    """Same statements in the same order; each solution is found right by the check, and stored so."""
    solutions = path.parent / "solutions" / path.name

    def statements(notebook):
        return [c.source for c in notebook.cells if c.cell_type == "markdown" and EXERCISE.match(c.source)]

    lesson, solved = read(path), read(solutions)
    for statement, again in itertools.zip_longest(statements(lesson), statements(solved)):
        assert statement == again, "a lesson and its solutions need the same text cells of exercises, in the same order"
    assert statements(lesson), "a lesson needs an exercise: a text cell that begins with its number, such as **03.1**"
    names = [EXERCISE.match(statement)[1] for statement in statements(lesson)]
    turns = [name for name in names if name[-1].isalpha()]
    wanted = [f"{path.stem[:2]}.{letter}" for letter in string.ascii_lowercase[: len(turns)]]
    wanted += [f"{path.stem[:2]}.{k}" for k in range(1, len(names) - len(turns) + 1)]
    assert names == wanted, "turns are lettered from a on, then exercises are numbered from 1 on, without a gap"
    checked = {name for name in exercises.names() if name.startswith(path.stem[:2])}
    assert set(names) == checked, f"the exercises of the notebook, and those of notebooks/checks/{path.stem}.py"
    printed = "".join(text for cell in code_cells(solved) for text in texts(cell))
    asked = "".join(text for cell in code_cells(lesson) for text in texts(cell))
    for name in names:
        assert f"Exercise {name}: right." in printed, f"no solution of {name} is checked, or it is not stored"
        assert f"Exercise {name}: no answer yet." in asked, f"the cell under {name} needs answer = None, and storing"
    assert "not yet" not in printed, "the check refuses an answer in the solutions"


@every_lesson
def test_every_prediction_is_judged_further_down(path):
    code = "\n".join(cell.source for cell in code_cells(read(path)))
    calls = re.findall(r'^lk\.(predict|reveal)\("([^"]+)"', code, re.M)
    made = [name for call, name in calls if call == "predict"]
    assert made == [f"{path.stem[:2]}.{k}" for k in range(1, len(made) + 1)]
    assert [name for call, name in calls if call == "reveal"] == made
    assert all(calls.index(("predict", name)) < calls.index(("reveal", name)) for name in made)


@every_lesson
def test_next_link_leads_on(path):
    last = read(path).cells[-1].source
    assert last.startswith("**Next:**")
    following = NOTEBOOKS[NOTEBOOKS.index(path) + 1 : NOTEBOOKS.index(path) + 2]
    if following:
        assert f"]({following[0].name})" in last


def test_nbconvert_writes_python_slides_and_texts_of_figures():
    nbconvert = pytest.importorskip("nbconvert")
    notebook = read(NOTEBOOKS[0])
    script, resources = nbconvert.ScriptExporter().from_notebook_node(notebook)
    assert resources["output_extension"] == ".py" and "import lenet_keras as lk" in script
    slides, _ = nbconvert.SlidesExporter().from_notebook_node(notebook)
    headings = re.findall("^##? ", "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown"), re.M)
    found = len(re.findall(r"<section[^>]*>\s*<section", slides))
    assert 5 < found <= len(headings)  # the last two or three share a cell
    page, _ = nbconvert.HTMLExporter(template_name="classic").from_notebook_node(notebook)
    texts = [
        o.metadata["image/png"]["alt"]
        for c in code_cells(notebook)
        for o in c.outputs
        if "image/png" in o.get("data", {})
    ]
    assert texts and all(f'alt="{text}"' in html.unescape(page) for text in texts)


# ----------------------------------------------------------------------------------- can the test of the form fail?


def good_notebook():
    cell = nbformat.v4.new_code_cell("print(1 + 1)", execution_count=1)
    cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text="2\n")]
    return nbformat.v4.new_notebook(cells=[cell], metadata=METADATA)


def stream(text, name="stdout"):
    return nbformat.v4.new_output("stream", name=name, text=text)


def spoil_outputs(*outputs):
    def spoil(cell):
        cell.outputs = list(outputs)

    return spoil


def spoil_source(source):
    def spoil(cell):
        cell.source = source

    return spoil


def spoil_tags(*tags):
    def spoil(cell):
        cell.metadata["tags"] = list(tags)

    return spoil


def spoil_count(cell):
    cell.execution_count = None


def spoil_metadata(cell):
    cell.metadata["editable"] = True


SPOILED = {
    "metadata": (spoil_metadata, "other metadata"),
    "unrun": (spoil_count, "execution counts"),
    "stripped": (spoil_outputs(), "text that is compared"),
    "stderr": (spoil_outputs(stream("2\n", "stderr")), "stderr"),
    "error": (spoil_outputs(nbformat.v4.new_output("error", ename="E", evalue="", traceback=[])), "stored error"),
    "address": (spoil_outputs(stream("<keras.Model object at 0x7f00aabbccdd>")), "memory address"),
    "progress bar": (spoil_outputs(stream("60/60 ━━━━ 1s 3ms/step")), "progress bar"),
    "path": (spoil_outputs(stream("/home/somebody/course")), "path of a machine"),
    "clock": (spoil_outputs(stream("at 12:30:05")), "time of day"),
    "ignored": (spoil_tags("nbval-ignore-output"), "one in five"),
    "skipped": (spoil_tags("nbval-skip"), "tag nbval-skip"),
    "no error": (spoil_tags("raises-exception"), "without a stored error"),
    "comment": (spoil_source("# NBVAL_IGNORE_OUTPUT\nprint(2)"), "comment steers"),
    "semicolon": (spoil_source("print(2);"), "ends in ;"),
    "clear": (spoil_source("clear_output()"), "clear_output"),
    "long": (spoil_source("print(2)\n" * 20), "lines"),
    "no alt": (
        spoil_outputs(nbformat.v4.new_output("display_data", {"image/png": "", "text/plain": "<Figure>"})),
        "alt text",
    ),
}


def test_the_guard_lets_a_good_notebook_pass():
    assert problems(good_notebook()) == []


@pytest.mark.parametrize("how", SPOILED)
def test_the_guard_sees(how):
    spoil, complaint = SPOILED[how]
    notebook = good_notebook()
    spoil(notebook.cells[0])
    assert any(complaint in problem for problem in problems(notebook))


def test_the_guard_sees_size_and_metadata():
    notebook = good_notebook()
    notebook.metadata["kernelspec"] = {"name": "my-environment", "display_name": "Mine", "language": "python"}
    found = problems(notebook, size=2**20)
    assert any("metadata" in problem for problem in found) and any("megabyte" in problem for problem in found)


# ------------------------------------------------------------------------------------- how outputs are compared


def canaries(outputs):
    """Copies of a cell's outputs, each with another one of its printed digits changed; of a whole page, a sample."""
    for number, output in enumerate(outputs):
        for kind in ["text"] if output.output_type == "stream" else [k for k in output.get("data", {}) if "text" in k]:
            text = output.text if kind == "text" else output.data[kind]
            digits = list(re.finditer(r"\d", text))
            for match in digits[:: 1 + len(digits) // 3000]:
                changed = copy.deepcopy(outputs)
                swapped = f"{text[: match.start()]}{(int(match[0]) + 1) % 10}{text[match.end() :]}"
                if kind == "text":
                    changed[number].text = swapped
                else:
                    changed[number].data[kind] = swapped
                yield changed


def compared(path, session):
    """The cells of a notebook whose outputs nbval compares, as notebooks/conftest.py has it compare them."""
    file = IPyNbFile.from_parent(session, path=path)
    rules = (COURSE / "notebooks" / "pages.cfg").read_text(encoding="utf-8")
    file.sanitize_patterns.update(get_sanitize_patterns(rules))
    return [cell for cell in file.collect() if "nbval-ignore-output" not in cell.cell.metadata.get("tags", [])]


@every_notebook
def test_any_changed_digit_in_a_stored_output_fails(path, request):
    """nbval's own comparison, with stored outputs in the part of the fresh ones; of a page, with what it shows."""
    for cell in compared(path, request.session):
        stored = cell.sanitize_outputs(cell.cell.outputs)
        assert cell.compare_outputs(cell.cell.outputs, cell.cell.outputs)
        for changed in canaries(stored):
            assert not cell.compare_outputs(cell.cell.outputs, changed), changed


def test_a_page_is_compared_by_what_it_shows(request, tmp_path):
    """A comment in a script or a style may change; a weight, a sample or the still picture may not."""
    text = pages.pad_element(lk.lenet5())

    def output(text):
        return nbformat.v4.new_output("display_data", {"text/html": text, "text/plain": "A pad."})

    notebook = good_notebook()
    notebook.cells[0].outputs = [output(text)]
    nbformat.write(notebook, tmp_path / "page.ipynb")
    [cell] = compared(tmp_path / "page.ipynb", request.session)

    def passes(old, new):
        assert old in text
        return cell.compare_outputs([output(text.replace(old, new, 1))], cell.cell.outputs)

    weights = re.search(r'"weights":"(.{8})', text)[1]
    picture = re.search(r"data:image/svg\+xml;base64,.{20}(.{8})", text)[1]
    assert passes("// The forward pass", "// The way forward") and passes("/* Read aloud", "/* Spoken")
    assert passes("</style>", ".x {}</style>") and passes("softmax(outputs) {", "softmax(outputs) { 1; ")
    assert not passes(weights, weights[::-1]) and not passes(picture, picture[::-1])
    assert not passes("0.84", "0.83") and not passes('"tanh"', '"relu"')
    assert not passes(' alt="A pad', ' alt="A pot') and not passes("<div", "<p>7</p><div")


def page_text(comment, shown=1):
    return (
        f'<div class="lenet-page"><img alt="A page."><script type="application/json">[{shown}]</script>\n'
        f"<style></style>\n<script>\n{comment}\n</script></div>"
    )


def page(comment, shown=1):
    data = {"text/html": page_text(comment, shown), "text/plain": "A page."}
    return nbformat.v4.new_output("display_data", data)


SHOW_PAGE = f"""from IPython.display import display
display({{"text/html": {page_text("// a comment")!r}, "text/plain": "A page."}}, raw=True)"""


@pytest.mark.parametrize(
    "source, stored, passes",
    [
        ("print(1 + 1)", stream("2\n"), True),
        ("print(1 + 1)", stream("3\n"), False),
        (SHOW_PAGE, page("// another comment"), True),
        (SHOW_PAGE, page("// a comment", shown=2), False),
    ],
    ids=["right", "wrong", "page with another comment", "page that shows another number"],
)
def test_the_test_command_compares_strictly_on_mnist_only(source, stored, passes, tmp_path):
    """The whole way, with the course's own pyproject.toml and conftest.py, on a notebook of one cell."""
    from lenet_keras import data

    folder = tmp_path / "notebooks"
    folder.mkdir()
    for name in ("pyproject.toml", "notebooks/conftest.py", "notebooks/pages.cfg"):
        (tmp_path / name).write_bytes((COURSE / name).read_bytes())
    notebook = good_notebook()
    notebook.cells[0].source, notebook.cells[0].outputs = source, [stored]
    nbformat.write(notebook, folder / "canary.ipynb")

    def run(**environment):
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", "notebooks"]
        return subprocess.run(command, cwd=tmp_path, env=os.environ | environment, capture_output=True, text=True)

    relaxed = run(LENET_DATA="bundled")
    assert relaxed.returncode == 0 and "1 passed" in relaxed.stdout, relaxed.stdout
    if data.find()[0].name == "mnist":
        strict = run()
        assert (strict.returncode == 0) == passes, strict.stdout


# ------------------------------------------------------------------------------------------------------- the tool


def test_running_a_notebook_twice_changes_no_byte(tmp_path):
    """tools/notebooks.py on a notebook with text, a figure, foreign metadata and an old output."""
    source = (
        "import numpy as np\n\nimport lenet_keras as lk\n\n"
        "lk.plots.digit_grid(np.zeros((2, 32, 32)), alt='Two blank sheets of paper.')\nprint(6 * 7)"
    )
    cell = nbformat.v4.new_code_cell(source, metadata={"collapsed": True, "tags": []})
    cell.outputs = [stream("old\n")]
    path = tmp_path / "twice.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata={"authors": [{"name": "nobody"}]}), path)
    digests = []
    for _ in range(2):
        command = [sys.executable, str(COURSE / "tools" / "notebooks.py"), str(path)]
        subprocess.run(command, check=True, capture_output=True)
        digests.append(hashlib.sha256(path.read_bytes()).hexdigest())
    assert digests[0] == digests[1]
    stored = read(path)
    assert problems(stored) == []
    assert "42\n" in list(texts(stored.cells[0]))


def test_a_notebook_of_the_course_is_stored_on_mnist_only():
    before = NOTEBOOKS[0].read_bytes()
    command = [sys.executable, str(COURSE / "tools" / "notebooks.py"), str(NOTEBOOKS[0])]
    environment = os.environ | {"LENET_DATA": "bundled"}
    result = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert result.returncode == 1 and "Nothing is stored" in result.stderr
    assert NOTEBOOKS[0].read_bytes() == before


def test_a_notebook_that_fails_is_not_stored(tmp_path):
    path = tmp_path / "fails.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("assert 1 == 2")]), path)
    before = path.read_bytes()
    command = [sys.executable, str(COURSE / "tools" / "notebooks.py"), str(path)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 1 and "AssertionError" in result.stderr
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
