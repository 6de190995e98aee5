"""The state of a training kept in a file: tried before the first epoch, written whole, checked before it is used."""

import contextlib
import glob
import json
import math
import os
import pathlib
import secrets
import shutil
import zlib

import h5py
import numpy as np

from .distillation import identity

UNFINISHED = ".part.weights.h5"
ABANDONED = 3600
"""Seconds after which an unfinished file is one that a killed run left, and none that another is writing."""


def settings(model, digits, recipe, seed, fresh, teacher=None):
    """What a run and its resumption must have in common, as JSON gives it back; the recipe is a dict."""
    activations = [getattr(layer, "activation", None) for layer in model.layers]
    common = {
        "recipe": recipe,
        "seed": int(seed),
        "fresh": fresh is not None,
        "teacher": None if teacher is None else identity(teacher),
        "digits": [digits.name, _checksum(digits.y_train), _checksum(digits.x_train)],
        "weights": [list(weight.shape) for weight in model.weights],
        "layers": [type(layer).__name__ for layer in model.layers],
        "activations": [getattr(function, "__name__", type(function).__name__) for function in activations],
    }
    return json.loads(json.dumps(common))


def _checksum(array, start=0):
    return zlib.crc32(np.ascontiguousarray(array), start)


def writable(path, model):
    """Write once beside the place of a checkpoint, so that no epoch is learned in vain; nothing of it stays.

    Args:
        path: where the checkpoint shall be; the folder must exist.
        model: the compiled network.

    Returns:
        (pathlib.Path, dict): the path, and the form that a checkpoint of this network has, for `resume`.

    Raises:
        ValueError: if the path cannot be that of a checkpoint, or cannot be written to.
    """
    path = pathlib.Path(path)
    if not path.name.endswith(".weights.h5") or os.path.isdir(path) or not os.path.isdir(path.parent):
        raise ValueError(f"checkpoint must name a file, ending in .weights.h5, in a folder that exists, not {path}.")
    with _beside(path, "written") as trial:
        _write(trial, model, {})
        for left in path.parent.glob(glob.escape(path.name) + ".*" + UNFINISHED):
            with contextlib.suppress(OSError):
                if trial.stat().st_mtime - left.stat().st_mtime > ABANDONED:  # by one clock, also on a shared drive
                    left.unlink()
        with h5py.File(trial) as file:
            return path, _form(file)


def save(path, model, run):
    """Write a checkpoint beside its place, then move it there: a kill at any moment leaves a whole file.

    It is Keras's own file of a compiled model's weights, the optimiser's state included, with a text and a checksum.

    Args:
        path: as `writable` gives it.
        model: the compiled network.
        run: dict of "settings" and "history".

    Raises:
        ValueError: if it cannot be written. The checkpoint before stays as it was.
    """
    with _beside(path, "written") as unfinished:
        _write(unfinished, model, run)
        os.replace(unfinished, path)


@contextlib.contextmanager
def _beside(path, what):
    """A path beside that of a checkpoint, where nothing is left in the end; what goes wrong is told in a sentence."""
    # A name of its own: two runs that share a checkpoint by mistake never write into one file.
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}{UNFINISHED}")
    try:
        yield unfinished
    except (OSError, RuntimeError) as error:  # HDF5 has errors of its own
        reason = os.strerror(error.errno) if getattr(error, "errno", None) else "the disk does not take it"
        raise ValueError(f"The checkpoint {path.name} cannot be {what}: {reason}.") from None
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink()


def _write(path, model, run):
    # Room is made sure of in Python's own way first: on a full disk HDF5 can bring down the whole process.
    variables = [*model.variables, *model.optimizer.variables]
    path.write_bytes(bytes(sum(4 * math.prod(each.shape) + 4096 for each in variables) + len(json.dumps(run)) + 2**16))
    model.save_weights(path)
    with h5py.File(path, "r+") as file:
        file["run"] = json.dumps(run)
        file.attrs["content"] = content(file)


def _arrays(file):
    """All arrays of an open HDF5 file by name, and the text "run"."""
    names = []
    file.visit(names.append)
    return {name: file[name] for name in sorted(names) if isinstance(file[name], h5py.Dataset)}


def _form(file):
    """What can be known of a checkpoint's contents without reading them."""
    return {name: (each.shape, each.dtype, each.chunks) for name, each in _arrays(file).items()}


def content(file):
    """A checksum of all that an open HDF5 file holds, and of its names."""
    total = 0
    for name, array in _arrays(file).items():
        total = _checksum(array[()], zlib.crc32(name.encode(), total))
    return total


def resume(path, form, model, settings, names, epochs):
    """Give the model the weights and the optimiser's state of a checkpoint, once all of it is known to be well.

    A copy is checked and used, since another run may put a newer checkpoint in its place meanwhile.

    Args:
        path, form: as `writable` gives them.
        model: the compiled network.
        settings: those of this run, see `settings`.
        names: of the lists in the history.
        epochs: of the whole run.

    Returns:
        The history: dict of lists.

    Raises:
        ValueError: if it cannot be read, is damaged, or is of another run; the model is then as it was.
    """
    damaged = ValueError(f"The checkpoint {path.name} is damaged: delete it to train from the beginning.")
    with _beside(path, "read") as copy:
        if os.stat(path).st_size > 2**24 + 2 * sum(
            math.prod(shape) * dtype.itemsize for shape, dtype, _ in form.values()
        ):
            raise damaged
        shutil.copyfile(path, copy)
        try:
            with h5py.File(copy) as file:
                if not _is_plain(file, os.stat(copy).st_size) or file.attrs["content"] != content(file):
                    raise damaged
                run = json.loads(file["run"].asstr()[()])
                found, history = run["settings"], run["history"]
                different = [name for name in settings if found.get(name) != settings[name]]
                fits = _form(file) == form and _is_history(history, names, epochs)
        except Exception:  # whatever damaged bytes make HDF5 raise
            raise damaged from None
        if different:
            other = ", ".join(different)
            raise ValueError(f"The checkpoint {path.name} is of a run with other {other}: delete or rename it.")
        if not fits:
            raise damaged
        model.load_weights(copy)
    return history


def _is_plain(file, size):
    """Whether all that an HDF5 file claims to hold lies in it unpacked: a small file can claim gigabytes."""
    arrays = _arrays(file)
    numbers = all(each.dtype.kind in "biuf" or (name == "run" and not each.shape) for name, each in arrays.items())
    packed = any(each.chunks or each.external or each.is_virtual for each in arrays.values())
    return numbers and not packed and sum(each.nbytes for each in arrays.values()) <= size


def _is_history(history, names, epochs):
    """Whether that is a list of figures for each name, all of one length, and no longer than the run."""
    if not isinstance(history, dict) or set(history) != set(names):
        return False
    lists = list(history.values())
    return (
        all(isinstance(figures, list) and len(figures) == len(lists[0]) <= epochs for figures in lists)
        and len(lists[0]) > 0
        and all(isinstance(figure, float) for figures in lists for figure in figures)
    )
