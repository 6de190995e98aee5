"""An explorable: gradient descent in a bowl of two weights, with sliders for the rate and the steps (lesson 07).

descent.js computes the way and draws it. Where no scripts run, the still picture made here is seen instead.
"""

from .element import page_element, show_element, svg_address

BOWL = {"flat": 1, "steep": 10, "start": [-4.5, 1.6], "rate": 0.15, "steps": 20, "levels": [0.5, 2, 5, 10, 17, 26]}
"""E = (flat u² + steep v²)/2 with its start, where the sliders stand first, and the losses that lines are drawn for."""
ALT = (
    "A long bowl of two weights seen from above, and the way of gradient descent in it: it jumps across the steep "
    "direction and creeps along the flat one. Sliders for the rate and the steps need a program that runs scripts."
)


def descended(rate, steps, bowl=None):
    """The places of descent, the start first: float lists (u, v); what descent.js computes."""
    bowl = bowl or BOWL
    places = [tuple(bowl["start"])]
    for _ in range(steps):
        u, v = places[-1]
        places.append((u - rate * bowl["flat"] * u, v - rate * bowl["steep"] * v))
    return places


def draw_descent():
    """Show the explorable in a notebook."""
    show_element(descent_element(), ALT)


def descent_element():
    """The explorable as one HTML element: the still picture, what is shown as JSON, then style and script."""
    return page_element("descent", BOWL, svg_address(still_descent()), ALT, ["descent.js"])


def still_descent():
    """The bowl and the way for the first place of the sliders, as SVG text."""
    lines = "".join(
        f'<ellipse cx="280" cy="120" rx="{50 * (2 * level / BOWL["flat"]) ** 0.5:.1f}" '
        f'ry="{50 * (2 * level / BOWL["steep"]) ** 0.5:.1f}"/>'
        for level in BOWL["levels"]
    )
    points = [(280 + 50 * u, 120 - 50 * v) for u, v in descended(BOWL["rate"], BOWL["steps"])]
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    marks = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in points)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="560" height="270" font-family="sans-serif" font-size="15">'
        f'<rect width="560" height="270" fill="#fff"/><g fill="none" stroke="#bbb">{lines}</g>'
        f'<circle cx="280" cy="120" r="4" fill="#009E73"/><polyline points="{way}" fill="none" stroke="#0072B2"/>'
        f'<g fill="#D55E00">{marks}</g><rect y="240" width="560" height="30" fill="#fff"/>'
        f'<text x="10" y="260">learning rate {BOWL["rate"]}, {BOWL["steps"]} steps</text></svg>'
    )
