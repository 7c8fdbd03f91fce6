"""Server-sent events from bytes, against the rules of the WHATWG."""

from collections.abc import Iterator
from itertools import repeat

import pytest

from runt_pyodide.errors import ProtocolError
from runt_pyodide.llm.wire.sse import SSEDataParser, SSEParser, SSEvent
from tests.support.llm.pieces import ways_to_cut
from tests.support.server.captures import capture_names, load_capture

NO_ENDS = "\u2028\u2029\x85\x0b\x0c\x1c"
CASES = [
    ("nothing", b"", []),
    ("one event", b"data: a\n\n", [SSEvent("a")]),
    ("CRLF", b"data: a\r\n\r\ndata: b\r\n\r\n", [SSEvent("a"), SSEvent("b")]),
    ("CR", b"data: a\r\rdata: b\r\r", [SSEvent("a"), SSEvent("b")]),
    ("mixed ends", b"data: a\r\n\ndata: b\n\r\ndata: c\r\n\r", [*map(SSEvent, "abc")]),
    ("data of several lines", b"data: a\ndata:\rdata:  b\r\n\r\n", [SSEvent("a\n\n b")]),
    ("one space is dropped", b"data:a\n\ndata:  b \n\n", [SSEvent("a"), SSEvent(" b ")]),
    ("a value with colons", b'data: {"a":"b:c"}\n\n', [SSEvent('{"a":"b:c"}')]),
    ("data without a colon is empty data", b"data\n\n", [SSEvent("")]),
    ("two of them", b"data\ndata\n\n", [SSEvent("\n")]),
    ("comments", b": ping\n\n:\ndata: a\n: in the middle\ndata: b\n\n", [SSEvent("a\nb")]),
    ("names", b"event: x\ndata: a\n\ndata: b\n\n", [SSEvent("a", "x"), SSEvent("b")]),
    ("the last name counts", b"event: x\ndata: a\nevent:y\n\n", [SSEvent("a", "y")]),
    ("a name alone is no event", b"event: x\n\ndata: a\n\n", [SSEvent("a")]),
    ("other fields", b"id: 1\nretry: 9\nDATA: x\n data: x\ndata : x\ndata: a\n\n", [SSEvent("a")]),
    ("blank lines", b"\n\r\n\rdata: a\n\n\n\n", [SSEvent("a")]),
    ("byte order mark", b"\xef\xbb\xbfdata: a\n\n", [SSEvent("a")]),
    ("only one is dropped", b"\xef\xbb\xbf\xef\xbb\xbfdata: a\n\ndata: b\n\n", [SSEvent("b")]),
    ("no mark later", b"data: \xef\xbb\xbfa\n\n", [SSEvent("\ufeffa")]),
    ("no mark, but its start", b"\xef\xbbdata: a\n\ndata: b\n\n", [SSEvent("b")]),
    ("UTF-8", "event: ä\ndata: €\U0001f642\n\n".encode(), [SSEvent("€\U0001f642", "ä")]),
    # What splitlines() takes for a line end is none.
    ("U+0085 and others", f"data: {NO_ENDS}\n\n".encode(), [SSEvent(NO_ENDS)]),
    # As many U+FFFD as the decoder of the standard writes: one for each maximal part.
    ("no UTF-8", b"data: \xff\xe2\x82\xc0\xaf\n\n", [SSEvent("\ufffd\ufffd\ufffd\ufffd")]),
    ("cut UTF-8 at a line's end", b"data: \xe2\x82\ndata: \xac\n\n", [SSEvent("\ufffd\n\ufffd")]),
]  # fmt: skip


def parse(pieces: list[bytes]) -> tuple[list[SSEvent], list[SSEvent]]:
    """The events of a stream, and the one that its end completes."""
    parser = SSEParser()
    return [event for piece in pieces for event in parser.feed(piece)], parser.end()


@pytest.mark.parametrize(("what", "data", "events"), CASES, ids=[case[0] for case in CASES])
def test_events_at_every_cut(what: str, data: bytes, events: list[SSEvent]) -> None:
    for pieces in ways_to_cut(data):
        assert parse(pieces) == (events, []), (what, pieces)


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
        assert parse(pieces) == ([SSEvent("a")], [*map(SSEvent, last)]), pieces


@pytest.mark.parametrize("mark", [b"\xef", b"\xef\xbb"])
def test_a_stream_may_end_within_the_mark(mark: bytes) -> None:
    assert parse([mark]) == ([], [])


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
        parser = SSEDataParser()
        found = [record for piece in pieces for record in parser.feed(piece)]
        assert found + parser.end() == records, pieces


def endless(start: bytes, piece: bytes) -> Iterator[bytes]:
    yield start
    yield from repeat(piece)


@pytest.mark.parametrize("start", [b"data: ", b": ", b"x", b"event: "])
def test_a_line_without_end_is_ended(start: bytes) -> None:
    parser = SSEParser(limit=1000)
    with pytest.raises(ProtocolError, match="a line of more than 1,000 bytes") as caught:
        for piece in endless(start, b"x" * 10):
            parser.feed(piece)
    assert "maxLine" in caught.value.advice


def test_an_event_without_end_is_ended() -> None:
    parser = SSEParser(limit=1000)
    with pytest.raises(ProtocolError, match="an event of more than"):
        for piece in endless(b"", b"data: x\n"):
            parser.feed(piece)


def test_many_events_are_no_long_one() -> None:
    parser = SSEParser(limit=10)
    assert sum(len(parser.feed(b"data: x\n\n")) for _ in range(1000)) == 1000


def test_an_event_is_read_in_linear_time_in_any_pieces() -> None:
    parser = SSEParser()
    for _ in range(200_000):
        parser.feed(b"x")
    event = b"data: " + b"x" * 5_000_000 + b"\n\n"
    parser = SSEParser()
    pieces = [event[at : at + 16_384] for at in range(0, len(event), 16_384)]
    [found] = [event for piece in pieces for event in parser.feed(piece)]
    assert len(found.data) == 5_000_000


def test_an_event_is_given_as_soon_as_its_blank_line_began() -> None:
    parser = SSEParser()
    assert parser.feed(b"data: a\r\n\r") == [SSEvent("a")]
    assert parser.feed(b"\ndata: b\r") == []
    assert parser.feed(b"\r") == [SSEvent("b")]


@pytest.mark.parametrize("name", capture_names())
def test_captures_give_the_same_events_at_every_cut(name: str) -> None:
    capture = load_capture(name)
    events, _ = parse([capture.body])
    assert [event.data for event in events] == data_lines(capture.body)
    assert parse(list(capture.chunks))[0] == events
    for pieces in ways_to_cut(capture.body):
        assert parse(pieces)[0] == events, len(pieces[0])


def data_lines(body: bytes) -> list[str]:
    """What these servers' events hold: each has one data line, which begins alike."""
    lines = body.replace(b"\r\n", b"\n").split(b"\n")
    return [line[6:].decode() for line in lines if line.startswith(b"data: ")]
