"""Requests without what is refused."""

from __future__ import annotations

import itertools

import pytest

from runt_pyodide.llm.adaptation.shape import SHAPES, shape, tell_schema
from runt_pyodide.llm.messages import ChatRequest, Image, Message, ToolCall, ToolSpec
from tests.support.llm.histories import random_histories

ADD = ToolSpec("add", "Adds.", {"type": "object"})
PICTURE = (Image("image/png", "aGk="),)
SCHEMA = {"type": "object", "properties": {"größe": {"type": "number"}}}
HISTORY = (
    Message("user", "1 + 2?"),
    Message("assistant", "", tool_calls=(ToolCall("call_1", "add", ""),)),
    Message("tool", "", tool_call_id="call_1", tool_name="add"),
    Message("user", "And this?", images=PICTURE),
)
REQUEST = ChatRequest(HISTORY, "m", (ADD,), "Be brief.", response_format=SCHEMA)


def test_by_default_only_what_every_service_refuses_is_mended() -> None:
    shaped = shape(REQUEST, ())
    first, call, result, last = shaped.request.messages
    assert (first, last) == (HISTORY[0], HISTORY[3])
    assert call.tool_calls == (ToolCall("call_1", "add", "{}"),)
    assert result.content == "(no output)"
    assert shaped.told == ()
    assert shaped.request.tools == (ADD,)
    assert shaped.request.system_prompt == "Be brief."
    assert shaped.request.response_format == SCHEMA


def test_without_tools_calls_are_told() -> None:
    shaped = shape(REQUEST, {"tools"})
    assert shaped.request.tools == ()
    assert [one.role for one in shaped.request.messages] == ["user", "assistant", "user", "user"]
    assert shaped.request.system_prompt
    assert "You have no tools" in shaped.request.system_prompt
    assert shaped.told == ("The model 'm' cannot call tools, so it was asked without them.",)
    # A request that has none tells the calls of its history, too.
    own = shape(ChatRequest(HISTORY, "m"), ())
    assert "[I called add({})]" in own.request.messages[1].content
    assert own.told == ()


def test_without_response_format_the_schema_is_told() -> None:
    shaped = shape(REQUEST, {"response_format"})
    assert shaped.request.response_format is None
    assert shaped.request.system_prompt == f"Be brief.\n\n{tell_schema(SCHEMA)}"
    assert "größe" in tell_schema(SCHEMA)
    assert "response_format" in shaped.told[0]
    assert shape(ChatRequest(HISTORY, "m", (ADD,)), {"response_format"}).told == ()


def test_without_images() -> None:
    shaped = shape(REQUEST, {"images"})
    last = shaped.request.messages[-1]
    assert last.images == ()
    assert last.content == "And this?\n\n[1 image left out here: you cannot see images]"
    assert shaped.told == ("The image was left out, since the model 'm' cannot see.",)


def test_without_a_system_prompt() -> None:
    shaped = shape(REQUEST, {"system", "response_format"})
    assert shaped.request.system_prompt is None
    assert shaped.request.messages[0].content.startswith("Be brief.\n\nAnswer with one JSON value")


def test_ids_of_calls() -> None:
    shaped = shape(REQUEST, {"call_ids.24", "call_ids.9"})
    assert len(shaped.request.messages[1].tool_calls[0].id) == 9


def test_what_says_nothing_is_left_out_or_filled() -> None:
    messages = (Message("user", " "), Message("assistant", "\n"), Message("user", "", PICTURE))
    shaped = shape(ChatRequest(messages, "m"), ())
    assert [(one.role, one.content) for one in shaped.request.messages] == [
        ("user", "(empty)"),
        ("user", ""),
    ]


@pytest.mark.parametrize("refused", [*itertools.combinations(sorted(SHAPES), 2), tuple(SHAPES)])
def test_any_request_can_be_shaped(refused: tuple[str, ...]) -> None:
    for history in random_histories(60):
        for tools in ((), (ADD,)):
            request = ChatRequest(tuple(history), "m", tools, "s", response_format=SCHEMA)
            shaped = shape(request, refused).request
            assert not (shaped.tools and "tools" in refused)
            for message in shaped.messages:
                assert message.content.strip() or message.images or message.tool_calls
                assert not (message.images and "images" in refused)
                assert shaped.tools or not (message.tool_calls or message.role == "tool")
            roles = [one.role for one in shaped.messages if not one.tool_calls]
            if "neighbours" in refused:
                spoken = [role for role in roles if role != "tool"]
                assert spoken == (["user", "assistant"] * len(spoken))[: len(spoken)]
