"""The user's code, as the runtime runs it: in steps between which the event loop runs."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Generator
from functools import partial
from typing import Any, ParamSpec, TypeVar

from ..errors import Interrupt, is_stop
from .interrupts import Wait, current
from .stack import is_users, run_reader, run_step

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Interruptible(Awaitable[_T]):
    """Awaits the user's awaitable, which may be interrupted: while it runs, and while it waits. A
    CancelledError that stands for an interrupt is an ``Interrupt`` there."""

    def __init__(self, awaitable: Awaitable[_T]) -> None:
        self._awaitable = awaitable

    def __await__(self) -> Generator[Any, Any, _T]:
        steps = self._awaitable.__await__()
        step: Callable[[], Any] = partial(next, steps)
        while True:
            try:
                waited_for = run_step(step)
            except StopIteration as end:
                result: _T = end.value
                return result
            try:
                sent = yield waited_for
            except BaseException as error:  # noqa: BLE001 -- the awaitable gets it
                step = partial(steps.throw, _as_interrupt(error))
            else:
                step = partial(steps.send, sent)


def read_values(read: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """Call what describes the user's values to a reader or a model: their reprs, and the texts of
    errors, are code that may be interrupted. Raise CancelledError if it is."""
    try:
        return run_reader(read, *args, **kwargs)
    except BaseException as error:
        if is_stop(error):
            # asyncio would let a KeyboardInterrupt through the event loop.
            raise asyncio.CancelledError from None
        raise


def wait_in(run_sync: Callable[[Awaitable[Any]], Any], awaitable: Awaitable[_T]) -> _T:
    """Wait for the awaitable by ``run_sync``, which lets the event loop run meanwhile, and return
    its result. Raise what it raises, and ``Interrupt`` if it is the user's code that waits, and is
    interrupted.
    """
    if is_users(sys._getframe(1)):
        return wait_for_user(run_sync, awaitable)
    result: _T = run_sync(awaitable)
    return result


def wait_for_user(run_sync: Callable[[Awaitable[Any]], Any], awaitable: Awaitable[_T]) -> _T:
    """Wait as ``wait_in`` does in the user's code, whoever calls this."""
    result: _T
    with Wait() as wait:
        # What the awaitable raises would be reported as an error that nobody catches.
        error, result = run_sync(_outcome_of(awaitable, wait))
    if wait.is_ended:
        raise Interrupt
    if error is not None:
        raise error
    return result


async def _outcome_of(awaitable: Awaitable[Any], wait: Wait) -> tuple[BaseException | None, Any]:
    """Return what the awaitable raises and what it returns, or nothing once the wait is ended."""
    work = asyncio.ensure_future(awaitable)
    work.add_done_callback(lambda _: wait.over.set())
    await wait.over.wait()
    if not work.done():
        work.cancel()
        return None, None
    if work.cancelled():
        return asyncio.CancelledError(), None
    error = work.exception()
    return error, None if error else work.result()


def _as_interrupt(error: BaseException) -> BaseException:
    target = current()
    is_due = target is not None and isinstance(error, asyncio.CancelledError) and target.take_due()
    return Interrupt() if is_due else error
