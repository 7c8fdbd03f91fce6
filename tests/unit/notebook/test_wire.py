"""What is allowed on the wire."""

from __future__ import annotations

import math
from typing import Any

import pytest

from runt_pyodide.notebook import events as ev
from runt_pyodide.notebook.bundle import clean_event
from runt_pyodide.notebook.wire import MAX_DEPTH, MAX_NUMBER, Fault, count_on, find_fault

RANGE = "must be a finite number, not beyond 2^53 - 1"


def nested(depth: int) -> Any:
    value: Any = []
    for _ in range(depth):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    "value",
    [
        [None, True, 1.5, -(2**53 - 1), "🙂", "\x00", {"": {"__proto__": []}}],
        nested(MAX_DEPTH),
    ],
)
def test_what_may_stand_there(value: Any) -> None:
    assert find_fault(value) is None


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (math.nan, Fault((), RANGE)),
        ([1, {"a": math.inf}], Fault(("1", "a"), RANGE)),
        ({"n": 2**53}, Fault(("n",), RANGE)),
        ({"n": -1e300}, Fault(("n",), RANGE)),
        ({"n": 10**400}, Fault(("n",), RANGE)),
        ("\ud83d", Fault((), "holds half of a surrogate pair")),
        ({"a": {"\udead": 1}}, Fault(("a",), "has a key that is not well-formed text")),
        ({"a": {1: 1}}, Fault(("a",), "has a key that is not well-formed text")),
        ({"a": (1,)}, Fault(("a",), "must be JSON, not tuple")),
        (nested(MAX_DEPTH + 1), Fault(("a",) * (MAX_DEPTH + 1), "is nested more than 200 deep")),
    ],
)
def test_what_may_not(value: Any, fault: Fault) -> None:
    assert find_fault(value) == fault


def test_an_event_is_cleaned_only_where_it_must_be() -> None:
    event = ev.CellMetadataSet(cell_id="c", key="k", value=[1, "x"])
    assert clean_event(event) is event
    odd = ev.ToolApprovalRequested(
        tool_call_id="t",
        cell_id="c",
        tool_name="run",
        arguments={"n": 10**400, "text": "\ud83d", "deep": nested(300), "nan": math.nan},
        requested_at="2026-01-01T00:00:00Z",
    )
    cleaned = clean_event(odd)
    assert ev.parse_event(ev.to_wire(cleaned)) == cleaned
    assert isinstance(cleaned, ev.ToolApprovalRequested)
    assert cleaned.arguments["text"] == "\\ud83d"
    assert cleaned.arguments["nan"] is None


@pytest.mark.parametrize(
    ("last", "following"),
    [(-1, 0), (0, 1), (0.5, 1), (-0.5, 0), (MAX_NUMBER - 1, MAX_NUMBER), (MAX_NUMBER, MAX_NUMBER)],
)
def test_counting_on_stays_on_the_wire(last: float, following: int) -> None:
    assert count_on(last) == following
