"""tools/compare_passes.py: what it trains and counts, without MNIST."""

import compare_passes
import numpy as np


def test_a_pass_is_trained_and_its_errors_are_counted(bundled):
    found = compare_passes.run(bundled, "right", seed=0, updates=60, every=30)
    assert len(found["errors"]) == 3 and found["errors"][2] < found["errors"][0]


def test_the_pass_without_the_quarter_is_the_right_one_at_other_rates(bundled, monkeypatch):
    monkeypatch.setitem(compare_passes.FACTORS, "the same", {"C1": 16, "C3": 4})
    runs = [compare_passes.run(bundled, name, 1, updates=20, every=10)["errors"] for name in ("no quarter", "the same")]
    assert runs[0] == runs[1]


def test_a_seed_decides_the_start_and_the_order(bundled):
    runs = [compare_passes.run(bundled, "right", seed, updates=4, every=4)["errors"] for seed in (0, 0, 1)]
    assert runs[0] == runs[1] != runs[2]


def test_what_is_beyond_all_bounds_counts_as_wrong(bundled):
    errors = compare_passes.run(bundled, "1 - a²", 0, updates=1, every=1)["errors"]
    assert np.isfinite(errors).all()
