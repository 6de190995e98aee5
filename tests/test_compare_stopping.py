"""tools/compare_stopping.py: what its record must hold, and what lesson 07 says of it."""

import compare_stopping
import numpy as np
import pytest

import lenet_keras as lk


@pytest.fixture(scope="module")
def runs():
    return lk.load_record("stopping")["results"]


def of_arm(runs, arm, name):
    return np.array([run[name] for run in sorted(runs, key=lambda run: run["seed"]) if run["arm"] == arm])


def test_every_arm_has_every_seed_once_and_a_figure_for_each_epoch(runs):
    found = [(run["seed"], run["arm"]) for run in runs]
    wanted = [(seed, arm) for seed in compare_stopping.SEEDS for arm in compare_stopping.ARMS]
    assert sorted(found) == sorted(wanted) and len(compare_stopping.SEEDS) >= 5
    for run in runs:
        epochs, _ = compare_stopping.ARMS[run["arm"]]
        for name in ("loss", "error", "validation_loss", "validation_error", "judged_error"):
            assert len(run[name]) == epochs
            assert "loss" in name or 0 <= min(run[name]) <= max(run[name]) <= 1


def test_a_rate_that_falls_later_is_better_in_every_seed(runs):
    """Though the curve of five epochs has levelled off."""
    short, long = of_arm(runs, "falls in 5", "judged_error"), of_arm(runs, "falls in 15", "judged_error")
    assert (long[:, -1] < short[:, -1]).all()
    losses = of_arm(runs, "falls in 5", "validation_loss").mean(axis=0)
    assert losses[3] - losses[4] < 0.01 < losses[0] - losses[1]
    kept = of_arm(runs, "kept", "validation_loss").mean(axis=0)
    assert kept[5] < kept[4] and kept[9] < kept[4] - 0.02


def test_stopping_is_worse_in_as_many_seeds_as_the_lesson_says(runs):
    losses, judged = of_arm(runs, "kept", "validation_loss"), of_arm(runs, "kept", "judged_error")
    lowest = judged[np.arange(len(judged)), losses.argmin(axis=1)]
    assert (lowest > judged[:, -1]).sum() == 5 and len(judged) == 6
    stopped = []
    for curve, errors in zip(losses, judged, strict=True):
        best = 0
        for place in range(1, len(curve)):
            if curve[place] < curve[best]:
                best = place
            elif place - best >= 3:
                break
        stopped.append(errors[best])
    assert (np.array(stopped) > judged[:, -1]).all()
