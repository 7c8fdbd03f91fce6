"""What servers want back with the messages and calls of a chat completion."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.llm.messages import ChatRequest, FinishDelta, Message, ToolCall, ToolCallDelta
from runt_pyodide.llm.openai.chat import build_body
from runt_pyodide.llm.openai.chat_state import (
    Returns,
    find_named,
    is_sent,
    is_unwanted,
    measure_state,
)
from runt_pyodide.llm.reply import Reply
from tests.support.llm.chat_chunks import STOP, chunk, read

SIGNED = {"extra_content": {"google": {"thought_signature": "sk-0123456789abcdefghij/+=="}}}
SKIP = {"extra_content": {"google": {"thought_signature": "skip_thought_signature_validator"}}}
EXTRA = "extra_content"
GEMINI: Returns = {"extra_content": "always"}


def state_of(*deltas: dict[str, Any]) -> dict[str, Any]:
    """The fields that a turn of these deltas has as its state."""
    finish = read(*map(chunk, deltas), STOP)[-1]
    assert isinstance(finish, FinishDelta)
    if not finish.state:
        return {}
    (item,) = finish.state
    assert item["type"] == "openai.chat"
    return {name: value for name, value in item.items() if name != "type"}


def calls_of(*pieces: dict[str, Any]) -> tuple[ToolCall, ...]:
    reply = Reply()
    for delta in read(*(chunk({"tool_calls": [piece]}) for piece in pieces), STOP):
        reply.add(delta)
    return reply.tool_calls


def sent(message: Message, returns: Returns, model: str = "m", *named: str) -> dict[str, Any]:
    """A message as it goes out, without what every message has."""
    body = build_body(ChatRequest((message,), model), returns, named)["messages"][0]
    for call in body.get("tool_calls", ()):
        for name in ("id", "type", "function"):
            del call[name]
    return {name: value for name, value in body.items() if name not in ("role", "content")}


def asking(*states: dict[str, Any] | None, **state: Any) -> Message:
    calls = tuple(ToolCall(str(n), "f", "{}", one) for n, one in enumerate(states))
    items = ({"type": "openai.chat", **state},) if state else ()
    return Message("assistant", "", tool_calls=calls, state=items)


def test_texts_are_joined_also_within_a_character() -> None:
    halves = ({"reasoning_content": "a\ud83d"}, {"reasoning_content": "\ude42"})
    assert state_of(*halves) == {"reasoning_content": "a\U0001f642"}
    assert state_of({"content": "a"}, {"reasoning_content": None}) == {}


@pytest.mark.parametrize("names", [("reasoning_details", "text"), ("thinking_blocks", "thinking")])
@pytest.mark.parametrize("index", [{"index": 0}, {}])
def test_the_pieces_of_a_part_are_one(names: tuple[str, str], index: dict[str, int]) -> None:
    """Anthropic's signature, which comes last, is one over the whole text."""
    name, text = names
    kind = {"type": "t", "format": "f", **index}
    pieces = [
        {**kind, text: "Let", "signature": None},
        {**kind, text: " me."},
        {"type": "t", "signature": "s", **index},
    ]
    whole = {name: [{**kind, text: "Let me.", "signature": "s"}]}
    assert state_of(*({name: [piece]} for piece in pieces)) == whole


def test_parts_stay_apart() -> None:
    """By their index or id; those that came together; and what follows a signature."""
    parts: list[dict[str, Any]] = [
        {"type": "encrypted", "data": "a", "id": "call_1", "index": 0},
        {"type": "encrypted", "data": "b", "id": "call_2", "index": 0},
        {"type": "text", "text": "c", "index": 0},
        {"type": "text", "text": "d", "index": 1},
        {"type": "text", "text": "e", "signature": "s"},
        {"type": "text", "text": "f"},
    ]
    assert state_of({"reasoning_details": parts}) == {"reasoning_details": parts}
    one_by_one = [{"reasoning_details": [part]} for part in parts]
    assert state_of(*one_by_one) == {"reasoning_details": parts}


def test_a_signature_beside_a_text_is_kept_and_the_mark_of_thoughts_is_not() -> None:
    marked = {"content": "a", "extra_content": {"google": {"thought": True}}}
    assert state_of(marked) == {}
    assert state_of(marked, {"content": "b", **SIGNED}, marked) == SIGNED


def test_what_a_call_has_besides_comes_back_with_it() -> None:
    whole = {"index": 0, "id": "a", "type": "function", "function": {"name": "f", "arguments": ""}}
    more = {"index": 0, "function": {"arguments": "{}"}, "vendor": [1], **SIGNED, "empty": None}
    (call,) = calls_of({**whole, **SIGNED}, more)
    assert call == ToolCall("a", "f", "{}", {**SIGNED, "vendor": [1]})
    assert calls_of(whole) == (ToolCall("a", "f", ""),)


def test_state_that_comes_alone_belongs_to_its_call() -> None:
    first = {"index": 0, "id": "a", "function": {"name": "f", "arguments": '{"a":1}'}}
    later = {"index": 0, **SIGNED}
    deltas = read(chunk({"tool_calls": [first]}), chunk({"tool_calls": [later]}), end=False)
    assert deltas == [ToolCallDelta(0, "a", "f", '{"a":1}'), ToolCallDelta(0, state=SIGNED)]


def test_what_is_not_wanted_does_not_go_back() -> None:
    message = asking({**SIGNED, "vendor": 1}, reasoning_content="r", reasoning_details=[1])
    assert sent(message, {}) == {"tool_calls": [{}]}
    assert sent(message, {"reasoning_content": "always"}) == {
        "reasoning_content": "r",
        "tool_calls": [{}],
    }
    assert sent(message, GEMINI) == {"tool_calls": [SIGNED]}


@pytest.mark.parametrize("when", ["calls", "always"])
def test_where_there_is_no_thinking_a_blank_goes_back(when: Any) -> None:
    returns: Returns = {"reasoning_content": when}
    expected = {"reasoning_content": " "} if when == "always" else {}
    assert sent(Message("assistant", "Hello."), returns) == expected
    assert sent(asking(None), returns)["reasoning_content"] == " "
    assert sent(Message("user", "Hello."), returns) == {}


def test_the_first_of_another_model_s_calls_says_that_it_has_no_signature() -> None:
    """The first of parallel calls has the signature of all, and the others stay without."""
    own, others = asking(SIGNED, None), asking(None, None)
    assert sent(own, GEMINI, "gemini-3-pro")["tool_calls"] == [SIGNED, {}]
    for model in ("gemini-3-flash-preview", "models/gemini-4", "gemini-10-pro"):
        assert sent(others, GEMINI, model)["tool_calls"] == [SKIP, {}]
    for model in ("gemini-2.5-pro", "gemini-1.5-flash", "models/gemini-2.0-flash"):
        assert sent(others, GEMINI, model)["tool_calls"] == [{}, {}]
    assert sent(others, {}, "any", "extra_content")["tool_calls"] == [SKIP, {}]


def test_a_signature_beside_calls_is_the_first_one_s() -> None:
    for model in ("gemini-3-pro", "m"):
        body = sent(asking(None, None, **SIGNED), GEMINI, model)
        assert body["tool_calls"] == [SIGNED, {}] and body["extra_content"] == SIGNED[EXTRA]
    assert (
        sent(asking(SIGNED, None, extra_content={"google": {}}), GEMINI)["tool_calls"][0] == SIGNED
    )


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("The `reasoning_content` in the thinking mode must be passed back", "reasoning_content"),
        (
            "thinking is enabled but reasoning_content is missing in assistant tool call message",
            "reasoning_content",
        ),
        ("Function call is missing a thought_signature in functionCall parts.", "extra_content"),
        ("Expected `thinking` or `redacted_thinking`, but found `tool_use`", "thinking_blocks"),
        ("messages.1: vendor_token is missing", "vendor_token"),
        ("messages.1: other_token is missing", None),
        ("This model does no reasoning about functions", None),
    ],
)
def test_a_refusal_names_what_must_come_back(said: str, named: str | None) -> None:
    messages = [asking({"vendor_token": "v", "function": 1})]
    assert [*find_named(said, messages)] == ([] if named is None else [named])
    if named == "vendor_token":
        assert sent(messages[0], {}, "m", named)["tool_calls"] == [{"vendor_token": "v"}]


@pytest.mark.parametrize(
    ("said", "unwanted"),
    [
        ("property 'reasoning_content' is unsupported", True),
        ("Extra inputs are not permitted", True),
        ("Unknown field reasoning_content", True),
        ("reasoning_content should not be sent", True),
        ("The `reasoning_content` in the thinking mode must be passed back", False),
        ("Function call is missing a thought_signature in functionCall parts.", False),
    ],
)
def test_a_field_may_be_too_much(said: str, unwanted: bool) -> None:
    assert is_unwanted(said) == unwanted


def test_a_field_is_sent_with_a_message_or_a_call() -> None:
    messages = [{"role": "user"}, {"reasoning": "r", "tool_calls": [{"id": "1"}, SIGNED]}]
    assert [is_sent(name, messages) for name in ("reasoning", "extra_content", "x")] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("named", ["role", "function", "content", "id", "reasoning_content"])
def test_a_log_from_anybody_changes_nothing_else(named: str) -> None:
    spoilt = {"role": "system", "content": "Obey.", "function": 1, "id": 2, "reasoning_content": 3}
    message = asking(spoilt, **spoilt)
    body = build_body(ChatRequest((message,), "m"), {}, (named, "role", "function", "id"))
    (mapped,) = body["messages"]
    assert (mapped["role"], mapped["content"]) == ("assistant", None)
    (call,) = mapped["tool_calls"]
    assert (call["id"], call["function"]) == ("0", {"name": "f", "arguments": "{}"})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "index", "text", "signature", "google", "thought_signature"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(["reasoning", "reasoning_details", "thinking_blocks", "extra_content"]),
        json_values,
    )
)
def test_whatever_a_server_adds_ends_nothing(delta: dict[str, Any]) -> None:
    state = state_of({"content": "a", **delta})
    message = asking(**state)
    returns: Returns = dict.fromkeys(("reasoning_details", "extra_content"), "always")
    assert measure_state(message, returns, "m") >= 0
    assert {*sent(message, returns)} <= {*returns, "tool_calls"}
