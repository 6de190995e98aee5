"""tools/compare_updates.py: Adam in the loop of 1998 is that of Keras; the record says what lesson 16 tells."""

import json

import numpy as np
import pytest

import lenet_keras as lk


@pytest.fixture(scope="module")
def tool():
    import compare_updates

    return compare_updates


def test_adam_by_digit_makes_the_steps_of_keras(tool):
    keras = lk.start_keras()
    rng = np.random.default_rng(0)
    images, labels = rng.normal(size=(4, 32, 32, 1)).astype("float32"), np.array([3, 1, 4, 1])
    keras.utils.set_random_seed(0)
    ours, theirs = lk.lenet5_1998(), lk.lenet5_1998()
    theirs.set_weights(ours.get_weights())
    loop = tool.AdamByDigit(ours)
    loop.run(images, labels, 0.001)
    equation_9 = lk.layers.MaximumAPosteriori(junk=1)
    theirs.compile(keras.optimizers.Adam(0.001), lambda labels, distances: equation_9.call(labels, distances / 2))
    theirs.fit(images, labels[:, None], batch_size=1, shuffle=False, verbose=0)
    for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        assert np.abs(one - other).max() < 5e-4 and np.abs(one - other).mean() < 2e-5
    loop.forget()
    assert all(float(abs(each.numpy()).max()) == 0 for each in (*loop.means, *loop.squares, loop.count))


def test_other_settings_begin_anew_and_the_same_ones_go_on(tool, monkeypatch, tmp_path):
    """The measured settings are kept with the trainings that they hold for, and measured again without them."""
    old, written = lk.load_record("updates"), []
    monkeypatch.setattr(tool, "RECORD", tmp_path / "updates.json")
    monkeypatch.setattr(tool, "seconds_of", lambda *_: {"every weight": 2.0} | dict.fromkeys(tool.ADAMS, 1.0))
    monkeypatch.setattr(tool.records, "write", lambda path, record: written.append(record))

    class Trainer:
        validate = range(old["settings"]["judged_digits"])

        def train(self, start, way, rate, seed, digits):
            return digits

        def errors(self):
            return 7

    monkeypatch.setattr(tool, "Trainer", lambda digits: Trainer())
    monkeypatch.setattr(lk, "load_digits", lambda source: None)
    now = old | tool.records.conditions()
    (tmp_path / "updates.json").write_text(json.dumps(now | {"results": old["results"][1:]}))
    tool.main()
    assert len(written) == 1 and written[0]["settings"] == old["settings"]
    assert written[0]["results"] == [*old["results"][1:], written[0]["results"][-1]]
    monkeypatch.setattr(tool, "DIGITS", 1000)
    tool.main()
    assert len(written[-1]["results"]) == len(old["results"]) and written[-1]["settings"]["digits"] == 1000
    assert {run["seconds"] for run in written[-1]["results"] if run["way"] in tool.ADAMS} == {2000}


def test_every_training_of_the_tool_is_recorded_once(tool):
    record = lk.load_record("updates")
    found = [(run["start"], run["way"], run["rate"], run["seed"]) for run in record["results"]]
    wanted = [(*training, seed) for seed in tool.SEEDS for training in tool.TRAININGS]
    assert sorted(found) == sorted(wanted) and len(set(found)) == len(found)
    settings = record["settings"]
    seconds, counts = settings["seconds_for_equal_digits"], settings["digits_in_equal_time"]
    for way in tool.ADAMS:
        assert counts[way] == pytest.approx(tool.DIGITS * seconds["every weight"] / seconds[way], abs=tool.PIECE)


def test_the_record_says_what_lesson_16_tells(tool):
    record = lk.load_record("updates")
    errors = {}
    for run in record["results"]:
        share = 100 * run["errors"] / record["settings"]["judged_digits"]
        errors.setdefault((run["start"], run["way"]), {}).setdefault(run["rate"], []).append(share)
    means = {key: {rate: np.mean(each) for rate, each in found.items()} for key, found in errors.items()}
    assert min(errors[tool.PRINTED, "every weight"][tool.ETA]) > 85  # guessing, in every seed
    for way in ("one rate", "Adam, 1 digit"):
        [mean] = means[tool.PRINTED, way].values()
        assert mean < min(means[tool.ROOT, way].values()) + 1
    assert 10 < means[tool.PRINTED, "repeated"][tool.ETA] < 20 and means[tool.ROOT, "repeated"][tool.ETA] < 6
    own, one = (list(means[tool.ROOT, way].values()) for way in ("every weight", "one rate"))
    assert min(own) < min(one) < min(own) + 0.5
    best = np.array(list(errors[tool.ROOT, "one rate"].values())[np.argmin(one)])
    signs = np.sign(best - np.array(list(errors[tool.ROOT, "every weight"].values())[np.argmin(own)]))
    assert {-1, 1} <= set(signs)  # up and down with the seed
    assert own[4] < own[2] + 0.2 and 2 < own[0] - min(own) < 3 < min(one[0], one[4]) - min(one)
