"""What blanks between close digits are worth, over seeds: python tools/compare_blanks.py

Two networks a seed, from the same start and on windows made by the same random numbers; they differ in one thing:
whether there are windows between close digits (lk.strings.training_images with close=True), or only where the centres
of neighbours lie 8 pixels apart or more. Both then read strings of two ones that touch, and five touching digits, of
validation digits; the price of a digit is chosen for each on other strings. Recorded in data/blanks.json, for lesson
23, with the share of pairs of ones in which the blank has the largest output somewhere between the two centres.
Needs MNIST. About twenty seconds a training on one core, ten trainings.
"""

import argparse
import dataclasses
import pathlib

import numpy as np
import record as records
import train
from compare_readers import best_price, composed, halves, wrong

import lenet_keras as lk
from lenet_keras import strings

SEEDS = range(1, 6)
WINDOWS, EPOCHS = 20_000, 3
STRINGS = 500
DISTANCES = ((0, 6), (6, 8), (8, 10), (10, 99))
"""Between the centres of two ones, in pixels: at least the first, less than the second."""


def trained(digits, seed, close):
    """A network that has learned from so many windows in each epoch, made anew."""
    learn, _ = lk.split(digits)
    learn = np.random.default_rng([seed, 1]).choice(learn, WINDOWS, replace=False)
    x, y = digits.x_train[learn], digits.y_train[learn]

    def windows(images, labels, numbers):
        rng = np.random.default_rng(numbers)
        return lk.strings.training_images(x, y, len(labels), rng, **train.WINDOWS, close=close)

    model = train.with_blank_class(lk.load_lenet5("distorted"))
    recipe = dataclasses.replace(train.ON_WINDOWS, epochs=EPOCHS)
    lk.train(model, digits.replace(x_train=x, y_train=y), recipe, seed=seed, fresh=windows, verbose=False)
    return model


def blank_between(maps, centres, passes):
    """For each pair of digits, whether the blank has the largest output at a place between their centres."""
    middles = strings.SIDE // 2 + np.arange(maps.shape[1]) * 4 / passes
    inside = (middles > centres[:, :1]) & (middles < centres[:, 1:])
    return (inside & (maps.argmax(axis=2) == strings.BLANK)).any(axis=1)


def judged(model, choosing, ones, five):
    """What a network reads, by number of passes."""
    network, found = strings.space_displacement(model), {}
    for passes in (1, 2, 4):
        price = best_price([(strings.sweep(network, choosing.images, passes), choosing.texts)])
        maps = strings.sweep(network, ones.images, passes)
        read = strings.decode(maps, price)
        apart = np.diff(ones.centres)[:, 0]
        blank = blank_between(maps, ones.centres, passes)
        rows = []
        for low, high in DISTANCES:
            here = (apart >= low) & (apart < high)
            lost = int((here & (read != ones.texts)).sum())
            rows.append(
                {"from": low, "to": high, "pairs": int(here.sum()), "blank": int((here & blank).sum()), "lost": lost}
            )
        five_read = strings.decode(strings.sweep(network, five.images, passes), price)
        found[str(passes)] = {
            "price": price,
            "elevens_collapsed_wrong": wrong(strings.decode(maps), ones.texts),
            "elevens_wrong": wrong(read, ones.texts),
            "five_wrong": wrong(five_read, five.texts),
            "distances": rows,
        }
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=pathlib.Path, default=records.DATA, help="where to put the record")
    arguments = parser.parse_args()

    digits = lk.load_digits("mnist")
    (x_choose, y_choose), (x, y) = halves(digits)
    choosing = composed(x_choose, y_choose, STRINGS, 5, 0, [1, 4000])
    ones = composed(x[y == 1], y[y == 1], STRINGS, 2, 0, [1, 4001])
    five = composed(x, y, STRINGS, 5, 0, [1, 4002])
    runs = []
    for seed in SEEDS:
        for close in (False, True):
            lk.start_keras().utils.set_random_seed(seed)
            run = {"seed": seed, "close": close, "passes": judged(trained(digits, seed, close), choosing, ones, five)}
            runs.append(run)
            print(run, flush=True)
    record = records.head(
        "python tools/compare_blanks.py",
        "windows and strings composed of MNIST's digits: training digits to learn from, one half of the validation "
        "digits to choose the price by, the other half to read",
        {"seeds": list(SEEDS), "windows": WINDOWS, "epochs": EPOCHS, "strings": STRINGS},
    )
    records.write(arguments.folder / "blanks.json", record | {"results": runs})


if __name__ == "__main__":
    main()
