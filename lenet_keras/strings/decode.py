"""From a map of outputs to the string that it stands for."""

import numpy as np

from .compose import BLANK


def collapse(classes, blank=BLANK):
    """The string that a row of answers stands for: equal neighbours are one digit, blanks are not written.

    Args:
        classes: (places,), 0 to 9 or blank. Between two equal digits there must be a blank.
        blank: the class that is not written.

    Returns:
        str.
    """
    classes = [int(each) for each in classes]
    kept = [now for before, now in zip([None, *classes], classes, strict=False) if now != before]
    return "".join(str(each) for each in kept if each != blank)


def decode(maps, price=0.0):
    """The strings of the best paths through maps of outputs, found by dynamic programming (Viterbi's algorithm).

    A path takes one class at every place. Its score is the sum of the log-probabilities on it, minus the price of each
    digit that it writes. To stay in the same class writes nothing: between two equal digits there must be a blank.

    Args:
        maps: log-probabilities (n, places, classes), as `sweep` gives them; the last class is the blank.
        price: what it costs to write a digit; with 0 the best path is the largest output at every place.

    Returns:
        array of n texts.

    Raises:
        ValueError: if the maps have another shape, or hold NaN.
    """
    maps = np.asarray(maps, "float64")
    if maps.ndim != 3 or not maps.size or np.isnan(maps).any():
        raise ValueError(f"decode needs maps of shape (n, places, classes), without NaN, not {maps.shape}.")
    n, places, classes = maps.shape
    blank = classes - 1
    prices = np.where(np.arange(classes) == blank, 0.0, price)
    change = prices - prices * np.eye(classes)  # from class (row) to class (column)
    best, came_from = maps[:, 0] - prices, []
    for place in range(1, places):
        paths = best[:, :, None] - change
        came_from.append(paths.argmax(axis=1))
        best = paths.max(axis=1) + maps[:, place]
    path = [best.argmax(axis=1)]
    for step in reversed(came_from):
        path.append(step[np.arange(n), path[-1]])
    return np.array([collapse(row, blank) for row in np.array(path[::-1]).T])


def with_blank(maps, certainty):
    """A blank for maps of a network that knows none: it wins where no class reaches the given certainty.

    Args:
        maps: log-probabilities (n, places, classes).
        certainty: a probability above 0.

    Returns:
        array (n, places, classes + 1).
    """
    maps = np.asarray(maps)
    return np.concatenate([maps, np.full_like(maps[..., :1], np.log(certainty))], axis=-1)
