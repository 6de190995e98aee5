"""tools/train.py on few digits: what it hands to lk.train, and what it finds out for the record."""

import dataclasses
import json

import numpy as np
import pytest
import train

import lenet_keras as lk


@pytest.fixture(scope="module")
def few(bundled):
    return bundled.replace(x_train=bundled.x_train[:400], y_train=bundled.y_train[:400])


@pytest.fixture
def handed_over(monkeypatch):
    """What lk.train was called with; the first epoch's digits too. The training itself goes on."""
    seen, really_train = {}, lk.train

    def watched(model, digits, recipe, *, seed=0, fresh, teacher=None):
        seen.setdefault("start", model.get_weights())
        seen.update(digits=digits, fresh=fresh, teacher=teacher, recipes=[*seen.get("recipes", []), recipe])
        return really_train(model, digits, recipe, seed=seed, fresh=fresh, teacher=teacher, verbose=False)

    monkeypatch.setattr(lk, "train", watched, raising=False)
    return seen


@pytest.mark.parametrize("kind", ["distorted", "best", "undistorted"])
def test_networks_on_digits(kind, few, handed_over, monkeypatch, tmp_path):
    monkeypatch.setattr(train, "NETWORKS", tmp_path)
    monkeypatch.setattr(train, "TEACHER", dataclasses.replace(train.TEACHER, epochs=2))
    recipe = dataclasses.replace(train.LONG, epochs=2)
    model, further, results = train.on_digits(kind, recipe, few, 7)
    if kind == "undistorted":
        assert handed_over["fresh"] is None and further == {}
    else:
        ranges = {"shift": 2, "scale": 0.12, "squeeze": 0.12, "shear": 0.15, "rotation": 12}
        ranges |= {"elastic": 0.7} if kind == "best" else {}
        images, labels = handed_over["fresh"](few.x_train[:9], few.y_train[:9], [7, 1])
        np.testing.assert_array_equal(images, lk.distort.distorted(few.x_train[:9], [7, 1, 1], ranges))
        np.testing.assert_array_equal(labels, few.y_train[:9])
        assert further["ranges"] == ranges
    if kind == "best":
        told = json.loads((tmp_path / "teacher.json").read_text(encoding="utf-8"))
        assert further["teacher"] == told["results"] and further["teacher"]["parameters"] == 273_322
        again, _ = train.teacher(few)  # it is there now, and read
        for mine, theirs in zip(again.get_weights(), handed_over["teacher"].get_weights(), strict=True):
            np.testing.assert_array_equal(mine, theirs)
    else:
        assert handed_over["teacher"] is None
    answers = lk.probabilities(model, few.x_test).argmax(axis=1)
    assert results["test_errors"] == (answers != few.y_test).sum() and results["test_digits"] == len(few.y_test)
    _, validate = lk.split(few)
    wrong = (lk.probabilities(model, few.x_train[validate]).argmax(axis=1) != few.y_train[validate]).mean()
    assert results["validation_error"] == pytest.approx(wrong, abs=1e-5)
    for name, curve in results["curves"].items():
        assert len(curve) == 2 and curve[-1] == results[name]


def test_the_network_of_strings(few, handed_over, monkeypatch):
    monkeypatch.setattr(train, "VALIDATION_WINDOWS", 500)
    model, further, results = train.on_windows(dataclasses.replace(train.ON_WINDOWS, epochs=1), few, 7)
    learn, validate = lk.split(few)
    np.testing.assert_array_equal(handed_over["digits"].x_train, few.x_train[learn])
    plain, start = lk.load_lenet5("distorted").get_weights(), handed_over["start"]
    np.testing.assert_array_equal(start[-2], np.pad(plain[-2], ((0, 0), (0, 1))))
    np.testing.assert_array_equal(start[-1], [*plain[-1], 0])
    images, labels = handed_over["fresh"](few.x_train[learn][::-1], few.y_train[learn][::-1], [7, 0])
    again, _ = handed_over["fresh"](few.x_train[learn], few.y_train[learn], [7, 0])
    other, _ = handed_over["fresh"](few.x_train[learn], few.y_train[learn], [7, 1])
    np.testing.assert_array_equal(images, again)  # by seed and epoch, whatever the order of the digits
    assert len(images) == len(labels) == len(learn) and np.abs(images - other).max() > 0.5
    assert abs((labels == lk.strings.BLANK).mean() - 0.38) < 0.05
    rates = [recipe.learning_rate for recipe in handed_over["recipes"]]
    assert rates == [train.ON_WINDOWS.learning_rate, further["then_rate"]] == [0.002, 0.001]
    assert further["windows_per_epoch"] == len(learn) and model.output_shape == (None, 11)
    assert results["validation_windows"] == 500 and 0 < results["window_error"] < 1
