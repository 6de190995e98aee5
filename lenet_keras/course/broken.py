"""Networks that train badly or not at all, each by one realistic mistake, and a healthy one (lesson 12).

Eight patients, A to H, belong to the lesson, and I and J to its project. Each is the healthy training, spoiled in one
place by its function below. A patient can be examined, treated and trained:

    patient = lk.broken.admit("A", learn, validate)
    history = patient.train()

The mistakes are a riddle: look at the symptoms in the lesson before you read on.
"""

import inspect

import keras
import numpy as np

from ..data import INK, PAPER
from ..models import lenet5

EPOCHS, BATCH = 3, 32
"""How long a patient is trained, and on how many digits at once."""


class Patient:
    """A training as somebody wrote it; every part may be looked at, and changed before it is trained.

    Attributes:
        name: "healthy", or the patient's letter.
        learn: pair (images, labels) as they go into fit.
        validate: pair (images, labels) as they go into fit for validation.
        model: the network, compiled and not trained yet.
        shuffle: whether the digits come in another order in each epoch.
        seed: of the starting weights and of the order of the digits.
    """

    def __init__(self, name, learn, validate, seed=0):
        keras.utils.set_random_seed(seed)
        self.name, self.seed = name, seed
        self.learn, self.validate = learn, validate
        self.model, self.shuffle = lenet5(), True
        self.compile()

    def __deepcopy__(self, memo):
        return admit(self.name, self.learn, self.validate, self.seed)  # as it came: a check hands copies on

    def compile(self, optimizer=None, from_logits=True):
        """Compile the network: Adam with a rate of 0.002 and cross-entropy, unless another is given."""
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=from_logits)
        self.model.compile(optimizer=optimizer or keras.optimizers.Adam(0.002), loss=loss, metrics=["accuracy"])

    def train(self, epochs=EPOCHS, callbacks=None):
        """Train the network, in batches of 32.

        Args:
            epochs: how many.
            callbacks: Keras callbacks, a list.

        Returns:
            dict with a list for "loss", "error", "validation_loss" and "validation_error", an entry for each epoch.
        """
        keras.utils.set_random_seed(self.seed)
        settings = {"batch_size": BATCH, "epochs": epochs, "shuffle": self.shuffle, "verbose": 0}
        settings |= {"validation_data": self.validate, "callbacks": callbacks}
        figures = self.model.fit(*self.learn, **settings).history
        return {
            "loss": figures["loss"],
            "error": [1 - share for share in figures["accuracy"]],
            "validation_loss": figures["val_loss"],
            "validation_error": [1 - share for share in figures["val_accuracy"]],
        }


def healthy(patient):
    """Leave a training as it is."""


def patient_a(patient):
    """Spoil a training as patient A was."""
    images, labels = patient.learn
    patient.learn = images, np.append(labels[1:], labels[0])


def patient_b(patient):
    """Spoil a training as patient B was."""
    images, labels = patient.validate
    patient.validate = PAPER + INK - images, labels


def patient_c(patient):
    """Spoil a training as patient C was."""
    images, labels = patient.learn
    wanted = labels < 9
    patient.learn = images[wanted], labels[wanted]


def patient_d(patient):
    """Spoil a training as patient D was."""
    images, labels = patient.learn
    order = np.argsort(labels, kind="stable")
    patient.shuffle, patient.learn = False, (images[order], labels[order])


def patient_e(patient):
    """Spoil a training as patient E was."""
    patient.model.set_weights([np.zeros_like(weight) for weight in patient.model.get_weights()])


def patient_f(patient):
    """Spoil a training as patient F was."""
    patient.compile(from_logits=False)


def patient_g(patient):
    """Spoil a training as patient G was."""

    def grey(images):
        return np.rint(255 * (images - PAPER) / (INK - PAPER))

    patient.model = lenet5("relu", "max")
    patient.compile(keras.optimizers.SGD(0.05))
    patient.learn = grey(patient.learn[0]), patient.learn[1]
    patient.validate = grey(patient.validate[0]), patient.validate[1]


def patient_h(patient):
    """Spoil a training as patient H was."""
    patient.compile(keras.optimizers.Adam(0.2))


def patient_i(patient):
    """Spoil a training as patient I was."""
    images, labels = patient.learn
    patient.learn = images, np.select([labels == 4, labels == 9], [9, 4], labels)


def patient_j(patient):
    """Spoil a training as patient J was."""
    softmax = [keras.layers.Softmax(), keras.layers.Reshape((10,))]
    patient.model = keras.Sequential([keras.Input((32, 32, 1)), *patient.model.layers, *softmax])
    patient.compile()


_SPOILED = (
    patient_a,
    patient_b,
    patient_c,
    patient_d,
    patient_e,
    patient_f,
    patient_g,
    patient_h,
    patient_i,
    patient_j,
)
MISTAKES = {"healthy": healthy, **dict(zip("ABCDEFGHIJ", _SPOILED, strict=True))}
"""What spoils each training, by the patient's name."""


def admit(name, learn, validate, seed=0):
    """A patient as it comes: not trained yet. Each call brings it anew.

    Args:
        name: "healthy", or a letter from A to J.
        learn: pair (images, labels) to learn from, images (n, 32, 32, 1) from -0.1 to 1.175, labels (n,) 0 to 9.
        validate: such a pair for validation.
        seed: of the starting weights and of the order of the digits.

    Returns:
        Patient.

    Raises:
        ValueError: for another name.
    """
    mistake = _mistake(name)
    patient = Patient(name, learn, validate, seed)
    mistake(patient)
    return patient


def gradient_sizes(model, images, labels):
    """The size of the gradient in each layer's weights: the root of the mean square, over one batch.

    Returns:
        dict from the layer's name to a float, for layers with weights, from the input on.
    """
    import tensorflow as tf

    with tf.GradientTape() as tape:
        loss = model.loss(labels, model(images))
    kernels = [layer.kernel for layer in model.layers if layer.weights]
    slopes = tape.gradient(loss, kernels)
    names = [layer.name for layer in model.layers if layer.weights]
    return {name: float(np.sqrt(np.mean(np.square(slope)))) for name, slope in zip(names, slopes, strict=True)}


def in_the_end(patient):
    """What a trained patient makes of the digits of its validation.

    Returns:
        (outputs, saturated): its outputs, shape (n, 10), and the share of F6's values beyond 0.99.
    """
    values = patient.validate[0]
    for layer in patient.model.layers:
        values = layer(values)
        if layer.name == "F6":
            saturated = float(np.mean(np.abs(values) > 0.99))
    return np.asarray(values), saturated


def chart(name, learn, validate, seed=0):
    """Examine a patient before, and after, its training: all that lesson 12 measures, as numbers.

    Args:
        name, learn, validate, seed: as for `admit`.

    Returns:
        dict: "input" and "validation_input", each [least, mean, largest]; "labels", the digits of each class that go
        into fit; "fresh_loss" on 500 digits before training; "gradients" of the fresh network on them, by layer;
        "one_batch", the loss after 50 steps on its first batch alone; "history"; "recall", the share of each class
        that is read rightly in the end; "answer", the most frequent one, and "favourite", its share; "outputs", [least,
        largest]; "spread", the most that an output differs between digits; "saturated", the share of F6's values
        beyond 0.99.
    """
    fresh = admit(name, learn, validate, seed)
    images, labels = (each[:500] for each in fresh.learn)
    found = {
        "input": [float(f(fresh.learn[0])) for f in (np.min, np.mean, np.max)],
        "validation_input": [float(f(fresh.validate[0])) for f in (np.min, np.mean, np.max)],
        "labels": np.bincount(fresh.learn[1], minlength=10).tolist(),
        "fresh_loss": float(fresh.model.loss(labels, fresh.model(images))),
        "gradients": gradient_sizes(fresh.model, images, labels),
    }
    batch = images[:BATCH], labels[:BATCH]
    for _ in range(50):
        fresh.model.train_on_batch(*batch)
    found["one_batch"] = float(fresh.model.loss(batch[1], fresh.model(batch[0])))
    patient = admit(name, learn, validate, seed)
    found["history"] = patient.train()
    labels = patient.validate[1]
    outputs, found["saturated"] = in_the_end(patient)
    answers = outputs.argmax(axis=1)
    found["recall"] = [float(np.mean(answers[labels == digit] == digit)) for digit in range(10)]
    counts = np.bincount(answers, minlength=10)
    found["answer"], found["favourite"] = int(counts.argmax()), float(counts.max() / len(answers))
    found["outputs"] = [float(outputs.min()), float(outputs.max())]
    found["spread"] = float(np.ptp(outputs, axis=0).max())
    return found


def suspect(chart):
    """Whom a chart points to by lesson 12's table: its questions in its order, and the first that strikes decides.

    Returns:
        the letter of the patient whose mistake is suspected, or "none".
    """
    history = chart["history"]
    questions = {
        "G": max(abs(chart["input"][0]), chart["input"][2]) > 10,
        "F": abs(chart["fresh_loss"] - np.log(10)) > 1,
        "E": chart["gradients"]["C1"] == 0,
        "H": chart["one_batch"] > 0.5 and chart["saturated"] > 0.9,
        "B": abs(chart["validation_input"][1] - chart["input"][1]) > 0.1,
        "C": min(chart["labels"]) == 0,
        "D": history["loss"][-1] > 2 and history["error"][-1] > 0.95,
        "A": history["loss"][-1] > 2,
    }
    return next((letter for letter, strikes in questions.items() if strikes), "none")


def code(name):
    """The lines that spoil the training of a patient: to be read after guessing what is wrong."""
    mistake = _mistake(name)
    source = inspect.getsource(mistake).replace(f'    """{mistake.__doc__}"""\n', "", 1)
    return source.replace(":\n\n", ":\n", 1).strip()


def _mistake(name):
    if name not in MISTAKES:
        raise ValueError(f'A patient is "healthy" or a letter from A to J, not {name!r}.')
    return MISTAKES[name]
