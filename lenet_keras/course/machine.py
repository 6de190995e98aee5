"""Checking that the machine can run the course (lesson 00)."""

import importlib.metadata
import os
import sys

from .. import data

# What the course was tested with: the lowest and the highest version, as (major, minor).
SUPPORTED = {
    "Python": ((3, 10), (3, 13)),
    "TensorFlow": ((2, 20), (2, 21)),
    "Keras": ((3, 12), (3, 15)),
}
MINIMUM_CORES = 2


def _version_line(name, found):
    low, high = SUPPORTED[name]
    wanted = f"{low[0]}.{low[1]} to {high[0]}.{high[1]}"
    numbers = tuple(int(part) for part in found.split(".")[:2])
    verdict = "OK" if low <= numbers <= high else f"the course was tested with {wanted}: install one of those"
    return name, found, verdict


def check_environment():
    """Print one line for each thing the course needs: what was found, and OK or what to do.

    Checked are Python, TensorFlow, Keras, the digits (see `lenet_keras.data`), processor cores and GPU.

    Returns:
        bool: True if every line says OK.
    """
    import tensorflow

    lines = [
        _version_line("Python", ".".join(map(str, sys.version_info[:3]))),
        _version_line("TensorFlow", importlib.metadata.version("tensorflow")),
        _version_line("Keras", importlib.metadata.version("keras")),
    ]
    try:
        found, _ = data.find()
        lines.append(("Digits", "MNIST" if found.name == "mnist" else "bundled digits", "OK"))
    except ValueError as error:
        lines.append(("Digits", "unusable", str(error)))
    cores = os.cpu_count() or 1
    slow = f"fewer than {MINIMUM_CORES}: everything works, but slower than the course map says"
    lines.append(("Cores", str(cores), "OK" if cores >= MINIMUM_CORES else slow))
    gpus = len(tensorflow.config.list_physical_devices("GPU"))
    lines.append(("GPU", str(gpus) if gpus else "none", "OK" if gpus else "OK (the course needs none)"))
    for name, found, verdict in lines:
        print(f"{name:<11} {found:<24} {verdict}")
    return all(verdict.startswith("OK") for _, _, verdict in lines)
