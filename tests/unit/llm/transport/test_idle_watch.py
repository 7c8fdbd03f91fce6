"""How long to wait for an answer, and the cost of watching that."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from runt_pyodide.errors import RequestTimeoutError
from runt_pyodide.llm.service_client import ServiceClient
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport
from tests.support.stages.loop import LoopClock, settle


class TimerCount:
    """Counts the timers of a loop that were set and have not run, the cancelled among them: in
    Pyodide a cancelled one stays until its time has come."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.alive = self.most = 0
        loop = asyncio.get_running_loop()
        call_at = loop.call_at

        def count(when: float, callback: Callable[..., object], *args: Any, **more: Any) -> Any:
            self.alive += 1
            self.most = max(self.most, self.alive)
            # The real one is not cancelled, and ends the count when its time has come.
            call_at(when, self._end)
            return call_at(when, callback, *args, **more)

        monkeypatch.setattr(loop, "call_at", count)

    def _end(self) -> None:
        self.alive -= 1


async def read(*pieces: bytes | asyncio.Event, patience: float = 60) -> bytes:
    transport = ScriptedTransport([Scripted(200, {}, pieces)])
    client = ServiceClient("x", transport, "http://x", timeout=patience)
    async with client.send("GET", "/") as response:
        return await response.read()


async def test_answers_leave_no_timers_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    timers = TimerCount(monkeypatch)
    for _ in range(100):
        assert await read(b"a", b"b") == b"ab"
    assert timers.most == 1


async def test_who_has_the_least_patience_gives_up_first(loop_clock: LoopClock) -> None:
    # The least patient comes last, when the other is watched already.
    patient = asyncio.create_task(read(b"a", asyncio.Event(), patience=60))
    await asyncio.sleep(0)
    hasty = asyncio.create_task(read(b"a", asyncio.Event(), patience=30))
    await settle()
    loop_clock.advance(31)
    done, _ = await asyncio.wait({patient, hasty}, return_when=asyncio.FIRST_COMPLETED)
    assert done == {hasty}
    with pytest.raises(RequestTimeoutError, match=r"for 30 s"):
        await hasty
    patient.cancel()


async def test_what_comes_after_a_while_is_read() -> None:
    gate = asyncio.Event()
    asyncio.get_running_loop().call_later(0.05, gate.set)
    assert await read(b"a", gate, b"b", patience=60) == b"ab"
