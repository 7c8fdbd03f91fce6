"""The rigs of services that have a language of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from runt_pyodide.llm.provider import AIProvider
from runt_pyodide.llm.transport.base import Transport
from runt_pyodide.testing import Feature, Turn, Wire, WireRig
from tests.support.contract.rigs import configure, ends, halves, to_json

Record = dict[str, Any]


class AnthropicRig(WireRig):
    """Source: anthropic-sdk-python `types/raw_message_stream_event.py`."""

    name = "anthropic"
    cannot: frozenset[Feature] = frozenset({"refusal"})

    def connect(self, transport: Transport) -> AIProvider:
        return configure(self.name, {"type": "anthropic", "apiKey": self.key}, transport)

    def encode(self, turn: Turn) -> Wire:
        if turn.ending == "wrong key":
            said = {"type": "authentication_error", "message": f"invalid x-api-key: {self.key}"}
            return Wire(to_json({"type": "error", "error": said}), "application/json", 401)
        events = (
            f"event: {record['type']}\n".encode() + b"data: " + to_json(record) + b"\n\n"
            for record in self._records(turn)
        )
        return Wire(b"".join(events), "text/event-stream")

    def _records(self, turn: Turn) -> Iterator[Record]:
        given, made = turn.usage or (None, None)
        usage = {} if given is None else {"usage": {"input_tokens": given, "output_tokens": 1}}
        yield {"type": "message_start", "message": {"content": [], "stop_reason": None, **usage}}
        for index, (block, deltas) in enumerate(self._blocks(turn)):
            yield {"type": "content_block_start", "index": index, "content_block": block}
            yield from (
                {"type": "content_block_delta", "index": index, "delta": one} for one in deltas
            )
            yield {"type": "content_block_stop", "index": index}
        if turn.ending == "error":
            said = {"type": "api_error", "message": "The model fell over"}
            yield {"type": "error", "error": said}
        if ends(turn):
            word = "max_tokens" if turn.ending == "length" else "end_turn"
            ending = {"stop_reason": "tool_use" if turn.calls and word == "end_turn" else word}
            counted = {} if made is None else {"usage": {"output_tokens": made}}
            yield {"type": "message_delta", "delta": ending, **counted}
            yield {"type": "message_stop"}

    def _blocks(self, turn: Turn) -> Iterator[tuple[Record, list[Record]]]:
        if turn.thinking:
            pieces = [{"type": "thinking_delta", "thinking": text} for text in turn.thinking]
            signed = {"type": "signature_delta", "signature": "c2ln"}
            yield {"type": "thinking", "thinking": "", "signature": ""}, [*pieces, signed]
        if turn.text:
            pieces = [{"type": "text_delta", "text": text} for text in turn.text]
            yield {"type": "text", "text": ""}, pieces
        for call in turn.calls:
            parts = halves(json.dumps(call.arguments, ensure_ascii=False)) if call.arguments else ()
            pieces = [{"type": "input_json_delta", "partial_json": part} for part in ("", *parts)]
            yield {"type": "tool_use", "id": call.id, "name": call.name, "input": {}}, pieces


class GeminiRig(WireRig):
    """Source: ai.google.dev, the reference of GenerateContentResponse."""

    name = "gemini"
    cannot: frozenset[Feature] = frozenset({"refusal"})

    def connect(self, transport: Transport) -> AIProvider:
        return configure(self.name, {"type": "gemini", "apiKey": self.key}, transport)

    def encode(self, turn: Turn) -> Wire:
        if turn.ending == "wrong key":
            said = {"code": 401, "message": f"Bad key {self.key}", "status": "UNAUTHENTICATED"}
            return Wire(to_json([{"error": said}]), "application/json", 401)
        chunks = (b"data: " + to_json(record) + b"\r\n\r\n" for record in self._records(turn))
        return Wire(b"".join(chunks), "text/event-stream")

    def _records(self, turn: Turn) -> Iterator[Record]:
        parts: list[Record] = [{"text": text, "thought": True} for text in turn.thinking]
        parts += [{"text": text} for text in turn.text]
        for call in turn.calls:
            made = {"id": call.id, "name": call.name, "args": call.arguments}
            parts.append({"functionCall": made, "thoughtSignature": "c2ln"})
        for part in parts:
            yield {"candidates": [{"content": {"role": "model", "parts": [part]}}]}
        if turn.ending == "error":
            yield {"error": {"code": 500, "message": "The model fell over", "status": "INTERNAL"}}
        if ends(turn):
            word = "MAX_TOKENS" if turn.ending == "length" else "STOP"
            last: Record = {"candidates": [{"content": {}, "finishReason": word}]}
            if turn.usage is not None:
                given, made = turn.usage
                last["usageMetadata"] = {"promptTokenCount": given, "candidatesTokenCount": made}
            yield last
