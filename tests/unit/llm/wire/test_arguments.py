"""The arguments of a call: in pieces, said twice, and said by what stands for nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.llm.wire.arguments import Arguments, may_begin, write_arguments

ROME, OSLO = '{"city":"Rome"}', '{"city":"Oslo"}'

CASES = [
    # pieces, what is passed on at once, and in the end
    ([ROME], ROME, ""),
    (['{"city":', '"Rome"}'], ROME, ""),
    ([""], "", ""),
    (["{}"], "", "{}"),
    (["null"], "", "null"),
    (["{}", '{"city":', '"Rome"}'], ROME, ""),
    (["{}", "null", '""', " ", ROME], ROME, ""),
    (["{", "}"], "{}", ""),
    ([ROME, ROME, ' {"city": "Rome"}'], ROME, ""),
    ([ROME, '{"city":', '"Rome"}'], ROME, ""),
    ([ROME, "{}", "\n"], ROME, ""),
    (['"{\\"a\\"', ':1}"'], '"{\\"a\\":1}"', ""),
    # What is no repetition breaks the JSON, so that nothing runs.
    ([ROME, OSLO], ROME, OSLO),
    ([ROME, "}"], ROME, "}"),
    (["{}", '"Rome"}'], "{}", '"Rome"}'),
    (['{"city":', ROME], '{"city":{"city":"Rome"}', ""),
    (["Rome"], "Rome", ""),
]


@pytest.mark.parametrize(("pieces", "passed", "rest"), CASES)
def test_pieces(pieces: list[str], passed: str, rest: str) -> None:
    arguments = Arguments()
    assert "".join(map(arguments.add, pieces)) == passed
    assert arguments.end() == rest
    assert arguments.end() == ""


SETTLED = [
    # pieces, the whole that comes later, what comes of both
    ([], ROME, ROME),
    (["{}"], ROME, ROME),
    (['{"city":'], ROME, ROME),
    ([ROME], ' {"city" : "Rome"}', ROME),
    ([ROME], "", ROME),
    ([ROME], "{}", ROME),
    ([], "{}", "{}"),
    ([ROME], OSLO, ROME + OSLO),
    (['{"city":"Os'], ROME, '{"city":"Os' + ROME),
]


@pytest.mark.parametrize(("pieces", "whole", "said"), SETTLED)
def test_the_whole_adds_what_is_missing(pieces: list[str], whole: str, said: str) -> None:
    arguments = Arguments()
    passed = "".join(map(arguments.add, pieces)) + arguments.settle(whole)
    again = arguments.settle(whole) if said == ROME else ""
    assert passed + again + arguments.end() == said


VALUES = st.recursive(
    st.none() | st.integers() | st.text('a{}[]"\\ \n\u00e9\U0001f642'),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("ab{"), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.text("ab"), VALUES), st.booleans(), st.booleans(), st.data())
def test_what_came_is_what_the_model_gave(
    value: Any, before: bool, after: bool, data: st.DataObject
) -> None:
    text = json.dumps(value, ensure_ascii=data.draw(st.booleans()))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    pieces = [*(["{}"] if before else []), *pieces, *([text] if after else [])]
    arguments = Arguments()
    assert json.loads("".join(map(arguments.add, pieces)) + arguments.end()) == value


def test_many_small_pieces_take_linear_time() -> None:
    arguments = Arguments()
    assert arguments.add('{"a":"') == '{"a":"'
    assert sum(len(arguments.add("x{")) for _ in range(200_000)) == 400_000
    assert arguments.add('"}') == '"}' and arguments.is_whole


def test_what_arguments_may_begin_with() -> None:
    assert all(map(may_begin, ("", " ", "{", ' {"a"', '"{\\"a', "{}", "null")))
    assert not any(map(may_begin, ('"Rome"}', "}", ":1}", "1", "ro")))


def test_what_a_service_gives_in_place_of_text() -> None:
    assert write_arguments({"a": 1}) == '{"a": 1}'
    assert (write_arguments(None), write_arguments(ROME)) == ("", ROME)
