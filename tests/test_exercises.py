"""Each exercise: right answers in several forms, and wrong ones with the hint that each must get."""

import runpy

import pytest
from course_files import COURSE, needs_mnist

from lenet_keras.course import exercises

ANSWERS = [(path, runpy.run_path(str(path))) for path in sorted((COURSE / "tests" / "answers").glob("[0-9][0-9]_*.py"))]
RIGHT = {name: answers for _, file in ANSWERS for name, answers in file["RIGHT"].items()}
WRONG = {name: answers for _, file in ANSWERS for name, answers in file["WRONG"].items()}


ON_MNIST = {name for _, file in ANSWERS for name in file.get("ON_MNIST", ())}
"""Exercises whose answers here hold on MNIST's digits: networks trained on them, goals that they meet."""


def cases(table):
    return [
        pytest.param(name, each, id=f"{name}-{k}", marks=[needs_mnist] * (name in ON_MNIST))
        for name in table
        for k, each in enumerate(table[name])
    ]


@pytest.mark.parametrize("name, answer", cases(RIGHT))
def test_a_right_form_is_accepted(name, answer):
    assert exercises.verdict(name, answer) is None


@pytest.mark.parametrize("name, case", cases(WRONG))
def test_a_wrong_answer_gets_its_hint(name, case):
    answer, words = case
    assert words in (exercises.verdict(name, answer) or "(accepted)")


def test_every_check_answers_every_kind_of_answer_without_a_traceback(capsys):
    for name in exercises.names():
        exercises.check(name, None)
        assert capsys.readouterr().out == f"Exercise {name}: no answer yet.\n"
        for nonsense in (-123456.5, "seven", "\0", [1, [2]], float("nan"), lambda *_: None, lambda *_: float("nan")):
            exercises.check(name, nonsense)
            assert capsys.readouterr().out.startswith(f"Exercise {name}: not yet: "), (name, nonsense)


def test_every_exercise_has_three_right_forms_and_three_wrong_answers():
    checked = set(exercises.names())
    for table, answers in (("RIGHT", RIGHT), ("WRONG", WRONG)):
        few = sorted(name for name in checked if len(answers.get(name, [])) < 3)
        assert not few, f"{table} in tests/answers needs three answers or more to {', '.join(few)}"
        gone = sorted(set(answers) - checked)
        assert not gone, (
            f"{table} in tests/answers has answers to {', '.join(gone)}, but no file in notebooks/checks has"
        )
