"""Templates: which records have one, where their holes are, and which records fit."""

from __future__ import annotations

import json

import pytest

from runt_pyodide.llm.wire.frames import EVENTS, LINES
from runt_pyodide.llm.wire.template import Layout, Template, learn

LAYOUT = Layout(texts=(("a", 0, "t"), ("u",)), noise=(("n",), ("o", "t")))


def learnt(record: str, piece: str = "x", layout: Layout = LAYOUT) -> Template | None:
    return learn(layout, record.encode(), piece, record.encode(), LINES)


@pytest.mark.parametrize(
    ("record", "filled"),
    [
        ('{"a":[{"t":"x"}]}', '{"a":[{"t":"NEW"}]}'),
        ('{"u":"x"}', '{"u":"NEW"}'),
        (' { "u" : "x" , "n" : 5 } \r', ' { "u" : "NEW" , "n" : 5 } \r'),
        ('{"o":{"t":"y"},"a":[{"t":"\\u0078"}]}', '{"o":{"t":"y"},"a":[{"t":"NEW"}]}'),
        ('{"t":"x","a":[{"t":"x"},{"t":"x"}]}', '{"t":"x","a":[{"t":"NEW"},{"t":"x"}]}'),
        # Of two fields of one name, the last counts.
        ('{"u":"x","u":"x"}', '{"u":"x","u":"NEW"}'),
    ],
)
def test_the_text_is_found_where_it_is_declared(record: str, filled: str) -> None:
    template = learnt(record)
    assert template is not None
    assert template.fill(b"NEW") == filled.encode()


@pytest.mark.parametrize(
    "record",
    [
        "[DONE]",
        '{"u":"y"}',
        '{"u":"x"',
        '{"t":"x"}',
        '{"a":{"t":"x"}}',
        '{"a":[{"x":"x"}]}',
        '{"u":["x"]}',
        '{"u":"x"}{"u":"x"}',
        json.dumps({"u": "x", "long": "y" * 10_000}),
        json.dumps({"list": [{"t": "x"}] * 30, "a": [{"t": "x"}]}),
    ],
)
def test_a_record_without_its_text_there_has_none(record: str) -> None:
    assert learnt(record) is None


def test_a_text_counts_only_beside_a_name_if_there_must_be_one() -> None:
    layout = Layout(texts=(("u",),), names=("id", "index"))
    assert learnt('{"u":"x"}', layout=layout) is None
    assert learnt('{"u":"x","id":null}', layout=layout) is None
    assert learnt('{"u":"x","index":0}', layout=layout) is not None


def test_a_record_that_nothing_like_it_follows_has_none() -> None:
    assert learn(LAYOUT, b'{"u":"x"}', "x", b'{"u":"y","v":1}', LINES) is None
    assert learn(LAYOUT, b'{"u":"x"}', "x", b'{"u":5}', LINES) is None


@pytest.mark.parametrize(
    ("record", "fits"),
    [
        ('{"n":1,"u":"x","o":{"t":"y"}}', True),
        ('{"n":22,"u":"","o":{"t":""}}', True),
        ('{"n":1,"u":"\\"\\u00e9\\n\u00fc\u2028","o":{"t":"\\\\"}}', True),
        # What is more than a string, or less: a quotation mark, half an escape, a control.
        ('{"n":1,"u":"x","v":"x","o":{"t":"y"}}', False),
        ('{"n":1,"u":"\\x","o":{"t":"y"}}', False),
        ('{"n":1,"u":"\\u12","o":{"t":"y"}}', False),
        ('{"n":1,"u":"\t","o":{"t":"y"}}', False),
        ('{"n":1,"u":"\0","o":{"t":"y"}}', False),
        ('{"n":01,"u":"x","o":{"t":"y"}}', False),
        ('{"n":1.5,"u":"x","o":{"t":"y"}}', False),
        ('{"n":null,"u":"x","o":{"t":"y"}}', False),
        ('{"n":1,"w":"x","o":{"t":"y"}}', False),
        ('{"n":1,"u":"x","o":{"t":"y"}} ', False),
        ("", False),
    ],
)
def test_what_fits(record: str, fits: bool) -> None:
    template = learnt('{"n":1,"u":"x","o":{"t":"y"}}')
    assert template is not None
    assert template.fits(record.encode()) is fits


def test_half_a_character_does_not_fit() -> None:
    template = learnt('{"u":"x"}')
    assert template is not None
    assert not template.fits(b'{"u":"\xc3"}')
    records = b'{"u":"a"}\n{"u":"\xc3"}\n{"u":"\xa9"}\n{"u":"b"}\n'
    runs = [(b"", [b"a"]), (b'{"u":"\xc3"}\n{"u":"\xa9"}\n', [b"b"])]
    assert template.split(records) == (runs, b"")


@pytest.mark.parametrize("end", [EVENTS, LINES])
def test_records_are_split_into_those_that_fit_and_the_others(end: bytes) -> None:
    record = b'{"u":"%b"}' + end
    template = learn(LAYOUT, record % b"x", "x", record[: -len(end)] % b"y", end)
    assert template is None or template.fill(b"z") == record % b"z"
    template = learn(LAYOUT, b'{"u":"x"}', "x", b'{"u":"y"}', end)
    assert template is not None
    a, b, c, other = (record % one for one in (b"a", b"b", b"c", b'x","v":"y'))
    short = b"{}" + end
    assert template.split(a + b + c) == ([(b"", [b"a", b"b", b"c"])], b"")
    assert template.split(other + a) == ([(other, [b"a"])], b"")
    assert template.split(a + short + other + b + c + short) == (
        [(b"", [b"a"]), (short + other, [b"b", b"c"])],
        short,
    )
    assert template.split(other + short) == ([], other + short)
    assert template.split(end + end + a) == ([(end + end, [b"a"])], b"")


def test_splitting_takes_linear_time() -> None:
    """A match begins at every line end, and what is looked for goes on beyond the next ones."""
    record = '{"pad":"' + "y" * 4000 + '","u":"x"}'
    template = learnt(record)
    assert template is not None
    hostile = b"\n" * 200_000 + b"x" * 2_000_000 + b"\n"
    assert template.split(hostile) == ([], hostile)
