"""The shared toolbox of the course "LeNet-5 in Keras": import lenet_keras as lk.

Importing this package is instant: each name below loads its module, and with it Keras and TensorFlow
where the module needs them, when it is first used (PEP 562).
"""

import importlib

# anatomy is both a module and the function in it: importing it here, once, leaves the function as lk.anatomy.
from .anatomy import anatomy

_HOME = {
    "Digits": "data",
    "load_digits": "data",
    "load_pixels": "data",
    "load_record": "data",
    "normalise": "data",
    "lenet1": "models",
    "lenet4": "models",
    "lenet5": "models",
    "lenet5_1998": "models",
    "lenet5_slides": "models",
    "load_lenet5": "models",
    "load_lenet5_strings": "strings",
    "RECIPES": "training",
    "Recipe": "training",
    "split": "training",
    "train": "training",
    "ErrorRate": "evaluation",
    "error_rate": "evaluation",
    "most_confident_mistakes": "evaluation",
    "probabilities": "evaluation",
    "rejection_curve": "evaluation",
    "wilson_interval": "evaluation",
    "check_environment": "environment",
    "start_keras": "environment",
    "draw_pad": "pad",
    "save_pad": "pad",
    "check": "exercises",
    "prepare": "ink",
}
_MODULES = {
    *("data", "layers", "models", "distort", "training", "sdlm", "evaluation", "plots"),
    *("environment", "exercises", "broken", "ink", "strings", "pad"),
}

__all__ = ["anatomy", *sorted(_HOME), *sorted(_MODULES)]


def __getattr__(name):
    if name in _MODULES:
        return importlib.import_module(f".{name}", __name__)
    if name in _HOME:
        return getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted(__all__)
