"""The bytes of an answer to deltas: all is parsed, but no more often than must be.

Most records of an answer differ from their neighbours in nothing but a piece of text, at a place
that the reader declares (``layout``), and in fields that say nothing, such as a time. Such records
say the same as one of them with their texts joined, and that one takes the time of one to parse.

- *Learn.* A record was read by itself and brought one piece of text. It becomes a template,
  literals around holes, if the next record fits it, and if it says nothing but the text: a new
  reader that reads it with an empty text must end as one that read nothing.
- *Split.* One expression cuts all that a read brought into columns, and each column of literals is
  compared at once. What does not fit is read record by record.
- *Flow.* Texts are joined only where they go on with a text. So the first record after others is
  read by itself, until one brings a piece: before that a reader may hold back or put elsewhere what
  comes, as white space, "{}" or "<think>".
- *Pay.* Learning takes as long as parsing some 30 records, and is paid for from what joining saves.
  A template that saves little is dropped, and if shapes change all the time, one record in 512 is
  learnt from: such a stream takes no longer than plain parsing.

The first delta of all is yielded at once, since somebody waits for it; the others are joined with
their neighbours. What came before an error is yielded before the error is raised.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import replace

from ...errors import ProtocolError, ProviderError, RuntError
from ..messages import Delta, TextDelta, ThinkingDelta, ToolCallDelta
from .frames import EVENTS, Frames
from .json_scan import is_unfinished
from .limits import MAX_LINE
from .records import RecordReader
from .sse import read_event
from .template import Template, learn

_LEARNING = 512
_SAVED = 16  # earned by a record that was joined to others; by one that was read by itself, 1
_TEXTS = (TextDelta, ThinkingDelta)


class RecordStream:
    """Feed it the bytes of a stream in any pieces; it yields the deltas that they complete. Call
    ``end`` when the stream is over.

    ``framing`` is EVENTS or LINES. ``open_reader`` returns a new reader of the stream's records;
    ``max_line`` is the longest line, or event, in bytes.
    """

    def __init__(
        self, framing: bytes, open_reader: Callable[[], RecordReader], max_line: int = MAX_LINE
    ) -> None:
        self._end = framing
        self._frames = Frames(framing, max_line)
        self._open_reader = open_reader
        self._reader = open_reader()
        self._template: Template | None = None
        self._begun = False
        # The last record that was read by itself, and what it brought.
        self._last = b""
        self._brought: list[Delta] = []
        self._credit = 2 * _LEARNING

    @property
    def done(self) -> bool:
        return self._reader.done

    def feed(self, data: bytes) -> Iterator[Delta]:
        """Yield the deltas that ``data`` completes, neighbours joined. Raise what the reader of the
        records raises, after what came before it."""
        records = self._frames.feed(data)
        if not records:
            return
        if records.find(self._end) == len(records) - len(self._end):
            yield from self._read_one(records[: -len(self._end)])
            return
        deltas = self._read(records)
        if not self._begun:
            for delta in deltas:
                self._begun = True
                yield delta
                break
        yield from join_deltas(deltas)

    def end(self) -> Iterator[Delta]:
        """Yield the last deltas: servers leave out the end of the last record, too. Raise
        CutStreamError, after what came before it, if the stream ended before the answer."""
        rest = self._frames.rest()
        try:
            yield from self._read_one(rest)
        except ProtocolError:
            if not is_unfinished(self._data_of(rest)):
                raise
        yield from self._reader.end()

    def _read(self, records: bytes) -> Iterator[Delta]:
        while records and not self._reader.done:
            if template := self._template:
                runs, last = template.split(records)
                saved = sum(len(texts) - 1 for _, texts in runs)
                if len(runs) > 2 and saved < 2 * len(runs):
                    # To read short runs the short way takes longer.
                    self._template = None
                    yield from self._read_others(records)
                    return
                for others, texts in runs:
                    yield from self._read_others(others)
                    yield from self._read_run(template, texts)
                self._earn(saved, records.count(self._end))
                records = last
            records = yield from self._read_others(records, learns=True)

    def _read_run(self, template: Template, texts: list[bytes]) -> Iterator[Delta]:
        """Read records that fit: by themselves until one brings a piece, and the others as one."""
        start = 0
        while start < len(texts) and not (self._piece() and template.fits(self._last)):
            yield from self._read_one(template.fill(texts[start]))
            start += 1
        if start < len(texts):
            joined = template.fill(b"".join(texts[start:]))
            yield from self._reader.read(self._data_of(joined))

    def _read_others(
        self, records: bytes, *, learns: bool = False
    ) -> Generator[Delta, None, bytes]:
        """Read records one by one, until a template is learnt. Return what is left."""
        start, size = 0, len(self._end)
        while (stop := records.find(self._end, start)) >= 0:
            record, start = records[start:stop], stop + size
            if not record:
                continue
            yield from self._read_one(record)
            self._credit += 1
            if learns and self._credit >= _LEARNING and self._piece():
                stop = records.find(self._end, start)
                if stop >= 0 and self._learn(record, records[start:stop]):
                    return records[start:]
        return b""

    def _read_one(self, record: bytes) -> list[Delta]:
        data = self._data_of(record)
        self._last = record
        self._brought = self._reader.read(data) if data and not self._reader.done else []
        return self._brought

    def _piece(self) -> str:
        """Return the text that the last record brought; "" if it brought none, or white space, or
        anything else."""
        piece = _piece_of(self._brought[0]) if len(self._brought) == 1 else ""
        return "" if piece.isspace() else piece

    def _data_of(self, record: bytes) -> str:
        if self._end == EVENTS:
            return read_event(record)
        return record.strip(b" \t\r\n").decode("utf-8", "replace")

    def _learn(self, record: bytes, following: bytes) -> bool:
        """Learn the template of a record. Return whether it has one that goes on."""
        self._credit = min(self._credit, 2 * _LEARNING) - _LEARNING
        template = learn(self._reader.layout, record, self._piece(), following, self._end)
        if template is None or not self._says_nothing(template.fill(b"")):
            return False
        self._template = template
        return True

    def _says_nothing(self, record: bytes) -> bool:
        reader = self._open_reader()
        try:
            deltas = reader.read(self._data_of(record))
            return not (deltas or reader.done) and reader.finish() == self._open_reader().finish()
        except RuntError:
            return False

    def _earn(self, saved: int, count: int) -> None:
        """Count what a template saved, of so many records, and drop one that saves little."""
        self._credit += saved * _SAVED
        if saved * 2 < count:
            self._template = None


def join_deltas(deltas: Iterable[Delta]) -> Iterator[Delta]:
    """Yield the deltas, each with the pieces that go on with it. What came before an error is
    yielded before the error is raised."""
    first: Delta | None = None
    more: list[str] = []
    try:
        for delta in deltas:
            if isinstance(delta, _TEXTS) and type(delta) is type(first):
                more.append(delta.text)
                continue
            if first is not None:
                if _is_same_call(first, delta):
                    more.append(_piece_of(delta))
                    continue
                yield _add(first, more)
            first, more = delta, []
    except ProviderError:
        if first is not None:
            yield _add(first, more)
        raise
    if first is not None:
        yield _add(first, more)


def _piece_of(delta: Delta) -> str:
    """Return the text that a delta goes on with; "" if it brings anything else."""
    match delta:
        case TextDelta(text) | ThinkingDelta(text) | ToolCallDelta(_, None, None, text, None):
            return text
    return ""


def _is_same_call(first: Delta, delta: Delta) -> bool:
    return (
        isinstance(first, ToolCallDelta)
        and isinstance(delta, ToolCallDelta)
        and first.index == delta.index
        and bool(_piece_of(delta))
    )


def _add(first: Delta, more: list[str]) -> Delta:
    match first:
        case TextDelta(text) | ThinkingDelta(text) if more:
            return replace(first, text="".join([text, *more]))
        case ToolCallDelta() if more:
            return replace(first, arguments="".join([first.arguments, *more]))
    return first
