"""Requests of Python's own libraries, fetched through a real browser."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Page

from scripts.paths import SITE
from tests.support.browser.runtime import completion, error_of, request, text_of, wait_for_output

CORS = "is there, but does not let this page read its answers (CORS). A browser hands a page only"


@pytest.fixture
def page(shared_runtime: Page) -> Page:
    return shared_runtime


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """The address of a server that shares nothing with other sites' pages."""
    handler = partial(_Quiet, directory=str(SITE))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None: ...


@pytest.fixture(scope="module")
def closed() -> str:
    """The address of a port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


def printed(page: Page, source: str) -> str:
    """Return what a cell prints, which succeeds."""
    cell, queue = request(page, source, "code")
    end = completion(page, queue)
    assert end["status"] == "success", end
    return text_of(page, cell)


def test_the_standard_library_fetches(page: Page, site: str) -> None:
    source = f"""
import http.client, json, pathlib, urllib.error, urllib.request
with urllib.request.urlopen("{site}/js/package.json") as answer:
    print(answer.status, answer.headers.get_content_type(), json.load(answer)["name"])
urllib.request.urlretrieve("{site}/js/package.json", "fetched.json")
print(json.loads(pathlib.Path("fetched.json").read_text())["name"])
try:
    urllib.request.urlopen("{site}/nothing")
except urllib.error.HTTPError as error:
    print(error.code)
connection = http.client.HTTPConnection("{site.removeprefix("http://")}")
connection.request("HEAD", "/js/package.json")
print(connection.getresponse().status)
"""
    assert printed(page, source) == ("200 application/json runt-pyodide\nrunt-pyodide\n404\n200\n")


def test_what_a_site_does_not_share_is_told(page: Page, elsewhere: str, closed: str) -> None:
    cell, queue = request(
        page, f"import urllib.request\nurllib.request.urlopen('{elsewhere}/js/index.js')", "code"
    )
    assert completion(page, queue)["status"] == "error"
    error = error_of(page, cell)
    assert error["ename"] == "URLError"
    assert CORS in error["evalue"]
    assert "/urllib/request.py" not in "\n".join(error["traceback"])
    source = f"""
import urllib.error
try:
    urllib.request.urlopen("{closed}/")
except urllib.error.URLError as error:
    print(isinstance(error.reason, ConnectionError), error)
"""
    assert printed(page, source).startswith(f"True <urlopen error No answer from {closed}")


def test_a_request_is_interrupted(page: Page) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        source = f"""
import urllib.request
kept = 41
print("begun")
try:
    urllib.request.urlopen("{address}")
except KeyboardInterrupt:
    kept += 1
    raise
"""
        cell, queue = request(page, source, "code")
        wait_for_output(page, cell)
        connection, _ = silent.accept()
        page.evaluate("runtime.interrupt()")
        assert completion(page, queue)["status"] == "cancelled"
        connection.close()
    assert printed(page, "print(kept)") == "42\n"


def test_a_request_has_a_timeout(page: Page) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        source = f"""
import urllib.error, urllib.request
try:
    urllib.request.urlopen("{address}/", timeout=0.2)
except urllib.error.URLError as error:
    print(error.reason)
"""
        assert printed(page, source) == f"No answer from {address} within 0.2 s.\n"
