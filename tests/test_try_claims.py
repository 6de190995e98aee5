"""tools/try_claims.py: its network descends rightly, and its measures are what they say."""

import numpy as np
import pytest
import try_claims

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(6, 784)).astype("float32"), np.array([0, 3, 9, 1, 1, 7])


def loss(weights, squared):
    _, logits = try_claims.outputs(weights, X)
    if squared:
        return 0.5 * ((np.tanh(logits) - np.where(np.arange(10) == Y[:, None], 1, -1)) ** 2).sum() / len(Y)
    return np.mean(np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(Y)), Y])


@pytest.mark.parametrize("squared", [False, True])
def test_slopes_are_those_of_the_loss(squared):
    weights = [weight.astype("float64") for weight in try_claims.fresh(4, np.random.default_rng(1))]
    found = try_claims.slopes(weights, X.astype("float64"), Y, squared)
    for weight, slope in zip(weights, found, strict=True):
        place = np.unravel_index(np.abs(slope).argmax(), slope.shape)
        before, step = weight[place], 1e-4
        weight[place] = before + step
        above = loss(weights, squared)
        weight[place] = before - step
        measured = (above - loss(weights, squared)) / (2 * step)
        weight[place] = before
        assert slope[place] == pytest.approx(measured, rel=1e-3)


def test_a_pass_uses_every_digit_once():
    weights = try_claims.fresh(8, np.random.default_rng(2))
    before = loss(weights, False)
    for _ in range(30):
        try_claims.one_pass(weights, X, Y, 0.05, 2, np.random.default_rng(0))
    assert loss(weights, False) < before / 3 and try_claims.wrong(weights, X, Y) == 0


def test_weights_in_few_bits_are_multiples_of_a_step():
    weight = np.array([-3.0, 0.2, 1.1, 0.7])
    np.testing.assert_allclose(try_claims.quantised(weight, 3), [-3, 0, 1, 1])
    np.testing.assert_allclose(try_claims.quantised(weight, 16), weight, atol=1e-4)


def test_the_least_sure_are_refused_first():
    errors = np.array([True, False, False, False, False])
    assert try_claims.rejected(errors, np.array([0.1, 0.5, 0.6, 0.7, 0.9]), 0.1) == 20
    assert try_claims.rejected(errors, np.array([0.9, 0.5, 0.6, 0.7, 0.1]), 0.2) == 0
    assert try_claims.rejected(~errors[1:], np.ones(4), 1.0) == 0
