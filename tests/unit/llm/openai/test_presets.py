"""Known servers by name: each can be configured, and what is known about it is respected."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from runt_pyodide.config import AIConfig, OpenAISettings
from runt_pyodide.errors import ConfigError
from runt_pyodide.llm.adaptation.shape import SHAPES
from runt_pyodide.llm.adaptation.wordings import NULL_CONTENT
from runt_pyodide.llm.messages import (
    AIResponse,
    ChatRequest,
    ChatSettings,
    Message,
    ToolCall,
    ToolSpec,
)
from runt_pyodide.llm.openai.parameters import RULES
from runt_pyodide.llm.openai.presets import PRESETS, UNKNOWN, preset_of_host
from runt_pyodide.llm.openai.provider import OpenAIProvider
from runt_pyodide.llm.openai.settings import normalise_base_url
from runt_pyodide.llm.registry import ProviderRegistry
from runt_pyodide.llm.services.known import SERVICES
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport

SSE = {"Content-Type": "text/event-stream"}


def stream(*deltas: dict[str, Any], finish: str = "stop") -> Scripted:
    chunks: list[Any] = [{"choices": [{"delta": delta}]} for delta in deltas]
    chunks.append({"choices": [{"delta": {}, "finish_reason": finish}]})
    return Scripted(200, SSE, [f"data: {json.dumps(chunk)}\n\n".encode() for chunk in chunks])


class Asked:
    def __init__(self, preset: str | None, *answers: Scripted, **settings: Any) -> None:
        self.transport = ScriptedTransport(answers)
        settings = {"preset": preset, "api_key": "k", **settings}
        self.provider = OpenAIProvider("x", OpenAISettings(**settings), self.transport)

    async def ask(self, *messages: Message) -> AIResponse:
        settings = ChatSettings(max_tokens=9, seed=1)
        tools = (ToolSpec("add", "Adds.", {"type": "object"}),) if messages else ()
        messages = messages or (Message("user", "hi"),)
        request = ChatRequest(messages, "m", tools, settings=settings)
        return await self.provider.execute_prompt(request)

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(request.body or b"") for request in self.transport.requests]


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_sound(name: str) -> None:
    preset = PRESETS[name]
    assert preset.base_url == "" or normalise_base_url(preset.base_url) == preset.base_url
    assert preset.is_local or preset.base_url.startswith("https://") or preset.hosts
    # A server of one's own asks for no key by default, a service always does.
    assert preset.is_local == (preset.key_from == "")
    assert preset.refuses <= {*SHAPES, NULL_CONTENT, *(rule.name for rule in RULES)}
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
    for pattern in (preset.hosts, preset.ids, *preset.excludes):
        re.compile(pattern)


@pytest.mark.parametrize("name", PRESETS)
def test_what_is_known_of_cors_has_a_date_and_what_nobody_checked_says_so(name: str) -> None:
    preset = PRESETS[name]
    assert preset.cors.endswith(".")
    assert re.fullmatch(r"(20\d\d(-\d\d)?)?", preset.cors_checked)
    if not preset.cors_checked:
        assert preset.cors_allows == "unknown"
        assert "obody" in preset.cors


@pytest.mark.parametrize("name", PRESETS)
async def test_every_preset_is_a_provider_by_its_name(name: str) -> None:
    transport = ScriptedTransport([stream({"content": "hi"})])
    preset, own = PRESETS[name], "https://me.openai.azure.com/openai/v1"
    given = {"apiKey": "k", **({} if preset.base_url else {"baseUrl": own})}
    # The name of a service alone means the service's own API.
    by_name = {"type": "openai", "preset": name} if name in SERVICES else {"type": name}
    config = AIConfig.read({"providers": {name: {**given, **by_name}, "own": by_name}})
    registry = ProviderRegistry.from_config(config, transport)
    asked = registry.require(name)
    answer = await asked.execute_prompt(ChatRequest((Message("user", "hi"),), "m"))
    assert (answer.text, asked.missing()) == ("hi", None)
    [request] = transport.requests
    assert request.url == (preset.base_url or own) + "/chat/completions"
    header = preset.key_header or "Authorization"
    assert request.headers[header] == ("k" if preset.key_header else "Bearer k")
    assert isinstance(registry.require("own"), OpenAIProvider)


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("api.openai.com", "openai"),
        ("eu.api.openai.com", "openai"),
        ("api.deepseek.com", "deepseek"),
        ("api.moonshot.cn", "moonshot"),
        ("me.openai.azure.com", "azure"),
        ("me.services.ai.azure.com", "azure"),
        ("dashscope.aliyuncs.com", "dashscope"),
        ("localhost:1234", None),
        ("api.openai.com.evil.example", None),
        ("evil.example", None),
    ],
)
def test_a_service_is_known_by_its_host(host: str, name: str | None) -> None:
    assert preset_of_host(host) is (PRESETS[name] if name else UNKNOWN)


AZURE = "https://me.openai.azure.com"


@pytest.mark.parametrize("preset", ["azure", None])
@pytest.mark.parametrize(
    ("base_url", "query", "url"),
    [
        (
            f"{AZURE}/openai/deployments/d/chat/completions?api-version=2025-01-01-preview",
            {},
            f"{AZURE}/openai/deployments/d/chat/completions?api-version=2025-01-01-preview",
        ),
        (
            f"{AZURE}/openai/deployments/d",
            {},
            f"{AZURE}/openai/deployments/d/chat/completions?api-version=2024-10-21",
        ),
        (
            AZURE,
            {"api-version": "2024-10-21"},
            f"{AZURE}/openai/deployments/m/chat/completions?api-version=2024-10-21",
        ),
        (AZURE, {}, f"{AZURE}/openai/v1/chat/completions"),
        (f"{AZURE}/openai/", {}, f"{AZURE}/openai/v1/chat/completions"),
        (f"{AZURE}/openai/v1/", {}, f"{AZURE}/openai/v1/chat/completions"),
    ],
)
async def test_azure_has_its_header_its_version_and_its_deployments(
    preset: str | None, base_url: str, query: dict[str, str], url: str
) -> None:
    asked = Asked(preset, stream({"content": "hi"}), base_url=base_url, query=query)
    await asked.ask()
    [request] = asked.transport.requests
    assert request.url == url
    assert request.headers == {"Content-Type": "application/json", "api-key": "k"}


def test_azure_wants_a_base_url_of_one_s_own() -> None:
    provider = Asked("azure").provider
    assert provider.missing() == (
        "The provider 'x' has no base URL: Azure OpenAI has none of its own."
    )
    assert (provider.base_url, provider.alternative_addresses()) == (None, ())


def test_where_a_key_comes_from_is_told() -> None:
    asked = Asked("groq", api_key=None)
    assert asked.provider.missing() == (
        "The provider 'x' has no API key (from https://console.groq.com/keys)."
    )
    assert Asked("vllm", api_key=None).provider.missing() is None
    # Behind a proxy of one's own the key may be the proxy's business.
    assert Asked("groq", api_key=None, base_url="http://x/v1").provider.missing() is None


def test_a_base_url_of_one_s_own_is_kept() -> None:
    asked = Asked("litellm", base_url="box:4000")
    assert repr(asked.provider) == "OpenAIProvider('x', 'http://box:4000/v1')"


def test_an_unknown_preset_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match=r"no preset is named 'grok'; known: .*groq.*vllm"):
        AIConfig.read({"providers": {"openai": {"preset": "grok"}}})
    with pytest.raises(ConfigError, match=r"Known types: .*openai.*Presets of openai: .*groq"):
        AIConfig.read({"providers": {"grok": {}}})


async def test_mistral_is_sent_what_it_takes() -> None:
    asked = Asked("mistral", stream({"content": "hi"}))
    await asked.ask()
    assert asked.bodies == [
        {
            "model": "m",
            "messages": [{"role": "user", "content": "hi"}],
            "stream": True,
            "max_tokens": 9,
            "random_seed": 1,
        }
    ]


CALL = {"index": 0, "id": "a", "function": {"name": "add", "arguments": "{}"}}


async def test_deepseek_gets_the_thinking_of_every_message_back() -> None:
    thought = ({"reasoning_content": "I "}, {"reasoning_content": "add."})
    first = stream(*thought, {"tool_calls": [CALL]}, finish="tool_calls")
    asked = Asked("deepseek", first, stream(*thought, {"content": "3"}))
    answer = await asked.ask()
    called = Message("assistant", "", tool_calls=answer.tool_calls, state=answer.state)
    last = await asked.ask(called, Message("tool", "3", tool_call_id="a"))
    sent = asked.bodies[1]["messages"][0]
    assert sent["reasoning_content"] == "I add."
    assert sent["tool_calls"][0]["id"] == "a"
    assert "type" not in sent
    assert last.thinking == "I add."
    said = Message("assistant", "3", state=last.state)
    assert asked.provider.state_size(said, "m") == len('{"reasoning_content": "I add."}')


async def test_others_get_no_thinking_back() -> None:
    first = stream({"reasoning_content": "I add."}, {"tool_calls": [CALL]}, finish="tool_calls")
    asked = Asked("groq", first, stream({"content": "3"}))
    answer = await asked.ask()
    assert (answer.thinking, answer.tool_calls) == ("I add.", (ToolCall("a", "add", "{}"),))
    called = Message("assistant", "", tool_calls=answer.tool_calls, state=answer.state)
    await asked.ask(called, Message("tool", "3", tool_call_id="a"))
    assert "reasoning_content" not in asked.bodies[1]["messages"][0]
    assert asked.provider.state_size(called, "m") == 0


def refusal(said: str) -> Scripted:
    return Scripted(400, {}, [json.dumps({"error": {"message": said}}).encode()])


MISSING = refusal("reasoning_content is missing in assistant tool call message at index 1")
TOO_MUCH = refusal("property 'reasoning_content' is unsupported")
HI = stream({"content": "hi"})


@pytest.mark.parametrize(
    ("preset", "answers", "sent"),
    [
        ("vllm", (MISSING, HI), [False, True]),
        ("vllm", (MISSING, TOO_MUCH, HI), [False, True, False]),
        ("deepseek", (TOO_MUCH, HI), [True, False]),
    ],
)
async def test_what_goes_back_is_learnt_of_each_model(
    preset: str, answers: tuple[Scripted, ...], sent: list[bool]
) -> None:
    asked = Asked(preset, *answers, HI)
    state = ({"type": "openai.chat", "reasoning_content": "I add."},)
    called = Message("assistant", "", tool_calls=(ToolCall("a", "add", "{}"),), state=state)
    conversation = (Message("user", "1 + 2"), called, Message("tool", "3", tool_call_id="a"))
    for _ in range(2):
        assert (await asked.ask(*conversation)).text == "hi"
    bodies = [
        [one for one in body["messages"] if one["role"] == "assistant"] for body in asked.bodies
    ]
    assert ["reasoning_content" in one for (one,) in bodies] == [*sent, sent[-1]]
    assert (asked.provider.state_size(called, "m") > 0) == sent[-1]
