"""The Anthropic provider over scripted answers."""

from __future__ import annotations

import json
from typing import Any

from runt_pyodide.config import AIConfig
from runt_pyodide.llm.anthropic.provider import AnthropicProvider
from runt_pyodide.llm.messages import AIResponse, ChatRequest, Message, ToolSpec
from runt_pyodide.llm.registry import ProviderRegistry
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport
from tests.support.data import DATA
from tests.support.server.captures import parse_capture
from tests.support.services.answers import told
from tests.support.services.native.anthropic import stream
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
    """A provider, its transport, and the bodies that it sent."""

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
