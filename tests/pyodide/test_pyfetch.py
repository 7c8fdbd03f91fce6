"""The browser's transport against a real server: streams, stops and failures."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from pytest_pyodide import run_in_pyodide

from tests.support.server.cors import Cors
from tests.support.server.errors import api_error
from tests.support.server.exchange import State
from tests.support.server.llm_server import LLMServer
from tests.support.server.scenario import (
    Answer,
    Fixed,
    Framing,
    Scenario,
    Trouble,
    html_error,
    replay,
)

TEXT = "Gr\u00fc\u00dfe aus \u5317\u4eac, \U0001f642!\n" * 20


@run_in_pyodide
async def ask(
    selenium: Any,
    url: str,
    patience: float = 10,
    stop_at: str = "",
    pump: bool = True,
    longest: int = 1 << 28,
) -> dict[str, Any]:
    """One prompt; what came of it, and by how many bytes Python's memory has grown: it never
    shrinks, so that is its peak. With ``stop_at`` the task is cancelled once the text is that, and
    without ``pump`` eval is forbidden, as a Content-Security-Policy would."""
    import asyncio

    import pyodide_js

    from runt_pyodide.config import AIConfig
    from runt_pyodide.llm.messages import ChatRequest, Message, TextDelta
    from runt_pyodide.llm.registry import ProviderRegistry
    from runt_pyodide.llm.transport import pyfetch

    settings = {"apiKey": "sk-x", "baseUrl": url, "timeout": patience, "maxAnswer": longest}
    config = AIConfig.read({"providers": {"openai": settings}})
    registry = ProviderRegistry.from_config(config, pyfetch.PyfetchTransport())
    texts: list[str] = []

    async def run() -> None:
        request = ChatRequest((Message("user", "hi"),), "m")
        async for delta in registry.require("openai").execute_prompt_stream(request):
            if isinstance(delta, TextDelta):
                texts.append(delta.text)
            if "".join(texts) == stop_at != "":
                asyncio.get_running_loop().call_soon(task.cancel)

    heap = pyodide_js._module.HEAP8.length
    run_js = pyfetch.run_js
    if not pump:
        pyfetch.run_js = lambda _code: run_js("throw new EvalError('forbidden')")
    task = asyncio.create_task(run())
    await asyncio.wait({task})
    pyfetch.run_js = run_js
    error = asyncio.CancelledError() if task.cancelled() else task.exception()
    return {
        "text": "".join(texts),
        "error": type(error).__name__ if error else None,
        "said": str(error),
        "grown": pyodide_js._module.HEAP8.length - heap,
    }


@pytest.mark.parametrize("pump", [True, False])
@pytest.mark.parametrize("writes", [None, 1, 7, 65536])
def test_the_text_is_what_the_server_sent(
    selenium_runt: Any, llm_server: LLMServer, writes: int | None, pump: bool
) -> None:
    exchange = llm_server.enqueue(Answer(TEXT, deltas=50, framing=Framing(writes=writes)))
    got = ask(selenium_runt, llm_server.base_url, pump=pump)
    assert (got["error"], got["text"]) == (None, TEXT)
    assert exchange.request.headers["authorization"] == "Bearer sk-x"
    assert exchange.request.json["messages"] == [{"role": "user", "content": "hi"}]


def test_more_than_may_wait_is_read_to_the_end(selenium_runt: Any, llm_server: LLMServer) -> None:
    text = "abcdefgh" * 100_000
    llm_server.enqueue(Answer(text, deltas=4))
    assert ask(selenium_runt, llm_server.base_url)["text"] == text


ENDLESS = {
    "answer": b'data: {"choices":[{"delta":{"content":"and "}}]}\n\n',
    "comments": b": waiting\n\n",
    "event": b"data: a\n",
    "line": b"data: ",
}


@pytest.mark.parametrize(
    ("what", "pump", "is_compressed"),
    [*((what, True, True) for what in ENDLESS), ("line", True, False), ("comments", False, True)],
)
def test_what_is_endless_is_read_no_further_than_an_answer_may_be_long(
    selenium_runt: Any, llm_server: LLMServer, what: str, pump: bool, is_compressed: bool
) -> None:
    body = ENDLESS[what] * ((64 << 20) // len(ENDLESS[what]))
    if is_compressed:
        body = gzip.compress(body, 1)
        assert len(body) < 1 << 20
    headers = (("Content-Encoding", "gzip"),) if is_compressed else ()
    llm_server.enqueue(Fixed(200, body, "text/event-stream", headers))
    got = ask(selenium_runt, llm_server.base_url, pump=pump, longest=1 << 20)
    assert got["error"] == "ProtocolError"
    assert "more than 1 MiB" in got["said"]
    # Of the 64 MiB that come, or would come; memory grows in steps of a fifth of it.
    assert got["grown"] <= 16 << 20


def test_a_capture_of_a_real_server(selenium_runt: Any, llm_server: LLMServer) -> None:
    llm_server.enqueue(replay("llamaserver-1"))
    got = ask(selenium_runt, llm_server.base_url)
    assert got["error"] is None
    assert got["text"].startswith("The sky")


@pytest.mark.parametrize("pump", [True, False])
def test_a_stop_closes_the_connection(
    selenium_runt: Any, llm_server: LLMServer, pump: bool
) -> None:
    exchange = llm_server.enqueue(Answer(("one ", "two ", "three"), gate_after=2))
    got = ask(selenium_runt, llm_server.base_url, stop_at="one two ", pump=pump)
    assert (got["text"], got["error"]) == ("one two ", "CancelledError")
    assert exchange.wait_closed() == "closed_by_client"
    assert len(llm_server.requests) == 1


BEFORE = "before_headers"
TROUBLES: list[tuple[Scenario, str, str, State]] = [
    (Answer(trouble=Trouble("hang", BEFORE)), "RequestTimeoutError", "0.5 s", "closed_by_client"),
    (Answer(trouble=Trouble("hang", 3)), "RequestTimeoutError", "0.5 s", "closed_by_client"),
    (Answer(trouble=Trouble("reset", BEFORE)), "NetworkError", "ended the connection", "cut"),
    (Answer(trouble=Trouble("fin", 3)), "CutStreamError", "in the middle", "cut"),
    (Answer(trouble=Trouble("close", 3)), "CutStreamError", "in the middle", "completed"),
    (Answer(trouble=Trouble("error", 3)), "ServerError", "mid-answer", "completed"),
    (api_error(401), "AuthenticationError", "HTTP 401", "completed"),
    (api_error(404), "ModelNotFoundError", "HTTP 404", "completed"),
    (api_error(429), "RateLimitError", "HTTP 429", "completed"),
    (api_error(500), "ServerError", "HTTP 500", "completed"),
    (html_error(), "ServerError", "502 Bad Gateway", "completed"),
]


@pytest.mark.parametrize(("scenario", "error", "said", "state"), TROUBLES)
def test_what_goes_wrong_is_told(
    selenium_runt: Any,
    llm_server: LLMServer,
    scenario: Scenario,
    error: str,
    said: str,
    state: State,
) -> None:
    exchange = llm_server.enqueue(scenario)
    # The browser asks once more where a connection that it had kept open is gone.
    llm_server.default = scenario
    patience = 0.5 if error == "RequestTimeoutError" else 30
    got = ask(selenium_runt, llm_server.base_url, patience=patience)
    assert got["error"] == error
    assert said in got["said"]
    assert exchange.wait_closed() == state


def test_a_server_that_does_not_allow_the_page(selenium_runt: Any, llm_server: LLMServer) -> None:
    llm_server.cors = Cors(enabled=False)
    got = ask(selenium_runt, llm_server.base_url)
    assert got["error"] == "CorsError"
    assert f"The server at {llm_server.origin} is there" in got["said"]
    assert "Allow the origin http://" in got["said"]


@pytest.mark.parametrize("pump", [True, False])
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed_with_a_key(
    selenium_runt: Any, llm_server: LLMServer, status: int, pump: bool
) -> None:
    there = f"{llm_server.origin}/elsewhere/chat/completions"
    llm_server.enqueue(Fixed(status, headers=(("Location", there),)))
    got = ask(selenium_runt, llm_server.base_url, pump=pump)
    assert got["error"] == "ProtocolError"
    assert "a redirect to another address" in got["said"]
    assert "Set the base URL" in got["said"]
    assert len(llm_server.requests) == 1


def test_no_server(selenium_runt: Any, llm_server: LLMServer) -> None:
    llm_server.stop()
    got = ask(selenium_runt, llm_server.base_url)
    assert got["error"] == "NetworkError"
    assert got["said"].startswith(f"No answer from {llm_server.origin}")


def test_no_address(selenium_runt: Any) -> None:
    got = ask(selenium_runt, "http://[::1/v1")
    assert got["error"] == "NetworkError"
    assert "is not the address of a server" in got["said"]


def test_models(selenium_runt: Any, llm_server: LLMServer) -> None:
    llm_server.api_key = "sk-x"
    assert models(selenium_runt, llm_server.base_url) == ["gpt-4o-mini", "gpt-4o"]


@run_in_pyodide
async def models(selenium: Any, url: str) -> list[str]:
    from runt_pyodide.config import AIConfig
    from runt_pyodide.llm.registry import ProviderRegistry
    from runt_pyodide.llm.transport.pyfetch import PyfetchTransport

    config = AIConfig.read({"providers": {"openai": {"apiKey": "sk-x", "baseUrl": url}}})
    registry = ProviderRegistry.from_config(config, PyfetchTransport())
    return [model.name for model in await registry.require("openai").get_available_models()]
