"""Variables of Python cells as tables."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.support.stages.sql_page import SqlPage


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


async def test_variables_are_tables_where_the_database_has_none(sql_page: SqlPage) -> None:
    sql_page.variables |= {
        "people": [{"name": "Ada", "age": 36}, {"name": "Bob", "city": "Rome"}],
        "Frame": Frame(),
        "t": [{"a": 1}],
    }
    people = "SELECT name, age, city FROM people"
    assert await sql_page.shown(people) == (
        "name  age   city\n----  ----  ----\nAda   36    NULL\nBob   NULL  Rome\n2 rows"
    )
    assert (await sql_page.shown("SELECT * FROM Frame")).split("\n")[::2] == [
        'when        a "b"  3',
        "2026-01-02  NULL   7",
    ]
    sql_page.variables["people"] = [{"name": "Eve", "age": 1, "city": None}]
    assert (await sql_page.shown(people)).endswith("Eve   1    NULL\n1 row")
    joined = "SELECT count(*) AS c FROM people JOIN Frame"
    assert (await sql_page.shown(joined)).endswith("1\n1 row")
    await sql_page.run("CREATE TABLE t(a); INSERT INTO t VALUES (5)")
    assert (await sql_page.shown("SELECT a FROM t")).endswith("5\n1 row")


@pytest.mark.parametrize("value", [[], [1], 3, "text", Frame, [{"a": 1}, 2]])
async def test_other_variables_are_no_tables(sql_page: SqlPage, value: Any) -> None:
    sql_page.variables["thing"] = value
    assert (await sql_page.fail("SELECT * FROM thing"))[1].startswith("no such table: thing.")


async def test_a_variable_that_cannot_be_read_is_an_error_of_the_cell(sql_page: SqlPage) -> None:
    class Bad:
        columns = ("a",)

        def itertuples(self, **_: Any) -> Any:
            raise ValueError("not today")

    sql_page.variables["bad"] = Bad()
    ename, text = await sql_page.fail("SELECT * FROM bad")
    assert (ename, text.split(".")[0]) == ("ValueError", "not today")
