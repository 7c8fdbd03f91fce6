"""Runs startRuntime over a memoryStore in an otherwise empty page, as an embedder would."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from typing import Any

from playwright.sync_api import BrowserContext, Page

_START = """async (options) => {
  const { memoryStore, startRuntime } = await import("./index.js");
  const store = memoryStore();
  const events = [];
  globalThis.late = [];
  store.subscribe((batch) => events.push(...batch));
  const runtime = await startRuntime({
    store,
    ...options,
    onPendingStops: (late) => Object.assign(globalThis, { late }),
  });
  Object.assign(globalThis, { store, events, runtime });
}"""
_numbers = count(1)


@contextmanager
def runtime_in(
    context: BrowserContext,
    site: str,
    *,
    worker: bool = True,
    test: Mapping[str, Any] | None = None,
    **options: Any,
) -> Iterator[Page]:
    """Open a page with a runtime, as the globals `runtime`, `store` and `events`; `late` are the
    stops that take long. The Test provider has the settings `test`, and startRuntime these other
    options."""
    page = context.new_page()
    page.goto(f"{site}/js/package.json")
    config = {"providers": {"test": dict(test or {})}}
    page.evaluate(_START, {"worker": worker, "config": config, **options})
    yield page
    page.close()


def commit(page: Page, *events: tuple[str, dict[str, Any]]) -> None:
    wire = [{"name": name, "args": args} for name, args in events]
    page.evaluate("(events) => store.commit(...events)", wire)


def request(page: Page, source: str = "hi", cell_type: str = "ai") -> tuple[str, str]:
    """Create a cell and request its execution; return the ids of both."""
    number = next(_numbers)
    cell, queue = f"cell-{number}", f"queue-{number}"
    created = {
        "id": cell,
        "cellType": cell_type,
        "fractionalIndex": f"a{number:05}",  # compared as text: a later cell stands below
        "createdBy": "me",
    }
    commit(
        page,
        ("v2.CellCreated", created),
        ("v1.CellSourceChanged", {"id": cell, "source": source, "modifiedBy": "me"}),
        ("v1.ExecutionRequested", requested(queue, cell)),
    )
    return cell, queue


def requested(queue: str, cell: str) -> dict[str, Any]:
    return {"queueId": queue, "cellId": cell, "executionCount": 1, "requestedBy": "me"}


def completion(page: Page, queue: str) -> dict[str, Any]:
    """Wait for the execution's end, and return its args."""
    find = """(queue) => events.find(
      ({ name, args }) => name === "v1.ExecutionCompleted" && args.queueId === queue)?.args"""
    return page.wait_for_function(find, arg=queue).json_value()


def outputs(page: Page, cell: str) -> list[dict[str, Any]]:
    find = """(cell) => events.filter(
      ({ name, args }) => args.cellId === cell && /Output/.test(name) && !/Cleared/.test(name))"""
    return page.evaluate(find, cell)


def wait_for_output(page: Page, cell: str) -> None:
    """Wait until the cell shows something."""
    page.wait_for_function(
        "(cell) => events.some((e) => /OutputAdded/.test(e.name) && e.args.cellId === cell)",
        arg=cell,
    )


def wait_for_text(page: Page, cell: str, *parts: str) -> None:
    """Wait until the cell's text has all of these parts."""
    page.wait_for_function(
        """([cellId, parts]) => {
            const text = events
              .filter(({ args }) => args.cellId === cellId)
              .map(({ args }) => args.content?.data ?? args.delta?.text)
              .filter((each) => typeof each === "string")
              .join("");
            return parts.every((part) => text.includes(part));
        }""",
        arg=[cell, list(parts)],
    )


def text_of(page: Page, cell: str) -> str:
    parts = [event["args"] for event in outputs(page, cell)]
    return "".join(
        args["content"]["data"] if "content" in args else args.get("delta", {}).get("text", "")
        for args in parts
        if not isinstance(args.get("content", {}).get("data"), dict)
    )


def error_of(page: Page, cell: str) -> dict[str, Any]:
    return next(
        event["args"]["content"]["data"]
        for event in outputs(page, cell)
        if event["name"] == "v1.ErrorOutputAdded"
    )


def finish_reason(page: Page, cell: str) -> str | None:
    last = outputs(page, cell)[-1]["args"]
    metadata = last.get("content", last.get("delta", {})).get("metadata", {})
    return metadata.get("anode", {}).get("finish_reason")
