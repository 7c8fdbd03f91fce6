"""Tables of any library, behind one interface. Those of pandas, polars and PyArrow are tested in
tests/data_packages."""

from __future__ import annotations

from typing import Any

import pytest

from runt_pyodide.tables.frame import is_missing, read_frame, unique_names


class DataFrame:
    """It has the name of a table, and is of no library of tables."""

    columns = ("a",)


@pytest.mark.parametrize("value", [1, "text", [1], {"a": [1]}, DataFrame(), DataFrame, object])
def test_what_is_no_table(value: Any) -> None:
    assert read_frame(value) is None


class NAType:
    """As pandas' NA."""


def test_what_is_missing() -> None:
    assert all(map(is_missing, [None, float("nan"), NAType()]))
    assert not any(map(is_missing, [0, "", "nan", float("inf"), False, []]))


def test_names_are_made_unique() -> None:
    assert unique_names(["a", "b", "a", "a_2", "a"]) == ["a", "b", "a_2", "a_2_2", "a_3"]
    assert unique_names([]) == []
