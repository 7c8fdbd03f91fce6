"""What a running cell asks in the demo: the field, its answer, and how a question ends."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.browser.axe import serious_faults
from tests.support.browser.demo import add_cell, expect_state, expect_status, start
from tests.support.server.llm_server import LLMServer
from tests.support.server.scenario import Answer, ToolCall

SECRET = "hunter2-never-shown"


def ask(page: Page, source: str) -> Locator:
    """Run a cell that asks, with the focus in it, and wait for the question."""
    cell = add_cell(page, "code", source)
    page.keyboard.press("Control+Enter")
    expect(cell.get_by_test_id("question")).to_be_visible()
    return cell


def everything(page: Page) -> str:
    """Return all that the notebook keeps and exports."""
    kept: str = page.evaluate(
        "() => JSON.stringify([runt.store.events(), {...localStorage}, {...sessionStorage}])"
    )
    return kept


def test_an_answer_is_typed_and_echoed(demo: Page) -> None:
    cell = ask(demo, "name = input('Your name? ')\nprint('Hello', name)")
    field = cell.get_by_role("textbox", name="Your name?")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("type", "text")
    expect(demo.get_by_test_id("asked")).to_have_text("1 question")
    assert serious_faults(demo) == []
    demo.keyboard.type("Ada")
    demo.keyboard.press("Enter")
    expect_state(cell)
    expect(cell.get_by_test_id("stream")).to_have_text("Your name? Ada\nHello Ada\n")
    expect(cell.get_by_test_id("question")).to_have_count(0)
    expect(demo.get_by_test_id("asked")).to_have_count(0)
    expect(cell).to_be_focused()


def test_a_password_is_nowhere(demo: Page) -> None:
    source = "import getpass\nkey = getpass.getpass('Key: ')\nprint(len(key))"
    cell = ask(demo, source)
    field = cell.get_by_label("Key:")
    expect(field).to_have_attribute("type", "password")
    field.fill(SECRET)
    cell.get_by_test_id("question-send").click()
    expect_state(cell)
    expect(cell.get_by_test_id("stream")).to_have_text(f"Key: ········\n{len(SECRET)}\n")
    assert SECRET not in everything(demo)
    assert SECRET not in demo.content()


def test_several_questions_and_the_end_of_the_input(demo: Page) -> None:
    cell = ask(demo, "import sys\nlines = [line.strip() for line in sys.stdin]\nprint(lines)")
    for line in ("first", "second"):
        field = cell.get_by_role("textbox", name="Input")
        expect(field).to_have_value("")
        expect(field).to_be_focused()
        demo.keyboard.type(line)
        demo.keyboard.press("Enter")
        expect(cell.get_by_test_id("stream")).to_contain_text(line)
    expect(cell.get_by_role("textbox", name="Input")).to_be_focused()
    demo.keyboard.press("Control+d")
    expect_state(cell)
    expect(cell.get_by_test_id("stream")).to_contain_text("['first', 'second']")


def test_the_button_ends_the_input_as_an_eof_error(demo: Page) -> None:
    cell = ask(demo, "try:\n    input('More? ')\nexcept EOFError:\n    print('no more')")
    cell.get_by_test_id("question-end").click()
    expect_state(cell)
    expect(cell.get_by_test_id("stream")).to_have_text("More? \nno more\n")


def test_stop_interrupts_and_variables_stay(demo: Page) -> None:
    cell = ask(
        demo,
        "kept = 41\ntry:\n    input('Name? ')\nexcept KeyboardInterrupt:\n    kept += 1\n    raise",
    )
    waiting = add_cell(demo, "code", "print('next')")
    start(waiting)
    expect_state(waiting, "queued")
    cell.get_by_test_id("stop").click()
    expect_state(cell, "cancelled")
    expect(cell.get_by_test_id("question")).to_have_count(0)
    after = add_cell(demo, "code", "print(kept)")
    start(after)
    expect(after.get_by_test_id("stream")).to_have_text("42\n")


def test_what_waits_behind_a_question_runs_after_the_answer(demo: Page) -> None:
    cell = ask(demo, "x = input('x? ')")
    waiting = add_cell(demo, "code", "print(x * 2)")
    start(waiting)
    expect_state(waiting, "queued")
    cell.get_by_role("textbox", name="x?").fill("ab")
    demo.keyboard.press("Enter")
    expect_state(waiting)
    expect(waiting.get_by_test_id("stream")).to_have_text("abab\n")


def test_the_focus_stays_with_whoever_is_elsewhere(demo: Page) -> None:
    first = ask(demo, "try:\n    input('First? ')\nexcept EOFError:\n    pass")
    cell = add_cell(demo, "code", "input('Now? ')")
    start(cell)
    expect_state(cell, "queued")
    text = add_cell(demo, "markdown", "Words").get_by_test_id("source").get_by_role("textbox")
    first.get_by_test_id("question-end").evaluate("(button) => button.click()")
    expect(cell.get_by_test_id("question")).to_be_visible()
    expect(text).to_be_focused()
    demo.get_by_test_id("asked").click()
    expect(cell.get_by_test_id("question-answer")).to_be_focused()
    demo.keyboard.press("Escape")
    expect(cell).to_be_focused()
    expect(cell.get_by_test_id("question")).to_be_visible()


def test_a_question_is_gone_after_a_restart_and_a_reload(demo: Page) -> None:
    cell = ask(demo, "input('Name? ')")
    demo.get_by_test_id("restart-python").click()
    demo.get_by_test_id("confirm-restart").click()
    expect(cell.get_by_test_id("question")).to_have_count(0)
    expect_status(demo)
    expect_state(cell, "error")


def test_a_tool_of_an_ai_cell_asks_at_its_cell(notebook: Page, llm_server: LLMServer) -> None:
    define = (
        "from runt_pyodide import tool\n@tool(policy='auto')\ndef ask_them(what: str) -> str:\n"
        "    'Ask the person.'\n    return input(what)"
    )
    cell = add_cell(notebook, "code", define)
    start(cell)
    expect_state(cell)
    llm_server.enqueue(Answer("", tool_calls=(ToolCall("ask_them", '{"what": "Colour? "}'),)))
    llm_server.enqueue(Answer("It is blue."))
    asking = add_cell(notebook, "ai", "Ask for a colour")
    notebook.keyboard.press("Control+Enter")
    asking.get_by_role("textbox", name="Colour?").fill("blue")
    notebook.keyboard.press("Enter")
    expect_state(asking)
    expect(asking.get_by_test_id("answer").last).to_have_text("It is blue.")
    told = json.dumps(llm_server.requests[-1].json)
    assert "blue" in told


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_question_can_be_read_in_both_schemes(demo: Page, scheme: str) -> None:
    demo.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    cell = ask(demo, "input('\\x1b[1mA prompt\\x1b[0m that is long ' + 'and longer ' * 12 + '? ')")
    assert serious_faults(demo) == []
    cell.get_by_test_id("stop").click()
    expect_state(cell, "cancelled")
    demo.emulate_media(color_scheme="light")
