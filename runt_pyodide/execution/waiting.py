"""Waiting for a coroutine in code that cannot await."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

from ..errors import CellError
from .user_code import wait_for_user

_T = TypeVar("_T")


def wait_for(coroutine: Coroutine[Any, Any, _T], problem: str, *, instead: str) -> _T:
    """Run a coroutine to its end, and return what it returns: in an event loop of its own, or in
    Pyodide by JavaScript Promise Integration (JSPI), where a stop interrupts it.

    Raise what it raises, and CellError with the ``problem`` and the advice ``instead`` if the code
    that calls this cannot wait.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(coroutine)
    # A Pyodide without JSPI has no such function.
    ffi = sys.modules.get("pyodide.ffi")
    if ffi is None or not getattr(ffi, "can_run_sync", bool)():
        coroutine.close()
        raise CellError(problem, advice=instead)
    return wait_for_user(ffi.run_sync, coroutine)
