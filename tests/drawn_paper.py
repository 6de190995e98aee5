"""Pictures of handwriting as people take them, drawn by code: each kind spoils the reading in a way of its own.

A kind is a function from digits (a text) and a random generator to a picture, in which those digits should be read.
Pen, size, place, slant, light and noise are drawn anew each time.
"""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from lenet_keras.course.paper import STROKES, arc, line_of, photographed, places, written

# Other ways to write some of them: a 1 with a flag, a 6 with a straight back, an open 9 and 4, a 0 and 7 with a bar.
OTHER_STROKES = {
    "1": [[(0.08, 0.36), (0.38, 0.02), (0.36, 0.98)]],
    "6": [[(0.14, 0.03), (0.1, 0.62), *arc(0.3, 0.73, 0.21, 0.24, 190, -170)]],
    "9": [[*arc(0.3, 0.28, 0.23, 0.25, -40, -330), (0.53, 0.2), (0.47, 0.97)]],
    "0": [arc(0.3, 0.5, 0.26, 0.48, -90, 270), [(0.12, 0.8), (0.5, 0.2)]],
    "7": [*STROKES["7"], [(0.12, 0.5), (0.55, 0.47)]],
    "4": [[(0.06, 0.04), (0.04, 0.5), (0.42, 0.5)], [(0.5, 0.03), (0.47, 0.98)]],
}


# ----------------------------------------------------------------------------------------------- pens and cameras


def felt_tip(digits, rng):
    """As the lesson asks: felt-tip on plain paper, in light that falls off to one side."""
    size = (200 + 170 * len(digits), 340)
    ink = written(size, line_of(digits, 100, 90, 160, 170, rng), rng.uniform(10, 18), rng)
    y, x = places(size[1], size[0])
    return photographed(ink, rng, light=1 - 0.35 * x / size[0] - 0.15 * y / size[1])


def hairline(digits, rng):
    """A ball-pen: the stroke is 1 to 2 % of the digit's height."""
    height = int(rng.uniform(500, 900))
    size = (int(0.9 * height) * len(digits) + 300, height + 400)
    return photographed(
        written(size, line_of(digits, 200, 200, height, 0.9 * height, rng), height * rng.uniform(0.01, 0.02), rng), rng
    )


def pencil(digits, rng):
    """A faint grey pencil on paper with grain."""
    size = (150 * len(digits) + 150, 330)
    ink = written(size, line_of(digits, 90, 90, 150, 150, rng), rng.uniform(4, 7), rng)
    return photographed(ink, rng, paper=0.75, dark=0.75 - rng.uniform(0.2, 0.3), noise=0.02)


def mouse_on_black(digits, rng):
    """A thin light line on a black canvas."""
    size = (130 * len(digits) + 60, 260)
    ink = written(size, line_of(digits, 40, 30, 200, 130, rng), rng.uniform(2, 5), rng)
    return Image.fromarray(np.uint8(255 * ink))


def white_on_transparent(digits, rng):
    """White ink on a transparent layer, as drawing programs in dark mode save it."""
    size = (170 * len(digits) + 60, 260)
    ink = written(size, line_of(digits, 40, 30, 200, 170, rng), rng.uniform(12, 22), rng)
    picture = Image.new("RGBA", size, (255, 255, 255, 0))
    picture.putalpha(Image.fromarray(np.uint8(255 * ink)))
    return picture


# ------------------------------------------------------------------------------------------------- lines and forms


def squared(digits, rng):
    """Squared paper: lines that cross the digits, fainter than the pen."""
    pitch = int(rng.uniform(60, 110))
    size = (pitch * 2 * len(digits) + 2 * pitch, 4 * pitch)
    ink = written(size, line_of(digits, 1.3 * pitch, pitch, 1.9 * pitch, 2 * pitch, rng), 0.09 * pitch + 3, rng)
    lines, strength = np.zeros(ink.shape), rng.uniform(0.18, 0.35)
    for k in range(2):
        lines[pitch // 3 + k :: pitch] = lines[:, pitch // 3 + k :: pitch] = strength
    return photographed(np.maximum(ink, lines), rng)


def ruled(digits, rng):
    """An exercise book: dark lines on which the digits stand, and which some of them cross."""
    pitch = int(rng.uniform(100, 150))
    size = (int(1.2 * pitch) * len(digits) + 200, 4 * pitch)
    top = 2 * pitch - rng.uniform(0.9, 1.05) * pitch
    ink = written(size, line_of(digits, 100, top, pitch * 1.02, 1.2 * pitch, rng), rng.uniform(7, 11), rng)
    y, x = places(size[1], size[0])
    for line in range(4):  # the page lies a little askew
        ink = np.maximum(ink, rng.uniform(0.5, 0.8) * (np.abs(y - pitch * line - 10 - 0.006 * x) < 1.6))
    return photographed(ink, rng)


def comb(digits, rng):
    """A form: a frame of dark lines around each digit, joined to a comb."""
    step = int(rng.uniform(90, 130))
    size = (step * len(digits) + 60, int(1.4 * step) + 50)
    height = 0.95 * step
    ink = written(size, line_of(digits, 50, 30 + 0.25 * step, height, step, rng), rng.uniform(6, 11), rng)
    thick, bottom, right = int(rng.integers(2, 5)), 30 + int(1.4 * step), 30 + step * len(digits)
    for x in range(30, right + 1, step):
        ink[30:bottom, x : x + thick] = 1
    ink[30 : 30 + thick, 30:right] = ink[bottom - thick : bottom, 30 : right + thick] = 1
    return photographed(ink, rng, paper=0.95)


def table(digits, rng):
    """A table of dark lines, a digit in each cell."""
    columns = min(6, len(digits))
    rows = -(-len(digits) // columns)
    step = int(rng.uniform(90, 140))
    size = (step * columns + 60, step * rows + 60)
    marks = [
        (d, 30 + step * (k % columns + 0.3), 30 + step * (k // columns + 0.2), 0.6 * step) for k, d in enumerate(digits)
    ]
    ink = written(size, marks, rng.uniform(5, 9), rng)
    for row in range(rows + 1):
        ink[30 + step * row : 33 + step * row, 20 : size[0] - 20] = 1
    for column in range(columns + 1):
        ink[20 : size[1] - 20, 30 + step * column : 33 + step * column] = 1
    return photographed(ink, rng, paper=0.95)


def boxes(digits, rng):
    """A box of its own around each digit."""
    step = int(rng.uniform(120, 170))
    size = (step * len(digits) + 60, int(1.5 * step))
    ink = written(size, line_of(digits, 70, 0.4 * step, 0.7 * step, step, rng), rng.uniform(6, 10), rng)
    for k in range(len(digits)):
        left, right = 40 + step * k, 40 + step * k + int(0.8 * step)
        top, bottom = int(0.25 * step), int(1.25 * step)
        ink[top:bottom, left : left + 3] = ink[top:bottom, right : right + 3] = 1
        ink[top : top + 3, left : right + 3] = ink[bottom : bottom + 3, left : right + 3] = 1
    return photographed(ink, rng, paper=0.9)


# --------------------------------------------------------------------------------------------- desk, shadow, words


def desk(digits, rng):
    """A dark desk along one edge of the photo, and a thin pen."""
    size = (190 * len(digits) + 200, 720)
    ink = written(size, line_of(digits, 120, 240, 150, 190, rng), rng.uniform(4, 7), rng)
    y, x = places(720, size[0])
    desk = y > rng.uniform(600, 670) + x / 40
    return photographed(ink, rng, paper=0.65, dark=0.28, light=np.where(desk, 0.08, 1.0))


def corner(digits, rng):
    """Something dark and large in a corner, and small digits."""
    size = (230 * len(digits) + 600, 1200)
    ink = written(size, line_of(digits, 300, 600, 90, 230, rng), rng.uniform(7, 10), rng)
    y, x = places(1200, size[0])
    dark = (y < 160) & (x > size[0] - rng.uniform(500, 800) + y)
    return photographed(ink, rng, paper=0.72, dark=0.2, light=np.where(dark, 0.35, 1.0))


def hand_shadow(digits, rng):
    """The shadow of a hand or a telephone, with an edge that can be seen, beside the digits."""
    size = (300 * len(digits) + 300, 1000)
    ink = written(size, line_of(digits, 200, 350, 140, 300, rng), rng.uniform(6, 9), rng)
    y, x = places(1000, size[0])
    edge = rng.uniform(4, 10)
    light = 1 - rng.uniform(0.35, 0.55) / (1 + np.exp(-(y - 690 - x / 30) / edge))
    return photographed(ink, rng, light=light)


def shadow_across(digits, rng):
    """The edge of a shadow right through the digits."""
    size = (420 * len(digits) + 300, 900)
    ink = written(size, line_of(digits, 200, 230, 420, 420, rng), rng.uniform(14, 20), rng)
    y, x = places(900, size[0])
    light = 1 - rng.uniform(0.35, 0.5) / (1 + np.exp(-(y - 440 - (x - 400) / 4) / rng.uniform(3, 6)))
    return photographed(ink, rng, paper=0.75, light=light)


def soft_shadows(digits, rng):
    """A faint thin pen under two soft shadows."""
    size = (130 * len(digits) + 120, 720)
    ink = written(size, line_of(digits, 90, 260, 110, 130, rng), rng.uniform(3, 5), rng)
    y, x = places(720, size[0])
    light = 1 - 0.3 / (1 + np.exp(-(y - 560) / 14)) - 0.12 / (1 + np.exp((x - 300 + y / 3) / 40))
    return photographed(ink, rng, paper=0.62, dark=0.38, noise=0.008, light=light)


def words(digits, rng):
    """Lines of small print above the digits."""
    size = (150 * len(digits) + 350, 520)
    picture = photographed(
        written(size, line_of(digits, 120, 280, 150, 160, rng), rng.uniform(8, 12), rng), rng, noise=0.005
    )
    pen = ImageDraw.Draw(picture)
    for line in range(3):
        pen.text((100, 50 + 45 * line), "name, class, date: in pencil, please", fill=50, font_size=30)
    return picture


def decimal(digits, rng):
    """A decimal point or comma after the first digit."""
    height = int(rng.uniform(100, 200))
    size = (int(0.85 * height) * len(digits) + 160, height + 140)
    marks = line_of(digits, 70, 60, height, 0.85 * height, rng)
    width = 0.07 * height
    ink = written(size, marks, width, rng)
    sheet = Image.fromarray(np.uint8(255 * ink))
    pen = ImageDraw.Draw(sheet)
    x, y = 70 + 0.74 * height, 60 + 0.97 * height
    if rng.random() < 0.5:
        pen.ellipse((x - width, y - width, x + width, y + width), fill=255)
    else:
        pen.line(
            (x + 0.03 * height, y - 0.03 * height, x - 0.03 * height, y + 0.16 * height), fill=255, width=int(width)
        )
    return photographed(np.asarray(sheet) / 255, rng, paper=0.9)


# --------------------------------------------------------------------------------------- cut close, broken, framed


def cut_close(digits, rng):
    """One digit cut out so close that little paper is left, and out of focus."""
    height = int(rng.uniform(60, 90))
    size = (int(0.62 * height) + 14, height + 10)
    ink = written(size, [(digits, 7, 5, height)], 0.1 * height, rng)
    return photographed(ink, rng, paper=0.72, dark=0.3, noise=0.02).filter(ImageFilter.GaussianBlur(0.025 * height))


def marker_row(digits, rng):
    """A row of thick digits, cut out close: hardly more paper than ink."""
    size = (107 * len(digits) + 8, 120)
    ink = written(size, line_of(digits, 22, 6, 106, 107, rng), rng.uniform(18, 25), rng)
    return photographed(ink, rng, paper=0.96, dark=0.1, noise=0.004)


def broken(digits, rng):
    """One digit in 32×32 black and white pixels, with a row of it lost."""
    ink = written((32, 32), [(digits, 5, 1, 30)], 3, rng) > 0.5
    ink[rng.integers(8, 18)] = False
    return Image.fromarray(np.uint8(255 * ink))


def framed(digits, rng):
    """A light digit on a dark square in a white margin, with small numbers along two sides: a figure saved as it is."""
    side = int(rng.uniform(250, 370))
    left, top = 120, 50
    picture = Image.new("L", (side + 240, side + 110), 255)
    ink = written((side, side), [(digits, 0.28 * side, 0.14 * side, 0.72 * side)], 0.09 * side, rng)
    picture.paste(Image.fromarray(np.uint8(255 * ink)), (left, top))
    pen = ImageDraw.Draw(picture)
    for k in range(0, 28, 5):
        pen.text((left + side * k / 28, top + side + 10), str(k), fill=0)
        pen.text((left - 25, top + side * k / 28), str(k), fill=0)
    return picture


ONE_DIGIT = [cut_close, broken, framed]
MANY_DIGITS = [
    *(
        felt_tip,
        hairline,
        pencil,
        mouse_on_black,
        white_on_transparent,
        squared,
        ruled,
        comb,
        table,
        boxes,
        desk,
        corner,
    ),
    *(hand_shadow, shadow_across, soft_shadows, words, decimal, marker_row),
]
