"""The drawing pad without a browser: what is put into the page, what is refused, and its JavaScript in Node.

tests/browser draws on it.
"""

import base64
import json
import os
import pathlib
import re
import shutil
import subprocess

import keras
import numpy as np
import pytest
import scipy.signal
import tensorflow as tf
from keras import layers

import lenet_keras as lk
from lenet_keras import distort, pages, strings
from lenet_keras.data import normalise, placing
from lenet_keras.pages import export, still


def embedded(text):
    """The network in a pad's HTML, and its weights as NumPy reads 16-bit floats."""
    network = json.loads(re.search(r'<script type="application/json">(.*?)</script>', text)[1])["networks"].popitem()[1]
    return network, np.frombuffer(base64.b64decode(network["weights"]), "<f2")


def small(*more, shape=(32, 32, 1)):
    return keras.Sequential([keras.Input(shape), *more, layers.Flatten(), layers.Dense(10)])


def test_the_page_holds_the_weights_and_nothing_from_outside(tmp_path):
    model = lk.lenet5()
    assert lk.save_pad(model, str(tmp_path / "pad.html")) == tmp_path / "pad.html"
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
    assert pages.pad_element(one) == pages.pad_element(twin) != pages.pad_element(other)


def test_draw_pad_shows_html_and_a_text(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    model = small()
    lk.draw_pad(model)
    assert shown == [{"text/html": pages.pad_element(model), "text/plain": pages.description(model)}]
    assert f"read by the network {model.name}" in shown[0]["text/plain"]


def test_a_drawn_line_is_what_geometry_says():
    """A vertical line fills the box of 20 rows; it is a pen wide, with round ends, and centred."""
    image = pages.drawn([[(0.3, 0.2), (0.3, 0.6)]])
    assert image.shape == (32, 32, 1) and image.dtype == np.float32
    ink = (image[..., 0] + 0.1) / 1.275
    area = (20 - still.PEN) * still.PEN + np.pi * (still.PEN / 2) ** 2
    assert abs(ink.sum() / area - 1) < 0.05  # it is drawn in eighths of a pixel
    assert np.flatnonzero(ink.any(axis=1)).tolist() == list(range(7, 27))  # around row 14 of 28, 16 of 32
    middle = ink[16]
    assert abs(middle.sum() - still.PEN) < 0.15
    for axis in (0, 1):
        assert abs(ink.sum(axis=1 - axis) @ np.arange(32) / ink.sum() - 16) <= 0.51
    np.testing.assert_array_equal(image, pages.drawn([[(0.9, 0.1), (0.9, 0.9)]]))  # place and size do not matter


def test_the_samples_are_read_by_the_shipped_network():
    images = np.stack([pages.drawn(strokes) for strokes in pages.SAMPLES])
    shares = lk.probabilities(lk.load_lenet5(), images)
    assert shares.argmax(axis=1).tolist() == list(range(10))
    assert shares.max(axis=1).min() > 0.9


def test_a_drawing_for_a_larger_network_lies_in_the_middle():
    small, large = pages.drawn(pages.SAMPLES[3], (28, 28)), pages.drawn(pages.SAMPLES[3], (40, 33))
    assert large.shape == (40, 33, 1) and large.dtype == np.float32
    np.testing.assert_array_equal(large[6:34, 2:30], small)
    assert (large > -0.1 + 1e-6).sum() == (small > -0.1 + 1e-6).sum()
    grey = np.rint(255 * (small[..., 0] + 0.1) / 1.275).astype("uint8")
    np.testing.assert_array_equal(normalise(grey[np.newaxis])[0], pages.drawn(pages.SAMPLES[3]))
    with pytest.raises(ValueError, match="28 pixels or more"):
        pages.drawn(pages.SAMPLES[3], (20, 20))


@pytest.mark.parametrize(
    "strokes, message",
    [
        ([], "no point"),
        ([[], []], "no point"),
        (None, "list of lists of points.*not NoneType"),
        ([(0.1, 0.2), (0.3, 0.4)], "list of points.*stroke 1 is not"),
        ([[(0.1, 0.2)], [(0.1, float("nan"))]], "from 0 to 1; stroke 2 is not"),
        ([[(0.1, float("inf"))]], "stroke 1 is not"),
        ([[(140, 20)]], "from 0 to 1"),
        ([[(10**400, 0)]], "stroke 1 is not"),
        ([[(0.1, 0.2, 0.3)]], "two numbers"),
        ([[(0.1, 0.2), (0.3,)]], "stroke 1 is not"),
        ([[(1j, 0)]], "stroke 1 is not"),
        ([5], "stroke 1 is not"),
    ],
)
def test_strokes_that_are_none_are_refused_in_one_sentence(strokes, message):
    with pytest.raises(ValueError, match=message):
        pages.drawn(strokes)


@pytest.mark.parametrize(
    "model, message",
    [
        (lambda: "lenet5", "keras.Sequential.*not str"),
        (lambda: keras.Sequential([layers.Flatten(), layers.Dense(10)]), "not one that is not built"),
        (lambda: small(shape=(32, 32, 3)), r"\(height, width, 1\).*not \(32, 32, 3\)"),
        (lambda: small(shape=(20, 20, 1)), r"28 pixels or more, not \(20, 20, 1\)"),
        (lambda: small(layers.BatchNormalization()), "not BatchNormalization"),
        (lambda: small(layers.Conv2D(2, 3, activation="gelu")), "not gelu"),
        (lambda: small(layers.Conv2D(2, 3, dilation_rate=2, name="wide")), "without groups or dilation.*wide"),
        (lambda: small(layers.Dense(4, name="early")), "Flatten layer before the dense layer early"),
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


@pytest.mark.parametrize("name", ["nowhere/pad.html", "", "n" * 300 + ".html", "a\0b", "file/pad.html"])
def test_a_file_that_cannot_be_written_is_named(tmp_path, name):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ValueError, match="cannot be written to .* must name a file in a folder that exists"):
        lk.save_pad(small(), f"{tmp_path}/{name}")
    with pytest.raises(ValueError, match="must name a file"):
        lk.save_pad(small(), 5)
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]


def test_a_full_disk_is_told_and_leaves_the_page_before(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device", "pad.html.part")

    (tmp_path / "pad.html").write_text("before")
    monkeypatch.setattr("os.replace", full)
    with pytest.raises(ValueError, match=r"The page cannot be written to .*pad\.html' \(No space left on device\): "):
        lk.save_pad(small(), tmp_path / "pad.html")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("pad.html", "before")]


def test_a_disk_that_is_full_leaves_the_old_page_and_no_half_of_the_new(tmp_path, monkeypatch):
    path = lk.save_pad(small(), tmp_path / "pad.html")
    before = path.read_bytes()

    def full(self, text, encoding):
        self.write_bytes(text[:1000].encode(encoding))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pathlib.Path, "write_text", full)
    with pytest.raises(ValueError, match="No space left on device"):
        lk.save_pad(small(), path)
    assert list(tmp_path.iterdir()) == [path] and path.read_bytes() == before


def test_a_name_cannot_end_the_script():
    model = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10)], name="a_b")
    model.layers[0].name = "<!--<script>"
    text = pages.pad_element(model)
    assert text.count("<script") == text.count("</script>") == 2
    assert embedded(text)[0]["layers"][0]["name"] == "<!--<script>"


# ----------------------------------------------------------------------------------------- the window that slides


def test_the_window_page_holds_image_kernels_and_a_still_of_its_first_place():
    image = np.arange(20.0).reshape(4, 5)
    text = pages.window_element(image, {"<one>": [[1, 0], [0, -1]], "sum": np.ones((3, 3))}, at=(2, 1))
    contents = json.loads(re.search(r'<script type="application/json">(.*?)</script>', text)[1])
    assert contents == {
        "image": image.tolist(),
        "kernels": {"<one>": [[1, 0], [0, -1]], "sum": [[1, 1, 1]] * 3},
        "at": [2, 1],
    }
    assert text.count("<script") == text.count("</script>") == 2
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text)
    picture = base64.b64decode(re.search(r"base64,([^\"]*)", text)[1]).decode()
    assert "row 2, column 1: sum −6.00" in picture  # 11 - 17
    assert text == pages.window_element(image, {"<one>": [[1, 0], [0, -1]], "sum": np.ones((3, 3))}, at=(2, 1))


def test_show_window_shows_html_and_a_text(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    pages.show_window(np.eye(12), {"two": np.ones((2, 2))})
    assert shown[0]["text/html"] == pages.window_element(np.eye(12), {"two": np.ones((2, 2))})
    assert "the kernels are two." in shown[0]["text/plain"]


@pytest.mark.parametrize(
    "image, kernels, at, message",
    [
        (np.ones(4), {"a": np.ones((1, 1))}, (0, 0), r"axes \(row, column\)"),
        (np.ones((4, 4)), {"a": np.ones((2, 2, 1))}, (0, 0), r"axes \(row, column\)"),
        (np.full((4, 4), np.nan), {"a": np.ones((2, 2))}, (0, 0), "finite"),
        (np.ones((4, 4)), {}, (0, 0), "must be a kernel"),
        (np.ones((4, 4)), {"a": np.ones((5, 2))}, (0, 0), "'a', .*larger than the image"),
        (np.ones((4, 4)), {"a": np.ones((2, 2))}, (3, 0), r"\(3, 0\) does not lie inside"),
    ],
)
def test_windows_that_cannot_slide_are_refused(image, kernels, at, message):
    with pytest.raises(ValueError, match=message):
        pages.show_window(image, kernels, at)


# -------------------------------------------------------------------------------------------- the JavaScript, in Node


def exact_networks():
    """Networks whose weights 16-bit floats hold exactly, so that only the arithmetic is compared."""
    keras.utils.set_random_seed(0)
    yield lk.load_lenet5()
    yield lk.lenet5("relu", "max")
    odd = [
        layers.Conv2D(3, (4, 3), strides=2, padding="same", use_bias=False),
        layers.Activation("tanh"),
        layers.AveragePooling2D(3, strides=2, padding="same"),
        layers.MaxPooling2D((2, 1), padding="same"),
    ]
    yield small(*odd, shape=(32, 30, 1))
    yield lk.lenet5_1998()


def test_dropout_and_softmax_at_the_end_are_left_out():
    keras.utils.set_random_seed(3)
    plain = small(layers.Conv2D(2, 5, activation="sigmoid"))
    for number, ending in enumerate(([layers.Softmax()], [layers.Activation("softmax")], [])):
        own = [keras.Input((32, 32, 1)), layers.Conv2D(2, 5, activation="sigmoid"), layers.Dropout(0.5)]
        last = layers.Dense(10, activation=None if ending else "softmax")
        model = keras.Sequential([*own, layers.Flatten(), last, *ending])
        model.set_weights(plain.get_weights())
        found, wanted = export.export_network(model), export.export_network(plain)
        assert (found["ends"], wanted["ends"]) == ("softmax", "logits"), number
        assert found["weights"] == wanted["weights"]
        named = [[{**layer, "name": ""} for layer in each["layers"]] for each in (found, wanted)]
        assert named[0] == named[1]
        image = pages.drawn(pages.SAMPLES[5])
        shares = np.asarray(model(image[None]))[0]
        np.testing.assert_allclose(still.shares_of(model, image), shares, rtol=1e-6)


def test_the_network_of_1998_has_a_full_kernel_with_zeros_and_distances():
    keras.utils.set_random_seed(4)
    model = lk.lenet5_1998()
    found = export.export_network(model)
    kinds = [layer["kind"] for layer in found["layers"]]
    assert found["ends"] == "distances" and kinds.count("subsampling") == 2 and kinds[-1] == "distances"
    numbers = np.frombuffer(base64.b64decode(found["weights"]), "<f2")
    assert len(numbers) == 156 + 12 + (2400 + 16) + 32 + 48_120 + 10_164 + 840
    kernel = numbers[168 : 168 + 2400].reshape(25, 6, 16)
    assert (np.abs(kernel).sum(axis=0) > 0).sum() == 60


def cases(digits):
    """What the tests in tests/pages compare with, computed by Keras, NumPy and SciPy."""
    rng = np.random.default_rng(0)
    networks, drawings, placed = [], [], []
    for model in exact_networks():
        model.set_weights([weight.astype("float16") for weight in model.get_weights()])
        images = digits if model.input_shape[1:] == digits.shape[1:] else rng.uniform(-0.1, 1.175, (20, 32, 30, 1))
        values = keras.Model(model.inputs[0], [layer.output for layer in model.layers])(images)
        slopes = slopes_by_tape(model, images[:1], 3) if model.name != "lenet5_1998" else None
        networks.append(
            {
                "name": model.name,
                "network": export.export_network(model),
                "slopes": slopes,
                "images": images.reshape(len(images), -1).tolist(),
                "layers": [np.asarray(value).reshape(len(images), -1).tolist() for value in values],
            }
        )
    scribbles = [[rng.uniform(0, 1, (count, 2)).tolist() for count in rng.integers(1, 5, 2)] for _ in range(10)]
    dot, tie = [[(0.5, 0.5)]], [[(0.2, 0.2), (0.2, 0.8)], [(0.8, 0.2), (0.8, 0.8)]]
    for strokes in [*pages.SAMPLES, *scribbles, dot, tie]:
        for size in [(32, 32), (40, 33)]:
            drawings.append({"strokes": strokes, "size": size, "image": pages.drawn(strokes, size).ravel().tolist()})
    for _ in range(50):  # boxes of grey anywhere; every second one is symmetrical, which makes ties
        height, width = rng.integers(1, 21, 2)
        box = rng.integers(1, 256, (height, width)) / 255
        box = (box + box[::-1, ::-1]) / 2 if len(placed) % 2 else box
        top, left = rng.integers(0, 29 - height), rng.integers(0, 29 - width)
        ink = np.zeros((28, 28))
        ink[top : top + height, left : left + width] = np.rint(255 * box) / 255
        placed.append({"ink": ink.ravel().tolist(), "centred": placing.centre(placing.crop(ink)).ravel().tolist()})
    grey = networks[0]["network"]["grey"]
    found = {"networks": networks, "drawing": still.DRAWING, "grey": grey, "drawings": drawings, "placed": placed}
    found["distortions"] = [distortion_case(rng, digits[number]) for number in range(8)]
    found["maps"] = [map_case(rng, price) for price in (0, 1.5, 3, 8)]
    found["sweeps"] = [sweep_case(rng, passes) for passes in (1, 2, 4)]
    return found | {"slides": [slide_case(rng, *sides) for sides in ((6, 7, 3, 3), (5, 5, 5, 5), (9, 4, 2, 3))]}


def slopes_by_tape(model, images, label):
    """The cross-entropy of one image with the given label, and its slopes for the weights, layer by layer."""
    with tf.GradientTape() as tape:
        loss = keras.losses.sparse_categorical_crossentropy(np.array([label]), model(images), from_logits=True)[0]
    found = tape.gradient(loss, [variable.value for variable in model.trainable_variables])
    return {"label": label, "loss": float(loss), "weights": [np.ravel(each).tolist() for each in found]}


def distortion_case(rng, image):
    values = {
        "rotation": rng.uniform(-40, 40),
        "scale": rng.uniform(0.6, 1.6),
        "squeeze": rng.uniform(0.7, 1.4),
        "shear": rng.uniform(-0.5, 0.5),
    }
    shift, amount = rng.uniform(-5, 5, 2), rng.uniform(-1.5, 2.5)
    warped = distort.warped(image[None], distort.affine_maps(**values), shift)
    return {
        "image": image.ravel().tolist(),
        "size": list(image.shape[:2]),
        "grey": [-0.1, 1.175],
        "values": values,
        "shift": shift.tolist(),
        "amount": amount,
        "warped": warped.ravel().tolist(),
        "thick": distort.stroke(image[None], amount).ravel().tolist(),
    }


def map_case(rng, price):
    outputs = rng.normal(0, 3, (1, 40, 11))
    maps = outputs - np.log(np.exp(outputs).sum(axis=2, keepdims=True))
    return {"map": maps[0].tolist(), "price": price, "text": str(strings.decode(maps, price)[0])}


def sweep_case(rng, passes):
    model = lk.load_lenet5("strings")
    model.set_weights([weight.astype("float16") for weight in model.get_weights()])
    wide, image = strings.space_displacement(model, 48), rng.uniform(-0.1, 1.175, (1, 32, 48, 1))
    network = export.export_network(wide, (1, 5, 11))
    map_of_outputs = strings.sweep(wide, image, passes)[0].tolist()
    return {"network": network, "image": image.ravel().tolist(), "passes": passes, "map": map_of_outputs}


def slide_case(rng, rows, columns, down, across):
    image, kernel = rng.normal(size=(rows, columns)), rng.normal(size=(down, across))
    map_of_sums = scipy.signal.correlate2d(image, kernel, "valid")
    return {"image": image.tolist(), "kernel": kernel.tolist(), "map": map_of_sums.tolist()}


@pytest.mark.skipif(shutil.which("node") is None, reason="they need Node.js, which tests the pages' JavaScript")
def test_the_javascript_computes_what_keras_and_python_compute(bundled, tmp_path):
    (tmp_path / "cases.json").write_text(json.dumps(cases(bundled.x_test[:20])), encoding="utf-8")
    files = sorted(pathlib.Path(__file__).with_name("pages").glob("*.test.js"))
    assert len(files) == 8
    result = subprocess.run(
        ["node", "--test", *files],
        env=os.environ | {"PAGES_CASES": str(tmp_path / "cases.json")},
        capture_output=True, text=True,
    )  # fmt: skip
    assert result.returncode == 0 and re.search(r"pass [1-9]", result.stdout), result.stdout + result.stderr
