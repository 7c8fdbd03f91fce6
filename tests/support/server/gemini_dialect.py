"""Encodes an answer as Gemini's streamGenerateContent. Pure functions.

Source: ai.google.dev, the reference of GenerateContentResponse.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tests.support.server.dialects import Script, message_of, sse_event
from tests.support.server.scenario import Answer, ToolCall

SIGNATURE = "CiQBc3RhbmQtaW4="

Record = dict[str, Any]
_WAIT = b": wait\n\n"
_WORDS = {"stop": "STOP", "tool_calls": "STOP", "length": "MAX_TOKENS"}


def gemini_script(answer: Answer, _body: Mapping[str, Any]) -> Script:
    """A streamed answer. A call comes whole, with the last of its deltas."""

    def write(record: Record) -> bytes:
        return sse_event(record, answer.framing, 0)

    deltas = tuple(_WAIT if part is None else write(_chunk([part])) for part in _parts(answer))
    end = _chunk([{"text": ""}])
    end["candidates"][0]["finishReason"] = _WORDS.get(answer.reason or "", answer.reason)
    if answer.send_usage != "never":
        made = {"candidatesTokenCount": answer.usage.completion}
        end["usageMetadata"] = {"promptTokenCount": answer.usage.prompt, **made}
    error = {"code": 500, "message": message_of(answer), "status": "INTERNAL"}
    tail = () if answer.reason is None else (write(end),)
    lead = b"\xef\xbb\xbf" if answer.framing.bom else b""
    return Script(answer.content_type, lead, deltas, tail, write({"error": error}))


def _chunk(parts: list[Record]) -> Record:
    candidate = {"content": {"role": "model", "parts": parts}, "index": 0}
    return {"candidates": [candidate], "modelVersion": "stand-in", "responseId": "r_stand_in"}


def _parts(answer: Answer) -> Iterator[Record | None]:
    yield from ({"text": text, "thought": True} for text in answer.thinking_parts)
    yield from ({"text": text} for text in answer.text_parts)
    for index, call in enumerate(answer.tool_calls):
        yield from (None for _ in call.parts[1:])
        yield _call(call) | ({"thoughtSignature": SIGNATURE} if index == 0 else {})


def _call(call: ToolCall) -> Record:
    try:
        given = json.loads(call.arguments)
    except ValueError:
        given = {}
    return {"functionCall": {"id": call.id, "name": call.name, "args": given}}
