"""Waiting in code that cannot await."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from types import SimpleNamespace
from typing import Any

import pytest

from runt_pyodide.errors import CellError
from runt_pyodide.execution.interrupts import Target
from runt_pyodide.execution.waiting import wait_for


async def five() -> int:
    await asyncio.sleep(0)
    return 5


async def fail() -> int:
    raise KeyError("no")


def test_outside_of_an_event_loop_it_has_its_own() -> None:
    assert wait_for(five(), "Cannot wait.", instead="Await.") == 5
    with pytest.raises(KeyError):
        wait_for(fail(), "Cannot wait.", instead="Await.")


@pytest.mark.parametrize("ffi", [None, SimpleNamespace(), SimpleNamespace(can_run_sync=bool)])
async def test_within_one_it_says_so(monkeypatch: pytest.MonkeyPatch, ffi: Any) -> None:
    monkeypatch.setitem(sys.modules, "pyodide.ffi", ffi)
    with pytest.raises(CellError, match=r"^Cannot wait\. Await\.$"):
        wait_for(five(), "Cannot wait.", instead="Await.")


def ffi_with(*meanwhile: Callable[[], object]) -> SimpleNamespace:
    """Pyodide's ``run_sync``, whose own test is in a browser, during which these are called."""

    async def wait(awaitable: Awaitable[Any]) -> Any:
        for one in meanwhile:
            asyncio.get_running_loop().call_soon(one)
        return await awaitable

    def run_sync(awaitable: Awaitable[Any]) -> Any:
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, wait(awaitable)).result()

    return SimpleNamespace(can_run_sync=lambda: True, run_sync=run_sync)


async def test_promise_integration_waits_and_errors_pass_through_it_as_values(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pyodide.ffi", ffi_with())
    assert wait_for(five(), "", instead="") == 5
    with pytest.raises(KeyError):
        wait_for(fail(), "", instead="")


async def test_a_stop_interrupts_the_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    target, context, ended = Target("q"), copy_context(), list[bool]()
    target.start(context)
    monkeypatch.setitem(sys.modules, "pyodide.ffi", ffi_with(target.interrupt))
    with pytest.raises(KeyboardInterrupt):
        context.run(wait_for, endless(), "", instead="")
    target.close()
    assert ended == [True]
