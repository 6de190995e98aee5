"""Digits that are moved: where their pixels come from, error and ink against amount."""

import numpy as np

import lenet_keras as lk


def test_arrows_lead_from_the_result_to_the_original(shown):
    images = np.random.default_rng(0).uniform(-0.1, 1.175, (2, 32, 32))
    lk.plots.fetching(*images, [((8, 20), (9.5, 17)), ((20, 4), (22, 8))], "A digit and itself turned, with arrows.")
    figure, alt = shown[0]
    original, result = figure.axes
    np.testing.assert_array_equal(result.images[0].get_array(), images[1])
    arrows = figure.artists
    assert [arrow.xy1 for arrow in arrows] == [(20, 8), (4, 20)] and alt.startswith("A digit")
    assert [arrow.xy2 for arrow in arrows] == [(17, 9.5), (8, 22)]
    assert all(arrow.axesA is result and arrow.axesB is original for arrow in arrows)
    assert [line.get_xydata().tolist() for line in result.lines] == [[[20, 8]], [[4, 20]]]


def test_error_curves_have_bands_ink_and_the_base_rate(shown):
    curves = {
        "size (factor)": ([0.5, 1, 2], {"plain": [0.5, 0.01, 0.6], "distorted": [0.2, 0.01, 0.3]}),
        "rotation (degrees)": ([-10, 0, 10], {"plain": [0.1, 0, 0.1], "distorted": [0, 0, 0]}),
    }
    ink = {"size (factor)": [25, 100, 81], "rotation (degrees)": [100, 100, 120]}
    lk.plots.error_curves(curves, ink, 100, 0.9, {"size (factor)": [1.5]})
    size, rotation = shown[0][0].axes
    assert size.get_xscale() == "log" and rotation.get_xscale() == "linear"
    names = ["best constant answer", "ink left", "error, plain", "error, distorted"]
    assert [line.get_label() for line in rotation.lines] == names
    np.testing.assert_allclose(rotation.lines[1].get_ydata(), [100, 100, 100])  # more than all is not drawn
    np.testing.assert_allclose(size.lines[3].get_ydata(), [50, 1, 60])
    np.testing.assert_allclose(size.lines[0].get_xdata(), [1.5, 1.5])
    band = size.collections[0].get_paths()[0].vertices
    low, high = lk.wilson_interval(50, 100)
    at_half = band[np.isclose(band[:, 0], 0.5)][:, 1]
    assert np.isclose(at_half.min(), 100 * low) and np.isclose(at_half.max(), 100 * high)
    assert len(shown[0][0].legends) == 1
