"""Requests to Anthropic's Messages API, mapped to bodies. ``events`` reads its answers.

Source: anthropic-sdk-python `types/message_create_params.py`; platform.claude.com, "Structured
outputs" and "Prompt caching".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from hashlib import sha256
from typing import Any

from ...json_schema import close_objects
from ...json_text import read_json
from ..adaptation.roles import GO_ON
from ..messages import ChatRequest, Message, ToolCall
from .models import limit_of
from .thinking import THOUGHTS, Block, Said, choose_thinking, find_bound, kept_blocks

ANSWER_TOOL = "answer"
"""The tool that a model is made to call with an answer that a schema binds."""
FORMAT = "output_config.format"
CACHE = "cache_control"
_SEARCH = {"type": "web_search_20250305", "name": "web_search", "max_uses": 8}

_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_MARK = {"type": "ephemeral"}
# Keys of a schema that cannot bind an answer: they are checked when it is read.
_NOT_BINDING = re.compile(r"(exclusiveM|m)(in|ax)[a-zA-Z]+|multipleOf|pattern|uniqueItems")


def build_body(
    request: ChatRequest, refused: Collection[str] = (), before: Said = ()
) -> dict[str, Any]:
    """Return the JSON body of a streamed request. What was not asked for is left out. ``before`` is
    what the model said of this turn until it paused. Of what is ``refused``, this knows schemas
    that bind an answer (`FORMAT`), the cache, and thinking (see ``thinking``)."""
    settings, limit = request.settings, request.settings.max_tokens or limit_of(request.model)
    messages = _map_messages(request, refused)
    thinking, effort = choose_thinking(request, limit, messages)
    if before:
        messages.append({"role": "assistant", "content": [*before]})
    wanted: dict[str, Any] = {
        "model": request.model,
        "max_tokens": limit,
        "messages": messages,
        "stream": True,
        "system": [_text(request.system_prompt)] if request.system_prompt else None,
        "temperature": settings.temperature,
        "top_p": settings.top_p,
        "stop_sequences": [*settings.stop] or None,
        "thinking": thinking,
        **_map_tools(request, refused),
    }
    config: dict[str, Any] = {"effort": effort} if effort else {}
    if request.response_format is not None and FORMAT not in refused:
        schema = close_objects(request.response_format, without=_NOT_BINDING)
        config["format"] = {"type": "json_schema", "schema": schema}
    wanted["output_config"] = config or None
    body = {name: value for name, value in wanted.items() if value is not None}
    return body if CACHE in refused else _mark_stable(body)


def _map_tools(request: ChatRequest, refused: Collection[str]) -> dict[str, Any]:
    """Return the tools, and how they are to be used: an answer that a schema binds may be one."""
    tools = [_map_tool(one.name, one.description, one.parameters) for one in request.tools]
    if request.settings.web_search:
        tools.insert(0, dict(_SEARCH))
    if request.response_format is None or FORMAT not in refused:
        return {"tools": tools or None}
    only = {"type": "any"} if tools else {"type": "tool", "name": ANSWER_TOOL}
    tools.append(_map_tool(ANSWER_TOOL, "Gives the answer.", request.response_format))
    return {"tools": tools, "tool_choice": only}


def _map_tool(name: str, description: str, schema: Mapping[str, Any]) -> Block:
    schema = {"type": "object", "properties": {}, **schema}
    return {"name": name, "description": description, "input_schema": schema}


def _map_messages(request: ChatRequest, refused: Collection[str]) -> list[Block]:
    """Return the messages with neighbours of one role as one, the user's first."""
    start = find_bound(request.messages, refused)
    mapped: list[Block] = [{"role": "user", "content": []}]
    for place, message in enumerate(request.messages):
        role = "assistant" if message.role == "assistant" else "user"
        blocks = [*_map_message(message, request.model if place >= start else "")]
        if blocks and mapped[-1]["role"] != role:
            mapped.append({"role": role, "content": []})
        mapped[-1]["content"] += blocks
    mapped[0]["content"] = mapped[0]["content"] or [_text(GO_ON)]
    return mapped


def _map_message(message: Message, model: str) -> Iterator[Block]:
    if message.role == "assistant":
        yield from _map_turn(message, model)
    elif message.role == "tool":
        call_id = _sound_id(message.tool_call_id or "")
        yield {"type": "tool_result", "tool_use_id": call_id, "content": message.content}
    else:
        if message.content.strip():
            yield _text(message.content)
        for image in message.images:
            source = {"type": "base64", "media_type": image.media_type, "data": image.data}
            yield {"type": "image", "source": source}


def _map_turn(message: Message, model: str) -> Iterator[Block]:
    """Yield the blocks of a turn of the model, in the order in which it made them if that is known.

    The message says which calls there are; thinking stands before what it led to, or not at all.
    """
    calls = {call.id: _map_call(call) for call in message.tool_calls}
    kept, thought = kept_blocks(message, model), list[Block]()
    if message.content.strip() and not kept:
        yield _text(message.content)
    for block in kept:
        if block["type"] in THOUGHTS:
            thought.append(block)
            continue
        is_call = block["type"] == "tool_use"
        led_to = calls.pop(block.get("call_id", ""), None) if is_call else block
        if led_to is not None:
            yield from (*thought, led_to)
        thought.clear()
    yield from calls.values()


def _map_call(call: ToolCall) -> Block:
    given = read_json(call.arguments or "{}")
    return {"type": "tool_use", "id": _sound_id(call.id), "name": call.name, "input": given}


def _sound_id(call_id: str) -> str:
    """Return an id of letters, digits, "_" and "-": other services' have more."""
    if _ID.fullmatch(call_id):
        return call_id
    return f"call_{sha256(call_id.encode('utf-8', 'replace')).hexdigest()[:24]}"


def _text(text: str) -> Block:
    return {"type": "text", "text": text}


def _mark_stable(body: dict[str, Any]) -> dict[str, Any]:
    """Return the body with marks up to which the service may keep it for the next request: what
    comes before the messages, and, where calls lead to another request, the last two of the user's
    messages."""
    users = [one["content"] for one in body["messages"] if one["role"] == "user"]
    head = body.get("system") or body.get("tools")
    for blocks in (head, *(users[-2:] if body.get("tools") else ())):
        if blocks:
            blocks[-1] = {**blocks[-1], CACHE: _MARK}
    return body
