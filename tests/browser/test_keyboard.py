"""Using the notebook with the keyboard only, as in Jupyter, and with its menus and grips."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.browser.demo import add_code, cell_ids, commit, events_of, expect_state

OUTPUT = {
    "id": "o",
    "cellId": "a",
    "position": 0,
    "streamName": "stdout",
    "content": {"type": "inline", "data": "text"},
}


@pytest.fixture
def notebook(without_python: None, page: Page, site: str) -> Page:
    return open_cells(page, site)


def open_cells(page: Page, site: str) -> Page:
    """Three cells, a to c: Python, Markdown, AI; a has an output."""
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{site}/?memory=empty")
    page.locator("main").wait_for()
    cells = [("a", "code", "x = 1"), ("b", "markdown", "# Title"), ("c", "ai", "Why?")]
    for id, cell_type, source in cells:
        created = {"id": id, "cellType": cell_type, "fractionalIndex": id, "createdBy": "test"}
        changed = {"id": id, "source": source, "modifiedBy": "test"}
        commit(page, ("v2.CellCreated", created), ("v1.CellSourceChanged", changed))
    commit(page, ("v1.TerminalOutputAdded", OUTPUT))
    expect(page.locator("[data-cell-id]")).to_have_count(3)
    return page


def cell(page: Page, id: str) -> Locator:
    return page.get_by_test_id(f"cell-{id}")


def test_arrows_and_letters_go_from_cell_to_cell(notebook: Page) -> None:
    cell(notebook, "a").focus()
    for key, id in [("j", "b"), ("ArrowDown", "c"), ("j", "c"), ("k", "b"), ("ArrowUp", "a")]:
        notebook.keyboard.press(key)
        expect(cell(notebook, id)).to_be_focused()
    expect(notebook.locator("[data-selected=true]")).to_have_count(1)


def test_enter_goes_into_the_source_and_escape_comes_back(notebook: Page) -> None:
    cell(notebook, "a").focus()
    notebook.keyboard.press("Enter")
    expect(cell(notebook, "a").get_by_role("textbox")).to_be_focused()
    notebook.keyboard.press("End")
    notebook.keyboard.type("0")
    notebook.keyboard.press("Escape")
    expect(cell(notebook, "a")).to_be_focused()
    assert events_of(notebook, "v1.CellSourceChanged")[-1]["source"] == "x = 10"
    # A text shows its source while it is edited, and reads again once it is run.
    notebook.keyboard.press("j")
    notebook.keyboard.press("Enter")
    expect(cell(notebook, "b").get_by_role("textbox")).to_be_focused()
    notebook.keyboard.press("Control+Enter")
    expect(cell(notebook, "b").get_by_role("heading", name="Title")).to_be_visible()
    expect(cell(notebook, "b")).to_be_focused()


def type_line(notebook: Page, id: str, text: str) -> None:
    """Write one more line at the end of a cell's source."""
    cell(notebook, id).focus()
    notebook.keyboard.press("Enter")
    notebook.keyboard.press("Control+End")
    notebook.keyboard.press("Enter")
    notebook.keyboard.type(text)


def test_arrows_leave_a_source_at_its_ends(notebook: Page) -> None:
    type_line(notebook, "b", "text")
    notebook.keyboard.press("ArrowUp")
    expect(cell(notebook, "b").get_by_role("textbox")).to_be_focused()
    notebook.keyboard.press("ArrowUp")
    expect(cell(notebook, "a").get_by_role("textbox")).to_be_focused()
    notebook.keyboard.press("ArrowDown")
    expect(cell(notebook, "b").get_by_role("textbox")).to_be_focused()


def test_runs_by_keys_go_on_stay_or_add_a_cell(page: Page, site: str) -> None:
    notebook = open_cells(page, site)
    cell(notebook, "a").focus()
    notebook.keyboard.press("Shift+Enter")
    expect(cell(notebook, "b")).to_be_focused()
    notebook.keyboard.press("Shift+Enter")
    notebook.keyboard.press("Control+Enter")
    expect(cell(notebook, "c")).to_be_focused()
    asked = [event["cellId"] for event in events_of(notebook, "v1.ExecutionRequested")]
    assert asked == ["a", "c"]
    expect(cell(notebook, "a").get_by_test_id("count")).to_have_text(re.compile(r"^\[\d+\]$"))
    notebook.keyboard.press("k")
    notebook.keyboard.press("k")
    notebook.keyboard.press("Alt+Enter")
    expect(notebook.locator("[data-cell-id]")).to_have_count(4)
    new = notebook.locator("[data-cell-id]").nth(1)
    expect(new.get_by_role("textbox")).to_be_focused()
    notebook.keyboard.type("y = 2")
    notebook.keyboard.press("Escape")
    assert cell_ids(notebook)[0::2] == ["a", "b"]


def test_cells_are_added_deleted_brought_back_copied_and_moved(notebook: Page) -> None:
    cell(notebook, "b").focus()
    notebook.keyboard.press("a")
    expect(notebook.locator("[data-cell-id]")).to_have_count(4)
    first, above, *rest = cell_ids(notebook)
    assert (first, rest) == ("a", ["b", "c"])
    expect(cell(notebook, above)).to_be_focused()
    expect(cell(notebook, above)).to_have_attribute("data-cell-type", "markdown")
    notebook.keyboard.press("d")
    notebook.keyboard.press("d")
    expect(cell(notebook, "b")).to_be_focused()
    notebook.keyboard.press("d")
    notebook.keyboard.press("d")
    expect(notebook.locator("[data-cell-id]")).to_have_count(2)
    notebook.keyboard.press("z")
    expect(cell(notebook, "b")).to_be_focused()
    notebook.keyboard.press("Control+Shift+ArrowDown")
    expect(notebook.locator("[data-cell-id]").last).to_have_attribute("data-cell-id", "b")
    expect(cell(notebook, "b")).to_be_focused()
    notebook.keyboard.press("c")
    notebook.keyboard.press("v")
    expect(notebook.locator("[data-cell-type=markdown]")).to_have_count(2)
    expect(notebook.get_by_role("heading", name="Title")).to_have_count(2)
    # One d alone does nothing, nor do two with another key between them.
    for key in ("d", "k", "d"):
        notebook.keyboard.press(key)
    expect(notebook.locator("[data-cell-id]")).to_have_count(4)


def test_types_change_and_parts_are_hidden(notebook: Page) -> None:
    it = cell(notebook, "a")
    it.focus()
    for key, name in [("m", "markdown"), ("p", "ai"), ("q", "sql"), ("y", "code")]:
        notebook.keyboard.press(key)
        expect(it).to_have_attribute("data-cell-type", name)
        expect(it).to_be_focused()
    notebook.keyboard.press("Shift+S")
    expect(it.get_by_test_id("source")).to_have_count(0)
    notebook.keyboard.press("o")
    expect(it.get_by_test_id("stream")).to_have_count(0)
    notebook.keyboard.press("e")
    expect(it.get_by_test_id("excluded")).to_be_visible()
    it.get_by_test_id("show-source").click()
    it.get_by_test_id("show-outputs").click()
    expect(it.get_by_test_id("source")).to_be_visible()
    expect(it.get_by_test_id("stream")).to_have_text("text")
    hidden = events_of(notebook, "v1.CellAiContextVisibilityToggled")
    assert hidden == [{"id": "a", "aiContextVisible": False}]


def test_a_cell_is_parted_at_the_cursor(notebook: Page) -> None:
    type_line(notebook, "a", "y = 2")
    notebook.keyboard.press("Home")
    notebook.keyboard.press("Control+Shift+-")
    expect(notebook.locator("[data-cell-type=code]")).to_have_count(2)
    sources = notebook.locator("[data-cell-type=code]").get_by_test_id("source")
    expect(sources.nth(0)).to_have_text("x = 1")
    expect(sources.nth(1)).to_have_text("y = 2")
    expect(sources.nth(1).get_by_role("textbox")).to_be_focused()


def test_keys_typed_into_fields_and_dialogs_are_for_those(notebook: Page) -> None:
    cell(notebook, "b").focus()
    notebook.keyboard.press("?")
    sheet = notebook.get_by_test_id("help-dialog")
    expect(sheet).to_contain_text("Undo the last change of cells")
    notebook.keyboard.press("d")
    notebook.keyboard.press("d")
    notebook.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    notebook.get_by_test_id("title").click()
    notebook.keyboard.type("ddmab")
    expect(notebook.locator("[data-cell-id]")).to_have_count(3)


def test_the_menu_of_a_cell_is_for_the_keyboard_too(notebook: Page) -> None:
    it = cell(notebook, "b")
    it.get_by_test_id("cell-menu").focus()
    notebook.keyboard.press("Enter")
    expect(it.get_by_test_id("add-above")).to_be_focused()
    notebook.keyboard.press("ArrowDown")
    notebook.keyboard.press("ArrowDown")
    expect(it.get_by_test_id("move-up")).to_be_focused()
    notebook.keyboard.press("Enter")
    expect(notebook.locator("[data-cell-id]").first).to_have_attribute("data-cell-id", "b")
    cell(notebook, "a").get_by_test_id("cell-menu").click()
    cell(notebook, "a").get_by_test_id("clear").click()
    expect(notebook.get_by_test_id("stream")).to_have_count(0)
    cell(notebook, "a").get_by_test_id("cell-menu").click()
    cell(notebook, "a").get_by_test_id("run-below").click()
    [asked] = events_of(notebook, "v1.MultipleExecutionRequested")
    assert [info["id"] for info in asked["cellsInfo"]] == ["a", "c"]


def selected(page: Page) -> list[str]:
    ids: list[str] = page.locator("[data-selected=true]").evaluate_all(
        "(all) => all.map((cell) => cell.dataset.cellId)"
    )
    return ids


def test_several_cells_are_selected_moved_merged_and_pasted_and_all_is_undone(
    notebook: Page,
) -> None:
    cell(notebook, "a").focus()
    notebook.keyboard.press("Shift+ArrowDown")
    expect(cell(notebook, "b")).to_be_focused()
    assert selected(notebook) == ["a", "b"]
    notebook.keyboard.press("Control+Shift+ArrowDown")
    expect(notebook.locator("[data-cell-id]").first).to_have_attribute("data-cell-id", "c")
    assert (cell_ids(notebook), selected(notebook)) == (["c", "a", "b"], ["a", "b"])
    # The browser's own clipboard, which other pages read too.
    notebook.keyboard.press("Control+c")
    expect(notebook.get_by_test_id("notice-toast")).to_have_text("2 cells copied.")
    notebook.keyboard.press("Control+v")
    expect(notebook.locator("[data-cell-id]")).to_have_count(5)
    expect(notebook.get_by_test_id("stream")).to_have_count(2)
    notebook.keyboard.press("Shift+M")
    expect(notebook.locator("[data-cell-id]")).to_have_count(4)
    expect(notebook.locator("[data-cell-id]").last).to_contain_text("# Title")
    # By mouse: a click with Shift, and the grip of a selected cell.
    cell(notebook, "c").click(position={"x": 300, "y": 10})
    cell(notebook, "a").click(modifiers=["Shift"], position={"x": 300, "y": 10})
    assert selected(notebook) == ["c", "a"]
    cell(notebook, "a").hover()
    cell(notebook, "a").get_by_test_id("grip").drag_to(
        cell(notebook, "b"), target_position={"x": 200, "y": 40}
    )
    expect(notebook.locator("[data-cell-id]").first).to_have_attribute("data-cell-id", "b")
    assert cell_ids(notebook)[:3] == ["b", "c", "a"]
    for _ in range(4):
        notebook.keyboard.press("z")
    expect(notebook.locator("[data-cell-id]")).to_have_count(3)
    assert cell_ids(notebook) == ["a", "b", "c"]
    notebook.keyboard.press("Control+s")
    expect(notebook.get_by_test_id("notice-toast")).to_contain_text("not stored")


def test_cells_are_dragged_by_their_grip(notebook: Page) -> None:
    cell(notebook, "c").hover()
    cell(notebook, "c").get_by_test_id("grip").drag_to(
        cell(notebook, "a"), target_position={"x": 200, "y": 4}
    )
    expect(notebook.locator("[data-cell-id]").first).to_have_attribute("data-cell-id", "c")
    assert cell_ids(notebook) == ["c", "a", "b"]
    cell(notebook, "c").get_by_test_id("grip").drag_to(
        cell(notebook, "b"), target_position={"x": 200, "y": 40}
    )
    expect(notebook.locator("[data-cell-id]").last).to_have_attribute("data-cell-id", "c")
    expect(cell(notebook, "c")).to_be_focused()


def test_a_restart_forgets_variables_and_keeps_the_notebook(demo: Page) -> None:
    page = demo
    it = add_code(page, "n = globals().get('n', 0) + 1; n")
    for shown in ("1", "2"):
        page.keyboard.press("Control+Enter")
        expect(it.get_by_test_id("result")).to_have_text(shown)
        expect_state(it)
        page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    for answer in ("Escape", "Enter"):
        page.keyboard.press("0")
        page.keyboard.press("0")
        expect(page.get_by_test_id("restart-dialog")).to_contain_text("variables")
        page.keyboard.press(answer)
        expect(page.get_by_test_id("restart-dialog")).to_have_count(0)
        page.keyboard.press("Control+Enter")
        expect_state(it)
        kept = answer == "Escape"
        expect(it.get_by_test_id("result")).to_have_text("3" if kept else "1")
    expect(it.get_by_test_id("count")).to_have_text("[1]")
