"""What the events of a streamed answer have in common: everything but the text.

Most events of an answer differ in one JSON string, the piece of text that they bring. What stands
before and after it is their envelope. Events in one envelope say the same as one event in it that
has their texts joined, and that takes the time of one to parse.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ...errors import RuntError
from ..messages import Delta, TextDelta, ThinkingDelta
from ..wire.records import RecordReader
from ..wire.sse import SSEDataParser

END = b"\n\n"
# The keys of texts, and that of the random text by which OpenAI hides a piece's length from
# eavesdroppers (`include_obfuscation`), which no reader looks at.
_TEXT_KEY = re.compile(rb'"(?:content|reasoning_content|reasoning)"\s*:\s*"')
_PADDING_KEY = re.compile(rb'"obfuscation"\s*:\s*"')
# The inside of a JSON string (RFC 8259, section 7), and several, each followed by a NUL.
_ESCAPE = rb'\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})'
_TEXT = re.compile(rb'(?:[^"\\\x00-\x1f]+|%b)*' % _ESCAPE)
_TEXTS = re.compile(rb'(?:[^"\\\x01-\x1f]+|%b)*' % _ESCAPE)
_PADDING = re.compile(rb'\x01[^"\\\x00-\x1f]*\x00')


@dataclass(frozen=True, slots=True)
class Envelope:
    """The bytes of an event up to its text, and from there on, without the blank line at its end.

    If there is padding, ``middle`` is what stands between the text and the padding.
    """

    head: bytes
    tail: bytes
    middle: bytes = b""

    def open(self, events: list[bytes]) -> list[bytes]:
        """Return what the events hold between head and tail, up to the first without both."""
        before, after = len(self.head), -len(self.tail)
        insides = [event[before:after] for event in events]
        # Putting all together again and comparing is faster than looking at each.
        joint = self.tail + END + self.head
        if self.head + joint.join(insides) + self.tail == END.join(events):
            return insides
        for count, event in enumerate(events):
            fits = event.startswith(self.head) and event.endswith(self.tail)
            if not fits or len(event) < before - after:
                return insides[:count]
        raise AssertionError("unreachable")

    def merge(self, insides: list[bytes]) -> bytes | None:
        """Return one event that says the same as those that hold these insides. None if one is more
        or less than a text, or may not be joined to the next."""
        # NUL and 0x01 cannot stand in JSON: if there are as many as were put in, all are ours.
        texts = b"\0".join(insides) + b"\0"
        if texts.count(b"\0") != len(insides):
            return None
        if self.middle:
            if texts.count(self.middle) != len(insides):
                return None
            texts, removed = _PADDING.subn(b"\0", texts.replace(self.middle, b"\1"))
            if removed != len(insides):
                return None
        if _TEXTS.fullmatch(texts) is None:
            return None
        try:
            # A character cut by the end of its event is not UTF-8, and joining must not mend it.
            texts.decode()
        except UnicodeDecodeError:
            return None
        return self.fill(texts.replace(b"\0", b""))

    def fill(self, text: bytes) -> bytes:
        """Return the event with this text, without padding."""
        return self.head + text + self.middle + self.tail


def learn_envelope(event: bytes, open_reader: Callable[[], RecordReader]) -> Envelope | None:
    """Return the envelope of an event; None if it has none.

    It is tried on a reader of its own: what stands in the place of the text must come out as the
    text, nothing may come of an empty one, and it must not end the answer.
    """
    for key in _TEXT_KEY.finditer(event):
        head, tail = _cut_string(event, key.end())
        envelope = Envelope(head, tail)
        if padding := _PADDING_KEY.search(tail):
            middle, tail = _cut_string(tail, padding.end())
            envelope = Envelope(head, tail, middle)
        if (
            _read_alone(envelope.fill(b"a b"), open_reader) in _SAID
            and _read_alone(envelope.fill(b""), open_reader) == []
        ):
            return envelope
    return None


_SAID: tuple[list[Delta], ...] = ([TextDelta("a b")], [ThinkingDelta("a b")])


def _cut_string(data: bytes, start: int) -> tuple[bytes, bytes]:
    """Return what stands before and after the inside of the JSON string at ``start``."""
    text = _TEXT.match(data, start)
    assert text is not None  # it may be empty
    return data[:start], data[text.end() :]


def _read_alone(event: bytes, open_reader: Callable[[], RecordReader]) -> list[Delta] | None:
    """Return the deltas of an event that begins an answer; None if it ends it, is unreadable, or
    brings more than deltas."""
    parser, reader = SSEDataParser(), open_reader()
    try:
        records = parser.feed(event + END)
        deltas = [delta for record in records for delta in reader.read(record)]
    except RuntError:
        return None
    if reader.keeps_more:
        return None
    return None if reader.has_ended() else deltas
