"""What the turns and exercises of lesson 12 accept: tests written, patients diagnosed and treated."""

import math

import keras
import numpy as np

import lenet_keras as lk
from lenet_keras import data
from lenet_keras.course.exercises import (
    UNKNOWN,
    Refused,
    a_function,
    a_model,
    a_number,
    compare,
    exercise,
    numbers,
)


def small(from_logits=True, seed=0):
    """A network of one layer with its loss, eight points and their labels: quick to train."""
    rng = np.random.default_rng(seed)
    points, labels = rng.normal(size=(8, 4)).astype("float32"), rng.integers(0, 3, 8)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, use_bias=False)])
    model.set_weights([rng.normal(size=(4, 3)).astype("float32")])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=from_logits)
    model.compile(keras.optimizers.SGD(0.1), loss, metrics=["accuracy"])
    return model, points, labels


def fresh_loss(model, images, labels):
    return float(model.loss(labels, model(images)))


@exercise(
    "12.a",
    a_function,
    hints=[
        "a model is called like a function: what is to be put into it?",
        "the outputs for all images at once are model(images).",
    ],
    ours=fresh_loss,
)
def loss_before_training(function):
    for from_logits in (True, False):
        model, points, labels = small(from_logits, seed=1)
        found = function.number(model, points, labels)
        right = fresh_loss(model, points, labels)
        shares = keras.ops.softmax(model(points)).numpy()
        if from_logits and np.isclose(found, float(model.loss(labels, shares)), rtol=1e-4):
            return "no softmax here: the loss of this model expects the outputs as they are."
        if np.isclose(found, 8 * right, rtol=1e-4):
            return "that is the sum; give the mean."
        if not np.isclose(found, right, rtol=1e-4):
            right = float(keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels, model(points)))
            if not from_logits and np.isclose(found, right, rtol=1e-4):
                return "give model.loss the outputs as they are, without softmax, whatever loss it is."
            return UNKNOWN
    return None


def one_batch(model, images, labels, steps=50):
    for _ in range(steps):
        model.train_on_batch(images, labels)
    return fresh_loss(model, images, labels)


@exercise(
    "12.b",
    a_function,
    hints=[
        "how often is one step to be made? And which function of yours gives the loss without training?",
        "range(steps); and fresh_loss(model, images, labels).",
    ],
    ours=one_batch,
)
def one_batch_by_heart(function):
    for steps in (20, 3):
        model, points, labels = small(seed=2)
        weights, wanted = model.get_weights()[0].astype(float), np.eye(3)[labels]
        losses = []
        for _ in range(steps + 1):
            outputs = points @ weights
            shares = np.exp(outputs) / np.exp(outputs).sum(axis=1, keepdims=True)
            losses.append(-np.log(shares[np.arange(8), labels]).mean())
            weights -= 0.1 * points.T @ (shares - wanted) / 8
        found = function.number(model, points, labels, steps)
        if np.isclose(found, losses[-1], rtol=1e-3):
            continue
        if np.isclose(found, losses[0], rtol=1e-4):
            return "the model is as it was: nothing was trained."
        if np.isclose(found, losses[1], rtol=1e-4):
            return f"that is the loss after one step; there should be {steps}."
        if np.isclose(found, losses[-2], rtol=1e-4) or np.isclose(found, np.mean(losses[:-1]), rtol=1e-4):
            return "what training reports is of the steps before: evaluate after the last one."
        return UNKNOWN
    return None


def recall_by_class(answers, labels):
    shares = []
    for digit in range(10):
        of_this_class = labels == digit
        shares.append((answers[of_this_class] == digit).mean())
    return np.array(shares)


@exercise(
    "12.c",
    a_function,
    hints=[
        "the mask is as long as the labels, and True where the label is this digit.",
        "of_this_class = labels == digit.",
    ],
    ours=recall_by_class,
)
def shares_of_each_class(function):
    rng = np.random.default_rng(3)
    labels = np.concatenate([np.arange(10), rng.integers(0, 10, 190)])
    answers = np.where(rng.random(200) < 0.6, labels, rng.integers(0, 10, 200))
    found = function.array(answers, labels)
    if found.shape != (10,):
        return f"ten shares are wanted, one for each class; yours has shape {found.shape}."
    hits = np.array([((answers == digit) & (labels == digit)).sum() for digit in range(10)])
    precision = hits / np.bincount(answers, minlength=10)
    ways = {
        "that divides by how often the digit was answered; divide by how often it was there.": precision,
        "that counts the right ones; divide by how many digits of the class there are.": hits,
        "that divides by all digits; divide by those of the class.": hits / 200,
        "those are the shares that are wrong.": 1 - hits / np.bincount(labels),
        "all are 1: the mask must not look at the answers, only at the labels.": np.ones(10),
    }
    for why, wrong in ways.items():
        if np.allclose(found, wrong):
            return why
    return None if np.allclose(found, hits / np.bincount(labels), rtol=1e-4) else UNKNOWN


CAUSES = [4, 9, 11, 6, 2, 7, 10, 3]


@exercise(
    "12.d",
    numbers(8),
    hints=[
        "begin with those that differ before any training: values that go in, labels, fresh loss, gradients.",
        "E has no gradient; F's fresh loss does not fit ten outputs; G has large values; B's validation "
        "images have another mean; C has no 9 to learn from.",
        "A, D and H are left: A learns one batch by heart but no more, H not even that, D answers nearly "
        "always the same digit.",
    ],
    ours=CAUSES,
)
def diagnosis(answer):
    if not all(cause in range(1, 14) for cause in answer):
        return "the causes have the numbers 1 to 13."
    wrong = [
        letter for letter, cause, right in zip("ABCDEFGH", answer, CAUSES, strict=True) if cause != right
    ]
    if not wrong:
        return None
    return f"{8 - len(wrong)} of 8 are right; look again at {', '.join(wrong)}."


def treat(patient):
    if patient.name == "D":
        patient.shuffle = True
    elif patient.name == "E":
        patient.model = lk.lenet5()
        patient.compile()
    elif patient.name == "H":
        patient.compile(keras.optimizers.Adam(0.002))
    return patient


@exercise(
    "12.e",
    a_function,
    hints=[
        "what does the healthy patient have in that place? Look at what was printed about it in section 1.",
        "shuffle is True or False; lk.lenet5() is a network with random weights; the healthy rate is 0.002.",
    ],
    ours=treat,
)
def three_treatments(function):
    rng = np.random.default_rng(0)
    learn = rng.normal(size=(20, 32, 32, 1)).astype("float32"), rng.integers(0, 10, 20)
    for name in "DEH":
        patient = function(lk.broken.admit(name, learn, learn))
        if not isinstance(patient, lk.broken.Patient):
            return "give back the patient: return patient."
        if name == "D" and patient.shuffle not in (1,):  # True, and 1 too
            return "D's digits must come in another order each time: what should shuffle be?"
        if name == "E" and not (isinstance(patient.model, keras.Model) and patient.model.compiled):
            return "E needs a new network, and it must be compiled."
        if name == "E" and min(np.ptp(w) for w in patient.model.get_weights() if w.ndim > 1) == 0:
            return "E's weights are still all the same."
        if name == "H" and not 0.0005 <= float(patient.model.optimizer.learning_rate) <= 0.005:
            return "H's rate should be about that of the healthy network, a hundredth of what it has."
    return None


# ------------------------------------------------------------------------------------------------- exercises


@exercise(
    "12.1",
    a_number,
    hints=[
        "a fresh network holds all classes for about equally likely: what probability has each of 26?",
        "the loss is minus the logarithm of that probability: −ln(1/26).",
    ],
)
def fresh_loss_of_26_classes(answer):
    mistakes = {
        math.log(10): "that is for ten classes.",
        math.log2(26): "that is the logarithm to base 2; the loss takes the natural one, np.log.",
        math.log10(26): "that is the logarithm to base 10; the loss takes the natural one, np.log.",
        -math.log(26): "minus the logarithm of a number below 1 is above 0.",
        1 / 26: "that is the probability of each class; the loss is minus its logarithm.",
    }
    return compare(answer, math.log(26), mistakes, within=0.03)


@exercise(
    "12.2",
    a_number,
    hints=[
        "go through the lines with the causes of section 2 in hand: order, labels, loss, outputs.",
        "what are the ten outputs of lk.lenet5()? And what does the loss take them for, if nothing is said?",
    ],
)
def the_line_that_is_wrong(answer):
    mistakes = {
        1: "an order of all places, each once: this is how one shuffles.",
        2: "images and labels are put into the same order here.",
        3: "a good network: its outputs are logits. Which line does not know that?",
        5: "fit gets images and labels in the same order; the mistake is made before.",
    }
    return compare(answer, 4, mistakes)


@exercise(
    "12.3",
    a_function,
    hints=[
        "try every slip from −3 to 3, and count how often np.roll(labels, −slip) agrees with the answers.",
        "np.roll(answers, s) moves the good answers as far; compare that with labels, and take the mean.",
    ],
)
def how_far_labels_have_slipped(function):
    rng = np.random.default_rng(4)
    for slip in (1, 0, -2, 3, -1, 2, -3):
        true = rng.integers(0, 10, 300)
        answers = np.where(rng.random(300) < 0.8, true, rng.integers(0, 10, 300))
        found = function.number(answers, np.roll(true, slip))
        if found == -slip and slip:
            return f"the sign: labels = np.roll(true, {slip}) have slipped by {slip}, but you say {-slip}."
        if found != slip:
            return UNKNOWN
    return None


@exercise(
    "12.4",
    a_number,
    hints=[
        "it can only learn one probability for each class: which are best? Those that the classes have.",
        "the mean of −ln p, each class counted as often as it comes: 0.5 · ln 2 + 0.25 · ln 4 + 0.25 · ln 4.",
    ],
)
def least_loss_without_looking(answer):
    right = 0.5 * math.log(2) + 0.5 * math.log(4)
    mistakes = {
        math.log(3): "that is for three classes that are equally frequent.",
        1.5: "that is with logarithms to base 2; the loss takes the natural one.",
        math.log(2): "that is the loss of the frequent class only; the others count too.",
        0.5: "that is the error of somebody who always gives the frequent class; the loss is asked.",
        (math.log(2) + 2 * math.log(4)) / 3: "the frequent class counts twice as much as each of the others.",
    }
    return compare(answer, right, mistakes, within=0.006)


def drawn():
    """The digits of the lesson."""
    pixels, rng = data.find()[0], np.random.default_rng(12)
    pairs = []
    for part in lk.split(pixels):
        chosen = rng.choice(part, min(2000, len(part)), replace=False)
        pairs.append((lk.normalise(pixels.x_train[chosen]), pixels.y_train[chosen]))
    return pairs


def a_reader(answer):
    """A kind: a Keras model from images 32×32 to ten outputs."""
    if isinstance(answer, lk.broken.Patient):
        raise Refused("hand in the network of the patient: patient.model.")
    model = a_model(answer)
    if model.input_shape != (None, 32, 32, 1) or model.output_shape != (None, 10):
        raise Refused("the model must take images of shape (32, 32, 1) and give ten outputs.")
    return model


def error_on(model, images, labels):
    return float((np.asarray(model(images)).argmax(axis=1) != labels).mean())


@exercise(
    "12.5",
    a_reader,
    hints=[
        "take the healthy patient's network, and train it on the first 32 digits alone.",
        "healthy = lk.broken.admit(...), then one_batch(healthy.model, images of 32 digits, their labels).",
    ],
)
def learned_by_heart_only(model):
    learn, validate = drawn()
    if wrong := round(32 * error_on(model, learn[0][:32], learn[1][:32])):
        return f"{wrong} of the first 32 digits of learn are still read wrongly."
    error = error_on(model, *validate)
    if error < 0.3:
        return f"it reads the others too well: {100 * error:.0f} % wrong, not 30. Show it 32 digits only."
    return None


@exercise(
    "12.6",
    numbers(2),
    hints=[
        "make the whole chart of both, in the order of the lesson: what goes in, fresh loss, gradients, one "
        "batch, curves, recall, and then the outputs themselves: least, largest, their sum.",
        "I loses two classes, but none is missing among its labels: what does it answer to their digits? "
        "J's loss stops falling far above 0, but it hardly errs: between which numbers do its outputs lie?",
    ],
)
def two_unseen_patients(answer):
    if not all(cause in range(1, 14) for cause in answer):
        return "the causes have the numbers 1 to 13."
    first, second = answer
    if (first, second) == (12, 13):
        return "the other way round."
    if first == 11:
        return "I has lost classes, but count its labels: all ten are there."
    if first == 8:
        return "with ReLU on the logits no output of I could be below 0: look at the least one."
    if second in (7, 3):
        return "J learns one batch without an error; only its loss does not come down. Look at its outputs."
    wrong = [name for name, found, right in (("I", first, 13), ("J", second, 12)) if found != right]
    return f"{' and '.join(wrong)}: another cause fits better." if wrong else None


@exercise(
    "12.7",
    a_reader,
    hints=[
        "the softmax is there once too often: which loss expects probabilities?",
        "patient.compile(from_logits=False), then patient.train().",
    ],
)
def j_treated(model):
    learn, validate = drawn()
    shares = np.asarray(model(learn[0]))
    if shares.min() < 0 or not np.allclose(shares.sum(axis=1), 1, atol=1e-3):
        return "J should still end in probabilities: ten numbers from 0 to 1 whose sum is 1."
    if not model.compiled:
        return "hand in the network compiled and trained."
    own = keras.losses.get(model.loss)  # Keras leaves a loss that was given by its name as this name
    if own is None:
        return "compile it with a loss."
    loss = float(np.mean(own(learn[1], shares)))
    if loss > 0.6:
        return f"its own loss on learn is {loss:.2f}; treated, it comes below 0.6."
    error = error_on(model, *validate)
    return (
        None
        if error < 0.2
        else f"it reads {100 * error:.0f} % of the validation digits wrongly; 20 are allowed."
    )
