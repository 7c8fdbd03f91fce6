"""The bytes of an answer to deltas: all is parsed, but no more often than must be.

An answer is a stream of server-sent events, most of which bring one piece of text in the same
envelope (see ``envelope``). Of what a read brings, neighbouring events in one envelope are merged
and parsed as one, which takes the time of one. Whatever is in doubt, including all that holds a CR,
is parsed event by event. To learn an envelope costs time, so it is paid for from what merging
saves, and a stream without envelopes takes no longer than plain parsing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ...errors import ProviderError
from ..messages import Delta, TextDelta, ThinkingDelta
from ..wire.limits import MAX_LINE
from ..wire.records import RecordReader, read_rest
from ..wire.sse import SSEDataParser
from .envelope import END, Envelope, learn_envelope

_SHORTEST_RUN = 2  # what is worth merging
# How many events are compared with the envelope at a time: the more of them have been in it.
_FIRST_WINDOW = 16
_LARGEST_WINDOW = 4096
# A cut event waits for its rest, to be read with others, unless it is long: putting a long one
# together again with every read would take ever longer.
_LONGEST_HELD = 4096
# Learning an envelope takes as long as parsing some 20 events, and is paid for from what merging
# saves. If envelopes change with every event, one in _LEARNING is tried.
_LEARNING = 512
_EARNED_BY_MERGING = 32  # by an event that was merged; by one that was parsed, 1


class EventStream:
    """Feed it the bytes of a stream in any pieces; it yields the deltas that they complete. Call
    ``end`` when the stream is over. ``open_reader`` returns a new reader of the stream's records;
    ``max_line`` is the longest event, in bytes.
    """

    def __init__(self, open_reader: Callable[[], RecordReader], max_line: int = MAX_LINE) -> None:
        self._open_reader = open_reader
        self._max_line = max_line
        self._reader = open_reader()
        self._parser = SSEDataParser(max_line)
        self._envelope: Envelope | None = None
        self._sample: bytes | None = None
        self._held = b""
        self._begun = False
        self._window = _FIRST_WINDOW
        self._credit = 2 * _LEARNING

    @property
    def done(self) -> bool:
        return self._reader.done

    def feed(self, data: bytes) -> Iterator[Delta]:
        """Yield the deltas that ``data`` completes, consecutive texts joined. Raise what the reader
        of the records raises, after what came before it."""
        deltas = self._read(data)
        if not self._begun:
            # The first one is yielded at once: somebody waits for it.
            for delta in deltas:
                self._begun = True
                yield delta
                break
        yield from join_texts(deltas)

    def end(self) -> list[Delta]:
        """Return the last deltas. Raise CutStreamError if the stream ended before the answer."""
        held, self._held = self._held, b""
        rest = [*self._parser.feed(held), *self._parser.end()]
        return [*read_rest(rest, self._reader), *self._reader.end()]

    def _read(self, data: bytes) -> Iterator[Delta]:
        data, self._held = self._held + data, b""
        if b"\r" in data or not self._parser.between_events:
            yield from self._read_ahead(data)
            return
        # Without a CR, two LF end an event wherever they stand: all but the rest are whole.
        events = data.split(END)
        rest = events.pop()
        if len(events) < _SHORTEST_RUN:
            yield from self._parse(data)
            return
        at = 0
        while at < len(events) and not self._reader.done:
            insides = self._open_run(events, at)
            # As long as learning cannot be paid for, there is no use in looking at each.
            count = len(insides) or max(1, _LEARNING - self._credit)
            run = events[at : at + count]
            yield from self._read_alike(run, insides) if insides else self._read_others(run)
            at += count
        if len(rest) < _LONGEST_HELD:
            self._held = rest
        else:
            yield from self._parse(rest)

    def _read_ahead(self, data: bytes) -> Iterator[Delta]:
        """Read as far as the next event that may be read the short way."""
        head, end, data = (data, b"", b"") if b"\r" in data else data.partition(END)
        yield from self._parse(head + end)
        if data:
            yield from self._read(data)

    def _open_run(self, events: list[bytes], start: int) -> list[bytes]:
        """Return what the next events hold that are in the envelope, one after the other."""
        if len(events) - start < _SHORTEST_RUN:
            return []
        if self._sample is not None:
            self._learn(self._sample)
        if self._envelope is None:
            return []
        window = events[start : start + self._window]
        insides = self._envelope.open(window)
        all_alike = len(insides) == len(window)
        self._window = min(self._window * 4, _LARGEST_WINDOW) if all_alike else _FIRST_WINDOW
        return insides

    def _read_alike(self, run: list[bytes], insides: list[bytes]) -> Iterator[Delta]:
        """Read events that seem to be in the envelope."""
        if self._envelope is not None and len(run) >= _SHORTEST_RUN:
            merged = self._envelope.merge(insides)
            if merged is None:
                self._envelope = None
            elif len(merged) < self._max_line:
                self._earn(len(run) * _EARNED_BY_MERGING)
                run = [merged]
        yield from self._parse(END.join(run) + END)

    def _read_others(self, run: list[bytes]) -> Iterator[Delta]:
        """Read events in other envelopes. A lone one with a text is the next to learn from."""
        self._earn(len(run))
        kinds = []
        for delta in self._parse(END.join(run) + END):
            kinds.append(type(delta))
            yield delta
        if len(run) == 1 and kinds in ([TextDelta], [ThinkingDelta]):
            self._sample = run[0]

    def _learn(self, sample: bytes) -> None:
        self._envelope = learn_envelope(sample, self._open_reader)
        self._sample = None
        self._credit -= _LEARNING

    def _earn(self, credit: int) -> None:
        self._credit = min(self._credit + credit, 2 * _LEARNING)

    def _parse(self, data: bytes) -> Iterator[Delta]:
        for record in self._parser.feed(data):
            yield from self._reader.read(record)


def join_texts(deltas: Iterable[Delta]) -> Iterator[Delta]:
    """Yield the deltas, consecutive texts of one kind as one. What came before an error is yielded
    before the error is raised."""
    kind: type[TextDelta | ThinkingDelta] = TextDelta
    texts: list[str] = []
    try:
        for delta in deltas:
            if texts and type(delta) is not kind:
                yield kind("".join(texts))
                texts = []
            if isinstance(delta, TextDelta | ThinkingDelta):
                kind = type(delta)
                texts.append(delta.text)
            else:
                yield delta
    except ProviderError:
        if texts:
            yield kind("".join(texts))
        raise
    if texts:
        yield kind("".join(texts))
