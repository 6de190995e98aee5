"""The apparatus behind the exercises: an answer is checked, hints come in steps, a prediction is kept and judged.

The checks themselves lie beside the notebooks: those of notebooks/04_build_lenet5.ipynb in
notebooks/checks/04_build_lenet5.py. Each is a function from the answer to what is wrong with it:

    @exercise("04.1", a_number, hints=["A window has 3×3 numbers on each map.", "Each filter also has a bias."])
    def parameters_of_a_convolution(answer):
        right = sum(3 * 3 * 6 + 1 for _ in range(16))
        return compare(answer, right, {right - 16: "the biases are missing: one for each filter."})

The kind of answer (`a_number`, `numbers(2)`, `a_function` ...) refuses every other kind in the same words everywhere,
and hands the check a value that it can work with.
"""

import contextlib
import copy
import io
import math
import numbers as abstract_numbers
import pathlib
import re
import runpy

import numpy as np

from ..data import load_digits
from ..environment import start_keras
from ..records import COURSE
from . import progress

CHECKS = COURSE / "notebooks" / "checks"
_EXERCISES = {}


class Refused(Exception):
    """What is wrong with an answer, as one sentence; raised by a kind, or by the student's own function."""


class Unanswered(Exception):
    """The blanks of a function, written ____, are not filled in."""


class _Exercise:
    def __init__(self, kind, hints, ours, judge):
        self.kind, self.hints, self.ours, self.judge, self.shown = kind, list(hints), ours, judge, 0


UNKNOWN = object()
"""What a check returns for a wrong answer whose mistake it does not know: the first hint is printed then."""


def exercise(name, kind, hints, ours=None):
    """Register the function below as the check of an exercise, or of a turn of the student within the lesson.

    Args:
        name: notebook and number, such as "04.1", for an exercise; notebook and letter, such as "04.a", for a turn.
        kind: what an answer is, one of the kinds below; a function from the answer to the value to judge, which
            raises `Refused` for anything else.
        hints: sentences that help, one step after the other. The last may nearly give the answer away.
        ours: the course's own answer to a turn, which the lesson goes on with where the student has none.

    The function takes the value and returns None if it is right; a sentence that says what this mistake is; or
    `UNKNOWN`, if it only knows that the value is wrong.
    """

    def register(judge):
        _EXERCISES[name] = _Exercise(kind, hints, ours, judge)
        return judge

    return register


# ---------------------------------------------------------------------------------------- what the student calls


def check(name, answer):
    """Print whether an answer is right, and if it is not, what is wrong with it. None counts as not answered yet.

    Args:
        name: the exercise, such as "04.1": notebook, then number.
        answer: what the exercise asks for: a number, a list, an array, a function ...

    Raises:
        ValueError: if there is no such exercise.
    """
    _right(name, answer)


def checked(name, answer):
    """Check an answer as `check` does, and give back what the lesson goes on with: the answer, if it is right, and
    the course's own otherwise.

    Args:
        name: the turn within the lesson, such as "04.a": notebook, then letter.
        answer: as for `check`. A function whose blanks, written ____, are still there counts as not answered yet.

    Raises:
        ValueError: if there is no such turn.
    """
    found = _exercise(name)
    if found.ours is None:
        raise ValueError(f"{name} has no answer of the course's own: use lk.check.")
    if _right(name, answer):
        return answer
    print("The lesson goes on with the course's own version.")
    return found.ours


def _right(name, answer):
    """Print what `check` prints, and note it; whether the answer is right."""
    found = _exercise(name)
    try:
        if answer is None:
            raise Unanswered
        wrong = verdict(name, answer)
    except Unanswered:
        progress.visit(name)
        print(f"Exercise {name}: no answer yet.")
        return False
    except Exception as error:  # in the check itself, so not the student's: MNIST missing, a file gone
        print(
            f"Exercise {name}: could not be checked, through no fault of your answer: {_sentence(error)}"
            f"{'' if isinstance(error, ValueError) else f' ({type(error).__name__})'}"
        )
        return False
    progress.answered(name, wrong is None)
    if wrong is None:
        print(f"Exercise {name}: right.")
    else:
        if wrong in found.hints[:1]:  # so lk.hint goes on from there
            found.shown = max(found.shown, 1)
        more = f' lk.hint("{name}") helps.' if found.hints[found.shown :] else ""
        print(f"Exercise {name}: not yet: {wrong}{more}")
    return wrong is None


def verdict(name, answer):
    """What is wrong with an answer, as a sentence; None if it is right.

    Raises:
        ValueError: if there is no such exercise. Whatever the check itself cannot cope with is raised too.
    """
    found = _exercise(name)
    try:
        wrong = found.judge(found.kind(answer))
    except Refused as error:
        return str(error)
    return found.hints[0] if wrong is UNKNOWN else wrong


def hint(name):
    """Print the next hint to an exercise; after the last one, the first again.

    Args:
        name: the exercise, such as "04.1".

    Raises:
        ValueError: if there is no such exercise.
    """
    found = _exercise(name)
    step = found.shown % len(found.hints)
    found.shown += 1
    progress.hinted(name)
    print(f"Hint {step + 1} of {len(found.hints)} for {name}: {found.hints[step]}")


def predict(name, answer, sure=None):
    """Keep a prediction, to be judged by `reveal` further down.

    Args:
        name: the prediction, such as "04.2": notebook, then number.
        answer: what you expect, as the text asks for it: a number, a word, True or False; None for no prediction.
        sure: how sure you are, in per cent from 0 to 100; None for not said.

    Raises:
        ValueError: if the name is none, or `sure` no percentage.
    """
    _refuse_other_names(name)
    if isinstance(sure, bool) or (sure is not None and not (_is_number(sure) and 0 <= sure <= 100)):
        raise ValueError(f"sure is a percentage from 0 to 100, such as 80, or None, not {sure!r}.")
    if answer is None:
        progress.visit(name)
        print(f"Prediction {name}: none yet.")
        return
    answer = _plain(answer)
    if not progress.predicted(name, answer, None if sure is None else float(sure)):
        print(f"Prediction {name}: you have seen the result, so your first one is kept.")
        return
    how = "" if sure is None else f", {float(sure):g} % sure"
    print(f"Prediction {name}: {shown(answer)}{how}. Read on to see.")


def reveal(name, right, within=0.0):
    """Judge the prediction of that name, now that the result is known, and print one line about it.

    Args:
        name: as in `predict`.
        right: the result.
        within: how far a number may lie from it and still count as right; in a list, each number.

    Raises:
        ValueError: if the name is none.
    """
    _refuse_other_names(name)
    right = _plain(right)
    made = progress.prediction(name)
    progress.visit(name)
    if made is None:
        print(f"Prediction {name}: none was made; it is {shown(right)}.")
        return
    answer = made["answer"]
    hit = _agree(answer, right, within)
    progress.judged(name, hit)
    print(f"Prediction {name}: you said {shown(answer)}, it is {shown(right)}: {'right' if hit else 'not so'}.")


def _refuse_other_names(name):
    if not isinstance(name, str) or not re.fullmatch(r"\d\d\.\d+", name):
        raise ValueError(f'A prediction has a name such as "04.2", notebook and number in quotes, not {name!r}.')


def _agree(answer, right, within):
    if isinstance(answer, list) and isinstance(right, list):
        return len(answer) == len(right) and all(_agree(a, b, within) for a, b in zip(answer, right, strict=True))
    if _is_number(answer) and _is_number(right):
        return abs(answer - right) <= within + 1e-6 * abs(right)
    return str(answer).strip().lower() == str(right).strip().lower()


def names():
    """The names of all exercises and turns, in order; read from the files of checks, which are not run for it."""
    text = "".join(path.read_text(encoding="utf-8") for path in CHECKS.glob("[0-9][0-9]_*.py"))
    return sorted(re.findall(r'^@exercise\(\s*"(\d\d\.(?:\d+|[a-z]))"', text, re.M))


def _exercise(name):
    """The exercise of that name; the checks of its notebook are run if they were not yet."""
    if name not in _EXERCISES:
        every = names()
        if name not in every:
            same = [each for each in every if each[:2] == str(name).partition(".")[0].zfill(2)]
            there = ", ".join(f'"{each}"' for each in same) or f'"{every[0]}" to "{every[-1]}"'
            raise ValueError(f"There is no exercise {name!r}; there are {there}.")
        start_keras()
        (path,) = CHECKS.glob(f"{name[:2]}_*.py")
        runpy.run_path(str(path))
    return _EXERCISES[name]


def _sentence(error):
    said = str(error).strip().rstrip(". ")
    if len(said) > 400:  # whole arrays are printed in some of TensorFlow's
        said = f"{' '.join(said.split())[:200]} ..."
    return f"{said or type(error).__name__}."


# ------------------------------------------------------------------------------------------------ kinds of answers


def a_number(answer):
    """One finite number: int, float, NumPy's, a fraction, or a tensor, array or list that holds just one.

    Hands on an int or a float.
    """
    _refuse_text(answer, "the number")
    values = _values(answer, "the answer is one number")
    if values.size != 1:
        meant = _thousands(answer)
        comma = f" For Python a comma separates numbers: write {meant} if you mean {meant:,}." if meant else ""
        raise Refused(f"the answer is one number, but yours has {values.size}.{comma}")
    value = values.reshape(()).item()
    if not math.isfinite(value):
        raise Refused(f"the answer is one finite number, not {value}.")
    return value


def numbers(count, ordered=True):
    """A kind: so many finite numbers, in a list, tuple, array or tensor of any shape; a set too, if not `ordered`.

    Hands on a float array (count,).
    """

    def kind(answer):
        if isinstance(answer, (set, frozenset)):
            if ordered:
                raise Refused(f"a set has no order: give a list of {count} numbers.")
            answer = sorted(answer, key=str)
        for each in answer if isinstance(answer, (list, tuple)) else [answer]:
            _refuse_text(each, "the numbers")
        values = _values(answer, f"the answer is a list of {count} numbers")
        if values.size != count:
            raise Refused(f"the answer is a list of {count} numbers, but yours has {values.size}.")
        return _finite(values).astype(float).reshape(count)

    return kind


def an_array(*shape):
    """A kind: finite numbers, or truth values, in an array, nested list or tensor of that shape.

    Hands on a float array; True is 1.
    """

    def kind(answer):
        _refuse_text(answer, "an array of numbers")
        values = _values(answer, f"the answer is an array of shape {shape}", truths=True)
        if values.shape != shape:
            raise Refused(f"the answer is an array of shape {shape}, but yours has shape {values.shape}.")
        return _finite(values).astype(float)

    return kind


def a_function(answer):
    """A function. Hands on a `Function`, which guards the check from what the student's own code may do."""
    if not callable(answer):
        raise Refused("give the function itself, its name without brackets: answer = my_function.")
    return Function(answer)


class Function:
    """A student's function: it works on copies, and what it raises is told as its own.

    Attributes:
        changed: the places (from 0) of the arguments that the last call changed in place; empty if it changed none.
    """

    def __init__(self, function):
        self.function, self.changed = function, []

    def __call__(self, *arguments):
        given = copy.deepcopy(arguments)
        try:
            result = self.function(*given)
        except Exception as error:
            if isinstance(error, NameError) and error.name == "____":
                raise Unanswered from None
            name, said = type(error).__name__, _sentence(error)
            raise Refused(f"your function raised {said if said == f'{name}.' else f'{name}: {said}'}") from error
        pairs = zip(arguments, given, strict=True)
        self.changed = [place for place, pair in enumerate(pairs) if not _same(*pair)]
        if result is None:
            raise Refused("your function gives nothing back: does it end in return ...?")
        return result

    def number(self, *arguments):
        """What the function gives back, as one number."""
        return _result(a_number, self(*arguments), "one number")

    def array(self, *arguments, truths=False):
        """What the function gives back, as an array of numbers, or of truth values if those are allowed too; a tensor
        or a list will do.
        """
        wanted = "an array of True and False" if truths else "an array of numbers"
        return _result(lambda found: _values(found, "", truths), self(*arguments), wanted)

    def arrays(self, count, *arguments):
        """What the function gives back, as a list of so many arrays of numbers; it gives a tuple or list of them."""
        found = self(*arguments)
        if not isinstance(found, (tuple, list)) or len(found) != count:
            several = f"a tuple of {count} arrays"
            wanted = several if count > 1 else "a tuple with one array; mind the comma in (array,)"
            has = f" that has {len(found)}" if isinstance(found, (tuple, list)) else ""
            raise Refused(f"your function must give back {wanted}, not {_what(found)}{has}.")
        return [_result(lambda each: _values(each, ""), each, "numbers in each array") for each in found]


def _result(kind, found, wanted):
    try:
        return kind(found)
    except Refused as error:
        if "finite" in str(error):  # that the answer is one finite number, not nan
            raise Refused(str(error).replace("the answer is", "your function must give back")) from None
        raise Refused(f"your function must give back {wanted}, not {_what(found)}.") from None


def a_model(answer):
    """A built Keras model. Hands it on as it is."""
    import keras

    if isinstance(answer, type) or not isinstance(answer, keras.Model):
        raise Refused(f"the answer is a Keras model, not {_what(answer)}.")
    if not answer.built:
        raise Refused("the model is not built yet: begin it with keras.Input(...).")
    return answer


def a_reader(side):
    """A kind: a built Keras model from images (side, side, 1) to ten numbers. Hands it on as it is."""

    def kind(answer):
        model = a_model(answer)
        if model.input_shape != (None, side, side, 1):
            given = "×".join(map(str, model.input_shape[1:]))
            raise Refused(f"the images are {side}×{side}×1, but yours are {given}.")
        if model.output_shape != (None, 10):
            raise Refused(f"ten numbers come out for each image, but yours have the shape {model.output_shape[1:]}.")
        return model

    return kind


def a_file(answer):
    """The path of a file that exists, as text or pathlib.Path. Hands on a pathlib.Path."""
    try:
        path = pathlib.Path(answer)
    except TypeError:
        raise Refused(f'the answer is the name of a file, such as "pad.html", not {_what(answer)}.') from None
    try:
        there, folder = path.is_file(), path.resolve().parent.name
    except (OSError, ValueError):  # too long, or with a character that names cannot have
        raise Refused(f"no file can have the name {path.name[:40]!r}.") from None
    if not there:
        raise Refused(f"there is no file {path.name!r} in the folder {folder!r}.")
    return path


# ---------------------------------------------------------------------------------------------- judging a value


def quiet_digits(source="auto"):
    """The digits of `load_digits`, without the line that says which they are."""
    with contextlib.redirect_stdout(io.StringIO()):
        return load_digits(source)


def compare(value, right, mistakes=None, within=0.0, share=False):
    """Compare a number with the right one.

    Args:
        value: from `a_number`.
        right: the number to be found.
        mistakes: dict from a wrong number to the sentence that explains it.
        within: how far the answer may lie from a number and still be taken for it. A float32 computation is never
            refused: a relative difference of 1e-6 (1e-7 for whole numbers) is allowed at least.
        share: whether `right` is a share from 0 to 1; the same in per cent is accepted then.

    Returns:
        what a check returns: None, a sentence, or `UNKNOWN`.
    """

    def near(wanted):
        exact = float(wanted).is_integer() and float(right).is_integer()
        return abs(value - wanted) <= within + (1e-7 if exact else 1e-6) * abs(wanted)

    if near(right) or (share and value > 1 and abs(value - 100 * right) <= max(100 * within, 1e-4 * abs(right))):
        return None
    for wrong, why in (mistakes or {}).items():
        if near(wrong):
            return why
    if abs(right) >= 1000 and near(right / 1000):
        right = int(right) if float(right).is_integer() else right
        return f"in Python the point is a decimal point: write {right:_} for {right:,}."
    return UNKNOWN


def compare_arrays(found, right, mistakes, within=1e-6):
    """Compare an array with the right one, number by number.

    Args:
        found, right: arrays.
        mistakes: pairs of a wrong array and the sentence that explains it.
        within: how far a number may lie from the right one, besides a ten-thousandth of it.

    Returns:
        what a check returns: None, a sentence, or `UNKNOWN`.
    """
    if np.shape(found) != np.shape(right):
        return f"the result has to have the shape {np.shape(right)}, not {np.shape(found)}."

    def near(wanted):
        return np.shape(wanted) == np.shape(found) and np.allclose(found, wanted, rtol=1e-4, atol=within)

    return None if near(right) else next((why for wrong, why in mistakes if near(wrong)), UNKNOWN)


def _values(answer, wanted, truths=False):
    """An answer as an array of numbers, or of truth values if those are allowed."""
    if isinstance(answer, (dict, set, frozenset)) or callable(answer):
        raise Refused(f"{wanted}, not {_what(answer)}.")
    try:
        values = np.asarray(answer)
        if values.dtype == object:  # fractions and decimals among them
            values = values.astype(float)
    except OverflowError:
        raise Refused("so large a number cannot be meant.") from None
    except (TypeError, ValueError):
        raise Refused(f"{wanted}, not {_what(answer)}.") from None
    if values.dtype == bool and not truths:
        raise Refused(f"{wanted}, not True or False.")
    if values.dtype.kind in "US":
        raise Refused(f"{wanted}, without quotes.")
    if values.dtype.kind not in "biuf":
        raise Refused(f"{wanted}, not {_what(answer)}.")
    return values


def _finite(values):
    if not np.isfinite(values).all():
        raise Refused("the answer holds something that is no finite number (NaN or infinity).")
    return values


def _refuse_text(answer, what):
    if isinstance(answer, (str, bytes)):
        raise Refused(f"give {what}, without quotes.")


def _thousands(parts):
    """The number that somebody meant who wrote 9,000, which is (9, 0) for Python; None if that cannot be."""
    if not isinstance(parts, tuple) or not parts:
        return None
    whole = all(isinstance(part, int) and not isinstance(part, bool) for part in parts)
    if not whole or not 0 < parts[0] < 1000:
        return None
    if not all(part == 0 or 100 <= part < 1000 for part in parts[1:]):  # 1,024 is no tuple: Python knows no 024
        return None
    return int("".join([str(parts[0]), *(f"{part:03}" for part in parts[1:])]))


def _what(answer):
    """A few words for what somebody gave."""
    if isinstance(answer, str):
        return "a text"
    if callable(answer):
        return "a function"
    if isinstance(answer, (bool, np.bool_)):
        return "True or False"
    if _is_number(answer):
        return str(answer) if answer != answer or abs(answer) == math.inf else "a number"
    if isinstance(answer, np.ndarray):
        return f"an array of shape {answer.shape}{'' if answer.dtype.kind in 'iuf' else f' and of {answer.dtype}'}"
    return {list: "a list", tuple: "a tuple", dict: "a dict", set: "a set"}.get(type(answer), type(answer).__name__)


def _is_number(value):
    return isinstance(value, (abstract_numbers.Real, np.number)) and not isinstance(value, (bool, np.bool_))


def _same(before, after):
    if isinstance(before, np.ndarray):
        return np.array_equal(before, after, equal_nan=before.dtype.kind == "f")
    if isinstance(before, (list, tuple)):
        return len(before) == len(after) and all(_same(a, b) for a, b in zip(before, after, strict=True))
    return not isinstance(before, (int, float, str)) or before == after or before != before


def _plain(value):
    """A value as JSON can keep it: NumPy's and tensors' numbers become Python's, lists and tuples become lists."""
    if isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    values = np.asarray(value)
    return values.tolist() if values.dtype.kind in "biuf" else str(value)


def shown(value):
    """A value as a student reads it: 61,706 and 0.1235."""
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1e6 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
