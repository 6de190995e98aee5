"""Curves of units and tables of links, as they are drawn."""

import numpy as np

import lenet_keras as lk
from lenet_keras.layers import TABLE_I


def test_lines_have_their_names_values_and_marks(shown):
    curves = {"one": [0, 1, 2], "two": [2, 1, 0]}
    lk.plots.lines([0, 1, 2], curves, "across", "up", "Two lines cross.", points=True, marks=[(1, 1)])
    figure, alt = shown[-1]
    (axis,) = figure.axes
    drawn = {line.get_label(): list(line.get_ydata()) for line in axis.lines}
    assert drawn.items() >= curves.items()
    assert [text.get_text() for text in axis.get_legend().get_texts()] == ["one", "two"]
    looks = {(line.get_color(), line.get_linestyle(), line.get_marker()) for line in axis.lines[1:3]}
    assert len(looks) == 2 and axis.lines[1].get_linestyle() != axis.lines[2].get_linestyle()
    assert [list(each) for each in axis.lines[-1].get_data()] == [[1], [1]]
    assert list(axis.get_xticks()) == [0, 1, 2] and alt == "Two lines cross."


def test_lines_without_points_have_no_markers(shown):
    lk.plots.lines(np.linspace(0, 1, 50), {"one": np.zeros(50)}, "across", "up", "A line.")
    (axis,) = shown[-1][0].axes
    assert axis.lines[-1].get_marker() == "None"


def test_a_table_of_links_has_a_square_for_each_link(shown):
    lk.plots.link_tables({"printed": [[int(i) for i in maps] for maps in TABLE_I], "few": [[0], [5]]}, "Two tables.")
    figure, alt = shown[-1]
    boards = [axis.images[0].get_array() for axis in figure.axes]
    wanted = [[str(i) in maps for maps in TABLE_I] for i in range(6)]
    np.testing.assert_array_equal(boards[0], wanted)
    assert np.argwhere(boards[1]).tolist() == [[0, 0], [5, 1]]
    assert [axis.get_title() for axis in figure.axes] == ["printed: 60 links", "few: 2 links"]
    assert alt == "Two tables."
