"""Batches of events as JSON text, as they come from a page.

No event may end a runtime, whatever an old or a broken store holds: what cannot be read is passed
over, and all else in the batch counts.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator

from ..errors import EventError
from .events import Event
from .vocabulary import read_event

_log = logging.getLogger(__name__)

# What matters of JSON text to one who looks for the commas between the items of an array.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},]')


class BatchReader:
    """Reads batches. It warns of an unknown name once."""

    def __init__(self) -> None:
        self._unknown: set[str] = set()

    def read(self, text: str) -> list[Event]:
        """Return the events of a JSON array that can be read; each of the others is logged."""
        try:
            items = json.loads(text)
        except RecursionError:
            items = [item for part in split_array(text) for item in _load(part)]
        return [event for item in items if (event := self._read_event(item)) is not None]

    def _read_event(self, item: object) -> Event | None:
        try:
            event = read_event(item)
        except EventError as error:
            _log.error("An event was refused. %s", error)
            return None
        name = item.get("name", "") if isinstance(item, dict) else ""
        if event is None and name not in self._unknown:
            self._unknown.add(name)
            _log.warning("Events named %r are not known here and passed over.", name)
        return event


def split_array(text: str) -> Iterator[str]:
    """Yield the items of a JSON array as text, however deep they are nested."""
    depth, start = 0, text.index("[") + 1
    for token in _TOKEN.finditer(text):
        mark = token[0]
        depth += (mark in "[{") - (mark in "]}")
        if (mark == "," and depth == 1) or (mark == "]" and depth == 0):
            yield text[start : token.start()]
            start = token.end()


def _load(part: str) -> Iterator[object]:
    try:
        yield json.loads(part)
    except RecursionError:
        _log.error("An event was refused. It is nested too deep: %s...", part[:100])
