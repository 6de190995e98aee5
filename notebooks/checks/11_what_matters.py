"""What the exercises of lesson 11 accept: fading, gradients by pixels, deleting, small steps."""

import functools

import keras
import numpy as np
import tensorflow as tf

from lenet_keras.course.exercises import (
    UNKNOWN,
    Refused,
    a_function,
    a_model,
    a_number,
    an_array,
    compare,
    compare_arrays,
    exercise,
    numbers,
    quiet_digits,
)
from lenet_keras.data import INK, PAPER
from lenet_keras.models import lenet5
from lenet_keras.records import DATA, checked_record
from lenet_keras.training import split

RANGE = INK - PAPER


# --------------------------------------------------------------------------------------- turns of the lesson


def fade(image, cover):
    """An image mixed with paper: cover says, for each pixel, how much."""
    return (1 - cover) * image + cover * PAPER


@exercise(
    "11.a",
    a_function,
    hints=[
        "where cover is 0 the image stays, where it is 1 there is paper; between them a share of each.",
        "(1 - cover) * image is what is left of the image; add cover times the value of paper.",
        "return (1 - cover) * image + cover * PAPER",
    ],
    ours=fade,
)
def mixture_of_image_and_paper(function):
    random = np.random.default_rng(1)
    image = random.uniform(PAPER, INK, (32, 32, 1))
    covers = random.uniform(0, 1, (3, 32, 32, 1))
    for cover in (covers, np.zeros((32, 32, 1)), np.ones((32, 32, 1))):
        wrong = compare_arrays(
            function.array(image, cover),
            fade(image, cover),
            [
                ((1 - cover) * image, "what fades goes to 0, a light grey; paper is −0.1."),
                (
                    cover * image + (1 - cover) * PAPER,
                    "the other way round: where cover is 0 the image stays.",
                ),
                (image + cover * PAPER, "the ink must also become less: (1 - cover) * image."),
                ((1 - cover) * image - cover * PAPER, "paper is added, with its own sign."),
                (np.broadcast_to(image, cover.shape), "nothing fades."),
                ((1 - cover) * image + cover * INK, "that goes to ink; paper is asked for."),
            ],
            within=1e-5,
        )
        if wrong:
            return wrong
    return None


def slopes(network, images, classes):
    """The gradient of each image's margin by its pixels."""
    pixels = tf.constant(images)
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        one_hot = tf.one_hot(classes, 10)
        logits = network(pixels)
        own = tf.reduce_sum(one_hot * logits, axis=1)
        total = tf.reduce_sum(own - tf.reduce_max(logits - 1e9 * one_hot, axis=1))
    return tape.gradient(total, pixels).numpy()


@exercise(
    "11.b",
    a_function,
    hints=[
        "the pixels are no weights: the tape watches them only if it is told to, by tape.watch(...).",
        "the gradient is that of total, by the pixels.",
        "tape.watch(pixels), and tape.gradient(total, pixels)",
    ],
    ours=slopes,
)
def gradient_by_the_pixels(function):
    keras.utils.set_random_seed(4)
    network = lenet5()
    images = np.random.default_rng(4).uniform(PAPER, INK, (3, 32, 32, 1)).astype("float32")
    classes = [3, 7, 1]
    right = slopes(network, images, classes)
    whole = np.repeat(right.sum(axis=0, keepdims=True), 3, axis=0)
    try:
        found = function.array(network, images, classes)
    except Refused as error:
        if "Passed in object" in str(error) or "'_id'" in str(error):
            raise Refused("the tape knows TensorFlow's tensors only: pixels, not images.") from None
        raise
    return compare_arrays(
        found,
        right,
        [
            (-right, "the sign is turned: the gradient of the margin itself is asked for."),
            (np.abs(right), "the signs are wanted too."),
            (right / 3, "the sum of the margins, not their mean: each image has its own slope."),
            (whole, "each image has its own gradient."),
        ],
    )


def delete(image, order, count):
    """The image with the first pixels of an order made paper."""
    changed = image.copy().reshape(-1)
    changed[order[:count]] = PAPER
    return changed.reshape(image.shape)


@exercise(
    "11.c",
    a_function,
    hints=[
        "an array of numbers between the brackets picks all these places at once.",
        "the first count entries of order are order[:count].",
    ],
    ours=delete,
)
def first_pixels_deleted(function):
    random = np.random.default_rng(5)
    for count in (7, 0, 40):
        image, order = random.uniform(0, 1, (32, 32, 1)), random.permutation(1024)[:200]
        found = function.array(image, order, count)
        if function.changed:
            return "the given image is changed too: work on a copy."
        wrong = compare_arrays(
            found,
            delete(image, order, count),
            [
                (delete(image, order, len(order)), "the whole order is deleted; only its first count."),
                (
                    delete(image, np.arange(1024), count),
                    "these are the first pixels of the image, not of order.",
                ),
                (delete(image, order[count:], len(order)), "the first count stay, and the others go."),
                (delete(image, order[::-1], count), "these are the last of the order."),
                (
                    delete(image, order[count : count + 1], 1),
                    "that is one pixel; all of order[:count] are to go.",
                ),
                (image, "nothing is deleted."),
            ],
            within=1e-5,
        )
        if wrong:
            return wrong
    return None


def step(images, signs, size):
    """Each pixel moved by a share of the range, up or down, kept between paper and ink."""
    return np.clip(images + size * RANGE * signs, PAPER, INK).astype("float32")


@exercise(
    "11.d",
    a_function,
    hints=[
        "each pixel moves by size · (INK − PAPER), up or down as its sign says.",
        "the signs say already where to go: they are added.",
        "return np.clip(images + size * (INK - PAPER) * signs, PAPER, INK)",
    ],
    ours=step,
)
def step_by_signs(function):
    random = np.random.default_rng(6)
    images = random.uniform(PAPER, INK, (2, 32, 32, 1)).astype("float32")
    images[:, :8] = PAPER
    signs = random.choice([-1.0, 1.0], images.shape)
    for size in (0.1, 0.02):
        moved = images + size * RANGE * signs
        wrong = compare_arrays(
            function.array(images, signs, size),
            step(images, signs, size),
            [
                (moved, "some pixels leave the range: clip them between paper and ink."),
                (np.clip(moved, 0, 1), "paper is −0.1 and ink 1.175: clip between these."),
                (
                    np.clip(images + size * signs, PAPER, INK),
                    "the size is a share of the range: times INK - PAPER.",
                ),
                (images + size * signs, "the size is a share of the range, and the result is to be clipped."),
                (step(images, -signs, size), "the signs say already where to go: add them."),
                (
                    np.clip(images + size * INK * signs, PAPER, INK),
                    "the range reaches from paper to ink: INK - PAPER.",
                ),
            ],
            within=1e-5,
        )
        if wrong:
            return wrong
    return None


# ------------------------------------------------------------------------------------------------- exercises


@exercise(
    "11.1",
    a_number,
    hints=[
        "the size is a share of the range from paper, −0.1, to ink, 1.175.",
        "the range is 1.275 wide; take a tenth of it.",
    ],
)
def change_of_a_grey_value(answer):
    mistakes = {
        0.1: "that is the share; the range from paper to ink is wider than 1.",
        0.1175: "the range begins at −0.1, not at 0.",
        0.1075: "from −0.1 to 1.175 it is 1.175 + 0.1.",
        25.5: "that is in grey values of the file; the network takes −0.1 to 1.175.",
        0.255: "up *or* down: the change to one side.",
        1.275: "that is the whole range.",
        -0.1275: "give it without its sign.",
    }
    return compare(answer, 0.1 * RANGE, mistakes, within=0.0026)


@exercise(
    "11.2",
    a_number,
    hints=[
        "then the margin is a difference of two weighted sums: what is its slope?",
        "its gradient is the same everywhere, so it foretells large changes as exactly as small ones.",
        "what is the correlation of two lists of equal numbers?",
    ],
)
def correlation_of_a_linear_network(answer):
    mistakes = {
        0: "0 would mean that the gradient says nothing about the fall.",
        -1: "both are *falls* of the margin, so they have the same sign.",
    }
    found = compare(answer, 1, mistakes, within=1e-4, share=True)
    if found is UNKNOWN and 0 < answer < 1:
        return "that would be for a network whose slope changes on the way; does it change here?"
    if found is UNKNOWN and abs(answer) > 1:
        return "a correlation lies between −1 and 1."
    return found


@exercise(
    "11.3",
    a_function,
    hints=[
        "np.abs(slope) is the size; ink = image > -0.1 + 0.01 picks the pixels of ink.",
        "take two means, one over the ink and one over the paper, and divide.",
        "np.abs(slope)[ink].mean() / np.abs(slope)[~ink].mean(); ~ turns True into False.",
    ],
)
def gradient_on_ink_by_gradient_on_paper(function):
    random = np.random.default_rng(8)
    found, cases, dark = [], [], []
    for share in (0.15, 0.4):
        ink = random.uniform(size=(32, 32, 1)) < share
        image = np.where(ink, random.uniform(-0.08, INK, ink.shape), PAPER)
        slope = random.normal(size=ink.shape) * np.where(ink, 2.0, 1.0)
        found.append(function.number(slope, image))
        cases.append((np.abs(slope), slope, ink))
        dark.append(np.abs(slope)[image > 0.01].mean() / np.abs(slope)[image <= 0.01].mean())

    def each(ratio):
        return np.array([ratio(*case) for case in cases])

    return compare_arrays(
        np.array(found, float),
        each(lambda size, _, ink: size[ink].mean() / size[~ink].mean()),
        [
            (np.array(dark), "ink exceeds −0.1 by 0.01: it is all that is more than −0.09."),
            (
                each(lambda size, _, ink: size[ink].sum() / size[~ink].sum()),
                "these are sums: there is more paper than ink, so take means.",
            ),
            (
                each(lambda size, _, ink: size[ink].sum() / size.sum()),
                "that is a share of the sum; compare the means on ink and on paper.",
            ),
            (
                each(lambda size, _, ink: size[~ink].mean() / size[ink].mean()),
                "ink comes first: turn it round.",
            ),
            (
                each(lambda _, slope, ink: slope[ink].mean() / slope[~ink].mean()),
                "without the sign: positive and negative slopes cancel. Use np.abs.",
            ),
            (each(lambda size, _, ink: size[ink].mean() / size.mean()), "divide by the mean on *paper*."),
            (
                each(lambda size, _, ink: size[ink].mean()),
                "that is the mean on ink; divide it by that on paper.",
            ),
        ],
        within=1e-5,
    )


@exercise(
    "11.4",
    a_function,
    hints=[
        "to lower something, which way do you go along its gradient?",
        "there are two mistakes: the sign, and what happens at paper and at ink.",
        "np.clip(images - size * 1.275 * np.sign(slopes), -0.1, 1.175)",
    ],
)
def step_that_overturns(function):
    random = np.random.default_rng(9)
    images = random.uniform(PAPER, INK, (2, 32, 32, 1)).astype("float32")
    images[:, :8] = PAPER
    gradient = random.normal(size=images.shape)
    signs = np.sign(gradient)
    return compare_arrays(
        function.array(images, gradient, 0.08),
        step(images, -signs, 0.08),
        [
            (images - 0.08 * RANGE * signs, "the sign is mended; the range is still left: np.clip."),
            (step(images, signs, 0.08), "it is clipped, but still goes up the gradient."),
            (images + 0.08 * RANGE * signs, "this is as it was."),
            (step(images, -gradient, 0.08), "every pixel moves by the same amount: keep np.sign."),
            (
                np.clip(images - 0.08 * RANGE * signs, 0, 1),
                "paper is −0.1 and ink 1.175: clip between these.",
            ),
        ],
        within=1e-5,
    )


@exercise(
    "11.5",
    numbers(2, ordered=False),
    hints=[
        "for each sentence: which comparison does it need, and was it made?",
        "(1) needs the share of the pixels that are paper. (3): noise in which direction?",
        "(4) speaks of one fresh network, and of *every* network.",
    ],
)
def sentences_that_hold(values):
    given = {int(value) for value in values}
    reasons = {
        1: "(1): about as large a share of the pixels is paper; the base rate is missing.",
        3: "(3): noise goes in random directions; along the gradient the same size overturns a quarter.",
        4: "(4): a fresh network has no answer worth the name; of other trained networks nothing was asked.",
    }
    for wrong in sorted(given & set(reasons)):
        return reasons[wrong]
    return None if given == {2, 5} else UNKNOWN


@functools.cache
def _validation():
    digits = quiet_digits()
    validate = split(digits)[1]
    return digits.x_train[validate], digits.y_train[validate], digits.name


def _answers(network, images):
    return keras.ops.convert_to_numpy(network(images)).argmax(axis=1)


@exercise(
    "11.6",
    a_model,
    hints=[
        "for each batch: slopes(model, x, y), then step(x, -np.sign(...), 0.05), then learn from the result.",
        "model.compile with Adam(0.002) and SparseCategoricalCrossentropy(from_logits=True), "
        "then model.train_on_batch(after, y) for each batch.",
        "take the batches from digits.x_train[learn[64 * k : 64 * k + 64]] for k from 0 to 399.",
    ],
)
def network_that_stands_the_step(model):
    if tuple(model.input_shape[1:]) != (32, 32, 1) or tuple(model.output_shape[1:]) != (10,):
        return f"it has to take images (32, 32, 1) and to give ten outputs, not {model.output_shape[1:]}."
    images, labels, name = _validation()
    images, labels = images[:1000], labels[:1000]
    wrong = np.mean(_answers(model, images) != labels)
    after = step(images, -np.sign(slopes(model, images, labels)), 0.05)
    overturned = np.mean(_answers(model, after) != labels)
    slack = 0.0 if name == "mnist" else 0.1
    if wrong > 0.1 + slack:
        return f"of the digits as they are it misreads {100 * wrong:.0f} %: was it trained?"
    if overturned > 1 - 0.82 + slack:
        return f"after a step of 5 % it misreads {100 * overturned:.0f} %: let it learn from such digits."
    return None


@functools.cache
def _nine():
    """The shipped network, and the lesson's nine."""
    weights = DATA / "lenet5.weights.h5"
    checked_record(weights)
    network = lenet5()
    network.load_weights(weights)
    images, labels, _ = _validation()
    images, labels = images[:1000], labels[:1000]
    return network, images[(labels == 9) & (_answers(network, images) == 9)][0]


@exercise(
    "11.7",
    an_array(32, 32, 1),
    hints=[
        "raise output 2 against the others: go up the gradient of its margin, slopes(trained, image, [2]).",
        "take steps of 1 %: image = step(image, np.sign(slopes(trained, image, [2])), 0.01), forty times.",
        "after each, keep every pixel near the nine: np.clip(image, nine - 0.1 * 1.275, nine + 0.1 * 1.275).",
    ],
)
def nine_read_as_a_two(image):
    network, nine = _nine()
    image = image.astype("float32")
    if image.min() < PAPER - 1e-4 or image.max() > INK + 1e-4:
        return (
            f"its values reach from {image.min():.2f} to {image.max():.2f}: keep them between −0.1 and 1.175."
        )
    change = np.abs(image - nine).max() / RANGE
    if change > 0.1 + 1e-4:
        return f"a pixel differs from the nine by {100 * change:.0f} % of the range; 10 % are allowed."
    read = int(_answers(network, image[np.newaxis])[0])
    return None if read == 2 else f"it is read as a {read}."
