"""The Anthropic provider: what goes out, what refusals teach, and how it goes on after a pause."""

from __future__ import annotations

import json

import pytest

from runt_pyodide.config import AIConfig
from runt_pyodide.errors import CutStreamError, OverloadedError
from runt_pyodide.llm.anthropic.thinking import build_state
from runt_pyodide.llm.messages import (
    ChatRequest,
    Message,
    ToolCall,
    Usage,
)
from runt_pyodide.llm.registry import ProviderRegistry
from runt_pyodide.llm.transport.scripted import Scripted
from tests.support.llm.scripted_anthropic import (
    MODEL,
    OK,
    TOOLS,
    Asked,
    capture,
)
from tests.support.services.answers import told
from tests.support.services.native.anthropic import AnthropicService


async def test_the_request() -> None:
    asked = Asked(OK)
    assert (await asked.ask()).text == "ok"
    (request,) = asked.transport.requests
    assert (request.method, request.url) == ("POST", "https://api.anthropic.com/v1/messages")
    assert request.headers == {
        "Content-Type": "application/json",
        "x-api-key": "sk-ant-1",
        "anthropic-version": "2023-06-01",
        "anthropic-dangerous-direct-browser-access": "true",
    }
    assert "sk-ant-1" not in f"{request!r} {asked.provider!r}"


async def test_the_list_of_models_and_a_check_that_costs_nothing() -> None:
    row = {"id": "claude-x", "display_name": "X", "max_input_tokens": 5}
    asked = Asked(told({"data": [row]}), told(row), model=MODEL)
    assert [one.name for one in await asked.provider.list_models()] == [MODEL, "claude-x"]
    about = await asked.provider.describe_model("claude-x")
    assert about.context_length == 5
    await asked.provider.check_model("claude-x")
    listed, checked = asked.transport.requests
    assert (listed.method, listed.url) == ("GET", "https://api.anthropic.com/v1/models?limit=1000")
    assert checked.url == "https://api.anthropic.com/v1/models/claude-x"


async def test_without_a_key_it_says_where_to_get_one_and_lists_what_is_known() -> None:
    asked = Asked(api_key=None)
    assert "platform.claude.com" in (asked.provider.missing() or "")
    names = [one.name for one in await asked.provider.get_available_models()]
    assert names[0] == "claude-sonnet-5-5"
    assert asked.transport.requests == []


async def test_a_server_of_one_s_own_is_not_the_service() -> None:
    asked = Asked(OK, api_key=None, base_url="http://localhost:4000")
    assert (asked.provider.service, asked.provider.missing()) == (None, None)
    assert asked.provider.describe_cors() == ""
    assert (await asked.ask()).text == "ok"
    assert asked.transport.requests[0].url == "http://localhost:4000/v1/messages"
    other = asked.provider.elsewhere("http://localhost:5000")
    assert other.base_url == "http://localhost:5000/v1"
    assert asked.provider.alternative_addresses()


async def test_thinking_that_is_bound_elsewhere_is_left_out_up_to_there() -> None:
    """As when a prompt is shortened while tools run: what follows is bound to what is sent now."""
    service = AnthropicService(MODEL)
    config = AIConfig.read({"providers": {"anthropic": {"api_key": "sk-1"}}})
    provider = ProviderRegistry.from_config(config, service).require("anthropic")
    messages = [Message("user", "old"), Message("assistant", "ok"), Message("user", "weather in?")]
    for shorter in (0, 2, 0):
        messages = messages[shorter:]
        request = ChatRequest(tuple(messages), MODEL, tools=TOOLS, system_prompt="s")
        made = await provider.execute_prompt(request)
        messages.append(
            Message("assistant", made.text, tool_calls=made.tool_calls, state=made.state)
        )
        messages += [
            Message("tool", "sunny, and weather in Rome", tool_call_id=call.id)
            for call in made.tool_calls
        ]
    assert ["bound to" in one for one in service.refused] == [True]
    thoughts = [json.dumps(body).count('"signature"') for body in service.bodies]
    assert thoughts == [0, 1, 0, 1]


async def test_it_goes_on_after_a_pause() -> None:
    asked = Asked(capture("paused"), capture("after-the-pause"))
    response = await asked.ask()
    assert response.text == "I'll search.\n\nIt is sunny."
    assert response.usage == Usage(1372, 70, 0, None, 0, searches=1)
    blocks = asked.bodies[1]["messages"][-1]
    assert blocks["role"] == "assistant"
    assert [one["type"] for one in blocks["content"]] == [
        "text",
        "server_tool_use",
        "web_search_tool_result",
    ]
    assert [one["type"] for one in response.state[1:]] == [
        *("text", "server_tool_use", "web_search_tool_result"),
        *("text", "text"),
    ]
    endless = Asked(*[capture("paused")] * 10)
    with pytest.raises(CutStreamError, match="paused its answer 10 times"):
        await endless.ask()


@pytest.mark.parametrize(
    "answer",
    [told({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, 529),
     capture("overloaded")],
)  # fmt: skip
async def test_an_overload_may_be_asked_again(answer: Scripted) -> None:
    with pytest.raises(OverloadedError):
        await Asked(answer).ask()


async def test_the_calls_of_another_service_have_ids_that_it_takes() -> None:
    asked = Asked(OK)
    call = ToolCall("functions.weather:0", "weather", "{}")
    said = Message("assistant", "", tool_calls=(call,), state=build_state("other", ()))
    result = Message("tool", "sunny", tool_call_id=call.id)
    await asked.ask(Message("user", "hi"), said, result, tools=TOOLS)
    assert [*AnthropicService(MODEL).find_faults(asked.bodies[0])] == []
