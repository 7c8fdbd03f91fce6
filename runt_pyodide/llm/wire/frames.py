"""Bytes to whole records, whatever the pieces in which the bytes come.

Records are found by exact bytes: ``splitlines()`` would also split on U+0085, U+2028 and others,
which JSON strings may hold. What waits for its end is joined once, so that a record takes time in
proportion to its length, however small the pieces.
"""

from __future__ import annotations

from ...errors import ProtocolError
from ...json_text import is_json
from .limits import MAX_LINE, too_long

EVENTS, LINES = b"\n\n", b"\n"
"""What ends a record: a server-sent event, or a line of JSON."""


class Frames:
    """Feed it the bytes of a stream; it returns the records that they complete, each with its end.
    ``end`` is EVENTS or LINES.

    Events may end in CR and CRLF as well. A CR ends its line at once, so that a server that pauses
    after it is not waited for, and the LF that may follow in the next piece is dropped. If the
    first of the LINES is not JSON by itself, all of them are one record, as servers that do not
    stream may write it. ProtocolError is raised if a line, or an event, is longer than ``limit``
    bytes.
    """

    def __init__(self, end: bytes, limit: int = MAX_LINE) -> None:
        self.end = end
        self._limit = limit
        self._held: list[bytes] = []
        self._size = self._line = 0  # bytes that are held, and those of them after the last LF
        self._after_cr = False
        self._is_first, self._is_one = end == LINES, False

    def feed(self, data: bytes) -> bytes:
        if self.end == EVENTS:
            data = self._read_line_ends(data)
        if not data:
            return b""
        before = self._held[-1][-1:] if self._held else b""
        self._held.append(data)
        if self._is_one or not (self.end in data or before + data[:1] == self.end):
            self._measure(data)
            return b""
        whole, end, rest = b"".join(self._held).rpartition(self.end)
        if len(whole) > self._limit:
            self._check(*(max(map(len, whole.split(end))) for end in (b"\n", self.end)))
        self._held = [rest] if rest else []
        self._size = self._line = 0
        self._measure(rest)
        return self._see_first(whole + end) if self._is_first else whole + end

    def rest(self) -> bytes:
        """Return what stands after the last end; the stream is over."""
        rest, self._held = b"".join(self._held), []
        return rest

    def _read_line_ends(self, data: bytes) -> bytes:
        if self._after_cr and data[:1] == b"\n":
            self._after_cr, data = False, data[1:]
        if data:
            self._after_cr = data[-1:] == b"\r"
        if b"\r" not in data:
            return data
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    def _see_first(self, records: bytes) -> bytes:
        first = records.lstrip().partition(b"\n")[0]
        self._is_first = not first
        self._is_one = bool(first) and not is_json(first.decode("utf-8", "replace"))
        if not self._is_one:
            return records
        self._held.insert(0, records)
        return b""

    def _measure(self, data: bytes) -> None:
        """Count what is held back."""
        last = len(data) - data.rfind(b"\n") - 1
        self._line = last if last < len(data) else self._line + last
        self._size += len(data)
        self._check(self._line, self._size)

    def _check(self, line: int, record: int) -> None:
        if line > self._limit:
            raise self._too_long("a line")
        if record > self._limit and self.end == EVENTS:
            raise self._too_long("an event")

    def _too_long(self, what: str) -> ProtocolError:
        return too_long(what, self._limit, "maxLine")
