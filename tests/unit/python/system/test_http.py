"""Requests of the standard library, fetched through a browser that stands in for one."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
import xmlrpc.client
from collections.abc import Iterator

import pytest

from runt_pyodide.errors import CorsError, NetworkError
from runt_pyodide.python.system.http import Asked, Fetched, describe_failure, send_through


class Browser:
    """Gives each request the next answer, or raises it."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.answers: list[Fetched | OSError] = []

    def fetch(self, asked: Asked) -> Fetched:
        self.asked.append(asked)
        answer = self.answers.pop(0) if self.answers else Fetched(200, "OK", {}, b"")
        if isinstance(answer, OSError):
            raise answer
        return answer


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    for kind in (http.client.HTTPConnection, http.client.HTTPSConnection):
        monkeypatch.setattr(kind, "connect", kind.connect)
    monkeypatch.setenv("no_proxy", "*")
    browser = Browser()
    send_through(browser.fetch)
    yield browser


def test_an_address_is_read(browser: Browser) -> None:
    headers = {"content-type": "text/plain", "content-encoding": "gzip", "content-length": "3"}
    browser.answers = [Fetched(200, "OK", headers, "größer\n".encode())]
    with urllib.request.urlopen("https://example.org/a/b?c=d#e", timeout=7) as answer:
        assert (answer.status, answer.headers["Content-Type"]) == (200, "text/plain")
        assert answer.read() == "größer\n".encode()
    assert browser.asked == [Asked("GET", "https://example.org/a/b?c=d", {}, None, 7)]


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("http://example.org:80/x", "http://example.org/x"),
        ("http://example.org:8080/x", "http://example.org:8080/x"),
        ("https://[::1]:8443/", "https://[::1]:8443/"),
    ],
)
def test_where_it_is_asked(browser: Browser, address: str, url: str) -> None:
    urllib.request.urlopen(address).close()
    assert browser.asked[0].url == url


def test_a_form_and_headers_are_sent(browser: Browser) -> None:
    data = urllib.parse.urlencode({"q": "é"}).encode()
    request = urllib.request.Request(
        "https://example.org/", data, {"X-Mine": "1", "User-Agent": "me", "Cookie": "a=b"}
    )
    urllib.request.urlopen(request).close()
    [asked] = browser.asked
    assert (asked.method, asked.body) == ("POST", b"q=%C3%A9")
    assert {name.lower(): one for name, one in asked.headers.items()} == {
        "x-mine": "1",
        "content-type": "application/x-www-form-urlencoded",
    }


def test_a_body_in_pieces_is_sent_whole(browser: Browser) -> None:
    pieces = iter([b"one ", b"two\r\n", b"three"])
    request = urllib.request.Request("https://example.org/", pieces, method="PUT")
    urllib.request.urlopen(request).close()
    assert browser.asked[0].body == b"one two\r\nthree"


def test_an_error_of_the_server_is_pythons_own(browser: Browser) -> None:
    browser.answers = [Fetched(404, "Not Found", {"x-why": "gone"}, b"nothing here")]
    with pytest.raises(urllib.error.HTTPError, match="HTTP Error 404: Not Found") as caught:
        urllib.request.urlopen("https://example.org/")
    assert caught.value.read() == b"nothing here"
    assert caught.value.headers["X-Why"] == "gone"
    caught.value.close()


def test_no_answer_is_a_url_error(browser: Browser) -> None:
    browser.answers = [ConnectionError("No answer from https://example.org.")]
    with pytest.raises(urllib.error.URLError, match=r"No answer from https://example\.org\."):
        urllib.request.urlopen("https://example.org/")


def test_a_head_keeps_the_length_that_it_asks_for(browser: Browser) -> None:
    browser.answers = [Fetched(200, "OK", {"content-length": "123"}, b"")]
    request = urllib.request.Request("https://example.org/", method="HEAD")
    with urllib.request.urlopen(request) as answer:
        assert (answer.headers["Content-Length"], answer.read()) == ("123", b"")


def test_a_connection_is_used_again(browser: Browser) -> None:
    browser.answers = [Fetched(200, "", {}, b"one"), Fetched(204, "", {}, b"")]
    connection = http.client.HTTPSConnection("example.org")
    for path, body in (("/1", b"one"), ("/2", b"")):
        connection.request("GET", path)
        assert connection.getresponse().read() == body
    assert [one.url for one in browser.asked] == ["https://example.org/1", "https://example.org/2"]


def test_other_libraries_work_above_it(browser: Browser) -> None:
    called = xmlrpc.client.dumps((7,), methodresponse=True).encode()
    browser.answers = [Fetched(200, "OK", {"content-type": "text/xml"}, called)]
    assert xmlrpc.client.ServerProxy("https://example.org/rpc").add(3, 4) == 7
    assert b"<methodName>add</methodName>" in (browser.asked[0].body or b"")


def test_what_needs_no_network_asks_nobody(browser: Browser) -> None:
    with urllib.request.urlopen("data:application/json,[1]") as answer:
        assert json.load(answer) == [1]
    assert browser.asked == []


def test_a_person_is_told_what_cors_means() -> None:
    told = describe_failure(
        CorsError("https://a.org may not be read (CORS).", advice="x"), "https://me"
    )
    assert told.startswith("https://a.org may not be read (CORS). A browser hands a page only ")
    assert "does not share with https://me" in told
    assert describe_failure(NetworkError("No answer."), "") == "No answer."
