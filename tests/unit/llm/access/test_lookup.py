"""What is asked for once and remembered."""

from __future__ import annotations

import asyncio

import pytest

from runt_pyodide.errors import ServerError
from runt_pyodide.llm.access.lookup import Lookup


class Asked:
    """Answers when its gate opens, with the next of these errors or well."""

    def __init__(self, *errors: Exception) -> None:
        self.times = 0
        self.now = 0.0
        self.gate = asyncio.Event()
        self.gate.set()
        self._errors = [*errors]
        self.lookup = Lookup(self._ask, patience=0.001, forget=100, clock=lambda: self.now)

    async def _ask(self) -> None:
        self.times += 1
        await self.gate.wait()
        if self._errors:
            raise self._errors.pop(0)


async def test_it_is_asked_once() -> None:
    asked = Asked()
    for _ in range(3):
        await asked.lookup.settle()
    assert (asked.times, asked.lookup.is_known) == (1, True)


async def test_a_failure_is_remembered_for_a_while() -> None:
    asked = Asked(ServerError("Down."))
    for asked.now in (0.0, 99.0):
        await asked.lookup.settle()
    assert (asked.times, asked.lookup.is_known) == (1, False)
    asked.now = 100.0
    await asked.lookup.settle()
    assert (asked.times, asked.lookup.is_known) == (2, True)


async def test_nobody_waits_for_long_and_the_answer_still_counts() -> None:
    asked = Asked()
    asked.gate.clear()
    await asked.lookup.settle()
    await asked.lookup.settle()
    assert (asked.times, asked.lookup.is_known) == (1, False)
    asked.gate.set()
    for _ in range(3):
        await asyncio.sleep(0)
    assert asked.lookup.is_known


async def test_who_stops_waiting_does_not_stop_it_for_others() -> None:
    asked = Asked()
    asked.gate.clear()
    waiting = asyncio.ensure_future(asked.lookup.settle())
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    asked.gate.set()
    for _ in range(3):
        await asyncio.sleep(0)
    assert (asked.times, asked.lookup.is_known) == (1, True)


async def test_a_fault_of_ours_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        await Asked(ZeroDivisionError()).lookup.settle()
