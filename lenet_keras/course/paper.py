"""The paper simulator: photographs of handwriting that nobody wrote and nobody took (lesson 21).

Strokes are drawn with a pen on plain, squared or ruled paper, under a light with or without a shadow, seen by a camera
that stands askew and saves JPEG. Each of these spoils the reading in a way of its own. What is measured on such
pictures is true of them, and says nothing certain about real photographs.
"""

import io

import numpy as np
from PIL import Image, ImageDraw


def arc(x, y, across, down, begin, end):
    """Points of an ellipse from one angle to another, in degrees clockwise from the right."""
    angles = np.radians(np.linspace(begin, end, 40))
    return [*zip(x + across * np.cos(angles), y + down * np.sin(angles), strict=True)]


STROKES = {
    "0": [arc(0.3, 0.5, 0.26, 0.48, -90, 270)],
    "1": [[(0.31, 0.02), (0.28, 0.98)]],
    "2": [[*arc(0.29, 0.28, 0.25, 0.26, -165, 40), (0.04, 0.96)], [(0.04, 0.96), (0.56, 0.94)]],
    "3": [[*arc(0.27, 0.26, 0.24, 0.24, -150, 90), *arc(0.27, 0.73, 0.28, 0.25, -90, 150)]],
    "4": [[(0.28, 0.03), (0.04, 0.6), (0.58, 0.6)], [(0.43, 0.3), (0.41, 0.97)]],
    "5": [[(0.12, 0.04), (0.1, 0.44), *arc(0.26, 0.69, 0.27, 0.28, -115, 140)], [(0.12, 0.04), (0.53, 0.03)]],
    "6": [[(0.46, 0.03), (0.22, 0.28), (0.08, 0.62), *arc(0.3, 0.73, 0.22, 0.24, 190, -170)]],
    "7": [[(0.05, 0.05), (0.56, 0.04), (0.22, 0.97)]],
    "8": [arc(0.3, 0.26, 0.2, 0.24, 90, -270), arc(0.3, 0.74, 0.25, 0.24, -90, 270)],
    "9": [[*arc(0.3, 0.28, 0.23, 0.25, 0, -360), (0.53, 0.32), (0.47, 0.97)]],
}
"""Digits as strokes, lists of points (across, down), in a box of height 1 and width about 0.6."""
FINE = 3
"""Ink is drawn so many times finer, then averaged: grey edges."""

PLAIN = {
    "pen": (0.07, 0.1), "dark": (0.1, 0.2), "paper": 0.8, "noise": 0.01, "falloff": 0.35, "lines": None,
    "line": (0.2, 0.3), "shadow": 0.0, "tilt": 0.0, "quality": None,
}  # fmt: skip
"""A page on which nothing is hard: a felt-tip pen, plain paper, light that falls off a little to one side."""
KINDS = {
    "clean scan": {"dark": (0.0, 0.0), "paper": 1.0, "noise": 0.0, "falloff": 0.0},
    "felt-tip": {},
    "ballpoint": {"pen": (0.012, 0.02), "dark": (0.2, 0.3)},
    "pencil": {"pen": (0.03, 0.05), "dark": (0.5, 0.56), "paper": 0.75, "noise": 0.02},
    "squared": {"pen": (0.04, 0.06), "lines": "squared"},
    "ruled": {"pen": (0.05, 0.07), "lines": "ruled", "line": (0.5, 0.8)},
    "shadow": {"pen": (0.04, 0.06), "shadow": 0.5},
    "askew": {"pen": (0.04, 0.06), "tilt": 0.12, "falloff": 0.6},
    "coarse JPEG": {"pen": (0.04, 0.06), "quality": 6, "noise": 0.02},
    "all at once": {
        "pen": (0.025, 0.04), "dark": (0.2, 0.3), "lines": "squared", "shadow": 0.4, "tilt": 0.1, "quality": 25,
    },
}  # fmt: skip
"""Kinds of pages: how each differs from PLAIN."""


def photographed_page(text, kind="felt-tip", seed=0, height=90, **changes):
    """Simulate a photograph of digits on paper.

    Args:
        text: the digits that are written; a line break in it begins a new line.
        kind: a name in KINDS.
        seed: an integer, or a list of them: decides everything that differs from page to page.
        height: of the digits, in pixels.
        changes: other settings than the kind's, by their names in PLAIN: the width of the pen in heights of a digit
            and the brightness of the ink (from, to), the brightness of the paper, the noise, how much light is missing
            on the far side, the lines and their darkness (from, to), how much light the shadow takes away, how
            far the camera stands askew, and the quality of the JPEG, or None.

    Returns:
        uint8 array (height, width) of grey values.

    Raises:
        ValueError: for a text without digits, another kind, or a setting that there is not.
    """
    rows = text.split("\n")
    if not rows or not all(row and set(row) <= set(STROKES) for row in rows):
        raise ValueError(f"A page holds digits and line breaks, not {text!r}.")
    if kind not in KINDS or not set(changes) <= set(PLAIN):
        raise ValueError(f"The kinds are {', '.join(KINDS)}; their settings are {', '.join(PLAIN)}.")
    how = PLAIN | KINDS[kind] | changes
    rng = np.random.default_rng(seed)
    size = (int(1.2 * height * max(map(len, rows)) + 1.4 * height), int(1.6 * height * len(rows) + 1.0 * height))
    marks = []
    for number, row in enumerate(rows):
        marks += line_of(row, height, height * (0.75 + 1.6 * number), height, 1.2 * height, rng)
    ink = written(size, marks, max(1.2, height * rng.uniform(*how["pen"])), rng)
    y, x = places(size[1], size[0])
    if how["lines"]:
        ink = np.maximum(ink, _lines(how, size, height, rng))
    angle = rng.uniform(0, 2 * np.pi)
    across = (x / size[0] - 0.5) * np.cos(angle) + (y / size[1] - 0.5) * np.sin(angle)
    light = 1 - how["falloff"] * (across - across.min())
    if how["shadow"]:  # its edge runs through the digits
        lean, place = rng.uniform(-0.3, 0.3), rng.uniform(0.4, 0.6)
        edge = (y - place * size[1] - lean * (x - size[0] / 2)) / (height * rng.uniform(0.02, 0.06))
        light = light * (1 - how["shadow"] / (1 + np.exp(-np.clip(edge, -50, 50))))
    picture = photographed(ink, rng, how["paper"], rng.uniform(*how["dark"]), how["noise"], light)
    if how["tilt"]:
        picture = _askew(picture, how["tilt"], rng)
    if how["quality"] is not None:
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=how["quality"])
        picture = Image.open(file)
    return np.array(picture)


def _lines(how, size, height, rng):
    """The lines of squared or ruled paper, as ink."""
    y, x = places(size[1], size[0])
    pitch, strength = height * (0.5 if how["lines"] == "squared" else 1.3), rng.uniform(*how["line"])
    begin, thick = rng.uniform(0, pitch, 2), max(1.5, 0.02 * height)
    rows = (y + 0.006 * x - begin[0]) % pitch < thick  # the page lies a little askew
    columns = (x - 0.006 * y - begin[1]) % pitch < thick
    return strength * (rows | columns if how["lines"] == "squared" else rows)


def _askew(picture, tilt, rng):
    """The picture as a camera sees it that stands askew: what was a rectangle is one no more."""
    width, height = picture.size
    ends = np.array([(0, 0), (0, height), (width, height), (width, 0)], float)
    inner = ends + np.sign([width / 2, height / 2] - ends) * rng.uniform(0, tilt, (4, 2)) * height
    equations, right = [], []
    for (x, y), (u, v) in zip(ends, inner, strict=True):
        equations += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    way = np.linalg.solve(np.array(equations), np.array(right))
    return picture.transform(picture.size, Image.Transform.PERSPECTIVE, way.tolist(), Image.Resampling.BILINEAR)


def written(size, marks, width, rng, strokes=STROKES):
    """Ink from 0 to 1, (height, width).

    Args:
        size: width and height in pixels.
        marks: (digit, left, top, height in pixels) for each digit.
        width: of the pen, in pixels.
        rng: a numpy.random.Generator: slant and shape differ a little from digit to digit.
        strokes: how each digit is written.
    """
    sheet = Image.new("L", (size[0] * FINE, size[1] * FINE))
    pen = ImageDraw.Draw(sheet)
    radius = width * FINE / 2
    for digit, left, top, height in marks:
        slant, wide = rng.uniform(-0.08, 0.12), rng.uniform(0.9, 1.12)
        for stroke in strokes[digit]:
            points = [
                (FINE * (left + height * wide * (x + slant * (0.5 - y))), FINE * (top + height * y)) for x, y in stroke
            ]
            pen.line(points, fill=255, width=max(1, round(2 * radius)), joint="curve")
            for x, y in (points[0], points[-1]):
                pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return np.asarray(sheet.resize(size, Image.BOX), float) / 255


def photographed(ink, rng, paper=0.8, dark=0.15, noise=0.01, light=1.0):
    """Ink on paper under a light that multiplies, with the noise of a camera: a grey Pillow image."""
    brightness = (paper + (dark - paper) * ink) * light + noise * rng.normal(size=ink.shape)
    return Image.fromarray(np.uint8(255 * np.clip(brightness, 0, 1)))


def line_of(digits, left, top, height, step, rng):
    """Marks for `written`: digits in a row, not quite level."""
    return [(d, left + k * step, top + height * rng.uniform(-0.04, 0.04), height) for k, d in enumerate(digits)]


def places(height, width):
    """The row and the column of each pixel, two arrays (height, width)."""
    return np.mgrid[:height, :width]
