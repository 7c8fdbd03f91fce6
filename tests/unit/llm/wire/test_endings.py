"""How answers end, by the words that services have for it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.errors import CutStreamError, ModelSlipError
from runt_pyodide.llm.messages import FinishDelta
from runt_pyodide.llm.wire.endings import End, read_ending, worse

STEMS: dict[End, list[str]] = {
    "good": ["stop", "tool_calls", "function_call", "tool_use", "end_turn", "eos", "completed"],
    "length": ["length", "max_tokens", "model_context_window_exceeded", "stopped_limit"],
    "content_filter": ["content_filter", "safety", "sensitive", "prohibited_content", "refusal"],
    "fault": ["error", "network_error", "abort", "insufficient_system_resource", "timeout"],
    "slip": ["malformed_function_call", "unexpected_tool_call", "tool_use_failed"],
}
WORDS = [(word, end) for end, words in STEMS.items() for word in words]


@pytest.mark.parametrize(("word", "end"), WORDS)
@given(
    spelling=st.sampled_from([str, str.upper, str.title, lambda word: word.replace("_", "-")]),
    around=st.sampled_from(["{}", "FINISH_REASON_{}", "{}: X", " {} ", "finish.{}", "{}_2"]),
)
def test_a_stem_counts_in_any_spelling(word: str, end: End, spelling: Any, around: str) -> None:
    assert read_ending(around.format(spelling(word))).end == end


@pytest.mark.parametrize("word", ["maxTokens", "MAXTOKENS", "contentFilter", "networkError"])
def test_no_sign_need_part_a_word(word: str) -> None:
    assert read_ending(word).end in ("length", "content_filter", "fault")


def test_a_word_that_says_two_things_says_the_worse() -> None:
    assert read_ending("content_filter: PROHIBITED_CONTENT").end == "content_filter"
    assert read_ending("incomplete").end == "fault"
    assert read_ending("stopped by an error").end == "fault"


@pytest.mark.parametrize("word", ["OTHER", "weird", "42", 42, {"a": 1}, "\u505c\u6b62"])
def test_the_reader_is_told_a_word_that_nobody_knows(word: Any) -> None:
    finish = read_ending(word).finish(called=False)
    assert finish.reason == "stop" and repr(str(word)) in finish.notice
    assert len(read_ending("x" * 9999).finish(called=False).notice) < 200


def test_what_a_turn_ends_with() -> None:
    assert read_ending("stop").finish(called=True) == FinishDelta("tool_calls")
    assert read_ending("tool_calls").finish(called=False) == FinishDelta("stop")
    assert read_ending("MAX_TOKENS").finish(called=True) == FinishDelta("length")
    assert read_ending("SAFETY").finish(called=False) == FinishDelta("content_filter")
    with pytest.raises(CutStreamError, match=r"early \(abort\)"):
        read_ending("abort").finish(called=False)
    with pytest.raises(ModelSlipError, match="MALFORMED"):
        read_ending("MALFORMED_FUNCTION_CALL").finish(called=False)


def test_a_good_end_mends_no_bad_one() -> None:
    stop, length = read_ending("stop"), read_ending("length")
    assert worse(None, stop) is stop
    assert worse(stop, length) is length and worse(length, stop) is length
