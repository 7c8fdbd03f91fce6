"""Batches of events as JSON text, as they come from a page.

No event may end a runtime, whatever an old or broken store holds: an event that cannot be read is
passed over, and the rest of the batch counts.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

from ..errors import EventError
from ..json_text import read_json, split_array
from .events import Event, event_names
from .vocabulary import read_event

_log = logging.getLogger(__name__)


class BatchReader:
    """Reads batches, without what says nothing to a runtime. It warns once of each unknown name."""

    def __init__(self) -> None:
        self._passed_over = set(event_names())

    def read(self, text: str) -> list[Event]:
        """Return the events of a JSON array that can be read; each of the others is logged."""
        try:
            items = read_json(text)
        except ValueError:  # only one event may be at fault
            items = _read_items(text)
        return [event for item in items if (event := self._read_event(item)) is not None]

    def _read_event(self, item: object) -> Event | None:
        try:
            event = read_event(item)
        except EventError as error:
            _log.error("An event was refused. %s", error)
            return None
        name = item.get("name", "") if isinstance(item, dict) else ""
        if event is None and name not in self._passed_over:
            self._passed_over.add(name)
            _log.warning("Events named %r are unknown and ignored.", name)
        return event


def _read_items(text: str) -> Iterator[object]:
    for item in split_array(text):
        try:
            yield read_json(item)
        except ValueError as error:
            _log.error("An event was refused: %s. %s", error, item.strip()[:100])
