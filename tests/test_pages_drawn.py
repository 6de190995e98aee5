"""The page that shows F6's answer as a drawing, without a browser; tests/browser draws on it."""

import base64
import json
import re

import keras
import numpy as np
import pytest

import lenet_keras as lk
from lenet_keras import pages


def test_the_page_is_small_and_holds_the_network_and_nothing_from_outside():
    keras.utils.set_random_seed(0)
    model = lk.lenet5_1998()
    text = pages.drawn_answer_element(model, 30.26)
    assert text == pages.drawn_answer_element(model, 30.26) != pages.drawn_answer_element(model)
    assert len(text) < 600_000 and not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text)
    facts = json.loads(re.search(r'<script type="application/json">(.*?)</script>', text)[1])
    assert facts["limit"] == 30.3 and facts["network"]["ends"] == "distances"
    drawings = np.frombuffer(base64.b64decode(facts["network"]["weights"]), "<f2")[-840:]
    np.testing.assert_array_equal(drawings.reshape(10, 84), lk.layers.bitmaps())
    still = base64.b64decode(re.search(r"svg\+xml;base64,([^\"]+)", text)[1]).decode()
    distances = model(pages.drawn(pages.SAMPLES[7])[np.newaxis]).numpy()[0]
    shown = [int(distance) for distance in re.findall(r">\d: (\d+)</text>", still)]
    np.testing.assert_allclose(shown, distances, atol=0.51)
    assert f'font-weight="700">{distances.argmin()}:' in still


def test_it_is_shown_with_a_text(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    pages.show_drawn_answer(lk.lenet5_1998())
    assert "7 by 12 points" in shown[0]["text/plain"] and shown[0]["text/html"].startswith('<div class="lenet-drawn">')


def test_other_networks_and_limits_are_refused():
    with pytest.raises(ValueError, match="ends in distances to ten drawings"):
        pages.drawn_answer_element(lk.lenet5())
    for limit in (0, -1, float("nan")):
        with pytest.raises(ValueError, match="limit is a distance above 0"):
            pages.drawn_answer_element(lk.lenet5_1998(), limit)
