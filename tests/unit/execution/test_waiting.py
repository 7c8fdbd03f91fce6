"""Waiting in code that cannot await."""

from __future__ import annotations

import asyncio
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from runt_pyodide.errors import CellError
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


async def test_promise_integration_waits_and_errors_pass_through_it_as_values(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As Pyodide's `run_sync` does, whose own test is in a browser."""

    def run_sync(coroutine: Any) -> Any:
        try:
            while True:
                coroutine.send(None)
        except StopIteration as end:
            return end.value

    ffi = SimpleNamespace(can_run_sync=lambda: True, run_sync=run_sync)
    monkeypatch.setitem(sys.modules, "pyodide.ffi", ffi)
    assert wait_for(five(), "", instead="") == 5
    with pytest.raises(KeyError):
        wait_for(fail(), "", instead="")
