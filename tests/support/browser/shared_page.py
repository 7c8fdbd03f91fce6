"""A booted page for all tests: each gets a fresh notebook, but the same Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.support.browser.demo import expect_status

_ADDRESS = "?memory=empty"
# Empties the notebook by events, as another tab would, and resets Python if a cell has run.
_EMPTY = """async () => {
  const { store } = runt;
  const named = (name, from = 0) => store.events().slice(from)
    .filter((event) => event.name === name).map((event) => event.args);
  const ids = (name) => named(name).map(({ id }) => id);
  const commit = (...events) => store.commit(...events.map(([name, args]) => ({ name, args })));

  const gone = ids("v1.CellDeleted");
  const left = ids("v2.CellCreated").filter((id) => !gone.includes(id));
  const unset = (name, value) => [...new Set(named(name).map(({ key }) => key))]
    .map((key) => [name, { key, value }]);
  commit(
    ...left.map((id) => ["v1.CellDeleted", { id }]),
    ...unset("v1.NotebookMetadataSet", ""),
    ...unset("v1.NotebookJsonSet", null),
    ["v1.NotebookTitleChanged", { title: "" }],
  );
  if (named("v1.ExecutionStarted", globalThis.begun).length > 0) {
    const id = `reset-${store.events().length}`;
    const ended = new Promise((resolve) => store.subscribe((events) => {
      const isEnd = ({ name, args }) => name === "v1.ExecutionCompleted" && args.queueId === id;
      if (events.some(isEnd)) resolve();
    }));
    commit(
      ["v2.CellCreated", { id, cellType: "code", fractionalIndex: "a1", createdBy: "test" }],
      ["v1.CellSourceChanged", { id, source: "%reset -f", modifiedBy: "test" }],
      ["v1.ExecutionRequested",
        { queueId: id, cellId: id, executionCount: 1, requestedBy: "test" }],
    );
    await ended;
    commit(["v1.CellDeleted", { id }]);
  }
  globalThis.begun = store.events().length;
}"""
_STORED = "() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])"
# A tool that is allowed from now on is asked for no more as long as the notebook lives.
_ALLOWS_ALWAYS = """() => runt.store.events().some(({ name, args }) =>
  name === "v1.ToolPolicySet" ||
  (name === "v1.ToolApprovalResponded" && args.status === "approved_always"))"""


class SharedPage:
    """The demo with Python. A new page is opened after a test that failed, left the page, or
    changed something that cannot be undone.

    ``prepare`` does once what all tests need.
    """

    def __init__(
        self,
        new_context: Callable[[], BrowserContext],
        site: str,
        prepare: Callable[[Page], Any] = lambda page: None,
    ) -> None:
        self._new_context = new_context
        self._address = f"{site}/{_ADDRESS}"
        self._prepare = prepare
        self._page: Page | None = None
        self._stored = ""

    def fresh(self) -> Page:
        """Return the page, with an empty notebook and an idle Python."""
        if self._page is None or not self._is_as_it_was(self._page):
            self.close()
            self._page = self._open()
        _empty(self._page)
        return self._page

    def close(self) -> None:
        """Close the page; the next test gets a new one."""
        if self._page is not None:
            self._page.context.close()
        self._page = None

    def _open(self) -> Page:
        page = self._new_context().new_page()
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(self._address)
        expect_status(page)
        self._prepare(page)
        self._stored = page.evaluate(_STORED)
        return page

    def _is_as_it_was(self, page: Page) -> bool:
        if page.is_closed() or page.url != self._address:
            return False
        if page.get_by_test_id("banner").count() > 0 or page.evaluate(_ALLOWS_ALWAYS):
            return False
        return bool(page.evaluate(_STORED) == self._stored)


def _empty(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    stop = page.get_by_test_id("stop-all")
    if stop.is_enabled():
        stop.click()
    expect_status(page)
    page.evaluate(_EMPTY)
    expect(page.locator("[data-cell-id]")).to_have_count(0)
    expect_status(page)
