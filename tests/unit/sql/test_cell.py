"""SQL cells on a real sqlite3: tables, variables and errors."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from pathlib import Path
from types import ModuleType

import pytest

from runt_pyodide.notebook import events as ev
from runt_pyodide.sql.cell import SqlCell
from tests.support.stages.sql_page import SqlPage

NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n {}) SELECT i FROM n"


async def test_several_statements_each_show_what_they_did(sql_page: SqlPage) -> None:
    source = """-- books; and their authors
    CREATE TABLE books(title, year);
    /* two; of them */ INSERT INTO books VALUES ('a;b', 1), ('c', 2);
    SELECT title FROM books;
    UPDATE books SET year = 3 WHERE year = 1;
    SELECT sum(year) AS years FROM books;
    -- the end"""
    events = await sql_page.run(source)
    assert [event["name"] for event in events] == [
        "v1.TerminalOutputAdded",
        "v1.MultimediaDisplayOutputAdded",
        "v1.TerminalOutputAdded",
        "v1.MultimediaResultOutputAdded",
        "v1.ExecutionCompleted",
    ]
    assert events[0]["args"]["content"]["data"] == "2 rows changed\n"
    shown = events[1]["args"]["representations"]["text/plain"]["data"]
    assert shown == "title\n-----\na;b\nc\n2 rows"
    assert events[2]["args"]["content"]["data"] == "1 row changed\n"
    assert await sql_page.shown("SELECT sum(year) AS years FROM books") == "years\n-----\n5\n1 row"


async def test_python_opens_the_same_database(sql_page: SqlPage) -> None:
    await sql_page.run("CREATE TABLE t(a); INSERT INTO t VALUES (1)")
    connection = sqlite3.connect(sql_page.database)
    assert connection.execute("SELECT a FROM t").fetchall() == [(1,)]
    connection.execute("INSERT INTO t VALUES (2)")
    connection.commit()
    connection.close()
    assert await sql_page.shown("SELECT count(*) AS c FROM t") == "c\n-\n2\n1 row"


@pytest.mark.parametrize("stand_in", [False, True])
async def test_a_named_result_is_a_variable(
    sql_page: SqlPage, monkeypatch: pytest.MonkeyPatch, stand_in: bool
) -> None:
    if stand_in:
        pandas = ModuleType("pandas")
        pandas.DataFrame = lambda rows, columns: (rows, columns)  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "pandas", pandas)
    await sql_page.run("\n-- Sales\n-- name: sales \nSELECT 1 AS a, 'x' AS b")
    value = sql_page.variables["sales"]
    assert value == (([(1, "x")], ["a", "b"]) if stand_in else [{"a": 1, "b": "x"}])


async def test_the_notebook_may_name_the_result(sql_page: SqlPage) -> None:
    named = ev.SqlResultVariableChanged(cell_id="cell-1", result_variable="mine", changed_by="me")
    await sql_page.run("SELECT 1 AS a", named)
    assert sql_page.variables == {"mine": [{"a": 1}]}


async def test_a_name_for_no_rows_is_an_error(sql_page: SqlPage) -> None:
    _, text = await sql_page.fail("-- name: t\nCREATE TABLE t(a)")
    assert text.endswith("End the cell with a SELECT, or remove the name.")


async def test_an_error_says_the_statement_and_what_to_do(sql_page: SqlPage) -> None:
    source = "CREATE TABLE books(a); INSERT INTO books VALUES (1); SELECT * FROM boks; SELECT 1"
    assert await sql_page.fail(source) == (
        "OperationalError",
        "no such table: boks. The tables are: books. "
        "A DataFrame or a list of dicts in a Python variable is a table too.\n"
        "The statement (3 of 4):\nSELECT * FROM boks;",
    )
    assert await sql_page.shown("SELECT a FROM books") == "a\n-\n1\n1 row"
    _, text = await sql_page.fail("SELECT b FROM books")
    assert text.startswith("no such column: b. Check its name;")
    _, text = await sql_page.fail("SELEC 1")
    assert text.startswith('near "SELEC": syntax error. Correct the statement')
    assert text.endswith("The statement:\nSELEC 1")
    _, text = await sql_page.fail("SELECT 'open")
    assert "unrecognized token" in text


async def test_a_database_that_is_none(tmp_path: Path) -> None:
    sql_page = SqlPage(tmp_path)
    _, text = await sql_page.fail("SELECT 1")
    assert "cannot be opened" in text


async def test_an_interrupted_statement_is_cancelled(
    sql_page: SqlPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell = SqlCell(":memory:", sql_page._namespace, dict)
    connection = cell._open()

    def interrupt() -> None:
        raise KeyboardInterrupt

    connection.set_progress_handler(interrupt, 1000)
    endless = f"SELECT count(*) FROM ({NUMBERS.format('')})"
    with pytest.raises(asyncio.CancelledError):
        cell._run(None, endless, "", None, everything=False)  # type: ignore[arg-type]


async def test_an_empty_cell_does_nothing(sql_page: SqlPage) -> None:
    for source in ("", " ;; ", "-- nothing", "/* nothing"):
        assert [event["name"] for event in await sql_page.run(source)] == ["v1.ExecutionCompleted"]
