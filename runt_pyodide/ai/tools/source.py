"""Mends the source that a model gives a cell where it can only be a slip."""

from __future__ import annotations

import ast
import re

_FENCE = re.compile(
    r"\s*(?P<fence>`{3,}|~{3,})[ \t]*[\w+.-]*[ \t]*\n(?P<source>.*)\n(?P=fence)\s*", re.DOTALL
)

_BEGINS_FENCE = re.compile(r"\s*(?:`{3,}|~{3,})[ \t]*[\w+.-]*[ \t]*\n")
# In one line: texts in quotes, which stay as they are, and what else should be a line's end.
_QUOTED = re.compile(r"""(?P<quoted>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|\\(?P<escape>[nt])""")
_MEANT = {"n": "\n", "t": "\t"}


def mend_source(cell_type: str, source: str) -> tuple[str, str]:
    """Return the source as it was meant, and what the model is told of the change, or "".

    Code between the lines of a Markdown fence is the code alone. Python in one line that is none,
    but is some if each "\\\\n" of two characters ends a line, is those lines. What is no less
    certainly a slip, but cannot be mended, the model is told of.
    """
    if cell_type not in ("code", "sql"):
        return source, ""
    told = []
    if (fenced := _FENCE.fullmatch(source)) and fenced["fence"] not in fenced["source"]:
        source = fenced["source"]
        told.append("The fence around the text was left out.")
    elif _BEGINS_FENCE.match(source):
        told.append("The text has lines of a Markdown fence, which are no code: take them out.")
    if cell_type == "code" and "\n" not in source.strip() and "\\n" in source:
        source, note = _end_lines(source)
        told += filter(None, [note])
    return source, " ".join(told)


def _end_lines(source: str) -> tuple[str, str]:
    if _is_python(source):
        return source, ""
    outside = _QUOTED.sub(lambda one: one["quoted"] or _MEANT[one["escape"]], source)
    for lines in (source.replace("\\n", "\n"), outside):
        if _is_python(lines):
            return lines, '"\\n" of two characters was read as the end of a line.'
    if outside == source:
        return source, ""
    return source, '"\\n" of two characters stands in the text, outside of quotes: write lines.'


def _is_python(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
