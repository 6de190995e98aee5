"""The broken networks of lesson 12: each has one mistake, its chart is what it says, and the rule asks in order."""

import copy

import keras
import numpy as np
import pytest

import lenet_keras as lk
from lenet_keras import broken

LETTERS = "ABCDEFGHIJ"


@pytest.fixture(scope="module")
def few():
    digits = lk.load_digits("bundled")
    return (digits.x_train[:96], digits.y_train[:96]), (digits.x_train[96:128], digits.y_train[96:128])


@pytest.fixture(scope="module")
def charts(few):
    return {name: broken.chart(name, *few) for name in ("healthy", "B", "E", "G", "J")}


def test_a_patient_trains_and_leaves_the_digits_as_they_are(few):
    kept = [array.copy() for pair in few for array in pair]
    for name in ("healthy", "B", "D"):
        history = broken.admit(name, *few).train(epochs=2)
        assert set(history) == {"loss", "error", "validation_loss", "validation_error"}
        assert all(len(values) == 2 for values in history.values())
    for before, after in zip(kept, (array for pair in few for array in pair), strict=True):
        np.testing.assert_array_equal(before, after)


def test_each_patient_differs_from_the_healthy_one_in_one_place(few):
    """What goes in, the order, the weights, the layers, the loss or the rate: which of them, by patient."""

    def parts(patient):
        optimizer = patient.model.optimizer
        return {
            "learn": [each.tolist() for each in patient.learn],
            "validate": [each.tolist() for each in patient.validate],
            "shuffle": patient.shuffle,
            "weights": [each.tolist() for each in patient.model.get_weights()],
            "layers": [getattr(layer, "activation", None) for layer in patient.model.layers],
            "loss": patient.model.loss.get_config(),
            "optimizer": (type(optimizer).__name__, float(optimizer.learning_rate)),
        }

    healthy = parts(broken.admit("healthy", *few))
    changed = {}
    for letter in LETTERS:
        found = parts(broken.admit(letter, *few))
        changed[letter] = {key for key in healthy if found[key] != healthy[key]}
    assert changed == {
        "A": {"learn"},
        "B": {"validate"},
        "C": {"learn"},
        "D": {"learn", "shuffle"},
        "E": {"weights"},
        "F": {"loss"},
        "G": {"learn", "validate", "layers", "weights", "optimizer"},  # another network is drawn
        "H": {"optimizer"},
        "I": {"learn"},
        "J": {"layers"},
    }


def test_the_mistakes_are_what_the_lesson_says(few):
    (images, labels), _ = few

    def goes_in(letter):
        return broken.admit(letter, *few).learn

    np.testing.assert_array_equal(goes_in("A")[1][:-1], labels[1:])
    assert 9 not in goes_in("C")[1] and len(goes_in("C")[1]) == (labels < 9).sum()
    np.testing.assert_array_equal(goes_in("D")[1], np.sort(labels))
    assert goes_in("G")[0].max() == 255 and goes_in("G")[0].min() == 0
    assert {(a, b) for a, b in zip(labels, goes_in("I")[1], strict=True) if a != b} == {(4, 9), (9, 4)}
    outputs = broken.admit("J", *few).model(images).numpy()
    np.testing.assert_allclose(outputs.sum(axis=1), 1, rtol=1e-5)


def test_a_copied_patient_is_as_it_came(few):
    patient = broken.admit("H", *few)
    patient.train(epochs=1)
    again = copy.deepcopy(patient)
    for one, other in zip(again.model.get_weights(), broken.admit("H", *few).model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert float(again.model.optimizer.learning_rate) == pytest.approx(0.2)


def test_the_chart_says_what_can_be_computed_otherwise(few, charts):
    (images, labels), (judged, right) = few
    healthy = charts["healthy"]
    assert healthy["input"] == pytest.approx([images.min(), images.mean(), images.max()])
    assert healthy["labels"] == np.bincount(labels, minlength=10).tolist()
    model = broken.admit("healthy", *few).model
    assert healthy["fresh_loss"] == pytest.approx(float(model.loss(labels, model(images))), rel=1e-4)
    patient = broken.admit("healthy", *few)
    patient.train()
    answers = patient.model(judged).numpy().argmax(axis=1)
    assert healthy["favourite"] == np.bincount(answers).max() / len(answers)
    assert np.average(healthy["recall"], weights=np.bincount(right, minlength=10)) == pytest.approx(
        np.mean(answers == right)
    )
    assert set(healthy["gradients"]) == {"C1", "C3", "C5", "F6", "output"} and min(healthy["gradients"].values()) > 0


def test_signs_that_need_no_long_training(charts):
    assert charts["E"]["gradients"]["C1"] == 0 and charts["E"]["spread"] == 0
    assert charts["G"]["input"][2] == 255 and abs(charts["G"]["fresh_loss"] - np.log(10)) > 1
    assert charts["healthy"]["one_batch"] < 0.1 and 1.46 < charts["J"]["one_batch"] < 1.6
    assert [broken.suspect(charts[name]) for name in ("B", "E", "G")] == ["B", "E", "G"]


def test_the_first_question_that_strikes_decides(charts):
    chart = copy.deepcopy(charts["E"])
    chart["input"][2] = 255.0
    assert broken.suspect(chart) == "G"
    chart = copy.deepcopy(charts["healthy"]) | {"history": {"loss": [2.3], "error": [0.5]}}
    assert broken.suspect(chart) == "A"
    chart["history"]["error"] = [0.99]
    assert broken.suspect(chart) == "D"
    chart["history"] = {"loss": [0.3], "error": [0.1]}
    assert broken.suspect(chart) == "none"


def test_the_code_is_that_of_the_mistake():
    for letter in LETTERS:
        assert broken.code(letter).startswith(f"def patient_{letter.lower()}(patient):\n")
    assert "labels[1:]" in broken.code("A") and "0.2" in broken.code("H")


def test_a_patient_that_does_not_exist_is_refused(few):
    for refused in (lambda: broken.admit("Z", *few), lambda: broken.code("a")):
        with pytest.raises(ValueError, match="a letter from A to J, not '[Za]'"):
            refused()


def test_a_tenth_of_the_rate_is_one_line(few):
    patient = broken.admit("healthy", *few)
    patient.compile(keras.optimizers.Adam(0.0002))
    assert float(patient.model.optimizer.learning_rate) == pytest.approx(0.0002)
