"""Notebooks that are kept in the browser: reloads, two tabs, and which tab runs Python."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Error, Page, expect

from tests.support.browser.demo import (
    add_code,
    add_prompt,
    choose_server,
    expect_state,
    expect_status,
    id_of,
    run,
    start,
)
from tests.support.server.llm_server import LLMServer
from tests.support.server.scenario import Answer

Open = Callable[..., Page]


@pytest.fixture
def open_tab(context: BrowserContext, site: str) -> Open:
    """Opens a tab of a kept notebook, and waits for its Python unless told not to."""

    def open_it(notebook: str = "first", *, status: str | None = "ready") -> Page:
        page = context.new_page()
        page.goto(f"{site}/?notebook={notebook}")
        if status is not None:
            expect_status(page, status)
        return page

    return open_it


# Puts lines into a cell's source, faster than the tabs hear of each other.
_WRITE = """([id, name]) => void (async () => {
  const { openNotebook } = await import("/js/notebook/index.js");
  const nb = openNotebook(runt.store);
  await nb.ready;
  for (let count = 0; count < 40; count++) {
    const lines = nb.cell(id).source.split("\\n");
    lines.splice(Math.floor(Math.random() * (lines.length + 1)), 0, name + count + ".");
    nb.setSource(id, lines.join("\\n"));
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 12));
  }
  document.body.dataset.done = "yes";
})()"""

_HAS_ALL = """async (id) => {
  const { openNotebook } = await import("/js/notebook/index.js");
  const nb = openNotebook(runt.store);
  await nb.ready;
  return new Promise((resolve) => {
    const look = () => {
      const { source } = nb.cell(id);
      if (source.split("\\n").length >= 81) resolve(source);
    };
    nb.subscribe(look);
    look();
  });
}"""


def test_a_notebook_is_there_again_after_a_reload(open_tab: Open) -> None:
    page = open_tab()
    page.get_by_test_id("title").fill("Kept")
    page.get_by_test_id("title").press("Enter")
    run(add_code(page, "print(6 * 7)"))
    page.reload()
    cell = page.locator("[data-cell-type=code]")
    expect(cell.get_by_test_id("stream")).to_have_text("42")
    expect(page.get_by_test_id("title")).to_have_value("Kept")
    expect_status(page, "ready")
    run(cell)
    expect(cell.get_by_test_id("stream")).to_have_text("42")


def test_a_reload_in_the_middle_of_an_answer_and_of_a_cell(
    open_tab: Open, llm_server: LLMServer
) -> None:
    page = open_tab()
    choose_server(page, llm_server.base_url, "k")
    llm_server.enqueue(Answer(("Once ", "upon ", "a time."), gate_after=2))
    answer = add_prompt(page, "Tell me a story.")
    waiting = add_code(page, "print('after')")
    start(answer)
    expect(answer.get_by_test_id("answer")).to_contain_text("Once upon")
    start(waiting)
    expect_state(waiting, "queued")
    page.reload()
    expect(answer.get_by_test_id("answer")).to_contain_text("Once upon")
    expect_state(answer, "error")
    expect(answer.get_by_test_id("error")).to_contain_text("This run was cut off")
    expect_state(waiting)
    expect(waiting.get_by_test_id("stream")).to_have_text("after")
    # The same in the middle of Python.
    endless = add_code(page, "print('on', flush=True)\nwhile True: pass")
    start(endless)
    expect(endless.get_by_test_id("stream")).to_have_text("on")
    page.reload()
    expect_state(endless, "error")
    expect(endless.get_by_test_id("stream")).to_have_text("on")


def test_what_costs_money_waits_for_a_person_after_a_reload(
    open_tab: Open, llm_server: LLMServer
) -> None:
    page = open_tab()
    choose_server(page, llm_server.base_url, "k")
    llm_server.enqueue(Answer(("Once ", "upon ", "a time."), gate_after=2))
    told = add_prompt(page, "Tell me a story.")
    waiting = add_prompt(page, "And another.")
    start(told)
    expect(told.get_by_test_id("answer")).to_contain_text("Once upon")
    start(waiting)
    expect_state(waiting, "queued")
    page.reload()
    # It says so before Python is there, and nothing was sent again.
    expect(waiting.get_by_test_id("left-out")).to_contain_text("closed or reloaded")
    expect_status(page, "ready")
    expect_state(told, "error")
    expect_state(waiting, "cancelled")
    assert len(llm_server.requests) == 1
    # The key went with the page, and is asked for where it is needed.
    told.get_by_test_id("enter-key").click()
    dialog = page.get_by_test_id("settings-dialog")
    dialog.get_by_test_id("api-key").fill("k")
    dialog.get_by_test_id("apply").click()
    dialog.get_by_test_id("close").click()
    expect(told.get_by_test_id("forgotten-key")).to_have_count(0)
    llm_server.enqueue(Answer(("The other one.",)))
    waiting.get_by_role("button", name="Run", exact=True).last.click()
    expect_state(waiting)
    expect(waiting.get_by_test_id("answer")).to_have_text("The other one.")


def test_an_approval_waits_through_a_reload(open_tab: Open) -> None:
    page = open_tab("welcome")
    cell = page.locator("[data-cell-type=ai]").last
    start(cell)
    expect(page.get_by_test_id("approval")).to_be_visible()
    page.reload()
    expect(page.get_by_test_id("approval")).to_be_visible()
    page.get_by_test_id("approve-once").click()
    expect_state(cell)
    expect(page.locator("[data-cell-type=code]").last.get_by_role("img")).to_be_visible()


def test_two_tabs_show_one_notebook_and_the_other_takes_over(open_tab: Open) -> None:
    one = open_tab()
    cell = add_code(one, "x = 1\nprint('from the first')")
    run(cell)
    two = open_tab(status="elsewhere")
    seen = two.locator("[data-cell-type=code]").first
    expect(seen.get_by_test_id("stream")).to_have_text("from the first")
    # What one tab asks for the other's Python does, and both see it.
    later = add_code(two, "print('asked by the second', x)")
    run(later)
    expect(later.get_by_test_id("stream")).to_have_text("asked by the second 1")
    expect(one.get_by_test_id("stream").last).to_have_text("asked by the second 1")
    endless = add_code(two, "print('on', flush=True)\nwhile True: pass")
    start(endless)
    expect(endless.get_by_test_id("stream")).to_have_text("on")
    endless.get_by_test_id("stop").click()
    expect_state(endless, "cancelled")
    # The tab that has the Python is killed.
    with contextlib.suppress(Error):
        one.goto("chrome://crash")
    expect_status(two, "ready")
    run(later, until="error")  # its variables went with it
    run(seen)
    run(later)
    expect(later.get_by_test_id("stream")).to_have_text("asked by the second 1")


def test_a_browser_that_keeps_nothing_is_told_of(
    without_python: None, context: BrowserContext, site: str
) -> None:
    page = context.new_page()
    page.add_init_script(
        "window.open_ = IDBFactory.prototype.open;"
        "IDBFactory.prototype.open = () => { throw new DOMException('not here', 'SecurityError') }"
    )
    page.goto(f"{site}/")
    banner = page.get_by_test_id("not-kept")
    expect(banner).to_contain_text("could not be opened (not here)")
    expect(page.get_by_test_id("saving")).to_have_text("Not saved")
    expect(page.locator("[data-cell-id]").first).to_be_visible()
    expect(page.get_by_text("stored in this browser")).to_have_count(0)
    with page.expect_download() as download:
        banner.get_by_test_id("export-unkept").click()
    assert download.value.suggested_filename.endswith(".ipynb")
    banner.get_by_test_id("keep-again").click()
    expect(banner).to_contain_text("Tried again")
    page.get_by_test_id("title").fill("Kept after all")
    page.get_by_test_id("title").press("Enter")
    page.evaluate("() => void (IDBFactory.prototype.open = window.open_)")
    banner.get_by_test_id("keep-again").click()
    expect(banner).to_have_count(0)
    expect(page.get_by_test_id("saving")).to_have_text("")
    page.close()
    page = context.new_page()
    page.goto(f"{site}/")
    expect(page.get_by_test_id("title")).to_have_value("Kept after all")


POISON = """
const set = Map.prototype.set;
Map.prototype.set = function (key, value) {
  if (key === "poison") throw new Error("a bug");
  return set.call(this, key, value);
};
"""


def test_what_the_page_cannot_read_is_told_of(
    without_python: None, context: BrowserContext, site: str
) -> None:
    page = context.new_page()
    page.add_init_script(POISON)
    page.goto(f"{site}/?memory=empty")
    expect(page.get_by_text("This notebook is empty")).to_be_visible()
    args = {"id": "poison", "cellType": "code", "fractionalIndex": "m", "createdBy": "me"}
    page.evaluate("(args) => runt.store.commit({ name: 'v2.CellCreated', args })", args)
    expect(page.get_by_test_id("not-read")).to_contain_text("v2.CellCreated: a bug")
    expect(page.get_by_text("This notebook is empty")).to_have_count(0)


def test_no_line_is_lost_between_two_tabs_that_write_one_cell(
    without_python: None, open_tab: Open
) -> None:
    one = open_tab(status=None)
    cell_id = id_of(add_code(one, "start"))
    two = open_tab(status=None)
    two.get_by_test_id(f"cell-{cell_id}").wait_for()
    tabs = ((one, "a"), (two, "b"))
    for page, name in tabs:
        page.evaluate(_WRITE, [cell_id, name])
    for page, _ in tabs:
        page.locator("body[data-done]").wait_for()
    sources = [page.evaluate(_HAS_ALL, cell_id) for page, _ in tabs]
    one.reload()
    one.get_by_test_id(f"cell-{cell_id}").wait_for()
    sources.append(one.evaluate(_HAS_ALL, cell_id))
    written = [f"{name}{count}." for _, name in tabs for count in range(40)]
    assert sorted(sources[0].split("\n")) == sorted([*written, "start"])
    assert sources == [sources[0]] * 3
