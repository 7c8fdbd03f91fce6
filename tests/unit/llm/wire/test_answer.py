"""Answers in whatever form they come: their first bytes tell."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, repeat
from typing import Any

import pytest

from runt_pyodide.errors import CutStreamError, ProtocolError, ProviderError, ServerError
from runt_pyodide.llm.messages import Delta, FinishDelta, TextDelta
from runt_pyodide.llm.wire.answer import AnswerStream
from runt_pyodide.llm.wire.records import RecordReader
from tests.support.llm.pieces import ways_to_cut


class Reader(RecordReader):
    """Records are {"text"}, and {"end": true} at the end."""

    ended = False

    def read_record(self, record: Mapping[str, Any]) -> list[Delta]:
        self.ended = self.ended or record.get("end", False)
        return self.say(record.get("text", ""))

    def has_ended(self) -> bool:
        return self.ended

    def read_end(self) -> list[Delta]:
        return [FinishDelta("stop")]


def read(pieces: Iterable[bytes]) -> str:
    stream = AnswerStream(Reader, max_line=10_000)
    deltas = [delta for piece in pieces for delta in stream.feed(piece)] + [*stream.end()]
    assert deltas.pop() == FinishDelta("stop")
    return "".join(delta.text for delta in deltas if isinstance(delta, TextDelta))


HI, END = '{"text": "hi \u00fc"}', '{"end": true}'
BOTH = '{"text": "hi \u00fc", "end": true}'
FORMS = {
    "events": f"data: {HI}\n\ndata: {END}\n\n",
    "events, the last without its end": f"data: {HI}\n\ndata: {END}",
    "events after keep-alives": f": x\n\ndata:\n\nevent: ping\ndata: x\n\ndata: {BOTH}\n\n",
    "lines": f"{HI}\n{END}\n",
    "lines, the last without its end": f"{HI}\r\n{END}",
    "one text": BOTH,
    "one text over several lines": json.dumps(json.loads(BOTH), indent=2),
    "a list": f"[{HI}, {END}]",
    "a list over several lines": f"[{HI},\n{END}]\n",
}


@pytest.mark.parametrize("before", ["", "\ufeff", " \r\n\n", "\n\ufeff\n"])
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_every_form_at_every_cut(form: str, before: str) -> None:
    for pieces in ways_to_cut((before + form).encode()):
        assert read(pieces) == "hi \u00fc", pieces


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        ("", CutStreamError, "before the answer began"),
        ("\ufeff", CutStreamError, "before the answer began"),
        (f"data: {HI}\n\n", CutStreamError, "in the middle"),
        (f"data: {HI}\n\ndata: {END[:-1]}", CutStreamError, "in the middle"),
        ("dat", CutStreamError, "before the answer began"),
        (BOTH[:-3], CutStreamError, "before the answer began"),
        ("[" + HI, CutStreamError, "before the answer began"),
        (HI, CutStreamError, "in the middle"),
        ("{oops}", ProtocolError, "not JSON"),
        ("data: oops\n\n", ProtocolError, "not JSON"),
        ("<html>", ProtocolError, "web page"),
        ("upstream connect error", ProtocolError, "these words: upstream connect error"),
        ('{"error": {"message": "it fell"}}', ServerError, "it fell"),
        ('[{"error": {"message": "it fell"}}]', ServerError, "it fell"),
        ('data: {"error": {"message": "it fell"}}', ServerError, "it fell"),
        ("event: error\ndata: it fell\n\n", ServerError, "it fell"),
        (f'data: {HI}\n\n{{"error": "it fell"}}\n', ServerError, "it fell"),
        (f'{HI}\n{{"error": "it fell"}}', ServerError, "it fell"),
    ],
)
def test_what_is_no_answer_says_so_at_every_cut(
    body: str, kind: type[ProviderError], said: str
) -> None:
    for pieces in ways_to_cut(body.encode()):
        with pytest.raises(ProviderError) as caught:
            read(pieces)
        assert type(caught.value) is kind and said in caught.value.message, pieces


def endless(start: bytes, piece: bytes) -> Iterator[bytes]:
    return chain([start], repeat(piece))


@pytest.mark.parametrize(
    "start", [b"data: ", b"event: ", b": ", b"{", b'["', b"x", b"data: x\nid: "]
)
def test_a_line_without_end_is_ended(start: bytes) -> None:
    with pytest.raises(ProtocolError, match="a line of more than 10,000 bytes"):
        read(endless(start, b"x" * 100))


def test_an_event_without_end_is_ended() -> None:
    with pytest.raises(ProtocolError, match="an event of more than 10,000 bytes"):
        read(endless(b"", b"data: xxxxxxxxxxx\n"))


def test_a_bad_record_of_any_length_is_quoted_in_part() -> None:
    with pytest.raises(ProtocolError) as caught:
        list(AnswerStream(Reader).feed(b'data: {"text": 4, "more": "' + b"x" * 100_000 + b'"}\n\n'))
    assert len(caught.value.message) < 5000
