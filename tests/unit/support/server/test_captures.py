"""tests/support/server/captures.py with the captures and with handwritten responses."""

from __future__ import annotations

import pytest

from tests.support.server.captures import capture_names, load_capture, load_request, parse_capture


def test_there_are_captures_of_several_servers() -> None:
    assert {name.split("-")[0] for name in capture_names()} == {
        *("aimock", "litellm", "llamacpp", "llamaserver", "small")
    }


@pytest.mark.parametrize("name", capture_names())
def test_a_capture_is_parsed_whole(name: str) -> None:
    capture = load_capture(name)
    assert (capture.status, capture.reason, capture.complete) == (200, "OK", True)
    assert capture.header("CONTENT-TYPE").startswith("text/event-stream")
    assert capture.body == b"".join(capture.chunks)
    assert all(chunk.startswith(b"data: ") for chunk in capture.chunks)
    assert capture.body.endswith(b"data: [DONE]\n\n")
    assert load_request(name)["body"]["stream"] is True


def test_two_events_that_came_in_one_write_stay_one_chunk() -> None:
    first, second, *_ = load_capture("llamaserver-1").chunks
    assert (first.count(b"data: "), second.count(b"data: ")) == (2, 1)


HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("framed", "chunks", "complete"),
    [
        (b"3;note=1\r\na\r\n\r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n", 2, True),
        (b"3\r\nabc\r\n", 1, False),
        (b"3\r\nabc", 1, False),
        (b"5\r\nab", 1, False),
        (b"5\r\n", 0, False),
        (b"5", 0, False),
        (b"", 0, False),
    ],
)
def test_chunks_and_whether_the_last_one_came(framed: bytes, chunks: int, complete: bool) -> None:
    capture = parse_capture(HEAD + framed)
    assert (len(capture.chunks), capture.complete) == (chunks, complete)
    assert all(chunk in framed for chunk in capture.chunks)


def test_a_body_that_is_not_chunked_is_one_chunk() -> None:
    head = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 4\r\n\r\n"
    whole, cut = parse_capture(head + b"busy"), parse_capture(head + b"bu")
    assert (whole.status, whole.reason, whole.chunks) == (503, "Service Unavailable", (b"busy",))
    assert (whole.complete, cut.complete) == (True, False)


@pytest.mark.parametrize("raw", [b"", b"HTTP/1.1 200 OK\r\n", b"data: x\n\n", b"\r\n\r\n"])
def test_what_is_no_response_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"no HTTP/1\.1 response head"):
        parse_capture(raw)


def test_a_chunk_that_is_longer_than_its_size_is_refused() -> None:
    with pytest.raises(ValueError, match="no CRLF after a chunk of 2 bytes"):
        parse_capture(HEAD + b"2\r\nabc\r\n0\r\n\r\n")
