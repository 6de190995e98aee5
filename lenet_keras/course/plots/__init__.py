"""Every figure of the course, in one style: a file for each subject.

A function here draws, then hands its figure to `show` with a text that says what can be seen in it.
"""

from .arithmetic import computation_graph, sliding_window, window_positions, windows_as_rows
from .convolution import grey_row, kernels_and_maps, sum_of_maps, weight_tables
from .curves import curves_and_slopes, curves_with_bands, dots_by_row, paths_over_steps
from .distortions import answer_strip, error_curves, moving_digit
from .inside import digit_scatter, maps_on_digit, picture_table
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
    "computation_graph",
    "confusion_matrix",
    "curves_and_slopes",
    "curves_with_bands",
    "digit_grid",
    "digit_scatter",
    "dots_by_row",
    "error_curves",
    "grey_row",
    "kernels_and_maps",
    "map_of_outputs",
    "maps_on_digit",
    "moving_digit",
    "paths_over_steps",
    "picture_table",
    "png",
    "rejection_curve",
    "reliability",
    "show",
    "signed_maps",
    "sliding_window",
    "string_errors",
    "style",
    "sum_of_maps",
    "training_curves",
    "weight_tables",
    "window_positions",
    "windows_as_rows",
]
