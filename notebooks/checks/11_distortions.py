"""What the exercises of notebook 11 accept."""

import math

import numpy as np

from lenet_keras.course.exercises import exercise


def unchecked(answer):
    return answer


def _number(answer, right, hint, tolerance=0.0):
    if np.ndim(answer) or not math.isfinite(answer):
        return "the answer is one finite number."
    return None if abs(answer - right) <= tolerance else hint


@exercise("11.1", unchecked, [])
def _(answer):
    if np.shape(answer) != (2,):
        return "the answer is a list of two numbers."
    image = np.zeros((32, 32))
    image[8, 20] = 1
    for turns, what in ((3, "clockwise"), (2, "by 180 degrees")):
        if np.array_equal(np.argwhere(np.rot90(image, turns)), [answer]):
            return f"so it would be if turned {what}."
    if np.array_equal(np.argwhere(np.rot90(image)), [answer]):
        return None
    return "the centre is at row 15.5, column 15.5: what lies to the right of it is above it after the turn."


@exercise("11.2", unchecked, [])
def _(answer):
    return _number(
        answer, 0.1 * (32 * 32 - 20 * 20), "count the pixels outside; one in ten of them, on average.", 1e-6
    )


@exercise("11.3", unchecked, [])
def _(answer):
    if np.shape(answer) != (2,):
        return "the answer is a list of two digits."
    return (
        None
        if sorted(answer) == [6, 9]
        else "turn each of your digits upside down: does it become the other?"
    )


@exercise("11.4", unchecked, [])
def _(answer):
    from scipy import ndimage

    if not callable(answer):
        return "the answer is the function itself, its name without brackets."
    cross = ndimage.generate_binary_structure(2, 1)
    for shape in ((32, 32), (5, 9)):
        image = np.random.default_rng(0).uniform(-0.1, 1.175, shape).astype("float32")
        found = np.asarray(answer(image.copy()))
        if found.shape != shape:
            return f"for an image of shape {shape} the result has shape {found.shape}."
        right = ndimage.grey_erosion(image, footprint=cross, mode="constant", cval=-0.1)
        if np.allclose(found, ndimage.grey_erosion(image, size=3, mode="constant", cval=-0.1)):
            return "these are eight neighbours; only those above, below, left and right count."
        if np.allclose(found, right):
            continue
        if np.allclose(found[1:-1, 1:-1], right[1:-1, 1:-1]):
            return (
                "the inside is right, but not the edge: the neighbours outside of the image are paper, -0.1."
            )
        return "which of the five values is the smallest? That becomes the pixel."
    return None


@exercise("11.5", unchecked, [])
def _(answer):
    if not callable(answer):
        return "the answer is the function itself, its name without brackets."
    rng = np.random.default_rng(0)
    for _ in range(5):
        matrix, shift, point = (
            np.eye(2) + 0.3 * rng.normal(size=(2, 2)),
            rng.normal(size=2),
            rng.normal(size=2),
        )
        back, back_shift = (np.asarray(part, float) for part in answer(matrix.copy(), shift.copy()))
        if back.shape != (2, 2) or back_shift.shape != (2,):
            return "return two things: a matrix (2, 2) and a shift (2,)."
        fetched = matrix @ (
            back @ (point - back_shift) - shift
        )  # from the second result to the first original
        if not np.allclose(fetched, point):
            if np.allclose(matrix @ back, np.eye(2)):
                return "the matrix is right; the shift must be measured in the original, where the way back ends."
            return "p = A(q - s): solve it for q, and bring that into the same form."
    return None
