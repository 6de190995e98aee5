"""Reducing against independent computation; the tool that compares the rivals."""

import compare_rivals
import numpy as np
import pytest

import lenet_keras as lk
from lenet_keras import distort


def test_reduced_digits_are_four_fifths_as_large():
    image = np.full((1, 32, 32, 1), distort.PAPER, "float32")
    image[0, 6:26, 6:26] = 1.175  # the box of 20×20
    small = distort.reduced(image)
    assert small.shape == (1, 28, 28, 1)
    ink = small[0, ..., 0] - distort.PAPER
    np.testing.assert_allclose(ink[14, 14], 1.275, rtol=1e-5)
    np.testing.assert_allclose(ink.sum(), 1.275 * 16**2, rtol=0.01)
    np.testing.assert_allclose((ink.sum(0) * np.arange(28)).sum() / ink.sum(), 13.5, atol=1e-3)


@pytest.mark.parametrize("function", [distort.deslanted, distort.reduced])
def test_bad_images_are_refused(function):
    with pytest.raises(ValueError, match=r"\(n, .*, 1\), not \(32, 32\)"):
        function(np.zeros((32, 32)))
    with pytest.raises(ValueError, match=r"not \(2, 32, 32, 3\)"):
        function(np.zeros((2, 32, 32, 3)))
    for wrong in (np.nan, np.inf):
        with pytest.raises(ValueError, match="not finite"):
            function(np.full((1, 32, 32, 1), wrong))


def test_only_32_by_32_can_be_reduced():
    with pytest.raises(ValueError, match=r"\(n, 32, 32, 1\), not \(1, 28, 28, 1\)"):
        distort.reduced(np.zeros((1, 28, 28, 1)))


def test_a_contest_keeps_what_each_machine_answers_and_counts_its_errors(capsys):
    rows = np.zeros((3, 1)), np.array([[1.0], [2], [3], [4]])
    contest = lk.rivals.Contest({"regular": rows, "doubled": (rows[0], 2 * rows[1])}, np.array([1, 2, 3, 8]))
    contest.score("as it is", lambda x, check: check[:, 0])
    assert capsys.readouterr().out.split() == "as it is regular 25.0 % doubled 75.0 %".split()
    np.testing.assert_array_equal(contest.answers["as it is", "doubled"], [2, 4, 6, 8])
    assert list(contest.machines) == ["as it is"]


def test_the_quadratic_machine_learns_a_product_that_no_sum_can_tell():
    rng = np.random.default_rng(0)
    rows = np.hstack([rng.choice([-5.0, 5.0], (3000, 2)), rng.normal(size=(3000, 43))])
    labels = (rows[:, 0] * rows[:, 1] > 0).astype(int)
    answers = lk.rivals.quadratic(rows[:2000], labels[:2000], rows[2000:], 0.001)
    assert (answers != labels[2000:]).mean() < 0.2
    sums = np.linalg.lstsq(rows[:2000], 2.0 * labels[:2000] - 1, rcond=None)[0]  # the control
    assert ((rows[2000:] @ sums > 0) != labels[2000:]).mean() > 0.4


# ------------------------------------------------------------------------------------------------------ the tool


def read_by(name, digits, seed=0):
    rival = compare_rivals.RIVALS[name]
    scores, stored, macs = rival.fit(rival.prepare(digits.x_train), digits.y_train, seed)
    return scores(rival.prepare(digits.x_test)), stored, macs


@pytest.mark.parametrize("name", [
    "linear", "linear, deslanted", "pairwise linear, votes", "K-NN, deslanted", "tangent distance, 16×16",
    "40 PCA + quadratic, 861", "SVM, polynomial of degree 4",
])  # fmt: skip
def test_the_tool_runs_a_rival(name, bundled):
    scores, stored, macs = read_by(name, bundled)
    assert scores.shape == (len(bundled.y_test), 10) and stored > 0 and macs > 0
    assert (scores.argmax(axis=1) != bundled.y_test).mean() < 0.2


def test_machines_are_counted_as_printed(bundled):
    counts = {name: read_by(name, bundled)[1:] for name in ("linear", "pairwise linear", "40 PCA + quadratic")}
    assert counts["linear"] == (10 * 785, 10 * 784)
    assert counts["pairwise linear"] == (45 * 785, 45 * 784)
    assert counts["40 PCA + quadratic"] == (784 + 40 * 784 + 10 * 821, 40 * 784 + 820 + 10 * 820)


def test_neighbours_vote_and_the_nearest_decides_between_equal_votes():
    known, labels = np.array([[0.0], [1.0], [1.2], [5.0], [9.0], [9.5]]), np.array([3, 7, 7, 0, 1, 2])
    known = np.vstack([known, 100 + np.arange(10)[:, None]])
    labels = np.r_[labels, np.arange(10)]
    scores, stored, _ = compare_rivals.neighbours(known, labels, 0)
    assert scores(np.array([[0.4], [7.2], [9.3]])).argmax(axis=1).tolist() == [7, 1, 2]
    assert stored == known.size


def test_tangents_are_orthonormal_and_forgive_a_small_shift(bundled):
    digits = compare_rivals.smooth16(bundled.x_test[:20])
    planes = compare_rivals.tangents(digits)
    np.testing.assert_allclose(planes.transpose(0, 2, 1) @ planes, np.tile(np.eye(7), (20, 1, 1)), atol=1e-4)
    moved = distort.warped(digits[..., None], shift=(0, 0.5))[..., 0]
    apart = compare_rivals.middle(moved) - compare_rivals.middle(digits)
    left = apart - np.einsum("nij,nj->ni", planes, np.einsum("nij,ni->nj", planes, apart))
    assert (np.linalg.norm(left, axis=1) < 0.4 * np.linalg.norm(apart, axis=1)).all()


def test_refusing_takes_the_smallest_differences_first():
    labels = np.zeros(200, int)
    scores = np.zeros((200, 10))
    scores[:, 0] = np.linspace(1, 2, 200)  # sure and right, the later the surer
    scores[:3, 1] = scores[:3, 0] + 0.1  # three wrong ones, whose two best are 0.1 apart
    scores[3, 1] = scores[3, 0] - 0.05  # right, and the least sure
    found = compare_rivals.refusing(scores, labels)
    assert found["misread"] == [0, 1, 2] and found["read_as"] == "111"
    assert found["refused_for_half_percent"] == 4 - 0 and found["errors_left"][0] == 3
    assert found["errors_left"][2] == 2 and found["errors_left"][-1] == 0


def test_a_changed_rival_begins_anew_and_others_stay(tmp_path, monkeypatch):
    path = tmp_path / "rivals.json"
    entries = {name: compare_rivals.entry_of(name) for name in ("linear", "K-NN")}
    for entry in entries.values():
        entry["runs"] = [{"training_digits": 60_000, "seed": 0}]
    compare_rivals.write(path, entries)
    assert list(compare_rivals.up_to_date(path)) == ["linear", "K-NN"]
    assert list(compare_rivals.up_to_date(path, without=["linear"])) == ["K-NN"]
    changed = compare_rivals.RIVALS["K-NN"]._replace(settings="four neighbours")
    monkeypatch.setitem(compare_rivals.RIVALS, "K-NN", changed)
    assert list(compare_rivals.up_to_date(path)) == ["linear"]


def test_the_plan_begins_with_every_rival_once():
    plan = compare_rivals.plan()
    once = [name for name in compare_rivals.RIVALS if name != "three LeNet-4, added"]
    assert [name for name, _, _ in plan[: len(once)]] == once
    assert len(set(plan)) == len(plan)
    last_lenet4 = plan.index(("LeNet-4", 60_000, 2))
    assert plan.index(("three LeNet-4, added", 60_000, 0)) > last_lenet4
