"""Distorted digits: the paper's kinds of random affine maps (section III-A), by ranges of our own."""

import numpy as np

PAPER = -0.1  # what comes in from outside an image

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
    images = np.asarray(images, "float32")
    if images.ndim != 4 or images.shape[-1] != 1:
        raise ValueError(f"distorted needs images of shape (n, height, width, 1), not {images.shape}.")
    if not np.isfinite(images).all():
        raise ValueError("The images hold values that are not finite numbers (NaN or infinity).")
    rng = np.random.default_rng(seed)
    result = np.empty_like(images)
    for image, place in zip(images[..., 0], result[..., 0], strict=True):
        shift = rng.uniform(-ranges["shift"], ranges["shift"], 2)
        place[:] = affine(image, random_matrix(rng, ranges), shift)
    return result
