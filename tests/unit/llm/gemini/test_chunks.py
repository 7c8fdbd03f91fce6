"""Gemini's streams: what each documented one gives, wherever it is cut."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from runt_pyodide.errors import CutStreamError, ModelSlipError, OverloadedError
from runt_pyodide.llm.gemini.chunks import ChunkReader, new_call_id
from runt_pyodide.llm.messages import AIResponse, Usage
from runt_pyodide.llm.reply import Reply
from runt_pyodide.llm.wire.answer import AnswerStream
from tests.support.data import DATA
from tests.support.llm.streams import cut, event
from tests.support.server.captures import parse_capture

MODEL = "gemini-3.8-flash"
SIGNATURE = "CvcQAR/Vq2F5KqSYnXKSSvx1yYQbUvV5ZWd8="


def body_of(name: str) -> bytes:
    path = DATA / f"native/gemini-{name}.http"
    return parse_capture(path.read_bytes(), path.name).body


def read(*pieces: bytes) -> AIResponse:
    numbers = count()
    stream = AnswerStream(lambda: ChunkReader(MODEL, lambda: f"own_{next(numbers)}"))
    reply = Reply()
    for piece in pieces:
        for delta in stream.feed(piece):
            reply.add(delta)
    for delta in stream.end():
        reply.add(delta)
    return reply.response()


def chunk(*parts: dict[str, Any], finish: str | None = None) -> bytes:
    ending = {"finishReason": finish} if finish else {}
    return event({"candidates": [{"content": {"parts": parts, "role": "model"}, **ending}]})


def test_thinking_and_parallel_calls() -> None:
    response = read(body_of("thinking-and-calls"))
    assert response.text == ""
    assert response.thinking == "**Weather**\n\nThe user wants Zürich, 北京 🙂."
    first, second = response.tool_calls
    assert (first.id, first.name, first.arguments) == ("0k2gx8i1", "weather", '{"city": "Zürich"}')
    assert first.state == {"id": "0k2gx8i1", "thoughtSignature": SIGNATURE}
    assert second.state == {"id": "7b1q2w3e"}
    assert response.finish_reason == "tool_calls"
    assert response.usage == Usage(62, 90, 40, 60)


def test_the_signature_of_a_text() -> None:
    response = read(body_of("signed-text"))
    assert response.text == "1+1 equals 2."
    assert response.state == (
        {"type": "gemini.text", "model": MODEL},
        {"text": "1+1 equals 2."},
        {"text": "", "thoughtSignature": SIGNATURE},
    )


@pytest.mark.parametrize(
    "name", ["thinking-and-calls", "signed-text", "withheld", "cut-by-its-limit", "refused-prompt"]
)
def test_every_split_gives_the_same(name: str) -> None:
    body = body_of(name)
    whole = read(body)
    assert read(*cut(body, range(len(body)))) == whole
    for at in range(1, len(body), 17):
        assert read(body[:at], body[at:]) == whole


def test_a_refused_prompt_says_why() -> None:
    response = read(body_of("refused-prompt"))
    assert response.finish_reason == "content_filter"
    assert response.notice == "The service refused the prompt (PROHIBITED_CONTENT)."


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [("withheld", "Half a sen", "content_filter"), ("cut-by-its-limit", "Half a sen", "length")],
)
def test_how_an_answer_ends(name: str, text: str, reason: str) -> None:
    response = read(body_of(name))
    assert (response.text, response.finish_reason) == (text, reason)


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        *((one, "content_filter") for one in ("RECITATION", "BLOCKLIST", "SPII", "IMAGE_SAFETY")),
        *((one, "stop") for one in ("STOP", "OTHER", "LANGUAGE")),
    ],
)
def test_every_word_for_the_end(word: str, reason: str) -> None:
    response = read(chunk({"text": "hi"}, finish=word))
    assert response.finish_reason == reason
    assert (word in response.notice) == (word in ("OTHER", "LANGUAGE"))


def test_a_call_that_broke_is_the_model_s_slip() -> None:
    with pytest.raises(ModelSlipError, match="MALFORMED_FUNCTION_CALL"):
        read(body_of("broken-call"))


def test_an_overload_in_the_stream() -> None:
    with pytest.raises(OverloadedError, match="overloaded"):
        read(body_of("overloaded"))


def test_a_stream_without_its_last_chunk_was_cut() -> None:
    with pytest.raises(CutStreamError):
        read(chunk({"text": "hi"}))


def test_calls_without_ids_get_their_own() -> None:
    calls = [{"functionCall": {"name": "f", "args": {"a": n}}} for n in (1, 2)]
    response = read(chunk(*calls, finish="STOP"))
    assert [one.id for one in response.tool_calls] == ["own_0", "own_1"]
    assert [one.state for one in response.tool_calls] == [None, None]
    assert new_call_id() != new_call_id()


def test_an_answer_that_is_not_streamed_is_a_list() -> None:
    parts = [{"text": "hm", "thought": True}, {"text": "hi"}]
    body = chunk(*parts, finish="STOP")[len("data: ") :].strip()
    for whole in (body, b"[" + body + b"]"):
        response = read(whole)
        assert (response.text, response.thinking) == ("hi", "hm")


def test_a_signature_belongs_to_its_own_part() -> None:
    parts = [{"text": "a"}, {"text": "b", "thoughtSignature": "s"}, {"text": "c"}, {"text": "d"}]
    response = read(b"".join(map(chunk, parts)) + chunk(finish="STOP"))
    assert response.text == "abcd"
    assert response.state[1:] == (parts[0], parts[1], {"text": "cd"})
