"""Rows as a table: for people, as text, and as data."""

from __future__ import annotations

from runt_pyodide.tables.resource import LONGEST_VALUE, MOST_ROWS
from runt_pyodide.tables.rows import TEXT_ROWS
from tests.support.stages.sql_page import SqlPage

NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n {}) SELECT i FROM n"


LEFT, RIGHT = 'style="text-align: left"', 'style="text-align: right"'


async def test_a_table_for_people_for_text_and_as_data(sql_page: SqlPage) -> None:
    source = "SELECT 1 AS number, 'a<b' AS text, NULL AS none, x'00ff' AS bytes, 0.5 AS half"
    [shown, completed] = await sql_page.run(source)
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
                {"name": "none", "type": "any", "missing": 1},
                {"name": "bytes", "type": "any"},
                {"name": "half", "type": "number"},
            ]
        },
        "data": [{"number": 1, "text": "a<b", "none": None, "bytes": "<2 bytes>", "half": 0.5}],
    }


async def test_a_long_result_is_cut_and_says_so(sql_page: SqlPage) -> None:
    endless = await sql_page.shown(NUMBERS.format(""))
    lines = endless.split("\n")
    assert (len(lines), lines[-2]) == (TEXT_ROWS + 3, str(TEXT_ROWS))
    assert lines[-1] == f"The first {TEXT_ROWS} rows are shown; there are more."
    counted = await sql_page.shown(f"-- name: n\n{NUMBERS.format('WHERE i < 12345')}")
    assert counted.endswith(f"The first {TEXT_ROWS} of 12,345 rows are shown.")
    assert len(sql_page.variables["n"]) == 12345
    data = await sql_page.shown(NUMBERS.format(""), "application/vnd.dataresource+json")
    assert len(data["data"]) == MOST_ROWS
    long = await sql_page.shown(f"SELECT replace(hex(zeroblob({LONGEST_VALUE})), '00', 'ab') AS a")
    assert (
        long.split("\n")[2]
        == "ab" * (LONGEST_VALUE // 2) + f"... ({2 * LONGEST_VALUE:,} characters)"
    )


async def test_columns_of_one_name_are_kept_apart(sql_page: SqlPage) -> None:
    await sql_page.run("-- name: pair\nSELECT 1 AS a, 2 AS a, 3 AS a_2")
    assert sql_page.variables["pair"] == [{"a": 1, "a_2": 2, "a_2_2": 3}]
