"""The digits: where they are looked for, what is refused and in which words, and how the bundled ones are made."""

import gzip
import hashlib
import http.server
import os
import pathlib
import socket
import struct
import subprocess
import sys
import threading
import time
import zipfile

import numpy as np
import pytest
from course_files import COURSE

from lenet_keras import data

MNIST_FOLDER = os.environ.get("LENET_DATA", "")
needs_mnist = pytest.mark.skipif(
    not (pathlib.Path(MNIST_FOLDER) / "mnist.npz").is_file(),
    reason="needs the real MNIST: set LENET_DATA to the folder with mnist.npz",
)


@pytest.fixture(autouse=True)
def nowhere(tmp_path, monkeypatch):
    """No MNIST in any of the places that are searched, and a download that fails at once."""
    monkeypatch.delenv("LENET_DATA", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    for folder in ("course", "empty"):
        (tmp_path / folder).mkdir()
    monkeypatch.setattr(data, "COURSE_DATA", tmp_path / "course")
    monkeypatch.setattr(data, "DOWNLOAD_ADDRESS", "http://127.0.0.1:9/mnist.npz")
    monkeypatch.setattr(data, "_failed_download", None)
    monkeypatch.setattr(data, "_fallback_was_said", False)


@pytest.fixture
def accept_any(mnist_like, monkeypatch):
    """Take the made-up arrays for MNIST, so that reading can be tested without MNIST."""
    hashes = {name: (a.shape, hashlib.sha256(a.tobytes()).hexdigest()) for name, a in mnist_like.items()}
    monkeypatch.setattr(data, "MNIST", hashes)


def idx(array):
    """An IDX file's bytes, written from the format's description."""
    magic = {1: 0x801, 3: 0x803}[array.ndim]
    return struct.pack(f">{1 + array.ndim}I", magic, *array.shape) + array.tobytes()


def write_idx(folder, arrays, zipped=False):
    for name, array in arrays.items():
        content = idx(array)
        path = folder / (data.IDX_FILES[name] + (".gz" if zipped else ""))
        path.write_bytes(gzip.compress(content, 1) if zipped else content)


def small_npz(path, **arrays):
    np.savez(path, **arrays)
    return path


# ---------------------------------------------------------------------------------------------------- reading


@needs_mnist
def test_mnist_as_the_networks_take_it(monkeypatch, capsys):
    monkeypatch.setenv("LENET_DATA", MNIST_FOLDER)
    digits = data.load_digits()
    assert capsys.readouterr().out == "Digits: MNIST, 60,000 to train with, 10,000 to test with.\n"
    assert digits.name == "mnist"
    assert [a.shape for a in digits[:4]] == [(60000, 32, 32, 1), (60000,), (10000, 32, 32, 1), (10000,)]
    assert digits.x_train.dtype == np.float32 and digits.y_train.dtype == np.int32
    assert digits.x_train.min() == np.float32(-0.1) and digits.x_train.max() == np.float32(1.175)
    # The facts sheet: mean 0.03, variance about 0.125.
    assert digits.x_train.mean(dtype="float64") == pytest.approx(0.03, abs=0.005)
    assert digits.x_train.var(dtype="float64") == pytest.approx(0.125, abs=0.002)
    with np.load(pathlib.Path(MNIST_FOLDER) / "mnist.npz") as file:
        by_hand = -0.1 + 1.275 * np.pad(file["x_test"][:50].astype(float), ((0, 0), (2, 2), (2, 2))) / 255
        np.testing.assert_array_equal(digits.y_test, file["y_test"])
    np.testing.assert_allclose(digits.x_test[:50, ..., 0], by_hand, atol=1e-7)


@pytest.mark.parametrize("kind", ["npz", "compressed npz", "idx", "idx.gz", "dotted idx"])
def test_every_container_gives_the_same_arrays(kind, tmp_path, monkeypatch, mnist_like, accept_any):
    folder = tmp_path / "some data"
    folder.mkdir()
    if "npz" in kind:
        (np.savez_compressed if kind.startswith("comp") else np.savez)(folder / "mnist.npz", **mnist_like)
    else:
        write_idx(folder, mnist_like, zipped=kind == "idx.gz")
    if kind == "dotted idx":
        for path in list(folder.iterdir()):
            path.rename(folder / path.name.replace("-idx", ".idx"))
    monkeypatch.setenv("LENET_DATA", str(folder))
    digits = data.load_pixels()
    assert digits.name == "mnist"
    for name, array in mnist_like.items():
        np.testing.assert_array_equal(getattr(digits, name), array)


def test_order_of_search(tmp_path, monkeypatch, mnist_like, accept_any, capsys):
    for folder in ("named", "course", "keras/datasets"):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        np.savez(tmp_path / folder / "mnist.npz", **mnist_like)
    read = []
    original = data._read_npz
    monkeypatch.setattr(data, "_read_npz", lambda path: read.append(path.parent.name) or original(path))
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


# ------------------------------------------------------------------------------------------------- bad data


def refused(folder, monkeypatch, *words):
    """LENET_DATA=folder is refused in one sentence with these words, and not from within some library."""
    monkeypatch.setenv("LENET_DATA", str(folder))
    for source in ("auto", "mnist"):
        with pytest.raises(ValueError) as caught:
            data.load_digits(source)
        message = str(caught.value)
        for word in words:
            assert word in message, message
        assert "\n" not in message and message.endswith(".")
        assert caught.value.__cause__ is None and caught.value.__suppress_context__ or not caught.value.__context__
        assert pathlib.Path(caught.traceback[-1].path).name == "data.py"


def test_missing_folder(tmp_path, monkeypatch):
    refused(tmp_path / "no such", monkeypatch, "LENET_DATA is", "no such folder", "mnist.npz", "train-images")


def test_a_file_in_place_of_the_folder(tmp_path, monkeypatch):
    (tmp_path / "mnist.npz").write_bytes(b"PK")
    refused(tmp_path / "mnist.npz", monkeypatch, "that is a file")


def test_empty_folder_and_other_files(tmp_path, monkeypatch):
    refused(tmp_path / "empty", monkeypatch, "looked for mnist.npz", "an empty folder")
    (tmp_path / "empty" / "notes.txt").write_text("hello")
    refused(tmp_path / "empty", monkeypatch, "found notes.txt")


def test_one_of_four_idx_files_missing(tmp_path, monkeypatch, mnist_like):
    write_idx(tmp_path / "empty", {name: a for name, a in mnist_like.items() if name != "y_test"})
    refused(tmp_path / "empty", monkeypatch, "missing t10k-labels-idx1-ubyte;")


def test_unreadable_file(tmp_path, monkeypatch):
    (tmp_path / "empty" / "mnist.npz").mkdir()
    refused(tmp_path / "empty", monkeypatch, "mnist.npz cannot be read")


def test_web_page_saved_as_npz(tmp_path, monkeypatch):
    (tmp_path / "empty" / "mnist.npz").write_text("<!DOCTYPE html><title>Sign in to the network</title>")
    refused(tmp_path / "empty", monkeypatch, "not an npz file", "web page", "52 bytes")


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY\x01\x00", b"abc"])
def test_something_else_saved_as_npz(content, tmp_path, monkeypatch):
    (tmp_path / "empty" / "mnist.npz").write_bytes(content)
    refused(tmp_path / "empty", monkeypatch, "not an npz file but something else")


@pytest.mark.parametrize("share", [0.0001, 0.3, 0.99])
def test_truncated_npz(share, tmp_path, monkeypatch, mnist_like):
    path = tmp_path / "empty" / "mnist.npz"
    np.savez_compressed(path, **{k: v[:2000] for k, v in mnist_like.items()})
    content = path.read_bytes()
    path.write_bytes(content[: max(10, int(share * len(content)))])
    refused(tmp_path / "empty", monkeypatch, "damaged or cut short")


def test_damaged_middle_of_npz(tmp_path, monkeypatch, mnist_like):
    path = tmp_path / "empty" / "mnist.npz"
    np.savez_compressed(path, **mnist_like)
    content = bytearray(path.read_bytes())
    content[1000:1100] = bytes(100)
    path.write_bytes(content)
    refused(tmp_path / "empty", monkeypatch, "damaged or cut short")


def test_missing_array(tmp_path, monkeypatch):
    small_npz(tmp_path / "empty" / "mnist.npz", images=np.zeros(3))
    refused(tmp_path / "empty", monkeypatch, "holds no array x_train", "images.npy")


@pytest.mark.parametrize(
    "wrong", [np.zeros((60000, 28, 27), "uint8"), np.zeros((100, 28, 28), "uint8"), np.zeros((6, 28, 28), "float32")]
)
def test_wrong_shape_or_dtype(wrong, tmp_path, monkeypatch):
    small_npz(tmp_path / "empty" / "mnist.npz", x_train=wrong)
    refused(tmp_path / "empty", monkeypatch, str(wrong.dtype), str(wrong.shape), "uint8 of shape (60000, 28, 28)")


def test_pickled_objects_are_never_unpickled(tmp_path, monkeypatch):
    marker = tmp_path / "unpickled"

    class Trap:
        def __reduce__(self):
            return (open, (str(marker), "w"))

    small_npz(tmp_path / "empty" / "mnist.npz", x_train=np.array([Trap()], dtype=object))
    refused(tmp_path / "empty", monkeypatch, "pickled Python objects", "never loaded")
    assert not marker.exists()


def test_a_huge_declared_array_is_refused_by_its_header(tmp_path, monkeypatch):
    header = b"{'descr': '|u1', 'fortran_order': False, 'shape': (1000000000000,), }"
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    with zipfile.ZipFile(tmp_path / "empty" / "mnist.npz", "w") as archive:
        archive.writestr("x_train.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header)
    refused(tmp_path / "empty", monkeypatch, "(1000000000000,)")


def test_labels_out_of_range(tmp_path, monkeypatch, mnist_like):
    labels = mnist_like["y_train"].copy()
    labels[17] = 10
    np.savez(tmp_path / "empty" / "mnist.npz", **mnist_like | {"y_train": labels})
    refused(tmp_path / "empty", monkeypatch, "y_train holds the label 10")


def test_right_shapes_with_other_contents(tmp_path, monkeypatch, mnist_like):
    np.savez(tmp_path / "empty" / "mnist.npz", **mnist_like)
    refused(tmp_path / "empty", monkeypatch, "x_train has the right shape but is not MNIST's")


@needs_mnist
@pytest.mark.parametrize("name, place", [("x_train", (59999, 27, 27)), ("x_test", (0, 0, 0)), ("y_test", (5,))])
def test_one_changed_value_is_noticed(name, place, tmp_path, monkeypatch):
    with np.load(pathlib.Path(MNIST_FOLDER) / "mnist.npz") as file:
        arrays = {key: file[key] for key in data.MNIST}
    arrays[name][place] ^= 1
    np.savez(tmp_path / "empty" / "mnist.npz", **arrays)
    refused(tmp_path / "empty", monkeypatch, f"{name} has the right shape but is not MNIST's")


IDX_FAULTS = {
    "truncated gzip": (lambda good: gzip.compress(good, 1)[:-20000], "damaged or cut short"),
    "gzip of another thing": (lambda good: gzip.compress(b"hello"), "magic number 0x68656c6c, not 0x803"),
    "damaged gzip": (lambda good: b"\x1f\x8b" + bytes(500), "damaged or cut short"),
    "wrong magic": (lambda good: b"\0\0\x08\x01" + good[4:], "magic number 0x801, not 0x803"),
    "little-endian": (lambda good: b"\x03\x08\0\0" + good[4:], "magic number 0x3080000, not 0x803"),
    "wrong dimensions": (lambda good: good[:4] + struct.pack(">3I", 10, 28, 28) + good[16:], "(10, 28, 28)"),
    "cut short": (lambda good: good[:-1], "damaged or cut short"),
    "header only": (lambda good: good[:7], "damaged or cut short"),
    "empty": (lambda good: b"", "damaged or cut short"),
}


@pytest.mark.parametrize("fault", IDX_FAULTS)
def test_bad_idx(fault, tmp_path, monkeypatch, mnist_like):
    spoil, words = IDX_FAULTS[fault]
    write_idx(tmp_path / "empty", {k: v for k, v in mnist_like.items() if k != "x_train"})
    path = tmp_path / "empty" / data.IDX_FILES["x_train"]
    path.write_bytes(spoil(idx(mnist_like["x_train"])))
    refused(tmp_path / "empty", monkeypatch, path.name, words)


def test_bad_copy_in_the_course_folder_is_an_error_not_a_fallback(tmp_path):
    (tmp_path / "course" / "mnist.npz").write_text("<html>")
    with pytest.raises(ValueError, match="web page"):
        data.load_digits()


def test_bad_source():
    with pytest.raises(ValueError, match="'cifar'"):
        data.load_digits("cifar")


# ------------------------------------------------------------------------------------- fallback and download


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


def test_a_network_that_swallows_packets_costs_less_than_five_seconds(monkeypatch):
    """A listener whose queue is never served: connections open, and nothing ever comes back."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(data, "DOWNLOAD_ADDRESS", f"http://127.0.0.1:{silent.getsockname()[1]}/mnist.npz")
        started = time.monotonic()
        with pytest.raises(ValueError, match="no answer within 4 seconds|no connection"):
            data._download(data._keras_cache())
        # The promise is five seconds for a person; the bound leaves room for a machine that is busy.
        assert time.monotonic() - started < 3 * data.PATIENCE


def test_a_name_server_that_never_answers(monkeypatch):
    """Looking up a name obeys no timeout of a socket."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(60))
    monkeypatch.setattr(data, "DOWNLOAD_ADDRESS", "http://mnist.invalid/mnist.npz")
    monkeypatch.setattr(data, "PATIENCE", 0.2)
    with pytest.raises(ValueError, match="no answer within"):
        data._download(data._keras_cache())


@pytest.fixture
def server(tmp_path, monkeypatch):
    """Serves the folder "served" on loopback, as the address to download from."""
    served = tmp_path / "served"
    served.mkdir()

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=str(served))

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        monkeypatch.setattr(data, "DOWNLOAD_ADDRESS", f"http://127.0.0.1:{httpd.server_port}/mnist.npz")
        yield served
        httpd.shutdown()


def test_download_fills_the_cache(server, tmp_path, mnist_like, accept_any):
    np.savez_compressed(server / "mnist.npz", **{k: v for k, v in mnist_like.items()})
    assert (server / "mnist.npz").stat().st_size > data.DOWNLOAD_LIMIT  # random pixels do not compress
    with pytest.raises(ValueError, match="which is not MNIST"):
        data._download(data._keras_cache())
    assert not list((tmp_path / "keras").rglob("*.npz"))


def test_download_is_checked_before_it_is_kept(server, tmp_path, capsys):
    (server / "mnist.npz").write_text("<html>Sign in</html>")
    assert data.load_digits().name == "bundled"
    assert "the download failed" in capsys.readouterr().out
    assert not list((tmp_path / "keras").rglob("*.npz"))


FILL = """
import sys
from lenet_keras import data
data.DOWNLOAD_ADDRESS = sys.argv[1]
print(data.load_pixels().name)
"""


@needs_mnist
def test_two_processes_fill_the_cache_at_once(server, tmp_path):
    (server / "mnist.npz").write_bytes((pathlib.Path(MNIST_FOLDER) / "mnist.npz").read_bytes())
    environment = os.environ | {"KERAS_HOME": str(tmp_path / "keras")}
    environment.pop("LENET_DATA", None)
    both = [
        subprocess.Popen(
            [sys.executable, "-c", FILL, data.DOWNLOAD_ADDRESS],
            env=environment, stdout=subprocess.PIPE, text=True, cwd=COURSE,
        )
        for _ in range(2)
    ]  # fmt: skip
    assert [process.communicate(timeout=120)[0].splitlines()[-1] for process in both] == ["mnist", "mnist"]
    cached = list((tmp_path / "keras").rglob("*"))
    assert [path.name for path in cached if path.is_file()] == ["mnist.npz"]


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

    assert [a.shape for a in bundled[:4]] == [(1437, 32, 32, 1), (1437,), (360, 32, 32, 1), (360,)]
    small = load_digits()
    everything = np.bincount(small.target)
    np.testing.assert_array_equal(np.bincount(bundled.y_train) + np.bincount(bundled.y_test), everything)
    # Stratified: each class gives a fifth to the test part, to within one digit.
    assert np.abs(np.bincount(bundled.y_test) - everything * 360 / 1797).max() <= 1
    assert bundled.x_train.min() == np.float32(-0.1) and bundled.x_train.max() == np.float32(1.175)
    # Always the same split, whatever the version of scikit-learn.
    assert bundled.y_test[:12].tolist() == FIRST_BUNDLED_TEST_LABELS


FIRST_BUNDLED_TEST_LABELS = [7, 6, 3, 7, 7, 3, 2, 8, 9, 3, 2, 6]


def test_bundled_digits_are_placed_as_mnist(bundled):
    """Box of ink 20 on its longer side, centre of mass at pixel 14 of 28, which is pixel 16 of 32."""
    ink = (bundled.x_test[..., 0].astype(float) + 0.1) / 1.275
    place = np.arange(32)
    rows, columns = ink.sum(2) @ place / ink.sum((1, 2)), ink.sum(1) @ place / ink.sum((1, 2))
    assert np.abs(rows - 16).max() <= 0.51 and np.abs(columns - 16).max() <= 0.51
    for image in ink:
        sides = [np.ptp(np.flatnonzero(image.max(axis) > 1e-6)) + 1 for axis in (0, 1)]
        assert max(sides) == 20
    assert ((ink > 0.05) & (ink < 0.95)).mean() > 0.05  # grey edges


def test_place_by_hand():
    """A vertical bar of two pixels, 2×1, becomes 20×10 solid ink around pixel (14, 14)."""
    placed = data._place(np.array([[0, 1.0, 0], [0, 1.0, 0], [0, 0, 0]]))
    solid = np.argwhere(placed == 255)
    assert solid.min(0).tolist() in ([4, 9], [4, 10], [5, 9], [5, 10])
    assert np.ptp(solid, axis=0).tolist() == [19, 9] and (placed > 0).sum() == 200
