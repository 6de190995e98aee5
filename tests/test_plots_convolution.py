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
    dense, local, shared = lk.plots.weight_tables(3, 2, alt="Three tables.")
    assert [table.shape for table in (dense, local, shared)] == [(4, 9)] * 3
    assert [len(set(table[table > 0])) for table in (dense, local, shared)] == [36, 16, 4]
    np.testing.assert_array_equal(shared[[0, 3]], [[1, 2, 0, 3, 4, 0, 0, 0, 0], [0, 0, 0, 0, 1, 2, 0, 3, 4]])
    np.testing.assert_array_equal(local > 0, shared > 0)
    axes = shown[0][0].axes
    colours = [to_hex(patch.get_facecolor()) for patch in axes[2].patches]
    assert colours[0] == colours[10] != colours[1] == colours[11] and colours[2] == colours[9] == "#ffffff"
    assert len({to_hex(patch.get_facecolor()) for patch in axes[0].patches}) == 36
    assert [axis.get_title() for axis in axes] == ["dense: 36 weights", "local: 16", "local and shared: 4"]
    assert axes[1].get_xlabel() == "9 pixels" and axes[1].get_ylabel() == "4 outputs"


def test_a_grey_row_shows_every_image_on_the_scale_of_ink(shown):
    images = {"large": RNG.normal(size=(8, 8)), "small": RNG.normal(size=(4, 4))}
    lk.plots.grey_row(images, alt="Two images.")
    figure, _ = shown[0]
    assert [(title, values.shape) for title, values in pictures(figure)] == [("large", (8, 8)), ("small", (4, 4))]
    assert {axis.images[0].get_clim() for axis in figure.axes} == {(-0.1, 1.175)}
