"""Run notebooks and store them: python tools/notebooks.py [notebooks ...]

Without arguments all notebooks of the course are run, solutions included. A stored notebook holds its outputs but
no trace of the machine or the time: running it again changes no byte, save in cells tagged nbval-ignore-output.
A notebook whose cell fails is not stored, and one of the course only with the outputs of a run on MNIST.

When the notebook that draws the network is stored, the README's picture, data/lenet5.png, is taken out of it. The
minutes of reading, counted from words and lines of code, are written where a reader looks for them: in the notebook's
"Before you start" and in the README's course map. With --times so are the seconds of running, rounded up to tens, and
they are recorded in data/run_times.json.
With --metadata nothing is run: only ids, tags, minutes and what nbconvert needs are written anew.
"""

import argparse
import ast
import base64
import math
import os
import pathlib
import re
import sys
import time

import nbformat
import numpy as np
import record as records
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from lenet_keras import data
from lenet_keras.records import COURSE, DATA

TIMES = DATA / "run_times.json"
PICTURE = "build_lenet5", "lk.plots.architecture(", DATA / "lenet5.png"
"""The end of the name of the notebook that draws the network, what its cell calls, and the README's picture."""
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
}
CELL_TIMEOUT = 300
WORDS_A_MINUTE, SECONDS_A_LINE = 180, 8
"""How fast a text in a foreign language and a line of code are read with understanding; the course's own measure."""
SECTION = re.compile(r"^##? ", re.M)
"""A cell with such a heading begins a slide: jupyter nbconvert --to slides."""


def run(path, state_time=False):
    """Run one notebook in its own folder and write it back. Returns the seconds it took.

    With state_time, the seconds are written into its text too.
    """
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    seconds = _execute(notebook, path)
    if state_time:
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = re.sub(
                    r"running about \d+ seconds", f"running about {shown(seconds)} seconds", cell.source
                )
    store(notebook, path)
    return seconds


def _execute(notebook, path):
    started = time.perf_counter()
    NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name="python3",
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    return time.perf_counter() - started


def cost(path):
    """Run a notebook, store nothing, and return (seconds, peak memory of its kernel in megabytes); not on Windows."""
    notebook = nbformat.read(path, as_version=4)
    peak = "import resource\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    notebook.cells.append(nbformat.v4.new_code_cell(peak))
    seconds = _execute(notebook, path)
    unit = 1024**2 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux kilobytes
    return seconds, int(notebook.cells[-1].outputs[-1].text) / unit


def minutes(notebook):
    """Whole minutes that reading takes: all its words, and all its lines of code."""
    words = sum(len(cell.source.split()) for cell in notebook.cells if cell.cell_type == "markdown")
    lines = sum(len(cell.source.splitlines()) for cell in notebook.cells if cell.cell_type == "code")
    return round(words / WORDS_A_MINUTE + lines * SECONDS_A_LINE / 60)


def state_minutes(notebook, path):
    """Write the minutes of reading into the notebook's own text, and into the README's course map."""
    found = minutes(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = re.sub(
                r"Reading takes about \d+ minutes", f"Reading takes about {found} minutes", cell.source
            )
    readme = COURSE / "README.md"
    if path.resolve().parent == COURSE / "notebooks":
        text = readme.read_text(encoding="utf-8")
        stated = re.sub(rf"(\(notebooks/{path.stem}\.ipynb\).*\| )\d+( min \|)", rf"\g<1>{found}\g<2>", text)
        if stated != text:
            records.replace(readme, stated)


def store(notebook, path):
    """Write a notebook with the course's own metadata: editors and converters leave their marks, and these go."""
    state_minutes(notebook, path)
    notebook.metadata = METADATA
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:02d}"
        cell.metadata = {"tags": cell.metadata["tags"]} if cell.metadata.get("tags") else {}
        if cell.cell_type == "markdown" and SECTION.search(cell.source):
            cell.metadata["slideshow"] = {"slide_type": "slide"}
    nbformat.validate(notebook)
    temporary = path.with_suffix(".tmp")
    nbformat.write(notebook, temporary)
    os.replace(temporary, path)


def shown(seconds):
    """Seconds as readers are told them: rounded up to tens, from the whole seconds that are recorded."""
    return 10 * math.ceil(round(seconds) / 10)


def picture(notebook):
    """The README's picture, as PNG, from a notebook that has been run."""
    cell = next(cell for cell in notebook.cells if PICTURE[1] in cell.source and cell.get("outputs"))
    found = next(output.data["image/png"] for output in cell.outputs if "image/png" in output.get("data", {}))
    return base64.b64decode(found)


def definitions(name):
    """The functions and the tables in capitals that a notebook of the course defines, by name; only NumPy is there."""
    names = {"np": np}
    for cell in nbformat.read(COURSE / "notebooks" / f"{name}.ipynb", as_version=4).cells:
        if cell.cell_type == "code":
            for node in ast.parse(cell.source).body:
                table = isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "").isupper()
                if isinstance(node, ast.FunctionDef) or (table and len(node.targets[0].id) > 1):
                    exec(compile(ast.Module([node], []), name, "exec"), names)
    return names


def record_times(times):
    """Write the record of run times, and the seconds into the README's course map."""
    record = records.head("python tools/notebooks.py --times", "the digits that the notebooks find: MNIST", {})
    records.write(TIMES, record | {"results": dict(sorted(times.items()))})
    readme = COURSE / "README.md"
    text = readme.read_text(encoding="utf-8")
    for name, seconds in times.items():
        text = re.sub(rf"(\(notebooks/{name}\.ipynb\).*\| )\d+( s \|)", rf"\g<1>{shown(seconds)}\g<2>", text)
    records.replace(readme, text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notebooks", nargs="*", type=pathlib.Path)
    parser.add_argument("--times", action="store_true", help="record how long each takes")
    parser.add_argument("--metadata", action="store_true", help="run nothing, store the metadata")
    arguments = parser.parse_args()
    paths = arguments.notebooks or sorted((COURSE / "notebooks").rglob("[0-9]*.ipynb"))
    if arguments.metadata:
        for path in paths:
            store(nbformat.read(path, as_version=4), path)
        return 0
    if any(path.resolve().is_relative_to(COURSE) for path in paths) and data.find()[0].name != "mnist":
        sys.exit(
            "Nothing is stored: the course's notebooks hold outputs of MNIST, which is not here; see data/README.md."
        )
    times = (records.read(TIMES) or {"results": {}})["results"]
    failed = []
    for path in paths:
        path = path.resolve()
        name = "solutions/" * (path.parent.name == "solutions") + path.name
        try:
            seconds = run(path, arguments.times and path.parent.name != "solutions")
        except CellExecutionError as error:
            failed.append(name)
            print(f"{name}: not stored, a cell failed:\n{error}", file=sys.stderr)
            continue
        print(f"{name}: {seconds:.0f} s", flush=True)
        if path.parent.name != "solutions":
            times[path.stem] = round(seconds)
            if path.stem.endswith(PICTURE[0]):
                PICTURE[2].write_bytes(picture(nbformat.read(path, as_version=4)))
    if arguments.times:
        record_times(times)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
