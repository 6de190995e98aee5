"""The networks called LeNet or LeNet-5: their counts, written out by hand, and how they can be told apart."""

import pytest

import lenet_keras as lk

C5_TO_OUTPUT = 48_120 + 10_164 + 850
PARAMETERS = {
    "the article's, 1998": 60_000,
    "the usual one, tanh": 61_706,
    "the usual one, ReLU and max": 61_706,
    "the slides' listing": 156 + 2_416 + 30_840 + 9_922 + 830,
    "28×28, no border": 156 + 2_416 + (4 * 4 * 16 + 1) * 120 + 10_164 + 850,
    "pooling that learns": 61_706 + 2 * 6 + 2 * 16,
    "PyTorch's tutorial, colour": (3 * 25 + 1) * 6 + 2_416 + C5_TO_OUTPUT,
    "Caffe's LeNet": (25 + 1) * 20 + (25 * 20 + 1) * 50 + (4 * 4 * 50 + 1) * 500 + (500 + 1) * 10,
    "Dive into Deep Learning": 61_706,
    "the authors' code in Lush": 156 + 12 + 1_516 + 32 + 48_120 + (120 + 1) * 10,
}
STATED = {60_000, 61_706, 44_164, 44_426, 61_750, 62_006, 431_080, 51_046}


@pytest.fixture(scope="module")
def family():
    return lk.family.networks()


def test_each_network_has_its_count(family):
    assert {name: lk.anatomy(model).parameters for name, model in family.items()} == PARAMETERS
    assert set(PARAMETERS.values()) == STATED


def test_networks_of_one_count_differ_in_what_they_compute(family):
    def looks(model):
        return [(type(each).__name__, getattr(each, "activation", None)) for each in model.layers]

    same = [model for name, model in family.items() if PARAMETERS[name] == 61_706]
    assert len(same) == 3
    assert all(looks(one) != looks(other) for one in same for other in same if one is not other)
