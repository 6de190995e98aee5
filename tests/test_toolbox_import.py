"""Importing the toolbox: instant, quiet, and without Keras until it is needed."""

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


def test_keras_starts_without_a_word_on_stderr():
    code = (
        "import lenet_keras as lk; keras = lk.start_keras(); print(keras.backend.backend(), lk.start_keras() is keras)"
    )
    assert python(code) == "tensorflow True\n"


def test_first_use_of_a_model_is_quiet_too():
    assert python("import lenet_keras as lk; print(lk.lenet5().count_params())") == "61706\n"


def test_stderr_works_again_afterwards():
    code = "import os, lenet_keras as lk; lk.start_keras(); os.write(2, b'heard')"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert result.stderr == "heard"


def test_another_backend_is_refused():
    code = "import lenet_keras as lk\ntry: lk.start_keras()\nexcept ValueError as error: print(error)"
    assert "KERAS_BACKEND is 'jax', but the course needs 'tensorflow'" in python(code, KERAS_BACKEND="jax")


def test_every_public_name_is_there_and_documented():
    for name in lk.__all__:
        assert getattr(lk, name).__doc__, name
    assert set(lk.__all__) <= set(dir(lk))
    with pytest.raises(AttributeError, match="no_such_name"):
        lk.no_such_name  # noqa: B018


def test_anatomy_stays_the_function_after_its_module_was_imported():
    import lenet_keras.anatomy  # noqa: F401

    assert callable(lk.anatomy)


def test_check_environment_prints_a_line_for_each_need(capsys, monkeypatch):
    monkeypatch.setenv("LENET_DATA", "bundled")
    assert lk.check_environment() is True
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["Python", "TensorFlow", "Keras", "Digits", "Cores", "GPU"]
    assert "bundled digits" in lines[3]


def test_check_environment_says_what_to_do(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("LENET_DATA", str(tmp_path / "gone"))
    monkeypatch.setitem(lk.environment.SUPPORTED, "Keras", ((9, 0), (9, 1)))
    assert lk.check_environment() is False
    out = capsys.readouterr().out
    assert "no such folder" in out and "9.0 to 9.1" in out
