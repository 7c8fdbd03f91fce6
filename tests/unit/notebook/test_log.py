"""The runtime's notebook: what is committed is folded and sent, and waiters are told."""

from __future__ import annotations

import asyncio

import pytest

from runt_pyodide.notebook.events import Event
from runt_pyodide.notebook.log import EventLog
from tests.support.notebook import logs
from tests.support.stages.loop import LoopClock, settle

CREATED, NAMED = logs.cell("c", source="x")


class Sent:
    """A log, and the batches that it has sent."""

    def __init__(self) -> None:
        self.batches: list[list[Event]] = []
        self.log = EventLog(lambda events: self.batches.append([*events]))


def test_what_comes_from_the_store_is_folded_and_not_sent() -> None:
    sent = Sent()
    sent.log.receive([CREATED, NAMED])
    assert sent.log.notebook.cells["c"].source == "x"
    assert sent.batches == []


def test_what_is_committed_is_folded_and_sent_at_once() -> None:
    sent = Sent()
    sent.log.commit([CREATED, NAMED])
    sent.log.commit([])
    assert sent.log.notebook.cells["c"].source == "x"
    assert sent.batches == [[CREATED, NAMED]]


def test_what_is_committed_together_is_one_batch_and_folded_before() -> None:
    sent = Sent()
    with sent.log.together():
        sent.log.commit([CREATED])
        with sent.log.together():
            sent.log.commit([NAMED])
        assert sent.log.notebook.cells["c"].source == "x"
        assert sent.batches == []
    assert sent.batches == [[CREATED, NAMED]]


def test_what_was_committed_before_a_failure_is_sent() -> None:
    sent = Sent()
    with pytest.raises(ValueError, match="no"), sent.log.together():
        sent.log.commit([CREATED])
        raise ValueError("no")
    sent.log.commit([NAMED])
    assert sent.batches == [[CREATED], [NAMED]]


@pytest.mark.parametrize("how", ["receive", "commit"])
async def test_who_waits_is_told_when_the_notebook_has_it(how: str) -> None:
    sent = Sent()
    waiting = asyncio.create_task(sent.log.until(lambda: sent.log.notebook.cells.get("c")))
    sent.log.commit(logs.cell("other"))
    await settle()
    assert not waiting.done()
    getattr(sent.log, how)([CREATED])
    assert (await waiting).id == "c"
    assert await sent.log.until(lambda: "at once") == "at once"


async def test_a_wait_that_is_cancelled_is_not_asked_again() -> None:
    sent = Sent()
    asked = 0

    def look() -> None:
        nonlocal asked
        asked += 1

    waiting = asyncio.create_task(sent.log.until(look))
    await settle()
    waiting.cancel()
    await settle()
    sent.log.commit([CREATED])
    assert (waiting.cancelled(), asked) == (True, 1)


STARTED = logs.started("q")


def start_in_a_store() -> tuple[EventLog, asyncio.Task[None]]:
    """A log that has sent a start to a store, and somebody who waits until that has it."""
    log = EventLog(lambda _: None, propose=lambda *_: None)
    log.receive([CREATED, logs.requested("q")])
    log.commit([STARTED])
    return log, asyncio.create_task(log.start_is_stored("q"))


async def test_a_start_is_stored_once_the_store_has_sent_it_back() -> None:
    log, waiting = start_in_a_store()
    log.receive([NAMED, logs.started("another")])
    await settle()
    assert not waiting.done()
    log.receive([STARTED])
    await waiting


async def test_a_store_that_takes_too_long_is_not_waited_for(loop_clock: LoopClock) -> None:
    _, waiting = start_in_a_store()
    await settle()
    assert not waiting.done()
    loop_clock.advance(2.1)
    await waiting


async def test_where_nobody_else_writes_nothing_is_waited_for() -> None:
    sent = Sent()
    sent.log.commit([CREATED, logs.requested("q"), STARTED])
    await sent.log.start_is_stored("q")
