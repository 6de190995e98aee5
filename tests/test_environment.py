"""Keras is started without a word, and only with TensorFlow."""

import json
import subprocess
import sys

import pytest
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


def test_a_keras_imported_before_with_another_backend_is_refused():
    code = """
import sys, types
sys.modules["keras"] = types.SimpleNamespace(config=types.SimpleNamespace(backend=lambda: "torch"))
import lenet_keras as lk
try: lk.start_keras()
except ValueError as error: print(error)
"""
    assert "KERAS_BACKEND is 'torch', but the course needs 'tensorflow'" in python(code, KERAS_BACKEND="tensorflow")


@pytest.mark.parametrize("before", ["", "import keras"])
def test_settings_in_the_home_folder_do_not_count(before, tmp_path):
    """A keras.json of another course: images with the channels first, numbers float64, another backend."""
    settings = {"backend": "torch", "image_data_format": "channels_first", "floatx": "float64"}
    (tmp_path / "keras.json").write_text(json.dumps(settings))
    code = f"""
import os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # Keras imported by itself is not quiet
{before}
import lenet_keras as lk
network = lk.load_lenet5()
print(network.output_shape, network.get_layer("C1").data_format, network.get_layer("C1").kernel.dtype)
"""
    environment = {"KERAS_HOME": str(tmp_path)} | ({"KERAS_BACKEND": "tensorflow"} if before else {})
    assert python(code, **environment).splitlines()[1] == "(None, 10) channels_last float32"


def test_a_missing_library_is_named_and_the_kernel_to_choose():
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
    said = python(code)
    assert said.startswith(
        "The library tensorflow is missing from this kernel. Choose the kernel of the course's .venv"
    )
    assert "python3 tools/course.py lab" in said and "lk.check_environment()" in said
