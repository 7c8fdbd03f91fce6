"""The notebook as the runtime has it: events that come in and go out are folded, and whoever waits
for a change is told.

The runtime folds its own events when it emits them, so that it never waits for the store to learn
what it did; their echo changes nothing. An update of a display has no id by which the fold could
know it again, so its echo is passed over here: it would undo what was shown since.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from .bundle import clean_event
from .clock import Emit
from .events import Event, MultimediaDisplayOutputUpdated
from .state import Notebook

_T = TypeVar("_T")


class EventLog:
    """The notebook, and the one way to change it: ``commit`` folds events, and sends them by
    ``emit``."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._held: list[Event] | None = None
        self._watches: list[tuple[Callable[[], Any], asyncio.Future[Any]]] = []
        # By display id, in the order in which they were sent, until the store sends them back.
        self._updates: dict[str, list[MultimediaDisplayOutputUpdated]] = {}
        self.notebook = Notebook()

    def receive(self, events: Iterable[Event]) -> None:
        """Fold what came from the store."""
        for event in events:
            if not self._is_own_update(event):
                self.notebook.apply(event)
        self._tell()

    def commit(self, events: Sequence[Event]) -> None:
        """Fold events that belong together, and send them: cleaned, so that every store takes
        them."""
        events = [clean_event(event) for event in events]
        for event in events:
            self.notebook.apply(event)
            if isinstance(event, MultimediaDisplayOutputUpdated):
                self._updates.setdefault(event.display_id, []).append(event)
        if self._held is not None:
            self._held += events
        elif events:
            self._emit(events)
        self._tell()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Send everything that is committed within as one batch."""
        if self._held is not None:
            yield
            return
        self._held = held = list[Event]()
        try:
            yield
        finally:
            self._held = None
            if held:
                self._emit(held)

    async def until(self, look: Callable[[], _T | None]) -> _T:
        """Wait until ``look`` returns something; it is called whenever the notebook has changed."""
        found = look()
        if found is not None:
            return found
        watch = (look, asyncio.get_running_loop().create_future())
        self._watches.append(watch)
        try:
            result: _T = await watch[1]
        finally:
            self._watches.remove(watch)
        return result

    def _is_own_update(self, event: Event) -> bool:
        """Return whether this is one of our updates sent back. The store keeps the order, so those
        before it will not come any more."""
        if not isinstance(event, MultimediaDisplayOutputUpdated):
            return False
        sent = self._updates.get(event.display_id, [])
        if event not in sent:
            return False
        if later := sent[sent.index(event) + 1 :]:
            self._updates[event.display_id] = later
        else:
            del self._updates[event.display_id]
        return True

    def _tell(self) -> None:
        for look, future in self._watches:
            if not future.done() and (found := look()) is not None:
                future.set_result(found)
