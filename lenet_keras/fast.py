"""The same network, quicker: convolution, activation and pooling of LeNet-5 as one layer, the same sums throughout.

On a processor the 5×5 windows of C1, on an image of one channel, keep most of the arithmetic units waiting: there are
too few numbers to multiply at each place. Pooling then walks over everything again. Both are mended by putting the
same sums in another order. The four places whose answers are pooled together lie within one window of 6×6; so one
convolution of stride 2, with 6×6 windows and four times as many outputs, computes all four, and pooling is a mean (or
maximum) over four channels. A stride of 2 is a stride of 1 on an image whose blocks of 2×2 pixels are channels. More is
multiplied, by zeros (36 products for 25), in a form that the machine is made for. tools/benchmark.py times it.
"""

import keras
from keras import layers, ops

POOLING = ("average", "max")
RISING = ("linear", "relu", "sigmoid", "tanh")
"""Activations that never fall, so that the largest of four answers is the answer to the largest of four sums."""


def in_blocks(images):
    """Each block of 2×2 pixels becomes one pixel with four times as many channels.

    Args:
        images: (n, rows, columns, channels), rows and columns even.

    Returns:
        (n, rows / 2, columns / 2, 4 × channels): channels of the block's pixels, row by row.
    """
    _, rows, columns, channels = images.shape
    blocks = ops.reshape(images, (-1, rows // 2, 2, columns // 2, 2, channels))
    return ops.reshape(ops.transpose(blocks, (0, 1, 3, 2, 4, 5)), (-1, rows // 2, columns // 2, 4 * channels))


@keras.saving.register_keras_serializable("lenet_keras")
class PooledConv2D(keras.layers.Layer):
    """A convolution without padding, its activation, and pooling over 2×2 places, in one: the sums of Conv2D and
    AveragePooling2D (or MaxPooling2D), with the same weights, in another order.

    Args:
        filters: how many maps.
        kernel_size: side of the windows, an odd number: they are square.
        activation: name of a Keras activation; with "max" one of RISING, since the largest sum is taken before it,
            which spares three activations of four.
        pooling: "average" or "max".

    Input: (n, rows, columns, channels), rows and columns fixed, even and larger than kernel_size. Output:
    (n, (rows - kernel_size + 1) / 2, the same of the columns, filters).

    A saved network with this layer can be loaded only after `import lenet_keras.fast`: Keras does not know it before.

    Raises:
        ValueError: for an even window, another pooling or activation, or images with other sides.
    """

    def __init__(self, filters, kernel_size, activation=None, pooling="average", **kwargs):
        super().__init__(**kwargs)
        if not isinstance(kernel_size, int) or kernel_size < 1 or kernel_size % 2 == 0:
            raise ValueError(f"PooledConv2D needs windows with an odd side, not {kernel_size}.")
        if pooling not in POOLING:
            raise ValueError(f'pooling must be "average" or "max", not {pooling!r}.')
        self.filters, self.kernel_size, self.pooling = filters, kernel_size, pooling
        self.activation = keras.activations.get(activation)
        if pooling == "max" and (name := keras.activations.serialize(self.activation)) not in RISING:
            raise ValueError(f"With max pooling the activation must be one of {', '.join(RISING)}, not {name!r}.")

    def build(self, input_shape):
        _, rows, columns, channels = input_shape
        for side in (rows, columns):
            if side is None or side % 2 or side <= self.kernel_size:
                wanted = f"fixed, even sides larger than {self.kernel_size}"
                raise ValueError(f"PooledConv2D needs images with {wanted}, not {rows}×{columns}.")
        self.kernel = self.add_weight(shape=(self.kernel_size, self.kernel_size, channels, self.filters), name="kernel")
        self.bias = self.add_weight(shape=(self.filters,), initializer="zeros", name="bias")

    def call(self, images):
        # One window for all four places: the kernel at each of its four positions in it, zeros around it.
        places = [((down, 1 - down), (right, 1 - right), (0, 0), (0, 0)) for down in (0, 1) for right in (0, 1)]
        window = ops.stack([ops.pad(self.kernel, place) for place in places], axis=3)
        side, channels = self.kernel_size + 1, self.kernel.shape[2]
        window = ops.reshape(window, (side // 2, 2, side // 2, 2, channels, 4 * self.filters))
        window = ops.transpose(window, (0, 2, 1, 3, 4, 5))
        window = ops.reshape(window, (side // 2, side // 2, 4 * channels, 4 * self.filters))
        four = ops.conv(in_blocks(images), window)
        four = ops.reshape(four, (-1, *four.shape[1:3], 4, self.filters))
        if self.pooling == "max":
            return self.activation(ops.max(four, axis=3) + self.bias)
        return ops.mean(self.activation(four + self.bias), axis=3)

    def compute_output_shape(self, input_shape):
        count, rows, columns, _ = input_shape
        return count, (rows - self.kernel_size + 1) // 2, (columns - self.kernel_size + 1) // 2, self.filters

    def get_config(self):
        return super().get_config() | {
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "activation": keras.activations.serialize(self.activation),
            "pooling": self.pooling,
        }


def lenet5(activation="tanh", pooling="average", outputs=10):
    """`lenet_keras.lenet5` with its sums in another order: the same 61,706 weights, the same answers to rounding.

    Its lists of weights have the order and number of those of `lenet_keras.lenet5`, and all shapes but that of C5,
    which is a product of matrices here; `copy_weights` takes them over, either way.

    Fresh weights are others, even with the same seed, and those of C5 are 2.6 times as large: for its start Keras
    counts the outputs of an array, 120 of this product of matrices, but 25 · 120 of windows of 5×5. To begin where
    `lenet_keras.lenet5` begins, copy its weights.

    Args:
        activation, pooling, outputs: as for `lenet_keras.lenet5`.

    Returns:
        keras.Sequential: images (n, 32, 32, 1) to logits (n, outputs).
    """
    return keras.Sequential(
        [
            keras.Input((32, 32, 1)),
            PooledConv2D(6, 5, activation, pooling, name="C1S2"),
            PooledConv2D(16, 5, activation, pooling, name="C3S4"),
            layers.Flatten(name="flatten"),
            layers.Dense(120, activation=activation, name="C5"),
            layers.Dense(84, activation=activation, name="F6"),
            layers.Dense(outputs, name="output"),
        ],
        name="lenet5_fast",
    )


def copy_weights(source, target):
    """Give a network the weights of the other, where only the shapes of the arrays differ, and return it.

    Args:
        source, target: networks of `lenet_keras.lenet5` and `lenet_keras.fast.lenet5`, either way round.

    Raises:
        ValueError: where the two do not hold equally many numbers, layer by layer.
    """
    given, wanted = source.get_weights(), target.get_weights()
    if [array.size for array in given] != [array.size for array in wanted]:
        found, needed = [array.shape for array in given], [array.shape for array in wanted]
        raise ValueError(f"The weights have the shapes {found}; wanted are as many numbers as in {needed}.")
    target.set_weights([array.reshape(place.shape) for array, place in zip(given, wanted, strict=True)])
    return target
