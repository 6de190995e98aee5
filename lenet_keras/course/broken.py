"""Eight networks that train badly or not at all, each by one realistic mistake, and a healthy one (lesson 12).

Each is a training as somebody might have written it. It takes digits to learn from and digits for validation, each a
pair (images, labels) as `load_digits` gives them, and returns the network and the history that Keras keeps.

The mistakes are a riddle: look at the symptoms in the lesson before you read the code below.
"""

import inspect

import keras
import numpy as np

from ..data import INK, PAPER
from ..models import lenet5


def _compile(model, optimizer=None, from_logits=True):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=from_logits)
    model.compile(optimizer=optimizer or keras.optimizers.Adam(0.002), loss=loss, metrics=["accuracy"])


def _fit(model, learn, validate, shuffle=True):
    settings = {"batch_size": 32, "epochs": 3, "shuffle": shuffle, "verbose": 0}
    return model, model.fit(*learn, validation_data=validate, **settings).history


def healthy(learn, validate):
    """The training without a mistake, to compare the patients with."""
    model = lenet5()
    _compile(model)
    return _fit(model, learn, validate)


def patient_a(learn, validate):
    """Patient A, a training with one mistake."""
    images, labels = learn
    labels = np.append(labels[1:], labels[0])
    model = lenet5()
    _compile(model)
    return _fit(model, (images, labels), validate)


def patient_b(learn, validate):
    """Patient B, a training with one mistake."""
    images, labels = validate
    photographed = PAPER + INK - images
    model = lenet5()
    _compile(model)
    return _fit(model, learn, (photographed, labels))


def patient_c(learn, validate):
    """Patient C, a training with one mistake."""
    model = lenet5()
    model.layers[-1].activation = keras.activations.relu
    _compile(model)
    return _fit(model, learn, validate)


def patient_d(learn, validate):
    """Patient D, a training with one mistake."""
    images, labels = learn
    order = np.argsort(labels, kind="stable")
    model = lenet5()
    _compile(model)
    return _fit(model, (images[order], labels[order]), validate, shuffle=False)


def patient_e(learn, validate):
    """Patient E, a training with one mistake."""
    model = lenet5()
    model.set_weights([np.zeros_like(weight) for weight in model.get_weights()])
    _compile(model)
    return _fit(model, learn, validate)


def patient_f(learn, validate):
    """Patient F, a training with one mistake."""
    model = lenet5()
    _compile(model, from_logits=False)
    return _fit(model, learn, validate)


def patient_g(learn, validate):
    """Patient G, a training with one mistake."""

    def grey(images):
        return np.rint(255 * (images - PAPER) / (INK - PAPER))

    model = lenet5("relu", "max")
    _compile(model, keras.optimizers.SGD(0.05))
    return _fit(model, (grey(learn[0]), learn[1]), (grey(validate[0]), validate[1]))


def patient_h(learn, validate):
    """Patient H, a training with one mistake."""
    model = lenet5()
    _compile(model, keras.optimizers.Adam(0.2))
    return _fit(model, learn, validate)


PATIENTS = {
    "A": patient_a,
    "B": patient_b,
    "C": patient_c,
    "D": patient_d,
    "E": patient_e,
    "F": patient_f,
    "G": patient_g,
    "H": patient_h,
}
"""The trainings with a mistake, by letter."""


def train(patient, learn, validate, seed=0):
    """Train the healthy network or a patient for three epochs.

    Args:
        patient: "healthy", or a letter from A to H.
        learn: pair (images, labels) to learn from, images (n, 32, 32, 1) from -0.1 to 1.175, labels (n,) 0 to 9.
        validate: such a pair for validation.
        seed: of the starting weights and of the order of the digits.

    Returns:
        (model, history): the trained network, and lists with an entry for each epoch as `lk.train` returns them.

    Raises:
        ValueError: for another name.
    """
    function = _training(patient)
    keras.utils.set_random_seed(seed)
    model, figures = function(learn, validate)
    return model, {
        "loss": figures["loss"],
        "error": [1 - share for share in figures["accuracy"]],
        "validation_loss": figures["val_loss"],
        "validation_error": [1 - share for share in figures["val_accuracy"]],
    }


def code(patient):
    """The source text of a training, without its docstring: to be read after guessing what is wrong.

    Args:
        patient: "healthy", or a letter from A to H.

    Returns:
        str.

    Raises:
        ValueError: for another name.
    """
    function = _training(patient)
    source = inspect.getsource(function)
    return source.replace(f'    """{function.__doc__}"""\n', "", 1).replace(":\n\n", ":\n", 1).strip()


def _training(patient):
    if patient == "healthy":
        return healthy
    if patient not in PATIENTS:
        raise ValueError(f'A patient is "healthy" or a letter from A to H, not {patient!r}.')
    return PATIENTS[patient]
