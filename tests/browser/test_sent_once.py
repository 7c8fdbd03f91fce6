"""No prompt is sent twice, whatever becomes of the page that sends it: tabs killed and reloaded.

A server counts. Each round runs AI cells and a Python cell that asks, together, and ends the page
at a random moment, half of them that of a request, when the log may not yet tell of it.
``make soak`` runs this KEPT times, beside as many busy processes as LOAD says.
"""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.browser import PATIENCE
from tests.support.browser.demo import choose_server, commit, expect_status
from tests.support.browser.kept import kill
from tests.support.browser.soak import COUNT, LOAD, SEED, busy_processes
from tests.support.server.llm_server import LLMServer
from tests.support.server.scenario import Answer

_log = logging.getLogger(__name__)

PER_NOTEBOOK = 10
OPEN = "[data-execution-state=queued], [data-execution-state=executing]"
STATES = """() => Object.fromEntries([...document.querySelectorAll("[data-cell-id^=sent]")]
  .map((cell) => [cell.dataset.cellId, cell.dataset.executionState]))"""
ASK = "from runt_pyodide import ask\nprint(await ask('{}', context=False))"


@pytest.fixture(scope="module", autouse=True)
def load() -> Iterator[None]:
    with busy_processes():
        yield


def reload(page: Page, address: str) -> Page:
    page.goto(address)
    return page


def kill_and_open(page: Page, address: str) -> Page:
    context = page.context
    kill(page)
    page = context.new_page()
    page.goto(address)
    return page


def ask_in_all_ways(page: Page, names: list[str], chance: random.Random) -> None:
    """Add AI cells and a Python cell with these prompts, and run them in some order."""
    kinds = ["ai", "ai", "code"]
    chance.shuffle(kinds)
    events: list[tuple[str, dict[str, Any]]] = []
    for name, kind in zip(names, kinds, strict=True):
        place = {"fractionalIndex": f"m{name.replace('-', '')}1", "createdBy": "test"}
        source = name if kind == "ai" else ASK.format(name)
        request = {"queueId": f"run-{name}", "cellId": name, "executionCount": 1}
        events += [
            ("v2.CellCreated", {"id": name, "cellType": kind, **place}),
            ("v1.CellSourceChanged", {"id": name, "source": source, "modifiedBy": "test"}),
            ("v1.ExecutionRequested", {**request, "requestedBy": "test"}),
        ]
    commit(page, *events)


def await_a_moment(page: Page, server: LLMServer, before: int, chance: random.Random) -> None:
    """Wait for one of the requests after the first so many, or for a random time."""
    if chance.random() < 0.5:
        server.wait_requests(before + chance.randint(1, 3), timeout=PATIENCE / 1000)
    else:
        page.evaluate("(ms) => new Promise((go) => setTimeout(go, ms))", chance.uniform(0, 1500))


def sent(server: LLMServer) -> Counter[str]:
    """How often each prompt was sent."""
    return Counter(
        str(one.json["messages"][-1]["content"]) for one in server.requests if one.json is not None
    )


@pytest.mark.parametrize("leave", [reload, kill_and_open])
def test_no_prompt_is_sent_twice(
    context: BrowserContext, site: str, llm_server: LLMServer, leave: Callable[[Page, str], Page]
) -> None:
    chance = random.Random(SEED)
    llm_server.default = Answer(deltas=10, pace=0.02)
    page = context.new_page()
    page.goto(f"{site}/?notebook=sent")
    expect_status(page)
    choose_server(page, llm_server.base_url, key="")
    states = Counter[str]()
    for number in range(COUNT):
        address = f"{site}/?notebook=sent-{number // PER_NOTEBOOK}"
        if number % PER_NOTEBOOK == 0:
            page.goto(address)
            expect_status(page)
        names = [f"sent-{number}-{place}" for place in range(3)]
        before = len(llm_server.requests)
        ask_in_all_ways(page, names, chance)
        await_a_moment(page, llm_server, before, chance)
        page = leave(page, address)
        expect_status(page)
        expect(page.get_by_test_id(f"cell-{names[-1]}")).to_be_attached()
        expect(page.locator(OPEN)).to_have_count(0)
        counts = sent(llm_server)
        assert [prompt for prompt, count in counts.items() if count > 1] == []
        found = page.evaluate(STATES)
        for name in names:
            states[found[name]] += 1
            assert counts[name] == 1 or found[name] != "completed"
    _log.info("%d times, load %d: %d prompts sent once; %s", COUNT, LOAD, len(counts), dict(states))
    assert len(counts) >= COUNT
