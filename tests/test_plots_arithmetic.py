"""Convolutions and derivatives in numbers: the numbers that stand in the figures, and where."""

import itertools

import numpy as np
import pytest
from matplotlib.colors import to_hex

import lenet_keras as lk


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def cells(axis):
    """The number, and the colour, of each cell by its place (column, row)."""
    numbers = {text.get_position(): text.get_text() for text in axis.texts}
    found = {}
    for patch in axis.patches:
        x, y = patch.get_x(), patch.get_y()
        found[round(x, 6), round(y, 6)] = (int(numbers[x + 0.5, y + 0.5]), to_hex(patch.get_facecolor()))
    return found


def test_sliding_window_colours_the_window_and_its_number(shown):
    image, kernel = np.arange(12).reshape(3, 4), np.array([[1, 2], [3, 4]])
    result = np.array([[(image[r : r + 2, c : c + 2] * kernel).sum() for c in range(3)] for r in range(2)])
    lk.plots.sliding_window(image, kernel, result, 1, 2, names=("one", "two", "three"))
    figure, alt = shown[0]
    found = cells(figure.axes[0])
    for array, left in ((image, 0), (kernel, 5.5), (result, 9)):
        for (row, column), value in np.ndenumerate(array):
            assert found[left + column, row][0] == value
    coloured = {place for place, (_, colour) in found.items() if colour != "#ffffff"}
    assert coloured == {(2, 1), (3, 1), (2, 2), (3, 2)} | {(5.5, 0), (6.5, 0), (5.5, 1), (6.5, 1)} | {(11, 1)}
    assert [text for text in texts(figure) if text.isalpha()] == ["one", "two", "three"]
    assert "row 1, column 2" in alt


def test_window_positions_are_all_the_places_that_fit(shown):
    cases = [(7, 3, 0, 1), (7, 3, 1, 2), (6, 2, 0, 2), (8, 3, 0, 2)]
    lk.plots.window_positions(cases)
    axis = shown[0][0].axes[0]
    rows = [(p.get_y(), p.get_x(), p.get_width(), p.get_linestyle()) for p in axis.patches if p.get_height() == 1]
    windows = [(p.get_y(), p.get_x() - 0.1, p.get_width() + 0.2) for p in axis.patches if p.get_height() < 1]
    tops = sorted({top for top, *_ in rows})
    for (n, k, p, s), top, below in zip(cases, tops, [*tops[1:], np.inf], strict=True):
        wanted = [start for start in range(-p, n + p) if (start + p) % s == 0 and start + k <= n + p]
        found = [(x - p, width) for y, x, width in windows if top < y < below]
        np.testing.assert_allclose(found, [(start, k) for start in wanted])
        pixels = [line for y, _, _, line in rows if y == top]
        assert len(pixels) == n + 2 * p and pixels.count(":") == 2 * p  # the padding is dotted
        assert f"n = {n}, k = {k}, p = {p}, s = {s}" in texts(shown[0][0])
    assert [text for text in texts(shown[0][0]) if "windows" in text] == [f"{n} windows" for n in (5, 4, 3, 3)]


def test_computation_graph(shown):
    nodes = {"x": (0, 0, 2.0, -3.0), "y = x²": (1, 0, 4.0, 1.0)}
    lk.plots.computation_graph(nodes, [("x", "y = x²", "× 2x")], alt="From x to y.")
    figure, alt = shown[0]
    assert alt == "From x to y."
    place = {text.get_text(): text.get_position() for text in figure.axes[0].texts}
    assert {"x", "y = x²", "× 2x", "2.00", "−3.00", "4.00", "1.00"} <= set(place)
    for name, value, slope in (("x", "2.00", "−3.00"), ("y = x²", "4.00", "1.00")):
        assert place[value][0] == place[slope][0] == place[name][0]
        assert place[value][1] > place[name][1] > place[slope][1]  # values above, slopes below
    assert place["x"][0] < place["× 2x"][0] < place["y = x²"][0]


def test_the_graph_of_a_unit_holds_its_six_quantities(shown):
    found = {key: (place + 0.25, place + 0.5) for place, key in enumerate("xwaydE")}
    lk.plots.unit_graph(found, alt="A unit.")
    figure, alt = shown[0]
    written = [text.get_text() for text in figure.axes[0].texts]
    assert alt == "A unit." and {"x", "w", "a = w·x", "y = tanh a", "d = y − t", "E = d²/2"} <= set(written)
    assert {"× w", "× x", "× (1 − y²)", "× 1", "× d"} <= set(written)
    assert {f"{number:.2f}" for pair in found.values() for number in pair} <= set(written)


def test_a_graph_with_a_link_to_nowhere_is_refused():
    with pytest.raises(ValueError, match="A link leads to z, but the nodes are x."):
        lk.plots.computation_graph({"x": (0, 0, 1, 1)}, [("x", "z", "")], alt="Nothing.")


def test_windows_as_rows_multiply_to_the_map(shown):
    image, kernel = np.arange(9).reshape(3, 3), np.array([[1, 0], [0, 10]])
    lk.plots.windows_as_rows(image, kernel)
    figure, alt = shown[0]
    found = texts(figure)
    assert alt.startswith("4 windows")
    for number in (40, 51, 73, 84):  # top left pixel of the window and ten times the bottom right one
        assert found.count(str(number)) == 2  # among the sums, and in the map
    # The four rows: the windows, cell after cell, beside their images.
    by_height = {}
    for text in figure.axes[0].texts:
        x, y = text.get_position()
        if text.get_text().isdigit() and 3.6 < x - 1 < 9.3:
            by_height.setdefault(round(y, 6), []).append((x, int(text.get_text())))
    rows = [[value for _, value in sorted(row)] for _, row in sorted(by_height.items())]
    rows = [row for row in rows if len(row) >= 4]
    wanted = [image[r : r + 2, c : c + 2].ravel().tolist() for r, c in itertools.product((0, 1), (0, 1))]
    assert [row[:4] for row in rows] == wanted
