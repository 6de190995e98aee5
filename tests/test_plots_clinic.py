"""The ward of lesson 12: curves and bars beside the healthy network's, answers beside the class shown."""

import numpy as np

import lenet_keras as lk


def history(loss):
    return {"loss": loss, "error": [0.5, 0.25], "validation_loss": [3, 2], "validation_error": [0.75, 0.5]}


def test_each_patient_has_a_panel_with_four_curves_and_the_guess(shown):
    histories = {"healthy": history([2, 1]), "A": history([2.3, 2.2]), "B": history([1e4, 2.3])}
    lk.plots.ward_curves(histories, "loss", 2.3, "Two patients.")
    lk.plots.ward_curves(histories, "error", 0.9, "Two patients.")
    (figure, alt), (errors, _) = shown
    panels = [axis for axis in figure.axes if axis.get_visible()]
    assert alt == "Two patients." and [axis.get_title() for axis in panels] == ["patient A", "patient B"]
    lines = panels[1].lines
    assert [line.get_ydata().tolist() for line in lines[:4]] == [[2, 1], [3, 2], [1e4, 2.3], [3, 2]]
    assert [line.get_linestyle() for line in lines[:4]] == ["-", "--"] * 2
    assert lines[4].get_ydata() == [2.3, 2.3] and panels[0].get_yscale() == "log"
    assert errors.axes[0].lines[2].get_ydata().tolist() == [50, 25] and errors.axes[0].get_yscale() == "linear"


def test_bars_stand_beside_the_healthy_ones(shown):
    lk.plots.ward_bars({"A": [1, 2], "B": [3, 4]}, [5, 6], ["C1", "F6"], "layer", "size", "Bars.")
    axis = shown[0][0].axes[1]
    assert [bar.get_height() for bar in axis.patches] == [3, 4, 5, 6]
    assert [text.get_text() for text in axis.get_xticklabels()] == ["C1", "F6"]


def test_answers_are_drawn_beside_the_class_in_the_batch(shown):
    lk.plots.answers_in_order([0, 1, 2], {"late": [9, 0, 1, 2, 0, 1]}, "Late.")
    axis = shown[0][0].axes[0]
    classes, answers = axis.lines
    np.testing.assert_array_equal(classes.get_ydata(), [0, 1, 2, 0, 1, 2])  # over and over, epoch after epoch
    np.testing.assert_array_equal(answers.get_ydata(), [9, 0, 1, 2, 0, 1])
    assert axis.get_title(loc="left") == "late"
