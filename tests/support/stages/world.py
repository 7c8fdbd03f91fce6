"""The clock, the ids and the events of a runtime, held in the hand of a test."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from runt_pyodide.notebook.clock import Clock
from runt_pyodide.notebook.events import Event, to_wire

WireEvent = dict[str, Any]
_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class FixedTimer:
    """A callback and the millisecond at which it is due."""

    due: int
    callback: Callable[[], None]
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = True


class FixedWorld:
    """Ids are id-1, id-2, ..., or begin with another ``name``; the clock stands still until the
    test moves it, and timers fire when it does; what is emitted is kept in ``batches``, as the wire
    has it, and when in ``times``.

    Time counts in whole milliseconds, from 2026-01-01T00:00:00.000Z.
    """

    def __init__(self, name: str = "id") -> None:
        numbers = count(1)
        self.batches: list[list[WireEvent]] = []
        self.times: list[int] = []
        self.milliseconds = 0
        self._timers: list[FixedTimer] = []
        self.clock = Clock(
            new_id=lambda: f"{name}-{next(numbers)}",
            now=lambda: _BEGIN + timedelta(milliseconds=self.milliseconds),
            time=lambda: self.milliseconds / 1000,
            call_later=self._call_later,
        )

    @property
    def events(self) -> list[WireEvent]:
        """All events that were emitted, whatever their batches."""
        return [event for batch in self.batches for event in batch]

    @property
    def timers(self) -> int:
        """The number of timers that are set and have not fired."""
        return sum(not timer.cancelled for timer in self._timers)

    def take(self) -> list[list[WireEvent]]:
        """Return the batches since the last call."""
        batches, self.batches, self.times = self.batches, [], []
        return batches

    def advance(self, milliseconds: int) -> None:
        """Move the clock. Each timer that is due by then fires at its own time, in their order."""
        end = self.milliseconds + milliseconds
        while due := [t for t in self._timers if t.due <= end and not t.cancelled]:
            timer = min(due, key=lambda timer: timer.due)
            self._timers.remove(timer)
            self.milliseconds = timer.due
            timer.callback()
        self._timers = [timer for timer in self._timers if not timer.cancelled]
        self.milliseconds = end

    def emit(self, events: Sequence[Event]) -> None:
        # Through text, as over the border: what is no JSON fails here.
        wire = [to_wire(event) for event in events]
        self.times.append(self.milliseconds)
        self.batches.append(json.loads(json.dumps(wire, allow_nan=False)))

    def _call_later(self, seconds: float, callback: Callable[[], None]) -> FixedTimer:
        timer = FixedTimer(self.milliseconds + round(seconds * 1000), callback)
        self._timers.append(timer)
        return timer
