"""SQL cells on a real sqlite3: tables, variables and errors."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from runt_pyodide.agent import RuntimeAgent
from runt_pyodide.errors import CellError
from runt_pyodide.llm.registry import ProviderRegistry
from runt_pyodide.notebook import events as ev
from runt_pyodide.sql.cell import SqlCell
from runt_pyodide.sql.source import read_name, split_statements
from runt_pyodide.sql.table import LONGEST_VALUE, MOST_ROWS
from tests.support.notebook import logs
from tests.support.stages.loop import settle
from tests.support.stages.world import FixedWorld, WireEvent

NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n {}) SELECT i FROM n"
LEFT, RIGHT = 'style="text-align: left"', 'style="text-align: right"'


class Notebook:
    """Runs SQL cells by an agent; ``variables`` is the namespace of the Python cells."""

    def __init__(self, database: Path) -> None:
        self.database = str(database)
        self.variables: dict[str, Any] = {}
        self.world = FixedWorld()
        self._count = 0
        self._agent = RuntimeAgent(
            self.world.emit,
            ProviderRegistry(),
            runtime_id="runtime",
            clock=self.world.clock,
            session_id="session",
            executors={"sql": SqlCell(self.database, self._namespace, lambda: self.variables)},
        )
        self._agent.start()

    async def _namespace(self) -> dict[str, object]:
        return self.variables

    async def run(self, source: str, *more: ev.Event) -> list[WireEvent]:
        """The events of a cell with this source, from its first output to its end."""
        self._count += 1
        cell, seen = f"cell-{self._count}", len(self.world.events)
        self._agent.receive([*logs.cell(cell, "sql", source), *more])
        self._agent.receive([logs.requested(f"queue-{self._count}", cell, 1)])
        await settle()
        written = [
            event for event in self.world.events[seen:] if event["args"].get("cellId") == cell
        ]
        return written[2:]  # without its start and the clear

    async def shown(self, source: str, mime: str = "text/plain") -> Any:
        """What the last table of a cell looks like."""
        *_, output, completed = await self.run(source)
        assert completed["args"]["status"] == "success", completed
        return output["args"]["representations"][mime]["data"]

    async def fail(self, source: str) -> tuple[str, str]:
        """ename and text of the error that a cell ends with."""
        error, completed = (await self.run(source))[-2:]
        data = error["args"]["content"]["data"]
        assert data["evalue"] == completed["args"]["error"]
        return data["ename"], data["evalue"]


@pytest.fixture
async def notebook(tmp_path: Path) -> AsyncIterator[Notebook]:
    yield Notebook(tmp_path / "notebook.db")


async def test_a_table_for_people_for_text_and_as_data(notebook: Notebook) -> None:
    source = "SELECT 1 AS number, 'a<b' AS text, NULL AS none, x'00ff' AS bytes, 0.5 AS half"
    [shown, completed] = await notebook.run(source)
    assert completed["args"]["status"] == "success"
    assert shown["name"] == "v1.MultimediaResultOutputAdded"
    html, plain, data = (one["data"] for one in shown["args"]["representations"].values())
    assert html == (
        f"<table><thead><tr><th {RIGHT}>number</th><th {LEFT}>text</th><th {LEFT}>none</th>"
        f"<th {LEFT}>bytes</th><th {RIGHT}>half</th></tr></thead><tbody><tr><td {RIGHT}>1</td>"
        f"<td {LEFT}>a&lt;b</td><td {LEFT}>NULL</td><td {LEFT}>&lt;2 bytes&gt;</td>"
        f"<td {RIGHT}>0.5</td></tr></tbody></table><p>1 row</p>"
    )
    assert plain == (
        "number  text  none  bytes      half\n"
        "------  ----  ----  ---------  ----\n"
        "1       a<b   NULL  <2 bytes>  0.5\n"
        "1 row"
    )
    assert data == {
        "schema": {
            "fields": [
                {"name": "number", "type": "integer"},
                {"name": "text", "type": "string"},
                {"name": "none", "type": "any"},
                {"name": "bytes", "type": "string"},
                {"name": "half", "type": "number"},
            ]
        },
        "data": [{"number": 1, "text": "a<b", "none": None, "bytes": "<2 bytes>", "half": 0.5}],
    }


async def test_several_statements_each_show_what_they_did(notebook: Notebook) -> None:
    source = """-- books; and their authors
    CREATE TABLE books(title, year);
    /* two; of them */ INSERT INTO books VALUES ('a;b', 1), ('c', 2);
    SELECT title FROM books;
    UPDATE books SET year = 3 WHERE year = 1;
    SELECT sum(year) AS years FROM books;
    -- the end"""
    events = await notebook.run(source)
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
    assert await notebook.shown("SELECT sum(year) AS years FROM books") == "years\n-----\n5\n1 row"


async def test_python_opens_the_same_database(notebook: Notebook) -> None:
    await notebook.run("CREATE TABLE t(a); INSERT INTO t VALUES (1)")
    connection = sqlite3.connect(notebook.database)
    assert connection.execute("SELECT a FROM t").fetchall() == [(1,)]
    connection.execute("INSERT INTO t VALUES (2)")
    connection.commit()
    connection.close()
    assert await notebook.shown("SELECT count(*) AS c FROM t") == "c\n-\n2\n1 row"


async def test_a_long_result_is_cut_and_says_so(notebook: Notebook) -> None:
    endless = await notebook.shown(NUMBERS.format(""))
    lines = endless.split("\n")
    assert (len(lines), lines[-2]) == (MOST_ROWS + 3, str(MOST_ROWS))
    assert lines[-1] == f"The first {MOST_ROWS} rows are shown; there are more."
    counted = await notebook.shown(f"-- name: n\n{NUMBERS.format('WHERE i < 1234')}")
    assert counted.endswith(f"The first {MOST_ROWS} of 1,234 rows are shown.")
    assert len(notebook.variables["n"]) == 1234
    data = await notebook.shown(NUMBERS.format(""), "application/vnd.dataresource+json")
    assert len(data["data"]) == MOST_ROWS
    long = await notebook.shown(f"SELECT replace(hex(zeroblob({LONGEST_VALUE})), '00', 'ab') AS a")
    assert (
        long.split("\n")[2]
        == "ab" * (LONGEST_VALUE // 2) + f"... ({2 * LONGEST_VALUE:,} characters)"
    )


async def test_columns_of_one_name_are_kept_apart(notebook: Notebook) -> None:
    await notebook.run("-- name: pair\nSELECT 1 AS a, 2 AS a, 3 AS a_2")
    assert notebook.variables["pair"] == [{"a": 1, "a_2": 2, "a_2_2": 3}]


@pytest.mark.parametrize("stand_in", [False, True])
async def test_a_named_result_is_a_variable(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch, stand_in: bool
) -> None:
    if stand_in:
        pandas = ModuleType("pandas")
        pandas.DataFrame = lambda rows, columns: (rows, columns)  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "pandas", pandas)
    await notebook.run("\n-- Sales\n-- name: sales \nSELECT 1 AS a, 'x' AS b")
    value = notebook.variables["sales"]
    assert value == (([(1, "x")], ["a", "b"]) if stand_in else [{"a": 1, "b": "x"}])


async def test_the_notebook_may_name_the_result(notebook: Notebook) -> None:
    named = ev.SqlResultVariableChanged(cell_id="cell-1", result_variable="mine", changed_by="me")
    await notebook.run("SELECT 1 AS a", named)
    assert notebook.variables == {"mine": [{"a": 1}]}


@pytest.mark.parametrize("name", ["2nd", "a b", "class", ""])
async def test_what_is_no_name_is_refused_before_anything_runs(
    notebook: Notebook, name: str
) -> None:
    ename, text = await notebook.fail(f"-- name: {name}\nCREATE TABLE t(a)")
    assert ename == "CellError"
    assert text.startswith(f"{name!r} cannot be the name of a variable.")
    assert "There is none yet." in (await notebook.fail("SELECT * FROM t"))[1]


async def test_a_name_for_no_rows_is_an_error(notebook: Notebook) -> None:
    _, text = await notebook.fail("-- name: t\nCREATE TABLE t(a)")
    assert text.endswith("End the cell with a SELECT, or take the name away.")


async def test_an_error_says_the_statement_and_what_to_do(notebook: Notebook) -> None:
    source = "CREATE TABLE books(a); INSERT INTO books VALUES (1); SELECT * FROM boks; SELECT 1"
    assert await notebook.fail(source) == (
        "OperationalError",
        "no such table: boks. There are: books. "
        "A DataFrame or a list of dicts of Python cells is a table too.\n"
        "The statement (3 of 4):\nSELECT * FROM boks;",
    )
    assert await notebook.shown("SELECT a FROM books") == "a\n-\n1\n1 row"
    _, text = await notebook.fail("SELECT b FROM books")
    assert text.startswith("no such column: b. Check its name;")
    _, text = await notebook.fail("SELEC 1")
    assert text.startswith('near "SELEC": syntax error. Correct the statement')
    assert text.endswith("The statement:\nSELEC 1")
    _, text = await notebook.fail("SELECT 'open")
    assert "unrecognized token" in text


async def test_a_database_that_is_none(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path)
    _, text = await notebook.fail("SELECT 1")
    assert "cannot be opened" in text


async def test_an_interrupted_statement_is_cancelled(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell = SqlCell(":memory:", notebook._namespace, dict)
    connection = cell._open()

    def interrupt() -> None:
        raise KeyboardInterrupt

    connection.set_progress_handler(interrupt, 1000)
    endless = f"SELECT count(*) FROM ({NUMBERS.format('')})"
    with pytest.raises(asyncio.CancelledError):
        cell._run(None, endless, "", None, everything=False)  # type: ignore[arg-type]


async def test_an_empty_cell_does_nothing(notebook: Notebook) -> None:
    for source in ("", " ;; ", "-- nothing", "/* nothing"):
        assert [event["name"] for event in await notebook.run(source)] == ["v1.ExecutionCompleted"]


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


class Frame:
    """What a DataFrame has that SQL cells use."""

    columns = ("when", 'a "b"', 3)

    def itertuples(self, *, index: bool, name: None) -> list[tuple[Any, ...]]:
        assert not index
        return [(date(2026, 1, 2), float("nan"), Scalar())]


class Scalar:
    """A scalar of NumPy's kind."""

    def item(self) -> int:
        return 7


async def test_variables_are_tables_where_the_database_has_none(notebook: Notebook) -> None:
    notebook.variables |= {
        "people": [{"name": "Ada", "age": 36}, {"name": "Bob", "city": "Rome"}],
        "Frame": Frame(),
        "t": [{"a": 1}],
    }
    people = "SELECT name, age, city FROM people"
    assert await notebook.shown(people) == (
        "name  age   city\n----  ----  ----\nAda   36    NULL\nBob   NULL  Rome\n2 rows"
    )
    assert (await notebook.shown("SELECT * FROM Frame")).split("\n")[::2] == [
        'when        a "b"  3',
        "2026-01-02  NULL   7",
    ]
    notebook.variables["people"] = [{"name": "Eve", "age": 1, "city": None}]
    assert (await notebook.shown(people)).endswith("Eve   1    NULL\n1 row")
    joined = "SELECT count(*) AS c FROM people JOIN Frame"
    assert (await notebook.shown(joined)).endswith("1\n1 row")
    await notebook.run("CREATE TABLE t(a); INSERT INTO t VALUES (5)")
    assert (await notebook.shown("SELECT a FROM t")).endswith("5\n1 row")


@pytest.mark.parametrize("value", [[], [1], 3, "text", Frame, [{"a": 1}, 2]])
async def test_other_variables_are_no_tables(notebook: Notebook, value: Any) -> None:
    notebook.variables["thing"] = value
    assert (await notebook.fail("SELECT * FROM thing"))[1].startswith("no such table: thing.")


async def test_a_variable_that_cannot_be_read_is_an_error_of_the_cell(notebook: Notebook) -> None:
    class Bad:
        columns = ("a",)

        def itertuples(self, **_: Any) -> Any:
            raise ValueError("not today")

    notebook.variables["bad"] = Bad()
    ename, text = await notebook.fail("SELECT * FROM bad")
    assert (ename, text.split(".")[0]) == ("ValueError", "not today")
