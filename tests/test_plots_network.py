"""Every network of the course can be drawn, with the counts and the values that it has."""

import keras
import numpy as np
import pytest

import lenet_keras as lk

NETWORKS = {
    "tanh": lk.lenet5,
    "ReLU and max pooling": lambda: lk.lenet5("relu", "max"),
    "with a blank": lambda: lk.lenet5(outputs=11),
    "the slides'": lk.lenet5_slides,
    "of 1998": lk.lenet5_1998,
    "LeNet-1": lk.lenet1,
    "LeNet-4": lk.lenet4,
}


def draw(model, shown, image=None):
    lk.plots.architecture(model, image)
    figure, alt = shown[-1]
    return figure.axes[0], alt


def texts(axes):
    return [text.get_text() for text in axes.texts]


@pytest.fixture(params=NETWORKS)
def model(request):
    keras.utils.set_random_seed(1)
    return NETWORKS[request.param]()


def test_a_network_is_drawn_with_its_names_and_counts(model, shown):
    axes, alt = draw(model, shown)
    drawn = [layer for layer in model.layers if layer.name != "flatten"]
    for layer in drawn:
        assert texts(axes).count(layer.name) == 1
        side = "×".join(map(str, layer.output.shape[1:]))
        assert side in texts(axes) and f"{layer.name} {side}" in alt
        assert f"{sum(int(np.prod(weight.shape)) for weight in layer.trainable_weights):,}" in texts(axes)
    trainable = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    assert alt.endswith(f"; {trainable:,} parameters in all.")
    # A rectangle for each map or unit, and two for each window: the window, and the unit that looks through it.
    maps = 1 + sum(layer.output.shape[-1] for layer in drawn)
    assert len(axes.patches) == maps + 2 * len(drawn)


def test_a_network_is_drawn_to_scale(model, shown):
    axes, _ = draw(model, shown)
    rows = [row for row in lk.anatomy(model).rows if row.kind != "Flatten"]
    sizes = [(row.output_shape if len(row.output_shape) == 3 else (1, 1, row.output_shape[0])) for row in rows]
    wanted = [size[:2] for size in sizes for _ in range(size[2])]
    found = [(patch.get_height(), patch.get_width()) for patch in axes.patches[: len(wanted)]]
    assert found == wanted
    left = [patch.get_x() for patch in axes.patches]
    begins = np.cumsum([0, *(size[2] for size in sizes)])
    assert all(max(left[begins[i] : begins[i + 1]]) + sizes[i][1] < left[begins[i + 1]] for i in range(len(sizes) - 1))


def test_a_window_is_as_large_as_the_layers(model, shown):
    axes, _ = draw(model, shown)
    windows = [patch for patch in axes.patches if not patch.get_fill()]
    drawn = [layer for layer in model.layers if layer.name != "flatten"]
    sizes = {"C1": (5, 5), "S2": (2, 2), "C3": (5, 5), "S4": (2, 2), "C5": model.layers[0].kernel_size}
    if model.name == "lenet5_slides":
        sizes["C5"] = (4, 4)
    for layer, window in zip(drawn, windows, strict=True):
        if layer.name in sizes:
            assert (window.get_height(), window.get_width()) == sizes[layer.name], layer.name


def test_a_window_stands_where_its_unit_looks(model, shown):
    """Each unit's window, followed from layer to layer: here that of C1 on the image, and of S2 on C1."""
    axes, _ = draw(model, shown)
    side = model.input_shape[1]
    first = next(number for number, patch in enumerate(axes.patches) if not patch.get_fill())
    window, unit = axes.patches[first : first + 2]
    top = axes.patches[0].get_y() + side
    front = axes.patches[model.layers[0].output.shape[-1]]  # the last map of C1
    row = front.get_y() + side - 4 - (unit.get_y() + 1)
    column = unit.get_x() - front.get_x()
    assert row == pytest.approx((side - 4) // 3) and column == pytest.approx((side - 4) * 3 // 5)
    assert top - (window.get_y() + 5) == pytest.approx(row) and window.get_x() == pytest.approx(column)


def test_an_image_is_drawn_as_input_and_its_maps_after_it(model, shown):
    side = model.input_shape[1]
    image = np.random.default_rng(0).uniform(-0.1, 1.175, (side, side, 1)).astype("float32")
    axes, _ = draw(model, shown, image)
    pictures = [picture for picture in axes.images if picture.get_cmap().name != "links"]
    np.testing.assert_array_equal(pictures[0].get_array(), image[..., 0])
    assert pictures[0].get_clim() == (-0.1, 1.175)
    values, place = image[None], 1
    for layer in model.layers:
        values = layer(values)
        if layer.name == "flatten":
            continue
        maps = np.asarray(values).reshape(-1, values.shape[-1]).T
        for each in maps:
            found = pictures[place].get_array()
            np.testing.assert_allclose(np.ravel(found), each, atol=1e-5)
            assert pictures[place].get_clim() == pytest.approx((-abs(maps).max(), abs(maps).max()), rel=1e-4)
            place += 1
    assert place == len(pictures)


def test_the_answer_is_the_largest_output_or_the_smallest_distance(model, shown, bundled):
    side = model.input_shape[1]
    cut = (32 - side) // 2
    image = bundled.x_test[3, cut : 32 - cut, cut : 32 - cut]
    axes, _ = draw(model, shown, image)
    outputs = np.asarray(model(image[None]))[0]
    answer = outputs.argmin() if model.name == "lenet5_1998" else outputs.argmax()
    names = [*"0123456789", "blank"][: len(outputs)]
    assert texts(axes)[-3 - len(outputs) : -3] == names
    bold = [text.get_text() for text in axes.texts[-3 - len(outputs) :] if text.get_weight() == "bold"]
    assert bold == [names[answer]]


@pytest.mark.parametrize("model, table", [
    (lk.lenet5_1998, "012 123 234 345 450 501 0123 1234 2345 3450 4501 5012 0134 1245 0235 012345"),
    (lk.lenet1, "0 01 01 1 01 01 2 23 23 3 23 23"),
])  # fmt: skip
def test_partial_links_are_drawn_as_a_table(model, table, shown):
    axes, _ = draw(model(), shown)
    (picture,) = axes.images
    columns = table.split()
    wanted = [[str(before) in maps for maps in columns] for before in range(6 if model is lk.lenet5_1998 else 4)]
    np.testing.assert_array_equal(picture.get_array() == 1, wanted)


def test_names_do_not_run_into_each_other(model, shown):
    """Measured as they are rendered: 3 pixels, of 144 an inch, are left between texts side by side."""
    axes, _ = draw(model, shown)
    axes.figure.canvas.draw()
    boxes = [(text.get_text(), text.get_window_extent()) for text in axes.texts]
    digits = {*"0123456789", "blank"}  # these stand close, below each other
    for i, (one, box) in enumerate(boxes):
        for other, another in boxes[:i]:
            if not {one, other} <= digits:
                assert not box.overlaps(another.padded(3, 0)), (one, other)


def test_another_layer_that_counts_itself_is_drawn_under_its_own_name(shown):
    class Halved(keras.layers.Layer):
        def call(self, x):
            return x[:, ::2, ::2]

        def counts(self, shape):
            return lk.layers.Counts(window=(1, 1), strides=(2, 2))

    axes, _ = draw(keras.Sequential([keras.Input((8, 8, 1)), Halved(name="half")]), shown)
    assert {"half", "Halved", "4×4×1"} <= set(texts(axes))


def test_a_network_grows_at_the_same_scale(shown):
    """Drawn layer after layer, a layer keeps its size and place on the screen."""
    whole = lk.lenet5().layers
    places = []
    for count in (1, 2, 4, len(whole)):
        axes, _ = draw(keras.Sequential([keras.Input((32, 32, 1)), *whole[:count]]), shown)
        left, right = axes.get_xlim()
        places.append((axes.figure.get_size_inches()[0] / (right - left), axes.patches[0].get_x() - left))
    assert np.ptp(places, axis=0) == pytest.approx([0, 0], abs=1e-9)
    assert places[0][0] * (right - left) < 11.5  # inches of the whole network


def test_fields_are_drawn_within_each_other(shown):
    fields = {"C1": (12, 16, 12, 16), "S2": (12, 17, 12, 17), "C3": (8, 21, 8, 21), "C5": (0, 31, 0, 31)}
    lk.plots.receptive_fields(np.zeros((32, 32, 1)), fields)
    figure, alt = shown[-1]
    frames = figure.axes[0].patches
    edges = [(f.get_x(), f.get_x() + f.get_width(), f.get_y(), f.get_y() + f.get_height()) for f in frames]
    for inner, outer in zip(edges, edges[1:], strict=False):  # none hides another
        assert inner[0] > outer[0] and inner[1] < outer[1] and inner[2] > outer[2] and inner[3] < outer[3]
    for (left, right, *_), (low, high, *_) in zip(fields.values(), edges, strict=True):
        assert left - 0.5 <= low < left + 0.5 and right - 0.5 < high <= right + 0.5  # in the pixels that it names
    assert [f.get_label() for f in frames] == ["C1: 5×5", "S2: 6×6", "C3: 14×14", "C5: 32×32"]
    assert "C3 14×14" in alt


def test_each_answer_stands_under_the_middle_of_its_window(shown):
    shares = np.full((6, 10), 0.02)
    shares[range(6), [2, 2, 4, 4, 6, 6]] = 0.82
    lk.plots.answers_along(np.zeros((32, 52, 1)), shares, 4)
    figure, alt = shown[-1]
    found = [(text.get_text(), text.get_position()[0]) for text in figure.axes[0].texts if len(text.get_text()) == 1]
    assert found == [(str(answer), 15.5 + 4 * k) for k, answer in enumerate([2, 2, 4, 4, 6, 6])]
    assert [text.get_text() for text in figure.axes[0].texts].count("82") == 6
    assert "2, 2, 4, 4, 6, 6" in alt
