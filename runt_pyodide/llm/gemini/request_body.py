"""Requests to Gemini's ``streamGenerateContent``, mapped to bodies. ``chunks`` reads its answers.

Signatures go back where they came from: with the calls that have them, and with text. A call that
another model made has none, and Google documents what to say instead. Source: ai.google.dev,
"Thought signatures" and "Function calling"; python-genai `types.py` and `models.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...json_schema import inline_definitions
from ...json_text import read_json
from ..adaptation.roles import GO_ON
from ..messages import ChatRequest, Message, ToolCall
from .models import checks_signatures, choose_thinking

Part = dict[str, Any]

SIGNATURE = "thoughtSignature"
_STATE = "gemini.text"
_UNSIGNED = "skip_thought_signature_validator"


def build_body(request: ChatRequest) -> dict[str, Any]:
    """Return the JSON body of a streamed request. What was not asked for is left out."""
    settings, schema = request.settings, request.response_format
    wanted = {
        "temperature": settings.temperature,
        "topP": settings.top_p,
        "seed": settings.seed,
        "maxOutputTokens": settings.max_tokens,
        "stopSequences": [*settings.stop] or None,
        "thinkingConfig": choose_thinking(request.model, settings.reasoning_effort),
        "responseMimeType": None if schema is None else "application/json",
        "responseJsonSchema": None if schema is None else inline_definitions(schema),
    }
    config = {name: value for name, value in wanted.items() if value is not None}
    body: dict[str, Any] = {"contents": _map_messages(request.messages, request.model)}
    if request.system_prompt:
        body["systemInstruction"] = {"parts": [{"text": request.system_prompt}]}
    if request.tools:
        declared = [
            {
                "name": tool.name,
                "description": tool.description,
                "parametersJsonSchema": dict(tool.parameters),
            }
            for tool in request.tools
        ]
        body["tools"] = [{"functionDeclarations": declared}]
    if settings.web_search:
        body["tools"] = [{"googleSearch": {}}, *body.get("tools", ())]
    return {**body, "generationConfig": config} if config else body


def _map_messages(messages: Sequence[Message], model: str) -> list[Part]:
    """Return the messages with neighbours of one role as one, the user's first: so the results of
    parallel calls stand together, after all of the calls."""
    mapped: list[Part] = [{"role": "user", "parts": []}]
    calls: dict[str, ToolCall] = {}
    for message in messages:
        role = "model" if message.role == "assistant" else "user"
        calls |= {call.id: call for call in message.tool_calls}
        parts = [*_map_message(message, model, calls)]
        if parts and mapped[-1]["role"] != role:
            mapped.append({"role": role, "parts": []})
        mapped[-1]["parts"] += parts
    mapped[0]["parts"] = mapped[0]["parts"] or [{"text": GO_ON}]
    return mapped


def _map_message(message: Message, model: str, calls: Mapping[str, ToolCall]) -> Iterator[Part]:
    if message.role == "assistant":
        yield from _map_said(message, model)
        yield from _map_calls(message.tool_calls, model)
    elif message.role == "tool":
        name = _name(calls[message.tool_call_id or ""])
        yield {"functionResponse": {**name, "response": {"result": message.content}}}
    else:
        if message.content.strip():
            yield {"text": message.content}
        for image in message.images:
            yield {"inlineData": {"mimeType": image.media_type, "data": image.data}}


def _map_calls(calls: Sequence[ToolCall], model: str) -> Iterator[Part]:
    """Yield the calls of a turn. Of parallel ones the first has the signature of all."""
    signatures = [(call.state or {}).get(SIGNATURE) for call in calls]
    if calls and not any(signatures) and checks_signatures(model):
        signatures[0] = _UNSIGNED
    for call, signature in zip(calls, signatures, strict=True):
        given = {"args": read_json(call.arguments or "{}")}
        signed = {SIGNATURE: signature} if signature else {}
        yield {"functionCall": {**_name(call), **given}, **signed}


def _name(call: ToolCall) -> Part:
    """Return what a call and its result are found by: the service's own id, if it gave one, and the
    name."""
    own_id = (call.state or {}).get("id")
    return {"id": own_id, "name": call.name} if own_id else {"name": call.name}


def _map_said(message: Message, model: str) -> Iterator[Part]:
    """Yield the text of a turn, with its signatures if it is as the model said it."""
    kept = message.state[1:] if message.state[:1] == ({"type": _STATE, "model": model},) else ()
    said = "".join(str(part.get("text")) for part in kept)
    if kept and "".join(said.split()) == "".join(message.content.split()):
        yield from map(dict, kept)
    elif message.content.strip():
        yield {"text": message.content}


def build_state(model: str, parts: Sequence[Part]) -> tuple[Mapping[str, Any], ...]:
    """Return what the next request must hold of these parts of text: nothing if none is signed."""
    is_signed = any(SIGNATURE in part for part in parts)
    return ({"type": _STATE, "model": model}, *parts) if is_signed else ()
