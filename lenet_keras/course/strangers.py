"""Images that are no digits, made from nothing but strokes, noise and the digits themselves (lesson 09)."""

import numpy as np

from .. import distort
from ..data import INK, PAPER
from ..pages.still import drawn

LETTERS = {
    "A": [[(0.2, 0.9), (0.5, 0.1), (0.8, 0.9)], [(0.32, 0.6), (0.68, 0.6)]],
    "E": [[(0.75, 0.1), (0.3, 0.1), (0.3, 0.9), (0.75, 0.9)], [(0.3, 0.5), (0.65, 0.5)]],
    "H": [[(0.25, 0.1), (0.25, 0.9)], [(0.75, 0.1), (0.75, 0.9)], [(0.25, 0.5), (0.75, 0.5)]],
    "K": [[(0.3, 0.1), (0.3, 0.9)], [(0.75, 0.1), (0.3, 0.55), (0.75, 0.9)]],
    "M": [[(0.15, 0.9), (0.2, 0.1), (0.5, 0.6), (0.8, 0.1), (0.85, 0.9)]],
    "T": [[(0.2, 0.1), (0.8, 0.1)], [(0.5, 0.1), (0.5, 0.9)]],
    "W": [[(0.1, 0.1), (0.3, 0.9), (0.5, 0.4), (0.7, 0.9), (0.9, 0.1)]],
    "X": [[(0.2, 0.1), (0.8, 0.9)], [(0.8, 0.1), (0.2, 0.9)]],
}
"""Letters that look like no digit, as strokes: points (across, down) on a paper from 0 to 1."""
CLOTHES = {
    "shirt": [
        (0.3, 0.15), (0.7, 0.15), (0.95, 0.35), (0.85, 0.5), (0.72, 0.42), (0.72, 0.9), (0.28, 0.9), (0.28, 0.42),
        (0.15, 0.5), (0.05, 0.35),
    ],
    "trousers": [(0.3, 0.1), (0.7, 0.1), (0.8, 0.9), (0.6, 0.9), (0.5, 0.35), (0.4, 0.9), (0.2, 0.9)],
    "dress": [(0.38, 0.1), (0.62, 0.1), (0.6, 0.4), (0.85, 0.9), (0.15, 0.9), (0.4, 0.4)],
    "bag": [(0.1, 0.45), (0.3, 0.45), (0.35, 0.2), (0.65, 0.2), (0.7, 0.45), (0.9, 0.45), (0.9, 0.9), (0.1, 0.9)],
}  # fmt: skip
"""Corners of clothing-like shapes, on a paper from 0 to 1."""
RANGES = {"shift": 1, "scale": 0.1, "squeeze": 0.1, "shear": 0.1, "rotation": 8}
"""How the drawn ones differ from each other, as `lk.distort.distorted` takes it."""


def filled(corners):
    """A polygon full of ink, 20 pixels high, in the middle of the image (32, 32, 1)."""
    from matplotlib.path import Path

    fine = 8  # each pixel is looked at 8×8 times
    places = (np.indices((20 * fine, 20 * fine)).reshape(2, -1).T[:, ::-1] + 0.5) / (20 * fine)
    inside = Path([*corners, corners[0]]).contains_points(places).reshape(20, fine, 20, fine).mean(axis=(1, 3))
    image = np.full((32, 32, 1), PAPER, "float32")
    image[6:26, 6:26, 0] += inside * (INK - PAPER)
    return image


def strangers(images, seed=0):
    """Images of seven kinds that are no single digit.

    Args:
        images: digits (n, 32, 32, 1), from which some kinds are put together.
        seed: of what is random.

    Returns:
        dict from the kind to float32 images (n, 32, 32, 1), paper -0.1 to ink 1.175.
    """
    rng = np.random.default_rng(seed)
    count = len(images)
    others = images[rng.permutation(count)]

    def repeated(pictures):
        every = np.stack(pictures)[np.arange(count) % len(pictures)]
        return distort.distorted(every, seed, RANGES)

    side_by_side = np.full_like(images, PAPER)  # each squeezed to half its width
    for left, half in ((2, images), (16, others)):
        side_by_side[:, 6:26, left : left + 14] = half[:, 6:26, 2:30].reshape(count, 20, 14, 2, 1).mean(axis=3)
    halves = images.copy()
    halves[:, 16:] = others[:, 16:]
    pixels = images.reshape(count, -1)
    grey = rng.uniform(PAPER, INK, images.shape)
    return {
        "letters": repeated([drawn(strokes) for strokes in LETTERS.values()]),
        "clothes": repeated([filled(corners) for corners in CLOTHES.values()]),
        "two digits": side_by_side,
        "halves of two": halves,
        "pixels shuffled": rng.permuted(pixels, axis=1).reshape(images.shape),
        "grey noise": grey.astype("float32"),
        "inverted": (PAPER + INK - images).astype("float32"),
    }
