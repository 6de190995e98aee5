"""Judging a trained network: its error with an interval, its mistakes, and what refusing to answer buys."""

from typing import NamedTuple

import numpy as np


class ErrorRate(NamedTuple):
    """Errors counted among `total` answers. Rates and bounds are shares, from 0 to 1."""

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


def wilson_interval(errors, total):
    """The 95 % Wilson score interval of a share. It stays between 0 and 1, and is sound for small counts too.

    Args:
        errors: how many of `total` answers were wrong, from 0 to total.
        total: how many answers were counted, at least 1.

    Returns:
        (low, high): shares from 0 to 1.

    Raises:
        ValueError: if these are no counts, or impossible ones.

    Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209-212; shown in notebook 08.
    """
    from scipy import stats

    if not (0 <= errors <= total and total >= 1 and errors % 1 == total % 1 == 0):
        raise ValueError(f"errors must be a count from 0 to total, and total at least 1, not {errors} of {total}.")
    low, high = stats.binomtest(int(errors), int(total)).proportion_ci(method="wilson")
    return float(low), float(high)


def error_rate(labels, answers):
    """Count the answers that differ from the labels.

    Args:
        labels: the true classes (n,).
        answers: the answered classes (n,).

    Returns:
        ErrorRate: printed as a percentage with its 95 % interval.

    Raises:
        ValueError: if the shapes differ or are not (n,) with n at least 1.
    """
    labels, answers = np.asarray(labels), np.asarray(answers)
    if labels.ndim != 1 or labels.shape != answers.shape or not labels.size:
        found = f"{labels.shape} and {answers.shape}"
        raise ValueError(f"labels and answers must both have shape (n,), n at least 1, not {found}.")
    return ErrorRate(int(np.count_nonzero(labels != answers)), len(labels))


def probabilities(model, images):
    """A network's answers as probabilities: the softmax of its logits.

    Args:
        model: a network from images to logits (n, classes); LeNet-5 takes images (n, 32, 32, 1).
        images: array of the shape that the network takes, n at least 1.

    Returns:
        float32 array (n, classes), from 0 to 1; each row adds up to 1.

    Raises:
        ValueError: if the images do not fit the network or hold a value that is not a number.
    """
    from scipy import special

    images = np.asarray(images, "float32")
    wanted = tuple(model.input_shape[1:])
    if images.ndim != 1 + len(wanted) or not len(images) or images.shape[1:] != wanted:
        found = "×".join(map(str, images.shape))
        raise ValueError(f"The network needs images of shape (n, {', '.join(map(str, wanted))}), not {found}.")
    if not np.isfinite(images).all():
        raise ValueError("The images hold values that are not finite numbers (NaN or infinity).")
    return special.softmax(model.predict(images, batch_size=1000, verbose=0), axis=1)


def _checked_probabilities(probabilities, labels):
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
    """Where the wrong answers are, the surest first; of equally sure ones the earlier first.

    The answer is the class with the largest probability, and this probability is its confidence.

    Args:
        probabilities: (n, classes), from 0 to 1.
        labels: the true classes (n,).
        count: how many to return; None for all.

    Returns:
        int array: indices into the labels.

    Raises:
        ValueError: if the shapes do not fit, or a probability is not one.
    """
    probabilities, labels = _checked_probabilities(probabilities, labels)
    wrong = np.flatnonzero(probabilities.argmax(axis=1) != labels)
    order = np.argsort(-probabilities[wrong].max(axis=1), kind="stable")
    return wrong[order][:count]


class RejectionCurve(NamedTuple):
    """Error against rejection: a point for each different confidence, at each at least one digit is answered."""

    rejected: np.ndarray
    """(points,): the share of digits that are refused, from 0 to less than 1, rising."""
    error: np.ndarray
    """(points,): the share of wrong answers among the digits that are answered."""
    threshold: np.ndarray
    """(points,): the smallest confidence with which an answer is still given."""

    def reach(self, error):
        """The smallest share of digits to refuse so that at most the share `error` of the others is wrong.

        It is 1.0 if every digit must be refused. For half a per cent `error` is 0.005.
        """
        reached = self.rejected[self.error <= error]
        return float(reached[0]) if len(reached) else 1.0


def rejection_curve(probabilities, labels):
    """What the error becomes when the least confident answers are withheld (as in the article's Fig. 10).

    Confidence is the largest probability. Digits of equal confidence are refused together or not at all.

    Args:
        probabilities: (n, classes), from 0 to 1.
        labels: the true classes (n,).

    Returns:
        RejectionCurve: at its first point nothing is refused.

    Raises:
        ValueError: if the shapes do not fit, or a probability is not one.
    """
    probabilities, labels = _checked_probabilities(probabilities, labels)
    confidence, wrong = probabilities.max(axis=1), probabilities.argmax(axis=1) != labels
    order = np.argsort(confidence, kind="stable")
    confidence, errors_left = confidence[order], wrong[order][::-1].cumsum()[::-1]
    refused, n = np.arange(len(labels)), len(labels)
    possible = np.r_[True, confidence[1:] > confidence[:-1]]
    return RejectionCurve((refused / n)[possible], (errors_left / (n - refused))[possible], confidence[possible])
