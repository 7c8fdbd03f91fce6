"""OpenAI's chat completions as two mappings: a request to a body, a stream's records to deltas.

The reader follows OpenAI's protocol, and lets compatible servers depart from it in every way that
has one meaning only; each departure is named beside the line that allows it. Source: openai-python
`types/chat/chat_completion_chunk.py` and `_streaming.py`, and captures of compatible servers
(`tests/data/captures`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ...errors import CutStreamError
from ..adaptation.wordings import EMPTY_CONTENT, NULL_CONTENT
from ..messages import (
    ChatRequest,
    ChatSettings,
    Delta,
    FinishDelta,
    FinishReason,
    Image,
    Message,
    Usage,
    UsageDelta,
)
from ..wire.records import RecordReader
from .chat_calls import CallReader
from .chat_state import Returns, StateReader, map_call_states, map_state

_FINISH: dict[str, FinishReason] = {
    "stop": "stop",
    "length": "length",
    "model_length": "length",  # Mistral, at the end of the window
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "content_filter": "content_filter",
}
# The answer ended before its end: Mistral and OpenRouter, vLLM, DeepSeek.
_BROKEN = frozenset(("error", "abort", "insufficient_system_resource"))


def build_body(
    request: ChatRequest,
    returns: Returns | None = None,
    named: Collection[str] = (),
    refused: Collection[str] = (),
) -> dict[str, Any]:
    """Return the JSON body of a streamed request. What was not asked for is left out, since several
    servers answer an empty ``tools`` list or a null with HTTP 400.

    ``returns`` are the fields of its own messages that the server wants back, and ``named`` those
    of which it said so (see ``chat_state``). Of what is ``refused``, this knows what concerns the
    contents of messages.
    """
    messages = [_map_message(message, refused) for message in request.messages]
    for message, mapped in zip(request.messages, messages, strict=True):
        mapped |= map_state(message, returns or {}, request.model, named)
        states = map_call_states(message, returns or {}, request.model, named)
        for call, state in zip(mapped.get("tool_calls", ()), states, strict=True):
            call |= state
    if request.system_prompt:
        messages.insert(0, {"role": "system", "content": request.system_prompt})
    body: dict[str, Any] = {
        "model": request.model,
        "messages": messages,
        "stream": True,
        "stream_options": {"include_usage": True},
        **_map_settings(request.settings),
    }
    if request.tools:
        body["tools"] = [
            {
                "type": "function",
                "function": {
                    "name": tool.name,
                    "description": tool.description,
                    "parameters": dict(tool.parameters),
                },
            }
            for tool in request.tools
        ]
    if request.response_format is not None:
        schema = {"name": "answer", "schema": dict(request.response_format), "strict": True}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    return body


def _map_settings(settings: ChatSettings) -> dict[str, Any]:
    wanted = {
        "temperature": settings.temperature,
        "max_tokens": settings.max_tokens,
        "top_p": settings.top_p,
        "seed": settings.seed,
        "stop": [*settings.stop] or None,
        "reasoning_effort": settings.reasoning_effort,
    }
    return {name: value for name, value in wanted.items() if value is not None}


def _map_message(message: Message, refused: Collection[str]) -> dict[str, Any]:
    mapped: dict[str, Any] = {"role": message.role, "content": _map_content(message, refused)}
    if message.tool_calls:
        mapped["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": call.arguments},
            }
            for call in message.tool_calls
        ]
    if message.tool_call_id is not None:
        mapped["tool_call_id"] = message.tool_call_id
    return mapped


def _map_content(message: Message, refused: Collection[str]) -> Any:
    """Return the content of a message: null beside calls without text, as OpenAI has it, unless
    the server wants text ("" is taken by DeepSeek and Moonshot) or even some (Bedrock)."""
    if message.tool_calls and not message.content.strip():
        if EMPTY_CONTENT in refused:
            return f"(calls {', '.join(call.name for call in message.tool_calls)})"
        return "" if NULL_CONTENT in refused else None
    if not message.images:
        return message.content
    text = [{"type": "text", "text": message.content}] if message.content.strip() else []
    images = ({"type": "image_url", "image_url": _map_image(one)} for one in message.images)
    return [*text, *images]


def _map_image(image: Image) -> dict[str, str]:
    return {"url": f"data:{image.media_type};base64,{image.data}", "detail": "auto"}


class ChunkReader(RecordReader):
    """Reads the records of one stream, the data of its server-sent events."""

    def __init__(self) -> None:
        super().__init__()
        self._calls = CallReader()
        self._state = StateReader()
        self._broken = ""
        self._finish: FinishReason | None = None

    def read(self, data: str) -> list[Delta]:
        # openai-python compares with startswith: servers add white space and more.
        if data.startswith("[DONE]"):
            self.done = True
        return super().read(data)

    def has_ended(self) -> bool:
        if self._broken:
            raise CutStreamError(f"The server ended the answer early ({self._broken}).")
        return self._finish is not None or self.done

    def read_end(self) -> list[Delta]:
        reason = self._finish or "stop"
        if reason in ("stop", "tool_calls"):
            # Several servers finish with "stop" after tool calls.
            reason = "tool_calls" if self._calls.any else "stop"
        return [*self._calls.end(), FinishDelta(reason, state=self._state.state())]

    @property
    def keeps_more(self) -> bool:
        return self._state.has_parts

    def read_record(self, record: Mapping[str, Any]) -> list[Delta]:
        deltas: list[Delta] = []
        for choice in record.get("choices") or ():
            # A server that does not stream sends the whole message in one record.
            delta = choice.get("delta") or choice.get("message") or {}
            deltas += self._read_delta(delta, record.get("id"))
            if reason := choice.get("finish_reason"):
                self._finish = _FINISH.get(reason, "stop")
                self._broken = reason if reason in _BROKEN else ""
        # Groq sends it in an object of its own if it was not asked for in OpenAI's way.
        if usage := record.get("usage") or (record.get("x_groq") or {}).get("usage"):
            deltas.append(UsageDelta(_read_usage(usage)))
        return deltas

    def _read_delta(self, delta: Mapping[str, Any], answer_id: str | None) -> list[Delta]:
        deltas: list[Delta] = []
        self._state.read(delta)
        text, thought = _split_content(delta.get("content") or delta.get("refusal"))
        # OpenAI sends neither of these; compatible servers send one or the other.
        thinking = thought or delta.get("reasoning_content") or delta.get("reasoning")
        if isinstance(thinking, str):
            deltas += self.think(thinking)
        if text:
            deltas += self.say(text)
        for call in delta.get("tool_calls") or ():
            deltas += self._calls.read(call, answer_id)
        return deltas


def _split_content(content: Any) -> tuple[str, str]:
    """Return the text and the thinking of a content. Mistral's reasoning models send a list of
    parts, in which thinking is a list of parts again."""
    if isinstance(content, str):
        return content, ""
    text, thinking = "", ""
    for part in content or ():
        if part["type"] == "thinking":
            thinking += "".join(_split_content(part["thinking"]))
        else:
            text += part.get("text") or ""
    return text, thinking


def _read_usage(usage: Mapping[str, Any]) -> Usage:
    prompt = usage.get("prompt_tokens_details") or {}
    completion = usage.get("completion_tokens_details") or {}
    return Usage(
        input_tokens=usage.get("prompt_tokens"),
        output_tokens=usage.get("completion_tokens"),
        cached_tokens=prompt.get("cached_tokens"),
        reasoning_tokens=completion.get("reasoning_tokens"),
    )
