"""A request as Anthropic's Messages API takes it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from runt_pyodide.llm.adaptation.shape import ASSISTANT_LAST, shape
from runt_pyodide.llm.anthropic.request_body import ANSWER_TOOL, CACHE, FORMAT, build_body
from runt_pyodide.llm.anthropic.thinking import build_state
from runt_pyodide.llm.messages import ChatRequest, ChatSettings, Image, Message, ToolCall, ToolSpec
from tests.support.llm.histories import random_histories
from tests.support.services.native.anthropic import AnthropicService

MODEL = "claude-opus-5-5"
USER = Message("user", "hi")
TOOLS = (ToolSpec("f", "Does.", {"type": "object", "properties": {"a": {"type": "integer"}}}),)
SCHEMA = {
    "type": "object",
    "properties": {
        "minimum": {"type": "integer", "minimum": 1},
        "rows": {"type": "array", "items": {"type": "object", "properties": {}}, "maxItems": 3},
    },
    "required": ["minimum"],
}
MARK = {"type": "ephemeral"}
THOUGHT = {"type": "thinking", "thinking": "hm", "signature": "s=="}
HIDDEN = {"type": "redacted_thinking", "data": "x=="}


def text(said: str) -> dict[str, Any]:
    return {"type": "text", "text": said}


def body_of(*messages: Message, refused: tuple[str, ...] = (CACHE,), **more: Any) -> Any:
    return build_body(ChatRequest(messages or (USER,), **{"model": MODEL, **more}), refused)


def test_the_least_that_is_sent() -> None:
    assert body_of(model="claude-3-haiku-20240307") == {
        "model": "claude-3-haiku-20240307",
        "max_tokens": 4096,
        "messages": [{"role": "user", "content": [text("hi")]}],
        "stream": True,
    }


def test_all_that_can_be_asked_for() -> None:
    settings = ChatSettings(0.5, 9, 0.9, stop=("x",), reasoning_effort="high")
    body = body_of(settings=settings, tools=TOOLS, system_prompt="Be.", response_format=SCHEMA)
    assert body["max_tokens"] == 9
    assert (body["temperature"], body["top_p"], body["stop_sequences"]) == (0.5, 0.9, ["x"])
    assert body["system"] == [text("Be.")]
    assert body["thinking"] == {"type": "adaptive", "display": "summarized"}
    assert body["output_config"]["effort"] == "high"
    assert body["tools"] == [
        {"name": "f", "description": "Does.", "input_schema": dict(TOOLS[0].parameters)}
    ]


def test_a_schema_binds_the_answer() -> None:
    made = body_of(response_format=SCHEMA)["output_config"]["format"]
    rows = {"type": "object", "properties": {}, "additionalProperties": False}
    assert made == {
        "type": "json_schema",
        "schema": {
            **SCHEMA,
            "additionalProperties": False,
            "properties": {
                "minimum": {"type": "integer"},
                "rows": {"type": "array", "items": rows},
            },
        },
    }


@pytest.mark.parametrize("tools", [(), TOOLS])
def test_where_it_cannot_a_tool_has_to_be_called_with_it(tools: tuple[ToolSpec, ...]) -> None:
    body = body_of(response_format=SCHEMA, tools=tools, refused=(CACHE, FORMAT))
    assert body["tools"][-1]["name"] == ANSWER_TOOL
    assert body["tools"][-1]["input_schema"] == SCHEMA
    only = {"type": "tool", "name": ANSWER_TOOL}
    assert body["tool_choice"] == ({"type": "any"} if tools else only)
    assert "output_config" not in body


def test_pictures_and_results_are_the_user_s_and_roles_alternate() -> None:
    seen = Message("user", "See", images=(Image("image/png", "aGk="),))
    calls = (ToolCall("a", "f", "{}"), ToolCall("b:0", "f", '{"a": 1}'))
    results = [Message("tool", one, tool_call_id=one) for one in ("a", "b:0")]
    made = body_of(seen, Message("assistant", "", tool_calls=calls), *results, USER)["messages"]
    source = {"type": "base64", "media_type": "image/png", "data": "aGk="}
    assert made[0] == {
        "role": "user",
        "content": [text("See"), {"type": "image", "source": source}],
    }
    first, second = made[1]["content"]
    assert first == {"type": "tool_use", "id": "a", "name": "f", "input": {}}
    assert second["id"] == made[2]["content"][1]["tool_use_id"] != "b:0"
    assert [one["type"] for one in made[2]["content"]] == ["tool_result", "tool_result", "text"]


def test_thinking_goes_back_unchanged_where_it_stood() -> None:
    blocks = [THOUGHT, HIDDEN, text("Look."), {"type": "tool_use", "call_id": "a"}]
    blocks += [THOUGHT, {"type": "tool_use", "call_id": "gone"}]
    turn = Message(
        "assistant",
        "Look.",
        tool_calls=(ToolCall("a", "f", "{}"), ToolCall("b", "f", "{}")),
        state=build_state(MODEL, blocks),
    )
    results = [Message("tool", "r", tool_call_id=one) for one in "ab"]
    made = body_of(USER, turn, *results)["messages"][1]["content"]
    assert made[:3] == [THOUGHT, HIDDEN, text("Look.")]
    assert [block.get("id") for block in made[3:]] == ["a", "b"]
    later = body_of(USER, turn, *results, USER)["messages"][1]["content"]
    assert [block["type"] for block in later] == ["text", "tool_use", "tool_use"]
    other = body_of(USER, turn, *results, model="claude-haiku-5-5")["messages"][1]["content"]
    assert THOUGHT not in other


def test_the_stable_beginning_is_marked() -> None:
    assert body_of(refused=(), system_prompt="s")["system"] == [{**text("s"), CACHE: MARK}]
    call = Message("assistant", "", tool_calls=(ToolCall("a", "f", "{}"),))
    result = Message("tool", "r", tool_call_id="a")
    body = body_of(USER, call, result, refused=(), tools=TOOLS)
    assert CACHE in body["tools"][-1]
    assert [CACHE in one["content"][-1] for one in body["messages"]] == [True, False, True]
    # Without tools there is no next request that goes on from this one.
    assert CACHE not in str(body_of(USER, refused=())["messages"])


def test_what_was_said_before_a_pause_stands_at_the_end() -> None:
    request = ChatRequest((USER,), MODEL)
    body = build_body(request, (CACHE,), (THOUGHT, text("So far")))
    assert body["messages"][-1] == {"role": "assistant", "content": [THOUGHT, text("So far")]}


def test_any_history_keeps_the_rules() -> None:
    service = AnthropicService(MODEL)
    for messages in random_histories(300):
        request = ChatRequest((*messages, USER), MODEL, tools=TOOLS)
        shaped = shape(replace(request), {ASSISTANT_LAST}).request
        assert [*service.find_faults(build_body(shaped))] == []
