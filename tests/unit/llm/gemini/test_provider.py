"""The Gemini provider: what goes out, and what refusals teach."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runt_pyodide.config import AIConfig
from runt_pyodide.errors import AuthenticationError, RateLimitError
from runt_pyodide.llm.gemini.provider import GeminiProvider
from runt_pyodide.llm.messages import AIResponse, ChatRequest, ChatSettings, Message, ToolSpec
from runt_pyodide.llm.registry import ProviderRegistry
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport
from tests.support.services.answers import told
from tests.support.services.native.gemini import stream
from tests.support.services.native.service import events

MODEL = "gemini-3.8-flash"
BASE = "https://generativelanguage.googleapis.com/v1beta"
SSE = {"content-type": "text/event-stream"}
OK = Scripted(200, SSE, [events(stream([{"text": "ok"}]))])
HIGH = {"reasoning_effort": "high"}
SCHEMA = {"type": "object", "properties": {"value": {"type": "integer"}}}
TOOLS = (ToolSpec("weather", "", {"type": "object"}),)


def refusal(message: str, status: int = 400, **more: Any) -> Scripted:
    error = {"code": status, "message": message, "status": "INVALID_ARGUMENT", **more}
    return told([{"error": error}], status)


class Asked:
    def __init__(self, *answers: Scripted, **settings: Any) -> None:
        self.transport = ScriptedTransport(answers)
        config = AIConfig.read({"providers": {"gemini": {"api_key": "sk-1", **settings}}})
        made = ProviderRegistry.from_config(config, self.transport).require("gemini")
        assert isinstance(made, GeminiProvider)
        self.provider = made

    @property
    def configs(self) -> list[Any]:
        bodies = (json.loads(request.body or b"") for request in self.transport.requests)
        return [body["generationConfig"] for body in bodies]

    async def ask(self, model: str = MODEL, **more: Any) -> AIResponse:
        request = ChatRequest((Message("user", "hi"),), model, **more)
        return await self.provider.execute_prompt(request)


async def test_the_request() -> None:
    asked = Asked(OK)
    assert (await asked.ask(f"models/{MODEL}")).text == "ok"
    (request,) = asked.transport.requests
    assert request.url == f"{BASE}/models/{MODEL}:streamGenerateContent?alt=sse"
    assert request.headers == {"Content-Type": "application/json", "x-goog-api-key": "sk-1"}


async def test_a_query_of_one_s_own_stays() -> None:
    asked = Asked(OK, base_url="https://host/v1beta?team=blue")
    await asked.ask("m")
    url = asked.transport.requests[0].url
    assert url == "https://host/v1beta/models/m:streamGenerateContent?team=blue&alt=sse"
    assert asked.provider.alternative_addresses()


async def test_the_list_of_models() -> None:
    row = {"name": "models/gemini-x", "supportedGenerationMethods": ["generateContent"]}
    asked = Asked(told({"models": [row]}), told(row), model=MODEL)
    assert [one.name for one in await asked.provider.list_models()] == [MODEL, "gemini-x"]
    await asked.provider.check_model("gemini-x")
    listed, checked = asked.transport.requests
    assert listed.url == f"{BASE}/models?pageSize=1000"
    assert checked.url == f"{BASE}/models/gemini-x"


@pytest.mark.parametrize(
    ("said", "settings", "gone", "notice"),
    [
        ("Thinking level is not supported for this model.", HIGH, "thinkingLevel", "thinkingLevel"),
        ("Thinking is not enabled for models/x", {}, "thinkingConfig", ""),
        ("Unknown name \"seed\" at 'generation_config': Cannot find field.", {"seed": 1}, "seed",
         "seed"),
        ("Penalty or temperature is not enabled: 'temperature'", {"temperature": 1.0},
         "temperature", "temperature"),
    ],
)  # fmt: skip
async def test_what_is_refused_is_done_without(
    said: str, settings: Any, gone: str, notice: str
) -> None:
    asked = Asked(refusal(said), OK, OK)
    wanted = ChatSettings(**settings, max_tokens=9)
    assert notice in (await asked.ask(settings=wanted)).notice
    await asked.ask(settings=wanted)
    first, *later = map(json.dumps, asked.configs)
    assert gone in first
    assert all(gone not in config for config in later)


async def test_a_schema_beside_tools_is_told_in_words_where_it_is_refused() -> None:
    said = "Function calling with a response mime type: 'application/json' is unsupported"
    asked = Asked(refusal(said), OK)
    await asked.ask(response_format=SCHEMA, tools=TOOLS)
    assert "responseJsonSchema" not in asked.configs[1]
    assert b"JSON schema" in (asked.transport.requests[1].body or b"")


async def test_errors_come_in_lists() -> None:
    details = [{"reason": "API_KEY_INVALID"}]
    with pytest.raises(AuthenticationError):
        await Asked(refusal("API key not valid.", details=details)).ask()
    wait = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "22s"}]
    with pytest.raises(RateLimitError) as raised:
        await Asked(refusal("Quota exceeded for metric", 429, details=wait)).ask()
    assert raised.value.retry_after == 22
