"""The apparatus behind the exercises: kinds, judging, hints, predictions, the file of progress and the report."""

import fractions
import json
import os
import pathlib
import re
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf
from course_files import COURSE

import lenet_keras as lk
from lenet_keras import data
from lenet_keras.course import exercises, progress, report
from lenet_keras.course.exercises import UNKNOWN, Refused, compare


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A file of progress of this test's own; a call of the fixture reads it."""
    path = tmp_path / "mine.json"
    monkeypatch.setenv("LENET_PROGRESS", str(path))
    monkeypatch.setattr(progress, "_session", None)
    monkeypatch.setattr(progress, "_trouble_was_said", False)
    monkeypatch.setattr(progress, "_counted", 0)
    monkeypatch.setattr(data, "test_openings", [])

    def read():
        return json.loads(path.read_text())

    read.path = path
    return read


@pytest.fixture
def sample():
    """An exercise 98.1 with three hints, of which 4 is the answer and 5 a known mistake."""

    def judge(value):
        if value == 7:
            raise FileNotFoundError("paper.json is gone.")
        return compare(value, 4, {5: "that is five."})

    exercises.exercise("98.1", exercises.a_number, ["first.", "second.", "third."])(judge)


def refusal(kind, answer):
    with pytest.raises(Refused) as caught:
        kind(answer)
    return str(caught.value)


# ---------------------------------------------------------------------------------------------------------- kinds


@pytest.mark.parametrize(
    "answer",
    [4, 4.0, np.int8(4), np.float32(4), np.array(4), np.array([[4]]), [4], (4,), fractions.Fraction(4), tf.constant(4)],
)
def test_every_form_of_one_number_is_handed_on_as_an_int_or_a_float(answer):
    value = exercises.a_number(answer)
    assert value == 4 and type(value) in (int, float)


@pytest.mark.parametrize(
    "answer, words",
    [
        ("4", "give the number, without quotes."),
        (["4"], "without quotes"),
        (np.array("4"), "without quotes"),
        ([], "yours has 0."),
        ((), "yours has 0."),
        ([1, 2], "yours has 2."),
        ((9, 0), "write 9000 if you mean 9,000."),
        ((1, 234, 500), "write 1234500 if you mean 1,234,500."),
        ((32, 32, 1), "yours has 3."),
        ((9, True), "yours has 2."),
        (float("inf"), "one finite number, not inf."),
        (None, "one finite number"),
        (10**400, "so large a number"),
        (False, "not True or False."),
        (2j, "not complex."),
        ({4}, "not a set."),
        ({"a": 4}, "not a dict."),
        ([1, [2]], "not a list."),
        (len, "not a function."),
        (object(), "not object."),
    ],
)
def test_what_is_not_one_number_is_refused_with_the_reason(answer, words):
    assert words in refusal(exercises.a_number, answer)


def test_so_many_numbers():
    for answer in ([2, 1], (2, 1), np.array([[2], [1]]), tf.constant([2, 1]), [np.float32(2), fractions.Fraction(1)]):
        found = exercises.numbers(2)(answer)
        assert found.tolist() == [2, 1] and found.dtype == float
    assert sorted(exercises.numbers(2, ordered=False)({2, 1})) == [1, 2]
    assert refusal(exercises.numbers(2), {1, 2}) == "a set has no order: give a list of 2 numbers."
    assert refusal(exercises.numbers(2), 5) == "the answer is a list of 2 numbers, but yours has 1."
    assert refusal(exercises.numbers(2), ["1", 2]) == "give the numbers, without quotes."
    assert "no finite number" in refusal(exercises.numbers(2), [1, float("nan")])
    assert refusal(exercises.numbers(2), [1, [2, 3]]) == "the answer is a list of 2 numbers, not a list."


def test_an_array_of_a_shape():
    kind = exercises.an_array(2, 2)
    for answer in ([[1, 0], [0, 1]], np.eye(2, dtype=bool), tf.eye(2), ((1, 0), (0, 1))):
        found = kind(answer)
        assert found.tolist() == [[1, 0], [0, 1]] and found.dtype == float
    assert refusal(kind, [1, 0, 0, 1]) == "the answer is an array of shape (2, 2), but yours has shape (4,)."
    assert "no finite number" in refusal(kind, [[1, None], [0, 1]])
    assert refusal(kind, "1 0 0 1") == "give an array of numbers, without quotes."


def test_a_model_and_a_file(tmp_path):
    keras = lk.start_keras()
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    assert exercises.a_model(model) is model
    assert "not built yet" in refusal(exercises.a_model, keras.Sequential([keras.layers.Dense(1)]))
    assert "a Keras model, not a function" in refusal(exercises.a_model, keras.Sequential)
    assert "a Keras model, not a list" in refusal(exercises.a_model, [model])
    reader = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(10)])
    assert exercises.a_reader(8)(reader) is reader
    assert refusal(exercises.a_reader(9), reader) == "the images are 9×9×1, but yours are 8×8×1."
    other = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Flatten()])
    assert "ten numbers come out for each image, but yours have the shape (64,)" in refusal(
        exercises.a_reader(8), other
    )
    path = tmp_path / "pad.html"
    assert "there is no file 'pad.html'" in refusal(exercises.a_file, path)
    path.touch()
    assert exercises.a_file(str(path)) == exercises.a_file(path) == path
    assert "the name of a file" in refusal(exercises.a_file, 5)
    for name in ("\0", "a" * 300):
        assert "no file can have the name" in refusal(exercises.a_file, name)


# ------------------------------------------------------------------------------------------- the student's function


def test_a_function_works_on_copies_and_a_change_in_place_is_seen():
    def double(image, more):
        image *= 2
        more.append(1)
        return image

    given, more = np.array([1.0, np.nan]), [[0]]
    function = exercises.a_function(double)
    np.testing.assert_array_equal(function(given, more), [2, np.nan])
    assert function.changed and given[0] == 1 and more == [[0]]
    for innocent in (lambda image: image * 2, lambda image: image):
        function = exercises.a_function(innocent)
        function(given)
        assert not function.changed
    for change in (lambda numbers: numbers.pop(), lambda numbers: numbers.sort() or 2):
        function = exercises.a_function(change)
        assert function.number([2, 1, 2]) == 2 and function.changed


def test_what_goes_wrong_in_a_function_is_told_as_the_function_s():
    def fails(_):
        raise KeyError("C9")

    given = np.zeros(2)
    assert refusal(exercises.a_function(fails), given) == "your function raised KeyError: 'C9'."
    assert refusal(exercises.a_function(lambda: 0), given).startswith("your function raised TypeError: ")
    for words in ("", " ", "."):

        def silent(_, words=words):
            raise ValueError(words)

        assert refusal(exercises.a_function(silent), given) == "your function raised ValueError."
    assert "does it end in return" in refusal(exercises.a_function(lambda _: None), given)
    assert refusal(exercises.a_function, 5).startswith("give the function itself, its name without brackets")


@pytest.mark.parametrize(
    "result, words",
    [
        ("5", "one number, not a text."),
        (float("nan"), "one finite number, not nan."),
        (np.array([np.inf]), "one finite number, not inf."),
        (tf.constant(float("nan")), "one finite number, not nan."),
        (np.arange(3), "one number, not an array of shape (3,)."),
        ([1, 2], "one number, not a list."),
        (True, "one number, not True or False."),
    ],
)
def test_a_function_that_should_give_one_number(result, words):
    with pytest.raises(Refused, match="your function must give back ") as caught:
        exercises.a_function(lambda: result).number()
    assert str(caught.value).endswith(words)


def test_a_function_that_should_give_an_array():
    for result in ([[1, 2]], tf.constant([[1, 2]]), np.array([[1, 2]], "uint8")):
        assert exercises.a_function(lambda result=result: result).array().tolist() == [[1, 2]]
    with pytest.raises(Refused, match="an array of numbers, not an array of shape .2,. and of bool"):
        exercises.a_function(lambda: np.ones(2, bool)).array()


# ------------------------------------------------------------------------------------------------- judging a value


@pytest.mark.parametrize("right", [61_706, 1 / 3, 2.993, -0.25, 0])
def test_a_float32_computation_is_right_and_a_wrong_digit_is_not(right):
    assert compare(float(np.float32(right)), right) is None
    assert compare(right + (1 if isinstance(right, int) else 1e-3), right) is UNKNOWN


def test_within_counts_up_to_its_edge():
    assert compare(1.1, 1.0, within=0.1) is None  # 1.1 - 1.0 is a little more than 0.1 in floats
    assert compare(1.1001, 1.0, within=0.1) is UNKNOWN


def test_mistakes_come_after_what_is_right():
    mistakes = {90: "in per cent.", 9000: "never told."}
    assert compare(9000, 9000, mistakes) is None
    assert compare(90.0, 9000, mistakes) == "in per cent."
    assert compare(91, 9000, mistakes) is UNKNOWN
    assert compare(90.4, 9000, mistakes, within=0.5) == "in per cent."


def test_per_cent_for_a_share_where_it_cannot_be_meant_otherwise():
    assert compare(19.2, 0.192, share=True) is None
    assert compare(19.3, 0.192, share=True) is UNKNOWN
    assert compare(19.3, 0.192, share=True, within=0.002) is None
    assert compare(19.2, 0.192) is UNKNOWN
    assert compare(0.5, 0.005, share=True) is UNKNOWN  # may be meant as a share


@pytest.mark.parametrize("right", [9000, 9000.0])
def test_a_decimal_point_for_thousands_is_explained(right):
    assert compare(9.000, right) == "in Python the point is a decimal point: write 9_000 for 9,000."


def test_arrays_are_compared_number_by_number():
    right = np.array([1.0, 2.0])
    mistakes = [(2 * right, "twice as much."), (np.ones(3), "never met: it has another shape.")]
    assert exercises.compare_arrays(right * (1 + 5e-5), right, mistakes) is None
    assert exercises.compare_arrays(right * 1.001, right, mistakes) is UNKNOWN
    assert exercises.compare_arrays(right * 1.001, right, mistakes, within=0.01) is None
    assert exercises.compare_arrays(np.array([2.0, 4.0]), right, mistakes) == "twice as much."
    assert "the shape (2,), not (3,)" in exercises.compare_arrays(np.ones(3), right, mistakes)


# ------------------------------------------------------------------------------------------------ checks and hints


def test_check_prints_one_line_for_each_case(sample, capsys):
    def said(answer):
        assert exercises.check("98.1", answer) is None
        return capsys.readouterr().out

    assert said(None) == "Exercise 98.1: no answer yet.\n"
    assert said(5) == 'Exercise 98.1: not yet: that is five. lk.hint("98.1") helps.\n'
    assert said(6) == 'Exercise 98.1: not yet: first. lk.hint("98.1") helps.\n'
    assert said(np.float32(4)) == "Exercise 98.1: right.\n"
    told = said(7)
    assert told.startswith("Exercise 98.1: could not be checked, through no fault of your answer: paper.json is gone.")
    assert "FileNotFoundError" in told


def test_a_turn_gives_back_the_right_answer_or_the_course_s_own(kept, capsys):
    def judge(function):
        return compare(function.number(3), 9, {6: "that is twice the number."})

    def ours(x):
        return x * x

    def blank(x):
        return ____ * x  # noqa: F821

    exercises.exercise("98.a", exercises.a_function, ["first.", "second."], ours=ours)(judge)
    mine = lambda x: x**2  # noqa: E731
    assert exercises.checked("98.a", mine) is mine
    assert capsys.readouterr().out == "Exercise 98.a: right.\n"
    for unfilled in (None, blank):
        assert exercises.checked("98.a", unfilled) is ours
        assert capsys.readouterr().out.splitlines() == [
            "Exercise 98.a: no answer yet.",
            "The lesson goes on with the course's own version.",
        ]
    assert exercises.checked("98.a", lambda x: 2 * x) is ours
    assert "not yet: that is twice the number." in capsys.readouterr().out
    exercises.check("98.a", blank)
    assert capsys.readouterr().out == "Exercise 98.a: no answer yet.\n"
    assert kept()["exercises"]["98.a"] == {"tries": 1, "hints": 0, "solved": True}


@pytest.mark.parametrize("name", [4.2, "4.2", "04", None, "04.a"])
def test_a_prediction_needs_a_name(name):
    for call in (exercises.predict, exercises.reveal):
        with pytest.raises(ValueError, match='has a name such as "04.2", notebook and number in quotes, not '):
            call(name, 1)


def test_an_exercise_without_an_answer_of_the_course_is_no_turn(sample):
    with pytest.raises(ValueError, match=r"98\.1 has no answer of the course's own: use lk\.check\."):
        exercises.checked("98.1", 4)


def test_hints_come_one_after_the_other_and_begin_again(sample, capsys):
    for _ in range(4):
        exercises.hint("98.1")
    assert capsys.readouterr().out.splitlines() == [
        "Hint 1 of 3 for 98.1: first.",
        "Hint 2 of 3 for 98.1: second.",
        "Hint 3 of 3 for 98.1: third.",
        "Hint 1 of 3 for 98.1: first.",
    ]
    exercises.check("98.1", 5)
    assert capsys.readouterr().out.endswith("that is five.\n")  # all hints were given


def test_a_hint_that_a_check_gave_is_not_given_again(sample, capsys):
    exercises.check("98.1", 6)
    exercises.hint("98.1")
    assert capsys.readouterr().out.endswith("Hint 2 of 3 for 98.1: second.\n")


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("99.9", '"00.1" to "2'),
        ("", '"00.1", "00.2"'),
        (1.2, '"01.1", "01.2", '),
        ("01", '"01.1", '),
        ("1.2", '"01.1", '),
    ],
)
def test_an_unknown_exercise_is_refused_and_those_of_its_notebook_are_named(name, there):
    for call in (exercises.check, exercises.verdict, lambda name, _: exercises.hint(name)):
        with pytest.raises(ValueError, match=f"There is no exercise {name!r}; there are {there}"):
            call(name, 1)


def test_every_exercise_has_two_to_four_hints(capsys):
    def hint(name):
        exercises.hint(name)
        return re.fullmatch(r"Hint \d of (\d) for [\d.a-z]+: (.+)\n", capsys.readouterr().out, re.S).groups()

    for name in exercises.names():
        count, first = hint(name)
        hints = {first, *(hint(name)[1] for _ in range(1, int(count)))}
        assert 2 <= len(hints) == int(count) <= 4, name


def test_a_fault_of_the_course_is_not_told_as_the_student_s(tmp_path):
    """In a Python of its own, because the checks keep the digits once found."""
    code = "import lenet_keras as lk; lk.check('01.6', 5); lk.check('01.2', (0, 1)); lk.progress()"
    environment = os.environ | {"LENET_DATA": str(tmp_path / "nowhere"), "LENET_PROGRESS": str(tmp_path / "mine.json")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=COURSE, capture_output=True, text=True, check=True
    )
    lines = done.stdout.splitlines()
    for name, line in zip(("01.6", "01.2"), lines, strict=False):
        assert line.startswith(f"Exercise {name}: could not be checked, through no fault of your answer: LENET_DATA is")
    assert "not yet" not in done.stdout
    assert lines[2] == "Nothing here yet: solve an exercise, or make a prediction."


def test_no_check_opens_the_test_digits():
    """It would be noted as the student's opening of them. The test digits of a student's own collection are `own`."""
    opens = re.compile(r"(?<!\bown\.)\b[xy]_test\b")
    reads = {path.name for path in exercises.CHECKS.glob("*.py") if opens.search(path.read_text("utf-8"))}
    assert reads == set()


# ----------------------------------------------------------------------------------------------------- predictions


@pytest.mark.parametrize(
    "answer, right, within, hit",
    [
        (90, 90.4, 0.5, True),
        (90, 90.6, 0.5, False),
        (1.1, 1.0, 0.1, True),
        (94, np.float32(93.99999), 0, True),
        (np.int64(5), 5, 0, True),
        (tf.constant(5), 5, 0, True),
        ("  Seven", "seven", 0, True),
        ("four", "seven", 0, False),
        (True, np.bool_(True), 0, True),
        (False, True, 0, False),
        ((4, 9), [4.0, 9.0], 0, True),
        ([9, 4], [4, 9], 0, False),
        ([4], [4, 9], 0, False),
        (np.array([4.0, 9.2]), (4, 9), 0.25, True),
        (4, [4, 9], 0, False),
        (float("nan"), 4, 1, False),
    ],
)
def test_a_prediction_is_judged(kept, capsys, answer, right, within, hit):
    exercises.predict("98.2", answer, sure=80)
    assert capsys.readouterr().out.endswith(", 80 % sure. Read on to see.\n")
    exercises.reveal("98.2", right, within=within)
    assert capsys.readouterr().out.endswith("right.\n" if hit else "not so.\n")
    assert kept()["predictions"]["98.2"]["right"] is hit


def test_the_first_prediction_stays_once_it_is_judged(kept, capsys):
    exercises.predict("98.2", 90)
    exercises.predict("98.2", 94, sure=60)  # not judged yet: it may be changed
    exercises.reveal("98.2", 90)
    exercises.predict("98.2", 90, sure=100)
    exercises.reveal("98.2", 90)
    assert capsys.readouterr().out.splitlines() == [
        "Prediction 98.2: 90. Read on to see.",
        "Prediction 98.2: 94, 60 % sure. Read on to see.",
        "Prediction 98.2: you said 94, it is 90: not so.",
        "Prediction 98.2: you have seen the result, so your first one is kept.",
        "Prediction 98.2: you said 94, it is 90: not so.",
    ]
    assert kept()["predictions"] == {"98.2": {"answer": 94, "sure": 60.0, "right": False}}


def test_no_prediction_is_no_trouble(kept, capsys):
    exercises.predict("98.2", None, sure=None)
    exercises.reveal("98.2", 61_706)
    assert capsys.readouterr().out.splitlines() == [
        "Prediction 98.2: none yet.",
        "Prediction 98.2: none was made; it is 61,706.",
    ]
    assert not kept.path.exists()


@pytest.mark.parametrize("sure", [-1, 100.5, float("nan"), "80", True, [80]])
def test_how_sure_must_be_a_percentage(kept, sure):
    with pytest.raises(ValueError, match="sure is a percentage from 0 to 100"):
        exercises.predict("98.2", 1, sure=sure)
    assert not kept.path.exists()


# ------------------------------------------------------------------------------------------------ the file of progress


def test_what_is_done_is_written(kept, sample):
    exercises.check("98.1", None)
    assert not kept.path.exists()
    exercises.check("98.1", 5)
    exercises.hint("98.1")
    exercises.check("98.1", 4)
    exercises.check("98.1", 5)  # solved stays solved
    exercises.check("98.1", 7)  # the course's fault: no try
    assert kept() == {
        "exercises": {"98.1": {"tries": 2, "hints": 1, "solved": True}},
        "predictions": {},
        "test_openings": {},
    }
    assert [path.name for path in kept.path.parent.iterdir()] == ["mine.json"]


def test_where_the_file_lies(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LENET_PROGRESS", "off")
    assert progress.file_path() is None
    monkeypatch.setenv("LENET_PROGRESS", "")
    assert progress.file_path() == COURSE / "progress.json"
    monkeypatch.setenv("LENET_PROGRESS", "~/mine.json")
    assert progress.file_path() == pathlib.Path.home() / "mine.json"
    (tmp_path / "solutions").mkdir()
    monkeypatch.chdir(tmp_path / "solutions")
    assert progress.file_path() is None


def test_without_a_file_the_session_remembers(kept, sample, monkeypatch):
    monkeypatch.setenv("LENET_PROGRESS", "off")
    exercises.check("98.1", 4)
    exercises.predict("98.2", 4)
    assert progress.read()["exercises"]["98.1"]["solved"] and progress.prediction("98.2")["answer"] == 4
    assert not kept.path.exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "5",
        "null",
        '{"exercises": {}}',
        '{"exercises": [], "predictions": {}, "test_openings": {}}',
        '{"exercises": {"98.1": 5}, "predictions": {}, "test_openings": {}}',
        '{"exercises": {"98.1": {"tries": 1}}, "predictions": {}, "test_openings": {}}',
        '{"exercises": {}, "predictions": {"98.2": {"answer": 1, "sure": "80", "right": null}}, "test_openings": {}}',
        '{"exercises": {}, "predictions": {}, "test_openings": {"98": "many"}}',
        "[" * 100_000,
        "\x00",
    ],
)
def test_a_damaged_file_is_set_aside(kept, sample, capsys, text):
    kept.path.write_text(text)
    exercises.check("98.1", 4)
    exercises.predict("98.2", 4)
    report.progress()
    assert kept.path.with_name("mine-damaged.json").read_text() == text
    assert kept()["exercises"]["98.1"]["solved"]
    said = capsys.readouterr().out
    assert said.count("mine.json is damaged: it was set aside as mine-damaged.json, and a new one is begun.") == 1


def test_bytes_that_are_no_text_are_set_aside(kept, sample):
    kept.path.write_bytes(b"\xff\xfe{")
    exercises.check("98.1", 4)
    assert kept.path.with_name("mine-damaged.json").read_bytes() == b"\xff\xfe{"
    assert kept()["exercises"]["98.1"]["solved"]


def forbid(*_, **__):
    raise PermissionError(13, "Permission denied")


@pytest.mark.parametrize("trouble", ["no folder", "a file as folder", "a folder as file", "read-only", "full"])
def test_trouble_with_the_file_is_said_once_and_stops_nothing(kept, sample, capsys, monkeypatch, tmp_path, trouble):
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    where = {"no folder": "nowhere/mine.json", "a file as folder": "file/mine.json", "a folder as file": "folder"}
    monkeypatch.setenv("LENET_PROGRESS", str(tmp_path / where.get(trouble, "mine.json")))
    if trouble == "read-only":
        monkeypatch.setattr(progress.tempfile, "mkstemp", forbid)
    elif trouble == "full":
        monkeypatch.setattr(progress.json, "dump", forbid)
    before = sorted(tmp_path.rglob("*"))
    exercises.check("98.1", 5)
    exercises.check("98.1", 4)
    exercises.predict("98.2", 4, sure=70)
    exercises.reveal("98.2", 4)
    report.progress()
    said = capsys.readouterr().out
    assert said.count("Your progress is kept for this session only") == 1
    assert "98: 1 of 0 exercises solved; 1 of 1 prediction came true" in said
    assert progress.read()["exercises"]["98.1"] == {"tries": 2, "hints": 0, "solved": True}
    assert sorted(tmp_path.rglob("*")) == before  # no unfinished file is left


def test_what_was_kept_before_the_trouble_is_not_forgotten(kept, sample, monkeypatch):
    exercises.check("98.1", 4)
    monkeypatch.setattr(progress.tempfile, "mkstemp", forbid)
    exercises.predict("98.2", 4)
    assert progress.read()["exercises"]["98.1"]["solved"]
    assert progress.prediction("98.2")["answer"] == 4


def test_a_write_cut_short_leaves_the_old_file_whole(kept, sample, monkeypatch):
    exercises.check("98.1", 4)
    before = kept.path.read_text()

    def cut_short(_, file, **__):
        file.write('{"exercises": {"98')
        raise KeyboardInterrupt

    monkeypatch.setattr(progress.json, "dump", cut_short)
    with pytest.raises(KeyboardInterrupt):
        exercises.predict("98.2", 4)
    assert kept.path.read_text() == before


def test_test_digits_are_noted_for_the_lesson_of_the_next_check(kept, sample):
    openings = data.test_openings
    openings += [3, 4]
    exercises.check("98.1", None)
    assert kept()["test_openings"] == {"98": 2}
    exercises.check("98.1", 4)
    assert kept()["test_openings"] == {"98": 2}
    openings.append(9)
    exercises.predict("97.1", None)
    openings.append(10)
    exercises.reveal("97.1", 5)
    openings.append(11)
    exercises.hint("98.1")
    assert kept()["test_openings"] == {"97": 2, "98": 3}


def test_asking_for_test_digits_is_noted_and_replacing_others_is_not(kept, bundled):
    bundled.replace(name="other")
    assert data.test_openings == []
    assert len(bundled.x_test) == len(bundled.y_test)
    assert len(data.test_openings) == 1  # one cell


# ------------------------------------------------------------------------------------------------------ the report

DONE = {
    "exercises": {
        "01.1": {"tries": 3, "hints": 1, "solved": True},
        "01.2": {"tries": 2, "hints": 0, "solved": False},
        "03.1": {"tries": 1, "hints": 0, "solved": True},
    },
    "predictions": {
        "01.1": {"answer": 4, "sure": 50.0, "right": True},
        "01.2": {"answer": "<b>four</b>", "sure": 60.0, "right": False},
        "01.3": {"answer": [4, 9], "sure": 79.0, "right": True},
        "03.1": {"answer": True, "sure": 100.0, "right": True},
        "03.2": {"answer": 1, "sure": None, "right": False},
        "03.3": {"answer": 1, "sure": 95.0, "right": None},
        "04.1": {"answer": 2, "sure": 80.0, "right": True},
    },
    "test_openings": {"05": 1, "01": 2},
}


@pytest.fixture
def done(kept):
    kept.path.write_text(json.dumps(DONE))
    return kept.path


def test_progress_is_the_door_to_the_report():
    assert lk.progress is report.progress


def test_lessons_count_what_was_done():
    rows = {row["lesson"]: row for row in report.lessons(DONE)}
    assert list(rows) == ["01", "03", "04", "05"]
    assert rows["01"] == {
        "lesson": "01",
        "exercises": sum(name.startswith("01.") for name in exercises.names()),
        "solved": ["01.1"],
        "hinted": ["01.1"],
        "tries": 5,
        "predicted": 3,
        "true": 2,
        "openings": 2,
    }
    assert (rows["03"]["predicted"], rows["03"]["true"]) == (2, 1)  # the third is not judged
    assert (rows["05"]["openings"], rows["05"]["tries"]) == (1, 0)


def test_sureness_groups_by_how_sure():
    assert report.sureness(DONE) == [
        {"low": 0, "high": 60, "sure": 50.0, "right": 1, "made": 1},
        {"low": 60, "high": 80, "sure": 69.5, "right": 1, "made": 2},
        {"low": 80, "high": 95, "sure": 80.0, "right": 1, "made": 1},
        {"low": 95, "high": 100, "sure": 100.0, "right": 1, "made": 1},
    ]


def test_progress_prints_and_writes_a_page(done, capsys, tmp_path, monkeypatch):
    figures = []
    monkeypatch.setattr(lk.plots, "show", lambda figure, alt: figures.append(alt))
    page = tmp_path / "progress.html"
    page.write_text("old")
    lk.progress(page, name="One <Of> & Seven $_$")
    exist = sum(name.startswith("01.") for name in exercises.names())
    said = capsys.readouterr().out
    assert said.startswith(
        f"01: 1 of {exist} exercises solved; hints for 1; 2 of 3 predictions came true; test digits opened in 2 cells\n"
    )
    assert "test digits opened in 1 cell\n" in said
    assert " 60 to  80 % sure: 1 of 2 predictions came true\n" in said
    assert said.endswith("Written: progress.html\n")
    assert figures == [
        "Predictions that came true against how sure they were: 1 of 1 at 50 %, 1 of 2 at 70 %, 1 of 1 at 80 %, "
        "1 of 1 at 100 %."
    ]
    text = page.read_text(encoding="utf-8")
    assert "<title>Progress of One &lt;Of&gt; &amp; Seven $_$</title>" in text and "<Of>" not in text
    assert ">&lt;b&gt;four&lt;/b&gt;</td>" in text and "<b>" not in text
    assert text.count("<img src=") == 1 and "http" not in text  # nothing from outside
    assert ">not yet seen</td>" in text and ">100\N{NO-BREAK SPACE}%</td>" in text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.json", "progress.html"]


def test_few_predictions_make_no_figure(kept, sample, capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(lk.plots, "show", lambda *_: pytest.fail("a figure was drawn"))
    exercises.predict("98.2", 4, sure=90)
    exercises.reveal("98.2", 4)
    lk.progress(str(tmp_path / "page.html"))
    assert "98: 0 of 0 exercises solved; 1 of 1 prediction came true\n" in capsys.readouterr().out
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<title>Progress</title>" in text and "<img" not in text and "A figure follows when 5 predictions" in text


def test_nothing_done_is_said(kept, capsys, tmp_path):
    lk.progress(tmp_path / "page.html")
    assert capsys.readouterr().out.startswith("Nothing here yet: solve an exercise, or make a prediction.\n")
    assert (tmp_path / "page.html").read_text(encoding="utf-8").count("None yet.") == 3


@pytest.mark.parametrize("page", ["nowhere/page.html", ".", "file/page.html"])
def test_a_page_that_cannot_be_is_refused(done, tmp_path, page):
    (tmp_path / "file").touch()
    with pytest.raises(ValueError, match="page must name a file in a folder that exists"):
        report.write_page(tmp_path / page, DONE)


def test_a_page_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    page = tmp_path / "page.html"
    page.write_text("old")
    monkeypatch.setattr(report.os, "replace", forbid)
    with pytest.raises(ValueError, match="page.html cannot be written: Permission denied."):
        report.write_page(page, DONE)
    assert page.read_text() == "old" and [path.name for path in tmp_path.iterdir()] == ["page.html"]
