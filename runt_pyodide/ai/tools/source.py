"""Mends the source that a model gives a cell where it can only be a slip."""

from __future__ import annotations

import ast
import re

_FENCE = re.compile(
    r"\s*(?P<fence>`{3,}|~{3,})[ \t]*[\w+.-]*[ \t]*\n(?P<source>.*)\n(?P=fence)\s*", re.DOTALL
)


def mend_source(cell_type: str, source: str) -> tuple[str, str]:
    """Return the source as it was meant, and what the model is told of the change, or "".

    Code between the lines of a Markdown fence is the code alone. Python in one line that is none,
    but is some if each "\\\\n" of two characters ends a line, is those lines.
    """
    if cell_type not in ("code", "sql"):
        return source, ""
    told = []
    if (fenced := _FENCE.fullmatch(source)) and fenced["fence"] not in fenced["source"]:
        source = fenced["source"]
        told.append("The fence around the text was left out.")
    if cell_type == "code" and "\n" not in source.strip() and "\\n" in source:
        lines = source.replace("\\n", "\n")
        if not _is_python(source) and _is_python(lines):
            source = lines
            told.append('"\\n" of two characters was read as the end of a line.')
    return source, " ".join(told)


def _is_python(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
