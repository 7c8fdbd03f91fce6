"""The answer of an AI cell in the demo, as it grows, is stopped, fails and is retried."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.support.browser.demo import (
    KEY,
    add_prompt,
    choose_server,
    events_of,
    expect_state,
    expect_status,
    run,
    start,
)
from tests.support.server.errors import api_error
from tests.support.server.llm_server import LLMServer
from tests.support.server.scenario import Answer, Trouble


def test_the_answer_is_seen_to_grow_while_the_server_still_streams(
    notebook: Page, llm_server: LLMServer
) -> None:
    words = tuple(f"w{number} " for number in range(30))
    exchange = llm_server.enqueue(Answer(words, gate_after=1))
    cell = add_prompt(notebook, "Count")
    start(cell)
    answer = cell.get_by_test_id("answer")
    seen = []
    for shown in range(1, 26):
        expect(answer).to_have_text("".join(words[:shown]).strip())
        seen.append(answer.inner_text())
        assert exchange.state == "streaming"
        exchange.gate.advance()
    assert len(set(seen)) == 25
    exchange.gate.open()
    expect_state(cell)
    expect(answer).to_have_text("".join(words).strip())
    assert exchange.wait_closed() == "completed"
    assert exchange.request.json["messages"][-1]["content"] == "Count"
    assert exchange.request.headers["authorization"] == f"Bearer {KEY}"


def test_markdown_streams_to_the_text_that_was_sent(notebook: Page, llm_server: LLMServer) -> None:
    text = "# Title\n\nSome *words* and `code`, \U0001f642.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    llm_server.enqueue(Answer(text, deltas=40, pace=0.002))
    cell = add_prompt(notebook, "Format")
    notebook.keyboard.press("Control+Enter")
    expect_state(cell)
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
    start(cell)
    answer = cell.get_by_test_id("answer")
    expect(answer).to_have_text("one two")
    cell.get_by_test_id("stop").click()
    assert exchange.wait_closed() == "closed_by_client"
    expect_state(cell, "cancelled")
    expect(cell.get_by_test_id("mark")).to_contain_text("Stopped")
    expect(answer).to_have_text("one two")
    expect_status(notebook)
    assert len(llm_server.requests) == 1
    llm_server.enqueue(Answer("all of it"))
    start(cell)
    expect(answer).to_have_text("all of it")
    expect(cell.get_by_test_id("mark")).to_have_count(0)
    assert len(llm_server.requests) == 2


def test_earlier_cells_are_context(notebook: Page, llm_server: LLMServer) -> None:
    llm_server.enqueue(Answer("Blue."))
    first = add_prompt(notebook, "Which colour?")
    start(first)
    expect(first.get_by_test_id("answer")).to_have_text("Blue.")
    exchange = llm_server.enqueue(Answer("Because."))
    second = add_prompt(notebook, "Why?")
    start(second)
    expect(second.get_by_test_id("answer")).to_have_text("Because.")
    told = [(message["role"], message["content"]) for message in exchange.request.json["messages"]]
    assert told[1:] == [("user", "Which colour?"), ("assistant", "Blue."), ("user", "Why?")]


def test_a_wrong_key_says_what_to_do_and_shows_no_key(
    notebook: Page, llm_server: LLMServer
) -> None:
    llm_server.api_key = "sk-another"
    cell = add_prompt(notebook, "Hello")
    start(cell)
    expect_state(cell, "error")
    expect(cell.get_by_test_id("error")).to_contain_text("Check the API key in the AI settings")
    assert KEY not in notebook.content()


def test_a_failure_in_mid_answer_keeps_what_was_streamed(
    notebook: Page, llm_server: LLMServer
) -> None:
    exchange = llm_server.enqueue(
        Answer(("one ", "two ", "three"), gate_after=2, trouble=Trouble("error", 2))
    )
    cell = add_prompt(notebook, "Count")
    start(cell)
    expect(cell.get_by_test_id("answer")).to_have_text("one two")
    exchange.gate.open()
    expect_state(cell, "error")
    expect(cell.get_by_test_id("error")).to_contain_text("in mid-answer")
    expect(cell.get_by_test_id("answer")).to_have_text("one two")


def test_waiting_to_ask_again_is_shown(notebook: Page, llm_server: LLMServer) -> None:
    llm_server.enqueue(api_error(429, retry_after="1"))
    gated = llm_server.enqueue(Answer(("at last", "."), gate_after=1))
    cell = add_prompt(notebook, "Hello")
    start(cell)
    expect(cell.get_by_test_id("notice")).to_contain_text("Retrying in 1 s (1 of 2)")
    expect(cell.get_by_test_id("answer")).to_have_text("at last")
    gated.gate.open()
    expect_state(cell)


def test_the_wait_for_a_retry_counts_down_and_can_be_stopped(
    notebook: Page, llm_server: LLMServer
) -> None:
    llm_server.enqueue(api_error(429, retry_after="50"))
    cell = add_prompt(notebook, "Hello")
    start(cell)
    countdown = cell.get_by_test_id("countdown")
    expect(countdown).to_contain_text("s left")
    shown = countdown.inner_text()
    expect(countdown).not_to_have_text(shown)
    cell.get_by_test_id("stop").click()
    expect_state(cell, "cancelled")
    expect(countdown).to_have_count(0)
    assert len(llm_server.exchanges) == 1
    run(cell)


def test_openai_without_a_key_gives_a_mock_that_says_so(demo: Page) -> None:
    choose_server(demo, "", "", "")
    cell = add_prompt(demo, "Hello")
    start(cell)
    expect(cell.get_by_test_id("answer")).to_contain_text("This is a mock answer")


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
    start(cell)
    expect_state(cell)
    answer = cell.get_by_test_id("answer")
    expect(answer).to_contain_text("<script>")
    expect(answer.locator("script, img, svg, a[href^='javascript']")).to_have_count(0)
    assert notebook.evaluate("() => window.owned") is None
    assert not [url for url in fetched if "pixel" in url or url.endswith("/x")]


def test_closing_the_page_closes_the_connection(notebook: Page, llm_server: LLMServer) -> None:
    exchange = llm_server.enqueue(Answer(("one ", "two"), gate_after=1))
    cell = add_prompt(notebook, "Count")
    start(cell)
    expect(cell.get_by_test_id("answer")).to_have_text("one")
    notebook.close()
    assert exchange.wait_closed() == "closed_by_client"
