"""What networks are made of: counts against the article and the facts, and against counting link by link."""

import html
import re

import keras
import numpy as np
import pytest
import tensorflow as tf

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


# The article: output shape, trainable parameters, connections by layer; multiply-accumulates follow from the sizes.
ARTICLE = {
    "C1": ((28, 28, 6), 156, 122304, 117600, (5, 5), (1, 1)),
    "S2": ((14, 14, 6), 12, 5880, 0, (6, 6), (2, 2)),
    "C3": ((10, 10, 16), 1516, 151600, 150000, (14, 14), (2, 2)),
    "S4": ((5, 5, 16), 32, 2000, 0, (16, 16), (4, 4)),
    "C5": ((1, 1, 120), 48120, 48120, 48000, (32, 32), (4, 4)),
    "F6": ((84,), 10164, 10164, 10080, (32, 32), None),
    "output": ((10,), 0, 840, 840, (32, 32), None),
}


# What the listing is made of: parameters and connections by layer (28×28 images, third convolution 4×4, 82 units).
LISTING = {
    "input": ((28, 28, 1), 0, 0),
    "C1": ((24, 24, 6), 156, 24 * 24 * 6 * 26),
    "S2": ((12, 12, 6), 0, 12 * 12 * 6 * 4),
    "C3": ((8, 8, 16), 2416, 8 * 8 * 16 * 151),
    "S4": ((4, 4, 16), 0, 4 * 4 * 16 * 4),
    "C5": ((1, 1, 120), 30840, 30840),
    "flatten": ((120,), 0, 0),
    "F6": ((82,), 9922, 9922),
    "output": ((10,), 830, 830),
}


def as_facts(row):
    return (row.output_shape, row.parameters, row.connections, row.macs, row.receptive_field, row.stride)


def test_anatomy_of_lenet5_is_the_facts_sheet():
    table = lk.anatomy(lk.lenet5())
    assert {row.name: as_facts(row) for row in table.rows} == FACTS
    assert (table.parameters, table.connections, table.macs) == (61706, 429342, 416520)
    assert table["C3"].parameters == 2416
    with pytest.raises(KeyError, match="no layer is called 'C9'"):
        table["C9"]


def test_the_listing_has_44164_parameters_and_290552_connections():
    table = lk.anatomy(lk.lenet5_slides())
    assert {row.name: (row.output_shape, row.parameters, row.connections) for row in table.rows} == LISTING
    assert (table.parameters, table.connections) == (44164, 290552)
    pooling = sum(row.connections for row in table.rows if "Pooling" in row.kind)
    assert table.connections - pooling == 286_072


def test_every_count_of_1998_is_the_articles():
    model = lk.lenet5_1998()
    table = lk.anatomy(model)
    assert {name: as_facts(table[name]) for name in ARTICLE} == ARTICLE
    assert (table.parameters, table.connections, table.macs) == (60_000, 340_908, 326_520)
    assert sum(np.prod(weight.shape) for weight in model.non_trainable_weights) == 840


def test_lenet1_counted_by_hand():
    counts = lk.anatomy(lk.lenet1())
    c1, s2, s4 = 4 * (25 + 1), 4 * 2, 12 * 2
    c3 = 20 * 25 + 12  # 4 maps see one map, 8 see two: 20 links
    output = (12 * 4 * 4 + 1) * 10
    assert counts.parameters == c1 + s2 + c3 + s4 + output == 2578
    assert counts.macs == 24 * 24 * 4 * 25 + 8 * 8 * 20 * 25 + 192 * 10 == 91_520
    in_1989 = lk.load_record("paper")["lenet1_of_1989"]
    assert (counts.parameters, counts.connections) == (in_1989["parameters"], in_1989["connections"]) == (2578, 98_442)
    assert [row.output_shape for row in counts.rows][0] == (28, 28, 1)
    assert counts.rows[-1].output_shape == (10,)


def test_lenet4_counted_by_hand():
    counts = lk.anatomy(lk.lenet4())
    parameters = 4 * 26 + 4 * 2 + 16 * (4 * 25 + 1) + 16 * 2 + (16 * 5 * 5 + 1) * 37 + 38 * 10
    assert counts.parameters == parameters == 16_977
    assert counts.macs == 28 * 28 * 4 * 25 + 10 * 10 * 16 * 100 + 400 * 37 + 37 * 10 == 253_570


def test_lenet1_and_lenet4_are_as_large_as_the_article_says():
    paper = lk.load_record("paper")
    for name, model in (("LeNet-1", lk.lenet1()), ("LeNet-4", lk.lenet4())):
        counts = lk.anatomy(model)
        assert abs(counts.parameters / paper["parameters_about"][name] - 1) < 0.02
        assert abs(counts.macs / (1000 * paper["fig_11_thousands_of_multiply_accumulates"][name]) - 1) < 0.1
    connections = lk.anatomy(lk.lenet4()).connections
    assert abs(connections / paper["connections_about"]["LeNet-4"] - 1) < 0.02


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


def test_table_as_html():
    table = lk.anatomy(lk.lenet5_1998())
    shown = table._repr_html_()
    lines = [re.findall(r"<t[hd] [^>]*>(.*?)</t[hd]>", line) for line in re.findall(r"<tr>(.*?)</tr>", shown)]
    assert len(lines) == 11 and all(len(line) == 8 for line in lines)
    assert lines[4] == ["C3", "PartialConv2D", "10×10×16", "1,516", "151,600", "150,000", "14×14", "2"]
    assert lines[-1][:5] == ["total", "", "", "60,000", "340,908"]


def test_a_layers_name_is_text_in_html_too():
    name = "<img src=x onerror=alert(1)>&"
    model = keras.Sequential([keras.Input((8,)), L.Dense(3, name=name)])
    shown = lk.anatomy(model)._repr_html_()
    assert "<img" not in shown and html.escape(name) in shown


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


def test_a_layer_that_counts_itself_is_counted():
    class Doubled(L.Layer):
        def call(self, x):
            return 2 * x[:, 1::2, 1::2]

        def counts(self, shape):
            assert shape == (8, 8, 3)  # for one image, without the batch
            return lk.layers.Counts(connections=48, macs=48, window=(2, 2), strides=(2, 2))

    table = lk.anatomy(keras.Sequential([keras.Input((8, 8, 3)), Doubled(name="d"), L.Conv2D(1, 3, name="c")]))
    assert as_facts(table["d"]) == ((4, 4, 3), 0, 48, 48, (2, 2), (2, 2)) and table["d"].window == (2, 2)
    assert as_facts(table["c"])[-2:] == ((6, 6), (2, 2)) and table["c"].window == (3, 3)


def another_table():
    return lk.lenet5_1998(table=["01", "245", "3"])


@pytest.mark.parametrize("network", [lk.lenet5_1998, lk.lenet1, lk.lenet4, another_table])
def test_connections_of_1998_are_the_inputs_that_make_a_difference(network):
    """Counted by gradients: inputs of a unit with a slope that is not 0, and a bias for each unit that has one."""
    keras.utils.set_random_seed(2)
    model = network()
    table, maps = lk.anatomy(model), np.random.default_rng(2).uniform(0.1, 1, (1, *model.input_shape[1:]))
    maps = tf.constant(maps, "float32")
    for layer in model.layers:
        with tf.GradientTape() as tape:
            tape.watch(maps)
            after = layer(maps)
            # One place will do: each place of a layer has the same links.
            units = after[0, 0, 0] if len(after.shape) == 4 else after[0]
        if layer.name in ("S2", "C3", "S4", "output"):
            links = np.count_nonzero(tape.jacobian(units, maps))
            biases = sum(weight.shape[0] for weight in layer.weights if weight.name == "bias")
            places = int(np.prod(after.shape[1:-1]))
            assert table[layer.name].connections == places * (links + biases), layer.name
        maps = after
