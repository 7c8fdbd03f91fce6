"""Tables in a grid: sorted and filtered in the page, or by Python, which has the rows that an
output does not hold."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.browser.axe import serious_faults
from tests.support.browser.demo import add_cell, expect_status, run
from tests.support.browser.outputs import Writer

RESOURCE = "application_vnd.dataresource+json"
HOSTILE = '<img src=x onerror="alert(1)">'
ROWS = 6_000
NUMBERS = f"""-- name: numbers
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS})
SELECT i AS n, 'row ' || i AS name FROM n"""


@pytest.fixture
def writer(without_python: None, page: Page, site: str) -> Writer:
    page.goto(f"{site}/?memory=empty")
    return Writer(page)


def cell_at(table: Locator, row: int, column: int) -> Locator:
    return table.locator(f".ag-row[row-index='{row}'] [col-id='{column}']")


def filter_by(table: Locator, column: int, text: str, said: str) -> None:
    table.locator(f".ag-header-cell[col-id='{column}'] .ag-header-cell-filter-button").click()
    field = table.page.get_by_role("textbox", name="Filter Value")
    field.fill(text)
    expect(table.locator("figcaption")).to_have_text(said)
    field.press("Escape")
    expect(field).to_have_count(0)


def test_a_table_is_sorted_and_filtered_in_the_page(writer: Writer) -> None:
    fields = [{"name": "n", "type": "integer"}, {"name": "__proto__", "type": "string"}]
    rows = [[n, HOSTILE if n == 7 else f"row {n}"] for n in range(30)]
    data = {"schema": {"fields": fields}, "data": [*rows, [None, None]]}
    table = writer.display(**{RESOURCE: data, "text_html": "<b>not this</b>"})
    expect(cell_at(table, 0, 0)).to_have_text("0")
    expect(table.locator("figcaption")).to_have_text("31 rows, 2 columns")
    for first in ("0", "29"):
        table.locator(".ag-header-cell[col-id='0']").click()
        expect(cell_at(table, 0, 0)).to_have_text(first)
    filter_by(table, 1, "IMG", "1 row found. 31 rows, 2 columns")
    expect(cell_at(table, 0, 1)).to_have_text(HOSTILE)
    cell_at(table, 0, 0).click()
    writer.page.keyboard.press("j")  # no shortcut of a cell's
    writer.page.keyboard.press("ArrowRight")
    expect(cell_at(table, 0, 1)).to_be_focused()
    assert serious_faults(writer.page) == []


def test_what_is_no_table_is_shown_otherwise(writer: Writer) -> None:
    odd = writer.display(**{RESOURCE: {"schema": 1}, "text_plain": "as text"})
    expect(odd.get_by_test_id("stream")).to_have_text("as text")


def test_rows_that_an_output_does_not_hold_come_from_python(demo: Page) -> None:
    cell = add_cell(demo, "sql", NUMBERS)
    run(cell)
    table = cell.get_by_test_id("table")
    said = table.locator("figcaption")
    expect(said).to_have_text(f"{ROWS:,} rows, 2 columns")
    scrolled = table.locator(".ag-grid-viewport").element_handle()
    # The grid knows of the first rows before it knows how many there are.
    demo.wait_for_function("([it, rows]) => it.scrollHeight > rows * 20", arg=[scrolled, ROWS])
    scrolled.evaluate("(it) => it.scrollTo(0, it.scrollHeight)")
    expect(cell_at(table, ROWS - 1, 1)).to_have_text(f"row {ROWS}")
    filter_by(table, 1, "ROW 59", f"111 rows found. {ROWS:,} rows, 2 columns")
    demo.get_by_test_id("restart-python").click()
    demo.get_by_test_id("confirm-restart").click()
    expect(said).to_have_text(
        f"The first 5,000 of {ROWS:,} rows, 2 columns are kept. Run the cell to page through all."
    )
    expect_status(demo)
