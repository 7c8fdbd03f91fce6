"""A table of any library, behind one interface: pandas' and polars' DataFrames and Series, and, if
narwhals is installed, whatever it reads, such as tables of PyArrow."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Kind = Literal["integer", "number", "boolean", "string", "datetime", "duration", "any"]
"""The types of Frictionless Data's table schema that occur here."""

MOST_COLUMNS = 500


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its name, which no other has, what its values are, and how its library names their
    type. ``is_index`` says that it names the rows."""

    name: str
    kind: Kind
    dtype: str | None = None
    is_index: bool = False


class Frame(Protocol):
    """A table that does not change. ``fields`` are its first ``MOST_COLUMNS`` columns, ``width`` is
    the number of all, ``count`` that of its rows. ``is_whole`` is false if there are more rows than
    these."""

    @property
    def fields(self) -> Sequence[Field]: ...

    @property
    def width(self) -> int: ...

    @property
    def count(self) -> int: ...

    @property
    def is_whole(self) -> bool: ...

    def column(self, index: int) -> Sequence[Any]:
        """Return all values of a column, None for those that are missing."""

    def rows(self, places: Sequence[int]) -> list[tuple[Any, ...]]:
        """Return the rows at these places, which are within the table."""

    def missing(self) -> list[int]:
        """Return how many values are missing, for each column."""


def read_frame(value: Any) -> Frame | None:
    """Return a table as it is now; None for any other value. Raise what its library does."""
    kind = type(value)
    library = kind.__module__.partition(".")[0]
    if isinstance(value, type) or kind.__name__ not in ("DataFrame", "Series"):
        return _read_other(value)
    match library:
        case "pandas":
            return _PandasFrame(value if kind.__name__ == "DataFrame" else _with_name(value))
        case "polars":
            return _ColumnFrame(value if kind.__name__ == "DataFrame" else value.to_frame(), value)
    return _read_other(value)


def unique_names(names: Sequence[str]) -> list[str]:
    """Return the names, with a number added to each that has occurred before."""
    seen: dict[str, None] = {}
    for name in names:
        own, number = name, 1
        while own in seen:
            number += 1
            own = f"{name}_{number}"
        seen[own] = None
    return [*seen]


def is_missing(value: Any) -> bool:
    """Return whether a value stands for none: None, NaN, NaT, pandas' NA."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float) and value != value


class _PandasFrame:
    """pandas' DataFrame. Its copy is shallow: pandas 3 copies what is changed later."""

    is_whole = True

    def __init__(self, frame: Any) -> None:
        self._frame = frame.copy(deep=False)
        index, shown = self._frame.index, self._frame.iloc[:, :MOST_COLUMNS]
        levels = [index.get_level_values(place) for place in range(index.nlevels)]
        self._columns = [*levels, *(shown.iloc[:, place] for place in range(shown.shape[1]))]
        self.count, self.width = frame.shape
        names = [_name(one, f"level_{n}" if n else "index") for n, one in enumerate(index.names)]
        names += [_name(one, "") for one in shown.columns]
        self.fields = [
            Field(name, _kind_of(str(column.dtype)), str(column.dtype), place < len(levels))
            for place, (name, column) in enumerate(
                zip(unique_names(names), self._columns, strict=True)
            )
        ]

    def column(self, index: int) -> Sequence[Any]:
        return _plain(self._columns[index])

    def rows(self, places: Sequence[int]) -> list[tuple[Any, ...]]:
        taken = [_plain(column.take(_list(places))) for column in self._columns]
        return [*zip(*taken, strict=True)]

    def missing(self) -> list[int]:
        return [int(column.isna().sum()) for column in self._columns]


class _ColumnFrame:
    """A DataFrame of polars, or of narwhals, which has the same methods. ``kept`` is what it was
    made of."""

    is_whole = True

    def __init__(self, frame: Any, kept: Any) -> None:
        self._frame, self._kept = frame[:, :MOST_COLUMNS], kept
        self.count, self.width = frame.shape
        frame = self._frame
        types = [str(one) for one in frame.schema.values()]
        self.fields = [
            Field(name, _kind_of(type_.lower()), type_)
            for name, type_ in zip(unique_names([*map(str, frame.columns)]), types, strict=True)
        ]

    def column(self, index: int) -> Sequence[Any]:
        return _plain(self._frame[:, index])

    def rows(self, places: Sequence[int]) -> list[tuple[Any, ...]]:
        taken = self._frame[_list(places)]
        return [*zip(*(_plain(taken[:, at]) for at in range(len(self.fields))), strict=True)]

    def missing(self) -> list[int]:
        return [
            sum(map(is_missing, self._frame[:, at].to_list()))
            if field.kind == "number"
            else int(self._frame[:, at].null_count())
            for at, field in enumerate(self.fields)
        ]


def _read_other(value: Any) -> Frame | None:
    """Read what narwhals reads."""
    kind = type(value)
    if isinstance(value, type) or not any(
        hasattr(kind, name) for name in ("__narwhals_dataframe__", "__arrow_c_stream__")
    ):
        return None
    try:
        narwhals: Any = importlib.import_module("narwhals")
    except ImportError:
        return None
    frame = narwhals.from_native(value, eager_only=True, pass_through=True)
    return None if frame is value else _ColumnFrame(frame, value)


def _with_name(series: Any) -> Any:
    return series.to_frame("" if series.name is None else series.name)


def _name(name: Any, unnamed: str) -> str:
    if name is None:
        return unnamed
    return ", ".join(map(str, name)) if isinstance(name, tuple) else str(name)


def _list(places: Sequence[int]) -> list[int]:
    return [*places]


def _plain(column: Any) -> list[Any]:
    values = column.to_list() if hasattr(column, "to_list") else column.tolist()
    return [None if is_missing(value) else value for value in values]


def _kind_of(dtype: str) -> Kind:
    """Return the kind of a type by its name, which begins alike in all libraries."""
    name = dtype.lower()
    starts: tuple[tuple[tuple[str, ...], Kind], ...] = (
        (("int", "uint"), "integer"),
        (("float", "double", "decimal"), "number"),
        (("bool",), "boolean"),
        (("str", "string", "large_string", "utf8"), "string"),
        (("datetime", "date", "timestamp", "period"), "datetime"),
        (("timedelta", "duration"), "duration"),
    )
    return next((kind for start, kind in starts if name.startswith(start)), "any")
