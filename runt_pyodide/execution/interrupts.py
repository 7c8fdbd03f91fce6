"""When a busy interpreter may be interrupted: while the user's own code runs, and at no other time.

A page can make Pyodide raise KeyboardInterrupt in whatever code is running. In the runtime's own
code that would corrupt its state, so the page's signal counts only between ``arm`` and ``disarm``,
which the bridge connects. In CPython nothing is connected, and SIGINT does what it always does.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

_T = TypeVar("_T")


def _nothing() -> None:
    pass


_arm: Callable[[], None] = _nothing
_disarm: Callable[[], None] = _nothing


def connect(arm: Callable[[], None], disarm: Callable[[], None]) -> None:
    """Call ``arm`` before the user's code runs, and ``disarm`` after it."""
    global _arm, _disarm
    _arm, _disarm = arm, disarm


@contextmanager
def interruptible() -> Iterator[None]:
    """Allow KeyboardInterrupt within this, where the user's code runs and does not await."""
    try:
        _arm()
        yield
    finally:
        _disarm()


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
