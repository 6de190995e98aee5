"""tools/compare_distortions.py: what its record must hold, and what lesson 20 says of it."""

import compare_distortions
import numpy as np
import pytest

import lenet_keras as lk


@pytest.fixture(scope="module")
def record():
    return lk.load_record("distortions")


def errors(record, kind, test):
    runs = sorted((run for run in record["results"] if run["kind"] == kind), key=lambda run: run["seed"])
    return np.array([run["errors"][test] for run in runs])


def test_every_kind_has_every_seed_once_and_every_test(record):
    found = [(run["seed"], run["kind"]) for run in record["results"]]
    assert sorted(found) == sorted(
        (seed, kind) for seed in compare_distortions.SEEDS for kind in compare_distortions.KINDS
    )
    assert len(compare_distortions.SEEDS) >= 5 and record["settings"]["kinds"] == compare_distortions.KINDS
    tests = [name for name, _ in compare_distortions.changed(np.full((1, 32, 32, 1), 0.5, "float32"), 0)]
    for run in record["results"]:
        assert list(run["errors"]) == list(run["ink"]) == tests
        assert 0 <= min(run["errors"].values()) <= max(run["errors"].values()) <= compare_distortions.JUDGE


def test_cut_digits_that_are_put_back_are_mostly_read(record):
    for kind in compare_distortions.KINDS:
        for test in ("up 10", "down 10", "size 2"):
            assert (errors(record, kind, f"{test} and back") < errors(record, kind, test) / 2).all()


def test_pale_digits_are_misread_nearly_as_often_as_eroded_ones(record):
    eroded = errors(record, "as they are", "thinner 1")
    pale = errors(record, "as they are", "fainter, as much ink as thinner 1")
    redrawn = (
        errors(record, "as they are", "redrawn by a pen of 1") * compare_distortions.JUDGE / compare_distortions.REDRAWN
    )
    assert (pale < eroded).all() and (pale > 0.7 * eroded).all() and (redrawn < eroded / 2).all()
    ink = [run["ink"] for run in record["results"]]
    assert all(abs(each["thinner 1"] - each["fainter, as much ink as thinner 1"]) < 1e-3 for each in ink)


def test_maps_help_and_make_noise_worse_in_every_seed(record):
    plain, maps = ([errors(record, kind, test) for test in ("as they are", "turned 30", "thicker 1", "noise 0.1")]
                   for kind in ("as they are", "maps"))  # fmt: skip
    assert all((after < before).all() for before, after in zip(plain[:2], maps[:2], strict=True))
    assert maps[2].mean() < plain[2].mean() and not (maps[2] < plain[2]).all()
    assert (maps[3] > 2 * plain[3]).all()
    both = errors(record, "maps and noise", "as they are")
    assert all(
        (both > errors(record, kind, "as they are")).all() for kind in compare_distortions.KINDS if "and" not in kind
    )


def test_keras_layers_and_our_maps_have_no_winner(record):
    difference = errors(record, "Keras's layers", "as they are") - errors(record, "maps", "as they are")
    assert difference.min() < 0 < difference.max()


def test_fainter_images_hold_the_share_that_was_asked():
    images = np.random.default_rng(0).uniform(-0.1, 1.175, (2, 32, 32, 1)).astype("float32")
    share = np.array([0.25, 0.5])
    found = compare_distortions.ink(compare_distortions.fainter(images, share))
    np.testing.assert_allclose(found, share * compare_distortions.ink(images), rtol=1e-4)
