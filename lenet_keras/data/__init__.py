"""The digits: MNIST where it can be had, scikit-learn's bundled digits where it cannot.

MNIST is looked for in the folder that LENET_DATA names, in the course's data/ folder, in Keras's cache, and is
then downloaded into that cache. LENET_DATA=bundled asks for the bundled digits even where MNIST is at hand.
"""

import os
import sys

import numpy as np

from ..records import DATA
from . import download, mnist
from .placing import centre, crop, resize

__all__ = ["Digits", "INK", "PAPER", "centre", "crop", "find", "load_digits", "load_pixels", "normalise", "resize"]

PAPER, INK = -0.1, 1.175
"""Grey values of paper and of full ink, as the networks take them (article of 1998, section II-B)."""

test_openings = []
"""The cells of this session, by their numbers, in which some `Digits` were asked for their test digits."""
_fallback_was_said = False


class Digits:
    """A data set: images and labels, to train with and to test with.

    From `load_digits` images are float32 (n, 32, 32, 1) from -0.1 (paper) to 1.175 (ink); from `load_pixels`
    they are uint8 (n, 28, 28) from 0 (paper) to 255 (ink). Labels are int32 (n,), 0 to 9.

    A test set tells the truth once. So a cell that asks for `x_test` or `y_test` is noted in `test_openings`;
    `lk.progress` shows in which lessons that happened.

    Attributes:
        x_train, y_train, x_test, y_test: the arrays.
        name: "mnist" or "bundled", or another name for digits of your own.
    """

    def __init__(self, x_train, y_train, x_test, y_test, name):
        self.x_train, self.y_train, self.name = x_train, y_train, name
        self._test = x_test, y_test

    @property
    def x_test(self):
        _note_opening()
        return self._test[0]

    @property
    def y_test(self):
        _note_opening()
        return self._test[1]

    def replace(self, **changes):
        """These digits with other arrays, or another name, in place of some; looking at no test digits."""
        x_test, y_test = self._test
        kept = {"x_train": self.x_train, "y_train": self.y_train, "x_test": x_test, "y_test": y_test}
        return Digits(**(kept | {"name": self.name} | changes))

    def __repr__(self):
        """Which digits, and how many; the line that `load_digits` prints."""
        what = {"mnist": "MNIST", "bundled": "scikit-learn's bundled digits"}.get(self.name, self.name)
        train, test = (0 if labels is None else len(labels) for labels in (self.y_train, self._test[1]))
        return f"Digits: {what}, {train:,} to train with, {test:,} to test with."


def _note_opening():
    # IPython need not be there; where it is, it numbers the cells.
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    cell = shell.execution_count if shell else 0
    if cell not in test_openings:
        test_openings.append(cell)


def load_digits(source="auto"):
    """Load the digits as the course's networks take them, and print one line that says which they are.

    Args:
        source: "mnist"; "bundled" for scikit-learn's 1,797 bundled digits; "auto" for MNIST, or the bundled digits
            where MNIST is not to be had. How MNIST is looked for is said at the top of this module.

    Returns:
        Digits: images float32 (n, 32, 32, 1) from -0.1 to 1.175, labels int32 (n,).

    Raises:
        ValueError: if a copy of MNIST was found but is not usable, or MNIST was asked for and not found.

    Source: article of 1998, section II-B, for 32×32 and for the grey values; lesson 01.
    """
    pixels = load_pixels(source)
    x_test, _ = pixels._test
    return pixels.replace(x_train=normalise(pixels.x_train), x_test=normalise(x_test))


def load_pixels(source="auto"):
    """Load the digits as they are stored: uint8 (n, 28, 28), 0 for paper to 255 for ink.

    Arguments, printed line and errors are those of `load_digits`.
    """
    global _fallback_was_said
    digits, why_not = find(source)
    if why_not and not _fallback_was_said:
        _fallback_was_said = True
        print(f"MNIST was not found ({why_not}), so the course uses smaller digits.")
    print(digits)
    return digits


def find(source="auto"):
    """Find the digits without a word; source and errors are those of `load_digits`.

    Returns:
        (Digits, str or None): the digits as `load_pixels` gives them, and why they are not MNIST; None if they
        are, or if nobody asked for it.
    """
    if source not in ("auto", "mnist", "bundled"):
        raise ValueError(f'source must be "auto", "mnist" or "bundled", not {source!r}.')
    named = mnist.plain_path(os.environ.get("LENET_DATA", ""))
    if source == "bundled" or (source == "auto" and named == "bundled"):
        return _bundled_digits(), None
    if named and named != "bundled":
        begin = f"LENET_DATA is {mnist.printable(named)}, but"
        return _mnist(mnist.read_folder(mnist.named_folder(named), begin)), None
    if mnist.listing(DATA):
        return _mnist(mnist.read_folder(DATA, "In the course's data folder")), None
    near, cache = mnist.near_misses(DATA), download.cache_path()
    why_not = f"LENET_DATA is not set, the data folder has {f'only {near}, not mnist.npz itself' if near else 'none'}"
    if os.path.exists(cache):
        try:
            return _mnist(mnist.read_npz(cache, cache.name)), None
        except ValueError as error:
            why_not += f", the copy in Keras's cache is unusable: {str(error).rstrip('.')}"
    try:
        return _mnist(download.download(cache)), None
    except ValueError as error:
        why_not += f", the download failed: {error}"
    if source == "mnist":
        advice = "Put mnist.npz into the course's data folder, or set LENET_DATA to the folder that holds it."
        raise ValueError(f"MNIST was not found ({why_not}). {advice}")
    return _bundled_digits(), why_not


def _mnist(arrays):
    labels = {name: arrays[name].astype("int32") for name in ("y_train", "y_test")}
    return Digits(**(arrays | labels), name="mnist")


def _bundled_digits():
    """scikit-learn's 1,797 digits of 8×8, enlarged and placed as MNIST's were; 1,437 to train, 360 to test."""
    from sklearn.datasets import load_digits as load_small_digits
    from sklearn.model_selection import train_test_split

    small = load_small_digits()
    images = np.stack([centre(resize(crop(image / 16))) for image in small.images])
    labels = small.target.astype("int32")
    x_train, x_test, y_train, y_test = train_test_split(images, labels, test_size=360, stratify=labels, random_state=0)
    return Digits(x_train, y_train, x_test, y_test, "bundled")


def normalise(pixels):
    """Pad 28×28 digits to 32×32 and map grey 0..255 to -0.1..1.175: x = -0.1 + 1.275 · pixel / 255.

    Args:
        pixels: uint8 array (n, 28, 28).

    Returns:
        float32 array (n, 32, 32, 1).

    Raises:
        ValueError: for another shape or dtype.

    Source: article of 1998, section II-B. The border is paper, so that the ends of strokes can lie in the middle of
    what a C3 unit sees. Lesson 01.
    """
    pixels = np.asarray(pixels)
    if pixels.ndim != 3 or pixels.shape[1:] != (28, 28) or pixels.dtype != np.uint8:
        raise ValueError(f"Pixels must be uint8 of shape (n, 28, 28), not {pixels.dtype} of shape {pixels.shape}.")
    grey = (PAPER + (INK - PAPER) * np.arange(256) / 255).astype("float32")
    images = np.full((len(pixels), 32, 32, 1), PAPER, "float32")
    images[:, 2:30, 2:30, 0] = grey[pixels]
    return images
