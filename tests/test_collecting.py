"""Digits that a class has collected: read from the saved files, and split by writer."""

import json

import numpy as np
import pytest

import lenet_keras as lk
from lenet_keras import pages
from lenet_keras.pages import collecting

SEVEN = pages.SAMPLES[7]


def save(folder, code, labels, name=None, **changes):
    digits = [{"digit": label, "strokes": pages.SAMPLES[label]} for label in labels]
    contents = {"format": collecting.FORMAT, "writer": code, "digits": digits} | changes
    (folder / f"digits-{name or code}.json").write_text(json.dumps(contents), encoding="utf-8")


def test_no_writer_stands_on_both_sides(tmp_path, capsys):
    # Writers are told apart by which digits they wrote.
    for number in range(8):
        save(tmp_path, f"w{number}", [number] * (3 + number))
    save(tmp_path, "w0", [0, 0], name="w0-more")
    digits = lk.collect(tmp_path)
    train, test = set(digits.y_train.tolist()), set(digits.y_test.tolist())
    assert len(test) == 2 and len(train) == 6 and not train & test
    assert len(digits.y_train) + len(digits.y_test) == sum(range(3, 11)) + 2
    assert [f"w{label}" for label in digits.y_train] == digits.writers_train.tolist()
    assert [f"w{label}" for label in digits.y_test] == digits.writers_test.tolist()
    assert digits.x_train.shape[1:] == (32, 32, 1) and digits.x_train.dtype == np.float32
    first = digits.y_train[0]
    np.testing.assert_array_equal(digits.x_train[0], pages.drawn(pages.SAMPLES[first]))
    assert capsys.readouterr().out.endswith("8 writers, 2 of them to test with.\n")
    again = lk.collect(tmp_path, seed=3)
    assert set(again.y_test.tolist()) != test or set(lk.collect(tmp_path, seed=4).y_test.tolist()) != test


def test_one_writer_is_split_and_it_is_said(tmp_path, capsys):
    save(tmp_path, "me", [*range(10)] * 5)
    digits = lk.collect(tmp_path, share=0.3)
    assert (len(digits.y_train), len(digits.y_test)) == (35, 15)
    assert "one writer, on both sides: other hands may be read worse" in capsys.readouterr().out


def test_two_writers_always_leave_one_to_learn_from(tmp_path):
    save(tmp_path, "a", [1])
    save(tmp_path, "b", [2])
    digits = lk.collect(tmp_path, share=0.9)
    assert (len(digits.y_train), len(digits.y_test)) == (1, 1)


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"format": "another"}, r"digits-w\.json is not a file of digits that the collecting page saved"),
        ({"digits": []}, r"digits-w\.json is not a file"),
        ({"digits": [{"digit": 10, "strokes": SEVEN}]}, r"digit 1 is said to be 10; it must be a digit from 0 to 9"),
        ({"digits": [{"digit": 7, "strokes": []}]}, r"digits-w\.json, digit 1: There is no point"),
        ({"digits": [{"digit": 7, "strokes": [[[0, 2]]]}]}, r"two numbers from 0 to 1; stroke 1 is not"),
        ({"writer": 5}, r"is not a file"),
    ],
)
def test_a_file_of_another_kind_is_refused_by_name(tmp_path, changes, message):
    save(tmp_path, "w", [7], **changes)
    with pytest.raises(ValueError, match=message):
        lk.collect(tmp_path)


def test_other_bad_input(tmp_path):
    with pytest.raises(ValueError, match=r"There is no file digits-\*\.json in .*: put there what"):
        lk.collect(tmp_path)
    (tmp_path / "digits-x.json").write_text("not JSON", encoding="utf-8")
    with pytest.raises(ValueError, match=r"digits-x\.json is not a file"):
        lk.collect(tmp_path)
    with pytest.raises(ValueError, match="above 0 and below 1, not 1"):
        lk.collect(tmp_path, share=1)
    for rounds in (0, 51, 2.5, True):
        with pytest.raises(ValueError, match=f"from 1 to 50, not {rounds}"):
            lk.save_collector(tmp_path / "c.html", rounds)
