"""Answers to the turns and exercises of lesson 21: right ones in several forms, wrong ones with words of their hint."""

import numpy as np
import tensorflow as tf
from scipy import ndimage

from lenet_keras.course import paper

DIGITS = "31415926535897932384"
ROWS = [DIGITS[k : k + 5] for k in range(0, 20, 5)]
PAGE = paper.photographed_page("\n".join(ROWS), "felt-tip", seed=1)
ROW = paper.photographed_page(ROWS[0], "felt-tip", seed=1)


def closed(grey, width=41):
    return ndimage.grey_closing(grey, (width, width))


def by_maxima(grey):
    return grey / ndimage.minimum_filter(ndimage.maximum_filter(grey, 41), 41)


def two_classes(values, t):
    above, below = values[values > t], values[values <= t]
    return len(above), len(below), above.mean(), below.mean()


def otsu(values, t):
    n1, n0, m1, m0 = two_classes(values, t)
    return n0 * n1 * (m0 - m1) ** 2 / (n0 + n1) ** 2


def between(values, t):
    n1, n0, m1, m0 = two_classes(values, t)
    mean, n = values.mean(), n0 + n1
    return n0 / n * (m0 - mean) ** 2 + n1 / n * (m1 - mean) ** 2


def divided(fitted, level):
    return np.clip(fitted / level, 0, 1)


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


def in_lines(boxes):
    lines = []
    for k in np.argsort(boxes[:, 0]):
        if not lines or boxes[k, 0] >= max(boxes[j, 2] for j in lines[-1]):
            lines.append([])
        lines[-1].append(k)
    return [k for line in lines for k in sorted(line, key=lambda k: boxes[k, 1])]


def by_overlap(boxes):
    """Lines as groups of marks that overlap, grown until nothing changes."""
    line = np.arange(len(boxes))
    for _ in boxes:
        for top, _, bottom, _ in boxes:
            same = (boxes[:, 0] < bottom) & (boxes[:, 2] > top)
            line[same] = line[same].min()
    first = [boxes[line == each, 0].min() for each in line]
    return np.lexsort((boxes[:, 1], first))


def two_tops(boxes):
    """Lines of 75 rows each, counted from the top."""
    return np.lexsort((boxes[:, 1], boxes[:, 0] // 75))


RIGHT = {
    "21.a": [
        lambda grey: grey < (grey.min() + grey.max()) / 2,
        lambda grey: (grey.max() - grey > grey - grey.min()).tolist(),
        lambda grey: tf.constant(grey < (grey.min() + grey.max()) / 2),
        lambda grey: (grey < (grey.min() + grey.max()) / 2).astype(int),
    ],
    "21.b": [lambda grey: grey / closed(grey), by_maxima, lambda grey: tf.constant(grey) / closed(grey)],
    "21.c": [
        otsu,
        between,
        lambda values, t: np.array([otsu(values, t)]),
        lambda values, t: tf.constant(otsu(values, t)),
    ],
    "21.d": [
        lambda fitted: divided(fitted, np.percentile(fitted[fitted > 0], 90)),
        lambda fitted: divided(fitted, np.quantile(fitted[fitted.nonzero()], 0.9)).tolist(),
        lambda fitted: tf.constant(np.minimum(fitted / np.percentile(fitted[fitted != 0], 90), 1), tf.float32),
    ],
    "21.1": [[20, 7], (20.0, 7.0), np.array([[20, 7]]), tf.constant([20, 7])],
    "21.2": [0.2, 20, 9 / 45, np.array([0.2]), tf.constant(0.2)],
    "21.3": [4, 4.0, np.int64(4), [4]],
    "21.4": [
        lambda grey: grey / closed(grey),
        lambda grey: grey / closed(grey, 15),
        lambda grey: tf.constant(grey / closed(ndimage.gaussian_filter(grey, 0.3), 25)),
        by_maxima,
    ],
    "21.5": [
        by_percentiles,
        by_skewness,
        by_middle,
        lambda photo: np.array([by_percentiles(photo)]),
        lambda photo: tf.constant(by_percentiles(photo)),
        lambda photo: float(by_percentiles(photo)),
    ],
    "21.6": [in_lines, by_overlap, two_tops, lambda boxes: tf.constant(by_overlap(boxes))],
    "21.7": [[PAGE, DIGITS], (PAGE / 255, " ".join(ROWS)), [PAGE.tolist(), "\n".join(ROWS)]],
}
WRONG = {
    "21.a": [
        (lambda grey: grey > (grey.min() + grey.max()) / 2, "ink is darker"),
        (lambda grey: grey < grey.mean(), "the mean of all pixels"),
        (lambda grey: grey < 0.3, "the darkest pixel"),
        (lambda grey: (grey < 0.5)[0], "has to have the shape"),
        (0.5, "give the function itself"),
    ],
    "21.b": [
        (lambda grey: closed(grey) / grey, "the other way round"),
        (lambda grey: closed(grey) - grey, "Divide"),
        (lambda grey: 1 - grey / closed(grey), "that is the ink"),
        (lambda grey: closed(grey), "the paper alone"),
        (lambda grey: 2 - closed(grey) / grey, "not of the grey"),
        (lambda grey: 1 - (closed(grey) - grey) / closed(grey).max(), "not of the brightest"),
        (lambda grey: grey, "light multiplies"),
    ],
    "21.c": [
        (lambda values, t: np.sqrt(otsu(values, t) * np.prod(two_classes(values, t)[:2])) / len(values), "squared"),
        (lambda values, t: (two_classes(values, t)[2] - two_classes(values, t)[3]) ** 2, "the shares are missing"),
        (lambda values, t: otsu(values, t) / (1 - (values > t).mean()), "one of the two shares"),
        (lambda values, t: values, "one number"),
        (lambda values, t: 7, "the two shares add up to 1"),
    ],
    "21.d": [
        (lambda fitted: divided(fitted, np.percentile(fitted, 90)), "paper counts too"),
        (lambda fitted: fitted / fitted.max(), "the largest value"),
        (lambda fitted: fitted, "comes back as it was"),
        (lambda fitted: fitted[0], "has to have the shape"),
        (lambda fitted: divided(fitted, np.percentile(fitted > 0, 90)), "the values there"),
        (lambda fitted: divided(fitted, np.percentile(fitted[fitted], 90)), "True where there is ink"),
        (lambda fitted: divided(fitted, np.percentile(fitted[fitted < 0], 90)), "True where there is ink"),
        (lambda fitted: fitted / np.percentile(fitted[fitted > 0], 90), "cut off at 1"),
    ],
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
        (0.01, "the stroke's share of the whole digit"),
        (9 / 45**2, "only widths count"),
        (0.45, "not 20"),
        (5, "the other way round"),
        (0.8, "share of paper"),
        (3, "how many old pixels wide"),
    ],
    "21.3": [(6, "count the others"), (3, "one more"), (5, "one too many"), (0, "the column of one threshold")],
    "21.4": [
        (lambda grey: grey - ndimage.gaussian_filter(grey, 20) + 1, "paper should come out as 1"),
        (lambda grey: grey - closed(grey) + 1, "divide, do not subtract"),
        (lambda grey: grey / ndimage.gaussian_filter(grey, 20), "paper should come out as 1"),
        (lambda grey: grey / closed(grey, 5), "is the paper found without the ink?"),
        (lambda grey: grey[1:], "has to have the shape"),
    ],
    "21.5": [
        (lambda photo: bool(np.median(photo) < np.mean(photo)), "falls to 40 in one corner is chalk"),
        (lambda photo: bool(np.mean(photo) < 128), "brightness 20 on a ground of 100 is not chalk"),
        (lambda photo: True, "brightness 40 on a ground of 200 is not chalk"),
        (lambda photo: not by_percentiles(photo), "is not chalk"),
        (without_floats, "photo.astype(float)"),
        (lambda photo: "chalk", "give back True or False"),
        (lambda photo: photo > 100, "give back True or False"),
        (True, "give the function itself"),
    ],
    "21.6": [
        (lambda boxes: np.argsort(boxes[:, 0]), "sorted by the top alone"),
        (lambda boxes: np.argsort(boxes[:, 1]), "the lines are mixed"),
        (lambda boxes: np.array(in_lines(boxes)) + 1, "numbered from 0 on"),
        (lambda boxes: np.argsort(in_lines(boxes)), "np.argsort"),
        (lambda boxes: boxes, "so give back 7 numbers"),
        (lambda boxes: in_lines(boxes)[::-1], "sort by the top first"),
    ],
    "21.7": [
        ([PAGE, DIGITS[:-1] + "9" * 2], "20 digits were found on the photo, not the 21"),
        ([ROW, ROWS[0]], "at least twenty digits, not 5"),
        ([PAGE, "0" * 20], "nine in ten is the goal"),
        ([PAGE, 5], "a text of digits only"),
        (PAGE, "give a list of two"),
        (["none.jpg", DIGITS], "There is no file none.jpg"),
    ],
}
