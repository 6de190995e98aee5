"""Digits and maps, side by side."""

import math

import matplotlib.pyplot as plt
import numpy as np

from ...data import INK, PAPER
from .showing import SIGNED, show, style


def axes_grid(count, columns, width, height):
    """Axes for `count` small pictures with a faint frame, in rows; the ones left over are blank."""
    columns = min(columns, count)
    rows = math.ceil(count / columns)
    figure, axes = plt.subplots(rows, columns, figsize=(columns * width, rows * height), squeeze=False)
    for axis in axes.flat[:count]:
        axis.set(xticks=[], yticks=[])
        axis.spines[:].set(visible=True, color="0.85", linewidth=0.6)
    for axis in axes.flat[count:]:
        axis.axis("off")
    return figure, list(axes.flat)


def squared(images):
    """Images as (n, height, width), whether or not they come with an axis for one channel."""
    images = np.asarray(images)
    if images.ndim == 4 and images.shape[-1] == 1:
        images = images[..., 0]
    if images.ndim != 3 or not len(images):
        raise ValueError(f"Images must have shape (n, height, width) or (n, height, width, 1), not {images.shape}.")
    return images


def digit_grid(images, titles=None, columns=10, alt=None, size=0.85):
    """Digits in rows, dark ink on light paper, each with a title if titles are given.

    Args:
        images: (n, height, width) or (n, height, width, 1), from -0.1 (paper) to 1.175 (ink).
        titles: n texts, or None.
        columns: digits in a row.
        alt: text for those who cannot see the figure; None for a general one.
        size: width of one digit, in inches.
    """
    images = squared(images)
    with style():
        figure, axes = axes_grid(len(images), columns, size, size * (1.3 if titles is not None else 1.05))
        for number, (axis, image) in enumerate(zip(axes, images, strict=False)):
            axis.imshow(image, cmap="gray_r", vmin=PAPER, vmax=INK)
            if titles is not None:
                axis.set_title(str(titles[number]), fontsize=12, pad=3)
        show(figure, alt or f"{len(images)} digits, dark ink on light paper.")


def signed_maps(maps, titles=None, columns=8, alt=None, size=1.0, limit=None):
    """Small maps of values with a sign (filters, feature maps, gradients): orange above zero, purple below.

    Args:
        maps: (n, height, width); all share one scale, centred at zero, shown by a colour bar.
        titles, columns, alt, size: as for `digit_grid`.
        limit: value of the strongest colour; None for the largest absolute value.
    """
    maps = squared(maps)
    limit = limit or float(np.abs(maps).max()) or 1.0
    with style():
        figure, axes = axes_grid(len(maps), columns, size, size * (1.25 if titles is not None else 1.05))
        for number, (axis, values) in enumerate(zip(axes, maps, strict=False)):
            picture = axis.imshow(values, cmap=SIGNED, vmin=-limit, vmax=limit)
            if titles is not None:
                axis.set_title(str(titles[number]), fontsize=12, pad=3)
        figure.colorbar(picture, ax=list(axes), fraction=0.02, pad=0.02)
        show(figure, alt or f"{len(maps)} maps; orange above zero, purple below, white at zero.")
