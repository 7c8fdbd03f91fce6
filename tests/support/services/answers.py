"""The answers of services, kept as bytes in tests/data/services."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from runt_pyodide.llm.transport.scripted import Scripted
from tests.support.data import DATA
from tests.support.server.captures import parse_capture

SERVICES = DATA / "services"


def read(answer: str | Scripted, piece: int | None = None) -> Scripted:
    """Return an answer: one made by a test as it is, that in a file of this name in pieces of so
    many bytes, or whole."""
    if isinstance(answer, Scripted):
        return answer
    capture = parse_capture((SERVICES / answer).read_bytes(), answer)
    return Scripted(capture.status, dict(capture.headers), cut(capture.body, piece))


def cut(body: bytes, piece: int | None) -> list[bytes]:
    if piece is None:
        return [body]
    return [body[at : at + piece] for at in range(0, len(body), piece)]


def told(value: Any, status: int = 200) -> Scripted:
    """Return a JSON answer."""
    return Scripted(status, {"content-type": "application/json"}, [json.dumps(value).encode()])


def said(
    text: str, path: str, body: Mapping[str, Any], more: Mapping[str, Any] | None = None
) -> Scripted:
    """Return an answer with this text, as each API gives it: streamed if the body says so. A
    message of a chat completion holds ``more``, such as its thinking."""
    if path.endswith("/api/chat"):
        lines = [{"message": {"role": "assistant", "content": text}}, _OLLAMA_END]
        return Scripted(200, {}, [b"".join(json.dumps(line).encode() + b"\n" for line in lines)])
    answer = _ANSWERS.get(path.rpartition("/")[2])
    if answer is None:
        return told({"error": {"message": f"There is no path {path}."}}, 404)
    whole, records = answer(text, more or {})
    if not body.get("stream"):
        return told(whole)
    events = [f"data: {json.dumps(record)}\n\n" for record in records]
    return Scripted(200, {"content-type": "text/event-stream"}, ["".join(events).encode()])


_OLLAMA_END = {"message": {"content": ""}, "done": True, "done_reason": "stop"}


def _completion(text: str, more: Mapping[str, Any]) -> tuple[Any, list[Any]]:
    message = {"role": "assistant", "content": text, **more}
    whole = {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
    return whole, [{"choices": [{"index": 0, "delta": message, "finish_reason": "stop"}]}]


def _response(text: str, more: Mapping[str, Any]) -> tuple[Any, list[Any]]:
    item = {
        "type": "message",
        "id": "msg_1",
        "role": "assistant",
        "content": [{"type": "output_text", "text": text}],
    }
    whole = {"object": "response", "status": "completed", "output": [item]}
    return whole, [
        {"type": "response.output_text.delta", "output_index": 0, "delta": text},
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": whole},
    ]


_ANSWERS = {"completions": _completion, "responses": _response}
