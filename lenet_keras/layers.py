"""The layers and losses of 1998 (the article, sections II-B and II-C): squashing, subsampling, Table I, RBF output.

Each works like Keras's own, and can be saved and built again from its configuration. Each layer says in `counts` what
it is made of, so that `lk.anatomy` need not know it. "n" in a shape is the number of images.
"""

from typing import NamedTuple

import keras
import numpy as np
from keras import ops

AMPLITUDE, SLOPE = 1.7159, 2 / 3
"""A and S of the squashing function (article, section II-B and appendix A): f(1) = 1 and f(-1) = -1 within 3e-6."""

TABLE_I = (
    *("012", "123", "234", "345", "450", "501"),
    *("0123", "1234", "2345", "3450", "4501", "5012"),
    *("0134", "1245", "0235"),
    "012345",
)
"""Table I of the article (section II-B): for each of the sixteen maps of C3, the maps of S2 that it is linked to."""

# Drawn for this course, 7 columns by 12 rows, in the manner of printed ASCII. Digits that look alike are drawn alike:
# what the network confuses should lie near. The article shows its own drawings in Fig. 3, as a picture only.
DRAWINGS = """
..###.. ...##.. .#####. .#####. ##...## ####### ..####. ####### .#####. .#####.
.##.##. ..###.. ##...## ##...## ##...## ##..... .##.... ##...## ##...## ##...##
##...## .####.. ##...## ##...## ##...## ##..... ##..... .....## ##...## ##...##
##...## ...##.. .....## .....## ##...## ##..... ##..... .....## ##...## ##...##
##...## ...##.. .....## .....## ##...## ######. ##..... ....##. ##...## ##...##
##...## ...##.. ....##. ..####. ####### .....## ######. ....##. .#####. ##...##
##...## ...##.. ...##.. .....## .###### .....## ##...## ...##.. ##...## .######
##...## ...##.. ..##... .....## .....## .....## ##...## ...##.. ##...## .....##
##...## ...##.. .##.... .....## .....## .....## ##...## ..##... ##...## .....##
##...## ...##.. ##..... ##...## .....## ##...## ##...## ..##... ##...## .....##
.##.##. ...##.. ##..... ##...## .....## ##...## ##...## ..##... ##...## ....##.
..###.. .###### ####### .#####. .....## .#####. .#####. ..##... .#####. .####..
"""


class Counts(NamedTuple):
    """What a layer is made of, for one image, as its `counts` says and `lk.anatomy` uses it."""

    connections: int = 0
    """Links into the layer's units; a bias counts as one link into each unit that has it."""
    macs: int = 0
    """Multiplications of a weight by a value, each followed by an addition."""
    window: tuple | None = None
    """Height and width of what one unit sees of the maps before; None for a layer without a window."""
    strides: tuple = (1, 1)
    """Steps from window to window, down and across."""


def bitmaps():
    """The drawings as the output layer's fixed parameters (article, section II-B and Fig. 3).

    Returns:
        float32 array (10, 84): a row for each digit, its 12 rows of 7 points one after another; +1 ink, -1 paper.
    """
    rows = [line.split() for line in DRAWINGS.split("\n") if line]
    points = np.array([[list(piece) for piece in row] for row in rows])  # (12, 10, 7)
    return np.where(points.transpose(1, 0, 2) == "#", 1, -1).reshape(10, -1).astype("float32")


@keras.saving.register_keras_serializable("lenet_keras")
def squash(a):
    """f(a) = 1.7159 tanh(2a/3) of every number in a tensor (article, section II-B, equation 6): within ±1.7159."""
    return AMPLITUDE * ops.tanh(SLOPE * a)


@keras.saving.register_keras_serializable("lenet_keras")
class UniformByFanIn(keras.initializers.Initializer):
    """Starting weights uniform in ±2.4 / fan_in**power; the fan-in counts the weighted links into one unit.

    The article (appendix A) gives power 1, and the reason: the sum of inputs that are alike grows as the fan-in, that
    of independent ones as its root. The network of the course does not train with power 1, as lesson 16 shows, and
    does with 1/2.

    Args:
        power: exponent of the fan-in.
        fan_in: the fan-in, a number or an array that fits the first axis of the weights; None to take it from
            the shape of a kernel whose last axis counts the units or maps.
    """

    def __init__(self, power=0.5, fan_in=None):
        self.power, self.fan_in = power, fan_in

    def __call__(self, shape, dtype=None):
        fan_in = np.prod(shape[:-1]) if self.fan_in is None else np.asarray(self.fan_in)
        bound = 2.4 / fan_in.astype("float32") ** self.power
        bound = bound.reshape(bound.shape + (1,) * (len(shape) - bound.ndim)) if bound.ndim else bound
        return keras.random.uniform(shape, -1, 1, dtype=dtype) * bound

    def get_config(self):
        return {"power": self.power, "fan_in": None if self.fan_in is None else np.asarray(self.fan_in).tolist()}


@keras.saving.register_keras_serializable("lenet_keras")
class Subsampling(keras.layers.Layer):
    """S2 and S4 (article, section II-B): the sum of each 2×2 block times a coefficient, plus a bias, then `squash`.

    Each map has one coefficient and one bias, both trainable; the bias starts at 0.

    Input (n, height, width, maps), output (n, height // 2, width // 2, maps): a last odd row or column is left out.

    Args:
        start: of the coefficients. With 1/4 the layer begins as an average. The article does not say how they start;
            the authors' program in Lush has 1/2.

    Raises:
        ValueError: when built for an input that has not four axes, or is less than 2 pixels high or wide.
    """

    def __init__(self, start=0.25, **kwargs):
        super().__init__(**kwargs)
        self.start = start

    def build(self, shape):
        if len(shape) != 4 or min(size or 2 for size in shape[1:3]) < 2:
            raise ValueError(f"Subsampling needs maps of shape (n, height, width, maps), 2×2 or larger, not {shape}.")
        begin = keras.initializers.Constant(self.start)
        self.coefficient = self.add_weight(shape=(shape[-1],), initializer=begin, name="coefficient")
        self.bias = self.add_weight(shape=(shape[-1],), initializer="zeros", name="bias")

    def call(self, x):
        # strides said, since Keras 3.15 on JAX mistakes its own default
        return squash(4 * ops.average_pool(x, 2, strides=2) * self.coefficient + self.bias)

    def get_config(self):
        return super().get_config() | {"start": self.start}

    def counts(self, shape):
        """`Counts` for one image (height, width, maps): each unit has four links and a bias, as the article counts.

        The four values share one coefficient; its one product is not counted as a multiply-accumulate.
        """
        units = (shape[0] // 2) * (shape[1] // 2) * shape[2]
        return Counts(connections=units * (4 + 1), window=(2, 2), strides=(2, 2))


@keras.saving.register_keras_serializable("lenet_keras")
class PartialConv2D(keras.layers.Layer):
    """C3 (article, section II-B): a convolution, each of whose maps is linked to some of the incoming maps only.

    Only the kernels of links that exist are stored: with Table I 60 kernels of 5×5 and 16 biases, 1,516 numbers.

    Input (n, height, width, maps in), output (n, height - size + 1, width - size + 1, len(table)).

    Args:
        table: for each outgoing map the numbers of the incoming ones, as a text of digits or a list of integers.
        size: height and width of the window.
        activation: what follows the sum, `squash` by default.
        power: of the fan-in, in the starting weights; see `UniformByFanIn`.

    Attributes:
        links: int array (links, 2): incoming and outgoing map of each link, in the order of the stored kernels.

    Raises:
        ValueError: if the table is empty, or names a map twice; when built, if it names a map that does not exist, or
            the maps are smaller than the window.
    """

    def __init__(self, table=TABLE_I, size=5, activation=squash, power=0.5, **kwargs):
        super().__init__(**kwargs)
        self.table = [[int(number) for number in maps] for maps in table]
        if not self.table or not all(self.table):
            raise ValueError(f"The connection table needs at least one incoming map for every map, not {self.table}.")
        for maps in self.table:
            if len(set(maps)) < len(maps):
                raise ValueError(f"The connection table links a map to the same map twice: {maps}.")
        self.size, self.power = size, power
        self.activation = keras.activations.get(activation)
        self.links = np.array([(i, o) for o, maps in enumerate(self.table) for i in maps], "int32")

    def build(self, shape):
        if len(shape) != 4 or min(side or self.size for side in shape[1:3]) < self.size:
            wanted = f"(n, height, width, maps) and at least {self.size}×{self.size} pixels"
            raise ValueError(f"PartialConv2D needs maps of shape {wanted}, not {shape}.")
        self.maps_in = shape[-1]
        wrong = sorted({i for i in self.links[:, 0].tolist() if not 0 <= i < self.maps_in})
        if wrong:
            there = f"there are {self.maps_in} maps, numbered 0 to {self.maps_in - 1}"
            raise ValueError(f"The connection table names the incoming map {wrong[0]}, but {there}.")
        start = UniformByFanIn(self.power, [self.size**2 * len(self.table[o]) for _, o in self.links])
        shape = (len(self.links), self.size, self.size)
        self.kernel = self.add_weight(shape=shape, initializer=start, name="kernel")
        self.bias = self.add_weight(shape=(len(self.table),), initializer="zeros", name="bias")

    def dense_kernel(self, kernel=None):
        """The kernel of the equivalent full convolution, (size, size, maps in, maps out), 0 where no link is.

        Args:
            kernel: other stored kernels, of the same shape, in the place of the layer's own.
        """
        kernel = self.kernel if kernel is None else kernel
        placed = ops.scatter(self.links, kernel, (self.maps_in, len(self.table), self.size, self.size))
        return ops.transpose(placed, (2, 3, 0, 1))

    def call(self, x):
        return self.activation(ops.conv(x, self.dense_kernel()) + self.bias)

    def counts(self, shape):
        """`Counts` for one image (height, width, maps): a window on each linked map, and a bias, for every unit."""
        places = (shape[0] - self.size + 1) * (shape[1] - self.size + 1)
        macs = places * self.size**2 * len(self.links)
        return Counts(macs + places * len(self.table), macs, window=(self.size, self.size))

    def get_config(self):
        activation = keras.activations.serialize(self.activation)
        own = {"table": self.table, "size": self.size, "activation": activation, "power": self.power}
        return super().get_config() | own


@keras.saving.register_keras_serializable("lenet_keras")
class EuclideanRBF(keras.layers.Layer):
    """The output layer (article, section II-B, equation 7): squared distances to fixed vectors; the smallest wins.

    Input (n, numbers), output (n, classes), 0 or larger. The vectors are stored with the layer.

    Args:
        centres: (classes, numbers), +1 and -1 in the article; None for `bitmaps()`, the course's drawings of digits.
        adaptive: whether the vectors are trained too. In the article's LeNet-5 they are fixed.

    Raises:
        ValueError: if the centres are not a table of finite numbers; when built, if an image does not give as many
            numbers as each centre has.
    """

    def __init__(self, centres=None, adaptive=False, **kwargs):
        super().__init__(**kwargs)
        self.adaptive = adaptive
        self.centres = bitmaps() if centres is None else np.asarray(centres, "float32")
        if self.centres.ndim != 2 or not np.isfinite(self.centres).all():
            found = f"{self.centres.shape}{'' if self.centres.ndim != 2 else ' with NaN or infinity'}"
            raise ValueError(f"EuclideanRBF needs finite centres of shape (classes, numbers), not of shape {found}.")

    def build(self, shape):
        if len(shape) != 2 or shape[-1] != self.centres.shape[1]:
            raise ValueError(f"EuclideanRBF needs input of shape (n, {self.centres.shape[1]}), not {shape}.")

        def start(shape, dtype=None):
            return ops.convert_to_tensor(self.centres, dtype)

        shape = self.centres.shape
        self.vectors = self.add_weight(shape=shape, initializer=start, trainable=self.adaptive, name="vectors")

    def call(self, x):
        return ops.sum((ops.expand_dims(x, 1) - self.vectors) ** 2, axis=-1)

    def counts(self, shape):
        """`Counts` for one image (numbers,): a link, and a product, for each fixed number."""
        return Counts(self.centres.size, self.centres.size)

    def get_config(self):
        return super().get_config() | {"centres": self.centres.tolist(), "adaptive": self.adaptive}


def _to_the_right_class(y_true, distances):
    if len(distances.shape) != 2:
        raise ValueError(f"The loss needs distances of shape (n, classes), not {tuple(distances.shape)}.")
    return ops.take_along_axis(distances, ops.cast(ops.reshape(y_true, (-1, 1)), "int32"), axis=1)[:, 0]


@keras.saving.register_keras_serializable("lenet_keras")
class MaximumLikelihood(keras.losses.Loss):
    """The mean squared distance to the vector of the right class (article, section II-C, equation 8).

    Safe only while the vectors are fixed: vectors that may move all go to one place, where the loss is 0.

    y_true: labels (n,), 0 to 9; y_pred: squared distances (n, 10), as `EuclideanRBF` gives them.
    """

    def call(self, y_true, y_pred):
        return _to_the_right_class(y_true, y_pred)


@keras.saving.register_keras_serializable("lenet_keras")
class MaximumAPosteriori(keras.losses.Loss):
    """The mean of y_right + log(e^-j + Σᵢ e^-yᵢ) (article, section II-C, equation 9).

    It is the cross-entropy of eleven logits: -y₀ to -y₉, and -j. It makes wrong distances larger that are not much
    larger than the right one or than j.

    y_true and y_pred are those of `MaximumLikelihood`.

    Args:
        junk: j > 0, in units of the squared distance: -j is the logit of a class of things that are no digit, which
            keeps distances that are large already from being pushed further. The article gives no value.

    Raises:
        ValueError: if junk is not a finite number above 0.
    """

    def __init__(self, junk=1.0, **kwargs):
        super().__init__(**kwargs)
        if not (np.isfinite(junk) and junk > 0):
            raise ValueError(f"junk, the j of equation 9, must be a number above 0, not {junk!r}.")
        self.junk = float(junk)

    def call(self, y_true, y_pred):
        right = _to_the_right_class(y_true, y_pred)
        junk = ops.full_like(y_pred[:, :1], -self.junk)
        # logsumexp: e^-y underflows for every class when a digit is far from all the vectors.
        return right + ops.logsumexp(ops.concatenate([junk, -y_pred], axis=1), axis=1)

    def get_config(self):
        return super().get_config() | {"junk": self.junk}
