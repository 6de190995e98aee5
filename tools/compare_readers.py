"""Compare the ways to read strings of digits, and record how often each errs: python tools/compare_readers.py

The plain network slid over the string, the network of tools/train.py strings likewise, in one pass and in more, its map
collapsed or searched, and cutting at gaps, with the pieces read by the plain network or by that of distorted digits.
The strings hold the same digits at every spacing, so that rows can be compared; once more as people write, each digit
with a height, a slant and a place of its own. And two ones that touch.

The validation digits are split in two. On touching strings of the one half is chosen what the readers need: the price
of a digit, and the certainty below which the plain network's answer counts as a blank. Strings of the other half give
the results. Strings of test digits are read at the end, by the ways that were chosen. (While the network was made this
program ran four times: nothing was chosen by them, but they had been seen.) Writes data/string_readers.json. Needs
MNIST. A few minutes on two cores.
"""

import argparse
import pathlib

import numpy as np
import record as records

import lenet_keras as lk
from lenet_keras import strings

SPACINGS = (-4, -3, -2, -1, 0, 1, 2, 4, 8)
WRITTEN_SPACINGS = (-2, 0, 2, 4)
LENGTHS = (1, 2, 5, 10)
WRITTEN, WRITTEN_ROWS = {"scale": 0.2, "squeeze": 0.15, "shear": 0.3}, 2
"""What each digit of a written string has of its own: up to so much in size, width and slant, and rows up or down."""
PASSES = (1, 2, 4)
PRICES = (0, 1, 1.5, 2, 2.5, 3, 4, 5, 6)
CERTAINTIES = (0.5, 0.9, 0.99, 0.999, 0.9999)
CHOOSING_STRINGS, STRINGS = 1000, 1000


def halves(digits):
    """Two halves of the validation digits, each as images and labels: to choose on, and to read."""
    _, validate = lk.split(digits)
    order = np.random.default_rng(0).permutation(validate)
    middle = len(order) // 2
    return [(digits.x_train[half], digits.y_train[half]) for half in (order[:middle], order[middle:])]


def written(images, labels, seed):
    """Digits with a height, a width and a slant of their own; those that lost their ink are left out."""
    changed = lk.distort.distorted(images, seed, WRITTEN)
    inked = changed.max(axis=(1, 2, 3)) > strings.THRESHOLD
    return changed[inked], labels[inked]


def composed(images, labels, count, length, spacing, seed, jitter=0):
    """Strings that hold the same digits for the same seed, whatever the spacing."""
    return strings.compose(images, labels, count, length, spacing, np.random.default_rng(seed), jitter)


def best_price(maps):
    """The price with the fewest errors, from a list of (maps, texts)."""
    return min(PRICES, key=lambda price: sum(wrong(strings.decode(m, price), texts) for m, texts in maps))


class Readers:
    """The ways to read strings that are compared, with what they need to be told."""

    def __init__(self, plain, distorted, trained):
        self.plain, self.distorted, self.wide = plain, distorted, strings.space_displacement(plain)
        self.trained = strings.space_displacement(trained)
        self.certainty = None
        self.prices = {}

    def choose(self, sets):
        """Take the certainty and the prices with the fewest errors on these strings, from a list of Strings."""
        plain = [(strings.sweep(self.wide, each.images), each.texts) for each in sets]
        with_blank = {c: [(strings.with_blank(m, c), texts) for m, texts in plain] for c in CERTAINTIES}
        self.certainty = min(
            CERTAINTIES, key=lambda c: sum(wrong(strings.decode(m), texts) for m, texts in with_blank[c])
        )
        self.prices["plain"] = best_price(with_blank[self.certainty])
        for passes in PASSES:
            maps = [(strings.sweep(self.trained, each.images, passes), each.texts) for each in sets]
            self.prices[passes] = best_price(maps)

    def read(self, images):
        """What each way reads."""
        plain = strings.with_blank(strings.sweep(self.wide, images), self.certainty)
        maps = {passes: strings.sweep(self.trained, images, passes) for passes in PASSES}
        return {
            "plain": strings.decode(plain, self.prices["plain"]),
            "collapsed": strings.decode(maps[1]),
            "one pass": strings.decode(maps[1], self.prices[1]),
            "two passes": strings.decode(maps[2], self.prices[2]),
            "four passes": strings.decode(maps[4], self.prices[4]),
            **self.cut(images),
        }

    def cut(self, images):
        pieces = [strings.cut(image) for image in images]
        ends, digits = np.cumsum([len(each) for each in pieces])[:-1], np.concatenate(pieces)
        read = {}
        for way, model in (("cut", self.plain), ("cut, distorted", self.distorted)):
            answers = np.split(model.predict(digits, batch_size=1000, verbose=0).argmax(axis=1), ends)
            read[way] = np.array(["".join(map(str, each)) for each in answers])
        return read

    def cell(self, strung, **about):
        """Wrongly read strings by way, and how often only the swept network or only cutting is right."""
        read = self.read(strung.images)
        right = {way: read[way] == strung.texts for way in ("two passes", "cut")}
        apart = {
            "only two passes right": int((right["two passes"] & ~right["cut"]).sum()),
            "only cut right": int((right["cut"] & ~right["two passes"]).sum()),
        }
        return {**about, "wrong": {way: wrong(texts, strung.texts) for way, texts in read.items()}, **apart}


def wrong(read, texts):
    return int((read != texts).sum())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1, help="of the strings")
    parser.add_argument("--folder", type=pathlib.Path, default=records.DATA, help="where to put the record")
    arguments = parser.parse_args()

    digits, seed = lk.load_digits("mnist"), arguments.seed
    (x_choose, y_choose), (x, y) = halves(digits)
    readers = Readers(*(lk.load_lenet5(kind) for kind in ("standard", "distorted", "strings")))
    # Touching digits, as many strings of five as of two ones: they are what the trained network is for.
    ones = y_choose == 1
    readers.choose(
        [
            composed(x_choose, y_choose, CHOOSING_STRINGS, 5, 0, [seed, 2000]),
            composed(x_choose[ones], y_choose[ones], CHOOSING_STRINGS, 2, 0, [seed, 2001]),
        ]
    )
    chosen = {"certainty": readers.certainty, "plain_price": readers.prices["plain"]}
    chosen["prices"] = {str(passes): readers.prices[passes] for passes in PASSES}
    print(chosen, flush=True)

    def read(images, labels, length, spacing, number, jitter=0):
        strung = composed(images, labels, STRINGS, length, spacing, [seed, number], jitter)
        found = readers.cell(strung, digits=length, spacing=spacing)
        print(found, flush=True)
        return found

    results = dict(chosen)
    results["read"] = [read(x, y, 5, spacing, 3000) for spacing in SPACINGS]
    results["lengths"] = [read(x, y, length, spacing, 3001) for spacing in (0, 2) for length in LENGTHS]
    changed = written(x, y, [seed, 3002])
    results["written"] = [read(*changed, 5, spacing, 3003, WRITTEN_ROWS) for spacing in WRITTEN_SPACINGS]
    results["elevens"] = [read(x[y == 1], y[y == 1], 2, spacing, 3004) for spacing in (-2, 0, 2)]
    test = digits.x_test, digits.y_test
    ones = [each[digits.y_test == 1] for each in test]
    results["test"] = [read(*test, 5, 0, 3005), read(*ones, 2, 0, 3006)]

    record = records.head(
        f"python tools/compare_readers.py --seed {seed}",
        "strings composed of MNIST's digits: half of the validation digits to choose by, the other half for the "
        "results; test digits in the last two rows",
        {
            "seed": seed,
            "choosing_strings": CHOOSING_STRINGS,
            "strings": STRINGS,
            "prices": PRICES,
            "certainties": CERTAINTIES,
            "written": WRITTEN | {"rows": WRITTEN_ROWS},
        },
    )
    records.write(arguments.folder / "string_readers.json", record | {"results": results})


if __name__ == "__main__":
    main()
