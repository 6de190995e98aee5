"""tools/two_workers.py: two processes make the updates of one, and go on after one of them was killed."""

import json
import subprocess
import sys

import numpy as np
import pytest
from course_files import COURSE

TOOL = COURSE / "tools" / "two_workers.py"


def trained(folder, *arguments):
    command = [sys.executable, str(TOOL), str(folder), "--epochs", "2", *arguments]
    output = subprocess.run(command, text=True, capture_output=True, timeout=600)
    assert output.returncode == 0, output.stderr
    with np.load(folder / "backup.npz") as kept:
        weights = np.concatenate([kept[name].ravel() for name in kept if name.startswith("weight")])
    return weights, json.loads((folder / "history.json").read_text()), output.stdout


def test_two_processes_make_the_updates_of_one_even_if_one_is_killed(tmp_path):
    alone, before, _ = trained(tmp_path / "one", "--workers", "1")
    killed, after, said = trained(tmp_path / "two", "--workers", "2", "--kill", "1")
    assert "A worker died; all start again from the last backup." in said
    assert (before["starts"], after["starts"]) == (1, 2)
    assert [len(each["epochs"]) for each in (before, after)] == [2, 2]
    assert alone.size == 61_706
    np.testing.assert_allclose(killed, alone, atol=1e-4)
    assert before["epochs"][1]["loss"] < before["epochs"][0]["loss"]
    assert after["epochs"][1]["loss"] == pytest.approx(before["epochs"][1]["loss"], abs=1e-4)


def test_workers_apart_add_nothing_up(tmp_path):
    together, apart = (trained(tmp_path / name, *how) for name, how in (("two", []), ("apart", ["--apart"])))
    assert np.abs(together[0] - apart[0]).max() > 0.01


def test_a_batch_that_cannot_be_shared_out_is_refused(tmp_path):
    output = subprocess.run(
        [sys.executable, str(TOOL), str(tmp_path), "--workers", "3"], text=True, capture_output=True
    )
    assert (
        output.returncode == 2 and "a batch of 64 digits cannot be shared out evenly among 3 workers" in output.stderr
    )
