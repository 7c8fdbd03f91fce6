"""When a run ends although the model would go on: at a limit of turns, calls, tokens or seconds,
when its calls repeat without progress, or when it was stopped and a tool would not let it end.

A run may start others: a tool runs an AI cell, or a Python cell that asks. All of them draw on the
limits of the outermost one, besides their own.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from contextvars import ContextVar

from ...errors import LimitError
from ...execution.interrupts import was_stopped
from ...llm.messages import Delta, TextDelta, ThinkingDelta, ToolCallDelta, Usage
from ...llm.tokens import estimate_tokens
from ..record.fields import RunAccount
from ..rules import Limits
from .repeats import Repeats

_CONTINUE = "Continue the run to go on from here, or raise the limit in the AI settings."
_DEEPEST = 2
"""A run may start runs that start runs, which may start no others."""

_NOTHING = RunAccount()

_current: ContextVar[Meter | None] = ContextVar("_current", default=None)


class Meter:
    """Counts what a run uses up, in itself and in the runs that it was started by. Raises
    LimitError before any of them goes over a limit."""

    def __init__(self, limits: Limits, earlier: RunAccount = _NOTHING) -> None:
        """``earlier`` is what the run took in an earlier session. Raise LimitError if the run is
        too deep within others."""
        outer = _current.get()
        self._chain: tuple[Meter, ...] = (self, *(outer._chain if outer else ()))
        if len(self._chain) > _DEEPEST + 1:
            raise LimitError(
                f"This AI run was started within {_DEEPEST} others, and no run may go deeper.",
                advice="Run the cell by itself.",
            )
        self._limits = limits
        self._repeats = Repeats()
        self._timeout: asyncio.Timeout | None = None
        self._pauses = 0
        self._left = 0.0  # seconds, while the time is paused
        self._in_turn = 0
        self.turns = earlier.turns or 0
        self.tool_calls = earlier.tool_calls or 0
        self.own_calls = self.tool_calls
        """The calls of the run itself, without those of the runs that it has started."""
        self.tokens = _tokens_of(earlier.usage)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Count the time within this, and what is started within this."""
        before = _current.set(self)
        try:
            async with asyncio.timeout(self._limits.seconds) as self._timeout:
                yield
        except TimeoutError:
            if self._timeout is None or not self._timeout.expired():
                raise
            raise self._out_of_time() from None
        finally:
            self._timeout = None
            _current.reset(before)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Do not count the time within this."""
        with ExitStack() as pauses:
            for meter in self._chain:
                pauses.enter_context(meter._pause())
            yield

    def begin_turn(self) -> None:
        """Count a turn."""
        self._check_end()
        for meter in self._chain:
            if meter.turns >= meter._limits.turns:
                raise _reached("turns", meter._limits.turns)
            meter._check_tokens(meter.tokens + 1)
        for meter in self._chain:
            meter.turns += 1
        self._in_turn = 0

    def watch(self, delta: Delta) -> None:
        """Count about how much has come in this turn, of which the service tells the count only
        at its end. What runs beside this one may use up what is left."""
        self._check_end()
        spent = 0
        if isinstance(delta, TextDelta | ThinkingDelta):
            spent = estimate_tokens(delta.text)
        elif isinstance(delta, ToolCallDelta):
            spent = estimate_tokens(delta.arguments)
        self._in_turn += spent
        for meter in self._chain:
            meter.tokens += spent
        for meter in self._chain:
            meter._check_tokens(meter.tokens)

    def count_usage(self, usage: Usage | None) -> None:
        """Count the tokens of a turn, which has ended; if the service did not, then by estimate."""
        if spent := _tokens_of(usage):
            for meter in self._chain:
                meter.tokens += spent - self._in_turn
        self._in_turn = 0

    def begin_call(self) -> None:
        """Count a call."""
        self._check_end()
        for meter in self._chain:
            limit = meter._limits.tool_calls
            if limit is not None and meter.tool_calls >= limit:
                raise _reached("tool calls", limit)
        for meter in self._chain:
            meter.tool_calls += 1
        self.own_calls += 1

    def count_result(
        self, name: str, arguments: str, result: str, *, failed: bool, changes: bool = False
    ) -> None:
        """Note the result of a call, and whether it changed the notebook. Raise LimitError if calls
        repeat."""
        self._repeats.add(name, arguments, result, failed=failed, changes=changes)

    def _check_tokens(self, needed: int) -> None:
        limit = self._limits.tokens
        if limit is not None and needed > limit:
            raise _reached("tokens", limit)

    def _check_end(self) -> None:
        """Raise what ended the run, if the code that it was raised in has caught it: LimitError
        when the time is up, CancelledError after a stop."""
        now = asyncio.get_running_loop().time()
        for meter in self._chain:
            due = meter._timeout.when() if meter._timeout else None
            if due is not None and due <= now:
                raise meter._out_of_time()
        if was_stopped():
            raise asyncio.CancelledError

    @contextmanager
    def _pause(self) -> Iterator[None]:
        """Do not count the time within this. Several may be open at once."""
        timeout = self._timeout
        if timeout is None or self._limits.seconds is None or timeout.expired():
            yield
            return
        time = asyncio.get_running_loop().time
        if (due := timeout.when()) is not None:
            self._left = due - time()
            timeout.reschedule(None)
        self._pauses += 1
        try:
            yield
        finally:
            self._pauses -= 1
            if not self._pauses and self._timeout is timeout:
                timeout.reschedule(time() + self._left)

    def _out_of_time(self) -> LimitError:
        return _reached("seconds", self._limits.seconds)


def _tokens_of(usage: Usage | None) -> int:
    return 0 if usage is None else (usage.input_tokens or 0) + (usage.output_tokens or 0)


def _reached(what: str, limit: float | None) -> LimitError:
    return LimitError(f"The run reached its limit of {limit:,g} {what}.", advice=_CONTINUE)
