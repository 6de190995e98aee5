"""Drawn hands: styles of writing digits, as strokes on a paper from 0 to 1, and drawings that tremble a little.

They stand in for writers where there are none: the drawings are computed, no person wrote them.
"""

import numpy as np

from ..pages import SAMPLES


def arc(x, y, across, down, begin, end):
    """Points of an ellipse from one angle to another, in degrees clockwise from the right."""
    angles = np.radians(np.linspace(begin, end, max(4, int(abs(end - begin)) // 12)))
    return [(x + across * np.cos(a), y + down * np.sin(a)) for a in angles]


# Ways in which school alphabets differ from the samples: a 1 with an upstroke, a barred 7, an open 4, and so on.
UPSTROKE = {1: [[(0.4, 0.36), (0.55, 0.16), (0.55, 0.84)]]}
BARRED = {7: [[(0.28, 0.18), (0.72, 0.18), (0.46, 0.86)], [(0.4, 0.52), (0.68, 0.52)]]}
OPEN_FOUR = {4: [[(0.33, 0.16), (0.3, 0.55), (0.74, 0.55)], [(0.6, 0.36), (0.6, 0.88)]]}
FOOT = {1: [[(0.42, 0.3), (0.54, 0.16), (0.54, 0.84)], [(0.4, 0.84), (0.68, 0.84)]]}
FLAT_THREE = {3: [[(0.3, 0.18), (0.68, 0.18), (0.46, 0.44), *arc(0.46, 0.64, 0.22, 0.2, -90, 150)]]}
LOOPED_TWO = {2: [[*arc(0.48, 0.34, 0.2, 0.18, -160, 60), (0.36, 0.76), *arc(0.36, 0.78, 0.06, 0.05, -60, -300)]]}
LOOPED_TWO[2][0] += [(0.5, 0.8), (0.72, 0.84)]
BALL_NINE = {9: [[*arc(0.5, 0.34, 0.17, 0.17, 20, -340)], [(0.67, 0.3), (0.67, 0.86)]]}
TWO_STROKE_FIVE = {5: [[(0.4, 0.17), (0.36, 0.46), *arc(0.48, 0.64, 0.2, 0.2, -110, 140)], [(0.4, 0.17), (0.72, 0.17)]]}
TWO_BALL_EIGHT = {8: [[*arc(0.5, 0.32, 0.15, 0.15, 90, 450)], [*arc(0.5, 0.66, 0.18, 0.18, -90, 270)]]}
CURVED_NINE = {9: [[*arc(0.5, 0.35, 0.17, 0.18, 0, -360), (0.66, 0.6), *arc(0.46, 0.64, 0.2, 0.2, 10, 110)]]}
UNCLOSED_ZERO = {0: [arc(0.5, 0.5, 0.2, 0.32, -70, 260)]}
LONG_UPSTROKE = {1: [[(0.38, 0.64), (0.55, 0.16), (0.55, 0.84)]]}
HOOKED_NINE = {9: [[*arc(0.5, 0.33, 0.17, 0.17, 0, -360), (0.67, 0.75), *arc(0.47, 0.72, 0.2, 0.14, 0, 200)]]}
ANGULAR_TWO = {2: [[(0.3, 0.2), (0.7, 0.2), (0.7, 0.5), (0.3, 0.5), (0.3, 0.84), (0.72, 0.84)]]}
SLASHED_ZERO = {0: [arc(0.5, 0.5, 0.2, 0.32, -90, 270), [(0.32, 0.84), (0.68, 0.16)]]}

# Changes of the digits' forms, then how far the writing leans, is turned (degrees), is wide, and how large it is.
STYLES = {
    "as the samples": ([], 0, 0, 1, 1),
    "European": ([UPSTROKE, BARRED, OPEN_FOUR], 0, 0, 1, 1),
    "Latin American": ([FOOT, BARRED, FLAT_THREE], 0, 0, 1, 1),
    "cursive": ([LOOPED_TWO, OPEN_FOUR, CURVED_NINE], 0.3, 0, 1, 1),
    "child": ([BALL_NINE, TWO_STROKE_FIVE, TWO_BALL_EIGHT], 0, 0, 1.1, 1),
    "hasty": ([UNCLOSED_ZERO, OPEN_FOUR, CURVED_NINE], 0.2, 0, 0.95, 1),
    "small, in a corner": ([UPSTROKE, BARRED], 0, 0, 1, 0.2),
    "leaning back": ([], -0.25, 0, 1, 1),
    "wide": ([BALL_NINE, OPEN_FOUR], 0, 0, 1.4, 1),
    "narrow": ([TWO_STROKE_FIVE], 0, 0, 0.65, 1),
    "turned to the right": ([], 0, 12, 1, 1),
    "turned to the left": ([FLAT_THREE], 0, -12, 1, 1),
}
"""Styles that MNIST's writers used too, or nearly."""

UNUSUAL = {
    "long upstrokes": ([LONG_UPSTROKE, BARRED], 0, 0, 1, 1),
    "long upstrokes, leaning": ([LONG_UPSTROKE, HOOKED_NINE], 0.3, 0, 1, 1),
    "a clock's digits": ([ANGULAR_TWO, SLASHED_ZERO], 0, 0, 0.9, 1),
    "hooked": ([HOOKED_NINE, OPEN_FOUR], 0, 0, 1, 1),
    "hooked and angular": ([HOOKED_NINE, ANGULAR_TWO], 0.2, 0, 1, 1),
    "a turned page": ([LONG_UPSTROKE], 0, 22, 1, 1),
    "a page turned back": ([ANGULAR_TWO], 0, -22, 1, 1),
    "wide and hooked": ([HOOKED_NINE, LONG_UPSTROKE], 0, 0, 1.3, 1),
}
"""Styles with forms that are rare in MNIST: a 1 with a long upstroke, a 9 like a g, a 2 of straight lines."""


def drawings(style, times, seed=0):
    """All ten digits in a style, `times` each: the first as it is, the others with a tremble of their own.

    Args:
        style: a name in STYLES or UNUSUAL.
        times: how often each digit is drawn.
        seed: of the trembles.

    Returns:
        list of (digit, strokes); strokes are lists of points (across, down), from 0 to 1.

    Raises:
        ValueError: for a style that there is not.
    """
    known = STYLES | UNUSUAL
    if style not in known:
        raise ValueError(f"There is no style {style!r}; there are {', '.join(known)}.")
    changes, lean, turn, wide, size = known[style]
    forms = dict(enumerate(SAMPLES))
    for change in changes:
        forms |= change
    cosine, sine = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    rng, found = np.random.default_rng(seed), []
    for digit, strokes in forms.items():
        for number in range(times):
            drawn = []
            for stroke in strokes:
                points = _finely(np.array(stroke)) - 0.5
                points = np.stack([wide * points[:, 0] - lean * points[:, 1], points[:, 1]], axis=1)
                points = points @ [[cosine, sine], [-sine, cosine]]
                if number:
                    points += 0.018 * _smooth(rng, len(points)) + 0.004 * rng.normal(size=points.shape)
                points = size * points + (0.5 if size == 1 else 0.8)
                drawn.append(np.clip(points, 0, 1).round(4).tolist())
            found.append((digit, drawn))
    return found


def _finely(points):
    """A stroke with points no farther apart than a hand moves between two looks of a mouse."""
    parts = [np.linspace(a, b, 8, endpoint=False) for a, b in zip(points, points[1:], strict=False)]
    return np.concatenate([*parts, points[-1:]])


def _smooth(rng, count):
    """Two slow random waves, one for each axis."""
    along = np.linspace(0, 2 * np.pi, count)[:, None]
    return np.sin(along * rng.uniform(0.5, 1.5, 2) + rng.uniform(0, 2 * np.pi, 2))
