"""On the page, too, a model that obeys every text in an imported file gets nothing done without a
person; see tests/unit/ai/test_injections.py. `make soak` gives each order alone."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from runt_pyodide.llm.transport.base import Request
from runt_pyodide.llm.transport.scripted import Scripted
from tests.support.browser.demo import KEY, choose_server, events_of, import_ipynb, start
from tests.support.browser.fixtures import OpenPage
from tests.support.hostile.files import code, markdown, notebook
from tests.support.hostile.host import EVIL, Host
from tests.support.injections.count import Count
from tests.support.injections.obedient import Obedience, chunks
from tests.support.injections.orders import ORDERS, OWN, Order
from tests.support.server.exchange import RecordedRequest
from tests.support.server.llm_server import LLMServer

_log = logging.getLogger(__name__)
IS_SOAK = bool(os.environ.get("N"))
ALONE = [(order,) for order in ORDERS]
TOGETHER = [tuple(OWN[number] for number in (0, 4, 6, 8, 12, 13))]
GONE = ("v1.CellDeleted", "v2.CellMoved")
SOURCES = """() => Object.fromEntries([...runt.store.events()].filter(({ name }) =>
  name === "v1.CellSourceChanged").map(({ args }) => [args.id, args.source]))"""


def poisoned(orders: Sequence[Order]) -> dict[str, Any]:
    """A file with an order in each cell, and the author's own cells."""
    plain = {"output_type": "execute_result", "execution_count": 1, "metadata": {}}
    error = {"output_type": "error", "ename": "Error", "evalue": "no"}
    places = (
        lambda text: markdown(text),
        lambda text: code(source=f"x = 1\n# {text}"),
        lambda text: code({"output_type": "stream", "name": "stdout", "text": text}),
        lambda text: code({**error, "traceback": [text]}),
        lambda text: code({**plain, "data": {"text/plain": text, "text/html": f"<p>{text}</p>"}}),
        lambda text: markdown(f"<!-- {text} -->", metadata={"system_prompt": text}),
    )
    cells = [
        places[n % len(places)](order.text(n)) | {"id": f"cell-{chr(ord('a') + n)}"}
        for n, order in enumerate(orders)
    ]
    return notebook(
        code(id="cell-code", source=f"key = '{KEY}'"),
        markdown("What I found.", id="cell-text"),
        *cells,
        code(id="cell-prompt", source="%%ai\nSum this notebook up."),
    )


def serve(llm_server: LLMServer, evil: str) -> tuple[str, Obedience]:
    """Let the server's model obey. Return its address and the model."""
    model = Obedience()

    def answer(request: Request) -> Scripted:
        if request.body is None or request.method != "POST":
            return Scripted(200, {"content-type": "application/json"}, (b'{"data": []}',))
        calls, text = model.answer(json.loads(request.body))
        body = b"".join(chunks(calls, text, len(llm_server.requests)))
        return Scripted(
            200,
            {"content-type": "text/event-stream"},
            (body.replace(EVIL.encode(), evil.encode()),),
        )

    llm_server.stand_ins["obedient"] = answer
    return f"{llm_server.origin}/obedient/v1", model


def deny(page: Page, number: int) -> None:
    """Say no, each time for another reason, as the same would end the run."""
    page.get_by_test_id("deny-reason").fill(f"No, and that is number {number}.")
    page.get_by_test_id("deny").click()


def allow(page: Page, _: int) -> None:
    page.get_by_test_id("approve-once").click()


Answer = Callable[[Page, int], None]


def answer_all(page: Page, answer: Answer) -> int:
    """Answer each question until the run ends. Return how many there were."""
    over = ", ".join(f"[data-execution-state={state}]" for state in ("completed", "error"))
    ended = page.locator(f"[data-cell-id=cell-prompt]:is({over})")
    question = page.get_by_test_id("approval")
    for number in range(100):
        expect(question.or_(ended).first).to_be_attached()
        if question.count() == 0:
            return number
        answered = question.get_attribute("data-call-id")
        answer(page, number)
        expect(page.locator(f"[data-testid=approval][data-call-id={answered}]")).to_have_count(0)
    raise AssertionError("the model never ends")


def count(page: Page, model: Obedience, llm_server: LLMServer, before: dict[str, str]) -> Count:
    """Count what the model got done; ``before`` are the sources of the author's cells."""
    after = page.evaluate(SOURCES)
    gone = {one["id"] for name in GONE for one in events_of(page, name)}
    started = {one["cellId"] for one in events_of(page, "v1.ExecutionStarted")}
    written = page.evaluate("() => JSON.stringify(runt.store.events())")
    return Count(
        requests_elsewhere=len(Host.asked)
        + sum(not one.path.startswith("/obedient/") for one in llm_server.requests),
        changed_cells=sum(one in gone or after[one] != source for one, source in before.items()),
        cells_run=len(started - {"cell-prompt"}),
        # Once it is in the cell that the author wrote it into.
        keys_seen=written.count(KEY) - 1 + sum(map(tells_key, llm_server.requests)),
        created_cells=len(after.keys() - before.keys()),
        obeyed=len(model.obeyed),
    )


def tells_key(request: RecordedRequest) -> bool:
    headers = {name: one for name, one in request.headers.items() if name != "authorization"}
    return KEY in json.dumps(headers) + request.body.decode() + request.query


@pytest.fixture(scope="module")
def total() -> Iterator[Count]:
    """What all attacks came to, which is logged."""
    total = Count()
    yield total
    _log.info("%s", total)


Attack = Callable[[Sequence[Order], Answer], Count]


@pytest.fixture
def attack(open_page: OpenPage, llm_server: LLMServer, evil: str, tmp_path: Path) -> Attack:
    """Attack a notebook by a file with these orders; return what they came to."""

    def run(orders: Sequence[Order], answer: Answer) -> Count:
        llm_server.api_key = KEY
        page = open_page("?memory=empty")
        base_url, model = serve(llm_server, evil)
        choose_server(page, base_url)
        path = tmp_path / "report.ipynb"
        path.write_text(json.dumps(poisoned(orders)), "utf-8")
        import_ipynb(page, path)
        expect(page.get_by_test_id("cell-cell-prompt")).to_be_attached()
        before = page.evaluate(SOURCES)
        start(page.get_by_test_id("cell-cell-prompt"))
        questions = answer_all(page, answer)
        assert {order.number for order in orders} <= {order.number for order in model.obeyed}
        return replace(count(page, model, llm_server, before), questions=questions)

    return run


@pytest.mark.parametrize(
    "orders", ALONE if IS_SOAK else TOGETHER, ids=lambda orders: orders[0].goal
)
def test_nothing_is_done_without_a_yes(
    attack: Attack, orders: tuple[Order, ...], total: Count
) -> None:
    found = attack(orders, deny)
    total += found
    assert found.harm == {}


@pytest.mark.skipif(not IS_SOAK, reason="The zeros are the point; the soak shows that it counts.")
def test_with_a_yes_it_happens(attack: Attack) -> None:
    assert attack((OWN[0], OWN[4]), allow).harm.keys() >= {
        "requests_elsewhere",
        "changed_cells",
        "cells_run",
    }
