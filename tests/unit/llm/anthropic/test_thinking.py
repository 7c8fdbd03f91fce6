"""How a model is to think, and what of its thinking goes back."""

from __future__ import annotations

from typing import Any

import pytest

from runt_pyodide.llm.anthropic.thinking import (
    UNBOUND,
    build_state,
    choose_thinking,
    digest,
    find_bound,
    find_thinking,
    kept_blocks,
)
from runt_pyodide.llm.messages import ChatRequest, ChatSettings, Message

SHOWN = {"type": "adaptive", "display": "summarized"}
THOUGHT = {"type": "thinking", "thinking": "hm", "signature": "s"}
TEXT = {"type": "text", "text": "a b"}
CALL = {"type": "tool_use", "call_id": "c"}


def budget(tokens: int) -> dict[str, Any]:
    return {"type": "enabled", "budget_tokens": tokens}


@pytest.mark.parametrize(
    ("model", "effort", "thinking", "sent"),
    [
        ("claude-opus-5-5", None, SHOWN, None),
        ("claude-opus-5-5", "none", SHOWN, "low"),
        ("claude-opus-5-5", "minimal", SHOWN, "low"),
        ("claude-opus-5-5", "xhigh", SHOWN, "xhigh"),
        ("claude-haiku-5-5", None, SHOWN, None),
        ("claude-haiku-5-5", "none", {"type": "disabled"}, None),
        ("claude-opus-4-6", None, None, None),
        ("claude-opus-4-6", "none", None, None),
        ("claude-opus-4-6", "high", SHOWN, "high"),
        ("claude-sonnet-4-5", None, None, None),
        ("claude-sonnet-4-5", "none", None, None),
        ("claude-sonnet-4-5", "minimal", budget(1024), None),
        ("claude-sonnet-4-5", "max", budget(24_576), None),
        ("claude-3-haiku-20240307", "high", None, None),
        ("MiniMax-M3", "high", None, None),
    ],
)
def test_how_a_model_is_to_think(model: str, effort: Any, thinking: Any, sent: Any) -> None:
    request = ChatRequest((), model, settings=ChatSettings(reasoning_effort=effort))
    assert choose_thinking(request, 32_000) == (thinking, sent)


def test_a_budget_leaves_room_for_the_answer() -> None:
    high = ChatSettings(reasoning_effort="high")
    request = ChatRequest((), "claude-sonnet-4-5", settings=high)
    assert choose_thinking(request, 3000) == (budget(1976), None)
    assert choose_thinking(request, 2000) == (None, None)


def test_a_model_with_a_budget_does_not_think_after_another_one_s_calls() -> None:
    high = ChatSettings(reasoning_effort="high")
    request = ChatRequest((), "claude-sonnet-4-5", settings=high)
    result = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c"}]}
    called = {"role": "assistant", "content": [{"type": "tool_use", "id": "c"}]}
    thought = {"role": "assistant", "content": [THOUGHT, {"type": "tool_use", "id": "c"}]}
    assert choose_thinking(request, 32_000, [called, result]) == (None, None)
    assert choose_thinking(request, 32_000, [thought, result])[0] is not None
    newer = ChatRequest((), "claude-opus-5-5", settings=high)
    assert choose_thinking(newer, 32_000, [called, result])[0] == SHOWN


def said(*blocks: dict[str, Any], model: str = "m", text: str = "a b") -> Message:
    return Message("assistant", text, state=build_state(model, blocks))


def test_what_is_kept_is_this_model_s_and_says_the_message_s_text() -> None:
    blocks = [THOUGHT, TEXT, CALL]
    assert kept_blocks(said(*blocks), "m") == blocks
    assert kept_blocks(said(*blocks, text="a\n\nb"), "m") == blocks
    assert kept_blocks(said(*blocks), "n") == []
    assert kept_blocks(said(*blocks, text="edited"), "m") == []
    assert kept_blocks(Message("assistant", "", state=({"type": "openai.chat"},)), "m") == []


def test_nothing_is_kept_of_what_the_message_says_itself() -> None:
    assert build_state("m", [TEXT, CALL]) == ()


def test_thinking_goes_back_since_the_last_prompt_or_what_was_refused() -> None:
    other = {**THOUGHT, "signature": "t"}
    prompt, result = Message("user", "hi"), Message("tool", "r", tool_call_id="c")
    messages = [prompt, said(THOUGHT, TEXT), prompt, said(other, TEXT), result, said(THOUGHT, TEXT)]
    assert find_bound(messages, ()) == 3
    assert find_bound(messages, {f"{UNBOUND}{digest(other)}"}) == 4
    assert find_bound(messages, {f"{UNBOUND}{digest(THOUGHT)}"}) == 6


def test_the_thinking_of_a_body() -> None:
    body = {"messages": [{"content": [TEXT]}, {"content": [THOUGHT, CALL]}]}
    assert [*find_thinking(body)] == [THOUGHT]
    assert [*find_thinking({})] == []
