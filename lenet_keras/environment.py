"""Starting Keras without a word on stderr."""

import contextlib
import functools
import importlib
import os
import sys


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


@functools.cache
def start_keras():
    """Import Keras with its TensorFlow backend, without their start-up messages, and return Keras.

    TensorFlow 2.21 prints to stderr at import whatever its log level, and once more when it first looks for a
    GPU. Both happen here. Images have their channels last and numbers are float32, whatever a keras.json in the
    student's home says. Calling it again costs nothing.

    Raises:
        ValueError: if Keras runs on another backend than TensorFlow, or KERAS_BACKEND asks for one.
        ModuleNotFoundError: if a library is missing from this kernel.
    """
    backend = os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    if "keras" in sys.modules:
        backend = sys.modules["keras"].config.backend()
    if backend != "tensorflow":
        raise ValueError(
            f"KERAS_BACKEND is {backend!r}, but the course needs 'tensorflow': unset it and restart the kernel."
        )
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        with _silenced_stderr():
            tensorflow = importlib.import_module("tensorflow")
            keras = importlib.import_module("keras")
            tensorflow.config.list_physical_devices("GPU")
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"The library {error.name} is missing from this kernel. Choose the kernel of the course's .venv, which "
            "python3 tools/course.py lab opens; in another, lk.check_environment() says what to install.",
            name=error.name,
        ) from None
    keras.config.set_image_data_format("channels_last")
    keras.config.set_floatx("float32")
    return keras
