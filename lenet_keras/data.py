"""The digits: MNIST where it can be had, scikit-learn's bundled digits where it cannot.

MNIST is looked for in the folder that LENET_DATA names, in the course's data/ folder, in Keras's cache, and is
then downloaded into that cache. LENET_DATA=bundled asks for the bundled digits even where MNIST is at hand.
"""

import gzip
import hashlib
import json
import math
import os
import pathlib
import queue
import tempfile
import threading
import urllib.request
import zipfile
import zlib
from typing import NamedTuple

import numpy as np

COURSE_DATA = pathlib.Path(__file__).resolve().parent.parent / "data"
DOWNLOAD_ADDRESS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
PATIENCE = 4.0
"""Seconds without a byte after which a download is given up."""
DOWNLOAD_LIMIT = 32 * 2**20
"""Bytes after which a download is surely not MNIST."""

# Shape, and SHA-256 of the uint8 bytes in C order: the arrays are the same in every copy, the containers are not.
MNIST = {
    "x_train": ((60000, 28, 28), "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757"),
    "y_train": ((60000,), "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13"),
    "x_test": ((10000, 28, 28), "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161"),
    "y_test": ((10000,), "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5"),
}
IDX_FILES = {
    "x_train": "train-images-idx3-ubyte",
    "y_train": "train-labels-idx1-ubyte",
    "x_test": "t10k-images-idx3-ubyte",
    "y_test": "t10k-labels-idx1-ubyte",
}
PAPER, INK = -0.1, 1.175

_failed_download = None
_fallback_was_said = False


class Digits(NamedTuple):
    """A data set: images and labels, to train with and to test with.

    From `load_digits` images are float32 (n, 32, 32, 1) from -0.1 (paper) to 1.175 (ink); from `load_pixels`
    they are uint8 (n, 28, 28) from 0 (paper) to 255 (ink). Labels are int32 (n,), 0 to 9.
    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    name: str
    """"mnist" or "uci"."""


def load_digits(source="auto"):
    """Load the digits as the course's networks take them, and print one line that says which they are.

    Args:
        source: "mnist"; "uci" for scikit-learn's 1,797 bundled digits; "auto" for MNIST, or the bundled digits
            where MNIST is not to be had. How MNIST is looked for is said at the top of this module.

    Returns:
        Digits: images float32 (n, 32, 32, 1) from -0.1 to 1.175, labels int32 (n,).

    Raises:
        ValueError: if a copy of MNIST was found but is not usable, or MNIST was asked for and not found.

    Source: paper, section II-B, for 32×32 and for the grey values.
    """
    pixels = load_pixels(source)
    return pixels._replace(x_train=normalise(pixels.x_train), x_test=normalise(pixels.x_test))


def load_pixels(source="auto"):
    """Load the digits as they are stored: uint8 (n, 28, 28), 0 for paper to 255 for ink.

    Arguments, printed line and errors are those of `load_digits`.
    """
    global _fallback_was_said
    digits, why_not = _find(source)
    name = "MNIST" if digits.name == "mnist" else "scikit-learn's bundled digits"
    sizes = f"{len(digits.y_train):,} to train with, {len(digits.y_test):,} to test with"
    if why_not and not _fallback_was_said:
        _fallback_was_said = True
        print(f"MNIST was not found ({why_not}), so the course uses smaller digits.")
    print(f"Digits: {name}, {sizes}.")
    return digits


def find_digits():
    """Which digits `load_digits()` finds here, in two or three words. Raises as it does."""
    return "MNIST" if _find("auto")[0].name == "mnist" else "bundled digits"


def normalise(pixels):
    """Pad 28×28 digits to 32×32 and map grey 0..255 to -0.1..1.175: x = -0.1 + 1.275 · pixel / 255.

    Args:
        pixels: uint8 array (n, 28, 28).

    Returns:
        float32 array (n, 32, 32, 1).

    Raises:
        ValueError: for another shape or dtype.

    Source: paper, section II-B. The border is paper, so that the ends of strokes can lie in the middle of what a
    C3 unit sees.
    """
    pixels = np.asarray(pixels)
    if pixels.ndim != 3 or pixels.shape[1:] != (28, 28) or pixels.dtype != np.uint8:
        raise ValueError(f"Pixels must be uint8 of shape (n, 28, 28), not {pixels.dtype} of shape {pixels.shape}.")
    grey = (PAPER + (INK - PAPER) * np.arange(256) / 255).astype("float32")
    images = np.full((len(pixels), 32, 32, 1), PAPER, "float32")
    images[:, 2:30, 2:30, 0] = grey[pixels]
    return images


def load_record(name):
    """A recorded result from the data folder, such as "paper": what the paper and the slides state.

    Args:
        name: the file's name without .json; data/README.md says what each record holds and how it was made.

    Returns:
        dict.

    Raises:
        ValueError: if there is no such record.
    """
    path = COURSE_DATA / f"{name}.json"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in COURSE_DATA.glob("*.json")))
        raise ValueError(f"There is no record {name!r} in the data folder; there are {known or 'none'}.")
    return json.loads(path.read_text(encoding="utf-8"))


# ---------------------------------------------------------------------------------------------- finding MNIST


def _find(source):
    """The digits, and why they are not MNIST (None if they are, or if nobody asked for it)."""
    if source not in ("auto", "mnist", "uci"):
        raise ValueError(f'source must be "auto", "mnist" or "uci", not {source!r}.')
    folder = os.environ.get("LENET_DATA", "")
    if source == "uci" or (source == "auto" and folder == "bundled"):
        return _bundled_digits(), None
    if folder and folder != "bundled":
        return _read_folder(pathlib.Path(folder), f"LENET_DATA is {folder}, but"), None
    if _listing(COURSE_DATA):
        return _read_folder(COURSE_DATA, "In the course's data folder"), None
    cache = _keras_cache()
    why_not = "LENET_DATA is not set, the data folder has none"
    if cache.exists():
        try:
            return _read_npz(cache), None
        except ValueError as error:
            why_not += f", the copy in Keras's cache is unusable: {str(error).rstrip('.')}"
    try:
        return _download(cache), None
    except ValueError as error:
        why_not += f", the download failed: {error}"
    if source == "mnist":
        raise ValueError(
            f"MNIST was not found ({why_not}). Put mnist.npz into the course's data folder, "
            f"or set LENET_DATA to the folder that holds it."
        )
    return _bundled_digits(), why_not


def _keras_cache():
    home = os.environ.get("KERAS_HOME") or os.path.join(os.path.expanduser("~"), ".keras")
    return pathlib.Path(home) / "datasets" / "mnist.npz"


def _listing(folder):
    """The MNIST files of a folder: array name, or "npz", to path."""
    found = {}
    if (folder / "mnist.npz").exists():
        found["npz"] = folder / "mnist.npz"
    for array, name in IDX_FILES.items():
        for spelling in (name, name.replace("-idx", ".idx")):
            for path in (folder / spelling, folder / f"{spelling}.gz"):
                if path.exists():
                    found.setdefault(array, path)
    return found


def _read_folder(folder, begin):
    wanted = "mnist.npz or the four files " + ", ".join(IDX_FILES.values()) + " (gzipped or not)"
    if not folder.exists():
        raise ValueError(f"{begin} there is no such folder: set it to the folder that holds {wanted}.")
    if not folder.is_dir():
        raise ValueError(f"{begin} that is a file: set it to the folder that holds {wanted}.")
    try:
        found, names = _listing(folder), sorted(entry.name for entry in folder.iterdir())
    except OSError as error:
        raise ValueError(f"{begin} that folder cannot be read: {error.strerror}.") from None
    if "npz" in found:
        return _read_npz(found["npz"])
    missing = [name for array, name in IDX_FILES.items() if array not in found]
    if missing:
        there = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
        raise ValueError(
            f"{begin} MNIST was not found there: looked for {wanted}; missing {', '.join(missing)}; "
            f"found {there or 'an empty folder'}."
        )
    return _mnist({array: _read_idx(found[array], shape) for array, (shape, _) in MNIST.items()}, folder.name)


def _mnist(arrays, where):
    """Digits from arrays of the right shapes, after checking labels and SHA-256."""
    for array, values in arrays.items():
        if values.ndim == 1 and values.max() > 9:
            raise ValueError(f"{where}: {array} holds the label {values.max()}, but labels are 0 to 9.")
    for array, values in arrays.items():
        if hashlib.sha256(np.ascontiguousarray(values)).hexdigest() != MNIST[array][1]:
            raise ValueError(
                f"{where}: {array} has the right shape but is not MNIST's (its SHA-256 differs): get a new copy."
            )
    arrays = {name: values.astype("int32") if values.ndim == 1 else values for name, values in arrays.items()}
    return Digits(**arrays, name="mnist")


def _read_npz(path):
    """MNIST from an npz file, reading no more than is expected and never unpickling."""
    where = path.name
    try:
        size = path.stat().st_size
        with open(path, "rb") as file:
            begin = file.read(64)
    except OSError as error:
        raise ValueError(f"{where} cannot be read: {error.strerror}.") from None
    if not begin.startswith(b"PK"):
        what = "a web page saved under that name" if begin.lstrip()[:1] == b"<" else "something else"
        raise ValueError(f"{where} is not an npz file but {what} ({size:,} bytes): get a new copy.")
    arrays = {}
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.namelist()
            for array, (shape, _) in MNIST.items():
                if f"{array}.npy" not in members:
                    raise _Unfit(f"holds no array {array}, only {', '.join(members[:5]) or 'nothing'}")
                with archive.open(f"{array}.npy") as member:
                    arrays[array] = _read_npy(member, array, shape)
    except _Unfit as error:
        raise ValueError(f"{where} {error}: get a new copy.") from None
    except Exception:  # damaged bytes can make zipfile, zlib and NumPy raise nearly anything
        raise ValueError(f"{where} is damaged or cut short ({size:,} bytes): get a new copy.") from None
    return _mnist(arrays, where)


class _Unfit(Exception):
    """An intact file with other contents than MNIST's."""


def _read_npy(file, array, shape):
    version = np.lib.format.read_magic(file)
    read_header = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    found_shape, by_columns, dtype = read_header[version](file)
    if dtype.hasobject:
        raise _Unfit(f"holds pickled Python objects as {array}, which are never loaded")
    if found_shape != shape or dtype != np.uint8:
        raise _Unfit(f"holds {array} as {dtype} of shape {found_shape}, not as uint8 of shape {shape}")
    return _shaped(file.read(math.prod(shape)), shape, "F" if by_columns else "C")


def _shaped(data, shape, order="C"):
    if len(data) != math.prod(shape):
        raise EOFError
    return np.frombuffer(data, np.uint8).reshape(shape, order=order)


def _read_idx(path, shape):
    """One IDX file, gzipped or not: magic number, dimensions (32-bit big-endian), then bytes."""
    where = path.name
    magic = 0x801 if len(shape) == 1 else 0x803
    try:
        with open(path, "rb") as file:
            zipped = file.read(2) == b"\x1f\x8b"
        with gzip.open(path) if zipped else open(path, "rb") as file:
            begin = file.read(4 * (1 + len(shape)))
            header = np.frombuffer(begin[: len(begin) // 4 * 4], ">u4")
            if header.size and header[0] != magic:
                raise _Unfit(f"begins with the magic number {header[0]:#x}, not {magic:#x}")
            if len(header) == 1 + len(shape) and tuple(header[1:]) != shape:
                raise _Unfit(f"holds {tuple(map(int, header[1:]))} values, not {shape}")
            return _shaped(file.read(math.prod(shape)), shape)
    except _Unfit as error:
        raise ValueError(f"{where} {error}: get a new copy.") from None
    except (EOFError, ValueError, zlib.error, gzip.BadGzipFile):
        raise ValueError(f"{where} is damaged or cut short ({path.stat().st_size:,} bytes): get a new copy.") from None
    except OSError as error:
        raise ValueError(f"{where} cannot be read: {error.strerror}.") from None


# ---------------------------------------------------------------------------------------------- downloading


def _download(cache):
    """Download MNIST, check it, and put it into Keras's cache in one step, so that no half file is ever there."""
    global _failed_download
    if _failed_download:  # a classroom without internet waits once a session, not at every call
        raise ValueError(_failed_download)
    try:
        data = _fetch(DOWNLOAD_ADDRESS)
        try:
            cache.parent.mkdir(parents=True, exist_ok=True)
            folder = cache.parent
        except OSError:
            folder = None  # a home that cannot be written to: use the digits, keep nothing
        handle, temporary = tempfile.mkstemp(suffix="-mnist.npz", dir=folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            digits = _read_npz(pathlib.Path(temporary))
            if folder:
                os.replace(temporary, cache)
        finally:
            pathlib.Path(temporary).unlink(missing_ok=True)
        return digits
    except (ValueError, OSError) as error:
        _failed_download = str(error).rstrip(".")
        raise ValueError(_failed_download) from None


def _fetch(address):
    """The bytes behind an address; ValueError where PATIENCE seconds bring none.

    A thread does it, because looking up a host's name obeys no timeout.
    """
    arrived = queue.Queue()

    def work():
        try:
            with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
                while piece := answer.read(2**16):
                    arrived.put(piece)
            arrived.put(b"")
        except Exception as error:
            arrived.put(error)

    threading.Thread(target=work, daemon=True).start()
    data = bytearray()
    while len(data) < DOWNLOAD_LIMIT:
        try:
            piece = arrived.get(timeout=PATIENCE)
        except queue.Empty:
            raise ValueError(f"no answer within {PATIENCE:.0f} seconds") from None
        if isinstance(piece, Exception):
            raise ValueError("no connection" if isinstance(piece, OSError) else str(piece))
        if not piece:
            return bytes(data)
        data += piece
    raise ValueError(f"more than {DOWNLOAD_LIMIT:,} bytes came, which is not MNIST")


# ---------------------------------------------------------------------------------------------- bundled digits


def _bundled_digits():
    """scikit-learn's 1,797 digits of 8×8, enlarged and placed as MNIST's were; 1,437 to train, 360 to test."""
    from sklearn.datasets import load_digits as load_small_digits
    from sklearn.model_selection import train_test_split

    small = load_small_digits()
    images = np.stack([_place(image / 16) for image in small.images])
    labels = small.target.astype("int32")
    x_train, x_test, y_train, y_test = train_test_split(images, labels, test_size=360, stratify=labels, random_state=0)
    return Digits(x_train, y_train, x_test, y_test, "uci")


def _place(ink):
    """Fit the box of a digit's ink into 20×20 keeping its shape, and put its centre of mass at pixel (14, 14) of 28×28.

    ink: float (height, width) from 0 to 1, not all 0. Returns uint8 (28, 28). MNIST was made so;
    the smooth enlargement gives the grey edges.
    """
    return centre(fit(crop(ink)))


def crop(ink):
    """The box of an array (height, width) that holds all that is not 0; there must be something."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def fit(box, size=20):
    """Resize an array (height, width) of ink from 0 to 1, keeping its shape, so that its longer side is `size`.

    A small one is enlarged by linear interpolation. In a large one each new pixel is the average of the area that
    it covers, so that edges turn grey and no stroke falls between two pixels.
    """
    from scipy import ndimage

    scale = size / max(box.shape)
    if scale >= 1:
        return np.clip(ndimage.zoom(box, scale, order=1, grid_mode=True, mode="nearest"), 0, 1)
    height, width = (max(1, round(scale * side)) for side in box.shape)
    return np.clip(_shares(len(box), height) @ box @ _shares(box.shape[1], width).T, 0, 1)


def _shares(old, new):
    """Matrix (new, old): how much each of `old` equal pieces of a line gives to each of `new` longer ones."""
    edges, pieces = np.linspace(0, old, new + 1)[:, None], np.arange(old)
    covered = np.minimum(edges[1:], pieces + 1) - np.maximum(edges[:-1], pieces)
    return np.clip(covered, 0, None) * new / old


def centre(fitted):
    """Put fitted ink (0 to 1) on 28×28 paper, as uint8, its centre of mass as near to (14, 14) as whole pixels go."""
    from scipy import ndimage

    middle = ndimage.center_of_mass(fitted)
    top, left = (int(np.clip(round(14 - c), 0, 28 - size)) for c, size in zip(middle, fitted.shape, strict=True))
    placed = np.zeros((28, 28), "uint8")
    placed[top : top + fitted.shape[0], left : left + fitted.shape[1]] = np.rint(255 * fitted)
    return placed
