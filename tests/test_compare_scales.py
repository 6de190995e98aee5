"""tools/compare_scales.py and tools/compare_shifts.py: what they compute, without MNIST."""

import compare_scales
import compare_shifts
import numpy as np

import lenet_keras as lk


def test_scales_are_what_their_names_say(bundled):
    images, learned = bundled.x_train[:50], bundled.x_train
    scaled = {name: compare_scales.scaled(images, name, learned) for name in compare_scales.SCALES}
    assert scaled["0 to 255"].min() == 0 and scaled["0 to 255"].max() == 255
    np.testing.assert_allclose(scaled["0 to 1"] * 255, scaled["0 to 255"], atol=1e-4)
    np.testing.assert_array_equal(scaled["-0.1 to 1.175"], images)
    whole = compare_scales.scaled(learned, "standardised", learned)
    assert abs(whole.mean()) < 1e-3 and abs(whole.std() - 1) < 1e-3
    assert {values.dtype for values in scaled.values()} == {np.dtype("float32")}


def test_digits_to_learn_to_choose_and_to_judge_are_others(bundled):
    learn, choose, judge = map(set, compare_scales.parts(bundled))
    assert learn and choose and judge and not (learn & choose or learn & judge or choose & judge)


def test_the_best_rate_is_chosen_by_the_choosing_seeds_only():
    def run(rate, seed, errors):
        return {"scale": "s", "optimizer": "adam", "rate": rate, "seed": seed, "errors_to_choose_by": errors}

    rates = compare_scales.RATES["adam"]
    runs = [run(rate, seed, 9 - k) for k, rate in enumerate(rates) for seed in compare_scales.CHOOSING]
    assert compare_scales.best_rate([*runs, run(rates[0], 0, -100)], "s", "adam") == rates[-1]


def test_a_layer_that_keeps_the_image_changes_as_the_image_does():
    image = np.full((1, 16, 16, 1), lk.data.PAPER, "float32")
    image[0, 6:8, 6:8] = lk.data.INK  # a square of 2×2 that lies in one pooling window
    found = compare_shifts.changes(lambda images: images, image)
    np.testing.assert_allclose(found["not pooled"][:3], [0, 100, 100 * 2**0.5], atol=0.1)
    np.testing.assert_allclose(found["average 2×2"][:3], [0, 100 * 0.5**0.5, 100 * 2**0.5], atol=0.1)
    np.testing.assert_allclose(found["maximum 2×2"][:3], [0, 100, 100 * 2**0.5], atol=0.1)
