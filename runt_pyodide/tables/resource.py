"""A table as an output holds it: a data resource, as Frictionless Data and pandas write it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

from ..notebook.bundle import clean_json, safe_str
from ..notebook.events import Inline
from .frame import Frame

DATA_RESOURCE = "application/vnd.dataresource+json"

# How many rows an output holds, how many characters of all of them, and of each value.
MOST_ROWS = 5_000
LARGEST = 1 << 20
LONGEST_VALUE = 1_000
# How many rows are turned into data at once.
_STEP = 500


def build_resource(frame: Frame, most: int = MOST_ROWS) -> Inline:
    """Return the table's schema and its first rows: as many as ``most`` and ``LARGEST`` allow.

    Each field says, besides its name and type, how the library names its type and how many values
    are missing. The metadata tell how many ``rows`` and ``columns`` the table has; ``rows`` is None
    if nobody knows.
    """
    names = [field.name for field in frame.fields]
    fields = [
        {
            "name": field.name,
            "type": field.kind,
            **({"dtype": field.dtype} if field.dtype else {}),
            **({"missing": missing} if missing else {}),
        }
        for field, missing in zip(frame.fields, frame.missing(), strict=True)
    ]
    schema: dict[str, Any] = {"fields": fields}
    if index := [field.name for field in frame.fields if field.is_index]:
        schema["primaryKey"] = index
    data = [dict(zip(names, row, strict=True)) for row in _first_rows(frame, most)]
    metadata = {"rows": frame.count if frame.is_whole else None, "columns": frame.width}
    return Inline(data={"schema": schema, "data": data}, metadata=metadata)


def to_cell(value: Any) -> Any:
    """Return a value of a table as JSON has it: a number, a text, true, false or None. Texts that
    are too long are cut; whatever else it is becomes its text."""
    match value:
        case None | bool() | int():
            return clean_json(value)
        case float():
            cleaned = clean_json(value)
            return repr(value) if cleaned is None and value == value else cleaned
        case bytes():
            return f"<{len(value):,} bytes>"
        case date() | time():  # a date, with or without a time
            return value.isoformat()
        case timedelta():
            return str(value)
    return _shorten(safe_str(value))


def _first_rows(frame: Frame, most: int) -> Iterator[list[Any]]:
    room, end = LARGEST, min(frame.count, most)
    names = sum(len(field.name) + 6 for field in frame.fields)
    for start in range(0, end, _STEP):
        for row in frame.rows(range(start, min(start + _STEP, end))):
            cells = [to_cell(value) for value in row]
            room -= names + len(json.dumps(cells))
            if room < 0:
                return
            yield cells


def _shorten(text: str) -> str:
    if len(text) <= LONGEST_VALUE:
        return text
    return f"{text[:LONGEST_VALUE]}... ({len(text):,} characters)"
