"""MNIST's files read and checked, or refused in a sentence that says what to do. Nothing is ever unpickled."""

import gzip
import hashlib
import io
import math
import os
import pathlib
import stat
import zipfile
import zlib

import numpy as np

from ..records import COURSE

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


LONGEST_HEADER = 10_000
"""Bytes that the header of an array may have, as NumPy itself has it; MNIST's have 128."""


def plain_path(text):
    """A path as people write it into an environment variable: without blanks and quotes around it, ~ and $HOME read."""
    return os.path.expanduser(os.path.expandvars(text.strip().strip("\"'").strip()))


def named_folder(text):
    """The folder that LENET_DATA names, as `plain_path` reads it.

    A relative one is looked for from the working directory, then from the course's folder: the same setting serves in
    a terminal and in a notebook, which works in its own folder.
    """
    path = plain_path(text)
    return pathlib.Path(path) if os.path.exists(path) else COURSE / path


def printable(text, most=80):
    """A name out of a file or a folder, fit to stand in a message: short, and without control characters."""
    shown = "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text[:most])
    return shown + "..." * (len(text) > most)


def listing(folder):
    """The MNIST files of a folder: a dict from array name, or "npz", to path."""
    found = {}
    if os.path.exists(folder / "mnist.npz"):
        found["npz"] = folder / "mnist.npz"
    for array, name in IDX_FILES.items():
        for spelling in (name, name.replace("-idx", ".idx")):
            for path in (folder / spelling, folder / f"{spelling}.gz"):
                if os.path.exists(path):
                    found.setdefault(array, path)
    return found


def near_misses(folder):
    """Files in a folder, or in one inside it, that may well be MNIST but are not looked at, as printable text."""
    found = []
    for pattern in ("*", "*/*"):
        try:
            paths = sorted(folder.glob(pattern))
        except OSError:
            continue
        found += [path.relative_to(folder).as_posix() for path in paths if _is_near(path.name) and os.path.isfile(path)]
    return ", ".join(map(printable, found[:3])) + (f" and {len(found) - 3} more" if len(found) > 3 else "")


def _is_near(name):
    name = name.lower()
    return "ubyte" in name or ("mnist" in name and not name.endswith((".md", ".py", ".ipynb", ".json", ".h5")))


def read_folder(folder, begin):
    """MNIST from a folder with mnist.npz or the four IDX files.

    Args:
        folder: the path.
        begin: how messages begin, such as "LENET_DATA is /there, but".

    Returns:
        dict of uint8 arrays, named and shaped as in MNIST.

    Raises:
        ValueError: if MNIST is not there, or not intact; the message says what was found and what to do.
    """
    wanted = "mnist.npz or the four files " + ", ".join(IDX_FILES.values()) + " (gzipped or not)"
    try:
        if not stat.S_ISDIR(os.stat(folder).st_mode):
            raise ValueError(f"{begin} that is a file: set it to the folder that holds {wanted}.")
        found, names = listing(folder), sorted(os.listdir(folder))
    except (FileNotFoundError, NotADirectoryError):
        raise ValueError(f"{begin} there is no such folder: set it to the folder that holds {wanted}.") from None
    except OSError as error:
        raise ValueError(f"{begin} that folder cannot be read: {error.strerror}.") from None
    if "npz" in found:
        return read_npz(found["npz"], found["npz"].name)
    missing = [name for array, name in IDX_FILES.items() if array not in found]
    if missing:
        there = ", ".join(map(printable, names[:5])) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
        raise ValueError(
            f"{begin} MNIST was not found there: looked for {wanted}; missing {', '.join(missing)}; "
            f"found {near_misses(folder) or there or 'an empty folder'}."
        )
    return _checked({array: _read_idx(found[array], shape) for array, (shape, _) in MNIST.items()}, folder.name)


def _checked(arrays, where):
    """The arrays, after checking labels and SHA-256."""
    for array, values in arrays.items():
        if values.ndim == 1 and values.max() > 9:
            raise ValueError(f"{where}: {array} holds the label {values.max()}, but labels are 0 to 9.")
    for array, values in arrays.items():
        if hashlib.sha256(np.ascontiguousarray(values)).hexdigest() != MNIST[array][1]:
            raise ValueError(
                f"{where}: {array} has the right shape but is not MNIST's (its SHA-256 differs): get a new copy."
            )
    return arrays


def read_npz(source, where):
    """MNIST from an npz file, reading no more than is expected and never unpickling.

    Args:
        source: the path, or the file itself, open for reading bytes.
        where: what messages call it.

    Returns:
        dict of uint8 arrays, named and shaped as in MNIST.

    Raises:
        ValueError: if it is not MNIST.
    """
    if hasattr(source, "read"):
        return _read_archive(source, where)
    try:
        with open(source, "rb") as file:
            return _read_archive(file, where)
    except OSError as error:
        raise ValueError(f"{where} cannot be read: {error.strerror}.") from None


def _read_archive(file, where):
    begin, size = file.read(64), file.seek(0, 2)
    if not begin.startswith(b"PK"):
        what = "a web page saved under that name" if begin.lstrip()[:1] == b"<" else "something else"
        raise ValueError(f"{where} is not an npz file but {what} ({size:,} bytes): get a new copy.")
    arrays = {}
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.namelist()
            for array, (shape, _) in MNIST.items():
                if f"{array}.npy" not in members:
                    there = ", ".join(map(printable, members[:5])) or "nothing"
                    raise _Unfit(f"holds no array {array}, only {there}")
                # Python unpacks these two bit by bit; of the others a few kilobytes can fill the memory at once.
                if archive.getinfo(f"{array}.npy").compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise _Unfit(f"holds {array} packed in a way that NumPy never uses")
                with archive.open(f"{array}.npy") as member:
                    arrays[array] = _read_npy(member, array, shape)
    except _Unfit as error:
        raise ValueError(f"{where} {error}: get a new copy.") from None
    except Exception:  # damaged bytes can make zipfile, zlib and NumPy raise nearly anything
        raise ValueError(f"{where} is damaged or cut short ({size:,} bytes): get a new copy.") from None
    return _checked(arrays, where)


class _Unfit(Exception):
    """An intact file with other contents than MNIST's."""


def _read_npy(file, array, shape):
    begin = io.BytesIO(file.read(LONGEST_HEADER))  # so that a header that claims gigabytes ends here
    version = np.lib.format.read_magic(begin)
    read_header = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    found_shape, by_columns, dtype = read_header[version](begin)
    if dtype.hasobject:
        raise _Unfit(f"holds pickled Python objects as {array}, which are never loaded")
    if found_shape != shape or dtype != np.uint8:
        found = printable(f"{dtype} of shape {found_shape}")
        raise _Unfit(f"holds {array} as {found}, not as uint8 of shape {shape}")
    data = begin.read()[: math.prod(shape)]
    return _shaped(data + file.read(math.prod(shape) - len(data)), shape, "F" if by_columns else "C")


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
