"""What the exercises of notebook 23 accept: the swept network counted, and the distance of two texts."""

import functools

import numpy as np

from lenet_keras.counting import anatomy
from lenet_keras.course.exercises import a_function, a_number, compare, exercise
from lenet_keras.models import lenet5
from lenet_keras.strings import space_displacement


def outputs(width, pooled_by_s4=2):
    """Columns of the output map for an image so wide, layer by layer; C5's window is as wide as S4's maps."""

    def s4(width):
        return ((width - 4) // 2 - 4) // pooled_by_s4

    return s4(width) - s4(32) + 1


@exercise(
    "23.1",
    a_number,
    hints=[
        "the first window ends at column 32; how many steps of 4 pixels are left after it?",
        "168 columns are left, and the first window counts too.",
        "168 / 4 + 1.",
    ],
)
def outputs_for_200_columns(answer):
    mistakes = {
        42: "so many steps are possible; the first window gives an output before any step.",
        200 / 4: "the last window must end inside the image; it is 32 columns wide.",
        200 / 4 + 1: "the last window must end inside the image; it is 32 columns wide.",
        200 / 32: "the windows overlap: from one to the next it is 4 columns, not 32.",
        200 // 32: "the windows overlap: from one to the next it is 4 columns, not 32.",
        200 - 32 + 1: "the window moves by 4 columns, not by 1.",
        43 * 10: "the number of places is asked, each with its ten classes.",
    }
    return compare(answer, outputs(200), mistakes)


@exercise(
    "23.2",
    a_number,
    hints=[
        "the step is the product of the strides of all layers before C5 (section 3).",
        "S2 halves the maps as before; S4 now makes of three columns one.",
        "1 for C1, 2 for S2, 1 for C3, 3 for S4.",
    ],
)
def step_with_a_larger_s4(answer):
    widths = [next(width for width in range(32, 99) if outputs(width, 3) == count) for count in (2, 3)]
    mistakes = {
        4: "that is the step of the network as it is; what does S4 with a stride of 3 make of S2's step?",
        3: "S2 before it has a stride of 2 already.",
        5: "the strides are multiplied, not added.",
        12: "S4 pools blocks of 3×3 in the place of its blocks of 2×2, not after them.",
        9: "S2 keeps its stride of 2.",
    }
    return compare(answer, widths[1] - widths[0], mistakes)


@exercise(
    "23.3",
    a_number,
    hints=[
        "four more columns of C1's maps, two more of C3's, and one more place for each layer after S4.",
        "C1: 28 · 4 more units on each of 6 maps, with 25 products each.",
        "C3: 10 · 2 more units on each of 16 maps, with 25 products for each of 6 maps.",
        "16,800 and 48,000, and one more C5, F6 and output layer: 400 · 120 + 120 · 84 + 84 · 10.",
    ],
)
def work_for_one_more_output(answer):
    narrow, wide = (anatomy(space_displacement(lenet5(), width)) for width in (200, 204))
    right = wide.macs - narrow.macs
    more = {old.name: new.macs - old.macs for old, new in zip(narrow.rows, wide.rows, strict=True)}
    c1, c3, c5 = more["C1"], more["C3"], more["C5"]
    mistakes = {
        anatomy(lenet5()).macs: "that is what a whole window costs; most of its maps are there already.",
        wide.macs: "that is what all of the image costs; how much more is it than for 200 columns?",
        right - c1 - c3: "C1's and C3's maps grow too, by four columns and by two.",
        c1 + c3: "C5, F6 and the output layer are computed at one more place besides.",
        c1 + c3 + c5: "F6 and the output layer are computed at one more place too.",
        right - c3: "C3's maps grow too, by two columns.",
        right - c1: "C1's maps grow too, by four columns.",
        wide.connections - narrow.connections: "these are connections; biases and pooling multiply nothing.",
    }
    return compare(answer, right, mistakes)


@exercise(
    "23.4",
    a_function,
    hints=[
        "in which order does Flatten write the numbers? Row by row, and in a row column by column.",
        "at each place it writes map after map: the order of NumPy's reshape.",
        "kernel.reshape(rows, columns, maps, units), where maps is whatever is left: -1.",
    ],
)
def as_convolution(function):
    rng = np.random.default_rng(13)
    for rows, columns, maps, units in ((5, 5, 16, 3), (2, 3, 4, 5), (1, 1, 6, 2)):
        dense = rng.normal(size=(rows * columns * maps, units))
        kernel = function.array(dense, rows, columns)
        wanted = (rows, columns, maps, units)
        if kernel.shape != wanted:
            case = f"for {maps} maps of {rows}×{columns} and {units} units"
            return f"{case} the shape is {wanted}, not {kernel.shape}."
        window = rng.normal(size=(rows, columns, maps))
        by_layer = window.ravel() @ dense

        def equal(kernel, window=window, by_layer=by_layer):
            return np.allclose(np.einsum("rcm,rcmu->u", window, kernel), by_layer, rtol=1e-4, atol=1e-4)

        if equal(kernel):
            continue
        if equal(kernel[::-1, ::-1]):
            return "the kernel is flipped; Keras's convolution does not flip it."
        if np.allclose(kernel, dense.reshape(maps, rows, columns, units).transpose(1, 2, 0, 3), atol=1e-4):
            return "the shape is right, but not the order: the maps come last in a window, not first."
        if np.allclose(kernel, dense.reshape(columns, rows, maps, units).transpose(1, 0, 2, 3), atol=1e-4):
            return "the shape is right, but not the order: Flatten reads row by row, not column by column."
        return "the shape is right, but not the order: Flatten reads row by row, and in a row map by map."
    return None


def distance(a, b, replacing=1):
    """Fewest changes from one text to the other, by trying the three last ones."""

    @functools.cache
    def fewest(m, n):
        if not m or not n:
            return m + n
        last = replacing * (a[m - 1] != b[n - 1])
        return min(fewest(m - 1, n) + 1, fewest(m, n - 1) + 1, fewest(m - 1, n - 1) + last)

    return fewest(len(a), len(b))


def differing_places(a, b):
    return sum(one != other for one, other in zip(a, b, strict=False)) + abs(len(a) - len(b))


@exercise(
    "23.5",
    a_function,
    hints=[
        "let table[i, j] be the distance of the first i digits of one text from the first j of the other.",
        "its first row and column are 0, 1, 2 ...: from nothing to j digits takes j changes.",
        "the last change removed a digit, inserted one, or replaced one (free where the two are equal).",
        "it is the least of table[i-1, j] + 1, table[i, j-1] + 1 and table[i-1, j-1] + (the digits differ).",
    ],
)
def edit_distance(function):
    pairs = [("123", "123"), ("7", ""), ("", "12"), ("", ""), ("1234", "234"), ("1123", "123"), ("12", "21")]
    rng = np.random.default_rng(5)
    pairs += [
        tuple("".join(map(str, rng.integers(0, 3, n))) for n in rng.integers(0, 8, 2)) for _ in range(30)
    ]
    found = [function.number(*pair) for pair in pairs]
    mistakes = (
        (differing_places, "so many places differ; but after a digit left out all others move up."),
        (lambda *pair: distance(*pair, replacing=2), "to replace a digit is one change, not two."),
        (lambda a, b: int(a != b), "how many changes are needed, not only whether any is."),
        (lambda a, b: abs(len(a) - len(b)), "digits that must be replaced count too, not only the lengths."),
    )
    for (read, wanted), mine in zip(pairs, found, strict=True):
        right = distance(read, wanted)
        if abs(mine - right) > 1e-6:
            known = next(
                (f": {why}" for wrong, why in mistakes if found == [wrong(*pair) for pair in pairs]), "."
            )
            return f"from {read!r} to {wanted!r} it takes {right}, your function says {mine:g}{known}"
    return None
