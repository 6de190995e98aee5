"""Every figure of the course, in one style: a file for each subject.

A function here draws, then hands its figure to `show` with a text that says what can be seen in it.
"""

from .arithmetic import computation_graph, sliding_window, window_positions, windows_as_rows
from .distortions import answer_strip, error_curves, moving_digit
from .inside import change_curves, clouds, damages, layer_errors, map_rows, maps_on_digit, share_table
from .judging import confusion_matrix, rejection_curve, reliability, training_curves
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
    "change_curves",
    "clouds",
    "computation_graph",
    "confusion_matrix",
    "damages",
    "digit_grid",
    "error_curves",
    "layer_errors",
    "map_of_outputs",
    "map_rows",
    "maps_on_digit",
    "moving_digit",
    "png",
    "rejection_curve",
    "reliability",
    "share_table",
    "show",
    "signed_maps",
    "sliding_window",
    "string_errors",
    "style",
    "training_curves",
    "window_positions",
    "windows_as_rows",
]
