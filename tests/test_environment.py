"""Keras is started without a word, and only with TensorFlow."""

import subprocess
import sys

from test_door import python


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


def test_a_missing_library_is_named():
    code = """
import importlib.abc, sys
class Missing(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "tensorflow":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Missing())
import lenet_keras as lk
try: lk.lenet5
except ModuleNotFoundError as error: print(error)
"""
    assert python(code) == "The library tensorflow is missing: lk.check_environment() says what to install.\n"
