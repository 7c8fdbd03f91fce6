"""Encodes an answer as OpenAI's chat completions or as Ollama's native chat. Pure functions.

The Responses API is in responses_dialect.py.

Sources: openai-python, types/chat/chat_completion_chunk.py; ollama, docs/api.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.server.scenario import Answer, Framing, error_body

CREATED = 1_795_367_300
CREATED_AT = "2026-11-22T17:08:20.000000Z"
COMPLETION_ID = "chatcmpl-stand-in"


@dataclass(frozen=True, slots=True)
class Script:
    """An answer in one protocol, event by event, encoded.

    `lead` goes before the first delta, `tail` ends the answer, `error` is sent in mid-stream where
    the scenario says so. An answer that is not streamed has one delta.
    """

    content_type: str
    lead: bytes
    deltas: tuple[bytes, ...]
    tail: tuple[bytes, ...]
    error: bytes


def openai_script(answer: Answer, body: Mapping[str, Any]) -> Script:
    """A streamed chat completion."""
    deltas: list[dict[str, Any]] = [{answer.thinking_key: part} for part in answer.thinking_parts]
    deltas += [{"content": part} for part in answer.text_parts]
    deltas += _call_deltas(answer)
    records: list[Mapping[str, Any] | str] = [_chunk(body, {"role": "assistant", "content": ""})]
    records += [_chunk(body, delta) for delta in deltas]
    if answer.reason is not None:
        records.append(_chunk(body, {}, answer.reason))
    asked = (body.get("stream_options") or {}).get("include_usage", False)
    if answer.send_usage == "always" or (answer.send_usage == "asked" and asked):
        records.append(_chunk(body, None) | {"usage": _usage(answer)})
    if answer.done:
        records.append("[DONE]")
    lead, *events = (
        sse_event(record, answer.framing, number) for number, record in enumerate(records)
    )
    bom = b"\xef\xbb\xbf" if answer.framing.bom else b""
    error = json.loads(error_body(message_of(answer), "server_error"))
    return Script(
        content_type=answer.content_type,
        lead=bom + lead,
        deltas=tuple(events[: len(deltas)]),
        tail=tuple(events[len(deltas) :]),
        error=sse_event(error, answer.framing, 0),
    )


def openai_whole(answer: Answer, body: Mapping[str, Any]) -> Script:
    """A chat completion that is not streamed."""
    functions = [{"name": call.name, "arguments": call.arguments} for call in answer.tool_calls]
    calls = [
        {"id": call.id, "type": "function", "function": function}
        for call, function in zip(answer.tool_calls, functions, strict=True)
    ]
    message: dict[str, Any] = {"role": "assistant", "content": "".join(answer.text_parts)}
    if answer.thinking_parts:
        message[answer.thinking_key] = "".join(answer.thinking_parts)
    if calls:
        message["tool_calls"] = calls
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": answer.reason}
    completion = _envelope(body, "chat.completion") | {"choices": [choice], "usage": _usage(answer)}
    text = encode(completion, escape=answer.framing.escape)
    return Script("application/json", b"", (text,), (), b"")


def ollama_script(answer: Answer, body: Mapping[str, Any]) -> Script:
    """A streamed chat of Ollama: newline-delimited JSON; tool calls arrive whole."""
    messages: list[dict[str, Any]] = [
        {"role": "assistant", "content": "", "thinking": part} for part in answer.thinking_parts
    ]
    messages += [{"role": "assistant", "content": part} for part in answer.text_parts]
    messages += [
        {"role": "assistant", "content": "", "tool_calls": [call]} for call in _ollama_calls(answer)
    ]
    lines = tuple(_ollama_line(body, message, done=False) for message in messages)
    last = _ollama_line(body, {"role": "assistant", "content": ""}, done=True, answer=answer)
    error = encode({"error": message_of(answer)}) + b"\n"
    return Script("application/x-ndjson", b"", lines, (last,) if answer.done else (), error)


def ollama_whole(answer: Answer, body: Mapping[str, Any]) -> Script:
    """A chat of Ollama with `stream: false`."""
    message: dict[str, Any] = {"role": "assistant", "content": "".join(answer.text_parts)}
    if answer.thinking_parts:
        message["thinking"] = "".join(answer.thinking_parts)
    if answer.tool_calls:
        message["tool_calls"] = _ollama_calls(answer)
    line = _ollama_line(body, message, done=True, answer=answer)
    return Script("application/json; charset=utf-8", b"", (line,), (), b"")


def sse_event(
    data: Mapping[str, Any] | str, framing: Framing, number: int, name: str = ""
) -> bytes:
    """One server-sent event; `number` counts them from 0, for the comments between them."""
    text = data.encode() if isinstance(data, str) else encode(data, escape=framing.escape)
    end = framing.line_ending.encode()
    comment = framing.comment_every and number and number % framing.comment_every == 0
    event = b": keep-alive" + end + end if comment else b""
    if name or framing.event_lines:
        event += b"event: " + (name or "message").encode() + end
    return event + (b"data: " if framing.space else b"data:") + text + end + end


def message_of(answer: Answer) -> str:
    """Return the message of the error in mid-stream."""
    return answer.trouble.message if answer.trouble else ""


def _call_deltas(answer: Answer) -> Iterator[dict[str, Any]]:
    for index, call in enumerate(answer.tool_calls):
        for number, part in enumerate(call.parts):
            delta: dict[str, Any] = {"index": index, "function": {"arguments": part}}
            if number == 0:
                delta |= {"id": call.id, "type": "function"}
                delta["function"]["name"] = call.name
            yield {"tool_calls": [delta]}


def _envelope(body: Mapping[str, Any], kind: str) -> dict[str, Any]:
    model = body.get("model", "")
    return {"id": COMPLETION_ID, "object": kind, "created": CREATED, "model": model}


def _chunk(
    body: Mapping[str, Any], delta: Mapping[str, Any] | None, reason: str | None = None
) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
    choices = [] if delta is None else [choice]
    return _envelope(body, "chat.completion.chunk") | {"choices": choices}


def _usage(answer: Answer) -> dict[str, int]:
    prompt, completion = answer.usage.prompt, answer.usage.completion
    total = prompt + completion
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": total}


def _ollama_calls(answer: Answer) -> list[dict[str, Any]]:
    return [
        {"function": {"name": call.name, "arguments": json.loads(call.arguments)}}
        for call in answer.tool_calls
    ]


def _ollama_line(
    body: Mapping[str, Any],
    message: Mapping[str, Any],
    *,
    done: bool,
    answer: Answer | None = None,
) -> bytes:
    head = {"model": body.get("model", ""), "created_at": CREATED_AT}
    line: dict[str, Any] = head | {"message": message, "done": done}
    if answer is not None:
        line["done_reason"] = "length" if answer.reason == "length" else "stop"
        line["prompt_eval_count"] = answer.usage.prompt
        line["eval_count"] = answer.usage.completion
        line["total_duration"] = 1_000_000
    return encode(line) + b"\n"


def encode(value: Mapping[str, Any], *, escape: bool = False) -> bytes:
    """Return JSON as servers write it; with `escape`, as Python's servers do."""
    text = json.dumps(value, ensure_ascii=escape, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError:
        # Half of a surrogate pair: no UTF-8 holds it, but a JSON escape does.
        return json.dumps(value, separators=(",", ":")).encode()
