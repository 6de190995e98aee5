"""Run the cells of notebooks twice each, then from the last to the first: python tools/rerun.py notebooks/03*.ipynb

Students do not run a notebook from top to bottom: they run a cell once more, or go back to an earlier one. Every
output must then be the one that the first run gave, or an error that says what to do. One line is printed for each
cell where this is not so: its number, when ("first", "again" or "back"), and the line that differs. The first cell and
the exercises at the end are run once. Nothing is written. Cells tagged nbval-ignore-output are not compared.

Before that, and at once with --names, come the names that stand for more than one thing: set by several cells and used
by another, which takes whatever was run last.
"""

import argparse
import itertools
import pathlib
import symtable
import sys

import nbformat
from nbclient import NotebookClient


def outputs(cell):
    """What a cell gave, as strings: its text in one, then its tables, pictures and errors."""
    text = "".join(output.text for output in cell.outputs if output.output_type == "stream")
    found = text.splitlines()
    for output in cell.outputs:
        if output.output_type == "error":
            found.append(f"{output.ename}: {output.evalue}")
        elif output.output_type != "stream":
            found += (value for kind, value in sorted(output.data.items()) if kind != "text/html")
    return found


def difference(wanted, found):
    """The first line that differs, as a sentence; None if all are equal."""
    for one, other in itertools.zip_longest(wanted, found, fillvalue=""):
        if one != other:
            return f"{one[:100]!r} became {other[:200]!r}"


def rerun(notebook, folder):
    """Yield (number of the code cell, "first", "again" or "back", what differs) for each difference."""
    client = NotebookClient(notebook, timeout=900, allow_errors=True, resources={"metadata": {"path": str(folder)}})
    cells = [(place, cell) for place, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    stored = [outputs(cell) for _, cell in cells]
    middle = [n for n, (_, cell) in enumerate(cells) if n > 0 and "lk.check(" not in cell.source]
    orders = [(n, "first") for n in range(len(cells))] + [(n, "again") for n in middle]
    orders.sort(key=lambda order: order[0])
    with client.setup_kernel():
        for n, when in orders + [(n, "back") for n in reversed(middle)]:
            place, cell = cells[n]
            client.execute_cell(cell, place)
            differs = difference(stored[n], outputs(cell))
            if differs and "nbval-ignore-output" not in cell.metadata.get("tags", []):
                yield n + 1, when, differs


def ambiguous_names(notebook):
    """Names set by several cells and used by another: a dict from the name to (cells that set, cells that use it)."""
    setting, using = {}, {}
    for number, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), 1):
        top = symtable.symtable(cell.source, "cell", "exec")
        scopes = [top]
        for scope in scopes:  # grows: functions and comprehensions in it
            scopes += scope.get_children()
        set_here = {one.get_name() for one in top.get_symbols() if one.is_assigned() and not one.is_imported()}
        used = {one.get_name() for scope in scopes for one in scope.get_symbols()
                if one.is_referenced() and (scope is top or one.is_global())}  # fmt: skip
        for name in set_here:
            setting.setdefault(name, []).append(number)
        for name in used - set_here:
            using.setdefault(name, []).append(number)
    return {name: (cells, using[name]) for name, cells in setting.items() if len(cells) > 1 and name in using}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notebooks", nargs="+", type=pathlib.Path)
    parser.add_argument("--names", action="store_true", help="run nothing, look at the names only")
    arguments, found = parser.parse_args(), 0
    for path in arguments.notebooks:
        print(path.name, flush=True)
        notebook = nbformat.read(path, as_version=4)
        for name, (setting, using) in ambiguous_names(notebook).items():
            found += 1
            print(f"  {name}: set by {setting}, used by {using}")
        if arguments.names:
            continue
        for number, when, differs in rerun(notebook, path.resolve().parent):
            found += 1
            print(f"  [{number}] {when}: {differs}", flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
