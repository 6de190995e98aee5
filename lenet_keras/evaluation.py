"""Judging a trained network: its error with an interval, its mistakes, and what refusing to answer buys."""

import math
from typing import NamedTuple

import numpy as np


class ErrorRate(NamedTuple):
    """Errors counted in a number of answers. Rates and interval bounds are shares, from 0 to 1."""

    errors: int
    total: int

    @property
    def rate(self):
        """Share of wrong answers."""
        return self.errors / self.total

    @property
    def interval(self):
        """(low, high): the 95 % Wilson interval of the rate."""
        return wilson_interval(self.errors, self.total)

    def __str__(self):
        low, high = self.interval
        return (
            f"{100 * self.rate:.2f} % error ({self.errors:,} of {self.total:,}), "
            f"95 % interval {100 * low:.2f} to {100 * high:.2f} %"
        )


def wilson_interval(errors, total, z=1.959964):
    """The Wilson score interval of a share, which stays between 0 and 1 and is sound for small counts too.

    Args:
        errors: how many of `total` answers were wrong, 0 to total.
        total: how many answers were counted, at least 1.
        z: standard deviations to each side; 1.96 makes it a 95 % interval.

    Returns:
        (low, high): shares from 0 to 1.

    Raises:
        ValueError: if the counts are impossible.

    Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209-212.
    """
    if total < 1 or not 0 <= errors <= total:
        raise ValueError(f"errors must lie between 0 and total, and total be at least 1, not {errors} of {total}.")
    errors, total = float(errors), float(total)  # a NumPy integer of 32 bits would overflow below
    share = errors / total
    centre = share + z * z / (2 * total)
    half_width = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return max(0.0, (centre - half_width) / scale), min(1.0, (centre + half_width) / scale)


def error_rate(labels, answers):
    """Count the answers that differ from the labels.

    Args:
        labels: true classes, shape (n,).
        answers: answered classes, shape (n,).

    Returns:
        ErrorRate: prints as a percentage with its 95 % interval.

    Raises:
        ValueError: if the shapes differ or are not (n,) with n at least 1.
    """
    labels, answers = np.asarray(labels), np.asarray(answers)
    if labels.ndim != 1 or labels.shape != answers.shape or not labels.size:
        raise ValueError(
            f"labels and answers must both have shape (n,), n at least 1, not {labels.shape} and {answers.shape}."
        )
    return ErrorRate(int(np.count_nonzero(labels != answers)), len(labels))


def probabilities(model, images):
    """The ten probabilities a network that answers with logits gives each image.

    Args:
        model: a network from images (n, 32, 32, 1) to logits (n, 10).
        images: array of that shape, n at least 1.

    Returns:
        float32 array (n, 10), from 0 to 1; each row adds up to 1.

    Raises:
        ValueError: if the images do not fit the network or hold a value that is not a number.
    """
    images = np.asarray(images, "float32")
    wanted = tuple(model.input_shape[1:])
    if images.ndim != 1 + len(wanted) or not len(images) or images.shape[1:] != wanted:
        found = "×".join(map(str, images.shape))
        raise ValueError(f"The network needs images of shape (n, {', '.join(map(str, wanted))}), not {found}.")
    if not np.isfinite(images).all():
        raise ValueError("The images hold values that are not finite numbers (NaN or infinity).")
    logits = model.predict(images, batch_size=1000, verbose=0)
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def _checked(probabilities, labels):
    probabilities, labels = np.asarray(probabilities), np.asarray(labels)
    if probabilities.ndim != 2 or labels.shape != probabilities.shape[:1] or not labels.size:
        raise ValueError(
            f"probabilities must have shape (n, classes) and labels (n,), n at least 1, "
            f"not {probabilities.shape} and {labels.shape}."
        )
    if not ((probabilities >= 0) & (probabilities <= 1)).all():
        raise ValueError("probabilities must lie between 0 and 1: turn logits into them by softmax.")
    return probabilities, labels


def most_confident_mistakes(probabilities, labels, count=None):
    """Where the wrong answers are, the surest first.

    The answer is the class of the largest probability, its confidence. Among equals the earlier comes first.

    Args:
        probabilities: shape (n, classes), from 0 to 1.
        labels: true classes, shape (n,).
        count: how many to return; None for all.

    Returns:
        int array: indices into the labels.

    Raises:
        ValueError: if the shapes do not fit, or a probability is not one.
    """
    probabilities, labels = _checked(probabilities, labels)
    wrong = np.flatnonzero(probabilities.argmax(axis=1) != labels)
    order = np.argsort(-probabilities[wrong].max(axis=1), kind="stable")
    return wrong[order][:count]


class RejectionCurve(NamedTuple):
    """Error against rejection, a point for each different confidence. Shares from 0 to 1.

    At least one digit is answered at every point.
    """

    rejected: np.ndarray
    """Share of digits refused, shape (points,), rising from 0."""
    error: np.ndarray
    """Share of wrong answers among the digits that are answered, shape (points,)."""
    threshold: np.ndarray
    """The smallest confidence that is still answered, shape (points,)."""

    def reach(self, error):
        """The smallest share of digits to refuse so that at most this share of the rest is wrong.

        1.0 if that takes refusing every digit. The error is a share too: 0.005 for half a per cent.
        """
        return float(self.rejected[np.flatnonzero(self.error <= error)[0]]) if (self.error <= error).any() else 1.0


def rejection_curve(probabilities, labels):
    """What the error becomes when the least confident answers are withheld.

    Confidence is the largest probability. The error is counted among the answered digits, as in the paper's
    Fig. 10. Digits of equal confidence are refused together or not at all.

    Args:
        probabilities: shape (n, classes), from 0 to 1.
        labels: true classes, shape (n,).

    Returns:
        RejectionCurve: the first point refuses nothing.

    Raises:
        ValueError: if the shapes do not fit, or a probability is not one.
    """
    probabilities, labels = _checked(probabilities, labels)
    confidence = probabilities.max(axis=1)
    order = np.argsort(confidence, kind="stable")
    confidence = confidence[order]
    wrong = (probabilities.argmax(axis=1) != labels)[order]
    n = len(labels)
    answered = n - np.arange(n)
    errors_left = wrong[::-1].cumsum()[::-1]
    possible = np.r_[True, confidence[1:] > confidence[:-1]]
    return RejectionCurve((np.arange(n) / n)[possible], (errors_left / answered)[possible], confidence[possible])
