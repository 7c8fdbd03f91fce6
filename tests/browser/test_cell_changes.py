"""What a cell's code changes beyond its own outputs: displays in other cells, sources, types."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.support.browser.demo import add_cell, add_code, run


def source_of(cell: Locator) -> Locator:
    return cell.get_by_test_id("source").locator(".cm-content")


def test_a_display_that_is_shown_again_changes_in_all_cells(demo: Page) -> None:
    first = add_code(demo, "handle = display('one', display_id='x')")
    run(first)
    expect(first.get_by_test_id("result")).to_have_text("'one'")
    second = add_code(demo, "display('two', display_id='x'); display('other', display_id='y');")
    run(second)
    expect(second.get_by_test_id("result")).to_have_text(["'two'", "'other'"])
    expect(first.get_by_test_id("result")).to_have_text("'two'")
    run(add_code(demo, "handle.update('three')"))
    expect(first.get_by_test_id("result")).to_have_text("'three'")
    expect(second.get_by_test_id("result")).to_have_text(["'three'", "'other'"])
    clear = "from IPython.display import clear_output, update_display\nclear_output()\n"
    run(add_code(demo, clear + "update_display('four', display_id='x')"))
    expect(first.get_by_test_id("result")).to_have_text("'four'")
    expect(second.get_by_test_id("result").first).to_have_text("'four'")


def test_load_and_set_next_input_change_the_notebook(demo: Page) -> None:
    run(add_code(demo, "%%writefile two.py\nprint(2)"))
    cell = add_code(demo, "%load two.py")
    run(cell)
    expect(source_of(cell)).to_have_text("# %load two.pyprint(2)")
    cells = demo.locator("[data-cell-id]")
    before = cells.count()
    recalling = add_code(demo, "get_ipython().set_next_input('typed = 1')")
    run(recalling)
    expect(cells).to_have_count(before + 2)
    expect(source_of(cells.last)).to_have_text("typed = 1")


def test_a_python_cell_with_a_magic_runs_as_what_it_says_and_back_again(demo: Page) -> None:
    cell = add_code(demo, "%%ai test --temperature 0.5 -> answer\nSay hello to a boat.")
    run(cell)
    expect(cell).to_have_attribute("data-cell-type", "ai")
    expect(source_of(cell)).to_have_text("Say hello to a boat.")
    expect(cell.get_by_test_id("own-settings")).to_have_text("temperature 0.5, answer in answer")
    told = add_code(demo, "type(answer).__name__, len(answer) > 0")
    run(told)
    expect(told.get_by_test_id("result")).to_have_text("('str', True)")
    cell.get_by_test_id("cell-menu").click()
    demo.get_by_role("menuitem", name="Back to a Python cell").click()
    expect(cell).to_have_attribute("data-cell-type", "code")
    expect(source_of(cell)).to_contain_text("%%ai test --temperature 0.5 -> answer")
    query = add_code(demo, "%%sql -> rows\nselect 6 * 7 as n")
    run(query)
    expect(query).to_have_attribute("data-cell-type", "sql")
    expect(query.get_by_role("gridcell", name="42")).to_be_visible()


def test_a_magic_that_cannot_be_followed_says_what_to_do(demo: Page) -> None:
    cell = add_cell(demo, "code", "%%ai --frob\nHi")
    run(cell, "error")
    expect(cell.get_by_test_id("error")).to_contain_text("there is no option '--frob'")
    expect(cell.get_by_test_id("error")).to_contain_text("--temperature")
    expect(cell).to_have_attribute("data-cell-type", "code")
