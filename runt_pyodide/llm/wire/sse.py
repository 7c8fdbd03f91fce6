"""Server-sent events from bytes, by the rules of the WHATWG.

Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation,
less ``id`` and ``retry``, which serve reconnection: a model's answer cannot be resumed.
"""

from __future__ import annotations

from dataclasses import dataclass

from .lines import AnyEndSplitter

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class SSEvent:
    """A dispatched event: its ``data`` lines joined with LF, and its name, or ""."""

    data: str
    event: str = ""


class SSEParser:
    """Feed it the bytes of a stream in any pieces; it returns the events that they complete.

    As the standard has it, bytes that are not UTF-8 become U+FFFD, and an event that the stream's
    end leaves without its blank line is dropped: ``end()`` tells.
    """

    def __init__(self) -> None:
        self._lines = AnyEndSplitter()
        self._data: list[str] = []
        self._event = ""
        self._head: bytes | None = b""

    @property
    def between_events(self) -> bool:
        """Whether what is fed next begins an event."""
        begun = self._head is not None or self._data or self._event
        return not begun and self._lines.between_lines

    def feed(self, data: bytes) -> list[SSEvent]:
        events: list[SSEvent] = []
        for line in self._lines.feed(self._skip_bom(data)):
            if line:
                self._read_field(line)
                continue
            # Without data there is no event, whatever the other fields: its name is dropped too.
            if self._data:
                events.append(SSEvent("\n".join(self._data), self._event))
                self._data = []
            self._event = ""
        return events

    def end(self) -> bool:
        """Return whether the stream ended between events, as a whole one does."""
        rest = self._lines.end()
        return not self._data and not rest and not self._head

    def _read_field(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        if name == b"data":
            self._data.append(value.removeprefix(b" ").decode("utf-8", "replace"))
        elif name == b"event":
            self._event = value.removeprefix(b" ").decode("utf-8", "replace")

    def _skip_bom(self, data: bytes) -> bytes:
        """Drop a byte order mark at the very start, which may come one byte at a time."""
        if self._head is None:
            return data
        self._head += data
        if len(self._head) < len(_BOM) and _BOM.startswith(self._head):
            return b""
        data, self._head = self._head.removeprefix(_BOM), None
        return data


class SSEDataParser:
    """The data of the events of a stream, for services whose events are told by it alone."""

    def __init__(self) -> None:
        self._parser = SSEParser()

    def feed(self, data: bytes) -> list[str]:
        return [event.data for event in self._parser.feed(data)]

    def end(self) -> list[str]:
        """Return nothing: an event without its blank line is dropped."""
        return []
