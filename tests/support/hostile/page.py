"""Shows hostile texts in the page, and measures for how long they hold it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from playwright.sync_api import Page

from tests.support.browser.demo import commit
from tests.support.hostile import texts

# A timer of ten milliseconds: what holds the page delays it.
_WATCH = """() => {
  if (globalThis.held !== undefined) return;
  let last = performance.now();
  globalThis.held = 0;
  setInterval(() => {
    const now = performance.now();
    globalThis.held = Math.max(globalThis.held, now - last);
    last = now;
  }, 10);
}"""
_DRAWN = """() => {
  const outputs = document.querySelector("[data-cell-id^=hostile] [data-testid=outputs]");
  const open = ".formatting, .math:not([data-tex], .pending)";
  return outputs?.firstElementChild && !outputs.querySelector(open);
}"""
_PAINTED = """() => new Promise((ok) =>
  requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(() => setTimeout(ok)))))"""


_CALL = "application/vnd.anode.aitool+json"
_RESULT = "application/vnd.anode.aitool.result+json"


class Hostile(NamedTuple):
    """An output: its name, the event that adds it, and the rest of its arguments."""

    name: str
    event: str
    args: dict[str, Any]


def outputs() -> Iterator[Hostile]:
    for name, text in texts.MARKDOWN.items():
        yield Hostile(name, "v1.MarkdownOutputAdded", {"content": _inline(text)})
    for name, text in texts.STREAMS.items():
        args = {"content": _inline(text), "streamName": "stdout"}
        yield Hostile(name, "v1.TerminalOutputAdded", args)
        error = {"ename": "Error", "evalue": text, "traceback": [text]}
        yield Hostile(f"{name}, as an error", "v1.ErrorOutputAdded", {"content": _inline(error)})
    for mime, group in (
        ("image/svg+xml", texts.SVGS),
        ("text/html", texts.HTML),
        ("image/png", texts.PICTURES),
        ("application/json", texts.JSON),
    ):
        for name, data in group.items():
            yield Hostile(name, "v1.MultimediaDisplayOutputAdded", _display(mime, data))

    for name, arguments in texts.CALLS.items():
        call = {"tool_call_id": "c", "tool_name": "create_cell", "arguments": arguments}
        yield Hostile(name, "v1.MultimediaDisplayOutputAdded", _display(_CALL, call))
        result = {**call, "status": "success", "result": json.dumps(arguments)}
        yield Hostile(
            f"{name}, in a result", "v1.MultimediaDisplayOutputAdded", _display(_RESULT, result)
        )


def sources() -> Iterator[tuple[str, str, str]]:
    """Yield the names, the types and the sources of hostile cells."""
    for name, source in texts.SOURCES.items():
        for cell_type in ("code", "ai", "markdown", "sql", "raw"):
            yield f"{name} ({cell_type})", cell_type, source


def markdown(text: str) -> Hostile:
    return Hostile("text", "v1.MarkdownOutputAdded", {"content": _inline(text)})


def _inline(data: Any) -> dict[str, Any]:
    return {"type": "inline", "data": data}


def _display(mime: str, data: Any) -> dict[str, Any]:
    return {"representations": {mime: _inline(data)}}


class Watch:
    """Measures for how long a page is held by its own work, whatever else the machine does."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._devtools = page.context.new_cdp_session(page)
        self._devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
        page.evaluate(_WATCH)

    @contextmanager
    def held(self, most: dict[str, float], name: str) -> Iterator[None]:
        """Note for how many milliseconds the page was held at most meanwhile.

        That is no more than the longest time without a turn of the event loop, which other
        processes prolong, and no more than the time that the thread has had a processor.
        """
        self._page.evaluate("() => { globalThis.held = 0 }")
        before = self._thread_ms()
        yield
        took = self._thread_ms() - before
        waited: float = self._page.evaluate("() => globalThis.held")
        most[name] = min(took, waited)

    def _thread_ms(self) -> float:
        metrics = self._devtools.send("Performance.getMetrics")["metrics"]
        return 1000 * next(one["value"] for one in metrics if one["name"] == "ThreadTime")


def new_cell(page: Page, cell_type: str = "code", source: str = "") -> str:
    """Return the id of a new cell; one that was deleted cannot come back."""
    cell_id = f"hostile-{page.evaluate('() => runt.store.events().length')}"
    created = {"id": cell_id, "cellType": cell_type, "fractionalIndex": "i", "createdBy": "test"}
    changed = {"id": cell_id, "source": source, "modifiedBy": "test"}
    commit(page, ("v2.CellCreated", created), ("v1.CellSourceChanged", changed))
    return cell_id


def add(page: Page, cell_id: str, one: Hostile) -> None:
    place = {"id": f"{cell_id}-{one.name}", "cellId": cell_id, "position": 1}
    commit(page, (one.event, {**place, **one.args}))


def show(page: Page, cell_id: str, one: Hostile) -> None:
    """Show an output, and take it away."""
    add(page, cell_id, one)
    page.wait_for_function(_DRAWN)
    page.evaluate(_PAINTED)
    commit(page, ("v1.CellOutputsCleared", {"cellId": cell_id, "clearedBy": "test", "wait": False}))
    page.evaluate(_PAINTED)


def show_source(page: Page, cell_type: str, source: str) -> None:
    """Show a cell, and delete it."""
    cell_id = new_cell(page, cell_type, source)
    page.get_by_test_id(f"cell-{cell_id}").wait_for()
    page.evaluate(_PAINTED)
    commit(page, ("v1.CellDeleted", {"id": cell_id}))
    page.evaluate(_PAINTED)
