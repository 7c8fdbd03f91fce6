"""An answer in whatever form it comes: its first bytes tell which, not its headers.

Servers and gateways send events under any content type, whole answers where a stream was asked for,
and web pages in place of both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from ...errors import CutStreamError, ProtocolError
from ..messages import Delta
from .frames import EVENTS, LINES
from .limits import MAX_LINE
from .records import RecordReader
from .stream import RecordStream

_BOM = b"\xef\xbb\xbf"
_BLANK = b" \t\r\n"
_FIELDS = (b"data:", b"event:", b"id:", b"retry:", b"error:", b":", b"{")
_FIELD = re.compile(rb"^(?:%b)" % b"|".join(_FIELDS), re.MULTILINE)
_LONGEST_HEAD = 500  # bytes


def web_page() -> ProtocolError:
    return ProtocolError("The server answered with a web page, not with a model's answer.")


class AnswerStream:
    """Reads server-sent events, lines of JSON, one JSON text, or a list of records.

    ``open_reader`` returns a new reader of the answer's records. ``max_line`` is the longest line,
    or event, in bytes.
    """

    def __init__(self, open_reader: Callable[[], RecordReader], max_line: int = MAX_LINE) -> None:
        self._open_reader = open_reader
        self._max_line = max_line
        self._stream: RecordStream | None = None
        self._head = b""
        self._keeps_head = False

    @property
    def done(self) -> bool:
        return self._stream is not None and self._stream.done

    def feed(self, data: bytes) -> Iterable[Delta]:
        """Return the deltas that ``data`` completes. Raise ProtocolError if it is a web page."""
        if self._stream is None:
            data = self._skip_blank(data)
            if not data:
                return ()
            self._stream = self._open(data[:1])
        if self._keeps_head and len(self._head) < _LONGEST_HEAD:
            self._head += data[:_LONGEST_HEAD]
        return self._stream.feed(data)

    def end(self) -> Iterator[Delta]:
        """Return the last deltas, when the stream is over. Raise CutStreamError if it ended before
        the answer did, and ProtocolError if it was never one."""
        if self._stream is None:
            self._stream = self._open(b"")
        try:
            yield from self._stream.end()
        except CutStreamError:
            head, cut = self._head, any(field.startswith(self._head) for field in _FIELDS)
            if cut or _FIELD.search(head):
                raise
            said = head.decode("utf-8", "replace")
            raise ProtocolError(f"The server sent no answer, but these words: {said}") from None

    def _open(self, begin: bytes) -> RecordStream:
        if begin == b"<":
            raise web_page()
        is_json = begin in (b"{", b"[")
        self._keeps_head = not is_json
        return RecordStream(LINES if is_json else EVENTS, self._open_reader, self._max_line)

    def _skip_blank(self, data: bytes) -> bytes:
        """Return the data from the first byte that says something, which no mark is."""
        data = (self._head + data).lstrip(_BLANK)
        if data.startswith(_BOM):
            data = data[len(_BOM) :].lstrip(_BLANK)
        self._head = data if _BOM.startswith(data) else b""
        return b"" if self._head else data
