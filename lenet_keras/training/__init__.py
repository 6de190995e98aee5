"""Training with named recipes, seeds, a validation split, printed progress, checkpoints and resuming."""

import dataclasses
import functools
import math

import keras
import numpy as np

from . import checkpoints
from .distillation import check_teacher, softened


@dataclasses.dataclass(frozen=True)
class Recipe:
    """How to train, without the network, the digits and the seed."""

    epochs: int
    """Passes over the digits to learn from."""
    batch_size: int = 128
    """Digits per update."""
    optimizer: str = "adam"
    """"adam", "sgd" (plain stochastic gradient descent), or "adam_short": Adam with betas 0.7 and 0.9 in place of 0.9
    and 0.999, so that its two means reach back about 3 and 10 updates, not 10 and 1000."""
    learning_rate: float = 0.002
    """Of the first update, or of the first one after `warm_up`."""
    decay: bool = False
    """Whether the learning rate falls to 0 along half a cosine, or stays as it is."""
    warm_up: float = 0
    """Epochs at the beginning in which the learning rate rises evenly from 0; only with `decay`."""
    minimum_updates: int = 0
    """A small training set is passed over more often than `epochs`, until there were this many updates."""
    validate: bool = True
    """Whether one training digit in ten is kept back for validation; if not, all are learned from."""

    def updates_per_epoch(self, size):
        """Batches in one pass over that many digits; the last may be smaller."""
        return math.ceil(size / self.batch_size)

    def epochs_for(self, size):
        """Passes over a training set of that many digits."""
        return max(self.epochs, math.ceil(self.minimum_updates / self.updates_per_epoch(size)))


RECIPES = {
    "short": Recipe(epochs=1, batch_size=64, decay=True, minimum_updates=400),
    "standard": Recipe(epochs=12, batch_size=16, optimizer="sgd", learning_rate=0.1, decay=True, minimum_updates=4000),
    "descent": Recipe(epochs=3, batch_size=32, optimizer="sgd", learning_rate=0.1, minimum_updates=1600),
    # For `fast.lenet5("relu", "max")`: a rate too high to begin with is safe after a warm-up, and saves epochs. In so
    # few updates Adam's usual means reach back too far: with the short ones, batches of 240, which divide 60,000 and
    # take a fifth less time than 128, leave no more validation errors (four seeds). One pass left more than 1 %.
    "fast": Recipe(
        epochs=2,
        batch_size=240,
        optimizer="adam_short",
        learning_rate=0.012,
        decay=True,
        warm_up=0.6,
        validate=False,
    ),
    # For `lenet5()` under a teacher, on digits distorted anew in each epoch, elastically too (tools/train.py). Chosen
    # on validation digits, a seed each: 100 epochs without elastic maps left more errors than 60 with them, and these
    # more than 60 under a teacher. The rate was not searched for.
    "best": Recipe(epochs=60, batch_size=128, optimizer="adam", learning_rate=0.003, decay=True, warm_up=1),
}

OPTIMIZERS = {
    "adam": keras.optimizers.Adam,
    "adam_short": functools.partial(keras.optimizers.Adam, beta_1=0.7, beta_2=0.9),
    "sgd": keras.optimizers.SGD,
}

UPDATES_A_CALL = 20
"""So many updates are one call from Python to TensorFlow, which costs time of its own; the bits stay the same."""


def split(digits):
    """Which training digits to learn from, and which to keep back for validation: always the same one in ten.

    Each class is split in the same proportion (scikit-learn's stratified split). The test digits are not looked at.

    Args:
        digits: Digits, or anything with labels `y_train` of shape (n,).

    Returns:
        (learn, validate): int arrays of indices into the training digits.
    """
    from sklearn.model_selection import train_test_split

    return train_test_split(np.arange(len(digits.y_train)), test_size=0.1, stratify=digits.y_train, random_state=0)


def train(
    model, digits, recipe="short", *, seed=0, fresh=None, teacher=None, checkpoint=None, stop_after=None, verbose=True
):
    """Train a network that answers with logits, from its present weights, and print a line for each epoch.

    The loss is the cross-entropy. Figures for training are averages over the epoch, while the weights change; those
    for validation are taken after it. Of many epochs only some are printed.

    Args:
        model: a network from images, shaped as those of `digits`, to logits (n, classes).
        digits: Digits; one training digit in ten is kept back for validation, see `split`.
        recipe: a name in RECIPES, or a Recipe.
        seed: decides the order of the digits, of each epoch anew; the starting weights were decided before.
        fresh: a function that makes the digits of each epoch anew, distorted ones for example. It is called as
            fresh(images, labels, [seed, epoch]), with the digits to learn from in the order of this epoch, and returns
            as many images and labels, which are learned in their order. It must give the same for the same
            arguments, or a run that goes on would end otherwise than an unbroken one. None: the digits as they are.
        teacher: a trained network from the same images to as many logits, whose answers are learned besides the
            labels, see `distillation`. "loss" and "error" of training are then about these targets.
        checkpoint: path of a file, ending in .weights.h5, to keep the state of the run in, written anew after each
            epoch. If it exists, the run goes on from there, and ends with the weights of an unbroken run.
        stop_after: epoch after which to stop early, say to go on tomorrow; None for none.
        verbose: whether to print.

    Returns:
        dict of lists, an entry for each epoch: "loss" and "error" of training and, unless the recipe keeps no digits
        back, "validation_loss" and "validation_error". Errors are shares from 0 to 1.

    Raises:
        ValueError: for an unknown recipe, data or a teacher that do not fit, or a checkpoint that is damaged, of
            another run, or cannot be written. A checkpoint that is refused leaves the weights as they were.
    """
    recipe = _recipe(recipe)
    _check(model, digits.x_train, digits.y_train)
    if teacher is not None:
        check_teacher(teacher, model)
    learn, validate = split(digits) if recipe.validate else (np.arange(len(digits.y_train)), None)
    epochs = recipe.epochs_for(len(learn))
    _compile(model, recipe, epochs, recipe.updates_per_epoch(len(learn)), shares=teacher is not None)
    end = epochs if stop_after is None else min(epochs, stop_after)
    names = ("loss", "error", "validation_loss", "validation_error")[: 4 if recipe.validate else 2]
    history = {name: [] for name in names}
    if checkpoint is not None:
        settings = checkpoints.settings(model, digits, dataclasses.asdict(recipe), seed, fresh, teacher)
        checkpoint, form = checkpoints.writable(checkpoint, model)
        if checkpoint.exists():
            history = checkpoints.resume(checkpoint, form, model, settings, names, epochs)
            if verbose:
                print(f"Going on after epoch {len(history['loss'])} of {epochs}.")
    for epoch in range(len(history["loss"]), end):
        # The order depends on seed and epoch alone, so that a resumed run sees the digits as an unbroken one.
        order = np.random.default_rng([seed, epoch]).permutation(learn)
        images, labels = digits.x_train[order], digits.y_train[order]
        if fresh is not None:
            images, labels = fresh(images, labels, [seed, epoch])
            _check(model, images, labels)
            if len(labels) != len(order):
                raise ValueError(f"fresh must return as many digits as it was given, {len(order)}, not {len(labels)}.")
        if teacher is not None:
            labels = softened(teacher, images, labels)
        figures = model.fit(images, labels, batch_size=recipe.batch_size, shuffle=False, verbose=0).history
        found = [figures["loss"][0], 1 - figures["accuracy"][0]]
        if recipe.validate:
            wanted = digits.y_train[validate]
            if teacher is not None:
                wanted = np.eye(model.output_shape[1], dtype="float32")[wanted]
            loss, accuracy = model.evaluate(digits.x_train[validate], wanted, batch_size=1000, verbose=0)
            found += [loss, 1 - accuracy]
        for name, figure in zip(names, found, strict=True):
            history[name].append(float(figure))
        if checkpoint is not None:
            checkpoints.save(checkpoint, model, {"settings": settings, "history": history})
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
    if recipe.optimizer not in OPTIMIZERS:
        raise ValueError(f"A recipe's optimizer is one of {', '.join(OPTIMIZERS)}, not {recipe.optimizer!r}.")
    if min(recipe.epochs, recipe.batch_size) < 1 or recipe.learning_rate < 0:
        raise ValueError(f"A recipe needs at least 1 epoch and 1 digit a batch, and no negative rate, not {recipe}.")
    if recipe.warm_up and not (recipe.decay and 0 < recipe.warm_up < recipe.epochs):
        raise ValueError(f"A recipe's warm_up needs decay, and must be shorter than its epochs, not {recipe}.")
    return recipe


def _check(model, images, labels):
    if len(model.output_shape) != 2:
        raise ValueError(f"train needs a network whose outputs are logits (n, classes), not {model.output_shape}.")
    wanted, classes = tuple(model.input_shape[1:]), model.output_shape[1]
    if images.shape[1:] != wanted:
        raise ValueError(f"The network needs images of shape {wanted}, not {images.shape[1:]}.")
    if len(images) != len(labels):
        raise ValueError(f"There are {len(images)} training images but {len(labels)} labels.")
    if labels.min() < 0 or labels.max() >= classes:
        wanted, found = f"0 to {classes - 1}", f"{labels.min()} to {labels.max()}"
        raise ValueError(f"Labels for a network with {classes} outputs are {wanted}, not {found}.")
    if not np.isfinite(images).all():
        raise ValueError("The training images hold values that are not finite numbers (NaN or infinity).")


def _compile(model, recipe, epochs, updates, shares):
    rate = float(recipe.learning_rate)
    if recipe.decay:
        up = round(recipe.warm_up * updates)
        down = epochs * updates - up
        cosine = keras.optimizers.schedules.CosineDecay
        rate = cosine(0.0, down, warmup_target=rate, warmup_steps=up) if up else cosine(rate, down)
    optimizer = OPTIMIZERS[recipe.optimizer](rate)
    losses = keras.losses
    loss = losses.CategoricalCrossentropy if shares else losses.SparseCategoricalCrossentropy
    loss = loss(from_logits=True)
    model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"], steps_per_execution=UPDATES_A_CALL)
    optimizer.build(model.trainable_variables)


def _print(history, epochs):
    parts = [
        f"{part} loss {history[prefix + 'loss'][-1]:.2f}, error {100 * history[prefix + 'error'][-1]:4.1f} %"
        for part, prefix in (("training", ""), ("validation", "validation_"))
        if prefix + "loss" in history
    ]
    print(f"epoch {len(history['loss']):>{len(str(epochs))}} of {epochs}: {'; '.join(parts)}", flush=True)
