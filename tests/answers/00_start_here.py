"""Answers to the exercises of notebook 00: right ones in several forms, wrong ones with words of their hint."""

from fractions import Fraction

import numpy as np
import tensorflow as tf

RIGHT = {
    "00.1": [1024, 1024.0, np.int64(1024), np.float32(1024), np.array(1024), 1_024, [1024], tf.constant(1024)],
    "00.2": [9000, 9000.0, Fraction(9000), np.array([9000]), (9000,)],
    "00.3": [996, 995, 995.68, 60_000 * 1024 / 61_706, np.float32(995.68), [996]],
}
WRONG = {
    "00.1": [
        (784, "larger than 28×28"),
        (32, "one row"),
        (64, "multiplied, not added"),
        (3072, "not three"),
        (1023, "how many rows and columns"),
        (1025, "how many rows and columns"),
        ((32, 32, 1), "yours has 3."),
        ("1024", "give the number, without quotes"),
        (["1024"], "without quotes"),
        (1.024, "write 1_024 for 1,024"),
        ({"answer": 1024}, "not a dict"),
    ],
    "00.2": [
        ((9, 0), "write 9000 if you mean 9,000"),
        (9.000, "write 9_000 for 9,000"),
        ("9000", "without quotes"),
        (1000, "read rightly"),
        (90, "in per cent"),
        (0.9, "the share"),
        (10, "per cent are read rightly"),
        (0.1, "chance to be right"),
        (9412, "before training"),
        (8000, "ten digits to choose from"),
    ],
    "00.3": [
        (762, "28×28"),
        (762.3, "28×28"),
        (0.97, "images for each parameter"),
        (1, "images for each parameter"),
        (0.001, "divide the other way"),
        (1000, "all 60,000 images together"),
        ("996", "without quotes"),
    ],
}
