"""Chunks of a chat completion, and the deltas that a reader makes of them."""

from __future__ import annotations

import json
from typing import Any

from runt_pyodide.llm.messages import (
    Delta,
)
from runt_pyodide.llm.openai.chat import ChunkReader


def read(*records: Any, end: bool = True) -> list[Delta]:
    reader = ChunkReader()
    deltas: list[Delta] = []
    for record in records:
        deltas += reader.read(record if isinstance(record, str) else json.dumps(record))
    return [*deltas, *reader.end()] if end else deltas


def chunk(delta: dict[str, Any] | None, finish: str | None = None, **more: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}], **more}


STOP = chunk({}, "stop")
