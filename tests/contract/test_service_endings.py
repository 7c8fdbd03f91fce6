"""How answers end, in every service's words: whole, cut, withheld, broken, or not said at all."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runt_pyodide.llm.transport.scripted import Scripted
from tests.support.services.checks import check
from tests.support.services.setups import meet
from tests.support.services.streams import chunk, events, stream

# A finish reason's stem, and how a run ends that was ended with it after half a sentence.
STEMS = {
    "length": "LimitError",
    "max_tokens": "LimitError",
    "MAX_TOKENS": "LimitError",
    "max_output_tokens": "LimitError",
    "max_length": "LimitError",
    "content_filter": "ContentFilterError",
    "safety": "ContentFilterError",
    "SAFETY": "ContentFilterError",
    "sensitive": "ContentFilterError",
    "PROHIBITED_CONTENT": "ContentFilterError",
    "RECITATION": "ContentFilterError",
    "BLOCKLIST": "ContentFilterError",
    "error": "CutStreamError",
    "network_error": "CutStreamError",
}
WRAPPED = ("{}", "FINISH_REASON_{}", "{}: x", "finish_reason.{}", " {} ")


@pytest.mark.parametrize(("stem", "error"), STEMS.items())
async def test_a_word_with_a_known_stem(stem: str, error: str) -> None:
    expected = {"error": error, "said": "half a sen", "asked": 1}
    for wrapped in WRAPPED:
        for word in (wrapped.format(stem), wrapped.format(stem).swapcase()):
            answer = stream(chunk({"content": "half a sen"}), chunk({}, word))
            assert (word, check(await meet({"answers": [answer]}), expected)) == (word, [])


UNKNOWN = (
    "eos",
    "stop_sequence",
    "end_turn",
    "STOP",
    "stop",
    "completed",
    "OTHER?",
    "weird",
    "42",
)
WELL = ("stop", "STOP")


@pytest.mark.parametrize("word", UNKNOWN)
async def test_the_text_stays_with_a_word_that_nobody_knows(word: str) -> None:
    answer = stream(chunk({"content": "hello"}), chunk({}, word))
    found = await meet({"answers": [answer]})
    assert check(found, {"text": "hello", "asked": 1}) == []
    if word in WELL:
        assert check(found, {"told": "^$"}) == []


@pytest.mark.parametrize("word", ["weird", "OTHER"])
async def test_the_reader_is_told_the_word(word: str) -> None:
    answer = stream(chunk({"content": "hello"}), chunk({}, word))
    assert check(await meet({"answers": [answer]}), {"text": "hello", "told": word}) == []


SLIPS = ("MALFORMED_FUNCTION_CALL", "malformed_function_call", "UNEXPECTED_TOOL_CALL")


@pytest.mark.parametrize("word", SLIPS)
async def test_a_slip_of_the_model_is_asked_once_more(word: str) -> None:
    slip = stream(chunk({}, word))
    assert check(await meet({"answers": [slip]}), {"text": "ok", "asked": 2}) == []
    expected = {"error": "ModelSlipError", "asked": 2}
    assert check(await meet({"answers": [slip], "repeats": True}), expected) == []


def lines(*records: Any) -> Scripted:
    body = "".join(f"{json.dumps(record)}\n" for record in records)
    return Scripted(200, {"content-type": "application/x-ndjson"}, [body.encode()])


def line(message: Any, **more: Any) -> dict[str, Any]:
    return {"message": message, "done": False, **more}


def responded(*output: Any, **response: Any) -> Scripted:
    whole = {"status": "completed", "output": [*output], **response}
    body = events([{"type": f"response.{whole['status']}", "response": whole}], done=False)
    return Scripted(200, {"content-type": "text/event-stream"}, [body])


def _message(*parts: Any) -> dict[str, Any]:
    return {"type": "message", "id": "m", "role": "assistant", "content": [*parts]}


# Turns in which the model says nothing, by the kind of set-up.
EMPTY: dict[str, tuple[str, Scripted]] = {
    "nothing but [DONE]": ("chat", stream()),
    "no choices": ("chat", stream({"choices": []})),
    "choices null": ("chat", stream({"choices": None})),
    "a role and stop": ("chat", stream(chunk({"role": "assistant"}), chunk({}, "stop"))),
    "content null": ("chat", stream(chunk({"content": None}), chunk({}, "stop"))),
    "blanks": ("chat", stream(chunk({"content": " \n\n"}), chunk({}, "stop"))),
    "delta null": ("chat", stream(chunk(None, "stop"))),  # type: ignore[arg-type]
    "calls without a call": ("chat", stream(chunk({"tool_calls": []}), chunk({}, "tool_calls"))),
    "a whole answer": (
        "chat",
        Scripted(200, {}, [b'{"choices":[{"message":{"content":""},"finish_reason":"stop"}]}']),
    ),
    "usage alone": ("chat", stream(chunk({}, "stop"), {"choices": [], "usage": {}})),
    "load": ("ollama", lines(line({"content": ""}, done=True, done_reason="load"))),
    "unload": ("ollama", lines(line({"content": ""}, done=True, done_reason="unload"))),
    "stop": ("ollama", lines(line({"content": ""}, done=True, done_reason="stop"))),
    "blanks of Ollama": (
        "ollama",
        lines(line({"content": " "}), line({"content": "\n"}, done=True, done_reason="stop")),
    ),
    "no output": ("responses", responded()),
    "an empty message": ("responses", responded(_message())),
    "an empty text": ("responses", responded(_message({"type": "output_text", "text": ""}))),
    "no items": ("responses", responded(output=None)),
}


@pytest.mark.parametrize(
    ("kind", "answer"), [pytest.param(*one, id=name) for name, one in EMPTY.items()]
)
async def test_an_empty_turn_is_asked_once_more_and_then_an_error(
    kind: str, answer: Scripted
) -> None:
    setup = {"kind": kind, "answers": [answer]}
    assert check(await meet(setup), {"text": "ok", "asked": 2}) == []
    expected = {"error": "ModelSlipError", "asked": 2}
    assert check(await meet({**setup, "repeats": True}), expected) == []
    one_and_two = {"one": {}, "two": {"kind": "chat", "base_url": "http://other/v1"}}
    fallback = {"providers": one_and_two, "fallback": ["two"], "answers": [answer] * 2}
    assert check(await meet({**setup, **fallback}), {"text": "ok", "asked": 3}) == []


THOUGHT: dict[str, tuple[str, Scripted]] = {
    "chat": ("chat", stream(chunk({"reasoning_content": "hm"}), chunk({}, "stop"))),
    "in the text": ("chat", stream(chunk({"content": "<think>hm</think>"}), chunk({}, "stop"))),
    "ollama": (
        "ollama",
        lines(line({"thinking": "hm", "content": ""}), line({}, done=True, done_reason="stop")),
    ),
}


@pytest.mark.parametrize(
    ("kind", "answer"), [pytest.param(*one, id=name) for name, one in THOUGHT.items()]
)
async def test_thinking_alone_is_no_answer_and_says_so(kind: str, answer: Scripted) -> None:
    found = await meet({"kind": kind, "answers": [answer], "repeats": True})
    assert check(found, {"error": "ModelSlipError", "says": "think", "asked": 2}) == []


@pytest.mark.parametrize(
    "thinking", [chunk({"reasoning_content": "hm"}), chunk({"content": "<think>hm"})]
)
async def test_thinking_up_to_the_limit_says_so(thinking: dict[str, Any]) -> None:
    found = await meet({"answers": [stream(thinking, chunk({}, "length"))]})
    expected = {"error": "LimitError", "asked": 1}
    assert check(found, {**expected, "says": "at the limit of output tokens"}) == []
    assert check(found, {**expected, "says": "used up its tokens for thinking"}) == []


# What a chunk repeats of what was streamed adds nothing.
REPEATED: dict[str, list[Any]] = {
    "the message at the end": [
        chunk({"content": "hello"}),
        {"choices": [{"delta": {}, "message": {"content": "hello"}, "finish_reason": "stop"}]},
    ],
    "the message without a delta at the end": [
        chunk({"content": "hello"}),
        {"choices": [{"message": {"content": "hello"}, "finish_reason": "stop"}]},
    ],
    "the delta is null at the end": [
        chunk({"content": "hello"}),
        {"choices": [{"delta": None, "message": {"content": "hello"}, "finish_reason": "stop"}]},
    ],
    "the message so far in each": [
        {"choices": [{"delta": {"content": "he"}, "message": {"content": "he"}}]},
        {"choices": [{"delta": {"content": "llo"}, "message": {"content": "hello"}}]},
        {"choices": [{"delta": {"content": ""}, "message": {"content": "hello"}}]},
        chunk({}, "stop"),
    ],
    "the message alone in each": [
        {"choices": [{"delta": {}, "message": {"content": "he"}}]},
        {"choices": [{"delta": {"role": "assistant"}, "message": {"content": "hello"}}]},
        {"choices": [{"delta": {}, "message": {"content": "hello"}, "finish_reason": "stop"}]},
    ],
    "the finish twice": [chunk({"content": "hello"}), chunk({}, "stop"), chunk({}, "stop")],
}


@pytest.mark.parametrize("records", [pytest.param(one, id=name) for name, one in REPEATED.items()])
async def test_what_is_repeated_adds_nothing(records: list[Any]) -> None:
    assert check(await meet({"answers": [stream(*records)]}), {"text": "hello"}) == []


INCOMPLETE = {"max_output_tokens": "LimitError", "content_filter": "ContentFilterError"}


@pytest.mark.parametrize("event", ["completed", "incomplete"])
@pytest.mark.parametrize(("why", "error"), INCOMPLETE.items())
async def test_an_incomplete_response(event: str, why: str, error: str) -> None:
    text = {"type": "response.output_text.delta", "output_index": 0, "delta": "half"}
    response = {"status": "incomplete", "incomplete_details": {"reason": why}, "output": []}
    body = events([text, {"type": f"response.{event}", "response": response}], done=False)
    answer = Scripted(200, {"content-type": "text/event-stream"}, [body])
    expected = {"error": error, "said": "half", "asked": 1}
    assert check(await meet({"kind": "responses", "answers": [answer]}), expected) == []


@pytest.mark.parametrize("reason", ["length", "LENGTH"])
async def test_a_limit_of_ollama(reason: str) -> None:
    answer = lines(line({"content": "half"}), line({}, done=True, done_reason=reason))
    expected = {"error": "LimitError", "said": "half"}
    assert check(await meet({"kind": "ollama", "answers": [answer]}), expected) == []


ENDED_EARLY = {"length": 3, "MAX_TOKENS": 3, "content_filter": 2, "SAFETY": 2}


@pytest.mark.parametrize(("word", "asked"), ENDED_EARLY.items())
@pytest.mark.parametrize("said", [[], [chunk({"reasoning_content": "hm"})]])
async def test_another_answers_where_nothing_was_said(
    word: str, asked: int, said: list[dict[str, Any]]
) -> None:
    answer = stream(*said, chunk({}, word))
    two = {"a": {"base_url": "http://a/v1"}, "b": {"base_url": "http://b/v1"}}
    setup = {"answers": [answer] * (asked - 1), "providers": two, "fallback": ["b"]}
    expected = {"text": "ok", "asked": asked, "told": "Asking 'b' instead"}
    assert check(await meet(setup), expected) == []


async def test_nobody_else_goes_on_with_half_an_answer() -> None:
    two = {"a": {"base_url": "http://a/v1"}, "b": {"base_url": "http://b/v1"}}
    answer = stream(chunk({"content": "half"}), chunk({}, "SAFETY"))
    setup = {"answers": [answer], "providers": two, "fallback": ["b"]}
    assert check(await meet(setup), {"error": "ContentFilterError", "asked": 1}) == []
