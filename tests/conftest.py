"""What the tests share."""

import os

import numpy as np
import pytest

import lenet_keras as lk
from lenet_keras.data import mnist

os.environ["LENET_PROGRESS"] = "off"  # what tests do is not a student's progress
lk.start_keras()


@pytest.fixture(scope="session")
def bundled():
    """The bundled digits, which need nothing from outside."""
    return lk.load_digits("bundled")


@pytest.fixture(scope="session")
def mnist_like():
    """Arrays of MNIST's names, shapes and dtypes that are not MNIST."""
    rng = np.random.default_rng(0)
    return {
        name: rng.integers(0, 10 if len(shape) == 1 else 256, shape, dtype=np.uint8)
        for name, (shape, _) in mnist.MNIST.items()
    }
