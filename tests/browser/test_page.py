"""The demo page, as a person uses it: from a fresh page, by what is seen and clicked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.errors import api_error
from tests.support.llm_server import LLMServer
from tests.support.scenario import Answer, Trouble

KEY = "sk-nobody-else-may-see-this"
BOOT = 60_000  # ms: Python has to be loaded, on a machine that may be busy


@pytest.fixture
def open_page(page: Page, site: str) -> Callable[..., Page]:
    """Opens the demo and waits until Python is there."""

    def open_it(query: str = "?memory=empty") -> Page:
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(f"{site}/{query}")
        expect(page.get_by_test_id("status")).to_have_attribute(
            "data-status", "ready", timeout=BOOT
        )
        return page

    return open_it


@pytest.fixture
def notebook(open_page: Callable[..., Page], llm_server: LLMServer) -> Page:
    """An empty notebook whose provider is the stand-in server, set as a person would."""
    page = open_page()
    choose_server(page, llm_server.base_url, KEY)
    return page


def open_settings(page: Page) -> None:
    page.get_by_test_id("model-picker").click()
    page.get_by_test_id("open-settings").click()


def choose_server(page: Page, base_url: str, key: str, model: str = "m") -> None:
    open_settings(page)
    page.get_by_test_id("add-provider").select_option("openai")
    page.get_by_test_id("base-url").fill(base_url)
    page.get_by_test_id("api-key").fill(key)
    page.get_by_test_id("model").fill(model)
    page.get_by_test_id("apply").click()
    page.get_by_test_id("close").click()
    expect(page.get_by_test_id("settings-dialog")).to_have_count(0)


def add_prompt(page: Page, prompt: str) -> Locator:
    """Add an AI cell at the end and write its prompt; gives the cell."""
    page.get_by_test_id("add-ai").last.click()
    cell = page.locator("[data-cell-type=ai]").last
    cell.get_by_test_id("source").get_by_role("textbox").click()
    page.keyboard.type(prompt)
    return cell


def events_of(page: Page, name: str) -> list[dict[str, Any]]:
    find = "(name) => runt.store.events().filter((e) => e.name === name).map((e) => e.args)"
    return page.evaluate(find, name)


def test_the_first_answer_comes_from_the_test_provider_at_once(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("")
    cell = page.locator("[data-cell-type=ai]").first
    cell.get_by_test_id("run").click()
    expect(cell).to_have_attribute("data-execution-state", "completed", timeout=30_000)
    expect(cell.get_by_test_id("answer").locator("table")).to_be_visible()
    expect(cell.get_by_test_id("origin")).to_contain_text("Test provider")


def test_progress_is_shown_and_the_notebook_can_be_used_while_python_loads(
    page: Page, site: str
) -> None:
    page.goto(f"{site}/")
    status = page.get_by_test_id("status")
    expect(status).to_have_attribute("data-status", "loading")
    cell = page.locator("[data-cell-type=ai]").first
    cell.get_by_test_id("run").click()
    expect(cell).to_have_attribute("data-execution-state", "queued")
    expect(cell).to_have_attribute("data-execution-state", "completed", timeout=BOOT)


def test_the_answer_is_seen_to_grow_while_the_server_still_streams(
    notebook: Page, llm_server: LLMServer
) -> None:
    words = tuple(f"w{number} " for number in range(30))
    exchange = llm_server.enqueue(Answer(words, gate_after=1))
    cell = add_prompt(notebook, "Count")
    cell.get_by_test_id("run").click()
    answer = cell.get_by_test_id("answer")
    seen = []
    for shown in range(1, 26):
        expect(answer).to_have_text("".join(words[:shown]).strip())
        seen.append(answer.inner_text())
        assert exchange.state == "streaming"
        exchange.gate.advance()
    assert len(set(seen)) == 25
    exchange.gate.open()
    expect(cell).to_have_attribute("data-execution-state", "completed")
    expect(answer).to_have_text("".join(words).strip())
    assert exchange.wait_closed() == "completed"
    assert exchange.request.json["messages"][-1]["content"] == "Count"
    assert exchange.request.headers["authorization"] == f"Bearer {KEY}"


def test_markdown_streams_to_the_text_that_was_sent(notebook: Page, llm_server: LLMServer) -> None:
    text = "# Title\n\nSome *words* and `code`, \U0001f642.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    llm_server.enqueue(Answer(text, deltas=40, pace=0.002))
    cell = add_prompt(notebook, "Format")
    notebook.keyboard.press("Control+Enter")
    expect(cell).to_have_attribute("data-execution-state", "completed")
    answer = cell.get_by_test_id("answer")
    expect(answer.get_by_role("heading", name="Title")).to_be_visible()
    expect(answer.get_by_role("cell", name="2")).to_be_visible()
    added = events_of(notebook, "v1.MarkdownOutputAdded")[0]["content"]["data"]
    deltas = [event["delta"].get("text", "") for event in events_of(notebook, "v1.OutputDelta")]
    assert added + "".join(deltas) == text


def test_stop_closes_the_connection_and_the_partial_text_stands(
    notebook: Page, llm_server: LLMServer
) -> None:
    exchange = llm_server.enqueue(Answer(("one ", "two ", "three ", "four"), gate_after=2))
    cell = add_prompt(notebook, "Count")
    cell.get_by_test_id("run").click()
    answer = cell.get_by_test_id("answer")
    expect(answer).to_have_text("one two")
    cell.get_by_test_id("stop").click()
    assert exchange.wait_closed() == "closed_by_client"
    expect(cell).to_have_attribute("data-execution-state", "cancelled")
    expect(cell.get_by_test_id("mark")).to_contain_text("Stopped")
    expect(answer).to_have_text("one two")
    expect(notebook.get_by_test_id("status")).to_have_attribute("data-status", "ready")
    assert len(llm_server.requests) == 1
    llm_server.enqueue(Answer("all of it"))
    cell.get_by_test_id("run").click()
    expect(answer).to_have_text("all of it")
    expect(cell.get_by_test_id("mark")).to_have_count(0)
    assert len(llm_server.requests) == 2


def test_earlier_cells_are_context(notebook: Page, llm_server: LLMServer) -> None:
    llm_server.enqueue(Answer("Blue."))
    first = add_prompt(notebook, "Which colour?")
    first.get_by_test_id("run").click()
    expect(first.get_by_test_id("answer")).to_have_text("Blue.")
    exchange = llm_server.enqueue(Answer("Because."))
    second = add_prompt(notebook, "Why?")
    second.get_by_test_id("run").click()
    expect(second.get_by_test_id("answer")).to_have_text("Because.")
    told = [(message["role"], message["content"]) for message in exchange.request.json["messages"]]
    assert told[1:] == [("user", "Which colour?"), ("assistant", "Blue."), ("user", "Why?")]


def test_a_wrong_key_says_what_to_do_and_shows_no_key(
    notebook: Page, llm_server: LLMServer
) -> None:
    llm_server.api_key = "sk-another"
    cell = add_prompt(notebook, "Hello")
    cell.get_by_test_id("run").click()
    expect(cell).to_have_attribute("data-execution-state", "error")
    expect(cell.get_by_test_id("error")).to_contain_text("Check the API key in the AI settings")
    assert KEY not in notebook.content()


def test_a_failure_in_mid_answer_keeps_what_was_streamed(
    notebook: Page, llm_server: LLMServer
) -> None:
    exchange = llm_server.enqueue(
        Answer(("one ", "two ", "three"), gate_after=2, trouble=Trouble("error", 2))
    )
    cell = add_prompt(notebook, "Count")
    cell.get_by_test_id("run").click()
    expect(cell.get_by_test_id("answer")).to_have_text("one two")
    exchange.gate.open()
    expect(cell).to_have_attribute("data-execution-state", "error")
    expect(cell.get_by_test_id("error")).to_contain_text("in mid-answer")
    expect(cell.get_by_test_id("answer")).to_have_text("one two")


def test_waiting_to_ask_again_is_shown(notebook: Page, llm_server: LLMServer) -> None:
    llm_server.enqueue(api_error(429, retry_after="1"))
    gated = llm_server.enqueue(Answer(("at last", "."), gate_after=1))
    cell = add_prompt(notebook, "Hello")
    cell.get_by_test_id("run").click()
    expect(cell.get_by_test_id("notice")).to_contain_text("Asking again in 1 s (1 of 2)")
    expect(cell.get_by_test_id("answer")).to_have_text("at last")
    gated.gate.open()
    expect(cell).to_have_attribute("data-execution-state", "completed")


def test_the_wait_for_a_retry_counts_down_and_can_be_stopped(
    notebook: Page, llm_server: LLMServer
) -> None:
    llm_server.enqueue(api_error(429, retry_after="50"))
    cell = add_prompt(notebook, "Hello")
    cell.get_by_test_id("run").click()
    countdown = cell.get_by_test_id("countdown")
    expect(countdown).to_contain_text("s left")
    shown = countdown.inner_text()
    expect(countdown).not_to_have_text(shown)
    cell.get_by_test_id("stop").click()
    expect(cell).to_have_attribute("data-execution-state", "cancelled")
    expect(countdown).to_have_count(0)
    assert len(llm_server.exchanges) == 1
    run_again = cell.get_by_test_id("run")
    run_again.click()
    expect(cell).to_have_attribute("data-execution-state", "completed")


def test_openai_without_a_key_gives_a_mock_that_says_so(open_page: Callable[..., Page]) -> None:
    page = open_page()
    choose_server(page, "", "", "")
    cell = add_prompt(page, "Hello")
    cell.get_by_test_id("run").click()
    expect(cell.get_by_test_id("answer")).to_contain_text("This is a mock answer")


def test_a_reload_forgets_the_key_and_the_notebook(notebook: Page) -> None:
    add_prompt(notebook, "Hello")
    stored = "() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])"
    assert KEY not in notebook.evaluate(stored)
    assert notebook.evaluate("() => indexedDB.databases()") == []
    notebook.reload()
    expect(notebook.locator("[data-cell-type=ai]")).to_have_count(0)
    open_settings(notebook)
    expect(notebook.get_by_test_id("provider-openai")).to_contain_text("no key")
    notebook.get_by_test_id("edit-provider").click()
    expect(notebook.get_by_test_id("api-key")).to_have_value("")
    expect(notebook.get_by_test_id("api-key")).to_have_attribute(
        "placeholder", "none, if the server needs none"
    )


def test_what_a_model_writes_stays_text(notebook: Page, llm_server: LLMServer) -> None:
    hostile = (
        "<script>window.owned = 1</script><img src=x onerror='window.owned = 1'>\n\n"
        "[click](javascript:window.owned=1) ![p](http://127.0.0.1:9/pixel.png)\n"
        "<svg onload='window.owned = 1'></svg>"
    )
    fetched: list[str] = []
    notebook.on("request", lambda request: fetched.append(request.url))
    llm_server.enqueue(Answer(hostile))
    cell = add_prompt(notebook, "Attack")
    cell.get_by_test_id("run").click()
    expect(cell).to_have_attribute("data-execution-state", "completed")
    answer = cell.get_by_test_id("answer")
    expect(answer).to_contain_text("<script>")
    expect(answer.locator("script, img, svg, a[href^='javascript']")).to_have_count(0)
    assert notebook.evaluate("() => window.owned") is None
    assert not [url for url in fetched if "pixel" in url or url.endswith("/x")]


def test_python_that_cannot_be_loaded_says_why_and_can_be_tried_again(
    page: Page, site: str
) -> None:
    page.route("**/pyodide/pyodide.mjs", lambda route: route.fulfill(status=404))
    page.goto(f"{site}/")
    banner = page.get_by_test_id("banner")
    expect(banner).to_contain_text("pyodide.mjs", timeout=BOOT)
    page.unroute("**/pyodide/pyodide.mjs")
    page.get_by_test_id("try-again").click()
    expect(page.get_by_test_id("status")).to_have_attribute("data-status", "ready", timeout=BOOT)


def test_closing_the_page_closes_the_connection(notebook: Page, llm_server: LLMServer) -> None:
    exchange = llm_server.enqueue(Answer(("one ", "two"), gate_after=1))
    cell = add_prompt(notebook, "Count")
    cell.get_by_test_id("run").click()
    expect(cell.get_by_test_id("answer")).to_have_text("one")
    notebook.close()
    assert exchange.wait_closed() == "closed_by_client"
