"""What the record of tools/compare_machines.py says of the machines without convolution (lesson 18)."""

import numpy as np

from ..records import load_record

KINDS = ("regular", "deslanted")


class Contest:
    """Machines that learn the same digits and answer for the same others.

    Args:
        views: dict from the kind of digits to two arrays of rows, those to learn from and those to answer for.
        truth: int array, the labels of the latter.

    Attributes:
        machines: dict from a machine's name to its function of two arrays of rows, which gives an array of answers.
        answers: dict from (name, kind) to its answers.
    """

    def __init__(self, views, truth):
        self.views, self.truth = views, truth
        self.machines, self.answers = {}, {}

    def score(self, name, machine):
        """Let a machine learn and answer; keep its answers and print its errors."""
        self.machines[name] = machine
        for kind, (x, check) in self.views.items():
            self.answers[name, kind] = machine(x, check)
        wrong = [f"{kind} {100 * (self.answers[name, kind] != self.truth).mean():4.1f} %" for kind in self.views]
        print(f"{name:22}", *wrong, sep="   ")


def errors(rival, digits, learned="few", answer="errors"):
    """Errors in per cent on MNIST's validation digits, one for each seed.

    Args:
        rival: its name in the record, such as "solved" or "LeNet-5".
        digits: "regular" or "deslanted"; for networks "as written" or "shuffled".
        learned: "few" for 4,000 digits, "all" for the 54,000 that `lk.split` gives to learn from.
        answer: which of its kinds of answers, for a rival that has several.

    Returns:
        float array (seeds,); empty if there are no such runs.
    """
    record = load_record("machines")
    wanted = {"rival": rival, "digits": digits, "learned": learned}
    runs = [run for run in record["results"] if wanted.items() <= run.items()]
    wrong = [run["wrong"][answer] for run in sorted(runs, key=lambda run: run["seed"]) if answer in run["wrong"]]
    return 100 * np.array(wrong) / record["settings"]["judged_digits"]


def summary(rival, answer="errors", article=()):
    """Print one line: the errors in per cent from 4,000 digits, mean and range of the draws, and from all digits.

    Args:
        rival, answer: as for `errors`.
        article: names in the article's Fig. 9 whose errors are printed too, those of its test digits.
    """
    line = f"{rival if answer == 'errors' else answer:18}"
    for kind in KINDS:
        few, every = (errors(rival, kind, learned, answer) for learned in ("few", "all"))
        line += f" {kind} {few.mean():4.1f} ({few.min():4.1f} to {few.max():4.1f})"
        line += f", all {every[0]:4.1f};" if len(every) else ";"
    printed = load_record("paper")["fig_9_test_error_in_percent"]
    print(line.removesuffix(";"))
    for name in article:
        print(f"{'':18} the article, {name}: {printed[name]}")


def quadratic(images, labels, new_images, ridge):
    """Answers of the polynomial machine of lesson 18: 40 components, their products, and least squares with a ridge.

    Args:
        images: (n, pixels), the digits to learn from.
        labels: int array (n,), their classes.
        new_images: (m, pixels), the digits to answer for.
        ridge: number added to the diagonal; the larger it is, the smaller the weights.

    Returns:
        int array (m,).
    """
    mean = images.mean(axis=0, dtype=float)
    components = np.linalg.eigh(np.cov((images - mean).T))[1][:, -40:]  # those of the largest variances
    rows, columns = np.triu_indices(40)

    def inputs(images):
        few = (images - mean) @ components
        return np.hstack([few, few[:, rows] * few[:, columns], np.ones((len(few), 1))])

    x, targets = inputs(images), 2.0 * (labels[:, np.newaxis] == np.arange(10)) - 1
    weights = np.linalg.solve(x.T @ x + ridge * np.eye(x.shape[1]), x.T @ targets)
    return (inputs(new_images) @ weights).argmax(axis=1)
