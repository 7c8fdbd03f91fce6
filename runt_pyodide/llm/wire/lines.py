"""Bytes to lines, whatever the pieces in which the bytes come.

Lines are split on exact bytes: ``splitlines()`` would also split on U+0085, U+2028 and others,
which JSON strings may hold.
"""

from __future__ import annotations

import re
from typing import Protocol

_ANY_END = re.compile(rb"\r\n|\n|\r")


class LineSplitter(Protocol):
    """What turns pieces of a byte stream into its lines, without their ends."""

    def feed(self, data: bytes) -> list[bytes]:
        """The lines that end in ``data``."""

    def end(self) -> bytes:
        """What stands after the last line end; the stream is over."""


class NewlineSplitter:
    """Lines that end in LF alone, as NDJSON has them."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def feed(self, data: bytes) -> list[bytes]:
        if b"\n" not in data:
            self._pieces.append(data)
            return []
        self._pieces.append(data)
        *lines, rest = b"".join(self._pieces).split(b"\n")
        self._pieces = [rest]
        return lines

    def end(self) -> bytes:
        rest = b"".join(self._pieces)
        self._pieces = []
        return rest


class AnyEndSplitter:
    """Lines that end in LF, CR or CRLF, as server-sent events have them.

    A CR at the end of a piece ends its line at once: a server that pauses after it is not waited
    for. The LF that may follow in the next piece is then dropped.
    """

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._after_cr = False

    @property
    def between_lines(self) -> bool:
        """Whether what is fed next begins a line, whatever it is."""
        return not self._after_cr and not any(self._pieces)

    def feed(self, data: bytes) -> list[bytes]:
        if self._after_cr and data:
            self._after_cr = False
            if data[:1] == b"\n":
                data = data[1:]
        if not data:
            return []
        self._pieces.append(data)
        if b"\n" not in data and b"\r" not in data:
            return []
        self._after_cr = data[-1:] == b"\r"
        joined = b"".join(self._pieces)
        *lines, rest = _ANY_END.split(joined) if b"\r" in joined else joined.split(b"\n")
        self._pieces = [rest]
        return lines

    def end(self) -> bytes:
        rest = b"".join(self._pieces)
        self._pieces = []
        return rest
