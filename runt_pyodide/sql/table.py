"""A table of rows as outputs show it: as HTML, as plain text, and as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import repeat
from typing import Any

from ..notebook.bundle import clean_json, clean_text, safe_str
from ..notebook.events import Bundle, Inline

# How many rows are shown, and how many characters of each value.
MOST_ROWS = 500
LONGEST_VALUE = 1000

DATA_RESOURCE = "application/vnd.dataresource+json"
_KINDS = {int: "integer", float: "number", str: "string", bool: "boolean"}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows, and the names of their columns, which are unique. ``total`` is the number of all rows;
    None if it is not known."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    total: int | None

    def bundle(self) -> Bundle:
        """Return ``text/html``, ``text/plain`` and a data resource of the first ``MOST_ROWS`` rows;
        a note below the table says how many rows there are."""
        shown = [[_shorten(value) for value in row] for row in self.rows[:MOST_ROWS]]
        texts = [[_text(value) for value in row] for row in shown]
        note = self._note(len(shown))
        fields = self._fields(shown)
        data = {
            "schema": {"fields": fields},
            "data": [dict(zip(self.columns, map(clean_json, row), strict=True)) for row in shown],
        }
        return {
            "text/html": Inline(data=self._html(fields, texts, note)),
            "text/plain": Inline(data=self._plain(texts, note)),
            DATA_RESOURCE: Inline(data=data),
        }

    def _note(self, shown: int) -> str:
        if self.total is None or self.total > len(self.rows):
            return f"The first {shown:,} rows are shown; there are more."
        if self.total > shown:
            return f"The first {shown:,} of {self.total:,} rows are shown."
        return f"{self.total:,} row{'' if self.total == 1 else 's'}"

    def _fields(self, rows: Sequence[Sequence[Any]]) -> list[dict[str, str]]:
        return [
            {"name": name, "type": _kind([row[index] for row in rows])}
            for index, name in enumerate(self.columns)
        ]

    def _html(
        self, fields: Sequence[dict[str, str]], texts: Sequence[Sequence[str]], note: str
    ) -> str:
        # Set on each cell, since pages align cells as they like: numbers are aligned right.
        right = [field["type"] in ("integer", "number") for field in fields]
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


def _cell(text: str, right: bool, tag: str) -> str:
    side = "right" if right else "left"
    return f'<{tag} style="text-align: {side}">{escape(clean_text(text))}</{tag}>'


def _text(value: Any) -> str:
    return "NULL" if value is None else safe_str(value)


def _shorten(value: Any) -> Any:
    if isinstance(value, bytes):
        return f"<{len(value):,} bytes>"
    if isinstance(value, str) and len(value) > LONGEST_VALUE:
        return f"{value[:LONGEST_VALUE]}... ({len(value):,} characters)"
    return value


def _kind(values: Sequence[Any]) -> str:
    kinds = {type(value) for value in values if value is not None}
    if kinds == {int, float}:
        return "number"
    return _KINDS.get(kinds.pop(), "any") if len(kinds) == 1 else "any"
