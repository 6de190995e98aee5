"""Networks called LeNet or LeNet-5 that a student meets, each a list of layers, to be told apart (lesson 05)."""

import keras
from keras import layers

from ..layers import TABLE_I, PartialConv2D, Subsampling, squash
from ..models import lenet5, lenet5_1998, lenet5_slides


def networks():
    """Build ten networks of that name, with fresh weights.

    Returns:
        dict from a name to a built keras.Sequential: the article's; the one that is called LeNet-5 today, with tanh and
        average pooling, and with ReLU and the maximum; the listing of the slides; the usual one on 28×28 pixels
        without a border, and with the article's pooling; the network of PyTorch's tutorial "Training a Classifier";
        Caffe's examples/mnist/lenet.prototxt; that of "Dive into Deep Learning", section 7.6; and the one in the
        authors' own code, package gblearn2 of Lush.
    """
    return {
        "the article's, 1998": lenet5_1998(),
        "the usual one, tanh": lenet5(),
        "the usual one, ReLU and max": lenet5("relu", "max"),
        "the slides' listing": lenet5_slides(),
        "28×28, no border": _network(
            (28, 28, 1), _conv(6, "tanh"), _mean(2), _conv(16, "tanh"), _mean(2), _flat(), _dense(120, "tanh"),
            _dense(84, "tanh"), _dense(10),
        ),
        "pooling that learns": _network(
            (32, 32, 1), _conv(6, squash), Subsampling(), _conv(16, squash), Subsampling(), _conv(120, squash), _flat(),
            _dense(84, squash), _dense(10),
        ),
        "PyTorch's tutorial, colour": _network(
            (32, 32, 3), _conv(6, "relu"), _most(2), _conv(16, "relu"), _most(2), _flat(), _dense(120, "relu"),
            _dense(84, "relu"), _dense(10),
        ),
        "Caffe's LeNet": _network(
            (28, 28, 1), _conv(20), _most(2), _conv(50), _most(2), _flat(), _dense(500, "relu"), _dense(10),
        ),
        "Dive into Deep Learning": _network(
            (28, 28, 1), _conv(6, "sigmoid", "same"), _mean(2), _conv(16, "sigmoid"), _mean(2), _flat(),
            _dense(120, "sigmoid"), _dense(84, "sigmoid"), _dense(10),
        ),
        "the authors' code in Lush": _network(
            (32, 32, 1), _conv(6, squash), Subsampling(), PartialConv2D(TABLE_I, 5), Subsampling(),
            _conv(120, squash), _flat(), _dense(10, squash),
        ),
    }  # fmt: skip


_dense, _flat, _mean, _most = layers.Dense, layers.Flatten, layers.AveragePooling2D, layers.MaxPooling2D


def _conv(maps, activation=None, padding="valid"):
    return layers.Conv2D(maps, 5, activation=activation, padding=padding)


def _network(shape, *stack):
    return keras.Sequential([keras.Input(shape), *stack])
