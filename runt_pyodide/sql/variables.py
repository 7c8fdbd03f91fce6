"""Variables of Python cells as tables of SQL cells: DataFrames, and lists of dicts."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ..execution.stack import shared
from ..tables.frame import unique_names

_MISSING = "no such table: "
_TYPES = (int, float, str, bytes, type(None))


class LentTables:
    """Temporary tables, made from variables that a statement names. ``take_back`` removes them, so
    that the next cell sees the variables as they are by then."""

    def __init__(
        self, connection: sqlite3.Connection, variables: Callable[[], Mapping[str, object]]
    ) -> None:
        self._connection = connection
        self._variables = variables
        self._lent: list[str] = []

    @shared
    def lend(self, error: BaseException) -> bool:
        """Make the table whose absence made a statement fail. Return whether it was made."""
        name = str(error).removeprefix(_MISSING)
        if not str(error).startswith(_MISSING) or name in self._lent:
            return False
        table = _read_rows(self._variables().get(name))
        if table is None:
            return False
        columns, rows = table
        names = ", ".join(map(_quote, unique_names(columns)))
        places = ", ".join("?" * len(columns))
        self._lent.append(name)
        self._connection.execute(f"CREATE TEMP TABLE {_quote(name)} ({names})")
        insert = f"INSERT INTO temp.{_quote(name)} VALUES ({places})"
        self._connection.executemany(insert, (tuple(map(_plain, row)) for row in rows))
        return True

    def take_back(self) -> None:
        """Remove the tables."""
        for name in self._lent:
            self._connection.execute(f"DROP TABLE IF EXISTS temp.{_quote(name)}")
        self._lent.clear()


@shared
def _read_rows(value: Any) -> tuple[Sequence[str], Iterable[Sequence[Any]]] | None:
    """Return the columns and rows of a table; None for any other value."""
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        keys = list(dict.fromkeys(key for row in value for key in row))
        return [*map(str, keys)], ([row.get(key) for key in keys] for row in value)
    if callable(rows := getattr(value, "itertuples", None)) and not isinstance(value, type):
        columns = [str(column) for column in value.columns]
        return (columns, rows(index=False, name=None)) if columns else None
    return None


@shared
def _plain(value: Any) -> Any:
    """Return a value that SQLite takes: a NumPy scalar becomes a Python one, and anything that
    SQLite does not know becomes text."""
    if callable(item := getattr(value, "item", None)):
        value = item()
    return value if type(value) in _TYPES else str(value)


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
