"""The broken networks of lesson 12: they train, and do not tell."""

import inspect
import re

import numpy as np
import pytest

import lenet_keras as lk
from lenet_keras import broken


@pytest.fixture(scope="module")
def few():
    digits = lk.load_digits("bundled")
    return (digits.x_train[:64], digits.y_train[:64]), (digits.x_train[64:96], digits.y_train[64:96])


@pytest.mark.parametrize("patient", ["healthy", "B", "D"])
def test_patients_train_and_leave_the_digits_as_they_are(patient, few):
    kept = [array.copy() for pair in few for array in pair]
    model, history = broken.train(patient, *few)
    assert model.output_shape == (None, 10)
    assert set(history) == {"loss", "error", "validation_loss", "validation_error"}
    assert all(len(values) == 3 for values in history.values())
    for before, after in zip(kept, (array for pair in few for array in pair), strict=True):
        np.testing.assert_array_equal(before, after)


@pytest.mark.parametrize("patient", ["healthy", *"ABCDEFGH"])
def test_the_code_is_the_training_and_its_docstring_does_not_tell(patient):
    source = broken.code(patient)
    function = broken.healthy if patient == "healthy" else broken.PATIENTS[patient]
    assert source.startswith(f"def {function.__name__}(learn, validate):\n    ") and '"""' not in source
    whole = inspect.getsource(function)
    assert [line for line in source.splitlines() if line] == [
        line for line in whole.splitlines() if line and '"""' not in line
    ]
    if patient != "healthy":  # all say the same, but for the letter
        assert function.__doc__ == f"Patient {patient}, a training with one mistake."


def test_every_patient_has_one_mistake_of_its_own():
    sources = {re.sub("patient_.", "", broken.code(patient)) for patient in broken.PATIENTS}
    assert len(sources) == 8 == len(broken.PATIENTS) and list(broken.PATIENTS) == list("ABCDEFGH")


def test_a_patient_that_does_not_exist_is_refused(few):
    for refused in (lambda: broken.train("Z", *few), lambda: broken.code("a")):
        with pytest.raises(ValueError, match="a letter from A to H, not '[Za]'"):
            refused()
