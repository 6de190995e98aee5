"""Where the course's files lie; a recorded result read; shipped weights checked against their record."""

import hashlib
import json
import pathlib

COURSE = pathlib.Path(__file__).resolve().parent.parent
"""The folder that holds the whole course."""
DATA = COURSE / "data"
"""Shipped weights and recorded results, each written by a tool; MNIST may be put here too."""


def load_record(name):
    """A recorded result from the data folder, such as "paper": what the article and the slides state.

    Args:
        name: the file's name without .json; data/README.md says what each record holds and how it was made.

    Returns:
        dict. All records but "paper" have one form: command, data, versions, machine, settings, results (where the
        results were made at different times, each has its own versions and machine).

    Raises:
        ValueError: if there is no such record, or it cannot be read.
    """
    records = {path.stem: path for path in sorted(DATA.glob("*.json"))}
    if name not in list(records):
        raise ValueError(f"There is no record {name!r} in the data folder; there are {', '.join(records) or 'none'}.")
    return _read(records[name])


def checked_record(path):
    """The record of shipped weights, after checking that the weights are the ones it tells of.

    Args:
        path: the weights, NAME.weights.h5; the record is NAME.json beside them.

    Returns:
        dict.

    Raises:
        ValueError: if a file is missing, or the bytes of the weights are not the recorded ones.
    """
    path = pathlib.Path(path)
    record_path = path.with_name(path.name.removesuffix(".weights.h5") + ".json")
    for needed in (path, record_path):
        if not needed.is_file():
            what = f"{needed.name}, which belongs to the trained network, is missing from the folder"
            raise ValueError(f"{what} {needed.parent.name}: bring it back from a fresh copy of the course.")
    record = _read(record_path)
    found, recorded = hashlib.sha256(path.read_bytes()).hexdigest(), record.get("sha256", "nothing")
    if found != recorded:
        why = f"its SHA-256 begins with {found[:12]}, not with {recorded[:12]}"
        raise ValueError(f"{path.name} was changed: {why}; bring it back from a fresh copy of the course.")
    return record


def _read(path):
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError, RecursionError, OSError):
        raise ValueError(f"{path.name} is damaged: bring it back from a fresh copy of the course.") from None
