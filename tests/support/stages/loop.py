"""Controls the running event loop: its tasks and its clock."""

from __future__ import annotations

import asyncio

import pytest


async def settle(rounds: int = 50) -> None:
    """Let every task run as far as it can."""
    for _ in range(rounds):
        await asyncio.sleep(0)


class LoopClock:
    """Runs with the loop's own clock, and ahead of it by what the test has advanced: what is due by
    then happens as soon as the loop runs."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self._ahead = 0.0
        real = loop.time
        loop.time = lambda: real() + self._ahead  # type: ignore[method-assign]

    def advance(self, seconds: float) -> None:
        self._ahead += seconds


@pytest.fixture
async def loop_clock() -> LoopClock:
    """The clock of this test's own loop."""
    return LoopClock()
