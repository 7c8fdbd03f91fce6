"""Batches of events as JSON text, as they come from a page.

No event may end a runtime, whatever an old or a broken store holds: what cannot be read is passed
over, and everything else in the batch counts. Python's own parser ends a Pyodide, by a stack
overflow, when JSON is nested too deep. So a batch goes to pydantic's parser, which refuses such
text, and a batch that it refuses is taken apart and read event by event.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator

from pydantic_core import from_json

from ..errors import EventError
from .events import Event
from .vocabulary import read_event
from .wire import MAX_DEPTH

_log = logging.getLogger(__name__)

# All that matters of JSON text for finding the commas between the items of an array.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},]')
# An event is an object that holds its args, and in them what may be nested.
_DEEPEST_EVENT = MAX_DEPTH + 2


class BatchReader:
    """Reads batches. It warns of an unknown name once."""

    def __init__(self) -> None:
        self._unknown: set[str] = set()

    def read(self, text: str) -> list[Event]:
        """Return the events of a JSON array that can be read; each of the others is logged."""
        try:
            items = from_json(text)
        except ValueError:
            items = _read_items(text)
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


def split_array(text: str) -> Iterator[tuple[str, int]]:
    """Yield the items of a JSON array as text, each with how deep it is nested."""
    depth, deepest, start = 0, 0, text.index("[") + 1
    for token in _TOKEN.finditer(text):
        mark = token[0]
        depth += (mark in "[{") - (mark in "]}")
        deepest = max(deepest, depth - 1)
        if (mark == "," and depth == 1) or (mark == "]" and depth == 0):
            yield text[start : token.start()], deepest
            deepest, start = 0, token.end()


def _read_items(text: str) -> Iterator[object]:
    for item, depth in split_array(text):
        if depth > _DEEPEST_EVENT:
            _log.error("An event was refused. It is nested too deep: %s...", item.strip()[:100])
        else:
            yield json.loads(item)
