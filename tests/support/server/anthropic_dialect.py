"""Encodes an answer as Anthropic's Messages API. Pure functions.

Source: anthropic-sdk-python, types/raw_message_stream_event.py and the types that it names.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tests.support.server.dialects import Script, encode, message_of, sse_event
from tests.support.server.scenario import Answer, ToolCall

MESSAGE_ID = "msg_stand_in"
SIGNATURE = "EqQBCkYIARgCKkBzdGFuZC1pbg=="

Event = dict[str, Any]
_WORDS = {"stop": "end_turn", "tool_calls": "tool_use", "length": "max_tokens"}


def anthropic_script(answer: Answer, body: Mapping[str, Any]) -> Script:
    """A streamed message. The events that open and close a block go with its first and last delta,
    so that a delta is one write here too."""

    def write(*events: Event) -> bytes:
        return b"".join(sse_event(one, answer.framing, 0, one["type"]) for one in events)

    begun = {**_message(body), "stop_reason": None, **_usage(answer, output_tokens=1)}
    lead = write({"type": "message_start", "message": begun}, {"type": "ping"})
    bom = b"\xef\xbb\xbf" if answer.framing.bom else b""
    deltas = tuple(
        write(*events)
        for index, block in enumerate(_blocks(answer))
        for events in _deltas(answer, index, block)
    )
    end = {"type": "message_delta", "delta": {"stop_reason": _word(answer)}, **_usage(answer)}
    tail = () if answer.reason is None else (write(end, {"type": "message_stop"}),)
    error = {"type": "error", "error": {"type": "api_error", "message": message_of(answer)}}
    return Script(answer.content_type, bom + lead, deltas, tail, write(error))


def anthropic_whole(answer: Answer, body: Mapping[str, Any]) -> Script:
    """A message that is not streamed."""
    content = [*_blocks(answer)]
    message = {**_message(body), "content": content, "stop_reason": _word(answer), **_usage(answer)}
    text = encode(message, escape=answer.framing.escape)
    return Script("application/json", b"", (text,), (), b"")


def _message(body: Mapping[str, Any]) -> Event:
    head = {"id": MESSAGE_ID, "type": "message", "role": "assistant"}
    return {**head, "model": body.get("model", ""), "content": []}


def _usage(answer: Answer, output_tokens: int | None = None) -> Event:
    if answer.send_usage == "never":
        return {}
    made = answer.usage.completion if output_tokens is None else output_tokens
    return {"usage": {"input_tokens": answer.usage.prompt, "output_tokens": made}}


def _word(answer: Answer) -> str | None:
    return _WORDS.get(answer.reason or "", answer.reason)


def _blocks(answer: Answer) -> Iterator[Event]:
    if answer.thinking_parts:
        thought = "".join(answer.thinking_parts)
        yield {"type": "thinking", "thinking": thought, "signature": SIGNATURE}
    if answer.text_parts:
        yield {"type": "text", "text": "".join(answer.text_parts)}
    for call in answer.tool_calls:
        given = _read(call)
        yield {"type": "tool_use", "id": call.id, "name": call.name, "input": given}


def _read(call: ToolCall) -> Any:
    try:
        return json.loads(call.arguments)
    except ValueError:
        return {}


def _deltas(answer: Answer, index: int, block: Event) -> Iterator[list[Event]]:
    """One list of events for each delta of a block."""
    kind = block["type"]
    empty = {"thinking": {"thinking": "", "signature": ""}, "text": {"text": ""}}
    parts, name = answer.text_parts, "text"
    if kind == "thinking":
        parts, name = answer.thinking_parts, "thinking"
    elif kind == "tool_use":
        call = next(call for call in answer.tool_calls if call.id == block["id"])
        parts, name = call.parts, "partial_json"
    deltas = {"thinking": "thinking_delta", "text": "text_delta", "tool_use": "input_json_delta"}
    place = {"index": index}
    for number, part in enumerate(parts):
        begun = {**block, **empty.get(kind, {"input": {}})}
        made = [{"type": "content_block_start", **place, "content_block": begun}]
        events = made if number == 0 else []
        delta: Event = {"type": deltas[kind], name: part}
        events.append({"type": "content_block_delta", **place, "delta": delta})
        if number == len(parts) - 1:
            if kind == "thinking":
                delta = {"type": "signature_delta", "signature": SIGNATURE}
                events.append({"type": "content_block_delta", **place, "delta": delta})
            events.append({"type": "content_block_stop", **place})
        yield events
