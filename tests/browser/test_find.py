"""Find and replace in all cells, the list of commands and the settings of the view, by keys."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.support.browser.demo import cell_ids, commit

RUNAWAY = "(a+)+$"


def test_all_cells_are_searched_and_replaced_and_commands_are_found(
    without_python: None, page: Page, site: str
) -> None:
    page.goto(f"{site}/?memory=empty")
    page.locator("main").wait_for()
    sources = {"a": "total = 1\ntotal", "b": "The total", "c": "a" * 40 + "!", "d": "x"}
    for id, source in sources.items():
        kind = "markdown" if id == "b" else "code"
        created = {"id": id, "cellType": kind, "fractionalIndex": id, "createdBy": "test"}
        changed = {"id": id, "source": source, "modifiedBy": "test"}
        commit(page, ("v2.CellCreated", created), ("v1.CellSourceChanged", changed))
    expect(page.get_by_test_id("cell-d")).to_be_visible()
    page.get_by_test_id("cell-a").focus()
    page.keyboard.press("Control+Shift+f")
    expect(page.get_by_test_id("find-field")).to_be_focused()
    page.keyboard.type("total")
    position = page.get_by_test_id("find-position")
    expect(position).to_have_text("3 found")
    for shown in ("1 of 3", "2 of 3", "3 of 3"):
        page.keyboard.press("Enter")
        expect(position).to_have_text(shown)
    # The text in which it was found shows its source, and the focus is still in the field.
    expect(page.get_by_test_id("cell-b").locator(".found.is-shown")).to_have_text("total")
    expect(page.locator(".found")).to_have_count(3)
    page.get_by_test_id("replacement").focus()
    page.keyboard.type("sum")
    page.get_by_test_id("replace-all").press("Enter")
    expect(page.get_by_test_id("cell-a").get_by_test_id("source")).to_contain_text("sum = 1")
    expect(position).to_have_text("Not found")
    # A regular expression that would never end is ended, and the page goes on.
    page.get_by_test_id("find-isPattern").press("Space")
    page.get_by_test_id("find-field").fill(RUNAWAY)
    expect(page.get_by_test_id("find-problem")).to_contain_text("takes too long")
    page.get_by_test_id("find-field").fill(r"(\w+) = (\d)")
    expect(position).to_have_text("1 found")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("find-bar")).to_have_count(0)
    expect(page.locator(".found")).to_have_count(0)
    page.keyboard.press("z")
    expect(page.get_by_test_id("cell-a").get_by_test_id("source")).to_contain_text("total = 1")
    # Commands are found by their words, and act on the selected cell.
    page.get_by_test_id("cell-c").focus()
    for words in ("line numbers", "insert below"):
        page.keyboard.press("Control+Shift+p")
        expect(page.get_by_test_id("find-command")).to_be_focused()
        page.keyboard.type(words)
        page.keyboard.press("Enter")
        expect(page.get_by_test_id("palette-dialog")).to_have_count(0)
    expect(page.locator("[data-cell-id]")).to_have_count(5)
    assert cell_ids(page)[:3] + cell_ids(page)[4:] == ["a", "b", "c", "d"]
    expect(page.locator("[data-cell-id]").nth(3)).to_be_focused()
    expect(page.get_by_test_id("cell-a").locator(".cm-lineNumbers")).to_be_visible()
