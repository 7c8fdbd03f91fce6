"""Markup that would act when it is shown, pointed at or clicked does nothing: each piece alone, as
an output and as a cell. `make soak` shows them all, `make test` every few of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser.demo import add_code, commit, run
from tests.support.hostile.host import EVIL, Host
from tests.support.hostile.markup import MARKDOWN, MARKUP
from tests.support.hostile.page import new_cell

EVERY = 1 if os.environ.get("N") else 6
TOGETHER = 15
COUNT = """() => {
  globalThis.shown = 0;
  if (globalThis.counts) return;
  globalThis.counts = true;
  addEventListener("message", ({ data }) => (globalThis.shown += data?.type === "shown"));
}"""
# What a person may do to it. A link to another site may open it, in a tab of its own.
PROVOKE = """(within) => {
  const events = ["mouseover", "pointerdown", "focus", "focusin", "toggle", "load"];
  for (const one of document.querySelectorAll(`${within} *`)) {
    for (const name of events) one.dispatchEvent(new Event(name, { bubbles: true }));
    const link = one.closest("a, area");
    const isSafe = /^(https?|mailto):/.test(link?.protocol ?? link?.getAttribute("href") ?? "");
    if (!isSafe) one.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
    if (one instanceof HTMLFormElement) {
      try { HTMLFormElement.prototype.requestSubmit.call(one); } catch {}
    }
  }
}"""


@pytest.fixture
def attacked(demo: Page, evil: str) -> Iterator[Page]:
    """The demo. At the end nothing has run, gone elsewhere or been fetched, and the page works."""
    opened: list[Any] = []
    demo.context.on("page", lambda popup: opened.append(popup))
    address = demo.url
    yield demo
    for frame in demo.frames:
        assert frame.evaluate("window.owned") is None
        assert frame.url.startswith(address.partition("?")[0])
    assert demo.url == address
    assert opened == []
    assert Host.asked == []
    cell = add_code(demo, "print(6 * 7)")
    run(cell)
    expect(cell.get_by_test_id("stream")).to_have_text("42")


def show(page: Page, mime: str, pieces: list[str]) -> None:
    """Show the pieces as outputs of one cell, provoke them, and take them away."""
    cell_id = new_cell(page)
    page.evaluate(COUNT)
    for n, piece in enumerate(pieces):
        shown = {mime: {"type": "inline", "data": piece}}
        place = {"id": f"{cell_id}-{n}", "cellId": cell_id, "position": n}
        commit(page, ("v1.MultimediaDisplayOutputAdded", {**place, "representations": shown}))
    outputs = page.get_by_test_id(f"cell-{cell_id}").get_by_test_id("outputs")
    expect(outputs.locator(":scope > *")).to_have_count(len(pieces))
    framed = outputs.locator("iframe").count()
    page.wait_for_function("(count) => globalThis.shown >= count", arg=framed)
    provoke(page, f"[data-cell-id={cell_id}] [data-testid=outputs]")
    commit(page, ("v1.CellDeleted", {"id": cell_id}))
    expect(page.locator("iframe")).to_have_count(0)


def provoke(page: Page, within: str) -> None:
    page.evaluate(PROVOKE, within)
    for frame in page.frames[1:]:
        frame.evaluate(PROVOKE, "#place")
        assert frame.evaluate("window.owned") is None
    assert page.evaluate("window.owned") is None


@pytest.mark.parametrize("mime", ["text/html", "image/svg+xml", "text/markdown", "text/latex"])
def test_no_markup_acts(attacked: Page, evil: str, mime: str) -> None:
    pieces = [one.replace(EVIL, evil) for one in (MARKUP | MARKDOWN).values()]
    if mime == "image/svg+xml":
        pieces = [one for one in pieces if "<svg xmlns" in one]
    chosen = pieces[::EVERY]
    for start in range(0, len(chosen), TOGETHER):
        show(attacked, mime, chosen[start : start + TOGETHER])


@pytest.mark.parametrize("name", ["a script", "a detail that opens", "link 0"])
def test_on_a_page_without_protection_it_acts(page: Page, name: str) -> None:
    """What the other tests provoke does happen where nothing prevents it."""
    page.set_content(f"<div id=place>{MARKUP[name]}</div>")
    page.evaluate(PROVOKE, "#place")
    page.wait_for_function("() => window.owned === 1")


@pytest.mark.parametrize("cell_type", ["markdown", "ai", "raw"])
def test_no_source_acts(attacked: Page, evil: str, cell_type: str) -> None:
    pieces = [*MARKDOWN.values(), *list(MARKUP.values())[::EVERY]]
    ids = [new_cell(attacked, cell_type, one.replace(EVIL, evil)) for one in pieces[::EVERY]]
    for cell_id in ids:
        expect(attacked.get_by_test_id(f"cell-{cell_id}")).to_be_attached()
        provoke(attacked, f"[data-cell-id={cell_id}] .rendered")
    commit(attacked, *[("v1.CellDeleted", {"id": cell_id}) for cell_id in ids])
