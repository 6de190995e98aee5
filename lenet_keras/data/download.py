"""MNIST downloaded once a session, checked, and kept in Keras's cache where that can be written to.

What comes from outside is bounded in bytes and in seconds, and every way to fail has a sentence of its own. Plain
urllib is used: its `read1` gives what has come so far, and its redirects can be followed without reading their pages.
"""

import contextlib
import http.client
import io
import os
import pathlib
import ssl
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

from . import mnist

ADDRESS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
PATIENCE = 4.0
"""Seconds without a byte after which a download is given up."""
QUIET = 2.0
"""Seconds after which a line says what one is waiting for; a fast download says nothing."""
LONGEST = 240.0
"""Seconds after which a download is given up although bytes still come."""
LIMIT = 32 * 2**20
"""A download of more bytes than this is not MNIST."""
REDIRECTS = 5

_REFUSALS = {
    401: "the server, or a proxy, wants a password (401)",
    403: "the server refuses to give it (403); perhaps a filter in this network does",
    404: "it is no longer at that address (404)",
    407: "your proxy wants a name and a password (407)",
    429: "the server is asked too often (429): try again later",
    503: "the server is overloaded (503): try again later",
    511: "this network wants you to sign in first (511): do so in a browser and restart the kernel",
}
_BROKE_OFF = "the connection broke off"
_SIGN_IN = (
    "a web page came in its place, perhaps this network's sign-in page: sign in with a browser and restart the kernel"
)
_failure = None


def cache_path():
    """Where Keras keeps its copy of MNIST: in the folder that KERAS_HOME names, or ~/.keras."""
    home = mnist.plain_path(os.environ.get("KERAS_HOME", "")) or os.path.join(os.path.expanduser("~"), ".keras")
    return pathlib.Path(home) / "datasets" / "mnist.npz"


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
        if content.lstrip()[:1] == b"<":
            raise ValueError(_SIGN_IN)
        arrays = mnist.read_npz(io.BytesIO(content), "the downloaded file")
    except ValueError as error:
        _failure = str(error).rstrip(".")
        raise ValueError(_failure) from None
    with contextlib.suppress(OSError):
        _keep(content, cache)
    return arrays


def fetch(address):
    """The bytes behind an address; one line is printed if they are long in coming.

    It is done in a thread, so that LONGEST holds also while a name is looked up or a server dawdles.

    Raises:
        ValueError: with a part of a sentence, if there is no connection or it breaks off, if the server refuses or is
            not trusted, after PATIENCE seconds without a byte, after LONGEST seconds, or after LIMIT bytes.
    """
    content, ended, stop, said = bytearray(), [], threading.Event(), False

    def work():
        try:
            _read(address, content, stop)
            ended.append(None)
        except Exception as error:
            ended.append(error)

    thread = threading.Thread(target=work, name="download of MNIST", daemon=True)
    thread.start()
    last = time.monotonic() + LONGEST
    try:
        while thread.is_alive() and time.monotonic() < last:
            thread.join(min(QUIET, max(0, last - time.monotonic())))
            if content and not said and thread.is_alive():
                said = True
                print("Downloading MNIST, 11 MB ...", flush=True)
    finally:
        stop.set()  # also for a student who interrupts
    if not ended:
        raise ValueError(f"it was not there after {LONGEST:g} seconds; the connection is slow")
    if ended[0] is not None:
        raise ValueError(_sentence(ended[0], content)) from None
    return bytes(content)


class _Unredirected(urllib.request.HTTPRedirectHandler):
    """Redirects are left to `_read`: urllib would read the whole page that comes with one, without an end."""

    def redirect_request(self, *_):
        return None


def _read(address, content, stop):
    """Add the bytes behind an address to `content`, until the end, a fault or a stop."""
    import certifi

    context = ssl.create_default_context()  # the system's certificates, among them those of a company's proxy
    context.load_verify_locations(certifi.where())  # Python from python.org finds none on a Mac
    opener = urllib.request.build_opener(_Unredirected, urllib.request.HTTPSHandler(context=context))
    for _ in range(1 + REDIRECTS):
        request = urllib.request.Request(address, headers={"User-Agent": "lenet-keras"})
        try:
            with opener.open(request, timeout=PATIENCE) as answer:
                whole = answer.length  # None if the server does not say
                while not stop.is_set() and (whole is None or len(content) < whole):
                    piece = answer.read1(2**16)
                    content += piece
                    if len(content) > LIMIT:
                        raise ValueError(f"more than {LIMIT:,} bytes came, which is not MNIST")
                    if not piece:
                        break
                if whole is not None and len(content) < whole:
                    raise ValueError(_BROKE_OFF)
                return
        except urllib.error.HTTPError as error:
            error.close()
            place = error.headers.get("Location")
            if error.code not in (301, 302, 303, 307, 308) or not place:
                raise
            address = urllib.parse.urljoin(address, place)
            if not address.startswith(("http://", "https://")):
                raise ValueError("the server redirects to what is no web address") from None
    raise ValueError("the server redirects in circles")


def _sentence(error, content):
    """What went wrong, as the end of a sentence."""
    reason = getattr(error, "reason", error)  # urllib wraps what happens before an answer
    if isinstance(error, urllib.error.HTTPError):
        name = http.client.responses.get(error.code, "an unknown code")
        return _REFUSALS.get(error.code, f"the server answered {error.code} ({name})")
    if isinstance(reason, ssl.SSLCertVerificationError):
        return "the server's certificate is not trusted: is the computer's clock right, or does a proxy stand between?"
    if isinstance(reason, TimeoutError):
        return f"nothing more came for {PATIENCE:g} seconds" if content else f"no answer within {PATIENCE:g} seconds"
    if "Tunnel connection failed: " in str(reason):  # a proxy's answer is given as text only
        code = str(reason).partition("failed: ")[2][:3]
        return _REFUSALS[407] if code == "407" else f"your proxy does not let it through ({code})"
    if isinstance(reason, (http.client.HTTPException, ConnectionResetError, ConnectionAbortedError, BrokenPipeError)):
        return _BROKE_OFF
    if isinstance(reason, (OSError, UnicodeError, http.client.InvalidURL)):
        return _BROKE_OFF if content else "no connection"
    return str(error)


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
