"""Starting Keras without a word on stderr, and checking that the machine can run the course."""

import contextlib
import importlib
import importlib.metadata
import os
import sys

# What the course was tested with: the lowest and the highest version, as (major, minor).
SUPPORTED = {
    "Python": ((3, 10), (3, 13)),
    "TensorFlow": ((2, 20), (2, 21)),
    "Keras": ((3, 12), (3, 15)),
}
MINIMUM_CORES = 2


@contextlib.contextmanager
def _silenced_stderr():
    """Send file descriptor 2 to nowhere: TensorFlow's C++ code writes to it past sys.stderr."""
    sys.stderr.flush()
    saved = os.dup(2)
    try:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)


def start_keras():
    """Import Keras with its TensorFlow backend, without their start-up messages, and return Keras.

    TensorFlow 2.21 prints to stderr at import whatever its log level, and once more when it first looks for a
    GPU. Both happen here. Calling it again costs nothing.

    Raises:
        ValueError: if KERAS_BACKEND asks for another backend than TensorFlow.
    """
    if "keras" in sys.modules and "tensorflow" in sys.modules:
        return sys.modules["keras"]
    backend = os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    if backend != "tensorflow":
        raise ValueError(
            f"KERAS_BACKEND is {backend!r}, but the course needs 'tensorflow': unset it and restart the kernel."
        )
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with _silenced_stderr():
        tensorflow = importlib.import_module("tensorflow")
        keras = importlib.import_module("keras")
        tensorflow.config.list_physical_devices("GPU")
    return keras


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
    from . import data

    start_keras()
    import tensorflow

    lines = [
        _version_line("Python", ".".join(map(str, sys.version_info[:3]))),
        _version_line("TensorFlow", importlib.metadata.version("tensorflow")),
        _version_line("Keras", importlib.metadata.version("keras")),
    ]
    try:
        lines.append(("Digits", data.find_digits(), "OK"))
    except ValueError as error:
        lines.append(("Digits", "unusable", str(error)))
    cores = os.cpu_count() or 1
    slow = "fewer than 2: everything works, but slower than the course map says"
    lines.append(("Cores", str(cores), "OK" if cores >= MINIMUM_CORES else slow))
    gpus = len(tensorflow.config.list_physical_devices("GPU"))
    lines.append(("GPU", str(gpus) if gpus else "none", "OK" if gpus else "OK (the course needs none)"))
    for name, found, verdict in lines:
        print(f"{name:<11} {found:<24} {verdict}")
    return all(verdict.startswith("OK") for _, _, verdict in lines)
