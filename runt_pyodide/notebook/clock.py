"""The time and ids that the runtime needs, handed in so that a test can fix them."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from .events import Event

Emit = Callable[[Sequence[Event]], None]
"""Takes events that belong together, to be sent as one batch."""


class Timer(Protocol):
    def cancel(self) -> None: ...


def _call_later(seconds: float, callback: Callable[[], None]) -> Timer:
    return asyncio.get_running_loop().call_later(seconds, callback)


@dataclass(frozen=True, slots=True)
class Clock:
    """The time, and ids. ``now`` is the wall clock in UTC, ``time`` a clock in seconds that never
    goes back, ``call_later`` runs a callback on the running event loop after so many seconds."""

    new_id: Callable[[], str] = lambda: str(uuid.uuid4())
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    time: Callable[[], float] = time.monotonic
    call_later: Callable[[float, Callable[[], None]], Timer] = _call_later

    def timestamp(self, seconds: float = 0) -> str:
        """Return the time ``seconds`` from now as events have it: ISO 8601, UTC, milliseconds."""
        moment = self.now() + timedelta(seconds=seconds)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
