"""What the programs that write records into data/ share."""

import os
import platform

import lenet_keras as lk

MACHINE = f"{platform.machine()}, {os.cpu_count()} processor cores"


def versions():
    """The versions that a result may depend on, by name."""
    keras = lk.start_keras()
    import tensorflow

    return {"python": platform.python_version(), "tensorflow": tensorflow.__version__, "keras": keras.__version__}


def write(path, text):
    """Write a record beside its place, then move it there: a kill at any moment leaves a whole file."""
    unfinished = path.with_suffix(".part")
    unfinished.write_text(text, encoding="utf-8")
    os.replace(unfinished, path)
