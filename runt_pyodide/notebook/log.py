"""The notebook as the runtime has it: events that come in and go out are folded, and whoever waits
for a change is told.

The runtime folds its own events when it emits them, so that it never waits for the store to learn
what it did; their echo changes nothing. An update of a display has no id by which the fold could
know it again, so its echo is passed over here: it would undo what was shown since. What depends on
a source that a person may be typing in is proposed, and folded once the store has it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from .bundle import clean_event
from .clock import Emit
from .events import Event, ExecutionStarted, MultimediaDisplayOutputUpdated
from .state import Notebook

_STORED_WITHIN = 2.0
"""Seconds for which somebody waits for the store."""
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a proposal was not committed: the ``present`` sources of the cells that are not as they
    were expected, None for one that is gone; or an ``error`` of the store."""

    present: Mapping[str, str | None]
    error: str = ""


Propose = Callable[[Sequence[Event], Mapping[str, str], Callable[[Refusal | None], None]], None]
"""Commits events if the cells have these sources where the events reach the store, and calls back
in the order of the store's events: with None once it has them, or with the refusal."""


class EventLog:
    """The notebook, and the one way to change it: ``commit`` folds events, and sends them by
    ``emit``. Without ``propose`` nobody else writes."""

    def __init__(self, emit: Emit, propose: Propose | None = None) -> None:
        self._emit = emit
        self._propose = propose
        self._held: list[Event] | None = None
        self._watches: list[tuple[Callable[[], Any], asyncio.Future[Any]]] = []
        # By display id, in the order in which they were sent, until the store sends them back.
        self._updates: dict[str, list[MultimediaDisplayOutputUpdated]] = {}
        # The executions whose start was sent, until the store sends it back.
        self._starting: set[str] = set()
        self.notebook = Notebook()

    def receive(self, events: Iterable[Event]) -> None:
        """Fold what came from the store."""
        events = list(events)
        self._starting -= {one.queue_id for one in events if isinstance(one, ExecutionStarted)}
        self._fold(event for event in events if not self._is_own_update(event))
        self._tell()

    def commit(self, events: Sequence[Event]) -> None:
        """Fold events that belong together, and send them: cleaned, so that every store takes
        them."""
        events = [clean_event(event) for event in events]
        self._fold(events)
        for event in events:
            if isinstance(event, MultimediaDisplayOutputUpdated):
                self._updates.setdefault(event.display_id, []).append(event)
            elif isinstance(event, ExecutionStarted) and self._propose is not None:
                self._starting.add(event.queue_id)
        if self._held is not None:
            self._held += events
        elif events:
            self._emit(events)
        self._tell()

    async def propose(self, events: Sequence[Event], expected: Mapping[str, str]) -> Refusal | None:
        """Commit events that were made for these sources of cells, by the cells' ids; return the
        refusal if one of them is another by then.

        If the task is cancelled meanwhile, it is so at its next wait: what has been done can still
        be written down.
        """
        if refusal := self.compare(expected):
            return refusal
        if self._propose is None:
            self.commit(events)
            return None
        cleaned = [clean_event(event) for event in events]
        settled: asyncio.Future[Refusal | None] = asyncio.get_running_loop().create_future()

        def settle(refusal: Refusal | None) -> None:
            if refusal is None:
                self._fold(cleaned)
                self._tell()
            settled.set_result(refusal)

        self._propose(cleaned, expected, settle)
        return await _outlast(settled)

    def compare(self, expected: Mapping[str, str]) -> Refusal | None:
        """Return a refusal if a cell has another source; None if all are as expected."""
        cells = self.notebook.cells
        present = {id: cells[id].source if id in cells else None for id in expected}
        changed = {id: source for id, source in present.items() if source != expected[id]}
        return Refusal(changed) if changed else None

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

    async def start_is_stored(self, queue_id: str) -> None:
        """Wait until the store has the start of an execution: a page that is killed meanwhile loses
        both, so that the next one knows what has begun, and begins none of it again. A store that
        takes too long is not waited for."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_STORED_WITHIN):
                await self.until(lambda: queue_id not in self._starting or None)

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

    def _fold(self, events: Iterable[Event]) -> None:
        for event in events:
            self.notebook.apply(event)

    def _tell(self) -> None:
        for look, future in self._watches:
            if not future.done() and (found := look()) is not None:
                future.set_result(found)


async def _outlast(future: asyncio.Future[_T]) -> _T:
    """Wait for the future also if the task is cancelled meanwhile, which is then put off."""
    cancelled = False
    while not future.done():
        try:
            await asyncio.wait({future})
        except asyncio.CancelledError:
            cancelled = True
    if cancelled and (task := asyncio.current_task()) is not None:
        task.uncancel()  # a timeout counts how often its task was cancelled
        task.cancel()
    return future.result()
