"""Checking that the machine can run the course (lesson 00)."""

import importlib.metadata
import os
import platform
import re

from packaging.requirements import Requirement

from ..environment import start_keras
from ..records import COURSE

MINIMUM_CORES = 2
_SHOWN = {"tensorflow": "TensorFlow", "keras": "Keras"}
"""Libraries that get a line even if all is well."""


def needed():
    """What the lessons need, as packaging's requirements: Python, then the first paragraph of requirements.txt.

    The versions are typed in those files only, Python's in pyproject.toml.
    """
    python = re.search(r'^requires-python = "(.*)"', (COURSE / "pyproject.toml").read_text(encoding="utf-8"), re.M)
    first, _, _ = (COURSE / "requirements.txt").read_text(encoding="utf-8").partition("\n\n")
    lines = ["Python" + python[1], *first.splitlines()]
    return [Requirement(line) for line in lines if not line.startswith("#")]


def check_environment():
    """Print one line for each thing the course needs: what was found, and OK or what to do.

    Checked are Python, TensorFlow, Keras, the digits (see `lenet_keras.data`), processor cores and GPU; another
    library gets a line if it is missing, or of a version that the course was not tested with.

    Returns:
        bool: True if every line says OK.
    """
    python, *libraries = needed()
    lines = [_version_line("Python", platform.python_version(), python)]
    found = {each.name: _version(each.name) for each in libraries}
    for each in libraries:
        line = _version_line(_SHOWN.get(each.name, each.name), found[each.name], each)
        if each.name in _SHOWN or line[2] != "OK":
            lines.append(line)
    complete = None not in found.values()
    if complete:
        lines.append(_digits_line())
    cores = os.cpu_count() or 1
    slow = f"fewer than {MINIMUM_CORES}: everything works, but slower than the lessons say"
    lines.append(("Cores", str(cores), "OK" if cores >= MINIMUM_CORES else slow))
    if complete:
        lines.append(_gpu_line())
    for name, what, verdict in lines:
        print(f"{name:<11} {what:<24} {verdict}")
    return all(verdict.startswith("OK") for _, _, verdict in lines)


def _version(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _version_line(title, found, requirement):
    if found and requirement.specifier.contains(found, prereleases=True):
        return title, found, "OK"
    if title == "Python":
        return title, found, f"the course needs Python {requirement.specifier}: install one of those"
    return title, found or "missing", f'install it with pip install "{requirement}", then restart the kernel'


def _digits_line():
    from .. import data  # needs NumPy, which is there by now

    try:
        digits, _ = data.find()
    except ValueError as error:
        return "Digits", "unusable", str(error)
    return "Digits", "MNIST" if digits.name == "mnist" else "bundled digits", "OK"


def _gpu_line():
    start_keras()
    import tensorflow

    gpus = len(tensorflow.config.list_physical_devices("GPU"))
    return "GPU", str(gpus) if gpus else "none", "OK" if gpus else "OK (the course needs none)"
