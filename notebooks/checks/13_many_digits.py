"""What the exercises of notebook 13 accept."""

import functools
import math

import numpy as np

from lenet_keras.counting import anatomy
from lenet_keras.course.exercises import exercise


def unchecked(answer):
    return answer


def _number(answer, right, hint, tolerance=0.0):
    if np.ndim(answer) or not math.isfinite(answer):
        return "the answer is one finite number."
    return None if abs(answer - right) <= tolerance else hint


@exercise("13.1", unchecked, [])
def _(answer):
    hint = "the first window ends at column 32; how many steps of 4 pixels are left after it?"
    return _number(answer, len(range(32, 200 + 1, 4)), hint)


@exercise("13.2", unchecked, [])
def _(answer):
    if answer == 4:
        return "that is the step of the network as it is; what does S4 with a stride of 3 make of S2's step?"
    return _number(answer, math.prod([1, 2, 1, 3]), "multiply the strides of all layers before C5.")


@exercise("13.3", unchecked, [])
def _(answer):
    from lenet_keras.models import lenet5
    from lenet_keras.strings import space_displacement

    wide = [anatomy(space_displacement(lenet5(), width)).macs for width in (200, 204)]
    if answer == anatomy(lenet5()).macs:
        return "that is what a whole window costs; most of its maps have been computed already."
    hint = "four more columns of C1's maps, two more of C3's, and one more place for each layer after S4."
    return _number(answer, wide[1] - wide[0], hint)


@exercise("13.4", unchecked, [])
def _(answer):
    if not callable(answer):
        return "the answer is the function itself, its name without brackets."
    rng = np.random.default_rng(13)
    for rows, columns, maps, units in ((5, 5, 16, 3), (2, 3, 4, 5), (1, 1, 6, 2)):
        dense = rng.normal(size=(rows * columns * maps, units))
        kernel = np.asarray(answer(dense.copy(), rows, columns))
        if kernel.shape != (rows, columns, maps, units):
            return f"for {maps} maps of {rows}×{columns} and {units} units the shape is {kernel.shape}."
        window = rng.normal(size=(rows, columns, maps))
        if not np.allclose(np.einsum("rcm,rcmu->u", window, kernel), window.ravel() @ dense):
            return "the shape is right, but not the order: Flatten reads row by row, and in a row map by map."
    return None


@exercise("13.5", unchecked, [])
def _(answer):
    if not callable(answer):
        return "the answer is the function itself, its name without brackets."

    @functools.cache
    def fewest(a, b):
        if not a or not b:
            return len(a) + len(b)
        return min(fewest(a[1:], b) + 1, fewest(a, b[1:]) + 1, fewest(a[1:], b[1:]) + (a[0] != b[0]))

    pairs = [
        ("", ""),
        ("7", ""),
        ("", "12"),
        ("123", "123"),
        ("1234", "234"),
        ("1123", "123"),
        ("5678", "8765"),
    ]
    rng = np.random.default_rng(5)
    pairs += [
        tuple("".join(map(str, rng.integers(0, 3, n))) for n in rng.integers(0, 8, 2)) for _ in range(30)
    ]
    for read, wanted in pairs:
        found = answer(read, wanted)
        if np.ndim(found) or found != fewest(read, wanted):
            return f"from {read!r} to {wanted!r} it takes {fewest(read, wanted)} changes, your function says {found}."
    return None
