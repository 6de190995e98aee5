"""What the programs that write records into data/ share."""

import hashlib
import os
import platform

import lenet_keras as lk

MACHINE = f"{platform.machine()}, {os.cpu_count()} processor cores"


def versions():
    """The versions that a result may depend on, by name."""
    keras = lk.start_keras()
    import tensorflow

    return {"python": platform.python_version(), "tensorflow": tensorflow.__version__, "keras": keras.__version__}


def ship(model, fresh, path):
    """Store a trained model's weights through a fresh network like it, and return the SHA-256 of the file.

    A network that was never compiled has no optimiser whose state would be stored too.
    """
    fresh.set_weights(model.get_weights())
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh.save_weights(path)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write(path, text):
    """Write a record beside its place, then move it there: a kill at any moment leaves a whole file."""
    unfinished = path.with_suffix(".part")
    unfinished.write_text(text, encoding="utf-8")
    os.replace(unfinished, path)
