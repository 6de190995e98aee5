"""What the tests share."""

import numpy as np
import pytest

import lenet_keras as lk

lk.start_keras()


@pytest.fixture(scope="session")
def bundled():
    """The bundled digits, which need nothing from outside."""
    return lk.load_digits("uci")


@pytest.fixture(scope="session")
def mnist_like():
    """Arrays of MNIST's names, shapes and dtypes that are not MNIST."""
    rng = np.random.default_rng(0)
    return {
        name: rng.integers(0, 10 if len(shape) == 1 else 256, shape, dtype=np.uint8)
        for name, (shape, _) in lk.data.MNIST.items()
    }
