"""HTTP for the standard library, through the browser.

``http.client`` is what urllib, xmlrpc and most libraries send their requests by. It writes them to
a socket and reads the answer from it; here the socket collects a request, and has it fetched once
it is whole. Everything above, such as redirects, cookies and errors, stays Python's own.
"""

from __future__ import annotations

import http.client
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.parse import urlsplit

from ...errors import CorsError, NetworkError


@dataclass(frozen=True, slots=True)
class Asked:
    """A request. ``timeout`` is in seconds; None waits for ever."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None = None
    timeout: float | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """The answer, whose body the browser has decoded."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes


Fetch = Callable[[Asked], Fetched]
"""Raises OSError if there is no answer that the page may read."""

# A browser sets these itself; one that a page sets, such as User-Agent, makes it ask the server for
# permission first, which few servers give.
_BROWSERS = frozenset(
    (
        *("host", "connection", "accept-encoding", "content-length", "transfer-encoding"),
        *("user-agent", "keep-alive", "te", "trailer", "upgrade", "expect", "cookie", "cookie2"),
    )
)
# They are of the body as it was sent.
_OF_THE_WIRE = frozenset(("content-encoding", "transfer-encoding", "content-length", "connection"))


def send_through(fetch: Fetch) -> None:
    """Let the connections of ``http.client`` fetch, from here on."""

    def connect(connection: Any) -> None:
        connection.sock = _Wire(connection, fetch)

    for kind in (http.client.HTTPConnection, http.client.HTTPSConnection):
        setattr(kind, "connect", connect)  # noqa: B010 -- a type checker has other plans for it


def describe_failure(error: NetworkError, origin: str) -> str:
    """Return what to tell a person whose request got no answer; ``origin`` is the page's."""
    if not isinstance(error, CorsError):
        return error.sentence
    return f"{error.sentence} {_what_cors_means(origin)}"


def unexplained(url: str, origin: str) -> str:
    """Return what to tell where it cannot be found out why there was no answer."""
    found = f"No answer from {server_of(url)}, or none that this page may read."
    return f"{found} {_what_cors_means(origin)}"


def server_of(url: str) -> str:
    """Return the scheme and the host of an address, without what may be a password."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _what_cors_means(origin: str) -> str:
    site = origin or "this page"
    return (
        f"A browser hands a page only what another site shares with it, and this "
        f"one does not share with {site}. Ask its owner to send Access-Control-Allow-Origin, look "
        "for the same file on a site that does, or download it and put it into a cell."
    )


class _Wire:
    """What a connection writes to and reads from in place of a socket."""

    def __init__(self, connection: http.client.HTTPConnection, fetch: Fetch) -> None:
        self._connection = connection
        self._fetch = fetch
        self._sent = bytearray()
        self._answer = b""

    def sendall(self, data: Any) -> None:
        """Take a piece of a request; fetch once it is whole, as urllib expects errors here."""
        self._sent += data
        head, end, body = bytes(self._sent).partition(b"\r\n\r\n")
        if not end:
            return
        line, _, lines = head.partition(b"\r\n")
        headers = http.client.parse_headers(io.BytesIO(lines + b"\r\n\r\n"))
        if "chunked" in headers.get("transfer-encoding", ""):
            is_whole = body.endswith(b"0\r\n\r\n")
        else:
            is_whole = len(body) >= int(headers.get("content-length", 0))
        if is_whole:
            self._sent = bytearray()
            asked = self._read_request(line.decode("latin-1"), headers, body)
            self._answer = _as_sent(asked, self._fetch(asked))

    def makefile(self, *_: object, **__: object) -> io.BytesIO:
        return io.BytesIO(self._answer)

    def close(self) -> None:
        """Do nothing: a browser keeps its own connections."""

    def settimeout(self, timeout: float | None) -> None:
        self._connection.timeout = timeout

    def setsockopt(self, *_: object) -> None:
        """Do nothing, for libraries that tune their sockets."""

    def _read_request(self, line: str, headers: Message, body: bytes) -> Asked:
        method, target, _ = line.split(" ", 2)
        if "chunked" in headers.get("transfer-encoding", ""):
            body = _join_chunks(body)
        timeout = self._connection.timeout
        return Asked(
            method,
            target if "://" in target else self._root() + target,
            {name: one for name, one in headers.items() if name.lower() not in _BROWSERS},
            body or None,
            timeout if isinstance(timeout, int | float) else None,
        )

    def _root(self) -> str:
        own = self._connection
        host, port = own.host, own.port
        tunnel = getattr(own, "_tunnel_host", None)
        if tunnel:
            host, port = tunnel, getattr(own, "_tunnel_port", None) or port
        scheme = "https" if isinstance(own, http.client.HTTPSConnection) else "http"
        name = f"[{host}]" if ":" in host else host
        return f"{scheme}://{name}" + ("" if port == own.default_port else f":{port}")


def _join_chunks(body: bytes) -> bytes:
    joined = bytearray()
    while body:
        size, _, body = body.partition(b"\r\n")
        length = int(size.split(b";")[0], 16)
        if length == 0:
            break
        joined += body[:length]
        body = body[length + 2 :]
    return bytes(joined)


def _as_sent(asked: Asked, answer: Fetched) -> bytes:
    """Return the answer as a server would send it, for ``http.client`` to read."""
    message = Message()
    for name, value in answer.headers.items():
        if asked.method == "HEAD" or name.lower() not in _OF_THE_WIRE:
            message[name] = value.replace("\n", " ")
    if asked.method != "HEAD":
        message["Content-Length"] = str(len(answer.body))
    message["Connection"] = "close"
    lines = [f"HTTP/1.1 {answer.status} {answer.reason}"]
    lines += [f"{name}: {value}" for name, value in message.items()]
    head = "\r\n".join(lines).encode("latin-1", "replace")
    return head + b"\r\n\r\n" + (b"" if asked.method == "HEAD" else answer.body)
