"""What the readers of answers share: records, and text that is split inside a surrogate pair."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.errors import ProtocolError
from runt_pyodide.llm.messages import Delta, FinishDelta
from runt_pyodide.llm.wire.records import RecordReader, SurrogateJoiner, parse_records

HIGH, LOW = "\ud83d", "\ude42"

CASES = [
    # pieces, what each gives, what the end gives
    (["a", "", "ä", "\U0001f642"], ["a", "", "ä", "\U0001f642"], ""),
    ([HIGH, LOW], ["", "\U0001f642"], ""),
    (["a" + HIGH, LOW + "b"], ["a", "\U0001f642b"], ""),
    ([HIGH, "", LOW], ["", "", "\U0001f642"], ""),
    ([HIGH + LOW], ["\U0001f642"], ""),
    # One without a partner becomes U+FFFD, and takes no neighbour with it.
    ([HIGH, "b"], ["", "\ufffdb"], ""),
    ([HIGH, HIGH, LOW], ["", "\ufffd", "\U0001f642"], ""),
    ([LOW, "b"], ["\ufffd", "b"], ""),
    ([LOW + HIGH, LOW], ["\ufffd", "\U0001f642"], ""),
    (["a" + HIGH + "b" + LOW], ["a\ufffdb\ufffd"], ""),
    (["a" + HIGH], ["a"], "\ufffd"),
    ([HIGH, "ä", HIGH], ["", "\ufffdä", ""], "\ufffd"),
]


@pytest.mark.parametrize(("pieces", "given_out", "rest"), CASES)
def test_pieces(pieces: list[str], given_out: list[str], rest: str) -> None:
    joiner = SurrogateJoiner()
    assert [joiner.feed(piece) for piece in pieces] == given_out
    assert joiner.end() == rest
    assert joiner.end() == ""


@given(st.text("aä\u2028\U0001f642\U00010000"), st.data())
def test_text_cut_at_any_code_units_comes_whole(text: str, data: st.DataObject) -> None:
    units = [json.loads(f'"\\u{code:04x}"') for code in _code_units(text)]
    cuts = sorted(data.draw(st.lists(st.integers(0, len(units)))))
    joiner = SurrogateJoiner()
    joined = ""
    for begin, end in zip([0, *cuts], [*cuts, len(units)], strict=True):
        # As json.loads gives them: pairs within a piece joined, others alone.
        joined += joiner.feed(json.loads(json.dumps("".join(units[begin:end]))))
    assert joined + joiner.end() == text


def _code_units(text: str) -> list[int]:
    encoded = text.encode("utf-16-le")
    return [int.from_bytes(encoded[at : at + 2], "little") for at in range(0, len(encoded), 2)]


def test_what_comes_out_can_be_encoded() -> None:
    joiner = SurrogateJoiner()
    for piece in (HIGH, HIGH + LOW + LOW, "a" + LOW, LOW + "b" + HIGH, ""):
        joiner.feed(piece).encode()
    assert joiner.end().encode()


@pytest.mark.parametrize("data", ["", "{", "[1]", '{"a": ' * 200_000 + "1" + "}" * 200_000])
def test_what_is_not_a_record_is_a_protocol_error(data: str) -> None:
    with pytest.raises(ProtocolError, match="something that is not"):
        parse_records(data)


class _Citing(RecordReader):
    def read_record(self, record: Mapping[str, Any]) -> list[Delta]:
        self.cite(record.get("url"), record.get("title"))
        return []

    def has_ended(self) -> bool:
        return True

    def read_end(self) -> list[Delta]:
        return [FinishDelta("stop")]


@pytest.mark.parametrize(
    ("cited", "kept"),
    [
        ({"url": "https://a.example/", "title": " A \n\tpage "}, "A page"),
        ({"url": "HTTP://a.example/x", "title": HIGH + "x"}, "\ufffdx"),
        ({"url": "https://a.example/", "title": ["x"]}, ""),
        ({"url": "https://a.example/", "title": "x" * 999}, "x" * 300),
        *(
            ({"url": url}, None)
            for url in ("javascript:1", "data:,x", "/x", "https://a b", 1, None)
        ),
        ({"url": "https://a.example/" + "x" * 2048}, None),
    ],
)
def test_what_an_answer_rests_on(cited: dict[str, Any], kept: str | None) -> None:
    reader = _Citing()
    reader.read_record(cited)
    (finish,) = reader.end()
    assert isinstance(finish, FinishDelta)
    assert [page.title for page in finish.sources] == ([] if kept is None else [kept])


def test_an_answer_rests_on_each_page_once_and_on_few() -> None:
    reader = _Citing()
    for number in range(99):
        reader.read_record({"url": f"https://a.example/{number // 2}"})
    (finish,) = reader.end()
    assert isinstance(finish, FinishDelta)
    assert len({page.url for page in finish.sources}) == len(finish.sources) == 50
