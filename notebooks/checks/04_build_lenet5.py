"""What the turns and exercises of lesson 04 accept: LeNet-5 layer by layer, its counts, networks like it."""

import keras
import numpy as np
from keras import layers

from lenet_keras.counting import anatomy
from lenet_keras.course.exercises import (
    UNKNOWN,
    Refused,
    a_function,
    a_number,
    a_reader,
    compare,
    exercise,
    numbers,
)
from lenet_keras.models import lenet5

PARTS = {
    "filters": "number of filters",
    "kernel_size": "window",
    "pool_size": "window",
    "units": "number of units",
    "strides": "stride",
    "padding": "padding",
    "activation": "activation",
    "use_bias": "use of a bias",
    "name": "name",
}


def a_layer(answer):
    """A layer of Keras, the shape of its output, and its number of parameters."""
    if isinstance(answer, keras.Layer):
        raise Refused("that is the layer alone; give three things: layer, shape, parameters.")
    if not isinstance(answer, (tuple, list)) or len(answer) != 3:
        raise Refused("the answer is three things: layer, shape, parameters, with commas between them.")
    layer, shape, parameters = answer
    if not isinstance(layer, keras.Layer):
        raise Refused("the first of the three is a layer, such as layers.Conv2D(...).")
    whole = shape if isinstance(shape, (tuple, list)) else (shape,)
    if any(side is None for side in whole):
        raise Refused("leave None out of the shape: it stands for the number of images.")
    try:
        shape = tuple(int(side) for side in whole)
    except (TypeError, ValueError):
        raise Refused("the second of the three is a shape, such as (26, 26, 3).") from None
    if parameters is None:
        raise Refused("the third of the three is a number: 0 if the layer has no parameters.")
    return layer, shape, a_number(parameters)


def judged(answer, name, parameter_mistakes, shape_mistakes):
    """What is wrong with a layer, its shape, its parameters; the first fault found."""
    layer, shape, parameters = answer
    reference = lenet5().get_layer(name)
    if type(layer) is not type(reference):
        return (
            f"{name} should be of the kind {type(reference).__name__}, but yours is {type(layer).__name__}."
        )
    own, wanted = layer.get_config(), reference.get_config()
    for key, what in PARTS.items():
        if key in wanted and own[key] != wanted[key]:
            return f"the layer's {what} should be {_written(wanted[key])}, but yours is {_written(own[key])}."
    right = tuple(reference.output.shape[1:])
    if shape != right:
        if len(shape) == len(right) and sorted(shape) == sorted(right):
            return "the shape has the right numbers in another order: rows, columns, maps."
        return shape_mistakes.get(
            shape, f"layer and its name are right, but the shape is not {_written(shape)}."
        )
    wrong = compare(parameters, reference.count_params(), parameter_mistakes)
    return "layer and shape are right, but not the number of parameters." if wrong is UNKNOWN else wrong


def _written(value):
    return "none" if value == "linear" else str(tuple(value) if isinstance(value, list) else value)


@exercise(
    "04.a",
    a_layer,
    hints=[
        'the layer is layers.Conv2D(6, 5, activation=..., name="C1").',
        "the window fits at 32 - 5 + 1 places along each side; there are 6 maps.",
        "each filter has 5·5 weights and one bias: (5·5·1 + 1)·6.",
    ],
    ours=(layers.Conv2D(6, 5, activation="tanh", name="C1"), (28, 28, 6), 156),
)
def first_layer(answer):
    return judged(
        answer,
        "C1",
        {
            150: "each of the 6 filters has a bias besides its 25 weights.",
            151: "each filter has a bias of its own.",
        },
        {
            (32, 32, 6): "without padding the window fits at fewer than 32 places along a side.",
            (27, 27, 6): "count the places again: 32 - 5, and one more.",
            (28, 28, 1): "each of the 6 filters makes a map.",
            (28, 28): "the last number of the shape is missing: how many maps there are.",
        },
    )


@exercise(
    "04.b",
    a_layer,
    hints=[
        "the blocks do not overlap: 28 points make 14 blocks along a side.",
        "each map is averaged by itself, so there are as many maps as before.",
        "an average adds and divides by 4; nothing in it is learned.",
    ],
    ours=(layers.AveragePooling2D(2, name="S2"), (14, 14, 6), 0),
)
def second_layer(answer):
    return judged(
        answer,
        "S2",
        {
            12: "that is the article's S2, with 2 parameters for each map; a plain average has none.",
            24: "an average has no weights that are learned.",
        },
        {
            (27, 27, 6): "the blocks move by 2, not by 1.",
            (14, 14, 1): "each of the 6 maps is averaged by itself: 6 maps come out.",
            (14, 14, 3): "maps are not joined: 6 come in, and 6 come out.",
        },
    )


@exercise(
    "04.c",
    a_layer,
    hints=[
        "the window fits at 14 - 5 + 1 places along each side.",
        "a filter has a window of 5×5 on each of the 6 maps, and one bias.",
        "(5·5·6 + 1)·16.",
    ],
    ours=(layers.Conv2D(16, 5, activation="tanh", name="C3"), (10, 10, 16), 2416),
)
def third_layer(answer):
    return judged(
        answer,
        "C3",
        {
            416: "that is for one incoming map; each filter has a window on all 6.",
            2400: "that is without biases: each filter has one.",
            2496: "a filter has one bias, not one for each incoming map.",
            1516: "that is the article's C3, with 60 of the 96 links; here each filter sees all 6 maps.",
        },
        {
            (10, 10, 96): "a filter adds up what it finds on the 6 maps: 16 filters make 16 maps.",
            (10, 10, 6): "as many maps come out as there are filters.",
            (14, 14, 16): "without padding the window fits at fewer than 14 places along a side.",
        },
    )


@exercise(
    "04.d",
    a_layer,
    hints=["10 points make 5 blocks along a side.", "the number of maps stays; nothing is learned."],
    ours=(layers.AveragePooling2D(2, name="S4"), (5, 5, 16), 0),
)
def fourth_layer(answer):
    return judged(
        answer,
        "S4",
        {32: "that is the article's S4; a plain average has nothing to learn."},
        {
            (9, 9, 16): "the blocks move by 2, not by 1.",
            (5, 5, 6): "C3 has 16 maps, and each is averaged by itself.",
        },
    )


@exercise(
    "04.e",
    a_layer,
    hints=[
        "a window of 5×5 fits into a map of 5×5 at one place only.",
        "the shape still has three numbers: rows, columns, maps.",
        "(5·5·16 + 1)·120.",
    ],
    ours=(layers.Conv2D(120, 5, activation="tanh", name="C5"), (1, 1, 120), 48_120),
)
def fifth_layer(answer):
    return judged(
        answer,
        "C5",
        {
            48_000: "that is without biases: each filter has one.",
            3_120: "that is for one incoming map; each filter has a window on all 16.",
        },
        {
            (120,): "there are still three axes: one row, one column, 120 maps.",
            (5, 5, 120): "without padding the window fits at one place only.",
        },
    )


@exercise(
    "04.f",
    a_layer,
    hints=["120 numbers come in, so a unit has 120 weights and a bias.", "(120 + 1)·84."],
    ours=(layers.Dense(84, activation="tanh", name="F6"), (84,), 10_164),
)
def sixth_layer(answer):
    return judged(
        answer,
        "F6",
        {
            10_080: "that is without biases: each unit has one.",
            10_200: "a bias belongs to a unit, not to an input.",
        },
        {
            (1, 1, 84): "after Flatten there are no rows and columns: the shape is one number.",
            (120,): "84 come out.",
        },
    )


@exercise(
    "04.g",
    a_layer,
    hints=['the layer is layers.Dense(10, name="output").', "84 numbers come in: (84 + 1)·10."],
    ours=(layers.Dense(10, name="output"), (10,), 850),
)
def last_layer(answer):
    return judged(
        answer,
        "output",
        {840: "that is without biases: each unit has one.", 1_210: "F6 passes on 84 numbers, not 120."},
        {(84,): "84 come in; one for each digit comes out."},
    )


def ours_connections(n, k, m, M):  # noqa: N803
    return (n - k + 1) ** 2 * M * (k * k * m + 1)


@exercise(
    "04.h",
    a_function,
    hints=[
        "a window fits n - k + 1 times along a side: so many units has a map along each side.",
        "each unit has a link to every number in its window, on every incoming map, and one to its bias.",
        "units = (n - k + 1) ** 2 * M, and links_of_a_unit = k * k * m + 1.",
    ],
    ours=ours_connections,
)
def connections_of_a_convolution(function):
    for side, window, maps_in, maps_out in ((32, 5, 1, 6), (14, 5, 6, 16), (9, 3, 2, 4), (5, 5, 16, 120)):
        layer = layers.Conv2D(maps_out, window)
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
                side**2 * maps_out * (links + 1): ": without padding, fewer than n · n windows fit",
                (units // maps_out) * maps_in * (window**2 * maps_out + 1): ": maps in and out are exchanged",
                row.parameters: ", not the parameters",
            }
            return f"{call} should be {row.connections:,}{known.get(found, f', but it is {found:,}')}."
    return None


def ours_field(r, t, k, s):
    return r + (k - 1) * t, t * s


@exercise(
    "04.i",
    a_function,
    hints=[
        "the first of the k fields has r pixels; each of the other k - 1 adds t new ones.",
        "a layer that stops at every s-th unit has a step s times as long as the one below.",
        "wider = r + (k - 1) * t, and step = t * s.",
    ],
    ours=ours_field,
)
def rule_of_the_field(function):
    for r, t, k, s in ((7, 2, 5, 3), (1, 1, 5, 1), (5, 1, 2, 2), (6, 2, 5, 1), (14, 2, 2, 2)):
        wider, step = (float(each) for each in function.arrays(2, r, t, k, s))
        call = f"from a field of {r} and a step of {t}, window {k} and stride {s}"
        known = {
            r + k - 1: "the fields of neighbours are t pixels apart, not always 1",
            r + k * t: "k fields, but only k - 1 of them add something",
            r + (k - 1) * s: "neighbours in the layer below are t apart, not s",
            r
            + (k - 1)
            * t
            * s: "this layer's own stride comes later: it moves the units, not what one of them joins",
            r * k: "the fields overlap, so they do not simply add up",
        }
        if wider != r + (k - 1) * t:
            return (
                f"{call} the field is not {wider:g} wide: {known.get(wider, 'count the new pixels again')}."
            )
        if step != t * s:
            why = {
                s: "the layer below has a step too",
                t + s: "steps are multiplied",
                t: "the stride is missing",
            }
            return f"{call} the step is not {step:g}: {why.get(step, 'think of two neighbours')}."
    return None


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
        "an image of width 32 gets one answer, and each 4 pixels more give one more.",
        "pixels that do not make up a whole step are not used: // divides and rounds down.",
        "(width - 32) // 4 + 1.",
    ],
)
def answers_in_a_wide_image(function):
    for width in (32, 36, 33, 35, 52, 64, 70, 131):
        side = ((width - 4) // 2 - 4) // 2 - 4  # through the layers, one after the other
        found = function.number(width)
        if found != side:
            known = {
                width // 4: "each answer needs a whole field of 32 pixels",
                width - 31: "the windows are 4 pixels apart, not 1",
                (width - 32) / 4 + 1: "a number of places is whole: round down",
                (width - 32) // 4: "the window at the left edge counts too",
                width // 32: "the windows overlap: a new one begins every 4 pixels",
                -(-(width - 32) // 4) + 1: "a window that would hang over the edge does not fit",
                (width - 32) // 2 + 1: "there are two pooling layers, so the step is 4",
            }
            why = known.get(found, "follow the width through the layers")
            return f"for a width of {width} it should be {side}, not {found:g}: {why}."
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
    numbers(2),
    hints=[
        "neighbours in C3 are 2 pixels apart, so 3 places to the right are 6 pixels.",
        "every field of C3 is 14 columns wide.",
        "the unit in column c sees the columns from 2·c to 2·c + 13.",
    ],
)
def columns_seen_by_a_unit_of_c3(answer):
    first = 7 * 2
    right = first, first + 13
    known = {
        (7, 20): "neighbours in C3 are not 1 but 2 pixels apart.",
        (first, first + 14): "the last column is the fourteenth: 13 further on than the first.",
        (first + 1, first + 14): "columns are counted from 0.",
        (8, 21): "that is what the unit in column 4 sees.",
        (28, 41): "a step of 4 is that of S4; the image has columns 0 to 31 only.",
        right[::-1]: "first, then last.",
    }
    found = tuple(answer)
    return None if found == right else known.get(found, UNKNOWN)


def a_name(answer):
    """The name of one of the layers."""
    every = [layer.name for layer in lenet5().layers]
    if not isinstance(answer, str):
        raise Refused('give the name of a layer as text, such as "S2".')
    names = {name.lower(): name for name in every}
    if answer.strip().lower() not in names:
        raise Refused(f"the layers are called {', '.join(every)}.")
    return names[answer.strip().lower()]


@exercise(
    "04.5",
    a_name,
    hints=[
        "F6 has more parameters because more numbers come in: 90,804 = (1,080 + 1) · 84.",
        "so C5 has 1,080 = 3 · 3 · 120 numbers: S4 must have 7×7 points, and C3 14×14.",
        'which layer has as many points coming out as come in, as padding="same" would have it?',
    ],
)
def layer_with_padding(answer):
    return {
        "C3": None,
        "F6": "F6 has too many parameters because too many numbers come in: look where these come from.",
        "C5": "C5 has the right number of parameters, but too many points come in: look further back.",
        "S4": "S4 halves what it gets, as it should: what does it get?",
        "C1": "padding in C1 would give C5 2×2 points and F6 480 numbers, not 1,080.",
        "flatten": "Flatten only writes in one row what C5 passes on.",
    }.get(answer, UNKNOWN)


def lenet1_plan(activation="tanh", pool=layers.AveragePooling2D, last=None):
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(4, 5, activation=activation),
            pool(2),
            layers.Conv2D(12, 5, activation=activation),
            pool(2),
            layers.Flatten(),
            layers.Dense(10, activation=last),
        ]
    )


@exercise(
    "04.6",
    a_reader(28),
    hints=[
        "begin with keras.Sequential([keras.Input((28, 28, 1)), ...]).",
        "the shapes are 24×24×4, 12×12×4, 8×8×12, 4×4×12, 192, 10.",
        "the network has 104 + 1,212 + 1,930 parameters.",
    ],
)
def plan_of_lenet1(model):
    right = lenet1_plan()
    found, wanted = ([tuple(weight.shape) for weight in each.weights] for each in (model, right))
    if found != wanted:
        for own, other in zip(found, wanted, strict=False):
            if own != other:
                return f"the weights of one layer have the shape {own}, but should have {other}."
        return f"there are {len(found)} arrays of weights, but there should be {len(wanted)}, of 3 layers."
    images = np.random.default_rng(3).normal(size=(8, 28, 28, 1)).astype("float32")
    rng = np.random.default_rng(4)
    weights = [rng.normal(0, 0.2, shape) for shape in wanted]
    kept = model.get_weights()
    model.set_weights(weights)
    answers = np.asarray(model(images, training=False))
    model.set_weights(kept)
    cases = [
        (None, right),
        ("the convolutions have no tanh.", lenet1_plan(None)),
        ("the convolutions end in ReLU; the plan has tanh.", lenet1_plan("relu")),
        ("the plan has average pooling, not the maximum.", lenet1_plan(pool=layers.MaxPooling2D)),
        ("the outputs have no activation.", lenet1_plan(last="softmax")),
        ("the outputs have no activation.", lenet1_plan(last="tanh")),
        ("the outputs have no activation.", lenet1_plan(last="relu")),
    ]
    for said, other in cases:
        other.set_weights(weights)
        if np.allclose(answers, np.asarray(other(images)), atol=1e-4):
            return said
    return "the weights have the right shapes, but something else is computed: look at each layer's options."


@exercise(
    "04.7",
    a_reader(32),
    hints=[
        "most of the work is in the first two convolutions: fewer filters there, or a stride of 2.",
        "the field grows by (k - 1)·t: with a stride of 2 early on, few layers are enough to see 32 pixels.",
        "print lk.anatomy(model) and look at the columns mult.-accum. and sees.",
        "for example: Conv2D(3, 6, strides=2), average 2, Conv2D(8, 5), Conv2D(16, 3), flatten, Dense(10).",
    ],
)
def network_for_a_slow_machine(model):
    try:
        table = anatomy(model)
    except ValueError as error:
        return str(error)
    if getattr(model.layers[-1], "activation", keras.activations.linear) is not keras.activations.linear:
        return "logits have no activation: take it from the last layer."
    bent = [layer for layer in model.layers if isinstance(layer, layers.Conv2D)]
    if len(bent) < 2:
        return f"there should be two convolutions at least, but yours has {len(bent)}."
    if any(getattr(layer, "padding", "valid") != "valid" for layer in model.layers):
        return "the task is without padding."
    after = dict(zip(model.layers, model.layers[1:], strict=False))
    for layer in bent:
        shapes = {
            layer.activation,
            getattr(after[layer], "activation", None) if _is_activation(after[layer]) else None,
        }
        if not shapes & {keras.activations.tanh, keras.activations.relu}:
            return f"{layer.name} does not end in tanh or ReLU."
    last = [row for row in table.rows if len(row.output_shape) == 3][-1]
    if min(last.receptive_field) < 32:
        sees = "×".join(map(str, last.receptive_field))
        return f"a unit of {last.name}, the last layer with maps, sees {sees} pixels, not the whole image."
    limit = 41_652  # a tenth of LeNet-5's
    if table.macs > limit:
        return f"your network needs {table.macs:,} multiply-accumulates, more than {limit:,}."
    return None


def _is_activation(layer):
    return type(layer) is layers.Activation
