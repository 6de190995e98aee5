"""Are networks sure when they are right, and what do they say of things that are no digits?

    python tools/compare_certainty.py

Networks of the recipe "standard" that differ by their seed, and the one trained on distorted digits, judged on MNIST's
6,000 validation digits; the test digits are not looked at. For each network:

- errors foretold by its confidences and errors made; the temperature fitted on a random half of the digits, and what it
  does on the other half, over several such halves;
- the share of digits to be refused for an error of 0.5 %, by two scores;
- for images that are no digits, the share that is answered if 2 % of the digits are refused, by four scores.

Writes data/certainty.json. Networks that are missing are trained first, see `trained` in tools/train.py; the rest takes
about a minute. Needs MNIST.
"""

import keras
import numpy as np
import record as records
import train
from scipy import optimize, special
from sklearn.metrics import pairwise_distances_argmin_min

import lenet_keras as lk

RECORD = records.DATA / "certainty.json"
SEEDS, HALVES = range(1, 8), 20
TARGET, REFUSED = 0.005, 0.02
STRANGERS, EXAMPLES = 1000, 5000
"""Images of each kind; training digits among which the nearest is looked for."""


def loss(logits, labels, temperature):
    """Cross-entropy of each digit when the logits are divided by a temperature."""
    return -special.log_softmax(logits / temperature, axis=1)[np.arange(len(labels)), labels]


def fitted(logits, labels):
    """The temperature with the least cross-entropy."""
    return optimize.minimize_scalar(lambda t: loss(logits, labels, t).mean(), bounds=(0.3, 5), method="bounded").x


def foretold(logits, temperature=1):
    """How many errors the confidences foretell."""
    return (1 - special.softmax(logits / temperature, axis=1).max(axis=1)).sum()


def cooling(logits, labels):
    """What a temperature does on digits that it was not fitted on."""
    wrong, halves = logits.argmax(axis=1) != labels, []
    for seed in range(HALVES):
        fit, judge = np.split(np.random.default_rng(seed).permutation(len(labels)), 2)
        t = fitted(logits[fit], labels[fit])
        losses = [loss(logits[judge], labels[judge], each).mean() for each in (1, t)]
        told = foretold(logits[judge]), foretold(logits[judge], t)
        halves.append([t, wrong[judge].sum(), *told, losses[1] < losses[0]])
    temperature, made, before, after, better = np.transpose(halves)
    return {
        "temperature": round(float(temperature.mean()), 3),
        "temperature_deviation": round(float(temperature.std(ddof=1)), 3),
        "made": round(float(made.mean()), 1),
        "foretold": round(float(before.mean()), 1),
        "foretold_cooled": round(float(after.mean()), 1),
        "halves_with_less_loss": int(better.sum()),
    }


def scores(network, images, examples):
    """Four ways to say how sure an answer is, the larger the surer; and the answers."""
    features = keras.Model(network.inputs, [network.layers[-2].output, network.outputs[0]])
    f6, logits = features.predict(images, batch_size=1000, verbose=0)
    known, _ = features.predict(examples, batch_size=1000, verbose=0)
    second, first = np.sort(special.softmax(logits, axis=1), axis=1)[:, -2:].T
    return {
        "confidence": first,
        "difference": first - second,
        "largest logit": logits.max(axis=1),
        "nearest in F6": -pairwise_distances_argmin_min(f6, known)[1],
    }, logits


def refused(score, wrong):
    """The share to be refused, the least sure first, so that at most TARGET of the others is wrong."""
    left = wrong[np.argsort(score, kind="stable")][::-1].cumsum()[::-1]
    return float(np.argmax(left / np.arange(len(wrong), 0, -1) <= TARGET) / len(wrong))


def main():
    digits = lk.load_digits("mnist")
    learn, validate = lk.split(digits)
    images, labels = digits.x_train[validate], digits.y_train[validate]
    rng = np.random.default_rng(0)
    examples = digits.x_train[rng.choice(learn, EXAMPLES, replace=False)]
    strange = lk.strangers.strangers(images[rng.choice(len(images), STRANGERS, replace=False)])
    networks = {f"standard, seed {seed}": train.trained(seed) for seed in SEEDS}
    networks["distorted"] = lk.load_lenet5("distorted")

    results = {}
    for name, network in networks.items():
        on_digits, logits = scores(network, images, examples)
        wrong = logits.argmax(axis=1) != labels
        limits = {score: np.quantile(values, REFUSED) for score, values in on_digits.items()}
        accepted = {}
        for kind, pictures in strange.items():
            found, answers = scores(network, pictures, examples)
            accepted[kind] = {score: round(100 * float((found[score] >= limits[score]).mean()), 1) for score in found}
        results[name] = {
            "errors": int(wrong.sum()),
            "errors_foretold": round(float(foretold(logits)), 1),
            **cooling(logits, labels),
            "refused": {score: round(100 * refused(values, wrong), 2) for score, values in on_digits.items()},
            "accepted": accepted,
        }
        print(name, results[name])
    settings = {
        "halves": HALVES,
        "target_error": TARGET,
        "digits_refused": REFUSED,
        "strangers_of_a_kind": STRANGERS,
        "training_digits_for_the_nearest": EXAMPLES,
    }
    data = "MNIST's validation digits, and images made by lk.strangers; the test digits are not used"
    records.write(RECORD, records.head("python tools/compare_certainty.py", data, settings) | {"results": results})


if __name__ == "__main__":
    main()
