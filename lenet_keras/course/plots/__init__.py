"""Every figure of the course, in one style: a file for each subject.

A function here draws, then hands its figure to `show` with a text that says what can be seen in it.
"""

from .arithmetic import computation_graph, sliding_window, unit_graph, window_positions, windows_as_rows
from .clinic import answers_in_order, ward_bars, ward_curves
from .comparing import paired_differences, scattered_curves
from .comparing_rivals import errors_and_costs, errors_then_and_now
from .convolution import grey_row, kernels_and_maps, sum_of_maps, weight_tables
from .curves import curves_and_slopes, curves_with_bands, dots_by_row, paths_over_steps
from .data_set import grey_counts, slants_along_the_file
from .descending import curves, descents_in_a_bowl, loss_surface, step_errors
from .distortions import error_curves, fetching
from .drawn import drawings, slopes_by_distance
from .inside import change_curves, clouds, damages, layer_errors, map_rows, maps_on_digit, share_table
from .judging import candidates, confusions, doubts, histogram, marked_digits, promises, rejection_curve
from .learning import LiveCurve, dots_in_rows
from .machines import deslanting, margins
from .network import answers_along, architecture, receptive_fields
from .network_1998 import lines, link_tables
from .paper import grey_pictures, page_with_boxes, threshold_choice
from .passes import array_errors, pass_curves
from .pictures import digit_grid, signed_maps
from .quick import windows_within
from .rates import errors_by_rate, rate_strips, units_over_updates
from .result import errors_by_pass, errors_by_size, ranges_and_runs
from .showing import COLOURS, SIGNED, STYLE, png, show, style
from .strings import lost_elevens, map_of_outputs, string_errors, strings_in_rows, training_windows
from .trainings import error_dots

__all__ = [
    "COLOURS",
    "LiveCurve",
    "SIGNED",
    "STYLE",
    "answers_along",
    "answers_in_order",
    "architecture",
    "array_errors",
    "candidates",
    "change_curves",
    "clouds",
    "computation_graph",
    "confusions",
    "curves",
    "curves_and_slopes",
    "curves_with_bands",
    "damages",
    "descents_in_a_bowl",
    "deslanting",
    "digit_grid",
    "dots_by_row",
    "dots_in_rows",
    "doubts",
    "drawings",
    "error_curves",
    "error_dots",
    "errors_and_costs",
    "errors_by_pass",
    "errors_by_rate",
    "errors_by_size",
    "errors_then_and_now",
    "fetching",
    "grey_counts",
    "grey_pictures",
    "grey_row",
    "histogram",
    "kernels_and_maps",
    "layer_errors",
    "lines",
    "link_tables",
    "loss_surface",
    "lost_elevens",
    "map_of_outputs",
    "map_rows",
    "maps_on_digit",
    "margins",
    "marked_digits",
    "page_with_boxes",
    "paired_differences",
    "pass_curves",
    "paths_over_steps",
    "png",
    "promises",
    "ranges_and_runs",
    "rate_strips",
    "receptive_fields",
    "rejection_curve",
    "scattered_curves",
    "share_table",
    "show",
    "signed_maps",
    "slants_along_the_file",
    "sliding_window",
    "slopes_by_distance",
    "step_errors",
    "string_errors",
    "strings_in_rows",
    "style",
    "sum_of_maps",
    "threshold_choice",
    "training_windows",
    "unit_graph",
    "units_over_updates",
    "ward_bars",
    "ward_curves",
    "weight_tables",
    "window_positions",
    "windows_as_rows",
    "windows_within",
]
