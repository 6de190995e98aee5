"""tools/compare_changes.py: the networks that it builds, how it looks for a rate, what it keeps of a record."""

import compare_changes
import keras
import pytest

import lenet_keras as lk

SETTINGS = compare_changes.SETTINGS


def test_the_old_style_is_lenet5_layer_by_layer():
    def figures(model):
        kernels = [each for each in model.layers if each.weights]
        pools = [type(each).__name__ for each in model.layers if "Pool" in type(each).__name__]
        activations = {each.activation.__name__ for each in model.layers if hasattr(each, "activation")} - {"linear"}
        return [each.kernel.shape for each in kernels], pools, activations

    assert figures(compare_changes.network(keras, SETTINGS["old style"])) == figures(lk.lenet5())
    assert figures(compare_changes.network(keras, SETTINGS["today"])) == figures(lk.lenet5("relu", "max"))


@pytest.mark.parametrize("kind, adds", [("plain", 0), ("skip", 10)])
def test_a_stack_has_its_convolutions_and_its_skips(kind, adds):
    model = compare_changes.network(keras, SETTINGS[f"{kind} 20"])
    names = [type(each).__name__ for each in model.layers]
    assert names.count("Conv2D") == 1 + 20 and names.count("Add") == adds
    assert model.count_params() == 416 + 20 * 2320 + 10_250


def test_additions_are_there():
    def names(name, strength=None):
        return [type(each).__name__ for each in compare_changes.network(keras, SETTINGS[name], strength).layers]

    assert names("dropout", 0.5).count("Dropout") == 2 and names("batch normalisation").count("BatchNormalization") == 4
    decayed = compare_changes.optimizer(keras, SETTINGS["weight decay"], 0.002, 0.1)
    assert decayed.weight_decay == 0.1
    assert compare_changes.optimizer(keras, SETTINGS["momentum"], 0.02).momentum == 0.9
    falling = compare_changes.optimizer(keras, SETTINGS["today"], 0.002)
    assert float(falling.learning_rate) == pytest.approx(0.002)
    falling.iterations.assign(1250)
    assert float(falling.learning_rate) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    "lowest, tried", [(0.2, [0.1, 0.2, 0.4]), (0.8, [0.2, 0.4, 0.8, 1.6]), (0.05, [0.025, 0.05, 0.1, 0.2])]
)
def test_the_scan_goes_on_until_the_best_rate_has_neighbours(lowest, tried):
    found, rate = {}, 0.2
    while rate:
        found[rate] = abs(rate - lowest)
        best, rate = compare_changes.best(found)
    assert best == lowest and set(tried) <= set(found) and len(found) <= len(tried) + 1


def test_the_chosen_rate_and_strength_have_the_fewest_errors_of_the_scan_only():
    def run(seed, rate, strength, errors):
        return {"setting": "x", "seed": seed, "rate": rate, "strength": strength, "errors": errors}

    runs = [run(100, 0.1, 1, 9), run(101, 0.1, 1, 5), run(100, 0.2, 1, 7), run(101, 0.2, 1, 9), run(0, 0.2, 1, 0)]
    assert compare_changes.chosen(runs) == {"x": (0.1, 1)}
    assert compare_changes.chosen([*runs, run(100, 0.2, 2, 1), run(101, 0.2, 2, 1)]) == {"x": (0.2, 2)}
