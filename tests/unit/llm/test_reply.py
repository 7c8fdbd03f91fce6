"""What the deltas of a turn add up to."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.errors import CutStreamError, ModelSlipError
from runt_pyodide.llm.messages import (
    AIResponse,
    Delta,
    FinishDelta,
    TextDelta,
    ThinkingDelta,
    ToolCall,
    ToolCallDelta,
    Usage,
    UsageDelta,
)
from runt_pyodide.llm.reply import Reply, only_thought

STOP = FinishDelta("stop")
CALLED = FinishDelta("tool_calls")
USAGE = Usage(input_tokens=3, output_tokens=5)


def whole(
    text: str = "",
    thinking: str = "",
    calls: tuple[ToolCall, ...] = (),
    usage: Usage | None = None,
    finish: FinishDelta = STOP,
) -> AIResponse:
    return AIResponse(text, thinking, calls, usage, finish.reason)


def add_all(deltas: list[Delta]) -> Reply:
    reply = Reply()
    for delta in deltas:
        reply.add(delta)
    return reply


ADD, SUB = ToolCall("x", "add", '{"a": 1}'), ToolCall("y", "sub", "{}")


@pytest.mark.parametrize(
    ("deltas", "response"),
    [
        ([FinishDelta("length")], whole(finish=FinishDelta("length"))),
        ([TextDelta("a"), TextDelta(""), TextDelta(" b\n"), STOP], whole("a b\n")),
        (
            [ThinkingDelta("t"), TextDelta("a"), ThinkingDelta("u"), TextDelta("b"), STOP],
            whole("ab", "tu"),
        ),
        ([TextDelta("a"), UsageDelta(USAGE), FinishDelta("length")],
         whole("a", usage=USAGE, finish=FinishDelta("length"))),
        # What the service counts later replaces what it counted before; it may come after the end.
        (
            [TextDelta("a"), UsageDelta(Usage(input_tokens=1)), STOP, UsageDelta(USAGE)],
            whole("a", usage=USAGE),
        ),
        (
            [ToolCallDelta(0, "x", "add"), ToolCallDelta(0, arguments='{"a":'),
             ToolCallDelta(0, arguments=" 1}"), CALLED],
            whole(calls=(ADD,), finish=CALLED),
        ),
        # Pieces of several calls mixed, and not in the order of their index.
        (
            [ToolCallDelta(1, "y", "sub", "{"), TextDelta("a"), ToolCallDelta(0, "x", "add", "{"),
             ToolCallDelta(1, arguments="}"), ToolCallDelta(0, arguments='"a": 1}'), CALLED],
            whole("a", calls=(ADD, SUB), finish=CALLED),
        ),
        # Arguments stay text as the model wrote it.
        ([ToolCallDelta(0, "x", "f", '{"a'), STOP], whole(calls=(ToolCall("x", "f", '{"a'),))),
        ([ToolCallDelta(0, "x", "f"), STOP], whole(calls=(ToolCall("x", "f", ""),))),
    ],
)  # fmt: skip
def test_a_whole_turn(deltas: list[Delta], response: AIResponse) -> None:
    assert add_all(deltas).response() == response


@pytest.mark.parametrize("finish", [STOP, CALLED, FinishDelta("stop", "It was 'odd'.")])
@pytest.mark.parametrize(
    ("deltas", "said"),
    [
        ([], "an empty answer."),
        ([TextDelta(" \n\n"), TextDelta("")], "an empty answer."),
        ([ThinkingDelta("hm"), TextDelta("\n")], "it used up its tokens for thinking."),
        # Thinking that the service does not show.
        ([UsageDelta(Usage(1, 5, reasoning_tokens=5))], "it used up its tokens for thinking."),
    ],
)
def test_a_turn_that_says_nothing_is_the_model_s_slip(
    deltas: list[Delta], said: str, finish: FinishDelta
) -> None:
    with pytest.raises(ModelSlipError) as caught:
        add_all([*deltas, finish]).response()
    assert said in caught.value.message and finish.notice in caught.value.message


@pytest.mark.parametrize("reason", ["length", "content_filter"])
def test_a_turn_that_was_ended_before_it_said_anything_says_why(reason: Any) -> None:
    response = add_all([ThinkingDelta("hm"), FinishDelta(reason)]).response()
    assert response.finish_reason == reason and only_thought(response)
    assert not only_thought(add_all([TextDelta("a"), ThinkingDelta("b"), STOP]).response())
    assert not only_thought(add_all([FinishDelta(reason)]).response())


def test_a_turn_that_the_model_did_not_end_was_cut() -> None:
    reply = add_all([TextDelta("as far as"), ToolCallDelta(0, "x", "f", "{"), UsageDelta(USAGE)])
    with pytest.raises(CutStreamError):
        reply.response()
    # What came is there all the same.
    assert reply.text == "as far as"
    assert reply.tool_calls == (ToolCall("x", "f", "{"),)
    assert reply.usage == USAGE


@given(st.lists(st.tuples(st.integers(0, 3), st.text(max_size=3))))
def test_pieces_join_by_their_index(pieces: list[tuple[int, str]]) -> None:
    expected: dict[int, str] = {}
    reply = Reply()
    for index, text in pieces:
        named = {} if index in expected else {"id": f"id-{index}", "name": f"f{index}"}
        reply.add(ToolCallDelta(index, **named, arguments=text))
        expected[index] = expected.get(index, "") + text
    assert reply.tool_calls == tuple(
        ToolCall(f"id-{index}", f"f{index}", text) for index, text in sorted(expected.items())
    )
