"""Answers to the turns and exercises of notebook 12: right forms, wrong answers with words of their hint."""

from fractions import Fraction

import keras
import numpy as np
import tensorflow as tf

import lenet_keras as lk
from lenet_keras import data

CAUSES = [4, 9, 11, 6, 2, 7, 10, 3]


def drawn():
    pixels, rng = data.find()[0], np.random.default_rng(12)
    chosen = [rng.choice(part, min(2000, len(part)), replace=False) for part in lk.split(pixels)]
    return [(lk.normalise(pixels.x_train[part]), pixels.y_train[part]) for part in chosen]


# ------------------------------------------------------------------------------------------------------------ turns


def loss_by_evaluate(model, images, labels):
    return model.evaluate(images, labels, batch_size=len(images), verbose=0)[0]


def loss_by_predict(model, images, labels):
    return model.loss(labels, model.predict(images, verbose=0))


def loss_by_hand(model, images, labels):
    shares = keras.ops.softmax(model(images)).numpy()
    return -np.log(shares[np.arange(len(labels)), labels]).mean()


def heart_by_fit(model, images, labels, steps=50):
    model.fit(images, labels, batch_size=len(images), epochs=steps, shuffle=False, verbose=0)
    return model.loss(labels, model(images))


def heart_by_steps(model, images, labels, steps=50):
    for _ in range(steps):
        model.train_on_batch(images, labels)
    return model.evaluate(images, labels, verbose=0)[0]


def heart_by_gradient(model, images, labels, steps=50):
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = model.loss(labels, model(images))
        slopes = tape.gradient(loss, model.trainable_variables)
        model.optimizer.apply_gradients(zip(slopes, model.trainable_variables, strict=True))
    return float(model.loss(labels, model(images)))


def one_step(model, images, labels, steps=50):
    model.train_on_batch(images, labels)
    return model.evaluate(images, labels, verbose=0)[0]


def not_trained(model, images, labels, steps=50):
    return model.evaluate(images, labels, verbose=0)[0]


def as_reported(model, images, labels, steps=50):
    losses = []
    for _ in range(steps):
        losses.append(float(model.loss(labels, model(images))))
        model.train_on_batch(images, labels)
    return losses[-1]


def recall_by_masks(answers, labels):
    return np.array([(answers[labels == digit] == digit).mean() for digit in range(10)])


def recall_by_counts(answers, labels):
    return np.bincount(labels[answers == labels], minlength=10) / np.bincount(labels, minlength=10)


def recall_by_loops(answers, labels):
    right, there = [0] * 10, [0] * 10
    for answer, label in zip(answers, labels, strict=True):
        there[label] += 1
        right[label] += answer == label
    return [a / b for a, b in zip(right, there, strict=True)]


def treat(patient):
    if patient.name == "D":
        patient.shuffle = True
    elif patient.name == "E":
        patient.model = lk.lenet5()
        patient.compile()
    elif patient.name == "H":
        patient.compile(keras.optimizers.Adam(0.002))
    return patient


def treat_otherwise(patient):
    patient.shuffle = True
    if patient.name == "E":
        rng = np.random.default_rng(0)
        patient.model.set_weights([rng.normal(0, 0.1, w.shape) for w in patient.model.get_weights()])
    patient.model.optimizer.learning_rate = 0.001
    return patient


def treat_with_a_healthy_one(patient):
    return lk.broken.admit("healthy", patient.learn, patient.validate)


def treated(name, change):
    def function(patient):
        return change(patient) if patient.name == name else treat(patient)

    return function


def shuffled_by_a_one(patient):
    patient.shuffle = 1
    return patient


def as_it_came(patient):
    return patient


def all_ones(patient):
    patient.model.set_weights([np.ones_like(w) for w in patient.model.get_weights()])
    return patient


# -------------------------------------------------------------------------------------------------------- exercises


def slip_by_means(answers, labels):
    return max(range(-3, 4), key=lambda s: (np.roll(labels, -s) == answers).mean())


def slip_by_rolled_answers(answers, labels):
    agreements = [(np.roll(answers, s) == labels).sum() for s in range(-3, 4)]
    return np.argmax(agreements) - 3


def slip_by_loops(answers, labels):
    best, n = (-1, 0), len(labels)
    for s in range(-3, 4):
        best = max(best, (sum(labels[(k + s) % n] == answers[k] for k in range(n)), s))
    return float(best[1])


def untrained(name):
    return lk.broken.admit(name, *drawn()).model


def knows_one_batch():
    model, (images, labels) = untrained("healthy"), drawn()[0]
    for _ in range(50):
        model.train_on_batch(images[:32], labels[:32])
    return model


def cured():
    patient = lk.broken.admit("J", *drawn())
    patient.compile(from_logits=False)
    patient.train(epochs=5)
    return patient.model


def nested(model):
    again = keras.Sequential([keras.Input((32, 32, 1)), model])
    again.compile(loss=model.loss, metrics=["accuracy"])
    return again


def functional(model):
    again = keras.Model(model.inputs[0], model.outputs[0])
    again.compile("sgd", loss=model.loss, metrics=["accuracy"])
    return again


def compiled_by_name(model):
    again = keras.Model(model.inputs[0], model.outputs[0])
    again.compile("adam", loss="sparse_categorical_crossentropy")
    return again


def without_loss(model):
    again = keras.Model(model.inputs[0], model.outputs[0])
    again.compile("adam")
    return again


BY_HEART, CURED = knows_one_batch(), cured()  # two short trainings, of a few seconds

RIGHT = {
    "12.a": [loss_by_evaluate, loss_by_predict, lambda m, x, y: m.loss(y, m(x)), lambda m, x, y: [m.loss(y, m(x))]],
    "12.b": [heart_by_fit, heart_by_steps, heart_by_gradient],
    "12.c": [recall_by_masks, recall_by_counts, recall_by_loops, lambda a, y: tf.constant(recall_by_masks(a, y))],
    "12.d": [CAUSES, tuple(CAUSES), np.array(CAUSES), [float(cause) for cause in CAUSES], tf.constant(CAUSES)],
    "12.e": [treat, treat_otherwise, treat_with_a_healthy_one, treated("D", shuffled_by_a_one)],
    "12.1": [np.log(26), 3.26, 3.25, [3.258], np.float32(3.258), tf.constant(3.258)],
    "12.2": [4, 4.0, [4], np.int64(4)],
    "12.3": [slip_by_means, slip_by_rolled_answers, slip_by_loops],
    "12.4": [1.04, 1.0397, 1.5 * np.log(2), np.float32(1.0397), Fraction(26, 25)],
    "12.5": [BY_HEART, nested(BY_HEART), functional(BY_HEART)],
    "12.6": [[13, 12], (13, 12), np.array([13.0, 12.0]), tf.constant([13, 12])],
    "12.7": [CURED, nested(CURED), functional(CURED), compiled_by_name(CURED)],
}
WRONG = {
    "12.a": [
        (lambda m, x, y: m.loss(y, keras.ops.softmax(m(x)).numpy()), "no softmax here"),
        (lambda m, x, y: len(y) * m.loss(y, m(x)), "that is the sum"),
        (loss_by_hand, "without softmax"),
        (lambda m, x, y: m.loss(y, keras.ops.softmax(m(x))), "without softmax"),
        (lambda m, x, y: 0.0, "what is to be put into it"),
        (lambda m, x, y: m.loss(y, x), "what is to be put into it"),
        (lambda m, x, y: m(x), "one number"),
        (2.3, "give the function itself"),
    ],
    "12.b": [
        (one_step, "after one step"),
        (not_trained, "nothing was trained"),
        (as_reported, "evaluate after the last one"),
        (lambda m, x, y, steps: 0.0, "how often"),
    ],
    "12.c": [
        (lambda a, y: np.array([(y[a == d] == d).mean() for d in range(10)]), "how often the digit was answered"),
        (lambda a, y: np.array([((a == d) & (y == d)).sum() for d in range(10)]), "counts the right ones"),
        (lambda a, y: np.array([((a == d) & (y == d)).mean() for d in range(10)]), "divides by all digits"),
        (lambda a, y: 1 - recall_by_masks(a, y), "that are wrong"),
        (lambda a, y: np.array([(a[a == d] == d).mean() for d in range(10)]), "must not look at the answers"),
        (lambda a, y: (a == y).mean(), "ten shares are wanted"),
        (lambda a, y: np.zeros(10), "the mask is as long"),
    ],
    "12.d": [
        ([2, 9, 11, 6, 4, 7, 10, 3], "6 of 8 are right; look again at A, E"),
        ([4, 9, 8, 6, 2, 7, 10, 3], "7 of 8 are right; look again at C"),
        ([4, 9, 11, 6, 2, 7, 10], "yours has 7"),
        ([0, 9, 11, 6, 2, 7, 10, 3], "the numbers 1 to 13"),
        ("4, 9", "without quotes"),
        (dict.fromkeys("ABCDEFGH", 4), "not a dict"),
    ],
    "12.e": [
        (treated("D", as_it_came), "what should shuffle be"),
        (treated("E", as_it_came), "still all the same"),
        (treated("E", all_ones), "still all the same"),
        (treated("H", as_it_came), "a hundredth"),
        (lambda patient: patient.model, "give back the patient"),
        (lambda patient: None, "gives nothing back"),
    ],
    "12.1": [
        (2.30, "ten classes"),
        (4.7, "base 2"),
        (1.415, "base 10"),
        (-3.26, "above 0"),
        (1 / 26, "probability of each"),
    ],
    "12.2": [
        (1, "each once"),
        (2, "the same order"),
        (3, "a good network"),
        (5, "before"),
        (6, "line"),
        ("4", "quotes"),
    ],
    "12.3": [
        (lambda a, y: -slip_by_means(a, y), "the sign"),
        (lambda a, y: 0, "try every slip"),
        (lambda a, y: slip_by_means(a, y) + 1, "try every slip"),
        (3, "give the function itself"),
    ],
    "12.4": [
        (np.log(3), "equally frequent"),
        (1.5, "base 2"),
        (np.log(2), "the others count too"),
        (0.5, "the error"),
        (1.155, "twice as much"),
        (0, "one probability for each class"),
    ],
    "12.5": [
        (untrained("healthy"), "of the first 32 digits"),
        (CURED, "read"),
        (lk.lenet1(), "(32, 32, 1)"),
        (lk.broken.admit("healthy", *drawn()), "patient.model"),
        (0.3, "not a number"),
    ],
    "12.6": [
        ([12, 13], "the other way round"),
        ([11, 12], "count its labels"),
        ([13, 7], "only its loss"),
        ([13, 1], "J: another cause"),
        ([1, 12], "I: another cause"),
        ([8, 12], "ReLU on the logits"),
        ([13, 14], "the numbers 1 to 13"),
        (8, "yours has 1"),
    ],
    "12.7": [
        (untrained("J"), "treated, it comes below"),
        (untrained("healthy"), "end in probabilities"),
        (BY_HEART, "end in probabilities"),
        (without_loss(CURED), "with a loss"),
        (12, "not a number"),
    ],
}
