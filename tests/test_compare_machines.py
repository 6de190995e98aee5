"""tools/compare_machines.py: machines against known results, what the record holds, and what lesson 18 says of it."""

import compare_machines
import numpy as np
import pytest

import lenet_keras as lk
from lenet_keras.course.rivals import errors


@pytest.fixture(scope="module")
def some(bundled):
    """Rows to learn from, their labels, rows to answer for, their labels."""
    x = bundled.x_train[:, 2:30, 2:30].reshape(len(bundled.x_train), 784)
    return x[:1100], bundled.y_train[:1100], x[1100:], bundled.y_train[1100:]


@pytest.mark.parametrize("name", compare_machines.MACHINES)
def test_each_machine_reads_digits_and_does_not_mind_a_shuffle(name, some, monkeypatch):
    monkeypatch.setattr(compare_machines, "CENTRES", 10)  # these are few digits
    x, labels, check, truth = some
    order = np.random.default_rng(0).permutation(784)
    machine = compare_machines.MACHINES[name]
    plain, mixed = (machine(a, labels, b, 0) for a, b in ((x, check), (x[:, order], check[:, order])))
    if not isinstance(plain, dict):
        plain, mixed = {"errors": plain}, {"errors": mixed}
    for answer in plain:
        assert np.mean(plain[answer] != truth) < 0.3
        assert np.sum(plain[answer] != mixed[answer]) <= 1


def test_solving_is_least_squares_and_descent_comes_near_it():
    rng = np.random.default_rng(0)
    x, targets = rng.normal(size=(500, 7)), rng.normal(size=(500, 3))
    wanted = np.linalg.lstsq(x, targets, rcond=None)[0]
    np.testing.assert_allclose(compare_machines.solve(x, targets), wanted, atol=1e-9)
    ridge = np.linalg.solve(x.T @ x + 5 * np.eye(7), x.T @ targets)
    np.testing.assert_allclose(compare_machines.solve(x, targets, 5.0), ridge, atol=1e-9)
    np.testing.assert_allclose(compare_machines.descend(x, targets, "squared", 0), wanted, atol=0.1)


def test_what_goes_back_is_the_derivative_of_the_loss():
    rng = np.random.default_rng(1)
    sums, step = rng.normal(size=(4, 10)), 1e-6
    right = np.eye(10)[rng.integers(10, size=4)]

    def cross_entropy(sums):
        return -np.sum(right * (sums - np.log(np.exp(sums).sum(axis=1, keepdims=True))))

    def squared(sums):
        return ((sums - (2 * right - 1)) ** 2).sum() / 2

    losses = {
        "squared": (squared, 2 * right - 1),
        "squashed": (lambda sums: squared(compare_machines.squash(sums)), 2 * right - 1),
        "cross-entropy": (cross_entropy, right),
    }
    for name, (loss, targets) in losses.items():
        found = compare_machines.SLOPES[name](sums, targets)
        for place in ((0, 0), (2, 7), (3, 3)):
            moved = sums.copy()
            moved[place] += step
            assert abs((loss(moved) - loss(sums)) / step - found[place]) < 1e-4
    kept = compare_machines.SLOPES["pairs, squared"](sums, right)
    np.testing.assert_allclose(kept, (sums - 1) * right)


def test_totals_add_what_speaks_for_a_class_and_take_off_what_speaks_against_it():
    outputs = np.zeros((1, 45))
    outputs[0, compare_machines.PAIRS.index((3, 5))] = 2.5
    assert list(compare_machines.totals(outputs)[0]) == [0, 0, 0, 2.5, 0, -2.5, 0, 0, 0, 0]


def test_a_shuffle_is_the_same_for_all_images_and_leaves_the_frame():
    images = np.arange(2 * 32 * 32, dtype="float32").reshape(2, 32, 32, 1)
    one, two = compare_machines.shuffled(images, 3)
    np.testing.assert_array_equal(two - one, np.full((32, 32, 1), 1024))
    assert sorted(one.ravel()) == sorted(images[0].ravel())
    np.testing.assert_array_equal(one[:2], images[0, :2])
    assert np.any(one != compare_machines.shuffled(images, 4)[0])


# ---------------------------------------------------------------------------------------------------- the record


def test_the_record_holds_every_run_of_the_plan_once():
    record = lk.load_record("machines")
    plan = list(compare_machines.plan())
    found = [{key: run[key] for key in plan[0]} for run in record["results"]]
    assert len(found) == len(plan) and all(what in found for what in plan)
    assert record["settings"]["networks"] == compare_machines.NETWORK
    assert all(0 < wrong < 6000 for run in record["results"] for wrong in run["wrong"].values())


def test_shuffled_pixels_cost_lenet_its_lead_and_the_dense_network_nothing():
    lenet = errors("LeNet-5", "shuffled") - errors("LeNet-5", "as written")
    dense = errors("dense", "shuffled") - errors("dense", "as written")
    assert len(lenet) == len(dense) == 5
    assert (lenet > 1).all() and abs(dense.mean()) < 1
    assert (errors("LeNet-5", "as written") < errors("dense", "as written")).all()
    assert (errors("LeNet-5", "shuffled") > errors("dense", "shuffled")).all()
    assert np.abs(errors("dense, start moved", "shuffled") - errors("dense", "as written")).max() < 0.2


def test_the_ways_of_one_layer():
    few, every = ({way: errors(way, "regular", which) for way in WAYS} for which in ("few", "all"))
    assert (few["solved"] > few["squared"]).all() and (few["squared"] > few["cross-entropy"]).all()
    assert abs(every["solved"] - every["squared"])[0] < 0.5
    assert (few["cross-entropy"] < few["squashed"]).all() and every["cross-entropy"] < every["squashed"]
    assert every["squashed"] < every["squared"]


WAYS = ("solved", "squared", "squashed", "cross-entropy")
KINDS = [
    *((way, "errors") for way in WAYS),
    *((pairs, way) for pairs in ("pairs, squared", "pairs, squashed") for way in ("sums", "squashed sums", "votes")),
    *(("neighbours", f"{levels} levels") for levels in (256, 16, 4, 2)),
    *(("polynomial", f"{inputs} inputs") for inputs in (41, 821, 861)),
    ("bumps", "centres by class"),
    ("bumps", "digits as centres"),
    ("SVM", "errors"),
]


@pytest.mark.parametrize("rival, answer", KINDS)
def test_deslanting_helps_every_machine_in_every_draw(rival, answer):
    plain, upright = (errors(rival, kind, "few", answer) for kind in ("regular", "deslanted"))
    assert len(plain) == 5 and (upright < plain).all()


@pytest.mark.parametrize("way", ["pairs, squared", "pairs, squashed"])
@pytest.mark.parametrize("which", ["few", "all"])
def test_votes_err_less_than_sums_and_squashed_sums_lie_between(way, which):
    sums, squashed, votes = (errors(way, "regular", which, each) for each in ("sums", "squashed sums", "votes"))
    assert (votes < squashed).all() and (squashed < sums).all()


def test_sixteen_levels_of_grey_are_enough():
    for kind in ("regular", "deslanted"):
        full, few = (errors("neighbours", kind, "few", f"{levels} levels") for levels in (256, 16))
        assert np.abs(few - full).max() < 0.3


def test_products_make_the_polynomial_machine():
    for kind in ("regular", "deslanted"):
        linear, products, both = (errors("polynomial", kind, "few", f"{inputs} inputs") for inputs in (41, 821, 861))
        assert (both < products).all() and (products < linear / 2).all()
