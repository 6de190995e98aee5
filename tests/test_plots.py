"""Figures: what they show is what they were given, and each comes with a text."""

import base64

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

import lenet_keras as lk


@pytest.fixture
def shown(monkeypatch):
    """The figures shown, with their texts, not yet closed."""
    figures = []
    monkeypatch.setattr(lk.plots, "show", lambda figure, alt: figures.append((figure, alt)))
    yield figures
    plt.close("all")


def test_show_gives_a_picture_with_its_text_and_no_trace(monkeypatch):
    published = []
    monkeypatch.setattr("IPython.display.display", lambda *args, **kwargs: published.append((args, kwargs)))
    for _ in range(2):
        figure, axis = plt.subplots(figsize=(2, 1))
        axis.plot([1, 2])
        lk.plots.show(figure, "A rising line.")
    (data,), options = published[0]
    picture = base64.b64decode(data["image/png"])
    assert picture.startswith(b"\x89PNG") and b"atplotlib" not in picture
    assert data["text/plain"] == options["metadata"]["image/png"]["alt"] == "A rising line."
    assert published[0] == published[1]  # the same bytes again
    assert plt.get_fignums() == []


def test_digit_grid(shown):
    images = np.random.default_rng(0).uniform(-0.1, 1.175, (12, 32, 32, 1))
    lk.plots.digit_grid(images, titles=range(12), columns=5)
    figure, alt = shown[0]
    drawn = [axis for axis in figure.axes if axis.images]
    assert len(figure.axes) == 15 and len(drawn) == 12 and "12 digits" in alt
    np.testing.assert_array_equal(drawn[7].images[0].get_array(), images[7, ..., 0])
    assert drawn[7].get_title() == "7" and drawn[7].images[0].get_clim() == (-0.1, 1.175)


def test_signed_maps_are_centred_at_zero(shown):
    maps = np.array([[[-3.0, 1.0]], [[0.0, 2.0]]])
    lk.plots.signed_maps(maps, titles="ab")
    pictures = [image for axis in shown[0][0].axes for image in axis.images]
    assert [image.get_clim() for image in pictures[:2]] == [(-3, 3), (-3, 3)]


def test_training_curves(shown):
    history = {"loss": [2.0, 1.0], "error": [0.5, 0.25], "validation_loss": [3, 2], "validation_error": [0.75, 0.5]}
    lk.plots.training_curves({"one": history, "two": history})
    loss, error = shown[0][0].axes
    assert [line.get_ydata().tolist() for line in error.lines[:2]] == [[50, 25], [75, 50]]
    assert [line.get_ydata().tolist() for line in loss.lines[:2]] == [[2, 1], [3, 2]]
    assert error.get_ylabel() == "error (%)" and len(error.get_legend().get_texts()) == 4
    lk.plots.training_curves(history)
    assert len(shown[1][0].axes[0].lines) == 2


@pytest.mark.parametrize("images", [np.zeros((32, 32)), np.zeros((0, 32, 32)), np.zeros((2, 32, 32, 3))])
def test_wrong_shapes_are_refused(images):
    with pytest.raises(ValueError, match=r"shape \(n, height, width\)"):
        lk.plots.digit_grid(images)


# -------------------------------------------------------------------------------------------- 11 distortions


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
    import io

    from PIL import Image, ImageSequence

    published = []
    monkeypatch.setattr("IPython.display.display", lambda *args, **kwargs: published.append(args[0]))
    images = np.linspace(-0.1, 1.175, 5)[:, None, None, None] * np.ones((5, 32, 32, 1))
    for _ in range(2):
        lk.plots.moving_digit(images, range(5), certain([3, 3, 8, 8, 8]), 3, "It grows dark, and light again.")
    assert published[0] == published[1] and published[0]["text/plain"].startswith("It grows dark")
    film = Image.open(io.BytesIO(base64.b64decode(published[0]["image/png"])))
    brightness = [np.asarray(frame.convert("L"), float).mean() for frame in ImageSequence.Iterator(film)]
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


def test_map_of_outputs_stands_under_the_middles_of_its_windows(shown):
    image = np.random.default_rng(0).uniform(-0.1, 1.175, (32, 44, 1))
    probabilities = np.eye(11)[[3, 10, 7, 7]]
    lk.plots.map_of_outputs(image, probabilities, centres=[17, 27])
    figure, alt = shown[0]
    above, below = figure.axes[:2]
    np.testing.assert_array_equal(above.images[0].get_array(), image[..., 0])
    np.testing.assert_array_equal(below.images[0].get_array(), probabilities.T)
    assert below.images[0].get_extent() == [14, 30, 10.5, -0.5]  # middles 16, 20, 24, 28
    answers = [(text.get_position()[0], text.get_text()) for text in above.texts]
    assert answers == [(16, "3"), (20, "·"), (24, "7"), (28, "7")]
    assert below.get_xlim() == (-0.5, 43.5) and "4 outputs" in alt
    assert [label.get_text() for label in below.get_yticklabels()][-1] == "blank"


def test_string_errors_are_shares_with_intervals(shown):
    cells = [{"digits": n, "strings": 200, "wrong": {"one way": w, "other": 0}} for n, w in ((5, 50), (2, 10))]
    lk.plots.string_errors(cells, ["one way", "other"], "digits", "digits in the string")
    axis = shown[0][0].axes[0]
    x, y = axis.lines[0].get_data()
    assert list(x) == [2, 5] and list(y) == [5, 25]
    low, high = lk.wilson_interval(50, 200)
    ends = {round(float(value), 6) for line in axis.lines for value in line.get_ydata()}
    assert {round(100 * low, 6), round(100 * high, 6)} <= ends
    assert axis.get_xlabel() == "digits in the string"
