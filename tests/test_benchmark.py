"""tools/benchmark.py: the way that is no Python, and what is said of ways that are not installed. Nothing is timed."""

import json
import shutil
import subprocess

import benchmark
import numpy as np
import pytest

import lenet_keras as lk


@pytest.mark.skipif(shutil.which("node") is None, reason="the pad's JavaScript needs Node.js here")
def test_the_pad_answers_as_keras_does(bundled, tmp_path):
    network, images = benchmark.shipped(lk), bundled.x_train[:200]
    command = benchmark.pad_command(tmp_path, network, images, 50)
    output = subprocess.run(command, input="one\nall\none\n", text=True, capture_output=True, timeout=60, check=True)
    ready, *lines = output.stdout.splitlines()
    assert ready == "ready" and all(line.startswith("answer ") for line in lines)
    one, all_, again = (json.loads(line.removeprefix("answer ")) for line in lines)
    wanted = network.predict(images, verbose=0).argmax(axis=1).tolist()
    assert all_["classes"] == wanted and one["classes"] == again["classes"] == wanted[:1]
    assert 0 < one["seconds"] < all_["seconds"] and all_["peak_MB"] > 10


def test_a_way_that_is_not_installed_is_left_out_and_told(monkeypatch, capsys):
    monkeypatch.setattr(benchmark.shutil, "which", lambda name: None)
    ways = {"pad": benchmark.PREDICT["pad"], "other": (None, "Another", ["no_such_package"])}
    assert benchmark.in_turns(ways) == {}
    told = capsys.readouterr().out
    assert told.startswith("the pad's JavaScript, in Node.js (1,000 digits, times 10): left out, since node is not")
    assert "Another: left out, since no_such_package is not installed." in told


def test_the_median_of_the_rounds_counts_and_the_first_is_apart():
    entry = {"first": 3.0, "seconds": [0.1, 0.2, 9.0, 0.15, 0.12], "peak_MB": 40}
    assert benchmark.summary(entry) == {"seconds": 0.15, "compiling": 2.85, "peak_MB": 40}
    assert np.isclose(benchmark.rounded(0.123456), 0.123)
