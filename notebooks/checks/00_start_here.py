"""What the turns and exercises of notebook 00 accept: counting, building, training, and a mistake to find."""

import functools

import keras
import numpy as np

import lenet_keras as lk
from lenet_keras import data
from lenet_keras.course.exercises import (
    UNKNOWN,
    Refused,
    a_function,
    a_model,
    a_number,
    compare,
    exercise,
    numbers,
)
from lenet_keras.models import lenet5

MNIST = data.find()[0].name == "mnist"


def percent_wrong(answers, labels):
    """Percentage of the answers that differ from the labels."""
    return 100 * (np.asarray(answers) != labels).mean()


@functools.cache
def held_back():
    """Images and labels that are held back, prepared."""
    pixels, _ = data.find()
    _, places = lk.split(pixels)
    return data.normalise(pixels.x_train[places]), pixels.y_train[places]


def misread(model):
    images, labels = held_back()
    return percent_wrong(model.predict(images, batch_size=1000, verbose=0).argmax(axis=1), labels)


# ---------------------------------------------------------------------------------------------------- turns


@exercise(
    "00.a",
    a_function,
    hints=[
        "np.mean must get an array of True and False, with True where an answer is wrong.",
        "where do answers and labels differ? Two arrays are compared place by place with !=.",
        "return 100 * np.mean(answers != labels)",
    ],
    ours=percent_wrong,
)
def the_percentage_of_wrong_answers(function):
    rng = np.random.default_rng(0)
    for count in (8, 25, 400):
        labels = rng.integers(0, 10, count)
        answers = np.where(rng.random(count) < 0.3, (labels + 1) % 10, labels)
        found, right = function.number(answers, labels), percent_wrong(answers, labels)
        mistakes = {
            right / 100: "that is a share from 0 to 1: multiply it by 100.",
            100 - right: "that is the percentage of the right answers.",
            right * count: "that is a count times 100: divide by how many there are, or take the mean.",
            right * count / 100: "that is a count: divide by how many there are, or take the mean.",
        }
        wrong = compare(found, right, mistakes)
        if wrong:
            return wrong
    return None


@exercise(
    "00.b",
    a_function,
    hints=[
        "the last layer gives one number for each possible answer.",
        "there are ten possible answers, the digits from 0 to 9.",
        'keras.layers.Dense(10, name="output")',
    ],
    ours=lenet5,
)
def a_function_that_builds_lenet5(function):
    model = function()
    if not isinstance(model, keras.Model) or not model.built:
        raise Refused("your function must give back the model: return keras.Sequential([...]), as above.")
    if model.output_shape[-1] == 9:
        return "the digits run from 0 to 9: how many are that?"
    if model.output_shape != (None, 10):
        return UNKNOWN
    if model.count_params() != lenet5().count_params():
        return f"another layer was changed too: yours has {model.count_params():,} parameters."
    return activated(model)


def activated(model):
    """What is said to a last layer with softmax, say: without it numbers of both signs come out."""
    images = np.random.default_rng(0).normal(size=(4, 32, 32, 1)).astype("float32")
    if np.min(model(np.concatenate([images, -images]))) >= 0:
        return "the last layer must give its numbers as they are: without activation."
    return None


# ------------------------------------------------------------------------------------------------ exercises


@exercise(
    "00.1",
    numbers(2),
    hints=[
        "one image gives ten numbers; what stands in a row, and how many rows are there?",
        "a row for each image, and ten columns.",
    ],
)
def the_shape_of_what_predict_gives(pair):
    if tuple(pair) == (10, 200):
        return "the images come first: the array has a row for each of them."
    if tuple(pair) == (32, 32):
        return "that is the shape of an image; what comes out at the other end of the network?"
    return None if tuple(pair) == (200, 10) else UNKNOWN


@exercise(
    "00.2",
    a_number,
    hints=[
        "an answer 1 is right wherever the label is 1: at how many of the labels?",
        "percent_wrong compares the answers with y_learn; here every answer is 1.",
        "percent_wrong(1, y_learn), for NumPy compares one number with each of an array.",
    ],
)
def always_answering_one(answer):
    pixels, _ = data.find()
    learn, _ = lk.split(pixels)
    right = (pixels.y_train[learn] != 1).mean()
    mistakes = {
        100 * (1 - right): "so many are 1s and read rightly; the question is how many are wrong.",
        1 - right: "that is the share of the 1s; how many per cent are wrong?",
        round(100 * right): "nearly: give one decimal.",
        right * len(learn): "that is a count: how many per cent are they?",
    }
    if answer == 90 and round(100 * right, 1) != 90:
        return "that would be a guess; the digits are not all equally frequent. Count."
    return compare(answer, right, mistakes, within=0.0006, share=True)


@exercise(
    "00.3",
    a_function,
    hints=[
        "two arrays of True and False are needed: is the answer wrong, and is the largest probability high?",
        "the answers are probabilities.argmax(axis=1), the largest ones probabilities.max(axis=1).",
        "(...) & (...) is True where both are, and the brackets are needed; its sum() counts.",
    ],
)
def counting_what_is_sure_but_wrong(function):
    rng = np.random.default_rng(0)
    for count in (60, 200):
        probabilities = rng.dirichlet(np.full(10, 0.05), count)
        probabilities[0] = [0.9, *[0.1] + [0.0] * 8]  # just sure enough
        labels = probabilities.argmax(axis=1)
        labels = np.where(rng.random(count) < 0.4, (labels + 1) % 10, labels)
        labels[0] = 3
        wrong, sure = probabilities.argmax(axis=1) != labels, probabilities.max(axis=1) >= 0.9
        right = (wrong & sure).sum()
        strict = wrong & (probabilities.max(axis=1) > 0.9)
        mistakes = {
            wrong.sum(): "those are all wrong answers, sure or not.",
            sure.sum(): "those are all sure answers, wrong or right.",
            (sure & ~wrong).sum(): "those are the sure answers that are right.",
            strict.sum(): "0.9 itself counts as sure: use >=.",
            right / count: "that is a share; count them.",
            right / sure.sum(): "that is a share; count them.",
            100 * right / sure.sum(): "that is a percentage; count them.",
            0: "none was counted: probabilities go from 0 to 1, so the limit is 0.9 and not 90.",
        }
        found = compare(function.number(probabilities, labels), right, mistakes)
        if found:
            return found
    return None


@exercise(
    "00.4",
    a_number,
    hints=[
        "which digits does the network learn from, and which is it judged on?",
        "held_back are places in digits.x_train. Were these learned from?",
        "it must learn from x_learn and y_learn only.",
    ],
)
def the_line_that_learns_from_all_digits(line):
    mistakes = {
        1: "a fresh model is just what is wanted.",
        2: "steps and loss are those of the lesson.",
        4: "to judge on the held-back digits is right, if nothing was learned from them.",
        5: "the comparison is right, if the network has not seen these digits before.",
    }
    return compare(line, 3, mistakes)


@exercise(
    "00.5",
    a_number,
    hints=[
        "if labels and images do not belong together, what can be learned?",
        "nothing: on new digits such a network is no better than a guess, however long it trains.",
    ],
)
def the_curve_of_shuffled_labels(number):
    mistakes = {
        1: "this one does get better, if slowly; what would make it slow?",
        3: "this one learns to read: its labels belong to the images.",
    }
    return compare(number, 2, mistakes)


@exercise(
    "00.6",
    a_model,
    hints=[
        "the first number of a Conv2D layer says how many maps it makes.",
        "only the line of C1 changes: Conv2D(12, 5, ...).",
    ],
)
def twelve_maps_in_the_first_layer(model):
    if model.input_shape != (None, 32, 32, 1) or model.output_shape != (None, 10):
        return "it should take images of (32, 32, 1) and give ten numbers."
    maps = [layer.filters for layer in model.layers if isinstance(layer, keras.layers.Conv2D)]
    if maps[:1] == [6]:
        return "the first convolution still has 6 maps."
    if maps != [12, 16, 120]:
        return f"the convolutions should have 12, 16 and 120 maps; yours have {maps}."
    right = lenet5().count_params() + 6 * 26 + 6 * 25 * 16
    if model.count_params() != right:
        return (
            f"something else was changed: yours has {model.count_params():,} parameters, and not {right:,}."
        )
    if any(isinstance(layer, keras.layers.MaxPooling2D) for layer in model.layers):
        return "the pooling should be that of build: AveragePooling2D."
    convolutions = [layer for layer in model.layers if isinstance(layer, keras.layers.Conv2D)]
    if any(layer.activation is not keras.activations.tanh for layer in convolutions):
        return 'the convolutions should have activation="tanh", as in build.'
    return activated(model)


@exercise(
    "00.7",
    a_number,
    hints=[
        "x_learn[:320] and y_learn[:320] are the first 320; fit takes epochs=20.",
        "compile a fresh network as in section 6, fit it, then ask it for x_held, and compare with y_held.",
        "it is more than after a hundred batches of different digits, and less than a fifth.",
    ],
)
def the_error_after_few_digits_many_times(answer):
    low, high = (11.6, 16.8) if MNIST else (5, 25)
    if low <= answer <= high:
        return None
    if low <= 100 * answer <= high:
        return "that is a share; give it in per cent."
    if 0 <= answer < 0.5:
        return "that looks like the 320 digits themselves; the question is about those held back."
    if MNIST and 8.5 < answer < low:
        return "that looks like a hundred batches of different digits: only the first 320, 20 times."
    if low <= 100 - answer <= high:
        return "so many are read rightly; how many are wrong?"
    return UNKNOWN


@exercise(
    "00.8",
    a_model,
    hints=[
        "our network had one epoch, and its curve was still falling.",
        "try epochs=4; each takes about as long as the first.",
        "smaller steps at the end help too: another fit with Adam(0.0005) after the first.",
    ],
)
def a_network_that_reads_well(model):
    if model.input_shape[1:] != (32, 32, 1) or model.output_shape[1:] != (10,):
        return "it should take images of (32, 32, 1) and give ten numbers."
    found, goal = misread(model), 2 if MNIST else 25
    if found < goal:
        return None
    if found > 60:
        return f"it gets {found:.1f} % of the held-back digits wrong: was it trained?"
    return f"it gets {found:.1f} % of the held-back digits wrong; the goal is less than {goal} %."
