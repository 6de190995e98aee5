"""What the turns and exercises of lesson 05 accept: slides audited, a listing ported, networks told apart."""

import keras
import numpy as np
from keras import layers

from lenet_keras.course.exercises import (
    Refused,
    a_function,
    a_model,
    a_number,
    a_reader,
    compare,
    exercise,
    quiet_digits,
)
from lenet_keras.layers import TABLE_I
from lenet_keras.models import lenet5, lenet5_slides


def ours_fed(table):
    return [sum(str(s2_map) in seen for seen in table) for s2_map in range(6)]


@exercise(
    "05.a",
    a_function,
    hints=[
        "for one map of S2, go through the table and count the texts in which its number stands.",
        'str(2) in "0123" asks whether the text holds a 2.',
        "[sum(str(s2_map) in seen for seen in table) for s2_map in range(6)]",
    ],
    ours=ours_fed,
)
def maps_fed(function):
    for table in (list(TABLE_I), ["0", "01", "015", "5", "05"], ["012345"] * 3):
        found = function.array(table)
        right = np.array(ours_fed(table))
        if found.shape == (len(table),) and np.array_equal(found, [len(seen) for seen in table]):
            return "that is how many S2 maps each C3 map sees: count the other way."
        if found.shape != (6,):
            return f"give back six numbers, one for each map of S2, not {found.size}."
        if not np.array_equal(found, right):
            return f"for the table {table[:5]} ... it should be {right.tolist()}, not {found.tolist()}."
    return None


@exercise(
    "05.b",
    a_model,
    hints=[
        'a line of the listing becomes one or two layers: Conv2D(6, 5, activation="tanh", name="C1") ...',
        "the third convolution has 120 filters of 4×4; Linear(120, 82) is Dense(82).",
        'F6 and output both have activation="relu"; the flatten layer stands between C5 and F6.',
    ],
    ours=lenet5_slides(),
)
def listing_in_keras(model):
    right = lenet5_slides()
    if model.input_shape != right.input_shape:
        return f"the images are 28×28×1, but yours are {'×'.join(map(str, model.input_shape[1:]))}."
    own, wanted = ([layer for layer in each.layers if layer.name != "input"] for each in (model, right))
    for layer, other in zip(own, wanted, strict=False):
        if type(layer) is not type(other):
            return f"after what is right so far comes {type(other).__name__}, not {type(layer).__name__}."
        first, second = layer.get_config(), other.get_config()
        for key in (
            "filters",
            "kernel_size",
            "pool_size",
            "units",
            "strides",
            "padding",
            "activation",
            "use_bias",
            "name",
        ):
            if key in second and first[key] != second[key]:
                return f"{key} of the layer {other.name} should be {second[key]}, but yours is {first[key]}."
    if len(own) != len(wanted):
        return f"there are {len(own)} layers, but there should be {len(wanted)}, Flatten among them."
    return None


ORDER = {4: (3, 2, 0, 1), 2: (1, 0), 1: (0,)}


def ours_to_pytorch(weight):
    return weight.transpose(ORDER[weight.ndim])


@exercise(
    "05.c",
    a_function,
    hints=[
        "PyTorch begins with map out, which is Keras's last axis: number 3 of 0, 1, 2, 3.",
        "then come map in (Keras's axis 2), row (0) and column (1).",
        "4: (3, 2, 0, 1), and 2: (1, 0).",
    ],
    ours=ours_to_pytorch,
)
def keras_weights_in_pytorchs_order(function):
    rng = np.random.default_rng(5)
    for shape in ((5, 4, 2, 3), (3, 3, 6, 16), (4, 7), (9,)):
        weight = rng.permutation(np.prod(shape)).reshape(shape).astype("float32")
        right = ours_to_pytorch(weight)
        found = function.array(weight)
        case = f"weights of shape {shape}"
        if found.shape == right.shape and np.array_equal(found, right):
            continue
        if found.size == weight.size and np.array_equal(found.ravel(), weight.ravel()) and weight.ndim > 1:
            if found.shape == shape:
                return f"{case} come back as they were: their axes must change places."
            return "reshape does not move axes, it cuts the same numbers elsewhere: use transpose."
        if weight.ndim == 4 and found.shape == weight.transpose(3, 2, 1, 0).shape:
            if np.array_equal(found, weight.transpose(3, 2, 1, 0)):
                return "rows and columns have changed places: row (0) comes before column (1)."
        return f"{case} should become {right.shape}; yours have the shape {found.shape}, or another order."
    return None


def ours_lost(count, right):
    return [digit for digit in range(10) if right[digit] < 0.1 * count[digit]]


@exercise(
    "05.d",
    a_function,
    hints=[
        "go through the digits 0 to 9, and keep those that meet a condition.",
        "the condition: right[digit] is less than a tenth of count[digit].",
        "[digit for digit in range(10) if right[digit] < 0.1 * count[digit]]",
    ],
    ours=ours_lost,
)
def lost_digits(function):
    cases = [
        ([600] * 10, [590, 0, 580, 59, 60, 570, 61, 1, 595, 300]),
        ([592, 674, 596, 613, 584, 542, 592, 627, 585, 595], [500] * 10),
        ([10, 20, 30, 40, 50, 60, 70, 80, 90, 100], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ([592, 674, 596, 613, 584, 542, 592, 627, 585, 595], [0, 670, 60, 59, 58, 55, 54, 0, 0, 0]),
    ]
    for count, right in cases:
        found = np.asarray(function(count, right))
        wanted = ours_lost(count, right)
        if found.dtype == bool:
            return "give back the digits themselves, not a yes or no for each."
        if found.ndim != 1 or found.dtype.kind not in "iuf":
            return "give back a list of digits; an empty one if none is lost."
        if found.tolist() == wanted:
            continue
        if found.tolist() == [digit for digit in range(10) if right[digit] <= 0.1 * count[digit]]:
            return "exactly one in ten is not fewer than one in ten: take <, not <=."
        if found.tolist() == [digit for digit in range(10) if digit not in wanted]:
            return "these are the digits that are kept."
        if found.tolist() == [digit for digit in range(10) if right[digit] < 0.9 * count[digit]]:
            return "fewer than one in ten is read rightly, not wrongly."
        return f"for the counts {count} and {right} read rightly it should be {wanted}."
    return None


def ours_names(number, counts):
    return [name for name, own in counts.items() if own == number]


@exercise(
    "05.e",
    a_function,
    hints=[
        "counts.items() goes through names and counts together: for name, own in counts.items().",
        "keep the name if own == number; there may be several, or none.",
        "[name for name, own in counts.items() if own == number]",
    ],
    ours=ours_names,
)
def names_of_a_count(function):
    counts = {"one": 5, "two": 7, "three": 5, "four": 61_706, "five": 61_706}
    for number in (5, 7, 61_706, 6):
        found, right = function(number, counts), ours_names(number, counts)
        if isinstance(found, str):
            return "give back a list of names, even if it has one name or none."
        if not isinstance(found, (list, tuple, set)):
            return f"give back a list of names, not {type(found).__name__}."
        if sorted(map(str, found)) == sorted(right):
            continue
        if list(found) == right[:1]:
            return "several networks can have the same count: give all their names."
        return f"for the number {number} and the counts {counts} it should be {right}."
    return None


@exercise(
    "05.1",
    a_number,
    hints=[
        "C5 has 5·5·16 weights and a bias in each of its 120 filters now.",
        "F6 has 82 units, and the outputs see 82 numbers.",
        "156 + 2,416 + 48,120 + 82 · 121 + 10 · 83.",
    ],
)
def parameters_of_the_padded_listing(answer):
    def parameters(window, f6, seen_by_output):
        convolutions = 6 * (5 * 5 + 1) + 16 * (5 * 5 * 6 + 1) + 120 * (window * window * 16 + 1)
        return convolutions + f6 * (120 + 1) + 10 * (seen_by_output + 1)

    mistakes = {
        parameters(4, 82, 82): "that is the listing as it stands, with a window of 4×4 in C5.",
        parameters(5, 84, 84): "that is the text's network, with 84 units in F6; here there are 82.",
        parameters(5, 82, 84): "F6 has 82 units here, so the outputs see 82 numbers too.",
        parameters(5, 84, 82): "F6 has 82 units here, and each of them has weights and a bias.",
        parameters(4, 84, 84): "that changes the units of F6; the window of C5 changes here.",
    }
    return compare(answer, parameters(5, 82, 82), mistakes)


@exercise(
    "05.2",
    a_function,
    hints=[
        "PyTorch's columns go through map after map, Keras's rows through point after point.",
        "first undo the flattening: weight.reshape(out, maps, rows, columns) gives each number its place.",
        "then transpose to (rows, columns, maps, out), and flatten the first three axes into one.",
    ],
)
def kernel_in_keras_order(function):
    rng = np.random.default_rng(7)
    for maps, rows, columns, out in ((2, 3, 3, 4), (3, 2, 5, 1), (6, 4, 4, 10)):
        inputs = maps * rows * columns
        weight = rng.permutation(out * inputs).reshape(out, inputs).astype("float32")
        right = np.empty((inputs, out))
        for row, column, m in np.ndindex(rows, columns, maps):
            right[(row * columns + column) * maps + m] = weight[:, (m * rows + row) * columns + column]
        kernel = function.array(weight, maps, rows, columns)
        case = f"for {maps} maps of {rows}×{columns} and {out} outputs"
        if kernel.shape == (rows, columns, maps, out):
            return "the axes are in Keras's order; now flatten the first three into one."
        if kernel.shape == (out, inputs) != (inputs, out):
            return "this still has the outputs first; Dense has them last: (in, out)."
        if kernel.shape != (inputs, out):
            return f"{case} the shape is {kernel.shape}, but it should be {(inputs, out)}."
        if np.allclose(kernel, right):
            continue
        by_column = weight.reshape(out, maps, rows, columns).transpose(3, 2, 1, 0).reshape(inputs, out)
        if np.array_equal(kernel, weight.T):
            return (
                "the rows are still in PyTorch's order, one map after the other: undo its flattening first."
            )
        if np.array_equal(kernel, by_column):
            return "rows and columns have changed places: within a map Keras goes along a row first."
        if np.array_equal(kernel, weight.reshape(inputs, out)):
            return "reshape alone does not move the outputs to the end, it cuts the same numbers elsewhere."
        return f"{case} the shape is right, but not the order of the rows: undo PyTorch's flattening first."
    return None


@exercise(
    "05.3",
    a_number,
    hints=[
        "the two runs have nothing to do with each other: their chances are multiplied.",
        "the chance of one run is 2 in 10, or 0.2.",
        "0.2 · 0.2.",
    ],
)
def two_lucky_runs(answer):
    mistakes = {
        0.4: "chances of two things that must both happen are multiplied, not added.",
        0.2: "that is for one run; here both must be lucky.",
        0.64: "that is the chance that both runs lose a digit.",
        0.96: "that is the chance that at least one run loses a digit.",
        0.36: "that is the chance that at least one run loses none.",
        1 / 45: "these are new runs, not two drawn from the ten that are recorded.",
    }
    return compare(answer, 0.2 * 0.2, mistakes, share=True)


@exercise(
    "05.4",
    a_function,
    hints=[
        "reshape cuts the same row of numbers elsewhere; it does not move an axis.",
        "Keras wants (row, column, map in, map out): in PyTorch these are the axes 2, 3, 1 and 0.",
        "return weight.transpose(2, 3, 1, 0)",
    ],
)
def window_for_keras(function):
    rng = np.random.default_rng(6)
    for shape in ((3, 2, 5, 4), (16, 6, 5, 5), (1, 1, 3, 3)):
        weight = rng.permutation(np.prod(shape)).reshape(shape).astype("float32")
        right = np.empty((shape[2], shape[3], shape[1], shape[0]))
        for out, maps, row, column in np.ndindex(shape):
            right[row, column, maps, out] = weight[out, maps, row, column]
        found = function.array(weight)
        if found.shape != right.shape:
            if found.shape == (shape[3], shape[2], shape[1], shape[0]):
                return "rows and columns have changed places: the row comes first."
            return f"weights of shape {shape} should become {right.shape}, but yours are {found.shape}."
        if np.array_equal(found, right):
            continue
        if np.array_equal(found.ravel(), weight.ravel()):
            return "that is the mistake itself: the numbers are cut elsewhere, and no axis has moved."
        if np.array_equal(found, right.transpose(1, 0, 2, 3)):
            return "rows and columns have changed places: the row comes first."
        return f"weights of shape {shape}: the shape is right, but not the order of the numbers."
    return None


@exercise(
    "05.5",
    a_number,
    hints=[
        "how many links are there from maps of S2 to maps of C3? Count them from the side of S2.",
        "each link has a window of 5×5 weights; each of the 16 maps of C3 has one bias.",
        "6 · 8 · 25 + 16.",
    ],
)
def parameters_with_fewer_links(answer):
    links = 6 * 8
    mistakes = {
        25 * links: "each of the 16 maps of C3 has a bias besides.",
        26 * links: "a bias belongs to a map of C3, not to each link.",
        25 * 60 + 16: "that is with the article's table, in which each S2 map feeds 10.",
        25 * 8 * 16 + 16: "8 is the number of C3 maps for each S2 map, not the other way round.",
        25 * links + 6: "the biases belong to the 16 maps of C3, not to the maps of S2.",
        25 * 8 + 16: "that is for one map of S2; there are 6.",
    }
    return compare(answer, 25 * links + 16, mistakes)


@exercise(
    "05.6",
    a_reader(32),
    hints=[
        "how many parameters fewer than 61,706 are there? Which numbers of LeNet-5 add up to that?",
        "236 = 6 + 16 + 120 + 84 + 10: what is there once for each map and each unit?",
        "the network has no biases: use_bias=False in every layer that learns.",
    ],
)
def lenet5_without_biases(model):
    count = model.count_params()
    if count != 61_470:
        known = {61_706: ": that is the usual LeNet-5", 61_700: ": the biases of C1 alone are not enough"}
        return f"your network has {count:,} parameters, not 61,470{known.get(count, '')}."
    wanted = [tuple(weight.shape) for weight in lenet5().weights][::2]
    found = [tuple(weight.shape) for weight in model.weights]
    if found not in (wanted, [*wanted[:2], (400, 120), *wanted[3:]]):
        return "the number is right, but by another network: no layer of LeNet-5 changes its size."
    if any(isinstance(layer, layers.MaxPooling2D) for layer in model.layers):
        return "the number is right, but the page says average pooling."
    images = np.random.default_rng(3).normal(size=(8, 32, 32, 1)).astype("float32")
    rng, kept = np.random.default_rng(4), model.get_weights()
    weights = [rng.normal(0, 0.2, shape) for shape in found]
    model.set_weights(weights)
    answers = np.asarray(model(images, training=False))
    model.set_weights(kept)
    right = lenet5()
    biases = [np.zeros(weight.shape[-1]) for weight in weights]
    shaped = [weight.reshape(other) for weight, other in zip(weights, wanted, strict=True)]
    right.set_weights([each for pair in zip(shaped, biases, strict=True) for each in pair])
    if not np.allclose(answers, np.asarray(right(images)), atol=1e-4):
        return (
            "the number is right, but not what is computed: tanh in C1, C3, C5 and F6, none on the outputs."
        )
    return None


@exercise(
    "05.7",
    a_function,
    hints=[
        "what comes out of F6 cannot be negative: it ends in ReLU. What, then, makes a sum negative?",
        "the weights into the outputs are kernel, bias = model.layers[-1].get_weights().",
        "without negative weights there is no negative sum: set_weights([abs(kernel), bias]).",
    ],
)
def start_that_keeps_all_outputs(function):
    images = quiet_digits("bundled").x_train[:500, 2:-2, 2:-2]
    for seed in range(10):
        keras.utils.set_random_seed(seed)
        model = lenet5_slides()
        try:
            function.function(model, np.random.default_rng(seed))
        except Exception as error:
            raise Refused(f"your function raised {type(error).__name__}: {error}") from error
        if np.any(model.layers[-1].get_weights()[-1]):
            return "the biases of the ten outputs have to stay 0."
        outputs = np.asarray(model(images))
        if outputs.shape != (500, 10) or not np.isfinite(outputs).all():
            return "with your start the network does not give ten finite outputs."
        if model.layers[-1].activation is not keras.activations.relu:
            return "the ReLU on the outputs has to stay: change the weights only."
        above = (outputs > 0).mean(axis=0)
        if above.min() < 99 / 100:
            digit, share = int(above.argmin()), 100 * above.min()
            return f"with seed {seed} the output {digit} is above 0 for {share:.1f} % of the digits only."
        if outputs.std(axis=0).min() < 0.01:
            digit, spread = int(outputs.std(axis=0).argmin()), outputs.std(axis=0).min()
            told = f"its standard deviation is {spread:.4f}, less than 0.01"
            return f"with seed {seed} the output {digit} hardly differs between digits: {told}."
    return None
