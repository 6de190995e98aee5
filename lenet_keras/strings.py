"""Strings of digits: the space displacement network, composing strings, and reading its map of outputs.

The paper's system used heavier machinery, graph transformers, which train the network and the search for the best
string together. Here there is one network, trained on single windows, and a small search.
"""

from typing import NamedTuple

import numpy as np

from . import distort
from .data import INK, PAPER
from .environment import start_keras
from .models import WEIGHTS, checked_record, lenet5

keras = start_keras()
from keras import layers, ops  # noqa: E402

BLANK = 10
"""The class that stands for "no digit here"; in a string it is not written."""
SIDE = 32
THRESHOLD = PAPER + 0.2 * (INK - PAPER)
"""A pixel darker than this counts as ink, where the box of a digit or a gap is looked for. Ours."""
SPECK = 12
"""A piece with less ink than so many black pixels is no digit, where a string is cut at its gaps. Ours."""
STRINGS_WEIGHTS = WEIGHTS.with_name("lenet5_strings.weights.h5")

_MAPS = (layers.Conv2D, layers.AveragePooling2D, layers.MaxPooling2D, layers.Activation)


# ------------------------------------------------------------------------------------------------- the network


def space_displacement(model, width=None):
    """The same network, with the same weights, for images of any width: a space displacement network.

    The layers up to Flatten stay. A dense layer becomes a convolution: the first one after Flatten with a window of
    the whole map that was flattened, the others with a window of 1×1. Each output is that of the model on one window
    of the image; the windows lie as far apart as the strides of all layers say, 4 pixels for LeNet-5.

    Args:
        model: a built keras.Sequential for images of one size: layers without padding (Conv2D, pooling,
            Activation), then Flatten, then Dense (and Activation) layers.
        width: of the images in pixels; None for any width.

    Returns:
        keras.Sequential: images (n, 32, W, 1) to (n, 1, (W - 32) // 4 + 1, outputs) for LeNet-5.

    Raises:
        ValueError: if the model is not of that kind, or the width is less than that of its images.
    """
    if not isinstance(model, keras.Sequential) or not model.built or not model.layers:
        raise ValueError(f"space_displacement needs a built keras.Sequential model, not a {type(model).__name__}.")
    shape = model.input_shape[1:]
    if len(shape) != 3 or None in shape:
        raise ValueError(f"space_displacement needs a model for images of one size, but its input shape is {shape}.")
    if width is not None and width < shape[1]:
        raise ValueError(f"The images must be at least as wide as the model's {shape[1]} pixels, not {width}.")
    wide, flattened, window = [keras.Input((shape[0], width, shape[2]))], None, None
    for layer in model.layers:
        kind = type(layer)
        if kind is layers.Flatten and flattened is None:
            flattened = window = tuple(layer.input.shape[1:3])
        elif kind is layers.Dense and flattened:
            alike = {"use_bias": layer.use_bias, "activation": layer.activation, "name": layer.name}
            wide.append(layers.Conv2D(layer.units, window, **alike))
            window = (1, 1)
        elif (kind in _MAPS and not flattened) or (kind is layers.Activation and window == (1, 1)):
            if getattr(layer, "data_format", "channels_last") != "channels_last":
                raise ValueError(f"space_displacement needs channels_last images, but {layer.name!r} has others.")
            if getattr(layer, "padding", "valid") != "valid":
                raise ValueError(
                    f"Layer {layer.name!r} pads its maps, so that a window inside a wider image differs from an "
                    f'image of its own: only padding="valid" can be displaced.'
                )
            wide.append(kind.from_config(layer.get_config()))
        else:
            raise ValueError(
                f"space_displacement knows convolutions and pooling, then Flatten, then Dense layers, "
                f"but layer {layer.name!r} is of the kind {kind.__name__}{' after Flatten' if flattened else ''}."
            )
    if window != (1, 1):
        raise ValueError("space_displacement needs a model with a Flatten layer and a Dense layer after it.")
    wide = keras.Sequential(wide, name=f"{model.name}_wide")
    sources = [layer for layer in model.layers if not isinstance(layer, layers.Flatten)]
    for source, target in zip(sources, wide.layers, strict=True):
        # A dense layer's rows are in the order in which Flatten read the map: row, column, map.
        weights = source.get_weights()
        target.set_weights([w.reshape(t.shape) for w, t in zip(weights, target.get_weights(), strict=True)])
    return wide


def sweep(network, images, batch_size=200):
    """The map of outputs of a space displacement network, as log-probabilities.

    Args:
        network: from `space_displacement`, with one row of outputs.
        images: (n, 32, W, 1), paper -0.1 to ink 1.175.

    Returns:
        float32 array (n, places, outputs), at most 0; the exponentials at a place add up to 1.

    Raises:
        ValueError: if the images do not fit the network, or are not finite.
    """
    images = np.asarray(images, "float32")
    height = network.input_shape[1]
    if images.ndim != 4 or not len(images) or images.shape[1] != height or images.shape[2] < SIDE:
        raise ValueError(f"sweep needs images of shape (n, {height}, {SIDE} or more, 1), not {images.shape}.")
    if not np.isfinite(images).all():
        raise ValueError("The images hold values that are not finite numbers (NaN or infinity).")
    # Called, not .predict: that would build a new graph for every width.
    parts = [network(images[i : i + batch_size])[:, 0] for i in range(0, len(images), batch_size)]
    return np.concatenate([ops.convert_to_numpy(ops.log_softmax(part)) for part in parts])


def load_lenet5_strings(path=STRINGS_WEIGHTS):
    """The network of 11 outputs that comes with the course, after checking the SHA-256 of its weights.

    It learned from `training_images`; its record is lenet5_strings.json. Output 10 says "no digit here".

    Args:
        path: the weights; the record is the file of the same name that ends in .json.

    Returns:
        keras.Sequential: images (n, 32, 32, 1) to logits (n, 11). One line says what was loaded.

    Raises:
        ValueError: if a file is missing, or the bytes of the weights are not the recorded ones.
    """
    record = checked_record(path)
    model = lenet5(outputs=11)
    model.load_weights(path)
    print(
        f"LeNet-5 with a blank class, trained on windows composed of MNIST's digits; recorded error on such windows "
        f"{100 * record['validation_error']:.1f} %."
    )
    return model


# ------------------------------------------------------------------------------------------- composing images


class Strings(NamedTuple):
    """Composed strings of digits."""

    images: np.ndarray
    """float32 (n, 32, W, 1), paper -0.1 to ink 1.175, W = 32 + 4k, the same for all."""
    texts: np.ndarray
    """What is written in them, n texts."""
    centres: np.ndarray
    """(n, length): the column of each digit's centre of mass, to half a pixel (column 16 of its own image)."""


def ink_columns(images):
    """First and last column with ink of each image (n, 32, width, 1), as an array (n, 2).

    Raises:
        ValueError: if an image has no ink.
    """
    inked = np.asarray(images)[..., 0].max(axis=1) > THRESHOLD
    if not inked.any(axis=1).all():
        raise ValueError("An image without ink has no ink box: leave blank images out.")
    return np.stack([inked.argmax(axis=1), inked.shape[1] - 1 - inked[:, ::-1].argmax(axis=1)], axis=1)


def compose(images, labels, count, length, spacing, rng, jitter=0):
    """Strings of digits, composed of single ones; where two overlap, the darker ink stays.

    Args:
        images: (n, 32, 32, 1), paper -0.1 to ink 1.175.
        labels: (n,), digits 0 to 9.
        count, length: how many strings, of how many digits.
        spacing: columns without ink between the ink boxes of neighbours: 0 if the boxes touch, negative if they
            overlap, but never by more than half of the narrower one.
        rng: a numpy.random.Generator: which digits, where in the image, and the jitter.
        jitter: largest number of rows by which a digit is moved up or down.

    Returns:
        Strings.

    Raises:
        ValueError: if the digits do not fit together, or count or length is less than 1.
    """
    images, labels = _checked(images, labels)
    if count < 1 or length < 1:
        raise ValueError(f"count and length must be at least 1, not {count} and {length}.")
    boxes = ink_columns(images)
    chosen = rng.integers(0, len(images), (count, length))
    lefts = np.array([_lefts(boxes[row], np.full(length - 1, spacing)) for row in chosen])
    lefts -= lefts.min(axis=1, keepdims=True)
    needed = lefts.max(axis=1) + SIDE
    width = SIDE + 4 * -(-(needed.max() - SIDE) // 4)
    lefts += rng.integers(0, width - needed + 1)[:, None]
    strings = np.full((count, SIDE, width, 1), PAPER, "float32")
    rows = rng.integers(-jitter, jitter + 1, (count, length))
    for k in range(count):
        for number, left, down in zip(chosen[k], lefts[k], rows[k], strict=True):
            _paste(strings[k], images[number], left, down)
    texts = np.array(["".join(map(str, labels[row])) for row in chosen])
    return Strings(strings, texts, lefts + SIDE // 2)


def training_images(images, labels, count, rng, noise=0.1, blanks=0.35, jitter=1):
    """Windows on a string to train with: a character and its two neighbours, or none at the centre.

    As in the paper, the neighbours' boxes stand 1 to 4 pixels away or overlap the centre's, by 1 to 4
    pixels here; sometimes the centre is left out; some pixels are inverted. Ours: the centre stands up to 2
    pixels from the middle, since the outputs are 4 pixels apart; a neighbour is missing in one of six cases, as at the
    ends of a string; and half of the windows without a centre stand between two characters instead, at least 4
    pixels from the centre of either, where there is room.

    Args:
        images, labels: as in `compose`.
        count: how many windows.
        rng: a numpy.random.Generator.
        noise: the probability with which each pixel is inverted, paper to ink and back; 0.1 in the paper.
        blanks: the share of windows of the class BLANK.
        jitter: as in `compose`.

    Returns:
        (float32 array (count, 32, 32, 1), int32 array (count,) of labels 0 to 10).

    Raises:
        ValueError: if the digits do not fit together, or noise or blanks is no share.
    """
    images, labels = _checked(images, labels)
    if not (0 <= noise <= 1 and 0 <= blanks <= 1):
        raise ValueError(f"noise and blanks are shares from 0 to 1, not {noise} and {blanks}.")
    boxes = ink_columns(images)
    chosen = rng.integers(0, len(images), (count, 3))
    gaps = rng.choice([-4, -3, -2, -1, 1, 2, 3, 4], (count, 2))
    moves = rng.integers(-2, 3, count)
    blank = rng.random(count) < blanks
    between, sides = rng.random(count) < 0.5, rng.choice([0, 2], count)
    there = rng.random((count, 3)) >= 1 / 6
    there[:, 1] = True
    rows = rng.integers(-jitter, jitter + 1, (count, 3))
    windows = np.full((count, SIDE, SIDE, 1), PAPER, "float32")
    for k in range(count):
        lefts = _lefts(boxes[chosen[k]], gaps[k])
        lefts -= lefts[1]
        move = moves[k]
        if blank[k]:
            reach = abs(lefts[sides[k]])
            there[k, 1] = between[k] and reach >= 8
            if there[k, 1]:
                move = np.sign(lefts[sides[k]]) * rng.integers(4, reach - 3)
            there[k] &= abs(lefts - move) >= 4
        for number, left, down, is_there in zip(chosen[k], lefts - move, rows[k], there[k], strict=True):
            if is_there:
                _paste(windows[k], images[number], left, down)
    if noise:
        windows = distort.noise(windows, rng, noise)
    return windows, np.where(blank, BLANK, labels[chosen[:, 1]]).astype("int32")


def _checked(images, labels):
    images, labels = np.asarray(images, "float32"), np.asarray(labels)
    if images.ndim != 4 or images.shape[1:] != (SIDE, SIDE, 1) or labels.shape != images.shape[:1] or not len(images):
        raise ValueError(f"Digits must be (n, 32, 32, 1) with labels (n,), not {images.shape} with {labels.shape}.")
    return images, labels


def _lefts(boxes, gaps):
    """The left edges of 32×32 images in a row, so that there are `gaps` columns between their ink boxes."""
    lefts = [0]
    for (first, last), (next_first, next_last), gap in zip(boxes, boxes[1:], gaps, strict=False):
        overlap = min(last - first + 1, next_last - next_first + 1) // 2
        lefts.append(lefts[-1] + last + 1 + max(gap, -overlap) - next_first)
    return np.array(lefts)


def _paste(canvas, image, left, down=0):
    """Put an image (32, width, 1) into a canvas (32, W, 1): the darker ink stays, what lies outside is lost."""
    first, last = max(left, 0), min(left + image.shape[1], canvas.shape[1])
    if first < last:
        top, bottom = max(down, 0), min(SIDE + down, SIDE)
        place = canvas[top:bottom, first:last]
        np.maximum(place, image[top - down : bottom - down, first - left : last - left], out=place)


# ---------------------------------------------------------------------------------------------- from map to string


def collapse(classes, blank=BLANK):
    """The string that a row of answers stands for: equal neighbours are one digit, blanks are not written.

    Args:
        classes: (places,), 0 to 9 or blank. The same digit twice running needs a blank between.
        blank: the class that is not written.

    Returns:
        str.
    """
    classes = [int(each) for each in classes]
    kept = [now for before, now in zip([None, *classes], classes, strict=False) if now != before]
    return "".join(str(each) for each in kept if each != blank)


def decode(maps, price=0.0):
    """The strings of the best paths through maps of outputs, found by dynamic programming (Viterbi's algorithm).

    A path takes one class at every place. Its score is the sum of the log-probabilities on it, less the price of
    every digit it writes. Staying in the same class writes nothing; the same digit again needs a blank between.

    Args:
        maps: log-probabilities (n, places, classes), as `sweep` gives them; the last class is the blank.
        price: what writing a digit costs; with 0 the best path is the largest output at every place.

    Returns:
        array of n texts.

    Raises:
        ValueError: if the maps have another shape or hold NaN.
    """
    maps = np.asarray(maps, "float64")
    if maps.ndim != 3 or not maps.size or np.isnan(maps).any():
        raise ValueError(f"decode needs maps of shape (n, places, classes), without NaN, not {maps.shape}.")
    n, places, classes = maps.shape
    blank = classes - 1
    prices = np.where(np.arange(classes) == blank, 0.0, price)
    change = prices - prices * np.eye(classes)  # from class (row) to class (column)
    best, came_from = maps[:, 0] - prices, []
    for place in range(1, places):
        paths = best[:, :, None] - change
        came_from.append(paths.argmax(axis=1))
        best = paths.max(axis=1) + maps[:, place]
    path = [best.argmax(axis=1)]
    for step in reversed(came_from):
        path.append(step[np.arange(n), path[-1]])
    return np.array([collapse(row, blank) for row in np.array(path[::-1]).T])


def with_blank(maps, certainty):
    """Maps of a network that knows no blank, with one: it wins where no class reaches the given certainty.

    Args:
        maps: log-probabilities (n, places, classes).
        certainty: a probability above 0.

    Returns:
        array (n, places, classes + 1).
    """
    maps = np.asarray(maps)
    return np.concatenate([maps, np.full_like(maps[..., :1], np.log(certainty))], axis=-1)


def cut(image):
    """Cut a string at its columns without ink: each piece as an image of its own, centred as MNIST's digits are.

    Args:
        image: (32, W, 1), paper -0.1 to ink 1.175.

    Returns:
        float32 array (pieces, 32, 32, 1), from left to right. The centre of mass of each piece stands in
        column 16; its rows stay, and of a piece that is too wide the ends are lost. Specks are left out.
    """
    image = np.asarray(image, "float32")
    inked = np.r_[False, image[..., 0].max(axis=0) > THRESHOLD, False]
    edges = np.flatnonzero(inked[1:] != inked[:-1]).reshape(-1, 2)
    pieces = []
    for first, last in edges:
        ink = (image[:, first:last] - PAPER).sum(axis=(0, 2))
        if ink.sum() < SPECK * (INK - PAPER):
            continue
        left = round(SIDE / 2 - (ink * np.arange(last - first)).sum() / ink.sum())
        piece = np.full((SIDE, SIDE, 1), PAPER, "float32")
        _paste(piece, image[:, first:last], left)
        pieces.append(piece)
    return np.array(pieces, "float32").reshape(-1, SIDE, SIDE, 1)
