"""Training: what a recipe means, the split, and that a killed run ends as an unbroken one."""

import dataclasses
import errno
import json
import os
import signal
import subprocess
import sys
import time

import h5py
import keras
import numpy as np
import pytest
from course_files import COURSE

import lenet_keras as lk
from lenet_keras.training import checkpoints

TINY = lk.Recipe(epochs=3, batch_size=32, learning_rate=0.002)


def network(seed=5):
    keras.utils.set_random_seed(seed)
    return lk.lenet5()


@pytest.fixture(scope="module")
def few(bundled):
    return bundled.replace(x_train=bundled.x_train[:300], y_train=bundled.y_train[:300])


def test_split_is_stratified_fixed_and_of_the_training_digits_only(bundled):
    learn, validate = lk.split(bundled)
    assert len(validate) == 144 and len(learn) == 1293
    assert sorted([*learn, *validate]) == list(range(1437))
    counts = np.bincount(bundled.y_train)
    assert np.abs(np.bincount(bundled.y_train[validate]) - counts / 10).max() <= 1
    again = lk.split(bundled.replace(x_test=None, y_test=None))
    np.testing.assert_array_equal(again[0], learn)


def test_epochs_of_a_recipe():
    assert lk.Recipe(epochs=2, batch_size=100).updates_per_epoch(250) == 3
    assert lk.Recipe(epochs=2, batch_size=100).epochs_for(250) == 2
    # 3 updates an epoch: 10 updates need 4 epochs.
    assert lk.Recipe(epochs=2, batch_size=100, minimum_updates=10).epochs_for(250) == 4


def test_one_update_of_descent_by_hand(few):
    """A recipe of one batch with plain descent: weights − rate × gradient, the gradient from a tape of our own."""
    import tensorflow as tf

    model = network()
    learn, _ = lk.split(few)
    with tf.GradientTape() as tape:
        log_probabilities = tf.nn.log_softmax(model(few.x_train[learn]))
        loss = -tf.reduce_mean(tf.gather(log_probabilities, few.y_train[learn], batch_dims=1))
    gradients = tape.gradient(loss, model.trainable_variables)
    expected = [w.numpy() - 0.1 * g.numpy() for w, g in zip(model.trainable_variables, gradients, strict=True)]
    recipe = lk.Recipe(epochs=1, batch_size=1000, optimizer="sgd", learning_rate=0.1)
    history = lk.train(model, few, recipe, verbose=False)
    assert history["loss"][0] == pytest.approx(float(loss), abs=1e-5)
    for weight, value in zip(model.trainable_variables, expected, strict=True):
        np.testing.assert_allclose(weight.numpy(), value, atol=1e-6)


def test_history_against_numpy(few):
    """After a training with rate 0 all four figures can be computed from the untouched network."""
    model = network()
    recipe = dataclasses.replace(TINY, epochs=2, learning_rate=0.0)
    history = lk.train(model, few, recipe, verbose=False)
    for part, prefix in zip(lk.split(few), ("", "validation_"), strict=True):
        p = lk.probabilities(model, few.x_train[part])
        labels = few.y_train[part]
        loss = -np.log(p[np.arange(len(labels)), labels]).mean()
        assert history[f"{prefix}loss"] == pytest.approx([loss] * 2, abs=1e-4)
        assert history[f"{prefix}error"] == pytest.approx([(p.argmax(1) != labels).mean()] * 2, abs=1e-6)


def test_it_learns_and_the_test_digits_are_not_looked_at(bundled):
    model = network()
    hidden = bundled.replace(x_test=None, y_test=None)
    history = lk.train(model, hidden, lk.Recipe(epochs=6, batch_size=32), verbose=False)
    assert history["loss"][-1] < history["loss"][0] / 3
    assert lk.error_rate(bundled.y_test, lk.probabilities(model, bundled.x_test).argmax(axis=1)).rate < 0.15


def test_the_learning_rate_falls_along_half_a_cosine(few):
    model = network()
    lk.train(model, few, dataclasses.replace(TINY, decay=True), verbose=False, stop_after=1)
    updates = 9  # 270 digits in batches of 32
    expected = 0.002 * (1 + np.cos(np.pi * updates / (3 * updates))) / 2
    assert float(model.optimizer.learning_rate) == pytest.approx(expected, rel=1e-5)


def test_seed_decides_the_order(few):
    results = []
    for seed in (0, 0, 1):
        model = network()
        lk.train(model, few, TINY, seed=seed, verbose=False)
        results.append(model.get_weights()[0])
    np.testing.assert_allclose(results[0], results[1], atol=1e-6)
    assert np.abs(results[0] - results[2]).max() > 1e-4


def test_stop_and_resume_ends_as_an_unbroken_run(few, tmp_path, capsys):
    recipe = dataclasses.replace(TINY, decay=True)
    unbroken = network()
    history = lk.train(unbroken, few, recipe, verbose=False)
    path = tmp_path / "run.weights.h5"
    lk.train(network(), few, recipe, checkpoint=path, stop_after=1, verbose=False)
    resumed = network(seed=99)  # its starting weights are replaced
    again = lk.train(resumed, few, recipe, checkpoint=path)
    assert capsys.readouterr().out.startswith("Going on after epoch 1 of 3.\nepoch 2 of 3:")
    for key in history:
        assert again[key] == pytest.approx(history[key], abs=1e-6)
    for a, b in zip(unbroken.optimizer.variables, resumed.optimizer.variables, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)
    for a, b in zip(unbroken.get_weights(), resumed.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)
    assert [p.name for p in tmp_path.iterdir()] == ["run.weights.h5"]


RUN = """
import sys
import lenet_keras as lk
keras = lk.start_keras()
digits = lk.load_digits("bundled")
keras.utils.set_random_seed(5)
model = lk.lenet5()
lk.train(model, digits, lk.Recipe(epochs=8, batch_size=32), seed=2, checkpoint=sys.argv[1])
model.save_weights(sys.argv[2])
"""


def test_a_killed_process_started_again_ends_with_the_same_weights(tmp_path):
    def start(name):
        paths = (str(tmp_path / f"{name}{end}.weights.h5") for end in (".checkpoint", ""))
        arguments = [sys.executable, "-c", RUN, *paths]
        return subprocess.Popen(arguments, cwd=COURSE, stdout=subprocess.PIPE, text=True)

    unbroken = start("unbroken")
    unbroken.communicate(timeout=300)
    assert unbroken.returncode == 0
    broken = start("broken")
    deadline = time.monotonic() + 300
    while not (tmp_path / "broken.checkpoint.weights.h5").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(broken.pid, signal.SIGKILL)
    broken.communicate()
    assert not (tmp_path / "broken.weights.h5").exists()
    started_again = start("broken")
    printed = started_again.communicate(timeout=300)[0]
    assert started_again.returncode == 0 and "Going on after epoch" in printed
    models = []
    for name in ("unbroken", "broken"):
        models.append(lk.lenet5())
        models[-1].load_weights(tmp_path / f"{name}.weights.h5")
    for a, b in zip(*(model.get_weights() for model in models), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)


def test_a_checkpoint_of_another_run_is_refused(few, tmp_path):
    path = tmp_path / "run.weights.h5"
    lk.train(network(), few, TINY, checkpoint=path, stop_after=1, verbose=False)
    before = path.read_bytes()
    for change, word in (
        ({"seed": 1}, "other seed"),
        ({"recipe": dataclasses.replace(TINY, epochs=9)}, "other recipe"),
    ):
        with pytest.raises(ValueError, match=word):
            lk.train(network(), few, **({"recipe": TINY, "checkpoint": path} | change))
    with pytest.raises(ValueError, match="other fresh"):
        lk.train(network(), few, TINY, checkpoint=path, fresh=lambda images, labels, seed: (images, labels))
    with pytest.raises(ValueError, match="other digits"):
        lk.train(network(), few.replace(x_train=few.x_train[:200], y_train=few.y_train[:200]), TINY, checkpoint=path)
    for model, word in ((lk.lenet5("relu"), "other activations:"), (lk.lenet5(outputs=11), "other weights:")):
        with pytest.raises(ValueError, match=word):
            lk.train(model, few, TINY, checkpoint=path)
    assert path.read_bytes() == before


@pytest.fixture(scope="module")
def checkpoint(few, tmp_path_factory):
    """The bytes of a good checkpoint after one epoch of TINY."""
    path = tmp_path_factory.mktemp("checkpoint") / "run.weights.h5"
    lk.train(network(), few, TINY, checkpoint=path, stop_after=1, verbose=False)
    return path.read_bytes()


def refused_untouched(few, path, words):
    """The checkpoint is refused with these words; neither it nor the network's weights are changed."""
    model, content = network(), path.read_bytes()
    before = model.get_weights()
    with pytest.raises(ValueError, match=words):
        lk.train(model, few, TINY, checkpoint=path)
    assert path.read_bytes() == content and list(path.parent.iterdir()) == [path]
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


DAMAGED = "run.weights.h5 is damaged: delete it"


@pytest.mark.parametrize("damage", [
    lambda content: b"",
    lambda content: b"hello",
    lambda content: content[:50000],
    lambda content: content[: len(content) // 2] + bytes([content[len(content) // 2] ^ 1])
    + content[len(content) // 2 + 1 :],
])  # fmt: skip
def test_damaged_bytes_are_refused(damage, checkpoint, few, tmp_path):
    path = tmp_path / "run.weights.h5"
    path.write_bytes(damage(checkpoint))
    refused_untouched(few, path, DAMAGED)


def rewritten(path, content, change, checksum=True):
    """Write a checkpoint's bytes, change the open file, and give it a checksum that is right again."""
    path.write_bytes(content)
    with h5py.File(path, "r+") as file:
        change(file)
        if checksum:
            file.attrs["content"] = checkpoints.content(file)


def with_run(changes):
    def change(file):
        run = json.loads(file["run"].asstr()[()])
        del file["run"]
        if changes is not None:
            file["run"] = json.dumps(run | changes)

    return change


def of_length(n):
    return {name: [0.5] * n for name in ("loss", "error", "validation_loss", "validation_error")}


@pytest.mark.parametrize("changes, words", [
    (None, DAMAGED),
    ({"settings": []}, DAMAGED),
    ({"settings": None}, DAMAGED),
    ({"settings": 3}, DAMAGED),
    ({"settings": {}}, "is of a run with other recipe, seed, fresh, digits, weights, layers, activations:"),
    ({"history": []}, DAMAGED),
    ({"history": None}, DAMAGED),
    ({"history": {}}, DAMAGED),
    ({"history": {"loss": [0.5]}}, DAMAGED),
    ({"history": of_length(0)}, DAMAGED),
    ({"history": of_length(1) | {"loss": [0.5, 0.5]}}, DAMAGED),
    ({"history": of_length(1) | {"loss": ["0.5"]}}, DAMAGED),
    ({"history": of_length(4)}, DAMAGED),  # TINY has three epochs
])  # fmt: skip
def test_what_stands_beside_the_weights_is_checked_before_a_weight_is_touched(
    changes, words, checkpoint, few, tmp_path
):
    path = tmp_path / "run.weights.h5"
    rewritten(path, checkpoint, with_run(changes), checksum=False)
    refused_untouched(few, path, DAMAGED)
    rewritten(path, checkpoint, with_run(changes))
    refused_untouched(few, path, words)


def replaced(name_ends, **given):
    """Put another array in the place of the first whose name ends so."""

    def change(file):
        names = []
        file.visit(names.append)
        name = next(name for name in sorted(names) if name.endswith(name_ends))
        del file[name]
        if given:
            file.create_dataset(name, **given)

    return change


@pytest.mark.parametrize("change", [
    replaced("vars/0"),
    replaced("vars/0", data=np.zeros((5, 5, 1, 5), "float32")),
    replaced("vars/0", data=np.zeros((5, 5, 1, 6), "complex64")),
    replaced("vars/0", data=np.zeros((5, 5, 1, 6), "float64")),
    replaced("vars/0", data=np.full((5, 5, 1, 6), "x", "S4")),
    replaced("vars/0", data=np.full((5, 5, 1, 6), "x", object), dtype=h5py.string_dtype()),
    lambda file: file.create_dataset("further", data=3.0),
])  # fmt: skip
def test_arrays_of_another_form_are_refused_before_a_weight_is_touched(change, checkpoint, few, tmp_path):
    path = tmp_path / "run.weights.h5"
    rewritten(path, checkpoint, change)
    refused_untouched(few, path, DAMAGED)


@pytest.mark.parametrize("bomb", [
    {"shape": (2**40,), "dtype": "float32"},  # never written, so that it takes no room
    {"shape": (2**20,), "dtype": "float32", "chunks": (2**20,), "compression": "gzip", "data": np.zeros(2**20)},
    {"shape": (1,), "dtype": "float32", "maxshape": (None,), "chunks": (2**28,), "compression": "gzip"},
])  # fmt: skip
def test_a_small_checkpoint_that_claims_gigabytes_is_refused_without_reading_them(
    bomb, checkpoint, few, tmp_path, monkeypatch
):
    path = tmp_path / "run.weights.h5"
    rewritten(path, checkpoint, lambda file: file.create_dataset("bomb", **bomb), checksum=False)
    original, contents = checkpoints.content, []

    def content(file):
        contents.append(str(file.filename))
        assert "bomb" not in file
        return original(file)

    monkeypatch.setattr(checkpoints, "content", content)
    refused_untouched(few, path, DAMAGED)
    assert len(contents) == 1  # of the trial before


def test_a_checkpoint_far_too_large_is_refused_without_copying_it(few, tmp_path, monkeypatch):
    path = tmp_path / "run.weights.h5"
    with open(path, "wb") as file:
        file.truncate(2**40)  # a file with a hole: it takes no room
    monkeypatch.setattr("shutil.copyfile", lambda *_: pytest.fail("copied"))
    with pytest.raises(ValueError, match=DAMAGED):
        lk.train(network(), few, TINY, checkpoint=path)
    assert list(tmp_path.iterdir()) == [path]


def test_other_weights_in_a_checkpoint_are_refused(checkpoint, few, tmp_path):
    path = tmp_path / "run.weights.h5"
    path.write_bytes(checkpoint)
    with h5py.File(path, "r+") as file:
        names = []
        file.visit(names.append)
        array = next(file[name] for name in names if isinstance(file[name], h5py.Dataset) and file[name].ndim == 4)
        array[0, 0, 0, 0] = np.nan
    refused_untouched(few, path, DAMAGED)


def test_weights_alone_are_no_checkpoint(few, tmp_path):
    path = tmp_path / "run.weights.h5"
    network().save_weights(path)
    refused_untouched(few, path, DAMAGED)


@pytest.mark.parametrize("name", ["run.npz", "gone/run.weights.h5", "folder.weights.h5"])
def test_where_a_checkpoint_cannot_be_is_told_before_the_training(name, few, tmp_path):
    (tmp_path / "folder.weights.h5").mkdir()
    with pytest.raises(ValueError, match="a file, ending in .weights.h5, in a folder that exists, not .*" + name):
        lk.train(network(), few, TINY, checkpoint=tmp_path / name)


def no_epoch(*_, **__):
    pytest.fail("an epoch was begun")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EFBIG])
def test_where_nothing_can_be_written_is_told_in_a_sentence_before_the_first_epoch(number, few, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(number, os.strerror(number), "a name")

    model = network()
    model.fit = no_epoch
    monkeypatch.setattr("pathlib.Path.write_bytes", fail)
    with pytest.raises(ValueError) as caught:
        lk.train(model, few, TINY, checkpoint=tmp_path / "run.weights.h5")
    assert str(caught.value) == f"The checkpoint run.weights.h5 cannot be written: {os.strerror(number)}."
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="Windows sets no limit on the size of files")
def test_a_limit_on_the_size_of_files_is_told_before_the_first_epoch(few, tmp_path):
    """A real failure of writing, in the midst of it."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    model = network()
    model.fit = no_epoch
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(ValueError, match=r"^The checkpoint run.weights.h5 cannot be written: File too large\.$"):
            lk.train(model, few, TINY, checkpoint=tmp_path / "run.weights.h5")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []


def test_a_path_that_no_system_takes_is_told_in_a_sentence(few, tmp_path):
    for name in ("x" * 300 + ".weights.h5", "x" * 300 + "/run.weights.h5", "x" * 240 + ".weights.h5"):
        with pytest.raises(ValueError, match="cannot be written: File name too long|in a folder that exists, not"):
            lk.train(network(), few, TINY, checkpoint=tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("failure", [
    OSError(errno.ENOSPC, "No space left on device", "/there/run.weights.h5.part"),
    RuntimeError("Can't decrement id ref count (filename = '/there/run.weights.h5.part', error message = 'full')"),
])  # fmt: skip
def test_a_write_that_fails_later_is_told_in_a_sentence_and_leaves_the_checkpoint_before(
    failure, checkpoint, few, tmp_path, monkeypatch
):
    path = tmp_path / "run.weights.h5"
    path.write_bytes(checkpoint)

    def full(*_):
        raise failure

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(ValueError) as caught:
        lk.train(network(), few, TINY, checkpoint=path, verbose=False)
    message = str(caught.value)
    assert message.startswith("The checkpoint run.weights.h5 cannot be written: ") and ".part" not in message
    assert list(tmp_path.iterdir()) == [path] and path.read_bytes() == checkpoint


def test_a_checkpoint_that_may_not_be_read_is_told_in_a_sentence(checkpoint, few, tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(errno.EACCES, "Permission denied", "a name")

    path = tmp_path / "run.weights.h5"
    path.write_bytes(checkpoint)
    monkeypatch.setattr("shutil.copyfile", refuse)
    refused_untouched(few, path, r"^The checkpoint run.weights.h5 cannot be read: Permission denied\.$")


def test_what_killed_runs_left_is_cleared_away_and_what_others_write_is_not(few, tmp_path):
    old, young, other = (
        tmp_path / f"{name}.part.weights.h5"
        for name in ("run.weights.h5.0a", "run.weights.h5.0b", "other.weights.h5.0c")
    )
    for path in (old, young, other):
        path.write_text("half")
    for path in (old, other):
        os.utime(path, (0, 0))
    lk.train(network(), few, TINY, checkpoint=tmp_path / "run.weights.h5", stop_after=1, verbose=False)
    assert sorted(tmp_path.iterdir()) == sorted([young, other, tmp_path / "run.weights.h5"])


def test_two_writers_of_one_checkpoint_do_not_harm_each_other(few, tmp_path):
    """Both write as fast as they can; what is read meanwhile, and what stays, is a whole checkpoint of one of them."""
    path, model, names = tmp_path / "run.weights.h5", network(), tuple(of_length(1))
    lk.train(model, few, TINY, checkpoint=path, stop_after=1, verbose=False)
    form = checkpoints.writable(path, model)[1]
    run = {"settings": {"a": 1}, "history": of_length(1)}
    checkpoints.save(path, model, run)
    others = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), str(figure)], cwd=COURSE, stdout=subprocess.PIPE)
        for figure in (0.25, 0.75)
    ]
    seen = set()
    while any(other.poll() is None for other in others):
        seen.add(checkpoints.resume(path, form, model, {"a": 1}, names, 3)["loss"][0])
    assert [other.communicate()[0] for other in others] == [b"written\n", b"written\n"]
    seen.add(checkpoints.resume(path, form, model, {"a": 1}, names, 3)["loss"][0])
    assert seen <= {0.5, 0.25, 0.75} and seen & {0.25, 0.75}
    assert list(tmp_path.iterdir()) == [path]


WRITER = """
import pathlib
import sys
import lenet_keras as lk
keras = lk.start_keras()
from lenet_keras.training import checkpoints
model = lk.lenet5()
model.compile(optimizer=keras.optimizers.Adam(0.002), loss="mse")
model.optimizer.build(model.trainable_variables)
figures = [float(sys.argv[2])]
history = {name: figures for name in ("loss", "error", "validation_loss", "validation_error")}
for _ in range(60):
    checkpoints.save(pathlib.Path(sys.argv[1]), model, {"settings": {"a": 1}, "history": history})
print("written")
"""


# ---------------------------------------------------------------------------------------------------- fresh digits


def test_fresh_digits_are_asked_for_in_the_order_of_each_epoch_and_learned(few):
    """With one batch an epoch and a rate of 0, the loss of an epoch is that of the digits that fresh returned."""
    recipe, asked, losses = dataclasses.replace(TINY, epochs=2, batch_size=1000, learning_rate=0.0), [], []
    model, (learn, _) = network(), lk.split(few)

    def fresh(images, labels, seed):
        order = np.random.default_rng(seed).permutation(learn)
        np.testing.assert_array_equal(images, few.x_train[order])
        np.testing.assert_array_equal(labels, few.y_train[order])
        asked.append(seed)
        images, labels = images * (0.5 + seed[1]), (labels + 1) % 10
        losses.append(-np.log(lk.probabilities(model, images)[np.arange(len(labels)), labels]).mean())
        return images, labels

    history = lk.train(model, few, recipe, seed=4, fresh=fresh, verbose=False)
    assert asked == [[4, 0], [4, 1]]
    assert history["loss"] == pytest.approx(losses, abs=1e-4) and abs(losses[0] - losses[1]) > 0.001


def test_a_run_on_fresh_digits_goes_on_as_an_unbroken_one(few, tmp_path):
    def fresh(images, labels, seed):
        return images + np.random.default_rng(seed).normal(0, 0.1, images.shape).astype("float32"), labels

    path, unbroken, resumed = tmp_path / "run.weights.h5", network(), network()
    lk.train(unbroken, few, TINY, fresh=fresh, verbose=False)
    lk.train(network(), few, TINY, fresh=fresh, checkpoint=path, stop_after=2, verbose=False)
    lk.train(resumed, few, TINY, fresh=fresh, checkpoint=path, verbose=False)
    for a, b in zip(unbroken.get_weights(), resumed.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)


@pytest.mark.parametrize("fresh, words", [
    (lambda images, labels, seed: (images[:-1], labels[:-1]), "as many digits as it was given, 270, not 269"),
    (lambda images, labels, seed: (images, labels[:-1]), "270 training images but 269 labels"),
    (lambda images, labels, seed: (images[:, 2:30, 2:30], labels), r"shape \(32, 32, 1\), not \(28, 28, 1\)"),
    (lambda images, labels, seed: (images * np.nan, labels), "not finite"),
    (lambda images, labels, seed: (images, labels + 1), "0 to 9, not 1 to 10"),
])  # fmt: skip
def test_fresh_digits_that_do_not_fit_are_refused(fresh, words, few):
    with pytest.raises(ValueError, match=words):
        lk.train(network(), few, TINY, fresh=fresh)


# --------------------------------------------------------------------------------------------- further recipes


class Teacher:
    """Answers with the logits it is given; counts as a network of the shapes of LeNet-5."""

    input_shape, output_shape = (None, 32, 32, 1), (None, 10)

    def __init__(self, logits):
        self.logits = np.asarray(logits, "float32")

    def predict(self, images, **_):
        return np.broadcast_to(self.logits, (len(images), len(self.logits)))

    def get_weights(self):
        return [self.logits]


def test_targets_under_a_teacher_by_hand():
    # Half of 2 ln 3 is ln 3: the probabilities are 3/4 and 1/4. 0.7 of them, and 0.3 for the label, 1.
    targets = lk.training.distillation.softened(Teacher([2 * np.log(3), 0]), np.zeros((2, 32, 32, 1)), np.array([1, 0]))
    np.testing.assert_allclose(targets, [[0.525, 0.475], [0.825, 0.175]], rtol=1e-6)
    assert targets.dtype == np.float32


def test_one_update_under_a_teacher_by_hand(few):
    import tensorflow as tf

    model, teacher = network(), Teacher(np.log([1, 1, 1, 9, 1, 1, 1, 1, 1, 1]))
    learn, validate = lk.split(few)
    shares = np.array([1, 1, 1, 3, 1, 1, 1, 1, 1, 1]) / 12  # the root of 9 is 3
    targets = (0.7 * shares + 0.3 * np.eye(10)[few.y_train[learn]]).astype("float32")
    with tf.GradientTape() as tape:
        loss = -tf.reduce_mean(tf.reduce_sum(targets * tf.nn.log_softmax(model(few.x_train[learn])), axis=1))
    gradients = tape.gradient(loss, model.trainable_variables)
    expected = [w.numpy() - 0.1 * g.numpy() for w, g in zip(model.trainable_variables, gradients, strict=True)]
    recipe = lk.Recipe(epochs=1, batch_size=1000, optimizer="sgd", learning_rate=0.1)
    history = lk.train(model, few, recipe, teacher=teacher, verbose=False)
    assert history["loss"][0] == pytest.approx(float(loss), abs=1e-5)
    for weight, value in zip(model.trainable_variables, expected, strict=True):
        np.testing.assert_allclose(weight.numpy(), value, atol=1e-6)
    # Validation is about the labels, teacher or not.
    p = lk.probabilities(model, few.x_train[validate])
    wanted = few.y_train[validate]
    assert history["validation_error"][0] == pytest.approx((p.argmax(axis=1) != wanted).mean(), abs=1e-6)
    assert history["validation_loss"][0] == pytest.approx(-np.log(p[range(len(p)), wanted]).mean(), abs=1e-5)


def test_a_teacher_that_does_not_fit_is_refused(few):
    with pytest.raises(ValueError, match=r"must have the network's shapes .*10.*, not .*11"):
        lk.train(network(), few, TINY, teacher=lk.lenet5(outputs=11), verbose=False)
    with pytest.raises(ValueError, match="must have the network's shapes .*, not .*None"):
        lk.train(network(), few, TINY, teacher=keras.Sequential([keras.layers.Dense(10)]), verbose=False)
    model = network()
    before = model.get_weights()
    with pytest.raises(ValueError, match="The teacher answers with values that are not finite"):
        lk.train(model, few, TINY, teacher=Teacher([np.nan] * 10), verbose=False)
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_under_another_teacher_a_run_does_not_go_on(few, tmp_path):
    path, first, other = tmp_path / "x.weights.h5", Teacher(np.arange(10)), Teacher(np.arange(10)[::-1])
    whole = network()
    lk.train(whole, few, TINY, teacher=first, verbose=False)
    lk.train(network(), few, TINY, teacher=first, checkpoint=path, stop_after=1, verbose=False)
    for teacher in (other, None):
        with pytest.raises(ValueError, match="teacher"):
            lk.train(network(), few, TINY, teacher=teacher, checkpoint=path, verbose=False)
    model = network(seed=6)
    lk.train(model, few, TINY, teacher=first, checkpoint=path, verbose=False)
    for mine, theirs in zip(model.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_all_digits_are_learned_from_where_none_is_kept_back(few, capsys):
    recipe = dataclasses.replace(TINY, epochs=1, batch_size=1000, learning_rate=0.0, validate=False)
    model = network()
    history = lk.train(model, few, recipe)
    p = lk.probabilities(model, few.x_train)[np.arange(300), few.y_train]
    assert history["loss"] == pytest.approx([-np.log(p).mean()], abs=1e-4)
    assert set(history) == {"loss", "error"} and "validation" not in capsys.readouterr().out


def test_the_rate_rises_evenly_and_then_falls_along_half_a_cosine(few):
    recipe, model = dataclasses.replace(TINY, decay=True, warm_up=1), network()
    lk.train(model, few, recipe, verbose=False)

    def rate(step):
        model.optimizer.iterations.assign(step)
        return float(model.optimizer.learning_rate)

    assert [rate(step) for step in (0, 3, 9)] == pytest.approx([0, 0.002 / 3, 0.002], rel=1e-5)
    # Nine updates up; the other eighteen are half a cosine.
    for step in (12, 18, 27):
        assert rate(step) == pytest.approx(0.001 * (1 + np.cos(np.pi * (step - 9) / 18)), abs=1e-8)


def test_networks_with_further_classes_and_other_images_can_be_trained(few):
    keras.utils.set_random_seed(0)
    flat = few.replace(x_train=few.x_train.reshape(300, -1))
    perceptron = keras.Sequential([keras.Input((1024,)), keras.layers.Dense(12)])
    history = lk.train(perceptron, flat, dataclasses.replace(TINY, epochs=5), verbose=False)
    assert history["error"][-1] < 0.5 * history["error"][0]


def test_printed_lines(few, capsys):
    history = lk.train(network(), few, TINY)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[2] == (
        f"epoch 3 of 3: training loss {history['loss'][2]:.2f}, error {100 * history['error'][2]:4.1f} %; "
        f"validation loss {history['validation_loss'][2]:.2f}, error {100 * history['validation_error'][2]:4.1f} %"
    )
    lk.train(network(), few, dataclasses.replace(TINY, epochs=30, batch_size=300))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 13 and lines[0].startswith("epoch  1 of 30") and lines[-1].startswith("epoch 30 of 30")


def bad(few, **changes):
    return few.replace(**{name: change(getattr(few, name).copy()) for name, change in changes.items()})


def with_value(place, value):
    def change(array):
        array[place] = value
        return array

    return change


BAD_DIGITS = {
    "28×28": ({"x_train": lambda x: x[:, 2:30, 2:30]}, r"shape \(32, 32, 1\), not \(28, 28, 1\)"),
    "fewer labels": ({"y_train": lambda y: y[:-1]}, "300 training images but 299 labels"),
    "label 10": ({"y_train": with_value(3, 10)}, "network with 10 outputs are 0 to 9, not 0 to 10"),
    "label -1": ({"y_train": with_value(3, -1)}, "network with 10 outputs are 0 to 9, not -1 to 9"),
    "NaN": ({"x_train": with_value((7, 3, 3, 0), np.nan)}, "not finite"),
}


@pytest.mark.parametrize("fault", BAD_DIGITS)
def test_bad_digits_are_refused(fault, few):
    changes, words = BAD_DIGITS[fault]
    with pytest.raises(ValueError, match=words):
        lk.train(network(), bad(few, **changes), TINY)


@pytest.mark.parametrize("name, betas", [("adam", (0.9, 0.999)), ("adam_short", (0.7, 0.9))])
def test_two_updates_of_adam_by_hand(name, betas, few):
    """Both means of the gradient, each with its own memory and without the start from 0, in NumPy."""
    import tensorflow as tf

    model, order = network(), [few.x_train, few.y_train]
    recipe = lk.Recipe(epochs=2, batch_size=1000, optimizer=name, learning_rate=0.003, validate=False)
    weights = [w.numpy().astype(float) for w in model.trainable_variables]
    first, second, twin = [0.0] * len(weights), [0.0] * len(weights), network()
    for update in (1, 2):
        for variable, weight in zip(twin.trainable_variables, weights, strict=True):
            variable.assign(weight.astype("float32"))
        with tf.GradientTape() as tape:
            log_probabilities = tf.nn.log_softmax(twin(order[0]))
            loss = -tf.reduce_mean(tf.gather(log_probabilities, order[1], batch_dims=1))
        for k, slope in enumerate(tape.gradient(loss, twin.trainable_variables)):
            slope = slope.numpy().astype(float)
            first[k] = betas[0] * first[k] + (1 - betas[0]) * slope
            second[k] = betas[1] * second[k] + (1 - betas[1]) * slope**2
            rate = 0.003 * np.sqrt(1 - betas[1] ** update) / (1 - betas[0] ** update)
            weights[k] -= rate * first[k] / (np.sqrt(second[k]) + 1e-7)
    lk.train(model, few, recipe, verbose=False)
    differences = [np.abs(w.numpy() - v) for w, v in zip(model.trainable_variables, weights, strict=True)]
    # Where a gradient is nearly 0, its sign is rounding's; everywhere else the two agree.
    assert np.quantile(np.concatenate([d.ravel() for d in differences]), 0.95) < 2e-6


@pytest.mark.parametrize("recipe, words", [
    ("slow", "no recipe 'slow'; there are short, standard"),
    (dataclasses.replace(TINY, optimizer="lbfgs"), "not 'lbfgs'"),
    (dataclasses.replace(TINY, epochs=0), "at least 1 epoch"),
    (dataclasses.replace(TINY, batch_size=0), "at least 1 epoch and 1 digit"),
    (dataclasses.replace(TINY, learning_rate=-1.0), "no negative rate"),
    (dataclasses.replace(TINY, warm_up=1), "warm_up needs decay"),
    (dataclasses.replace(TINY, warm_up=3, decay=True), "must be shorter than its epochs"),
])  # fmt: skip
def test_bad_recipes_are_refused(recipe, words, few):
    with pytest.raises(ValueError, match=words):
        lk.train(network(), few, recipe)


def test_a_network_with_other_outputs_is_refused(few):
    model = keras.Sequential([keras.Input((32, 32, 1)), keras.layers.Flatten(), keras.layers.Dense(3)])
    with pytest.raises(ValueError, match=r"network with 3 outputs are 0 to 2, not 0 to 9"):
        lk.train(model, few, TINY)
    with pytest.raises(ValueError, match=r"logits \(n, classes\), not \(None, 28, 28, 6\)"):
        lk.train(keras.Sequential([keras.Input((32, 32, 1)), keras.layers.Conv2D(6, 5)]), few, TINY)
