"""Downloading MNIST: from a server on this machine, whole, broken, silent or endless; checked before it is kept."""

import errno
import http.server
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
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
    assert "the download failed: a web page came in its place, perhaps this network's sign-in page" in (
        capsys.readouterr().out
    )
    assert kept(tmp_path) == []


class Answering(http.server.BaseHTTPRequestHandler):
    """Answers every request as its class attribute `respond` says."""

    def do_GET(self):
        try:
            type(self).respond(self)
        except OSError:  # who asked has gone
            pass

    do_CONNECT = do_GET

    def log_message(self, *_):
        pass


@pytest.fixture
def answering(monkeypatch):
    """Start a server that answers with a function of the request's handler; its address is the one to download from."""
    servers = []

    def start(respond, wrap=None):
        handler = type("Handler", (Answering,), {"respond": staticmethod(respond)})
        httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        httpd.daemon_threads = True
        if wrap:
            httpd.socket = wrap(httpd.socket)
        httpd.handle_error = lambda *_: None
        servers.append(httpd)
        threading.Thread(target=httpd.serve_forever, args=(0.02,), daemon=True).start()
        address = f"http{'s' * bool(wrap)}://127.0.0.1:{httpd.server_port}/mnist.npz"
        monkeypatch.setattr(download, "ADDRESS", address)
        return address

    yield start
    for httpd in servers:
        httpd.shutdown()
        httpd.server_close()


def answer(code, headers=(), body=b"", length=True):
    def respond(request):
        request.send_response(code)
        for name, value in headers:
            request.send_header(name, value)
        if length:
            request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return respond


@pytest.mark.parametrize("code, words", [
    (401, "the server, or a proxy, wants a password (401)"),
    (403, "the server refuses to give it (403); perhaps a filter in this network does"),
    (404, "it is no longer at that address (404)"),
    (407, "your proxy wants a name and a password (407)"),
    (418, "the server answered 418 (I'm a Teapot)"),
    (429, "the server is asked too often (429): try again later"),
    (500, "the server answered 500 (Internal Server Error)"),
    (503, "the server is overloaded (503): try again later"),
    (511, "this network wants you to sign in first (511): do so in a browser and restart the kernel"),
    (599, "the server answered 599 (an unknown code)"),
    (302, "the server answered 302 (Found)"),  # with no word of where to
])  # fmt: skip
def test_a_server_that_refuses(code, words, answering, cache, capsys):
    answering(answer(code))
    with pytest.raises(ValueError) as caught:
        download.download(cache)
    assert str(caught.value) == words
    assert data.load_digits().name == "bundled"
    assert f"(LENET_DATA is not set, the data folder has none, the download failed: {words})" in capsys.readouterr().out


@pytest.mark.parametrize("code, words", [
    (407, "your proxy wants a name and a password (407)"),
    (403, "your proxy does not let it through (403)"),
])  # fmt: skip
def test_a_proxy_that_refuses(code, words, answering, monkeypatch):
    proxy = answering(answer(code))
    monkeypatch.setenv("https_proxy", proxy)
    with pytest.raises(ValueError) as caught:
        download.fetch("https://mnist.invalid/mnist.npz")
    assert str(caught.value) == words


def test_redirects_are_followed_and_circles_told(answering):
    asked = []

    def respond(request):
        asked.append(request.path)
        if request.path == "/there":
            answer(200, body=b"all of it")(request)
        else:
            # The page that comes with a redirect has no end, and is not waited for.
            answer(302, [("Location", "/there" if len(asked) > 1 else "/again")], b"<html>", length=False)(request)

    assert download.fetch(answering(respond)) == b"all of it"
    assert asked == ["/mnist.npz", "/again", "/there"]
    circle = answering(answer(301, [("Location", "/mnist.npz")]))
    with pytest.raises(ValueError, match="^the server redirects in circles$"):
        download.fetch(circle)
    elsewhere = answering(answer(301, [("Location", "file:///etc/passwd")]))
    with pytest.raises(ValueError, match="^the server redirects to what is no web address$"):
        download.fetch(elsewhere)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl, which makes a certificate")
def test_a_certificate_that_nobody_vouches_for(answering, tmp_path):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1", "-days", "2"]
        + ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", tmp_path / "key", "-out", tmp_path / "certificate"],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate", tmp_path / "key")
    address = answering(answer(200, body=b"hello"), lambda line: context.wrap_socket(line, server_side=True))
    with pytest.raises(ValueError, match="^the server's certificate is not trusted: is the computer's clock right"):
        download.fetch(address)


def test_certificates_are_also_those_of_certifi(answering, monkeypatch):
    import certifi

    loaded = []
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", lambda self, *places: loaded.extend(places))
    assert download.fetch(answering(answer(200, body=b"hello"))) == b"hello"
    assert loaded == [certifi.where()]


def test_a_sign_in_page_is_told_as_one(answering, cache, tmp_path):
    answering(answer(200, [("Content-Type", "text/html")], b"\n<!DOCTYPE html><title>Sign in</title>"))
    with pytest.raises(ValueError) as caught:
        download.download(cache)
    assert str(caught.value) == (
        "a web page came in its place, perhaps this network's sign-in page: "
        "sign in with a browser and restart the kernel"
    )
    assert kept(tmp_path) == []


def test_a_half_file_is_told_by_no_temporary_name(answering, cache, tmp_path, mnist_like):
    np.savez(tmp_path / "whole.npz", y_test=mnist_like["y_test"])
    answering(answer(200, body=(tmp_path / "whole.npz").read_bytes()[:5000]))
    with pytest.raises(
        ValueError, match=r"^the downloaded file is damaged or cut short \(5,000 bytes\): get a new copy$"
    ):
        download.download(cache)


@pytest.mark.parametrize("begin", [b"", b"garbage\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"])
def test_a_connection_that_is_reset(begin):
    def serve():
        line = listener.accept()[0]
        line.recv(10_000)
        line.sendall(begin)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # closed with a reset
        line.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        with pytest.raises(ValueError, match="^the connection broke off$"):
            download.fetch(f"http://127.0.0.1:{listener.getsockname()[1]}/mnist.npz")


def endless(piece, wait=None):
    def respond(request):
        request.send_response(200)
        request.end_headers()
        while True:
            request.wfile.write(piece)
            request.wfile.flush()
            if wait:
                wait.wait(0.005)

    return respond


def downloads():
    return [thread for thread in threading.enumerate() if thread.name == "download of MNIST"]


def test_an_endless_server_is_given_up_and_its_thread_ends(answering, monkeypatch):
    monkeypatch.setattr(download, "LIMIT", 10**6)
    with pytest.raises(ValueError, match="more than 1,000,000 bytes came"):
        download.fetch(answering(endless(bytes(10_000))))
    assert downloads() == []


def test_a_server_that_trickles_is_given_up_in_the_end_and_its_thread_ends(answering, monkeypatch):
    monkeypatch.setattr(download, "LONGEST", 0.3)
    with pytest.raises(ValueError, match="^it was not there after 0.3 seconds; the connection is slow$"):
        download.fetch(answering(endless(b"P", threading.Event())))
    for thread in downloads():
        thread.join(60)
    assert downloads() == []


def test_headers_without_an_end_are_given_up_too(monkeypatch):
    """Neither a byte a while in a header, nor the look-up of a name, can hold a notebook up for longer."""
    monkeypatch.setattr(download, "LONGEST", 0.3)
    go_on = threading.Event()

    def serve():
        line = listener.accept()[0]
        line.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        go_on.wait(60)
        line.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        with pytest.raises(ValueError, match="it was not there after 0.3 seconds"):
            download.fetch(f"http://127.0.0.1:{listener.getsockname()[1]}/mnist.npz")
    go_on.set()


def test_a_slow_download_says_one_line_and_a_fast_one_none(answering, monkeypatch, capsys):
    assert download.fetch(answering(answer(200, body=b"fast"))) == b"fast"
    assert capsys.readouterr() == ("", "")
    said, lines = threading.Event(), []
    monkeypatch.setattr(download, "QUIET", 0.02)
    monkeypatch.setattr("builtins.print", lambda text, **_: lines.append(text) or said.set())

    def respond(request):
        request.send_response(200)
        request.send_header("Content-Length", "8")
        request.end_headers()
        request.wfile.write(b"slow")
        assert said.wait(60)  # the rest comes once the line was printed
        for sign in b"down":
            threading.Event().wait(0.05)  # several times QUIET; the line comes once all the same
            request.wfile.write(bytes([sign]))

    assert download.fetch(answering(respond)) == b"slowdown"
    assert lines == ["Downloading MNIST, 11 MB ..."]


@pytest.mark.parametrize("number", [errno.EROFS, errno.ENOSPC, errno.EACCES])
@pytest.mark.parametrize("step", ["mkstemp", "write", "replace"])
def test_a_home_that_cannot_be_written_to(
    step, number, server, cache, tmp_path, mnist_like, mnist_like_file, accept_any, monkeypatch
):
    """The digits are used and not kept, wherever the writing fails; nothing is left behind."""
    os.link(mnist_like_file, server / "mnist.npz")
    monkeypatch.setattr(download, "LIMIT", 10**9)
    cache.parent.mkdir(parents=True)

    def fail(*_, **__):
        raise OSError(number, os.strerror(number), "a name")

    if step == "write":
        original = os.fdopen

        def fdopen(*arguments):
            file = original(*arguments)
            monkeypatch.setattr(os, "fdopen", original)
            return Failing(file, fail)

        monkeypatch.setattr(os, "fdopen", fdopen)
    else:
        monkeypatch.setattr(*{"mkstemp": (tempfile, "mkstemp"), "replace": (os, "replace")}[step], fail)
    np.testing.assert_array_equal(download.download(cache)["y_test"], mnist_like["y_test"])
    assert kept(tmp_path) == []


class Failing:
    """An open file that takes no byte."""

    def __init__(self, file, fail):
        self.file, self.write = file, fail

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()


@pytest.mark.parametrize("home", ["x" * 300, "/dev/null/keras", "/proc/keras", "  "])
def test_odd_homes_of_keras_are_no_error(home, server, tmp_path, mnist_like_file, accept_any, monkeypatch):
    os.link(mnist_like_file, server / "mnist.npz")
    monkeypatch.setattr(download, "LIMIT", 10**9)
    monkeypatch.setenv("KERAS_HOME", home)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    assert data.find()[0].name == "mnist"
    assert (tmp_path / "home" / ".keras" / "datasets" / "mnist.npz").exists() == (not home.strip())


def test_the_home_of_keras_as_people_write_it(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    for text in ("~/k", '"~/k"', " $HOME/k ", f"'{tmp_path}/k'"):
        monkeypatch.setenv("KERAS_HOME", text)
        assert download.cache_path() == tmp_path / "k" / "datasets" / "mnist.npz"


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
    monkeypatch.setattr(download, "PATIENCE", 0.2)
    connections = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve_half():
            connections.append(listener.accept()[0])
            connections[0].recv(10_000)
            connections[0].sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + bytes(500))

        threading.Thread(target=serve_half, daemon=True).start()
        with pytest.raises(ValueError, match="^nothing more came for 0.2 seconds$"):
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
