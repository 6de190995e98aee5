"""tools/benchmark.py: the way that is no Python, and what is said of ways that are not installed. Nothing is timed."""

import json
import shutil
import subprocess

import benchmark
import keras
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


def test_what_is_handed_over_to_jax_is_the_network_and_the_digits(tmp_path, monkeypatch, bundled):
    monkeypatch.setattr(benchmark, "digits", lambda: bundled)
    benchmark.hand_over(tmp_path / "for_jax.npz")
    with np.load(tmp_path / "for_jax.npz") as handed:
        network = keras.models.model_from_json(str(handed["network"]))
        assert network.count_params() == 61_706 and network.layers[0].activation.__name__ == "tanh"
        np.testing.assert_array_equal(handed["images"], bundled.x_train)
        np.testing.assert_array_equal(handed["labels"], bundled.y_train)


def test_an_epoch_of_growth_reads_each_digit_once_however_many(monkeypatch, bundled):
    """600 digits, made from 300, in batches of 128: five updates."""
    few = bundled.replace(x_train=bundled.x_train[:300], y_train=bundled.y_train[:300])
    monkeypatch.setattr(benchmark, "digits", lambda: few)
    monkeypatch.setattr(benchmark, "SIZES", (128,))
    seen = []
    distorted = lk.distort.distorted
    monkeypatch.setattr(lk.distort, "distorted", lambda *given: seen.append(given) or distorted(*given))
    calls = benchmark.growth(600)
    assert set(calls) == {"warm up", "epoch"}
    calls["epoch"]()
    batches = {numbers[1]: images for images, numbers, _ in seen}  # Keras looks at two more, for their form
    assert [len(batches[number]) for number in range(5)] == [128, 128, 128, 128, 88] and len(seen) <= 7
    rows = np.arange(600) % 300
    for number, images in batches.items():
        np.testing.assert_array_equal(images, few.x_train[rows[128 * number : 128 * number + 128]])


def test_a_way_may_tell_its_seconds_itself(monkeypatch, capsys):
    monkeypatch.setattr(benchmark, "WAYS", {"other": (lambda: lambda: 7.5, "Other", [])})
    monkeypatch.setattr("sys.stdin", ["\n"])
    benchmark.serve("other")
    answer = capsys.readouterr().out.splitlines()[-1].removeprefix("answer ")
    assert json.loads(answer)["seconds"] == 7.5


def test_the_median_of_the_rounds_counts_and_the_first_is_apart():
    entry = {"first": 3.0, "seconds": [0.1, 0.2, 9.0, 0.15, 0.12], "peak_MB": 40}
    assert benchmark.summary(entry) == {"seconds": 0.15, "compiling": 2.85, "peak_MB": 40}
    assert np.isclose(benchmark.rounded(0.123456), 0.123)
