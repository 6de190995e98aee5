"""Convolutions in pictures: what stands in which panel."""

import numpy as np
from matplotlib.colors import to_hex

import lenet_keras as lk

RNG = np.random.default_rng(0)


def pictures(figure):
    return [(axis.get_title(), axis.images[0].get_array()) for axis in figure.axes if axis.images]


def test_kernels_and_maps_stand_in_two_rows_of_one_scale_each(shown):
    image, kernels, maps = RNG.normal(size=(9, 9)), RNG.normal(size=(3, 5, 5)), RNG.normal(size=(3, 5, 5))
    lk.plots.kernels_and_maps(image, kernels, maps, alt="Three kernels.")
    figure, alt = shown[0]
    found = pictures(figure)
    assert [title for title, _ in found] == ["the digit", "kernel 0", "kernel 1", "kernel 2", "", "", ""]
    for (_, values), wanted in zip(found, [image, *kernels, *maps], strict=True):
        np.testing.assert_array_equal(values, wanted)
    limits = {axis.images[0].get_clim() for axis in figure.axes if axis.get_title().startswith("kernel")}
    assert limits == {(-np.abs(kernels).max(), np.abs(kernels).max())} and alt == "Three kernels."


def test_sum_of_maps_ends_in_the_sum(shown):
    maps, kernels, parts = (RNG.normal(size=(2, side, side)) for side in (7, 3, 5))
    lk.plots.sum_of_maps(maps, kernels, parts, parts.sum(axis=0), alt="Two maps.")
    figure, _ = shown[0]
    found = dict(pictures(figure))
    assert list(found) == ["map 0", "map 1", "window 0", "window 1", "part 0", "part 1", "sum + bias"]
    np.testing.assert_array_equal(found["sum + bias"], parts.sum(axis=0))
    np.testing.assert_array_equal(found["window 1"], kernels[1])
    assert [text.get_text() for axis in figure.axes for text in axis.texts] == ["+", "="]


def test_weight_tables_give_equal_weights_equal_colours(shown):
    shared = np.array([[1, 2, 0], [0, 1, 2]])
    lk.plots.weight_tables({"all": np.arange(1, 10).reshape(3, 3), "shared": shared}, alt="Two tables.")
    first, second = shown[0][0].axes
    colours = [to_hex(patch.get_facecolor()) for patch in second.patches]
    assert colours[0] == colours[4] != colours[1] == colours[5] and colours[2] == colours[3] == "#ffffff"
    assert len({to_hex(patch.get_facecolor()) for patch in first.patches}) == 9
    assert [axis.get_title() for axis in (first, second)] == ["all", "shared"]
    assert second.get_xlabel() == "3 pixels" and second.get_ylabel() == "2 outputs"


def test_a_grey_row_shows_every_image_on_the_scale_of_ink(shown):
    images = {"large": RNG.normal(size=(8, 8)), "small": RNG.normal(size=(4, 4))}
    lk.plots.grey_row(images, alt="Two images.")
    figure, _ = shown[0]
    assert [(title, values.shape) for title, values in pictures(figure)] == [("large", (8, 8)), ("small", (4, 4))]
    assert {axis.images[0].get_clim() for axis in figure.axes} == {(-0.1, 1.175)}
