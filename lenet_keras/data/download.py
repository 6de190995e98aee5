"""MNIST downloaded once a session, checked, and kept in Keras's cache where that can be written to."""

import contextlib
import io
import os
import tempfile

from . import mnist

ADDRESS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
PATIENCE = 4.0
"""Seconds without a byte after which a download is given up."""
LIMIT = 32 * 2**20
"""A download of more bytes than this is not MNIST."""

_failure = None


def download(cache):
    """Download MNIST, check it, and put it into Keras's cache in one step, so that no half file is ever there.

    Args:
        cache: the path to keep it at. Where that cannot be written to, the digits are used and not kept.

    Returns:
        dict of arrays, as `mnist.read_npz` gives them.

    Raises:
        ValueError: if no copy of MNIST came. The same is raised at once when called again: a classroom without
            internet waits once a session, not at every call.
    """
    global _failure
    if _failure:
        raise ValueError(_failure)
    try:
        content = fetch(ADDRESS)
        arrays = mnist.read_npz(io.BytesIO(content), "the downloaded file")
    except ValueError as error:
        _failure = str(error).rstrip(".")
        raise ValueError(_failure) from None
    with contextlib.suppress(OSError):
        _keep(content, cache)
    return arrays


def fetch(address):
    """The bytes behind an address.

    Raises:
        ValueError: if there is no connection or it breaks off, if the server refuses, after PATIENCE seconds without a
            byte, or after LIMIT bytes. How long the look-up of the server's name may take is for the system to say.
    """
    import requests

    content = None
    try:
        with requests.get(address, stream=True, timeout=PATIENCE) as answer:
            answer.raise_for_status()
            content = bytearray()
            for piece in answer.iter_content(2**16):
                content += piece
                if len(content) > LIMIT:
                    raise ValueError(f"more than {LIMIT:,} bytes came, which is not MNIST")
    except requests.Timeout:
        raise ValueError(f"no answer within {PATIENCE:g} seconds") from None
    except requests.HTTPError as error:
        raise ValueError(f"the server answered {error.response.status_code}") from None
    except (requests.RequestException, OSError):
        raise ValueError("no connection" if content is None else "the connection broke off") from None
    return bytes(content)


def _keep(content, cache):
    cache.parent.mkdir(parents=True, exist_ok=True)
    handle, unfinished = tempfile.mkstemp(suffix="-mnist.npz", dir=cache.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(unfinished, cache)
    except BaseException:
        os.unlink(unfinished)
        raise
