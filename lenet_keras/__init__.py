"""The course kit of "LeNet-5 in Keras", behind one door: import lenet_keras as lk.

Importing it is instant. A name below loads its room when it is first used (PEP 562), and a room that needs Keras has it
started quietly before, so that rooms say plain `import keras`.
"""

import importlib

from .environment import start_keras

# Each room, in the order in which they build upon each other, and the names that it gives to the door.
_ROOMS = {
    "environment": ["start_keras"],
    "records": ["load_record"],
    "data": ["Digits", "load_digits", "load_pixels", "normalise"],
    "layers": [],
    "models": ["lenet1", "lenet4", "lenet5", "lenet5_1998", "lenet5_slides", "load_lenet5"],
    "counting": ["anatomy"],
    "training": ["RECIPES", "Recipe", "split", "train"],
    "evaluation": [
        *("ErrorRate", "error_rate", "most_confident_mistakes", "probabilities", "rejection_curve", "wilson_interval"),
    ],
    "training_1998": [],
    "fast": [],
    "distort": [],
    "ink": ["prepare"],
    "strings": [],
    "pages": ["collect", "draw_pad", "save_collector", "save_pad"],
    "course.plots": [],
    "course.machine": ["check_environment"],
    "course.broken": [],
    "course.curvatures": [],
    "course.family": [],
    "course.rivals": [],
    "course.hands": [],
    "course.paper": [],
    "course.strangers": [],
    "course.exercises": ["check", "checked", "hint", "predict", "reveal"],
    "course.report": ["progress"],
}
_WITHOUT_KERAS = {"environment", "records", "data", "ink"}
_WITHOUT_KERAS |= {
    "course.plots",
    "course.machine",
    "course.exercises",
    "course.report",
    "course.rivals",
    "course.paper",
}

_HOME = {name: room for room, names in _ROOMS.items() for name in names}
_HOME |= {room.removeprefix("course."): room for room in _ROOMS}

__all__ = sorted(_HOME)


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    room = _HOME[name]
    if room not in _WITHOUT_KERAS:
        start_keras()
    module = importlib.import_module(f".{room}", __name__)
    return getattr(module, name) if name in _ROOMS[room] else module


def __dir__():
    return sorted(__all__)
