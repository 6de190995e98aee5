"""Digits that are moved, and what that does to the answers (lesson 20)."""

import base64
import io
import math

import matplotlib.pyplot as plt
import numpy as np

from ...data import INK, PAPER
from .pictures import axes_grid, squared
from .showing import COLOURS, show, style


def answer_strip(images, titles, probabilities, label, alt=None, size=0.8):
    """Digits in a row, each with the network's answer and certainty below it; wrong answers in an orange frame.

    Args:
        images: (n, height, width) or (n, height, width, 1), from -0.1 (paper) to 1.175 (ink).
        titles: n texts, above the digits.
        probabilities: (n, 10), from 0 to 1: the largest is the answer, and how large it is the certainty.
        label: the right answer, 0 to 9, or n of them.
        alt: text for those who cannot see the figure; None for a general one.
        size: width of one digit, in inches.
    """
    images, answers = squared(images), np.argmax(probabilities, axis=1)
    wrong = answers != label
    with style():
        figure, axes = axes_grid(len(images), len(images), size, size * 1.75)
        for axis, image, title, answer, row, bad in zip(
            axes, images, titles, answers, probabilities, wrong, strict=True
        ):
            axis.imshow(image, cmap="gray_r", vmin=PAPER, vmax=INK)
            axis.set_title(str(title), fontsize=9, pad=3)
            axis.set_xlabel(f"{answer}\n{100 * row[answer]:.0f} %", color=COLOURS[1] if bad else "black")
            if bad:
                axis.spines[:].set(color=COLOURS[1], linewidth=2)
        show(figure, alt or f"{len(images)} digits in a row, {wrong.sum()} of them read wrongly.")


def moving_digit(images, titles, probabilities, label, alt):
    """A moving picture: a digit that changes, there and back, beside the ten outputs of the network.

    It is an animated PNG, which browsers play as they do a GIF; what knows still pictures only shows the first frame.

    Args:
        images, titles, probabilities: as for `answer_strip`, an entry for each frame.
        label: the right answer, whose bar is blue; the longest of the others is orange where the answer is wrong.
        alt: text for those who cannot see it, or where no moving pictures are shown.
    """
    from IPython.display import display
    from PIL import Image

    images = squared(images)
    with style():
        figure, (left, right) = plt.subplots(1, 2, figsize=(3.8, 2.2), dpi=84, layout="constrained")
        picture = left.imshow(images[0], cmap="gray_r", vmin=PAPER, vmax=INK)
        left.set(xticks=[], yticks=[])
        left.spines[:].set(visible=True, color="0.7")
        bars = right.barh(range(10), np.zeros(10))
        right.set(xlim=(0, 100), ylim=(9.6, -0.6), xticks=[0, 50, 100], yticks=range(10))
        right.set_xlabel("output (%)", fontsize=8)
        right.tick_params(labelsize=8)
        frames = []
        for image, title, row in zip(images, titles, probabilities, strict=True):
            picture.set_data(image)
            left.set_title(str(title), fontsize=9)
            for digit, (bar, value) in enumerate(zip(bars, row, strict=True)):
                bar.set_width(100 * value)
                answer = digit == np.argmax(row)
                bar.set_color(COLOURS[0] if digit == label else COLOURS[1] if answer else "0.7")
            figure.canvas.draw()
            figure.set_layout_engine("none")  # once laid out, it stays: drawing is faster, and nothing jumps
            frames.append(Image.fromarray(np.asarray(figure.canvas.buffer_rgba())[..., :3].copy()))
        plt.close(figure)
    # One palette for all: the greys of the digit, white, and the colours of the bars.
    colours = [[grey] * 3 for grey in np.linspace(0, 255, 14, dtype=int)]
    colours += [[int(code[k : k + 2], 16) for k in (1, 3, 5)] for code in COLOURS[:2]]
    palette = Image.new("P", (1, 1))
    palette.putpalette([int(part) for colour in colours for part in colour])
    frames = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    film = io.BytesIO()
    frames[0].save(film, "PNG", save_all=True, append_images=frames[1:] + frames[-2:0:-1], duration=160, loop=0)
    data = {"image/png": base64.b64encode(film.getvalue()).decode(), "text/plain": alt}
    display(data, metadata={"image/png": {"alt": alt}}, raw=True)


def error_curves(curves, marks=None, columns=4, alt=None):
    """Error against the amount of each of several distortions, side by side.

    Args:
        curves: dict from a distortion, the name of its axis, to (amounts, errors): errors is a dict from label to as
            many shares from 0 to 1. Amounts that are all above 0 are factors and stand on a logarithmic axis.
        marks: dict from distortion to amounts that get a dotted line; None for no marks.
        columns: panels in a row.
        alt: text for those who cannot see the figure; None for a general one.
    """
    with style():
        columns = min(columns, len(curves))
        rows = math.ceil(len(curves) / columns)
        figure, panels = plt.subplots(
            rows, columns, figsize=(2.1 * columns, 1.9 * rows), sharey=True, squeeze=False, layout="constrained"
        )
        for panel in panels.flat[len(curves) :]:
            panel.axis("off")
        for panel, (name, (amounts, errors)) in zip(panels.flat, curves.items(), strict=False):
            for mark in (marks or {}).get(name, ()):
                panel.axvline(mark, color="0.5", linestyle=":", linewidth=1.2)
            for colour, line, (label, values) in zip(COLOURS, ("-", "--", "-.", ":"), errors.items(), strict=False):
                panel.plot(amounts, 100 * np.asarray(values), line, color=colour, linewidth=1.2, label=label)
            panel.set(xlabel=name, ylim=(0, 100))
            if min(amounts) > 0:
                panel.set_xscale("log", base=2)
                ticks = [tick for tick in (0.25, 0.5, 0.7, 1, 1.4, 2, 4) if min(amounts) <= tick <= max(amounts)]
                panel.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        for first in panels[:, 0]:
            first.set_ylabel("error (%)")
        handles, labels = panels.flat[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper center", ncols=len(labels))
        show(figure, alt or f"Error against amount, for {len(curves)} distortions.")
