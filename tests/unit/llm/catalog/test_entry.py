"""The parts of a list's entry."""

from __future__ import annotations

from typing import Any

import pytest

from runt_pyodide.llm.catalog.entry import look_up, read_count, says

ENTRY: dict[str, Any] = {"a": {"b": True, "c": ["d"]}, "type": "VLM", "n": None}


def test_what_stands_at_a_path() -> None:
    assert look_up(ENTRY, "a.c") == ["d"]
    assert look_up(ENTRY, "a.x.y") is None
    assert look_up(ENTRY, "type.x") is None


@pytest.mark.parametrize(
    ("place", "said"),
    [
        *(("a.b", True), ("a.c", None), ("x", None), ("n", None)),
        *(("a.c:d", True), ("a.c:e", False), ("a.b:e", None), ("n:e", None)),
        *(("type=vlm", True), ("type=llm", False), ("n=llm", None)),
    ],
)
def test_what_a_place_says(place: str, said: bool | None) -> None:
    assert says(ENTRY, place) is said


@pytest.mark.parametrize(
    ("value", "count"),
    [
        *((8192, 8192), ("8192", 8192), (" 8,192 ", 8192), ("8_192", 8192), (8192.0, 8192)),
        *((0, None), (-1, None), ("-1", None), (1.5, None), ("1.5", None), ("big", None)),
        *((None, None), (True, None), ([8192], None), ("9" * 400, None), (float("inf"), None)),
    ],
)
def test_counts_in_every_form(value: Any, count: int | None) -> None:
    assert read_count(value) == count
