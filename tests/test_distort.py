"""Distortions against maps whose result is known."""

import numpy as np
import pytest
from scipy import ndimage

from lenet_keras import distort


def bar(row=16, column=16):
    """One pixel of ink on paper."""
    image = np.full((32, 32), -0.1, "float32")
    image[row, column] = 1.175
    return image


def test_the_identity_changes_nothing_and_a_whole_shift_moves_pixels():
    image = np.random.default_rng(0).uniform(-0.1, 1.175, (32, 32)).astype("float32")
    np.testing.assert_allclose(distort.affine(image, np.eye(2)), image, atol=1e-6)
    moved = distort.affine(image, np.eye(2), (3, -2))
    np.testing.assert_allclose(moved[3:, :-2], image[:-3, 2:], atol=1e-6)
    np.testing.assert_allclose(moved[:3], -0.1, atol=1e-6)


def test_half_a_pixel_shares_the_ink():
    moved = distort.affine(bar(), np.eye(2), (0, 0.5))
    np.testing.assert_allclose(moved[16, 16:18], [-0.1 + 1.275 / 2] * 2, atol=1e-6)


def test_a_doubling_moves_a_pixel_twice_as_far_from_the_centre():
    grown = distort.affine(bar(16, 20), np.eye(2) / 2)
    row, column = np.unravel_index(grown.argmax(), grown.shape)
    # The centre is 15.5: 20 lies 4.5 to the right of it and goes to 24.5, 16 lies 0.5 below and goes to 16.5.
    assert (row, column) in {(16, 24), (16, 25), (17, 24), (17, 25)}


def test_the_same_seed_gives_the_same_digits_and_another_seed_others():
    images = np.stack([bar(10, 10), bar(20, 14)])[..., None]
    one, same, other = (distort.distorted(images, seed) for seed in ([1, 2], [1, 2], [1, 3]))
    assert one.shape == images.shape and one.dtype == np.float32
    np.testing.assert_array_equal(one, same)
    assert np.abs(one - other).max() > 0.1
    assert one.min() >= -0.1 - 1e-5 and one.max() <= 1.175 + 1e-5


def random_images(count, height=32, width=32, seed=0):
    return np.random.default_rng(seed).uniform(-0.1, 1.175, (count, height, width, 1)).astype("float32")


def framed(images):
    """The same with a frame of paper, three pixels wide, as digits have one."""
    images = images.copy()
    for edge in (images[:, :3], images[:, -3:], images[:, :, :3], images[:, :, -3:]):
        edge[:] = -0.1
    return images


@pytest.mark.parametrize("height, width", [(32, 32), (28, 28), (7, 12)])
def test_random_affine_maps_are_those_of_scipy(height, width):
    rng = np.random.default_rng(3)
    images = random_images(300, height, width)
    matrices = np.eye(2) + rng.normal(0, 0.4, (300, 2, 2))
    shift = rng.uniform(-6, 6, (300, 2))
    centre = np.array([(height - 1) / 2, (width - 1) / 2])
    for pictures, mode in ((images, "grid-constant"), (framed(images), "constant")):
        found = distort.warped(pictures, matrices, shift)
        for picture, matrix, moved, result in zip(pictures[..., 0], matrices, shift, found[..., 0], strict=True):
            offset = centre - matrix @ (centre + moved)
            wanted = ndimage.affine_transform(picture, matrix, offset, order=1, mode=mode, cval=-0.1)
            np.testing.assert_allclose(result, wanted, atol=1e-5)


def test_maps_far_out_leave_paper():
    result = distort.warped(random_images(2), np.eye(2), (1e6, -1e9))
    np.testing.assert_allclose(result, -0.1, atol=1e-6)
    for large in (1e5, 1e7, 1e30):
        np.testing.assert_allclose(distort.warped(random_images(1), np.eye(2) * large), -0.1, atol=1e-6)


def test_the_parameters_of_a_map_do_what_they_are_called():
    def moved(point, shift=(0, 0), **parameters):
        """Where the ink of a point, given from the centre, is found in the result."""
        image = np.full((1, 33, 33, 1), -0.1, "float32")
        image[0, 16 + point[0], 16 + point[1]] = 1.175
        ink = distort.warped(image, distort.affine_maps(**parameters), shift)[0, ..., 0] + 0.1
        return [round(float((ink * axis).sum() / ink.sum()), 2) for axis in np.indices((33, 33)) - 16]

    assert moved((0, 8)) == [0, 8]
    assert moved((0, 8), (3, -2)) == [3, 6]
    assert moved((0, 8), rotation=90) == [-8, 0]  # counter-clockwise: from the right to the top
    assert moved((-8, 0), rotation=90) == [0, -8]
    assert moved((-4, 8), scale=0.5) == [-2, 4]
    assert moved((-8, 8), scale=1 / 2, squeeze=2) == [-8, 2]  # taller, and narrower
    assert moved((-8, 0), shear=0.5) == [-8, 4]  # the top goes to the right
    assert moved((8, 0), shear=0.5) == [8, -4]
    assert moved((-8, 0), shear=0.5, rotation=90) == [-4, -8]  # sheared first


def test_matrices_for_many_are_those_of_each():
    rng = np.random.default_rng(0)
    values = {"rotation": rng.uniform(-90, 90, 5), "scale": rng.uniform(0.5, 2, 5), "shear": rng.normal(size=5)}
    together = distort.affine_maps(squeeze=1.3, **values)
    assert together.shape == (5, 2, 2)
    for k, matrix in enumerate(together):
        one = {name: value[k] for name, value in values.items()}
        np.testing.assert_allclose(distort.affine_maps(squeeze=1.3, **one), matrix, atol=1e-12)
        angle, (scale, shear) = np.radians(one["rotation"]), (one["scale"], one["shear"])
        # The factors one after another, from the original to the result, on (row, column).
        sized = np.diag([scale * 1.3, scale / 1.3])
        sheared = np.array([[1, 0], [-shear / 1.3, 1]])
        turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        np.testing.assert_allclose(np.linalg.inv(matrix), turned @ sheared @ sized, atol=1e-9)


def test_distorted_digits_are_those_of_a_slow_loop(bundled):
    """Random numbers drawn image by image, and one call of SciPy for each: so the recorded networks were trained."""
    images, centre = bundled.x_train[:300], np.array([15.5, 15.5])
    rng = np.random.default_rng([4, 2])
    for image, result in zip(images, distort.distorted(images, [4, 2]), strict=True):
        shift = rng.uniform(-1.5, 1.5, 2)
        scale, squeeze, shear = (1 + rng.uniform(-0.12, 0.12), 1 + rng.uniform(-0.1, 0.1), rng.uniform(-0.15, 0.15))
        matrix = np.array([[1 / (scale * squeeze), 0], [shear / scale, squeeze / scale]])
        offset = centre - matrix @ (centre + shift)
        wanted = ndimage.affine_transform(image[..., 0], matrix, offset, order=1, cval=-0.1)
        np.testing.assert_allclose(result[..., 0], wanted, atol=1e-5)
        np.testing.assert_array_equal(distort.affine(image[..., 0], matrix, shift), result[..., 0])


CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], bool)


def test_strokes_are_scipys_greyscale_morphology():
    images = random_images(300)
    amounts = np.random.default_rng(1).choice([-2, -1, -0.25, 0, 0.5, 1, 2], 300)
    for image, amount, result in zip(images, amounts, distort.stroke(images, amounts), strict=True):
        step = ndimage.grey_dilation if amount > 0 else ndimage.grey_erosion
        wanted = image[..., 0].astype("float64")
        for part in [1.0] * int(abs(amount)) + [abs(amount) % 1]:
            changed = step(wanted, footprint=CROSS, mode="constant", cval=-0.1)
            wanted = (1 - part) * wanted + part * changed
        np.testing.assert_allclose(result[..., 0], wanted, atol=1e-5)
    thick = distort.stroke(bar()[None, ..., None], 1)
    assert (thick > 1).sum() == 5 and (distort.stroke(thick, -1) > 1).sum() == 1


def test_noise_inverts_so_many_pixels():
    images = random_images(300)
    np.testing.assert_array_equal(distort.noise(images, 0, 0), images)
    np.testing.assert_allclose(distort.noise(images, 0, 1), 1.075 - images, atol=1e-6)
    probability = np.linspace(0, 1, 300)
    noisy = distort.noise(images, 5, probability)
    changed = noisy != images
    np.testing.assert_allclose(noisy[changed], (1.075 - images)[changed], atol=1e-6)
    # Of 1,024 pixels each; five standard deviations.
    spread = 5 * np.sqrt(probability * (1 - probability) / 1024) + 1e-3
    assert (np.abs(changed.mean(axis=(1, 2, 3)) - probability) < spread).all()
    np.testing.assert_array_equal(noisy, distort.noise(images, 5, probability))
    assert (noisy != distort.noise(images, 6, probability)).any()


def test_elastic_is_scipy_at_its_own_places_and_its_fields_are_smooth():
    images = framed(random_images(200))
    nodes = np.random.default_rng(7).standard_normal((200, 2, 7, 7), dtype="float32") * 1.5
    at = np.arange(32) * 6 / 31
    weights = np.exp(-((at[:, None] - np.arange(7)) ** 2) / 2)
    weights /= np.sqrt((weights**2).sum(axis=1, keepdims=True))
    fields = np.einsum("rk,nckl,sl->ncrs", weights, nodes, weights)
    for image, field, result in zip(images, fields, distort.elastic(images, 7, 1.5), strict=True):
        places = np.indices((32, 32)) + field
        wanted = ndimage.map_coordinates(image[..., 0], places, order=1, cval=-0.1)
        np.testing.assert_allclose(result[..., 0], wanted, atol=1e-5)
    # 200 × 2 fields: at each pixel their spread is the amount, within six standard errors; neighbours hardly differ.
    assert np.abs(fields.std(axis=(0, 1)) / 1.5 - 1).max() < 6 / np.sqrt(2 * 400)
    assert np.abs(np.diff(fields, axis=3)).std() < 0.25 * 1.5
    np.testing.assert_allclose(distort.elastic(images, 7, 0), images, atol=1e-5)


def test_more_kinds_do_not_change_the_maps_drawn_before():
    images = framed(random_images(3))
    plain = distort.distorted(images, 1)
    np.testing.assert_array_equal(distort.distorted(images, 1, distort.RANGES | {"noise": 0}), plain)
    noisy = distort.distorted(images, 1, distort.RANGES | {"noise": 0.1})
    same = np.isclose(noisy, plain)
    assert 0.85 < same.mean() < 0.95
    np.testing.assert_allclose(noisy[~same], (1.075 - plain)[~same], atol=1e-5)
    everything = {"shift": 2, "rotation": 20, "stroke": 1, "elastic": 1, "noise": 0.1}
    np.testing.assert_array_equal(distort.distorted(images, 1, everything), distort.distorted(images, 1, everything))


def test_a_distortion_keeps_to_one_kind_when_asked(bundled):
    images = bundled.x_train[:50]
    for kind, width in (("rotation", 20), ("stroke", 1.5), ("shift", 3), ("scale", 0.3), ("elastic", 1)):
        result = distort.distorted(images, 0, {kind: width})
        assert result.min() >= -0.1 - 1e-5 and result.max() <= 1.175 + 1e-5
        assert np.abs(result - images).max() > 0.1
    np.testing.assert_allclose(distort.distorted(images, 0, {}), images, atol=1e-5)


def test_no_images_give_no_images():
    none = np.zeros((0, 32, 32, 1), "float32")
    for result in (
        distort.distorted(none, 0, distort.RANGES | {"elastic": 1, "stroke": 1, "noise": 0.1}),
        distort.warped(none),
        distort.stroke(none, 1),
        distort.noise(none, 0, 0.1),
        distort.elastic(none, 0, 1),
    ):
        assert result.shape == none.shape


def test_what_was_given_stays_as_it_was():
    images = random_images(5)
    before = images.copy()
    distort.stroke(images, 1)
    distort.noise(images, 0, 0.5)
    distort.distorted(images, 0, {"stroke": 1, "noise": 0.1})
    np.testing.assert_array_equal(images, before)


ONE = np.zeros((2, 32, 32, 1), "float32")


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: distort.affine_maps(scale=0), "scale must be finite and above 0"),
        (lambda: distort.affine_maps(rotation=np.nan), "rotation must be finite"),
        (lambda: distort.affine_maps(rotation=[1, 2], shear=[1, 2, 3]), r"rotation \(2,\).*shear \(3,\)"),
        (lambda: distort.affine(ONE, np.eye(2)), r"\(n, height, width, 1\), not \(1, 2, 32, 32, 1, 1\)"),
        (lambda: distort.warped(ONE, np.eye(3)), r"matrices must have shape \(2, 2\) or \(2, 2, 2\), not \(3, 3\)"),
        (lambda: distort.warped(ONE, np.eye(2), (1, 2, 3)), "shift must have shape"),
        (lambda: distort.warped(ONE, np.full((2, 2), np.inf)), "matrices must hold finite numbers"),
        (lambda: distort.stroke(ONE, [1, 2, 3]), r"amount must be a number or 2 of them"),
        (lambda: distort.stroke(ONE, 11), "amount must be finite and lie from -10 to 10"),
        (lambda: distort.noise(ONE, 0, 1.5), "probability must be finite and lie from 0 to 1"),
        (lambda: distort.elastic(ONE, 0, -1), "amount must be finite and lie from 0"),
        (lambda: distort.distorted(ONE, 0, {"twist": 1}), "no distortion 'twist'; there are shift, scale"),
        (lambda: distort.distorted(ONE, 0, {"scale": 1.5}), "range of scale must be a number from 0 to 0.99"),
        (lambda: distort.distorted(ONE, 0, {"shift": [1, 2]}), "range of shift must be a number"),
        (lambda: distort.distorted(ONE, 0, {"noise": np.nan}), "range of noise must be a number"),
    ],
)
def test_bad_values_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    "images, message",
    [
        (np.zeros((3, 32, 32)), r"\(n, height, width, 1\), not \(3, 32, 32\)"),
        (np.zeros((3, 32, 32, 3)), r"\(n, height, width, 1\), not \(3, 32, 32, 3\)"),
        (np.full((1, 32, 32, 1), np.nan), r"not finite"),
    ],
)
def test_bad_images_are_named(images, message):
    with pytest.raises(ValueError, match=message):
        distort.distorted(images, 0)


# ------------------------------------------------------------------------------------------------- deslanting


def moments(ink):
    """Variances of row and column, their covariance, the centre and the mass of an array of weights, point by point."""
    points = [(r, c, float(ink[r, c])) for r in range(ink.shape[0]) for c in range(ink.shape[1])]
    mass = sum(weight for _, _, weight in points)
    row = sum(weight * r for r, _, weight in points) / mass
    column = sum(weight * c for _, c, weight in points) / mass
    down = sum(weight * (r - row) ** 2 for r, _, weight in points) / mass
    across = sum(weight * (c - column) ** 2 for _, c, weight in points) / mass
    both = sum(weight * (r - row) * (c - column) for r, c, weight in points) / mass
    return down, across, both, (row, column), mass


def slanted_bar(step, top=7, bottom=23):
    """A bar of full ink, 3 pixels wide, that moves `step` columns to the right every second row."""
    image = np.full((1, 32, 32, 1), -0.1, "float32")
    for row in range(top, bottom):
        left = 14 + step * ((row - 15) // 2)
        image[0, row, left : left + 3] = 1.175
    return image


@pytest.mark.parametrize("step", [-1, 1])
def test_a_slanted_bar_becomes_upright(step):
    slanted = slanted_bar(step)
    assert abs(moments(slanted[0, ..., 0] + 0.1)[2]) > 8
    upright = distort.deslanted(slanted)
    assert upright.shape == (1, 20, 20, 1) and upright.dtype == np.float32
    down, across, both, _, mass = moments(upright[0, ..., 0] + 0.1)
    assert abs(both) < 0.01 * down and across < 2
    assert abs(mass - 16 * 3 * 1.275) < 1e-3


def test_deslanting_is_a_slow_loop_over_rows(bundled):
    """Moments point by point, ink 1 and paper 0; each row by np.interp; the middle 20×20 kept."""
    images = bundled.x_train[:60]
    columns = np.arange(32)
    for image, result in zip(images[..., 0], distort.deslanted(images)[..., 0], strict=True):
        down, _, both, (row, _), _ = moments((image > 0.5375).astype(int))
        slant = both / down
        rows = [np.interp(columns + slant * (r - row), columns, image[r], left=-0.1, right=-0.1) for r in range(6, 26)]
        np.testing.assert_allclose(result, np.array(rows)[:, 6:26], atol=2e-5)


def test_ink_counts_one_and_grey_below_half_nothing():
    plain = slanted_bar(0)
    grey = plain.copy()
    grey[0, 7, 6:14] = -0.1 + 1.275 * 0.49  # a foot to the left that moments of grey would see
    np.testing.assert_allclose(distort.deslanted(grey)[0, ..., 0], grey[0, 6:26, 6:26, 0], atol=1e-5)
    grey[0, 7, 6:14] = -0.1 + 1.275 * 0.51
    assert np.abs(distort.deslanted(grey)[0, ..., 0] - grey[0, 6:26, 6:26, 0]).max() > 0.1


def test_deslanting_leaves_paper_and_single_rows_alone_and_its_argument_too():
    images = np.full((3, 28, 30, 1), -0.1, "float32")
    images[1, 10, 9:13] = 1.175
    images[2] = slanted_bar(1)[0, 2:30, 1:31]
    before = images.copy()
    result = distort.deslanted(images)
    np.testing.assert_allclose(result[:2], images[:2, 4:24, 5:25], atol=1e-6)
    np.testing.assert_array_equal(images, before)
    assert distort.deslanted(images[:0]).shape == (0, 20, 20, 1)


def test_deslanting_needs_room_for_its_box():
    with pytest.raises(ValueError, match="at least 20×20 pixels, not 19×32"):
        distort.deslanted(np.zeros((1, 19, 32, 1)))


def test_a_bar_drawn_anew_has_the_pens_width_and_its_length():
    image = np.full((1, 32, 32, 1), -0.1, "float32")
    image[0, 6:26, 14:18] = 1.175  # 20 rows long, 4 columns wide: its middle lies at column 15.5
    for pen in (1, 2, 3):
        ink = (distort.redrawn(image, pen)[0, ..., 0] + 0.1) / 1.275
        assert ink[16].sum() == pytest.approx(pen, abs=0.3)
        assert (ink @ np.arange(32)).sum() / ink.sum() == pytest.approx(15.5, abs=0.2)
        rows = np.flatnonzero(ink.sum(axis=1) > 0.25 * pen)
        assert 16 <= rows[-1] - rows[0] + 1 <= 20 + pen


def test_digits_drawn_anew_keep_their_pieces_and_holes(bundled):
    images = bundled.x_test[:60]
    whole = np.ones((3, 3))
    changed = 0
    for before, after in zip(images[..., 0], distort.redrawn(images, 1.5)[..., 0], strict=True):
        pieces = [ndimage.label(image > level, whole)[1] for image, level in ((before, 0.5), (after, 0.2))]
        changed += pieces[0] != pieces[1]
    assert changed <= 6


def test_redrawn_refuses_other_pens_and_leaves_paper_alone():
    blank = np.full((2, 32, 32, 1), -0.1, "float32")
    np.testing.assert_array_equal(distort.redrawn(blank, 2), blank)
    for pen in (0, 11, np.nan):
        with pytest.raises(ValueError, match="from 0.5 to 10 pixels"):
            distort.redrawn(blank, pen)
