"""The digits: where they are looked for, when bundled ones stand in for MNIST, and who has looked at test digits."""

import os
import sys
import types

import numpy as np
import pytest
from course_files import MNIST_FOLDER, needs_mnist

import lenet_keras as lk
from lenet_keras import data
from lenet_keras.data import mnist

pytestmark = pytest.mark.usefixtures("nowhere")


def shapes(digits):
    return [array.shape for array in (digits.x_train, digits.y_train, digits.x_test, digits.y_test)]


# ---------------------------------------------------------------------------------------------------- finding


@needs_mnist
def test_mnist_as_the_networks_take_it(monkeypatch, capsys):
    monkeypatch.setenv("LENET_DATA", str(MNIST_FOLDER))
    digits = data.load_digits()
    assert capsys.readouterr().out == "Digits: MNIST, 60,000 to train with, 10,000 to test with.\n"
    assert digits.name == "mnist"
    assert shapes(digits) == [(60000, 32, 32, 1), (60000,), (10000, 32, 32, 1), (10000,)]
    assert digits.x_train.dtype == np.float32 and digits.y_train.dtype == np.int32
    assert digits.x_train.min() == np.float32(-0.1) and digits.x_train.max() == np.float32(1.175)
    # The facts sheet: mean 0.03, variance about 0.125.
    assert digits.x_train.mean(dtype="float64") == pytest.approx(0.03, abs=0.005)
    assert digits.x_train.var(dtype="float64") == pytest.approx(0.125, abs=0.002)
    with np.load(MNIST_FOLDER / "mnist.npz") as file:
        by_hand = -0.1 + 1.275 * np.pad(file["x_test"][:50].astype(float), ((0, 0), (2, 2), (2, 2))) / 255
        np.testing.assert_array_equal(digits.y_test, file["y_test"])
    np.testing.assert_allclose(digits.x_test[:50, ..., 0], by_hand, atol=1e-7)


def test_order_of_search(tmp_path, monkeypatch, mnist_like, accept_any, capsys):
    for folder in ("named", "course", "keras/datasets"):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        np.savez(tmp_path / folder / "mnist.npz", **mnist_like)
    read = []
    original = mnist.read_npz
    monkeypatch.setattr(mnist, "read_npz", lambda path, where: read.append(path.parent.name) or original(path, where))
    monkeypatch.setenv("LENET_DATA", str(tmp_path / "named"))
    data.load_pixels()
    monkeypatch.delenv("LENET_DATA")
    data.load_pixels()
    (tmp_path / "course" / "mnist.npz").unlink()
    data.load_pixels("mnist")
    assert read == ["named", "course", "datasets"]
    monkeypatch.setenv("LENET_DATA", "bundled")
    assert data.load_pixels().name == "bundled"
    assert data.load_pixels("mnist").name == "mnist"
    assert "not found" not in capsys.readouterr().out


def test_bad_copy_in_the_course_folder_is_an_error_not_a_fallback(tmp_path):
    (tmp_path / "course" / "mnist.npz").write_text("<html>")
    with pytest.raises(ValueError, match="web page"):
        data.load_digits()


def test_bad_source():
    with pytest.raises(ValueError, match="'cifar'"):
        data.load_digits("cifar")


def test_fallback_is_said_once_and_why(capsys):
    digits = data.load_digits()
    assert digits.name == "bundled"
    first = capsys.readouterr().out
    assert first.count("\n") == 2
    assert "LENET_DATA is not set" in first and "the download failed: no connection" in first
    data.load_digits()
    assert capsys.readouterr().out == (
        "Digits: scikit-learn's bundled digits, 1,437 to train with, 360 to test with.\n"
    )


def test_asked_for_mnist_and_not_found():
    with pytest.raises(ValueError, match="MNIST was not found .*Put mnist.npz into the course's data folder"):
        data.load_digits("mnist")


def test_bad_copy_in_keras_cache_is_said(tmp_path, capsys):
    (tmp_path / "keras" / "datasets").mkdir(parents=True)
    (tmp_path / "keras" / "datasets" / "mnist.npz").write_bytes(b"PK\x03\x04half")
    assert data.load_digits().name == "bundled"
    assert "the copy in Keras's cache is unusable: mnist.npz is damaged or cut short" in capsys.readouterr().out


def test_finding_says_nothing(capsys):
    digits, why_not = data.find()
    assert digits.name == "bundled" and digits.x_train.dtype == np.uint8
    assert why_not == "LENET_DATA is not set, the data folder has none, the download failed: no connection"
    assert data.find("bundled")[1] is None
    assert capsys.readouterr() == ("", "")


# ------------------------------------------------------------------------------- LENET_DATA as people write it


@pytest.fixture
def folder(tmp_path, monkeypatch, mnist_like_file, accept_any):
    """A home with MNIST in "my digits"; the working directory is another folder."""
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    (tmp_path / "my digits").mkdir()
    os.link(mnist_like_file, tmp_path / "my digits" / "mnist.npz")
    monkeypatch.chdir(tmp_path / "empty")
    return tmp_path / "my digits"


@pytest.mark.parametrize("text", [
    "~/my digits", "$HOME/my digits", "${HOME}/my digits", '"~/my digits"', "'{}'", "{} ", " \t{}\r\n", '" {} "', "{}/",
    "../my digits",
])  # fmt: skip
def test_the_folder_is_found_however_it_is_written(text, folder, monkeypatch):
    monkeypatch.setenv("LENET_DATA", text.replace("{}", str(folder)))
    assert data.find()[0].name == "mnist"


def test_a_relative_folder_is_looked_for_from_the_course_too(folder, monkeypatch):
    monkeypatch.setattr(mnist, "COURSE", folder.parent)
    monkeypatch.setenv("LENET_DATA", "my digits")
    assert data.find()[0].name == "mnist"


@pytest.mark.parametrize("text", ["bundled", " bundled ", "'bundled'", '"bundled"'])
def test_bundled_digits_are_asked_for_however_it_is_written(text, monkeypatch):
    monkeypatch.setenv("LENET_DATA", text)
    assert data.find()[0].name == "bundled" and data.find()[1] is None


@pytest.mark.parametrize("text", ["", "  ", '""'])
def test_nothing_written_is_nothing_set(text, monkeypatch):
    monkeypatch.setenv("LENET_DATA", text)
    assert "LENET_DATA is not set" in data.find()[1]


@pytest.mark.parametrize("text, words", [
    ("x" * 300, "LENET_DATA is " + "x" * 80 + "..., but that folder cannot be read: File name too long."),
    ("/there/" + "x/" * 150, "but there is no such folder: set it to"),
    ("no\nsuch\x1b", r"LENET_DATA is no\nsuch\x1b, but there is no such folder"),
    (__file__ + "/x", "but there is no such folder"),
])  # fmt: skip
def test_folders_that_no_system_has(text, words, monkeypatch):
    monkeypatch.setenv("LENET_DATA", text)
    with pytest.raises(ValueError) as caught:
        data.find()
    assert words in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("call", ["stat", "listdir"])
def test_a_folder_that_may_not_be_read(call, tmp_path, monkeypatch):
    """Root may read everything, so that the system's refusal is played."""
    original = getattr(os, call)

    def refuse(path=".", *arguments, **named):
        if str(path) == str(tmp_path / "empty"):
            raise PermissionError(13, "Permission denied", str(path))
        return original(path, *arguments, **named)

    monkeypatch.setenv("LENET_DATA", str(tmp_path / "empty"))
    monkeypatch.setattr(os, call, refuse)
    with pytest.raises(ValueError, match="but that folder cannot be read: Permission denied"):
        data.find()


# --------------------------------------------------------------------------------------------- nearly found


@pytest.mark.parametrize("names, words", [
    (["mnist (1).npz"], "the data folder has only mnist (1).npz, not mnist.npz itself"),
    (["mnist/mnist.npz"], "the data folder has only mnist/mnist.npz, not"),
    (["mnist.npz.crdownload", "MNIST.zip"], "the data folder has only MNIST.zip, mnist.npz.crdownload, not"),
    ([f"mnist ({number}).npz" for number in range(5)], "mnist (2).npz and 2 more, not"),
    (["raw/train-images-idx3-ubyte", "train-images-idx3-ubyte (1).gz"], "idx3-ubyte (1).gz, raw/train-images-idx"),
    (["mnist\x1b.npz"], r"has only mnist\x1b.npz, not"),
    (["README.md", "mnist.json", "lenet5_mnist.weights.h5"], "the data folder has none,"),
    (["far/below/mnist.npz"], "the data folder has none,"),
])  # fmt: skip
def test_near_misses_in_the_data_folder_are_named(names, words, tmp_path, capsys):
    for name in names:
        (tmp_path / "course" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "course" / name).touch()
    assert data.load_digits().name == "bundled"
    assert words in capsys.readouterr().out


def test_near_misses_are_named_in_the_folder_of_lenet_data_too(tmp_path, monkeypatch):
    for name in ("a", "b", "c", "d", "e", "mnist (1).npz"):
        (tmp_path / "empty" / name).touch()
    monkeypatch.setenv("LENET_DATA", str(tmp_path / "empty"))
    with pytest.raises(ValueError, match=r"found mnist \(1\)\.npz\.$"):
        data.find()


# ------------------------------------------------------------------------------------------------ test digits


@pytest.fixture
def cell(monkeypatch):
    """A notebook: cell(7) begins the cell with the number 7. No test digits were looked at before."""
    shell = types.SimpleNamespace(execution_count=0)
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=lambda: shell))
    monkeypatch.setattr(data, "test_openings", [])
    return lambda number: setattr(shell, "execution_count", number)


def test_opening_test_digits_is_noted_once_a_cell(cell):
    digits = data.load_digits("bundled")
    cell(7)
    assert len(digits.x_test) == len(digits.y_test) == 360
    assert data.test_openings == [7]
    cell(9)
    assert digits.y_test.dtype == np.int32
    cell(10)
    assert digits.x_train.dtype == np.float32
    assert data.test_openings == [7, 9]


def test_outside_of_a_notebook_an_opening_is_noted_too(monkeypatch):
    monkeypatch.setattr(data, "test_openings", [])
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=lambda: None))
    assert len(data.load_digits("bundled").y_test) == 360
    assert data.test_openings == [0]
    monkeypatch.delitem(sys.modules, "IPython")
    assert len(data.load_digits("bundled").y_test) == 360
    assert data.test_openings == [0]


def test_loading_splitting_and_training_open_no_test_digits(cell):
    cell(3)
    digits = data.load_digits("bundled")
    assert "360 to test with" in repr(digits)
    few = digits.replace(x_train=digits.x_train[:100], y_train=digits.y_train[:100])
    learn, validate = lk.split(few)
    assert len(learn) + len(validate) == 100
    lk.train(lk.lenet5(), few, lk.Recipe(epochs=1, batch_size=50), verbose=False)
    data.load_pixels("bundled")
    data.find()
    assert data.test_openings == []


def test_replacing_keeps_the_rest():
    digits = data.load_digits("bundled")
    few = digits.replace(y_train=digits.y_train[:5], x_test=digits.x_test[:3], name="mine")
    assert shapes(few) == [(1437, 32, 32, 1), (5,), (3, 32, 32, 1), (360,)]
    assert few.name == "mine" and digits.name == "bundled" and len(digits.y_train) == 1437
    assert few.x_train is digits.x_train and few.y_test is digits.y_test
    with pytest.raises(TypeError, match="x_trane"):
        digits.replace(x_trane=0)


# ------------------------------------------------------------------------------------ normalising, bundled digits


def test_normalise_against_the_formula():
    pixels = np.arange(784, dtype=np.int64).reshape(1, 28, 28).astype("uint8")
    images = data.normalise(pixels)
    assert images.shape == (1, 32, 32, 1) and images.dtype == np.float32
    np.testing.assert_allclose(images[0, 2:30, 2:30, 0], -0.1 + 1.275 * pixels[0] / 255.0, atol=1e-7)
    border = np.ones((32, 32), bool)
    border[2:30, 2:30] = False
    assert (images[0, ..., 0][border] == np.float32(-0.1)).all()


@pytest.mark.parametrize("wrong", [np.zeros((28, 28), "uint8"), np.zeros((2, 32, 32), "uint8"), np.zeros((2, 28, 28))])
def test_normalise_refuses(wrong):
    with pytest.raises(ValueError, match=r"uint8 of shape \(n, 28, 28\), not"):
        data.normalise(wrong)


def test_bundled_digits_are_all_there_once(bundled):
    from sklearn.datasets import load_digits

    assert shapes(bundled) == [(1437, 32, 32, 1), (1437,), (360, 32, 32, 1), (360,)]
    small = load_digits()
    everything = np.bincount(small.target)
    np.testing.assert_array_equal(np.bincount(bundled.y_train) + np.bincount(bundled.y_test), everything)
    # Stratified: each class gives a fifth to the test part, to within one digit.
    assert np.abs(np.bincount(bundled.y_test) - everything * 360 / 1797).max() <= 1
    assert bundled.x_train.min() == np.float32(-0.1) and bundled.x_train.max() == np.float32(1.175)
    # Always the same split, whatever the version of scikit-learn.
    assert bundled.y_test[:12].tolist() == FIRST_BUNDLED_TEST_LABELS


FIRST_BUNDLED_TEST_LABELS = [7, 6, 3, 7, 7, 3, 2, 8, 9, 3, 2, 6]
