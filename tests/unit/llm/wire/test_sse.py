"""Server-sent events from bytes, against the rules of the WHATWG."""

import pytest

from runt_pyodide.llm.wire.frames import EVENTS, Frames
from runt_pyodide.llm.wire.sse import read_event
from tests.support.llm.pieces import ways_to_cut
from tests.support.server.captures import capture_names, load_capture

NO_ENDS = "\u2028\u2029\x85\x0b\x0c\x1c"
CASES = [
    ("nothing", b"", []),
    ("one event", b"data: a\n\n", ["a"]),
    ("CRLF", b"data: a\r\n\r\ndata: b\r\n\r\n", ["a", "b"]),
    ("CR", b"data: a\r\rdata: b\r\r", ["a", "b"]),
    ("mixed ends", b"data: a\r\n\ndata: b\n\r\ndata: c\r\n\r", [*"abc"]),
    ("data of several lines", b"data: a\ndata:\rdata:  b\r\n\r\n", ["a\n\n b"]),
    ("one space is dropped", b"data:a\n\ndata:  b \n\n", ["a", " b "]),
    ("a value with colons", b'data: {"a":"b:c"}\n\n', ['{"a":"b:c"}']),
    ("data without a colon is empty data", b"data\n\n", []),
    ("two of them", b"data\ndata\n\n", ["\n"]),
    ("comments", b": ping\n\n:\ndata: a\n: in the middle\ndata: b\n\n", ["a\nb"]),
    ("names", b"event: x\ndata: a\n\ndata: b\n\n", ["a", "b"]),
    ("the last name counts", b"event: x\ndata: a\nevent:y\n\n", ["a"]),
    ("a name alone is no event", b"event: x\n\ndata: a\n\n", ["a"]),
    ("other fields", b"id: 1\nretry: 9\nDATA: x\n data: x\ndata : x\ndata: a\n\n", ["a"]),
    ("blank lines", b"\n\r\n\rdata: a\n\n\n\n", ["a"]),
    ("UTF-8", "event: ä\ndata: €\U0001f642\n\n".encode(), ["€\U0001f642"]),
    # What splitlines() takes for a line end is none.
    ("U+0085 and others", f"data: {NO_ENDS}\n\n".encode(), [NO_ENDS]),
    # As many U+FFFD as the decoder of the standard writes: one for each maximal part.
    ("no UTF-8", b"data: \xff\xe2\x82\xc0\xaf\n\n", ["\ufffd\ufffd\ufffd\ufffd"]),
    ("cut UTF-8 at a line's end", b"data: \xe2\x82\ndata: \xac\n\n", ["\ufffd\n\ufffd"]),
]  # fmt: skip


def parse(pieces: list[bytes]) -> list[str]:
    """The records of a stream, with the one that its end completes."""
    frames = Frames(EVENTS)
    events = [one for piece in pieces for one in frames.feed(piece).split(EVENTS)]
    return [record for one in (*events, frames.rest()) if (record := read_event(one))]


@pytest.mark.parametrize(("what", "data", "events"), CASES, ids=[case[0] for case in CASES])
def test_events_at_every_cut(what: str, data: bytes, events: list[str]) -> None:
    for pieces in ways_to_cut(data):
        assert parse(pieces) == events, (what, pieces)


@pytest.mark.parametrize(
    ("tail", "last"),
    [
        (b"data: tail", ["tail"]),
        (b"data: tail\n", ["tail"]),
        (b"data: tail\r", ["tail"]),
        (b"data: tail\r\n", ["tail"]),
        (b"data: a\ndata:", ["a\n"]),
        (b"da", []),
        (b": pi", []),
    ],
)
def test_the_last_event_may_lack_its_blank_line(tail: bytes, last: list[str]) -> None:
    for pieces in ways_to_cut(b"data: a\n\n" + tail):
        assert parse(pieces) == ["a", *last], pieces


@pytest.mark.parametrize(
    ("data", "records"),
    [
        (b"data:\n\ndata:\n\nevent: ping\ndata: pong\n\n: x\n\n", []),
        (b"event: Heartbeat\ndata: {}\n\ndata: a\n\n", ["a"]),
        (b'event: error\ndata: {"message": "x"}\n\n', ['{"error": {"message": "x"}}']),
        (b'event: error\ndata: {"error": "x"}\n\n', ['{"error": "x"}']),
        (b"event: error\ndata: it fell\n\n", ['{"error": "it fell"}']),
        # As llama.cpp's server once told of errors, and as servers without a stream do.
        (b'error: {"message": "x"}\n\n', ['{"error": {"message": "x"}}']),
        (b'data: a\n\n{"error": "x"}\n\ndata: b\n\n', ["a", '{"error": "x"}', "b"]),
        (b'data: a\n\n{\n "error": "x"\n}\n', ["a", '{\n "error": "x"\n}']),
    ],
)
def test_what_a_stream_s_records_are(data: bytes, records: list[str]) -> None:
    for pieces in ways_to_cut(data):
        assert parse(pieces) == records, pieces


@pytest.mark.parametrize("name", capture_names())
def test_captures_give_the_same_events_at_every_cut(name: str) -> None:
    capture = load_capture(name)
    events = data_lines(capture.body)
    assert parse(list(capture.chunks)) == events
    for pieces in ways_to_cut(capture.body):
        assert parse(pieces) == events, len(pieces[0])


def data_lines(body: bytes) -> list[str]:
    """What these servers' events hold: each has one data line, which begins alike."""
    lines = body.replace(b"\r\n", b"\n").split(b"\n")
    return [line[6:].decode() for line in lines if line.startswith(b"data: ")]
