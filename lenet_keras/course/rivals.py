"""What the record of tools/compare_machines.py says of the machines without convolution (lesson 18)."""

import numpy as np

from ..records import load_record

KINDS = ("regular", "deslanted")


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
