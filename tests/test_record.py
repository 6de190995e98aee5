"""tools/record.py: the form of records, how they are written, weights shipped, ways timed, cards made."""

import hashlib
import json
import types

import numpy as np
import pytest
import record as records

import lenet_keras as lk

GOOD = {
    "command": "python tools/x.py",
    "data": "none",
    "versions": {"keras": "3"},
    "machine": "a",
    "settings": {},
    "results": {"error": 0.5},
}
APART = {"command": "python tools/x.py", "data": "none", "settings": {"a": 1}}
EACH = {"versions": {"keras": "3"}, "machine": "a", "error": 0.5}


@pytest.mark.parametrize(
    "record", [GOOD, GOOD | {"sha256": "0f"}, APART | {"results": [EACH, EACH]}, APART | {"results": {"one": EACH}}]
)
def test_records_of_the_form_are_accepted_and_read_back(record, tmp_path):
    records.write(tmp_path / "x.json", record)
    assert records.read(tmp_path / "x.json") == record
    assert [path.name for path in tmp_path.iterdir()] == ["x.json"]


@pytest.mark.parametrize(
    "record, words",
    [
        ({key: value for key, value in GOOD.items() if key != "command"}, "lacks command"),
        ({key: value for key, value in GOOD.items() if key != "machine"}, "or to each of its results"),
        (GOOD | {"recipe": {}}, "no entry recipe"),
        (GOOD | {"results": {}}, "results cannot be {}"),
        (GOOD | {"results": 3}, "results cannot be 3"),
        (GOOD | {"versions": "3.15"}, "versions cannot be '3.15'"),
        (GOOD | {"command": ""}, "command cannot be ''"),
        (APART | {"results": [EACH, {"error": 0.5}]}, "or to each of its results"),
        (APART | {"results": [0.5]}, "or to each of its results"),
    ],
)
def test_other_records_are_refused_and_not_written(record, words, tmp_path):
    with pytest.raises(ValueError, match=words):
        records.write(tmp_path / "x.json", record)
    assert list(tmp_path.iterdir()) == []


def test_a_write_that_fails_leaves_what_was_there_and_nothing_else(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    records.write(tmp_path / "x.json", GOOD)
    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match="No space left"):
        records.write(tmp_path / "x.json", GOOD | {"machine": "another"})
    assert [path.name for path in tmp_path.iterdir()] == ["x.json"]
    assert records.read(tmp_path / "x.json") == GOOD


def test_there_may_be_no_record_yet(tmp_path):
    assert records.read(tmp_path / "x.json") is None


def test_runs_with_the_same_settings_are_kept(tmp_path):
    path, settings = tmp_path / "x.json", {"rates": (0.1, 0.2), "links": {1: 60}}
    assert records.runs(path, settings) == []
    records.write(path, APART | {"settings": settings, "results": [EACH]})
    assert records.runs(path, settings) == [EACH]
    assert records.runs(path, settings | {"rates": (0.1, 0.3)}) == [] == records.runs(path, settings | {"passes": 2})


@pytest.mark.parametrize("change", [{"machine": "another"}, {"versions": {"keras": "2"}}])
def test_runs_that_share_a_machine_and_versions_are_kept_on_the_same_ones(change, tmp_path):
    record = records.head("python tools/x.py", "none", {"passes": 1}) | {"results": [{"errors": 3}]}
    records.write(tmp_path / "x.json", record)
    assert records.runs(tmp_path / "x.json", {"passes": 1}) == [{"errors": 3}]
    records.write(tmp_path / "x.json", record | change)
    assert records.runs(tmp_path / "x.json", {"passes": 1}) == []


def test_runs_that_depend_on_one_of_several_settings_are_kept_with_it(tmp_path):
    settings = {"passes": 1, "networks": {"a": {"j": 1}, "b": {"j": 2}, "c": {"j": 3}}}
    results = [EACH | {"setting": name} for name in "abc"]
    records.write(tmp_path / "x.json", APART | {"settings": settings, "results": results})
    now = {"passes": 1, "networks": {"b": {"j": 20}, "c": {"j": 3}, "d": {}}}
    assert records.runs(tmp_path / "x.json", now, "networks") == results[2:]
    assert records.runs(tmp_path / "x.json", now) == []
    assert records.runs(tmp_path / "x.json", settings | {"passes": 2}, "networks") == []


def test_the_head_names_the_versions_that_are_there():
    import sklearn
    import tensorflow

    head = records.head("python tools/x.py", "none", {"a": 1}, "scikit-learn")
    records.check(head | {"results": {"error": 0.5}})
    assert head["versions"]["tensorflow"] == tensorflow.__version__
    assert head["versions"]["scikit-learn"] == sklearn.__version__


def test_the_layout_is_json_with_lists_of_numbers_on_a_line():
    value = {
        "short": {"a": [1, 2], "é": None},
        "numbers": list(np.linspace(0, 1, 60)),
        "many": [{"name": "x" * 90, "number": k, 16: {"y": "z" * 90}} for k in range(2)],
        "text": 'with "quotes"',
    }
    text = records.layout(value)
    assert json.loads(text) == json.loads(json.dumps(value))
    lines = text.splitlines()
    assert lines[1] == ' "short": {"a": [1, 2], "é": null},'
    assert lines[2].startswith(' "numbers": [0.0, 0.0169') and lines[2].endswith("1.0],")
    assert lines[3:5] == [' "many": [', "  {"] and len(lines) == 17


def test_shipped_weights_are_those_of_the_trained_network_without_its_optimiser(tmp_path):
    model = lk.lenet5()
    model.compile("adam", "mse")
    model.optimizer.build(model.trainable_variables)
    path = tmp_path / "new" / "x.weights.h5"
    digest = records.ship(model, lk.lenet5(), path)
    assert digest == hashlib.sha256(path.read_bytes()).hexdigest() and path.stat().st_size < 300_000
    again = lk.lenet5()
    again.load_weights(path)
    for one, other in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_ways_take_turns_and_the_best_round_counts_but_never_the_first(monkeypatch):
    # A start that does not count, then rounds of 4 and 3 seconds for a, and of 1 and 2 for b.
    moments = iter([0, 0, 0, 4, 0, 1, 0, 3, 0, 2])
    monkeypatch.setattr(records, "time", types.SimpleNamespace(perf_counter=lambda: next(moments)))
    calls = []
    ways = {"a": (lambda: calls.append("a"), 2), "b": (lambda: calls.append("b"), 1)}
    assert records.best_of(ways, 2) == {"a": 1.5, "b": 1}
    assert calls == ["a", "a", "b"] * 3


def test_the_cards_are_as_the_records_have_them():
    text = records.CARDS.read_text(encoding="utf-8")
    assert records.with_cards(text) == text
    assert text.count("<!-- card of ") == text.count("<!-- end of card -->") == len(records.CARD.findall(text)) == 5


def test_the_card_of_several_seeds_under_a_teacher():
    record = lk.load_record("lenet5_best")
    record["results"]["seeds"]["test_errors"] = [46, 40, 50, 52, 52]  # 240 of 50,000
    card = records.card(record)
    assert "| the same of seeds 1 to 5 | 0.46, 0.40, 0.50, 0.52, 0.52 %; mean 0.480 % |" in card
    assert "| teacher | 273,322 parameters; 16 epochs, " in card and "targets missed in training" in card
    assert "error in training" not in card


def test_a_card_shows_what_its_record_says():
    record = lk.load_record("lenet5")
    card = records.card(record)
    for part in (
        f"`{record['command']}`",
        record["data"],
        record["sha256"],
        "12 epochs, 16 digits an update, stochastic gradient descent, learning rate 0.1 falling to 0",
        "| seed | 1 |",
        "| error on the 10,000 test digits | 0.95 % |",
    ):
        assert part in card
    changed = records.card(record | {"results": record["results"] | {"test_errors": 123}})
    assert "1.23 %" in changed and "0.95 %" not in changed


def test_only_what_stands_between_the_markers_is_written_anew():
    text = "before <!-- card of lenet5.json -->\nold\n<!-- end of card --> after\n<!-- end of card -->\n"
    new = records.with_cards(text)
    assert new.startswith("before <!-- card of lenet5.json -->\n\n| | |\n")
    assert new.endswith("|\n\n<!-- end of card --> after\n<!-- end of card -->\n") and "old" not in new
