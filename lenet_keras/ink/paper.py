"""Paper told from ink: light and shadows taken away, and what is surely ink kept."""

import numpy as np

from .. import data

GROWTH = 0.64
"""From what is surely ink, ink goes on to where it is so many times as dark as that."""
GRAIN = 0.03
"""Differences of brightness smaller than this are the paper's grain, where dark and light are told apart."""
FAINTEST = 0.06
"""The least contrast of ink, as a share of what lies between the paper and the other end of the scale."""


def dark_on_light(grey):
    """Whether ink is darker than paper.

    Strokes are narrow, and the paper between them is not: what is dark and narrower than a given width is filled up (a
    grey closing), what is light and narrower is cut off (an opening). With growing width, what the one or the other
    changes grows: at once to all there is for the ink, by and by for the paper. And paper lies along the border.
    """
    from scipy import ndimage

    small = data.resize(grey, min(400, max(160, *grey.shape)))
    widths = [max(3, round(max(small.shape) / part) | 1) for part in (64, 32, 16, 8, 4)]
    dark = [np.maximum(ndimage.grey_closing(small, width) - small, GRAIN).mean() - GRAIN for width in widths]
    light = [np.maximum(small - ndimage.grey_opening(small, width), GRAIN).mean() - GRAIN for width in widths]
    low, high = np.percentile(small, (1, 99))
    edge = np.concatenate([small[0], small[-1], small[:, 0], small[:, -1]])
    border = 2 * (edge > (low + high) / 2).mean() - 1
    return _soon(dark) - _soon(light) + 0.3 * border >= 0


def _soon(changes):
    """How soon changes reach their largest, from 0 to 2; looked at twice, since the widest may take in a shadow."""
    return sum(np.mean(part) / max(max(part), 1e-9) for part in (changes[:-1], changes))


def _reduced(grey, longest):
    return data.resize(grey, longest).astype("float32") if max(grey.shape) > longest else grey


def evened_out(inverted, plain=False):
    """How far each pixel is on the way from the paper around it to full ink.

    Light multiplies: a pixel of brightness b on paper of brightness p reflects b / p of it, and is ink for 1 - b / p.
    What is left of the picture when everything narrow is cut off (a grey opening) is paper: strokes go, and a shadow
    or a desk stays, up to its edge. What is narrow is known better when strokes have been seen once. Light that falls
    off slowly is taken away before, where that leaves less to be taken for ink; with `plain`, it is taken to be even.
    """
    width = max(3, min(max(inverted.shape) // 3, min(inverted.shape) // 2))  # half a low page may lie in shadow
    levels = [inverted] if plain else [inverted, _above(inverted, _surface(inverted))]
    seen = [_above_paper(level, width) for level in levels]
    thick = [_thickness(evened) for evened in seen]
    wrong = [
        np.clip(each, 0, 1).mean() + 2 * _paper_level(each)[1] if t else np.inf
        for each, t in zip(seen, thick, strict=True)
    ]
    best = int(np.argmin(wrong))
    narrow = int(8 * thick[best]) + 8
    return _above_paper(levels[best], narrow) if narrow < width else seen[best]


def _surface(inverted):
    """`_paper_surface` of a picture of any size."""
    from scipy import ndimage

    paper = _paper_surface(_reduced(inverted, 64))
    if paper.shape == inverted.shape:
        return paper
    scale = [new / old for new, old in zip(inverted.shape, paper.shape, strict=True)]
    return ndimage.zoom(paper, scale, order=1, grid_mode=True, mode="nearest")


def _above(inverted, paper):
    return (inverted - paper) / np.maximum(1 - paper, 0.05)


def _paper_surface(small):
    """The paper beneath the ink: a surface of the second degree through what is paper, and what is smooth in the rest.

    What is paper is not known before: it is what lies near the surface, and the surface is what fits the paper.
    """
    from scipy import ndimage

    y, x = (axis / max(small.shape) - 0.5 for axis in np.indices(small.shape))
    powers = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)
    surface = np.zeros_like(small)
    for _ in range(7):
        rest = small - surface
        middle, noise = _paper_level(rest, 2)
        paper = rest <= middle + 2.5 * noise + 1e-4
        part = powers[paper]  # least squares by the normal equations: six unknowns, many pixels
        surface = powers @ (np.linalg.pinv(part.T @ part, hermitian=True) @ (part.T @ small[paper]))
    width = max(small.shape) / 12
    near = ndimage.gaussian_filter(paper.astype(float), width)
    return surface + ndimage.gaussian_filter(np.where(paper, small - surface, 0), width) / np.maximum(near, 0.05)


def _above_paper(level, width):
    """What rises above paper, and above all that is at least `width` pixels wide."""
    from scipy import ndimage

    evened = _above(level, ndimage.grey_opening(level, width))
    # An opening follows the darkest grain of the paper: it lies below the paper's mean.
    middle, noise = _paper_level(evened)
    paper = (evened <= middle + 3 * noise + 1e-4).astype("float32")
    reach = max(3, max(evened.shape) // 6)
    near = ndimage.uniform_filter(paper, reach)
    return evened - ndimage.uniform_filter(paper * evened, reach) / np.maximum(near, 0.02)


def _thickness(evened):
    """How thick the strokes are, in pixels; 0 if there are none."""
    from scipy import ndimage

    raised, level = _raised(evened)
    labels, count = ndimage.label(raised & (evened > level), np.ones((3, 3)))
    if not count:
        return 0.0
    area = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    depth = ndimage.maximum(ndimage.distance_transform_edt(labels > 0), labels, np.arange(1, count + 1))
    return 2 * usual(np.asarray(depth), area)


def _paper_level(evened, rounds=5):
    """The grey of paper and the standard deviation of its noise, from the pixels that are not far above the median."""
    values = evened.ravel()[:: -(-evened.size // 200_000)]
    for _ in range(rounds):
        middle = np.median(values)
        noise = 1.4826 * np.median(np.abs(values - middle))
        values = values[values <= middle + 3 * noise]
    return middle, float(noise)


def threshold(evened):
    """Ink from 0 to 1, with its grey edges, 0 elsewhere.

    What rises above the noise of the paper, and is not much fainter than the ink, is kept where it hangs together
    with what is surely ink. The fainter lines of squared paper are not.
    """
    from scipy import ndimage

    raised, level = _raised(evened)
    sure = raised & (evened > level)
    if not sure.any() or np.median(evened[sure]) < max(FAINTEST, 6 * _paper_level(evened)[1]):
        return np.zeros_like(evened)
    labels, count = ndimage.label(raised & (evened > GROWTH * level), np.ones((3, 3)))
    kept = np.bincount(labels[sure], minlength=count + 1) > 0
    return np.where(kept[labels] & (labels > 0), np.clip(evened, 0, 1), np.float32(0))


def _raised(evened):
    """What rises above the noise of the paper, and the value from which it is surely ink."""
    floor = max(4 * _paper_level(evened)[1], 0.02)
    raised = evened > floor
    # A desk is as dark as ink. What is fainter, such as the grey of a corner, may hang together with digits.
    raised &= ~_at_the_border(evened > max(floor, 0.5 * _ink_level(evened[raised], floor)))
    return raised, _ink_level(evened[raised], floor)


def _ink_level(values, floor):
    """From which value on something raised is surely ink; 1 if nothing is raised."""
    if not values.size:
        return 1.0
    split = otsu(np.concatenate([values, np.zeros_like(values)]))
    return max(floor, 0.35 * np.percentile(values, 98), split)


def _at_the_border(raised):
    """Large things that reach into the picture, a desk or a shadow; nothing, if there is nothing else."""
    from scipy import ndimage

    labels, count = ndimage.label(raised, np.ones((3, 3)))
    edge = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    contact = np.bincount(edge, minlength=count + 1) / max(raised.shape)
    longer = [max(s.stop - s.start for s in box) for box in ndimage.find_objects(labels)]
    along = contact * max(raised.shape) > 0.5 * np.array([0, *longer])  # a stroke meets the border with its end only
    area = np.bincount(labels.ravel(), minlength=count + 1)
    outside = (contact > 0.1) & along & (area > 0.002 * raised.size)
    outside[0] = False
    inside = area.copy()
    inside[0] = 0
    inside[contact > 0] = 0
    if not outside.any() or inside.max() < 0.0004 * raised.size:
        return np.zeros_like(raised)
    return outside[labels]


def otsu(values):
    """N. Otsu's threshold (1979): the means of the two classes that it makes differ most for their sizes."""
    counts, edges = np.histogram(values, 256)
    middles = (edges[1:] + edges[:-1]) / 2
    below, sums = counts.cumsum()[:-1], (counts * middles).cumsum()
    above = below[-1] + counts[-1] - below
    between = below * above * (sums[:-1] / np.maximum(below, 1) - (sums[-1] - sums[:-1]) / np.maximum(above, 1)) ** 2
    return float(edges[1 + between.argmax()])


def usual(values, weights):
    """The median of values, counted by their weights."""
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(total, total[-1] / 2)])
