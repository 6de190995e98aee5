"""The recorded results: each has the form, is whole, and belongs to the tools and the weights that are here.

These tests can fail when a record or a tool is changed; they make no experiment again.
"""

import dataclasses
import re
import shutil
from pathlib import Path

import compare_changes
import compare_crowds
import compare_readers
import compare_rivals
import numpy as np
import pytest
import record as records
import train
from course_files import NOTEBOOKS

import lenet_keras as lk
from lenet_keras.records import COURSE, DATA, checked_record

RECORDS = sorted(path.stem for path in DATA.glob("*.json") if path.stem != "paper")


@pytest.mark.parametrize("name", RECORDS)
def test_every_record_has_the_form_and_names_a_tool_that_is_here(name):
    record = records.read(DATA / f"{name}.json")
    assert record == lk.load_record(name)
    (tool,) = re.findall(r"^python (tools/\w+\.py)", record["command"])
    assert (COURSE / tool).is_file()
    text = (DATA / f"{name}.json").read_text(encoding="utf-8")
    assert records.layout(record) + "\n" == text


@pytest.mark.parametrize("name", ["no such", "../data/paper", str(DATA / "paper"), "x" * 300, None, 3])
def test_a_record_that_is_not_there_is_refused(name):
    with pytest.raises(ValueError, match="There is no record .* in the data folder; there are .*paper"):
        lk.load_record(name)


@pytest.mark.parametrize("content", ["", "{", "3", "[" * 100_000])
def test_a_damaged_record_is_told_by_its_name(content, tmp_path, monkeypatch):
    monkeypatch.setattr("lenet_keras.records.DATA", tmp_path)
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(ValueError, match="x.json is damaged: bring it back"):
        lk.load_record("x")


def test_a_record_that_may_not_be_read_is_told_by_its_name(tmp_path, monkeypatch):
    monkeypatch.setattr("lenet_keras.records.DATA", tmp_path)
    (tmp_path / "x.json").mkdir()
    with pytest.raises(ValueError, match="x.json is damaged: bring it back"):
        lk.load_record("x")


# ------------------------------------------------------------------------------------------------ shipped weights

SHIPPED = {"standard": "lenet5", "distorted": "lenet5_distorted", "strings": "lenet5_strings"}


@pytest.mark.parametrize("kind", train.KINDS)
def test_the_record_of_a_training_is_that_of_its_recipe(kind):
    name, recipe = train.KINDS[kind]
    record = lk.load_record(name)
    again = f"another recipe than that of data/{name}.json: run tools/train.py {kind}, then tools/record.py"
    assert record["settings"]["recipe"] == dataclasses.asdict(recipe), again
    assert record["command"] == f"python tools/train.py {kind} --seed {record['settings']['seed']}"
    assert ("sha256" in record) == (kind in SHIPPED)
    for curve in record["results"].get("curves", {}).values():
        assert len(curve) == recipe.epochs
    if kind == "distorted":
        assert record["settings"]["ranges"] == train.RANGES
    if kind == "strings":
        assert record["settings"].items() >= train.WINDOWS.items()


@pytest.mark.parametrize("kind, words", [
    ("standard", "trained on MNIST for 12 epochs; recorded test error 0.95 %"),
    ("distorted", "trained on distorted digits of MNIST for 30 epochs; recorded test error 0.58 %"),
    ("strings", "recorded error on such windows 2.4 %"),
])  # fmt: skip
def test_shipped_weights_load_with_a_line_that_says_what_is_recorded(kind, words, capsys):
    model = lk.load_lenet5(kind)
    said = capsys.readouterr().out
    assert words in said and said.count("\n") == 1
    assert model.output_shape == (None, 11 if kind == "strings" else 10)
    assert (DATA / f"{SHIPPED[kind]}.weights.h5").stat().st_size < 300_000


@pytest.mark.parametrize("kind", ["large", "mine.weights.h5", Path("mine.weights.h5"), ["standard"]])
def test_another_kind_or_a_file_of_the_student_is_refused_with_what_to_do(kind):
    reads = "reads the course's networks, 'standard', 'distorted', 'strings', not .* For your own: network = lk.lenet5"
    with pytest.raises(ValueError, match=reads):
        lk.load_lenet5(kind)


@pytest.mark.parametrize("name", SHIPPED.values())
def test_changed_or_missing_weights_are_refused(name, tmp_path):
    weights, record = tmp_path / f"{name}.weights.h5", tmp_path / f"{name}.json"
    shutil.copy(DATA / weights.name, weights)
    with pytest.raises(ValueError, match=rf"{name}\.json, which belongs to the trained network, is missing"):
        checked_record(weights)
    shutil.copy(DATA / record.name, record)
    assert checked_record(weights) == lk.load_record(name)
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    with pytest.raises(ValueError, match=rf"{name}\.weights\.h5 was changed: its SHA-256 begins with"):
        checked_record(weights)
    weights.unlink()
    with pytest.raises(ValueError, match=rf"{name}\.weights\.h5.* is missing .*fresh copy of the course"):
        checked_record(weights)


@pytest.mark.parametrize("kind", ["standard", "distorted"])
def test_shipped_weights_read_mnist_as_recorded(kind):
    if lk.data.find()[0].name != "mnist":
        pytest.skip("needs the real MNIST: set LENET_DATA to the folder with mnist.npz")
    digits = lk.load_digits()
    answers = lk.probabilities(lk.load_lenet5(kind), digits.x_test).argmax(axis=1)
    # Another processor may see one or two digits on the border otherwise.
    recorded = lk.load_record(SHIPPED[kind])["results"]["test_errors"]
    assert abs((answers != digits.y_test).sum() - recorded) <= 2


@pytest.mark.parametrize("kind, at_most", [("standard", 0.25), ("distorted", 0.15)])
def test_shipped_weights_read_other_digits_too(kind, at_most, bundled):
    answers = lk.probabilities(lk.load_lenet5(kind), bundled.x_test).argmax(axis=1)
    assert (answers != bundled.y_test).mean() < at_most


def test_the_network_of_strings_reads_blank_paper_as_blank():
    paper = np.full((1, 32, 32, 1), lk.data.PAPER, "float32")
    assert lk.probabilities(lk.load_lenet5("strings"), paper).argmax() == lk.strings.BLANK


def test_distorted_digits_helped():
    distorted, plain = (lk.load_record(f"lenet5_{kind}distorted") for kind in ("", "un"))
    assert distorted["results"]["test_errors"] < plain["results"]["test_errors"]
    assert all(distorted[key] == plain[key] for key in ("data", "versions"))
    assert all(distorted["settings"][key] == plain["settings"][key] for key in ("recipe", "seed"))


# ------------------------------------------------------------------------------------------------ comparisons


def test_the_changes_are_there_for_every_seed_of_every_setting():
    record = lk.load_record("changes")
    settings, runs = record["settings"], record["results"]
    now = {name: dataclasses.asdict(setting) for name, setting in compare_changes.SETTINGS.items()}
    assert settings["networks"] == now
    asked = {(name, seed) for name, setting in now.items() for seed in range(setting["seeds"])}
    assert {(run["setting"], run["seed"]) for run in runs} == asked and len(runs) == len(asked)
    assert sum(settings["validation_digits_by_class"]) == settings["validation_digits"]
    for run in runs:
        assert run["validation_errors"] == settings["validation_digits"] - sum(run["right_by_class"])
        assert len(run["training_loss"]) == settings["epochs"] == compare_changes.RECIPE.epochs


def test_the_crowds_of_writers_are_as_lesson_01_tells_them():
    record, students, census = lk.load_record("crowds"), compare_crowds.STUDENTS, compare_crowds.CENSUS
    assert record["settings"]["students"] == students and record["settings"]["census"] == census
    assert students["training"] + census["training"] == 60_000 and students["test"] + census["test"] == 10_000
    results = record["results"]
    assert [run["seed"] for run in results["errors"]] == list(compare_crowds.SEEDS)
    for run in results["errors"]:  # the students' digits are the harder ones, and in both sets
        shares = {key: run[key] / size for key, size in results["digits"].items()}
        assert shares["test_students"] > 1.5 * shares["test_census"]
        assert shares["validation_students"] > shares["validation_census"]
    shipped = results["errors"][0]
    assert shipped["test_students"] + shipped["test_census"] == lk.load_record("lenet5")["results"]["test_errors"]
    near = {crowd: row["nearest_stands_near"] / row["digits"] for crowd, row in results["nearest"].items()}
    assert near["census"] > 10 * near["students"]  # the Census digits stand writer by writer
    slants = results["test_slant_in_degrees"]
    assert max(slants[:10]) < 3 < np.mean(slants[10:]) and 59_915 in results["odd_labels"]


def test_every_rival_of_the_tool_is_there():
    record, rivals = lk.load_record("rivals"), compare_rivals.RIVALS
    assert list(record["results"]) == list(rivals)
    known = lk.load_record("paper")["fig_9_test_error_in_percent"]
    assert set(rivals) - set(known) == {"linear, cross-entropy"}
    for name, entry in record["results"].items():
        assert entry["settings"] == rivals[name][0]
        assert 0 < entry["test_errors"] < record["settings"]["test_digits"] / 4
        assert entry["stored_numbers"] > 0 and entry["multiply_accumulates"] > 0
        assert entry["seconds_to_classify"] > 0
        assert entry["seconds_to_train"] is None or entry["seconds_to_train"] > 0


def test_every_way_to_read_strings_is_there_for_every_spacing_and_length():
    record = lk.load_record("string_readers")
    cells, count = record["results"]["read"], record["settings"]["strings"]
    places = [(cell["digits"], cell["spacing"]) for cell in cells]
    wanted = {(5, spacing) for spacing in compare_readers.SPACINGS}
    wanted |= {(n, spacing) for n in compare_readers.LENGTHS for spacing in compare_readers.LENGTH_SPACINGS}
    assert set(places) == wanted and len(places) == len(wanted)
    names = {"plain, swept", "trained, swept, collapsed", "trained, swept, searched", "cut at gaps"}
    for cell in cells:
        assert set(cell["wrong"]) == names
        assert all(0 <= errors <= count for errors in cell["wrong"].values())
    assert record["results"]["price"] in record["settings"]["prices"]
    assert record["results"]["certainty"] in record["settings"]["certainties"]


def test_every_run_of_1998_has_twenty_passes():
    record = lk.load_record("reproduction")
    assert record["settings"]["schedule"] == list(lk.training_1998.SCHEDULE)
    for run in record["results"]:
        curves = ["running_training_error", "test_errors", "seconds"]
        curves += ["lowest_rate", "highest_rate"] if run["optimiser"] == "second order" else []
        assert all(len(run[curve]) == 20 for curve in curves)
        assert abs(run["wall_seconds"] - sum(run["seconds"])) <= 0.5


# ------------------------------------------------------------------------------------------------------- times


def test_distorting_as_in_training_costs_at_most_a_third_of_an_epoch():
    shares = lk.load_record("distortion_times")["results"]["share_of_an_epoch"]
    for way in ("training: the ranges of tools/train.py", "training, in a tf.data pipeline"):
        assert 0 < shares[way] <= 1 / 3


def test_the_times_of_convolutions_are_as_notebook_14_tells_them():
    results = lk.load_record("im2col_times")["results"]
    assert list(results["microseconds"]) == ["C1", "C3", "C5"]
    for times in results["microseconds"].values():
        assert times["loops"] > 100 * times["im2col"] and times["windows"] > 2 * times["im2col"]
    c1, c3, c5 = (times["im2col"] / times["Keras"] for times in results["microseconds"].values())
    assert c1 > 1 > 5 * c5 and 0.5 < c3 < 2
    small, large = results["update_milliseconds"].values()
    for way in ("NumPy, 64 bits", "NumPy, 32 bits"):
        assert small[way] < 2 * small["Keras, 32 bits"] and large[way] > 2 * large["Keras, 32 bits"]
        assert 6 < large[way] / small[way] < 11 and large["Keras, 32 bits"] / small["Keras, 32 bits"] < 4


def test_every_notebook_has_its_time():
    assert list(lk.load_record("run_times")["results"]) == [path.stem for path in NOTEBOOKS]
