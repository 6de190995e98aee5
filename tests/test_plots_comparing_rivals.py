"""Many ways to read the same digits: what the figures of their errors and costs show."""

import lenet_keras as lk


def test_errors_then_and_now_have_a_diamond_dots_and_a_bar(shown):
    rows = {"LeNet-5": (0.95, [0.9, 1.1], (0.8, 1.2)), "linear": (None, [14.0], (13.3, 14.7))}
    lk.plots.errors_then_and_now(rows, "Two rows.")
    figure, alt = shown[0]
    [axis] = figure.axes
    bar, ours, before, other_bar, other = axis.lines
    assert alt == "Two rows." and axis.get_xscale() == "log" and axis.yaxis_inverted()
    assert list(bar.get_xdata()) == [0.8, 1.2] and list(other_bar.get_xdata()) == [13.3, 14.7]
    assert list(ours.get_xdata()) == [0.9, 1.1] and list(other.get_xdata()) == [14.0]
    assert list(before.get_xdata()) == [0.95] and before.get_fillstyle() == "none"
    assert ours.get_color() != other.get_color()
    assert [label.get_text() for label in axis.get_yticklabels()] == list(rows)
    assert {1, 10} <= set(axis.get_xticks())


def test_errors_and_costs_number_the_points_and_join_the_front(shown):
    points = {"LeNet-5": (400_000, 1.0), "linear": (8_000, 14.0), "beaten": (500_000, 2.0)}
    lk.plots.errors_and_costs(points, ["linear", "LeNet-5"], "Three points.", "products")
    figure, alt = shown[0]
    [axis] = figure.axes
    front, *dots = axis.lines
    assert alt == "Three points." and (axis.get_xscale(), axis.get_yscale()) == ("log", "log")
    assert list(front.get_xdata()) == [8_000, 400_000] and list(front.get_ydata()) == [14.0, 1.0]
    assert [dot.get_fillstyle() for dot in dots] == ["full", "full", "none"]
    numbers = {text.get_text(): text.xy for text in axis.texts[:-1]}
    assert numbers == {"1": points["linear"], "2": points["LeNet-5"], "3": points["beaten"]}
    assert axis.texts[-1].get_text().splitlines() == [" 1  linear", " 2  LeNet-5", " 3  beaten"]
