"""Ollama's native chat as two mappings: a request to a body, a stream's records to deltas.

Source: ollama `docs/api.md`, `api/types.go` and `server/routes.go` (ChatHandler).
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ...json_text import read_json
from ..messages import (
    ChatRequest,
    ChatSettings,
    Delta,
    Message,
    ThinkingDelta,
    ToolCallDelta,
    ToolSpec,
    Usage,
    UsageDelta,
)
from ..wire.endings import Ending, read_ending
from ..wire.records import RecordReader
from ..wire.template import Layout
from ..wire.usage import read_usage

Think = bool | str | None

# What FinishDelta.state of a turn with calls holds: models go on from their own thinking.
_THINKING = "ollama.thinking"


def build_body(
    request: ChatRequest,
    *,
    num_ctx: int | None = None,
    think: Think = None,
    keep_alive: str | float | None = None,
) -> dict[str, Any]:
    """Return the JSON body of a streamed request. What was not asked for is left out. ``think`` may
    be true, or a level, only for a model that thinks: the server refuses it for others."""
    messages = [_map_message(message) for message in request.messages]
    if request.system_prompt:
        messages.insert(0, {"role": "system", "content": request.system_prompt})
    body: dict[str, Any] = {"model": request.model, "messages": messages, "stream": True}
    if options := _map_settings(request.settings, num_ctx):
        body["options"] = options
    if request.tools:
        body["tools"] = [_map_tool(tool) for tool in request.tools]
    if request.response_format is not None:
        body["format"] = dict(request.response_format)
    if think is not None:
        body["think"] = think
    if keep_alive is not None:
        body["keep_alive"] = keep_alive
    return body


def _map_settings(settings: ChatSettings, num_ctx: int | None) -> dict[str, Any]:
    options = {
        "temperature": settings.temperature,
        "top_p": settings.top_p,
        "seed": settings.seed,
        "stop": list(settings.stop) or None,
        "num_predict": settings.max_tokens,
        "num_ctx": num_ctx,
    }
    return {name: value for name, value in options.items() if value is not None}


def _map_message(message: Message) -> dict[str, Any]:
    mapped: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.images:
        mapped["images"] = [image.data for image in message.images]
    if thinking := "".join(_read_state(item) for item in message.state):
        mapped["thinking"] = thinking
    if message.tool_calls:
        mapped["tool_calls"] = [
            {
                "id": call.id,
                "function": {"name": call.name, "arguments": _read_arguments(call.arguments)},
            }
            for call in message.tool_calls
        ]
    if message.role == "tool":
        mapped["tool_name"] = message.tool_name or ""
        # Newer servers tell two calls of one tool apart by it; older ones ignore it.
        mapped["tool_call_id"] = message.tool_call_id or ""
    return mapped


def _read_state(item: Mapping[str, Any]) -> str:
    """Return the thinking in an item of state; "" if the item is another provider's."""
    thinking = item.get("thinking") if item.get("type") == _THINKING else ""
    return thinking if isinstance(thinking, str) else ""


def _read_arguments(text: str) -> dict[str, Any]:
    """Return the object that the wire wants; an empty one for a model's invalid JSON."""
    try:
        arguments = read_json(text)
    except ValueError:
        return {}
    return arguments if isinstance(arguments, dict) else {}


def _map_tool(tool: ToolSpec) -> dict[str, Any]:
    parameters = {"type": "object", "properties": {}, **tool.parameters}
    function = {"name": tool.name, "description": tool.description, "parameters": parameters}
    return {"type": "function", "function": function}


def new_call_id() -> str:
    """Return an id unlike any other: what was approved for one call must not count for the next."""
    return f"call_{uuid.uuid4().hex[:12]}"


class ChatReader(RecordReader):
    """Reads the records of one stream, its lines. ``new_id`` names the calls that the server left
    unnamed."""

    layout = Layout(
        texts=(("message", "content"), ("message", "thinking")), noise=(("created_at",),)
    )

    def __init__(self, new_id: Callable[[], str] = new_call_id) -> None:
        super().__init__()
        self._new_id = new_id
        self._thought: list[str] = []
        self._calls: dict[tuple[str, str, str], int] = {}
        self._ending: Ending | None = None
        self._usage: Usage | None = None

    def has_ended(self) -> bool:
        return self._ending is not None

    def read_end(self) -> list[Delta]:
        usage = [] if self._usage is None else [UsageDelta(self._usage)]
        ending = self._ending or read_ending("stop")
        finish = ending.finish(called=bool(self._calls))
        thought = "".join(self._thought) if finish.reason == "tool_calls" else ""
        state = ({"type": _THINKING, "thinking": thought},) if thought else ()
        return [*usage, replace(finish, state=state)]

    def read_record(self, record: Mapping[str, Any]) -> list[Delta]:
        deltas = self._read_message(record.get("message") or {})
        if record.get("done"):
            self.done = True
            self._ending = read_ending(record.get("done_reason") or "stop")
            self._usage = read_usage(record)
        return deltas

    def _read_message(self, message: Mapping[str, Any]) -> list[Delta]:
        deltas: list[Delta] = []
        if whole := self._thinking.feed(message.get("thinking") or ""):
            self._thought.append(whole)
            deltas.append(ThinkingDelta(whole))
        deltas += self.say(message.get("content") or "")
        calls = message.get("tool_calls") or ()
        for call in [calls] if isinstance(calls, Mapping) else calls:
            deltas += [] if call is None else self._read_call(call)
        return deltas

    def _read_call(self, call: Mapping[str, Any]) -> list[Delta]:
        """Return a call, which comes whole, unless it came before under the same id. Its arguments
        are an object, or text if the server only speaks like Ollama."""
        function = call.get("function") or {}
        arguments = function.get("arguments")
        if not isinstance(arguments, str):
            arguments = json.dumps(arguments or {}, ensure_ascii=False)
        call_id, name = call.get("id") or self._new_id(), function.get("name") or ""
        index = len(self._calls)
        if self._calls.setdefault((call_id, name, arguments), index) != index:
            return []
        return [ToolCallDelta(index, call_id, name, arguments)]
