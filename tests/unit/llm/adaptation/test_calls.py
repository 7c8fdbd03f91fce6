"""Calls as services take them back, for any history."""

from __future__ import annotations

import json
import re

import pytest

from runt_pyodide.llm.adaptation.calls import (
    NO_OUTPUT,
    NO_RESULT,
    mend_calls,
    pair_results,
    rename_ids,
    sound_arguments,
    sound_name,
    tell_calls,
)
from runt_pyodide.llm.messages import Message, ToolCall
from tests.support.llm.histories import random_histories


def call(call_id: str, arguments: str = "{}", name: str = "add") -> ToolCall:
    return ToolCall(call_id, name, arguments)


def result(call_id: str, content: str = "3") -> Message:
    return Message("tool", content, tool_call_id=call_id, tool_name="add")


def called(*calls: ToolCall, text: str = "") -> Message:
    return Message("assistant", text, tool_calls=calls)


def test_each_call_has_its_result_right_behind_it() -> None:
    messages = [
        result("lost"),
        called(call("a"), call("b"), call("c")),
        result("b", "2"),
        Message("user", "Go on."),
        result("a", " "),
        Message("assistant", "Done."),
        result("c"),
    ]
    paired = pair_results(messages)
    assert [(one.role, one.content) for one in paired] == [
        ("assistant", ""),
        ("tool", NO_OUTPUT),
        ("tool", "2"),
        ("tool", NO_RESULT),
        ("user", "Go on."),
        ("assistant", "Done."),
    ]


def test_calls_in_words() -> None:
    messages = [
        Message("user", "1 + 2?"),
        called(call("a", '{"a": 1}'), call("b", "{}"), text="Let me add."),
        result("a"),
        result("b", "4"),
        Message("user", "So?"),
    ]
    told = tell_calls(messages)
    assert [(one.role, one.content) for one in told] == [
        ("user", "1 + 2?"),
        ("assistant", 'Let me add.\n\n[I called add({"a": 1})]\n\n[I called add({})]'),
        (
            "user",
            "The tool add gave this result:\n3\n\nThe tool add gave this result:\n4",
        ),
        ("user", "So?"),
    ]
    assert not any(one.tool_calls or one.tool_call_id for one in told)


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ('{"a": 1}', '{"a": 1}'),
        ('{"a":  1}', '{"a":  1}'),
        ("", "{}"),
        ("null", "{}"),
        ("[1]", "{}"),
        ('"{}"', "{}"),
        ('{"a": ', "{}"),
        ('{"a": NaN, "b": [Infinity, 1.5]}', '{"a": null, "b": [null, 1.5]}'),
        ('{"a": "\\ud83d"}', '{"a": "\\ud83d"}'),
        ('{"a": ' + "[" * 1000 + "]" * 1000 + "}", "{}"),
    ],
)
def test_arguments_are_always_an_object_of_json(text: str, sound: str) -> None:
    assert sound_arguments(text) == sound


@pytest.mark.parametrize(
    ("name", "sound"),
    [
        ("create_cell", "create_cell"),
        ("functions.create_cell", "functions_create_cell"),
        ("größe", "gr__e"),
        ("", "unnamed"),
        ("a" * 80, "a" * 64),
    ],
)
def test_names_are_names(name: str, sound: str) -> None:
    assert sound_name(name) == sound


def test_an_id_that_is_taken_stays() -> None:
    messages = [called(call("D681PevKs"), call("D681PevKs_2"))]
    first, second = rename_ids(pair_results(messages), 9)[0].tool_calls
    assert first.id == "D681PevKs"
    assert re.fullmatch("[A-Za-z0-9]{9}", second.id)
    assert second.id != first.id
    kept = rename_ids(pair_results(messages), None)[0].tool_calls
    assert [one.id for one in kept] == ["D681PevKs", "D681PevKs_2"]


def test_an_id_is_the_same_in_each_request() -> None:
    messages = [called(call("call_1")), result("call_1"), called(call("call_2"))]
    short, long = (rename_ids(pair_results(messages[:count]), 9) for count in (2, 3))
    assert long[:2] == short


def test_state_that_names_a_call_names_it_still() -> None:
    state = ({"type": "function_call", "call_id": "call_1"}, {"type": "reasoning"}, {"call_id": []})
    turn = Message("assistant", "", tool_calls=(call("call_1"),), state=state)
    renamed = rename_ids(pair_results([turn]), 9)[0]
    assert renamed.state[0]["call_id"] == renamed.tool_calls[0].id != "call_1"
    assert renamed.state[1:] == state[1:]


@pytest.mark.parametrize("length", [None, 9, 24, 40])
def test_of_any_history_calls_are_taken(length: int | None) -> None:
    for history in random_histories(400):
        messages = rename_ids(mend_calls(pair_results(history)), length)
        ids = [one.id for message in messages for one in message.tool_calls]
        assert len({*ids}) == len(ids)
        assert all(
            re.fullmatch(rf"[A-Za-z0-9]{{{length}}}" if length else ".+", one) for one in ids
        )
        at = 0
        for message in messages:
            assert message.role != "tool" or message.content.strip()
            for one in message.tool_calls:
                assert isinstance(json.loads(one.arguments), dict)
                assert re.fullmatch("[A-Za-z0-9_-]{1,64}", one.name)
        while at < len(messages):
            expected = [one.id for one in messages[at].tool_calls]
            got = [one.tool_call_id for one in messages[at + 1 : at + 1 + len(expected)]]
            assert messages[at].role != "tool"
            assert got == expected
            at += 1 + len(expected)
