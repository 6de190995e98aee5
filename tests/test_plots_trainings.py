"""Many trainings in one figure."""

import lenet_keras as lk


def test_every_training_is_a_dot_in_its_row(shown):
    errors = {"one": [4.0, 5.0, 20.0], "two": [3.9]}
    lk.plots.error_dots(errors, "Errors of four trainings, two kinds.")
    figure, alt = shown[-1]
    (axis,) = figure.axes
    assert [list(line.get_xdata()) for line in axis.lines] == list(errors.values())
    assert [set(line.get_ydata()) for line in axis.lines] == [{0}, {1}]
    assert [label.get_text() for label in axis.get_yticklabels()] == ["one", "two"]
    assert axis.get_xscale() == "log" and axis.get_ylim() == (1.5, -0.5)  # the first row above
    assert alt == "Errors of four trainings, two kinds."
