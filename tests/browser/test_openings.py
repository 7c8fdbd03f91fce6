"""Notebooks that cannot be opened, or not whole: the page says so, and the raw log can be saved."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from scripts.paths import ROOT

DATA = ROOT / "tests" / "data"

WITH_DATABASE = """async ([id, version, work, arg]) => {
  const request = indexedDB.open(`runt-pyodide/notebook/${id}`, version ?? undefined);
  request.onupgradeneeded = () => {
    const tables = [...request.result.objectStoreNames];
    if (tables.includes("batches")) return;
    const rows = request.result.createObjectStore("batches", { autoIncrement: true });
    rows.createIndex("id", "id", { unique: true });
    request.result.createObjectStore("about");
  };
  const db = await new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const tx = db.transaction(["batches", "about"], "readwrite");
  new Function("batches", "about", "arg", work)(
    tx.objectStore("batches"), tx.objectStore("about"), arg);
  await new Promise((resolve, reject) => {
    tx.oncomplete = resolve;
    tx.onerror = tx.onabort = () => reject(tx.error);
  });
  db.close();
}"""
PUT = "about.put('stamp', 'begun'); for (const row of arg) batches.add(row);"


def row(number: int, *events: Any) -> dict[str, str]:
    return {"id": f"tab.{number}", "events": json.dumps(events)}


def event(name: str, **args: Any) -> dict[str, Any]:
    return {"name": name, "args": args}


def cell(id: str, index: str, source: str) -> list[dict[str, Any]]:
    created = {"id": id, "cellType": "markdown", "fractionalIndex": index, "createdBy": "me"}
    return [
        event("v2.CellCreated", **created),
        event("v1.CellSourceChanged", id=id, source=source, modifiedBy="me"),
    ]


ROWS = [
    row(1, event("v1.NotebookTitleChanged", title="Kept")),
    row(2, *cell("a", "f", "The first")),
    row(3, *cell("b", "i", "The second")),
    row(4, *cell("c", "m", "The third")),
]


NOTED = json.dumps({"stamp": "stamp", "last": 9})
"""That a page has seen more of the notebook than there is."""


class Storage:
    """What the browser holds of the notebook ``nb``, for a page that is opened later."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.context = context
        self.site = site
        self._page = context.new_page()
        self._page.goto(f"{site}/icon.svg")

    def write(self, work: str, arg: Any = None, version: int | None = 1) -> None:
        self._page.evaluate(WITH_DATABASE, ["nb", version, work, arg])

    def note(self, key: str, value: str) -> None:
        self._page.evaluate("([key, value]) => localStorage.setItem(key, value)", [key, value])

    def open(self, script: str = "") -> Page:
        page = self.context.new_page()
        if script:
            page.add_init_script(script)
        page.goto(f"{self.site}/?notebook=nb")
        return page


@pytest.fixture
def storage(without_python: None, context: BrowserContext, site: str) -> Storage:
    return Storage(context, site)


def saved(page: Page, place: Locator) -> list[dict[str, Any]]:
    """Save the raw log, and read it."""
    with page.expect_download() as download:
        place.get_by_test_id("export-raw").click()
    assert download.value.suggested_filename == "notebook-nb.raw-log.jsonl"
    return [json.loads(line) for line in Path(download.value.path()).read_text().splitlines()]


def rows_in(log: list[dict[str, Any]]) -> list[Any]:
    return [line["value"] for line in log if line.get("table") == "batches"]


DAMAGES: dict[str, tuple[Callable[[Storage], None], str, int]] = {
    "a row is missing": (lambda s: s.write("batches.delete(3)"), "1 part of it is missing", 2),
    "rows are missing": (
        lambda s: s.write("batches.delete(IDBKeyRange.bound(2, 3))"),
        "2 parts of it are missing",
        1,
    ),
    "a row is torn": (
        lambda s: s.write("batches.put({ id: 'tab.3', events: '[{\"name\":' }, 3)"),
        "1 part of it cannot be read",
        2,
    ),
    "a row is something else": (
        lambda s: s.write("batches.put({ id: 'tab.3', events: 7 }, 3)"),
        "1 part of it cannot be read",
        2,
    ),
    "an event is refused": (
        lambda s: s.write(PUT, [row(5, event("v1.CellDeleted", id=1))]),
        "1 part of it cannot be read",
        3,
    ),
    "the end is missing": (
        lambda s: s.write("localStorage['runt-pyodide.written/nb'] = arg", NOTED),
        "its last changes are missing",
        3,
    ),
    "all rows are missing": (
        lambda s: s.write("batches.clear(); localStorage['runt-pyodide.written/nb'] = arg", NOTED),
        "its last changes are missing",
        0,
    ),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_notebook_that_is_not_whole_says_so_and_shows_the_rest(
    storage: Storage, name: str
) -> None:
    damage, said, cells = DAMAGES[name]
    storage.write(PUT, ROWS)
    damage(storage)
    page = storage.open()
    banner = page.get_by_test_id("not-whole")
    expect(banner).to_contain_text(said)
    expect(page.locator("[data-cell-id]")).to_have_count(cells)
    expect(page.get_by_text("This notebook is empty")).to_have_count(0)
    assert rows_in(saved(page, banner))[: min(cells, 1)] == ROWS[: min(cells, 1)]


def test_what_is_missing_is_put_aside_until_there_is_more(storage: Storage) -> None:
    storage.write(PUT, ROWS)
    storage.write("batches.delete(3)")
    page = storage.open()
    banner = page.get_by_test_id("not-whole")
    banner.get_by_role("button", name="Dismiss").click()
    expect(banner).to_have_count(0)
    expect(page.locator("footer")).to_contain_text("and not whole")
    page.reload()
    page.get_by_test_id("show-damage").click()
    expect(banner).to_contain_text("1 part of it is missing")
    banner.get_by_role("button", name="Dismiss").click()
    page.close()
    storage.write("batches.delete(2)")
    expect(storage.open().get_by_test_id("not-whole")).to_contain_text("2 parts of it are missing")


def test_a_notebook_of_which_nothing_is_left_is_not_said_to_be_empty(storage: Storage) -> None:
    storage.note("runt-pyodide.written/nb", NOTED)
    page = storage.open()
    expect(page.get_by_test_id("not-whole")).to_contain_text("has lost what this notebook held")
    expect(page.get_by_text("This notebook is empty")).to_have_count(0)


def test_what_a_newer_version_wrote_is_told_and_stays(storage: Storage) -> None:
    news = [row(5, event("v9.CellPainted", id="a")), row(6, event("v9.More"))]
    storage.write(PUT, [*ROWS, *news])
    page = storage.open()
    banner = page.get_by_test_id("newer-events")
    expect(banner).to_contain_text("(v9.CellPainted, and 1 more)")
    expect(page.locator("[data-cell-id]")).to_have_count(3)
    assert rows_in(saved(page, banner))[:6] == [*ROWS, *news]


def test_a_newer_database_is_told_and_exported(storage: Storage) -> None:
    storage.write(PUT, ROWS, version=7)
    page = storage.open()
    banner = page.get_by_test_id("not-kept")
    expect(banner).to_contain_text("A newer version of this page has stored this notebook")
    expect(page.get_by_text("could not be opened, so its cells are not shown")).to_be_visible()
    expect(page.get_by_text("This notebook is empty")).to_have_count(0)
    log = saved(page, banner)
    assert rows_in(log) == ROWS
    expect(banner.get_by_role("button")).to_have_text(["Reload the page", "Export the raw log"])
    assert {"database": "runt-pyodide/notebook/nb", "version": 7} in log


NEVER = """
const open = IDBFactory.prototype.open;
let count = 0;
IDBFactory.prototype.open = function (...args) {
  const request = open.apply(this, args);
  // The page's own attempt gets no answer; the export's does.
  if ((count += 1) === 1) request.addEventListener("success", (e) => e.stopImmediatePropagation());
  return request;
};
"""


def test_an_opening_that_takes_long_offers_to_wait_and_the_raw_log(storage: Storage) -> None:
    storage.write(PUT, ROWS)
    page = storage.open(NEVER)
    slow = page.get_by_test_id("slow-opening")
    expect(slow).to_contain_text("longer than it should")
    assert rows_in(saved(page, slow)) == ROWS
    slow.get_by_test_id("wait").click()
    expect(slow).to_have_count(0)
    expect(page.get_by_test_id("opening")).to_be_visible()


def test_a_notebook_of_every_version_of_the_database_opens(storage: Storage) -> None:
    for file in sorted((DATA / "kept-notebook").glob("indexeddb-*.json")):
        kept = json.loads(file.read_text("utf-8"))
        storage.write(
            "localStorage.clear(); batches.clear(); about.clear();"
            "for (const [key, value] of arg.about) about.put(value, key);"
            "for (const [key, value] of arg.batches) batches.put(value, key);",
            {"about": kept["about"], "batches": kept["batches"]},
            version=kept["version"],
        )
        page = storage.open()
        page.wait_for_function("() => window.runt")
        events = page.evaluate("() => runt.store.events()")
        written = [one for _, value in kept["batches"] for one in json.loads(value["events"])]
        assert events[: len(written)] == written
        assert page.get_by_test_id("not-whole").count() == 0
        assert page.get_by_test_id("newer-events").count() == 0
        page.close()
