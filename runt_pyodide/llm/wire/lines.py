"""Bytes to lines, and to the JSON texts of NDJSON, whatever the pieces in which the bytes come.

Lines are split on exact bytes: ``splitlines()`` would also split on U+0085, U+2028 and others,
which JSON strings may hold.
"""

from __future__ import annotations

import re

_ANY_END = re.compile(rb"\r\n|\n|\r")


class _Splitter:
    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def end(self) -> bytes:
        """Return what stands after the last line end; the stream is over."""
        rest = b"".join(self._pieces)
        self._pieces = []
        return rest


class NewlineSplitter(_Splitter):
    """Lines that end in LF alone, as NDJSON has them."""

    def feed(self, data: bytes) -> list[bytes]:
        """Return the lines that end in ``data``, without their ends."""
        self._pieces.append(data)
        if b"\n" not in data:
            return []
        *lines, rest = b"".join(self._pieces).split(b"\n")
        self._pieces = [rest]
        return lines


class AnyEndSplitter(_Splitter):
    """Lines that end in LF, CR or CRLF, as server-sent events have them.

    A CR at the end of a piece ends its line at once, so that a server that pauses after it is not
    waited for. The LF that may follow in the next piece is then dropped.
    """

    def __init__(self) -> None:
        super().__init__()
        self._after_cr = False

    @property
    def between_lines(self) -> bool:
        """Whether what is fed next begins a line, whatever it is."""
        return not self._after_cr and not any(self._pieces)

    def feed(self, data: bytes) -> list[bytes]:
        """Return the lines that end in ``data``, without their ends."""
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


class NDJSONParser:
    """Feed it the bytes of a stream in any pieces; it returns the JSON texts that they complete.

    The texts are not parsed here, since the reader decides what to do with a bad one. Bytes that
    are not UTF-8 become U+FFFD. White space around a text, including a CR before the LF, is
    dropped, and so are empty lines. Source: https://github.com/ndjson/ndjson-spec.
    """

    def __init__(self) -> None:
        self._lines = NewlineSplitter()

    def feed(self, data: bytes) -> list[str]:
        return [text for line in self._lines.feed(data) if (text := _decode(line))]

    def end(self) -> list[str]:
        """Return the last text if the stream ended without a line end after it."""
        text = _decode(self._lines.end())
        return [text] if text else []


def _decode(line: bytes) -> str:
    return line.strip(b" \t\r").decode("utf-8", "replace")
