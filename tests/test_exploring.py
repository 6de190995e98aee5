"""Pages that lessons explore a network with: what they hold, what is refused, their JavaScript in Node."""

import base64
import json
import os
import pathlib
import re
import shutil
import subprocess

import numpy as np
import pytest

import lenet_keras as lk
from lenet_keras.pages import exploring, export

SHOWN = {"units": exploring.show_units, "fading": exploring.show_fading}


@pytest.fixture
def pages_shown(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    return shown


@pytest.mark.parametrize("kind", SHOWN)
def test_a_page_holds_the_network_the_digits_and_a_still_picture(kind, pages_shown, bundled):
    model, images = lk.load_lenet5(), bundled.x_train[:3]
    SHOWN[kind](model, images, ["a", "b", "</script>"])
    SHOWN[kind](model, images, ["a", "b", "</script>"])
    text = pages_shown[0]["text/html"]
    assert pages_shown[0] == pages_shown[1] and pages_shown[0]["text/plain"].startswith("A digit")
    rule = re.search(r"^regex: (.*)$", pathlib.Path("notebooks/pages.cfg").read_text(encoding="utf-8"), re.M)[1]
    assert re.match(rule, text)  # it is compared by what it shows
    facts = json.loads(re.search(r'<script type="application/json">(.*?)</script>', text)[1])
    grey = np.frombuffer(base64.b64decode(facts["digits"]), "uint8").reshape(images.shape)
    np.testing.assert_allclose(-0.1 + 1.275 * grey / 255, images, atol=1e-6)
    assert facts["network"] == export.export_network(model) and facts["titles"][2] == "</script>"
    svg = base64.b64decode(re.search(r"svg\+xml;base64,([^\"]+)", text)[1]).decode()
    assert svg.startswith("<svg") and svg.endswith("</svg>")
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text)


@pytest.mark.parametrize("kind", SHOWN)
def test_images_without_titles_or_of_another_shape_are_refused(kind, bundled):
    model = lk.lenet5()
    for images, titles in ((bundled.x_train[:2], ["a"]), (bundled.x_train[:1, :28], ["a"])):
        with pytest.raises(ValueError, match=r"There must be images \(32, 32, 1\), and a title for each"):
            SHOWN[kind](model, images, titles)


@pytest.mark.skipif(shutil.which("node") is None, reason="they need Node.js, which tests the pages' JavaScript")
def test_the_javascript_computes_what_the_course_counts(bundled, tmp_path):
    model, images = lk.load_lenet5(), bundled.x_train[:2]
    rows = [
        {"name": row.name, "field": row.receptive_field, "step": row.stride}
        for row in lk.anatomy(model).rows
        if row.name not in ("input", "flatten")
    ]
    contents = exploring.contents(model, images, ["a", "b"])
    cases = contents | {"images": images.reshape(2, -1).tolist(), "rows": rows}
    (tmp_path / "cases.json").write_text(json.dumps(cases), encoding="utf-8")
    files = sorted((pathlib.Path(__file__).parent / "pages" / "exploring").glob("*.test.js"))
    result = subprocess.run(
        ["node", "--test", *files],
        env=os.environ | {"PAGES_CASES": str(tmp_path / "cases.json")},
        capture_output=True, text=True,
    )  # fmt: skip
    assert result.returncode == 0 and re.search(r"pass [1-9]", result.stdout), result.stdout + result.stderr
