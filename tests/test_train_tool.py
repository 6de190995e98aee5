"""tools/train.py on few digits: what it hands to lk.train, and what it finds out for the record."""

import dataclasses
import hashlib
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
        assert further["teacher"].items() >= told["results"].items() and further["teacher"]["parameters"] == 273_322
        assert (
            further["teacher"]["sha256"] == hashlib.sha256((tmp_path / "teacher.weights.h5").read_bytes()).hexdigest()
        )
        with monkeypatch.context() as without:
            without.setattr(lk, "train", None)
            again, _ = train.teacher(few)  # it is there now, and read
            without.setattr(train, "TEACHER", dataclasses.replace(train.TEACHER, learning_rate=0.1))
            with pytest.raises(TypeError):  # another recipe: it would be trained anew
                train.teacher(few)
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


def test_what_five_seeds_came_to_is_told_with_the_first(monkeypatch, tmp_path):
    made = []

    def make(kind, seed, path):
        if path.exists():
            return
        made.append(seed)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(bytes([seed]))
        results = {"validation_error": seed / 1000, "test_errors": 40 + seed, "seconds": 10 * seed, "test_digits": 9}
        head = train.records.head(f"of {seed}", "none", {"seed": seed})
        train.records.write(path.parent / "lenet5_best.json", head | {"results": results})

    monkeypatch.setattr(train, "NETWORKS", tmp_path)
    monkeypatch.setattr(train, "make", make)
    make("best", 2, tmp_path / "2" / "lenet5_best.weights.h5")
    make("best", 3, tmp_path / "3" / "lenet5_best.weights.h5")
    (tmp_path / "3" / "lenet5_best.json").unlink()  # killed before it was written: trained again
    weights, record = train.of_seeds("best", 3)
    assert made == [2, 3, 1, 3] and weights.read_bytes() == bytes([1])
    assert record["settings"] == {"seed": 1} and record["command"] == "python tools/train.py best --seeds 3"
    assert record["results"]["test_errors"] == 41
    wanted = {"validation_error": [0.001, 0.002, 0.003], "test_errors": [41, 42, 43], "seconds": [10, 20, 30]}
    assert record["results"]["seeds"] == wanted


@pytest.mark.parametrize("given", ["strings --seeds 5", "best --seeds 0", "best --seeds 5 --epochs 2"])
def test_seeds_that_mean_nothing_are_refused(given, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["train.py", *given.split()])
    with pytest.raises(SystemExit):
        train.main()
    assert '--seeds needs "best", at least 1, and neither --seed nor --epochs' in capsys.readouterr().err


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
