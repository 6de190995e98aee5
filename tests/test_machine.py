"""The check of the machine: a line for each need, and what to do."""

import importlib.metadata
import os
import platform

import pytest
from course_files import COURSE
from test_door import python

import lenet_keras as lk

WELL = ["Python", "TensorFlow", "Keras", "Digits", "Cores", "GPU"]


@pytest.fixture
def versions(monkeypatch):
    """Libraries that are there in other versions, or are not there (None)."""
    others, really = {}, importlib.metadata.version

    def version(name):
        if others.get(name, "") is None:
            raise importlib.metadata.PackageNotFoundError(name)
        return others.get(name) or really(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    monkeypatch.setenv("LENET_DATA", "bundled")
    return others


def checked(capsys):
    """What the check returns, and its lines by their first word."""
    well = lk.check_environment()
    return well, {line.split()[0]: line.split(maxsplit=1)[1] for line in capsys.readouterr().out.splitlines()}


def test_a_line_for_each_need_where_all_is_well(capsys, versions, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    well, lines = checked(capsys)
    assert well is True and list(lines) == WELL
    assert lines["Keras"].split() == [importlib.metadata.version("keras"), "OK"]
    assert lines["Digits"].split() == ["bundled", "digits", "OK"]


def test_every_library_that_the_lessons_need_is_looked_for(capsys, versions):
    """Those of requirements.txt that come before the tools: NumPy and the like, not pytest."""
    listed = [
        line.partition(">")[0] for line in (COURSE / "requirements.txt").read_text().split("\n\n")[0].splitlines()
    ]
    names = [name for name in listed if not name.startswith("#")]
    assert {"tensorflow", "keras", "numpy", "matplotlib", "scipy", "scikit-learn", "pillow"} <= set(names)
    assert not {"jupyterlab", "pytest", "nbval"} & set(names)  # Colab and others have other readers
    assert [need.name for need in lk.machine.needed()] == ["Python", *names]
    for name in names:
        versions[name] = None
    well, lines = checked(capsys)
    assert well is False
    assert set(lines) == {"Python", "TensorFlow", "Keras", "Cores", *names} - {"tensorflow", "keras"}
    for name, line in lines.items():
        if name not in ("Python", "Cores"):
            assert line.startswith("missing") and "pip install" in line and name.lower() in line


@pytest.mark.parametrize("name, found, well", [
    ("scipy", "1.12.0", False), ("scipy", "1.13.0", True), ("scipy", "2.0.1", False), ("keras", "3.11.3", False),
    ("keras", "3.15.9", True), ("keras", "3.16.0", False), ("tensorflow", "2.21.0rc1", True), ("pillow", "99.0", True),
])  # fmt: skip
def test_versions_are_held_against_the_ranges_of_the_requirements(name, found, well, capsys, versions, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    versions[name] = found
    is_well, lines = checked(capsys)
    assert is_well is well
    shown = {"keras": "Keras", "tensorflow": "TensorFlow"}.get(name, name)
    if well:
        assert list(lines) == WELL
    else:
        assert lines[shown].startswith(found) and f'pip install "{name}' in lines[shown]


def test_another_python_is_named(capsys, versions, monkeypatch):
    monkeypatch.setattr(platform, "python_version", lambda: "3.14.0")
    well, lines = checked(capsys)
    assert well is False and lines["Python"].split()[0] == "3.14.0" and "the course needs Python" in lines["Python"]


def test_unusable_digits_and_a_single_core_are_told(capsys, versions, monkeypatch, tmp_path):
    monkeypatch.setenv("LENET_DATA", str(tmp_path / "gone"))
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    well, lines = checked(capsys)
    assert well is False and "no such folder" in lines["Digits"] and "fewer than 2" in lines["Cores"]


def test_the_check_works_where_tensorflow_is_missing():
    """Not even importing it may fail: its finder says that there is none."""
    code = """
import importlib.metadata, sys
really = importlib.metadata.version
def version(name):
    if name == "tensorflow":
        raise importlib.metadata.PackageNotFoundError(name)
    return really(name)
importlib.metadata.version = version
sys.modules["tensorflow"] = sys.modules["keras"] = None
import lenet_keras as lk
print(lk.check_environment())
"""
    lines = python(code).splitlines()
    assert lines[1].split()[:2] == ["TensorFlow", "missing"] and lines[-1] == "False"
