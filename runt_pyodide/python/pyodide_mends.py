"""What Pyodide itself does not do for the code of cells: waits that can be interrupted, and
promises that are rejected with anything."""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Awaitable, Callable
from typing import Any

import js
import pyodide.ffi
import pyodide.webloop

from ..execution.interrupts import wait_in
from .system.commands import run_for_os
from .system.lacking import explain_refusals

_SLICE = 0.05  # seconds of a sleep


def mend_pyodide() -> None:
    """Change this interpreter's Pyodide, once."""
    wait = functools.partial(wait_in, pyodide.ffi.run_sync)
    pyodide.ffi.run_sync = pyodide.webloop.run_sync = wait
    time.sleep = _cut_into_slices(time.sleep)
    explain_refusals()
    os.system = run_for_os  # type: ignore[assignment]
    future = pyodide.webloop.PyodideFuture
    future.set_exception = _take_anything(future.set_exception)


def find_wait() -> Callable[[Awaitable[Any]], Any] | None:
    """Return how the code of a cell can wait while the event loop runs; None if it cannot here."""
    wait: Callable[[Awaitable[Any]], Any] = pyodide.ffi.run_sync
    return wait if pyodide.ffi.can_run_sync() else None


def _cut_into_slices(sleep: Any) -> Any:
    """Return a sleep that can be interrupted. Without promise integration a sleep blocks the
    interpreter, which sees the signal only between two of them."""

    @functools.wraps(sleep)
    def sleep_in_slices(seconds: Any, /) -> None:
        if pyodide.ffi.can_run_sync():
            sleep(seconds)
            return
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > _SLICE:
            sleep(_SLICE)
        sleep(max(0, left) if seconds >= 0 else seconds)

    return sleep_in_slices


def _take_anything(set_exception: Any) -> Any:
    """Return a ``set_exception`` for what a promise may be rejected with: JavaScript can throw
    anything, and Pyodide would not end the wait for what is no exception."""

    @functools.wraps(set_exception)
    def set_anything(future: Any, reason: Any, /) -> None:
        is_class = isinstance(reason, type) and issubclass(reason, BaseException)
        if not is_class and not isinstance(reason, BaseException):
            reason = js.Error.new(f"A promise was rejected with {js.String(reason)}")
        set_exception(future, reason)

    return set_anything
