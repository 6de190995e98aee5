"""LeNet-5 in NumPy, forward and backward: the functions that lesson 24 has its students write, and passes spoiled on
purpose.

A layer is a pair of functions. The forward one takes the input x and the layer's weights. The backward one takes g, the
slopes of the loss along the outputs, then x, the output y and the weights; it gives back a tuple of arrays: the slopes
along x, then along each array of weights. Maps have the axes (image, row, column, map).
"""

import numpy as np

SHAPES = {"C1": (5, 5, 1, 6), "C3": (5, 5, 6, 16), "C5": (5, 5, 16, 120), "F6": (120, 84), "output": (84, 10)}
"""The layers with weights, and the shapes of their kernels."""


def dense(x, W, b):
    """Fully connected: each output is a sum of inputs times weights, plus a bias."""
    return x @ W + b


def dense_backward(g, x, y, W, b):
    """The slopes along x, W and b; those of the weights are added over the images."""
    return g @ W.T, x.T @ g, g.sum(axis=0)


def tanh(x):
    """The squashing function."""
    return np.tanh(x)


def tanh_backward(g, x, y):
    """The slopes along x: 1 - y² is the local slope."""
    return (g * (1 - y**2),)


def pool(x):
    """The mean of every 2×2 numbers of each map."""
    return (x[:, ::2, ::2] + x[:, ::2, 1::2] + x[:, 1::2, ::2] + x[:, 1::2, 1::2]) / 4


def pool_backward(g, x, y):
    """A quarter of each slope, at the four places of its window."""
    return (g.repeat(2, axis=1).repeat(2, axis=2) / 4,)


def flatten(x):
    """All numbers of an image in one row."""
    return x.reshape(len(x), -1)


def flatten_backward(g, x, y):
    """The slopes in the shape of x."""
    return (g.reshape(x.shape),)


def loss_and_slopes(z, labels):
    """The mean cross-entropy of a batch of logits (image, class), and its slopes along the logits."""
    z = z - z.max(axis=1, keepdims=True)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    places = np.arange(len(z)), labels
    loss = (np.log(np.exp(z).sum(axis=1)) - z[places]).mean()
    p[places] -= 1
    return loss, p / len(z)


def im2col(x, size):
    """The windows of maps as rows of size · size · maps numbers."""
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2))
    return windows.transpose(0, 1, 2, 4, 5, 3).reshape(-1, size * size * x.shape[3])


def col2im(rows, like, size):
    """The numbers of rows added up at the places where im2col found them."""
    x = np.zeros_like(like)
    side = x.shape[1] - size + 1
    rows = rows.reshape(len(x), side, side, size, size, -1)
    for i, j in np.ndindex(size, size):
        x[:, i : i + side, j : j + side] += rows[:, :, :, i, j]
    return x


def conv(x, kernel, bias):
    """A convolution without padding, as one product of matrices."""
    side = x.shape[1] - len(kernel) + 1
    product = im2col(x, len(kernel)) @ kernel.reshape(-1, len(bias))
    return product.reshape(len(x), side, side, -1) + bias


def conv_backward(g, x, y, kernel, bias):
    """The slopes along x, the kernel and the biases."""
    rows, flat, table = im2col(x, len(kernel)), g.reshape(-1, len(bias)), kernel.reshape(-1, len(bias))
    of_x = col2im(flat @ table.T, x, len(kernel))
    return of_x, (rows.T @ flat).reshape(kernel.shape), flat.sum(axis=0)


LAYERS = [
    ("C1", conv, conv_backward),
    ("tanh 1", tanh, tanh_backward),
    ("S2", pool, pool_backward),
    ("C3", conv, conv_backward),
    ("tanh 3", tanh, tanh_backward),
    ("S4", pool, pool_backward),
    ("C5", conv, conv_backward),
    ("tanh 5", tanh, tanh_backward),
    ("flatten", flatten, flatten_backward),
    ("F6", dense, dense_backward),
    ("tanh 6", tanh, tanh_backward),
    ("output", dense, dense_backward),
]


def forward(weights, images, layers=LAYERS):
    """The values after each layer, from the images to the logits."""
    values = [images]
    for name, function, _ in layers:
        values.append(function(values[-1], *weights.get(name, [])))
    return values


def backward(weights, values, g, layers=LAYERS):
    """The slopes along all weights, from those along the logits: a dict from a layer's name to two arrays."""
    slopes = {}
    for (name, _, function), x, y in reversed(list(zip(layers, values[:-1], values[1:], strict=True))):
        g, *slopes[name] = function(g, x, y, *weights.get(name, []))
    return {name: slopes[name] for name in weights}


def gradient(weights, images, labels, layers=LAYERS):
    """The slopes of the mean loss of a batch along all weights."""
    values = forward(weights, images, layers)
    return backward(weights, values, loss_and_slopes(values[-1], labels)[1], layers)


def update(weights, slopes, steps, rate, momentum):
    """Move all weights, in place: a step is the last step times the momentum, minus the slope times the rate.

    Args:
        weights, slopes, steps: dicts from a layer's name to its arrays; the steps are changed in place too.
        rate: one number, or a dict from a layer's name to its own.
        momentum: 0 for plain gradient descent.
    """
    for name in weights:
        of_layer = rate[name] if isinstance(rate, dict) else rate
        for weight, slope, step in zip(weights[name], slopes[name], steps[name], strict=True):
            step *= momentum
            step -= of_layer * slope
            weight += step


def random_weights(seed):
    """Starting weights as Keras draws them (Glorot's limits; biases 0), with 64 bits."""
    rng, weights = np.random.default_rng(seed), {}
    for name, shape in SHAPES.items():
        limit = np.sqrt(6 / (np.prod(shape[:-2]) * (shape[-2] + shape[-1])))
        weights[name] = [rng.uniform(-limit, limit, shape), np.zeros(shape[-1])]
    return weights


def copies(weights, factor=1):
    """New arrays for old, times a factor: 0 gives the steps before the first update."""
    return {name: [factor * array for array in arrays] for name, arrays in weights.items()}


def batches(digits, places, count, seed, size=16):
    """So many random batches of images, with 64 bits, and labels, among the training digits at some places."""
    chosen = np.random.default_rng(seed).choice(places, size=(count, size))
    return [(digits.x_train[batch].astype("float64"), digits.y_train[batch]) for batch in chosen]


def error_rate(weights, images, labels, portion=250, layers=LAYERS):
    """Share of the images that are read wrongly; in portions, to spare memory."""
    wrong = 0
    for k in range(0, len(images), portion):
        answers = forward(weights, images[k : k + portion], layers)[-1].argmax(axis=1)
        wrong += int((answers != labels[k : k + portion]).sum())
    return wrong / len(images)


# ------------------------------------------------------------------------------------------------------ checking


def differences(number, array, step=1e-5):
    """The slope of number() along each entry of the array, which number uses: it is moved in place, up and down."""
    slopes = np.zeros_like(array)
    for place in np.ndindex(array.shape):
        value, found = array[place], []
        for moved in (value + step, value - step):
            array[place] = moved
            found.append(number())
        array[place] = value
        slopes[place] = (found[0] - found[1]) / (2 * step)
    return slopes


def power(found, wanted):
    """The length of the difference over the length of the right array, as the nearest power of ten; what is far below
    all mistakes, and differs from machine to machine, as <10^-12.
    """
    error = np.linalg.norm(np.asarray(found) - wanted) / np.linalg.norm(wanted)
    return f"10^{round(np.log10(error))}" if error > 1e-12 else "<10^-12"


def check_layer(name, forward, backward, *arrays):
    """Print relative errors of a layer's slopes, along its input and each of its weights, by finite differences."""
    y = forward(*arrays)
    g = np.random.default_rng(1).normal(size=y.shape)
    slopes = backward(g, arrays[0], y, *arrays[1:])
    wanted = [differences(lambda: (g * forward(*arrays)).sum(), array) for array in arrays]
    print(f"{name}: ", ", ".join(power(*pair) for pair in zip(slopes, wanted, strict=True)))


# ----------------------------------------------------------------------------------------------- spoiled on purpose


def without_the_quarter(g, x, y):
    """Average pooling does not divide by 4."""
    return (4 * pool_backward(g, x, y)[0],)


def without_the_flip(g, x, y, kernel, bias):
    """The kernel is not flipped on the way to the input."""
    of_x, *others = conv_backward(g, x, y, kernel[::-1, ::-1], bias)
    return of_x, *others


def last_image_only(function):
    """A loop over the images in which the weights' slopes are set, `=`, where they should be added, `+=`."""

    def backward_of_the_last(g, x, y, *weights):
        return function(g, x, y, *weights)[0], *function(g[-1:], x[-1:], None, *weights)[1:]

    return backward_of_the_last


def slope_before_tanh(g, x, y):
    """The slope of tanh from the value before it."""
    return (g * (1 - x**2),)


def slope_before_tanh_from_zero(g, x, y):
    """The same, but where the factor is below 0 it is 0."""
    return (g * np.maximum(1 - x**2, 0),)


def slope_one(g, x, y):
    """The slope of tanh is left out."""
    return (g,)


def with_others(others):
    """The list of layers with other backward functions, by a dict from the right one to the one in its place."""
    return [(name, function, others.get(back, back)) for name, function, back in LAYERS]


PASSES = {
    "right": LAYERS,
    "no quarter": with_others({pool_backward: without_the_quarter}),
    "no flip": with_others({conv_backward: without_the_flip}),
    "last image": with_others({each: last_image_only(each) for each in (conv_backward, dense_backward)}),
    "1 - a²": with_others({tanh_backward: slope_before_tanh}),
    "slope 1": with_others({tanh_backward: slope_one}),
}
"""The right backward pass, and five with one mistake each: average pooling forgets to divide by 4; the kernel is not
flipped on the way to the input; only the last image's slopes reach the weights; tanh takes its slope from the value
before it, or leaves it out.
"""

CONTROLS = {"1 - a², from 0": with_others({tanh_backward: slope_before_tanh_from_zero})}
"""What is left of a mistake if the cause that we suppose is taken away: here factors below 0."""


def four_mistakes(weights, images, labels):
    """Relative errors of the slopes along each array of weights, for four mistakes that exercise 24.5 lists; here in
    the order 3, 2, 4, 1.
    """
    values = forward(weights, images)
    g = loss_and_slopes(values[-1], labels)[1]
    right = backward(weights, values, g)

    def one_mistake(layer, function):
        return [(name, front, function if name == layer else back) for name, front, back in LAYERS]

    def biases_of_the_last(g, x, y, W, b):
        return *dense_backward(g, x, y, W, b)[:2], g[-1]

    cases = [(g, one_mistake("tanh 6", slope_one)), (g, one_mistake("F6", biases_of_the_last))]
    cases += [(g, one_mistake("S2", without_the_quarter)), (g * len(images), LAYERS)]
    errors = []
    for slopes_of_the_loss, layers in cases:
        found = backward(weights, values, slopes_of_the_loss, layers)
        errors.append(
            {
                f"{name} {kind}": float(
                    np.linalg.norm(found[name][k] - right[name][k]) / np.linalg.norm(right[name][k])
                )
                for name in right
                for k, kind in enumerate(("kernel", "bias"))
            }
        )
    return errors
