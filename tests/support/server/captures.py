"""Raw HTTP/1.1 responses of real servers, parsed (see tests/data/captures/README.md).

The framing is RFC 9112, section 7.1: chunk-size in hexadecimal, an optional extension after a
semicolon, CRLF, the data, CRLF; a chunk of size 0 and a trailer section end the body.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.data import DATA

CAPTURES = DATA / "captures"


@dataclass(frozen=True, slots=True)
class Capture:
    """One response as it arrived over the socket.

    `chunks` are the HTTP chunks in the order and at the boundaries of the server's writes; a body
    that was not chunked is one chunk. `complete` is False if the response was cut.
    """

    name: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    chunks: tuple[bytes, ...]
    complete: bool

    @property
    def body(self) -> bytes:
        """The body without the chunked framing."""
        return b"".join(self.chunks)

    def header(self, name: str, default: str = "") -> str:
        """Return the value of the first header of that name; case does not matter."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), default)


def parse_capture(raw: bytes, name: str = "") -> Capture:
    """Parse one raw response. Raises ValueError if it is not HTTP/1.1."""
    head, separator, rest = raw.partition(b"\r\n\r\n")
    status_line, *header_lines = head.decode("latin-1").split("\r\n")
    version, _, status_and_reason = status_line.partition(" ")
    if not separator or not version.startswith("HTTP/1."):
        raise ValueError(f"{name or 'capture'}: no HTTP/1.1 response head, got {raw[:40]!r}")
    status, _, reason = status_and_reason.partition(" ")
    headers = tuple(_header(line) for line in header_lines)
    by_name = {key.lower(): value for key, value in headers}
    if "chunked" in by_name.get("transfer-encoding", "").lower():
        chunks, complete = _dechunk(rest)
    else:
        chunks = (rest,) if rest else ()
        complete = len(rest) >= int(by_name.get("content-length", "0"))
    return Capture(name, int(status), reason, headers, chunks, complete)


def load_capture(name: str) -> Capture:
    """Read a capture by its name, such as "litellm-1"."""
    return parse_capture((CAPTURES / f"{name}.http").read_bytes(), name)


def load_request(name: str) -> Mapping[str, Any]:
    """Load the request of a capture: name, url, headers and the JSON body."""
    request: dict[str, Any] = json.loads((CAPTURES / f"{name}.request.json").read_text("utf-8"))
    return request


def capture_names() -> list[str]:
    """Return the names of all captures, sorted."""
    return sorted(path.stem for path in CAPTURES.glob("*.http"))


def _header(line: str) -> tuple[str, str]:
    key, _, value = line.partition(":")
    return key, value.strip(" \t")


def _dechunk(rest: bytes) -> tuple[tuple[bytes, ...], bool]:
    """Return the chunks, and whether the terminating one arrived; of a cut chunk, what is there."""
    chunks: list[bytes] = []
    while True:
        size_line, found, rest = rest.partition(b"\r\n")
        if not found:
            return tuple(chunks), False
        size = int(size_line.partition(b";")[0], 16)
        if size == 0:
            return tuple(chunks), True
        if rest:
            chunks.append(rest[:size])
        if len(rest) < size:
            return tuple(chunks), False
        if rest[size : size + 2] not in (b"\r\n", b""):
            raise ValueError(f"no CRLF after a chunk of {size} bytes")
        rest = rest[size + 2 :]
