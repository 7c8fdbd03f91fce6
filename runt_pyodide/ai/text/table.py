"""What a model is told about a table: how many rows it has, its columns with their types and how
many values are missing, and its first rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...notebook.bundle import safe_str
from ...notebook.events import Inline
from ...tables.frame import Frame
from ...tables.resource import build_resource
from . import sizes


def describe_frame(frame: Frame) -> str:
    """Return a variable's table as text."""
    return describe_resource(build_resource(frame, sizes.TABLE_ROWS), sizes.TABLE_ROWS)


def describe_resource(shown: Inline, most_rows: int = sizes.SHOWN_ROWS) -> str:
    """Return a data resource as text; an empty one if it is not as it should be."""
    data = shown.data if isinstance(shown.data, Mapping) else {}
    schema, rows = data.get("schema"), data.get("data")
    fields = schema.get("fields") if isinstance(schema, Mapping) else None
    if not isinstance(fields, list) or not isinstance(rows, list):
        return ""
    fields = [field for field in fields if isinstance(field, Mapping) and "name" in field]
    about = shown.metadata or {}
    total, width = about.get("rows", len(rows)), about.get("columns", len(fields))
    told = _first_rows(fields[: sizes.TABLE_COLUMNS], rows[:most_rows])
    return "\n".join([f"{_size(total, len(rows), width)}: {_columns(fields)}", *told])


def _size(total: Any, shown: int, width: Any) -> str:
    if isinstance(total, int):
        rows = f"{total:,} row{'' if total == 1 else 's'}"
    else:
        rows = f"more than {shown:,} rows"
    return f"{rows}, {width} column{'' if width == 1 else 's'}"


def _columns(fields: Sequence[Mapping[str, Any]]) -> str:
    told = [_column(field) for field in fields[: sizes.TABLE_COLUMNS]]
    if (left_out := len(fields) - len(told)) > 0:
        told.append(f"and {left_out} more")
    return ", ".join(told)


def _column(field: Mapping[str, Any]) -> str:
    missing = field.get("missing")
    told = f"{_cut(field['name'])} {safe_str(field.get('dtype') or field.get('type') or 'any')}"
    return f"{told} ({missing:,} missing)" if isinstance(missing, int) and missing else told


def _first_rows(fields: Sequence[Mapping[str, Any]], rows: Sequence[Any]) -> list[str]:
    names: list[Any] = [safe_str(field["name"]) for field in fields]
    told: list[list[Any]] = [
        [row.get(name) for name in names] for row in rows if isinstance(row, Mapping)
    ]
    room, kept = sizes.TABLE, []
    for line in (" | ".join(map(_cut, values)) for values in [names, *told]):
        room -= len(line)
        if room < 0:
            break
        kept.append(line)
    return kept


def _cut(value: Any) -> str:
    text = "" if value is None else safe_str(value).replace("\n", "\\n")
    return text if len(text) <= sizes.VALUE else f"{text[: sizes.VALUE]}..."
