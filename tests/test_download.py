"""Downloading MNIST: from a server on this machine, whole, broken or silent; checked before it is kept."""

import http.server
import os
import socket
import subprocess
import sys
import threading

import numpy as np
import pytest
from course_files import COURSE, MNIST_FOLDER, needs_mnist

from lenet_keras import data
from lenet_keras.data import download

pytestmark = pytest.mark.usefixtures("nowhere")


@pytest.fixture
def server(tmp_path, monkeypatch):
    """Serves the folder "served" on loopback, as the address to download from."""
    served = tmp_path / "served"
    served.mkdir()

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=str(served))

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        monkeypatch.setattr(download, "ADDRESS", f"http://127.0.0.1:{httpd.server_port}/mnist.npz")
        yield served
        httpd.shutdown()


@pytest.fixture
def cache(tmp_path):
    """Where a download is kept; the folder is not there yet."""
    return tmp_path / "keras" / "datasets" / "mnist.npz"


def kept(tmp_path):
    return [path.name for path in (tmp_path / "keras").rglob("*") if path.is_file()]


def test_a_download_is_given_and_kept(server, cache, tmp_path, mnist_like, accept_any, monkeypatch):
    np.savez(server / "mnist.npz", **mnist_like)
    monkeypatch.setattr(download, "LIMIT", 10**9)  # made-up pixels do not compress
    arrays = download.download(cache)
    for name, array in mnist_like.items():
        np.testing.assert_array_equal(arrays[name], array)
    assert kept(tmp_path) == ["mnist.npz"] and cache.read_bytes() == (server / "mnist.npz").read_bytes()


def test_where_nothing_can_be_kept_the_digits_are_used_all_the_same(
    server, cache, tmp_path, mnist_like, accept_any, monkeypatch
):
    np.savez(server / "mnist.npz", **mnist_like)
    monkeypatch.setattr(download, "LIMIT", 10**9)
    (tmp_path / "keras").write_text("a file in place of the folder")
    np.testing.assert_array_equal(download.download(cache)["y_train"], mnist_like["y_train"])


def test_more_bytes_than_mnist_has_are_not_read_to_the_end(server, cache, tmp_path, monkeypatch):
    (server / "mnist.npz").write_bytes(bytes(300_000))
    monkeypatch.setattr(download, "LIMIT", 200_000)
    with pytest.raises(ValueError, match="more than 200,000 bytes came, which is not MNIST"):
        download.download(cache)
    assert kept(tmp_path) == []


def test_what_is_no_mnist_is_not_kept(server, cache, tmp_path, capsys):
    (server / "mnist.npz").write_text("<html>Sign in</html>")
    assert data.load_digits().name == "bundled"
    assert "the download failed: the downloaded file is not an npz file but a web page" in capsys.readouterr().out
    assert kept(tmp_path) == []


def test_a_server_that_refuses(server, cache):
    with pytest.raises(ValueError, match="^the server answered 404$"):
        download.download(cache)


def test_no_server():
    with pytest.raises(ValueError, match="^no connection$"):
        download.fetch("http://127.0.0.1:9/mnist.npz")


def test_a_server_that_never_answers(monkeypatch):
    """A listener whose queue is never served: connections open, and nothing ever comes back."""
    monkeypatch.setattr(download, "PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        with pytest.raises(ValueError, match="no answer within 0.2 seconds"):
            download.fetch(f"http://127.0.0.1:{silent.getsockname()[1]}/mnist.npz")


def test_a_server_that_stops_half_way(monkeypatch):
    monkeypatch.setattr(download, "PATIENCE", 2)
    connections = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve_half():
            connections.append(listener.accept()[0])
            connections[0].recv(10_000)
            connections[0].sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + bytes(500))

        threading.Thread(target=serve_half, daemon=True).start()
        with pytest.raises(ValueError, match="^the connection broke off$"):
            download.fetch(f"http://127.0.0.1:{listener.getsockname()[1]}/mnist.npz")
    connections[0].close()


def test_a_failure_is_told_again_without_another_try(cache, monkeypatch):
    tries = []

    def fail(address):
        tries.append(address)
        raise ValueError("no connection")

    monkeypatch.setattr(download, "fetch", fail)
    for _ in range(3):
        with pytest.raises(ValueError, match="^no connection$"):
            download.download(cache)
    assert tries == ["http://127.0.0.1:9/mnist.npz"]


FILL = """
import sys
from lenet_keras import data
data.download.ADDRESS = sys.argv[1]
print(data.load_pixels().name)
"""


@needs_mnist
def test_two_processes_fill_the_cache_at_once(server, tmp_path):
    (server / "mnist.npz").write_bytes((MNIST_FOLDER / "mnist.npz").read_bytes())
    environment = os.environ | {"KERAS_HOME": str(tmp_path / "keras")}
    environment.pop("LENET_DATA", None)
    both = [
        subprocess.Popen(
            [sys.executable, "-c", FILL, download.ADDRESS],
            env=environment, stdout=subprocess.PIPE, text=True, cwd=COURSE,
        )
        for _ in range(2)
    ]  # fmt: skip
    assert [process.communicate(timeout=120)[0].splitlines()[-1] for process in both] == ["mnist", "mnist"]
    cached = list((tmp_path / "keras").rglob("*"))
    assert [path.name for path in cached if path.is_file()] == ["mnist.npz"]
