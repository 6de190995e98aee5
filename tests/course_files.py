"""Where the course's files lie, for the tests that read them."""

import os
import pathlib

import nbformat
import pytest

COURSE = pathlib.Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((COURSE / "notebooks").glob("[0-9]*.ipynb"))
SOLUTIONS = sorted((COURSE / "notebooks" / "solutions").glob("[0-9]*.ipynb"))
MNIST_FOLDER = pathlib.Path(os.environ.get("LENET_DATA", ""))
needs_mnist = pytest.mark.skipif(
    not (MNIST_FOLDER / "mnist.npz").is_file(),
    reason="needs the real MNIST: set LENET_DATA to the folder with mnist.npz",
)


def read(path):
    return nbformat.read(path, as_version=4)
