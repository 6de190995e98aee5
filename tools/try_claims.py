"""Try claims of the article that no lesson tries, each in half a minute: python tools/try_claims.py

Dense networks of one hidden layer, pixels, and the course's own networks are enough for them. Every figure is taken
over five seeds where chance has a part in it; errors are counted on validation digits, and once, for weights in
few bits, on the test digits too. Writes data/tried_claims.json, where each claim has the number of tools/claims.txt.
Needs MNIST, and the networks of tools/train.py with the seeds 2 to 6 (trained, and kept in build/, if missing).
"""

import numpy as np
import record as records
import train

import lenet_keras as lk

RECORD = records.DATA / "tried_claims.json"
SEEDS = range(5)
WIDTHS = (3, 10, 30, 100)
BATCHES = {"1": (1, (0.003, 0.01, 0.03)), "100": (100, (0.3, 1.0, 3.0)), "all": (None, (0.3, 1.0, 3.0))}
"""Digits in an update, and the rates that are tried."""
BITS = (32, 8, 7, 6, 5, 4, 3, 2)
LEVELS = (256, 16, 4, 2)
DISTANCES = (1, 2, 4, 8)
NETWORKS = range(2, 7)
RATES = (0.03, 0.003)
SHAKEN = 0.3
"""Random changes of the weights, as a share of the root of their layer's mean square."""


# ------------------------------------------------------------------------------- a dense network, by hand in NumPy


def fresh(hidden, rng, share=None):
    """Weights of a network 784 - hidden - 10; uniform in ± 2.4 / √fan-in, or ± `share` / fan-in."""
    weights = []
    for inputs, outputs in ((784, hidden), (hidden, 10)):
        limit = 2.4 / np.sqrt(inputs) if share is None else share / inputs
        weights += [rng.uniform(-limit, limit, (inputs, outputs)).astype("float32"), np.zeros(outputs, "float32")]
    return weights


def outputs(weights, x):
    """The hidden units and the ten logits."""
    hidden = np.tanh(x @ weights[0] + weights[1])
    return hidden, hidden @ weights[2] + weights[3]


def slopes(weights, x, y, squared=False):
    """The derivatives of the mean loss over the digits: cross-entropy, or half the squared distance to ±1."""
    hidden, logits = outputs(weights, x)
    if squared:
        last = np.tanh(logits)
        delta = (last - np.where(np.arange(10) == y[:, None], 1, -1)) * (1 - last**2)
    else:
        delta = np.exp(logits - logits.max(axis=1, keepdims=True))
        delta /= delta.sum(axis=1, keepdims=True)
        delta[np.arange(len(y)), y] -= 1
    delta = (delta / len(y)).astype("float32")
    before = delta @ weights[2].T * (1 - hidden**2)
    return [x.T @ before, before.sum(axis=0), hidden.T @ delta, delta.sum(axis=0)]


def one_pass(weights, x, y, rate, size, rng, squared=False):
    """Descend once over the digits in a random order, `size` of them at a time."""
    order = rng.permutation(len(y))
    for start in range(0, len(y), size or len(y)):
        chosen = order[start : start + (size or len(y))]
        for weight, slope in zip(weights, slopes(weights, x[chosen], y[chosen], squared), strict=True):
            weight -= rate * slope


def wrong(weights, x, y):
    """The share of misread digits, in per cent."""
    return 100 * float(np.mean(outputs(weights, x)[1].argmax(axis=1) != y))


def rounded(values, places=2):
    return [round(float(value), places) for value in values]


# ---------------------------------------------------------------------------------------------------- the claims


def capacity(pool, judged):
    """2: wider networks learn their digits better, and the gap between the two errors grows."""
    found = {str(width): {"training": [], "validation": []} for width in WIDTHS}
    for width in WIDTHS:
        for seed in SEEDS:
            rng = np.random.default_rng([2, seed])
            x, y = some(pool, 2000, rng)
            weights = fresh(width, rng)
            for _ in range(40):
                one_pass(weights, x, y, 0.1, 20, rng)
            found[str(width)]["training"].append(round(wrong(weights, x, y), 2))
            found[str(width)]["validation"].append(round(wrong(weights, *judged), 2))
    return found


def batches(pool, judged):
    """3: one digit an update learns faster than all digits an update, for the same number of digits looked at."""

    def trained(size, rate, seed):
        rng = np.random.default_rng([3, seed])
        x, y = some(pool, 5000, rng)
        weights = fresh(30, rng)
        for _ in range(4):
            one_pass(weights, x, y, rate, size, rng)
        return wrong(weights, *judged)

    found = {}
    for name, (size, rates) in BATCHES.items():
        scanned = {rate: trained(size, rate, 100) for rate in rates}
        rate = min(scanned, key=scanned.get)
        found[name] = {"rate": rate, "validation": rounded(trained(size, rate, seed) for seed in SEEDS)}
    return found


def copies(pool, judged):
    """4: on a set made of two copies the batch's slopes are the same, and cost twice; single digits profit."""
    found = {"largest_difference_of_slopes": 0.0, "largest_slope": 0.0, "batch": [], "single": []}
    for seed in SEEDS:
        rng = np.random.default_rng([4, seed])
        x, y = some(pool, 1000, rng)
        twice = np.concatenate([x, x]), np.concatenate([y, y])
        weights = fresh(30, rng)
        pairs = list(zip(slopes(weights, x, y), slopes(weights, *twice), strict=True))
        difference = max(float(np.abs(one - other).max()) for one, other in pairs)
        found["largest_difference_of_slopes"] = max(found["largest_difference_of_slopes"], difference)
        found["largest_slope"] = max(found["largest_slope"], *(float(np.abs(one).max()) for one, _ in pairs))
        for way, size, rate in (("batch", None, 1.0), ("single", 1, 0.03)):
            errors = []
            for digits in ((x, y), twice):
                copy = [weight.copy() for weight in weights]
                for _ in range(5):
                    one_pass(copy, *digits, rate, size, np.random.default_rng([4, seed, 1]))
                errors.append(round(wrong(copy, *judged), 2))
            found[way].append(errors)
    for name in ("largest_difference_of_slopes", "largest_slope"):
        found[name] = float(f"{found[name]:.1g}")
    return found


def neighbours(pool):
    """8: neighbouring pixels are correlated, distant ones are not; pairs of the box of 20×20."""
    box = pool[0].reshape(-1, 28, 28)[:, 4:24, 4:24]
    table = np.corrcoef(box.reshape(len(box), 400).T)
    places = np.indices((20, 20)).reshape(2, 400).T
    apart = places[:, None] - places[None]
    found = {str(d): float(table[(apart[..., 0] == 0) & (apart[..., 1] == d)].mean()) for d in DISTANCES}
    found["any two"] = float(table[~np.eye(400, dtype=bool)].mean())
    return {name: round(value, 2) for name, value in found.items()}


def broad_minima(pool, judged):
    """62: of two networks that learned their digits equally well, does the larger rate's bear random changes better?"""
    found = {str(rate): {"passes": [], "training": [], "shaken": [], "validation": []} for rate in RATES}
    for rate in RATES:
        for seed in SEEDS:
            rng = np.random.default_rng([62, seed])
            x, y = some(pool, 2000, rng)
            weights, pieces = fresh(30, rng), 0
            while wrong(weights, x, y) > 1 and pieces < 1500:
                part = slice(200 * (pieces % 10), 200 * (pieces % 10) + 200)
                one_pass(weights, x[part], y[part], rate, 1, rng)
                pieces += 1
            errors = []
            for _ in range(20):
                other = [w + SHAKEN * np.sqrt(np.mean(w**2)) * rng.normal(size=w.shape) for w in weights]
                errors.append(wrong(other, x, y))
            entry = found[str(rate)]
            entry["passes"].append(pieces / 10)
            entry["training"].append(round(wrong(weights, x, y), 2))
            entry["shaken"].append(round(float(np.mean(errors)), 2))
            entry["validation"].append(round(wrong(weights, *judged), 2))
    return found


def norms(pool):
    """79: the norm of all weights, 300 hidden units, ±1 as targets, one digit an update, from either start."""
    found = {"digits_between": 100, "2.4 / F": [], "2.4 / √F": []}
    for name, share in (("2.4 / F", 2.4), ("2.4 / √F", None)):
        for seed in SEEDS:
            rng = np.random.default_rng([79, seed])
            x, y = some(pool, 2000, rng)
            weights = fresh(300, rng, share)
            sizes = [_norm(weights)]
            for k in range(60):  # three passes, each in twenty pieces
                part = slice(100 * (k % 20), 100 * (k % 20) + 100)
                one_pass(weights, x[part], y[part], 0.01, 1, rng, squared=True)
                sizes.append(_norm(weights))
            found[name].append(rounded(sizes, 3))
    return found


def _norm(weights):
    return np.sqrt(sum(float((w**2).sum()) for w in weights))


def last_layer(learned, judged, networks):
    """85: the nearest training digit in the 84 numbers of F6, against the network's own last layer."""
    import keras

    found = {"network": [], "nearest": []}
    order = np.argsort(learned[1], kind="stable")
    bounds = np.searchsorted(learned[1][order], np.arange(10))
    for model in networks:
        inside = keras.Model(model.inputs[0], model.get_layer("F6").output)
        known = inside.predict(learned[0][order], batch_size=1000, verbose=0).reshape(len(order), -1)
        asked = inside.predict(judged[0], batch_size=1000, verbose=0).reshape(len(judged[0]), -1)
        square, nearest = (known**2).sum(axis=1), []
        for start in range(0, len(asked), 500):
            apart = square - 2 * asked[start : start + 500] @ known.T
            nearest.append(np.minimum.reduceat(apart, bounds, axis=1))
        scores = {"network": lk.probabilities(model, judged[0]), "nearest": -np.concatenate(nearest)}
        for way, score in scores.items():
            best = np.sort(score, axis=1)[:, ::-1]
            errors = score.argmax(axis=1) != judged[1]
            found[way].append([int(errors.sum()), rejected(errors, best[:, 0] - best[:, 1])])
    return found


def rejected(errors, sure, goal=0.005):
    """Per cent of the digits to refuse, the least sure first, until at most `goal` of the rest are wrong."""
    order = np.argsort(-sure)
    shares = np.cumsum(errors[order]) / np.arange(1, len(errors) + 1)
    return round(100 - 100 * (1 + int(np.flatnonzero(shares <= goal)[-1])) / len(errors), 2)


def few_bits(judged, networks, tested):
    """95: errors with every weight rounded to so many bits; the shipped network comes first."""
    found = {"validation": {}, "test": {}}
    for bits in BITS:
        counts = []
        for model in networks:
            kept = model.get_weights()
            if bits < 32:
                model.set_weights([quantised(weight, bits) for weight in kept])
            counts.append(misread(model, judged))
            if model is networks[0]:
                found["test"][str(bits)] = misread(model, tested)
            model.set_weights(kept)
        found["validation"][str(bits)] = counts
    return found


def quantised(weight, bits):
    """An array rounded to whole multiples of one step, from -(2^(bits-1) - 1) to 2^(bits-1) - 1 of them."""
    step = np.abs(weight).max() / (2 ** (bits - 1) - 1)
    return np.rint(weight / step) * step


def misread(model, digits):
    return int((model.predict(digits[0], batch_size=1000, verbose=0).argmax(axis=1) != digits[1]).sum())


def few_greys(learned, judged):
    """96: errors of the three nearest neighbours with pixels rounded to so many levels, on 2,000 digits."""
    chosen = np.random.default_rng(96).choice(len(judged[1]), 2000, replace=False)
    found = {}
    for levels in LEVELS:
        known, asked = (np.rint(each * (levels - 1)).astype("float32") for each in (learned[0], judged[0][chosen]))
        square, wrongly = (known**2).sum(axis=1), 0
        for start in range(0, len(asked), 250):
            apart = square - 2 * asked[start : start + 250] @ known.T
            three = np.argpartition(apart, 3, axis=1)[:, :3]
            near = np.take_along_axis(apart, three, axis=1).argsort(axis=1)
            labels = learned[1][np.take_along_axis(three, near, axis=1)]
            votes = np.where(
                labels[:, 1] == labels[:, 2], labels[:, 1], labels[:, 0]
            )  # of three different: the nearest
            wrongly += int((votes != judged[1][chosen][start : start + 250]).sum())
        found[str(levels)] = wrongly
    return {"judged": len(chosen), "errors": found}


def some(pool, count, rng):
    chosen = rng.choice(len(pool[1]), count, replace=False)
    return pool[0][chosen], pool[1][chosen]


def main():
    lk.start_keras()
    digits = lk.load_digits("mnist")
    learn, validate = lk.split(digits)

    def flat(images):
        return images[:, 2:30, 2:30, 0].reshape(len(images), 784)

    sets = [(digits.x_train[each], digits.y_train[each].astype(int)) for each in (learn, validate)]
    pool, judged = [(flat(x), y) for x, y in sets]
    grey = [((x + 0.1) / 1.275, y) for x, y in (pool, judged)]
    networks = [lk.load_lenet5(), *(train.trained(seed) for seed in NETWORKS)]
    tested = digits.x_test, digits.y_test
    results = {
        "2": capacity(pool, judged),
        "3": batches(pool, judged),
        "4": copies(pool, judged),
        "8": neighbours(pool),
        "62": broad_minima(pool, judged),
        "79": norms(pool),
        "85": last_layer(*sets, networks),
        "95": few_bits(sets[1], networks, tested),
        "96": few_greys(*grey),
    }
    settings = {
        "seeds": list(SEEDS),
        "networks": "the shipped one (seed 1), then those of tools/train.py with the seeds "
        + ", ".join(map(str, NETWORKS)),
        "validation_digits": len(validate),
        "test_digits": len(digits.y_test),
        "shaken_by": SHAKEN,
        "rejected_for_error": 0.005,
    }
    data = "MNIST: nine tenths of the 60,000 training digits; one tenth for validation"
    records.write(RECORD, records.head("python tools/try_claims.py", data, settings) | {"results": results})


if __name__ == "__main__":
    main()
