"""What the turns and exercises of lesson 19 accept: networks counted, rivals compared by error and cost."""

import math

import keras
import numpy as np
from scipy import stats

import lenet_keras as lk
from lenet_keras.course.exercises import (
    UNKNOWN,
    a_function,
    a_model,
    a_number,
    compare,
    exercise,
    numbers,
    quiet_digits,
)
from lenet_keras.layers import PartialConv2D, Subsampling
from lenet_keras.models import LENET1_TABLE

# ------------------------------------------------------------------------------------------------- turns


@exercise(
    "19.a",
    a_function,
    hints=[
        'map 2 sees maps 1 and 2; counted from 0 that is the text "01".',
        'Subsampling(name="S2") follows the first convolution, Subsampling(name="S4") the second.',
        'table = ["0", "01", "01", "1", "01", "01", "2", "23", "23", "3", "23", "23"]',
    ],
    ours=lk.lenet1,
)
def the_network_of_1989(function):
    model = function()
    if not isinstance(model, keras.Sequential):
        return "the function gives back the keras.Sequential."
    kinds = [type(layer).__name__ for layer in model.layers]
    right = ["Conv2D", "Subsampling", "PartialConv2D", "Subsampling", "Flatten", "Dense"]
    if kinds.count("Subsampling") != 2:
        return f"two blanks are Subsampling layers; yours has {kinds.count('Subsampling')} of them."
    if kinds != right or model.input_shape != (None, 28, 28, 1):
        return f"the layers are {', '.join(right)}, on images of 28×28."
    table = [sorted(maps) for maps in model.layers[2].table]
    wanted = [[int(each) for each in maps] for maps in LENET1_TABLE]
    if table == wanted:
        return None
    if len(table) != 12:
        return f"the table has a text for each of the twelve maps; yours has {len(table)}."
    if any(max(maps) > 3 for maps in table) or [[each - 1 for each in maps] for maps in table] == wanted:
        return "the texts count maps from 0: the four maps are 0, 1, 2 and 3."
    if table[:6] == wanted[:6]:
        return "the first half is right; maps 7 to 12 do the same with the other two maps."
    place = next(place for place in range(12) if table[place] != wanted[place])
    return f"look at map {place + 1} again."


def sizes_of_lenet4(links):
    """Parameters and connections of LeNet-4 as printed, with so many links into C3."""
    parameters = {
        "C1": 4 * 26,
        "S2": 8 * 2,
        "C3": 25 * links + 16,
        "S4": 16 * 2,
        "F5": 120 * 401,
        "output": 121 * 10,
    }
    connections = {"C1": 784 * 4 * 26, "S2": 196 * 8 * 5, "C3": 100 * (25 * links + 16), "S4": 25 * 16 * 5}
    return sum(parameters.values()), sum(connections.values()) + 120 * 401 + 121 * 10


@exercise(
    "19.b",
    a_function,
    hints=[
        "a link has 25 weights; add 16 biases. A unit of F5 has 16·5·5 weights and a bias.",
        "parameters: 25 * links + 16 for C3, 120 * (16 * 25 + 1) for F5.",
        "connections: 100 times those of C3, for each place; those of F5 are its parameters, used once.",
    ],
    ours=sizes_of_lenet4,
)
def sizes_by_links(function):
    for links in (1, 47, 128):
        found = [float(each) for each in np.ravel(function.array(links))]
        parameters, connections = sizes_of_lenet4(links)
        if len(found) != 2:
            return "give back two numbers: parameters and connections."
        if found == [parameters, connections]:
            continue
        if found == [connections, parameters]:
            return "first the parameters, then the connections."
        for number, right, what in zip(
            found, (parameters, connections), ("parameters", "connections"), strict=True
        ):
            places = 100 if what == "connections" else 1
            for wrong, why in (
                (
                    right - 16 * places,
                    f"{what}: the 16 biases of C3 are missing{' (at 100 places)' * (places > 1)}.",
                ),
                (right - 120, f"{what}: the 120 biases of F5 are missing."),
                (right - 16 * places - 120, f"{what}: the biases of C3 and F5 are missing."),
                (
                    right + (links - 16) * places,
                    f"{what}: a map has one bias, not one for each of its links.",
                ),
                (right - 120 * 401, f"{what}: F5 is missing."),
                (right - places * (25 * links + 16), f"{what}: C3 is missing."),
                (right - 99 * (25 * links + 16), f"{what}: the windows of C3 are used at 10×10 places."),
                (right - 99 * 16, f"{what}: the bias of a map is a connection at each of 100 places."),
                (right - 120 * 15 * 25, f"{what}: a unit of F5 is joined to all 16 maps."),
            ):
                if abs(number - wrong) < 0.5:
                    return why
        return UNKNOWN
    return None


def mcnemar(misread_a, misread_b):
    """The p-value of two machines that misread these test digits."""
    only_a, only_b = len(set(misread_a) - set(misread_b)), len(set(misread_b) - set(misread_a))
    return float(stats.binomtest(only_a, only_a + only_b).pvalue) if only_a + only_b else 1.0


@exercise(
    "19.c",
    a_function,
    hints=[
        "only_a = len(set(misread_a) - set(misread_b)), and the other way round.",
        "the tosses are only_a + only_b; the heads are one of the two.",
        "return stats.binomtest(only_a, only_a + only_b).pvalue",
    ],
    ours=mcnemar,
)
def a_paired_test(function):
    rng = np.random.default_rng(0)
    for sizes in ((60, 90), (90, 60), (30, 33), (5, 5)):
        a, b = (sorted(rng.permutation(120)[:size].tolist()) for size in sizes)
        found, right = function.number(a, b), mcnemar(a, b)
        if abs(found - right) < 1e-6:
            continue
        only_a, only_b = len(set(a) - set(b)), len(set(b) - set(a))
        tosses = only_a + only_b
        for wrong, why in (
            (
                stats.binomtest(len(a), len(a) + len(b)).pvalue,
                "digits that both misread are counted here: leave them out.",
            ),
            (
                stats.binomtest(only_a, tosses, alternative="less").pvalue,
                "either machine may be the better one: two-sided.",
            ),
            (
                stats.binomtest(only_a, tosses, alternative="greater").pvalue,
                "either may be the better one: two-sided.",
            ),
            (
                stats.chi2.sf((only_a - only_b) ** 2 / tosses, 1),
                "that is the approximation; use stats.binomtest.",
            ),
            (
                stats.chi2.sf((abs(only_a - only_b) - 1) ** 2 / tosses, 1),
                "that is the approximation; use stats.binomtest.",
            ),
            (stats.binomtest(only_a, len(set(a) | set(b))).pvalue, "the tosses are only_a + only_b."),
            (stats.binomtest(only_a, 10_000, 0.5).pvalue, "the tosses are only_a + only_b, not all digits."),
            (only_a, "that is a count; give back the p-value."),
            (right / 2, "binomtest already counts both sides."),
        ):
            if abs(found - wrong) < 1e-9:
                return why
        if not 0 <= found <= 1:
            return "a p-value lies between 0 and 1."
        return UNKNOWN
    return None


def front_of(points):
    """The names of the points that no other one beats."""
    return [
        name
        for name, (cost, error) in points.items()
        if not any(c <= cost and e <= error and (c, e) != (cost, error) for c, e in points.values())
    ]


POINTS = {
    "a": (10, 9.0),
    "b": (20, 5.0),
    "c": (20, 6.0),
    "d": (30, 5.0),
    "e": (40, 2.0),
    "f": (5, 20.0),
    "g": (50, 2.5),
}
TWINS = {"one": (10, 3.0), "twin": (10, 3.0), "beaten": (11, 3.0)}


@exercise(
    "19.d",
    a_function,
    hints=[
        "no more in both: its_cost <= cost and its_error <= error.",
        "a point must not beat itself, nor its twin: at least one of the two must be smaller.",
        "its_cost <= cost and its_error <= error and (its_cost < cost or its_error < error)",
    ],
    ours=front_of,
)
def the_front(function):
    for points in (POINTS, TWINS):
        found = function(points)
        if not isinstance(found, (list, tuple, set)) or not all(isinstance(each, str) for each in found):
            return "give back a list of names."
        found, right = set(found), set(front_of(points))
        if found == right:
            continue
        if found == set(points) - right:
            return "these are the beaten ones; asked are the others."
        if not found:
            return "a point must not beat itself."
        if points is TWINS and found <= right:
            return "two equal points do not beat each other: one must be smaller in something."
        strict = {n for n, (c, e) in points.items() if not any(a < c and b < e for a, b in points.values())}
        if found == strict:
            return "equal in one and better in the other is enough to beat."
        either = {n for n, (c, e) in points.items() if not any(a < c or b < e for a, b in points.values())}
        if found == either:
            return "the other one must be no worse in both: and, not or."
        more = sorted(found - right)
        return f"{more[0]} is beaten." if more else f"{sorted(right - found)[0]} is not beaten by any."
    return None


# -------------------------------------------------------------------------------------- exercises


@exercise(
    "19.1",
    a_number,
    hints=[
        "only C3 changes; section 1 prints the counts of the other layers.",
        "each of the 12 maps has a window of 5×5 for each of the 4 maps, and one bias.",
        "2,578 without the 512 of C3, and 12 · (4 · 25 + 1) in their place.",
    ],
)
def lenet1_with_all_links(answer):
    rows = {row.name: row.parameters for row in lk.anatomy(lk.lenet1()).rows}
    others, full = sum(rows.values()) - rows["C3"], 12 * (4 * 25 + 1)
    mistakes = {
        others + full - 12: "the biases of C3 are missing: one for each of its maps.",
        others + 48 * 26: "a map of C3 has one bias, not one for each link.",
        full: "that is C3 alone; the whole network is asked.",
        full - 12: "that is the windows of C3 alone; the whole network is asked.",
        others + rows["C3"]: "that is LeNet-1 as it is, with 20 links.",
        others: "C3 is left out here; it has a new number of parameters.",
    }
    return compare(answer, others + full, mistakes)


@exercise(
    "19.2",
    a_number,
    hints=[
        "K-NN on deslanted digits multiplies 20·20 numbers with those of each of 60,000 digits.",
        "section 1 prints the multiply-accumulates of LeNet-1.",
        "60_000 * 400 // 91_520",
    ],
)
def digits_lenet1_reads_meanwhile(answer):
    neighbours, macs = 60_000 * 400, lk.anatomy(lk.lenet1()).macs
    mistakes = {
        60_000 * 784 // macs: "that is for 28×28 pixels; deslanted digits are cropped to 20×20.",
        neighbours // 98_442: "these are its connections; products are asked.",
        neighbours // 2578: "that is the numbers it stores; each of them is used at many places.",
        neighbours // 416_520: "that is lk.lenet5(); LeNet-1 is asked.",
        math.ceil(neighbours / macs): "round down: the last digit is not finished.",
        1: "count products, not seconds.",
    }
    if (
        math.floor(answer) == neighbours // macs
        and answer != neighbours // macs
        and answer < neighbours // macs + 1
    ):
        return "round down to a whole number."
    return compare(answer, neighbours // macs, mistakes)


def refused_for(scores, labels, error):
    """The smallest share of digits to refuse so that at most the share `error` of the others is wrong."""
    scores, labels = np.asarray(scores), np.asarray(labels)
    best = np.sort(scores, axis=1)
    wrong = (scores.argmax(axis=1) != labels)[np.argsort(best[:, -1] - best[:, -2], kind="stable")]
    for refused in range(len(labels)):
        if wrong[refused:].mean() <= error:
            return refused / len(labels)
    return 1.0


def _scores(seed, count=60):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 10, count)
    return rng.normal(size=(count, 10)) + 2.2 * (labels[:, None] == np.arange(10)), labels


@exercise(
    "19.3",
    a_function,
    hints=[
        "np.sort(scores, axis=1) sorts each row; its last two columns are the two best scores.",
        "order the digits by that difference, the smallest first (np.argsort), and refuse them one by one.",
        "for refused in range(n): if wrong[order[refused:]].mean() <= error: return refused / n",
    ],
)
def a_price_in_digits(function):
    for seed, error in ((1, 0.1), (0, 0.05), (2, 0.2), (3, 0.9)):
        scores, labels = _scores(seed)
        found, right = function.number(scores, labels, error), refused_for(scores, labels, error)
        if abs(found - right) < 1e-6:
            continue
        best = np.sort(scores, axis=1)
        wrong, n = scores.argmax(axis=1) != labels, len(labels)
        shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        gap, only_best = best[:, -1] - best[:, -2], best[:, -1]

        def first(confidence, of_all=False, n=n, wrong=wrong, error=error):
            order = np.argsort(confidence, kind="stable")
            left = [wrong[order[k:]].sum() / (n if of_all else n - k) for k in range(n)]
            return next((k for k in range(n) if left[k] <= error), n) / n

        for mistaken, why in (
            (1 - right, "that is the share that is answered; the share refused is asked."),
            (
                first(only_best),
                "that refuses by the best score alone; the difference of the two best is asked.",
            ),
            (
                first(shares.max(axis=1)),
                "that refuses by the largest probability; the difference of the two best is asked.",
            ),
            (first(gap, of_all=True), "the error is that of the digits that are answered, not of all."),
            (first(-gap), "the digits with the smallest difference are refused first."),
            (right * n, "give a share of the digits, not their number."),
            (100 * right, "give a share from 0 to 1, not per cent."),
            (first(best[:, -1] - best[:, 0]), "the two best scores, not the best and the worst."),
        ):
            if abs(found - mistaken) < 1e-9:
                return why
        return UNKNOWN
    return None


def passes_for(size, batch_size, updates, passes):
    return max(passes, math.ceil(updates / math.ceil(size / batch_size)))


@exercise(
    "19.4",
    a_function,
    hints=[
        "1,000 digits in batches of 64: how many updates has one pass, the last, smaller batch included?",
        "how many updates are made in all, if the passes are rounded down? And with 60,000 digits?",
        "max(passes, math.ceil(updates / math.ceil(size / batch_size)))",
    ],
)
def passes_that_are_enough(function):
    def down(size, batch, updates, passes):
        return updates // (size // batch) if size >= batch else 0

    def up_of_down(size, batch, updates, passes):
        return max(passes, math.ceil(updates / max(1, size // batch)))

    def down_of_up(size, batch, updates, passes):
        return max(passes, updates // math.ceil(size / batch))

    def without_passes(size, batch, updates, passes):
        return math.ceil(updates / math.ceil(size / batch))

    for given in (
        (1000, 64, 2500, 8),
        (60_000, 64, 2500, 8),
        (100, 33, 10, 1),
        (64, 64, 7, 2),
        (50, 64, 7, 2),
        (15_000, 64, 2500, 8),
    ):
        found, right = function.number(*given), passes_for(*given)
        if found == right:
            continue
        size, batch, updates, passes = given
        told = (
            f"for {size:,} digits in batches of {batch}, at least {updates:,} updates and {passes} passes: "
        )
        for mistaken, why in (
            (without_passes, "the number of passes must not fall below `passes` either."),
            (down_of_up, "rounded down, there are too few updates."),
            (up_of_down, "the last, smaller batch of a pass is an update too."),
            (down, "the last, smaller batch is an update too, and rounding down leaves too few."),
        ):
            if found == mistaken(*given):
                return told + why
        if not float(found).is_integer():
            return "the number of passes is a whole number."
        return f"{told}it is {right:,}, not {found:g}."
    return None


@exercise(
    "19.5",
    numbers(2),
    hints=[
        "each machine is paired with each other one once: 20 · 19 / 2 pairs.",
        "if two machines are equally good, p falls below 0.05 in about 5 % of such pairs.",
        "[20 * 19 / 2, 0.05 * 20 * 19 / 2]",
    ],
)
def pairs_told_apart_by_luck(answer):
    pairs, luck = answer
    if pairs in (400, 380, 210):
        return "each pair is counted once, and no machine is paired with itself: 20 · 19 / 2."
    if pairs != 190:
        return UNKNOWN
    if abs(luck - 9.5) < 1e-6:
        return None
    if abs(luck - 180.5) < 1e-6:
        return "these are the pairs that luck does not tell apart."
    if abs(luck - 1) < 1e-6 or abs(luck - 0.05) < 1e-6:
        return "0.05 is the probability for one pair; here are 190."
    if luck in (9, 10):
        return "on the average, so it need not be a whole number."
    return UNKNOWN


@exercise(
    "19.6",
    a_model,
    hints=[
        "to feed each of four maps into two: x = layers.Concatenate()([x, x]), then Subsampling(name=...).",
        "any table with 16 texts and 47 digits in all will do: 15 texts of three digits and one of two.",
        "C5 with 120 maps is layers.Conv2D(120, 5, activation=squash) on 5×5; then Flatten and Dense(10).",
    ],
)
def lenet4_as_printed(model):
    if (model.input_shape, model.output_shape) != ((None, 32, 32, 1), (None, 10)):
        shapes = f"{model.input_shape[1:]} to {model.output_shape[1:]}"
        return f"it leads from images (32, 32, 1) to ten numbers, not from {shapes}."
    inside = [layer for layer in model.layers if isinstance(layer, Subsampling)]
    tables = [layer for layer in model.layers if isinstance(layer, PartialConv2D)]
    if len(inside) < 2:
        return f"two layers are Subsampling; yours has {len(inside)}."
    *before, last = [layer.coefficient.shape[0] for layer in inside]
    first = sum(before)  # the 8 maps may come out of two layers, joined
    if first == 4:
        return "there are 8 subsampling maps: each of the four maps feeds two."
    if (first, last) != (8, 16):
        return f"8 and 16 maps are subsampled, not {first} and {last}."
    if len(tables) != 1:
        return "the 16 maps are a PartialConv2D with a table."
    links = len(tables[0].links)
    if links != 47:
        return f"the table has 47 links; yours has {links}."
    parameters, _ = sizes_of_lenet4(47)
    found = model.count_params()
    others = parameters - 120 * 401 - 1210
    mistakes = {
        found: f"it has {found:,} parameters, not {parameters:,}: go through the layers of section 2."
    }
    mistakes |= {
        others + 84 * 401 + 850: "120 units, not 84.",
        others + 37 * 401 + 380: "37 units is the stand-in; as printed there are 120.",
        others + 4010: "between the 16 maps and the outputs there are 120 units.",
    }
    return compare(found, parameters, mistakes)


GOAL = {"mnist": 5.0, "bundled": 3.0}
"""Validation error in per cent that the project must stay below."""
LEARNED, JUDGED = 2000, 3000


@exercise(
    "19.7",
    a_function,
    hints=[
        "a starting point: the nearest of the 2,000 digits, on lk.distort.deslanted digits in rows of 400.",
        "sklearn.svm.SVC(C=10), with its default kernel, on deslanted digits is better than K-NN.",
        "model = SVC(C=10).fit(rows(images), labels); return model.predict(rows(new_images))",
    ],
)
def a_rival_of_your_own(function):
    images, labels, new_images, wanted, name = _for_the_project()
    answers = function.array(images, labels, new_images)
    if answers.shape != wanted.shape:
        return f"give back one class for each new image, of shape {wanted.shape}, not {answers.shape}."
    if function.changed:
        return "your function changes the arrays it is given: make new ones."
    error = 100 * np.mean(answers != wanted)
    if error > 80:
        return f"its error is {error:.1f} %, that of guessing: does it learn from images and labels?"
    if error >= GOAL[name]:
        return f"its error is {error:.2f} %; the goal is below {GOAL[name]:g} %."
    return None


def _for_the_project():
    digits = quiet_digits()
    learn, validate = lk.split(digits)
    few = np.random.default_rng(4).permutation(learn)[:LEARNED]
    new = np.random.default_rng(5).permutation(validate)[:JUDGED]
    return digits.x_train[few], digits.y_train[few], digits.x_train[new], digits.y_train[new], digits.name
