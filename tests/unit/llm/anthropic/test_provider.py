"""The Anthropic provider: what goes out, what refusals teach, and how it goes on after a pause."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runt_pyodide.config import AIConfig
from runt_pyodide.errors import BadRequestError, CutStreamError, OverloadedError
from runt_pyodide.llm.anthropic.provider import AnthropicProvider
from runt_pyodide.llm.anthropic.thinking import build_state
from runt_pyodide.llm.messages import (
    AIResponse,
    ChatRequest,
    ChatSettings,
    Message,
    ToolCall,
    ToolSpec,
    Usage,
)
from runt_pyodide.llm.registry import ProviderRegistry
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport
from tests.support.data import DATA
from tests.support.server.captures import parse_capture
from tests.support.services.answers import told
from tests.support.services.native.anthropic import AnthropicService, stream
from tests.support.services.native.service import events

MODEL = "claude-opus-5-5"
SCHEMA = {"type": "object", "properties": {"value": {"type": "integer"}}}
TOOLS = (ToolSpec("weather", "", {"type": "object"}),)
SSE = {"content-type": "text/event-stream"}
HIGH = {"reasoning_effort": "high"}
OK = Scripted(200, SSE, [events(stream([{"type": "text", "text": "ok"}]), named=True)])


def capture(name: str) -> Scripted:
    path = DATA / f"native/anthropic-{name}.http"
    return Scripted(200, SSE, [parse_capture(path.read_bytes(), path.name).body])


def refusal(message: str, status: int = 400) -> Scripted:
    error = {"type": "invalid_request_error", "message": message}
    return told({"type": "error", "error": error}, status)


class Asked:
    def __init__(self, *answers: Scripted, **settings: Any) -> None:
        self.transport = ScriptedTransport(answers)
        own = {"api_key": "sk-ant-1", **settings}
        config = AIConfig.read({"providers": {"anthropic": own}})
        made = ProviderRegistry.from_config(config, self.transport).require("anthropic")
        assert isinstance(made, AnthropicProvider)
        self.provider = made

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(request.body or b"") for request in self.transport.requests]

    async def ask(self, *messages: Message, model: str = MODEL, **more: Any) -> AIResponse:
        request = ChatRequest(messages or (Message("user", "hi"),), model, **more)
        return await self.provider.execute_prompt(request)


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


@pytest.mark.parametrize(
    ("said", "settings", "gone", "told"),
    [
        ("`top_p` is deprecated for this model.", {"top_p": 1}, "top_p", "top_p"),
        ("This model does not support the effort parameter.", HIGH, "output_config", "effort"),
        ('"thinking.type.adaptive" is not supported for this model.', HIGH, "thinking", "thinking"),
        ("thinking.display: Extra inputs are not permitted", HIGH, "display", ""),
        ("messages.0.content.0.cache_control: Extra inputs", {}, "cache_control", ""),
        ("max_tokens: 32000 > 8192, which is the maximum allowed", {}, "32000", ""),
    ],
)
async def test_what_is_refused_is_done_without(
    said: str, settings: Any, gone: str, told: str
) -> None:
    asked = Asked(refusal(said), OK, OK)
    wanted = ChatSettings(**settings)
    model = "claude-opus-4-6"
    response = await asked.ask(model=model, settings=wanted, system_prompt="s", tools=TOOLS)
    assert told in response.notice
    await asked.ask(model=model, settings=wanted, system_prompt="s", tools=TOOLS)
    first, *later = map(json.dumps, asked.bodies)
    assert gone in first
    assert all(gone not in body for body in later)


async def test_what_is_known_to_be_refused_is_not_sent() -> None:
    asked = Asked(OK)
    response = await asked.ask(settings=ChatSettings(temperature=0.5, seed=1))
    assert "temperature" not in asked.bodies[0]
    assert response.notice.endswith("temperature, seed.")


async def test_a_limit_of_one_s_own_is_not_lowered() -> None:
    asked = Asked(refusal("max_tokens: 99999 > 8192, which is the maximum allowed"))
    with pytest.raises(BadRequestError, match="8192"):
        await asked.ask(settings=ChatSettings(max_tokens=99_999))


@pytest.mark.parametrize(
    ("model", "sent"),
    [
        ("claude-sonnet-4-5", "output_config"),
        ("claude-3-haiku-20240307", "tool_choice"),
    ],
)
async def test_how_an_answer_is_bound(model: str, sent: str) -> None:
    asked = Asked(OK)
    await asked.ask(model=model, response_format=SCHEMA)
    assert sent in asked.bodies[0]


async def test_a_refused_schema_is_forced_by_a_tool_or_told_in_words() -> None:
    said = "output_config.format.schema: Schema is too complex."
    forced = Asked(refusal(said), refusal("tool_choice: not supported"), OK)
    await forced.ask(model="claude-sonnet-4-5", response_format=SCHEMA)
    _, second, third = forced.bodies
    assert second["tool_choice"] == {"type": "tool", "name": "answer"}
    assert "JSON schema" in third["system"][0]["text"]
    assert "tool_choice" not in third
    thinking = Asked(refusal(said), OK)
    await thinking.ask(response_format=SCHEMA)
    assert "JSON schema" in thinking.bodies[1]["system"][0]["text"]


async def test_an_open_object_is_never_closed() -> None:
    counts = {"type": "object", "additionalProperties": {"type": "integer"}}
    schema = {"type": "object", "properties": {"counts": counts}}
    asked = Asked(OK)
    await asked.ask(model="claude-sonnet-4-5", response_format=schema)
    assert asked.bodies[0]["tools"][0]["input_schema"]["properties"] == {"counts": counts}


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
    assert response.usage == Usage(1372, 70, 0, None, 0)
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
