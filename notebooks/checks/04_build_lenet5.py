"""What the exercises of notebook 04 accept: LeNet-5 and its parts counted."""

import keras

from lenet_keras.counting import anatomy
from lenet_keras.course.exercises import a_function, a_number, compare, exercise


@exercise(
    "04.1",
    a_number,
    hints=[
        "a filter has a window of 3×3 numbers on each of the 6 incoming maps: how many is that?",
        "each filter has one bias besides.",
        "now take all 16 filters: 16 · (3 · 3 · 6 + 1).",
    ],
)
def parameters_of_a_convolution(answer):
    weights, filters = sum(3 * 3 for _ in range(6)), 16
    mistakes = {
        filters * weights: "that is without biases: each filter has one.",
        filters * (25 * 6 + 1): "the window has 3×3 numbers here, not 5×5.",
        filters * (weights + 6): "a filter has one bias, not one for each incoming map.",
        filters * (3 * 3 + 1): "that is for one incoming map; each filter looks at all 6.",
    }
    return compare(answer, filters * (weights + 1), mistakes)


@exercise(
    "04.2",
    a_function,
    hints=[
        "a window fits side - window + 1 times along a side: so many units has a map along each side.",
        "each unit has a link to every number in its window, on every incoming map, and one to its bias.",
        "units of one map · maps · links of one unit.",
    ],
)
def connections_of_a_convolution(function):
    for side, window, maps_in, maps_out in ((32, 5, 1, 6), (14, 5, 6, 16), (9, 3, 2, 4), (5, 5, 16, 120)):
        layer = keras.layers.Conv2D(maps_out, window)
        row = anatomy(keras.Sequential([keras.Input((side, side, maps_in)), layer])).rows[-1]
        found = function.number(side, window, maps_in, maps_out)
        if abs(found - row.connections) > 1e-6 * row.connections:
            call = f"connections({side}, {window}, {maps_in}, {maps_out})"
            units, links = row.connections // (window**2 * maps_in + 1), window**2 * maps_in
            known = {
                row.macs: ": the links to the biases are missing",
                row.macs + maps_out: ": each unit has a link to the bias, not each map only one",
                units * (links + maps_in): ": a unit has one bias, not one for each incoming map",
                units * (window**2 + 1): ": a unit has a window on every incoming map, not on one",
                side**2 * maps_out * (links + 1): ": without padding, fewer than side · side windows fit",
                (units // maps_out) * maps_in * (window**2 * maps_out + 1): ": maps in and out are exchanged",
                row.parameters: ", not the parameters",
            }
            return f"{call} should be {row.connections:,}{known.get(found, f', but it is {found:,}')}."
    return None


@exercise(
    "04.3",
    a_number,
    hints=[
        "two layers change: C1 itself, and the one that sees C1's maps.",
        "C1 has 8 filters of 5×5 and a bias each; a filter of C3 now has a window on each of 8 maps.",
        "61,706 and what comes in addition: 2 · 26 in C1, 16 · 2 · 25 in C3.",
    ],
)
def parameters_with_eight_maps(answer):
    def parameters(c1, seen_by_c3):
        rest = (25 * 16 + 1) * 120 + (120 + 1) * 84 + (84 + 1) * 10
        return (25 + 1) * c1 + (25 * seen_by_c3 + 1) * 16 + rest

    mistakes = {
        parameters(8, 6): "C1 has changed here, but C3 too sees 8 maps instead of 6.",
        parameters(6, 8): "C3 has changed here, but C1 itself too has 8 filters instead of 6.",
        parameters(6, 6): "that is LeNet-5 with 6 maps in C1.",
    }
    return compare(answer, parameters(8, 8), mistakes)


@exercise(
    "04.4",
    a_number,
    hints=[
        "use the rule of section 4, with the windows 3, 2, 3, 2.",
        "each layer adds (window - 1) times the step between its inputs; pooling doubles the step.",
        "1 + 2 · 1 + 1 · 1 + 2 · 2 + 1 · 2.",
    ],
)
def receptive_field_of_s4(answer):
    # From one unit of S4 backwards: how many points of each layer before, then pixels, it is made from.
    points = 1
    for window, stride in ((2, 2), (3, 1), (2, 2), (3, 1)):
        points = (points - 1) * stride + window
    mistakes = {
        16: "that is with windows of 5×5; here C1 and C3 have 3×3.",
        points**2: "give the width of the square, not its area.",
        8: "that is what a unit of C3 sees; S4 comes after it.",
    }
    return compare(answer, points, mistakes)


@exercise(
    "04.5",
    a_number,
    hints=[
        "units near the border have fewer links; count them along one side first, as in section 3.",
        "along a side of 28, the outermost unit loses 2 of its 5 links, the next one 1.",
        "links along both sides: (28 · 5 - 6)² for one map; then 6 maps, and a bias for each unit.",
    ],
)
def connections_with_padding(answer):
    along_one_side = 28 * 5 - 2 * (2 + 1)
    units = 28 * 28
    mistakes = {
        6 * units * 26: "links into the padding were counted too; there is nothing at their end.",
        6 * along_one_side**2: "the links to the biases are missing: one for each unit.",
        along_one_side**2 + units: "that is one map; C1 has 6.",
    }
    return compare(answer, 6 * (along_one_side**2 + units), mistakes)
