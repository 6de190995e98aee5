"""tools/compare_certainty.py and lk.strangers: what they compute, and what the record says."""

import compare_certainty as certainty
import numpy as np
import pytest
from scipy import special

import lenet_keras as lk
from lenet_keras.data import INK, PAPER


def honest(count=4000, seed=0):
    """Logits whose probabilities are true, and labels drawn by them."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2.5, (count, 10))
    chances = special.softmax(logits, axis=1).cumsum(axis=1)
    return logits, (chances < rng.random((count, 1))).sum(axis=1).clip(max=9)


def test_the_temperature_of_logits_that_were_blown_up_is_found():
    logits, labels = honest()
    assert certainty.fitted(logits, labels) == pytest.approx(1, abs=0.05)
    assert certainty.fitted(1.5 * logits, labels) == pytest.approx(1.5, abs=0.08)
    found = certainty.cooling(1.5 * logits, labels)
    assert found["foretold"] < 0.9 * found["made"] and found["foretold_cooled"] == pytest.approx(found["made"], rel=0.1)
    assert found["halves_with_less_loss"] == certainty.HALVES
    wrong = (logits.argmax(axis=1) != labels).sum()
    assert certainty.foretold(logits) == pytest.approx(wrong, rel=0.05)


def test_what_must_be_refused():
    wrong = np.zeros(1000, bool)
    wrong[:10] = True
    assert certainty.refused(np.arange(1000), wrong) == pytest.approx(0.006)  # 4 errors left among 994, 5 among 995
    assert certainty.refused(np.arange(1000), np.zeros(1000, bool)) == 0


def test_strangers_are_images_as_networks_take_them(bundled):
    images = bundled.x_train[:40]
    strange = lk.strangers.strangers(images)
    assert len(strange) == 7
    for pictures in strange.values():
        assert pictures.shape == images.shape and pictures.dtype == np.float32
        assert pictures.min() >= PAPER - 1e-4 and pictures.max() <= INK + 1e-4
        assert len(np.unique(pictures.reshape(40, -1), axis=0)) > 30
    again, other = lk.strangers.strangers(images), lk.strangers.strangers(images, seed=1)
    for kind in strange:
        np.testing.assert_array_equal(strange[kind], again[kind])
        assert kind == "inverted" or not np.array_equal(strange[kind], other[kind])


def test_strangers_keep_what_they_are_made_of(bundled):
    images = bundled.x_train[:40]
    strange = lk.strangers.strangers(images)
    shuffled = strange["pixels shuffled"].reshape(40, -1)
    np.testing.assert_array_equal(np.sort(shuffled), np.sort(images.reshape(40, -1)))
    np.testing.assert_array_equal(strange["halves of two"][:, :16], images[:, :16])
    np.testing.assert_allclose(strange["inverted"] + images, PAPER + INK, atol=1e-6)
    left = strange["two digits"][:, 6:26, 2:16]
    np.testing.assert_allclose(left.mean(axis=(1, 2)), images[:, 6:26, 2:30].mean(axis=(1, 2)), atol=1e-5)
    full = lk.strangers.filled([(0, 0), (1, 0), (1, 1), (0, 1)])
    assert (full[6:26, 6:26] == np.float32(INK)).all() and (full > 0).sum() == 400


def test_the_record_says_what_lesson_09_tells():
    results = lk.load_record("certainty")["results"]
    seeds = [each for name, each in results.items() if name != "distorted"]
    assert len(seeds) == 7 and len(results) == 8
    for each in seeds:
        assert each["errors_foretold"] < 0.9 * each["errors"]
        assert 1.1 < each["temperature"] < 1.3 and each["temperature_deviation"] < 0.1
        assert abs(each["foretold_cooled"] - each["made"]) < abs(each["foretold"] - each["made"]) + 3
        assert each["halves_with_less_loss"] > certainty.HALVES / 2
        assert abs(each["refused"]["confidence"] - each["refused"]["difference"]) < 0.3
    assert abs(results["distorted"]["temperature"] - 1) < 0.1
    kinds = list(lk.strangers.strangers(np.zeros((2, 32, 32, 1), "float32")))
    for each in results.values():
        assert list(each["accepted"]) == kinds
        assert all(0 <= share <= 100 for scores in each["accepted"].values() for share in scores.values())
