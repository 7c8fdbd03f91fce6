"""What is asked for once, when it is first needed, and remembered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from ...errors import RuntError

_PATIENCE = 1.5  # seconds
_FORGET = 600.0  # seconds


class Lookup:
    """Asks for something at most once, in the background.

    ``ask`` keeps the answer itself, and raises a RuntError if there is none: then it is called
    again, at the earliest after ``forget`` seconds. Who needs it waits for ``patience`` seconds at
    most, and only the first time.
    """

    def __init__(
        self,
        ask: Callable[[], Awaitable[object]],
        *,
        patience: float = _PATIENCE,
        forget: float = _FORGET,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask = ask
        self._patience = patience
        self._forget = forget
        self._clock = clock
        self._task: asyncio.Task[None] | None = None
        self._failed_at: float | None = None
        self.is_known = False

    async def settle(self) -> None:
        """Return when the answer is there, or when it is not worth waiting for."""
        if self.is_known or (self._task is not None and not self._task.done()):
            return
        failed_at = self._failed_at
        if failed_at is not None and self._clock() - failed_at < self._forget:
            return
        self._task = asyncio.ensure_future(self._run())
        done, _ = await asyncio.wait([self._task], timeout=self._patience)
        for task in done:
            task.result()

    async def _run(self) -> None:
        try:
            await self._ask()
        except RuntError:
            self._failed_at = self._clock()
        else:
            self.is_known = True
