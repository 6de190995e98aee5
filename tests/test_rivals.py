"""Deslanting and reducing against independent computation; the tool that compares the rivals."""

import compare_rivals
import numpy as np
import pytest

from lenet_keras import distort


def mixed_moment(image):
    """Covariance of row and column under the ink, pixel by pixel."""
    points = [(r, c, float(image[r, c]) - distort.PAPER) for r in range(32) for c in range(32)]
    mass = sum(ink for _, _, ink in points)
    row = sum(ink * r for r, _, ink in points) / mass
    column = sum(ink * c for _, c, ink in points) / mass
    return sum(ink * (r - row) * (c - column) for r, c, ink in points) / mass, (row, column), mass


def bar(slope):
    """An upright bar, 3 pixels wide and 15 high, sheared by whole and part pixels."""
    image = np.full((32, 32, 1), distort.PAPER, "float32")
    for row in range(8, 23):
        centre = 16 + slope * (row - 15)
        for column in range(32):
            covered = max(0.0, min(column + 0.5, centre + 1.5) - max(column - 0.5, centre - 1.5))
            image[row, column] += 1.275 * covered
    return image


@pytest.mark.parametrize("slope", [-0.5, -0.3, 0.4])
def test_a_sheared_bar_becomes_upright(slope):
    slanted = bar(slope)
    upright = distort.deslant(slanted[None])[0]
    assert abs(mixed_moment(slanted[..., 0])[0]) > 4
    assert abs(mixed_moment(upright[..., 0])[0]) < 1e-3
    # Every row has its ink about the same column, and as much of it as before.
    ink = (upright[8:23, :, 0] - distort.PAPER).astype("float64")
    np.testing.assert_allclose((ink * np.arange(32)).sum(1) / ink.sum(1), 16, atol=1e-3)
    np.testing.assert_allclose(ink.sum(1), 3 * 1.275, atol=1e-4)


def test_an_upright_bar_stays_as_it_is():
    np.testing.assert_allclose(distort.deslant(bar(0)[None])[0], bar(0), atol=1e-5)


def test_digits_have_no_slant_afterwards_and_stay_in_place(bundled):
    before = bundled.x_test[:60]
    for image, result in zip(before[..., 0], distort.deslant(before)[..., 0], strict=True):
        moment, centre, mass = mixed_moment(image)
        left, new_centre, new_mass = mixed_moment(result)
        assert abs(left) < max(0.02, 0.02 * abs(moment))
        assert abs(new_mass - mass) < 0.01 * mass
        np.testing.assert_allclose(new_centre, centre, atol=0.05)


def test_deslanting_leaves_paper_and_single_rows_alone():
    images = np.full((2, 32, 32, 1), distort.PAPER, "float32")
    images[1, 10, 5:9] = 1.175
    np.testing.assert_array_equal(distort.deslant(images), images)
    assert distort.deslant(images[:0]).shape == (0, 32, 32, 1)


def test_deslanting_changes_nothing_outside():
    images = bar(0.4)[None]
    kept = images.copy()
    assert distort.deslant(images).dtype == np.float32
    np.testing.assert_array_equal(images, kept)


def test_reduced_digits_are_four_fifths_as_large():
    image = np.full((1, 32, 32, 1), distort.PAPER, "float32")
    image[0, 6:26, 6:26] = 1.175  # the box of 20×20
    small = distort.reduced(image)
    assert small.shape == (1, 28, 28, 1)
    ink = small[0, ..., 0] - distort.PAPER
    np.testing.assert_allclose(ink[14, 14], 1.275, rtol=1e-5)
    np.testing.assert_allclose(ink.sum(), 1.275 * 16**2, rtol=0.01)
    np.testing.assert_allclose((ink.sum(0) * np.arange(28)).sum() / ink.sum(), 13.5, atol=1e-3)


@pytest.mark.parametrize("function", [distort.deslant, distort.reduced])
def test_bad_images_are_refused(function):
    with pytest.raises(ValueError, match=r"\(n, .*, 1\), not \(32, 32\)"):
        function(np.zeros((32, 32)))
    with pytest.raises(ValueError, match=r"not \(2, 32, 32, 3\)"):
        function(np.zeros((2, 32, 32, 3)))
    for wrong in (np.nan, np.inf):
        with pytest.raises(ValueError, match="not finite"):
            function(np.full((1, 32, 32, 1), wrong))


def test_only_32_by_32_can_be_reduced():
    with pytest.raises(ValueError, match=r"\(n, 32, 32, 1\), not \(1, 28, 28, 1\)"):
        distort.reduced(np.zeros((1, 28, 28, 1)))


# ------------------------------------------------------------------------------------------------------ the tool


@pytest.mark.parametrize("name", ["linear", "K-NN, deslanted", "pairwise linear", "40 PCA + quadratic"])
def test_the_tool_runs_a_rival(name, bundled):
    settings, prepare, fit = compare_rivals.RIVALS[name]
    answer, stored, macs, _ = fit(prepare(bundled.x_train), bundled.y_train)
    answers = answer(prepare(bundled.x_test))
    assert (answers != bundled.y_test).mean() < 0.2
    assert settings and stored > 0 and macs > 0


def test_linear_machines_are_counted(bundled):
    rivals = compare_rivals.RIVALS
    for name, machines in (("linear", 10), ("pairwise linear", 45)):
        _, prepare, fit = rivals[name]
        _, stored, macs, _ = fit(prepare(bundled.x_train), bundled.y_train)
        assert (stored, macs) == (machines * 785, machines * 784)
