"""A table as an output holds it."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from runt_pyodide.tables.frame import MOST_COLUMNS
from runt_pyodide.tables.resource import (
    LARGEST,
    LONGEST_VALUE,
    MOST_ROWS,
    build_resource,
    to_cell,
)
from runt_pyodide.tables.rows import Table


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, None),
        (True, True),
        (3, 3),
        (10**20, str(10**20)),
        (0.5, 0.5),
        (float("nan"), None),
        (float("inf"), "inf"),
        ("a\ud800", "a\\ud800"),
        ("x" * (LONGEST_VALUE + 1), f"{'x' * LONGEST_VALUE}... ({LONGEST_VALUE + 1:,} characters)"),
        (b"ab", "<2 bytes>"),
        (datetime(2026, 1, 2, 3, 4), "2026-01-02T03:04:00"),
        (date(2026, 1, 2), "2026-01-02"),
        (timedelta(hours=1), "1:00:00"),
        (Decimal("1.10"), "1.10"),
        ([1, 2], "[1, 2]"),
    ],
)
def test_a_value(value: Any, cell: Any) -> None:
    assert to_cell(value) == cell


def test_a_table_of_5000_rows_is_held_whole() -> None:
    table = Table(["n", "name"], [(n, f"row {n}") for n in range(MOST_ROWS)])
    shown = build_resource(table)
    assert shown.metadata == {"rows": MOST_ROWS, "columns": 2}
    assert shown.data["data"][-1] == {"n": MOST_ROWS - 1, "name": f"row {MOST_ROWS - 1}"}
    assert len(shown.data["data"]) == MOST_ROWS


def test_a_large_table_is_held_as_far_as_events_should_be() -> None:
    table = Table(["n", "text"], [(n, "é" * 900) for n in range(MOST_ROWS + 1)])
    shown = build_resource(table)
    written = json.dumps(shown.data["data"])
    assert 0.9 * LARGEST < len(written) < 1.1 * LARGEST
    assert shown.metadata == {"rows": MOST_ROWS + 1, "columns": 2}
    assert 0 < len(shown.data["data"]) < MOST_ROWS


def test_a_wide_table_is_held_without_its_last_columns() -> None:
    names = [f"column {n}" for n in range(MOST_COLUMNS + 1)]
    shown = build_resource(Table(names, [range(MOST_COLUMNS + 1)] * 2))
    assert shown.metadata == {"rows": 2, "columns": MOST_COLUMNS + 1}
    assert len(shown.data["schema"]["fields"]) == len(shown.data["data"][1]) == MOST_COLUMNS


def test_columns_tell_what_is_missing() -> None:
    shown = build_resource(Table(["a"], [(1,), (None,)], is_whole=False))
    assert shown.data["schema"] == {"fields": [{"name": "a", "type": "integer", "missing": 1}]}
    assert shown.metadata == {"rows": None, "columns": 1}
