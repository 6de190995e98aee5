"""Train the network that reads strings of digits, and record how well: python tools/train_strings.py

An 11-output LeNet-5, ten digits and a blank, starts from the weights that come with the course and learns from windows
composed of MNIST's training digits (`lk.strings.training_images`). Writes data/lenet5_strings.weights.h5 and its record
data/lenet5_strings.json, which `lk.load_lenet5` checks. What the decoders need, the price of a digit and the
certainty below which the plain network's answer counts as a blank, is chosen on strings of validation digits. Strings
of test digits are read once, at the end. Needs MNIST. About ten minutes on two cores.
"""

import argparse
import json
import pathlib
import time

import numpy as np
import record as records

import lenet_keras as lk
from lenet_keras import strings

DATA = pathlib.Path(__file__).resolve().parent.parent / "data"
SETTINGS = {
    "start": "lenet5.weights.h5; the blank's weights 0",
    "epochs": 30,
    "windows_per_epoch": 54_000,
    "batch_size": 64,
    "optimizer": "adam",
    "learning_rate": 0.002,
    "decay": "to 0 along half a cosine, over all updates",
    "noise": 0.0,
    "blanks": 0.35,
    "jitter": 1,
}
SPACINGS = (-4, -3, -2, -1, 0, 1, 2, 4, 8)
LENGTHS = (1, 2, 3, 4, 5, 6, 8, 10)
LENGTH_SPACINGS = (-2, 0, 2)
PRICES = (0, 0.5, 1, 1.5, 2, 3, 4, 6)
CERTAINTIES = (0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999)
STRINGS_COUNT = 1000


def with_blank_class(plain):
    """The plain network with an eleventh output, whose weights are 0."""
    model = lk.lenet5(outputs=11)
    *below, kernel, bias = plain.get_weights()
    model.set_weights([*below, np.pad(kernel, ((0, 0), (0, 1))), np.pad(bias, (0, 1))])
    return model


def train(keras, model, images, labels, windows, window_labels, seed, settings):
    """Train on fresh windows every epoch; the errors on the validation windows, epoch by epoch."""
    updates = settings["epochs"] * -(-settings["windows_per_epoch"] // settings["batch_size"])
    rate = keras.optimizers.schedules.CosineDecay(settings["learning_rate"], updates)
    model.compile(keras.optimizers.Adam(rate), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    chosen = {name: settings[name] for name in ("noise", "blanks", "jitter")}
    errors = []
    for epoch in range(settings["epochs"]):
        rng = np.random.default_rng([seed, epoch])
        x, y = strings.training_images(images, labels, settings["windows_per_epoch"], rng, **chosen)
        model.fit(x, y, batch_size=settings["batch_size"], shuffle=False, verbose=0)
        answers = model.predict(windows, batch_size=1000, verbose=0).argmax(axis=1)
        errors.append(float((answers != window_labels).mean()))
        print(f"epoch {epoch + 1}: error on validation windows {errors[-1]:.2%}", flush=True)
    return errors


class Readers:
    """The ways to read strings that are compared, with what they need to be told."""

    def __init__(self, plain, trained):
        self.plain, self.wide = plain, strings.space_displacement(plain)
        self.trained = strings.space_displacement(trained)
        self.certainty = self.price = None

    def choose(self, composed):
        """Take the certainty and the price with the fewest errors on these strings, from a list of Strings."""
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
    parser.add_argument("--seed", type=int, default=1, help="of the windows and of the strings")
    parser.add_argument("--folder", type=pathlib.Path, default=DATA, help="where to put the two files")
    parser.add_argument("--settings", type=json.loads, default={}, help="settings to change, as JSON; to try things")
    parser.add_argument("--validate-only", action="store_true", help="read no test digits and write nothing")
    arguments = parser.parse_args()

    keras = lk.start_keras()
    settings = SETTINGS | arguments.settings
    digits = lk.load_digits("mnist")
    learn, validate = lk.split(digits)
    x_valid, y_valid = digits.x_train[validate], digits.y_train[validate]
    plain = lk.load_lenet5()
    model = with_blank_class(plain)
    rng = np.random.default_rng([arguments.seed, 1000])
    # Judged without inverted pixels, as the strings are.
    windows = strings.training_images(x_valid, y_valid, 10_000, rng, 0.0, settings["blanks"], settings["jitter"])
    started = time.perf_counter()
    errors = train(keras, model, digits.x_train[learn], digits.y_train[learn], *windows, arguments.seed, settings)
    seconds = time.perf_counter() - started

    readers = Readers(plain, model)
    rng = np.random.default_rng([arguments.seed, 2000])
    composed = [strings.compose(x_valid, y_valid, 500, 5, spacing, rng) for spacing in SPACINGS]
    readers.choose(composed)
    print(f"certainty {readers.certainty}, prices {readers.plain_price} (plain) and {readers.price} (trained)")
    for spacing, each in zip(SPACINGS, composed, strict=True):
        print(spacing, readers.errors(each), flush=True)
    if arguments.validate_only:
        return

    rng = np.random.default_rng([arguments.seed, 3000])
    cells = [(5, spacing) for spacing in SPACINGS]
    cells += [(n, spacing) for spacing in LENGTH_SPACINGS for n in LENGTHS if (n, spacing) not in cells]
    results = []
    for length, spacing in cells:
        composed = strings.compose(digits.x_test, digits.y_test, STRINGS_COUNT, length, spacing, rng)
        results.append({"digits": length, "spacing": spacing, "wrong": readers.errors(composed)})
        print(results[-1], flush=True)

    record = {
        "command": f"python tools/train_strings.py --seed {arguments.seed}",
        "data": "windows and strings composed of MNIST's digits: nine tenths of the 60,000 training digits to learn "
        "from, one tenth for validation, the test digits for the strings of the results",
        "seed": arguments.seed,
        "settings": settings,
        "versions": records.versions(),
        "machine": records.MACHINE,
        "seconds": round(seconds),
        "validation_windows": len(windows[1]),
        "validation_error": round(errors[-1], 5),
        "certainty": readers.certainty,
        "plain_price": readers.plain_price,
        "price": readers.price,
        "strings": STRINGS_COUNT,
        "results": results,
        "sha256": records.ship(model, lk.lenet5(outputs=11), arguments.folder / "lenet5_strings.weights.h5"),
    }
    lines = ",\n  ".join(json.dumps(each) for each in record.pop("results"))
    text = json.dumps(record, indent=1).removesuffix("\n}") + f',\n "results": [\n  {lines}\n ]\n}}\n'
    records.write(arguments.folder / "lenet5_strings.json", text)
    print(f"SHA-256 {record['sha256']}")


if __name__ == "__main__":
    main()
