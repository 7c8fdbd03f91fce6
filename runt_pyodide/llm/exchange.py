"""One exchange with a service: send, check the status, and give up when nothing comes any more."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from weakref import WeakKeyDictionary

from ..errors import RequestTimeoutError
from .service_errors import error_of_status
from .transport.base import Request, Response, Transport

_ROUND = 1.0  # seconds


@asynccontextmanager
async def exchange(
    transport: Transport, request: Request, idle_timeout: float
) -> AsyncGenerator[Response, None]:
    """The answer to ``request``, once its status says that it is one.

    Raises the error that another status stands for, and RequestTimeoutError where no byte comes for
    ``idle_timeout`` seconds while one is waited for.
    """
    watch = _IdleWatch(idle_timeout)
    try:
        async with watch, transport.send(request) as response:
            body = watch.guard(response.body)
            async with aclosing(body):
                answer = Response(response.status, response.headers, body)
                if response.status >= 300:
                    raise error_of_status(response.status, response.headers, await answer.read())
                watch.pause()
                yield answer
    except TimeoutError:
        if not watch.expired:
            raise
        raise RequestTimeoutError(f"Nothing came from the server for {idle_timeout:g} s.") from None


class _IdleWatch:
    """Raises TimeoutError in its context where a wait for bytes takes too long.

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
        """The body, each wait for it watched."""
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
    """Looks at the watches of an event loop when one is due, and once a second while there are any.

    One timer for all of them, set anew only for what is due before it: a timer for each read would
    cost more than the read, and one for each exchange would stay behind when that is over, since
    Pyodide keeps the callback of a cancelled timer, a proxy, until its time has come
    (`WebLoop.call_later`).
    """

    def __init__(self) -> None:
        self.watches: set[_IdleWatch] = set()
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
            # Where nothing is waited for just now, there is another look a round later.
            self.expect(min(now + _ROUND, *(watch.due for watch in self.watches)))


_rounds: WeakKeyDictionary[asyncio.AbstractEventLoop, _Rounds] = WeakKeyDictionary()
