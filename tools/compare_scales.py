"""Compare four scales of the grey values that a network is given, over seeds: python tools/compare_scales.py

lk.lenet5() learns 5,000 of MNIST's training digits, four times, in batches of 32, given as 0 to 255, as 0 to 1, from
-0.1 to 1.175 as in the article, or standardised (mean 0, standard deviation 1 over all pixels learned from); by plain
gradient descent (SGD) and by Adam. Each of the eight gets its own learning rate: the one of a few with the least error
over two seeds on 3,000 validation digits. It is then judged over five other seeds, on 3,000 other validation digits.
For control, 0 to 255 and the scale of the article again at their best rates: with the weights of C1 kept as they start;
and, by SGD, in 16 passes with a rate that falls to 0. Recorded in data/input_scales.json, each run as soon as it is
finished. Needs MNIST. The test digits are not looked at. About ten minutes on one core.
"""

import argparse
import dataclasses
import pathlib
import time

import numpy as np
import record as records

import lenet_keras as lk

RECORD = records.DATA / "input_scales.json"
LEARN = 5_000
RECIPE = lk.Recipe(epochs=4, batch_size=32, validate=False)
LONG = 16
TWO = ("0 to 255", "-0.1 to 1.175")
SCALES = ("0 to 255", "0 to 1", "-0.1 to 1.175", "standardised")
RATES = {"sgd": (0.01, 0.03, 0.1, 0.3), "adam": (0.0003, 0.001, 0.003, 0.01)}
CHOOSING, JUDGING = (100, 101), (0, 1, 2, 3, 4)


def scaled(images, scale, learned):
    """Digits from -0.1 to 1.175 on another scale; `learned` are those that the network learns from."""
    if scale == "-0.1 to 1.175":
        return images
    if scale == "standardised":
        return ((images - learned.mean()) / learned.std()).astype("float32")
    ink = np.rint((images + 0.1) / 1.275 * 255).astype("float32")
    return ink if scale == "0 to 255" else ink / 255


def parts(digits):
    """Indices into the training digits: to learn from, to choose a rate by, to judge by."""
    learn, validate = lk.split(digits)
    half = len(validate) // 2
    return learn[:LEARN], validate[:half], validate[half:]


def run(keras, digits, scale, optimizer, rate, seed, c1_frozen, epochs):
    """Train and judge one network; what the record keeps of it."""
    learn, choose, judge = parts(digits)
    started = time.perf_counter()
    images, labels = {}, {}
    for name, places in (("learn", learn), ("choose", choose), ("judge", judge)):
        images[name] = scaled(digits.x_train[places], scale, digits.x_train[learn])
        labels[name] = digits.y_train[places]
    keras.utils.set_random_seed(seed)
    model = lk.lenet5()
    model.layers[0].trainable = not c1_frozen
    before = model.layers[0].get_weights()[0]
    recipe = dataclasses.replace(RECIPE, optimizer=optimizer, learning_rate=rate, epochs=epochs, decay=epochs == LONG)
    chosen = digits.replace(x_train=images["learn"], y_train=labels["learn"])
    history = lk.train(model, chosen, recipe, seed=seed, verbose=False)
    moved = np.linalg.norm(model.layers[0].get_weights()[0] - before) / np.linalg.norm(before)
    wrong = {
        name: int((model.predict(images[name], batch_size=1000, verbose=0).argmax(axis=1) != labels[name]).sum())
        for name in ("choose", "judge")
    }
    return {
        "training_loss": [round(loss, 4) for loss in history["loss"]],
        "errors_to_choose_by": wrong["choose"],
        "errors": wrong["judge"],
        "c1_moved": round(float(moved), 3),
        "seconds": round(time.perf_counter() - started, 1),
    }


def best_rate(runs, scale, optimizer):
    """The rate with the least error in the runs made to choose it."""
    tried = [each for each in runs if (each["scale"], each["optimizer"]) == (scale, optimizer)]
    tried = [each for each in tried if each["seed"] in CHOOSING]
    return min(RATES[optimizer], key=lambda r: sum(e["errors_to_choose_by"] for e in tried if e["rate"] == r))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", type=pathlib.Path, default=RECORD, help="the file to add to")
    arguments = parser.parse_args()

    keras = lk.start_keras()
    digits = lk.load_digits("mnist")
    runs = records.runs(arguments.record, settings(digits))

    def make(scale, optimizer, rate, seed, c1_frozen=False, epochs=RECIPE.epochs):
        asked = {"scale": scale, "optimizer": optimizer, "rate": rate, "seed": seed}
        asked |= {"c1_frozen": c1_frozen, "epochs": epochs}
        if any(asked.items() <= done.items() for done in runs):
            return
        result = run(keras, digits, **asked)
        runs.append(asked | result | records.conditions())
        write(arguments.record, runs, digits)
        print(asked, result["errors_to_choose_by"], result["errors"], f"{result['seconds']:.0f} s", flush=True)

    for optimizer, rates in RATES.items():
        for scale in SCALES:
            for rate in rates:
                for seed in CHOOSING:
                    make(scale, optimizer, rate, seed)
            rate = best_rate(runs, scale, optimizer)
            for seed in JUDGING:
                make(scale, optimizer, rate, seed)
                if scale in TWO:
                    make(scale, optimizer, rate, seed, c1_frozen=True)
                    if optimizer == "sgd":
                        make(scale, optimizer, rate, seed, epochs=LONG)


def settings(digits):
    return {
        "training_digits": LEARN,
        "digits_to_choose_by": len(parts(digits)[1]),
        "digits_to_judge_by": len(parts(digits)[2]),
        "batch_size": RECIPE.batch_size,
        "epochs": [RECIPE.epochs, LONG],
        "decay": f"in {LONG} epochs the rate falls to 0 along half a cosine, in {RECIPE.epochs} it stays",
        "scales": list(SCALES),
        "rates": {name: list(rates) for name, rates in RATES.items()},
        "seeds_to_choose_by": list(CHOOSING),
        "seeds_to_judge_by": list(JUDGING),
    }


def write(path, runs, digits):
    record = {
        "command": "python tools/compare_scales.py",
        "data": "MNIST's training digits only; the test digits are not used",
        "settings": settings(digits),
        "results": runs,
    }
    records.write(path, record)


if __name__ == "__main__":
    main()
