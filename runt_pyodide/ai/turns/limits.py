"""When a run ends although the model would go on: at a limit of turns, calls, tokens or seconds,
or when its calls repeat without progress."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from ...errors import LimitError
from ...llm.messages import Usage
from ..rules import Limits

_CONTINUE = "Continue the run to go on from here, or raise the limit in the AI settings."
# The run ends when a call has had the same result this many times in a row.
_REPEATS = 3


class Meter:
    """Counts what a run uses up. Raises LimitError before it goes over a limit."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._last: tuple[str, str, str] | None = None
        self._repeats = 0
        self._last_error: str | None = None
        self._errors = 0
        self._timeout: asyncio.Timeout | None = None
        self.turns = 0
        self.tool_calls = 0
        self.tokens = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Count the time within this."""
        try:
            async with asyncio.timeout(self._limits.seconds) as self._timeout:
                yield
        except TimeoutError:
            if self._timeout is None or not self._timeout.expired():
                raise
            raise _reached("seconds", self._limits.seconds) from None

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Do not count the time within this."""
        timeout = self._timeout
        due = timeout.when() if timeout else None
        if timeout is None or due is None:
            yield
            return
        loop = asyncio.get_running_loop()
        left = due - loop.time()
        timeout.reschedule(None)
        try:
            yield
        finally:
            timeout.reschedule(loop.time() + left)

    def begin_turn(self) -> int:
        """Count a turn, and return its number, starting at 1."""
        if self.turns >= self._limits.turns:
            raise _reached("turns", self._limits.turns)
        if self._limits.tokens is not None and self.tokens >= self._limits.tokens:
            raise _reached("tokens", self._limits.tokens)
        self.turns += 1
        return self.turns

    def count_usage(self, usage: Usage | None) -> None:
        if usage is not None:
            self.tokens += (usage.input_tokens or 0) + (usage.output_tokens or 0)

    def begin_call(self) -> None:
        if self._limits.tool_calls is not None and self.tool_calls >= self._limits.tool_calls:
            raise _reached("tool calls", self._limits.tool_calls)
        self.tool_calls += 1

    def count_result(self, name: str, arguments: str, result: str, *, failed: bool) -> None:
        """Note the result of a call, to notice when calls repeat."""
        call = (name, arguments, result)
        self._repeats = self._repeats + 1 if call == self._last else 1
        self._last = call
        self._errors = (self._errors + 1 if result == self._last_error else 1) if failed else 0
        self._last_error = result if failed else None
        if self._repeats >= _REPEATS:
            raise LimitError(
                f"The model called {name} with the same arguments, and got the same result, "
                f"{_REPEATS} times in a row.",
                advice="Say in the prompt what it should do instead, and run the cell again.",
            )
        if self._errors >= _REPEATS:
            raise LimitError(
                f"The model's calls failed with the same error {_REPEATS} times in a row: {result}",
                advice="Say in the prompt how it should go about it, and run the cell again.",
            )


def _reached(what: str, limit: float | None) -> LimitError:
    return LimitError(f"The run reached its limit of {limit:,g} {what}.", advice=_CONTINUE)
