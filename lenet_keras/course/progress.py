"""What a student has done, kept in one small file: exercises, hints, predictions, and where test digits were opened.

The file is progress.json in the course's folder. LENET_PROGRESS names another one; with LENET_PROGRESS=off, and in a
notebook of the folder solutions, nothing is kept beyond the session. No trouble with the file ever stops a lesson.
"""

import contextlib
import json
import os
import pathlib
import tempfile

from .. import data
from ..records import COURSE

_FORM = {
    "exercises": {"tries": int, "hints": int, "solved": bool},
    "predictions": {"answer": object, "sure": (float, int, type(None)), "right": (bool, type(None))},
    "test_openings": int,
}
"""Each part of what is kept, and what it holds for each name."""

_session = None
_counted = 0
_trouble_was_said = False


def visit(name):
    """Note in which lesson test digits were opened, now that an exercise or prediction of it is met."""
    global _counted
    new = len(data.test_openings) - _counted
    if new > 0:
        _counted = len(data.test_openings)
        with _changed() as kept:
            openings = kept["test_openings"]
            openings[name[:2]] = openings.get(name[:2], 0) + new


def answered(name, right):
    """Note an answer to an exercise; once solved, it stays solved."""
    visit(name)
    with _changed() as kept:
        entry = _entry(kept, name)
        if not entry["solved"]:
            entry["tries"] += 1
            entry["solved"] = bool(right)


def hinted(name):
    """Note that a hint was asked for."""
    visit(name)
    with _changed() as kept:
        _entry(kept, name)["hints"] += 1


def predicted(name, answer, sure):
    """Note a prediction. False if another one of that name was judged already: then the first one stays."""
    visit(name)
    with _changed() as kept:
        before = kept["predictions"].get(name)
        if before and before["right"] is not None:
            return [before["answer"], before["sure"]] == [answer, sure]
        kept["predictions"][name] = {"answer": answer, "sure": sure, "right": None}
    return True


def judged(name, right):
    """Note whether a prediction came true."""
    with _changed() as kept:
        entry = kept["predictions"][name]
        if entry["right"] is None:
            entry["right"] = bool(right)


def prediction(name):
    """The prediction of that name, a dict with answer, sure and right; None if there is none."""
    return read()["predictions"].get(name)


def read():
    """All that is kept: "exercises" and "predictions" by name, "test_openings" by lesson."""
    path = file_path()
    if path is None or _trouble_was_said:
        return _in_session()
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        if all(_fits(entry, form) for part, form in _FORM.items() for entry in kept[part].values()):
            return kept
    except FileNotFoundError:
        return _nothing()
    except OSError as error:
        return _without_file(f"{path.name} cannot be read ({error.strerror})")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    aside = path.with_name(f"{path.stem}-damaged{path.suffix}")
    try:
        os.replace(path, aside)
    except OSError as error:
        return _without_file(f"{path.name} is damaged, and cannot be moved ({error.strerror})")
    print(f"{path.name} is damaged: it was set aside as {aside.name}, and a new one is begun.")
    return _nothing()


def _nothing():
    return {part: {} for part in _FORM}


def _fits(entry, form):
    if isinstance(form, dict):
        return isinstance(entry, dict) and all(isinstance(entry[key], kind) for key, kind in form.items())
    return isinstance(entry, form)


def file_path():
    """The file of progress, whether it is there or not; None where nothing is kept beyond the session."""
    where = os.environ.get("LENET_PROGRESS", "")
    if where == "off" or pathlib.Path.cwd().name == "solutions":
        return None
    return pathlib.Path(os.path.expanduser(where)) if where else COURSE / "progress.json"


def _in_session():
    global _session
    if _session is None:
        _session = _nothing()
    return _session


def _without_file(why):
    """Go on without the file, and say so once."""
    global _trouble_was_said
    if not _trouble_was_said:
        _trouble_was_said = True
        print(f"Your progress is kept for this session only: {why}.")
    return _in_session()


@contextlib.contextmanager
def _changed():
    """What is kept, to be changed; written when the block ends."""
    global _session
    kept = read()
    yield kept
    path = file_path()
    if path is None or kept is _session:
        return
    unfinished = None
    try:
        # Written beside its place, then moved there: a kill at any moment leaves a whole file.
        handle, unfinished = tempfile.mkstemp(prefix=path.stem, suffix=".part", dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(kept, file, indent=1, sort_keys=True)
        os.replace(unfinished, path)
    except OSError as error:
        with contextlib.suppress(OSError, TypeError):
            os.unlink(unfinished)
        _session = kept
        _without_file(f"{path.name} cannot be written ({error.strerror})")


def _entry(kept, name):
    return kept["exercises"].setdefault(name, {"tries": 0, "hints": 0, "solved": False})
