"""What the exercises of notebook 05 accept: the listing counted and ported, and a patient mended."""

import numpy as np

from lenet_keras.course.exercises import UNKNOWN, a_function, a_number, compare, exercise


@exercise(
    "05.1",
    a_number,
    hints=[
        "section 1 counts the listing with 82 units in F6; which layers change with two units more?",
        "a unit more in F6 has 120 weights and a bias, and gives each of the ten outputs one input more.",
        "what the listing has, and 2 · 121 in F6, and 2 · 10 in the output.",
    ],
)
def parameters_of_the_listing_with_84_units(answer):
    def parameters(f6, seen_by_output, window=4):
        convolutions = 6 * (5 * 5 + 1) + 16 * (5 * 5 * 6 + 1) + 120 * (window * window * 16 + 1)
        return convolutions + f6 * (120 + 1) + 10 * (seen_by_output + 1)

    right = parameters(84, 84)
    mistakes = {
        parameters(82, 82): "that is the listing as it stands, with 82 units in F6.",
        parameters(84, 82): "F6 has changed here, but each of the ten outputs has two inputs more too.",
        parameters(
            82, 84
        ): "the outputs have changed here, but the two units have weights and biases of their own.",
        right - 2: "the biases of the two units are missing.",
        parameters(84, 84, window=5): "that is for 32×32 pixels; with 28×28 the window of C5 is 4×4.",
    }
    return compare(answer, right, mistakes)


@exercise(
    "05.2",
    a_function,
    hints=[
        "PyTorch's columns go through map after map, Keras's rows through point after point.",
        "first undo the flattening: weight.reshape(out, maps, rows, columns) gives each number its place.",
        "then transpose to (rows, columns, maps, out), and flatten the first three axes into one.",
    ],
)
def kernel_in_keras_order(function):
    rng = np.random.default_rng(7)
    for maps, rows, columns, out in ((2, 3, 3, 4), (3, 2, 5, 1), (6, 4, 4, 10)):
        inputs = maps * rows * columns
        weight = rng.permutation(out * inputs).reshape(out, inputs).astype("float32")
        right = np.empty((inputs, out))
        for row, column, m in np.ndindex(rows, columns, maps):
            right[(row * columns + column) * maps + m] = weight[:, (m * rows + row) * columns + column]
        kernel = function.array(weight, maps, rows, columns)
        case = f"for {maps} maps of {rows}×{columns} and {out} outputs"
        if kernel.shape == (rows, columns, maps, out):
            return "the axes are in Keras's order; now flatten the first three into one."
        if kernel.shape == (out, inputs) != (inputs, out):
            return "this still has the outputs first; Dense has them last: (in, out)."
        if kernel.shape != (inputs, out):
            return f"{case} the shape is {kernel.shape}, but it should be {(inputs, out)}."
        if np.allclose(kernel, right):
            continue
        by_column = weight.reshape(out, maps, rows, columns).transpose(3, 2, 1, 0).reshape(inputs, out)
        if np.array_equal(kernel, weight.T):
            return (
                "the rows are still in PyTorch's order, one map after the other: undo its flattening first."
            )
        if np.array_equal(kernel, by_column):
            return "rows and columns have changed places: within a map Keras goes along a row first."
        if np.array_equal(kernel, weight.reshape(inputs, out)):
            return "reshape alone does not move the outputs to the end, it cuts the same numbers elsewhere."
        return f"{case} the shape is right, but not the order of the rows: undo PyTorch's flattening first."
    return None


@exercise(
    "05.3",
    a_number,
    hints=[
        "count trainings that die as notebook 08 counts errors: how many, and out of how many?",
        "lk.wilson_interval takes the number counted, then out of how many; it gives both ends.",
        "the upper end of lk.wilson_interval(0, 5), times 100.",
    ],
)
def upper_end_for_none_of_five(answer):
    # The upper end is the share of which 0 in 5 is 1.96 standard errors away: p² = z² p (1 - p) / 5.
    z = 1.959964
    right = 100 * z**2 / (5 + z**2)
    if abs(100 * answer - right) <= 0.5:
        return "this is a share; give it in per cent."
    if 0.1 < abs(answer - right) < 1 and answer != 43:
        return "nearly: take 1.96 standard errors, as lk.wilson_interval does, and do not round up."
    rule_of_three, one_sided, exact = 100 * 3 / 5, 100 * (1 - 0.05 ** (1 / 5)), 100 * (1 - 0.025 ** (1 / 5))
    mistakes = {
        0: "0 is what was counted, and the lower end; the upper end is asked.",
        100 * z**2 / (10 + z**2): "that is for none of ten trainings; here there are five.",
        100 - right: "that is how small the share of trainings that live can be: count those that die.",
        100: "that is for five of five; here none died.",
        rule_of_three: "three over the number of trainings is a rule for many; use the Wilson interval.",
        one_sided: "that is another interval, exact to one side; use the Wilson interval.",
        exact: "that is another interval, Clopper's and Pearson's; use the Wilson interval.",
    }
    return compare(answer, right, mistakes, within=0.5)


@exercise(
    "05.4",
    a_function,
    hints=[
        "which number stands for paper in the photographs, and which in MNIST as it is stored?",
        "turn the grey values round first, 255 - photographs; then comes the preparation of notebook 01.",
        "lk.normalise does all of that preparation for MNIST's pixels: border, scale, axis of maps.",
    ],
)
def photographs_as_the_network_takes_them(function):
    rng = np.random.default_rng(4)
    several = np.zeros((5, 28, 28), "uint8")  # ink, as MNIST has it; like MNIST with a margin of paper
    several[:, 4:24, 4:24] = rng.integers(0, 200, (5, 20, 20))
    several[0, 10, 10] = 255
    faint = (several[1:2] // 2).astype("uint8")
    for ink in (several, faint, several[:1]):
        right = np.full((len(ink), 32, 32, 1), -0.1)
        right[:, 2:-2, 2:-2, 0] = -0.1 + 1.275 * (ink / 255.0)
        found = function.array(255 - ink)
        if found.shape == right.shape[:3]:
            return "the last axis, that of maps, is missing: the shape should be (n, 32, 32, 1)."
        if found.shape[1:3] == (28, 28):
            return "the border is missing: 32×32 pixels are wanted, with the digit in the middle."
        if found.shape != right.shape:
            return f"for {len(ink)} photographs the shape is {found.shape}, but it should be {right.shape}."
        if not np.allclose(found, right, rtol=0, atol=1e-5):
            return _what_is_wrong_with(found, right)
    return None


def _what_is_wrong_with(found, right):
    def same(a, b):
        return np.allclose(a, b, rtol=0, atol=1e-5)

    middle = np.s_[:, 2:-2, 2:-2]
    border = np.ones(right.shape, bool)
    border[middle] = False
    if found.dtype == np.float16:
        return "float16 has too few digits for these values; take float32."
    if same(found[middle], right[middle]):
        if same(found[border], 1.175):
            return "the digit is right, but the border is ink: turn the grey values round before you add it."
        return "the digit is right, but not the border: it must be paper, which is -0.1."
    if same(found[middle], 1.075 - right[middle]):
        return "paper and ink are still the wrong way round: paper should be -0.1, ink 1.175."
    if same(found[middle], (right[middle] + 0.1) / 1.275):
        return "these values go from 0 to 1; the network was trained on -0.1 for paper and 1.175 for ink."
    if same(found[middle] / 200, right[middle] + 0.1):
        return "these are still grey values from 0 to 255; the network was trained on -0.1 to 1.175."
    darkest, darkest_right = found.max(axis=(1, 2, 3)), right.max(axis=(1, 2, 3))
    if same(found.min(), -0.1) and same(darkest, 1.175) and not same(darkest_right, 1.175):
        return (
            "a faint digit was stretched to full ink: an image must not be measured by its own darkest point."
        )
    return UNKNOWN
