"""What nbval does not see in a stored notebook: `problems` lists each departure from the form as one sentence."""

import re

MEGABYTE = 2**20
LONGEST_CELL = 15  # lines that are not blank
ALLOWED_TAGS = {"nbval-ignore-output", "raises-exception"}
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
}
COMMENT_MARKER = re.compile(r"^\s*#\s*(NBVAL|PYTEST_VALIDATE)_", re.M)
ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b|<[\w.]+ object at ")
BLANK = re.compile(r"\A\w+ = None\Z|____")
"""A turn of the student, which says nothing until it is filled in: its verdict stands in the next cell."""
# A bar (not the frame of a table of Keras), or a count of steps with a time for each, as Keras and tqdm print them.
PROGRESS = re.compile(r"(?<![┏┳┡╇━])━|█|\d+\s*(ms|s|us)/step|\d+it/s|it/s\]")
MACHINE = re.compile(r"(/work|/home|/root|/Users|/tmp|/var/folders|/private|[A-Z]:\\\\?Users)\b")
CLOCK = re.compile(r"\b\d{1,2}:\d{2}:\d{2}\b|\b20[2-9]\d-\d{2}-\d{2}\b")


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def tags(cell):
    return set(cell.metadata.get("tags", []))


def texts(cell, pages=True):
    """The text that nbval compares, one string for each output; without HTML pages if not pages."""
    for output in cell.outputs:
        if output.output_type == "stream":
            yield output.text
        elif output.output_type == "error":
            yield f"{output.ename}: {output.evalue}"
        else:
            for kind, value in output.data.items():
                if not kind.startswith("image/") and (pages or kind != "text/html"):
                    yield value if isinstance(value, str) else "".join(value)


def pictures(cell):
    return [output for output in cell.outputs if "image/png" in output.get("data", {})]


def problems(notebook, size=0):
    """Sentences that say what is wrong with a stored notebook; none if all is well."""
    found = []
    cells = code_cells(notebook)
    counts = [cell.execution_count for cell in cells]
    if counts != list(range(1, len(cells) + 1)):
        found.append(f"the execution counts are {counts}: run the whole notebook with tools/notebooks.py")
    if dict(notebook.metadata) != METADATA:
        found.append(f"the metadata are {dict(notebook.metadata)}, not the neutral ones of tools/notebooks.py")
    if size >= MEGABYTE:
        found.append(f"it has {size:,} bytes, a megabyte or more")
    ignored = [cell for cell in cells if "nbval-ignore-output" in tags(cell)]
    if len(ignored) > len(cells) / 5:
        found.append(f"{len(ignored)} of {len(cells)} code cells are tagged nbval-ignore-output, more than one in five")
    compared = [cell for cell in cells if cell not in ignored and "".join(texts(cell)).strip()]
    counted = [cell for cell in cells if not BLANK.search(cell.source)]
    if len(compared) < 0.7 * len(counted):
        found.append(f"only {len(compared)} of {len(counted)} code cells have text that is compared, under 70 %")
    for number, cell in enumerate(notebook.cells):
        begins = cell.cell_type == "markdown" and re.search("^##? ", cell.source, re.M)
        wanted = {"slideshow": {"slide_type": "slide"}} if begins else {}
        if {name: value for name, value in cell.metadata.items() if name != "tags"} != wanted:
            found.append(
                f"cell {number} has other metadata than tools/notebooks.py --metadata writes: a section, a slide"
            )
        if cell.cell_type == "code":
            found += [f"code cell {cell.execution_count}: {problem}" for problem in _cell_problems(cell)]
    return found


def _cell_problems(cell):
    found = []
    source, text = cell.source, "\n".join(texts(cell, pages=False))
    if unknown := tags(cell) - ALLOWED_TAGS:
        found.append(f"tag {', '.join(sorted(unknown))}")
    if COMMENT_MARKER.search(source):
        found.append("a comment steers nbval: use a cell tag")
    if source.rstrip().endswith(";"):
        found.append("ends in ;, which nbval does not heed")
    if "clear_output" in source:
        found.append("clear_output, which nbval does not apply")
    lines = sum(bool(line.strip()) for line in source.splitlines())
    if lines > LONGEST_CELL:
        found.append(f"{lines} lines, more than {LONGEST_CELL}")
    kinds = {output.output_type for output in cell.outputs}
    if any(output.output_type == "stream" and output.name == "stderr" for output in cell.outputs):
        found.append("stored stderr")
    if "error" in kinds and "raises-exception" not in tags(cell):
        found.append("a stored error without the tag raises-exception")
    if "error" not in kinds and "raises-exception" in tags(cell):
        found.append("the tag raises-exception without a stored error")
    for pattern, what in (
        (ADDRESS, "a memory address"),
        (PROGRESS, "a progress bar or a timing"),
        (MACHINE, "a path of a machine"),
        (CLOCK, "a date or a time of day"),
    ):
        if match := pattern.search(text):
            found.append(f"{what} in its output: {match[0]!r}")
    for output in cell.outputs:
        if "application/vnd.jupyter.widget-view+json" in output.get("data", {}):
            found.append("a widget")
    for output in pictures(cell):
        alt = output.metadata.get("image/png", {}).get("alt", "")
        if len(alt) < 15 or alt != output.data.get("text/plain"):
            found.append("a picture without alt text: show figures with lk.plots.show")
    return found
