"""Server-sent events from bytes, against the rules of the WHATWG."""

import pytest

from runt_pyodide.llm.wire.sse import SSEParser, SSEvent
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


def parse(pieces: list[bytes]) -> tuple[list[SSEvent], bool]:
    parser = SSEParser()
    return [event for piece in pieces for event in parser.feed(piece)], parser.end()


@pytest.mark.parametrize(("what", "data", "events"), CASES, ids=[case[0] for case in CASES])
def test_events_at_every_cut(what: str, data: bytes, events: list[SSEvent]) -> None:
    for pieces in ways_to_cut(data):
        assert parse(pieces) == (events, True), (what, pieces)


@pytest.mark.parametrize(
    "tail",
    [b"data: tail", b"data: tail\n", b"data: tail\r", b"data: tail\r\n", b"data: a\ndata:", b"da"],
)
def test_an_event_without_its_blank_line_is_dropped(tail: bytes) -> None:
    for pieces in ways_to_cut(b"data: a\n\n" + tail):
        assert parse(pieces) == ([SSEvent("a")], False), pieces


@pytest.mark.parametrize("mark", [b"\xef", b"\xef\xbb"])
def test_a_stream_may_end_within_the_mark(mark: bytes) -> None:
    assert parse([mark]) == ([], False)


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
