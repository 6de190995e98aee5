"""Cells run once more, or in another order: the tool sees what differs, and a corrected prediction is taken."""

import nbformat
import pytest
import rerun
from course_files import NOTEBOOKS, read


def test_the_tool_sees_a_cell_that_goes_on_from_where_it_was(tmp_path):
    sources = ["total = 0", "total += 1\nprint(total)", "print('always')", "print(total)\ntotal", "1 / total"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="1\n")]
    notebook.cells[2].outputs = [nbformat.v4.new_output("stream", text="always\n")]
    notebook.cells[3].metadata["tags"] = ["nbval-ignore-output"]
    notebook.cells[4].outputs = [
        nbformat.v4.new_output("execute_result", data={"text/plain": "0.5"}, execution_count=1)
    ]
    assert list(rerun.rerun(notebook, tmp_path)) == [
        (2, "again", "'1' became '2'"),
        (2, "back", "'1' became '3'"),
    ]


def test_the_tool_names_an_error(tmp_path):
    cells = [nbformat.v4.new_code_cell(source) for source in ("here = [1]", "print(here.pop())")]
    cells[1].outputs = [nbformat.v4.new_output("stream", text="1\n")]
    again, back = rerun.rerun(nbformat.v4.new_notebook(cells=cells), tmp_path)
    assert again == (2, "again", "'1' became 'IndexError: pop from empty list'") and back[1] == "back"


def test_names_that_stand_for_two_things_are_seen():
    sources = ["rate = 1\nimport math", "for rate in (2, 3):\n    pass", "def f(rate):\n    return rate", "print(rate)"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    assert rerun.ambiguous_names(notebook) == {"rate": ([1, 2], [4])}
    notebook.cells[1].source = "print([rate for rate in (2, 3)])"
    assert rerun.ambiguous_names(notebook) == {}


PART_ONE = [path for path in NOTEBOOKS if path.stem[:2] < "14"]


@pytest.mark.parametrize("path", PART_ONE, ids=lambda path: path.stem)
def test_a_name_stands_for_one_thing(path):
    """So that cells may be run in any order. A generator of random numbers may: it draws another sample."""
    assert set(rerun.ambiguous_names(read(path))) <= {"rng"}
