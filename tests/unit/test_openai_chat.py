"""Chat completions: a request to a body, and the records that real servers send to deltas."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runt_pyodide.ai.reply import Reply
from runt_pyodide.errors import ContextLengthError, CutStreamError, ProtocolError, ServerError
from runt_pyodide.messages import (
    ChatRequest,
    ChatSettings,
    Delta,
    FinishDelta,
    Message,
    TextDelta,
    ThinkingDelta,
    ToolCall,
    ToolCallDelta,
    ToolSpec,
    Usage,
    UsageDelta,
)
from runt_pyodide.providers.openai_chat import ChunkReader, build_body


def read(*records: Any, end: bool = True) -> list[Delta]:
    reader = ChunkReader()
    deltas: list[Delta] = []
    for record in records:
        deltas += reader.read(record if isinstance(record, str) else json.dumps(record))
    return [*deltas, *reader.end()] if end else deltas


def chunk(delta: dict[str, Any] | None, finish: str | None = None, **more: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}], **more}


def call(**fields: Any) -> dict[str, Any]:
    return chunk({"tool_calls": [fields]})


STOP = chunk({}, "stop")


def test_a_body_holds_what_was_asked_for_and_no_more() -> None:
    assert build_body(ChatRequest((Message("user", "hi"),), "m")) == {
        "model": "m",
        "messages": [{"role": "user", "content": "hi"}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_a_body_with_everything() -> None:
    called = Message("assistant", "", (ToolCall("call_1", "add", '{"a": 1}'),))
    request = ChatRequest(
        messages=(Message("user", "hi"), called, Message("tool", "2", tool_call_id="call_1")),
        model="m",
        tools=(ToolSpec("add", "Adds.", {"type": "object"}),),
        system_prompt="Be brief.",
        settings=ChatSettings(temperature=0.5, max_tokens=9),
        response_format={"type": "object"},
    )
    function = {"name": "add", "description": "Adds.", "parameters": {"type": "object"}}
    wire_call = {
        "id": "call_1",
        "type": "function",
        "function": {"name": "add", "arguments": '{"a": 1}'},
    }
    assert build_body(request, max_tokens_key="max_completion_tokens") == {
        "model": "m",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "hi"},
            {"role": "assistant", "content": "", "tool_calls": [wire_call]},
            {"role": "tool", "content": "2", "tool_call_id": "call_1"},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.5,
        "max_completion_tokens": 9,
        "tools": [{"type": "function", "function": function}],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "answer", "schema": {"type": "object"}, "strict": True},
        },
    }


USAGE = {"prompt_tokens": 3, "completion_tokens": 2}
COUNTED = UsageDelta(Usage(3, 2))
END = FinishDelta("stop")

# Each a shape that a real server was seen to send.
SHAPES: dict[str, tuple[list[Any], list[Delta]]] = {
    "role first, content null": (
        [chunk({"role": "assistant", "content": None}), chunk({"content": "a"}), STOP],
        [TextDelta("a"), END],
    ),
    "delta null, choices missing": ([chunk(None), {}, STOP], [END]),
    "usage beside empty choices": ([STOP, {"choices": [], "usage": USAGE}], [COUNTED, END]),
    "usage beside a choice with an empty delta": (
        [STOP, {"choices": [{"index": 0, "delta": {}}], "usage": USAGE}],
        [COUNTED, END],
    ),
    "usage in the finish chunk": ([chunk({}, "stop", usage=USAGE)], [COUNTED, END]),
    "content with the finish reason": ([chunk({"content": "a"}, "stop")], [TextDelta("a"), END]),
    "DONE without a finish reason": ([chunk({"content": "a"}), "[DONE]"], [TextDelta("a"), END]),
    "DONE with more behind it": ([STOP, "[DONE] bye", chunk({"content": "late"})], [END]),
    "reasoning": ([chunk({"reasoning": "hm"}), STOP], [ThinkingDelta("hm"), END]),
    "reasoning_content": ([chunk({"reasoning_content": "hm"}), STOP], [ThinkingDelta("hm"), END]),
    "refusal": ([chunk({"refusal": "No."}), STOP], [TextDelta("No."), END]),
    "surrogates cut apart": (
        [
            '{"choices":[{"delta":{"content":"a\\ud83d"}}]}',
            '{"choices":[{"delta":{"content":"\\ude42"}}]}',
            STOP,
        ],
        [TextDelta("a"), TextDelta("\U0001f642"), END],
    ),
    "half a surrogate pair at the end": (
        ['{"choices":[{"delta":{"content":"a\\ud83d"}}]}', STOP],
        [TextDelta("a"), TextDelta("\ufffd"), END],
    ),
    "an unknown finish reason": ([chunk({}, "eos")], [END]),
    "not a stream: the whole message": (
        [{"choices": [{"message": {"content": "a"}, "finish_reason": "stop"}]}],
        [TextDelta("a"), END],
    ),
}


@pytest.mark.parametrize(("records", "deltas"), SHAPES.values(), ids=SHAPES.keys())
def test_shapes(records: list[Any], deltas: list[Delta]) -> None:
    assert read(*records) == deltas


A = {"name": "add", "arguments": '{"a":'}
CALLS: dict[str, list[Any]] = {
    "as OpenAI has them": [
        call(index=0, id="x", type="function", function={"name": "add", "arguments": ""}),
        call(index=0, function={"arguments": '{"a":'}),
        call(index=0, function={"arguments": "1}"}),
    ],
    "id and name in every piece": [
        call(index=0, id="x", function=A),
        call(index=0, id="x", function={"name": "add", "arguments": "1}"}),
    ],
    "no index": [call(id="x", function=A), call(function={"arguments": "1}"})],
    "whole at once": [call(index=0, id="x", function={"name": "add", "arguments": '{"a":1}'})],
}


@pytest.mark.parametrize("records", CALLS.values(), ids=CALLS.keys())
def test_the_pieces_of_a_call_make_one_call(records: list[Any]) -> None:
    reply = Reply()
    for delta in read(*records, STOP):
        reply.add(delta)
    assert reply.tool_calls == (ToolCall("x", "add", '{"a":1}'),)
    assert reply.response().finish_reason == "tool_calls"


def test_parallel_calls_at_the_same_index_are_two() -> None:
    deltas = read(call(index=0, id="x", function=A), call(index=0, id="y", function=A), end=False)
    assert [delta.index for delta in deltas if isinstance(delta, ToolCallDelta)] == [0, 1]


def test_arguments_as_an_object_and_no_id() -> None:
    deltas = read(call(index=0, function={"name": "add", "arguments": {"a": 1}}), end=False)
    assert deltas == [ToolCallDelta(0, "call_0", "add", '{"a": 1}')]


def test_a_stream_without_an_end_was_cut() -> None:
    with pytest.raises(CutStreamError, match="in the middle"):
        read(chunk({"content": "a"}))
    with pytest.raises(CutStreamError, match="before the answer"):
        read()


def test_an_error_in_the_stream_is_raised() -> None:
    with pytest.raises(ServerError, match="it fell over"):
        read({"error": {"message": "it fell over"}})
    with pytest.raises(ContextLengthError):
        read({"error": {"message": "too long", "code": "context_length_exceeded"}})
    with pytest.raises(ServerError, match="just text"):
        read({"error": "just text"})


@pytest.mark.parametrize("data", ["{", "3", '"text"', "null", '{"choices": 3}', '{"choices": [4]}'])
def test_what_is_no_chunk_is_a_protocol_error(data: str) -> None:
    with pytest.raises(ProtocolError):
        read(data)
