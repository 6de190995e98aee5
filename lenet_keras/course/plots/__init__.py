"""Every figure of the course, in one style: a file for each subject.

A function here draws, then hands its figure to `show` with a text that says what can be seen in it.
"""

from .arithmetic import computation_graph, sliding_window, unit_graph, window_positions, windows_as_rows
from .clinic import answers_in_order, ward_bars, ward_curves
from .comparing import paired_differences, scattered_curves
from .descending import curves, descents_in_a_bowl, loss_surface, step_errors
from .distortions import answer_strip, error_curves, moving_digit
from .inside import digit_scatter, maps_on_digit, picture_table
from .judging import confusion_matrix, rejection_curve, reliability
from .network import answers_along, architecture, receptive_fields
from .inside import change_curves, clouds, damages, layer_errors, map_rows, maps_on_digit, share_table
from .judging import confusion_matrix, rejection_curve, reliability, training_curves
from .network import architecture
from .pictures import digit_grid, signed_maps
from .showing import COLOURS, SIGNED, STYLE, png, show, style
from .strings import map_of_outputs, string_errors
from .trainings import error_dots

__all__ = [
    "COLOURS",
    "SIGNED",
    "STYLE",
    "answer_strip",
    "answers_along",
    "answers_in_order",
    "architecture",
    "change_curves",
    "clouds",
    "computation_graph",
    "confusion_matrix",
    "curves",
    "damages",
    "descents_in_a_bowl",
    "digit_grid",
    "error_curves",
    "error_dots",
    "loss_surface",
    "layer_errors",
    "map_of_outputs",
    "map_rows",
    "maps_on_digit",
    "moving_digit",
    "paired_differences",
    "picture_table",
    "png",
    "receptive_fields",
    "rejection_curve",
    "reliability",
    "scattered_curves",
    "share_table",
    "show",
    "signed_maps",
    "sliding_window",
    "step_errors",
    "string_errors",
    "style",
    "unit_graph",
    "ward_bars",
    "ward_curves",
    "window_positions",
    "windows_as_rows",
]
