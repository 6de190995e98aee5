"""What answers hang on, and what overturns them: python tools/compare_attacks.py

For lesson 11, recorded in data/what_matters.json, over networks trained by the recipe "standard" with seeds 1 to 6
(train.trained). Of each the program measures, on validation digits drawn at random: how many are misread after a step
of a given size against the gradient of the margin, by its signs, by those of another digit's gradient, and by random
ones; how many of the digits made for one network the others misread; how many answers change when the most important
ink is deleted, chosen in several ways; where the gradient lies, and how well it foretells what fading does; and what a
square of paper, grey or ink does where there is no ink. The test digits are not looked at. A network takes about half
a minute on one core. What is there already is not made again. Needs MNIST.
"""

import argparse
import pathlib

import numpy as np
import record as records
from train import trained

import lenet_keras as lk

RECORD = records.DATA / "what_matters.json"
SEEDS = range(1, 7)
PAPER, INK = lk.data.PAPER, lk.data.INK
SIZES = [0.02, 0.05, 0.1, 0.15, 0.2]
"""Of a step, as shares of the range from paper to ink."""
TRANSFER = 0.1
ATTACKED, DELETED, FADED = 1000, 200, 40
"""How many digits each part looks at."""
COUNTS = [5, 10, 20, 40, 60]
"""Pixels of ink deleted."""
FRACTIONS = [0.05, 0.1, 0.25, 0.5, 1.0]
SPREAD = 1.5
"""Of the window that fades, in pixels: where it is half as strong."""


def margins(logits, classes):
    """How far the output of each image's class lies above the best of the others: (n,)."""
    own = logits[np.arange(len(logits)), classes]
    others = np.where(np.arange(logits.shape[1]) == np.asarray(classes)[:, np.newaxis], -np.inf, logits)
    return own - others.max(axis=1)


def predict(model, images):
    return model.predict(images, batch_size=1000, verbose=0)


def margin_gradients(model, images, classes):
    """The slope of each image's margin by its pixels."""
    import tensorflow as tf

    pixels, one_hot = tf.constant(images), tf.one_hot(classes, 10)
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        logits = model(pixels)
        own = tf.reduce_sum(one_hot * logits, axis=1)
        margin = tf.reduce_sum(own - tf.reduce_max(logits - 1e9 * one_hot, axis=1))
    return tape.gradient(margin, pixels).numpy()


def step(images, signs, size):
    """Each pixel moved by a share of the range, up or down, and kept between paper and ink."""
    return np.clip(images + size * (INK - PAPER) * signs, PAPER, INK).astype("float32")


def windows(step=1):
    """How much each window fades each pixel, from 0 to 1: (places, 32, 32); a window for every place."""
    rows, columns = np.mgrid[0:32, 0:32]
    places = [(row, column) for row in range(0, 32, step) for column in range(0, 32, step)]
    away = np.array([(rows - row) ** 2 + (columns - column) ** 2 for row, column in places])
    return (0.5 ** (away / SPREAD**2)).astype("float32")


def squares(step=2, side=7):
    """The same for squares with sharp edges."""
    rows, columns = np.mgrid[0:32, 0:32]
    places = [(row, column) for row in range(0, 32, step) for column in range(0, 32, step)]
    half = side // 2
    inside = [(abs(rows - row) <= half) & (abs(columns - column) <= half) for row, column in places]
    return np.array(inside, "float32")


def replaced(image, covers, value):
    """Copies of an image, under each cover mixed with a value: (covers, 32, 32, 1)."""
    covers = covers[..., np.newaxis]
    return (1 - covers) * image + covers * np.float32(value)


def attack(model, images, labels, random):
    """Errors after steps of each size along three kinds of signs."""
    signs = -np.sign(margin_gradients(model, images, labels))
    chance = [random.choice([-1.0, 1.0], images.shape) for _ in range(3)]
    found = {"gradient": [], "another_digits_gradient": [], "random": []}
    for size in SIZES:

        def errors(signs, size=size):
            return int((predict(model, step(images, signs, size)).argmax(axis=1) != labels).sum())

        found["gradient"].append(errors(signs))
        found["another_digits_gradient"].append(errors(np.roll(signs, 1, axis=0)))
        found["random"].append(round(float(np.mean([errors(each) for each in chance])), 1))
    return found


def delete(model, images, answers, random):
    """How many answers change when so many pixels of ink go to paper, chosen in several ways."""
    slopes = margin_gradients(model, images, answers)[..., 0] * (images[..., 0] - PAPER)
    whole = margins(predict(model, images), answers)
    covers = windows()
    patches = np.random.default_rng(0)  # of its own, so that the other ways are drawn as before
    orders = {"occlusion": [], "gradient": [], "random_ink": [], "darkest": [], "random_pixels": [], "patch": []}
    for image, slope, answer, margin in zip(images, slopes, answers, whole, strict=True):
        ink = np.flatnonzero(image.ravel() > PAPER + 0.01)
        faded = predict(model, replaced(image, covers[ink], PAPER))
        falls = margin - margins(faded, np.full(len(ink), answer))
        shuffled = random.permutation(ink)
        orders["occlusion"].append(ink[np.argsort(-falls, kind="stable")])
        orders["gradient"].append(ink[np.argsort(-slope.ravel()[ink], kind="stable")])
        orders["random_ink"].append(shuffled)
        orders["darkest"].append(shuffled[np.argsort(-image.ravel()[shuffled], kind="stable")])
        orders["random_pixels"].append(random.permutation(1024))
        middle = patches.choice(ink)  # the ink nearest to it is one patch
        away = (ink // 32 - middle // 32) ** 2 + (ink % 32 - middle % 32) ** 2
        orders["patch"].append(ink[np.argsort(away, kind="stable")])
    found = {}
    for way, lists in orders.items():
        found[way] = []
        for count in COUNTS:
            changed = images.copy().reshape(len(images), -1)
            for row, order in zip(changed, lists, strict=True):
                row[order[:count]] = PAPER
            found[way].append(int((predict(model, changed.reshape(images.shape)).argmax(axis=1) != answers).sum()))
    return found


def fade(model, images, answers):
    """How well the gradient foretells the fall of the margin when a window fades by a fraction: mean correlation."""
    covers = windows(2)
    slopes = margin_gradients(model, images, answers)
    whole = margins(predict(model, images), answers)
    found = []
    for fraction in FRACTIONS:
        each = []
        for image, slope, answer, margin in zip(images, slopes, answers, whole, strict=True):
            copies = replaced(image, fraction * covers, PAPER)
            measured = margin - margins(predict(model, copies), np.full(len(copies), answer))
            foretold = ((image - copies) * slope).sum(axis=(1, 2, 3))
            inked = np.abs(copies - image).sum(axis=(1, 2, 3)) > 0.5 * fraction
            each.append(np.corrcoef(foretold[inked], measured[inked])[0, 1])
        found.append(round(float(np.mean(each)), 3))
    return found


def cover(model, images, answers):
    """Answers changed by squares, on blank paper and on ink, for three values of the square: counts and totals."""
    covers = squares()
    found = {name: {"on_paper": 0, "on_ink": 0} for name in ("paper", "grey", "ink")}
    totals = {"on_paper": 0, "on_ink": 0}
    for image, answer in zip(images, answers, strict=True):
        blank = (covers[..., np.newaxis] * (image - PAPER)).max(axis=(1, 2, 3)) <= 0
        totals["on_paper"] += int(blank.sum())
        totals["on_ink"] += int((~blank).sum())
        for name, value in (("paper", PAPER), ("grey", (PAPER + INK) / 2), ("ink", INK)):
            changed = predict(model, replaced(image, covers, value)).argmax(axis=1) != answer
            found[name]["on_paper"] += int(changed[blank].sum())
            found[name]["on_ink"] += int(changed[~blank].sum())
    return found | {"squares": totals}


def gradient_shares(model, images, answers):
    """Which share of the gradient's sizes lies on paper, and which share of the pixels does."""
    sizes = np.abs(margin_gradients(model, images, answers))
    paper = images == np.float32(PAPER)
    return round(float(sizes[paper].sum() / sizes.sum()), 3), round(float(paper.mean()), 3)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", type=pathlib.Path, default=RECORD, help="the file to add to")
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS))
    arguments = parser.parse_args()

    keras = lk.start_keras()
    digits = lk.load_digits("mnist")
    _, validate = lk.split(digits)
    images, labels = digits.x_train[validate[:ATTACKED]], digits.y_train[validate[:ATTACKED]]  # split shuffles them
    results = records.runs(arguments.record, settings())
    networks = {seed: trained(seed) for seed in arguments.seeds}
    distorted = lk.load_lenet5("distorted")
    for seed, model in networks.items():
        if any(each["seed"] == seed for each in results):
            continue
        random = np.random.default_rng(seed)
        answers = predict(model, images).argmax(axis=1)
        fooling = step(images, -np.sign(margin_gradients(model, images, labels)), TRANSFER)
        readers = {str(other): network for other, network in networks.items()} | {"distorted": distorted}
        some, few = slice(DELETED), slice(FADED)
        keras.utils.set_random_seed(seed)
        fresh = lk.lenet5()
        on_paper, paper = gradient_shares(model, images[some], answers[some])
        fresh_answers = predict(fresh, images[some]).argmax(axis=1)
        result = {
            "seed": seed,
            "errors": int((answers != labels).sum()),
            "errors_after_step": attack(model, images, labels, random),
            "misread_by": {
                name: int((predict(reader, fooling).argmax(axis=1) != labels).sum()) for name, reader in readers.items()
            },
            "answers_changed_by_deleting": delete(model, images[some], answers[some], random),
            "foretold": fade(model, images[few], answers[few]),
            "answers_changed_by_squares": cover(model, images[few], answers[few]),
            "gradient_on_paper": on_paper,
            "gradient_on_paper_fresh": gradient_shares(fresh, images[some], fresh_answers)[0],
            "pixels_on_paper": paper,
        }
        results.append(result | records.conditions())
        results.sort(key=lambda each: each["seed"])
        write(arguments.record, results)
        print(f"seed {seed}: {result['errors_after_step']}", flush=True)


def settings():
    return {
        "sizes": SIZES, "transfer_size": TRANSFER, "attacked": ATTACKED, "deleted_from": DELETED, "faded": FADED,
        "deleted": COUNTS, "fractions": FRACTIONS, "spread": SPREAD,
    }  # fmt: skip


def write(path, results):
    record = {"command": "python tools/compare_attacks.py", "data": "MNIST: validation digits drawn at random"}
    records.write(path, record | {"settings": settings(), "results": results})


if __name__ == "__main__":
    main()
