"""Help for writing Python: completion and documentation, from the runtime."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.support.browser.demo import add_cell, add_code, expect_status, run


def source_of(cell: Locator) -> Locator:
    return cell.get_by_test_id("source").locator(".cm-content")


def ask_for_completions(page: Page) -> Locator:
    """Press Tab at the end of what was written; return the list."""
    page.keyboard.press("Tab")
    shown = page.get_by_role("listbox")
    expect(shown).to_be_visible()
    return shown


def close_completions(page: Page) -> None:
    """Wait for the list that comes by itself while one writes, and close it: Tab would choose."""
    shown = page.get_by_role("listbox")
    expect(shown).to_be_visible()
    page.keyboard.press("Escape")
    expect(shown).to_have_count(0)


def test_tab_completes_what_the_runtime_knows_and_indents_elsewhere(
    demo: Page,
) -> None:
    page = demo
    run(add_code(page, "class Boat: mast = 2"))
    expect_status(page)
    second = add_code(page, "Boat.ma")
    close_completions(page)
    listed = ask_for_completions(page)
    expect(listed.get_by_role("option").filter(has_text="mast")).to_be_visible()
    # A list that has just opened takes no choice for 75 ms, so that none is made by accident.
    page.wait_for_function("(shown) => Date.now() - shown > 75", arg=page.evaluate("Date.now()"))
    page.keyboard.press("Tab")
    expect(source_of(second)).to_have_text("Boat.mast")
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    expect(source_of(second)).to_have_text("    Boat.mast")


def test_a_list_goes_with_the_focus_also_one_that_comes_later(demo: Page) -> None:
    page = demo
    add_cell(page, "sql", "sel")
    add_code(page, "prin")
    expect(ask_for_completions(page)).to_contain_text("print")
    page.get_by_test_id("title").click()
    expect(page.get_by_role("listbox")).to_have_count(0)


def test_escape_closes_the_list_first_and_then_leaves_the_source(
    demo: Page,
) -> None:
    page = demo
    cell = add_code(page, "prin")
    ask_for_completions(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(source_of(cell)).to_be_focused()
    page.keyboard.press("Escape")
    expect(cell).to_be_focused()


def test_a_list_that_reaches_beyond_its_cell_is_shown_whole(demo: Page) -> None:
    page = demo
    first = add_code(page, "i")
    add_code(page, "i")
    first.get_by_role("textbox").click()
    shown = ask_for_completions(page)
    expect(shown.get_by_role("option").nth(4)).to_be_visible()
    box, cell = shown.bounding_box(), first.bounding_box()
    assert box and cell and box["y"] + box["height"] > cell["y"] + cell["height"] + 40
    at_its_end = "(e) => e.contains(document.elementFromPoint(%f, %f))"
    point = (box["x"] + 10, box["y"] + box["height"] - 5)
    assert shown.evaluate(at_its_end % point)


def test_shift_tab_shows_what_is_known_of_a_name(demo: Page) -> None:
    page = demo
    cell = add_code(page, "len(")
    page.keyboard.press("Shift+Tab")
    shown = page.get_by_test_id("documentation")
    expect(shown).to_contain_text("Return the number of items")
    page.keyboard.press("Escape")
    expect(shown).to_have_count(0)
    expect(source_of(cell)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(shown).to_be_visible()
    page.keyboard.type("x")
    expect(shown).to_have_count(0)


def test_before_python_is_there_the_source_itself_completes(
    without_python: None, page: Page, site: str
) -> None:
    page.goto(f"{site}/?memory=empty")
    page.locator("main").wait_for()
    add_code(page, "longitude = 1\nlongi")
    close_completions(page)
    expect(ask_for_completions(page).get_by_role("option")).to_have_text(["longitude"])
