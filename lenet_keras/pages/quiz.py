"""A quiz: digits that a network misread, one at a time and without a title; the student answers first (lesson 08)."""

import base64
import io
import math

import numpy as np

from ..data import INK, PAPER
from .element import page_element, show_element

COLUMNS, ZOOM = 6, 2
"""Digits in a row of the still picture, and its pixels for each of theirs."""


def show_quiz(images, labels, answers):
    """Show digits one after the other; after each answer of the student come the label and the network's answer.

    Where no scripts run, a still picture of all of them is seen instead, without titles.

    Args:
        images: (n, side, side, 1), paper -0.1 to ink 1.175; n at least 1.
        labels, answers: (n,): what they are, and what the network answered, 0 to 9.

    Raises:
        ValueError: for other shapes.
    """
    show_element(quiz_element(images, labels, answers), _description(len(images)))


def quiz_element(images, labels, answers):
    """The quiz as one HTML element: first what is shown, the still picture and the cards in JSON.

    Args:
        images, labels, answers: as for `show_quiz`.

    Returns:
        HTML text, the same for the same arguments.

    Raises:
        ValueError: as `show_quiz`.
    """
    images = np.asarray(images, float)
    square = images.ndim == 4 and images.shape[1] == images.shape[2] and images.shape[3] == 1
    if not square or not len(images) or np.shape(labels) != (len(images),) or np.shape(answers) != (len(images),):
        found = f"{images.shape}, {np.shape(labels)} and {np.shape(answers)}"
        raise ValueError(f"The quiz needs images (n, side, side, 1) and n labels and answers, not {found}.")
    greys = np.rint(255 * (INK - images[..., 0]) / (INK - PAPER)).clip(0, 255).astype("uint8")
    cards = [
        {"image": base64.b64encode(grey.tobytes()).decode(), "label": int(label), "answer": int(answer)}
        for grey, label, answer in zip(greys, labels, answers, strict=True)
    ]
    facts = {"cards": cards, "side": greys.shape[1]}
    return page_element("quiz", facts, _still(greys), _description(len(greys)), ["quiz.js", "quiz_page.js"])


def _still(greys):
    """The digits in rows, as a picture without compression, which is the same on every machine."""
    from PIL import Image

    side = greys.shape[1]
    rows = math.ceil(len(greys) / COLUMNS)
    sheet = np.full((rows * (side + 2), COLUMNS * (side + 2)), 200, "uint8")
    for number, grey in enumerate(greys):
        row, column = divmod(number, COLUMNS)
        top, left = row * (side + 2) + 1, column * (side + 2) + 1
        sheet[top : top + side, left : left + side] = grey
    file = io.BytesIO()
    Image.fromarray(np.kron(sheet, np.ones((ZOOM, ZOOM), "uint8"))).save(file, "BMP")
    return f"data:image/bmp;base64,{base64.b64encode(file.getvalue()).decode()}"


def _description(count):
    return (
        f"A quiz with {count} digits that the network misread. It needs a program that runs scripts; "
        "the still picture shows the digits without their labels."
    )
