"""Newline-delimited JSON from bytes."""

import pytest

from runt_pyodide.llm.wire.ndjson import NDJSONParser
from tests.support.llm.pieces import ways_to_cut

CASES = [
    (b"", []),
    (b'{"a":1}\n{"b":2}\n', ['{"a":1}', '{"b":2}']),
    (b'{"a":1}\r\n{"b":2}\r\n', ['{"a":1}', '{"b":2}']),
    (b'\n\n \t{"a":1} \t\n\r\n\n', ['{"a":1}']),
    # A CR is no line end here, and JSON strings may hold what splitlines() splits on.
    (b'{"a":1}\r{"b":2}\n', ['{"a":1}\r{"b":2}']),
    ('"\u2028\u2029\x85\x0b\x0c\x1c"\n'.encode(), ['"\u2028\u2029\x85\x0b\x0c\x1c"']),
    ('"\U0001f642 ä €"\n'.encode(), ['"\U0001f642 ä €"']),
    (b'"\xff\xe2\x82"\n"\xe2\x82\n\xac"\n', ['"\ufffd\ufffd"', '"\ufffd', '\ufffd"']),
    # Not parsed here: what to do with it is the reader's to say.
    (b"no json\n{\n", ["no json", "{"]),
]


@pytest.mark.parametrize(("data", "texts"), CASES)
def test_texts_at_every_cut(data: bytes, texts: list[str]) -> None:
    for pieces in ways_to_cut(data):
        parser = NDJSONParser()
        assert [text for piece in pieces for text in parser.feed(piece)] == texts, pieces
        assert parser.end() == []


@pytest.mark.parametrize(("data", "texts"), CASES)
def test_the_last_text_may_lack_its_line_end(data: bytes, texts: list[str]) -> None:
    for pieces in ways_to_cut(data + '{"last": "€"} \r'.encode()):
        parser = NDJSONParser()
        assert [text for piece in pieces for text in parser.feed(piece)] == texts, pieces
        assert parser.end() == ['{"last": "€"}']
        assert parser.end() == []
