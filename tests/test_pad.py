"""The drawing pad without a browser: what is put into the page, and what is refused. tests/browser draws on it."""

import base64
import json
import re

import numpy as np
import pytest

import lenet_keras as lk
from lenet_keras import pad

keras = lk.start_keras()
layers = keras.layers


def embedded(text):
    """The network in a pad's HTML, and its weights as NumPy reads 16-bit floats."""
    network = json.loads(re.search(r"\}\)\((\{.*\})\);</script>", text)[1])
    return network, np.frombuffer(base64.b64decode(network["weights"]), "<f2")


def small(*more, shape=(32, 32, 1)):
    return keras.Sequential([keras.Input(shape), *more, layers.Flatten(), layers.Dense(10)])


def test_the_page_holds_the_weights_and_nothing_from_outside(tmp_path):
    model = lk.lenet5()
    lk.save_pad(model, tmp_path / "pad.html")
    text = (tmp_path / "pad.html").read_text(encoding="utf-8")
    network, weights = embedded(text)
    wanted = np.concatenate([weight.ravel() for weight in model.get_weights()])
    assert len(weights) == 61_706
    np.testing.assert_allclose(weights, wanted, rtol=2**-11, atol=2**-25)  # half a unit in the last of 11 digits
    assert [layer["name"] for layer in network["layers"]] == [layer.name for layer in model.layers]
    assert [layer["shape"] for layer in network["layers"]] == [
        [28, 28, 6], [14, 14, 6], [10, 10, 16], [5, 5, 16], [1, 1, 120], [1, 1, 120], [1, 1, 84], [1, 1, 10],
    ]  # fmt: skip
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text)
    assert list(tmp_path.iterdir()) == [tmp_path / "pad.html"]


def test_the_same_network_gives_the_same_page_and_another_another(tmp_path):
    keras.utils.set_random_seed(0)
    one, other = lk.lenet5(), lk.lenet5()
    twin = lk.lenet5()
    twin.set_weights(one.get_weights())
    assert pad._element(one) == pad._element(twin) != pad._element(other)


def test_draw_pad_shows_html_and_a_text(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    model = small()
    lk.draw_pad(model)
    assert shown == [{"text/html": pad._element(model), "text/plain": pad._alt(model)}]
    assert f"read by the network {model.name}" in shown[0]["text/plain"]


def test_a_drawn_line_is_what_geometry_says():
    """A vertical line fills the box of 20 rows; it is a pen wide, with round ends, and centred."""
    image = pad.drawn([[(0.3, 0.2), (0.3, 0.6)]])
    assert image.shape == (32, 32, 1) and image.dtype == np.float32
    ink = (image[..., 0] + 0.1) / 1.275
    area = (20 - pad.PEN) * pad.PEN + np.pi * (pad.PEN / 2) ** 2
    assert abs(ink.sum() / area - 1) < 0.05  # it is drawn in eighths of a pixel
    assert np.flatnonzero(ink.any(axis=1)).tolist() == list(range(7, 27))  # around row 14 of 28, 16 of 32
    middle = ink[16]
    assert abs(middle.sum() - pad.PEN) < 0.15
    for axis in (0, 1):
        assert abs(ink.sum(axis=1 - axis) @ np.arange(32) / ink.sum() - 16) <= 0.51
    np.testing.assert_array_equal(image, pad.drawn([[(0.9, 0.1), (0.9, 0.9)]]))  # place and size do not matter


def test_the_samples_are_read_by_the_shipped_network():
    images = np.stack([pad.drawn(strokes) for strokes in pad.SAMPLES])
    shares = lk.probabilities(lk.load_lenet5(), images)
    assert shares.argmax(axis=1).tolist() == list(range(10))
    assert shares.max(axis=1).min() > 0.9


def test_no_stroke_is_no_digit():
    with pytest.raises(ValueError, match="no point"):
        pad.drawn([])


@pytest.mark.parametrize(
    "model, message",
    [
        (lambda: "lenet5", "keras.Sequential.*not str"),
        (lambda: keras.Sequential([layers.Flatten(), layers.Dense(10)]), "not one that is not built"),
        (lambda: small(shape=(32, 32, 3)), r"\(height, width, 1\).*not \(32, 32, 3\)"),
        (lambda: small(shape=(20, 20, 1)), r"28 pixels or more, not \(20, 20, 1\)"),
        (lambda: small(layers.Dropout(0.5)), "not Dropout"),
        (lambda: small(layers.Conv2D(2, 3, activation="sigmoid")), "not sigmoid"),
        (lambda: small(layers.Conv2D(2, 3, dilation_rate=2, name="wide")), "without groups or dilation.*wide"),
        (lambda: small(layers.Dense(4, name="early")), "Flatten layer before the dense layer early"),
        (lambda: lk.lenet5_1998(), "not squash"),
        (lambda: keras.Sequential([keras.Input((32, 32, 1)), layers.Flatten(), layers.Dense(11)]), r"not \(11,\)"),
    ],
)
def test_other_networks_are_refused_in_one_sentence(model, message, tmp_path):
    with pytest.raises(ValueError, match=message):
        lk.save_pad(model(), tmp_path / "pad.html")
    assert list(tmp_path.iterdir()) == []


def test_weights_that_do_not_fit_are_refused(tmp_path):
    model = small()
    model.layers[-1].bias.assign([70_000.0] + [0.0] * 9)
    with pytest.raises(ValueError, match="too large for 16-bit floats"):
        lk.save_pad(model, tmp_path / "pad.html")


def test_a_folder_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(ValueError, match="folder that exists"):
        lk.save_pad(small(), tmp_path / "nowhere" / "pad.html")
    with pytest.raises(ValueError, match="must name a file"):
        lk.save_pad(small(), tmp_path)


def test_a_name_cannot_end_the_script():
    model = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10)], name="a_b")
    model.layers[0].name = "<!--<script>"
    text = pad._element(model)
    assert text.count("<script>") == text.count("</script>") == 1
    assert embedded(text)[0]["layers"][0]["name"] == "<!--<script>"
