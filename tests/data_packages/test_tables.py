"""Tables of pandas, polars and PyArrow: what outputs hold, what is kept, what models are told."""

from __future__ import annotations

from typing import Any

import numpy
import pandas
import polars
import pyarrow
import pytest

from runt_pyodide.ai.text.table import describe_resource
from runt_pyodide.ai.text.value import describe_value
from runt_pyodide.notebook.events import Inline
from runt_pyodide.tables.frame import MOST_COLUMNS, read_frame
from runt_pyodide.tables.kept import KeptTables
from runt_pyodide.tables.resource import DATA_RESOURCE
from tests.support.stages.python_page import Page

PEOPLE = {"name": ["Ann", None, "Bob"], "half": [0.5, None, 1.5], "n": [1, 2, 3]}


async def shown(page: Page, source: str) -> dict[str, Any]:
    [*_, event] = await page.run(source)
    representations: dict[str, Any] = event["args"]["representations"]
    return representations


@pytest.mark.parametrize(
    ("source", "types"),
    [
        (f"import pandas; pandas.DataFrame({PEOPLE})", ["str", "float64", "int64"]),
        (f"import polars; polars.DataFrame({PEOPLE})", ["String", "Float64", "Int64"]),
        (f"import pyarrow; pyarrow.table({PEOPLE})", ["String", "Float64", "Int64"]),
    ],
)
async def test_a_table_of_each_library(page: Page, source: str, types: list[str]) -> None:
    bundle = await shown(page, source)
    fields = bundle[DATA_RESOURCE]["data"]["schema"]["fields"]
    assert [field["type"] for field in fields[-3:]] == ["string", "number", "integer"]
    assert [field["dtype"] for field in fields[-3:]] == types
    assert [field.get("missing") for field in fields[-3:]] == [1, 1, None]
    second = bundle[DATA_RESOURCE]["data"]["data"][1]
    assert (second["name"], second["half"], second["n"]) == (None, None, 2)
    assert bundle[DATA_RESOURCE]["metadata"] == {"rows": 3, "columns": 3}
    assert "text/plain" in bundle
    told = describe_resource(Inline.model_validate(bundle[DATA_RESOURCE]))
    assert told.startswith("3 rows, 3 columns: ")
    assert f"name {types[0]} (1 missing)" in told


async def test_an_index_of_several_levels_and_columns_of_one_name(page: Page) -> None:
    source = (
        "import pandas\n"
        "index = pandas.MultiIndex.from_tuples([('a', 1), ('b', 2)], names=['key', None])\n"
        "pandas.DataFrame([[1, 2], [3, 4]], index=index, columns=['x', 'x'])"
    )
    data = (await shown(page, source))[DATA_RESOURCE]["data"]
    assert data["schema"]["primaryKey"] == ["key", "level_1"]
    assert data["data"][1] == {"key": "b", "level_1": 2, "x": 3, "x_2": 4}


async def test_a_styler_is_its_html_and_an_array_its_text(page: Page) -> None:
    styled = await shown(page, f"import pandas; pandas.DataFrame({PEOPLE}).style.hide()")
    assert "<style" in styled["text/html"]["data"] and DATA_RESOURCE not in styled
    array = await shown(page, "import numpy; numpy.eye(2)")
    assert array["text/plain"]["data"] == "array([[1., 0.],\n       [0., 1.]])"


@pytest.mark.parametrize("library", [pandas, polars])
def test_a_million_rows_are_paged_through(library: Any) -> None:
    count = 1_000_000
    columns = {"n": numpy.arange(count), "name": [f"row {n % 1000}" for n in range(count)]}
    frame = library.DataFrame(columns)
    tables = KeptTables()
    about = tables.show(read_frame(frame)).metadata  # type: ignore[arg-type]
    assert about is not None and about["rows"] == count
    last = {"start": count - 1, "count": 5}
    place = 1 if library is pandas else 0  # pandas has an index before it
    page = tables.read(about["id"], last)
    assert page is not None and page["rows"][0][-2:] == [count - 1, "row 999"]
    order = [{"column": place, "descending": True}]
    condition = {"column": place + 1, "operator": "endsWith", "value": "W 7"}
    page = tables.read(about["id"], {"sort": order, "filters": [condition], "count": 1})
    assert page == {"rows": [page["rows"][0]], "total": 1000}  # type: ignore[index]
    assert page["rows"][0][-2:] == [999_007, "row 7"]


def test_a_table_is_kept_as_it_was_shown() -> None:
    frame = pandas.DataFrame({"n": range(6_000)})
    tables = KeptTables()
    about = tables.show(read_frame(frame)).metadata  # type: ignore[arg-type]
    frame.loc[5_999, "n"] = -1
    assert about is not None
    page = tables.read(about["id"], {"start": 5_999})
    assert page == {"rows": [[5_999, 5_999]], "total": 6_000}


def test_a_wide_table_and_a_strange_one() -> None:
    wide = read_frame(pandas.DataFrame(numpy.zeros((2, 2_000))))
    assert wide is not None
    assert (wide.width, len(wide.fields)) == (2_000, MOST_COLUMNS + 1)
    empty = read_frame(pandas.DataFrame())
    assert empty is not None and empty.rows([]) == []
    assert read_frame(polars.LazyFrame({"a": [1]})) is None
    assert read_frame(pyarrow.array([1])) is None


def test_what_a_model_is_told_of_variables() -> None:
    told = describe_value(pandas.DataFrame(PEOPLE))
    assert told.startswith("pandas.DataFrame of 3 rows, 3 columns: index int64, name str (1 ")
    assert "\n0 | Ann | 0.5 | 1\n" in told
    assert describe_value(numpy.zeros((2, 3))) == "numpy.ndarray of shape (2, 3), float64"
