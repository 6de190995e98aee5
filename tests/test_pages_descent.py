"""The explorable of descent without a browser: the element, its still picture, and its JavaScript in Node."""

import json
import pathlib
import re
import shutil
import subprocess

import numpy as np
import pytest

from lenet_keras import pages
from lenet_keras.pages import descent


def test_descent_in_the_bowl_is_what_the_slopes_say():
    places = np.array(descent.descended(0.15, 20))
    assert places.shape == (21, 2)
    np.testing.assert_allclose(places[:, 0], -4.5 * 0.85 ** np.arange(21))
    np.testing.assert_allclose(places[:, 1], 1.6 * (-0.5) ** np.arange(21))


def test_the_element_begins_with_what_is_shown(monkeypatch):
    text = descent.descent_element()
    shown = re.match(r'(?s)<div class="lenet-[\w-]+"><img [^>]*><script type="application/json">([^<]*)</script>', text)
    assert json.loads(shown[1]) == descent.BOWL and text.count("<script") == 2
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text)
    published = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: published.append(data))
    pages.draw_descent()
    assert published == [{"text/html": text, "text/plain": descent.ALT}]


@pytest.mark.skipif(shutil.which("node") is None, reason="they need Node.js, which tests the pages' JavaScript")
@pytest.mark.parametrize(
    "rate, said", [(0.05, "walks down"), (0.15, "jumps across"), (0.2, "at the limit"), (0.21, "too large")]
)
def test_the_javascript_goes_the_same_way(rate, said):
    file = pathlib.Path(descent.__file__).with_name("descent.js")
    program = (
        f"const d = require({json.dumps(str(file))}); const bowl = {json.dumps(descent.BOWL)};"
        f"console.log(JSON.stringify([d.descend(bowl, {rate}, 30), d.lossAt(bowl, [1, 2]), d.verdict(bowl, {rate})]))"
    )
    found = subprocess.run(["node", "-e", program], capture_output=True, text=True, check=True).stdout
    places, loss, verdict = json.loads(found)
    np.testing.assert_allclose(places, descent.descended(rate, 30), rtol=1e-12)
    assert loss == (1 + 10 * 4) / 2 and said in verdict
