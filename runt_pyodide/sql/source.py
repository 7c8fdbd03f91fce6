"""The source of an SQL cell: its statements, and the variable that its result is assigned to."""

from __future__ import annotations

import keyword
import re
import sqlite3
from collections.abc import Iterator

from ..errors import CellError

# `-- name: result`, among the comments at the start of the cell.
_NAME = re.compile(r"\s*--\s*name\s*:\s*(.*?)\s*$", re.IGNORECASE)
# What may stand after `%%sql`: `-> name` or `name <<`; options and addresses of other extensions.
_TARGET = re.compile(r"(?:->\s*(\S+)|(\S+)\s*<<)\s*(.*)$", re.DOTALL)
_OTHER = re.compile(r"--?[a-z]|\w+(?:\+\w+)?://|@\w", re.IGNORECASE)
_COMMENTS = re.compile(r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?(?:\*/|$))*", re.DOTALL)


def read_name(source: str) -> str | None:
    """Return the variable that the cell names in a comment, or None if it names none. Raise
    CellError if the name cannot be that of a variable."""
    for line in source.split("\n"):
        if named := _NAME.match(line):
            return check_name(named[1])
        if line.strip() and not line.lstrip().startswith("--"):
            return None
    return None


def read_magic_line(line: str) -> tuple[str | None, str]:
    """Return the variable that the line of ``%%sql`` names (``-> name`` or ``name <<``), and the
    SQL that stands on the line. Raise CellError for what belongs to other databases."""
    if _OTHER.match(line):
        raise CellError(
            f"%%sql: {line.split()[0]!r} is not for this notebook.",
            advice="SQL cells use the notebook's own SQLite database, without options. Write "
            "%%sql, or %%sql -> name for a variable that gets the result.",
        )
    named = _TARGET.match(line)
    if named is None:
        return None, line
    return check_name(named[1] or named[2]), named[3]


def check_name(name: str) -> str:
    """Return the name. Raise CellError if it cannot be the name of a variable."""
    if not name.isidentifier() or keyword.iskeyword(name):
        raise CellError(
            f"{name!r} cannot be the name of a variable.",
            advice="Use only letters, digits and _ in the name, as in `-- name: sales`.",
        )
    return name


def split_statements(source: str) -> Iterator[str]:
    """Yield the statements, without the comments before them and without empty ones."""
    start = end = 0
    while (end := source.find(";", end) + 1) > 0:
        if sqlite3.complete_statement(source[start:end]):
            yield from _bare(source[start:end])
            start = end
    yield from _bare(source[start:])


def _bare(statement: str) -> Iterator[str]:
    blank = _COMMENTS.match(statement)
    text = statement[blank.end() if blank else 0 :].strip()
    if text.strip("; \n\t"):
        yield text
