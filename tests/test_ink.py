"""Photos and scans prepared as MNIST's digits: against the digits that were photographed, and what is refused."""

import numpy as np
import pytest
from scipy import ndimage

import lenet_keras as lk
from lenet_keras import data, ink

NAMES = ["grey", "inverted", "evened", "threshold", "cropped", "fitted", "centred", "normalised"]


@pytest.fixture(scope="module")
def digits():
    """The first 200 bundled test digits as uint8 (200, 28, 28), without a line on the output."""
    return data.find("bundled")[0].x_test[:200]


def sheet(digit, times=10, top=50, left=130, height=400, width=480):
    """Ink from 0 to 1: each pixel of a digit becomes a square, somewhere on a sheet."""
    paper = np.zeros((height, width))
    paper[top : top + 28 * times, left : left + 28 * times] = np.kron(digit / 255, np.ones((times, times)))
    return paper


def photo(paper, seed=0, dark=0.3, light=0.9):
    """Dark ink on light paper in light that falls to a third from one corner to the other, with noise; uint8."""
    rng = np.random.default_rng(seed)
    row, column = (axis / side for axis, side in zip(np.indices(paper.shape), paper.shape, strict=True))
    reflected = light - (light - dark) * paper
    return np.rint(
        255 * np.clip(reflected * (1 - (row + column) / 3) + rng.normal(0, 0.008, paper.shape), 0, 1)
    ).astype("uint8")


def apart(image, other):
    """Mean absolute difference, as a share of full ink."""
    return float(np.abs(image - other).mean() / 1.275)


def test_an_enlarged_digit_in_uneven_light_comes_back(digits):
    for k, digit in enumerate(digits[:12]):
        original = data.normalise(digit[None])[0]
        paper = sheet(digit, top=10 + 9 * k, left=15 * k)
        assert apart(lk.prepare(1 - paper), original) < 0.04, k  # a clean drawing
        assert apart(lk.prepare(photo(paper, k)), original) < 0.04, k
        assert apart(np.full_like(original, -0.1), original) > 0.08  # what the bounds are worth


def test_digits_of_28_by_28_are_left_nearly_as_they_are(digits):
    for digit in digits[:50]:
        once = lk.prepare(digit)
        assert apart(once, data.normalise(digit[None])[0]) < 0.06
        assert apart(lk.prepare(once), once) < 0.03  # preparing twice changes little


def test_box_centre_and_values(digits):
    """At most 20×20 with the longer side 19 or 20; the centre of mass within half a pixel of (14, 14) + 2."""
    places = np.arange(32)
    for k, digit in enumerate(digits[:40]):
        image = lk.prepare(photo(sheet(digit), k))
        assert image.shape == (32, 32, 1) and image.dtype == np.float32
        assert image.min() == np.float32(-0.1) and image.max() == np.float32(1.175)
        grey = image[..., 0] + 0.1
        sides = [np.ptp(np.flatnonzero((grey > 1e-6).any(axis))) + 1 for axis in (0, 1)]
        assert 19 <= max(sides) <= 20
        centre = [grey.sum(axis) @ places / grey.sum() for axis in (0, 1)]
        assert np.abs(np.subtract(centre, 16)).max() < 0.51


def test_polarity_scale_type_and_colour_make_no_difference(digits):
    shot = photo(sheet(digits[3]))
    expected = lk.prepare(shot)
    for same in (
        shot.astype(int), shot.astype("float64"), shot / 255, shot.astype("uint16") * 257, shot[..., None],
        np.stack([shot] * 3, axis=-1), shot.tolist(), np.dstack([shot, np.full_like(shot, 255)]),
    ):  # fmt: skip
        assert apart(lk.prepare(same), expected) < 1e-3
    assert apart(lk.prepare(255 - shot), expected) < 0.05  # not exact: light multiplies paper, not ink
    assert apart(lk.prepare(shot * 3.0 - 700), expected) < 0.05
    blue = np.stack([shot, shot, np.full_like(shot, 230)], axis=-1)
    assert apart(lk.prepare(blue), expected) < 0.05
    assert apart(lk.prepare(sheet(digits[3]) > 0.5), lk.prepare((sheet(digits[3]) > 0.5) * 255)) < 1e-6


def test_what_is_transparent_is_white(digits):
    ink_only = np.rint(255 * sheet(digits[5])).astype("uint8")
    drawing = np.zeros((*ink_only.shape, 4), "uint8")  # black everywhere, and seen only where there is ink
    drawing[..., 3] = ink_only
    assert apart(lk.prepare(drawing), lk.prepare(255 - ink_only)) < 1e-3


def test_grey_by_hand():
    """How bright the eye sees red, green and blue; transparent parts white; each scale; to half a grey value of 256."""
    rng = np.random.default_rng(0)
    colours, alpha = rng.random((30, 40, 3)), rng.random((30, 40, 1))
    seen = colours @ [0.299, 0.587, 0.114]
    over_white = alpha[..., 0] * seen + 1 - alpha[..., 0]
    for picture, wanted in (
        (colours, seen),
        (np.rint(65535 * colours).astype("uint16"), seen),
        (np.dstack([colours, alpha]), over_white),
        (
            np.dstack([200 * seen / seen.max(), 255 * alpha]),
            alpha[..., 0] * seen / seen.max() * 200 / 255 + 1 - alpha[..., 0],
        ),
        (seen - 7, (seen - seen.min()) / np.ptp(seen)),
    ):
        grey, factor, size = ink.opening.as_grey(picture)
        assert (factor, size, grey.dtype) == (1, (30, 40), np.float32)
        np.testing.assert_allclose(grey, wanted, atol=1.6 / 255)


def test_large_pictures_are_shrunk_by_averages():
    page = np.random.default_rng(0).integers(0, 256, (90, 4100, 4), dtype=np.uint8)
    page[:, :2000, 3] = 0  # black, but not seen
    page[:, 2000:, 3] = 255
    grey, factor, size = ink.opening.as_grey(page)
    assert (factor, size, grey.shape) == (3, (90, 4100), (30, 1367))
    seen = np.where(page[..., 3], page[..., :3] @ [0.299, 0.587, 0.114], 255)[:, :4098] / 255
    np.testing.assert_allclose(grey[:, :-1], seen.reshape(30, 3, 1366, 3).mean(axis=(1, 3)), atol=2.1 / 255)


def test_size_makes_little_difference(digits):
    small, large = (lk.prepare(1 - sheet(digits[7], t, 20, 30, 60 + 30 * t, 70 + 30 * t)) for t in (2, 40))
    assert apart(small, large) < 0.02


def test_specks_are_ignored(digits):
    clean = sheet(digits[2])
    dirty = clean.copy()
    for row, column in ((3, 3), (390, 470), (200, 60), (20, 440)):
        dirty[row : row + 6, column : column + 5] = 1
    assert apart(lk.prepare(photo(dirty)), lk.prepare(photo(clean))) < 0.005


def test_otsu_on_two_heaps():
    values = np.concatenate([np.random.default_rng(0).normal(m, 0.05, n) for m, n in ((0, 5000), (1, 300))])
    assert 0.15 < ink.paper.otsu(values) < 0.85


def test_steps_lead_to_the_image(digits):
    shot = photo(sheet(digits[0]))
    image, steps = lk.prepare(shot, steps=True)
    assert list(steps) == NAMES
    np.testing.assert_array_equal(image, lk.prepare(shot))
    np.testing.assert_array_equal(image, steps["normalised"])
    np.testing.assert_allclose(steps["grey"], shot / 255, atol=1e-6)
    np.testing.assert_allclose(steps["inverted"], 1 - shot / 255, atol=1e-6)
    corner = steps["evened"][:40, :40], steps["evened"][-40:, -40:]
    assert all(abs(part.mean()) < 0.02 for part in corner)
    assert max(steps["fitted"].shape) == 20 and steps["centred"].dtype == np.uint8
    assert (steps["threshold"] == 0).mean() > 0.8
    np.testing.assert_array_equal(data.normalise(steps["centred"][None])[0], image)


def test_the_network_answers_as_without_the_photograph(digits):
    """200 digits: photographed in uneven light and prepared, at least nine in ten are answered as directly."""
    model = lk.load_lenet5()
    rng = np.random.default_rng(1)
    prepared = []
    for k, digit in enumerate(digits):
        times = int(rng.integers(3, 6))
        top, left = rng.integers(0, 200 - 28 * times, 2)
        prepared.append(lk.prepare(photo(sheet(digit, times, top, left, 200, 200), k)))
    direct = lk.probabilities(model, data.normalise(digits)).argmax(axis=1)
    answers = lk.probabilities(model, np.stack(prepared)).argmax(axis=1)
    assert (answers == direct).mean() >= 0.9


# ---------------------------------------------------------------------------------------------- several digits


def test_separate_finds_digits_in_reading_order(digits):
    page = np.zeros((500, 700))
    placed = []
    for line in range(3):
        for place in range(5):
            top, left = 20 + 160 * line + 8 * place, 30 + 130 * place  # lines that fall to the right
            page[top : top + 84, left : left + 84] = sheet(digits[len(placed)], 3, 0, 0, 84, 84)
            placed.append((top, left))
    found = ink.separate(photo(page))
    assert len(found) == len(placed)
    for k, ((top, left), digit) in enumerate(zip(placed, found, strict=True)):
        rows, columns = np.flatnonzero(digits[k].any(axis=1)), np.flatnonzero(digits[k].any(axis=0))
        box = (top + 3 * rows[0], left + 3 * columns[0], top + 3 * rows[-1] + 3, left + 3 * columns[-1] + 3)
        assert np.abs(np.subtract(digit.box, box)).max() <= 6, k
        assert apart(digit.image, data.normalise(digits[k][None])[0]) < 0.06, k
    with pytest.raises(ValueError, match="15 separate digits were found, not one: .*lk.ink.separate"):
        lk.prepare(page)


def test_boxes_are_in_pixels_of_the_page_also_when_it_was_shrunk():
    page = np.full((300, 4500), 255, "uint8")
    page[100:160, 3000:3020] = 0
    (digit,) = ink.separate(page)
    assert np.abs(np.subtract(digit.box, (100, 3000, 160, 3020))).max() <= 12


def test_parts_of_a_digit_are_joined_and_neighbours_are_not():
    five = np.zeros((200, 300), bool)
    five[50:58, 60:100] = True  # the bar, and 10 pixels below it the rest
    five[68:140, 60:70] = five[130:140, 60:100] = True
    (one,) = ink.separate(five)
    assert np.abs(np.subtract(one.box, (50, 60, 140, 100))).max() <= 1
    two = five.copy()
    two[50:140, 112:122] = True  # a 1 beside it
    assert [round(digit.box[1], -1) for digit in ink.separate(two)] == [60, 110]
    assert ink.separate(np.full((90, 90), 200, "uint8")) == []


# --------------------------------------------------------------------------------------------------- bad input


EMPTY = "No ink was found: nothing on the picture stands out"


@pytest.mark.parametrize(
    "picture, message",
    [
        (np.zeros((1, 1)), EMPTY),
        (np.full((1, 1, 3), 77, "uint8"), EMPTY),
        (np.full((200, 300), 255, "uint8"), EMPTY),
        (np.random.default_rng(0).normal(size=(300, 300)), EMPTY),
        (240 + np.random.default_rng(0).integers(0, 3, (300, 300)), EMPTY),
        (np.zeros((0, 28)), r"no pixels: its shape is \(0, 28\)"),
        (np.zeros(784), r"has shape .*, not \(784,\)"),
        (np.zeros((1, 28, 28, 1)), r"not \(1, 28, 28, 1\)"),
        (np.zeros((28, 28, 5)), r"not \(28, 28, 5\)"),
        (5, r"not \(\)"),
        (np.array([[None, 1]], object), "not values of type object"),
        (None, "not values of type object"),
        (np.zeros((9, 9), complex), "not values of type complex128"),
        (np.array([["a", "b"]]), "not values of type <U1"),
        (b"picture", r"not values of type \|S7"),
        ([[1, 2], [3]], "rows differ in length"),
        (np.where(np.eye(40) > 0, np.nan, 0), "not finite numbers"),
        (np.where(np.eye(40) > 0, -np.inf, 0), "not finite numbers"),
        (np.eye(40) * 1e300, "which are no grey values"),
        (np.broadcast_to(np.uint8(0), (10**6, 10**6)), "1,000,000×1,000,000 pixels, more than 400,000,000"),
        ("no_such_file.png", "There is no file no_such_file.png"),
    ],
)
def test_refused_in_a_sentence(picture, message):
    for function in (lk.prepare, ink.separate):
        if message == EMPTY and function is ink.separate:
            assert function(picture) == []
            continue
        with pytest.raises(ValueError, match=message) as caught:
            function(picture)
        assert str(caught.value).endswith((".", "lk.ink.separate"))


def test_ten_thousand_by_ten_thousand_pixels(digits):
    """Shrunk before anything else is done with it, and never as floats in memory at once."""
    import tracemalloc

    page = np.full((10_000, 10_000), 230, "uint8")
    page[3000:5800, 6000:8800] -= np.kron(digits[0] // 2, np.ones((100, 100), "uint8"))
    tracemalloc.start()
    image, steps = lk.prepare(page, steps=True)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert steps["grey"].shape == steps["threshold"].shape == (2000, 2000)
    assert most < 4 * page.size  # less than one copy in 32-bit floats
    assert apart(image, data.normalise(digits[:1])[0]) < 0.04


def test_files(tmp_path, digits):
    from PIL import Image

    shot = photo(sheet(digits[4]))
    expected = lk.prepare(shot)
    Image.fromarray(shot).save(tmp_path / "scan.png")
    np.testing.assert_array_equal(lk.prepare(tmp_path / "scan.png"), expected)
    np.testing.assert_array_equal(lk.prepare(str(tmp_path / "scan.png")), expected)
    Image.fromarray(shot).convert("P").save(tmp_path / "palette.gif")
    assert apart(lk.prepare(tmp_path / "palette.gif"), expected) < 0.02
    Image.fromarray(shot.astype("uint16") * 257).save(tmp_path / "sixteen_bits.png")
    np.testing.assert_array_equal(lk.prepare(tmp_path / "sixteen_bits.png"), expected)
    drawing = Image.fromarray(np.zeros_like(shot))  # all black, and seen through where there is no ink
    drawing.putalpha(Image.fromarray(255 - shot))
    drawing.save(tmp_path / "see_through.png")
    assert apart(lk.prepare(tmp_path / "see_through.png"), expected) < 1e-3
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held sideways: turn by 90 degrees to see it upright
    Image.fromarray(np.rot90(shot)).save(tmp_path / "turned.jpg", quality=95, exif=exif)
    assert apart(lk.prepare(tmp_path / "turned.jpg"), expected) < 0.02
    (tmp_path / "text.png").write_text("no image")
    cut = (tmp_path / "scan.png").read_bytes()[:2000]
    (tmp_path / "cut.png").write_bytes(cut)
    for name in ("text.png", "cut.png"):
        with pytest.raises(ValueError, match=f"{name} cannot be read as an image"):
            lk.prepare(tmp_path / name)


def test_a_thousand_specks_end_in_an_answer_or_a_sentence():
    dots = np.zeros((1000, 1000))
    dots[::20, ::20] = dots[1::20, ::20] = dots[::20, 1::20] = 1
    dots = ndimage.grey_dilation(dots, size=(3, 3))
    with pytest.raises(ValueError, match="separate (marks|digits) were found"):
        lk.prepare(dots)
