"""What the tests share."""

import hashlib
import importlib
import os

import matplotlib
import numpy as np
import pytest

import lenet_keras as lk
from lenet_keras.data import mnist

os.environ["LENET_PROGRESS"] = "off"  # what tests do is not a student's progress
matplotlib.use("Agg")
lk.start_keras()


@pytest.fixture(scope="session")
def bundled():
    """The bundled digits, which need nothing from outside."""
    return lk.load_digits("bundled")


@pytest.fixture
def nowhere(tmp_path, monkeypatch):
    """No MNIST in any of the places that are searched, and a download that fails at once."""
    monkeypatch.delenv("LENET_DATA", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for folder in ("course", "empty"):
        (tmp_path / folder).mkdir()
    monkeypatch.setattr(lk.data, "DATA", tmp_path / "course")
    monkeypatch.setattr(lk.data.download, "ADDRESS", "http://127.0.0.1:9/mnist.npz")
    monkeypatch.setattr(lk.data.download, "_failure", None)
    monkeypatch.setattr(lk.data, "_fallback_was_said", False)


@pytest.fixture
def accept_any(mnist_like, monkeypatch):
    """Take the made-up arrays for MNIST, so that reading can be tested without MNIST."""
    hashes = {name: (a.shape, hashlib.sha256(a.tobytes()).hexdigest()) for name, a in mnist_like.items()}
    monkeypatch.setattr(mnist, "MNIST", hashes)


@pytest.fixture(scope="session")
def mnist_like():
    """Arrays of MNIST's names, shapes and dtypes that are not MNIST."""
    rng = np.random.default_rng(0)
    return {
        name: rng.integers(0, 10 if len(shape) == 1 else 256, shape, dtype=np.uint8)
        for name, (shape, _) in mnist.MNIST.items()
    }


@pytest.fixture(scope="session")
def mnist_like_file(mnist_like, tmp_path_factory):
    """An npz file with those arrays; tests link to it rather than write 55 MB each."""
    path = tmp_path_factory.mktemp("like") / "mnist.npz"
    np.savez(path, **mnist_like)
    return path


@pytest.fixture
def shown(monkeypatch):
    """The figures that functions of lk.plots show, as pairs (figure, text); still open, so that they can be read."""
    figures = []
    showing = importlib.import_module("lenet_keras.course.plots.showing")

    def keep(figure):
        figures.append((figure,))
        return bytes(24)  # for the picture

    def add_text(data, **_):
        figures[-1] += (data["text/plain"],)

    monkeypatch.setattr(showing, "png", keep)
    monkeypatch.setattr("IPython.display.display", add_text)
    yield figures
    matplotlib.pyplot.close("all")
