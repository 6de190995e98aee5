"""Every figure of the course, in one style: a file for each subject.

A function here draws, then hands its figure to `show` with a text that says what can be seen in it.
"""

from .arithmetic import computation_graph, sliding_window, window_positions, windows_as_rows
from .distortions import answer_strip, error_curves, moving_digit
from .inside import digit_scatter, maps_on_digit, picture_table
from .judging import (
    candidates,
    confusions,
    doubts,
    histogram,
    marked_digits,
    promises,
    rejection_curve,
    training_curves,
)
from .network import architecture
from .pictures import digit_grid, signed_maps
from .showing import COLOURS, SIGNED, STYLE, png, show, style
from .strings import map_of_outputs, string_errors

__all__ = [
    "COLOURS",
    "SIGNED",
    "STYLE",
    "answer_strip",
    "architecture",
    "candidates",
    "computation_graph",
    "confusions",
    "digit_grid",
    "digit_scatter",
    "doubts",
    "error_curves",
    "histogram",
    "map_of_outputs",
    "maps_on_digit",
    "marked_digits",
    "moving_digit",
    "picture_table",
    "png",
    "promises",
    "rejection_curve",
    "show",
    "signed_maps",
    "sliding_window",
    "string_errors",
    "style",
    "training_curves",
    "window_positions",
    "windows_as_rows",
]
