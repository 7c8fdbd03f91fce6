"""What the readers of streamed answers share: records of JSON in, deltas out.

A stream's bytes are split into records (a line of NDJSON, the data of a server-sent event), and a
service's reader turns each into deltas.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar, Protocol

from ...errors import CutStreamError, ProtocolError
from ...json_text import is_json, read_json
from ..messages import Delta, FinishDelta, Source, TextDelta, ThinkingDelta
from ..service_errors import error_of_complaint, find_error, read_complaint
from .template import Layout
from .thinking_tags import ThinkingTags

_ADDRESS = re.compile(r"https?://[!-~]+", re.IGNORECASE)
_LONGEST_ADDRESS, _LONGEST_TITLE = 2048, 300  # characters
_MOST_SOURCES = 50
_LONGEST_QUOTE = 1 << 12  # characters of a bad record that an error repeats


class AnswerReader(Protocol):
    """Reads the bytes of one answer."""

    @property
    def done(self) -> bool:
        """Whether the answer is over, so that nothing more need be read."""

    def feed(self, data: bytes) -> Iterable[Delta]:
        """Return the deltas that ``data`` completes. Raise the ProviderError that it reports."""

    def end(self) -> Iterable[Delta]:
        """Return the last deltas, when the stream is over. Raise CutStreamError if it ended before
        the answer did."""


class RecordReader(ABC):
    """Reads the records of one answer, one by one: JSON objects, in which text may be cut anywhere.

    A service's own reader says what is in a record (``read_record``), whether the answer has come
    to its end (``has_ended``), and what follows then (``read_end``). Errors, cut streams, and text
    that is cut within a character are seen to here.

    A ``layout`` lets records be read many at a time (see ``stream``), if the reader follows two
    rules. Several pieces of text, in records that are alike, may come as one. A record with an
    empty text can be read first of all, and ``read_end`` may be asked before the answer's end.
    """

    layout: ClassVar[Layout] = Layout()
    """Where the records may hold a piece of text."""

    def __init__(self) -> None:
        self.done = False
        """Whether the answer is over, so that nothing more need be read."""
        self._begun = False
        self._text = SurrogateJoiner()
        self._thinking = SurrogateJoiner()
        self._tags = ThinkingTags()
        self._sources: dict[str, Source] = {}

    def read(self, data: str) -> list[Delta]:
        """Return the deltas in one record, or in a list of records. Raise the ProviderError that it
        reports, and ProtocolError if it is not a record of this protocol. Blank data, with which
        servers keep a connection alive, says nothing, and [DONE] that nothing more comes."""
        if not data.startswith("{"):
            bare = data.strip()
            # openai-python compares with startswith: servers add white space and more.
            self.done = self.done or bare[:6].upper() == "[DONE]"
            if bare in ("", "null") or self.done:
                return []
        elif self.done:
            return []
        lines = data.split("\n")
        if len(lines) > 1 and is_json(lines[0]):
            # Events that no blank line parts: each line is a record of its own.
            return [delta for line in lines for delta in self.read(line)]
        first, *others = parse_records(data) or [{}]
        deltas = self._read_one(first, data)
        for record in others:
            deltas += self._read_one(record, data)
        return deltas

    def _read_one(self, record: Mapping[str, Any], data: str) -> list[Delta]:
        try:
            error = self.find_error(record)
            if not error:
                self._begun = True
                return self.read_record(record)
        except (AttributeError, KeyError, TypeError):
            # Something within is of another kind than the protocol says.
            said = data[:_LONGEST_QUOTE]
            raise ProtocolError(f"The server sent a malformed record: {said}") from None
        raise error_of_complaint(read_complaint(error))

    def end(self) -> list[Delta]:
        """Return the last deltas, when the stream is over. Raise CutStreamError if it ended before
        the answer did."""
        if not self.has_ended():
            when = "in the middle of the answer" if self._begun else "before the answer began"
            raise CutStreamError(f"The connection ended {when}.")
        return self.finish()

    def finish(self) -> list[Delta]:
        """Return the last deltas, whether the answer came to its end or not."""
        thinking, text = self._thinking.end(), self._text.end()
        deltas: list[Delta] = [ThinkingDelta(thinking)] if thinking else []
        deltas += [*self._tags.feed(text), *self._tags.end()]
        sources = (*self._sources.values(),)
        return [
            *deltas,
            *(
                replace(delta, sources=sources) if isinstance(delta, FinishDelta) else delta
                for delta in self.read_end()
            ),
        ]

    def find_error(self, record: Mapping[str, Any]) -> Any:
        """Return what the service complains of, if it does."""
        return find_error(record)

    @abstractmethod
    def read_record(self, record: Mapping[str, Any]) -> list[Delta]:
        """Return the deltas in a record. A KeyError, TypeError or AttributeError says that it is
        malformed."""

    @abstractmethod
    def has_ended(self) -> bool:
        """Return whether the answer came to its own end."""

    @abstractmethod
    def read_end(self) -> list[Delta]:
        """Return what follows the last of the text, a FinishDelta at its end. Raise the
        ProviderError that the end of the answer says (see `endings`)."""

    def cite(self, url: object, title: object = "") -> None:
        """Note a page that the answer rests on, once. What is not an address of the web is left
        out: a page shows it as a link."""
        if len(self._sources) >= _MOST_SOURCES or not isinstance(url, str) or url in self._sources:
            return
        if _ADDRESS.fullmatch(url) and len(url) <= _LONGEST_ADDRESS:
            named = " ".join(title.split())[:_LONGEST_TITLE] if isinstance(title, str) else ""
            self._sources[url] = Source(url, mend_surrogates(named))

    def think(self, text: str) -> list[Delta]:
        whole = self._thinking.feed(text)
        return [ThinkingDelta(whole)] if whole else []

    def say(self, text: str) -> list[Delta]:
        """Return the text, and the thinking in tags that it may begin with."""
        whole = self._text.feed(text)
        if self._tags.over:
            return [TextDelta(whole)] if whole else []
        return self._tags.feed(whole)


def parse_records(data: str) -> list[Mapping[str, Any]]:
    """Return the JSON object that a record is, or the objects in a list of them. Raise
    ProtocolError if it is neither."""
    try:
        value = read_json(data)
        if isinstance(value, dict):
            return [value]
    except ValueError:
        said = data[:_LONGEST_QUOTE]
        raise ProtocolError(f"The server sent something that is not JSON: {said}") from None
    records = value if isinstance(value, list) else [value]
    if not all(isinstance(record, dict) for record in records):
        said = data[:_LONGEST_QUOTE]
        raise ProtocolError(f"The server sent something that is not part of an answer: {said}")
    return records


class SurrogateJoiner:
    """Joins a high surrogate at the end of one piece of text to the low one that starts the next.

    Servers that cut JSON strings by UTF-16 code unit send ``"\\ud83d"`` in one record and
    ``"\\ude42"`` in the next. Parsed apart they are lone surrogates, which no encoder takes.
    """

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str) -> str:
        """Return the text that is whole so far. A surrogate without a partner becomes U+FFFD."""
        if text.isascii() and not self._held:
            return text
        text = self._held + text
        self._held = text[-1:] if "\ud800" <= text[-1:] <= "\udbff" else ""
        return mend_surrogates(text.removesuffix(self._held))

    def end(self) -> str:
        """Return what is still held back when nothing more comes."""
        held, self._held = self._held, ""
        return mend_surrogates(held)


def mend_surrogates(text: str) -> str:
    """Return a text with halves of surrogate pairs joined, and with U+FFFD for those without
    their other half."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
