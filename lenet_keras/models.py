"""The networks of the course, each a keras.Sequential that reads like a table. "n" in a shape is the number of images.

Their layers bear the names of the article (LeCun and others, 1998): C convolves, S subsamples, F is fully connected.
"""

import keras
from keras import layers

from .layers import TABLE_I, EuclideanRBF, PartialConv2D, Subsampling, UniformByFanIn, squash
from .records import DATA, checked_record

POOLING = {"average": layers.AveragePooling2D, "max": layers.MaxPooling2D}


def lenet5(activation="tanh", pooling="average", outputs=10):
    """LeNet-5 as the lecture's slides draw it: seven layers on 32×32 images, 61,706 parameters.

    C3 is fully connected to S2, and pooling has no parameters: this is the network that is called LeNet-5 today. The
    article's own (section II-B) links C3 by its Table I and is `lenet5_1998`.

    Args:
        activation: name of the Keras activation after C1, C3, C5 and F6: "tanh", "relu", ...
        pooling: "average" or "max", for S2 and S4.
        outputs: how many classes; 11 where the last one stands for "no digit" (lesson 23).

    Returns:
        keras.Sequential: images (n, 32, 32, 1), as `load_digits` gives them, to logits (n, outputs). The largest
        logit is the answer; softmax makes probabilities of them.

    Raises:
        ValueError: for an unknown activation or pooling.
    """
    if pooling not in POOLING:
        raise ValueError(f'pooling must be "average" or "max", not {pooling!r}.')
    try:
        keras.activations.get(activation)
    except (ValueError, TypeError):
        raise ValueError(f'activation must name a Keras activation such as "tanh", not {activation!r}.') from None
    pool = POOLING[pooling]
    return keras.Sequential(
        [
            keras.Input((32, 32, 1)),
            layers.Conv2D(6, 5, activation=activation, name="C1"),
            pool(2, name="S2"),
            layers.Conv2D(16, 5, activation=activation, name="C3"),
            pool(2, name="S4"),
            layers.Conv2D(120, 5, activation=activation, name="C5"),
            layers.Flatten(name="flatten"),
            layers.Dense(84, activation=activation, name="F6"),
            layers.Dense(outputs, name="output"),
        ],
        name="lenet5",
    )


def lenet5_slides():
    """The PyTorch listing of the lecture's slides, line by line, as a Keras model: 44,164 parameters.

    It differs from what the slides themselves draw: 28×28 images, a third convolution of 4×4, 82 units in F6, and
    ReLU after both linear layers, the logits included (lesson 05).

    Returns:
        keras.Sequential: images (n, 28, 28, 1) to ten numbers (n, 10), none of them negative.
    """
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(6, 5, activation="tanh", name="C1"),
            layers.AveragePooling2D(2, name="S2"),
            layers.Conv2D(16, 5, activation="tanh", name="C3"),
            layers.AveragePooling2D(2, name="S4"),
            layers.Conv2D(120, 4, activation="tanh", name="C5"),
            layers.Flatten(name="flatten"),
            layers.Dense(82, activation="relu", name="F6"),
            layers.Dense(10, activation="relu", name="output"),
        ],
        name="lenet5_slides",
    )


def lenet5_1998(power=0.5, table=TABLE_I, centres=None):
    """LeNet-5 as the article describes it (section II-B): 60,000 trainable and 840 fixed parameters.

    Args:
        power: starting weights are uniform in ±2.4 / fan_in**power. The article gives 1 (appendix A), with which this
            network does not train; see `UniformByFanIn`.
        table: for each map of C3, the maps of S2 that it is linked to; Table I of the article unless told otherwise.
        centres: the fixed vectors of the output layer, (10, 84); None for the course's drawings of the digits.

    Returns:
        keras.Sequential: images (n, 32, 32, 1), as `load_digits` gives them, to squared distances (n, 10). The
        *smallest* is the answer.

    Raises:
        ValueError: for a table that is empty, or names maps other than 0 to 5 or one twice; for centres of another
            shape, or not finite.
    """
    weights = {"activation": squash, "kernel_initializer": UniformByFanIn(power)}
    return keras.Sequential(
        [
            keras.Input((32, 32, 1)),
            layers.Conv2D(6, 5, name="C1", **weights),
            Subsampling(name="S2"),
            PartialConv2D(table, 5, power=power, name="C3"),
            Subsampling(name="S4"),
            layers.Conv2D(120, 5, name="C5", **weights),
            layers.Flatten(name="flatten"),
            layers.Dense(84, name="F6", **weights),
            EuclideanRBF(centres, name="output"),
        ],
        name="lenet5_1998",
    )


LENET1_TABLE = ("0", "01", "01", "1", "01", "01", "2", "23", "23", "3", "23", "23")
"""Which maps of S2 each map of C3 in `lenet1` is linked to, as printed in 1989 and transcribed by others: two halves
that see two maps of S2 each, 20 links."""


def lenet1():
    """LeNet-1, the small ancestor of LeNet-5: 2,578 parameters, 98,442 connections, 91,520 multiply-accumulates.

    It is the network of LeCun and others, "Handwritten Digit Recognition with a Back-Propagation Network" (NIPS 2,
    1989), which the article names for it: four maps, then twelve by a table of 20 links. The article (section III-C)
    gives it digits of 16×16, centred in 28×28 (`lenet_keras.distort.reduced`). The coefficients of subsampling and the
    squashing are those of `lenet5_1998`; the ten outputs are logits, so that it is trained like the others here.

    Returns:
        keras.Sequential: images (n, 28, 28, 1) to logits (n, 10).
    """
    weights = {"activation": squash, "kernel_initializer": UniformByFanIn()}
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(4, 5, name="C1", **weights),
            Subsampling(name="S2"),
            PartialConv2D(LENET1_TABLE, 5, name="C3"),
            Subsampling(name="S4"),
            layers.Flatten(name="flatten"),
            layers.Dense(10, name="output"),
        ],
        name="lenet1",
    )


def lenet4():
    """A stand-in for LeNet-4, of the size that the article states: 16,977 parameters, 253,570 multiply-accumulates.

    The article (section III-C) states about 17,000 parameters and 260,000 connections, and lists the layers: 4 maps, 8
    subsampling maps, 16 maps, 16 subsampling maps, 120 units, 10 outputs. Both cannot be true: 120 units on 16 maps of
    5×5 alone have 48,120 parameters (lesson 19). This network keeps to the sizes: 4 maps, 16 maps, 37 units, of layers
    of 1998.

    Returns:
        keras.Sequential: images (n, 32, 32, 1), as `load_digits` gives them, to logits (n, 10).
    """
    weights = {"activation": squash, "kernel_initializer": UniformByFanIn()}
    return keras.Sequential(
        [
            keras.Input((32, 32, 1)),
            layers.Conv2D(4, 5, name="C1", **weights),
            Subsampling(name="S2"),
            layers.Conv2D(16, 5, name="C3", **weights),
            Subsampling(name="S4"),
            layers.Flatten(name="flatten"),
            layers.Dense(37, name="F5", **weights),
            layers.Dense(10, name="output"),
        ],
        name="lenet4",
    )


# By kind: the name of its files, its outputs, and what it is.
_SHIPPED = {
    "standard": ("lenet5", 10, "(tanh, average pooling), trained on MNIST"),
    "distorted": ("lenet5_distorted", 10, "(tanh, average pooling), trained on distorted digits of MNIST"),
    "best": ("lenet5_best", 10, "(tanh, average pooling), trained under a teacher on distorted digits of MNIST"),
    "undistorted": ("lenet5_undistorted", 10, "(tanh, average pooling), trained on undistorted digits of MNIST"),
    "strings": ("lenet5_strings", 11, "with a blank class, trained on windows composed of MNIST's digits"),
}


def load_lenet5(kind="standard"):
    """Build LeNet-5 with weights that come with the course, after checking them, and print one line about it.

    Beside the weights lies their record: the command, seed, recipe and versions that made them, their SHA-256, and
    what was measured. data/README.md shows it as a card.

    Args:
        kind: "standard", trained on MNIST's training digits, the better one at a 1 with a flag; "distorted", trained
            on distorted ones (lesson 20), with fewer errors on MNIST; "undistorted", its control: the same recipe on
            the digits as they are; "best", with the fewest errors: trained longer, under a teacher, on digits that
            were bent elastically, too, and less sure of its answers; or "strings", with an eleventh output for "no
            digit here", trained on windows of strings (lesson 23).

    Returns:
        keras.Sequential: images (n, 32, 32, 1) to logits (n, 10), or (n, 11) for "strings".

    Raises:
        ValueError: for another kind, or a file of your own, which `network.load_weights(path)` reads; if a file is
            missing, or the bytes of the weights are not the recorded ones.
    """
    if kind not in list(_SHIPPED):
        raise ValueError(
            f"load_lenet5 reads the course's networks, {', '.join(map(repr, _SHIPPED))}, not {str(kind)!r}. "
            "For your own: network = lk.lenet5(); network.load_weights(path)."
        )
    name, outputs, what = _SHIPPED[kind]
    path = DATA / f"{name}.weights.h5"
    record = checked_record(path)
    model = lenet5(outputs=outputs)
    model.load_weights(path)
    results, epochs = record["results"], record["settings"]["recipe"]["epochs"]
    if kind == "strings":
        found = f"; recorded error on such windows {100 * results['window_error']:.1f} %"
    else:
        error = results["validation_error"]  # not that on test digits: lesson 08 finds it out
        found = f" for {epochs} epochs; recorded error on validation digits {100 * error:.1f} %"
    print(f"LeNet-5 {what}{found}.")
    return model
