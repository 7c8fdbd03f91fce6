"""What differs between a recorded request and another one, for people to read."""

from __future__ import annotations

from typing import Any

import pytest

from runt_pyodide.llm.cassette.difference import compare


@pytest.mark.parametrize(
    ("recorded", "asked", "paths"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 2}, ["a"]),
        ({"a": 1}, {}, ["a"]),
        ({}, {"a": None}, ["a"]),
        ({"a": [1, 2]}, {"a": [1, 3, 4]}, ["a[1]", "a[2]"]),
        ({"a": {"b": [{"c": "x"}]}}, {"a": {"b": [{"c": "y"}]}}, ["a.b[0].c"]),
        ({"a": "the key [key]!"}, {"a": "the key sesame!"}, []),
        ({"a": "the key [key]!"}, {"a": "the key !"}, ["a"]),
        ({"a": "x"}, {"a": ["x"]}, ["a"]),
    ],
)
def test_each_place_that_differs_is_named(recorded: Any, asked: Any, paths: list[str]) -> None:
    assert [one.path for one in compare(recorded, asked)] == paths


def test_it_is_shown_by_lines_and_a_long_one_is_cut() -> None:
    (one,) = compare({"a": "first\nsecond"}, {"a": "first\nSECOND"})
    assert one.show().splitlines()[-2:] == ["  -second", "  +SECOND"]
    (long,) = compare({"a": "\n".join("ab" * 50)}, {"a": "\n".join("cd" * 50)})
    assert long.show().splitlines()[-1] == "  ..."
    assert len(long.show().splitlines()) == 32
