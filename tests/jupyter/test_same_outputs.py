"""The same prompt with the Test provider gives the same outputs, wherever it is asked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html import escape
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from runt_pyodide.notebook.events import parse_event
from runt_pyodide.notebook.state import Notebook
from scripts.paths import ROOT, SITE
from scripts.serve import serving
from tests.support import marimo
from tests.support.lab import Lab
from tests.support.node import run_in_node
from tests.support.same_outputs import ASK, CONFIG, PROMPT, TOOL, describe

IN_DEMO = """async ({ config, cells }) => {
  const { memoryStore, startRuntime } = await import("./index.js");
  const store = memoryStore();
  const events = [];
  let tell = () => {};
  store.subscribe((batch) => {
    events.push(...batch);
    tell();
  });
  const runtime = await startRuntime({ store, config });
  for (const [id, cellType, source] of cells) {
    const ended = new Promise((resolve) => {
      const isEnd = ({ name, args }) => name === "v1.ExecutionCompleted" && args.queueId === id;
      tell = () => events.some(isEnd) && resolve();
    });
    store.commit(
      { name: "v2.CellCreated", args: { id, cellType, fractionalIndex: id, createdBy: "me" } },
      { name: "v1.CellSourceChanged", args: { id, source, modifiedBy: "me" } },
      { name: "v1.ExecutionRequested",
        args: { queueId: id, cellId: id, executionCount: 1, requestedBy: "me" } },
    );
    await ended;
  }
  await runtime.stop();
  return events;
}"""
PYSCRIPT = """<!doctype html>
<meta charset="utf-8">
<link rel="stylesheet" href="pyscript/core.css">
<script type="module" src="pyscript/core.js"></script>
<pre id="described"></pre>
<script type="py" {worker} config="{config}">
{source}
from pyscript import document
document.getElementById("described").textContent = described
</script>
"""


@pytest.fixture(scope="module")
def expected(browser: Browser, site: str) -> list[Any]:
    """The outputs in the demo's runtime."""
    page = browser.new_page()
    page.goto(f"{site}/js/package.json")
    cells = [["a", "code", TOOL], ["b", "ai", PROMPT]]
    events = page.evaluate(IN_DEMO, {"config": CONFIG, "cells": cells})
    page.close()
    read = [parse_event(event) for event in events]
    notebook = Notebook(event for event in read if event is not None)
    assert [one.outcome for one in notebook.executions.values()] == ["success", "success"]
    return describe(notebook.outputs_of("b"))


def test_the_demo_shows_thinking_text_call_result_and_answer(expected: list[Any]) -> None:
    kinds = [kind for kind, *_ in expected]
    assert kinds == ["markdown", "markdown", "display", "display", "markdown"]
    assert expected[2][3]["state"] == "success"
    assert "\u5317\u4eac" in expected[4][1]


def test_in_cpython(expected: list[Any]) -> None:
    # Playwright's loop runs in this thread.
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(lambda: asyncio.run(_ask_here())).result() == expected


async def _ask_here() -> Any:
    scope: dict[str, Any] = {}
    lines = "\n    ".join(ASK.splitlines())
    exec(f"async def ask_here():\n    {lines}\n    return described", scope)
    return json.loads(await scope["ask_here"]())


def test_in_jupyterlite(expected: list[Any], shared_lab: Lab) -> None:
    assert shared_lab.run(ASK).error is None
    shown = shared_lab.run(f"%%ai\n{PROMPT}")
    (text,) = shared_lab.run("print(described)").outputs
    assert json.loads("".join(text["text"])) == expected
    # What the reader sees: thinking, text, call, result, answer.
    assert len(shown.markdown) == 5
    assert shown.markdown[1] == expected[1][1]
    assert shown.markdown[4] == expected[4][1]
    assert "**weather** (done" in shown.markdown[2]
    assert "sunny" in shown.markdown[3]


@pytest.fixture(scope="module")
def pyscript(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A folder that is served, with PyScript and our site in it."""
    folder = tmp_path_factory.mktemp("pyscript")
    core = ROOT / "node_modules" / "@pyscript" / "core" / "dist"
    (folder / "pyscript").symlink_to(core.resolve())
    (folder / "site").symlink_to(SITE)
    with serving(folder) as address:
        yield folder, address


@pytest.mark.parametrize("worker", ["", "worker"])
def test_in_pyscript(
    expected: list[Any], browser: Browser, pyscript: tuple[Path, str], worker: str
) -> None:
    folder, address = pyscript
    config = {
        "interpreter": f"{address}/site/pyodide/pyodide.mjs",
        "packages": ["runt-pyodide"],
        "index_urls": [f"{address}/site/pypi/simple"],
    }
    name = f"{worker or 'page'}.html"
    html = PYSCRIPT.format(worker=worker, config=escape(json.dumps(config)), source=ASK)
    (folder / name).write_text(html, "utf-8")
    page = browser.new_page()
    page.goto(f"{address}/{name}")
    page.wait_for_function("() => document.getElementById('described').textContent", timeout=60_000)
    described = page.text_content("#described")
    page.close()
    assert json.loads(described or "") == expected


def test_in_marimo(expected: list[Any], browser: Browser, site: str, tmp_path: Path) -> None:
    with marimo.exported(tmp_path, site, ASK) as address:
        page = browser.new_page()
        page.goto(address)
        described = page.locator("#described").text_content(timeout=120_000)
        # What the reader sees of an answer.
        expect(page.locator(".output strong", has_text="sunny")).to_be_visible()
        page.close()
    assert json.loads(described or "") == expected


def test_in_node(expected: list[Any]) -> None:
    pyodide = SITE / "pyodide"
    assert run_in_node(pyodide, pyodide / "pyodide-lock.json", ASK) == expected
