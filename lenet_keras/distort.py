"""Distortions of digits: affine maps, stroke width, noise, elastic; given or random; and deslanting."""

import functools

import numpy as np

from .data import INK, PAPER

RANGES = {"shift": 1.5, "scale": 0.12, "squeeze": 0.1, "shear": 0.15}
"""Largest horizontal and vertical shift in pixels, change of size, squeezing, and horizontal shear.

The paper names these kinds of map, translation, scaling, squeezing and horizontal shear (section III-A), but no range.
The ranges are ours. It does not name the further kinds that `distorted` knows: "rotation" in degrees, "stroke" in
pixels, "elastic" in pixels; "noise" it names elsewhere (section III-E), with a probability of 0.1.
"""


def affine(image, matrix, shift=(0, 0)):
    """Map an image about its centre, by linear interpolation; paper comes in from outside.

    Args:
        image: (height, width), paper -0.1 to ink 1.175.
        matrix: 2×2; (rows, columns) from the centre of the result to those of the original.
        shift: rows and columns by which the result is moved, down and to the right.

    Returns:
        array of the image's shape and type.
    """
    from scipy import ndimage

    matrix = np.asarray(matrix, float)
    centre = (np.array(image.shape) - 1) / 2
    offset = centre - matrix @ (centre + np.asarray(shift, float))
    return ndimage.affine_transform(image, matrix, offset, order=1, cval=PAPER)


def random_matrix(rng, ranges=RANGES):
    """A random matrix for `affine`: scaling, squeezing (narrower and taller, or the reverse), horizontal shear."""
    scale = 1 + rng.uniform(-ranges["scale"], ranges["scale"])
    squeeze = 1 + rng.uniform(-ranges["squeeze"], ranges["squeeze"])
    shear = rng.uniform(-ranges["shear"], ranges["shear"])
    return np.array([[1 / (scale * squeeze), 0], [shear / scale, squeeze / scale]])


def affine_maps(rotation=0, scale=1, squeeze=1, shear=0):
    """The matrices of affine maps, for `affine` and `warped`: squeezed, scaled and sheared, then rotated.

    Args, each one number or n of them:
        rotation: degrees, counter-clockwise.
        scale: factor of the size, above 0.
        squeeze: above 0; so many times as tall, and as much narrower.
        shear: above 0 the digit leans to the right, by so many columns (divided by `squeeze`) for each row up.

    Returns:
        float64 array (2, 2), or (n, 2, 2); (rows, columns) from the centre of the result to those of the original.

    Raises:
        ValueError: if the numbers do not go together, are not finite, or a factor is not above 0.
    """
    named = {"rotation": rotation, "scale": scale, "squeeze": squeeze, "shear": shear}
    values = {name: np.asarray(value, float) for name, value in named.items()}
    if len({value.shape for value in values.values() if value.ndim} | {()}) > 2 or any(
        value.ndim > 1 for value in values.values()
    ):
        shapes = ", ".join(f"{name} {value.shape}" for name, value in values.items())
        raise ValueError(f"Each of the four must be one number, or the same number n of them; the shapes are {shapes}.")
    for name, value in values.items():
        if not np.isfinite(value).all() or (name in ("scale", "squeeze") and not (value > 0).all()):
            wanted = "finite and above 0" if name in ("scale", "squeeze") else "finite"
            raise ValueError(f"{name} must be {wanted}, not {value}.")
    rotation, scale, squeeze, shear = np.broadcast_arrays(*values.values())
    upright = [[1 / (scale * squeeze), np.zeros_like(scale)], [shear / scale, squeeze / scale]]
    cosine, sine = np.cos(np.radians(rotation)), np.sin(np.radians(rotation))
    return np.einsum("ij...,jk...->...ik", upright, [[cosine, sine], [-sine, cosine]])


def warped(images, matrices=((1, 0), (0, 1)), shift=(0, 0)):
    """Each image under an affine map of its own about its centre: `affine` for many images at once.

    Values between pixels are interpolated linearly; outside of the image everything is paper.

    Args:
        images: (n, height, width, 1), paper -0.1 to ink 1.175.
        matrices: (n, 2, 2), or (2, 2) for all, as `affine_maps` gives them.
        shift: rows down and columns to the right by which the results are moved: (n, 2), or (2,) for all.

    Returns:
        float32 array of the images' shape.

    Raises:
        ValueError: if a shape does not fit, or a value is not finite.
    """
    images = _checked(images, "warped")
    matrices, shift = np.asarray(matrices, float), np.asarray(shift, float)
    for name, array, shape in (("matrices", matrices, (2, 2)), ("shift", shift, (2,))):
        if array.shape not in (shape, (len(images), *shape)):
            raise ValueError(f"{name} must have shape {shape} or {(len(images), *shape)}, not {array.shape}.")
        if not np.isfinite(array).all():
            raise ValueError(f"{name} must hold finite numbers.")
    return _warp(images, matrices, shift)


def stroke(images, amount):
    """Strokes made thicker or thinner.

    A step of thickening gives each pixel the largest value of its own and its four neighbours (greyscale dilation), a
    step of thinning the smallest (erosion); outside of the image is paper. For a part of a step, the result lies
    that part of the way between before and after.

    Args:
        images: (n, height, width, 1), paper -0.1 to ink 1.175.
        amount: steps, that is pixels on each side of a stroke: above 0 thicker, below 0 thinner; a number or n of
            them, from -10 to 10.

    Returns:
        float32 array of the same shape.

    Raises:
        ValueError: if a shape does not fit, or a value is not allowed.
    """
    images = _checked(images, "stroke")
    return _stroke(images.copy(), _amounts(amount, len(images), "amount", -10, 10))


def noise(images, seed, probability):
    """Each pixel inverted with a given probability: paper becomes ink, ink paper, and grey its opposite.

    Args:
        images: (n, height, width, 1), paper -0.1 to ink 1.175.
        seed: an integer, or a list of them: the same seed inverts the same pixels; or a numpy.random.Generator.
        probability: from 0 to 1; a number, or n of them. The paper's section III-E has 0.1.

    Returns:
        float32 array of the same shape.

    Raises:
        ValueError: if a shape does not fit, or a value is not allowed.
    """
    images = _checked(images, "noise")
    probability = _amounts(probability, len(images), "probability", 0, 1)
    return _noise(images.copy(), np.random.default_rng(seed), probability)


def elastic(images, seed, amount):
    """Each image bent by a smooth random field of displacements, as if drawn on rubber. This is not in the paper.

    Every pixel is fetched from a place some way off; how far, down and to the right, are two random fields, weighted
    means of independent normal numbers at 7×7 nodes, with Gaussian weights as wide as the nodes' distance.

    Args:
        images: (n, height, width, 1), paper -0.1 to ink 1.175.
        seed: an integer, or a list of them: the same seed gives the same fields.
        amount: standard deviation of the displacements in pixels, at least 0; a number, or n of them.

    Returns:
        float32 array of the same shape.

    Raises:
        ValueError: if a shape does not fit, or a value is not allowed.
    """
    images = _checked(images, "elastic")
    amount = _amounts(amount, len(images), "amount", 0, np.inf)
    return _warp(images, np.eye(2), np.zeros(2), _nodes(np.random.default_rng(seed), amount))


def distorted(images, seed, ranges=RANGES):
    """Each image under a random affine map of its own; also bent, made thicker or thinner, or noisy, if ranges say so.

    Args:
        images: (n, height, width, 1), paper -0.1 to ink 1.175.
        seed: an integer, or a list of them: the same seed gives the same maps.
        ranges: as in RANGES; a kind that is missing is left out. Each value is drawn evenly from minus to plus its
            range ("scale" and "squeeze": of 1 plus that); "elastic" and "noise" are the amount and probability
            of `elastic` and `noise` for all.

    Returns:
        float32 array of the same shape.

    Raises:
        ValueError: if the images are not of that shape, or not finite; if there is no such kind, or its range is
            below 0, not finite, or too large.
    """
    images = _checked(images, "distorted")
    limits = _limits(ranges)
    rng, count = np.random.default_rng(seed), len(images)
    widths = np.array([limits[name] for name in ("shift", "shift", "scale", "squeeze", "shear")])
    down, right, scale, squeeze, shear = rng.uniform(-widths, widths, (count, 5)).T
    rotation, thicker = (rng.uniform(-limits[name], limits[name], count) for name in ("rotation", "stroke"))
    nodes = _nodes(rng, np.full(count, limits["elastic"])) if limits["elastic"] else None
    result = _warp(images, affine_maps(rotation, 1 + scale, 1 + squeeze, shear), np.stack([down, right], 1), nodes)
    if limits["stroke"]:
        _stroke(result, thicker)
    return _noise(result, rng, np.full(count, limits["noise"])) if limits["noise"] else result


def in_pipeline(seed, ranges=RANGES):
    """`distorted` as a step of a tf.data pipeline: batches of the same seed and number are distorted alike.

        batches = tf.data.Dataset.from_tensor_slices((images, labels)).shuffle(10_000, seed=0).batch(128)
        batches = batches.repeat(epochs).enumerate().map(lk.distort.in_pipeline(seed=0)).prefetch(2)
        model.fit(batches, epochs=epochs, steps_per_epoch=...)

    Since batches are numbered after they are repeated, each epoch has distortions of its own.

    Args:
        seed: an integer: batch number k is `distorted(images, [seed, k], ranges)`.
        ranges: as for `distorted`.

    Returns:
        a function from (number, (images, labels)) to (distorted images, labels), for `map` after `enumerate`.

    Raises:
        ValueError: for ranges that `distorted` does not take.
    """
    import tensorflow as tf

    _limits(ranges)

    def one_batch(number, batch):
        images, *labels = batch

        def work(images, number):
            return distorted(images, [seed, int(number)], ranges)

        result = tf.numpy_function(work, [images, number], tf.float32)
        result.set_shape(images.shape)  # which numpy_function does not know
        return result, *labels

    return one_batch


def deslant(images):
    """Each image sheared along its rows until its slant is 0, about its centre of mass, which stays where it is.

    The slant is the covariance of row and column over the variance of the row, both weighted by the ink: the shift
    to the side, in pixels, that the ink makes on average from one row to the next. An image without ink, or with
    ink in one row only, stays as it is.

    Args:
        images: (n, height, width, 1), paper -0.1 to ink 1.175.

    Returns:
        float32 array of the same shape.

    Raises:
        ValueError: if the images are not of that shape, or not finite.
    """
    images = _checked(images, "deslant")
    result = images.copy()
    rows, columns = np.indices(images.shape[1:3])
    for image, place in zip(images[..., 0], result[..., 0], strict=True):
        ink = image - PAPER
        mass = ink.sum()
        if mass <= 1e-3:
            continue
        row, column = (ink * rows).sum() / mass, (ink * columns).sum() / mass
        variance = (ink * (rows - row) ** 2).sum()
        if variance <= 1e-6 * mass:
            continue
        slant = (ink * (rows - row) * (columns - column)).sum() / variance
        middle = (image.shape[0] - 1) / 2
        place[:] = affine(image, [[1, 0], [slant, 1]], (0, slant * (row - middle)))
    return result


def reduced(images):
    """32×32 images at four fifths of their size, in a field of 28×28: the digit's box of 20×20 becomes 16×16.

    Args:
        images: (n, 32, 32, 1), paper -0.1 to ink 1.175.

    Returns:
        float32 array (n, 28, 28, 1).

    Raises:
        ValueError: if the images are not of that shape, or not finite.
    """
    images = _checked(images, "reduced")
    if images.shape[1:3] != (32, 32):
        raise ValueError(f"reduced needs images of shape (n, 32, 32, 1), not {images.shape}.")
    result = np.empty((len(images), 28, 28, 1), "float32")
    for image, place in zip(images[..., 0], result[..., 0], strict=True):
        place[:] = affine(image, np.eye(2) / 0.8)[2:30, 2:30]
    return result


def _checked(images, name):
    images = np.asarray(images, "float32")
    if images.ndim != 4 or images.shape[-1] != 1:
        raise ValueError(f"{name} needs images of shape (n, height, width, 1), not {images.shape}.")
    if not np.isfinite(images).all():
        raise ValueError("The images hold values that are not finite numbers (NaN or infinity).")
    return images


def _amounts(values, count, name, low, high):
    values = np.asarray(values, float)
    if values.shape not in ((), (count,)):
        raise ValueError(f"{name} must be a number or {count} of them, not of shape {values.shape}.")
    if not (np.isfinite(values).all() and (values >= low).all() and (values <= high).all()):
        raise ValueError(f"{name} must be finite and lie from {low} to {high}, not {values}.")
    return np.broadcast_to(values, count)


def _limits(ranges):
    """The range of every kind, 0 for those that are not named."""
    limits = dict.fromkeys(("shift", "scale", "squeeze", "shear", "rotation", "stroke", "elastic", "noise"), 0.0)
    for name, value in dict(ranges).items():
        if name not in limits:
            raise ValueError(f"There is no distortion {name!r}; there are {', '.join(limits)}.")
        largest = {"scale": 0.99, "squeeze": 0.99, "stroke": 10, "noise": 1}.get(name, np.finfo(float).max)
        if np.ndim(value) or not 0 <= value <= largest:
            raise ValueError(f"The range of {name} must be a number from 0 to {largest:g}, not {value}.")
        limits[name] = float(value)
    return limits


BLOCK = 128  # images worked on at once: few enough to stay in the processor's cache
NODES = 7


def _warp(images, matrices, shift, nodes=None):
    """`warped` after its checks; `nodes` (n, 2, NODES, NODES) bend the images besides, see `elastic`."""
    count, height, width, _ = images.shape
    centre = (np.array([height, width]) - 1) / 2
    offset = centre - np.einsum("...ij,...j->...i", matrices, centre + shift)
    maps = np.concatenate([np.broadcast_to(matrices, (count, 2, 2)), np.broadcast_to(offset, (count, 2))[..., None]], 2)
    maps = maps.astype("float32")[..., None, None]
    down, right = np.arange(height, dtype="float32")[:, None], np.arange(width, dtype="float32")
    result = np.empty_like(images)
    for start in range(0, count, BLOCK):
        block = slice(start, start + BLOCK)
        places = maps[block, :, 0] * down + maps[block, :, 1] * right + maps[block, :, 2]
        if nodes is not None:
            places += _weights(height) @ nodes[block] @ _weights(width).T
        result[block, ..., 0] = _sample(images[block, ..., 0], places[:, 0], places[:, 1])
    return result


def _sample(images, rows, columns):
    """Values of images (n, height, width) at rows and columns (n, height, width), by linear interpolation."""
    count, height, width = images.shape
    # Places in the frame or beyond it get paper, places on the way to it something in between.
    rows, columns = np.clip(rows + 1, 0, height + 1), np.clip(columns + 1, 0, width + 1)
    row, column = np.minimum(rows.astype(np.intp), height), np.minimum(columns.astype(np.intp), width)
    place = (np.arange(count)[:, None, None] * (height + 2) + row) * (width + 2) + column
    below, beside = rows - row, columns - column
    pixels = _framed(images).ravel()

    def along_row(place):
        left = pixels.take(place)
        return left + beside * (pixels.take(place + 1) - left)

    upper = along_row(place)
    return upper + below * (along_row(place + width + 2) - upper)


@functools.cache
def _weights(size):
    """(size, NODES): how much each node moves each of so many pixels; squares of a row add up to 1."""
    places = np.linspace(0, NODES - 1, size)[:, None] - np.arange(NODES)
    weights = np.exp(-(places**2) / 2)
    return (weights / np.sqrt((weights**2).sum(axis=1, keepdims=True))).astype("float32")


def _nodes(rng, amount):
    nodes = rng.standard_normal((len(amount), 2, NODES, NODES), dtype="float32")
    return nodes * amount.astype("float32")[:, None, None, None]


def _stroke(images, amount):
    """Thicken or thin in place."""
    for start in range(0, len(images), BLOCK):
        block, amounts = images[start : start + BLOCK], amount[start : start + BLOCK]
        for step in range(int(np.ceil(np.abs(amounts).max()))):
            for sign, extreme in ((1, np.maximum), (-1, np.minimum)):
                part = np.clip(sign * amounts - step, 0, 1).astype("float32")[:, None, None, None]
                if part.any():
                    block += part * (_extreme_of_neighbours(block[..., 0], extreme)[..., None] - block)
    return images


def _extreme_of_neighbours(images, extreme):
    """The extreme (np.maximum or np.minimum) of each pixel and its four neighbours; outside is paper."""
    framed = _framed(images)
    result = extreme(framed[:, :-2, 1:-1], framed[:, 2:, 1:-1])
    for other in (framed[:, 1:-1, :-2], framed[:, 1:-1, 2:], images):
        extreme(result, other, out=result)
    return result


def _framed(images):
    """Images (n, height, width) in a frame of paper, one pixel wide."""
    count, height, width = images.shape
    framed = np.full((count, height + 2, width + 2), PAPER, "float32")
    framed[:, 1:-1, 1:-1] = images
    return framed


def _noise(images, rng, probability):
    """Invert pixels in place."""
    for start in range(0, len(images), BLOCK):
        block = images[start : start + BLOCK]
        chosen = rng.random(block.shape, dtype="float32") < probability[start : start + BLOCK, None, None, None]
        np.subtract(np.float32(PAPER + INK), block, out=block, where=chosen)
    return images
