"""Training with named recipes, seeds, a validation split, printed progress, checkpoints and resuming."""

import dataclasses
import json
import math
import os
import pathlib
import zlib

import keras
import numpy as np


@dataclasses.dataclass(frozen=True)
class Recipe:
    """How to train, without the network, the digits and the seed."""

    epochs: int
    """Passes over the training digits."""
    batch_size: int = 128
    """Digits per update."""
    optimizer: str = "adam"
    """"adam" or "sgd" (plain stochastic gradient descent)."""
    learning_rate: float = 0.002
    """Of the first update."""
    decay: bool = False
    """Whether the learning rate falls to 0 along half a cosine, or stays as it is."""
    minimum_updates: int = 0
    """A small training set is passed over more often than `epochs`, until there were this many updates."""

    def epochs_for(self, size):
        """Passes over a training set of that many digits."""
        return max(self.epochs, math.ceil(self.minimum_updates / self.updates_per_epoch(size)))

    def updates_per_epoch(self, size):
        """Batches in one pass over that many digits; the last may be smaller."""
        return math.ceil(size / self.batch_size)


RECIPES = {
    "short": Recipe(epochs=1, batch_size=64, decay=True, minimum_updates=400),
    "standard": Recipe(epochs=12, batch_size=16, optimizer="sgd", learning_rate=0.1, decay=True, minimum_updates=4000),
    "descent": Recipe(epochs=3, batch_size=32, optimizer="sgd", learning_rate=0.1, minimum_updates=1600),
}


def split(digits):
    """Which training digits to learn from, and which to keep back for validation: always the same one in ten.

    Each class is split in the same proportion (scikit-learn's stratified split). The test digits have no
    part.

    Args:
        digits: Digits, or anything with labels `y_train` of shape (n,).

    Returns:
        (learn, validate): int arrays of indices into the training digits.
    """
    from sklearn.model_selection import train_test_split

    return train_test_split(np.arange(len(digits.y_train)), test_size=0.1, stratify=digits.y_train, random_state=0)


def train(model, digits, recipe="short", *, seed=0, checkpoint=None, stop_after=None, verbose=True):
    """Train a network that answers with logits, from its present weights, and print a line for each epoch.

    The loss is the cross-entropy. Figures for training are averages over the epoch, while the weights change;
    those for validation are taken after it. Where there are many epochs, only some are printed.

    Args:
        model: a network from images (n, 32, 32, 1) to logits (n, 10).
        digits: Digits; one training digit in ten is kept back for validation, see `split`.
        recipe: a name in RECIPES, or a Recipe.
        seed: decides the order of the digits, of each epoch anew. (The starting weights are decided before,
            by keras.utils.set_random_seed and the building of the model.)
        checkpoint: path of a file to keep the state of the run in, written anew after each epoch. If it
            exists, the run goes on from there, and ends with the weights of an uninterrupted run.
        stop_after: epoch after which to stop early, say to go on tomorrow; None for none.
        verbose: whether to print.

    Returns:
        dict of lists, an entry for each epoch: "loss" and "error" of training, "validation_loss" and
        "validation_error". Errors are shares from 0 to 1.

    Raises:
        ValueError: for an unknown recipe, data that do not fit, or a checkpoint of another run.
    """
    recipe = _recipe(recipe)
    _check(model, digits)
    learn, validate = split(digits)
    epochs = recipe.epochs_for(len(learn))
    _compile(model, recipe, epochs * recipe.updates_per_epoch(len(learn)))
    end = epochs if stop_after is None else min(epochs, stop_after)
    history = {"loss": [], "error": [], "validation_loss": [], "validation_error": []}
    if checkpoint is not None:
        checkpoint = _writable(checkpoint)
        settings = _settings(model, digits, recipe, seed)
        if checkpoint.exists():
            history = _resume(checkpoint, model, settings)
            if verbose:
                print(f"Going on after epoch {len(history['loss'])} of {epochs}.")
    x_validate, y_validate = digits.x_train[validate], digits.y_train[validate]
    for epoch in range(len(history["loss"]), end):
        # The order depends on seed and epoch alone, so that a resumed run sees the digits as an unbroken one.
        order = np.random.default_rng([seed, epoch]).permutation(learn)
        figures = model.fit(
            digits.x_train[order],
            digits.y_train[order],
            batch_size=recipe.batch_size,
            shuffle=False,
            verbose=0,
        ).history
        loss, accuracy = model.evaluate(x_validate, y_validate, batch_size=1000, verbose=0)
        history["loss"].append(float(figures["loss"][0]))
        history["error"].append(1 - float(figures["accuracy"][0]))
        history["validation_loss"].append(float(loss))
        history["validation_error"].append(1 - float(accuracy))
        if checkpoint is not None:
            _save(checkpoint, model, settings, history)
        if verbose and ((epoch + 1) % math.ceil(epochs / 12) == 0 or epoch in (0, end - 1)):
            _print(history, epochs)
    return history


def _recipe(recipe):
    if isinstance(recipe, str):
        if recipe not in RECIPES:
            raise ValueError(f"There is no recipe {recipe!r}; there are {', '.join(RECIPES)}.")
        recipe = RECIPES[recipe]
    if not isinstance(recipe, Recipe):
        raise ValueError(f"recipe must be a name in RECIPES or a Recipe, not {recipe!r}.")
    if recipe.optimizer not in ("adam", "sgd"):
        raise ValueError(f'A recipe\'s optimizer is "adam" or "sgd", not {recipe.optimizer!r}.')
    if min(recipe.epochs, recipe.batch_size) < 1 or recipe.learning_rate < 0:
        raise ValueError(f"A recipe needs at least 1 epoch and 1 digit a batch, and no negative rate, not {recipe}.")
    return recipe


def _check(model, digits):
    if model.output_shape[1:] != (10,):
        raise ValueError(f"train needs a network with 10 outputs, but the output shape is {model.output_shape}.")
    wanted = tuple(model.input_shape[1:])
    if digits.x_train.shape[1:] != wanted:
        raise ValueError(f"The network needs images of shape {wanted}, not {digits.x_train.shape[1:]}.")
    if len(digits.x_train) != len(digits.y_train):
        raise ValueError(f"There are {len(digits.x_train)} training images but {len(digits.y_train)} labels.")
    if digits.y_train.min() < 0 or digits.y_train.max() > 9:
        raise ValueError(f"Labels are 0 to 9, not {digits.y_train.min()} to {digits.y_train.max()}.")
    if not np.isfinite(digits.x_train).all():
        raise ValueError("The training images hold values that are not finite numbers (NaN or infinity).")


def _compile(model, recipe, updates):
    rate = float(recipe.learning_rate)
    if recipe.decay:
        rate = keras.optimizers.schedules.CosineDecay(rate, updates)
    optimizer = {"adam": keras.optimizers.Adam, "sgd": keras.optimizers.SGD}[recipe.optimizer](rate)
    model.compile(
        optimizer=optimizer,
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    optimizer.build(model.trainable_variables)


def _print(history, epochs):
    now = {name: values[-1] for name, values in history.items()}
    print(
        f"epoch {len(history['loss']):>{len(str(epochs))}} of {epochs}: "
        f"training loss {now['loss']:.2f}, error {100 * now['error']:4.1f} %; "
        f"validation loss {now['validation_loss']:.2f}, error {100 * now['validation_error']:4.1f} %"
    )


def _writable(path):
    path = pathlib.Path(path)
    if path.is_dir() or not path.parent.is_dir():
        raise ValueError(f"checkpoint must be the path of a file in a folder that exists, not {path}.")
    return path


def _settings(model, digits, recipe, seed):
    """What a run and its resumption must have in common; compared through JSON."""
    return {
        "recipe": dataclasses.asdict(recipe),
        "seed": int(seed),
        "digits": [digits.name, _checksum(digits.y_train), _checksum(digits.x_train)],
        "weights": [list(weight.shape) for weight in model.weights],
        "layers": [_kind(layer) for layer in model.layers],
    }


def _checksum(array):
    return zlib.crc32(np.ascontiguousarray(array))


def _kind(layer):
    activation = getattr(layer, "activation", None)
    return [type(layer).__name__, getattr(activation, "__name__", type(activation).__name__)]


def _state(model):
    return [*model.variables, *model.optimizer.variables]


def _save(path, model, settings, history):
    """Write the checkpoint beside its place, then move it there: a kill at any moment leaves a whole file."""
    text = {"settings": json.dumps(settings, sort_keys=True), "history": json.dumps(history)}
    arrays = {f"state{i}": np.asarray(variable) for i, variable in enumerate(_state(model))}
    unfinished = path.with_name(path.name + ".part")
    with open(unfinished, "wb") as file:
        np.savez(file, **text, **arrays)
    os.replace(unfinished, path)


def _resume(path, model, settings):
    try:
        with np.load(path, allow_pickle=False) as file:
            saved = {name: file[name] for name in file.files}
        found, history = json.loads(str(saved["settings"])), json.loads(str(saved["history"]))
    except Exception:  # whatever damaged bytes make NumPy raise
        raise ValueError(f"The checkpoint {path.name} is damaged: delete it to train from the beginning.") from None
    different = [name for name in settings if found.get(name) != json.loads(json.dumps(settings[name]))]
    state = _state(model)
    arrays = [saved.get(f"state{i}") for i in range(len(state))]
    if any(a is None or a.shape != v.shape for a, v in zip(arrays, state, strict=True)):
        different.append("variables")
    if different:
        raise ValueError(
            f"The checkpoint {path.name} belongs to a run with other {', '.join(different)}: "
            f"delete it, or name another file."
        )
    for variable, array in zip(state, arrays, strict=True):
        variable.assign(array)
    return history
