"""Write the ledger of the article's claims, data/claims.json: python tools/ledger.py

tools/claims.txt holds the claims, a block of lines each:

    number | section of the article | verdict | lesson that tries it, or -
    the claim, in our words
    what was found
    @ a piece of what the cell that tries it prints

This program looks the cells up in the stored notebooks. It refuses a claim whose lesson prints no such piece, and a
finding with a number that this cell does not print, so that the ledger cannot say anything that no lesson shows.
After a lesson was stored anew, run it again.
"""

import re
import sys

import nbformat
import record as records

import lenet_keras as lk
from lenet_keras.records import COURSE

VERDICTS = lk.pages.ledger.VERDICTS
RECORD = records.DATA / "claims.json"
SOURCE = COURSE / "tools" / "claims.txt"
NUMBER = re.compile(r"(?<![\w.^])(?<![A-Za-z]-)\d[\d,]*(?:\.\d+)?(?:e-?\d+)?(?!\w)")
SECTION = re.compile(r"^##+ (.*)$", re.M)
WITHOUT_CELL = {"not tried", "cannot be tested here"}


def blocks(text):
    """The claims of tools/claims.txt: dicts with id, section, verdict, lesson, claim, figure and printed.

    Raises:
        ValueError: for a block of another form.
    """
    found = []
    for block in text.strip().split("\n\n"):
        head, claim, figure, *more = block.splitlines()
        number, section, verdict, lesson = (part.strip() for part in head.split("|"))
        if verdict not in VERDICTS:
            raise ValueError(f"Claim {number}: a verdict is one of {', '.join(VERDICTS)}, not {verdict!r}.")
        if (lesson == "-") == bool(more) or (lesson == "-" and verdict not in WITHOUT_CELL):
            raise ValueError(f"Claim {number}: a lesson and what it prints belong together, and to a tried claim.")
        entry = {"id": int(number), "section": section, "verdict": verdict, "lesson": None if lesson == "-" else lesson}
        found.append(
            entry | {"claim": claim, "figure": figure, "printed": more[0].removeprefix("@ ") if more else None}
        )
    numbers = [entry["id"] for entry in found]
    if numbers != list(range(1, len(numbers) + 1)):
        raise ValueError("The claims are numbered from 1 on, without a gap.")
    return found


def outputs(cell):
    """What a code cell prints, as one text."""
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def numbers(text):
    """The numbers of a text, as floats: 60,000 is one number, and that of a name, such as C3 or SD-1, is none."""
    return {float(each.rstrip(",").replace(",", "")) for each in NUMBER.findall(text)}


def place(path, printed):
    """(execution count, heading of the section, output) of the cell of a notebook that prints a text.

    Raises:
        ValueError: if none does.
    """
    heading = ""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            heading = ([heading, *SECTION.findall(cell.source)])[-1]
        elif printed in outputs(cell):
            return cell.execution_count, heading, outputs(cell)
    raise ValueError(f"no cell of {path.name} prints {printed!r}")


def located(entry, folder=COURSE / "notebooks"):
    """A claim as the record has it: with the cell that tries it, looked up.

    Raises:
        ValueError: if the lesson does not print what it should.
    """
    row = {key: entry[key] for key in ("id", "section", "claim", "figure", "verdict")}
    row |= {"lesson": None, "heading": None, "cell": None, "printed": entry["printed"]}
    if entry["lesson"] is None:
        return row
    paths = list(folder.glob(f"{entry['lesson']}_*.ipynb"))
    if len(paths) != 1:
        raise ValueError(f"Claim {entry['id']}: there is no lesson {entry['lesson']}.")
    try:
        cell, heading, text = place(paths[0], entry["printed"])
    except ValueError as error:
        raise ValueError(f"Claim {entry['id']}: {error}.") from None
    if missing := numbers(entry["figure"]) - numbers(text):
        raise ValueError(f"Claim {entry['id']}: cell {cell} of {paths[0].stem} does not print {sorted(missing)}.")
    return row | {"lesson": paths[0].stem, "heading": heading, "cell": cell}


def main():
    rows, faults = [], []
    for entry in blocks(SOURCE.read_text(encoding="utf-8")):
        try:
            rows.append(located(entry))
        except ValueError as error:
            faults.append(str(error))
    if faults:
        sys.exit("\n".join(faults))
    settings = {"source": "tools/claims.txt", "claims": len(rows)}
    data = "what the stored notebooks print, on MNIST"
    records.write(RECORD, records.head("python tools/ledger.py", data, settings) | {"results": rows})
    print(", ".join(f"{verdict}: {sum(row['verdict'] == verdict for row in rows)}" for verdict in VERDICTS))


if __name__ == "__main__":
    main()
