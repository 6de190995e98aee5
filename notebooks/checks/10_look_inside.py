"""What the exercises of lesson 10 accept: filters, sub-models, nearest means, maps switched off."""

import functools

import keras
import numpy as np

from lenet_keras.counting import anatomy
from lenet_keras.course.exercises import (
    UNKNOWN,
    Refused,
    a_function,
    a_model,
    a_number,
    compare,
    compare_arrays,
    exercise,
    numbers,
    quiet_digits,
)
from lenet_keras.models import lenet5
from lenet_keras.records import DATA, checked_record
from lenet_keras.training import split

# --------------------------------------------------------------------------------------- turns of the lesson


def edge_share(weights):
    """Which share of a 5×5 filter's squared length lies along the two slopes."""
    down, right = np.mgrid[-2:3, -2:3]
    along = ((weights * down).sum() ** 2 + (weights * right).sum() ** 2) / 50
    return along / (weights**2).sum()


@exercise(
    "10.a",
    a_function,
    hints=[
        "what lies along one slope is the dot product, squared, divided by 50.",
        "add what lies along down and what lies along right.",
        "along = ((weights * down).sum() ** 2 + (weights * right).sum() ** 2) / 50",
    ],
    ours=edge_share,
)
def share_along_slopes(function):
    down, right = np.mgrid[-2:3, -2:3]
    random = np.random.default_rng(10).normal(size=(4, 5, 5))
    cases = [*random, right.astype(float), down - 2.0 * right, 3 - down.astype(float)]
    found = np.array([function.number(case) for case in cases])

    def each(along):
        return np.array([along((w * down).sum(), (w * right).sum()) / (w**2).sum() for w in cases])

    return compare_arrays(
        found,
        each(lambda d, r: (d * d + r * r) / 50),
        [
            (each(lambda d, r: d * d + r * r), "the division by 50, a slope's squared length, is missing."),
            (each(lambda d, r: (d * d + r * r) / 5), "divide by 50: that is the *squared* length already."),
            (each(lambda d, r: (d * d + r * r) / 50**0.5), "divide by 50, not by its root."),
            (each(lambda d, r: (d * d + r * r) / 100), "each slope alone has the squared length 50."),
            (each(lambda d, r: (d + r) ** 2 / 50), "square each dot product, then add."),
            (each(lambda d, r: (abs(d) + abs(r)) / 50), "the dot products have to be squared."),
            (each(lambda d, r: (d + r) / 50), "the dot products have to be squared."),
            (each(lambda d, r: r * r / 50), "that is the slope to the right alone; add the other one."),
            (each(lambda d, r: d * d / 50), "that is the slope downwards alone; add the other one."),
        ],
    )


def values_of(model, name, images):
    """What the layer of that name makes of images."""
    up_to = keras.Model(model.inputs[0], model.get_layer(name).output)
    return keras.ops.convert_to_numpy(up_to(images))


@exercise(
    "10.b",
    a_function,
    hints=[
        "keras.Model takes two things: where to begin, and where to end.",
        "it begins at model.inputs[0] and ends at the output of the layer called name.",
        "up_to = keras.Model(model.inputs[0], model.get_layer(name).output)",
    ],
    ours=values_of,
)
def values_of_a_layer(function):
    keras.utils.set_random_seed(3)
    model = lenet5()
    images = np.random.default_rng(3).uniform(-0.1, 1.175, (3, 32, 32, 1)).astype("float32")
    values, right = images, {}
    for layer in model.layers:
        values = right[layer.name] = np.asarray(layer(values))
    for name in ("C3", "S2", "F6"):
        found = function.array(model, name, images)
        if found.shape == right[name].shape and np.allclose(found, right[name], atol=1e-4):
            continue
        for other, theirs in right.items():
            if found.shape == theirs.shape and np.allclose(found, theirs, atol=1e-4):
                return f"for the layer {name} it ends at {other}: end at model.get_layer(name)."
        if found.shape != right[name].shape:
            return f"for the layer {name} and 3 images the shape is {right[name].shape}, not {found.shape}."
        return (
            "the numbers are others: a sub-model has the same weights, and nothing is trained or built anew."
        )
    return None


def nearest_mean(known, known_labels, values):
    """For each of the values, the class whose mean over the known ones is nearest."""
    means = [known[known_labels == digit].mean(axis=0) for digit in range(10)]
    return np.argmin([np.linalg.norm(values - mean, axis=1) for mean in means], axis=0)


@exercise(
    "10.c",
    a_function,
    hints=[
        "the mean runs over the digits, which are the rows; the length runs over the numbers of one row.",
        "the mean needs axis=0, the length axis=1.",
    ],
    ours=nearest_mean,
)
def class_of_the_nearest_mean(function):
    random = np.random.default_rng(4)
    centres = random.normal(size=(10, 6))
    labels = np.arange(300) % 10
    known = centres[labels] + random.normal(size=(300, 6))
    values = random.normal(size=(80, 6)) * 1.5
    found = function.array(known, labels, values)
    means = np.array([known[labels == digit].mean(axis=0) for digit in range(10)])
    away = values[:, np.newaxis] - means
    if found.shape != (80,):
        return f"for 80 values it must give 80 classes, not an array of shape {found.shape}."
    return compare_arrays(
        found,
        (away**2).sum(axis=2).argmin(axis=1),
        [
            ((away**2).sum(axis=2).argmax(axis=1), "that is the *farthest* mean."),
            (np.zeros(80), "is the mean the same for all classes? Only the rows of one class belong to it."),
            (nearest_mean(values[:10], np.arange(10), values), "the means are those of the *known* rows."),
            (
                away.sum(axis=2).argmin(axis=1),
                "the differences must be squared before they are added: a length.",
            ),
            ((values @ means.T).argmin(axis=1), "a dot product is no distance."),
            (
                (values @ means.T).argmax(axis=1),
                "a dot product is no distance: a long mean would win too often.",
            ),
        ],
    )


def switch_off(values, mean, k):
    """The values of a layer with map k at its mean, whatever the digit."""
    changed = values.copy()
    changed[..., k] = mean[..., k]
    return changed


@exercise(
    "10.d",
    a_function,
    hints=[
        "the mean has no axis for digits: its map k is mean[..., k].",
        "NumPy writes the same map into every digit: changed[..., k] = mean[..., k]",
    ],
    ours=switch_off,
)
def map_at_its_mean(function):
    random = np.random.default_rng(5)
    values, mean = random.normal(size=(4, 3, 3, 5)), random.normal(size=(3, 3, 5))
    for k in (2, 0):
        found = function.array(values, mean, k)
        if function.changed:
            return "the given values are changed too: work on values.copy()."
        if found.shape != values.shape:
            return f"the result has the shape of the values, {values.shape}, not {found.shape}."
        wrong = compare_arrays(
            found,
            switch_off(values, mean, k),
            [
                (switch_off(values, 0 * mean, k), "that is zero; the map is to stay at its mean."),
                (switch_off(values, 0 * mean + mean[..., k].mean(), k), "each place has its own mean."),
                (switch_off(values, 0 * mean + mean.mean(), k), "each place has its own mean."),
                (np.broadcast_to(mean, values.shape), "only map k goes to its mean; the others stay."),
                (
                    switch_off(values, values.mean(axis=0), k),
                    "that is the mean of these digits; take the mean that is given.",
                ),
                (values, "nothing was changed."),
            ],
        )
        if wrong:
            return wrong
    return None


# ------------------------------------------------------------------------------------------------- exercises


@exercise(
    "10.1",
    numbers(4),
    hints=[
        "neighbours in C3 look at windows two pixels apart, each with 14 pixels along a side.",
        "row 3 begins at pixel row 2 · 3, column 8 at pixel column 2 · 8.",
        "the window has 14 pixels along each side, so the last is 13 after the first.",
    ],
)
def window_of_a_unit_of_c3(values):
    row = anatomy(lenet5())["C3"]
    (step, _), (size, _) = row.stride, row.receptive_field

    def window(step=step, size=size, first=0):
        return [first + step * 3, first + step * 3 + size - 1, first + step * 8, first + step * 8 + size - 1]

    top, bottom, left, right = window()
    mistakes = [
        ([top, bottom + 1, left, right + 1], "the last of 14 pixels is only 13 after the first."),
        (window(first=1), "rows and columns are counted from 0."),
        ([left, right, top, bottom], "rows come first, then columns."),
        ([top, left, bottom, right], "the order is first row, last row, first column, last column."),
        ([top, size, left, size], "give the last row and the last column, not how many there are."),
        (window(size=16), "16×16 pixels are what a unit of S4 sees; one of C3 sees less."),
        (window(size=10), "a place of S2 is made from more than 2×2 pixels: C1 has a window of 5×5 itself."),
        (window(size=5), "a window of 5×5 *places of S2* reaches over more than 5×5 pixels."),
        (window(step=1), "one place of C3 is two pixels of the image."),
        (window(step=1, size=5), "these are places of S2; pixels of the image are asked for."),
        (window(step=4, size=16), "that is a unit of S4; C3 comes before it, with half the step."),
    ]
    if np.array_equal(values, window()):
        return None
    for mistaken, why in mistakes:
        if np.array_equal(values, mistaken):
            return why
    return UNKNOWN


@exercise(
    "10.2",
    a_number,
    hints=[
        "how many numbers has such a filter, and so how many directions?",
        "there are 49 directions, and two slopes: a random arrow has the same share along each direction.",
    ],
)
def chance_share_of_larger_filters(answer):
    mistakes = {
        2 / 25: "that is for 5×5.",
        8: "that is for 5×5.",
        1 / 49: "that is one slope; there are two.",
        2 / 7: "7×7 weights are 49 numbers.",
        2 / 14: "7×7 weights are 49 numbers.",
        49 / 2: "the other way round: two directions out of 49.",
    }
    return compare(answer, 2 / 49, mistakes, within=0.001, share=True)


@exercise(
    "10.3",
    a_function,
    hints=[
        "the cosine is the dot product divided by the lengths of both arrows.",
        "the length of weights is the same for all; that of each of the others is not, so divide by it.",
        "take np.abs of the cosines, then np.argmax.",
    ],
)
def filter_most_alike(function):
    random = np.random.default_rng(6)
    found, dots, others_of = [], [], []
    for case in range(12):
        weights = random.normal(size=(5, 5))
        others = random.normal(size=(8, 5, 5)) * random.uniform(0.2, 4, size=(8, 1, 1))
        if case % 2:
            others[random.integers(8)] = -0.5 * weights + 0.2 * random.normal(size=(5, 5))
        found.append(function.number(weights, others))
        dots.append((others * weights).sum(axis=(1, 2)))
        others_of.append((weights, others))
    lengths = [np.sqrt((others**2).sum(axis=(1, 2))) for _, others in others_of]
    cosines = np.array(dots) / lengths
    right = np.abs(cosines).argmax(axis=1)
    distances = np.array([((others - weights) ** 2).sum(axis=(1, 2)) for weights, others in others_of])
    if np.allclose(
        found, np.abs(cosines).max(axis=1) / np.sqrt([(w**2).sum() for w, _ in others_of]), rtol=1e-4
    ):
        return "that is the cosine; give the *number* of the filter that has it."
    return compare_arrays(
        np.array(found, float),
        right,
        [
            (cosines.argmax(axis=1), "the sign is to be left out: a filter and its negative are alike."),
            (np.abs(dots).argmax(axis=1), "the lengths of the others differ: divide each dot product by it."),
            (np.argmax(dots, axis=1), "the lengths of the others differ, and the sign is to be left out."),
            (distances.argmin(axis=1), "that is the smallest distance; the angle is asked for."),
            (np.abs(cosines).argmin(axis=1), "that is the *least* alike."),
            (right + 1, "filters are counted from 0."),
        ],
    )


@exercise(
    "10.4",
    a_function,
    hints=[
        "after map 0 was switched off, is it on again when map 1 is?",
        "values is changed in place: from round to round more maps are off.",
        "make a copy in each round: changed = values.copy(), and change that.",
    ],
)
def errors_with_each_map_off(function):
    random = np.random.default_rng(7)
    values = random.normal(size=(60, 2, 2, 5)).astype("float32")
    mean, weights = values.mean(axis=0), random.normal(size=(20, 10)).astype("float32")

    def rest(values):
        return values.reshape(len(values), -1) @ weights

    labels = rest(values).argmax(axis=1)
    found = function.array(rest, values, mean, labels)
    if function.changed:
        return "the values that it is given are still changed: work on a copy."

    def counts(filling, kept=False):
        given, result = values.copy(), []
        for k in range(5):
            changed = given if kept else given.copy()
            changed[..., k] = filling[..., k]
            result.append(np.sum(rest(changed).argmax(axis=1) != labels))
        return np.array(result)

    if found.shape != (5,):
        return f"for 5 maps it must give 5 numbers, not an array of shape {found.shape}."
    return compare_arrays(
        found,
        counts(mean),
        [
            (
                counts(mean, kept=True),
                "the maps before are still off: begin each round from the given values.",
            ),
            (counts(0 * mean), "the map is to stay at its mean, not at zero."),
            (60 - counts(mean), "these are the digits read *rightly*."),
            (counts(mean) / 60, "the number of errors is asked for, not their share."),
        ],
    )


@exercise(
    "10.5",
    numbers(2, ordered=False),
    hints=[
        "for each sentence ask: which control was shown, and does the sentence survive it?",
        "(1): what did the fresh network's maps show? (3): what happened with several maps off?",
        "(4): two dimensions were drawn; by how many numbers does the nearest mean read at F6?",
    ],
)
def sentences_that_follow(values):
    given = {int(value) for value in values}
    reasons = {
        1: "(1): maps of a fresh network show the digit as clearly.",
        3: "(3): this network can spare each of the sixteen, but not all; and of others it says nothing.",
        4: "(4): a plane shows 2 of 84 dimensions, and at F6 itself the rule reads nearly all.",
    }
    for wrong in sorted(given & set(reasons)):
        return reasons[wrong]
    return None if given == {2, 5} else UNKNOWN


@exercise(
    "10.6",
    a_model,
    hints=[
        "the list of layers is that of lesson 04; only Conv2D(16, ...) becomes Conv2D(8, ...).",
        'the names are C1, S2, C3, S4, C5, flatten, F6, output: Conv2D(8, 5, activation="tanh", name="C3").',
        'after building: lk.train(model, digits, "short"), then answer = model.',
    ],
)
def network_with_eight_maps(model):
    names = [layer.name for layer in model.layers]
    if "C3" not in names:
        return "there is no layer called C3: name the layers as in lesson 04."
    maps = model.get_layer("C3").output.shape[-1]
    if maps != 8:
        return f"C3 has {maps} maps; 8 are asked for."
    wanted = lenet5().count_params() - 8 * (6 * 25 + 1) - 8 * 25 * 120
    if model.count_params() != wanted:
        return f"it has {model.count_params():,} parameters, not {wanted:,}: is all the rest as in lesson 04?"
    images, labels, name = _validation()
    wrong = np.mean(model.predict(images[:2000], batch_size=500, verbose=0).argmax(axis=1) != labels[:2000])
    if wrong > (0.1 if name == "mnist" else 0.25):
        return f"it misreads {100 * wrong:.0f} % of the validation digits: was it trained?"
    return None


@functools.cache
def _validation():
    digits = quiet_digits()
    validate = split(digits)[1]
    return digits.x_train[validate], digits.y_train[validate], digits.name


def several_maps(answer):
    """A list of six or more different numbers of maps, 0 to 15."""
    try:
        count = len(answer)
    except TypeError:  # a single number, a function
        count = 1
    values = numbers(count if not isinstance(answer, str) else 6, ordered=False)(answer)
    if len(values) < 6:
        raise Refused(f"six maps or more are asked for, not {len(values)}.")
    if np.any(values % 1) or values.min() < 0 or values.max() > 15:
        raise Refused("the maps of C3 have the numbers 0 to 15.")
    if len(set(values)) < len(values):
        raise Refused("a map stands there twice.")
    return values.astype(int)


@exercise(
    "10.7",
    several_maps,
    hints=[
        "switch off one map; then, each time, the one that costs least *together with those already off*.",
        "for each map still on: copy the values, put its mean in, count the errors; keep the cheapest.",
        "changed[..., maps] = mean[..., maps] holds a whole list of maps at their means.",
    ],
)
def maps_that_can_go_together(maps):
    values, mean, rest, labels, name = _c3_of_the_trained()
    changed = values.copy()
    changed[..., maps] = mean[..., maps]
    wrong = np.mean(keras.ops.convert_to_numpy(rest(changed)).argmax(axis=1) != labels)
    whole = np.mean(keras.ops.convert_to_numpy(rest(values)).argmax(axis=1) != labels)
    if wrong <= (0.025 if name == "mnist" else whole + 0.1):
        return None
    return f"with these {len(maps)} maps off, {100 * wrong:.1f} % are misread; 97.5 % are to be right."


@functools.cache
def _c3_of_the_trained():
    """The shipped network's maps of C3, their means, the rest of the network, labels, and which digits."""
    weights = DATA / "lenet5.weights.h5"
    checked_record(weights)
    model = lenet5()
    model.load_weights(weights)
    digits = quiet_digits()
    learn, _ = split(digits)
    images, labels, name = _validation()
    values = values_of(model, "C3", images)
    mean = values_of(model, "C3", digits.x_train[learn[:5000]]).mean(axis=0)
    rest = keras.Sequential([keras.Input(values.shape[1:]), *model.layers[3:]])
    return values, mean, rest, labels, name
