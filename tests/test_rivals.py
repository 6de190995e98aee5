"""Reducing against independent computation; the tool that compares the rivals."""

import compare_rivals
import numpy as np
import pytest

from lenet_keras import distort


def test_reduced_digits_are_four_fifths_as_large():
    image = np.full((1, 32, 32, 1), distort.PAPER, "float32")
    image[0, 6:26, 6:26] = 1.175  # the box of 20×20
    small = distort.reduced(image)
    assert small.shape == (1, 28, 28, 1)
    ink = small[0, ..., 0] - distort.PAPER
    np.testing.assert_allclose(ink[14, 14], 1.275, rtol=1e-5)
    np.testing.assert_allclose(ink.sum(), 1.275 * 16**2, rtol=0.01)
    np.testing.assert_allclose((ink.sum(0) * np.arange(28)).sum() / ink.sum(), 13.5, atol=1e-3)


@pytest.mark.parametrize("function", [distort.deslanted, distort.reduced])
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
