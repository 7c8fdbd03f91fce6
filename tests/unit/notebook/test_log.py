"""The runtime's notebook: what is committed is folded and sent, and waiters are told."""

from __future__ import annotations

import asyncio

import pytest

from runt_pyodide.notebook.events import Event
from runt_pyodide.notebook.log import EventLog
from tests.support.notebook import logs
from tests.support.stages.loop import settle

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
