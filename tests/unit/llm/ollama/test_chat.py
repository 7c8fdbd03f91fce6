"""Ollama's chat: a request to a body, and the records that servers send to deltas."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

import pytest

from runt_pyodide.errors import CutStreamError, ProtocolError, ServerError
from runt_pyodide.llm.messages import (
    ChatRequest,
    ChatSettings,
    Delta,
    FinishDelta,
    Image,
    Message,
    TextDelta,
    ThinkingDelta,
    ToolCall,
    ToolCallDelta,
    ToolSpec,
    Usage,
    UsageDelta,
)
from runt_pyodide.llm.ollama.chat import ChatReader, build_body

END = FinishDelta("stop")


def read(*records: Any, end: bool = True) -> list[Delta]:
    numbers = count(1)
    reader = ChatReader(lambda: f"new-{next(numbers)}")
    deltas: list[Delta] = []
    for record in records:
        deltas += reader.read(record if isinstance(record, str) else json.dumps(record))
    return [*deltas, *reader.end()] if end else deltas


def said(**fields: Any) -> dict[str, Any]:
    return {"model": "m", "message": {"role": "assistant", **fields}, "done": False}


def done(reason: str = "stop", **counts: int) -> dict[str, Any]:
    message = {"role": "assistant", "content": ""}
    return {"message": message, "done": True, "done_reason": reason, **counts}


def call(name: str, arguments: Any, **more: Any) -> dict[str, Any]:
    return said(
        content="", tool_calls=[{"function": {"name": name, "arguments": arguments}} | more]
    )


def test_a_body_holds_what_was_asked_for_and_no_more() -> None:
    assert build_body(ChatRequest((Message("user", "hi"),), "m")) == {
        "model": "m",
        "messages": [{"role": "user", "content": "hi"}],
        "stream": True,
    }


def test_a_body_with_everything() -> None:
    thought = {"type": "ollama.thinking", "thinking": "Add them."}
    another = {"type": "reasoning", "encrypted_content": "x"}
    request = ChatRequest(
        messages=(
            Message("user", "hi", images=(Image("image/png", "aGk="),)),
            Message(
                "assistant",
                "",
                tool_calls=(ToolCall("call_1", "add", '{"a": 1}'),),
                state=(another, thought),
            ),
            Message("tool", "2", tool_call_id="call_1", tool_name="add"),
        ),
        model="m",
        tools=(ToolSpec("add", "Adds.", {"type": "object", "properties": {"a": {}}}),),
        system_prompt="Be brief.",
        settings=ChatSettings(temperature=0.0, max_tokens=9, top_p=0.5, seed=0, stop=("END",)),
        response_format={"type": "object"},
    )
    function = {
        "name": "add",
        "description": "Adds.",
        "parameters": {"type": "object", "properties": {"a": {}}},
    }
    wire_call = {"id": "call_1", "function": {"name": "add", "arguments": {"a": 1}}}
    assert build_body(request, num_ctx=4096, think="low", keep_alive="10m") == {
        "model": "m",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "hi", "images": ["aGk="]},
            {
                "role": "assistant",
                "content": "",
                "thinking": "Add them.",
                "tool_calls": [wire_call],
            },
            {"role": "tool", "content": "2", "tool_name": "add", "tool_call_id": "call_1"},
        ],
        "stream": True,
        "options": {
            "temperature": 0.0,
            "top_p": 0.5,
            "seed": 0,
            "stop": ["END"],
            "num_predict": 9,
            "num_ctx": 4096,
        },
        "tools": [{"type": "function", "function": function}],
        "format": {"type": "object"},
        "think": "low",
        "keep_alive": "10m",
    }


@pytest.mark.parametrize("arguments", ["", "{", "[1]", "null"])
def test_arguments_that_are_no_object_become_an_empty_one(arguments: str) -> None:
    message = Message("assistant", "", tool_calls=(ToolCall("c", "add", arguments),))
    body = build_body(ChatRequest((message,), "m"))
    assert body["messages"][0]["tool_calls"][0]["function"]["arguments"] == {}


def test_a_schema_comes_without_references_and_with_properties() -> None:
    tree = {"type": "object", "properties": {"next": {"$ref": "#/$defs/Tree"}}}
    schema = {
        "$defs": {"Tree": tree, "Unit": {"enum": ["m", "km"]}},
        "properties": {
            "unit": {"$ref": "#/$defs/Unit", "description": "Of length."},
            "units": {"type": "array", "items": {"$ref": "#/$defs/Unit"}},
            "tree": {"$ref": "#/$defs/Tree"},
        },
    }
    tools = (ToolSpec("a", "", schema), ToolSpec("b", "", {}))
    body = build_body(ChatRequest((), "m", tools=tools))
    parameters = [tool["function"]["parameters"] for tool in body["tools"]]
    assert parameters == [
        {
            "type": "object",
            "properties": {
                "unit": {"enum": ["m", "km"], "description": "Of length."},
                "units": {"type": "array", "items": {"enum": ["m", "km"]}},
                "tree": {"type": "object", "properties": {"next": {"type": "object"}}},
            },
        },
        {"type": "object", "properties": {}},
    ]


SHAPES: dict[str, tuple[list[Any], list[Delta]]] = {
    "text": ([said(content="a"), said(content="b"), done()], [TextDelta("a"), TextDelta("b"), END]),
    "thinking before text": (
        [said(content="", thinking="hm"), said(content="a"), done()],
        [ThinkingDelta("hm"), TextDelta("a"), END],
    ),
    "not a stream: one record": (
        [{"message": {"content": "a", "thinking": "hm"}, "done": True, "eval_count": 2}],
        [ThinkingDelta("hm"), TextDelta("a"), UsageDelta(Usage(None, 2)), END],
    ),
    "counts": (
        [done(prompt_eval_count=7, eval_count=2)],
        [UsageDelta(Usage(7, 2)), END],
    ),
    "counts absent, as when all of the prompt was in the cache": ([done()], [END]),
    "an empty prompt loads the model": ([done("load")], [END]),
    "the limit of tokens": (
        [said(content="a"), done("length")],
        [TextDelta("a"), FinishDelta("length")],
    ),
    "null content": ([said(content=None, thinking=None, tool_calls=None), done()], [END]),
    "more after the end": ([done(), said(content="late")], [END]),
    "surrogates cut apart by a server that only speaks like Ollama": (
        [
            '{"message":{"content":"a\\ud83d"}}',
            '{"message":{"content":"\\ude42"}}',
            done(),
        ],
        [TextDelta("a"), TextDelta("\U0001f642"), END],
    ),
}


@pytest.mark.parametrize(("records", "deltas"), SHAPES.values(), ids=SHAPES.keys())
def test_shapes(records: list[Any], deltas: list[Delta]) -> None:
    assert read(*records) == deltas


def test_calls_come_whole_and_end_the_turn_though_the_reason_is_stop() -> None:
    assert read(call("add", {"a": 1}, id="x"), call("now", {}), done()) == [
        ToolCallDelta(0, "x", "add", '{"a": 1}'),
        ToolCallDelta(1, "new-1", "now", "{}"),
        FinishDelta("tool_calls"),
    ]


def test_several_calls_in_one_record() -> None:
    both = [{"function": {"name": name, "arguments": {"q": "\u4f60"}}} for name in "ab"]
    assert read(said(content="Both.", tool_calls=both), end=False) == [
        TextDelta("Both."),
        ToolCallDelta(0, "new-1", "a", '{"q": "\u4f60"}'),
        ToolCallDelta(1, "new-2", "b", '{"q": "\u4f60"}'),
    ]


def test_a_call_that_comes_once_more_under_its_id() -> None:
    one, other = ({"function": {"name": "a", "arguments": {"q": q}}} for q in (1, 2))
    again = said(content="", tool_calls=[{**one, "id": "x"}])
    read_calls = [*read(again, again, said(content="", tool_calls={**other, "id": "x"}), end=False)]
    assert read_calls == [
        ToolCallDelta(0, "x", "a", '{"q": 1}'),
        ToolCallDelta(1, "x", "a", '{"q": 2}'),
    ]


def test_arguments_as_text_or_missing() -> None:
    text, missing = read(call("a", '{"b": 1}'), call("c", None), end=False)
    assert isinstance(text, ToolCallDelta) and isinstance(missing, ToolCallDelta)
    assert (text.arguments, missing.arguments) == ('{"b": 1}', "{}")


def test_ids_that_are_made_are_never_the_same() -> None:
    readers = [ChatReader(), ChatReader()]
    made = [reader.read(json.dumps(call("a", {})))[0] for reader in readers]
    ids = [delta.id for delta in made if isinstance(delta, ToolCallDelta)]
    assert len(set(ids)) == 2


def test_the_thinking_of_a_turn_with_calls_is_wanted_back() -> None:
    deltas = read(said(thinking="Add "), said(thinking="them."), call("add", {}), done())
    state = ({"type": "ollama.thinking", "thinking": "Add them."},)
    assert deltas[-1] == FinishDelta("tool_calls", state=state)
    message = Message("assistant", "", state=state)
    assert build_body(ChatRequest((message,), "m"))["messages"][0]["thinking"] == "Add them."


def test_a_stream_without_an_end_was_cut() -> None:
    with pytest.raises(CutStreamError, match="in the middle"):
        read(said(content="a"))
    with pytest.raises(CutStreamError, match="before the answer"):
        read()


def test_an_error_in_the_stream_is_raised() -> None:
    with pytest.raises(ServerError, match="mid-answer: an error was encountered"):
        read(said(content="a"), {"error": "an error was encountered while running the model"})


@pytest.mark.parametrize(
    "data", ["{", "3", '"text"', '{"message": 3}', '{"message": {"tool_calls": [4]}}']
)
def test_what_is_no_record_is_a_protocol_error(data: str) -> None:
    with pytest.raises(ProtocolError):
        read(data)
