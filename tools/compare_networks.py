"""Look into several networks, trained and fresh: python tools/compare_networks.py

For lesson 10, recorded in data/look_inside.json. The networks are trained by the recipe "standard" with seeds 1 to 6
(train.trained); beside each stands the fresh one that it began as. Of each the program measures how much of a filter of
C1 follows an edge; how well the nearest class mean reads from each layer; and, of the trained ones, what is lost when
maps of C1 or C3 are switched off. Means are taken over 5,000 digits that the networks learned from, errors over the
6,000 validation digits; the test digits are not looked at. A network takes about half a minute on one core, and its
training, where it is not in build/networks yet, three to four minutes. What is there already is not made again. Needs
MNIST.
"""

import argparse
import pathlib

import numpy as np
import record as records
from train import trained

import lenet_keras as lk

RECORD = records.DATA / "look_inside.json"
SEEDS = range(1, 7)
KNOWN = 5000
LAYERS = ["C1", "S2", "C3", "S4", "C5", "F6", "output"]
DIRECTIONS = 16
"""How many directions across the maps, drawn at random, are switched off for control."""
DRAWS = 6
"""How often so many maps at once, drawn at random, are switched off."""


def edge_shares(kernel):
    """Of each 5×5 filter (5, 5, filters), which share of its squared length lies along the two slopes."""
    slopes = np.mgrid[-2:3, -2:3].reshape(2, 25) / np.sqrt(50)
    filters = kernel.reshape(25, -1).astype(float)
    return ((slopes @ filters) ** 2).sum(axis=0) / (filters**2).sum(axis=0)


def ink_shares(kernel):
    """Of each 5×5 filter (5, 5, filters), which share of its squared length is its plain sum over the window."""
    filters = kernel.reshape(25, -1).astype(float)
    return filters.sum(axis=0) ** 2 / 25 / (filters**2).sum(axis=0)


def nearest_means(known, known_labels, values):
    """For each of the values, the class whose mean is nearest."""
    known, values = known.reshape(len(known), -1), values.reshape(len(values), -1)
    means = np.array([known[known_labels == digit].mean(axis=0) for digit in range(10)])
    distances = (means**2).sum(axis=1) - 2 * values @ means.T  # but for what is the same for all ten
    return distances.argmin(axis=1)


def without(values, direction, filling):
    """Maps (n, rows, columns, maps) whose part along a direction across the maps is that of `filling`."""
    return values + ((filling - values) @ direction)[..., np.newaxis] * direction


def errors_by_class(tail, values, labels):
    """How many digits of each class the rest of a network reads wrongly."""
    answers = tail.predict(values, batch_size=1000, verbose=0).argmax(axis=1)
    return np.bincount(labels[answers != labels], minlength=10).tolist()


def look_into(keras, model, known, known_labels, images, labels):
    """What is measured of trained and fresh networks alike, and the values of their layers."""
    inside = keras.Model(model.inputs, [model.get_layer(name).output for name in LAYERS])
    of_known, of_images = (inside.predict(each, batch_size=500, verbose=0) for each in (known, images))
    nearest = {"pixels": nearest_means(known, known_labels, images)}
    nearest |= {name: nearest_means(a, known_labels, b) for name, a, b in zip(LAYERS, of_known, of_images, strict=True)}
    filters, answers = model.get_layer("C1").kernel.numpy()[:, :, 0], of_images[-1].argmax(axis=1)
    misread = answers != labels
    found = {
        "errors": int(misread.sum()),
        "C1_filters": [each.ravel().round(3).tolist() for each in filters.transpose(2, 0, 1).astype(float)],
        "edge_share": edge_shares(filters).round(3).tolist(),
        "ink_share": ink_shares(filters).round(3).tolist(),
        "nearest_mean_errors": {name: int((each != labels).sum()) for name, each in nearest.items()},
        "misread_nearest_to_label": {name: int((each == labels)[misread].sum()) for name, each in nearest.items()},
        "misread_nearest_to_answer": {name: int((each == answers)[misread].sum()) for name, each in nearest.items()},
    }
    return found, dict(zip(LAYERS, of_known, strict=True)), dict(zip(LAYERS, of_images, strict=True))


def switch_off(keras, model, name, known, values, labels, seed):
    """What is lost when a layer's maps, one at a time, stay at their mean or at zero; and random directions."""
    number = [layer.name for layer in model.layers].index(name)
    tail = keras.Sequential([keras.Input(values.shape[1:]), *model.layers[number + 1 :]])
    mean, maps = known.mean(axis=0), values.shape[-1]
    random = np.random.default_rng([seed, maps]).normal(size=(DIRECTIONS, maps)).astype("float32")
    random /= np.linalg.norm(random, axis=1, keepdims=True)
    axes = np.eye(maps, dtype="float32")
    after = model.get_layer({"C1": "C3", "C3": "C5"}[name]).kernel.numpy()
    squares = (after**2).sum(axis=(0, 1, 3))
    order = np.random.default_rng([seed, maps, 1])
    several = {
        str(count): [_errors_without(tail, values, mean, order.permutation(maps)[:count], labels) for _ in range(DRAWS)]
        for count in range(2, maps, 2)
    }
    by_class = [errors_by_class(tail, without(values, axis, mean), labels) for axis in axes]
    return {
        "wrong_by_class": by_class,
        "errors_at_zero": [sum(errors_by_class(tail, without(values, axis, 0 * mean), labels)) for axis in axes],
        "errors_random_directions": [sum(errors_by_class(tail, without(values, d, mean), labels)) for d in random],
        "errors_without_several": several,
        "share_of_squared_weights": (squares / squares.sum()).round(3).tolist(),
    }


def _errors_without(tail, values, mean, maps, labels):
    changed = values.copy()
    changed[..., maps] = mean[..., maps]
    return sum(errors_by_class(tail, changed, labels))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", type=pathlib.Path, default=RECORD, help="the file to add to")
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS))
    arguments = parser.parse_args()

    keras = lk.start_keras()
    digits = lk.load_digits("mnist")
    learn, validate = lk.split(digits)
    known, known_labels = digits.x_train[learn[:KNOWN]], digits.y_train[learn[:KNOWN]]
    images, labels = digits.x_train[validate], digits.y_train[validate]
    results = records.runs(arguments.record, settings(labels))
    for seed in arguments.seeds:
        if any(each["seed"] == seed for each in results):
            continue
        keras.utils.set_random_seed(seed)
        fresh = lk.lenet5()  # what tools/train.py began from
        model = trained(seed)
        found, of_known, of_images = look_into(keras, model, known, known_labels, images, labels)
        for name in ("C1", "C3"):
            off = switch_off(keras, model, name, of_known[name], of_images[name], labels, seed)
            found[f"{name}_off"] = off
        before, _, _ = look_into(keras, fresh, known, known_labels, images, labels)
        results.append({"seed": seed, "trained": found, "fresh": before, **records.conditions()})
        results.sort(key=lambda each: each["seed"])
        write(arguments.record, results, labels)
        print(f"seed {seed}: {found['errors']} errors; {found['nearest_mean_errors']}", flush=True)


def settings(labels):
    return {
        "recipe": "standard", "known_digits": KNOWN, "judged_by_class": np.bincount(labels).tolist(),
        "random_directions": DIRECTIONS, "draws": DRAWS,
    }  # fmt: skip


def write(path, results, labels):
    data = "MNIST: 5,000 of the training digits learned from for means, the 6,000 validation digits for errors"
    records.write(
        path,
        {"command": "python tools/compare_networks.py", "data": data, "settings": settings(labels), "results": results},
    )


if __name__ == "__main__":
    main()
