"""What the turns and exercises of lesson 20 accept: maps, ink, Keras's layers, noise, networks."""

import functools

import keras
import numpy as np

from lenet_keras.course.exercises import (
    UNKNOWN,
    Refused,
    a_function,
    a_number,
    a_reader,
    compare,
    exercise,
    numbers,
    quiet_digits,
)
from lenet_keras.data import INK, PAPER
from lenet_keras.distort import affine_maps, noise, warped
from lenet_keras.evaluation import probabilities
from lenet_keras.training import split


@functools.cache
def digits():
    return quiet_digits()


# --------------------------------------------------------------------------------------- turns of the lesson


def source(row, column, matrix, shift):
    """The place of the original from which a pixel of the result is fetched."""
    return matrix @ (np.array([row, column]) - 15.5 - shift) + 15.5


@exercise(
    "20.a",
    a_function,
    hints=[
        "p = A(q - s): take the shift off, then multiply by the matrix.",
        "that place is counted from the centre; to count it from the corner, add 15.5 again.",
        "return matrix @ (from_centre - shift) + 15.5",
    ],
    ours=source,
)
def where_a_pixel_comes_from(function):
    rng = np.random.default_rng(0)
    for _ in range(3):
        place, shift = rng.integers(3, 28, 2), rng.uniform(1, 3, 2)
        matrix = affine_maps(*rng.uniform((10, 1.1, 1.1, 0.2), (40, 1.4, 1.4, 0.5)))
        found = function.array(*place, matrix, shift)
        if found.shape == (2, 2):
            return "a matrix is multiplied with a pair by @, not by *."
        if found.size != 2:
            return f"the place is a pair, (row, column), not an array of shape {found.shape}."
        q = place - 15.5

        def near(wanted, found=found):
            return np.allclose(found.reshape(2), wanted, atol=1e-3)

        p = matrix @ (q - shift)
        if near(p + 15.5):
            continue
        mistakes = (
            (p, "that is counted from the centre; add 15.5, so that it counts from the corner again."),
            (p + 16, "the centre of the rows 0 to 31 is at 15.5, not at 16."),
            (matrix @ (place - 16 - shift) + 16, "the centre of the rows 0 to 31 is at 15.5, not at 16."),
            (matrix @ q + 15.5, "the shift is missing: take it off from_centre first."),
            (matrix @ (q + shift) + 15.5, "the shift has to be taken off, not added."),
            (matrix @ q - shift + 15.5, "first the shift is taken off, then comes the matrix."),
            (matrix @ q + shift + 15.5, "first the shift is taken off, then comes the matrix."),
            (p + shift + 15.5, "the shift is taken off once, and not added again."),
            (
                np.linalg.inv(matrix) @ (q - shift) + 15.5,
                "no inverse: A leads from the result to the original.",
            ),
            (matrix.T @ (q - shift) + 15.5, "matrix @ pair, not pair @ matrix."),
            (matrix @ (place - shift), "count from the centre: from_centre, not row and column."),
            ((p + 15.5)[::-1], "the row comes first, then the column."),
        )
        return next((why for wrong, why in mistakes if near(wrong)), UNKNOWN)
    return None


def ink_left(before, after):
    """The ink left, in per cent."""
    return 100 * np.sum(after - PAPER) / np.sum(before - PAPER)


@exercise(
    "20.b",
    a_function,
    hints=[
        "the ink of a pixel is its value minus PAPER; add it up over all pixels and images.",
        "(after - PAPER).sum() is the ink that is left.",
        "return 100 * (after - PAPER).sum() / (before - PAPER).sum()",
    ],
    ours=ink_left,
)
def how_much_ink_is_left(function):
    rng = np.random.default_rng(0)
    for count in (1, 4):
        before = rng.uniform(PAPER, INK, (count, 32, 32, 1)).astype("float32")
        before[:, 0] = PAPER  # as the upper edge of every digit: who takes off the least value is right
        kept = rng.uniform(0.1, 0.9, (count, 1, 1, 1)).astype("float32")
        after = PAPER + kept * (before - PAPER)
        found, right = function.number(before, after), float(ink_left(before, after))
        shares = (after - PAPER).sum(axis=(1, 2, 3)) / (before - PAPER).sum(axis=(1, 2, 3))
        mistakes = {
            right / 100: "give it in per cent: times 100.",
            100 - right: "that is the ink that is lost; asked is what is left.",
            10_000 / right: "the other way round: divide what is left by what was there.",
            100 * float(after.sum() / before.sum()): "paper must count as 0: take PAPER off both.",
            float((after - PAPER).sum()): "divide by the ink of before.",
            100
            * float(
                (after + PAPER).sum() / (before + PAPER).sum()
            ): "take PAPER off: minus, since it is −0.1.",
        }
        if count > 1:
            mistakes[100 * float(shares.mean())] = "add up all the ink first, then divide once."
        if (wrong := compare(found, right, mistakes, within=1e-3)) is not None:
            return wrong
    return None


def distorting_layers():
    """Keras's layers for shifts of 2 pixels, sizes of 12 % and rotations of 12 degrees."""
    paper = {"fill_mode": "constant", "fill_value": PAPER}
    return [
        keras.layers.RandomTranslation(2 / 32, 2 / 32, **paper),
        keras.layers.RandomZoom(0.12, 0.12, **paper),
        keras.layers.RandomRotation(12 / 360, **paper),
    ]


@exercise(
    "20.c",
    a_function,
    hints=[
        "RandomTranslation wants shares of the height and of the width: 2 pixels of 32.",
        "RandomRotation wants a share of a full turn, which has 360 degrees.",
        "RandomTranslation(2 / 32, 2 / 32, **paper), and RandomRotation(12 / 360, **paper)",
    ],
    ours=distorting_layers,
)
def layers_that_distort(function):
    found = function()
    names = ["RandomTranslation", "RandomZoom", "RandomRotation"]
    if not isinstance(found, (list, tuple)) or [type(each).__name__ for each in found] != names:
        raise Refused(f"your function must give back a list of three layers, {', '.join(names)}.")
    for layer in found:
        config = layer.get_config()
        if config["fill_mode"] != "constant" or abs(config["fill_value"] - PAPER) > 1e-6:
            return f"what comes in from outside is paper: {type(layer).__name__} lacks **paper."

    def amount(layer, name):
        return float(np.max(np.abs(layer.get_config()[name])))

    moved, _, turned = found
    for name in ("height_factor", "width_factor"):
        mistakes = {
            2 / 28: "our images are 32 pixels high and wide, not 28.",
            4 / 32: "2 pixels either way: the layer takes the share for one direction.",
            1 / 32: "2 pixels either way: the layer takes the share for one direction.",
            0.02: "2 pixels of 32 are no 2 %.",
        }
        wrong = compare(amount(moved, name), 2 / 32, mistakes, within=6e-4)
        if wrong is not None:
            return "RandomTranslation wants 2 of 32 pixels as a share." if wrong is UNKNOWN else wrong
    mistakes = {
        12: "that would be twelve full turns: RandomRotation wants a share of one.",
        0.12: "0.12 of a full turn are 43 degrees.",
        6 / 360: "12 degrees either way: the layer takes the share for one direction.",
        12 / 180: "a full turn has 360 degrees, and the layer takes the share for one direction.",
        float(np.radians(12)): "that is in radians; RandomRotation wants a share of a full turn.",
    }
    wrong = compare(amount(turned, "factor"), 12 / 360, mistakes, within=6e-4)
    return "RandomRotation wants 12 of 360 degrees as a share." if wrong is UNKNOWN else wrong


# -------------------------------------------------------------------------------------------------- exercises


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


@exercise(
    "20.3",
    a_number,
    hints=[
        "the layer takes a share of something: of what?",
        "of a full turn, 360 degrees.",
        "0.12 * 360",
    ],
)
def degrees_of_a_rotation(answer):
    mistakes = {
        12: "that is what was wanted, not what the program does.",
        43: "give one digit after the point.",
        0.12: "0.12 is the share; how many degrees is that?",
        0.12 * 180: "a full turn has 360 degrees.",
        2 * 0.12 * 360: "that is from the one end to the other; asked is how far it turns either way.",
        float(np.degrees(0.12)): "the share is not in radians; it is a share of a full turn.",
        12 / 360: "that is what should stand there; asked is how far 0.12 turns.",
    }
    return compare(answer, 0.12 * 360, mistakes, within=0.04)


@exercise(
    "20.4",
    a_function,
    hints=[
        "paper and ink change places; grey in the middle between them stays what it is.",
        "a value and its inverse lie equally far from that middle, (PAPER + INK) / 2, on either side.",
        "return np.abs(image - (PAPER + INK) / 2)",
    ],
)
def what_noise_cannot_hide(function):
    rng = np.random.default_rng(0)
    images = [rng.uniform(PAPER, INK, (32, 32)).astype("float32") for _ in range(2)]
    kept = []
    for image in images:
        found = [function.array(image)]
        if found[0].shape != (32, 32):
            return f"for an image of shape (32, 32) the result has shape {found[0].shape}."
        for _ in range(3):
            inverted = np.where(rng.random((32, 32)) < 0.5, PAPER + INK - image, image).astype("float32")
            found.append(function.array(inverted))
        if not np.isfinite(found).all():
            return "the result holds values that are no finite numbers."
        if np.ptp(found, axis=0).max() > 1e-4:
            near = np.allclose(found[0], np.abs(image - 0.5), atol=1e-4)
            near = near or np.allclose(found[0], np.abs(image), atol=1e-4)
            if near:
                return "nearly: the middle between paper and ink is neither 0 nor 0.5."
            return "it changes when pixels are inverted: what do a value and its inverse share?"
        kept.append(found[0])
    if np.allclose(*kept, atol=1e-3):
        return "it does not change, but it is the same for every image, too."
    return None


@functools.cache
def errors_of_neighbours(shifts):
    """Errors of the three nearest neighbours on validation digits, by learned digits moved so."""
    from sklearn.neighbors import KNeighborsClassifier

    x, y, (learn, validate) = digits().x_train, digits().y_train, split(digits())
    learn, validate = learn[:1000], validate[:1000]
    many = np.concatenate([warped(x[learn], shift=shift) for shift in shifts]).reshape(-1, 32 * 32)
    machine = KNeighborsClassifier(n_neighbors=3).fit(many, np.tile(y[learn], len(shifts)))
    return int((machine.predict(x[validate].reshape(-1, 32 * 32)) != y[validate]).sum())


STAYS, AROUND = ((0, 0),), ((-1, 0), (1, 0), (0, -1), (0, 1))


@exercise(
    "20.5",
    numbers(2),
    hints=[
        "lk.distort.warped(images, shift=(0, 1)) moves to the right; np.concatenate joins the five.",
        "np.tile(labels, 5) repeats the labels; images.reshape(len(images), -1) makes a row of each.",
        "count (machine.predict(rows of the validation digits) != their labels).sum() for both machines.",
    ],
)
def neighbours_with_moved_copies(answer):
    right = errors_of_neighbours(STAYS), errors_of_neighbours(STAYS + AROUND)
    judged = min(1000, len(split(digits())[1]))

    def near(pair):
        return np.allclose(answer, pair, atol=1.01)  # a tie may be decided otherwise

    if near(right):
        return None
    mistakes = (
        (right[::-1], "first without copies, then with them."),
        (np.subtract(judged, right), "these are the digits read rightly; count the errors."),
        ((right[0], right[0]), "the same twice: are the copies moved?"),
        ((right[0], errors_of_neighbours(AROUND)), "the 1,000 digits themselves belong to the 5,000, too."),
    )
    for pair, why in mistakes:
        if near(pair):
            return why
    for scale in (judged, judged / 100):
        if np.allclose(np.multiply(answer, scale), right, atol=1.01):
            return "give the numbers of errors, not shares of the digits."
    if abs(answer[0] - right[0]) <= 1.01:
        return "the first number is right; see the copies, their labels and what they are joined to."
    return UNKNOWN


GOALS = {"mnist": (6, 12, 10), "bundled": (8, 25, 25)}
"""Errors in per cent that the project must stay below: as they are, turned, with noise."""


@exercise(
    "20.6",
    a_reader(32),
    hints=[
        'lk.distort.distorted(images, epoch, {"rotation": 30, "noise": 0.1}) is new in each epoch.',
        "4,000 digits are too few: take 20,000 of learn, for four epochs with a falling rate.",
        "Adam, batches of 64 and a rate that falls from 0.004 to 0 are enough.",
    ],
)
def a_network_that_stands_three_distortions(model):
    validate = split(digits())[1]
    x, y = digits().x_train[validate], digits().y_train[validate]

    def error(images):
        found = probabilities(model, images)
        if not np.isfinite(found).all():
            raise Refused("its answers are not finite numbers: the training blew up; take a smaller rate.")
        return 100 * float((found.argmax(axis=1) != y).mean())

    goals = GOALS[digits().name]
    straight = error(x)
    if straight > 80:
        return f"it misreads {straight:.1f} % as they are, as guessing does: was it trained?"
    turned = max(error(warped(x, affine_maps(rotation=angle))) for angle in (-30, 30))
    for name, found, goal in zip(
        ("as they are", "turned by 30 degrees, the worse way", "with noise"),
        (straight, turned, error(noise(x, 0, 0.1))),
        goals,
        strict=True,
    ):
        if found >= goal:
            return f"{name}, it misreads {found:.1f} %; the goal is below {goal} %."
    return None
