"""What the runtime needs of the world around it, handed in so that a test can fix it."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from .events import Event

Emit = Callable[[Sequence[Event]], None]


class Timer(Protocol):
    def cancel(self) -> None: ...


@dataclass(frozen=True, slots=True)
class World:
    """``emit`` takes events that belong together; ``now`` is the wall clock in UTC, ``time`` a
    clock in seconds that never goes back, ``call_later`` runs a callback after so many seconds."""

    emit: Emit
    new_id: Callable[[], str]
    now: Callable[[], datetime]
    time: Callable[[], float]
    call_later: Callable[[float, Callable[[], None]], Timer]

    @classmethod
    def of_loop(cls, emit: Emit) -> World:
        """The real one, on the running event loop."""
        loop = asyncio.get_running_loop()
        return cls(
            emit=emit,
            new_id=lambda: str(uuid.uuid4()),
            now=lambda: datetime.now(UTC),
            time=loop.time,
            call_later=loop.call_later,
        )

    def timestamp(self, seconds: float = 0) -> str:
        """So many seconds from now, as events have it: ISO 8601 in UTC with milliseconds."""
        moment = self.now() + timedelta(seconds=seconds)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
