"""A person types in a cell that a model edits: nothing is lost, and the person sees it."""

from __future__ import annotations

import json
from itertools import count

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.browser.demo import (
    add_code,
    add_prompt,
    commit,
    events_of,
    expect_state,
    id_of,
    start,
)
from tests.support.browser.fixtures import OpenPage
from tests.support.server.llm_server import LLMServer
from tests.support.server.scenario import Answer, ToolCall

SOURCE = "import math\n\ndef area(r):\n    return 3 * r * r\n\nprint(area(1))"
BETTER = SOURCE.replace("3 *", "math.pi *")
_numbers = count(1)

# What is typed is committed after a pause: whether there is one is in the hand of the test.
_HOLD = """() => {
  const later = setTimeout;
  const held = [];
  window.setTimeout = (act, ms, ...rest) => ms === 300 ? held.push(act) : later(act, ms, ...rest);
  window.pauseTyping = () => {
    window.setTimeout = later;
    for (const act of held) act();
  };
}"""


def text_of(cell: Locator) -> str:
    """Return the text in the cell's editor."""
    view = "(content) => content.cmTile.root.view.state.doc.toString()"
    text: str = cell.locator(".cm-content").evaluate(view)
    return text


def sources_of(page: Page, cell: Locator) -> list[tuple[str, str]]:
    """Return who wrote the cell's source, and what, in order."""
    own = id_of(cell)
    changes = events_of(page, "v1.CellSourceChanged")
    return [(one["modifiedBy"], one["source"]) for one in changes if one["id"] == own]


def cursor_at_end_of(page: Page, cell: Locator, line: int) -> None:
    cell.locator(".cm-line").nth(line - 1).click()
    page.keyboard.press("End")


def edit(page: Page, cell: Locator, source: str) -> Locator:
    """Have the Test provider write this source into the cell, unasked, while the focus stays where
    it is. Return the AI cell."""
    config = {
        "defaultProvider": "test",
        "tools": {"modify_cell": "auto"},
        "providers": {
            "test": {
                "responses": [
                    {
                        "pattern": "",
                        "turns": [
                            {
                                "text": "I will change it.",
                                "toolCalls": [
                                    {
                                        "name": "modify_cell",
                                        "arguments": {"cellId": id_of(cell), "source": source},
                                    }
                                ],
                            },
                            {"text": "Done."},
                        ],
                    }
                ]
            }
        },
    }
    page.evaluate("(config) => runt.runtime.configure(config)", config)
    prompt = {"id": "ai", "cellType": "ai", "fractionalIndex": "z", "createdBy": "other"}
    asked = {"queueId": "q", "cellId": "ai", "executionCount": 1, "requestedBy": "other"}
    commit(
        page,
        ("v2.CellCreated", prompt),
        ("v1.CellSourceChanged", {"id": "ai", "source": "Improve it.", "modifiedBy": "other"}),
        ("v1.ExecutionRequested", asked),
    )
    return page.get_by_test_id("cell-ai")


@pytest.fixture
def typing(open_page: OpenPage) -> tuple[Page, Locator]:
    page = open_page("?memory=empty")
    made = {"id": "c", "cellType": "code", "fractionalIndex": "a5", "createdBy": "other"}
    written = {"id": "c", "source": SOURCE, "modifiedBy": "other"}
    commit(page, ("v2.CellCreated", made), ("v1.CellSourceChanged", written))
    cell = page.get_by_test_id("cell-c")
    page.evaluate(_HOLD)
    return page, cell


def test_what_is_typed_and_what_the_model_writes_are_merged(typing: tuple[Page, Locator]) -> None:
    page, cell = typing
    cursor_at_end_of(page, cell, 6)
    page.keyboard.type("  # one")
    ai = edit(page, cell, BETTER)
    for letter in ", two, three":  # while the answer streams in
        page.keyboard.type(letter)
    expect(cell.get_by_test_id("merged")).to_contain_text("The model changed this cell while you")
    page.keyboard.type(" four")
    expect_state(ai)
    expect(ai.get_by_test_id("tool-call")).to_have_attribute("data-state", "success")
    mine = BETTER + "  # one, two, three four"
    assert text_of(cell) == mine
    page.evaluate("pauseTyping()")
    assert [source for _, source in sources_of(page, cell)] == [SOURCE, BETTER, mine]
    # Undoing in the editor takes back what the person typed, and not what the model did.
    for _ in range(9):
        page.keyboard.press("ControlOrMeta+z")
    assert text_of(cell) == BETTER
    cell.get_by_test_id("dismiss-merged").click()
    expect(cell.get_by_test_id("merged")).to_have_count(0)


def test_of_a_line_that_both_change_both_versions_stay(typing: tuple[Page, Locator]) -> None:
    page, cell = typing
    cursor_at_end_of(page, cell, 4)
    page.keyboard.type(" / 2")
    ai = edit(page, cell, BETTER)
    expect(cell.get_by_test_id("merged")).to_contain_text("changed the same lines as you")
    expect(cell.get_by_test_id("merged")).to_contain_text("Both versions are here, yours first")
    page.keyboard.type("  # half")
    expect_state(ai)
    lines = text_of(cell).split("\n")
    assert lines[3:5] == ["    return 3 * r * r / 2  # half", "    return math.pi * r * r"]
    page.evaluate("pauseTyping()")
    # The model's edit is undone as a run, and what was typed stays.
    ai.get_by_test_id("undo-run").click()
    page.get_by_test_id("confirm-undo").click()
    expect(page.get_by_test_id("undo-report")).to_contain_text("The changes to 1 cell were undone.")
    expect(page.get_by_test_id("undo-merged")).to_be_visible()
    page.keyboard.press("Escape")
    undone = text_of(cell)
    assert "    return 3 * r * r / 2  # half" in undone.split("\n")
    assert "math.pi" not in undone


def test_a_call_for_a_text_that_was_changed_meanwhile_is_not_made(
    notebook: Page, llm_server: LLMServer
) -> None:
    more = "".join(f"\ny{number} = {number}" for number in range(12))
    cell = add_code(notebook, f"x = 1{more}")
    pieces = {"cellId": id_of(cell), "old": "x = 1", "new": "x = 2"}
    call = ToolCall("edit_cell", json.dumps(pieces), id="c1")
    llm_server.enqueue(Answer("", tool_calls=(call,)))
    told = llm_server.enqueue(Answer("I see."))
    ai = add_prompt(notebook, "Make it two.")
    start(ai)
    expect(ai.get_by_test_id("approve-always")).to_be_visible()
    cursor_at_end_of(notebook, cell, 1)
    notebook.keyboard.type("  # mine")
    expect(ai.get_by_test_id("approval")).to_contain_text("The cell has changed since the model")
    expect(ai.get_by_test_id("approve-always")).to_have_count(0)
    # What the model meant to change is what it had seen, shown with the lines beside it.
    diff = ai.get_by_test_id("diff")
    expect(diff.locator("del")).to_contain_text("x = 1")
    expect(diff.locator("ins")).to_have_text("+ x = 2\n")
    expect(diff).to_contain_text("⋯ 9 lines stay as they are")
    ai.get_by_test_id("approve-once").click()
    expect_state(ai)
    assert told.request.json["messages"][-1]["content"].count("x = 1  # mine") == 1
    assert text_of(cell) == f"x = 1  # mine{more}"
    expect(ai.get_by_test_id("tool-call")).to_have_attribute("data-state", "error")
