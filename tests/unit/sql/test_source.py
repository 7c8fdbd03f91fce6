"""The source of an SQL cell: its statements, and the variable for its result."""

from __future__ import annotations

import pytest

from runt_pyodide.errors import CellError
from runt_pyodide.sql.source import read_name, split_statements
from tests.support.stages.sql_page import SqlPage


@pytest.mark.parametrize("name", ["2nd", "a b", "class", ""])
async def test_what_is_no_name_is_refused_before_anything_runs(
    sql_page: SqlPage, name: str
) -> None:
    ename, text = await sql_page.fail(f"-- name: {name}\nCREATE TABLE t(a)")
    assert ename == "CellError"
    assert text.startswith(f"{name!r} cannot be the name of a variable.")
    assert "There are no tables yet." in (await sql_page.fail("SELECT * FROM t"))[1]


def test_statements_are_split_where_they_end() -> None:
    trigger = "CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; DELETE FROM c; END;"
    assert [*split_statements(f"SELECT ';--' ;{trigger} -- ; \n;SELECT \"a;b\"")] == [
        "SELECT ';--' ;",
        trigger,
        'SELECT "a;b"',
    ]
    assert len([*split_statements("SELECT 1;\n" * 10_000)]) == 10_000


def test_the_name_stands_before_the_first_statement() -> None:
    assert read_name("--NAME : a\nSELECT 1") == "a"
    assert read_name("SELECT 1 -- name: a\n-- name: b") is None
    assert read_name("SELECT 1") is None
    with pytest.raises(CellError):
        read_name("-- name: a-b")
