"""tools/compare_codes.py: the codes, the networks that it builds, what it counts; and what its record holds."""

import compare_codes as codes
import keras
import numpy as np
import pytest
from scipy import special

import lenet_keras as lk


def differing(vectors):
    """In how many places two of the vectors differ, for every pair."""
    return (vectors[:, np.newaxis] != vectors).sum(axis=2)[np.triu_indices(len(vectors), 1)]


@pytest.mark.parametrize("order", [4, 12, 84])
def test_rows_of_a_hadamard_matrix_are_orthogonal(order):
    matrix = codes.hadamard(order)
    np.testing.assert_array_equal(matrix @ matrix.T, order * np.eye(order, dtype=int))
    assert set(matrix.ravel().tolist()) == {-1, 1}


def test_codes_are_what_they_are_called():
    assert set(differing(codes.code("hadamard", 0)).tolist()) == {42}
    assert set(differing(codes.code("place", 0)).tolist()) == {2}
    random, again = codes.code("random", 1), codes.code("random", 2)
    assert random.shape == (10, 84) and set(random.ravel().tolist()) == {-1, 1} and (random != again).any()
    np.testing.assert_array_equal(random, codes.code("random", 1))
    np.testing.assert_allclose(codes.code("far drawings", 0), 1.7 * lk.layers.bitmaps())
    assert codes.code("softmax", 0) is None


@pytest.mark.parametrize("name, setting", codes.SETTINGS.items())
def test_networks_differ_in_their_end_only(name, setting):
    keras.utils.set_random_seed(0)
    model = codes.network(keras, setting["code"], 0)
    assert model.output_shape == (None, 10)
    below = sum(int(np.prod(w.shape)) for layer in model.layers[:8] for w in layer.trainable_weights)
    assert [layer.name for layer in model.layers[:7]] == ["C1", "S2", "C3", "S4", "C5", "flatten", "F6"]
    extra = {"softmax": 850, "place": 850}.get(setting["code"], 0)
    assert sum(int(np.prod(w.shape)) for w in model.trainable_weights) == 60_000 + extra and below >= 60_000
    penalties, ways, units = codes.scores(model, np.zeros((3, 32, 32, 1), "float32"))
    outputs = np.asarray(model(np.zeros((3, 32, 32, 1))))
    sign = -1 if setting["code"] == "softmax" else 1
    np.testing.assert_allclose(penalties, sign * outputs, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(ways["share"], special.softmax(-penalties, axis=1).max(axis=1), rtol=1e-4)
    assert units.shape == (3, 10 if setting["code"] == "place" else 84)
    measured = codes.loss(keras, setting["code"], setting["j"])
    assert getattr(measured, "junk", None) == setting["j"]


def test_no_digit_is_learned_and_judged():
    learn, judge = codes.drawn(3, 60_000)
    assert (len(learn), len(judge)) == (codes.LEARN, codes.JUDGED) and not set(learn) & set(judge)


def test_refusals_are_counted_on_the_other_half():
    sure = np.tile(np.arange(100.0), 2)  # both halves alike
    penalties = np.zeros((200, 10))
    penalties[:, 0] = -1
    labels = np.zeros(200, int)
    labels[100:110] = 1  # the ten least sure of the second half are wrong
    strange = {"letters": (None, {"way": np.array([0.0, 3.0, 50.0, 99.0])}, None)}
    found = codes.refusals(penalties, {"way": sure}, labels, strange)["way"]
    assert (found["digits"], found["answered"], found["errors_left"]) == (5.0, 95, 5)
    assert found["letters"] == 50.0 and found["limit"] == pytest.approx(4.95)


def test_what_is_judged_of_a_network():
    def layer(values):
        return keras.ops.zeros((len(values), 84)) - 1.6

    class Last:
        centres = None

        def __call__(self, values):
            return np.tile([[3.0, 0.5, 9, 9, 9, 9, 9, 9, 9, 9]], (len(values), 1))

    layer.name = "F6"
    model = type("Model", (), {"layers": [layer, Last()]})
    images, labels = np.zeros((4, 32, 32, 1)), np.array([1, 0, 2, 1])
    found = codes.judged(model, {"code": "drawings", "j": 2}, images, labels, {})
    assert (found["errors"], found["errors_of_two"]) == (2, 1)
    assert (found["median_distance"], found["median_second_distance"], found["units_beyond_1.5"]) == (0.5, 3, 1)
    rubbish = np.exp(-2) / (np.exp(-2) + np.exp(-0.5) + np.exp(-3) + 8 * np.exp(-9))
    assert found["median_rubbish"] == pytest.approx(rubbish, abs=1e-4) and found["rubbish_wins"] == 0


def test_the_record_is_whole_and_that_of_the_tool():
    record = lk.load_record("codes")
    assert record["settings"] == codes.settings()
    found = [(run["setting"], run["seed"]) for run in record["results"]]
    assert found == [(name, seed) for name in (*codes.SETTINGS, *codes.MOVING) for seed in codes.SEEDS]
    for run in record["results"]:
        if run["setting"] in codes.MOVING:
            assert [row["passes"] for row in run["course"]] == [0, 10, 20, 30, 40]
        else:
            assert 0 < run["errors_of_two"] < run["errors"] < codes.JUDGED / 10
            assert all(2 < way["digits"] < 8 for way in run["refusing"].values())


def test_what_the_lesson_says_of_the_record():
    runs = lk.load_record("codes")["results"]

    def each(name, key="errors"):
        return np.array([run[key] for run in runs if run["setting"] == name])

    assert np.abs(each("equation 8") - each("drawings")).max() <= 2  # at j = 1 both losses train alike
    for j in (20, 100):
        assert (each(f"j = {j}") > each("equation 8")).all()
    for rival in ("random codes", "error-correcting code", "place code", "softmax"):
        assert (each(rival) < each("drawings")).all()
    ends = {name: [course[-1] for course in each(name, "course")] for name in codes.MOVING}
    assert max(end["nearest_two"] for end in ends["moving, equation 8"]) < 0.01
    assert min(end["nearest_two"] for end in ends["moving, equation 9"]) > 3
    for moved, fixed in zip(ends["moving, equation 9"], ends["not moving, equation 9"], strict=True):
        assert moved["errors"] < fixed["errors"]
    for refusing in each("drawings", "refusing"):
        assert refusing["distance"]["two digits"] > 2 * refusing["share"]["two digits"] - 10
