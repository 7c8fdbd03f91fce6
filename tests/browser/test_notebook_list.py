"""The list of the notebooks that the browser keeps, by mouse and by keys, in one tab and in two."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.support.browser.axe import serious_faults
from tests.support.browser.demo import add_code, save_download
from tests.support.browser.fixtures import NewContext, keep_python_away

Open = Callable[..., Page]
BIDI = "invoice\u202egnp.exe"
UNTIMED = '{"title": "Not opened at any time", "openedAt": ""}'


@pytest.fixture
def open_tab(without_python: None, context: BrowserContext, site: str) -> Open:
    """Opens a tab of a kept notebook."""

    def open_it(notebook: str) -> Page:
        page = context.new_page()
        page.goto(f"{site}/?notebook={notebook}")
        expect(page.get_by_test_id("title")).to_be_visible()
        return page

    return open_it


def make(open_tab: Open, notebook: str, title: str, source: str = "") -> Page:
    """Open a notebook and give it this title and one Python cell."""
    page = open_tab(notebook)
    retitle(page, title)
    if source:
        add_code(page, source)
        page.get_by_test_id("title").click()  # what was typed is committed
    return page


def retitle(page: Page, title: str) -> None:
    page.get_by_test_id("title").fill(title)
    page.get_by_test_id("title").press("Enter")


def open_list(page: Page) -> Locator:
    page.get_by_test_id("notebook-menu").click()
    page.get_by_test_id("notebooks").click()
    dialog = page.get_by_test_id("notebooks-dialog")
    expect(dialog).to_be_visible()
    return dialog


def row(dialog: Locator, notebook: str) -> Locator:
    return dialog.locator(f'[data-testid=notebook][data-id="{notebook}"]')


def act(dialog: Locator, notebook: str, command: str) -> None:
    row(dialog, notebook).get_by_test_id("notebook-actions").click()
    row(dialog, notebook).get_by_test_id(f"{command}-notebook").click()


def titles(dialog: Locator) -> list[str]:
    return dialog.locator("a.name").all_inner_texts()


def databases(page: Page) -> list[str]:
    """The ids of the notebooks that have a log."""
    found: list[str] = page.evaluate(
        "async () => (await indexedDB.databases()).map(({ name }) => name.split('/').at(-1))"
    )
    return found


def test_notebooks_are_found_renamed_copied_and_exported(open_tab: Open, tmp_path: Path) -> None:
    make(open_tab, "old", "Éclairs", "print('a cell of the old one')").close()
    page = make(open_tab, "here", "Shown here")
    dialog = open_list(page)
    assert titles(dialog) == ["Shown here", "Éclairs"]
    expect(row(dialog, "old")).to_contain_text(re.compile(r"Changed .* · \d+ kB"))
    expect(row(dialog, "here")).to_contain_text("shown here")

    dialog.get_by_test_id("find-notebook").fill("eclair")
    expect(dialog.get_by_test_id("notebook")).to_have_count(1)
    act(dialog, "old", "rename")
    dialog.get_by_test_id("new-title").fill("  Tarts ")
    dialog.get_by_test_id("new-title").press("Enter")
    expect(dialog.get_by_text("No notebook has such a title.")).to_be_visible()
    dialog.get_by_test_id("find-notebook").fill("")
    assert titles(dialog) == ["Shown here", "Tarts"]

    act(dialog, "old", "duplicate")
    expect(dialog.get_by_role("link", name="Tarts (copy)")).to_be_focused()
    row(dialog, "old").get_by_test_id("notebook-actions").click()
    saved = save_download(page, row(dialog, "old").get_by_test_id("export-notebook"), tmp_path)
    assert saved.name == "Tarts.ipynb"
    [cell] = json.loads(saved.read_text("utf-8"))["cells"]
    assert "".join(cell["source"]) == "print('a cell of the old one')"

    # The one that is shown is renamed where it is shown.
    act(dialog, "here", "rename")
    dialog.get_by_test_id("new-title").fill("")
    dialog.get_by_test_id("new-title").press("Enter")
    expect(row(dialog, "here")).to_contain_text("Untitled")
    expect(page.get_by_test_id("title")).to_have_value("")

    dialog.get_by_role("link", name="Tarts (copy)").click()
    expect(page).to_have_url(re.compile(r"notebook=(?!old|here)"))
    expect(page.get_by_test_id("title")).to_have_value("Tarts (copy)")
    expect(page.locator("[data-cell-id]")).to_have_count(1)
    expect(page.locator("[data-cell-id]")).to_contain_text("a cell of the old one")


def test_a_delete_can_be_undone_until_it_is_done_also_after_a_reload(open_tab: Open) -> None:
    make(open_tab, "one", "One", "1").close()
    make(open_tab, "two", "Two", "2").close()
    page = make(open_tab, "here", "Here")
    dialog = open_list(page)
    row(dialog, "here").get_by_test_id("notebook-actions").click()
    expect(row(dialog, "here").get_by_test_id("delete-notebook")).to_be_disabled()
    page.keyboard.press("Escape")
    act(dialog, "two", "delete")
    expect(row(dialog, "two")).to_have_count(0)
    expect(row(dialog, "one").get_by_role("link")).to_be_focused()
    page.keyboard.press("Delete")
    expect(row(dialog, "here").get_by_role("link")).to_be_focused()
    bar = dialog.get_by_test_id("deleted-notebook")
    expect(bar).to_contain_text("“One” was deleted, and 1 more before it.")
    assert {"one", "two"} <= set(databases(page))

    page.reload()
    expect(page.get_by_test_id("deleted-notebook")).to_contain_text("“One”")
    page.get_by_test_id("undo-delete-notebook").click()
    expect(page.get_by_test_id("deleted-notebook")).to_contain_text("“Two”")
    assert titles(open_list(page)) == ["Here", "One"]

    # The time goes by while no page is there.
    page.evaluate("() => localStorage.setItem('runt-pyodide.deleted/two', '2026-01-01T00:00:00Z')")
    page.reload()
    expect(page.get_by_test_id("title")).to_be_visible()
    expect(page.get_by_test_id("deleted-notebook")).to_have_count(0)
    page.wait_for_function(
        "async () => !(await indexedDB.databases()).some(({ name }) => name.endsWith('/two'))"
    )
    assert "one" in databases(page)
    page.goto(page.url.replace("here", "two"))
    expect(page.locator("[data-cell-id]")).to_have_count(0)
    expect(page.get_by_test_id("title")).to_have_value("")


def test_two_tabs_change_and_delete_the_same_notebooks(open_tab: Open) -> None:
    one = make(open_tab, "a", "A", "1")
    two = make(open_tab, "b", "B", "2")
    first, second = open_list(one), open_list(two)
    act(first, "b", "rename")
    first.get_by_test_id("new-title").fill("B, renamed in another tab")
    first.get_by_test_id("new-title").press("Enter")
    expect(two.get_by_test_id("title")).to_have_value("B, renamed in another tab")
    expect(row(second, "b")).to_contain_text("B, renamed in another tab")
    # Both delete what the other one shows; the tab that shows it can take that back.
    act(first, "b", "delete")
    expect(second.get_by_test_id("deleted-notebook")).to_contain_text("This notebook was deleted.")
    two.get_by_test_id("undo-delete-notebook").click()
    expect(row(first, "b")).to_have_count(1)
    act(first, "b", "delete")
    first.get_by_role("button", name="Delete for good").click()
    expect(two.get_by_test_id("not-kept")).to_contain_text("deleted in another tab")
    expect(second.get_by_test_id("deleted-notebook")).to_have_count(0)
    second.get_by_role("button", name="Close").click()
    expect(row(first, "b")).to_have_count(0)
    assert "b" not in databases(one)
    # It is still there, and can be put back, into the list, too.
    retitle(two, "Put back")
    two.get_by_test_id("keep-again").click()
    expect(two.get_by_test_id("not-kept")).to_have_count(0)
    expect(row(first, "b")).to_contain_text("Put back")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_any_title_is_shown_as_it_is_and_all_is_reached_by_keys(
    new_context: NewContext, site: str, scheme: str
) -> None:
    size = {"width": 320, "height": 600}
    context = new_context(color_scheme=scheme, viewport=size)  # type: ignore[arg-type]
    page = keep_python_away(context).new_page()
    for id_, title in {
        "bidi": BIDI,
        "long": "long " * 2000,
        "same": "Same",
        "same2": "Same",
    }.items():
        page.goto(f"{site}/?notebook={id_}")
        expect(page.get_by_test_id("title")).to_be_visible()
        args = {"title": title}
        page.evaluate(
            "(args) => runt.store.commit({ name: 'v1.NotebookTitleChanged', args })", args
        )
        shown = title[:500].replace("\u202e", "⟦U+202E⟧")
        expect(page.get_by_test_id("title")).to_have_value(shown)
    page.evaluate(f"() => localStorage.setItem('runt-pyodide.notebook/odd', '{UNTIMED}')")
    dialog = open_list(page)
    expect(row(dialog, "bidi")).to_contain_text("invoice⟦U+202E⟧gnp.exe")
    expect(row(dialog, "odd")).to_contain_text("Not opened at any time")
    expect(dialog.get_by_role("link", name="Same")).to_have_count(2)
    assert page.evaluate("document.scrollingElement.scrollWidth") == 320
    expect(dialog.get_by_test_id("notebook-actions").last).to_be_in_viewport(ratio=1)
    assert serious_faults(page) == []
    # Without a mouse: find it, rename it, copy it, delete it, undo that.
    expect(dialog.get_by_test_id("find-notebook")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(row(dialog, "same").get_by_role("link")).to_be_focused()
    page.keyboard.press("F2")
    page.keyboard.type("Not the same")
    page.keyboard.press("Escape")
    expect(row(dialog, "same")).to_contain_text("Same")
    page.keyboard.press("F2")
    page.keyboard.type("Not the same")
    page.keyboard.press("Enter")
    expect(row(dialog, "same").get_by_role("link", name="Not the same")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert serious_faults(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("link", name="Not the same (copy)")).to_be_focused()
    page.keyboard.press("Delete")
    expect(dialog.get_by_test_id("deleted-notebook")).to_be_visible()
    assert serious_faults(page) == []
    dialog.get_by_test_id("undo-delete-notebook").focus()
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("link", name="Not the same (copy)")).to_be_visible()
