"""tools/compare_changes.py: the networks that it builds."""

import compare_changes
import keras

import lenet_keras as lk


def test_the_program_builds_the_listing_and_lenet5():
    def layers(model):
        return [layer.get_config() for layer in model.layers]

    settings = compare_changes.SETTINGS
    assert layers(compare_changes.network(keras, settings["the listing"])) == layers(lk.lenet5_slides())
    assert layers(compare_changes.network(keras, settings["1998's habits"])) == layers(lk.lenet5())
    without = compare_changes.network(keras, settings["all four"])
    assert without.count_params() == 156 + 2416 + 48120 + 1210
