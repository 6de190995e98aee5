"""Convolutions and derivatives in numbers (lessons 02, 06 and 24)."""

import matplotlib.pyplot as plt
import numpy as np

from .showing import COLOURS, show, style


def _number_grid(axis, values, left, name, marked, fill):
    """A grid of whole numbers with its top left corner at (left, 0); the cells of `marked` are coloured."""
    rows, columns = values.shape
    for row in range(rows):
        for column in range(columns):
            colour = fill if marked[row, column] else "white"
            axis.add_patch(plt.Rectangle((left + column, row), 1, 1, facecolor=colour, edgecolor="0.6"))
            axis.text(left + column + 0.5, row + 0.5, f"{values[row, column]:d}", ha="center", va="center", fontsize=12)
    axis.text(left + columns / 2, -0.25, name, ha="center", va="bottom", fontsize=12)


def sliding_window(image, kernel, result, row, column, alt=None, names=("image", "kernel", "map")):
    """A small convolution in numbers: the window at one place of the image, the kernel, the number it makes.

    Args:
        image, kernel, result: int arrays (rows, columns), `result` being the map that the kernel makes.
        row, column: the place in `result`, whose window is coloured in the image.
        alt: text for those who cannot see the figure; None for a general one.
        names: what stands above the three.
    """
    window = np.zeros(image.shape, bool)
    window[row : row + kernel.shape[0], column : column + kernel.shape[1]] = True
    place = np.zeros(result.shape, bool)
    place[row, column] = True
    whole = np.ones(kernel.shape, bool)
    parts = zip((image, kernel, result), names, (window, whole, place), strict=True)
    with style():
        figure, axis = plt.subplots(figsize=(6.2, 2.6))
        left = 0
        for (values, name, marked), fill in zip(parts, ("#BFE1F6", "#F7D9C4", "#BFE8DA"), strict=True):
            _number_grid(axis, values, left, name, marked, fill)
            left += values.shape[1] + 1.5
        axis.set(xlim=(-0.1, left - 1.4), ylim=(max(len(image), len(result)) + 0.1, -1), aspect="equal")
        axis.axis("off")
        show(figure, alt or f"The window at row {row}, column {column}, and the number that the kernel makes of it.")


def window_positions(cases, alt=None):
    """Where a window stands along one row of an image, for sizes, paddings and strides.

    Args:
        cases: list of (n, k, p, s): pixels in the row, pixels of the window, padding at each end, stride.
        alt: text for those who cannot see the figure; None for a general one.
    """
    widest = max(n + 2 * p for n, _, p, _ in cases)
    top = 0.0
    with style():
        figure, axis = plt.subplots(figsize=(8, 5.4))
        for n, k, p, s in cases:
            for pixel in range(n + 2 * p):
                fill, line = ("0.88", "-") if p <= pixel < n + p else ("white", ":")
                axis.add_patch(plt.Rectangle((pixel, top), 1, 1, facecolor=fill, edgecolor="0.4", linestyle=line))
            starts = range(0, n + 2 * p - k + 1, s)
            for number, start in enumerate(starts):
                left, height, colour = start + 0.1, top + 1.3 + 0.45 * number, COLOURS[number % 2]
                axis.add_patch(plt.Rectangle((left, height), k - 0.2, 0.25, facecolor=colour))
            axis.text(widest + 1, top + 0.5, f"n = {n}, k = {k}, p = {p}, s = {s}", va="center", fontsize=12)
            axis.text(widest + 1, top + 1.6, f"{len(starts)} windows", va="center", fontsize=12)
            top += 2 + 0.45 * len(starts)
        axis.set(xlim=(-0.1, widest + 9), ylim=(top, -0.1), aspect="equal")
        axis.axis("off")
        show(figure, alt or f"The places where a window stands along a row, in {len(cases)} cases.")


def computation_graph(nodes, links, alt):
    """Quantities in boxes, the value above each and the slope of the last one below; arrows forward and back.

    Args:
        nodes: dict from a quantity's name to (column, row, value, slope): its place in the figure, and two numbers.
        links: (from, to, label) for each arrow; the label, the local slope, stands at the way back.
        alt: text for those who cannot see the figure.

    Raises:
        ValueError: if a link names a quantity that is not among the nodes.
    """
    if unknown := {name for link in links for name in link[:2]} - set(nodes):
        raise ValueError(f"A link leads to {', '.join(sorted(unknown))}, but the nodes are {', '.join(nodes)}.")
    places = {name: np.array([3.17 * column, -1.75 * row]) for name, (column, row, *_) in nodes.items()}
    low, high = np.min(list(places.values()), axis=0), np.max(list(places.values()), axis=0)
    arrow = {"arrowstyle": "-|>", "color": COLOURS[0], "shrinkA": 0, "shrinkB": 0}
    with style():
        plt.rc("font", size=12)
        width, height = high - low + (1.84, 2.6)
        figure, axis = plt.subplots(figsize=(0.7 * width, 0.7 * height))
        for start, end, label in links:
            first, last = places[start] + (0.92, 0), places[end] - (0.92, 0)  # the sides of the boxes
            axis.annotate("", last + (0, 0.08), first + (0, 0.08), arrowprops=arrow)
            back = arrow | {"color": COLOURS[1], "linestyle": (0, (4, 2))}
            axis.annotate("", first - (0, 0.08), last - (0, 0.08), arrowprops=back)
            rises = last[1] > first[1]
            x, y = (first + last) / 2 - (0, 0.27 if last[1] == first[1] else 0.13)  # level: below the boxes
            place = {"ha": "left" if rises else "right" if last[1] < first[1] else "center", "va": "top"}
            axis.text(x, y, label, color=COLOURS[1], **place)
        for name, (_, _, value, slope) in nodes.items():
            x, y = places[name]
            axis.add_patch(plt.Rectangle((x - 0.9, y - 0.24), 1.8, 0.48, facecolor="white", edgecolor="0.4"))
            axis.text(x, y - 0.02, name, ha="center", va="center")
            value, slope = (f"{number:.2f}".replace("-", "−") for number in (value, slope))
            axis.text(x, y + 0.3, value, color=COLOURS[0], ha="center", va="bottom", weight="bold")
            axis.text(x, y - 0.42, slope, color=COLOURS[1], ha="center", va="top", weight="bold")
        axis.text(low[0] - 0.77, high[1] + 1.2, "above: the values, forward", color=COLOURS[0])
        axis.text(low[0] + 4.2, high[1] + 1.2, "below: the slopes, backward", color=COLOURS[1])
        axis.set(xlim=(low[0] - 0.92, high[0] + 0.92), ylim=(low[1] - 0.9, high[1] + 1.7), aspect="equal")
        axis.axis("off")
        show(figure, alt)


def unit_graph(found, alt):
    """The computation graph of a unit with tanh, a = w·x, y = tanh(a), d = y − t, E = d²/2 (lesson 06).

    Args:
        found: dict from x, w, a, y, d and E to (value, slope of E along it).
        alt: text for those who cannot see the figure.
    """
    names = {"x": "x", "w": "w", "a": "a = w·x", "y": "y = tanh a", "d": "d = y − t", "E": "E = d²/2"}
    places = {"x": (0, 0), "w": (0, 1), "a": (1, 0.5), "y": (2, 0.5), "d": (3, 0.5), "E": (4, 0.5)}
    nodes = {names[key]: (*places[key], *found[key]) for key in names}
    links = [("x", "a", "× w"), ("w", "a", "× x"), ("a", "y", "× (1 − y²)"), ("y", "d", "× 1"), ("d", "E", "× d")]
    computation_graph(nodes, [(names[start], names[end], label) for start, end, label in links], alt)


def windows_as_rows(image, kernel, alt=None):
    """A small convolution as one product of matrices: each window of the image becomes a row.

    Args:
        image, kernel: int arrays (rows, columns).
        alt: text for those who cannot see the figure; None for a general one.
    """
    fills = ["#BFE1F6", "#F7D9C4", "#BFE8DA", "#F3D3E4", "#F8E3B0", "#D9D9D9"]
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    down, across = windows.shape[:2]
    height = image.shape[0] + 0.6  # of one small image, with the gap below it
    total = down * across * height - 0.6

    def cell(left, top, value, fill):
        axis.add_patch(plt.Rectangle((left, top), 1, 1, facecolor=fill, edgecolor="0.6"))
        axis.text(left + 0.5, top + 0.5, f"{value:d}", ha="center", va="center")

    with style():
        width = image.shape[1] + kernel.size + across + 11
        figure, axis = plt.subplots(figsize=(0.33 * width, 0.33 * (total + 1.5)))
        rows_left = image.shape[1] + 2.2
        kernel_left = rows_left + kernel.size + 1.4
        sums_left, map_left = kernel_left + 2.4, kernel_left + 6
        for number, (row, column) in enumerate(np.ndindex(down, across)):
            fill, top = fills[number % len(fills)], number * height
            for i, j in np.ndindex(image.shape):
                inside = row <= i < row + kernel.shape[0] and column <= j < column + kernel.shape[1]
                cell(j, top + i, image[i, j], fill if inside else "white")
            middle = top + image.shape[0] / 2
            arrow = {"arrowstyle": "-|>", "color": "0.3", "shrinkA": 0, "shrinkB": 0}
            axis.annotate("", (rows_left - 0.2, middle), (image.shape[1] + 0.2, middle), arrowprops=arrow)
            for place, value in enumerate(windows[row, column].flat):
                cell(rows_left + place, middle - 0.5, value, fill)
            result = int((windows[row, column] * kernel).sum())
            cell(sums_left, middle - 0.5, result, fill)
            cell(map_left + column, total / 2 - down / 2 + row, result, fill)
        for place, weight in enumerate(kernel.flat):
            cell(kernel_left, total / 2 - kernel.size / 2 + place, weight, "white")
        axis.text(kernel_left - 0.7, total / 2, "×", ha="center", va="center", fontsize=14)
        axis.text(kernel_left + 1.7, total / 2, "=", ha="center", va="center", fontsize=14)
        axis.annotate("", (map_left - 0.2, total / 2), (sums_left + 1.2, total / 2), arrowprops=arrow)
        titles = {image.shape[1] / 2: "windows", rows_left + kernel.size / 2: "rows", kernel_left + 0.5: "kernel"}
        for x, title in (titles | {sums_left + 0.5: "sums", map_left + across / 2: "map"}).items():
            axis.text(x, -0.4, title, ha="center", va="bottom")
        axis.set(xlim=(-0.1, map_left + across + 0.1), ylim=(total + 0.1, -1.5), aspect="equal")
        axis.axis("off")
        show(figure, alt or f"{down * across} windows of an image, each made a row; rows times kernel is the map.")
