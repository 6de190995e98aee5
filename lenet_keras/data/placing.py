"""Ink placed as MNIST's digits were: its box fitted into 20×20 pixels, its centre of mass at (14, 14) of 28×28.

`centre(resize(crop(ink)))` does all of it; the smooth change of size gives the grey edges.
"""

import numpy as np

BOX, FIELD = 20, 28


def crop(ink):
    """The box of an array (height, width) that holds all that is not 0; there must be something."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def resize(box, size=BOX):
    """Resize an array (height, width) of ink from 0 to 1, keeping its shape, so that its longer side is `size`.

    A small one is enlarged by linear interpolation. In a large one each new pixel is the average of the area that
    it covers, so that edges turn grey and no stroke falls between two pixels.
    """
    from scipy import ndimage

    scale = size / max(box.shape)
    if scale >= 1:
        return np.clip(ndimage.zoom(box, scale, order=1, grid_mode=True, mode="nearest"), 0, 1)
    height, width = (max(1, round(scale * side)) for side in box.shape)
    return np.clip(_shares(len(box), height) @ box @ _shares(box.shape[1], width).T, 0, 1)


def _shares(old, new):
    """Matrix (new, old): how much each of `old` equal pieces of a line gives to each of `new` longer ones."""
    edges, pieces = np.linspace(0, old, new + 1)[:, None], np.arange(old)
    covered = np.minimum(edges[1:], pieces + 1) - np.maximum(edges[:-1], pieces)
    return np.clip(covered, 0, None) * new / old


def centre(fitted):
    """Put fitted ink (0 to 1) on 28×28 paper, as uint8, its centre of mass as near to (14, 14) as whole pixels go.

    Where two places are equally near, the one below and to the right is taken, also where the tie is found inexactly.
    """
    from scipy import ndimage

    middle = ndimage.center_of_mass(fitted)
    corner = np.floor(FIELD / 2 - np.array(middle) + 0.5 + 1e-6)
    top, left = np.clip(corner, 0, FIELD - np.array(fitted.shape)).astype(int)
    placed = np.zeros((FIELD, FIELD), "uint8")
    placed[top : top + fitted.shape[0], left : left + fitted.shape[1]] = np.rint(255 * fitted)
    return placed
