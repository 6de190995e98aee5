"""What the exercises of notebook 18 accept: rivals of LeNet-5 counted, and the slant of a digit."""

import itertools
import math

import keras
import numpy as np

from lenet_keras.counting import anatomy
from lenet_keras.course.exercises import a_function, a_number, compare, exercise
from lenet_keras.models import lenet1, lenet4


@exercise(
    "18.1",
    a_number,
    hints=[
        "section 4: there is one machine for each pair of classes; ten digits make 45 pairs.",
        "A is paired with 25 letters, B with 24 more, and so on.",
        "26 · 25, and each pair is counted twice that way.",
    ],
)
def machines_for_26_letters(answer):
    mistakes = {
        26 * 26: "no letter is paired with itself, and A with B is the same pair as B with A.",
        26 * 25: "each pair is counted twice here: A with B is the same machine as B with A.",
        26 * 27 // 2: "no letter is paired with itself, and the alphabet of the exercise has 26 letters.",
        26: "that is one machine for each letter; here there is one for each pair.",
        45: "that is for ten digits; there are 26 letters.",
    }
    return compare(answer, len(list(itertools.combinations(range(26), 2))), mistakes)


@exercise(
    "18.2",
    a_number,
    hints=[
        "only C3 changes; section 10 shows the counts of the other layers.",
        "each of the 12 maps has a kernel of 5×5 for each of the 4 maps that it sees, and one bias.",
        "2,578 without the 512 of C3, and 12 · (4 · 25 + 1) in their place.",
    ],
)
def parameters_of_lenet1_with_all_links(answer):
    full = keras.layers.Conv2D(12, 5)
    full.build((None, 12, 12, 4))
    rows = {row.name: row.parameters for row in anatomy(lenet1()).rows}
    others = sum(rows.values()) - rows["C3"]
    right = others + full.count_params()
    mistakes = {
        right - 12: "the biases of C3 are missing: one for each of its maps.",
        right + 48 - 12: "a map of C3 has one bias, not one for each link.",
        full.count_params(): "that is C3 alone; the whole network is asked.",
        full.count_params() - 12: "that is the kernels of C3 alone; the whole network is asked.",
        others + rows["C3"]: "that is our LeNet-1 as it is, with 20 links.",
        others: "C3 is left out here; it has a new number of parameters.",
    }
    return compare(answer, right, mistakes)


@exercise(
    "18.3",
    a_function,
    hints=[
        "section 3 measures the slant with the ink of each pixel as its weight.",
        "about the centre of mass, take the variance of the row, and the covariance of row and column.",
        "divide the covariance by the variance of the row: both are sums with ink as a factor.",
    ],
)
def slant_of_ink(function):
    rng = np.random.default_rng(0)
    for (height, width), lean in (((20, 20), 0.4), ((9, 14), -0.7)):
        rows, columns = np.indices((height, width))
        middle = (width - 1) / 2 + lean * (rows - (height - 1) / 2)
        # A thick stroke of uneven ink, on paper of exactly 0.
        ink = np.clip(1.6 - np.abs(columns - middle), 0, 1) * rng.uniform(0.2, 1, (height, width))

        def spread(weights, rows=rows, columns=columns):
            return np.cov(rows.ravel(), columns.ravel(), aweights=weights.ravel(), ddof=0)

        right = _slant(spread(ink))
        of_row, covariance, of_column = spread(ink)[[0, 0, 1], [0, 1, 1]]
        mistakes = {
            covariance
            / of_column: "this divides by the variance of the column; the slant is in pixels a row.",
            -right: "the sign is turned: ink that goes to the right as it goes down has a positive slant.",
            covariance: "this is the covariance; divide it by the variance of the row.",
            covariance
            / math.sqrt(of_row * of_column): "this is a correlation; divide by the variance of the row.",
            100 * right: "this is in per cent; give it in pixels a row.",
            math.atan(right): "this is an angle; give the slant in pixels a row.",
            math.degrees(math.atan(right)): "this is an angle; give the slant in pixels a row.",
            _slant(spread(ink + 0.1)): "this adds 0.1 to the ink; here paper is 0 already.",
            _slant(spread(ink > 0)): "all ink counts alike here; darker pixels must count for more.",
            _slant(spread(ink > 0.5)): "all ink counts alike here; darker pixels must count for more.",
        }
        wrong = compare(function.number(ink), right, mistakes, within=1e-4)
        if wrong is not None:
            return wrong
    return None


def _slant(spread):
    return spread[0, 1] / spread[0, 0]


@exercise(
    "18.4",
    a_number,
    hints=[
        "count the products of exactly 0, 1, 2 and 3 pixels; a pixel may come twice or three times.",
        "section 8 counts the products of up to 4 of 784 pixels with math.comb.",
        "math.comb(16 * 16 + 3, 3).",
    ],
)
def products_of_up_to_three_pixels(answer):
    def exactly(k):
        """Products of exactly k of 256 pixels, where a pixel may come again: chosen with repetition."""
        return math.comb(256 + k - 1, k)

    right = sum(exactly(k) for k in range(4))
    mistakes = {
        right - 1: "the empty product 1 is missing.",
        sum(math.comb(256, k) for k in range(4)): "a pixel may come twice in a product, or three times.",
        math.comb(
            256, 3
        ): "these are three different pixels; a pixel may come again, and fewer than 3 count too.",
        exactly(3): "that is exactly 3 pixels; products of fewer count too.",
        256**3: "the order does not matter: a · b · c is the same product as c · b · a.",
        sum(256**k for k in range(4)): "the order does not matter: a · b is the same product as b · a.",
        math.comb(28 * 28 + 3, 3): "that is for 28×28 pixels; here there are 16×16.",
        math.comb(256 + 4, 4): "that is up to 4 pixels; here it is up to 3.",
        math.comb(256 + 2, 2): "that is up to 2 pixels; here it is up to 3.",
    }
    return compare(answer, right, mistakes)


@exercise(
    "18.5",
    a_number,
    hints=[
        "K-NN multiplies every pixel of every stored digit once.",
        "MNIST has 60,000 training digits of 784 pixels; lk.anatomy counts what LeNet-4 multiplies.",
        "60,000 · 784 divided by 253,570, without what comes after the point.",
    ],
)
def digits_lenet4_reads_meanwhile(answer):
    counts = anatomy(lenet4())
    neighbours = 60_000 * 28 * 28
    right = len(range(counts.macs, neighbours + 1, counts.macs))  # digits that are finished in time
    if answer != right and abs(answer - neighbours / counts.macs) <= 0.5:
        return "round down: the next digit is not finished in that time."
    mistakes = {
        48_000 * 784 / counts.macs: "that is with 48,000 digits; all 60,000 training digits are meant.",
        70_000 * 784 / counts.macs: "the test digits are not stored: K-NN keeps the 60,000 training digits.",
        60_000 * 400 / counts.macs: "that is with 20×20 pixels; the digits have 28×28 here.",
        60_000 * 1024 / counts.macs: "that is with 32×32 pixels; the digits have 28×28 here.",
        neighbours / 260_000: "that is with the round figure of the article; lk.anatomy counts our LeNet-4.",
        neighbours / counts.connections: "these are LeNet-4's connections; multiply-accumulates are asked.",
        neighbours / counts.parameters: "these are LeNet-4's parameters; multiply-accumulates are asked.",
        counts.macs / neighbours: "upside down: K-NN has far more to multiply than LeNet-4.",
        neighbours: "these are K-NN's products; divide them by those of LeNet-4 for one digit.",
        counts.macs: "these are LeNet-4's products for one digit; how often do they go into those of K-NN?",
    }
    for wrong, why in mistakes.items():
        if answer in (round(wrong), math.floor(wrong)) or abs(answer - wrong) <= 0.005 * wrong:
            return why
    return compare(answer, right)
