"""Where a busy interpreter may be interrupted: while the user's own code runs, and nowhere else.

A page can make Pyodide raise KeyboardInterrupt in whatever runs. It must not strike the runtime,
which would lose its state: so the page's signal counts only between ``arm`` and ``disarm``, which
the border connects. Elsewhere, as in CPython, nothing is armed, and SIGINT does what it always did.
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
    """Have ``arm`` called before the user's code runs, and ``disarm`` after it."""
    global _arm, _disarm
    _arm, _disarm = arm, disarm


@contextmanager
def interruptible() -> Iterator[None]:
    """Within this the user's code runs, without a pause: KeyboardInterrupt may be raised."""
    try:
        _arm()
        yield
    finally:
        _disarm()


class Interruptible(Awaitable[_T]):
    """The user's awaitable: it may be interrupted while it runs, and not while it waits, when the
    event loop runs what is not the user's."""

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
            except BaseException as error:  # noqa: BLE001 -- whatever it is, it is thrown in
                step = _thrower(steps, error)
            else:
                step = _sender(steps, sent)


def _sender(steps: Generator[Any, Any, Any], value: object) -> Callable[[], Any]:
    return lambda: steps.send(value)


def _thrower(steps: Generator[Any, Any, Any], error: BaseException) -> Callable[[], Any]:
    return lambda: steps.throw(error)
