"""A class's own digits: a page that collects them on telephones and tablets, and the files that it saves, read."""

import json
import pathlib

import numpy as np

from ..data import Digits
from .element import page_element, svg_address
from .still import drawn

FORMAT = "lenet_keras digits, 1"
"""What the collected files say they are."""
FRAME = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="360" height="90" font-family="sans-serif" font-size="15">'
    '<rect width="360" height="90" fill="#fff" stroke="#ccc"/><text x="12" y="36">Here digits are collected,</text>'
    '<text x="12" y="60">by a page that needs scripts.</text></svg>'
)


class Collected(Digits):
    """A class's own digits. Beside what `Digits` has, it knows who wrote them.

    Attributes:
        writers_train, writers_test: the writers' codes, arrays of texts, one for each digit.
    """

    def __init__(self, train, test, writers_train, writers_test):
        super().__init__(*train, *test, "collected")
        self.writers_train, self.writers_test = writers_train, writers_test

    # These are nobody's secret: opening them is not noted, as opening MNIST's test digits is.
    @property
    def x_test(self):
        return self._test[0]

    @property
    def y_test(self):
        return self._test[1]


def collector_element(rounds):
    """The page of `save_collector` as one HTML element.

    Args:
        rounds: how often each digit is asked for, 1 to 50.

    Raises:
        ValueError: for another number.
    """
    if isinstance(rounds, bool) or not isinstance(rounds, int) or not 1 <= rounds <= 50:
        raise ValueError(f"rounds says how often each digit is asked for, a whole number from 1 to 50, not {rounds!r}.")
    facts = {"format": FORMAT, "rounds": rounds}
    alt = "A page that asks for digits, one after the other, and saves them as a file; it needs scripts."
    return page_element("collect", facts, svg_address(FRAME), alt, ["paper.js", "collecting.js"])


def collect(folder, share=0.25, seed=0):
    """Read the files that the collector saved, as a data set split by writer.

    No writer's digits stand on both sides. Where there is one writer only, their digits are split, and the printed
    line says so: such a test tells nothing about other hands.

    Args:
        folder: a folder of files digits-*.json, one or more for each writer.
        share: the least share of the writers whose digits become the test set, between 0 and 1.
        seed: which writers these are.

    Returns:
        Collected: digits named "collected", with their writers; images float32 (n, 32, 32, 1) from -0.1 to 1.175,
        labels int32 (n,), made from the strokes as MNIST's digits were made.

    Raises:
        ValueError: for a folder without such files, or a file that the collector did not write, by its name.

    Source: lesson 22; the split by writer is that of MNIST (article, section III-A).
    """
    if not 0 < share < 1:
        raise ValueError(f"share is the part of the writers to test with, above 0 and below 1, not {share!r}.")
    folder = pathlib.Path(folder)
    paths = sorted(folder.glob("digits-*.json"))
    if not paths:
        raise ValueError(f"There is no file digits-*.json in {folder}: put there what the collecting page saved.")
    writers, images, labels = [], [], []
    for path in paths:
        for writer, digit, strokes in _read(path):
            writers.append(writer)
            labels.append(digit)
            images.append(drawn(strokes))
    writers, images, labels = np.array(writers), np.stack(images), np.array(labels, "int32")
    codes, rng = np.unique(writers), np.random.default_rng(seed)
    if len(codes) > 1:
        held = rng.permutation(codes)[: min(len(codes) - 1, int(np.ceil(share * len(codes))))]
        test, how = np.isin(writers, held), f"{len(codes)} writers, {len(held)} of them to test with"
    else:
        test = np.zeros(len(writers), bool)
        test[rng.permutation(len(writers))[: int(np.ceil(share * len(writers)))]] = True
        how = "one writer, on both sides: other hands may be read worse"
    train = ~test
    digits = Collected((images[train], labels[train]), (images[test], labels[test]), writers[train], writers[test])
    print(f"{str(digits).rstrip('.')}; {how}.")
    return digits


def _read(path):
    """The digits of one file: (writer, digit, strokes) each."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found["format"] != FORMAT:
            raise ValueError
        writer = found["writer"]
        digits = [(writer, each["digit"], each["strokes"]) for each in found["digits"]]
        if not isinstance(writer, str) or not digits:
            raise ValueError
    except (OSError, ValueError, KeyError, TypeError):
        raise ValueError(f"{path.name} is not a file of digits that the collecting page saved.") from None
    for number, (_, digit, strokes) in enumerate(digits, start=1):
        if isinstance(digit, bool) or not isinstance(digit, int) or not 0 <= digit <= 9:
            raise ValueError(f"{path.name}: digit {number} is said to be {digit!r}; it must be a digit from 0 to 9.")
        try:
            drawn(strokes)
        except ValueError as error:
            raise ValueError(f"{path.name}, digit {number}: {error}") from None
    return digits
