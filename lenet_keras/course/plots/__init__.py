"""Every figure of the course, in one style: a file for each subject.

A function here draws, then hands its figure to `show` with a text that says what can be seen in it.
"""

from .arithmetic import computation_graph, sliding_window, window_positions, windows_as_rows
from .data_set import along_the_file, grey_counts
from .distortions import answer_strip, error_curves, moving_digit
from .inside import digit_scatter, maps_on_digit, picture_table
from .judging import confusion_matrix, rejection_curve, reliability, training_curves
from .learning import LiveCurve, dots_in_rows
from .network import architecture
from .pictures import digit_grid, signed_maps
from .showing import COLOURS, SIGNED, STYLE, png, show, style
from .strings import map_of_outputs, string_errors

__all__ = [
    "COLOURS",
    "LiveCurve",
    "SIGNED",
    "STYLE",
    "along_the_file",
    "answer_strip",
    "architecture",
    "computation_graph",
    "confusion_matrix",
    "digit_grid",
    "digit_scatter",
    "dots_in_rows",
    "error_curves",
    "grey_counts",
    "map_of_outputs",
    "maps_on_digit",
    "moving_digit",
    "picture_table",
    "png",
    "rejection_curve",
    "reliability",
    "show",
    "signed_maps",
    "sliding_window",
    "string_errors",
    "style",
    "training_curves",
    "window_positions",
    "windows_as_rows",
]
