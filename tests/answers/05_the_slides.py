"""Answers to the turns and exercises of lesson 05: right ones in several forms, wrong ones with words of their hint."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

import lenet_keras as lk


def fed_by_loops(table):
    result = [0] * 6
    for seen in table:
        for letter in seen:
            result[int(letter)] += 1
    return result


def listing(**changes):
    """The listing, with changes to single layers: C1={"filters": 5}."""
    model = keras.Sequential([keras.Input((28, 28, 1))])
    for layer in lk.lenet5_slides().layers:
        model.add(type(layer).from_config(layer.get_config() | changes.get(layer.name, {})))
    return model


def written_out():
    tanh, relu = keras.activations.tanh, keras.activations.relu
    return keras.Sequential(
        [
            layers.InputLayer(shape=(28, 28, 1)),
            layers.Conv2D(6, (5, 5), activation=tanh, name="C1"),
            layers.AveragePooling2D((2, 2), strides=2, name="S2"),
            layers.Conv2D(16, 5, activation=tanh, name="C3"),
            layers.AveragePooling2D(2, name="S4"),
            layers.Conv2D(120, 4, activation=tanh, name="C5"),
            layers.Flatten(name="flatten"),
            layers.Dense(82, relu, name="F6"),
            layers.Dense(10, relu, name="output"),
        ]
    )


def to_pytorch(weight):
    return weight.transpose({4: (3, 2, 0, 1), 2: (1, 0), 1: (0,)}[weight.ndim])


def by_moving(weight):
    return np.moveaxis(weight, (-1, -2), (0, 1)) if weight.ndim == 4 else weight.T


def lost(count, right):
    return [digit for digit in range(10) if right[digit] < 0.1 * count[digit]]


def names_by_loop(number, counts):
    result = []
    for name in counts:
        if counts[name] == number:
            result.append(name)
    return result


def by_reshape(weight, maps, rows, columns):
    return weight.reshape(len(weight), maps, rows, columns).transpose(2, 3, 1, 0).reshape(-1, len(weight))


def by_index(w, m, r, c):
    return w[:, np.arange(m * r * c).reshape(m, r, c).transpose(1, 2, 0).ravel()].T.astype("float64")


def by_loops(weight, maps, rows, columns):
    kernel = []
    for row in range(rows):
        for column in range(columns):
            for one_map in range(maps):
                kernel.append([each[(one_map * rows + row) * columns + column] for each in weight])
    return kernel


def by_keras(weight, maps, rows, columns):
    out = len(weight)
    places = keras.ops.transpose(keras.ops.reshape(weight, (out, maps, rows, columns)), (2, 3, 1, 0))
    return keras.ops.reshape(places, (rows * columns * maps, out))


def axes_not_flattened(weight, maps, rows, columns):
    return weight.reshape(-1, maps, rows, columns).transpose(2, 3, 1, 0)


def rows_and_columns_swapped(weight, maps, rows, columns):
    return weight.reshape(-1, maps, rows, columns).transpose(3, 2, 1, 0).reshape(-1, len(weight))


def outputs_first(weight, maps, rows, columns):
    return by_reshape(weight, maps, rows, columns).T


def maps_in_the_middle(weight, maps, rows, columns):
    return weight.reshape(-1, maps, rows, columns).transpose(2, 1, 3, 0).reshape(-1, len(weight))


def reshaped(weight):
    out, maps, rows, columns = weight.shape
    return weight.reshape(rows, columns, maps, out)


def lenet(bias=False, activation="tanh", pool=layers.AveragePooling2D, last=None, side=32, flat=False, c5=120):
    more = {"activation": activation, "use_bias": bias}
    fifth = [layers.Flatten(), layers.Dense(c5, **more)] if flat else [layers.Conv2D(c5, 5, **more), layers.Flatten()]
    return keras.Sequential(
        [
            keras.Input((side, side, 1)),
            layers.Conv2D(6, 5, **more), pool(2), layers.Conv2D(16, 5, **more), pool(2), *fifth,
            layers.Dense(84, **more), layers.Dense(10, activation=last, use_bias=bias),
        ]
    )  # fmt: skip


def functional():
    image = keras.Input((32, 32, 1))
    x = image
    for filters in (6, 16):
        x = layers.AveragePooling2D(2)(layers.Activation("tanh")(layers.Conv2D(filters, 5, use_bias=False)(x)))
    x = layers.Flatten()(layers.Conv2D(120, 5, activation="tanh", use_bias=False)(x))
    x = layers.Dense(84, activation="tanh", use_bias=False)(x)
    return keras.Model(image, layers.Dense(10, use_bias=False)(x))


def lifted(model, rng, by=1.0):
    model.layers[-1].bias.assign(np.full(10, by))


def positive(model, rng):
    kernel, bias = model.layers[-1].get_weights()
    model.layers[-1].set_weights([abs(kernel), bias])
    return model


def drawn_positive(model, rng):
    kernel, bias = model.layers[-1].get_weights()
    model.layers[-1].set_weights([rng.uniform(0, 0.3, kernel.shape), bias])


def shifted(model, rng):
    kernel, bias = model.layers[-1].get_weights()
    kernel += 0.2
    model.layers[-1].set_weights([kernel, bias])


def constant(model, rng):
    kernel, bias = model.layers[-1].get_weights()
    model.layers[-1].set_weights([0 * kernel, bias])
    model.layers[-2].bias.assign(np.ones(82))


def nearly_constant(model, rng):
    kernel, bias = model.layers[-1].get_weights()
    model.layers[-1].set_weights([1e-4 * abs(kernel), bias])


def without_relu(model, rng):
    model.layers[-1].activation = keras.activations.linear


RIGHT = {
    "05.a": [fed_by_loops, lambda table: [sum(str(k) in t for t in table) for k in range(6)],
             lambda table: np.array(["".join(table).count(str(k)) for k in range(6)])],
    "05.b": [listing(), written_out(), keras.models.clone_model(lk.lenet5_slides())],
    "05.c": [to_pytorch, by_moving, lambda weight: tf.constant(np.ascontiguousarray(to_pytorch(weight)))],
    "05.d": [
        lost,
        lambda count, right: np.flatnonzero(np.array(right) / np.array(count) < 0.1),
        lambda count, right: tuple(k for k, (c, r) in enumerate(zip(count, right, strict=True)) if 10 * r < c),
    ],
    "05.e": [
        names_by_loop,
        lambda number, counts: [name for name, own in counts.items() if own == number],
        lambda number, counts: {name for name in counts if counts[name] == number},
    ],
    "05.1": [61_444, 61444.0, np.int32(61_444), [61_444], tf.constant(61_444)],
    "05.2": [by_reshape, by_index, by_loops, by_keras, lambda *each: tf.constant(by_reshape(*each))],
    "05.3": [0.04, 4, np.float32(0.04), [0.2 * 0.2]],
    "05.4": [
        lambda weight: weight.transpose(2, 3, 1, 0),
        lambda weight: np.moveaxis(weight, (2, 3, 1, 0), (0, 1, 2, 3)),
        lambda weight: keras.ops.transpose(weight, (2, 3, 1, 0)),
    ],
    "05.5": [1216, 1216.0, np.array([1216])],
    "05.6": [lenet(), functional(), lenet(flat=True)],
    "05.7": [positive, drawn_positive, shifted],
}  # fmt: skip
WRONG = {
    "05.a": [
        (lambda table: [len(seen) for seen in table], "count the other way"),
        (lambda table: sum(map(len, table)), "give back six numbers"),
        (lambda table: [10] * 6, "it should be [4, 2, 0, 0, 0, 3]"),
        ([10] * 6, "give the function itself"),
    ],
    "05.b": [
        (lk.lenet5(), "the images are 28×28×1"),
        (listing(F6={"units": 84}), "units of the layer F6 should be 82"),
        (listing(output={"activation": "linear"}), "activation of the layer output should be relu"),
        (listing(F6={"activation": "tanh"}), "activation of the layer F6 should be relu"),
        (listing(C5={"kernel_size": (3, 3)}), "kernel_size of the layer C5"),
        (listing(C1={"name": "first"}), "name of the layer C1"),
        (listing(C1={"use_bias": False}), "use_bias of the layer C1"),
        (keras.Sequential([keras.Input((28, 28, 1)), *listing().layers[:5]]), "there are 5 layers"),
        (keras.Sequential, "a Keras model, not"),
    ],
    "05.c": [
        (lambda weight: weight, "come back as they were"),
        (lambda weight: weight.T, "rows and columns have changed places"),
        (lambda weight: weight.reshape(weight.shape[::-1]), "reshape does not move"),
        (lambda weight: to_pytorch(weight) if weight.ndim == 4 else weight, "come back as they were"),
        (lambda weight: weight.transpose(2, 3, 0, 1), "or another order"),
    ],
    "05.d": [
        (lambda count, right: [k for k in range(10) if right[k] <= 0.1 * count[k]], "take <, not <="),
        (lambda count, right: [k for k in range(10) if k not in lost(count, right)], "that are kept"),
        (lambda count, right: [r < 0.1 * c for c, r in zip(count, right, strict=True)], "the digits themselves"),
        (lambda count, right: [k for k in range(10) if right[k] < 0.9 * count[k]], "not wrongly"),
        (lambda count, right: [1, 7], "it should be"),
    ],
    "05.e": [
        (lambda number, counts: names_by_loop(number, counts)[:1], "give all their names"),
        (lambda number, counts: "one", "a list of names, even if"),
        (lambda number, counts: list(counts), "it should be"),
        (lambda number, counts: len(counts), "not int"),
    ],
    "05.1": [
        (44_164, "as it stands"),
        (61_706, "with 84 units"),
        (61_464, "so the outputs see 82"),
        (44_426, "the window of C5 changes here"),
        ("61,444", "give the number, without quotes"),
        ((61, 444), "write 61444 if you mean 61,444"),
        (61_000, "5·5·16 weights"),
    ],
    "05.2": [
        (lambda weight, *_: weight.T, "still in PyTorch's order"),
        (rows_and_columns_swapped, "rows and columns have changed places"),
        (lambda weight, *_: weight.reshape(-1, len(weight)), "reshape alone"),
        (outputs_first, "Dense has them last"),
        (lambda weight, *_: weight, "Dense has them last"),
        (axes_not_flattened, "flatten the first three into one"),
        (maps_in_the_middle, "undo PyTorch's flattening first"),
        (lambda weight, *_: weight.ravel(), "the shape is (72,), but it should be (18, 4)"),
        (lambda weight, maps: weight, "your function raised TypeError"),
        (np.zeros((18, 4)), "give the function itself"),
    ],
    "05.3": [
        (0.4, "multiplied, not added"),
        (0.2, "for one run"),
        (0.64, "both runs lose a digit"),
        (0.96, "at least one run loses a digit"),
        (0.36, "at least one run loses none"),
        (0.0222222, "not two drawn from the ten"),
        (0.5, "their chances are multiplied"),
    ],
    "05.4": [
        (reshaped, "the mistake itself"),
        (lambda weight: weight.transpose(3, 2, 1, 0), "rows and columns have changed places"),
        (lambda weight: weight, "but yours are (3, 2, 5, 4)"),
        (lambda weight: weight.transpose(2, 3, 1, 0)[::-1], "not the order of the numbers"),
    ],
    "05.5": [
        (1200, "has a bias besides"),
        (1248, "not to each link"),
        (1516, "feeds 10"),
        (3216, "not the other way round"),
        (1206, "not to the maps of S2"),
        (216, "there are 6"),
        (48, "Count them from the side of S2"),
    ],
    "05.6": [
        (lk.lenet5(), "the usual LeNet-5"),
        (lenet(activation="relu"), "tanh in C1"),
        (lenet(pool=layers.MaxPooling2D), "average pooling"),
        (lenet(last="softmax"), "none on the outputs"),
        (lenet(side=36), "the images are 32×32×1"),
        (lenet(c5=100), "not 61,470"),
    ],
    "05.7": [
        (lambda model, rng: None, "above 0 for"),
        (lifted, "have to stay 0"),
        (nearly_constant, "hardly differs between digits"),
        (constant, "above 0 for"),
        (without_relu, "has to stay"),
        (lambda model: None, "your function raised TypeError"),
        (lk.lenet5_slides(), "your function raised"),
    ],
}  # fmt: skip
