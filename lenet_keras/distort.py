"""Affine maps of digits: random ones by ranges of our own (the paper's kinds, section III-A), and deslanting."""

import numpy as np

from .data import PAPER

RANGES = {"shift": 1.5, "scale": 0.12, "squeeze": 0.1, "shear": 0.15}
"""Largest horizontal and vertical shift in pixels, change of size, squeezing, and horizontal shear.

The paper names these kinds of map, translation, scaling, squeezing and horizontal shear, but no range; a rotation
it does not name. The ranges are ours.
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


def distorted(images, seed, ranges=RANGES):
    """Each image under a random affine map of its own.

    Args:
        images: (n, height, width, 1), paper -0.1 to ink 1.175.
        seed: an integer, or a list of them: the same seed gives the same maps.
        ranges: as in RANGES.

    Returns:
        float32 array of the same shape.

    Raises:
        ValueError: if the images are not of that shape, or not finite.
    """
    images = _checked(images, "distorted")
    rng = np.random.default_rng(seed)
    result = np.empty_like(images)
    for image, place in zip(images[..., 0], result[..., 0], strict=True):
        shift = rng.uniform(-ranges["shift"], ranges["shift"], 2)
        place[:] = affine(image, random_matrix(rng, ranges), shift)
    return result


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
