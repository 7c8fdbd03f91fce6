"""Typed values from any JSON: what is invalid is skipped, and nothing raises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.ai.record.typed_json import TypedJson
from runt_pyodide.notebook.events import AiSettings


@dataclass(frozen=True, slots=True)
class Inner(TypedJson):
    name: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Outer(TypedJson):
    text: str | None = None
    whole: int | None = None
    number: float | None = None
    flag: bool = False
    word: Literal["a", "b"] | None = None
    items: tuple[Inner, ...] = ()
    inner: Inner | None = None
    either: Mapping[str, Any] | str | None = None
    anything: Any = None
    settings: AiSettings | None = None


WHOLE = {
    "text": "t",
    "whole": 1,
    "number": 1.5,
    "flag": True,
    "word": "a",
    "items": [{"name": "x"}, {"name": "y", "count": 2}],
    "inner": {"name": "z", "count": 3},
    "either": {"k": [1]},
    "anything": [None],
    "settings": {"temperature": 0.5},
}


def test_what_was_written_is_read_again() -> None:
    read = Outer.read(WHOLE)
    assert read == Outer(
        text="t",
        whole=1,
        number=1.5,
        flag=True,
        word="a",
        items=(Inner("x"), Inner("y", 2)),
        inner=Inner("z", 3),
        either={"k": [1]},
        anything=[None],
        settings=AiSettings(temperature=0.5),
    )
    assert read.to_json() == WHOLE


def test_a_field_that_holds_its_default_is_left_out() -> None:
    assert Outer().to_json() == {}
    assert Outer(whole=0, number=0.0, text="", either={}).to_json() == {
        "whole": 0,
        "number": 0.0,
        "text": "",
        "either": {},
    }
    assert Inner("x").to_json() == {"name": "x"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("text", 1),
        ("text", "\ud800"),
        ("whole", True),
        ("whole", "1"),
        ("whole", 1.5),
        ("whole", 2**53),
        ("whole", -1),
        ("number", -0.5),
        ("number", False),
        ("number", float("nan")),
        ("number", float("inf")),
        ("number", 10**400),
        ("flag", 1),
        ("flag", "true"),
        ("word", "c"),
        ("word", ["a"]),
        ("inner", {"count": 1}),
        ("inner", {"name": None}),
        ("inner", []),
        ("items", {"name": "x"}),
        ("items", "x"),
        ("either", 1),
        ("either", ["x"]),
        ("settings", {"temperature": []}),
        ("settings", 1),
        ("text", None),
        ("unknown", 1),
    ],
)
def test_a_spoilt_value_is_passed_over_and_the_rest_is_kept(name: str, value: object) -> None:
    rest = {key: one for key, one in WHOLE.items() if key != name}
    assert Outer.read({**WHOLE, name: value}) == Outer.read(rest)


def test_spoilt_items_are_passed_over_one_by_one() -> None:
    read = Outer.read({"items": [None, {"name": "x"}, {"count": 1}, {"name": "y", "count": []}]})
    assert read == Outer(items=(Inner("x"), Inner("y")))


def test_whole_numbers_may_be_written_as_doubles() -> None:
    read = Outer.read({"whole": 2.0})
    assert read is not None
    assert (read.whole, type(read.whole)) == (2, int)


@pytest.mark.parametrize("value", [None, [], "x", 1, True])
def test_what_is_no_object_cannot_be_read(value: object) -> None:
    assert Outer.read(value) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*WHOLE, "name"]), inner),
    max_leaves=20,
)


@given(json_values)
def test_any_json_is_read_without_a_word_and_comes_to_itself(value: object) -> None:
    read = Outer.read(value)
    assert read is None or Outer.read(read.to_json()) == read
