"""tools/elsewhere.py: the same answers in other programs, or a word about what is not installed."""

import json
import subprocess
import sys

import elsewhere
import numpy as np
import pytest
from course_files import COURSE

import lenet_keras as lk


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A network and images in files, and its logits."""
    folder, keras = tmp_path_factory.mktemp("elsewhere"), lk.start_keras()
    keras.utils.set_random_seed(0)
    network, images = lk.lenet5(), np.random.default_rng(0).uniform(-0.1, 1.175, (20, 32, 32, 1)).astype("float32")
    network.save(folder / "network.keras")
    np.save(folder / "images.npy", images)
    np.save(folder / "here.npy", network.predict(images, verbose=0))
    return folder


def answered(way, folder):
    command = [sys.executable, str(COURSE / "tools" / "elsewhere.py"), way]
    command += [str(folder / name) for name in ("network.keras", "images.npy", f"{way}.npy")]
    output = subprocess.run(command, text=True, capture_output=True, timeout=300)
    assert output.returncode == 0, output.stderr
    return json.loads(output.stdout.splitlines()[-1])


@pytest.mark.parametrize("way", elsewhere.NEEDS)
def test_logits_are_the_same_elsewhere(way, folder):
    said = answered(way, folder)
    if elsewhere.lacking(way):
        assert said == {"lacks": elsewhere.lacking(way)} and not (folder / f"{way}.npy").exists()
        pytest.skip(f"{way} is not installed")
    here, there = np.load(folder / "here.npy"), np.load(folder / f"{way}.npy")
    np.testing.assert_allclose(there, here, atol=0.05 if way == "litert_8" else 1e-4)
    assert 61_706 < said["bytes"] < (100_000 if way == "litert_8" else 400_000)


def test_what_is_not_installed_is_said(monkeypatch, tmp_path, capsys):
    monkeypatch.setitem(elsewhere.NEEDS, "jax", ["no_such_package"])
    monkeypatch.setattr(sys, "argv", ["elsewhere.py", "jax", *[str(tmp_path / name) for name in "abc"]])
    elsewhere.main()
    assert json.loads(capsys.readouterr().out) == {"lacks": ["no_such_package"]}
