"""The pieces of calls in a chat completion: which call each belongs to."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runt_pyodide.llm.messages import FinishDelta, ToolCall, ToolCallDelta
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


ROME, OSLO = '{"city":"Rome"}', '{"city":"Oslo"}'
HALVES = ('{"city":', '"Rome"}')


def piece(arguments: Any = None, **fields: Any) -> dict[str, Any]:
    name = fields.pop("name", "weather")
    function = {"name": name, "arguments": arguments}
    return {
        **fields,
        "function": {key: value for key, value in function.items() if value is not None},
    }


# Pieces as servers label them, and the calls that they are of.
ODD: dict[str, tuple[list[Any], list[Any]]] = {
    "a new id in every piece": (
        [
            piece("", index=0, id="a"),
            piece(HALVES[0], name=None, index=0, id="b"),
            piece(HALVES[1], name=None, index=0, id="c"),
        ],
        [ROME],
    ),
    "a new id in every piece, no index": (
        [piece("", id="a"), *(piece(half, name="", id=half) for half in HALVES)],
        [ROME],
    ),
    "the index moves on": (
        [piece("", index=0, id="a"), *(piece(h, name=None, index=n) for n, h in enumerate(HALVES))],
        [ROME],
    ),
    "the index moves on, id and name in every piece": (
        [piece(half, index=number, id="a") for number, half in enumerate(HALVES)],
        [ROME],
    ),
    "one id for two calls": (
        [piece(ROME, index=0, id="a"), piece(OSLO, index=1, id="a")],
        [ROME, OSLO],
    ),
    "one id for two calls, in pieces": (
        [
            piece("", index=0, id="a"),
            piece("", index=1, id="a", name="other"),
            piece(ROME, index=0, name=None),
            piece(OSLO, index=1, name=None),
        ],
        [ROME, OSLO],
    ),
    "one id for two calls, no index": ([piece(ROME, id="a"), piece(OSLO, id="a")], [ROME, OSLO]),
    "the same call once more": ([piece(ROME, index=0, id="a")] * 2, [ROME]),
    "the index as text": (
        [piece(HALVES[0], index="0", id="a"), piece(HALVES[1], index=0, name=None)],
        [ROME],
    ),
    "the id as a number": ([piece(ROME, index=0, id=7)], [ROME]),
    "{} before the arguments": (
        [piece("{}", index=0, id="a"), *(piece(half, name=None, index=0) for half in HALVES)],
        [ROME],
    ),
    "the whole once more": (
        [
            piece("", index=0, id="a"),
            piece(ROME, name=None, index=0),
            piece(ROME, name=None, index=0),
        ],
        [ROME],
    ),
    "null among them": ([None, piece(ROME, index=0, id="a"), None], [ROME]),
    "no function around": (
        [{"index": 0, "id": "a", "name": "weather", "arguments": ROME}],
        [ROME],
    ),
    "the name after the arguments": (
        [piece(HALVES[0], index=0, id="a", name=None), piece(HALVES[1], index=0, id="a")],
        [ROME],
    ),
    "an id that is announced": (
        [
            {"index": 0, "id": "a"},
            piece(ROME, index=0),
            {"index": 1, "id": "b"},
            piece(OSLO, index=1),
        ],
        [ROME, OSLO],
    ),
    "two that begin empty": (
        [
            piece("", index=0, id="a"),
            piece("", index=1, id="b"),
            piece(ROME, name=None, index=0),
            piece(OSLO, name=None, index=1),
        ],
        [ROME, OSLO],
    ),
    # What belongs nowhere for certain is added to the last call, and so told to the model.
    "more than was called": (
        [piece(ROME, index=0, id="a"), piece(OSLO, name=None, index=1, id="b")],
        [ROME + OSLO],
    ),
}


@pytest.mark.parametrize(("pieces", "calls"), ODD.values(), ids=ODD.keys())
def test_pieces_belong_together_by_what_they_carry(pieces: list[Any], calls: list[Any]) -> None:
    for records in ([chunk({"tool_calls": pieces})], [chunk({"tool_calls": [p]}) for p in pieces]):
        assert [arguments for _, _, arguments in arguments_of(*records)] == calls


def test_a_call_is_announced_by_its_id() -> None:
    records = [call(index=0, id="a"), call(**piece(ROME, index=0))]
    assert arguments_of(*records) == [("a", "weather", ROME)]
    assert read(call(index=0, id="a"), STOP)[-1] == FinishDelta("stop")


def test_the_older_form_of_a_call() -> None:
    begun = chunk({"function_call": {"name": "weather", "arguments": ""}})
    rest = chunk({"function_call": {"arguments": ROME}})
    end = chunk({}, "function_call")
    assert read(begun, rest, end) == [
        *(ToolCallDelta(0, "call_0", "weather"), ToolCallDelta(0, arguments=ROME)),
        FinishDelta("tool_calls"),
    ]
    both = chunk({"function_call": A, "tool_calls": [piece(ROME, index=0, id="a")]})
    assert arguments_of(both) == [("a", "weather", ROME)]


def test_a_call_without_a_name_is_told() -> None:
    assert arguments_of(call(index=0, function={"arguments": ROME})) == [("call_0", "", ROME)]


def test_calls_of_a_whole_answer_are_not_made_twice() -> None:
    whole = {"message": {"tool_calls": [piece(ROME, id="a")]}, "finish_reason": "tool_calls"}
    streamed = call(**piece(ROME, index=0, id="b"))
    assert arguments_of({"choices": [whole]}) == [("a", "weather", ROME)]
    assert arguments_of(streamed, {"choices": [whole]}) == [("b", "weather", ROME)]


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
