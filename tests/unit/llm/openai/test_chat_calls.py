"""The pieces of calls in a chat completion: which call each belongs to."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runt_pyodide.llm.messages import (
    ToolCall,
    ToolCallDelta,
)
from runt_pyodide.llm.reply import Reply
from tests.support.llm.chat_chunks import STOP, chunk, read


def call(**fields: Any) -> dict[str, Any]:
    return chunk({"tool_calls": [fields]})


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


def arguments_of(*records: Any) -> list[tuple[str, str, str]]:
    """The calls of a turn as (id, name, arguments)."""
    reply = Reply()
    for delta in read(*records, STOP):
        reply.add(delta)
    return [(call.id, call.name, call.arguments) for call in reply.tool_calls]


B = {"name": "add", "arguments": '{"b":2}'}


SEVERAL: dict[str, list[Any]] = {
    "as OpenAI has them": [
        call(index=0, id="x", function={"name": "add", "arguments": ""}),
        call(index=0, function={"arguments": '{"a":'}),
        call(index=1, id="y", function=B),
        call(index=0, function={"arguments": "1}"}),
    ],
    "always index 0": [
        call(index=0, id="x", function=A),
        call(index=0, function={"arguments": "1}"}),
        call(index=0, id="y", function={"name": "add", "arguments": '{"b"'}),
        call(index=0, function={"arguments": ":2}"}),
    ],
    "always index 0, ids in every piece, by turns": [
        call(index=0, id="x", function=A),
        call(index=0, id="y", function=B),
        call(index=0, id="x", function={"name": "add", "arguments": "1}"}),
    ],
    "no index": [
        call(id="x", function=A),
        call(function={"arguments": "1}"}),
        call(id="y", function=B),
    ],
    "several in one delta": [
        chunk(
            {
                "tool_calls": [
                    {"id": "x", "function": {"name": "add", "arguments": {"a": 1}}},
                    {"id": "y", "function": {"name": "add", "arguments": {"b": 2}}},
                ]
            }
        )
    ],
    "the name after the id": [
        call(index=0, id="x"),
        call(index=0, function={"name": "add", "arguments": '{"a":1}'}),
        call(index=1, id="y", function={"name": None, "arguments": None}),
        call(index=1, id="y", function=B),
    ],
}


@pytest.mark.parametrize("records", SEVERAL.values(), ids=SEVERAL.keys())
def test_the_pieces_of_several_calls(records: list[Any]) -> None:
    calls = [(call_id, name, json.loads(text)) for call_id, name, text in arguments_of(*records)]
    assert calls == [("x", "add", {"a": 1}), ("y", "add", {"b": 2})]


def test_without_ids_a_new_beginning_is_a_new_call() -> None:
    whole = {"name": "add", "arguments": '{"a":1}'}
    begun = call(function={"name": "add", "arguments": '{"a"'})
    rest = call(function={"name": "add", "arguments": ":1}"})
    add = ("add", '{"a":1}')
    for place in ({}, {"index": 0}):
        calls = arguments_of(call(**place, function=whole), call(**place, function=whole))
        assert [made[1:] for made in calls] == [add, add]
        other = call(**place, function={"name": "now", "arguments": "{}"})
        assert [made[1:] for made in arguments_of(call(**place, function=whole), other)] == [
            *(add, ("now", "{}"))
        ]
    assert [made[1:] for made in arguments_of(begun, rest)] == [add]
    assert [made[1:] for made in arguments_of(begun, rest, call(function={"name": "add"}))] == [add]


def test_arguments_as_an_object_and_no_id() -> None:
    record = call(index=0, function={"name": "add", "arguments": {"a": 1}})
    assert read(record, end=False) == [ToolCallDelta(0, "call_0", "add", '{"a": 1}')]
    # The ids of two answers differ where the answers' own do.
    assert read({**record, "id": "chatcmpl-7"}, end=False) == [
        ToolCallDelta(0, "chatcmpl-7_0", "add", '{"a": 1}')
    ]


def test_surrogates_cut_apart_in_arguments() -> None:
    first = call(index=0, id="x", function={"name": "say", "arguments": '{"a":"\ud83d'})
    rest = call(index=0, function={"arguments": '\ude42"}'})
    assert arguments_of(first, rest) == [("x", "say", '{"a":"\U0001f642"}')]
    assert arguments_of(first) == [("x", "say", '{"a":"\ufffd')]
