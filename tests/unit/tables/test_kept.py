"""Rows of a table by pages, sorted and filtered."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from runt_pyodide.tables.kept import MOST_TABLES, KeptTables
from runt_pyodide.tables.resource import MOST_ROWS, to_cell
from runt_pyodide.tables.rows import Table

COUNT = MOST_ROWS + 1_000
ROWS = [(n, ("Ann", "bob", None)[n % 3], n / 2 if n % 5 else float("nan")) for n in range(COUNT)]


@pytest.fixture
def tables() -> KeptTables:
    return KeptTables()


def show(tables: KeptTables, rows: Any = ROWS) -> str:
    shown = tables.show(Table(["n", "name", "half"], rows))
    assert shown.metadata is not None
    assert len(shown.data["data"]) == MOST_ROWS
    table_id: str = shown.metadata["id"]
    return table_id


def ask(tables: KeptTables, table_id: str, **query: Any) -> dict[str, Any]:
    answer = tables.read(table_id, query)
    assert answer is not None
    return answer


def test_a_table_that_an_output_holds_is_not_kept(tables: KeptTables) -> None:
    shown = tables.show(Table(["n"], [(1,)]))
    assert shown.metadata == {"rows": 1, "columns": 1}


def test_rows_by_their_places(tables: KeptTables) -> None:
    table_id = show(tables)
    page = ask(tables, table_id, start=COUNT - 2, count=10)
    assert page == {
        "rows": [[COUNT - 2, "bob", (COUNT - 2) / 2], [COUNT - 1, None, (COUNT - 1) / 2]],
        "total": COUNT,
    }
    assert ask(tables, table_id, start=COUNT + 5) == {"rows": [], "total": COUNT}
    assert ask(tables, table_id, count=0)["rows"] == []


def test_what_is_missing_comes_last_either_way(tables: KeptTables) -> None:
    table_id = show(tables)
    for descending, first in ((False, 0.5), (True, (COUNT - 1) / 2)):
        order = {"column": 2, "descending": descending}
        page = ask(tables, table_id, sort=[order], count=1)
        assert page["rows"][0][2] == first
        [last] = ask(tables, table_id, sort=[order], start=COUNT - 1)["rows"]
        assert last[2] is None
    page = ask(tables, table_id, sort=[{"column": 1}, {"column": 0, "descending": True}], count=2)
    assert [row[:2] for row in page["rows"]] == [[COUNT - 3, "Ann"], [COUNT - 6, "Ann"]]


@pytest.mark.parametrize(
    ("column", "operator", "value", "to", "meets"),
    [
        (0, "equals", 7, None, lambda row: row[0] == 7),
        (0, "notEqual", 7, None, lambda row: row[0] != 7),
        (0, "lessThan", 7, None, lambda row: row[0] < 7),
        (0, "lessThanOrEqual", 7, None, lambda row: row[0] <= 7),
        (0, "greaterThan", 7, None, lambda row: row[0] > 7),
        (0, "greaterThanOrEqual", 7, None, lambda row: row[0] >= 7),
        (0, "inRange", 7, 9, lambda row: 7 <= row[0] <= 9),
        (0, "inRange", 7, None, lambda row: True),
        (1, "contains", "B", None, lambda row: row[1] == "bob"),
        (1, "notContains", "b", None, lambda row: row[1] != "bob"),
        (1, "equals", "ANN", None, lambda row: row[1] == "Ann"),
        (1, "notEqual", "ann", None, lambda row: row[1] != "Ann"),
        (1, "startsWith", "a", None, lambda row: row[1] == "Ann"),
        (1, "endsWith", "n", None, lambda row: row[1] == "Ann"),
        (1, "lessThan", "n", None, lambda row: False),
        (1, "blank", None, None, lambda row: row[1] is None),
        (1, "notBlank", None, None, lambda row: row[1] is not None),
        (2, "greaterThan", 1, None, lambda row: row[2] == row[2] and row[2] > 1),
    ],
)
def test_filters(
    tables: KeptTables, column: int, operator: str, value: Any, to: Any, meets: Any
) -> None:
    condition = {"column": column, "operator": operator, "value": value, "to": to}
    page = ask(tables, show(tables), filters=[condition], count=5_000)
    found = [row for row in ROWS if meets(row)]
    assert page["total"] == len(found)
    assert page["rows"] == [[*map(to_cell, row)] for row in found[:5_000]]


VALUES = st.one_of(st.none(), st.integers(-9, 9), st.floats(), st.text(max_size=3), st.booleans())


@given(st.lists(VALUES, min_size=1, max_size=20), st.booleans())
def test_any_values_can_be_sorted(values: list[Any], descending: bool) -> None:
    tables = KeptTables()
    rows = [(value, None, None) for value in values] + [(None, None, None)] * MOST_ROWS
    order = {"column": 0, "descending": descending}
    page = ask(tables, show(tables, rows), sort=[order], count=len(values))
    there = [to_cell(value) for value in values if to_cell(value) is not None]
    sorted_there = [row[0] for row in page["rows"] if row[0] is not None]
    assert sorted(map(repr, sorted_there)) == sorted(map(repr, there))


def test_the_latest_tables_are_kept_and_no_others(tables: KeptTables) -> None:
    ids = [show(tables) for _ in range(MOST_TABLES + 1)]
    assert tables.read(ids[0]) is None
    assert all(tables.read(one) for one in ids[1:])
    assert KeptTables().read(ids[-1]) is None


@pytest.mark.parametrize("query", [{"start": -1}, {"count": 5_001}, {"filters": [{"column": 0}]}])
def test_what_is_no_query_is_refused(tables: KeptTables, query: Any) -> None:
    with pytest.raises(ValidationError):
        tables.read("any", query)
