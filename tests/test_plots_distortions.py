"""Digits that are moved: answers under them, a moving picture, error against amount."""

import base64
import io

import matplotlib.pyplot as plt
import numpy as np
from PIL import Image, ImageSequence

import lenet_keras as lk


def certain(answers):
    """Probabilities that give each of these answers 0.91, and the others 0.01."""
    return np.where(np.arange(10) == np.array(answers)[:, None], 0.91, 0.01)


def test_answer_strip(shown):
    images = np.random.default_rng(0).uniform(-0.1, 1.175, (3, 32, 32, 1))
    lk.plots.answer_strip(images, ["a", "b", "c"], certain([7, 2, 7]), 7)
    figure, alt = shown[0]
    assert [axis.get_xlabel() for axis in figure.axes] == ["7\n91 %", "2\n91 %", "7\n91 %"]
    frames = [axis.spines["top"].get_linewidth() for axis in figure.axes]
    assert frames[1] > frames[0] == frames[2] and "1 of them read wrongly" in alt
    np.testing.assert_array_equal(figure.axes[1].images[0].get_array(), images[1, ..., 0])


def test_moving_digit_goes_there_and_back_in_the_same_bytes(monkeypatch):
    published = []
    monkeypatch.setattr("IPython.display.display", lambda *args, **kwargs: published.append(args[0]))
    images = np.linspace(-0.1, 1.175, 5)[:, None, None, None] * np.ones((5, 32, 32, 1))
    for _ in range(2):
        lk.plots.moving_digit(images, range(5), certain([3, 3, 8, 8, 8]), 3, "It grows dark, and light again.")
    assert published[0] == published[1] and published[0]["text/plain"].startswith("It grows dark")
    film = Image.open(io.BytesIO(base64.b64decode(published[0]["image/png"])))
    frames = [(np.asarray(frame.convert("L"), float), frame.info["duration"]) for frame in ImageSequence.Iterator(film)]
    brightness = [picture.mean() for picture, _ in frames]
    assert {duration for _, duration in frames} == {160}  # milliseconds: none stands longer
    assert len(brightness) == 8 and film.info["loop"] == 0  # 0 1 2 3 4 3 2 1, for ever
    assert np.argmin(brightness) == 4 and abs(brightness[3] - brightness[5]) < 1e-9
    assert plt.get_fignums() == []


def test_error_curves(shown):
    curves = {
        "size (factor)": ([0.5, 1, 2], {"before": [0.5, 0.01, 0.6], "after": [0.2, 0.01, 0.3]}),
        "rotation (degrees)": ([-10, 0, 10], {"before": [0.1, 0, 0.1], "after": [0, 0, 0]}),
    }
    lk.plots.error_curves(curves, {"size (factor)": [1.5]})
    size, rotation = shown[0][0].axes
    assert size.get_xscale() == "log" and rotation.get_xscale() == "linear"
    assert [line.get_label() for line in rotation.lines] == ["before", "after"]
    np.testing.assert_allclose(size.lines[1].get_ydata(), [50, 1, 60])
    np.testing.assert_allclose(size.lines[0].get_xdata(), [1.5, 1.5])
    assert len(shown[0][0].legends) == 1
