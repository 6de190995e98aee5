"""Compare the ways to read strings of digits, and record how often each errs: python tools/compare_readers.py

The plain network slid over the string, the network of tools/train.py strings likewise, its map collapsed or searched,
and cutting at gaps. What the decoders need, the price of a digit and the certainty below which the plain network's
answer counts as a blank, is chosen on strings of validation digits. Strings of test digits are read once, at the end.
Writes data/string_readers.json. Needs MNIST. A few minutes on two cores.
"""

import argparse
import pathlib

import numpy as np
import record as records

import lenet_keras as lk
from lenet_keras import strings

SPACINGS = (-4, -3, -2, -1, 0, 1, 2, 4, 8)
LENGTHS = (1, 2, 3, 4, 5, 6, 8, 10)
LENGTH_SPACINGS = (-2, 0, 2)
PRICES = (0, 0.5, 1, 1.5, 2, 3, 4, 6)
CERTAINTIES = (0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999)
VALIDATION_STRINGS, STRINGS = 500, 1000


class Readers:
    """The ways to read strings that are compared, with what they need to be told."""

    def __init__(self, plain, trained):
        self.plain, self.wide = plain, strings.space_displacement(plain)
        self.trained = strings.space_displacement(trained)
        self.certainty = self.plain_price = self.price = None

    def choose(self, composed):
        """Take the certainty and the prices with the fewest errors on these strings, from a list of Strings."""
        plain = [(strings.sweep(self.wide, each.images), each.texts) for each in composed]
        trained = [(strings.sweep(self.trained, each.images), each.texts) for each in composed]

        def errors(maps, price, certainty=None):
            return sum(
                wrong(strings.decode(strings.with_blank(m, certainty) if certainty else m, price), texts)
                for m, texts in maps
            )

        self.certainty, self.plain_price = min(
            ((c, p) for c in CERTAINTIES for p in PRICES), key=lambda each: errors(plain, each[1], each[0])
        )
        self.price = min(PRICES, key=lambda price: errors(trained, price))

    def errors(self, composed):
        """Wrongly read strings, by way of reading."""
        plain = strings.with_blank(strings.sweep(self.wide, composed.images), self.certainty)
        trained = strings.sweep(self.trained, composed.images)
        read = {
            "plain, swept": strings.decode(plain, self.plain_price),
            "trained, swept, collapsed": strings.decode(trained),
            "trained, swept, searched": strings.decode(trained, self.price),
            "cut at gaps": self.cut(composed.images),
        }
        return {name: wrong(texts, composed.texts) for name, texts in read.items()}

    def cut(self, images):
        pieces = [strings.cut(image) for image in images]
        answers = self.plain.predict(np.concatenate(pieces), batch_size=1000, verbose=0).argmax(axis=1)
        ends = np.cumsum([len(each) for each in pieces])[:-1]
        return np.array(["".join(map(str, each)) for each in np.split(answers, ends)])


def wrong(read, texts):
    return int((read != texts).sum())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1, help="of the strings")
    parser.add_argument("--folder", type=pathlib.Path, default=records.DATA, help="where to put the record")
    arguments = parser.parse_args()

    digits = lk.load_digits("mnist")
    _, validate = lk.split(digits)
    readers = Readers(lk.load_lenet5(), lk.load_lenet5("strings"))
    rng = np.random.default_rng([arguments.seed, 2000])
    readers.choose(
        [
            strings.compose(digits.x_train[validate], digits.y_train[validate], VALIDATION_STRINGS, 5, spacing, rng)
            for spacing in SPACINGS
        ]
    )
    chosen = {name: getattr(readers, name) for name in ("certainty", "plain_price", "price")}
    print(chosen, flush=True)

    rng = np.random.default_rng([arguments.seed, 3000])
    cells = [(5, spacing) for spacing in SPACINGS]
    cells += [(n, spacing) for spacing in LENGTH_SPACINGS for n in LENGTHS if (n, spacing) not in cells]
    read = []
    for length, spacing in cells:
        composed = strings.compose(digits.x_test, digits.y_test, STRINGS, length, spacing, rng)
        read.append({"digits": length, "spacing": spacing, "wrong": readers.errors(composed)})
        print(read[-1], flush=True)

    record = records.head(
        f"python tools/compare_readers.py --seed {arguments.seed}",
        "strings composed of MNIST's digits: the validation digits to choose by, the test digits for the results",
        {
            "seed": arguments.seed,
            "validation_strings": VALIDATION_STRINGS,
            "strings": STRINGS,
            "prices": PRICES,
            "certainties": CERTAINTIES,
        },
    )
    records.write(arguments.folder / "string_readers.json", record | {"results": chosen | {"read": read}})


if __name__ == "__main__":
    main()
