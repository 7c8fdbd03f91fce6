"""Gemini's own API, with the rules that its documentation gives and the words in which it refuses.
Source: ai.google.dev, "Thought signatures", "Function calling", "Structured output" and "Gemini
thinking"; reports of users, November 2026."""

from __future__ import annotations

import json
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

MODELS = ("gemini-3.8-flash", "gemini-2.5-pro", "gemini-2.0-flash")
"""One that checks signatures, one that thinks by a budget, and one that cannot think."""

SKIP = "skip_thought_signature_validator"
_FIELDS = {"contents", "systemInstruction", "tools", "toolConfig", "generationConfig"}
_LEVELS = ("minimal", "low", "medium", "high")


class GeminiService(NativeService):
    @property
    def checks(self) -> bool:
        return self.model == MODELS[0]

    def let_in(self, headers: Mapping[str, str]) -> Scripted | None:
        if not headers.get("x-goog-api-key", "").startswith("sk-"):
            details = [{"reason": "API_KEY_INVALID", "domain": "googleapis.com"}]
            return self.refuse("API key not valid. Please pass a valid API key.", details)
        return None

    def list_models(self) -> Any:
        own = {"name": f"models/{self.model}", "displayName": "A Gemini", "inputTokenLimit": 9000}
        methods = {"supportedGenerationMethods": ["generateContent", "countTokens"]}
        other = {"name": "models/gemini-embedding-001"}
        embeds = {"supportedGenerationMethods": ["embedContent"]}
        return {"models": [{**own, **methods}, {**other, **embeds}]}

    def refuse(self, fault: str, details: Any = ()) -> Scripted:
        error = {"code": 400, "message": fault, "status": "INVALID_ARGUMENT", "details": details}
        return told([{"error": error}], 400)

    def find_faults(self, body: Body) -> Iterator[str]:
        yield from (f'Unknown name "{name}": Cannot find field.' for name in {*body} - _FIELDS)
        yield from self._find_disorder(body["contents"])
        yield from self._find_unknown(body)

    def _find_unknown(self, body: Body) -> Iterator[str]:
        config = body.get("generationConfig", {})
        thinking = config.get("thinkingConfig")
        if thinking is not None and self.model == MODELS[2]:
            yield "Thinking is not enabled for models/gemini-2.0-flash"
        how = thinking or {}
        level, budget = how.get("thinkingLevel"), how.get("thinkingBudget")
        if level is not None and (not self.checks or level not in _LEVELS):
            yield "Thinking level is not supported for this model."
        if budget is not None and not (self.model == MODELS[1] and 128 <= budget <= 32_768):
            yield f"The thinking budget {budget} is invalid."
        is_bound = config.get("responseMimeType") == "application/json"
        if is_bound and body.get("tools") and not self.checks:
            yield "Function calling with a response mime type: 'application/json' is unsupported"

    def _find_disorder(self, contents: list[Any]) -> Iterator[str]:
        roles = [one["role"] for one in contents]
        if roles[:1] != ["user"] or any(a == b for a, b in pairwise(roles)):
            yield "Please ensure that multiturn requests alternate between user and model."
        if roles[-1:] != ["user"]:
            yield "Please ensure that single turn requests end with a user role"
        made: list[Any] = []
        for place, content in enumerate(contents):
            parts = content["parts"]
            if not parts or any(part == {"text": ""} for part in parts):
                yield f"contents[{place}].parts: contents.parts must not be empty."
            answered = [_name_of(part, "functionResponse") for part in parts]
            if [one for one in answered if one] != made or answered[: len(made)] != made:
                yield (
                    "Please ensure that the number of function response parts is equal to the "
                    "number of function call parts of the function call turn."
                )
            made = [named for part in parts if (named := _name_of(part, "functionCall"))]
        yield from self._find_changes(contents)

    def _find_changes(self, contents: list[Any]) -> Iterator[str]:
        start = max((place for place, one in enumerate(contents) if _is_prompt(one)), default=0)
        for place, content in enumerate(contents):
            calls = [part for part in content["parts"] if "functionCall" in part]
            if calls and self.checks and place > start and "thoughtSignature" not in calls[0]:
                name = calls[0]["functionCall"]["name"]
                yield (
                    f"Function call `{name}` in the `{place}.` content block is missing a "
                    "`thought_signature`."
                )
            for part in content["parts"]:
                signature = part.get("thoughtSignature", SKIP)
                if signature not in (SKIP, seal(part.get("text"), part.get("functionCall"))):
                    yield f"contents[{place}]: Corrupted thought signature."

    def write(self, body: Body) -> bytes:
        asked = json.dumps(body["contents"][-1]["parts"])
        declared = json.dumps(body.get("tools", ()))
        config = body.get("generationConfig", {})
        is_shown = "responseJsonSchema" in config or "JSON schema" in json.dumps(body)
        parts: list[Record] = []
        if config.get("thinkingConfig", {}).get("includeThoughts"):
            parts += [{"text": piece, "thought": True} for piece in ("Rome, ", "then.")]
        if "weather in" in asked and '"weather"' in declared:
            calls = [self._call(name, arguments) for name, arguments in CALLS]
            parts += [self._sign(calls[0]), *calls[1:]]
        else:
            text = json.dumps(NUMBER) if is_shown and "How many" in asked else "ok"
            parts += [{"text": text[:1]}, {"text": text[1:]}, self._sign({"text": ""})]
        return events(stream(parts))

    def _call(self, name: str, arguments: Mapping[str, Any]) -> Record:
        self.called += 1
        own_id = {"id": f"fc-{self.called}"} if self.checks else {}
        return {"functionCall": {**own_id, "name": name, "args": arguments}}

    def _sign(self, part: Record) -> Record:
        if self.model == MODELS[2]:
            return part
        return {**part, "thoughtSignature": seal(part.get("text"), part.get("functionCall"))}


def stream(parts: list[Record], ending: str = "STOP") -> list[Record]:
    """Return the chunks of an answer with these parts, each in a chunk of its own."""
    made: list[Record] = []
    for number, part in enumerate(parts):
        candidate: Record = {"content": {"role": "model", "parts": [part]}, "index": 0}
        if number == len(parts) - 1:
            candidate["finishReason"] = ending
        usage = {"promptTokenCount": 9, "candidatesTokenCount": number, "thoughtsTokenCount": 3}
        made.append({"candidates": [candidate], "usageMetadata": usage, "responseId": "r1"})
    return made


def _name_of(part: Record, kind: str) -> Any:
    return (part[kind]["name"], part[kind].get("id")) if kind in part else None


def _is_prompt(content: Record) -> bool:
    return content["role"] == "user" and any("text" in part for part in content["parts"])
