"""What the exercises of notebook 00 accept: three numbers."""

from lenet_keras.course.exercises import a_number, compare, exercise


@exercise(
    "00.1",
    a_number,
    hints=[
        "look at what was printed under the heading The digits: how many rows and columns has an image?",
        "an image has 32 rows, and each row has 32 grey values.",
    ],
)
def grey_values_of_an_image(answer):
    side = 28 + 2 + 2  # as stored, with a border on both sides
    mistakes = {
        28 * 28: "the images that go into the network are larger than 28×28: look at their shape.",
        side: "that is one row; an image has as many rows as columns.",
        2 * side: "rows and columns are multiplied, not added.",
        3 * side * side: "the images are grey: one value for each point, not three.",
    }
    return compare(answer, side * side, mistakes)


@exercise(
    "00.2",
    a_number,
    hints=[
        "how likely is one such answer to be right, if there are ten digits to choose from?",
        "one answer in ten is right, so nine in ten are wrong: how many is that of 10,000?",
    ],
)
def wrong_answers_of_a_guesser(answer):
    if 9300 <= answer <= 9500:
        return "that is what the network did before training; the question is about somebody who guesses."
    mistakes = {
        1000: "so many are read rightly; the question is how many are read wrongly.",
        90: "that is in per cent; the question is how many of the 10,000.",
        0.9: "that is the share; the question is how many of the 10,000.",
        10: "so many per cent are read rightly; the question is how many of the 10,000 are read wrongly.",
        0.1: "that is the chance to be right; the question is how many of the 10,000 are read wrongly.",
    }
    return compare(answer, 10_000 - 10_000 / 10, mistakes)


@exercise(
    "00.3",
    a_number,
    hints=[
        "how many grey values have all 60,000 images together? Exercise 00.1 gives those of one.",
        "divide all the grey values by the number of parameters.",
        "60,000 · 1,024 grey values, for 61,706 parameters.",
    ],
)
def grey_values_for_each_parameter(answer):
    images, parameters = 60_000, 61_706
    mistakes = {
        images * 28 * 28 / parameters: "that is with 28×28 grey values; the network is given 32×32.",
        images / parameters: "that is images for each parameter; each image has many grey values.",
        parameters / (images * 32 * 32): "that is parameters for each grey value: divide the other way.",
    }
    return compare(answer, images * 32**2 / parameters, mistakes, within=0.75)  # 995 and 996 are both whole
