"""Rows of Python values as a table, and how it is shown: as HTML, as plain text, and as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import repeat
from typing import Any

from ..notebook.bundle import clean_text, safe_str
from ..notebook.events import Bundle, Inline
from .frame import MOST_COLUMNS, Field, Kind
from .kept import KeptTables
from .resource import DATA_RESOURCE, MOST_ROWS, build_resource, to_cell

# How many rows the HTML and the plain text have.
TEXT_ROWS = 100

_KINDS: dict[type, Kind] = {int: "integer", float: "number", str: "string", bool: "boolean"}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows, and the names of their columns, which are unique. It is a `Frame`. ``is_whole`` is
    false if there are more rows."""

    columns: Sequence[str]
    values: Sequence[Sequence[Any]]
    is_whole: bool = True

    @property
    def count(self) -> int:
        return len(self.values)

    @property
    def width(self) -> int:
        return len(self.columns)

    @property
    def fields(self) -> Sequence[Field]:
        """The columns; the first ``MOST_ROWS`` rows tell of which kind their values are."""
        return [
            Field(name, _kind([row[place] for row in self.values[:MOST_ROWS]]))
            for place, name in enumerate(self.columns[:MOST_COLUMNS])
        ]

    def column(self, index: int) -> Sequence[Any]:
        return [row[index] for row in self.values]

    def rows(self, places: Sequence[int]) -> list[tuple[Any, ...]]:
        return [tuple(self.values[place][:MOST_COLUMNS]) for place in places]

    def missing(self) -> list[int]:
        columns = range(min(self.width, MOST_COLUMNS))
        return [sum(row[place] is None for row in self.values) for place in columns]

    def bundle(self, kept: KeptTables | None = None) -> Bundle:
        """Return a data resource, and the first ``TEXT_ROWS`` rows as ``text/html`` and
        ``text/plain``; a note below the table says how many rows there are. If the output does not
        hold all rows, ``kept`` takes them."""
        texts = [[_text(to_cell(value)) for value in row] for row in self.values[:TEXT_ROWS]]
        note = self._note(len(texts))
        return {
            "text/html": Inline(data=self._html(texts, note)),
            "text/plain": Inline(data=self._plain(texts, note)),
            DATA_RESOURCE: build_resource(self) if kept is None else kept.show(self),
        }

    def _note(self, shown: int) -> str:
        if not self.is_whole:
            return f"The first {shown:,} rows are shown; there are more."
        if self.count > shown:
            return f"The first {shown:,} of {self.count:,} rows are shown."
        return f"{self.count:,} row{'' if self.count == 1 else 's'}"

    def _html(self, texts: Sequence[Sequence[str]], note: str) -> str:
        # Set on each cell, since pages align cells as they like: numbers are aligned right.
        right = [field.kind in ("integer", "number") for field in self.fields]
        right += [False] * (self.width - len(right))
        head = "".join(map(_cell, self.columns, right, repeat("th")))
        rows = ("".join(map(_cell, row, right, repeat("td"))) for row in texts)
        body = "".join(f"<tr>{cells}</tr>" for cells in rows)
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        return f"{table}<p>{note}</p>"

    def _plain(self, texts: Sequence[Sequence[str]], note: str) -> str:
        lines = [[clean_text(name) for name in self.columns], *texts]
        flat = [[value.replace("\n", "\\n") for value in line] for line in lines]
        widths = [max(map(len, column)) for column in zip(*flat, strict=True)]
        flat.insert(1, ["-" * width for width in widths])
        padded = (
            "  ".join(value.ljust(width) for value, width in zip(line, widths, strict=True))
            for line in flat
        )
        return "\n".join([*(line.rstrip() for line in padded), note])


def _cell(text: str, right: bool, tag: str) -> str:
    side = "right" if right else "left"
    return f'<{tag} style="text-align: {side}">{escape(clean_text(text))}</{tag}>'


def _text(value: Any) -> str:
    return "NULL" if value is None else safe_str(value)


def _kind(values: Sequence[Any]) -> Kind:
    kinds = {type(value) for value in values if value is not None}
    if kinds == {int, float}:
        return "number"
    return _KINDS.get(kinds.pop(), "any") if len(kinds) == 1 else "any"
