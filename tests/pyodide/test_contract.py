"""Each provider in the browser: a turn with everything in it, a stop, and a played recording."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_pyodide import run_in_pyodide

from tests.support.server.cors import Cors
from tests.support.server.llm_server import LLMServer
from tests.support.server.scenario import Answer, Framing, ToolCall

Settings = dict[str, Any]

TEXT = "Gr\u00fc\u00dfe aus \u5317\u4eac, \U0001f642!\n" * 5
THINKING = "Which way? \U0001f914"
CALLS = [["add", {"a": 1, "b": ["\u00fc", None]}], ["now", {}]]
SERVED = ["openai-chat", "openai-responses", "ollama", "anthropic", "gemini"]
BROWSER = "anthropic-dangerous-direct-browser-access"
ALLOWED = ("Authorization", "Content-Type", "x-api-key", "anthropic-version", BROWSER)


def settings_of(provider: str, server: LLMServer) -> Settings:
    """What makes the provider ask the server; the Test provider is told what to say."""
    if provider == "test":
        calls = [{"name": name, "arguments": arguments} for name, arguments in CALLS]
        turn = {"thinking": THINKING, "text": TEXT, "toolCalls": calls}
        return {"type": "test", "responses": [{"pattern": "", "turns": [turn]}]}
    if provider == "ollama":
        return {"type": "ollama", "baseUrl": server.origin}
    if provider == "anthropic":
        # As the service has it: without the header for pages, they may not read its answers.
        server.cors = Cors(allow_headers=ALLOWED, asks_for=BROWSER)
        return {"type": "anthropic", "apiKey": "sk-x", "baseUrl": server.origin}
    if provider == "gemini":
        server.cors = Cors(allow_headers=("Content-Type", "x-goog-api-key"))
        return {"type": "gemini", "apiKey": "sk-x", "baseUrl": server.origin}
    api = provider.removeprefix("openai-")
    return {"type": "openai", "apiKey": "sk-x", "baseUrl": server.base_url, "api": api}


@run_in_pyodide
async def ask(selenium: Any, settings: Settings, stop_at: str = "") -> dict[str, Any]:
    """One turn; what came of it. With ``stop_at`` the task is cancelled once the text is that."""
    import asyncio
    import json

    from runt_pyodide.config import AIConfig
    from runt_pyodide.llm.messages import ChatRequest, Message, ToolSpec
    from runt_pyodide.llm.registry import ProviderRegistry
    from runt_pyodide.llm.reply import Reply
    from runt_pyodide.llm.transport.pyfetch import PyfetchTransport

    config = AIConfig.read({"providers": {"asked": settings}})
    provider = ProviderRegistry.from_config(config, PyfetchTransport()).require("asked")
    tools = (ToolSpec("add", "Adds.", {"type": "object"}),)
    reply = Reply()

    async def run() -> None:
        request = ChatRequest((Message("user", "hi"),), "m", tools=tools)
        async for delta in provider.execute_prompt_stream(request):
            reply.add(delta)
            if reply.text == stop_at != "":
                asyncio.get_running_loop().call_soon(task.cancel)

    task = asyncio.create_task(run())
    await asyncio.wait({task})
    error = asyncio.CancelledError() if task.cancelled() else task.exception()
    whole = reply.response() if reply.finish else None
    return {
        "text": reply.text,
        "thinking": whole and whole.thinking,
        "calls": [[call.name, json.loads(call.arguments)] for call in reply.tool_calls],
        "finish": whole and whole.finish_reason,
        "error": error and f"{type(error).__name__}: {error}",
    }


@pytest.mark.parametrize("writes", [None, 7])
@pytest.mark.parametrize("provider", [*SERVED, "test"])
def test_a_turn_with_all_that_there_is(
    selenium_runt: Any, llm_server: LLMServer, provider: str, writes: int | None
) -> None:
    llm_server.enqueue(
        Answer(
            TEXT,
            thinking=THINKING,
            tool_calls=(
                ToolCall("add", '{"a": 1, "b": ["\u00fc", null]}', id="one", fragments=4),
                ToolCall("now", id="two"),
            ),
            framing=Framing(writes=writes),
        )
    )
    assert ask(selenium_runt, settings_of(provider, llm_server)) == {
        "text": TEXT,
        "thinking": THINKING,
        "calls": CALLS,
        "finish": "tool_calls",
        "error": None,
    }


def test_without_the_header_for_pages_the_answer_cannot_be_read(
    selenium_runt: Any, llm_server: LLMServer
) -> None:
    settings = {**settings_of("anthropic", llm_server), "headers": {BROWSER: "false"}}
    got = ask(selenium_runt, settings)
    assert got["text"] == ""
    assert "CorsError" in got["error"]


@pytest.mark.parametrize("provider", SERVED)
def test_a_stop_closes_the_connection(
    selenium_runt: Any, llm_server: LLMServer, provider: str
) -> None:
    exchange = llm_server.enqueue(Answer(("one ", "two ", "three"), gate_after=2))
    got = ask(selenium_runt, settings_of(provider, llm_server), stop_at="one two ")
    assert (got["text"], got["error"]) == ("one two ", "CancelledError: ")
    assert exchange.wait_closed() == "closed_by_client"
    assert len(llm_server.exchanges) == 1


@run_in_pyodide
async def record_and_play(selenium: Any, settings: Settings) -> dict[str, Any]:
    """The deltas of a turn, those of its recording, and the recording."""
    from runt_pyodide.config import AIConfig
    from runt_pyodide.llm.cassette.cassette import Cassette
    from runt_pyodide.llm.cassette.recorder import Recorder
    from runt_pyodide.llm.messages import ChatRequest, Message
    from runt_pyodide.llm.registry import ProviderRegistry
    from runt_pyodide.llm.test.provider import TestProvider
    from runt_pyodide.llm.test.settings import TestSettings
    from runt_pyodide.llm.transport.pyfetch import PyfetchTransport

    config = AIConfig.read({"providers": {"asked": settings}})
    registry = ProviderRegistry.from_config(config, PyfetchTransport())
    request = ChatRequest((Message("user", "hi"),), "m")
    recorder = Recorder(registry.require("asked"))
    heard = [str(delta) async for delta in recorder.execute_prompt_stream(request)]
    text = recorder.cassette.to_json()
    cassette = Cassette.read(text).model_dump(mode="json", by_alias=True)
    player = TestProvider("asked", TestSettings(cassette=cassette))
    played = [str(delta) async for delta in player.execute_prompt_stream(request)]
    return {"heard": heard, "played": played, "cassette": text}


@pytest.mark.parametrize("provider", SERVED)
def test_what_was_recorded_is_played(
    selenium_runt: Any, llm_server: LLMServer, provider: str
) -> None:
    llm_server.enqueue(Answer(TEXT, thinking=THINKING))
    got = record_and_play(selenium_runt, settings_of(provider, llm_server))
    assert got["heard"] == got["played"]
    assert len(got["heard"]) > 3
    assert "sk-x" not in got["cassette"]
    assert len(llm_server.exchanges) == 1
