"""Where the course's files lie, for the tests that read them."""

import pathlib

import nbformat

COURSE = pathlib.Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((COURSE / "notebooks").glob("[0-9]*.ipynb"))
SOLUTIONS = sorted((COURSE / "notebooks" / "solutions").glob("[0-9]*.ipynb"))


def read(path):
    return nbformat.read(path, as_version=4)
