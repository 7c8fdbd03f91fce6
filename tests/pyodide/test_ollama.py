"""Ollama from a browser: streamed answers, the list of models, and errors for missing ones."""

from __future__ import annotations

import base64
from typing import Any

from pytest_pyodide import run_in_pyodide

from tests.support.server.cors import Cors
from tests.support.server.llm_server import LLMServer
from tests.support.server.scenario import Answer, ToolCall, Trouble, Usage

TEXT = "Gr\u00fc\u00dfe aus \u5317\u4eac, \U0001f642!\u2028\n" * 20
PIXEL = base64.b64encode(b"\x89PNG\r\n").decode()


@run_in_pyodide
async def ask(
    selenium: Any,
    url: str,
    settings: dict[str, Any] | None = None,
    image: str | None = None,
    tools: bool = False,
) -> dict[str, Any]:
    """One turn; what came of it."""
    from runt_pyodide.config import AIConfig
    from runt_pyodide.errors import ProviderError
    from runt_pyodide.llm.messages import ChatRequest, ChatSettings, Image, Message, ToolSpec
    from runt_pyodide.llm.registry import ProviderRegistry
    from runt_pyodide.llm.transport.pyfetch import PyfetchTransport

    config = AIConfig.read({"providers": {"ollama": {"baseUrl": url, **(settings or {})}}})
    provider = ProviderRegistry.from_config(config, PyfetchTransport()).require("ollama")
    images = (Image("image/png", image),) if image else ()
    request = ChatRequest(
        (Message("user", "hi", images=images),),
        "llama3.2",
        tools=(ToolSpec("add", "Adds.", {"type": "object"}),) if tools else (),
        settings=ChatSettings(reasoning_effort="high"),
    )
    try:
        said = await provider.execute_prompt(request)
    except ProviderError as error:
        return {"error": type(error).__name__, "advice": error.advice, "said": error.message}
    calls = [(call.name, call.arguments) for call in said.tool_calls]
    return {
        "text": said.text,
        "thinking": said.thinking,
        "calls": calls,
        "finish": said.finish_reason,
        "notice": said.notice,
        "tools": provider.supports_tools("llama3.2"),
    }


@run_in_pyodide
async def list_models(selenium: Any, url: str) -> list[dict[str, Any]]:
    from runt_pyodide.config import AIConfig
    from runt_pyodide.llm.registry import ProviderRegistry
    from runt_pyodide.llm.transport.pyfetch import PyfetchTransport

    config = AIConfig.read({"providers": {"ollama": {"baseUrl": url}}})
    provider = ProviderRegistry.from_config(config, PyfetchTransport()).require("ollama")
    return [model.to_json() for model in await provider.get_available_models()]


def test_an_answer_streams(selenium_runt: Any, llm_server: LLMServer) -> None:
    llm_server.shown["llama3.2"] = {"capabilities": ["completion", "tools", "vision", "thinking"]}
    call = ToolCall("add", '{"a":1}')
    exchange = llm_server.enqueue(
        Answer(TEXT, deltas=30, thinking="Well.", tool_calls=(call,), usage=Usage(9, 3))
    )
    # As it is pasted from the page of another client.
    got = ask(selenium_runt, f"{llm_server.origin}/v1/", {"apiKey": "k-1"}, PIXEL, True)
    assert (got["text"], got["thinking"]) == (TEXT, "Well.")
    assert (got["calls"], got["finish"]) == ([("add", '{"a": 1}')], "tool_calls")
    assert (got["notice"], got["tools"]) == ("", True)
    sent = exchange.request.json
    assert sent["messages"] == [{"role": "user", "content": "hi", "images": [PIXEL]}]
    assert (sent["options"]["num_ctx"], sent["think"]) == (8192, "high")
    assert exchange.request.headers["authorization"] == "Bearer k-1"


def test_its_headers_pass_ollama_s_preflight(selenium_runt: Any, llm_server: LLMServer) -> None:
    llm_server.cors = Cors(
        allow_headers=("Authorization", "Content-Type", "User-Agent", "Accept", "X-Requested-With")
    )
    assert ask(selenium_runt, llm_server.origin, {"apiKey": "k-1"})["finish"] == "stop"
    asked = {one.headers["access-control-request-headers"] for one in llm_server.preflights}
    assert asked == {"authorization,content-type"}


def test_tools_are_left_out_for_a_model_without(selenium_runt: Any, llm_server: LLMServer) -> None:
    llm_server.shown["llama3.2"] = {"capabilities": ["completion"]}
    got = ask(selenium_runt, llm_server.origin, tools=True)
    assert "cannot call tools" in got["notice"]
    assert got["tools"] is False
    assert "tools" not in llm_server.exchanges[0].request.json


def test_models_with_what_they_can_do(selenium_runt: Any, llm_server: LLMServer) -> None:
    llm_server.model_names = ["llama3.2:latest", "embed:latest", "qwen3:8b"]
    llm_server.shown["embed:latest"] = {"capabilities": ["embedding"]}
    llm_server.shown["qwen3:8b"] = {"capabilities": ["completion", "thinking"]}
    facts = {"contextLength": 131072, "parameterSize": "1B"}
    assert list_models(selenium_runt, llm_server.origin) == [
        {
            "name": "llama3.2:latest",
            "displayName": "llama3.2",
            "provider": "ollama",
            "capabilities": ["completion", "tools"],
            "metadata": facts,
        },
        {
            "name": "qwen3:8b",
            "displayName": "qwen3:8b",
            "provider": "ollama",
            "capabilities": ["completion", "thinking"],
            "metadata": facts,
        },
    ]


def test_a_missing_model_names_the_command(selenium_runt: Any, llm_server: LLMServer) -> None:
    llm_server.missing.add("llama3.2")
    got = ask(selenium_runt, llm_server.origin)
    assert got["error"] == "ModelNotFoundError"
    assert "`ollama pull llama3.2`" in got["advice"]
    assert {one.path for one in llm_server.requests} == {"/api/show"}


def test_an_error_in_mid_stream(selenium_runt: Any, llm_server: LLMServer) -> None:
    llm_server.enqueue(Answer("ab", deltas=2, trouble=Trouble("error", 1, "out of memory")))
    got = ask(selenium_runt, llm_server.origin)
    assert (got["error"], "out of memory" in got["said"]) == ("ServerError", True)
    assert "smaller model" in got["advice"]


def test_a_page_that_is_not_allowed_is_told_the_line(
    selenium_runt: Any, llm_server: LLMServer
) -> None:
    llm_server.cors = Cors(enabled=False)
    got = ask(selenium_runt, llm_server.origin)
    origin = selenium_runt.run_js("return location.origin")
    assert got["error"] == "CorsError"
    assert f'OLLAMA_ORIGINS="{origin}"' in got["advice"]
