"""What the exercises of notebook 20 accept: maps of the plane, noise and thinner strokes."""

import numpy as np
from scipy import ndimage

from lenet_keras.course.exercises import UNKNOWN, a_function, a_number, compare, exercise, numbers
from lenet_keras.distort import affine_maps


@exercise(
    "20.1",
    numbers(2),
    hints=[
        "the image turns about its centre, which is at row 15.5, column 15.5.",
        "the pixel lies 7.5 above the centre and 4.5 to the right of it.",
        "what was above is to the left after the turn, what was to the right is above: 4.5 above, 7.5 left.",
    ],
)
def pixel_after_a_quarter_turn(answer):
    image = np.zeros((32, 32))
    image[8, 20] = 1

    def turned(quarters):
        return np.argwhere(np.rot90(image, quarters))[0]

    def near(place):
        return np.allclose(answer, place, atol=1e-3)

    mistakes = (
        (turned(1)[::-1], "the row comes first, then the column."),
        (turned(3), "so it would be if turned clockwise."),
        (turned(2), "so it would be if turned by 180 degrees."),
        ((20, 8), "this only swaps row and column, which is a mirror, not a turn."),
        ((12, 8), "the centre of the pixels 0 to 31 is at 15.5, not at 16."),
        ((10, 8), "the centre of the pixels 0 to 31 is at 15.5, not at 15."),
        ((-4.5, -7.5), "that is counted from the centre; give the row and the column in the image."),
    )
    if near(turned(1)):
        return None
    return next((why for place, why in mistakes if near(place)), UNKNOWN)


@exercise(
    "20.2",
    a_number,
    hints=[
        "how many pixels lie outside the box? Then each of them is inverted with a probability of 0.1.",
        "outside are 32 · 32 - 20 · 20 pixels.",
        "one in ten of these 624, on average.",
    ],
)
def noise_outside_the_box(answer):
    outside = np.ones((32, 32))
    outside[6:26, 6:26] = 0
    mistakes = {
        62: "an average need not be a whole number; give one digit after the point.",
        0.1 * 32**2: "that is for the whole image; take away the box.",
        0.1 * 20**2: "that is for the pixels inside the box.",
        outside.sum(): "so many pixels lie outside; one in ten of them is inverted, on average.",
        0.9 * outside.sum(): "that is how many stay as they are.",
        0.1 * (28**2 - 20**2): "the image has 32×32 pixels here, not 28×28.",
        0.1 * 12**2: "the outside is the area 32² less the area 20², not the square of 32 - 20.",
    }
    return compare(answer, 0.1 * outside.sum(), mistakes, within=0.04)


@exercise(
    "20.3",
    numbers(2, ordered=False),
    hints=[
        "write the ten digits on a sheet and turn the sheet upside down: which digit has become another one?",
        "0, 1 and 8 stay about what they are; 3, 4 and 7 become nothing that has a label of its own.",
        "one of the two has its loop at the bottom, the other has it at the top.",
    ],
)
def digits_that_become_each_other(answer):
    # On a display of seven segments, a to f around it and g in the middle: half a turn moves each by three.
    shown = dict(enumerate("abcdef bc abged abgcd fgbc afgcd afgedc abc abcdefg abcdfg".split()))
    names = {frozenset(segments): digit for digit, segments in shown.items()}
    becomes = {
        digit: names.get(frozenset(segments.translate(str.maketrans("abcdef", "defabc"))))
        for digit, segments in shown.items()
    }
    first, second = answer
    if first not in becomes or second not in becomes:
        return "give two digits, each from 0 to 9."
    if first == second:
        return "these are two different digits."
    if becomes[first] == second:
        return None
    if sorted(answer) == [2, 5]:
        return "2 and 5 are mirror images, and a turn is no mirror: each of them stays what it is."
    return UNKNOWN


def eroded(image, footprint, outside=-0.1):
    return ndimage.grey_erosion(image, footprint=footprint, mode="constant", cval=outside)


def eroded_while_going(image, footprint):
    """The mistake of a loop that writes into the image that it reads."""
    image = np.pad(image, 1, constant_values=-0.1)
    for row, column in np.ndindex(image.shape[0] - 2, image.shape[1] - 2):
        image[row + 1, column + 1] = image[row : row + 3, column : column + 3][footprint].min()
    return image[1:-1, 1:-1]


@exercise(
    "20.4",
    a_function,
    hints=[
        "which of the five values is the smallest? That becomes the pixel.",
        "np.pad(image, 1, constant_values=-0.1) gives every pixel four neighbours: a frame of paper.",
        "with `framed` for that, framed[:-2, 1:-1] holds the neighbour above of every pixel at once.",
        "np.min([above, below, left, right, image], axis=0) is the whole rest.",
    ],
)
def thinner(function):
    cross = ndimage.generate_binary_structure(2, 1)
    rng = np.random.default_rng(0)
    for shape in ((5, 9), (32, 32)):
        image = rng.uniform(-0.1, 1.175, shape).astype("float32")
        found = function.array(image)
        if found.shape != shape:
            return f"for an image of shape {shape} the result has shape {found.shape}."

        def near(wanted, found=found):
            return np.allclose(found, wanted, atol=1e-5)

        right = eroded(image, cross)
        if near(right):
            continue
        if near(eroded(image, np.ones((3, 3)))):
            return "these are eight neighbours; only those above, below, left and right count."
        if near(image):
            return "the image comes back as it was."
        if near(ndimage.grey_dilation(image, footprint=cross, mode="constant", cval=-0.1)):
            return "that is the largest of the five values: it makes strokes thicker."
        if near(eroded_while_going(image, cross)):
            return "each pixel must see its neighbours as they were: write into a new array."
        if np.allclose(found[1:-1, 1:-1], right[1:-1, 1:-1], atol=1e-5):
            if near(eroded(image, cross, outside=0)):
                return "the inside is right, but not the edge: outside is paper, -0.1, and not 0."
            rolled = [np.roll(image, step, axis) for step in (1, -1) for axis in (0, 1)]
            if near(np.min([image, *rolled], axis=0)):
                return "the inside is right, but not the edge: np.roll brings in the opposite side."
            return "the inside is right, but not the edge: neighbours outside of the image are paper, -0.1."
        return UNKNOWN
    return None


@exercise(
    "20.5",
    a_function,
    hints=[
        "call the place in the original p. Then p = A(q - s): solve it for q.",
        "q = A⁻¹p + s. Now bring that into the same form, a matrix times (p - a shift).",
        "q = A⁻¹(p - t) with A⁻¹t = -s: so t is measured in the original, where the way back ends.",
        "np.linalg.inv(matrix) is the matrix, and -matrix @ shift is the shift.",
    ],
)
def undo(function):
    rng = np.random.default_rng(0)
    for _ in range(3):
        angle, scale, squeeze, shear = rng.uniform((10, 1.1, 1.1, 0.2), (40, 1.4, 1.4, 0.5))
        matrix, shift = affine_maps(angle, scale, squeeze, shear), rng.uniform(1, 4, 2)
        back, back_shift = function.arrays(2, matrix, shift)
        if back.shape != (2, 2) or back_shift.size != 2:
            return (
                "return two things, a matrix of shape (2, 2) and a shift of shape (2,), "
                f"not of shapes {back.shape} and {back_shift.shape}."
            )
        back_shift = back_shift.reshape(2)
        point = rng.uniform(-10, 10, 2)
        # From a place in what comes back to one in the result, and on to the original: the same place again.
        fetched = matrix @ (back @ (point - back_shift) - shift)
        if np.allclose(fetched, point, atol=1e-3):
            continue
        if np.allclose(matrix @ back, np.eye(2), atol=1e-4):
            if np.allclose(back_shift, matrix @ shift, atol=1e-4):
                return "the matrix is right; the shift has the wrong sign."
            if np.allclose(back_shift, -back @ shift, atol=1e-4):
                return (
                    "the matrix is right; for the shift solve A⁻¹t = -s, which brings in A, not its inverse."
                )
            return "the matrix is right; the shift is measured in the original, where the way back ends."
        if np.allclose(back, matrix.T, atol=1e-4):
            return "the transpose undoes a rotation only; a scale, a squeeze or a shear needs the inverse."
        if np.allclose(back, matrix, atol=1e-4):
            return "that matrix goes the same way once more; the way back is its inverse."
        return UNKNOWN
    return None
