"""Streamed answers of the services that have a language of their own: see streams."""

from __future__ import annotations

from hypothesis import strategies as st

from runt_pyodide.llm.anthropic.events import EventReader
from runt_pyodide.llm.gemini.chunks import ChunkReader
from runt_pyodide.llm.wire.frames import EVENTS
from tests.support.llm.streams import (
    ANY_EVENT,
    COUNT,
    PADDING,
    TEXT,
    WIRES,
    Record,
    Wire,
    event,
)

_DELTAS = {"text": "text_delta", "thinking": "thinking_delta", "partial_json": "input_json_delta"}


@st.composite
def _block_deltas(draw: st.DrawFn) -> Record:
    """Deltas of blocks, most of them of the block's kind."""
    index, name = draw(
        st.sampled_from(
            [
                *((0, "text"), (1, "thinking"), (2, "partial_json"), (3, "partial_json")),
                *((0, "thinking"), (2, "text"), (4, "partial_json"), (5, "text"), (6, "thinking")),
            ]
        )
    )
    delta: Record = {"type": _DELTAS[name], name: TEXT}
    if draw(st.integers(0, 5)) == 0:
        delta |= draw(st.sampled_from([{"signature": "s"}, {"text": "t"}, {"citation": {"a": 1}}]))
    record: Record = {"type": "content_block_delta", "index": index, "delta": delta}
    if draw(st.integers(0, 5)) == 0:
        record |= draw(st.sampled_from([{"index": None}, {"x": PADDING}, {"usage": {"a": 1}}]))
    return record


def _begin(index: int, **block: object) -> bytes:
    return event({"type": "content_block_start", "index": index, "content_block": block})


def _end(**ending: object) -> bytes:
    return event({"type": "message_delta", "delta": ending, "usage": {"output_tokens": 3}})


def _call(index: int, name: str, **given: object) -> bytes:
    return _begin(index, type="tool_use", id=f"toolu_{index}", name=name, input=given)


_BEGUN = (
    _begin(0, type="text", text=""),
    _begin(1, type="thinking", thinking="", signature=""),
    _call(2, "f"),
    _call(3, "g"),
    _begin(4, type="server_tool_use", id="srvtoolu_1", name="web_search", input={}),
)
BLOCKS = Wire(
    EVENTS,
    lambda: EventReader("m"),
    _block_deltas(),
    (
        *ANY_EVENT,
        *_BEGUN,
        _begin(7, type="redacted_thinking", data="x"),
        _call(8, "h", a=1),
        event({"type": "content_block_stop", "index": 0}),
        event({"type": "message_start", "message": {"content": [], "usage": {"input_tokens": 1}}}),
        *(_end(stop_reason=word) for word in ("end_turn", "max_tokens", "refusal", "pause_turn")),
        event({"type": "message_stop"}),
    ),
    b"".join(_BEGUN),
)


@st.composite
def _chunks(draw: st.DrawFn) -> Record:
    """Chunks with text or thinking, and what may stand beside it."""
    part: Record = {"text": TEXT}
    if draw(st.integers(0, 2)) == 0:
        part |= {"thought": draw(st.sampled_from([True, True, False, None]))}
    if draw(st.integers(0, 5)) == 0:
        part["thoughtSignature"] = draw(st.sampled_from(["s", "", PADDING]))
    call = {"functionCall": {"name": "f", "args": {"text": "x"}}}
    parts = [part, *draw(st.sampled_from([(), (), (), ({"text": "y"},), (call,)]))]
    candidate: Record = {"content": {"parts": parts, "role": "model"}, "index": 0}
    if draw(st.integers(0, 7)) == 0:
        candidate["finishReason"] = draw(st.sampled_from(["STOP", "SAFETY", "", None]))
    usage = {"promptTokenCount": 9, "candidatesTokenCount": COUNT, "totalTokenCount": COUNT}
    more = st.sampled_from([{}, {"usageMetadata": usage}, {"responseId": "r", "text": "z"}])
    return {"candidates": [candidate], **draw(more)}


def _chunk(*parts: Record, **more: object) -> bytes:
    return event({"candidates": [{"content": {"parts": [*parts]}, **more}]})


CHUNKS = Wire(
    EVENTS,
    lambda: ChunkReader("m", lambda: "call_x"),
    _chunks(),
    (
        *ANY_EVENT,
        _chunk({"functionCall": {"name": "f", "args": {"a": 1}, "id": "i"}}),
        _chunk({"functionCall": {"name": "g"}, "thoughtSignature": "s"}),
        _chunk({"text": "", "thoughtSignature": "s"}),
        *(_chunk(finishReason=word) for word in ("STOP", "MAX_TOKENS", "MALFORMED_RESPONSE")),
        event({"promptFeedback": {"blockReason": "OTHER"}}),
        event({"usageMetadata": {"promptTokenCount": 3, "candidatesTokenCount": 4}}),
    ),
)
ALL_WIRES = {**WIRES, "anthropic": BLOCKS, "gemini": CHUNKS}
