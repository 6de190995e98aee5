"""The bowl that can be turned, without a browser: the element, its still picture, and its JavaScript in Node."""

import json
import pathlib
import re
import shutil
import subprocess

import numpy as np
import pytest

from lenet_keras import pages
from lenet_keras.pages import turned


def test_a_rate_for_each_weight_helps_where_the_bowl_is_straight_and_not_where_it_is_turned():
    np.testing.assert_allclose(turned.descended(0, 15, own=True), np.outer(0.1 ** np.arange(16), [1, 1]), atol=1e-12)
    one = turned.descended(0, 15, own=False)
    np.testing.assert_allclose(one, np.stack([(-0.8) ** np.arange(16), 0.91 ** np.arange(16)], axis=1))
    assert turned.losses(0, 15, own=True)[-1] < 1e-12 * turned.losses(0, 15, own=False)[-1]
    own, same = turned.losses(45, 15, own=True), turned.losses(45, 15, own=False)
    assert 0.8 < own[-1] / same[-1] < 1.25 and own[0] == pytest.approx(10.5)


def test_turning_the_bowl_turns_the_way_of_one_rate_with_it():
    half = turned.descended(30, 10, own=False)
    angle = np.deg2rad(30)
    back = half @ np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    np.testing.assert_allclose(back, turned.descended(0, 10, own=False), atol=1e-12)
    np.testing.assert_allclose(turned.second_derivatives(45), [[10.5, 9.5], [9.5, 10.5]])


def test_the_element_begins_with_what_is_shown(monkeypatch):
    text = turned.turned_element()
    shown = re.match(r'(?s)<div class="lenet-[\w-]+"><img [^>]*><script type="application/json">([^<]*)</script>', text)
    assert json.loads(shown[1]) == turned.BOWL and text.count("<script") == 2
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text)
    published = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: published.append(data))
    pages.draw_turned_bowl()
    assert published == [{"text/html": text, "text/plain": turned.ALT}]
    assert turned.still_bowls().count("<polyline") == 4


@pytest.mark.skipif(shutil.which("node") is None, reason="they need Node.js, which tests the pages' JavaScript")
@pytest.mark.parametrize("degrees, own", [(0, True), (0, False), (35, True), (45, False), (90, True)])
def test_the_javascript_goes_the_same_way(degrees, own):
    file = pathlib.Path(turned.__file__).with_name("turned.js")
    program = (
        f"const t = require({json.dumps(str(file))}); const bowl = {json.dumps(turned.BOWL)};"
        f"const places = t.descendTurned(bowl, {degrees}, 20, {json.dumps(own)});"
        f"console.log(JSON.stringify([places, places.map((place) => t.lossTurned(bowl, {degrees}, place))]))"
    )
    found = subprocess.run(["node", "-e", program], capture_output=True, text=True, check=True).stdout
    places, losses = json.loads(found)
    np.testing.assert_allclose(places, turned.descended(degrees, 20, own), atol=1e-12)
    np.testing.assert_allclose(losses, turned.losses(degrees, 20, own), atol=1e-12)
