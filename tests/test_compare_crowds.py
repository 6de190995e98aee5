"""tools/compare_crowds.py: who wrote what, and how a digit leans."""

import compare_crowds
import numpy as np


def test_the_crowds_take_turns_until_the_students_end():
    census = compare_crowds.by_census([0, 1, 2, 58_098, 58_099, 58_100, 59_998])
    assert census.tolist() == [False, True, False, False, True, True, True]
    every = compare_crowds.by_census(np.arange(60_000))
    assert every.sum() == compare_crowds.CENSUS["training"]


def test_the_slant_of_strokes_that_are_known():
    images = np.zeros((3, 28, 28), "uint8")
    for row in range(4, 24):
        images[0, row, 14] = 255
        images[1, row, 27 - row] = 255  # one column to the right for each row up
        images[2, row, 4 + row // 2] = 200  # leans to the left
    upright, right, left = compare_crowds.slants(images)
    assert abs(upright) < 1e-6 and abs(right - 1) < 1e-6 and -0.52 < left < -0.48
    assert compare_crowds.degrees([right]) == 45.0
