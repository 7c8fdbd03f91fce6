"""Bytes to whole records, in whatever pieces they arrive."""

from collections.abc import Iterator
from itertools import repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.errors import ProtocolError
from runt_pyodide.llm.wire.frames import EVENTS, LINES, Frames
from tests.support.llm.pieces import ways_to_cut

# What splitlines() takes for a line end besides LF, CR and CRLF: VT, FF, FS, GS, RS, and in UTF-8
# U+0085, U+2028 and U+2029.
NO_ENDS = b"\x0b\x0c\x1c\x1d\x1e" + "\x85\u2028\u2029".encode()


def split(framing: bytes, pieces: list[bytes]) -> list[bytes]:
    """The records, and what stands after the last end."""
    frames = Frames(framing)
    whole = b"".join(frames.feed(piece) for piece in pieces)
    return [*whole.split(framing)[:-1], frames.rest()]


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"", [b""]),
        (b"1", [b"1"]),
        (b"1\n2\n", [b"1", b"2", b""]),
        (b"1\r\n2\r\n3", [b"1\r", b"2\r", b"3"]),
        (b"\n\n1\n\n", [b"", b"", b"1", b"", b""]),
        (b"1\n" + NO_ENDS + b"\n" + NO_ENDS, [b"1", NO_ENDS, NO_ENDS]),
        # If the first is not JSON by itself, all are one.
        (b'{\n "a":1\n}\n', [b'{\n "a":1\n}\n']),
        (b'\n[{"a":1},\n{"b":2}]', [b'\n[{"a":1},\n{"b":2}]']),
    ],
)
def test_lines_at_every_cut(data: bytes, lines: list[bytes]) -> None:
    for pieces in ways_to_cut(data):
        found = split(LINES, pieces)
        # Blank lines before the first may have been given before it was seen.
        assert b"\n".join(found) == b"\n".join(lines), pieces
        assert found[-1].lstrip() == lines[-1].lstrip(), pieces


@pytest.mark.parametrize(
    ("data", "events"),
    [
        (b"", [b""]),
        (b"a", [b"a"]),
        (b"a\n\nb\n\n", [b"a", b"b", b""]),
        (b"a\r\rb\r\r", [b"a", b"b", b""]),
        (b"a\r\n\r\nb\r\n\r\nc", [b"a", b"b", b"c"]),
        (b"a\r\n\nb\n\r\nc\r\n\r", [b"a", b"b", b"c", b""]),
        (b"a\r\nb\rc\nd\n\n", [b"a\nb\nc\nd", b""]),
        (NO_ENDS + b"\n\n" + NO_ENDS, [NO_ENDS, NO_ENDS]),
    ],
)
def test_events_at_every_cut(data: bytes, events: list[bytes]) -> None:
    for pieces in ways_to_cut(data):
        assert split(EVENTS, pieces) == events, pieces


def test_an_event_is_given_as_soon_as_its_blank_line_began() -> None:
    frames = Frames(EVENTS)
    assert frames.feed(b"data: a\r\n\r") == b"data: a\n\n"
    assert frames.feed(b"") == b""
    assert frames.feed(b"\ndata: b\r") == b""
    assert frames.feed(b"\r") == b"data: b\n\n"


@given(st.lists(st.text("1\r\n", max_size=6).map(str.encode)))
def test_pieces_give_the_records_of_the_whole(pieces: list[bytes]) -> None:
    whole = b"".join(pieces)
    lf_only = whole.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    given_events = [one.strip(b"\n") for one in split(EVENTS, pieces)]
    assert [*filter(None, given_events)] == [
        *filter(None, (one.strip(b"\n") for one in lf_only.split(b"\n\n")))
    ]
    assert b"\n".join(split(LINES, pieces)) == whole
    assert b"\n\n" not in split(EVENTS, pieces)[-1]


def endless(start: bytes, piece: bytes) -> Iterator[bytes]:
    yield start
    yield from repeat(piece)


@pytest.mark.parametrize("framing", [EVENTS, LINES])
@pytest.mark.parametrize("start", [b"data: ", b"1\n", b"a\n", b"{\n", b"x: y\n\n: "])
def test_a_line_without_end_is_ended(framing: bytes, start: bytes) -> None:
    frames = Frames(framing, limit=1000)
    with pytest.raises(ProtocolError, match=r"(a line|an event) of more than 1,000 b") as caught:
        for piece in endless(start, b"x" * 10):
            frames.feed(piece)
    assert "maxLine" in caught.value.advice


def test_an_event_without_end_is_ended() -> None:
    frames = Frames(EVENTS, limit=1000)
    with pytest.raises(ProtocolError, match="an event of more than"):
        for piece in endless(b"", b"data: x\n"):
            frames.feed(piece)


@pytest.mark.parametrize(
    ("framing", "record", "what"),
    [(LINES, b"1" * 11 + b"\n", "a line"), (EVENTS, b"1" * 11 + b"\n\n", "a line"),
     (EVENTS, b"data: 1\ndata: 2\n\n", "an event")],
)  # fmt: skip
def test_a_record_is_no_longer_than_the_limit(framing: bytes, record: bytes, what: str) -> None:
    short = b"1" * 10 + framing
    frames = Frames(framing, limit=10)
    assert frames.feed(short * 1000) == short * 1000
    with pytest.raises(ProtocolError, match=f"{what} of more than 10 bytes"):
        frames.feed(short + record)


def test_a_record_is_read_in_linear_time_in_any_pieces() -> None:
    frames = Frames(EVENTS)
    for _ in range(200_000):
        frames.feed(b"x")
    event = b"data: " + b"x" * 5_000_000 + b"\n\n"
    pieces = [event[at : at + 16_384] for at in range(0, len(event), 16_384)]
    frames = Frames(EVENTS)
    assert b"".join(map(frames.feed, pieces)) == event
    # Lines without a blank one between them are not joined again with every read.
    lines = [b"data: " + b"x" * 100 + b"\n"] * 20_000
    assert b"".join(map(frames.feed, lines)) == b""
