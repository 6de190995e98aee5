"""LeNet-5 against NumPy loops, the counts against the facts and against counting link by link."""

import keras
import numpy as np
import pytest

import lenet_keras as lk

L = keras.layers

# The facts about the dense network called LeNet-5: parameters, connections, multiply-accumulates by layer.
FACTS = {
    "input": ((32, 32, 1), 0, 0, 0, (1, 1), (1, 1)),
    "C1": ((28, 28, 6), 156, 122304, 117600, (5, 5), (1, 1)),
    "S2": ((14, 14, 6), 0, 4704, 0, (6, 6), (2, 2)),
    "C3": ((10, 10, 16), 2416, 241600, 240000, (14, 14), (2, 2)),
    "S4": ((5, 5, 16), 0, 1600, 0, (16, 16), (4, 4)),
    "C5": ((1, 1, 120), 48120, 48120, 48000, (32, 32), (4, 4)),
    "flatten": ((120,), 0, 0, 0, (32, 32), None),
    "F6": ((84,), 10164, 10164, 10080, (32, 32), None),
    "output": ((10,), 850, 850, 840, (32, 32), None),
}


def lenet5_by_loops(image, weights, pool, squash):
    """LeNet-5 on one image (32, 32, 1), with loops and float64."""

    def convolve(x, kernel, bias):
        size, maps = x.shape[0] - 4, kernel.shape[3]
        out = np.zeros((size, size, maps))
        for row in range(size):
            for column in range(size):
                window = x[row : row + 5, column : column + 5]
                for m in range(maps):
                    out[row, column, m] = (window * kernel[..., m]).sum() + bias[m]
        return squash(out)

    def subsample(x):
        half = x.shape[0] // 2
        return np.array(
            [[pool(x[2 * r : 2 * r + 2, 2 * c : 2 * c + 2], axis=(0, 1)) for c in range(half)] for r in range(half)]
        )

    w = [np.asarray(values, "float64") for values in weights]
    x = subsample(convolve(image.astype("float64"), *w[0:2]))
    x = subsample(convolve(x, *w[2:4]))
    x = convolve(x, *w[4:6]).reshape(120)
    x = squash(x @ w[6] + w[7])
    return x @ w[8] + w[9]


@pytest.mark.parametrize("activation, squash", [("tanh", np.tanh), ("relu", lambda a: np.maximum(a, 0))])
@pytest.mark.parametrize("pooling, pool", [("average", np.mean), ("max", np.max)])
def test_lenet5_equals_numpy_loops(activation, squash, pooling, pool, bundled):
    keras.utils.set_random_seed(3)
    model = lk.lenet5(activation, pooling)
    rng = np.random.default_rng(3)
    model.set_weights([w + rng.normal(0, 0.05, w.shape) for w in model.get_weights()])  # biases too
    image = bundled.x_test[0]
    expected = lenet5_by_loops(image, model.get_weights(), pool, squash)
    np.testing.assert_allclose(model(image[None]).numpy()[0], expected, rtol=1e-4, atol=1e-5)


def test_lenet5_layers():
    model = lk.lenet5()
    assert isinstance(model, keras.Sequential)
    assert [layer.name for layer in model.layers] == [name for name in FACTS if name != "input"]
    assert model.count_params() == 61706
    assert model.get_layer("output").activation is keras.activations.linear


@pytest.mark.parametrize("wrong", [{"pooling": "sum"}, {"pooling": None}, {"activation": "squish"}, {"activation": 7}])
def test_lenet5_refuses(wrong):
    with pytest.raises(ValueError, match=f"{next(iter(wrong))} must .*not {next(iter(wrong.values()))!r}"):
        lk.lenet5(**wrong)


def test_anatomy_of_lenet5_is_the_facts_sheet():
    table = lk.anatomy(lk.lenet5())
    assert {row.name: (row.output_shape, *row[3:]) for row in table.rows} == FACTS
    assert (table.parameters, table.connections, table.macs) == (61706, 429342, 416520)
    assert table["C3"].parameters == 2416
    with pytest.raises(KeyError, match="no layer is called 'C9'"):
        table["C9"]


def test_anatomy_of_the_slides_listing():
    """44,164 parameters; 286,072 connections without pooling, 290,552 with it (facts, section 1)."""
    listing = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            L.Conv2D(6, 5), L.AveragePooling2D(2), L.Conv2D(16, 5), L.AveragePooling2D(2), L.Conv2D(120, 4),
            L.Flatten(), L.Dense(82), L.Dense(10),
        ]
    )  # fmt: skip
    table = lk.anatomy(listing)
    pooling = sum(row.connections for row in table.rows if "Pooling" in row.kind)
    assert (table.parameters, table.connections, table.connections - pooling) == (44164, 290552, 286072)


def count_links(size, window, stride, dilation, padding, maps_in, maps_out, bias):
    """Connections of a convolution, one by one: every tap of every unit that hits a pixel."""
    reach = (window - 1) * dilation + 1
    if padding == "same":
        out = -(-size // stride)
        before = max((out - 1) * stride + reach - size, 0) // 2
    else:
        out, before = (size - reach) // stride + 1, 0
    links = 0
    for row in range(out):
        for column in range(out):
            for i in range(window):
                for j in range(window):
                    y, x = row * stride - before + i * dilation, column * stride - before + j * dilation
                    links += (0 <= y < size and 0 <= x < size) * maps_in * maps_out
    return links, links + bias * out * out * maps_out


@pytest.mark.parametrize("size, window, stride, dilation, padding, bias", [
    (9, 3, 1, 1, "valid", True), (9, 3, 2, 1, "valid", False), (9, 4, 1, 1, "same", True),
    (8, 3, 2, 1, "same", True), (9, 3, 1, 2, "valid", True), (9, 3, 1, 2, "same", False), (7, 5, 3, 1, "same", True),
])  # fmt: skip
def test_connections_of_convolutions_link_by_link(size, window, stride, dilation, padding, bias):
    layer = L.Conv2D(4, window, strides=stride, dilation_rate=dilation, padding=padding, use_bias=bias)
    model = keras.Sequential([keras.Input((size, size, 3)), layer])
    row = lk.anatomy(model).rows[1]
    macs, connections = count_links(size, window, stride, dilation, padding, 3, 4, bias)
    assert (row.macs, row.connections) == (macs, connections)


def test_groups_pooling_and_oblong_images():
    model = keras.Sequential(
        [
            keras.Input((12, 20, 4)),
            L.Conv2D(8, (3, 5), groups=2, name="grouped"),
            L.MaxPooling2D((2, 4), name="pool"),
            L.Activation("tanh"),
            L.Flatten(),
            L.Dense(3, use_bias=False, name="dense"),
        ]
    )
    table = lk.anatomy(model)
    assert table["grouped"].connections == 10 * 16 * 8 * (3 * 5 * 2 + 1)
    assert table["pool"].connections == 5 * 4 * 8 * 8
    assert table["pool"].receptive_field == (4, 8) and table["pool"].stride == (2, 4)
    assert table["dense"].macs == table["dense"].connections == 160 * 3
    assert table["dense"].receptive_field == (12, 20)


def test_receptive_fields_by_disturbing_pixels():
    """A unit of S4 sees exactly the 16×16 pixels, starting at 4 times its place, that the table says."""
    keras.utils.set_random_seed(0)
    model = lk.lenet5()
    upto = keras.Model(model.inputs[0], model.get_layer("S4").output)
    blank = np.zeros((1, 32, 32, 1), "float32")
    disturbed = np.repeat(blank, 1024, axis=0)
    disturbed.reshape(1024, 1024)[np.arange(1024), np.arange(1024)] = 1
    change = np.abs(upto(disturbed).numpy() - upto(blank).numpy())[:, 2, 3].max(-1).reshape(32, 32) > 0
    rows, columns = np.flatnonzero(change.any(1)), np.flatnonzero(change.any(0))
    assert (rows[0], rows[-1], columns[0], columns[-1]) == (8, 23, 12, 27)


def test_table_as_text_and_as_html():
    table = lk.anatomy(lk.lenet5())
    lines = str(table).splitlines()
    assert len(lines) == 1 + 1 + 9 + 1 + 1
    assert lines[-1].split() == ["total", "61,706", "429,342", "416,520"]
    assert "C5" in lines[7] and "1×1×120" in lines[7] and "48,120" in lines[7]
    assert repr(table) == str(table)
    html = table._repr_html_()
    assert html.count("<tr>") == 11 and "<td" in html and "429,342" in html


@pytest.mark.parametrize("model, words", [
    (lambda: "a network", "was given a str"),
    (lambda: keras.Sequential([L.Dense(3)]), "built model"),
    (lambda: keras.Sequential([keras.Input((None, None, 1)), L.Conv2D(2, 3)]), "fixed input shape"),
    (lambda: keras.Sequential([keras.Input((8, 8, 1)), L.DepthwiseConv2D(3, name="d")]), "'d' is a DepthwiseConv2D"),
    (lambda: keras.Sequential([keras.Input((8,)), L.Dropout(0.5, name="o")]), "'o' is a Dropout"),
])  # fmt: skip
def test_anatomy_refuses(model, words):
    with pytest.raises(ValueError, match=words):
        lk.anatomy(model())
