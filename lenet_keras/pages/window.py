"""A window that slides over a digit under the pointer, and the map that its sums fill (lesson 02)."""

import numpy as np

from .element import page_element, show_element, squares, svg_address


def show_window(image, kernels, at=(8, 8)):
    """Show an image over which the pointer, or the arrow keys, move a window; the sum under it fills a map.

    Where no scripts run, a still picture is seen instead, with the window at `at`.

    Args:
        image: (rows, columns), numbers.
        kernels: dict from a kernel's name to its numbers (rows, columns); the first is chosen at the start.
        at: (row, column) of the window's upper left corner at the start.

    Raises:
        ValueError: for an image or kernel that has not two axes or holds what is no finite number, a kernel that is
            larger than the image, or a place where the first one does not lie inside it.
    """
    show_element(window_element(image, kernels, at), _description(kernels))


def window_element(image, kernels, at=(8, 8)):
    """The page of `show_window` as one HTML element: first what is shown, the still picture and the numbers in JSON.

    Args:
        image, kernels, at: as for `show_window`.

    Returns:
        HTML text, the same for the same arguments.

    Raises:
        ValueError: as `show_window`.
    """
    image, kernels = _numbers(image), {str(name): _numbers(kernel) for name, kernel in kernels.items()}
    if not kernels:
        raise ValueError("There must be a kernel.")
    for name, kernel in kernels.items():
        if any(part > whole for part, whole in zip(kernel.shape, image.shape, strict=True)):
            raise ValueError(f"The kernel {name!r}, {kernel.shape}, is larger than the image, {image.shape}.")
    first = next(iter(kernels.values()))
    if not all(0 <= a <= n - k for a, n, k in zip(at, image.shape, first.shape, strict=True)):
        raise ValueError(f"The window at {tuple(at)} does not lie inside the image.")
    contents = {
        "image": np.round(image, 4).tolist(),
        "kernels": {name: np.round(kernel, 4).tolist() for name, kernel in kernels.items()},
        "at": [int(place) for place in at],
    }
    picture = svg_address(_still(image, first, at))
    return page_element("window", contents, picture, _description(kernels), ["slide.js", "window.js"])


def _numbers(values):
    values = np.asarray(values, float)
    if values.ndim != 2 or not values.size or not np.isfinite(values).all():
        raise ValueError(f"Images and kernels are finite numbers with axes (row, column), not of shape {values.shape}.")
    return values


def _description(kernels):
    return (
        "A digit, a window that the pointer moves over it, and the map that its sums fill; the kernels are "
        f"{', '.join(map(str, kernels))}. It needs a program that runs scripts; the still picture shows one place of "
        "the window and the whole map."
    )


def _still(image, kernel, at):
    """The page as a picture (SVG text): the window at one place of the image, and the whole map of the kernel."""
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    sums = (windows * kernel).sum(axis=(2, 3))
    low, high = image.min(), max(image.max(), image.min() + 1e-9)
    side, limit = 6, np.abs(sums).max() or 1.0
    left = 10 + side * image.shape[1] + 30

    def grey(value):
        return "#" + 3 * f"{round(255 * (high - value) / (high - low)):02x}"

    def signed(value):
        end = (230, 97, 1) if value > 0 else (94, 60, 153)
        return "#" + "".join(f"{round(255 + (part - 255) * abs(value) / limit):02x}" for part in end)

    def frame(x, row, column, height, width):
        place = f'x="{x + side * column}" y="{34 + side * row}" width="{side * width}" height="{side * height}"'
        return f'<rect {place} fill="none" stroke="#0072B2" stroke-width="2.5"/>'

    def sheet(x, shape):
        return f'<rect x="{x}" y="34" width="{side * shape[1]}" height="{side * shape[0]}" fill="none" stroke="#999"/>'

    width, height = left + side * sums.shape[1] + 10, 34 + side * image.shape[0] + 30
    total = f"{sums[tuple(at)]:.2f}".replace("-", "−")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" '
        f'font-size="14"><rect width="{width}" height="{height}" fill="#fff" stroke="#ccc"/>'
        f'<text x="10" y="22">The window on the digit</text><text x="{left}" y="22">The map of its sums</text>'
        f"{squares(image, 10, 34, side, grey)}{sheet(10, image.shape)}{frame(10, *at, *kernel.shape)}"
        f"{squares(sums, left, 34, side, signed)}{sheet(left, sums.shape)}{frame(left, *at, 1, 1)}"
        f'<text x="10" y="{height - 9}">row {at[0]}, column {at[1]}: sum {total}</text></svg>'
    )
