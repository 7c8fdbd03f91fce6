"""Envelopes: which events have one, and which of their texts may be joined."""

from __future__ import annotations

import pytest

from runt_pyodide.llm.openai.chat import ChunkReader
from runt_pyodide.llm.openai.envelope import Envelope, learn_envelope

HEAD, TAIL = b'data: {"choices":[{"delta":{"content":"', b'"}}]}'
PADDED = b'data: {"choices":[{"delta":{"content":"hi"}}],"obfuscation":"x1"}'
PLAIN = Envelope(b"<", b">")


@pytest.mark.parametrize("key", [b"content", b"reasoning", b"reasoning_content"])
def test_an_event_with_a_text_has_one(key: bytes) -> None:
    head = HEAD.replace(b"content", key)
    assert learn_envelope(head + b"hi" + TAIL, ChunkReader) == Envelope(head, TAIL)


def test_the_padding_is_no_part_of_it() -> None:
    envelope = learn_envelope(PADDED, ChunkReader)
    assert envelope == Envelope(HEAD, b'"}', b'"}}],"obfuscation":"')
    assert envelope.fill(b"ho") == HEAD + b'ho"}}],"obfuscation":""}'


@pytest.mark.parametrize(
    "event",
    [
        b"data: [DONE]",
        b'data: {"choices":[{"delta":{}}]}',
        b'data: {"choices":[{"delta":{"content":"hi"},"finish_reason":"stop"}]}',
        # Text that stands where no reader looks for it.
        b'data: {"content":"hi","choices":[]}',
        # An event that brings more than its text.
        b'data: {"choices":[{"delta":{"content":"hi"}}],"usage":{"prompt_tokens":1}}',
        b'data: {"error":{"content":"hi"}}',
        b"data: not JSON",
    ],
)
def test_an_event_that_says_other_things_has_none(event: bytes) -> None:
    assert learn_envelope(event, ChunkReader) is None


@pytest.mark.parametrize(
    ("events", "insides"),
    [
        ([b"<a>", b"<b>"], [b"a", b"b"]),
        ([b"<a>", b"[b]", b"<c>"], [b"a"]),
        ([b"x"], []),
        # Head and tail must both have room.
        ([b"<a>", b"<"], [b"a"]),
    ],
)
def test_events_are_opened_up_to_the_first_in_another(
    events: list[bytes], insides: list[bytes]
) -> None:
    assert PLAIN.open(events) == insides


@pytest.mark.parametrize(
    ("insides", "merged"),
    [
        ([b"a", b"", b'\\n\\"b'], b'<a\\n\\"b>'),
        ([b"\\u00e9", b"\xc3\xa9"], b"<\\u00e9\xc3\xa9>"),
        # What is more than a string, or less: a quotation mark, half an escape, half a character.
        ([b"a", b'b","x":"c'], None),
        ([b"a\\", b"nb"], None),
        ([b"\xc3", b"\xa9"], None),
        ([b"a\0", b"b"], None),
        ([b"a\n", b"b"], None),
    ],
)
def test_only_whole_texts_are_merged(insides: list[bytes], merged: bytes | None) -> None:
    assert PLAIN.merge(insides) == merged


def test_paddings_are_taken_out_and_each_must_be_there() -> None:
    padded = Envelope(b"<", b">", b"|")
    assert padded.merge([b"a|xx", b"b|", b"|y"]) == b"<ab|>"
    assert padded.merge([b"a|xx", b"b"]) is None
    assert padded.merge([b"a|x|y", b"b"]) is None
