"""Streams of the Responses API, recorded or written by hand, and their deltas."""

from __future__ import annotations

import json
from typing import Any

from runt_pyodide.errors import (
    ProviderError,
)
from runt_pyodide.llm.messages import (
    AIResponse,
    Delta,
    ToolCall,
)
from runt_pyodide.llm.openai.responses_events import EventReader
from runt_pyodide.llm.reply import Reply
from runt_pyodide.llm.wire.frames import EVENTS
from runt_pyodide.llm.wire.stream import RecordStream
from tests.support.data import DATA

STREAMS = DATA / "responses"


CALLED = (ToolCall("call_a", "add", '{"a":1,"b":2}'), ToolCall("call_b", "now", "{}"))


def read(*records: Any, end: bool = True) -> list[Delta]:
    reader = EventReader("m")
    deltas: list[Delta] = []
    for record in records:
        deltas += reader.read(record if isinstance(record, str) else json.dumps(record))
    return [*deltas, *reader.end()] if end else deltas


def read_pieces(pieces: list[bytes]) -> tuple[AIResponse | None, str, ProviderError | None]:
    """The whole turn, or the text that came before the error that it ended with."""
    stream, reply = RecordStream(EVENTS, lambda: EventReader("m")), Reply()
    try:
        for piece in pieces:
            for delta in stream.feed(piece):
                reply.add(delta)
        for delta in stream.end():
            reply.add(delta)
    except ProviderError as error:
        return None, reply.text, error
    return reply.response(), reply.text, None


def read_stream(name: str) -> AIResponse:
    whole, _, error = read_pieces([(STREAMS / f"{name}.sse").read_bytes()])
    assert whole is not None, error
    return whole


def event(kind: str, **fields: Any) -> dict[str, Any]:
    return {"type": f"response.{kind}", **fields}


def done(status: str = "completed", **response: Any) -> dict[str, Any]:
    return event(status, response={"status": status, **response})


NOTE = {"type": "reasoning", "summary": [{"type": "summary_text", "text": "a"}, {"text": "b"}]}
