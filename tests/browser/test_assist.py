"""Help while Python is written: completion and documentation, from the runtime."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.test_page import BOOT, open_page

__all__ = ["open_page"]


def add_code(page: Page, source: str) -> Locator:
    """Add a Python cell at the end, write its source, and leave the cursor there."""
    page.get_by_test_id("add-code").last.click()
    page.keyboard.type(source)
    id = page.locator("[data-cell-type=code]").last.get_attribute("data-testid")
    return page.get_by_test_id(id or "")


def source_of(cell: Locator) -> Locator:
    return cell.get_by_test_id("source").locator(".cm-content")


def test_tab_completes_what_the_runtime_knows_and_indents_elsewhere(
    open_page: Callable[..., Page],
) -> None:
    page = open_page()
    first = add_code(page, "class Boat: mast = 2")
    page.keyboard.press("Control+Enter")
    expect(first).to_have_attribute("data-execution-state", "completed", timeout=BOOT)
    second = add_code(page, "Boat.ma")
    page.keyboard.press("Tab")
    listed = page.get_by_role("listbox").get_by_role("option")
    expect(listed.filter(has_text="mast")).to_be_visible(timeout=BOOT)
    # A list that has just opened takes no choice for 75 ms, so that none is made by accident.
    page.wait_for_timeout(150)
    page.keyboard.press("Tab")
    expect(source_of(second)).to_have_text("Boat.mast")
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    expect(source_of(second)).to_have_text("    Boat.mast")


def test_escape_closes_the_list_first_and_then_leaves_the_source(
    open_page: Callable[..., Page],
) -> None:
    page = open_page()
    cell = add_code(page, "prin")
    page.keyboard.press("Tab")
    expect(page.get_by_role("listbox")).to_be_visible(timeout=BOOT)
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(source_of(cell)).to_be_focused()
    page.keyboard.press("Escape")
    expect(cell).to_be_focused()


def test_a_list_that_reaches_beyond_its_cell_is_shown_whole(open_page: Callable[..., Page]) -> None:
    page = open_page()
    add_code(page, "i")
    page.get_by_test_id("add-code").first.click()
    first = page.locator("[data-cell-type=code]").first
    page.keyboard.type("i")
    page.keyboard.press("Tab")
    shown = page.get_by_role("listbox")
    expect(shown.get_by_role("option").nth(4)).to_be_visible(timeout=BOOT)
    box, cell = shown.bounding_box(), first.bounding_box()
    assert box and cell and box["y"] + box["height"] > cell["y"] + cell["height"] + 40
    at_its_end = "(e) => e.contains(document.elementFromPoint(%f, %f))"
    point = (box["x"] + 10, box["y"] + box["height"] - 5)
    assert shown.evaluate(at_its_end % point)


def test_shift_tab_shows_what_is_known_of_a_name(open_page: Callable[..., Page]) -> None:
    page = open_page()
    cell = add_code(page, "len(")
    page.keyboard.press("Shift+Tab")
    shown = page.get_by_test_id("documentation")
    expect(shown).to_contain_text("Return the number of items", timeout=BOOT)
    page.keyboard.press("Escape")
    expect(shown).to_have_count(0)
    expect(source_of(cell)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(shown).to_be_visible(timeout=BOOT)
    page.keyboard.type("x")
    expect(shown).to_have_count(0)


def test_before_python_is_there_the_source_itself_completes(page: Page, site: str) -> None:
    page.goto(f"{site}/?memory=empty")
    page.get_by_test_id("add-code").last.click()
    page.keyboard.type("longitude = 1\nlongi")
    page.keyboard.press("Tab")
    expect(page.get_by_role("listbox").get_by_role("option")).to_have_text(["longitude"])
