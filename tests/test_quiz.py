"""The quiz of lesson 08 without a browser: what is put into the page, what is refused, and its JavaScript in Node."""

import base64
import io
import json
import pathlib
import re
import shutil
import subprocess

import numpy as np
import pytest
from PIL import Image

from lenet_keras.data import INK, PAPER
from lenet_keras.pages import quiz

IMAGES = np.full((7, 32, 32, 1), PAPER, "float32")
IMAGES[1, 3, 4] = INK
LABELS, ANSWERS = np.arange(7), np.arange(1, 8)


def test_the_page_holds_the_digits_and_nothing_from_outside():
    text = quiz.quiz_element(IMAGES, LABELS, ANSWERS)
    facts = json.loads(re.search(r'<script type="application/json">(.*?)</script>', text)[1])
    assert [(card["label"], card["answer"]) for card in facts["cards"]] == [(k, k + 1) for k in range(7)]
    grey = np.frombuffer(base64.b64decode(facts["cards"][1]["image"]), "uint8").reshape(32, 32)
    assert grey[3, 4] == 0 and (grey == 255).sum() == 32 * 32 - 1
    assert not re.search(r"https?://", text)
    assert text == quiz.quiz_element(IMAGES, LABELS, ANSWERS)
    assert text != quiz.quiz_element(IMAGES, LABELS, ANSWERS[::-1])


def test_the_still_picture_shows_the_digits_in_rows_without_their_labels():
    text = quiz.quiz_element(IMAGES, LABELS, ANSWERS)
    file = io.BytesIO(base64.b64decode(re.search(r'src="data:image/bmp;base64,(.*?)"', text)[1]))
    sheet = np.asarray(Image.open(file))[:: quiz.ZOOM, :: quiz.ZOOM]
    assert sheet.shape == (2 * 34, 6 * 34)
    assert sheet[1 + 3, 34 + 1 + 4] == 0 and (sheet == 255).sum() == 7 * 32 * 32 - 1
    alt = re.search(r'alt="(.*?)"', text)[1]
    assert "7 digits" in alt and text.startswith('<div class="lenet-quiz"><img ')


def test_it_is_shown_as_html_and_as_a_text(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    quiz.show_quiz(IMAGES, LABELS, ANSWERS)
    assert shown[0]["text/html"] == quiz.quiz_element(IMAGES, LABELS, ANSWERS)
    assert "7 digits that the network misread" in shown[0]["text/plain"]


@pytest.mark.parametrize("images, labels", [(IMAGES[..., 0], LABELS), (IMAGES, LABELS[:3]), (IMAGES[:0], LABELS[:0])])
def test_other_shapes_are_refused(images, labels):
    with pytest.raises(ValueError, match="The quiz needs images"):
        quiz.quiz_element(images, labels, labels)


@pytest.mark.skipif(shutil.which("node") is None, reason="it needs Node.js, which tests the pages' JavaScript")
def test_the_javascript_counts_answers():
    file = pathlib.Path(__file__).parent / "pages" / "quiz" / "quiz.test.js"
    result = subprocess.run(["node", "--test", file], capture_output=True, text=True)
    assert result.returncode == 0 and re.search(r"pass [1-9]", result.stdout), result.stdout + result.stderr
