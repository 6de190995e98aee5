"""Find the mistakes that the article draws in its Fig. 8 in MNIST's test file: python tools/locate_mistakes.py

The article of 1998 shows the 82 test digits that one of its networks misread, each as label → answer, but not where
they stand in the file. If the list keeps the file's order, each mistake must stand after the one before it, at a digit
with its label. Many such places are possible. They are weighed by networks of the course: with which probability would
each of these digits be misread, and as what? The weights of all ways to place the whole list are added up by running
through the file once forward and once backward, as hidden Markov models are read.

Controls, in the same record: the list shuffled; the networks' own lists of mistakes, whose places are known; and the
mistakes that each list has in common with the shipped network, which has no part in placing them.

Writes data/mistakes_1998.json. Networks that are missing are trained first, see `trained` in tools/train.py; the rest
takes about a minute. Needs MNIST; opens its test digits.
"""

import numpy as np
import record as records
import train

import lenet_keras as lk

RECORD = records.DATA / "mistakes_1998.json"
JUDGED, WITNESSES = "standard, seed 1", [f"standard, seed {seed}" for seed in range(2, 8)]
DISTORTED = "distorted"
FLOOR = 1e-5
"""Added to each probability: what no network of ours would answer is rare, not impossible."""
SURE = 0.9
SHUFFLES, HALF = 30, 5001
"""How often the list is shuffled; the test digits of SD-1's writers, which come first in the file."""


def mistake_weights(probabilities, labels):
    """What the networks say of each digit: log(probability of each answer / probability of the right one).

    Args:
        probabilities: (networks, n, 10).
        labels: (n,).

    Returns:
        (n, 10) array; and the log-probability that all digits are read rightly.
    """
    mean = np.mean(probabilities, axis=0, dtype=float) + FLOOR
    mean /= mean.sum(axis=1, keepdims=True)
    right = np.log(mean[np.arange(len(labels)), labels])
    return np.log(mean) - right[:, np.newaxis], right.sum()


def place(mistakes, weights, labels):
    """Place a list of mistakes into the file, in its order, in all ways at once.

    Args:
        mistakes: (k, 2): label and answer of each.
        weights: (n, 10), from `mistake_weights`.
        labels: (n,).

    Returns:
        total: the log of the weights of all ways, added up; and a (k, n) array: the probability that mistake k is
        digit n, given that the list keeps the order.
    """
    fits = [np.where(labels == label, weights[:, answer], -np.inf) for label, answer in mistakes]
    # before[k][i]: all ways to place the first k mistakes among the first i digits; after: the rest behind them.
    before, after = [np.zeros(len(labels) + 1)], [np.zeros(len(labels) + 1)]
    for fit in fits:
        before.append(np.r_[-np.inf, np.logaddexp.accumulate(before[-1][:-1] + fit)])
    for fit in fits[::-1]:
        after.append(np.r_[np.logaddexp.accumulate((after[-1][1:] + fit)[::-1])[::-1], -np.inf])
    total = before[-1][-1]
    ways = [b[:-1] + fit + a[1:] for b, fit, a in zip(before, fits, after[-2::-1], strict=False)]
    return total, np.exp(np.array(ways) - total)


def own_mistakes(probabilities, labels):
    """Where a network is wrong; and its list of mistakes, label and answer, as the article's."""
    answers = probabilities.argmax(axis=1)
    places = np.flatnonzero(answers != labels)
    return places, np.stack([labels[places], answers[places]], axis=1)


def article_mistakes():
    """The list of Fig. 8, (82, 2): label and answer."""
    return np.array([[int(digit) for digit in pair.split("→")] for pair in lk.load_record("paper")["fig_8_mistakes"]])


def main():
    digits = lk.load_digits("mnist")
    labels = digits.y_test
    outputs = {name: train.trained(int(name.split()[-1])) for name in [JUDGED, *WITNESSES]}
    outputs[DISTORTED] = lk.load_lenet5("distorted")
    outputs = {name: lk.probabilities(network, digits.x_test) for name, network in outputs.items()}
    wrong = {name: own_mistakes(each, labels)[0] for name, each in outputs.items()}
    ours = np.isin(np.arange(len(labels)), wrong[JUDGED])
    listed = article_mistakes()

    def witnesses(*without):
        chosen = [outputs[name] for name in outputs if name not in (JUDGED, *without)]
        return mistake_weights(chosen, labels)

    weights, all_right = witnesses()
    total, chances = place(listed, weights, labels)
    positions, sure = chances.argmax(axis=1), chances.max(axis=1)
    article = {
        "log_likelihood": round(float(total + all_right), 1),
        "in_the_first_half": round(float(chances[:, :HALF].sum()), 1),
        "shared_with_ours": round(float((chances * ours).sum()), 1),
        "labels": listed[:, 0].tolist(),
        "answers": listed[:, 1].tolist(),
        "positions": positions.tolist(),
        "probabilities": [round(float(each), 3) for each in sure],
    }
    print(f"{(sure > SURE).sum()} of {len(listed)} located; log-likelihood {total + all_right:.1f}")

    shuffled = {"log_likelihood": [], "located": [], "shared_with_ours": []}
    rng = np.random.default_rng(0)
    for _ in range(SHUFFLES):
        total, chances = place(rng.permutation(listed), weights, labels)
        shuffled["log_likelihood"].append(round(float(total + all_right), 1))
        shuffled["located"].append(int((chances.max(axis=1) > SURE).sum()))
        shuffled["shared_with_ours"].append(round(float((chances * ours).sum()), 1))
    print(f"shuffled: {max(shuffled['log_likelihood'])} at best")

    known = {}
    for name in [*WITNESSES, DISTORTED]:
        own, pairs = own_mistakes(outputs[name], labels)
        _, chances = place(pairs, witnesses(name)[0], labels)
        found = chances.max(axis=1) > SURE
        known[name] = {
            "mistakes": len(own),
            "located": int(found.sum()),
            "rightly": int((chances.argmax(axis=1) == own)[found].sum()),
            "shared_with_ours": int(ours[own].sum()),
            "shared_foretold": round(float((chances * ours).sum()), 1),
        }
        print(name, known[name])

    settings = {
        "list": "fig_8_mistakes in paper.json",
        "placed_by": [*WITNESSES, DISTORTED],
        "ours": JUDGED,
        "our_mistakes": len(wrong[JUDGED]),
        "floor": FLOOR,
        "located_above": SURE,
    }
    head = records.head("python tools/locate_mistakes.py", "MNIST's test digits, in the order of the file", settings)
    records.write(RECORD, head | {"results": {"article": article, "shuffled": shuffled, "known": known}})


if __name__ == "__main__":
    main()
