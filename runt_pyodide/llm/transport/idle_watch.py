"""Gives an answer up when nothing comes any more.

One timer serves all answers of an event loop, set anew only for what is due before it: a timer for
each read would cost more than the read, and one for each answer would stay behind when that is
over, since Pyodide keeps the callback of a cancelled timer, a proxy, until its time has come
(`WebLoop.call_later`).
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncGenerator, AsyncIterator
from weakref import WeakKeyDictionary

_ROUND = 1.0  # seconds


class IdleWatch:
    """Raises TimeoutError in its context when a wait for bytes takes too long.

    ``due`` is when that is, by the event loop's clock, if nothing comes before.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._scope = asyncio.timeout(None)
        self._rounds = _rounds.setdefault(self._loop, _Rounds())
        self.due = math.inf

    @property
    def expired(self) -> bool:
        return self._scope.expired()

    def wait(self) -> None:
        """From now on something is waited for."""
        self.due = self._loop.time() + self._seconds
        self._rounds.expect(self.due)

    def pause(self) -> None:
        """Nothing is waited for."""
        self.due = math.inf

    def expire(self) -> None:
        self.pause()
        self._scope.reschedule(self._loop.time())

    async def guard(self, body: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
        """Yield the body, watching each wait for it."""
        while True:
            self.wait()
            piece = await anext(body, None)
            self.pause()
            if piece is None:
                return
            yield piece

    async def __aenter__(self) -> None:
        await self._scope.__aenter__()
        self._rounds.watches.add(self)
        self.wait()

    async def __aexit__(self, *error: object) -> None:
        self._rounds.watches.discard(self)
        await self._scope.__aexit__(*error)  # type: ignore[arg-type]


class _Rounds:
    """Looks at the watches of an event loop when one is due, and once a second while there are
    any."""

    def __init__(self) -> None:
        self.watches: set[IdleWatch] = set()
        self._next = math.inf
        self._timer: asyncio.TimerHandle | None = None

    def expect(self, due: float) -> None:
        """Look at the watches at ``due``, or before."""
        if due >= self._next:
            return
        if self._timer is not None:
            self._timer.cancel()
        loop = asyncio.get_running_loop()
        now = loop.time()
        self._next = min(due, now + _ROUND)
        self._timer = loop.call_later(max(0, self._next - now), self._look)

    def _look(self) -> None:
        self._next, self._timer = math.inf, None
        now = asyncio.get_running_loop().time()
        for watch in [watch for watch in self.watches if watch.due <= now]:
            watch.expire()
        if self.watches:
            # If nothing is waited for just now, there is another look a round later.
            self.expect(min(now + _ROUND, *(watch.due for watch in self.watches)))


_rounds: WeakKeyDictionary[asyncio.AbstractEventLoop, _Rounds] = WeakKeyDictionary()
