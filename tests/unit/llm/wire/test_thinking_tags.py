"""Thinking in tags at the beginning of a text, in any pieces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.llm.messages import TextDelta, ThinkingDelta
from runt_pyodide.llm.wire.thinking_tags import ThinkingTags
from tests.support.llm.pieces import ways_to_cut

CASES = [
    # what came, the thinking, the text
    ("<think>\nhm</think>\n\nhello", "hm", "hello"),
    ("\n <THINK>hm</Think>hello", "hm", "hello"),
    ("<thought>hm</thought> a <think>b</think>", "hm", "a <think>b</think>"),
    ("<thinking>a </think> b</thinking>c", "a </think> b", "c"),
    ("<think></think>\n\nhello", "", "hello"),
    ("<think>only", "only", ""),
    ("<think>only</thi", "only</thi", ""),
    ("<think>a</think> \n", "a", ""),
    ("  hello", "", "  hello"),
    ("<thin", "", "<thin"),
    ("<thinkers>", "", "<thinkers>"),
    ("x <think>y</think>", "", "x <think>y</think>"),
    ("x </think> y", "", "x </think> y"),
    (" \n", "", ""),
    ("", "", ""),
    ("<think>\u0130</think>\u0130", "\u0130", "\u0130"),
]


def read(pieces: list[str]) -> tuple[str, str]:
    tags = ThinkingTags()
    deltas = [delta for piece in pieces for delta in tags.feed(piece)] + tags.end()
    thinking = "".join(delta.text for delta in deltas if isinstance(delta, ThinkingDelta))
    return thinking, "".join(delta.text for delta in deltas if isinstance(delta, TextDelta))


@pytest.mark.parametrize(("came", "thinking", "text"), CASES)
def test_at_every_cut(came: str, thinking: str, text: str) -> None:
    for at in range(len(came) + 1):
        assert read([came[:at], came[at:]]) == (thinking, text)
    assert read([*came]) == (thinking, text)


@given(st.lists(st.sampled_from(["<think>", "</think>", "<", "th", ">", " ", "\n", "a"])))
def test_pieces_say_what_the_whole_says(pieces: list[str]) -> None:
    assert read(pieces) == read(["".join(pieces)])


def test_white_space_is_not_held_back_for_ever() -> None:
    tags = ThinkingTags()
    assert sum(len(delta.text) for _ in range(9999) for delta in tags.feed(" ")) == 9999


def test_text_is_passed_on_at_once() -> None:
    tags = ThinkingTags()
    assert tags.feed("H") == [TextDelta("H")] and tags.over
    for pieces in ways_to_cut(b"<think>a"):
        assert read([piece.decode() for piece in pieces]) == ("a", "")
