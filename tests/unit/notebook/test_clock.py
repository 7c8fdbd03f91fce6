"""The clock that is used if none is passed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from runt_pyodide.notebook.clock import Clock
from tests.support.stages.loop import LoopClock, settle


@pytest.mark.parametrize(
    ("seconds", "timestamp"),
    [(0, "2026-02-03T04:05:06.789Z"), (1.5, "2026-02-03T04:05:08.289Z")],
)
def test_a_timestamp_is_utc_with_milliseconds(seconds: float, timestamp: str) -> None:
    moment = datetime(2026, 2, 3, 4, 5, 6, 789_999, UTC)
    assert Clock(now=lambda: moment).timestamp(seconds) == timestamp


def test_ids_differ_and_time_goes_on() -> None:
    clock = Clock()
    assert len({clock.new_id() for _ in range(1000)}) == 1000
    assert clock.time() <= clock.time()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)


async def test_a_callback_runs_when_it_is_due_unless_it_is_cancelled(
    loop_clock: LoopClock,
) -> None:
    ran: list[str] = []
    Clock().call_later(10, lambda: ran.append("due"))
    Clock().call_later(10, lambda: ran.append("cancelled")).cancel()
    await settle()
    assert ran == []
    loop_clock.advance(11)
    await asyncio.sleep(0)
    await settle()
    assert ran == ["due"]
