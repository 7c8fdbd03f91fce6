"""What a model is told of a file: its size, its columns if it is a table, and its beginning. Pure:
bytes in, text out."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from .sizes import FILE_COLUMNS, FILE_ROWS, FILE_TEXT

_SEPARATORS = ",;\t|"
_TABLES = (".csv", ".tsv")


def describe_file(path: str, size: int, beginning: bytes) -> str:
    """Return what a model is told of the file of ``size`` bytes that begins so."""
    is_whole = len(beginning) >= size
    told = [f"File {path!r}, {size:,} bytes"]
    text, encoding = decode(beginning, is_whole=is_whole)
    if text is None:
        return f"{told[0]}. It is not text."
    if encoding != "utf-8":
        told[0] += f", not UTF-8 (read here as {encoding})"
    head = text if is_whole else text[: text.rfind("\n") + 1] or text
    if path.lower().endswith(_TABLES) and (columns := _columns(head)):
        told.append(f"Columns: {'; '.join(columns)}")
    if len(head) > FILE_TEXT or not is_whole:
        told.append("Its beginning:")
        head = head[:FILE_TEXT]
    return "\n".join([*told, head.rstrip("\n")])


def decode(data: bytes, *, is_whole: bool) -> tuple[str | None, str]:
    """Return the text of the bytes and its encoding; None for what is not text. A character that is
    cut at the end of a beginning is left out."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace"), "utf-16"
    if b"\0" in data:
        return None, ""
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError as error:
        if not is_whole and error.start >= len(data) - 3:
            return data[: error.start].decode("utf-8-sig"), "utf-8"
    return data.decode("cp1252", "replace"), "windows-1252"


def _columns(text: str) -> list[str]:
    """Return the columns of a table with the type that the values of its first rows have."""
    first = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    try:
        lines = csv.reader(io.StringIO(text), delimiter=separator)
        rows = [row for row, _ in zip(lines, range(FILE_ROWS + 1), strict=False)]
    except csv.Error:
        return []
    if not rows:
        return []
    head, *body = rows
    columns = [f"{name} ({_type_of(_column(body, n))})" for n, name in enumerate(head)]
    more = len(columns) - FILE_COLUMNS
    return [*columns[:FILE_COLUMNS], f"{more} more"] if more > 0 else columns


def _column(rows: Sequence[Sequence[str]], place: int) -> list[str]:
    return [row[place] for row in rows if place < len(row) and row[place] != ""]


def _type_of(values: Sequence[str]) -> str:
    if not values:
        return "empty"
    for name, read in (("integer", int), ("number", float)):
        if all(_can(read, value) for value in values):
            return name
    return "text"


def _can(read: type[int] | type[float], value: str) -> bool:
    try:
        read(value)
    except ValueError:
        return False
    return True
