"""What the turns and exercises of lesson 14 accept: the parts that LeNet-5 had in 1998, as Keras layers."""

import math

import keras
import numpy as np
from keras import ops

import lenet_keras as lk
from lenet_keras.course.exercises import (
    UNKNOWN,
    Refused,
    Unanswered,
    a_function,
    a_reader,
    compare,
    compare_arrays,
    exercise,
    numbers,
    quiet_digits,
)
from lenet_keras.layers import TABLE_I, PartialConv2D, Subsampling, UniformByFanIn, squash


def a_class_of_layers(answer):
    """A class made from keras.layers.Layer. Hands on the class."""
    if isinstance(answer, keras.Layer):
        raise Refused("that is a layer; give the class, its name without brackets.")
    if not (isinstance(answer, type) and issubclass(answer, keras.Layer)):
        raise Refused("the answer is a class made from layers.Layer, its name without brackets.")
    return answer


def tried(doing):
    """What the student's layer does; what it raises is told as its own."""
    try:
        return doing()
    except Exception as error:
        if "'____'" in str(error):  # Keras makes new errors of those in call, without their name
            raise Unanswered from None
        said = next((line for line in str(error).split("\n") if line.strip()), "")
        said = said.replace("\x1b[1m", "").replace("\x1b[0m", "")
        if "to a shape" in said:
            raise Refused("a shape is a tuple, also with one number in it: (shape[-1],).") from error
        raise Refused(f"your layer raised {type(error).__name__}: {said[:200].rstrip('. ')}.") from error


def output_of(layer, x):
    """What a layer makes of an array, as an array; one that cannot become part of a network is refused."""
    found = tried(lambda: layer(x))
    if found is None:
        raise Refused("call gives nothing back: does it end in return ...?")
    try:
        layer(keras.Input(x.shape[1:]))
    except Exception:
        raise Refused(
            "within call use keras.ops, not NumPy: Keras must be able to follow what is done."
        ) from None
    return ops.convert_to_numpy(found)


def built(make, shape, wanted):
    """A layer built for a shape, and its trainable weights, which must be a pair."""
    layer = tried(make)
    tried(lambda: layer.build((None, *shape)))
    weights = layer.trainable_weights
    if len(weights) != 2:
        raise Refused(f"the layer should have two trainable weights, {wanted}, but yours has {len(weights)}.")
    return layer, [tuple(weight.shape) for weight in weights]


def again(layer):
    """The layer that its settings make."""
    config = tried(layer.get_config)
    if not isinstance(config, dict):
        raise Refused("get_config gives back a dict.")
    return config, lambda: tried(lambda: type(layer).from_config(config))


# ------------------------------------------------------------------------------------------ turns


@exercise(
    "14.a",
    a_function,
    hints=[
        "first multiply a by S, then take tanh, then multiply by A.",
        "A is 1.7159, S is 2 / 3, and tanh is ops.tanh.",
        "return 1.7159 * ops.tanh(2 / 3 * a)",
    ],
    ours=squash,
)
def squashing_function(function):
    a = np.linspace(-3, 3, 13)
    if function.array(a).dtype == object:
        return UNKNOWN
    wrong = compare_arrays(
        function.array(a),
        1.7159 * np.tanh(2 / 3 * a),
        [
            (np.tanh(a), "that is tanh itself; A and S stretch it."),
            (np.tanh(2 / 3 * a), "the amplitude A in front of tanh is missing."),
            (1.7159 * np.tanh(a), "the slope S inside tanh is missing."),
            (2 / 3 * np.tanh(1.7159 * a), "A and S are exchanged: A stands in front, S inside."),
            (1.7159 * np.tanh(3 / 2 * a), "S is two thirds, 2 / 3."),
            (1.7159 * 2 / 3 * np.tanh(a), "S belongs inside tanh: tanh(S a)."),
        ],
        within=2e-5,  # A with three decimals fewer is another function
    )
    if wrong:
        return wrong
    try:
        function.function(keras.Input((3,)))
    except Exception:
        return "the numbers are right, but Keras cannot follow NumPy: use ops.tanh."
    return None


@exercise(
    "14.b",
    a_class_of_layers,
    hints=[
        "each map has one coefficient and one bias, and shape[-1] is the number of maps.",
        "the sum of four numbers is 4 times their average; then times coefficient, plus bias, squashed.",
        "shapes (shape[-1],); squash(4 * ops.average_pool(x, 2, strides=2) * self.coefficient + self.bias)",
    ],
    ours=Subsampling,
)
def subsampling_layer(kind):
    x = np.random.default_rng(0).normal(size=(2, 6, 4, 3)).astype("float32")
    layer, shapes = built(kind, x.shape[1:], "coefficient and bias")
    for name, shape in zip(("coefficient", "bias"), shapes, strict=True):
        if shape != (3,):
            more = {
                (1,): ": each map has its own",
                (): ": each map has its own",
                (6,): ": the number of maps is the last of the shape",
                (2, 2, 3): ": the four inputs of a block share one number",
                (6, 4, 3): ": all units of a map share one number",
                (4,): ": the number of maps is the last of the shape",
            }.get(shape, "")
            return f"for 3 maps the {name} should have the shape (3,), but yours has {shape}{more}."
    first, second = (ops.convert_to_numpy(weight) for weight in layer.trainable_weights)
    if not np.allclose(first, 0.25) or not np.allclose(second, 0):
        return "the coefficient starts at 0.25 and the bias at 0."
    coefficient, bias = np.array([0.5, -1.0, 0.2]), np.array([0.1, 0.4, -0.8])
    layer.set_weights([coefficient, bias])
    blocks = x.reshape(2, 3, 2, 2, 2, 3)
    total, f = blocks.sum(axis=(2, 4)), lambda a: 1.7159 * np.tanh(2 / 3 * a)
    wrong = compare_arrays(
        output_of(layer, x),
        f(total * coefficient + bias),
        [
            (f(total / 4 * coefficient + bias), "the four numbers are added: that is 4 times their average."),
            (total * coefficient + bias, "the result is not squashed yet."),
            (total / 4 * coefficient + bias, "the result is not squashed yet, and the four are added."),
            (np.tanh(total * coefficient + bias), "it ends in the article's squash, not in tanh."),
            (f(total * coefficient), "the bias is missing."),
            (f(total + bias), "the coefficient is missing."),
            (f((total + bias) * coefficient), "first times coefficient, then plus bias."),
            (f(total) * coefficient + bias, "squash comes last, after coefficient and bias."),
            (f(blocks.max(axis=(2, 4)) * coefficient + bias), "add the four; do not take their maximum."),
            (f(total * bias + coefficient), "coefficient and bias are exchanged."),
        ],
        within=2e-5,
    )
    if wrong:
        return wrong
    config, make = again(tried(lambda: kind(start=0.5, name="S2")))
    if config.get("start") != 0.5:
        return 'get_config must hand on the setting: {"start": self.start}.'
    other, _ = built(make, (4, 4, 1), "coefficient and bias")
    found = float(ops.convert_to_numpy(other.trainable_weights[0])[0])
    return None if abs(found - 0.5) < 1e-6 else "a layer made with start=0.5 should begin with 0.5."


def answers_of_a_unit(coefficient, bias):
    return 1.7159 * np.tanh(2 / 3 * (coefficient * np.arange(5) + bias))


@exercise(
    "14.c",
    numbers(4),
    hints=[
        "f is below −1.5 if its sum is below about −2.1, and above 1.5 if the sum is above 2.1.",
        "for OR the sum must rise from −2.1 to 2.1 between no ones and one: a coefficient above 4.2.",
        "with a coefficient of 5, the middle of the step lies at bias −2.5 for OR, at −17.5 for AND.",
    ],
    ours=[5, -2.5, 5, -17.5],
)
def an_or_and_an_and(answer):
    def fault(name, answers, ones):
        on = np.arange(5) >= ones
        for count in range(5):
            if on[count] and answers[count] <= 1.5 or not on[count] and answers[count] >= -1.5:
                side = "above 1.5" if on[count] else "below −1.5"
                found = f"{answers[count]:.2f} to a block with {count} ones"
                return f"your {name} answers {found}; {side} is wanted."
        return None

    first, second = answers_of_a_unit(*answer[:2]), answers_of_a_unit(*answer[2:])
    wrong = fault("OR", first, 1) or fault("AND", second, 4)
    if wrong and not fault("AND", first, 4) and not fault("OR", second, 1):
        return "both work, but OR comes first."
    if wrong and not fault("OR", *_exchanged(answer[:2], 1)) and not fault("AND", *_exchanged(answer[2:], 4)):
        return "the coefficient comes first, then the bias."
    return wrong


def _exchanged(pair, ones):
    return answers_of_a_unit(*pair[::-1]), ones


def ours_run(first, length):
    return [(first + k) % 6 for k in range(length)]


@exercise(
    "14.d",
    a_function,
    hints=[
        "the k-th map after first is first + k, as long as the ring does not end.",
        "the ring has six maps: take the remainder of the division by 6.",
        "(first + k) % 6",
    ],
    ours=ours_run,
)
def neighbours_in_the_ring(function):
    for first, length in ((4, 4), (1, 3), (5, 4), (0, 6), (7, 2)):
        found, right = function.array(first, length).tolist(), ours_run(first, length)
        if found == right:
            continue
        known = {
            tuple(first + k for k in range(length)): "after 5 comes 0 again: (first + k) % 6",
            tuple((first + k) % 5 for k in range(length)): "the ring has six maps, not five",
            tuple((first + k) % 7 for k in range(length)): "the ring has six maps, not seven",
            tuple((first + k + 1) % 6 for k in range(length)): "the first one is first itself",
            tuple((first - k) % 6 for k in range(length)): "go on, not back: first + k",
            tuple(k % 6 for k in range(length)): "begin with first",
            tuple(sorted(right)): "in the order of the ring, from first on",
        }
        why = f": {said}" if (said := known.get(tuple(found) if isinstance(found, list) else found)) else ""
        return f"from map {first} on, {length} neighbours are {right}, but yours are {found}{why}."
    return None


@exercise(
    "14.e",
    a_class_of_layers,
    hints=[
        "there is a window of 5×5 for each link, len(self.links), and a bias for each map that comes out.",
        "scatter puts self.kernel at the places self.links of an array of shape self.full; then transpose.",
        "kernel = ops.transpose(ops.scatter(self.links, self.kernel, self.full), (2, 3, 0, 1))",
    ],
    ours=PartialConv2D,
)
def partial_convolution(kind):
    table = [[0, 2], [1], [3, 1, 0]]
    x = np.random.default_rng(0).normal(size=(2, 7, 8, 4)).astype("float32")
    try:
        layer, shapes = built(lambda: kind(table), x.shape[1:], "kernel and bias")
    except Refused as error:
        if "hape" in str(error):  # the starting weights do not fit
            return "the kernel's shape does not fit: a window of 5×5 for each link, (len(self.links), 5, 5)."
        raise
    if shapes[0] != (6, 5, 5):
        return f"with 6 links the kernel should have the shape (6, 5, 5), but yours has {shapes[0]}."
    if shapes[1] != (3,):
        more = ": one for each map that comes out, not for each link" if shapes[1] == (6,) else ""
        return f"with 3 maps the bias should have the shape (3,), but yours has {shapes[1]}{more}."
    rng = np.random.default_rng(1)
    kernel, bias = rng.normal(0, 0.2, (6, 5, 5)), rng.normal(size=3)
    if np.ptp(ops.convert_to_numpy(layer.trainable_weights[0])) == 0:
        return "the windows must start from random weights: initializer=starts(self)."
    layer.set_weights([kernel, bias])
    full, place = np.zeros((5, 5, 4, 3)), 0
    for o, maps in enumerate(table):
        for i in maps:
            full[:, :, i, o], place = kernel[place], place + 1
    sums, f = ops.convert_to_numpy(ops.conv(x, full.astype("float32"))), lambda a: 1.7159 * np.tanh(2 / 3 * a)
    wrong = compare_arrays(
        output_of(layer, x),
        f(sums + bias),
        [
            (sums + bias, "the result is not squashed yet."),
            (sums, "bias and squash are missing."),
            (f(sums), "the bias is missing."),
            (f(sums) + bias, "the bias is added before squash, not after it."),
            (np.tanh(sums + bias), "it ends in the article's squash, not in tanh."),
        ],
        within=5e-5,
    )
    if wrong:
        return wrong
    config, make = again(tried(lambda: kind(table, name="C3")))
    if [list(maps) for maps in config.get("table") or []] != table:
        return 'get_config must hand on the table: {"table": self.table}.'
    other, shapes = built(make, x.shape[1:], "kernel and bias")
    return None if shapes == [(6, 5, 5), (3,)] else "the layer that get_config describes has other weights."


# -------------------------------------------------------------------------------------- exercises


@exercise(
    "14.1",
    numbers(2),
    hints=[
        "a window of C1 is 5 columns wide and 5 rows high; the other one begins one column further right.",
        "the first window has the columns 0 to 4, the second 1 to 5: which do they share?",
        "they share the columns 1 to 4, and all of their rows.",
    ],
)
def overlap_of_two_fields(answer):
    return {
        (4, 5): None,
        (5, 4): "the units stand side by side, so it is a column that is not shared; columns come first.",
        (4, 4): "side by side they stand in the same rows.",
        (5, 5): "then it would be the same window; it has moved by one.",
        (1, 5): "that is what one window has and the other has not.",
        (3, 5): "the windows of neighbours lie one column apart, not two.",
        (20, 20): "that is how many pixels are shared, columns times rows.",
    }.get(tuple(answer), UNKNOWN)


@exercise(
    "14.2",
    numbers(2),
    hints=[
        "only C3 changes: count its windows and its biases, and at how many places each is used.",
        "with three inputs a map of C3 has three windows of 5×5 and one bias; there are 16 maps.",
        "C3 has 16 · (3 · 25 + 1) parameters, and 100 times as many connections.",
    ],
)
def counts_with_three_links_each(answer):
    links, biases, places = 16 * 3, 16, 100
    parameters, connections = 60_000 - 1_516, 340_908 - 151_600
    own = links * 25 + biases
    of_parameters = {
        own: "that is C3 alone; the whole network is asked.",
        parameters + links * 25: "the biases of C3 are missing among the parameters: one for each map.",
        parameters + links * 26: "a map of C3 has one bias, not one for each link.",
        parameters + own + 840: "the 840 numbers of the drawings are fixed; nothing trains them.",
        60_000: "that is with Table I, which has 60 links; here there are fewer.",
        60_900: "that is with all 96 links; here each map of C3 has three.",
    }
    of_connections = {
        places * own: "those are the connections of C3 alone; the whole network is asked.",
        connections + places * links * 25: "the links to C3's biases are missing among the connections.",
        connections + places * links * 26: "that is the journal's way; count one bias for each map.",
        connections + places * own - 840: "the total of the article counts the 840 of the output too.",
        connections + own: "each of C3's parameters is used at 100 places.",
        340_908: "C3 has fewer connections too, not only fewer parameters.",
    }
    both = (parameters + own, connections + places * own)
    if tuple(answer) == both[::-1]:
        return "the parameters come first."
    for value, right, mistakes in zip(answer, both, (of_parameters, of_connections), strict=True):
        wrong = compare(value, right, mistakes)
        if wrong is UNKNOWN:
            what = "parameters" if right == both[0] else "connections"
            return f"the {what} are not {value:,.0f}: only C3 changes; count its windows and its biases."
        if wrong:
            return wrong
    return None


@exercise(
    "14.3",
    a_function,
    hints=[
        "the mask must be applied whenever the layer computes, not only at the start.",
        "multiply the kernel by the mask, then convolve.",
        "return ops.conv(x, kernel * mask)",
    ],
)
def a_mask_that_lasts(function):
    import tensorflow as tf

    rng = np.random.default_rng(0)
    x, kernel = (rng.normal(size=shape).astype("float32") for shape in ((2, 7, 7, 6), (5, 5, 6, 16)))
    mask = np.zeros((5, 5, 6, 16), "float32")
    for o, maps in enumerate(TABLE_I):
        mask[:, :, [int(i) for i in maps], o] = 1

    def conv(x, kernel):
        return ops.convert_to_numpy(ops.conv(x, kernel))

    found = function.array(x, kernel, mask)
    if function.changed:
        return "your function changes what it is given: kernel * mask makes a new array."
    wrong = compare_arrays(
        found,
        conv(x, kernel * mask),
        [
            (conv(x, kernel), "nothing is masked yet: the missing links still work."),
            (conv(x, kernel * (1 - mask)), "the mask is 1 where a link is."),
            (conv(x, mask), "the windows must be multiplied by the mask, not replaced by it."),
            (conv(x, kernel + mask), "multiply by the mask; do not add it."),
        ],
        within=1e-4,
    )
    if wrong:
        return wrong
    weights = tf.Variable(kernel)
    try:
        with tf.GradientTape() as tape:
            total = tf.reduce_sum(function.function(tf.constant(x), weights, tf.constant(mask)))
        slope = tape.gradient(total, weights)
    except Exception:
        slope = None
    if slope is None:
        return "the numbers are right, but Keras cannot find the slopes: use keras.ops, not NumPy."
    return None


@exercise(
    "14.4",
    numbers(2),
    hints=[
        "a pair is a dot: right of zero, the other table made more errors than Table I.",
        "count the dots right of zero in the two rows of all links, then in the two rows of another start.",
        'lk.load_record("tables") has the errors of each run: compare those of equal output and seed.',
    ],
)
def pairs_won_by_table_i(answer):
    def errors(table):
        return np.array(
            [run["errors"] for run in lk.load_record("tables")["results"] if run["table"] == table]
        )

    own = errors("Table I")
    others = [errors(name) for name in ("all links", "another start")]
    right = [int((own < other).sum()) for other in others]
    lost = [int((own > other).sum()) for other in others]
    if list(answer) == right:
        return None
    if list(answer) in (lost, right[::-1]):
        return "all links come first; and right of zero the other table made more errors than Table I."
    if max(answer) <= 5 and min(right) < max(right):
        return "there are ten pairs in each comparison: both forms of the network count."
    place = next(k for k in (0, 1) if answer[k] != right[k])
    return f"against {('all links', 'the other start')[place]} it is not {answer[place]:g} of ten."


def lush(last=squash, start=0.5, table=TABLE_I):
    """LeNet-5 as the authors' program in Lush has it."""
    how = {"activation": squash, "kernel_initializer": UniformByFanIn()}
    return keras.Sequential(
        [
            keras.Input((32, 32, 1)),
            keras.layers.Conv2D(6, 5, **how),
            Subsampling(start),
            PartialConv2D(table),
            Subsampling(start),
            keras.layers.Conv2D(120, 5, **how),
            keras.layers.Flatten(),
            keras.layers.Dense(10, activation=last),
        ]
    )


@exercise(
    "14.5",
    a_reader(32),
    hints=[
        "take the list of lenet5_of_1998 in section 6, leave F6 out, and end in layers.Dense(10, ...).",
        "C1, C5 and the output end in squash; the other layers squash by themselves.",
        "Subsampling(start=0.5), and Dense(10, activation=lk.layers.squash): 51,046 parameters.",
    ],
)
def lenet5_of_lush(model):
    right, found = 51_046, sum(math.prod(weight.shape) for weight in model.trainable_weights)
    if found != right:
        known = {
            right + 900: "C3 is linked by Table I, not to all six maps.",
            right - 44: "S2 and S4 have a coefficient and a bias for each map.",
            60_850: "there is no F6: C5's 120 numbers go straight to the output.",
            60_000: "there is no F6, and ten fully connected units at the end.",
            61_706: "that is the LeNet-5 of lesson 04.",
            49_836: "the ten units of the output are missing.",
        }
        return known.get(found, f"it has {found:,} trainable parameters, not {right:,}: count by layers.")
    table = next((layer.table for layer in model.layers if hasattr(layer, "table")), TABLE_I)
    table = [[int(i) for i in maps] for maps in table]
    if [set(maps) for maps in table] != [{int(i) for i in maps} for maps in TABLE_I]:
        return "C3 is linked by Table I, with the same maps of S2 for each of its maps."
    weights = lush(table=table).get_weights()  # the windows of a map stand in the order of its own table
    if [each.shape for each in model.get_weights()] != [each.shape for each in weights]:
        return "the number of parameters is right, but the layers are others, or in another order."
    before = model.get_weights()
    starts = [each for each in before if each.shape in ((6,), (16,))]
    rng = np.random.default_rng(0)
    filled = [rng.normal(0, 0.3, each.shape) for each in weights]
    images = rng.uniform(-0.1, 1.175, (2, 32, 32, 1)).astype("float32")
    model.set_weights(filled)
    outputs = ops.convert_to_numpy(model(images))
    model.set_weights(before)
    cases = [
        (None, lush(table=table)),
        ("the ten units of the output are squashed too.", lush(None, table=table)),
        ("the output ends in the article's squash, not in tanh.", lush("tanh", table=table)),
        ("the output ends in squash, not in softmax.", lush("softmax", table=table)),
        ("the output ends in squash, not in a sigmoid from 0 to 1.", lush("sigmoid", table=table)),
    ]
    for said, other in cases:
        other.set_weights(filled)
        if np.allclose(outputs, ops.convert_to_numpy(other(images)), atol=1e-4):
            halves = sum(np.allclose(each, 0.5) for each in starts)
            return said or (None if halves == 2 else "let the coefficients start at one half: start=0.5.")
    return "the weights have the right shapes, but something else is computed: does each layer end in squash?"


GOAL, LINKS = {"mnist": 3.0, "bundled": 9.0}, 24
"""Validation error in per cent that the project must stay below, and the links that it may have."""


@exercise(
    "14.6",
    a_reader(32),
    hints=[
        "a map may see one map of S2 only, so 16 links are the fewest; 24 leave eight maps a second one.",
        "let each map of S2 be seen by several maps; teach it all digits that lk.split gives to learn from.",
        "Adam at 0.002, batches of 64 and one pass or two over all of these digits are enough.",
    ],
)
def few_links(model):
    names = [layer.name for layer in model.layers]
    if "C3" not in names:
        return f"the layer with the links must be called C3; yours are called {', '.join(names)}."
    layer, x = model.get_layer("C3"), np.random.default_rng(0).normal(size=(1, 14, 14, 6)).astype("float32")
    try:
        before = ops.convert_to_numpy(layer(x))
    except Exception:
        return "C3 must get the six maps of S2, each of 14×14 units."
    if before.shape != (1, 10, 10, 16):
        return f"C3 makes 16 maps of 10×10 units, but yours makes {before.shape[1:]}."
    links = []
    for i in range(6):
        changed = x.copy()
        changed[..., i] += np.random.default_rng(1).normal(size=(1, 14, 14))
        links.append((abs(ops.convert_to_numpy(layer(changed)) - before) > 1e-6).any(axis=(0, 1, 2)))
    count = int(np.sum(links))
    if count > LINKS:
        return f"C3 has {count} links, more than {LINKS}."
    if not np.any(links, axis=0).all():
        return "each map of C3 needs one link at least."
    digits = quiet_digits()
    validate = lk.split(digits)[1]
    outputs = model.predict(digits.x_train[validate], batch_size=1000, verbose=0)
    if not np.isfinite(outputs).all():
        return "its answers are not finite numbers: the training blew up; take a smaller rate."
    error, goal = 100 * np.mean(outputs.argmax(axis=1) != digits.y_train[validate]), GOAL[digits.name]
    if error > 80:
        return f"its validation error is {error:.1f} %, that of guessing: was it trained?"
    return None if error < goal else f"its validation error is {error:.2f} %; the goal is below {goal:g} %."
