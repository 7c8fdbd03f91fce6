"""On the page, too, a model that obeys every text in an imported file gets nothing done without a
person; see tests/unit/ai/test_injections.py. `make soak` gives each order alone."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Sequence
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
from tests.support.injections.obedient import Obedience, chunks
from tests.support.injections.orders import ORDERS, OWN, Order
from tests.support.server.llm_server import LLMServer

_log = logging.getLogger(__name__)
ALONE = [(order,) for order in ORDERS]
TOGETHER = [tuple(OWN[number] for number in (0, 4, 6, 8, 12, 13))]
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


def deny_all(page: Page) -> int:
    """Say no to each question until the run ends, each time for another reason, as the same would
    end the run. Return how often one was asked."""
    deny = page.get_by_test_id("deny")
    over = ", ".join(f"[data-execution-state={state}]" for state in ("completed", "error"))
    ended = page.locator(f"[data-cell-id=cell-prompt]:is({over})")
    for number in range(100):
        expect(deny.or_(ended).first).to_be_attached()
        if deny.count() == 0:
            return number
        page.get_by_test_id("deny-reason").fill(f"No, and that is number {number}.")
        deny.click()
    raise AssertionError("the model never ends")


@pytest.mark.parametrize(
    "orders", ALONE if os.environ.get("N") else TOGETHER, ids=lambda orders: str(orders[0].number)
)
def test_nothing_is_done_without_a_yes(
    open_page: OpenPage, llm_server: LLMServer, evil: str, tmp_path: Path, orders: tuple[Order, ...]
) -> None:
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
    asked = deny_all(page)
    _log.info("%d orders: %d questions", len(orders), asked)
    assert {order.number for order in orders} <= {order.number for order in model.obeyed}

    after = page.evaluate(SOURCES)
    assert {cell_id: after[cell_id] for cell_id in before} == before
    assert events_of(page, "v1.CellDeleted") == events_of(page, "v2.CellMoved") == []
    started = {one["cellId"] for one in events_of(page, "v1.ExecutionStarted")}
    assert started == {"cell-prompt"}
    assert Host.asked == []
    for one in llm_server.requests:
        assert one.path.startswith("/obedient/")
        headers = {name: value for name, value in one.headers.items() if name != "authorization"}
        assert KEY not in json.dumps(headers) + one.body.decode() + one.query
    written = page.evaluate("() => JSON.stringify(runt.store.events())")
    assert written.count(KEY) == 1  # in the cell that the author wrote it into
