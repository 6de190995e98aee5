"""What blanks between close digits are worth, over seeds: python tools/compare_blanks.py

Two networks a seed, from the same start and on windows made by the same random numbers; they differ in one thing:
whether there are windows between close digits (lk.strings.training_images with close=True), or only where the centres
of neighbours lie 8 pixels apart or more. A third network differs from the second in another thing: the boxes of its
neighbours overlap by up to 4 pixels, not by 1. All three then read strings of two ones that touch, of five touching
digits, and of five that overlap by 2 pixels, of validation digits; the price of a digit is chosen for each on other
strings, which touch. Recorded in data/blanks.json, for lesson 23, with the share of pairs of ones in which the blank
has the largest output somewhere between the two centres. Each finished run is added to the record at once, and a run
that is there already is not made again. Needs MNIST. Fifteen trainings, about ten seconds each on one core.
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
WAYS = ((False, -1), (True, -1), (True, -4))
"""Whether there are windows between close digits; the least number of columns between the boxes of neighbours."""
OVERLAP = -2
DISTANCES = ((0, 6), (6, 8), (8, 10), (10, 99))
"""Between the centres of two ones, in pixels: at least the first, less than the second."""


def trained(digits, seed, close, least_gap):
    """A network that has learned from so many windows in each epoch, made anew."""
    learn, _ = lk.split(digits)
    learn = np.random.default_rng([seed, 1]).choice(learn, WINDOWS, replace=False)
    x, y = digits.x_train[learn], digits.y_train[learn]

    def windows(images, labels, numbers):
        rng = np.random.default_rng(numbers)
        return strings.training_images(x, y, len(labels), rng, **train.WINDOWS, close=close, gaps=(least_gap, 4))

    model = train.with_blank_class(lk.load_lenet5("distorted"))
    recipe = dataclasses.replace(train.ON_WINDOWS, epochs=EPOCHS)
    lk.train(model, digits.replace(x_train=x, y_train=y), recipe, seed=seed, fresh=windows, verbose=False)
    return model


def blank_between(maps, centres, passes):
    """For each pair of digits, whether the blank has the largest output at a place between their centres."""
    middles = strings.SIDE // 2 + np.arange(maps.shape[1]) * 4 / passes
    inside = (middles > centres[:, :1]) & (middles < centres[:, 1:])
    return (inside & (maps.argmax(axis=2) == strings.BLANK)).any(axis=1)


def judged(model, choosing, ones, five, overlapping):
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
        five_read, overlapping_read = (
            strings.decode(strings.sweep(network, each.images, passes), price) for each in (five, overlapping)
        )
        found[str(passes)] = {
            "price": price,
            "elevens_collapsed_wrong": wrong(strings.decode(maps), ones.texts),
            "elevens_wrong": wrong(read, ones.texts),
            "five_wrong": wrong(five_read, five.texts),
            "overlapping_wrong": wrong(overlapping_read, overlapping.texts),
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
    overlapping = composed(x, y, STRINGS, 5, OVERLAP, [1, 4002])
    settings = {"seeds": list(SEEDS), "windows": WINDOWS, "epochs": EPOCHS, "strings": STRINGS, "overlap": OVERLAP}
    path = arguments.folder / "blanks.json"
    runs = records.runs(path, settings)
    for seed in SEEDS:
        for close, least_gap in WAYS:
            if any((run["seed"], run["close"], run["least_gap"]) == (seed, close, least_gap) for run in runs):
                continue
            lk.start_keras().utils.set_random_seed(seed)
            model = trained(digits, seed, close, least_gap)
            run = {"seed": seed, "close": close, "least_gap": least_gap}
            run["passes"] = judged(model, choosing, ones, five, overlapping)
            runs.append(run | records.conditions())
            record = {
                "command": "python tools/compare_blanks.py",
                "data": "windows and strings composed of MNIST's digits: training digits to learn from, one half of "
                "the validation digits to choose the price by, the other half to read",
                "settings": settings,
                "results": runs,
            }
            records.write(path, record)
            print(run, flush=True)


if __name__ == "__main__":
    main()
