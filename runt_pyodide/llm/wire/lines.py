"""Bytes to lines, and to the JSON texts of NDJSON, whatever the pieces in which the bytes come.

Lines are split on exact bytes: ``splitlines()`` would also split on U+0085, U+2028 and others,
which JSON strings may hold. What waits for its end is kept in one buffer, so that a line takes time
in proportion to its length, however small the pieces.
"""

from __future__ import annotations

import re

from ...json_text import is_json
from .limits import MAX_LINE, too_long

_ANY_END = re.compile(rb"\r\n|\n|\r")


class _Splitter:
    """Raises ProtocolError if a line is longer than ``limit`` bytes."""

    def __init__(self, limit: int = MAX_LINE) -> None:
        self._rest = bytearray()
        self._limit = limit

    def end(self) -> bytes:
        """Return what stands after the last line end; the stream is over."""
        rest, self._rest = bytes(self._rest), bytearray()
        return rest

    def _hold(self, data: bytes) -> None:
        """Keep what has no line end."""
        self._rest += data
        if len(self._rest) > self._limit:
            raise too_long("a line", self._limit, "maxLine")

    def _take(self, data: bytes) -> bytes:
        """Return what was kept, with the data behind it."""
        if not self._rest:
            return data
        self._rest += data
        return self.end()

    def _keep_last(self, lines: list[bytes], size: int) -> list[bytes]:
        """Keep the last of the lines, which has no end yet, and return the others. They have
        ``size`` bytes together."""
        self._rest += lines.pop()
        if size > self._limit and self._limit < max(map(len, [*lines, self._rest])):
            raise too_long("a line", self._limit, "maxLine")
        return lines


class NewlineSplitter(_Splitter):
    """Lines that end in LF alone, as NDJSON has them."""

    def feed(self, data: bytes) -> list[bytes]:
        """Return the lines that end in ``data``, without their ends."""
        if b"\n" not in data:
            self._hold(data)
            return []
        joined = self._take(data)
        return self._keep_last(joined.split(b"\n"), len(joined))


class AnyEndSplitter(_Splitter):
    """Lines that end in LF, CR or CRLF, as server-sent events have them.

    A CR at the end of a piece ends its line at once, so that a server that pauses after it is not
    waited for. The LF that may follow in the next piece is then dropped.
    """

    def __init__(self, limit: int = MAX_LINE) -> None:
        super().__init__(limit)
        self._after_cr = False

    @property
    def between_lines(self) -> bool:
        """Whether what is fed next begins a line, whatever it is."""
        return not self._after_cr and not self._rest

    def feed(self, data: bytes) -> list[bytes]:
        """Return the lines that end in ``data``, without their ends."""
        if self._after_cr and data:
            self._after_cr = False
            if data[:1] == b"\n":
                data = data[1:]
        if not data:
            return []
        if b"\n" not in data and b"\r" not in data:
            self._hold(data)
            return []
        self._after_cr = data[-1:] == b"\r"
        joined = self._take(data)
        lines = _ANY_END.split(joined) if b"\r" in joined else joined.split(b"\n")
        return self._keep_last(lines, len(joined))


class NDJSONParser:
    """Feed it the bytes of a stream in any pieces; it returns the JSON texts that they complete.

    The texts are not parsed here, since the reader decides what to do with a bad one. Bytes that
    are not UTF-8 become U+FFFD. White space around a text, including a CR before the LF, is
    dropped, and so are empty lines. Source: https://github.com/ndjson/ndjson-spec.
    """

    def __init__(self, limit: int = MAX_LINE) -> None:
        self._lines = NewlineSplitter(limit)

    def feed(self, data: bytes) -> list[str]:
        return [text for line in self._lines.feed(data) if (text := _decode(line))]

    def end(self) -> list[str]:
        """Return the last text if the stream ended without a line end after it."""
        text = _decode(self._lines.end())
        return [text] if text else []


class JSONParser:
    """Like NDJSONParser, but if the first line is not JSON by itself, all lines are one text, as
    servers that do not stream may write it."""

    def __init__(self, limit: int = MAX_LINE) -> None:
        self._lines = NDJSONParser(limit)
        self._whole: list[str] | None = None
        self._begun = False

    def feed(self, data: bytes) -> list[str]:
        return self._take(self._lines.feed(data))

    def end(self) -> list[str]:
        """Return the last text, which no line end need follow."""
        last = self._lines.end()
        if self._whole is None:
            return last
        return ["\n".join([*self._whole, *last])]

    def _take(self, lines: list[str]) -> list[str]:
        if lines and not self._begun:
            self._begun = True
            self._whole = None if is_json(lines[0]) else []
        if self._whole is None:
            return lines
        self._whole += lines
        return []


def _decode(line: bytes) -> str:
    return line.strip(b" \t\r").decode("utf-8", "replace")
