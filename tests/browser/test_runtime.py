"""startRuntime over a memoryStore, in a page, with Python in a worker, against a real server.

All tests share one runtime: each configures it, and must leave it usable.
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Error, Page

from tests.support.browser.fixtures import NewContext
from tests.support.browser.runtime import (
    commit,
    completion,
    error_of,
    finish_reason,
    outputs,
    request,
    requested,
    runtime_in,
    text_of,
    wait_for_output,
)
from tests.support.server.cors import Cors
from tests.support.server.errors import api_error
from tests.support.server.llm_server import LLMServer
from tests.support.server.scenario import Answer, Trouble

KEY = "sk-none-of-your-business"


@pytest.fixture
def page(shared_runtime: Page, llm_server: LLMServer) -> Page:
    """The runtime's page; OpenAI is the stand-in server."""
    configure(shared_runtime, {"baseUrl": llm_server.base_url, "apiKey": KEY, "model": "m"})
    return shared_runtime


def configure(page: Page, openai: dict[str, Any]) -> None:
    config = {"defaultProvider": "openai", "providers": {"openai": openai, "test": {}}}
    page.evaluate("(config) => runtime.configure(config)", config)


def test_an_answer_streams_in_joined_deltas_that_equal_what_was_sent(
    page: Page, llm_server: LLMServer
) -> None:
    text = "Gr\u00fc\u00dfe \U0001f642 \u5317\u4eac\n" * 30
    exchange = llm_server.enqueue(Answer(text, deltas=120, gate_after=40))
    cell, queue = request(page, "Tell me")
    wait_for_output(page, cell)
    exchange.gate.open()
    assert completion(page, queue)["status"] == "success"
    assert text_of(page, cell) == text
    assert 1 < len(outputs(page, cell)) < 60
    assert finish_reason(page, cell) == "stop"
    assert exchange.request.json["messages"][-1] == {"role": "user", "content": "Tell me"}
    assert exchange.request.json["model"] == "m"


def test_a_cancelled_execution_closes_the_connection_and_keeps_the_text(
    page: Page, llm_server: LLMServer
) -> None:
    exchange = llm_server.enqueue(Answer(("one ", "two ", "three"), gate_after=2))
    cell, queue = request(page)
    wait_for_output(page, cell)
    exchange.gate.wait_held()
    reason = {"queueId": queue, "cellId": cell, "cancelledBy": "me", "reason": "stop"}
    commit(page, ("v1.ExecutionCancelled", reason))
    assert exchange.wait_closed() == "closed_by_client"
    page.wait_for_function("() => runtime.status === 'ready'")
    assert text_of(page, cell) == "one two "
    assert finish_reason(page, cell) == "cancelled"
    ends = page.evaluate(
        "(q) => events.filter((e) => e.args.queueId === q && /Completed|Cancelled/.test(e.name))",
        queue,
    )
    assert [event["name"] for event in ends] == ["v1.ExecutionCancelled"]
    assert len(llm_server.requests) == 1


def test_interrupt_completes_as_cancelled(page: Page, llm_server: LLMServer) -> None:
    exchange = llm_server.enqueue(Answer(("one ", "two"), gate_after=1))
    cell, queue = request(page)
    exchange.gate.wait_held()
    page.evaluate("() => runtime.interrupt()")
    assert completion(page, queue)["status"] == "cancelled"
    assert exchange.wait_closed() == "closed_by_client"
    assert text_of(page, cell) in ("", "one ")


FAILURES = [
    (api_error(401), "AuthenticationError", "Check the API key"),
    (api_error(404, code="model_not_found"), "ModelNotFoundError", "Check the model's name"),
    (api_error(429), "RateLimitError", "Wait a moment"),
    (api_error(500), "ServerError", "The fault is the server's"),
]


@pytest.mark.parametrize(("scenario", "ename", "advice"), FAILURES)
def test_a_refusal_is_an_error_that_says_what_to_do(
    page: Page, llm_server: LLMServer, scenario: Any, ename: str, advice: str
) -> None:
    llm_server.default = scenario
    cell, queue = request(page)
    end = completion(page, queue)
    assert (end["status"], error_of(page, cell)["ename"]) == ("error", ename)
    assert advice in end["error"]
    assert error_of(page, cell)["evalue"] == end["error"]


@pytest.mark.parametrize("kind", ["fin", "close", "error"])
def test_what_was_streamed_before_a_failure_stays(
    page: Page, llm_server: LLMServer, kind: Any
) -> None:
    answer = Answer(("one ", "two ", "three"), gate_after=2, trouble=Trouble(kind, 2))
    exchange = llm_server.enqueue(answer)
    cell, queue = request(page)
    wait_for_output(page, cell)
    exchange.gate.wait_held()
    exchange.gate.open()
    assert completion(page, queue)["status"] == "error"
    assert text_of(page, cell) == "one two "
    assert error_of(page, cell)["ename"] in ("CutStreamError", "ServerError")


def test_no_server_and_no_permission(page: Page, llm_server: LLMServer) -> None:
    llm_server.cors = Cors(enabled=False)
    cell, queue = request(page)
    assert "does not let this page read its answers (CORS)" in completion(page, queue)["error"]
    llm_server.stop()
    cell, queue = request(page)
    assert completion(page, queue)["error"].startswith("No answer from http://127.0.0.1:")
    assert error_of(page, cell)["ename"] == "NetworkError"


def test_a_wrong_key_is_in_no_event(page: Page, llm_server: LLMServer) -> None:
    llm_server.api_key = "sk-another-one"
    _, queue = request(page)
    assert completion(page, queue)["status"] == "error"
    assert page.evaluate("(key) => JSON.stringify(events).includes(key)", KEY) is False


def test_an_empty_prompt_succeeds_without_a_request(page: Page, llm_server: LLMServer) -> None:
    cell, queue = request(page, " \n ")
    assert completion(page, queue)["status"] == "success"
    assert (outputs(page, cell), llm_server.requests) == ([], [])


def test_a_cell_that_does_not_exist(page: Page) -> None:
    commit(page, ("v1.ExecutionRequested", requested("queue-gone", "cell-gone")))
    end = completion(page, "queue-gone")
    assert end["status"] == "error"
    assert "There is no cell 'cell-gone'" in end["error"]


def test_a_malformed_event_is_refused_and_unknown_ones_are_passed_over_with_a_word(
    page: Page,
) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    with pytest.raises(Error, match=r"v2\.CellCreated: cellType is missing"):
        commit(page, ("v2.CellCreated", {"id": 1}))
    commit(page, ("v9.FromTheFuture", {}), ("v9.FromTheFuture", {}))
    _, queue = request(page, " ")
    assert completion(page, queue)["status"] == "success"
    assert sum("v9.FromTheFuture" in text for text in said) == 1


def test_without_a_key_the_answer_is_a_mock_that_says_so(page: Page) -> None:
    configure(page, {})
    cell, queue = request(page)
    assert completion(page, queue)["status"] == "success"
    text = text_of(page, cell)
    assert "This is a mock answer: no model was asked." in text
    assert "enter an API key" in text


def test_a_python_cell_runs_on_ipython_and_its_output_is_context(
    page: Page, llm_server: LLMServer
) -> None:
    source = "import asyncio\nawait asyncio.sleep(0)\nprint('counted')\n[6 * 7]"
    cell, queue = request(page, source, "code")
    assert completion(page, queue)["status"] == "success"
    names = [event["name"] for event in outputs(page, cell)]
    assert (names[0], names[-1]) == ("v1.TerminalOutputAdded", "v1.MultimediaResultOutputAdded")
    shown = outputs(page, cell)[-1]["args"]["representations"]
    assert shown["text/plain"] == {"type": "inline", "data": "[42]"}
    exchange = llm_server.enqueue(Answer("I see."))
    _, queue = request(page, "What was counted?")
    assert completion(page, queue)["status"] == "success"
    told = next(m for m in exchange.request.json["messages"] if "6 * 7" in m["content"])
    assert "counted" in told["content"]
    assert "[42]" in told["content"]


def test_an_exception_in_a_python_cell_is_an_error_with_its_lines(page: Page) -> None:
    cell, queue = request(page, "def f():\n    return 1 / 0\n\nf()", "code")
    assert completion(page, queue)["error"] == "ZeroDivisionError: division by zero"
    error = error_of(page, cell)
    assert (error["ename"], error["evalue"]) == ("ZeroDivisionError", "division by zero")
    assert "return 1 / 0" in "\n".join(error["traceback"])
    assert "runt_pyodide" not in "\n".join(error["traceback"])


def test_python_may_run_on_the_page_s_own_thread(
    new_context: NewContext, site: str, llm_server: LLMServer
) -> None:
    with runtime_in(new_context(), site, worker=False) as page:
        configure(page, {"baseUrl": llm_server.base_url, "model": "m"})
        llm_server.enqueue(Answer("Hello from the page's thread"))
        cell, queue = request(page)
        assert completion(page, queue)["status"] == "success"
        assert text_of(page, cell) == "Hello from the page's thread"
        page.evaluate("() => runtime.stop()")
        assert page.evaluate("() => events.at(-1)")["name"] == "v1.RuntimeSessionTerminated"


def test_a_bad_configuration_is_refused_and_the_old_one_stays(page: Page) -> None:
    with pytest.raises(Exception, match="unknown key 'kee'; known keys"):
        configure(page, {"kee": KEY})
    _, queue = request(page)
    assert completion(page, queue)["status"] == "success"


def test_a_python_cell_asks_by_the_pages_settings(page: Page, llm_server: LLMServer) -> None:
    llm_server.default = Answer("**Here.**")
    source = "from runt_pyodide import ask\nawait ask('Who is there?')"
    cell, queue = request(page, source, "code")
    assert completion(page, queue)["status"] == "success"
    (shown,) = outputs(page, cell)
    assert shown["args"]["representations"]["text/markdown"]["data"] == "**Here.**"
    assert llm_server.requests[-1].headers["authorization"] == f"Bearer {KEY}"
