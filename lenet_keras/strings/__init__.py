"""Strings of digits: composed of single ones, read by a space displacement network, and decoded from its outputs.

The system of 1998 used heavier machinery: graph transformers, which train the network and the search for the best
string together. Here there is one network, trained on single windows, and a small search.
"""

from .compose import BLANK, SIDE, THRESHOLD, Strings, compose, cut, ink_columns, training_images
from .decode import collapse, decode, with_blank
from .displace import space_displacement, sweep

__all__ = [
    "BLANK",
    "SIDE",
    "THRESHOLD",
    "Strings",
    "collapse",
    "compose",
    "cut",
    "decode",
    "ink_columns",
    "space_displacement",
    "sweep",
    "training_images",
    "with_blank",
]
