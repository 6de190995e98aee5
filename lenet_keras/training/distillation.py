"""Learning from a larger network, the teacher, besides the labels (distillation; Hinton, Vinyals and Dean, 2015)."""

import zlib

import numpy as np
from scipy.special import softmax

TEACHERS_SHARE, TEMPERATURE = 0.7, 2.0
"""The teacher's part of a target, and what its logits are divided by. Neither was searched for."""


def softened(teacher, images, labels):
    """What to learn from a teacher (distillation; Hinton, Vinyals and Dean, 2015): its probabilities, and the label.

    The logits are divided by TEMPERATURE first, so that the smaller probabilities, which say what a digit resembles
    besides, are not lost. The target is TEACHERS_SHARE of these, and for the rest the label. In the source the
    student's logits are divided, too; here they are not, so that the student becomes less sure than it could be.

    Args:
        teacher: a network from images to logits (n, classes).
        images: (n, height, width, channels), as it reads them.
        labels: (n,) integers from 0 to classes - 1.

    Returns:
        float32 array (n, classes); each row sums to 1.

    Raises:
        ValueError: if the teacher answers with something that is no finite number.
    """
    logits = teacher.predict(images, batch_size=1000, verbose=0)
    if not np.isfinite(logits).all():
        raise ValueError("The teacher answers with values that are not finite numbers (NaN or infinity).")
    shares = softmax(logits / TEMPERATURE, axis=1)
    return (TEACHERS_SHARE * shares + (1 - TEACHERS_SHARE) * np.eye(shares.shape[1])[labels]).astype("float32")


def check_teacher(teacher, model):
    """Refuse a teacher that does not read the same images, or does not answer with as many logits.

    Args:
        teacher, model: networks from images (n, height, width, channels) to logits (n, classes).

    Raises:
        ValueError: if the shapes differ, or the teacher was never built.
    """
    wanted = model.input_shape, model.output_shape
    # A network that was never built has no shapes.
    found = getattr(teacher, "input_shape", None), getattr(teacher, "output_shape", None)
    if found != wanted:
        raise ValueError(f"The teacher must have the network's shapes of input and output, {wanted}, not {found}.")


def identity(teacher):
    """What a checkpoint knows a teacher by: a list of its part, the softening, and a checksum of each array."""
    sums = (zlib.crc32(np.ascontiguousarray(array)) for array in teacher.get_weights())
    return [TEACHERS_SHARE, TEMPERATURE, *sums]
