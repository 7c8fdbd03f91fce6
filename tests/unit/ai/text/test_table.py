"""What a model is told about a table."""

from __future__ import annotations

from typing import Any

import pytest

from runt_pyodide.ai.text import sizes
from runt_pyodide.ai.text.table import describe_frame, describe_resource
from runt_pyodide.notebook.events import Inline
from runt_pyodide.tables.resource import build_resource
from runt_pyodide.tables.rows import Table

CITIES = Table(["city", "people"], [("Rome", 3), ("Os\nlo", None), ("Bonn", 1), ("Ulm", 2)])


def test_a_variables_table() -> None:
    assert describe_frame(CITIES) == (
        "4 rows, 2 columns: city string, people integer (1 missing)\n"
        "city | people\nRome | 3\nOs\\nlo | \nBonn | 1"
    )


def test_an_outputs_table_tells_of_rows_that_it_does_not_hold() -> None:
    shown = build_resource(Table(["n"], [(n,) for n in range(7_000)]))
    lines = describe_resource(shown).split("\n")
    assert lines[:3] == ["7,000 rows, 1 column: n integer", "n", "0"]
    assert len(lines) == 2 + sizes.SHOWN_ROWS
    endless = build_resource(Table(["n"], [(1,)], is_whole=False))
    assert describe_resource(endless).startswith("more than 1 rows, 1 column: n integer\n")


def test_a_huge_table_is_short() -> None:
    names = [f"column {n}" for n in range(400)]
    shown = build_resource(Table(names, [["x" * 900] * 400] * 50))
    told = describe_resource(shown)
    assert len(told) < sizes.TABLE * 2
    assert "column 39 string, and 360 more\n" in told


@pytest.mark.parametrize("data", [None, "text", {}, {"schema": {}, "data": []}, {"schema": []}])
def test_what_is_no_table(data: Any) -> None:
    assert describe_resource(Inline(data=data)) == ""
    odd = {"schema": {"fields": [3, {"name": "a"}]}, "data": [1, {"a": [2]}]}
    assert describe_resource(Inline(data=odd)) == "2 rows, 1 column: a any\na\n[2]"
