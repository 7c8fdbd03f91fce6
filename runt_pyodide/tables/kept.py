"""The tables of a session that outputs show only the beginning of: the page asks for the rest of
their rows by pages, sorted and filtered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from secrets import token_hex
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from ..notebook.events import Inline
from .frame import Frame, is_missing
from .resource import build_resource, to_cell

# How many tables are kept: the latest ones. What a cell has shown would live on in them.
MOST_TABLES = 10
# How many rows a page may have.
LONGEST_PAGE = 5_000

Operator = Literal[
    "contains", "notContains", "equals", "notEqual", "startsWith", "endsWith",
    "lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual", "inRange",
    "blank", "notBlank",
]  # fmt: skip


class _Asked(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=to_camel, populate_by_name=True
    )


class Condition(_Asked):
    """What the values of a column must be. Texts are compared without regard to case, as they are
    shown; numbers as numbers, with ``to`` as the end of a range; both ends are part of it."""

    column: int = Field(ge=0)
    operator: Operator
    value: float | str | None = None
    to: float | None = None


class Order(_Asked):
    """By which column rows are sorted. What is missing comes last."""

    column: int = Field(ge=0)
    descending: bool = False


class Query(_Asked):
    """Which rows are asked for: ``count`` of them from ``start`` on, of those that meet all
    ``filters``, sorted by the first of ``sort``, then by the next."""

    start: int = Field(default=0, ge=0)
    count: int = Field(default=100, ge=0, le=LONGEST_PAGE)
    sort: tuple[Order, ...] = ()
    filters: tuple[Condition, ...] = ()


@dataclass(slots=True)
class _Kept:
    frame: Frame
    asked: object = None
    places: Sequence[int] = ()


class KeptTables:
    """The latest tables that were shown in part, by an id that no other session has."""

    def __init__(self) -> None:
        self._session = token_hex(6)
        self._numbers = count(1)
        self._tables: dict[str, _Kept] = {}

    def show(self, frame: Frame) -> Inline:
        """Return a table's data resource. If that holds only the first rows, keep the table, and
        name it in the ``id`` of the metadata."""
        shown = build_resource(frame)
        if len(shown.data["data"]) == frame.count:
            return shown
        table_id = f"{self._session}-{next(self._numbers)}"
        self._tables[table_id] = _Kept(frame)
        while len(self._tables) > MOST_TABLES:
            del self._tables[next(iter(self._tables))]
        return shown.model_copy(update={"metadata": {**(shown.metadata or {}), "id": table_id}})

    def read(self, table_id: str, query: Any = None) -> dict[str, Any] | None:
        """Return the ``rows`` that are asked for, each a list of values, and the ``total`` of those
        that meet the filters; None if the table is not kept. Raise ValidationError for what is not
        a `Query`."""
        asked = Query.model_validate(query or {})
        kept = self._tables.get(table_id)
        if kept is None:
            return None
        self._find(kept, asked)
        places = kept.places[asked.start : asked.start + asked.count]
        rows = [[to_cell(value) for value in row] for row in kept.frame.rows(places)]
        return {"rows": rows, "total": len(kept.places)}

    def _find(self, kept: _Kept, asked: Query) -> None:
        """Find the places of all rows that meet the filters, unless the last query was the same."""
        key = (asked.filters, asked.sort)
        if kept.asked == key:
            return
        places: Sequence[int] = range(kept.frame.count)
        for condition in asked.filters:
            values, meets = kept.frame.column(condition.column), _test_of(condition)
            places = [place for place in places if meets(values[place])]
        for order in reversed(asked.sort):
            places = _sorted(places, kept.frame.column(order.column), order.descending)
        kept.asked, kept.places = key, places


def _sorted(places: Iterable[int], values: Sequence[Any], descending: bool) -> list[int]:
    there: list[int] = []
    missing: list[int] = []
    for place in places:
        (missing if is_missing(values[place]) else there).append(place)
    try:
        there.sort(key=values.__getitem__, reverse=descending)
    except TypeError:  # values of several types
        there.sort(key=lambda place: str(to_cell(values[place])), reverse=descending)
    return there + missing


def _test_of(condition: Condition) -> Callable[[Any], bool]:
    """Return a function that says whether a value of the column meets the condition."""
    operator, wanted, end = condition.operator, condition.value, condition.to
    if operator == "blank":
        return lambda value: is_missing(value) or value == ""
    if operator == "notBlank":
        return lambda value: not (is_missing(value) or value == "")
    if isinstance(wanted, str):
        needle, compare = wanted.lower(), _TEXTS.get(operator, _never)
        return lambda value: compare("" if is_missing(value) else _text_of(value), needle)
    if wanted is None or (operator == "inRange" and end is None):
        return lambda _value: True
    numbers, last = _NUMBERS.get(operator, _never), wanted if end is None else end
    return lambda value: isinstance(value, int | float) and numbers(value, wanted, last)


_TEXTS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda text, needle: needle in text,
    "notContains": lambda text, needle: needle not in text,
    "equals": lambda text, needle: text == needle,
    "notEqual": lambda text, needle: text != needle,
    "startsWith": lambda text, needle: text.startswith(needle),
    "endsWith": lambda text, needle: text.endswith(needle),
}
_NUMBERS: dict[str, Callable[[float, float, float], bool]] = {
    "equals": lambda value, wanted, _: value == wanted,
    "notEqual": lambda value, wanted, _: value != wanted,
    "lessThan": lambda value, wanted, _: value < wanted,
    "lessThanOrEqual": lambda value, wanted, _: value <= wanted,
    "greaterThan": lambda value, wanted, _: value > wanted,
    "greaterThanOrEqual": lambda value, wanted, _: value >= wanted,
    "inRange": lambda value, wanted, end: wanted <= value <= end,
}


def _never(*_: object) -> bool:
    return False


def _text_of(value: Any) -> str:
    if isinstance(value, str):
        return value.lower()
    cell = to_cell(value)
    return ("true" if cell else "false") if isinstance(cell, bool) else str(cell).lower()
