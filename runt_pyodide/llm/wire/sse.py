"""Server-sent events from bytes, by the rules of the WHATWG.

Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation,
less ``id`` and ``retry``, which serve reconnection: a model's answer cannot be resumed. What the
standard ignores is read here where a server tells its fault by it: a last event without its blank
line, a line of JSON that is no field, and the field ``error`` (llama.cpp, `server.cpp` until 2025).
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from ...json_text import read_json
from .limits import MAX_LINE, too_long
from .lines import AnyEndSplitter

_BOM = b"\xef\xbb\xbf"
# Events of these names say nothing but that the server is there. Source: Anthropic's `ping`; the
# others are gateways'.
_KEEP_ALIVE = frozenset(("ping", "keepalive", "keep-alive", "heartbeat"))


@dataclass(frozen=True, slots=True)
class SSEvent:
    """A dispatched event: its ``data`` lines joined with LF, and its name, or ""."""

    data: str
    event: str = ""


class SSEParser:
    """Feed it the bytes of a stream in any pieces; it returns the events that they complete.

    As the standard has it, bytes that are not UTF-8 become U+FFFD. ProtocolError is raised if a
    line, or an event, is longer than ``limit`` bytes.
    """

    def __init__(self, limit: int = MAX_LINE) -> None:
        self._lines = AnyEndSplitter(limit)
        self._limit = limit
        self._data: list[str] = []
        self._size = 0
        self._event = ""
        self._bare = False
        self._head: bytes | None = b""

    @property
    def between_events(self) -> bool:
        """Whether what is fed next begins an event."""
        begun = self._head is not None or self._data or self._event
        return not begun and self._lines.between_lines

    def feed(self, data: bytes) -> list[SSEvent]:
        data = data if self._head is None else self._skip_bom(data)
        return self._read_lines(self._lines.feed(data))

    def end(self) -> list[SSEvent]:
        """Return the event that the stream's end completes: servers leave its blank line out, or
        the end of its last line too."""
        head, self._head = self._head or b"", None
        return self._read_lines([*self._lines.feed(head), self._lines.end(), b""])

    def _read_lines(self, lines: list[bytes]) -> list[SSEvent]:
        events: list[SSEvent] = []
        for line in lines:
            if line:
                self._read_field(line)
                continue
            # Without data there is no event, whatever the other fields: its name is dropped too.
            if self._data:
                events.append(SSEvent("\n".join(self._data), self._event))
                self._data = []
                self._size = 0
                self._bare = False
            self._event = ""
        return events

    def _read_field(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        if name == b"data":
            self._data.append(value.removeprefix(b" ").decode("utf-8", "replace"))
            self._size += len(line)
            if self._size > self._limit and len(self._data) > 1:
                raise too_long("an event", self._limit, "maxLine")
        elif name == b"event":
            self._event = value.removeprefix(b" ").decode("utf-8", "replace")
        elif name == b"error":
            self._event = "error"
            self._read_field(b"data:" + value)
        elif self._bare or (name[:1] == b"{" and not self._data):
            self._bare = True
            self._read_field(b"data: " + line)

    def _skip_bom(self, data: bytes) -> bytes:
        """Drop a byte order mark at the very start, which may come one byte at a time."""
        self._head = (self._head or b"") + data
        if len(self._head) < len(_BOM) and _BOM.startswith(self._head):
            return b""
        data, self._head = self._head.removeprefix(_BOM), None
        return data


class SSEDataParser:
    """The records in a stream of events: the data of each that says something. An event named
    "error" is the record {"error": its data}, whatever that is."""

    def __init__(self, limit: int = MAX_LINE) -> None:
        self._parser = SSEParser(limit)

    @property
    def between_events(self) -> bool:
        return self._parser.between_events

    def feed(self, data: bytes) -> list[str]:
        events = self._parser.feed(data)
        return [text for one in events if (text := _read_event(one) if one.event else one.data)]

    def end(self) -> list[str]:
        """Return the record that the stream's end completes, if any."""
        return [text for event in self._parser.end() if (text := _read_event(event))]


def _read_event(event: SSEvent) -> str:
    """Return the record that an event is; "" if it says nothing."""
    if not event.event:
        return event.data
    if event.event.lower() in _KEEP_ALIVE or not event.data.strip():
        return ""
    return _tell_error(event.data) if event.event == "error" else event.data


def _tell_error(data: str) -> str:
    """Return a record that reports what an event named "error" says."""
    try:
        error = read_json(data)
    except ValueError:
        error = data
    if isinstance(error, dict) and error.get("error"):
        return data
    return json.dumps({"error": error})
