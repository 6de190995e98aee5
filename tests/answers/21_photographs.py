"""Answers to the exercises of notebook 21: right ones in several forms, wrong ones with words of their hint."""

import pathlib
import tempfile

import keras
import numpy as np
import tensorflow as tf
from scipy import ndimage

import lenet_keras as lk

CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]])
SQUARE = np.ones((3, 3))
FOLDER = pathlib.Path(tempfile.mkdtemp())


def by_percentiles(photo):
    darkest, ground, brightest = np.percentile(photo, [0.5, 50, 99.5])
    return bool(brightest - ground > ground - darkest)


def by_skewness(photo):
    photo = np.asarray(photo, float)
    return ((photo - photo.mean()) ** 3).mean() > 0


def by_middle(picture):
    return int(np.median(picture) < (float(picture.max()) + float(picture.min())) / 2)


def without_floats(photo):
    difference = photo - int(np.median(photo))  # of uint8, so never below 0
    return bool(abs(difference.max()) > abs(difference.min()))


def sizes(is_ink, structure=SQUARE):
    return np.bincount(ndimage.label(is_ink, structure=structure)[0].ravel())[1:]


def by_flooding(is_ink, smallest):
    """A count without ndimage, which empties its argument while it goes."""
    count = 0
    for row, column in np.argwhere(is_ink):
        found, waiting = 0, [(row, column)]
        while waiting:
            y, x = waiting.pop()
            if 0 <= y < is_ink.shape[0] and 0 <= x < is_ink.shape[1] and is_ink[y, x]:
                is_ink[y, x] = False
                found += 1
                waiting += [(y + down, x + right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
        count += 0 < found >= smallest
    return count


def dilated(image, mode="nearest", footprint=CROSS, **more):
    return ndimage.grey_dilation(image[..., 0], footprint=footprint, mode=mode, **more)


def by_rolling(image):
    return np.max([image] + [np.roll(image, step, axis) for step in (1, -1) for axis in (0, 1)], axis=0)


def in_place(image):
    image[..., 0] = dilated(image)
    return image


def written(name, text):
    (FOLDER / name).write_text(text, encoding="utf-8")
    return FOLDER / name


def pad(name, *layers):
    network = keras.Sequential([keras.Input((32, 32, 1)), *layers, keras.layers.Dense(10)])
    lk.save_pad(network, FOLDER / name)
    return FOLDER / name


PLAIN = pad("plain.html", keras.layers.Flatten(), keras.layers.Dense(5, activation="tanh"))
CONVOLUTION = pad("convolution.html", keras.layers.Conv2D(1, 5), keras.layers.Flatten())
OTHER = '<div class="lenet-pad"><script>({"layers":[{"kind":"flatten"},%s]});</script></div>'

RIGHT = {
    "21.1": [[20, 7], (20.0, 7.0), np.array([[20, 7]]), tf.constant([20, 7])],
    "21.2": [
        by_percentiles,
        by_skewness,
        by_middle,
        lambda photo: np.array([by_percentiles(photo)]),
        lambda photo: tf.constant(by_percentiles(photo)),
        lambda photo: float(by_percentiles(photo)),
    ],
    "21.3": [
        lambda is_ink, smallest: int((sizes(is_ink) >= smallest).sum()),
        lambda page, least: tf.constant(len([size for size in sizes(page) if size >= least])),
        by_flooding,
    ],
    "21.4": [
        lambda image: dilated(image)[..., None],
        lambda image: dilated(image),
        lambda image: dilated(image, mode="constant", cval=-1).tolist(),
        lambda image: lk.distort.stroke(image[None], 1),
        in_place,
    ],
    "21.5": [
        PLAIN,
        str(PLAIN),
        written("softmax.html", OTHER % '{"kind":"dense","activation":"softmax"}'),
        written("dropout.html", OTHER % '{"kind": "dropout"},{"kind": "dense"}'),
    ],
}
WRONG = {
    "21.1": [
        ([7, 20], "rows come first"),
        ([20, 7.27], "round to the nearest"),
        ([20, 8], "not up"),
        ([20, 20], "keeps its shape"),
        ([55, 20], "the longer side"),
        ([28, 10], "fits 20×20"),
        ([66, 24], "the longer side becomes 20"),
        ("20×7", "without quotes"),
    ],
    "21.2": [
        (lambda photo: bool(np.median(photo) < np.mean(photo)), "falls to 40 in one corner is chalk"),
        (lambda photo: bool(np.mean(photo) < 128), "brightness 20 on a ground of 100 is not chalk"),
        (lambda photo: True, "brightness 40 on a ground of 200 is not chalk"),
        (lambda photo: not by_percentiles(photo), "is not chalk"),
        (without_floats, "photo.astype(float)"),
        (lambda photo: "chalk", "give back True or False"),
        (lambda photo: 7, "give back True or False"),
        (lambda photo: photo > 100, "give back True or False"),
        (True, "give the function itself"),
    ],
    "21.3": [
        (lambda is_ink, smallest: (sizes(is_ink, CROSS) >= smallest).sum(), "touch at a corner"),
        (lambda is_ink, smallest: (sizes(is_ink) > smallest).sum(), "of exactly `smallest` pixels"),
        (lambda is_ink, smallest: (sizes(is_ink) >= smallest).sum() + 1, "the paper"),
        (lambda is_ink, smallest: len(sizes(is_ink)), "do not count"),
        (lambda is_ink, smallest: sizes(is_ink).max(), "of marks of 25, 7 and 3 pixels 3 have at least 1, not 25."),
        (lambda is_ink, smallest: (sizes(is_ink, np.eye(3) + CROSS > 0) >= smallest).sum(), "touch at a corner"),
        (lambda is_ink, smallest: ndimage.label(is_ink), "give back one number, not a tuple"),
    ],
    "21.4": [
        (lambda image: dilated(image, footprint=SQUARE), "eight neighbours"),
        (lambda image: dilated(image, mode="constant", cval=0), "and not 0"),
        (by_rolling, "np.roll"),
        (lambda image: lk.distort.stroke(image[None], -1)[0], "thinner"),
        (lambda image: image, "comes back as it was"),
        (lambda image: image + 1, "a pixel inside"),
        (lambda image: np.pad(dilated(image)[1:-1, 1:-1], 1, constant_values=-0.1), "look at the border"),
        (lambda image: image[1:-1], "the result has shape (30, 32, 1)"),
    ],
    "21.5": [
        (CONVOLUTION, "has a convolution"),
        (str(written("page.html", "<p>No pad.</p>")), "not a pad"),
        (written("flat.html", OTHER % '{"kind":"average"}'), "no dense layer"),
        ("plain", "there is no file 'plain'"),
        (FOLDER, "there is no file"),
        (7, "the name of a file"),
    ],
}
