"""Anthropic's streams: what each documented one gives, wherever it is cut."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from runt_pyodide.errors import CutStreamError, OverloadedError, ProtocolError
from runt_pyodide.llm.anthropic.events import EventReader, is_paused
from runt_pyodide.llm.messages import AIResponse, Delta, FinishDelta, ThinkingDelta, Usage
from runt_pyodide.llm.reply import Reply
from runt_pyodide.llm.wire.answer import AnswerStream
from tests.support.data import DATA
from tests.support.llm.streams import cut, event
from tests.support.server.captures import parse_capture

MODEL = "claude-opus-5-5"


def body_of(name: str) -> bytes:
    path = DATA / f"native/anthropic-{name}.http"
    return parse_capture(path.read_bytes(), path.name).body


def deltas(pieces: Iterable[bytes], **how: Any) -> list[Delta]:
    stream = AnswerStream(lambda: EventReader(MODEL, **how))
    made = [delta for piece in pieces for delta in stream.feed(piece)]
    return [*made, *stream.end()]


def read(*pieces: bytes, **how: Any) -> AIResponse:
    reply = Reply()
    for delta in deltas(pieces, **how):
        reply.add(delta)
    return reply.response()


def block(index: int, begun: dict[str, Any], *pieces: dict[str, Any]) -> bytes:
    made = [{"type": "content_block_start", "content_block": begun}]
    made += [{"type": "content_block_delta", "delta": piece} for piece in pieces]
    return b"".join(event({**one, "index": index}) for one in made)


def text(index: int, *pieces: str) -> bytes:
    return block(index, {"type": "text", "text": ""}, *({"text": one} for one in pieces))


def thought(index: int, *pieces: str) -> bytes:
    return block(index, {"type": "thinking"}, *({"thinking": one} for one in pieces))


def end(word: str = "end_turn") -> bytes:
    return event({"type": "message_delta", "delta": {"stop_reason": word}})


def test_thinking_text_and_parallel_calls() -> None:
    response = read(body_of("thinking-and-calls"))
    assert response.text == "Okay, let's check the weather:"
    assert response.thinking.endswith("Zürich, 北京. 🙂")
    assert [(one.name, one.arguments) for one in response.tool_calls] == [
        ("weather", '{"city": "Zürich"}'),
        ("clock", ""),
    ]
    assert response.tool_calls[0].id == "toolu_01T1x1fJ34qAmk2tNTrN7Up6"
    assert response.finish_reason == "tool_calls"
    # What came from the cache and went to it is counted beside the rest of the input.
    assert response.usage == Usage(1972, 89, 1200, 40, 300)
    head, thinking, redacted, said, *calls = response.state
    assert head == {"type": "anthropic.messages", "model": MODEL}
    assert thinking["thinking"] == response.thinking
    assert thinking["signature"].startswith("EqQB")
    assert redacted.keys() == {"type", "data"}
    assert said == {"type": "text", "text": response.text}
    assert [one["call_id"] for one in calls] == [one.id for one in response.tool_calls]


@pytest.mark.parametrize(
    "name", ["thinking-and-calls", "omitted-thinking", "refusal", "window-full", "after-the-pause"]
)
def test_every_split_gives_the_same(name: str) -> None:
    body = body_of(name)
    whole = read(body)
    assert read(*cut(body, range(len(body)))) == whole
    for at in range(1, len(body), 17):
        assert read(body[:at], body[at:]) == whole


def test_thinking_that_is_not_shown_goes_back_with_its_signature() -> None:
    response = read(body_of("omitted-thinking"))
    assert (response.thinking, response.text) == ("", "27 * 453 = 12,231")
    assert response.state[1]["thinking"] == ""
    assert response.state[1]["signature"]


def test_a_refusal_says_why() -> None:
    response = read(body_of("refusal"))
    assert response.finish_reason == "content_filter"
    assert response.notice == "This request was declined because it could enable cyber harm."


@pytest.mark.parametrize("name", ["overloaded", "overloaded-later"])
def test_an_overload_in_the_stream_is_what_it_is_as_a_status(name: str) -> None:
    with pytest.raises(OverloadedError, match="Overloaded"):
        read(body_of(name))


def test_a_full_window_cuts_the_answer() -> None:
    assert read(body_of("window-full")).finish_reason == "length"


def test_a_pause_tells_what_was_said_so_far() -> None:
    *_, finish = deltas([body_of("paused")])
    assert isinstance(finish, FinishDelta)
    assert is_paused(finish)
    said, searched, found = finish.state[1:]
    assert said == {"type": "text", "text": "I'll search."}
    assert searched["input"] == {"query": "weather NYC"}
    assert found["content"][0]["encrypted_content"]
    response = read(body_of("after-the-pause"), before=(said, searched, found))
    # Texts that follow on each other are one; what came before the pause stands apart.
    assert response.text == "\n\nIt is sunny."
    assert response.state[1:4] == (said, searched, found)


def test_texts_and_thinking_of_their_own_stand_apart() -> None:
    response = read(
        thought(0, "a", "b") + text(1, "c") + text(2, "d") + thought(3, "e") + text(4, "f") + end()
    )
    assert (response.text, response.thinking) == ("cd\n\nf", "ab\n\ne")


def test_an_answer_for_which_a_tool_had_to_be_called_is_text() -> None:
    made = {"type": "tool_use", "id": "t", "name": "answer", "input": {}}
    pieces = ({"partial_json": one} for one in ("", '{"value"', ": 5}"))
    body = block(0, made, *pieces) + end("tool_use")
    bound = read(body, is_bound=True)
    assert (bound.text, bound.tool_calls, bound.finish_reason) == ('{"value": 5}', (), "stop")
    assert read(body).tool_calls[0].name == "answer"


def test_an_answer_that_is_not_streamed() -> None:
    content = [
        {"type": "thinking", "thinking": "hm", "signature": "s"},
        {"type": "text", "text": "hi"},
        {"type": "tool_use", "id": "t", "name": "f", "input": {"a": 1}},
    ]
    message = {"type": "message", "content": content, "stop_reason": "tool_use"}
    response = read(event({**message, "usage": {"input_tokens": 1}})[len("data: ") :])
    assert (response.text, response.thinking) == ("hi", "hm")
    assert response.tool_calls[0].arguments == '{"a": 1}'
    assert response.state[1] == content[0]
    assert response.usage == Usage(1)


def test_characters_that_are_cut_in_two_are_whole_again() -> None:
    response = read(thought(0, "\ud83d", "\ude42") + text(1, "\ud83d", "\ude42!") + end())
    assert (response.text, response.thinking) == ("🙂!", "🙂")
    assert response.state[1]["thinking"] == "🙂"


def test_a_delta_without_its_beginning_is_read_if_it_can_be() -> None:
    piece = {"type": "content_block_delta", "index": 3}
    body = event({**piece, "delta": {"text": "hi"}}) + end()
    assert read(body).text == "hi"
    with pytest.raises(ProtocolError, match="malformed"):
        read(event({**piece, "delta": {"partial_json": "{"}}))


def test_a_stream_without_its_end_was_cut() -> None:
    with pytest.raises(CutStreamError):
        read(text(0, "hi"))
    given = deltas([thought(0, "hm") + end()])
    assert ThinkingDelta("hm") in given
