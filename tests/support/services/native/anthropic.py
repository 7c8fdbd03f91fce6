"""Anthropic's Messages API, with the rules that its documentation gives and the words in which it
refuses. Source: platform.claude.com, "Errors", "Preserved thinking", "Adaptive thinking",
"Structured outputs", "Implement tool use" and "Prompt caching", November 2026."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from runt_pyodide.llm.transport.scripted import Scripted
from tests.support.services.answers import told
from tests.support.services.native.service import (
    CALLS,
    NUMBER,
    Body,
    NativeService,
    Record,
    events,
    seal,
)

BROWSER = "anthropic-dangerous-direct-browser-access"
MODELS = ("claude-opus-5-5", "claude-sonnet-4-5", "claude-3-5-haiku-20241022")
"""One that always thinks, one that thinks if it is given a budget, and one that cannot."""

_FIELDS = {
    *("model", "max_tokens", "messages", "stream", "system", "tools", "tool_choice", "thinking"),
    *("output_config", "temperature", "top_p", "top_k", "stop_sequences", "metadata"),
}
_MOST = {"claude-opus-5-5": 128_000, "claude-sonnet-4-5": 64_000}
_ID = re.compile(r"[a-zA-Z0-9_-]+")
_THOUGHT = "Rome, then."


class AnthropicService(NativeService):
    """``is_bound`` says that thinking is bound to all that stands before it."""

    @property
    def is_bound(self) -> bool:
        return self.model == MODELS[0]

    def let_in(self, headers: Mapping[str, str]) -> Scripted | None:
        if headers.get(BROWSER) != "true":
            said = f"CORS requests must set '{BROWSER}' header"
            return self.refuse(said, "authentication_error", 401)
        if not headers.get("x-api-key", "").startswith("sk-"):
            return self.refuse("invalid x-api-key", "authentication_error", 401)
        if headers.get("anthropic-version") != "2023-06-01":
            return self.refuse("anthropic-version: header is required")
        return None

    def list_models(self) -> Any:
        able = {"image_input": {"supported": True}, "thinking": {"supported": self.thinks_at_all}}
        model = {"type": "model", "id": self.model, "display_name": "A Claude"}
        return {"data": [{**model, "max_input_tokens": 200_000, "capabilities": able}]}

    def refuse(self, fault: str, kind: str = "invalid_request_error", status: int = 400) -> Any:
        error = {"type": kind, "message": fault}
        return told({"type": "error", "error": error, "request_id": "req_1"}, status)

    @property
    def thinks_at_all(self) -> bool:
        return self.model != MODELS[2]

    def find_faults(self, body: Body) -> Iterator[str]:
        yield from (f"{name}: Extra inputs are not permitted" for name in {*body} - _FIELDS)
        if "max_tokens" not in body:
            yield "max_tokens: Field required"
        elif body["max_tokens"] > (most := _MOST.get(self.model, 8192)):
            yield (
                f"max_tokens: {body['max_tokens']} > {most}, which is the maximum allowed number "
                f"of output tokens for {self.model}"
            )
        yield from _find_disorder(body["messages"])
        yield from self._find_changes(body)
        yield from self._find_unknown(body)
        marks = json.dumps(body).count('"cache_control"')
        if marks > 4:
            yield f"A maximum of 4 blocks with cache_control may be provided. Found {marks}."

    def _find_unknown(self, body: Body) -> Iterator[str]:
        """What this model does not take."""
        thinking, config = body.get("thinking", {}), body.get("output_config", {})
        kinds = {MODELS[0]: ("adaptive",), MODELS[1]: ("enabled", "disabled")}
        if thinking and thinking["type"] not in kinds.get(self.model, ()):
            yield f'"thinking.type.{thinking["type"]}" is not supported for this model.'
        if thinking.get("budget_tokens", 0) >= body["max_tokens"]:
            yield "`max_tokens` must be greater than `thinking.budget_tokens`."
        if "temperature" in body and self.is_bound:
            yield "`temperature` is deprecated for this model."
        if "temperature" in body and thinking.get("type") == "enabled":
            yield "`temperature` may only be set to 1 when thinking is enabled."
        if config and self.model == MODELS[2]:
            yield f"output_config: This model does not support {', '.join(config)}."
        if "format" in config:
            yield from _find_open(config["format"]["schema"])
        if body.get("tool_choice", {}).get("type") in ("any", "tool") and self._thinks(body):
            yield "Thinking may not be enabled when tool_choice forces tool use."

    def _thinks(self, body: Body) -> bool:
        return self.is_bound or body.get("thinking", {}).get("type") == "enabled"

    def _find_changes(self, body: Body) -> Iterator[str]:
        """Thinking that was changed, moved, or left out while tools run."""
        messages = body["messages"]
        for place, message in enumerate(messages):
            for number, block in enumerate(message["content"]):
                if block["type"] == "thinking":
                    at = f"messages.{place}.content.{number}"
                    sealed = self._seal(body, messages[:place], block["thinking"])
                    if block.get("signature") != sealed:
                        yield (
                            f"{at}: Invalid `signature` in `thinking` block. The block is bound to "
                            "a different conversation."
                        )
                    if set(block) != {"type", "thinking", "signature"}:
                        yield f"{at}: `thinking` blocks in the latest message cannot be modified."
        # Of models that think by themselves, no more is said than that blocks must not change.
        steps = [one for one in _turn(messages) if one["role"] == "assistant"]
        is_enabled = body.get("thinking", {}).get("type") == "enabled"
        if is_enabled and any(one["content"][0]["type"] != "thinking" for one in steps):
            yield (
                "messages: Expected `thinking` or `redacted_thinking`, but found `tool_use`. When "
                "`thinking` is enabled, a final `assistant` message must start with a thinking "
                "block."
            )

    def _seal(self, body: Body, before: list[Any], thought: str) -> str:
        prefix = [body.get("system"), body.get("tools"), before] if self.is_bound else []
        return seal(
            json.loads(re.sub(r', "cache_control": \{[^}]*\}', "", json.dumps(prefix))), thought
        )

    def write(self, body: Body) -> bytes:
        blocks: list[Record] = []
        if self._thinks(body):
            sealed = self._seal(body, body["messages"], _THOUGHT)
            blocks.append({"type": "thinking", "thinking": _THOUGHT, "signature": sealed})
        asked = json.dumps(body["messages"][-1]["content"])
        names = [tool["name"] for tool in body.get("tools", ())]
        shown = "format" in body.get("output_config", {}) or "JSON schema" in json.dumps(body)
        if "weather in" in asked and "weather" in names:
            blocks += [self._call(name, arguments) for name, arguments in CALLS]
        elif "How many" in asked and "tool_choice" in body:
            blocks.append(self._call("answer", NUMBER))
        else:
            text = json.dumps(NUMBER) if shown and "How many" in asked else "ok"
            blocks.append({"type": "text", "text": text})
        return events(stream(blocks), named=True)

    def _call(self, name: str, arguments: Mapping[str, Any]) -> Record:
        self.called += 1
        return {"type": "tool_use", "id": f"toolu_{self.called}", "name": name, "input": arguments}


def stream(blocks: list[Record], ending: str = "") -> list[Record]:
    """Return the events of an answer with these blocks, cut in the middle of their texts."""
    usage = {"input_tokens": 9, "cache_read_input_tokens": 4, "cache_creation_input_tokens": 2}
    message = {"id": "msg_1", "type": "message", "role": "assistant", "content": []}
    made: list[Record] = [
        {"type": "message_start", "message": {**message, "stop_reason": None, "usage": usage}},
        {"type": "ping"},
    ]
    for index, block in enumerate(blocks):
        begun, deltas = _cut(block)
        made.append({"type": "content_block_start", "index": index, "content_block": begun})
        made += [{"type": "content_block_delta", "index": index, "delta": one} for one in deltas]
        made.append({"type": "content_block_stop", "index": index})
    has_calls = any(block["type"] == "tool_use" for block in blocks)
    word = ending or ("tool_use" if has_calls else "end_turn")
    end = {"type": "message_delta", "delta": {"stop_reason": word}, "usage": {"output_tokens": 7}}
    return [*made, end, {"type": "message_stop"}]


def _cut(block: Record) -> tuple[Record, list[Record]]:
    if block["type"] == "text":
        return {**block, "text": ""}, _halves("text_delta", "text", block["text"])
    if block["type"] == "thinking":
        deltas = _halves("thinking_delta", "thinking", block["thinking"])
        signed = {"type": "signature_delta", "signature": block["signature"]}
        return {**block, "thinking": "", "signature": ""}, [*deltas, signed]
    if block["type"] in ("tool_use", "server_tool_use"):
        given = json.dumps(block["input"], ensure_ascii=False) if block["input"] else ""
        return {**block, "input": {}}, _halves("input_json_delta", "partial_json", given)
    return block, []


def _halves(kind: str, name: str, text: str) -> list[Record]:
    middle = len(text) // 2
    return [{"type": kind, name: piece} for piece in (text[:middle], text[middle:])]


def _turn(messages: list[Any]) -> list[Any]:
    """The messages since the last one in which a person spoke."""
    for place in range(len(messages) - 1, -1, -1):
        said = any(block["type"] == "text" for block in messages[place]["content"])
        if said and messages[place]["role"] == "user":
            return messages[place + 1 :]
    return messages


def _find_disorder(messages: list[Any]) -> Iterator[str]:
    roles = [one["role"] for one in messages]
    if roles[:1] != ["user"] or any(a == b for a, b in pairwise(roles)):
        yield "messages: roles must alternate between user and assistant"
    if roles[-1:] != ["user"]:
        yield "This model does not support assistant message prefill."
    made: list[str] = []
    for place, message in enumerate(messages):
        blocks = message["content"]
        answered = [one["tool_use_id"] for one in blocks if one["type"] == "tool_result"]
        if not blocks or any(not one["text"].strip() for one in blocks if one["type"] == "text"):
            yield f"messages.{place}: text content blocks must contain non-whitespace text"
        if answered != made or any(one["type"] != "tool_result" for one in blocks[: len(made)]):
            yield (
                f"messages.{place}: `tool_use` ids were found without `tool_result` blocks "
                "immediately after"
            )
        made = [one["id"] for one in blocks if one["type"] == "tool_use"]
        if any(not _ID.fullmatch(one) for one in made) or len({*made}) < len(made):
            yield f"messages.{place}: tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'"


def _find_open(schema: Any) -> Iterator[str]:
    if schema.get("type") == "object" and schema.get("additionalProperties") is not False:
        yield "output_config.format.schema: 'additionalProperties' must be explicitly set to false"
    if {"minimum", "maximum", "minLength", "maxLength"} & {*schema}:
        yield "output_config.format.schema: properties minimum, maximum are not supported"
    for one in schema.get("properties", {}).values():
        yield from _find_open(one)
