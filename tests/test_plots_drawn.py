"""Answers that are drawings: pictures in rows, and slopes."""

import numpy as np

import lenet_keras as lk


def test_drawings_have_twelve_rows_and_digits_their_greys(shown):
    codes = lk.layers.bitmaps()
    lk.plots.drawings({"image": np.zeros((10, 32, 32, 1)), "drawing": codes}, "Digits.", [str(k) for k in range(10)])
    axes = np.reshape(shown[0][0].axes, (2, 10))
    image, drawing = (line[3].images[0] for line in axes)
    assert image.get_array().shape == (32, 32) and image.get_clim() == (lk.data.PAPER, lk.data.INK)
    np.testing.assert_array_equal(drawing.get_array(), codes[3].reshape(12, 7))
    assert drawing.get_clim() == (-1, 1)
    assert [axis.get_title() for axis in axes[0]] == [str(k) for k in range(10)]
    assert [line[0].get_ylabel() for line in axes] == ["image", "drawing"]


def test_every_loss_has_its_line_and_every_mark_its_text(shown):
    lk.plots.slopes_by_distance([0, 5], {"one": [0, -0.5], "two": [0, 0]}, "Slopes.", [(5, "here")])
    (axis,) = shown[0][0].axes
    assert [line.get_ydata().tolist() if k < 2 else line.get_xdata() for k, line in enumerate(axis.lines)] == [
        [0, -0.5], [0, 0], [5, 5],
    ]  # fmt: skip
    assert [text.get_text() for text in axis.texts] == ["here"]
