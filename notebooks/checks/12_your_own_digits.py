"""What the exercises of notebook 12 accept."""

import math

import numpy as np

from lenet_keras.course.exercises import exercise


def unchecked(answer):
    return answer


def _number(answer, right, hint, tolerance=0.0):
    if np.ndim(answer) or not math.isfinite(answer):
        return "the answer is one finite number."
    return None if abs(answer - right) <= tolerance else hint


@exercise("12.1", unchecked, [])
def _(answer):
    answer = np.asarray(answer, float)
    if answer.shape != (2,):
        return "the answer is a list of two numbers: rows, columns."
    if answer[0] < answer[1]:
        return "rows come first; the box has more rows than columns."
    return (
        None if answer.tolist() == [20, 7] else "the longer side becomes 20; what becomes of the proportions?"
    )


@exercise("12.2", unchecked, [])
def _(answer):
    rng = np.random.default_rng(12)
    for ground, ink in ((200, 40), (40, 200), (230, 120), (90, 160), (10, 250), (100, 20), (150, 215)):
        picture = np.tile(np.linspace(0, 25, 90), (80, 1)) + ground + rng.normal(0, 2, (80, 90))
        picture[20:60, 40:48] += ink - ground  # a stroke of 4 % of the picture
        found = answer(np.clip(picture, 0, 255).astype("uint8"))
        if not isinstance(found, (bool, np.bool_)):
            return "the function returns True or False."
        if found != (ink > ground):
            return f"a stroke of brightness {ink} on a ground of {ground} is {'' if ink > ground else 'not '}chalk."
    return None


@exercise("12.3", unchecked, [])
def _(answer):
    page = np.zeros((40, 40), bool)
    page[2:6, 2:6] = page[6:9, 6:9] = True  # touch at a corner: 25 pixels
    page[20, 3:10] = True  # 7
    page[30:33, 30] = True  # 3
    for smallest, right in ((1, 3), (4, 2), (7, 2), (8, 1), (17, 1), (26, 0)):
        found = answer(page.copy(), smallest)
        if found == right + 1 and smallest < 10:
            return "one mark too many: do marks that touch at a corner only count as one?"
        if found != right:
            return f"marks of 25, 7 and 3 pixels hold {right} of at least {smallest}, not {found}."
    return None


@exercise("12.4", unchecked, [])
def _(answer):
    image = np.random.default_rng(4).uniform(-0.1, 1.175, (32, 32, 1)).astype("float32")
    before = image.copy()
    found = np.asarray(answer(image))
    if not np.array_equal(image, before):
        return "the function changed the image that it was given; work on a copy."
    if found.shape != image.shape:
        return f"the result has shape {found.shape}, not {image.shape}."
    padded = np.pad(before[..., 0], 1, constant_values=-1)
    right = np.max(
        [padded[1:-1, 1:-1], padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:]], 0
    )
    if np.abs(found[..., 0] - right)[1:-1, 1:-1].max() > 1e-6:
        return "a pixel inside is not the largest of itself and its neighbours above, below, left and right."
    blank = np.full((32, 32, 1), -0.1, "float32")
    if (
        np.abs(found[..., 0] - right).max() > 1e-6
        or np.abs(np.asarray(answer(blank.copy())) - blank).max() > 1e-6
    ):
        return "inside all is right; look at the border."
    return None


@exercise("12.5", unchecked, [])
def _(answer):
    import pathlib

    path = pathlib.Path(answer)
    if not path.is_file():
        return f"there is no file {path.name}."
    page = path.read_text(encoding="utf-8", errors="replace")
    if "lenet-pad" not in page:
        return "that file is not a pad; lk.save_pad writes one."
    if '"kind":"convolution"' in page:
        return "the network in that pad has a convolution."
    return None if '"kind":"dense"' in page else "the network in that pad has no dense layer."
