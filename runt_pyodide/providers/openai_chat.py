"""OpenAI's chat completions as two mappings: a request to a body, a stream's records to deltas.

Source: openai-python `types/chat/chat_completion_chunk.py` and `_streaming.py`, and captures of
compatible servers (`tests/data/captures`), whose departures are named where they are allowed for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..errors import CutStreamError, ProtocolError
from ..messages import (
    ChatRequest,
    Delta,
    FinishDelta,
    FinishReason,
    Message,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    Usage,
    UsageDelta,
)
from ..wire.surrogates import SurrogateJoiner
from .failure import error_of_complaint, read_complaint

_FINISH: dict[str, FinishReason] = {
    "stop": "stop",
    "length": "length",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "content_filter": "content_filter",
}


def build_body(request: ChatRequest, *, max_tokens_key: str = "max_tokens") -> dict[str, Any]:
    """The JSON body of a streamed request. What was not asked for is left out: several servers
    answer an empty ``tools`` list or a null with HTTP 400."""
    messages = [_map_message(message) for message in request.messages]
    if request.system_prompt:
        messages.insert(0, {"role": "system", "content": request.system_prompt})
    body: dict[str, Any] = {
        "model": request.model,
        "messages": messages,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if request.settings.temperature is not None:
        body["temperature"] = request.settings.temperature
    if request.settings.max_tokens is not None:
        body[max_tokens_key] = request.settings.max_tokens
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


def _map_message(message: Message) -> dict[str, Any]:
    mapped: dict[str, Any] = {"role": message.role, "content": message.content}
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


class ChunkReader:
    """The records of one stream to deltas. Call ``end`` when the stream is over."""

    def __init__(self) -> None:
        self._text = SurrogateJoiner()
        self._thinking = SurrogateJoiner()
        self._calls = _CallIndex()
        self._finish: FinishReason | None = None
        self._started = False
        self.done = False

    def read(self, data: str) -> list[Delta]:
        """The deltas in one record, the data of a server-sent event.

        Raises the ProviderError that it reports, and ProtocolError where it is no chunk.
        """
        if self.done:
            return []
        # openai-python compares with startswith: servers add white space and more.
        if data.startswith("[DONE]"):
            self.done = True
            return []
        try:
            chunk = json.loads(data)
        except ValueError:
            raise ProtocolError(f"The server sent what is no JSON: {data[:200]}") from None
        if not isinstance(chunk, Mapping):
            raise ProtocolError(f"The server sent what is no chunk of an answer: {data[:200]}")
        if chunk.get("error"):
            raise error_of_complaint(read_complaint(chunk["error"]))
        self._started = True
        try:
            return self._read_chunk(chunk)
        except (AttributeError, TypeError):
            # Something within is of another kind than the protocol says.
            raise ProtocolError(f"The server sent a malformed chunk: {data[:200]}") from None

    def end(self) -> list[Delta]:
        """The last deltas. Raises CutStreamError where the stream ended before the answer did."""
        if self._finish is None and not self.done:
            when = "in the middle of the answer" if self._started else "before the answer began"
            raise CutStreamError(f"The connection ended {when}.")
        deltas: list[Delta] = []
        if thinking := self._thinking.end():
            deltas.append(ThinkingDelta(thinking))
        if text := self._text.end():
            deltas.append(TextDelta(text))
        # Several servers finish with "stop" after tool calls.
        called = self._calls.any and self._finish in (None, "stop")
        deltas.append(FinishDelta("tool_calls" if called else self._finish or "stop"))
        return deltas

    def _read_chunk(self, chunk: Mapping[str, Any]) -> list[Delta]:
        deltas: list[Delta] = []
        for choice in chunk.get("choices") or ():
            # A server that does not stream sends the whole message in one record.
            delta = choice.get("delta") or choice.get("message") or {}
            deltas += self._read_delta(delta)
            if reason := choice.get("finish_reason"):
                self._finish = _FINISH.get(reason, "stop")
        if usage := chunk.get("usage"):
            deltas.append(UsageDelta(_read_usage(usage)))
        return deltas

    def _read_delta(self, delta: Mapping[str, Any]) -> list[Delta]:
        deltas: list[Delta] = []
        # OpenAI has neither of the two; compatible servers send one or the other.
        thinking = delta.get("reasoning_content") or delta.get("reasoning")
        if isinstance(thinking, str) and (whole := self._thinking.feed(thinking)):
            deltas.append(ThinkingDelta(whole))
        text = delta.get("content") or delta.get("refusal")
        if isinstance(text, str) and (whole := self._text.feed(text)):
            deltas.append(TextDelta(whole))
        deltas += [self._calls.read(call) for call in delta.get("tool_calls") or ()]
        return deltas


class _CallIndex:
    """Gives the pieces of a turn's calls one index a call.

    In a delta only ``index`` is sure, and not even that everywhere: servers leave it out, send 0
    for every call of several, or repeat id and name in every piece. A new id is a new call; a
    piece without one belongs to the last call of its index.
    """

    def __init__(self) -> None:
        self._by_place: dict[int, int] = {}
        self._ids: list[str | None] = []
        self._last = -1

    @property
    def any(self) -> bool:
        return bool(self._ids)

    def read(self, call: Mapping[str, Any]) -> ToolCallDelta:
        function = call.get("function") or {}
        arguments = function.get("arguments") or ""
        if not isinstance(arguments, str):
            arguments = json.dumps(arguments)
        known = len(self._ids)
        index = self._find(call.get("index"), call.get("id") or None)
        if index < known:
            return ToolCallDelta(index, arguments=arguments)
        # A server without ids gets ones of ours: the reply to a call names it by its id.
        call_id = call.get("id") or f"call_{index}"
        return ToolCallDelta(index, call_id, function.get("name") or "", arguments)

    def _find(self, place: int | None, call_id: str | None) -> int:
        index = self._last if place is None else self._by_place.get(place, -1)
        if index < 0 or (call_id is not None and self._ids[index] not in (None, call_id)):
            index = len(self._ids)
            self._ids.append(call_id)
        self._last = index
        if place is not None:
            self._by_place[place] = index
        return index


def _read_usage(usage: Mapping[str, Any]) -> Usage:
    prompt = usage.get("prompt_tokens_details") or {}
    completion = usage.get("completion_tokens_details") or {}
    return Usage(
        input_tokens=usage.get("prompt_tokens"),
        output_tokens=usage.get("completion_tokens"),
        cached_tokens=prompt.get("cached_tokens"),
        reasoning_tokens=completion.get("reasoning_tokens"),
    )
