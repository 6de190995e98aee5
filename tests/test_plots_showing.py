"""How a figure is shown: a picture with its text, the same bytes at every run, in the course's style."""

import base64
import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from course_files import NOTEBOOKS, SOLUTIONS, read
from notebook_form import code_cells
from PIL import Image, ImageSequence

import lenet_keras as lk


def test_show_gives_a_picture_with_its_text_and_no_trace(monkeypatch):
    published = []
    monkeypatch.setattr("IPython.display.display", lambda *args, **kwargs: published.append((args, kwargs)))
    for _ in range(2):
        figure, axis = plt.subplots(figsize=(2, 1))
        axis.plot([1, 2])
        lk.plots.show(figure, "A rising line.")
    (data,), options = published[0]
    picture = base64.b64decode(data["image/png"])
    assert picture.startswith(b"\x89PNG") and b"atplotlib" not in picture
    assert data["text/plain"] == options["metadata"]["image/png"]["alt"] == "A rising line."
    wide = int.from_bytes(picture[16:20], "big")  # at 144 points an inch, shown at 96
    assert abs(options["metadata"]["image/png"]["width"] - wide * 2 / 3) <= 0.5
    assert published[0] == published[1]  # the same bytes again
    assert plt.get_fignums() == []


def test_png_closes_the_figure():
    figure, _ = plt.subplots()
    assert lk.plots.png(figure).startswith(b"\x89PNG")
    assert plt.get_fignums() == []


def test_a_dark_style_set_elsewhere_leaves_the_figures_as_they_are():
    def drawn():
        with lk.plots.style():
            figure, axis = plt.subplots(figsize=(2, 1))
            axis.plot([1, 2])
            axis.set(xlabel="time")
        return lk.plots.png(figure)

    wanted = drawn()
    with plt.style.context(["dark_background", {"savefig.transparent": True}]):
        assert drawn() == wanted


def test_the_paper_is_white_and_opaque_for_any_figure():
    with plt.style.context(["dark_background", {"savefig.transparent": True}]):
        figure, _ = plt.subplots(figsize=(2, 1))
        picture = Image.open(io.BytesIO(lk.plots.png(figure))).convert("RGBA")
    assert corners(picture) == {(255, 255, 255, 255)}


@pytest.mark.parametrize("path", NOTEBOOKS + SOLUTIONS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_stored_picture_has_white_and_opaque_paper(path):
    """So that its dark ink can be read in JupyterLab's dark theme too."""
    for cell in code_cells(read(path)):
        for output in cell.outputs:
            if "image/png" in output.get("data", {}):
                picture = Image.open(io.BytesIO(base64.b64decode(output.data["image/png"])))
                for frame in ImageSequence.Iterator(picture):
                    assert corners(frame.convert("RGBA")) == {(255, 255, 255, 255)}


def corners(picture):
    width, height = picture.size
    return {picture.getpixel((x, y)) for x in (0, width - 1) for y in (0, height - 1)}


def test_the_style_holds_inside_the_block_only():
    before = plt.rcParams["axes.spines.top"]
    with lk.plots.style():
        assert plt.rcParams["axes.spines.top"] is False
        assert plt.rcParams["axes.prop_cycle"].by_key()["color"] == lk.plots.COLOURS
    assert plt.rcParams["axes.spines.top"] == before


def test_the_colours_are_told_apart_by_colour_blind_readers():
    """No two look alike to a reader whose eyes have no green cones."""
    rgb = np.array([[int(code[k : k + 2], 16) / 255 for k in (1, 3, 5)] for code in lk.plots.COLOURS])
    # Viénot, Brettel and Mollon (1999): what such a reader sees of linear light.
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = linear @ np.array([[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]]).T
    distances = np.linalg.norm(seen[:, None] - seen, axis=2) + np.eye(len(seen))
    assert distances.min() > 0.1
