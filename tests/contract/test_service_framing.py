"""Answers in every framing: the first bytes say what is in it, whatever the header says."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.llm.transport.scripted import Scripted
from tests.support.services.answers import cut
from tests.support.services.checks import check
from tests.support.services.setups import meet
from tests.support.services.streams import chunk

TEXT = "Grüße, 🙂!"
TYPES = (
    *("text/event-stream", "text/event-stream; charset=utf-8", "application/json", "text/plain"),
    *("application/x-ndjson", "application/octet-stream", "", None),
)
KEEP_ALIVES = (
    *(": ping", ":", "data:", "data: ", "event: ping\ndata: ping", "event: ping\ndata: {}"),
    *("retry: 3000", "id: 7", "event: ping", "event: keepalive\ndata:", "data: null"),
)
MESSAGE = {
    "type": "message",
    "id": "m",
    "role": "assistant",
    "content": [{"type": "output_text", "text": TEXT}],
}
RESPONSE = {"object": "response", "status": "completed", "output": [MESSAGE]}
# The records of a streamed answer, and an answer that is not streamed, of each API.
STREAMED: dict[str, list[Any]] = {
    "chat": [chunk({"content": TEXT[:4]}), chunk({"content": TEXT[4:]}), chunk({}, "stop")],
    "responses": [
        {"type": "response.output_text.delta", "output_index": 0, "delta": TEXT[:4]},
        {"type": "response.output_text.delta", "output_index": 0, "delta": TEXT[4:]},
        {"type": "response.completed", "response": RESPONSE},
    ],
    "ollama": [
        {"message": {"content": TEXT[:4]}, "done": False},
        {"message": {"content": TEXT[4:]}, "done": False},
        {"message": {"content": ""}, "done": True, "done_reason": "stop"},
    ],
}
WHOLE: dict[str, Any] = {
    "chat": {"choices": [{"message": {"content": TEXT}, "finish_reason": "stop"}]},
    "responses": RESPONSE,
    "ollama": {"message": {"content": TEXT}, "done": True, "done_reason": "stop"},
}


@dataclass(frozen=True, slots=True)
class Framing:
    """How the records of an answer are put into bytes, and how these are sent. ``ending`` is what
    of a blank line follows the last event."""

    newline: str = "\n"
    blank: str = " "
    ending: str = "whole"
    mark: str = ""
    before: Sequence[str] = ()
    between: Sequence[str] = ()
    escaped: bool = True
    done: bool = True
    piece: int | None = None
    content_type: str | None = "text/event-stream"

    def events(self, records: Sequence[Any], *, named: bool = False) -> Scripted:
        """Return the records as server-sent events."""
        blocks = [*self.before]
        for record in records:
            name = f"event: {record['type']}\n" if named else ""
            blocks += [f"{name}data:{self.blank}{self._json(record)}", *self.between]
        blocks += [f"data:{self.blank}[DONE]"] * self.done
        rest = {"whole": "\n\n", "one": "\n", "none": ""}[self.ending]
        return self._answer("\n\n".join(blocks) + rest)

    def lines(self, records: Sequence[Any]) -> Scripted:
        """Return the records as lines of JSON."""
        rest = "" if self.ending == "none" else "\n"
        return self._answer("\n".join(map(self._json, records)) + rest)

    def whole(self, record: Any, indent: int | None) -> Scripted:
        """Return one record as the whole answer."""
        text = json.dumps(record, ensure_ascii=self.escaped, indent=indent)
        return self._answer(text + ("\n" if self.ending == "one" else ""))

    def _json(self, record: Any) -> str:
        return json.dumps(record, ensure_ascii=self.escaped)

    def _answer(self, text: str) -> Scripted:
        body = (self.mark + text.replace("\n", self.newline)).encode()
        headers = {} if self.content_type is None else {"content-type": self.content_type}
        return Scripted(200, headers, cut(body, self.piece))


KEPT = st.lists(st.sampled_from(KEEP_ALIVES), max_size=3).map(tuple)
FRAMINGS = st.builds(
    Framing,
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    blank=st.sampled_from([" ", ""]),
    ending=st.sampled_from(["whole", "one", "none"]),
    mark=st.sampled_from(["", "\ufeff"]),
    before=KEPT,
    between=KEPT,
    escaped=st.booleans(),
    done=st.booleans(),
    piece=st.sampled_from([None, 1, 2, 3, 5, 64]),
    content_type=st.sampled_from(TYPES),
)


async def read(kind: str, answer: Scripted) -> list[str]:
    return check(await meet({"kind": kind, "answers": [answer]}), {"text": TEXT, "asked": 1})


@pytest.mark.parametrize("kind", ["chat", "responses"])
@given(framing=FRAMINGS, named=st.booleans())
async def test_server_sent_events(kind: str, framing: Framing, named: bool) -> None:
    named = named and kind == "responses"
    assert await read(kind, framing.events(STREAMED[kind], named=named)) == []


@given(framing=FRAMINGS.filter(lambda one: one.newline != "\r"))
async def test_lines_of_json(framing: Framing) -> None:
    assert await read("ollama", framing.lines(STREAMED["ollama"])) == []


@pytest.mark.parametrize("kind", WHOLE)
@given(framing=FRAMINGS, indent=st.sampled_from([None, 0, 2]))
async def test_one_json_document(kind: str, framing: Framing, indent: int | None) -> None:
    assert await read(kind, framing.whole(WHOLE[kind], indent)) == []


@given(framing=FRAMINGS)
async def test_a_proxy_that_makes_events_of_lines(framing: Framing) -> None:
    assert await read("ollama", framing.events(STREAMED["ollama"])) == []


USAGE: dict[str, Any] = {
    "text": {"prompt_tokens": "3", "completion_tokens": "5"},
    "null": {"prompt_tokens": None, "completion_tokens": None},
    "fractions": {"prompt_tokens": 3.0, "completion_tokens": 5.5},
    "words": {"prompt_tokens": "many", "completion_tokens": []},
    "booleans": {"prompt_tokens": True, "completion_tokens": False},
    "below zero": {"prompt_tokens": -1, "completion_tokens": -5},
    "details null": {"prompt_tokens": 3, "prompt_tokens_details": None},
    "details of text": {"prompt_tokens": 3, "completion_tokens_details": {"reasoning_tokens": "1"}},
    "a list": [],
    "a word": "none",
    "nested": {"prompt_tokens": {"count": 3}},
    "other names": {"input_tokens": 3, "output_tokens": 5},
}


@pytest.mark.parametrize("usage", [pytest.param(one, id=name) for name, one in USAGE.items()])
@pytest.mark.parametrize("kind", ["chat", "responses", "ollama"])
async def test_usage_of_any_kind_spoils_nothing(kind: str, usage: Any) -> None:
    framing = Framing()
    if kind == "chat":
        answer = framing.events([*STREAMED[kind], {"choices": [], "usage": usage}])
    elif kind == "responses":
        ended = {"type": "response.completed", "response": {**RESPONSE, "usage": usage}}
        answer = framing.events([*STREAMED[kind][:-1], ended])
    else:
        counts = usage if isinstance(usage, dict) else {}
        renamed = {"prompt_eval_count": counts.get("prompt_tokens", usage)}
        answer = framing.lines([*STREAMED[kind][:-1], {**STREAMED[kind][-1], **renamed}])
    assert await read(kind, answer) == []


# Where the thinking may stand, and the text beside it.
THINKING: dict[str, list[dict[str, Any]]] = {
    "reasoning_content": [{"reasoning_content": "hm"}],
    "reasoning": [{"reasoning": "hm"}],
    "both": [{"reasoning": "hm", "reasoning_content": "hm"}],
    "a part": [{"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}]}],
    "a part of text": [{"content": [{"type": "thinking", "thinking": "hm"}]}],
    "a part of reasoning": [{"content": [{"type": "reasoning", "text": "hm"}]}],
    "a summary": [{"content": [{"type": "reasoning", "summary": [{"text": "hm"}]}]}],
    "details and text": [
        {"reasoning": "hm", "reasoning_details": [{"type": "reasoning.text", "text": "hm"}]}
    ],
    "marks": [{"content": "<think>hm</think>"}],
    "marks in pieces": [{"content": one} for one in ("<thi", "nk>h", "m</th", "ink>\n\n")],
}


@pytest.mark.parametrize("deltas", [pytest.param(one, id=name) for name, one in THINKING.items()])
async def test_thinking_wherever_it_stands(deltas: list[dict[str, Any]]) -> None:
    records = [*map(chunk, deltas), chunk({"content": "hello"}), chunk({}, "stop")]
    expected = {"text": "hello", "thinking": "hm", "asked": 1}
    assert check(await meet({"answers": [Framing().events(records)]}), expected) == []


@pytest.mark.parametrize(
    "text",
    ("a < b and <thinkers>", "use `<think>` here", "1 <", "<thin", "x </think> y"),
)
async def test_what_only_looks_like_thinking_is_text(text: str) -> None:
    records = [*(chunk({"content": one}) for one in text), chunk({}, "stop")]
    expected = {"text": text, "thinking": ""}
    assert check(await meet({"answers": [Framing().events(records)]}), expected) == []


PAGES = ("<!DOCTYPE html><title>Sign in</title>", "<html><body>blocked", "\n\n <html>")


@pytest.mark.parametrize("html", PAGES)
@pytest.mark.parametrize("content_type", ["text/html", "text/html;charset=UTF-8", None])
async def test_a_page_is_not_an_answer(html: str, content_type: str | None) -> None:
    headers = {} if content_type is None else {"content-type": content_type}
    found = await meet({"answers": [Scripted(200, headers, [html.encode()])]})
    assert check(found, {"error": "ProtocolError", "asked": 1, "says_not": "<"}) == []


@pytest.mark.parametrize("kind", ["chat", "responses"])
@pytest.mark.parametrize("end", ["", "\n", "\ndata: [DONE]", "\ndata: [done]\n\n"])
async def test_events_that_no_blank_line_parts(kind: str, end: str) -> None:
    body = "\n".join(f"data: {json.dumps(one)}" for one in STREAMED[kind]) + end
    for piece in (None, 1):
        assert await read(kind, Scripted(200, {}, cut(body.encode(), piece))) == []


async def test_done_ends_a_response_too() -> None:
    body = "".join(f"data: {json.dumps(one)}\n\n" for one in STREAMED["responses"][:-1])
    assert await read("responses", Scripted(200, {}, [f"{body}data: [DONE]".encode()])) == []
