"""One rig per provider: it encodes a given turn as the service would send it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal

from runt_pyodide.config import AIConfig
from runt_pyodide.llm.provider import AIProvider
from runt_pyodide.llm.registry import ProviderRegistry
from runt_pyodide.llm.transport.base import Request, Transport
from runt_pyodide.llm.transport.scripted import ScriptedTransport
from runt_pyodide.testing import WHOLE, Delivery, Feature, Rig, Turn, Wire, WireRig

Record = dict[str, Any]


class OpenAIRig(WireRig):
    """Both APIs of OpenAI: the same provider, the same errors before the answer."""

    api: Literal["chat", "responses"]

    def connect(self, transport: Transport) -> AIProvider:
        settings = {"type": "openai", "apiKey": self.key, "api": self.api}
        return configure(self.name, settings, transport)

    def encode(self, turn: Turn) -> Wire:
        if turn.ending == "wrong key":
            said = f"Incorrect API key provided: {self.key}."
            error = {"message": said, "type": "invalid_request_error", "code": "invalid_api_key"}
            return Wire(to_json({"error": error}), "application/json", 401)
        body = b"".join(b"data: " + to_json(record) + b"\n\n" for record in self.records(turn))
        end = b"data: [DONE]\n\n" if self.api == "chat" and ends(turn) else b""
        return Wire(body + end, "text/event-stream")

    def records(self, turn: Turn) -> Iterator[Record]:
        raise NotImplementedError


class ChatRig(OpenAIRig):
    name, api = "openai-chat", "chat"

    def records(self, turn: Turn) -> Iterator[Record]:
        deltas: list[Record] = [{"role": "assistant", "content": ""}]
        deltas += [{"reasoning_content": text} for text in turn.thinking]
        deltas += [{"refusal": text} for text in turn.refusal]
        deltas += [{"content": text} for text in turn.text]
        for index, call in enumerate(turn.calls):
            named = {"name": call.name, "arguments": ""}
            deltas.append(_call({"index": index, "id": call.id, "function": named}))
            for piece in halves(json.dumps(call.arguments, ensure_ascii=False)):
                deltas.append(_call({"index": index, "function": {"arguments": piece}}))
        yield from map(_chunk, deltas)
        if turn.ending == "error":
            yield {"error": {"message": "The model fell over", "type": "server_error"}}
        if ends(turn):
            finish = "tool_calls" if turn.calls else "stop"
            yield _chunk({}, "length" if turn.ending == "length" else finish)
        if turn.usage is not None:
            usage = {"prompt_tokens": turn.usage[0], "completion_tokens": turn.usage[1]}
            yield {"choices": [], "usage": usage}


class ResponsesRig(OpenAIRig):
    """Source: openai-python `types/responses/`."""

    name, api = "openai-responses", "responses"

    def records(self, turn: Turn) -> Iterator[Record]:
        items = [*self._items(turn)]
        response: Record = {"id": "resp_1", "object": "response", "output": []}
        yield {"type": "response.created", "response": {**response, "status": "in_progress"}}
        for place, (item, deltas) in enumerate(items):
            begun = {**item, "status": "in_progress"}
            for empty in {"content", "summary"} & {*item}:
                begun[empty] = []
            if item["type"] == "function_call":
                begun["arguments"] = ""
            at = {"output_index": place}
            yield {"type": "response.output_item.added", "item": begun, **at}
            for delta in deltas:
                yield {**delta, "item_id": item["id"], **at}
            if turn.ending == "end":
                yield {"type": "response.output_item.done", "item": item, **at}
        if turn.ending == "error":
            yield {"type": "error", "message": "The model fell over", "code": "server_error"}
        if ends(turn):
            response["output"] = [item for item, _ in items]
            if turn.usage is not None:
                counted = {"input_tokens": turn.usage[0], "output_tokens": turn.usage[1]}
                response["usage"] = counted
            status = "incomplete" if turn.ending == "length" else "completed"
            if turn.ending == "length":
                response["incomplete_details"] = {"reason": "max_output_tokens"}
            yield {"type": f"response.{status}", "response": {**response, "status": status}}

    def _items(self, turn: Turn) -> Iterator[tuple[Record, list[Record]]]:
        """The items of the output, each with the events that stream it."""
        if turn.thinking:
            summary = [{"type": "summary_text", "text": "".join(turn.thinking)}]
            kind = "response.reasoning_summary_text.delta"
            deltas = [{"type": kind, "summary_index": 0, "delta": text} for text in turn.thinking]
            yield {"type": "reasoning", "id": "rs_1", "summary": summary}, deltas
        for said, kind in ((turn.refusal, "refusal"), (turn.text, "output_text")):
            if said:
                name = "refusal" if kind == "refusal" else "text"
                content = [{"type": kind, name: "".join(said)}]
                message = {"type": "message", "role": "assistant", "content": content}
                event = {"type": f"response.{kind}.delta", "content_index": 0}
                yield {"id": f"msg_{kind}", **message}, [{**event, "delta": text} for text in said]
        for place, call in enumerate(turn.calls):
            arguments = json.dumps(call.arguments, ensure_ascii=False)
            item = {"type": "function_call", "call_id": call.id, "name": call.name}
            event = {"type": "response.function_call_arguments.delta"}
            deltas = [{**event, "delta": piece} for piece in halves(arguments)]
            yield {**item, "id": f"fc_{place}", "arguments": arguments}, deltas


class OllamaRig(WireRig):
    """Source: ollama `docs/api.md`, `api/types.go`."""

    name = "ollama"
    cannot: frozenset[Feature] = frozenset({"call ids", "refusal"})

    def connect(self, transport: Transport) -> AIProvider:
        return configure(self.name, {"type": "ollama", "apiKey": self.key}, transport)

    def aside(self, request: Request) -> Wire | None:
        if not request.url.endswith("/api/show"):
            return None
        able = ["completion", "tools", "vision", "thinking"]
        info = {"general.architecture": "llama", "llama.context_length": 8192}
        return Wire(to_json({"capabilities": able, "model_info": info}), "application/json")

    def encode(self, turn: Turn) -> Wire:
        if turn.ending == "wrong key":
            return Wire(to_json({"error": f"unauthorized: {self.key}"}), "application/json", 401)
        lines = [to_json(record) + b"\n" for record in self._records(turn)]
        return Wire(b"".join(lines), "application/x-ndjson")

    def _records(self, turn: Turn) -> Iterator[Record]:
        messages: list[Record] = [{"content": "", "thinking": text} for text in turn.thinking]
        messages += [{"content": text} for text in turn.text]
        for call in turn.calls:
            function = {"name": call.name, "arguments": call.arguments}
            messages.append({"content": "", "tool_calls": [{"function": function}]})
        for message in messages:
            yield _line(message, done=False)
        if turn.ending == "error":
            yield {"error": "The model fell over"}
        if ends(turn):
            last = _line({"content": ""}, done=True)
            last["done_reason"] = "length" if turn.ending == "length" else "stop"
            if turn.usage is not None:
                last["prompt_eval_count"], last["eval_count"] = turn.usage
            yield last


class TestRig(Rig):
    """The Test provider has no key and no wire: its script stands for what a service would send."""

    __test__ = False
    name = "test"
    cannot: frozenset[Feature] = frozenset({"key", "refusal", "wire"})

    def provider(self, turn: Turn, delivery: Delivery = WHOLE) -> AIProvider:
        calls = [
            {"name": call.name, "arguments": call.arguments, "id": call.id} for call in turn.calls
        ]
        scripted: Record = {
            "text": "".join(turn.text),
            "thinking": "".join(turn.thinking),
            "toolCalls": calls,
        }
        if turn.usage is not None:
            scripted["usage"] = {"inputTokens": turn.usage[0], "outputTokens": turn.usage[1]}
        if turn.ending == "length":
            scripted["finish"] = "length"
        elif turn.ending != "end":
            scripted["fault"] = turn.ending
        settings = {"type": "test", "responses": [{"pattern": "", "turns": [scripted]}]}
        return configure(self.name, settings, ScriptedTransport())


def configure(name: str, settings: Record, transport: Transport) -> AIProvider:
    config = AIConfig.read({"providers": {name: settings}})
    return ProviderRegistry.from_config(config, transport).require(name)


def ends(turn: Turn) -> bool:
    return turn.ending in ("end", "length")


def halves(text: str) -> tuple[str, str]:
    return text[: len(text) // 2], text[len(text) // 2 :]


def _chunk(delta: Record, finish: str | None = None) -> Record:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


def _call(call: Record) -> Record:
    return {"tool_calls": [call]}


def _line(message: Record, *, done: bool) -> Record:
    return {"model": "m", "message": {"role": "assistant", **message}, "done": done}


def to_json(value: Record) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
