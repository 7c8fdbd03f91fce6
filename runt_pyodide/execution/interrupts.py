"""When a busy interpreter may be interrupted: while the user's own code runs, and at no other time.

A page can make Pyodide raise KeyboardInterrupt in whatever code is running. In the runtime's own
code that would corrupt its state, so the page's signal counts only between ``arm`` and ``disarm``,
which the bridge connects. In CPython nothing is connected, and SIGINT does what it always does.

With JavaScript's promise integration the user's code can also wait without ``await``, as in
``time.sleep``, while the event loop runs. A wait is not armed, then: ``end_waits`` raises
KeyboardInterrupt in it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

_T = TypeVar("_T")


def _nothing() -> None:
    pass


_arm: Callable[[], None] = _nothing
_disarm: Callable[[], None] = _nothing
_armed = False
_waits: list[_Wait] = []


def connect(arm: Callable[[], None], disarm: Callable[[], None]) -> None:
    """Call ``arm`` before the user's code runs, and ``disarm`` after it."""
    global _arm, _disarm
    _arm, _disarm = arm, disarm


@contextmanager
def interruptible() -> Iterator[None]:
    """Allow KeyboardInterrupt within this, where the user's code runs and does not await."""
    try:
        _set_armed(True)
        yield
    finally:
        _set_armed(False)


def _set_armed(armed: bool) -> None:
    global _armed
    _armed = armed
    (_arm if armed else _disarm)()


class _Wait:
    """A wait of the user's code during which the event loop runs."""

    def __init__(self) -> None:
        self.is_ended = False
        self._over = asyncio.Event()

    def end(self) -> None:
        self.is_ended = True
        self._over.set()

    async def outcome_of(self, awaitable: Awaitable[Any]) -> tuple[BaseException | None, Any]:
        """Return what the awaitable raises and what it returns, or nothing once this is ended."""
        work = asyncio.ensure_future(awaitable)
        work.add_done_callback(lambda _: self._over.set())
        await self._over.wait()
        if not work.done():
            work.cancel()
            return None, None
        if work.cancelled():
            return asyncio.CancelledError(), None
        error = work.exception()
        return error, None if error else work.result()


def wait_in(run_sync: Callable[[Awaitable[Any]], Any], awaitable: Awaitable[_T]) -> _T:
    """Wait for the awaitable by ``run_sync``, which lets the event loop run meanwhile, and return
    its result. Raise what it raises, and KeyboardInterrupt if ``end_waits`` ends the wait.
    """
    result: _T
    if not _armed:
        result = run_sync(awaitable)
        return result
    wait = _Wait()
    _waits.append(wait)
    _set_armed(False)
    try:
        # What the awaitable raises would be reported as an error that nobody catches.
        error, result = run_sync(wait.outcome_of(awaitable))
    finally:
        _waits.remove(wait)
        _set_armed(True)
    if wait.is_ended:
        raise KeyboardInterrupt
    if error is not None:
        raise error
    return result


def end_waits() -> None:
    """Raise KeyboardInterrupt wherever the user's code waits in ``wait_in``."""
    for wait in _waits:
        wait.end()


class Interruptible(Awaitable[_T]):
    """Awaits the user's awaitable, which may be interrupted while it runs, but not while it waits:
    then the event loop runs code that is not the user's."""

    def __init__(self, awaitable: Awaitable[_T]) -> None:
        self._awaitable = awaitable

    def __await__(self) -> Generator[Any, Any, _T]:
        steps = self._awaitable.__await__()
        step: Callable[[], Any] = lambda: next(steps)  # noqa: E731
        while True:
            try:
                with interruptible():
                    waited_for = step()
            except StopIteration as end:
                result: _T = end.value
                return result
            try:
                sent = yield waited_for
            except BaseException as error:  # noqa: BLE001 -- the awaitable gets it
                step = _thrower(steps, error)
            else:
                step = _sender(steps, sent)


def _sender(steps: Generator[Any, Any, Any], value: object) -> Callable[[], Any]:
    return lambda: steps.send(value)


def _thrower(steps: Generator[Any, Any, Any], error: BaseException) -> Callable[[], Any]:
    return lambda: steps.throw(error)
