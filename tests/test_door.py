"""The door: importing it is instant, and each of its names leads to a room."""

import json
import os
import subprocess
import sys

import pytest

import lenet_keras as lk


def python(code, **environment):
    """Run code in a new interpreter; its standard output, after seeing that it wrote nothing to stderr."""
    result = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | environment, capture_output=True, text=True, timeout=300
    )
    assert result.stderr == ""
    return result.stdout


def test_import_loads_neither_tensorflow_nor_keras_nor_numpy():
    code = "import sys, json, lenet_keras; print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    loaded = set(json.loads(python(code)))
    assert "lenet_keras" in loaded
    assert not loaded & {"tensorflow", "keras", "numpy", "matplotlib", "sklearn", "scipy"}


def test_every_public_name_is_there_and_documented():
    for name in lk.__all__:
        assert getattr(lk, name).__doc__, name
    assert set(lk.__all__) <= set(dir(lk))
    with pytest.raises(AttributeError, match="no_such_name"):
        lk.no_such_name  # noqa: B018


def test_a_function_and_its_room_do_not_hide_each_other():
    import lenet_keras.counting  # noqa: F401

    assert callable(lk.anatomy) and lk.counting.anatomy is lk.anatomy
    assert lk.plots.style is sys.modules["lenet_keras.course.plots.showing"].style


@pytest.mark.parametrize("name", ["load_record", "load_digits", "plots", "check_environment", "check", "prepare"])
def test_a_room_that_needs_no_keras_does_not_start_it(name):
    code = f"import sys, lenet_keras as lk; lk.{name}; print('tensorflow' in sys.modules, 'keras' in sys.modules)"
    assert python(code) == "False False\n"
