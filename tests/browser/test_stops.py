"""Stops at random moments, wherever a cell may be: `make soak` does N of each from a SEED.

Wherever Python can be interrupted, the code gets one KeyboardInterrupt, cleans up, and the
variables stay; where it cannot, the page is told so first, and the interrupt arrives when it can.
After each stop the next cell runs, and every execution has one end.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.support.browser.fixtures import NewContext
from tests.support.browser.runtime import commit, completion, request, runtime_in, text_of

N = int(os.environ.get("N", 0))  # of each; without it a few
SEED = int(os.environ.get("SEED", "1"))
LONGEST = 0.6  # seconds after its begin at which a cell is stopped
CALL = {"name": "wait_for_ever", "arguments": {}}
TEST = {
    "responses": [
        {"pattern": "call", "turns": [{"tool_calls": [CALL], "delay": 0.001}, {"text": "done"}]},
        {"pattern": "talk", "text": "word " * 20_000},
    ],
    "delay": 0.01,
}
PREPARE = """
import asyncio, random, time
from pyodide.http import pyfetch
from runt_pyodide import tool
kept = 41
seen = []
@tool(policy="ask")
def wait_for_ever(): pass
numbers = [random.random() for _ in range({size})]
began = time.perf_counter()
sorted(numbers)
print(time.perf_counter() - began)
"""
CELL = """
seen.clear()
try:
    print("begun", flush=True)
    {code}
    seen.append("end")
except KeyboardInterrupt:
    seen.append("except")
    time.sleep(0.01)
    await asyncio.sleep(0.01)
    raise
finally:
    await asyncio.sleep(0)
    seen.append("finally")
"""


Way = Callable[[Page, str, str], None]


@dataclass(frozen=True)
class Situation:
    """What a cell does when it is stopped. An AI cell has a prompt for its source."""

    source: str
    cell_type: str = "code"
    is_stubborn: bool = False


def code(line: str, *, is_stubborn: bool = False) -> Situation:
    return Situation(CELL.format(code=line), is_stubborn=is_stubborn)


SITUATIONS = {
    "a sleep": code("time.sleep(3600)"),
    "a sleep loop": code("while True: time.sleep(0.01)"),
    "a busy loop": code("while True: pass"),
    "a loop that prints": code("for i in range(10**9): print(i % 10, end='')"),
    "await": code("await asyncio.sleep(3600)"),
    "gather": code("await asyncio.gather(*(asyncio.sleep(3600) for _ in range(3)))"),
    "a fetch": code("while True: await (await pyfetch('/js/index.js')).string()"),
    "a sort": code("for _ in range(3): numbers[:] = [*reversed(sorted(numbers))]"),
    "a long sort": code("sorted(numbers)\n    time.sleep(3600)", is_stubborn=True),
    "an AI cell": Situation("talk", "ai"),
    "an approval": Situation("call", "ai"),
}


@pytest.fixture(scope="module")
def stops(new_shared_context: NewContext, site: str) -> Iterator[Page]:
    with runtime_in(new_shared_context(), site, test=TEST) as page:
        prepare(page, 100_000)
        yield page


def prepare(page: Page, size: int) -> float:
    """Define what the cells use; return how long sorting `numbers` takes, in seconds."""
    return float(run_to_end(page, PREPARE.format(size=size)))


def run_to_end(page: Page, source: str) -> str:
    """Run a cell, and return what it printed."""
    cell, queue = request(page, source, "code")
    assert completion(page, queue)["status"] == "success", text_of(page, cell)
    return text_of(page, cell)


def begin(page: Page, situation: Situation) -> tuple[str, str]:
    cell, queue = request(page, situation.source, situation.cell_type)
    names = "/OutputAdded|Approval/" if situation.source == "call" else "/OutputAdded/"
    page.wait_for_function(
        f"(cell) => events.some((e) => {names}.test(e.name) && e.args.cellId === cell)", arg=cell
    )
    return cell, queue


def interrupt(page: Page, cell: str, queue: str) -> None:
    page.evaluate("void runtime.interrupt()")


def cancel(page: Page, cell: str, queue: str) -> None:
    ids = {"queueId": queue, "cellId": cell}
    commit(page, ("v1.ExecutionCancelled", {**ids, "cancelledBy": "me", "reason": "stopped"}))


def ends(page: Page) -> Counter[str]:
    """How many ends each execution has that was requested. The first counts, so a person's and the
    runtime's may cross."""
    events: list[dict[str, Any]] = page.evaluate("events")
    asked = [e["args"]["queueId"] for e in events if e["name"] == "v1.ExecutionRequested"]
    completed = Counter(
        e["args"]["queueId"] for e in events if e["name"] == "v1.ExecutionCompleted"
    )
    cancelled = {e["args"]["queueId"] for e in events if e["name"] == "v1.ExecutionCancelled"}
    return Counter({queue: completed[queue] or int(queue in cancelled) for queue in asked})


def stop_in_time(page: Page, situation: Situation, way: Way, delay: float) -> bool:
    """Run a cell, and stop it `delay` seconds after it has begun. Return whether it was still
    doing what it is to be stopped in: a stubborn one was, if the page is told that it goes on."""
    page.evaluate("globalThis.late = []")
    cell, queue = begin(page, situation)
    page.evaluate("(ms) => new Promise((resolve) => setTimeout(resolve, ms))", delay * 1000)
    way(page, cell, queue)
    if not situation.is_stubborn:
        return True
    _, following = request(page, "pass", "code")  # it runs once the stopped cell has ended
    page.wait_for_function(
        """(queueId) => late.length || events.some(
            ({ name, args }) => name === "v1.ExecutionCompleted" && args.queueId === queueId)""",
        arg=following,
    )
    return bool(page.evaluate("late.length"))


@pytest.mark.parametrize("name", SITUATIONS)
def test_a_stop_at_any_moment_keeps_the_variables(stops: Page, name: str) -> None:
    situation, page = SITUATIONS[name], stops
    chance = random.Random(f"{SEED} {name}")
    ways: list[Way] = [interrupt, cancel]
    session = page.evaluate("runtime.sessionId")
    size = 100_000
    while situation.is_stubborn and prepare(page, size) < 4:
        size *= 2  # sorting must take longer than the page's patience, on any machine
    for number in range(N or (1 if situation.is_stubborn else 3)):
        way, delay = chance.choice(ways), chance.uniform(0, LONGEST)
        told = f"SEED={SEED}, {name}, stop {number} by {way.__name__} after {delay:.3f} s"
        while not stop_in_time(page, situation, way, delay):
            size *= 2  # another process slowed the machine down only while this was measured
            prepare(page, size)
        if situation.is_stubborn:
            assert "does not look for interrupts" in page.evaluate("late[0].reason"), told
        seen = run_to_end(page, "print(kept, *seen)").split()
        expected = ["except", "finally"] if situation.cell_type == "code" else seen[1:]
        if name == "a sort" and seen[1:] == ["end", "finally"]:
            expected = seen[1:]  # it was faster than the stop
        assert seen == ["41", *expected], told
        assert page.evaluate("runtime.sessionId") == session, told
        assert not page.evaluate("late.length"), told
    assert set(ends(page).values()) == {1}
    if situation.is_stubborn:
        prepare(page, 100_000)
