"""MNIST's files: each container gives the same arrays, and what is no MNIST is refused in a sentence."""

import gzip
import io
import pathlib
import struct
import zipfile

import numpy as np
import pytest
from course_files import MNIST_FOLDER, needs_mnist

from lenet_keras import data
from lenet_keras.data import mnist

pytestmark = pytest.mark.usefixtures("nowhere")


def idx(array):
    """An IDX file's bytes, written from the format's description."""
    magic = {1: 0x801, 3: 0x803}[array.ndim]
    return struct.pack(f">{1 + array.ndim}I", magic, *array.shape) + array.tobytes()


def write_idx(folder, arrays, zipped=False):
    for name, array in arrays.items():
        content = idx(array)
        path = folder / (mnist.IDX_FILES[name] + (".gz" if zipped else ""))
        path.write_bytes(gzip.compress(content, 1) if zipped else content)


def small_npz(path, **arrays):
    np.savez(path, **arrays)
    return path


@pytest.mark.parametrize("kind", ["npz", "compressed npz", "idx", "idx.gz", "dotted idx"])
def test_every_container_gives_the_same_arrays(kind, tmp_path, mnist_like, accept_any):
    folder = tmp_path / "some data"
    folder.mkdir()
    if "npz" in kind:
        (np.savez_compressed if kind.startswith("comp") else np.savez)(folder / "mnist.npz", **mnist_like)
    else:
        write_idx(folder, mnist_like, zipped=kind == "idx.gz")
    if kind == "dotted idx":
        for path in list(folder.iterdir()):
            path.rename(folder / path.name.replace("-idx", ".idx"))
    found = mnist.read_folder(folder, "")
    assert list(found) == list(mnist_like)
    for name, array in mnist_like.items():
        np.testing.assert_array_equal(found[name], array)


def test_an_open_file_is_read_too_and_damaged_ones_are_called_as_asked(tmp_path, mnist_like, accept_any):
    np.savez(tmp_path / "mnist.npz", **mnist_like)
    content = (tmp_path / "mnist.npz").read_bytes()
    np.testing.assert_array_equal(mnist.read_npz(io.BytesIO(content), "it")["y_test"], mnist_like["y_test"])
    with pytest.raises(ValueError, match="the downloaded file is damaged or cut short"):
        mnist.read_npz(io.BytesIO(content[:-100]), "the downloaded file")


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
        assert pathlib.Path(caught.traceback[-1].path).parent == pathlib.Path(data.__file__).parent


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


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packings_that_unpack_without_a_limit_are_refused_unread(method, tmp_path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "empty" / "mnist.npz", "w", method) as archive:
        archive.writestr("x_train.npy", bytes(10**6))
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("read"))
    refused(tmp_path / "empty", monkeypatch, "mnist.npz holds x_train packed in a way that NumPy never uses")


def test_a_header_that_claims_gigabytes_is_not_read_to_its_end(tmp_path, monkeypatch):
    """Behind it lie ten megabytes, packed small; no more than a header's bytes are asked for."""
    claim = b"\x93NUMPY\x02\x00" + struct.pack("<I", 2**32 - 1)
    with zipfile.ZipFile(tmp_path / "empty" / "mnist.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x_train.npy", claim + b" " * 10**7)
    original, asked = zipfile.ZipExtFile.read, []

    def read(self, n=-1):
        asked.append(n)
        return original(self, n)

    monkeypatch.setattr(zipfile.ZipExtFile, "read", read)
    refused(tmp_path / "empty", monkeypatch, "damaged or cut short")
    assert asked and all(0 <= n <= 10_000 for n in asked)


def test_names_in_a_file_cannot_write_to_the_screen(tmp_path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "empty" / "mnist.npz", "w") as archive:
        for name in ("\x1b[31mred\n\u202e", "y" * 5000):
            archive.writestr(name, b"")
    refused(tmp_path / "empty", monkeypatch, r"only \x1b[31mred\n\u202e, " + "y" * 80 + "...: get a new copy.")
    (tmp_path / "empty" / "mnist.npz").unlink()
    (tmp_path / "empty" / "a\x1b[2Jb").touch()
    refused(tmp_path / "empty", monkeypatch, r"found a\x1b[2Jb.")


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
    with np.load(MNIST_FOLDER / "mnist.npz") as file:
        arrays = {key: file[key] for key in mnist.MNIST}
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
    path = tmp_path / "empty" / mnist.IDX_FILES["x_train"]
    path.write_bytes(spoil(idx(mnist_like["x_train"])))
    refused(tmp_path / "empty", monkeypatch, path.name, words)
