"""Bytes to lines and to the texts of NDJSON, in whatever pieces they arrive."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.errors import ProtocolError
from runt_pyodide.llm.wire.lines import AnyEndSplitter, JSONParser, NDJSONParser, NewlineSplitter
from tests.support.llm.pieces import ways_to_cut

# What splitlines() takes for a line end besides LF, CR and CRLF: VT, FF, FS, GS, RS, and in UTF-8
# U+0085, U+2028 and U+2029.
NO_ENDS = b"\x0b\x0c\x1c\x1d\x1e" + "\x85\u2028\u2029".encode()

CASES = [
    # bytes, lines that end in LF, lines that end in LF, CR or CRLF, with the rest as last of each
    (b"", [b""], [b""]),
    (b"a", [b"a"], [b"a"]),
    (b"a\nb\n", [b"a", b"b", b""], [b"a", b"b", b""]),
    (b"a\rb\r", [b"a\rb\r"], [b"a", b"b", b""]),
    (b"a\r\nb\r\n", [b"a\r", b"b\r", b""], [b"a", b"b", b""]),
    (b"a\n\rb", [b"a", b"\rb"], [b"a", b"", b"b"]),
    (b"\n\r\n\r\r\n", [b"", b"\r", b"\r\r", b""], [b"", b"", b"", b"", b""]),
    (b"a\nb\rc\r\nd", [b"a", b"b\rc\r", b"d"], [b"a", b"b", b"c", b"d"]),
    (b"\r\n\n", [b"\r", b"", b""], [b"", b"", b""]),
    (NO_ENDS + b"\n" + NO_ENDS, [NO_ENDS, NO_ENDS], [NO_ENDS, NO_ENDS]),
]


def split(splitter: NewlineSplitter | AnyEndSplitter, pieces: list[bytes]) -> list[bytes]:
    return [line for piece in pieces for line in splitter.feed(piece)] + [splitter.end()]


@pytest.mark.parametrize(("data", "lf_lines", "any_lines"), CASES)
def test_lines_at_every_cut(data: bytes, lf_lines: list[bytes], any_lines: list[bytes]) -> None:
    for pieces in ways_to_cut(data):
        assert split(NewlineSplitter(), pieces) == lf_lines, pieces
        assert split(AnyEndSplitter(), pieces) == any_lines, pieces


@pytest.mark.parametrize(("data", "lf_lines", "any_lines"), CASES)
def test_a_tail_waits_for_its_end(
    data: bytes, lf_lines: list[bytes], any_lines: list[bytes]
) -> None:
    for splitter, lines in ((NewlineSplitter(), lf_lines), (AnyEndSplitter(), any_lines)):
        expected = [*lines[:-1], lines[-1] + b"tail"]
        assert [*splitter.feed(data + b"tai"), *splitter.feed(b"l\n")] == expected
        assert splitter.end() == b""


def test_a_cr_ends_its_line_without_waiting_for_what_follows() -> None:
    splitter = AnyEndSplitter()
    assert splitter.feed(b"a\r") == [b"a"]
    assert splitter.feed(b"") == []
    assert splitter.feed(b"\n") == []
    assert splitter.feed(b"\n") == [b""]


@given(st.lists(st.text("ab\r\n", max_size=6).map(str.encode)))
def test_pieces_give_the_lines_of_the_whole(pieces: list[bytes]) -> None:
    whole = b"".join(pieces)
    assert split(NewlineSplitter(), pieces) == whole.split(b"\n")
    lf_only = whole.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    assert split(AnyEndSplitter(), pieces) == lf_only.split(b"\n")


TEXTS = [
    (b"", []),
    (b'{"a":1}\n{"b":2}\n', ['{"a":1}', '{"b":2}']),
    (b'{"a":1}\r\n{"b":2}\r\n', ['{"a":1}', '{"b":2}']),
    (b'\n\n \t{"a":1} \t\n\r\n\n', ['{"a":1}']),
    # A CR does not end a line here, and JSON strings may hold what splitlines() splits on.
    (b'{"a":1}\r{"b":2}\n', ['{"a":1}\r{"b":2}']),
    ('"\u2028\u2029\x85\x0b\x0c\x1c"\n'.encode(), ['"\u2028\u2029\x85\x0b\x0c\x1c"']),
    ('"\U0001f642 ä €"\n'.encode(), ['"\U0001f642 ä €"']),
    (b'"\xff\xe2\x82"\n"\xe2\x82\n\xac"\n', ['"\ufffd\ufffd"', '"\ufffd', '\ufffd"']),
    # Not parsed here: the reader decides what to do with it.
    (b"not json\n{\n", ["not json", "{"]),
]


@pytest.mark.parametrize(("data", "texts"), TEXTS)
def test_texts_at_every_cut(data: bytes, texts: list[str]) -> None:
    for pieces in ways_to_cut(data):
        parser = NDJSONParser()
        assert [text for piece in pieces for text in parser.feed(piece)] == texts, pieces
        assert parser.end() == []


@pytest.mark.parametrize(("data", "texts"), TEXTS)
def test_the_last_text_may_lack_its_line_end(data: bytes, texts: list[str]) -> None:
    for pieces in ways_to_cut(data + '{"last": "€"} \r'.encode()):
        parser = NDJSONParser()
        assert [text for piece in pieces for text in parser.feed(piece)] == texts, pieces
        assert parser.end() == ['{"last": "€"}']
        assert parser.end() == []


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        (b'{"a":1}\n\n{"b":2}', ['{"a":1}', '{"b":2}']),
        (b'{"a":1}', ['{"a":1}']),
        (b'{\n "a":1\n}\n', ['{\n"a":1\n}']),
        (b'[{"a":1},\n{"b":2}]', ['[{"a":1},\n{"b":2}]']),
        (b"", []),
    ],
)
def test_lines_that_are_no_json_by_themselves_are_one_text(data: bytes, texts: list[str]) -> None:
    for pieces in ways_to_cut(data):
        parser = JSONParser()
        found = [text for piece in pieces for text in parser.feed(piece)]
        assert found + parser.end() == texts, pieces


@pytest.mark.parametrize("splitter", [NewlineSplitter(10), AnyEndSplitter(10)])
def test_a_line_is_no_longer_than_the_limit(splitter: NewlineSplitter | AnyEndSplitter) -> None:
    assert splitter.feed(b"0123456789\n" * 3) == [b"0123456789"] * 3
    with pytest.raises(ProtocolError, match="more than 10 bytes"):
        splitter.feed(b"\n0123456789x\n")
