"""The copy for a class, and the address where the course is published."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys

import pytest
import share
from course_files import COURSE, NOTEBOOKS, read
from notebook_form import code_cells
from test_prose import broken_links

ADDRESS = "https://github.com/owner/name"


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A copy of the course's notebooks and README that may be written to."""
    (tmp_path / "course").mkdir()
    shutil.copytree(COURSE / "notebooks", tmp_path / "course" / "notebooks")
    shutil.copy(COURSE / "README.md", tmp_path / "course")
    monkeypatch.setattr(share, "COURSE", tmp_path / "course")
    return tmp_path / "course"


def digests(folder):
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class") / "copy"
    assert share.main(["student", str(folder)]) == 0
    return folder


def test_a_student_copy_has_no_solutions_answers_or_outputs(copy):
    assert sorted(path.name for path in (copy / "notebooks").glob("*.ipynb")) == [path.name for path in NOTEBOOKS]
    assert not list(copy.rglob("solutions")) and not (copy / "tests").exists()
    assert [path.name for path in (copy / "tools").iterdir()] == ["course.py"]
    for path in (copy / "notebooks").glob("*.ipynb"):
        cells = code_cells(read(path))
        assert all(cell.outputs == [] and cell.execution_count is None for cell in cells)
        assert [cell.source for cell in cells] == [
            cell.source for cell in code_cells(read(COURSE / "notebooks" / path.name))
        ]


def test_the_links_of_a_student_copy_lead_somewhere(copy, monkeypatch):
    monkeypatch.setattr("test_prose.COURSE", copy)
    text = (copy / "README.md").read_text(encoding="utf-8")
    assert broken_links(text, copy) == []
    assert "Contributing" not in text and "Teaching" not in text and "solutions" not in text
    assert "pytest" not in text and "course.py test" not in text


def test_a_student_copy_runs(copy):
    """Its first notebook, on the bundled digits, with its own package, in a kernel as JupyterLab starts one."""
    code = (
        "import nbclient, nbformat, pathlib\n"
        "path = pathlib.Path('notebooks/00_start_here.ipynb')\n"
        "notebook = nbformat.read(path, as_version=4)\n"
        "cell = nbformat.v4.new_code_cell('print(lk.__file__)')\n"
        "notebook.cells.append(cell)\n"
        "nbclient.NotebookClient(notebook, resources={'metadata': {'path': 'notebooks'}}).execute()\n"
        "print(cell.outputs[0].text)"
    )
    environment = os.environ | {"LENET_DATA": "bundled", "PYTHONPATH": str(copy)}
    done = subprocess.run([sys.executable, "-c", code], cwd=copy, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert str(copy / "lenet_keras") in done.stdout


def test_a_copy_is_not_laid_over_something(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(SystemExit, match="not an empty folder"):
        share.main(["student", str(tmp_path)])
    with pytest.raises(SystemExit, match="inside the course"):
        share.main(["student", str(COURSE / "data" / "copy")])
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_address_is_stamped_everywhere_and_taken_out_again(course):
    before = digests(course)
    assert share.main(["publish", ADDRESS]) == 0
    for path in [*course.glob("notebooks/*.ipynb"), *course.glob("notebooks/solutions/*.ipynb")]:
        notebook = read(path)
        setup = code_cells(notebook)[0].source
        assert f'address, here = "{ADDRESS}",' in setup
        place = path.relative_to(course).as_posix()
        colab = f"https://colab.research.google.com/github/owner/name/blob/main/{place}"
        assert notebook.cells[0].source.count(f"({colab})") == 1
        assert re.match(r"# .*\n\n<!-- badges --> ", notebook.cells[0].source)
    assert "mybinder.org/v2/gh/owner/name/main" in (course / "README.md").read_text(encoding="utf-8")
    stamped = digests(course)
    assert share.main(["publish", ADDRESS + ".git"]) == 0
    assert digests(course) == stamped
    assert share.main(["publish", "--none"]) == 0
    assert digests(course) == before


@pytest.mark.parametrize(
    "wrong", ["owner/name", "https://github.com/owner", "https://example.org/a/b", "github.com/a/b"]
)
def test_another_address_is_refused(course, wrong):
    before = digests(course)
    with pytest.raises(SystemExit, match="such as https://github.com/OWNER/NAME"):
        share.main(["publish", wrong])
    assert digests(course) == before


def test_a_published_notebook_is_still_in_form(course):
    share.main(["publish", ADDRESS])
    for path in course.glob("notebooks/*.ipynb"):
        raw = path.read_text(encoding="utf-8")
        assert raw == json.dumps(json.loads(raw), ensure_ascii=False, indent=1) + "\n"


def test_the_ways_in_name_files_that_are_there():
    import yaml

    container = json.loads((COURSE / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    binder = (COURSE / ".binder" / "requirements.txt").read_text(encoding="utf-8")
    for name in re.findall(r"-r (\S+)", container["postCreateCommand"] + " " + binder):
        assert (COURSE / ".binder" / name).is_file() or (COURSE / name).is_file()
    workflow = yaml.safe_load((COURSE / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8"))
    assert any(step.get("run") == "bash .ci/run" for step in workflow["jobs"]["test"]["steps"])
    citation = yaml.safe_load((COURSE / "CITATION.cff").read_text(encoding="utf-8"))
    assert f'version = "{citation["version"]}"' in (COURSE / "pyproject.toml").read_text(encoding="utf-8")
