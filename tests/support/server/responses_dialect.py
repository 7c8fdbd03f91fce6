"""Encodes an answer as OpenAI's Responses API. Pure functions.

Source: openai-python, types/responses/response_stream_event.py and the types that it names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from tests.support.server.dialects import CREATED, Script, encode, message_of, sse_event
from tests.support.server.scenario import Answer, ToolCall

RESPONSE_ID = "resp_stand_in"
ENCRYPTED = "gAAAA-the-stand-in-s-reasoning"

Event = dict[str, Any]


def responses_script(answer: Answer, body: Mapping[str, Any]) -> Script:
    """A streamed response. The events that open and close an item go with its first and last delta,
    so that a delta is one write here too."""
    numbers = count()

    def write(*events: Event) -> bytes:
        return b"".join(_write(event, answer, next(numbers)) for event in events)

    begun = _response(answer, body, "in_progress")
    lead = write(
        *({"type": f"response.{k}", "response": begun} for k in ("created", "in_progress"))
    )
    bom = b"\xef\xbb\xbf" if answer.framing.bom else b""
    deltas = tuple(write(*events) for events in _deltas(answer))
    tail = () if answer.reason is None else (write(_last_event(answer, body)),)
    error = {"type": "error", "code": "server_error", "message": message_of(answer), "param": None}
    return Script(answer.content_type, bom + lead, deltas, tail, write(error))


def responses_whole(answer: Answer, body: Mapping[str, Any]) -> Script:
    """A response that is not streamed."""
    response = _last_event(answer, body)["response"]
    return Script(
        "application/json", b"", (encode(response, escape=answer.framing.escape),), (), b""
    )


def _write(event: Event, answer: Answer, number: int) -> bytes:
    numbered = {"type": event["type"], "sequence_number": number, **event}
    return sse_event(numbered, answer.framing, number, event["type"])


def _last_event(answer: Answer, body: Mapping[str, Any]) -> Event:
    cut = {"length": "max_output_tokens", "content_filter": "content_filter"}.get(
        answer.reason or ""
    )
    status = "incomplete" if cut else "completed"
    response = _response(answer, body, status)
    response["output"] = list(_items(answer))
    response["incomplete_details"] = {"reason": cut} if cut else None
    if answer.send_usage != "never":
        response["usage"] = {
            "input_tokens": answer.usage.prompt,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": answer.usage.completion,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": answer.usage.prompt + answer.usage.completion,
        }
    return {"type": f"response.{status}", "response": response}


def _response(answer: Answer, body: Mapping[str, Any], status: str) -> Event:
    return {
        "id": RESPONSE_ID,
        "object": "response",
        "created_at": CREATED,
        "status": status,
        "error": None,
        "incomplete_details": None,
        "model": body.get("model", ""),
        "output": [],
        "store": body.get("store", True),
        "usage": None,
    }


def _items(answer: Answer) -> Iterator[Event]:
    """The items of the answer, whole: reasoning, then a message, then calls."""
    if answer.thinking_parts:
        yield {
            "type": "reasoning",
            "id": "rs_1",
            "summary": [{"type": "summary_text", "text": "".join(answer.thinking_parts)}],
            "encrypted_content": ENCRYPTED,
        }
    if answer.text_parts:
        part = {"type": "output_text", "text": "".join(answer.text_parts), "annotations": []}
        yield _message("completed", part)
    for call in answer.tool_calls:
        yield _call(call, "completed", call.arguments)


def _message(status: str, *content: Event) -> Event:
    message = {"type": "message", "id": "msg_1", "status": status, "role": "assistant"}
    return {**message, "content": [*content]}


def _call(call: ToolCall, status: str, arguments: str) -> Event:
    item = {"type": "function_call", "id": f"fc_{call.id}", "call_id": call.id, "name": call.name}
    return {**item, "arguments": arguments, "status": status}


def _deltas(answer: Answer) -> Iterator[list[Event]]:
    """One list of events for each delta."""
    for index, item in enumerate(_items(answer)):
        place = {"item_id": item["id"], "output_index": index}
        if item["type"] == "function_call":
            call = next(call for call in answer.tool_calls if call.id == item["call_id"])
            parts, kind, key = call.parts, "function_call_arguments", "arguments"
            opened = _call(call, "in_progress", "")
        elif item["type"] == "message":
            parts, kind, key = answer.text_parts, "output_text", "text"
            place["content_index"] = 0
            opened = _message("in_progress")
        else:
            parts, kind, key = answer.thinking_parts, "reasoning_summary_text", "text"
            place["summary_index"] = 0
            opened = {**item, "summary": [], "encrypted_content": ""}
        added = {"type": "response.output_item.added", "output_index": index, "item": opened}
        done = {"type": "response.output_item.done", "output_index": index, "item": item}
        for number, part in enumerate(parts):
            events: list[Event] = [added] if number == 0 else []
            if part or kind != "function_call_arguments":
                events.append({"type": f"response.{kind}.delta", **place, "delta": part})
            if number == len(parts) - 1:
                events.append({"type": f"response.{kind}.done", **place, key: "".join(parts)})
                events.append(done)
            yield events
