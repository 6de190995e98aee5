"""An explorable: a bowl of two weights that can be turned, and two descents in it (lesson 16).

One descent has one rate for both weights, the other a rate for each, from the diagonal of the second derivatives.
turned.js computes the ways and draws them. Where no scripts run, the still picture made here is seen instead.
"""

import numpy as np

from .element import page_element, show_element, svg_address

BOWL = {"curvatures": [20, 1], "start": [1, 1], "rate": 0.09, "eta": 0.9, "turned": 0, "steps": 15, "levels": [1, 4, 9]}
"""The curvatures and the start along the bowl's own two directions; the one rate; η, so that each weight's own rate is
η over its curvature; where the sliders stand first; and the losses that lines are drawn for."""
ALT = (
    "A long bowl of two weights seen from above, straight and turned by 45 degrees, and two ways down. In the straight "
    "bowl the way with a rate for each weight goes to the lowest point at once, that with one rate jumps and creeps; "
    "in the turned bowl both jump and creep. A slider that turns the bowl needs a program that runs scripts."
)
COLOURS = {"one rate": "#D55E00", "a rate for each": "#0072B2"}


def second_derivatives(degrees, bowl=None):
    """The matrix of second derivatives (2, 2) of the turned bowl; its diagonal belongs to the two weights."""
    angle = np.deg2rad(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return turn @ np.diag((bowl or BOWL)["curvatures"]) @ turn.T


def descended(degrees, steps, own, bowl=None):
    """The places of descent, the start first, float (steps + 1, 2); with a rate for each weight if `own`."""
    bowl = bowl or BOWL
    matrix, angle = second_derivatives(degrees, bowl), np.deg2rad(degrees)
    u, v = bowl["start"]  # the start turns with the bowl
    places = [np.array([np.cos(angle) * u - np.sin(angle) * v, np.sin(angle) * u + np.cos(angle) * v])]
    rates = bowl["eta"] / np.diag(matrix) if own else bowl["rate"]
    for _ in range(steps):
        places.append(places[-1] - rates * (matrix @ places[-1]))
    return np.array(places)


def losses(degrees, steps, own, bowl=None):
    """The loss at each of the places of `descended`, float (steps + 1,)."""
    places = descended(degrees, steps, own, bowl)
    return np.einsum("sa,ab,sb->s", places, second_derivatives(degrees, bowl), places) / 2


def draw_turned_bowl():
    """Show the explorable in a notebook."""
    show_element(turned_element(), ALT)


def turned_element():
    """The explorable as one HTML element: the still picture, what is shown as JSON, then style and script."""
    return page_element("turned", BOWL, svg_address(still_bowls()), ALT, ["turned.js"])


def still_bowls():
    """The bowl straight and turned by 45 degrees, with both ways, as SVG text."""
    panels = []
    for left, degrees in ((0, 0), (330, 45)):
        middle = f"{left + 160} 175"
        lines = "".join(
            '<ellipse rx="{:.1f}" ry="{:.1f}"/>'.format(*(90 * (2 * level / c) ** 0.5 for c in BOWL["curvatures"]))
            for level in BOWL["levels"]
        )
        ways = ""
        for name, colour in COLOURS.items():
            places = descended(degrees, BOWL["steps"], name != "one rate")
            points = [(left + 160 + 90 * u, 175 - 90 * v) for u, v in places]
            ways += (
                f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}" fill="none" stroke="{colour}"/>'
            )
            ways += "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points)
        panels.append(
            f'<svg x="{left}" y="30" width="320" height="290" viewBox="{left} 30 320 290">'
            f'<g fill="none" stroke="#bbb" transform="translate({middle}) rotate({-degrees})">{lines}</g>{ways}</svg>'
            f'<rect x="{left}" y="30" width="320" height="290" fill="none" stroke="#999"/>'
            f'<text x="{left + 4}" y="22">turned by {degrees} degrees</text>'
        )
    legend = "".join(
        f'<text x="{10 + 160 * number}" y="345" fill="{colour}">{name}</text>'
        for number, (name, colour) in enumerate(COLOURS.items())
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="652" height="355" font-family="sans-serif" font-size="16">'
        f'<rect width="652" height="355" fill="#fff"/>{"".join(panels)}{legend}</svg>'
    )
