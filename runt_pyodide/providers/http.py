"""One exchange with a service: send, check the status, and give up when nothing comes any more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager

from ..errors import RequestTimeoutError
from ..transport import Request, Response, Transport
from .failure import error_of_status


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

    One timer for the whole exchange that looks at when the wait began: a timer for each read would
    cost more than the read.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._scope = asyncio.timeout(None)
        self._waiting_since: float | None = self._loop.time()
        self._timer = self._loop.call_later(seconds, self._check)

    @property
    def expired(self) -> bool:
        return self._scope.expired()

    def pause(self) -> None:
        """Nothing is waited for."""
        self._waiting_since = None

    async def guard(self, body: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
        """The body, each wait for it watched."""
        while True:
            self._waiting_since = self._loop.time()
            piece = await anext(body, None)
            self._waiting_since = None
            if piece is None:
                return
            yield piece

    async def __aenter__(self) -> None:
        await self._scope.__aenter__()

    async def __aexit__(self, *error: object) -> None:
        self._timer.cancel()
        await self._scope.__aexit__(*error)  # type: ignore[arg-type]

    def _check(self) -> None:
        now = self._loop.time()
        waited = 0.0 if self._waiting_since is None else now - self._waiting_since
        if waited >= self._seconds:
            self._scope.reschedule(now)
        else:
            self._timer = self._loop.call_later(self._seconds - waited, self._check)
