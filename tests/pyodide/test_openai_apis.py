"""Both of OpenAI's APIs in the browser, against a real server: tools, stops, refusals, cuts."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_pyodide import run_in_pyodide

from tests.support.server.errors import api_error
from tests.support.server.llm_server import LLMServer
from tests.support.server.scenario import Answer, ToolCall, Trouble, TroubleKind, Usage


@run_in_pyodide
async def ask(selenium: Any, url: str, api: str, asks: int = 1, stop: bool = False) -> list[Any]:
    """What came of so many turns of one provider, each with what the last one left. With ``stop``
    the task is cancelled at the first text."""
    import asyncio
    from dataclasses import replace

    from runt_pyodide.config import AIConfig
    from runt_pyodide.llm.messages import ChatRequest, ChatSettings, Message, TextDelta, ToolSpec
    from runt_pyodide.llm.registry import ProviderRegistry
    from runt_pyodide.llm.reply import Reply
    from runt_pyodide.llm.transport.pyfetch import PyfetchTransport

    config = AIConfig.read({"providers": {"openai": {"baseUrl": url, "api": api}}})
    provider = ProviderRegistry.from_config(config, PyfetchTransport()).require("openai")
    tools = tuple(ToolSpec(name, "", {"type": "object"}) for name in ("add", "now"))
    settings = ChatSettings(temperature=0.5, max_tokens=9)
    request = ChatRequest((Message("user", "hi"),), "m", tools, settings=settings)

    async def run(request: ChatRequest) -> Reply:
        reply = Reply()
        async for delta in provider.execute_prompt_stream(request):
            reply.add(delta)
            if stop and isinstance(delta, TextDelta):
                asyncio.get_running_loop().call_soon(task.cancel)
        return reply

    turns: list[Any] = []
    for _ in range(asks):
        task = asyncio.create_task(run(request))
        await asyncio.wait({task})
        if task.cancelled() or task.exception():
            turns.append(type(task.exception()).__name__ if not task.cancelled() else "stopped")
            continue
        whole = task.result().response()
        said = Message("assistant", whole.text, tool_calls=whole.tool_calls, state=whole.state)
        results = [Message("tool", "3", tool_call_id=call.id) for call in whole.tool_calls]
        request = replace(request, messages=(*request.messages, said, *results))
        calls = [[call.id, call.name, call.arguments] for call in whole.tool_calls]
        turns.append([whole.text, whole.thinking, calls, whole.finish_reason, whole.notice])
    return turns


CALLS = (ToolCall("add", '{"a":1}', "c1", fragments=3), ToolCall("now", "{}", "c2"))


@pytest.mark.parametrize("api", ["chat", "responses"])
def test_a_turn_with_tools_and_the_next_one(
    selenium_runt: Any, llm_server: LLMServer, api: str
) -> None:
    first = Answer("\u4f60\u597d \U0001f642", thinking="hm", tool_calls=CALLS, usage=Usage(5, 3))
    llm_server.enqueue(first)
    llm_server.enqueue(Answer("Three."))
    turns = ask(selenium_runt, llm_server.base_url, api, asks=2)
    calls = [["c1", "add", '{"a":1}'], ["c2", "now", "{}"]]
    assert turns == [
        ["\u4f60\u597d \U0001f642", "hm", calls, "tool_calls", ""],
        ["Three.", "", [], "stop", ""],
    ]
    sent = llm_server.exchanges[1].request.json
    if api == "chat":
        assert [message["role"] for message in sent["messages"]] == [
            *("user", "assistant", "tool", "tool")
        ]
    else:
        assert [item.get("type", item.get("role")) for item in sent["input"]] == [
            *("user", "reasoning", "message", "function_call", "function_call"),
            *("function_call_output", "function_call_output"),
        ]


@pytest.mark.parametrize("api", ["chat", "responses"])
def test_a_refused_parameter_is_left_out_from_then_on(
    selenium_runt: Any, llm_server: LLMServer, api: str
) -> None:
    message = "Unsupported parameter: 'temperature' is not supported with this model."
    llm_server.enqueue(api_error(400, message=message, param="temperature"))
    turns = ask(selenium_runt, llm_server.base_url, api, asks=2)
    assert ["temperature" in turn[-1] for turn in turns] == [True, True]
    bodies = [exchange.request.json for exchange in llm_server.exchanges]
    assert ["temperature" in body for body in bodies] == [True, False, False]


@pytest.mark.parametrize("api", ["chat", "responses"])
def test_a_stop_closes_the_stream(selenium_runt: Any, llm_server: LLMServer, api: str) -> None:
    exchange = llm_server.enqueue(Answer("abcd", deltas=4, gate_after=2))
    assert ask(selenium_runt, llm_server.base_url, api, stop=True) == ["stopped"]
    assert exchange.wait_closed(5) == "closed_by_client"


@pytest.mark.parametrize(("kind", "error"), [("error", "ServerError"), ("close", "CutStreamError")])
@pytest.mark.parametrize("api", ["chat", "responses"])
def test_what_goes_wrong_in_mid_answer(
    selenium_runt: Any, llm_server: LLMServer, api: str, kind: TroubleKind, error: str
) -> None:
    llm_server.enqueue(Answer("abcd", deltas=4, trouble=Trouble(kind, 2)))
    assert ask(selenium_runt, llm_server.base_url, api) == [error]
