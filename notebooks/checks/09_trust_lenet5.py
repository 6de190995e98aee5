"""What lesson 09's turns and exercises accept: errors foretold, calibration, rejection, strangers."""

import math

import numpy as np
from scipy import optimize, special

import lenet_keras as lk
from lenet_keras.course.exercises import UNKNOWN, a_function, a_model, a_number, compare, exercise
from lenet_keras.pages import drawn

UNSEEN = {
    "F": [[(0.75, 0.1), (0.3, 0.1), (0.3, 0.9)], [(0.3, 0.5), (0.65, 0.5)]],
    "N": [[(0.25, 0.9), (0.25, 0.1), (0.75, 0.9), (0.75, 0.1)]],
    "R": [
        [(0.3, 0.9), (0.3, 0.1), (0.6, 0.1), (0.72, 0.2), (0.72, 0.38), (0.6, 0.5), (0.3, 0.5), (0.72, 0.9)]
    ],
    "V": [[(0.2, 0.1), (0.5, 0.9), (0.8, 0.1)]],
}
"""Letters that are not among those of lk.strangers, as strokes."""


def made_up(seed, count=400, classes=10, spread=3.0):
    """Logits and labels of a network that is too sure."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, spread, (count, classes))
    chances = special.softmax(logits / 1.7, axis=1)
    labels = (chances.cumsum(axis=1) < rng.random((count, 1))).sum(axis=1).clip(max=classes - 1)
    return logits, labels


def foretold(probabilities):
    """How many errors the confidences foretell."""
    return (1 - probabilities.max(axis=1)).sum()


@exercise(
    "09.a",
    a_function,
    hints=[
        "the confidence of each digit is the largest number of its row.",
        "probabilities.max(axis=1) gives the confidences; a doubt is 1 minus that.",
        "return (1 - probabilities.max(axis=1)).sum()",
    ],
    ours=foretold,
)
def errors_foretold(function):
    for classes in (10, 3):
        rows = special.softmax(made_up(classes, classes=classes)[0], axis=1)
        right = sum(1 - max(row) for row in rows)
        found = function.number(rows)
        if math.isclose(found, right, rel_tol=1e-4):
            continue
        known = {
            right / len(rows): "that is the mean doubt; add the doubts up.",
            len(rows) - right: "these are the right answers foretold; the errors are the rest.",
            float((1 - rows).sum()): "this adds up all ten probabilities of a row; take the largest only.",
            1 - rows.max(): "that is one doubt for all digits: max needs axis=1.",
        }
        for mistaken, why in known.items():
            if math.isclose(found, mistaken, rel_tol=1e-4):
                return why
        return f"for {len(rows)} made-up digits it gives {found:.4g}, not {right:.4g}."
    return None


def ece(confidence, right, bins=10):
    """Expected calibration error, as a share."""
    total = 0
    number = np.minimum((confidence * bins).astype(int), bins - 1)  # the bin of each answer
    for k in range(bins):
        inside = number == k
        if inside.any():
            total += abs(confidence[inside].mean() - right[inside].mean()) * inside.mean()
    return total


@exercise(
    "09.b",
    a_function,
    hints=[
        "the gap in a bin lies between confidence[inside].mean() and right[inside].mean().",
        "take it without its sign, abs(...), times inside.mean(), the share of all answers in this bin.",
        "total += abs(confidence[inside].mean() - right[inside].mean()) * inside.mean()",
    ],
    ours=ece,
)
def calibration_error(function):
    rng = np.random.default_rng(2)
    confidence = rng.uniform(0.3, 1, 2000)
    right = rng.random(2000) < np.where(confidence < 0.6, confidence + 0.2, confidence - 0.15)
    gaps, shares = [], []
    for k in range(10):
        inside = (confidence >= k / 10) & (confidence < (k + 1) / 10)
        if inside.any():
            gaps.append(confidence[inside].mean() - right[inside].mean())
            shares.append(inside.mean())
    gaps, shares = np.array(gaps), np.array(shares)
    wanted = (abs(gaps) * shares).sum()
    found = function.number(confidence, right)
    known = {
        (gaps * shares).sum(): "each gap counts without its sign: use abs(), and [inside] in each bin.",
        (-gaps * shares).sum(): "each gap counts without its sign: use abs(), and [inside] in each bin.",
        abs(gaps).sum(): "weigh each gap by the share of all answers in its bin.",
        abs(gaps).mean(): "weigh each gap by the share of all answers in its bin.",
        2000 * wanted: "that weighs by the number of answers; take their share, inside.mean().",
        100 * wanted: "that is in per cent; give back a share.",
    }
    if not math.isclose(found, wanted, rel_tol=1e-3):
        for mistaken, why in known.items():
            if math.isclose(found, mistaken, rel_tol=1e-3):
                return why
        return UNKNOWN
    sure = function.number(np.full(50, 0.95), np.ones(50, bool))
    return None if math.isclose(sure, 0.05, rel_tol=1e-3) else UNKNOWN


def with_temperature(logits, temperature):
    """Softmax of the logits divided by the temperature."""
    return special.softmax(logits / temperature, axis=1)


@exercise(
    "09.c",
    a_function,
    hints=[
        "divide first, then softmax.",
        "each row is one digit, so softmax needs axis=1.",
        "return special.softmax(logits / temperature, axis=1)",
    ],
    ours=with_temperature,
)
def softmax_at_a_temperature(function):
    logits = made_up(4, count=20)[0].astype("float32")
    logits[0] *= 200  # where exp alone would overflow
    for temperature in (2.0, 0.5):
        powers = np.exp((logits - logits.max(axis=1, keepdims=True)).astype(float) / temperature)
        right = powers / powers.sum(axis=1, keepdims=True)
        found = function.array(logits, temperature)
        if found.shape != right.shape:
            return f"for logits of shape (20, 10) it must give shape (20, 10), not {found.shape}."
        if np.isnan(found).any():
            return "for large logits it gives no number: subtract the largest first, or use special.softmax."
        if np.abs(found - right).max() < 1e-4:
            continue
        if np.abs(found.sum(axis=1) - 1).max() > 1e-3:
            return "the rows do not add up to 1: each row is one digit, so softmax needs axis=1."
        if np.abs(found - special.softmax(logits.astype(float) * temperature, axis=1)).max() < 1e-4:
            return "this multiplies by the temperature; divide."
        if np.abs(found - special.softmax(logits.astype(float), axis=1)).max() < 1e-4:
            return "the temperature is not used."
        return UNKNOWN
    return None


def _refused(strange, caught, digits_refused):
    """Of 100 refused images, how many are no digits."""
    return 100 * strange * caught / (strange * caught + (1 - strange) * digits_refused)


@exercise(
    "09.d",
    a_number,
    hints=[
        "of 10,000 images, 100 are no digits and 9,900 are digits.",
        "refused are 60 of the 100, and 2 % of the 9,900.",
        "60 of 60 + 198 refused images are no digits.",
    ],
    ours=100 * 60 / (60 + 198),
)
def what_a_refusal_is_worth(answer):
    right = _refused(0.01, 0.6, 0.02)
    mistakes = {
        60: "that is the share of the strange images that is refused; the question goes the other way round.",
        258: "so many are refused in all; how many in 100 of these are no digits?",
        100 - right: "that is the share of digits among the refused; give the rest.",
        0.6: "that is the number of refused strange images in 100; how many of the *refused* are they?",
    }
    if 0 < answer < 1 and answer != 0.6:
        answer = 100 * answer  # a share
    return compare(answer, right, mistakes, within=0.6)


@exercise(
    "09.1",
    a_number,
    hints=[
        "turn each confidence into a doubt: 80 % into 0.20, 55 % into 0.45.",
        "the doubts are 0.01, 0.10, 0.20 and 0.45.",
        "add them up.",
    ],
)
def errors_foretold_by_four(answer):
    confidences = (0.99, 0.9, 0.8, 0.55)
    right = sum(1 - each for each in confidences)
    mistakes = {
        sum(confidences): "these are the right answers foretold.",
        right / 4: "that is the mean doubt; add the doubts up.",
        100 * right: "that adds up per cents: a doubt of 10 % is 0.1 of an error.",
        1: "foretold numbers need not be whole: add up the doubts as they are.",
        0: "foretold numbers need not be whole: add up the doubts as they are.",
    }
    return compare(answer, right, mistakes, within=0.005)


@exercise(
    "09.2",
    a_number,
    hints=[
        "section 3: all answers lie in one bin; how far apart are confidence and share right there?",
        "in that bin the mean confidence is 95 %, and the share right is 100 %.",
    ],
)
def calibration_error_of_a_modest_network(answer):
    mistakes = {
        0.05: "this is a share; give it in per cent.",
        -5: "the gap counts without its sign.",
        -0.05: "this is a share, and the gap counts without its sign.",
        0: "always right is not the same as calibrated: what confidence should such a network have?",
        95: "that is the confidence; the error is its distance from the share that is right.",
        100: "that is the share that is right; the error is its distance from the confidence.",
    }
    return compare(answer, 5, mistakes, within=0.01)


@exercise(
    "09.3",
    a_number,
    hints=[
        "divide the three logits by 2 first: 2, 1, 0.",
        "softmax: e², e¹ and e⁰ are 7.39, 2.72 and 1.",
        "7.39 / (7.39 + 2.72 + 1), in per cent.",
    ],
)
def confidence_at_temperature_two(answer):
    def at(temperature):
        powers = [math.exp(z / temperature) for z in (4, 2, 0)]
        return 100 * powers[0] / sum(powers)

    mistakes = {
        at(1): "that is the confidence at T = 1.",
        at(0.5): "that multiplies the logits by 2; divide them.",
        at(2) / 100: "this is a share; give it in per cent.",
        at(1) / 2: "the temperature divides the logits, not the probability.",
    }
    return compare(answer, at(2), mistakes, within=0.5)


@exercise(
    "09.4",
    a_function,
    hints=[
        "errors among the answered: divided by how many?",
        "len(wrong) counts the refused digits too.",
        "divide by kept.sum(); or take wrong[kept].mean().",
    ],
)
def error_of_what_is_answered(function):
    rng = np.random.default_rng(4)
    confidence = rng.uniform(0.4, 1, 500)
    wrong = rng.random(500) > confidence
    for threshold in (0.5, 0.8, 0.95):
        kept = [bool(w) for c, w in zip(confidence, wrong, strict=True) if c >= threshold]
        right = sum(kept) / len(kept)
        found = function.number(confidence, wrong, threshold)
        if math.isclose(found, right, rel_tol=1e-4):
            continue
        known = {
            sum(kept) / 500: "that still divides by all digits; divide by those that are answered.",
            100 * right: "that is in per cent; give back a share.",
            1 - right: "that is the share that is right.",
            float(wrong[confidence < threshold].mean()): "that is the error of the refused digits.",
        }
        for mistaken, why in known.items():
            if math.isclose(found, mistaken, rel_tol=1e-4):
                return why
        return UNKNOWN
    return None


@exercise(
    "09.5",
    a_number,
    hints=[
        "take 2,000 marks: 100 letters and 1,900 digits.",
        "refused are 90 letters and 19 digits.",
        "the digits are 19 of 109.",
    ],
)
def digits_among_the_refused(answer):
    right = 100 - _refused(0.05, 0.9, 0.01)
    mistakes = {
        100 - right: "these are the letters; the digits are asked for.",
        1: "that is the share of the digits that is refused; the question goes the other way round.",
        10: "that is the share of the letters that gets through.",
        19: "19 digits are refused in 2,000 marks; how many in 100 *refused* marks are they?",
    }
    if 0 < answer < 0.9:
        answer = 100 * answer  # a share
    return compare(answer, right, mistakes, within=0.75)


@exercise(
    "09.6",
    a_function,
    hints=[
        "for each temperature: softmax of logits / T, then the mean of −log of the label's probability.",
        "np.arange(len(labels)) and labels together pick the label's probability in each row.",
        "collect the losses in a list, and give back the temperature at np.argmin(losses).",
    ],
)
def temperature_with_the_least_loss(function):
    for seed, factor in ((1, 1.0), (2, 0.6)):
        logits, labels = made_up(seed, count=3000, spread=2.5)
        logits = logits * factor
        rows = np.arange(len(labels))

        def loss(t, logits=logits, labels=labels, rows=rows):
            return -special.log_softmax(logits / t, axis=1)[rows, labels].mean()

        right = optimize.minimize_scalar(loss, bounds=(0.5, 4), method="bounded").x
        found = function.number(logits, labels)
        if abs(found - right) <= 0.025:
            continue
        if abs(found * right - 1) < 0.03:
            return "that is 1/T: does your softmax multiply by the temperature?"
        if min(abs(found - 0.5), abs(found - 4)) < 0.03:
            return "it gives an end of the range: is the least loss taken, of the *label's* probability?"
        if abs(found - loss(right)) < 0.01:
            return "that is the least loss; give the temperature at which it is reached."
        return f"for made-up logits it gives {found:.4g}, not {right:.2f}."
    return None


@exercise(
    "09.7",
    a_function,
    hints=[
        "for one threshold the cost is 20 · errors among the answered + 2 · refused.",
        "only the confidences themselves need to be tried, and 0 for refusing nothing.",
        "keep the threshold with the smallest cost: min(candidates, key=cost).",
    ],
)
def cheapest_threshold(function):
    for seed in (1, 2, 3):
        rng = np.random.default_rng(seed)
        confidence = 1 - rng.beta(0.3, 3, 600)
        wrong = rng.random(600) > confidence

        def cost(t, error=20, refusal=2, confidence=confidence, wrong=wrong):
            kept = confidence >= t
            return error * int((wrong & kept).sum()) + refusal * int((~kept).sum())

        best = min(cost(t) for t in [0, *confidence, 1.01])
        found = function.number(confidence, wrong)
        if cost(found) <= best:
            continue
        swapped = min(cost(t, 2, 20) for t in [0, *confidence, 1.01])
        if cost(found, 2, 20) == swapped:
            return "that is the best if an error cost 2 and a refusal 20."
        if found > 1.5:
            return "that is a cost or a count; give back the threshold, a confidence from 0 to 1."
        if cost(found) > cost(0):
            return "at that threshold the cost is higher than without any refusal."
        return f"at that threshold the cost is {cost(found)}; {best} can be reached: try every confidence."
    # 19 right and 2 wrong among the unsure: to refuse all 21 costs 42, to refuse none 40.
    confidence = np.linspace(0.5, 0.99, 60)
    if function.number(confidence, np.isin(np.arange(60), (19, 20))) > confidence[0]:
        return "a refused digit costs 2 whether it was read rightly or not."
    return None


@exercise(
    "09.8",
    a_model,
    hints=[
        "put digits and strange images into one array, by np.concatenate; labels too, 10 for the strange.",
        "as many strange images as a third of the digits, and five epochs, are enough.",
        "digits.replace(x_train=..., y_train=...) and lk.train with a Recipe(validate=False) train on them.",
    ],
)
def a_network_that_can_say_none_of_these(model):
    if tuple(model.input_shape[1:]) != (32, 32, 1) or model.output_shape[-1] != 11:
        return "it must take images of shape (32, 32, 1) and give eleven values: lk.lenet5(outputs=11)."
    digits = lk.data.find()[0]
    _, validate = lk.split(digits)
    some = np.random.default_rng(11).choice(validate, size=min(1000, len(validate)), replace=False)
    images, labels = lk.normalise(digits.x_train[some]), digits.y_train[some]

    def answers(pictures):
        return model.predict(pictures, batch_size=1000, verbose=0).argmax(axis=1)

    read = 100 * (answers(images) == labels).mean()
    letters = np.repeat([drawn(strokes) for strokes in UNSEEN.values()], 40, axis=0)
    refused = 100 * (answers(lk.distort.distorted(letters, 98, lk.strangers.RANGES)) == 10).mean()
    if read < (90 if digits.name == "mnist" else 70):
        return f"it reads {read:.0f} % of the digits: it needs more digits, or a longer training."
    if refused < 50:
        more = "train it longer, with a falling rate, or show it more of the strange images."
        return f"it reads the digits, but refuses {refused:.0f} % of the letters only: {more}"
    return None
