"""Distortions of digits: affine maps, stroke width, noise, elastic; given or random; and deslanting."""

import functools

import numpy as np
from keras import ops

from .data import INK, PAPER

RANGES = {"shift": 1.5, "scale": 0.12, "squeeze": 0.1, "shear": 0.15}
"""Largest shift in pixels, down or to the side; change of size; squeezing; horizontal shear.

The article names these four kinds of map (section III-A), but no ranges: they are ours. `distorted` knows more kinds:
"rotation" in degrees, "stroke" and "elastic" in pixels, which the article does not name, and "noise", a probability,
for which it has 0.1 (section III-E).
"""


def affine(image, matrix, shift=(0, 0)):
    """One image under an affine map about its centre: `warped` for a single image.

    Args:
        image: (height, width), paper -0.1 to ink 1.175.
        matrix: (2, 2), from (row, column) in the result to (row, column) in the original, both from the centre.
        shift: rows down and columns to the right by which the result is moved.

    Returns:
        float32 array of the image's shape.

    Raises:
        ValueError: as `warped`.
    """
    return warped(np.asarray(image)[None, ..., None], matrix, shift)[0, ..., 0]


def affine_maps(rotation=0, scale=1, squeeze=1, shear=0):
    """The matrices of affine maps, for `affine` and `warped`: squeezed, scaled and sheared, then rotated.

    Args, each one number or n of them:
        rotation: degrees, counter-clockwise.
        scale: factor of the size, above 0.
        squeeze: above 0; so many times as tall, and as much narrower.
        shear: above 0 the digit leans to the right, by so many columns (divided by `squeeze`) for each row up.

    Returns:
        float64 array (2, 2), or (n, 2, 2): from (row, column) in the result to (row, column) in the original, both
        from the centre.

    Raises:
        ValueError: if the numbers do not go together, are not finite, or a factor is not above 0.
    """
    given = {"rotation": rotation, "scale": scale, "squeeze": squeeze, "shear": shear}
    values = {name: np.asarray(value, float) for name, value in given.items()}
    shapes = {name: value.shape for name, value in values.items()}
    if len({*shapes.values()} - {()}) > 1 or any(len(shape) > 1 for shape in shapes.values()):
        found = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise ValueError(f"Each of the four must be one number, or the same number n of them; the shapes are {found}.")
    for name, value in values.items():
        factor = name in ("scale", "squeeze")
        if not np.isfinite(value).all() or (factor and not (value > 0).all()):
            raise ValueError(f"{name} must be finite{' and above 0' if factor else ''}, not {value}.")
    rotation, scale, squeeze, shear = np.broadcast_arrays(*values.values())
    upright = [[1 / (scale * squeeze), np.zeros_like(scale)], [shear / scale, squeeze / scale]]
    cosine, sine = np.cos(np.radians(rotation)), np.sin(np.radians(rotation))
    return np.einsum("ij...,jk...->...ik", upright, [[cosine, sine], [-sine, cosine]])


def warped(images, matrices=((1, 0), (0, 1)), shift=(0, 0)):
    """Each image under an affine map of its own about its centre.

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
    images = _checked_images(images, "warped")
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
    images = _checked_images(images, "stroke")
    return _stroke(images.copy(), _amounts(amount, len(images), "amount", -10, 10))


def redrawn(images, pen):
    """Digits drawn anew along the middle lines of their strokes, with a round pen.

    Unlike thinning by `stroke`, this takes no line away, however thin the pen. The middle line is what is left when
    the ink, four times finer, is taken away from its edge, place by place, as long as no piece falls apart.

    Args:
        images: (n, height, width, 1), paper -0.1 to ink 1.175.
        pen: width of the pen in pixels, from 0.5 to 10; MNIST's own strokes are about 2 pixels wide.

    Returns:
        float32 array of the same shape.

    Raises:
        ValueError: for images of another shape, not finite, or another pen.
    """
    from scipy import ndimage

    images = _checked_images(images, "redrawn")
    if not np.isfinite(pen) or not 0.5 <= pen <= 10:
        raise ValueError(f"The pen's width must lie from 0.5 to 10 pixels, not {pen}.")
    result = np.empty_like(images)
    for image, drawn in zip(images[..., 0], result[..., 0], strict=True):
        share = (image - PAPER) / (INK - PAPER)
        finer = ndimage.zoom(share, FINE, order=1, grid_mode=True, mode="grid-constant", cval=0)
        line = _thinned(ndimage.gaussian_filter(finer, FINE / 2) > 0.5)
        black = ndimage.distance_transform_edt(~line) <= pen * FINE / 2 if line.any() else line
        rows, columns = image.shape
        drawn[:] = PAPER + (INK - PAPER) * black.reshape(rows, FINE, columns, FINE).mean(axis=(1, 3))
    return result


FINE = 4
# What lies around a place that may be taken away: 1 ink, 0 paper, -1 either; and the same turned by 90 degrees.
_EDGES = [[[0, 0, 0], [-1, 1, -1], [1, 1, 1]], [[-1, 0, 0], [1, 1, 0], [-1, 1, -1]]]


def _thinned(ink):
    """The middle lines of an image of booleans (height, width): thinning by hit-or-miss, until nothing changes."""
    from scipy import ndimage

    patterns = [np.rot90(edge, turns) for turns in range(4) for edge in _EDGES]
    before = np.zeros_like(ink)
    while (before != ink).any():
        before = ink
        for pattern in patterns:
            ink = ink & ~ndimage.binary_hit_or_miss(ink, pattern == 1, pattern == 0)
    return ink


def noise(images, seed, probability):
    """Each pixel inverted with a given probability: paper becomes ink, ink paper, and grey its opposite.

    Args:
        images: (n, height, width, 1), paper -0.1 to ink 1.175.
        seed: an integer, or a list of them: the same seed inverts the same pixels; or a numpy.random.Generator.
        probability: from 0 to 1; a number, or n of them. The article has 0.1 (section III-E).

    Returns:
        float32 array of the same shape.

    Raises:
        ValueError: if a shape does not fit, or a value is not allowed.
    """
    images = _checked_images(images, "noise")
    probability = _amounts(probability, len(images), "probability", 0, 1)
    return _noise(images, np.random.default_rng(seed), probability)


def elastic(images, seed, amount):
    """Each image bent by a smooth random field of displacements, as if drawn on rubber. The article has no such thing.

    Each pixel is fetched from a place some way off. How far down and how far to the right are two random fields:
    weighted means of independent normal numbers at 7×7 nodes, with Gaussian weights as wide as the nodes' distance.

    Args:
        images: (n, height, width, 1), paper -0.1 to ink 1.175.
        seed: an integer, or a list of them: the same seed gives the same fields.
        amount: standard deviation of the displacements in pixels, at least 0; a number, or n of them.

    Returns:
        float32 array of the same shape.

    Raises:
        ValueError: if a shape does not fit, or a value is not allowed.
    """
    images = _checked_images(images, "elastic")
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
    images = _checked_images(images, "distorted")
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


def deslanted(images):
    """Digits deslanted as the article has it (section III-A): rows shifted until the slant is 0, cropped to 20×20.

    Ink counts 1 and paper 0 in the second moments. The slant is the covariance of row and column over the variance of
    the row: the columns that the ink moves to the right, on average, from one row to the next. Each row is shifted by
    the slant times its distance from the centre of mass, which stays where it is; then one principal axis is
    vertical. A digit without ink, or with ink in one row only, is cropped and nothing else.

    Not printed, so ours: a grey pixel counts as ink from half ink on; parts of a pixel are interpolated linearly; what
    is kept is the middle of the image.

    Args:
        images: (n, height, width, 1), paper -0.1 to ink 1.175; at least 20×20 pixels.

    Returns:
        float32 array (n, 20, 20, 1).

    Raises:
        ValueError: if the images are not of that shape, or not finite.
    """
    images = _checked_images(images, "deslanted")
    _, height, width, _ = images.shape
    if min(height, width) < 20:
        raise ValueError(f"deslanted needs images of at least 20×20 pixels, not {height}×{width}.")
    ink = images[..., 0] > (PAPER + INK) / 2
    in_row = ink.sum(axis=2)
    to_the_right = ink @ np.arange(width)
    centre = in_row @ np.arange(height) / np.maximum(in_row.sum(axis=1), 1)
    from_centre = np.arange(height) - centre[:, None]
    variance = (in_row * from_centre**2).sum(axis=1)
    covariance = (to_the_right * from_centre).sum(axis=1)
    slant = np.where(variance > 0, covariance / np.maximum(variance, 0.5), 0)  # in two rows it is 0.5 or more
    matrices = np.tile(np.eye(2), (len(images), 1, 1))
    matrices[:, 1, 0] = slant
    upright = _warp(images, matrices, np.stack([0 * slant, slant * (centre - (height - 1) / 2)], axis=1))
    top, left = (height - 20) // 2, (width - 20) // 2
    return upright[:, top : top + 20, left : left + 20]


def reduced(images):
    """32×32 images at four fifths of their size, in a field of 28×28: the digit's box of 20×20 becomes 16×16.

    Args:
        images: (n, 32, 32, 1), paper -0.1 to ink 1.175.

    Returns:
        float32 array (n, 28, 28, 1).

    Raises:
        ValueError: if the images are not of that shape, or not finite.
    """
    images = _checked_images(images, "reduced")
    if images.shape[1:3] != (32, 32):
        raise ValueError(f"reduced needs images of shape (n, 32, 32, 1), not {images.shape}.")
    return _warp(images, np.eye(2) / 0.8, np.zeros(2))[:, 2:30, 2:30]


def _checked_images(images, name):
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


NODES = 7


def _warp(images, matrices, shift, nodes=None):
    """`warped` after its checks; `nodes` (n, 2, NODES, NODES) bend the images besides, see `elastic`."""
    count, height, width, _ = images.shape
    centre = (np.array([height, width]) - 1) / 2
    # Keras computes places in 32 bits. What is clipped here is too small or too far away to be seen.
    matrices = np.clip(matrices, -1e4, 1e4)
    offset = np.clip(centre - np.einsum("...ij,...j->...i", matrices, centre + shift), -1e6, 1e6)
    maps = np.concatenate([np.broadcast_to(matrices, (count, 2, 2)), np.broadcast_to(offset, (count, 2))[..., None]], 2)
    if nodes is None:
        # Keras wants x before y, and two numbers more that only maps with perspective have.
        maps = np.pad(maps[:, ::-1, [1, 0, 2]].reshape(count, 6), ((0, 0), (0, 2))).astype("float32")
        return ops.convert_to_numpy(ops.image.affine_transform(images, maps, fill_value=PAPER))
    from scipy import ndimage

    result = np.empty_like(images)
    pixels = np.stack([*np.indices((height, width)), np.ones((height, width))]).reshape(3, -1)
    for image, bent, its_map, its_nodes in zip(images[..., 0], result[..., 0], maps, nodes, strict=True):
        places = (its_map @ pixels).reshape(2, height, width) + _weights(height) @ its_nodes @ _weights(width).T
        ndimage.map_coordinates(image, places, bent, order=1, mode="grid-constant", cval=PAPER)
    return result


@functools.cache
def _weights(size):
    """(size, NODES): how much each node moves each of so many pixels; squares of a row add up to 1."""
    places = np.linspace(0, NODES - 1, size)[:, None] - np.arange(NODES)
    weights = np.exp(-(places**2) / 2)
    return (weights / np.sqrt((weights**2).sum(axis=1, keepdims=True))).astype("float32")


def _nodes(rng, amount):
    nodes = rng.standard_normal((len(amount), 2, NODES, NODES), dtype="float32")
    return nodes * amount.astype("float32")[:, None, None, None]


CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], bool)[None, ..., None]
BLOCK = 128  # images worked on at once: few enough to stay in the processor's cache


def _stroke(images, amount):
    """`stroke` after its checks, in place."""
    from scipy import ndimage

    for start in range(0, len(images), BLOCK):
        block, amounts = images[start : start + BLOCK], amount[start : start + BLOCK, None, None, None]
        for step in range(int(np.ceil(np.abs(amounts).max()))):
            for sign, extreme in ((1, ndimage.grey_dilation), (-1, ndimage.grey_erosion)):
                part = np.clip(sign * amounts - step, 0, 1).astype("float32")
                if part.any():
                    block += part * (extreme(block, footprint=CROSS, mode="constant", cval=PAPER) - block)
    return images


def _noise(images, rng, probability):
    chosen = rng.random(images.shape, dtype="float32") < probability[:, None, None, None]
    return np.where(chosen, np.float32(PAPER + INK) - images, images)
